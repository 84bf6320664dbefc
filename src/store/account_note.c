/* SPDX-License-Identifier: Apache-2.0 */
#include "store/account_note.h"

#include "store/edge.h"
#include "store/stmt.h"

enum err store_account_note_set(struct ctx *c, int64_t account_id, int64_t target_id, struct str note)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c,
                STR("INSERT INTO account_note (bucket, account_id, target_id, note) VALUES ($1, $2, $3, $4)"
                    " ON CONFLICT @ON(bucket, account_id, target_id) DO UPDATE SET note = excluded.note"),
                account_id, &st));
    db_bind_i64(st, 3, target_id);
    db_bind_str(st, 4, note);
    return db_run(c, st, NULL);
}

enum err store_account_note_delete(struct ctx *c, int64_t account_id, int64_t target_id)
{
    return edge_delete(c, STR("DELETE FROM account_note WHERE bucket = $1 AND account_id = $2 AND target_id = $3"),
                       account_id, target_id, NULL);
}

enum err store_account_note_clear(struct ctx *c, int64_t account_id)
{
    return stmt_run_of(c, STR("DELETE FROM account_note WHERE bucket = $1 AND account_id = $2"), account_id);
}
