/* SPDX-License-Identifier: Apache-2.0 */
#include "store/thread.h"

#include "store/stmt.h"

enum err store_thread_insert(struct ctx *c, int64_t thread_id, int64_t status_id, int64_t parent_id)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, STR("INSERT INTO thread_status (bucket, thread_id, status_id, parent_id) VALUES ($1, $2, $3, $4)"),
                thread_id, &st));
    db_bind_i64(st, 3, status_id);
    db_bind_i64(st, 4, parent_id);
    return db_run(c, st, NULL);
}

enum err store_thread_delete(struct ctx *c, int64_t thread_id, int64_t status_id)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, STR("DELETE FROM thread_status WHERE bucket = $1 AND thread_id = $2 AND status_id = $3"), thread_id,
                &st));
    db_bind_i64(st, 3, status_id);
    return db_run(c, st, NULL);
}

enum err store_thread_above(struct ctx *c, int64_t thread_id, int64_t status_id, int64_t max, int64_t *out, int64_t *n)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c,
                STR("WITH RECURSIVE up(id, depth) AS ("
                    "SELECT parent_id, 1 FROM thread_status WHERE bucket = $1 AND thread_id = $2 AND status_id = $3"
                    " UNION ALL SELECT t.parent_id, up.depth + 1 FROM up JOIN thread_status t"
                    " ON t.bucket = $1 AND t.thread_id = $2 AND t.status_id = up.id WHERE up.depth < $4)"
                    " SELECT id FROM up ORDER BY depth"),
                thread_id, &st));
    db_bind_i64(st, 3, status_id);
    db_bind_i64(st, 4, max);
    return stmt_ids(c, st, max, out, n);
}

enum err store_thread_after(struct ctx *c, int64_t thread_id, int64_t status_id, int64_t max, struct thread_row *out,
                            int64_t *n)
{
    DB_STMT st = NULL;
    *n = 0;
    TRY(stmt_of(c,
                STR("SELECT status_id, parent_id FROM thread_status"
                    " WHERE bucket = $1 AND thread_id = $2 AND status_id > $3 ORDER BY status_id LIMIT $4"),
                thread_id, &st));
    db_bind_i64(st, 3, status_id);
    db_bind_i64(st, 4, max);
    while (*n < max && NEXT_ROW(c, st))
        out[(*n)++] = (struct thread_row){ .status_id = db_col_i64(st, 0), .parent_id = db_col_i64(st, 1) };
    return OK;
}
