/* SPDX-License-Identifier: Apache-2.0 */
#include "store/marker.h"

#include "store/stmt.h"

enum err store_marker_load(struct ctx *c, int64_t account_id, struct marker out[MARKERS])
{
    DB_STMT st = NULL;
    for (int i = 0; i < MARKERS; i++)
        out[i] = (struct marker){ 0 };
    TRY(stmt_of(c,
                STR("SELECT timeline, last_read_id, version, updated_ms FROM marker"
                    " WHERE bucket = $1 AND account_id = $2"),
                account_id, &st));
    while (NEXT_ROW(c, st)) {
        int64_t which = db_col_i64(st, 0);
        if (which < 0 || which >= MARKERS)
            continue;
        out[which] = (struct marker){
            .last_read_id = db_col_i64(st, 1),
            .version = db_col_i64(st, 2),
            .updated_ms = db_col_i64(st, 3),
        };
    }
    return OK;
}

enum err store_marker_set(struct ctx *c, int64_t account_id, enum marker_timeline which, int64_t last_read_id)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c,
                STR("INSERT INTO marker (bucket, account_id, timeline, last_read_id, version, updated_ms)"
                    " VALUES ($1, $2, $3, $4, 1, $5)"
                    " ON CONFLICT @ON(bucket, account_id, timeline)"
                    " DO UPDATE SET last_read_id = excluded.last_read_id, version = marker.version + 1,"
                    " updated_ms = excluded.updated_ms"),
                account_id, &st));
    db_bind_i64(st, 3, (int64_t)which);
    db_bind_i64(st, 4, last_read_id);
    db_bind_i64(st, 5, c->now_ms);
    return db_run(c, st, NULL);
}

enum err store_marker_clear(struct ctx *c, int64_t account_id)
{
    return stmt_run_of(c, STR("DELETE FROM marker WHERE bucket = $1 AND account_id = $2"), account_id);
}
