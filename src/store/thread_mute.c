/* SPDX-License-Identifier: Apache-2.0 */
#include "store/thread_mute.h"

#include "store/edge.h"
#include "store/stmt.h"

enum err store_thread_mute_insert(struct ctx *c, int64_t account_id, int64_t thread_id)
{
    DB_STMT st = NULL;
    TRY(stmt_of(
        c, STR("INSERT INTO thread_mute (bucket, account_id, thread_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"),
        account_id, &st));
    db_bind_i64(st, 3, thread_id);
    return db_run(c, st, NULL);
}

enum err store_thread_mute_delete(struct ctx *c, int64_t account_id, int64_t thread_id)
{
    return edge_delete(c, STR("DELETE FROM thread_mute WHERE bucket = $1 AND account_id = $2 AND thread_id = $3"),
                       account_id, thread_id, NULL);
}

enum err store_thread_mute_clear(struct ctx *c, int64_t account_id)
{
    return stmt_run_of(c, STR("DELETE FROM thread_mute WHERE bucket = $1 AND account_id = $2"), account_id);
}
