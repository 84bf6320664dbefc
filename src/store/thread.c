/* SPDX-License-Identifier: Apache-2.0 */
#include "store/thread.h"

#include "base/id.h"
#include "db/db.h"

enum err store_thread_insert(struct ctx *c, int64_t thread_id, int64_t status_id, int64_t parent_id)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c, STR("INSERT INTO thread_status (bucket, thread_id, status_id, parent_id) VALUES ($1, $2, $3, $4)"),
                &st));
    db_bind_i64(st, 1, id_bucket(thread_id));
    db_bind_i64(st, 2, thread_id);
    db_bind_i64(st, 3, status_id);
    db_bind_i64(st, 4, parent_id);
    return db_run(c, st, NULL);
}

enum err store_thread_delete(struct ctx *c, int64_t thread_id, int64_t status_id)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c, STR("DELETE FROM thread_status WHERE bucket = $1 AND thread_id = $2 AND status_id = $3"), &st));
    db_bind_i64(st, 1, id_bucket(thread_id));
    db_bind_i64(st, 2, thread_id);
    db_bind_i64(st, 3, status_id);
    return db_run(c, st, NULL);
}

enum err store_thread_above(struct ctx *c, int64_t thread_id, int64_t status_id, int64_t max, int64_t *out, int64_t *n)
{
    DB_STMT st = NULL;
    *n = 0;
    TRY(db_stmt(c,
                STR("WITH RECURSIVE up(id, depth) AS ("
                    "SELECT parent_id, 1 FROM thread_status WHERE bucket = $1 AND thread_id = $2 AND status_id = $3"
                    " UNION ALL SELECT t.parent_id, up.depth + 1 FROM up JOIN thread_status t"
                    " ON t.bucket = $1 AND t.thread_id = $2 AND t.status_id = up.id WHERE up.depth < $4)"
                    " SELECT id FROM up ORDER BY depth"),
                &st));
    db_bind_i64(st, 1, id_bucket(thread_id));
    db_bind_i64(st, 2, thread_id);
    db_bind_i64(st, 3, status_id);
    db_bind_i64(st, 4, max);
    for (bool row = true; *n < max;) {
        TRY(db_step(c, st, &row));
        if (!row)
            break;
        out[(*n)++] = db_col_i64(st, 0);
    }
    return OK;
}

enum err store_thread_after(struct ctx *c, int64_t thread_id, int64_t status_id, int64_t max, struct thread_row *out,
                            int64_t *n)
{
    DB_STMT st = NULL;
    *n = 0;
    TRY(db_stmt(c,
                STR("SELECT status_id, parent_id FROM thread_status"
                    " WHERE bucket = $1 AND thread_id = $2 AND status_id > $3 ORDER BY status_id LIMIT $4"),
                &st));
    db_bind_i64(st, 1, id_bucket(thread_id));
    db_bind_i64(st, 2, thread_id);
    db_bind_i64(st, 3, status_id);
    db_bind_i64(st, 4, max);
    for (bool row = true; *n < max;) {
        TRY(db_step(c, st, &row));
        if (!row)
            break;
        out[(*n)++] = (struct thread_row){ .status_id = db_col_i64(st, 0), .parent_id = db_col_i64(st, 1) };
    }
    return OK;
}
