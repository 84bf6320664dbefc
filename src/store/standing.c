/* SPDX-License-Identifier: Apache-2.0 */
#include "store/standing.h"

#include "base/id.h"
#include "store/stmt.h"

enum err store_standing_log(struct ctx *c, int64_t subject_id, bool is_status, const struct standing *s)
{
    for (int64_t written = 0; written == 0;) {
        DB_STMT st = NULL;
        TRY(db_stmt(
            c,
            STR("INSERT INTO standing_log (bucket, id, subject_id, is_status, standing, reason, by_id, created_ms,"
                " until_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING"),
            &st));
        db_bind_i64(st, 1, id_bucket(subject_id));
        db_bind_i64(st, 2, id_new(c, id_bucket(subject_id)));
        db_bind_i64(st, 3, subject_id);
        db_bind_i64(st, 4, is_status);
        db_bind_i64(st, 5, (int64_t)s->kind);
        db_bind_str(st, 6, s->reason);
        db_bind_i64(st, 7, s->by);
        db_bind_i64(st, 8, c->now_ms);
        db_bind_i64(st, 9, s->until_ms);
        TRY(db_run(c, st, &written));
    }
    return OK;
}

enum err store_standing_history(struct ctx *c, int64_t subject_id, int64_t limit, struct standing **out, int64_t *n)
{
    DB_STMT st = NULL;
    *out = ARENA_ARRAY(c->arena, (size_t)limit, struct standing);
    *n = 0;
    TRY(stmt_of(c,
                STR("SELECT standing, reason, by_id, created_ms, until_ms FROM standing_log"
                    " WHERE bucket = $1 AND subject_id = $2 ORDER BY id DESC LIMIT $3"),
                subject_id, &st));
    db_bind_i64(st, 3, limit);
    while (*n < limit && NEXT_ROW(c, st))
        (*out)[(*n)++] = (struct standing){
            .kind = (enum standing_kind)db_col_i64(st, 0),
            .reason = db_col_str(st, c->arena, 1),
            .by = db_col_i64(st, 2),
            .since_ms = db_col_i64(st, 3),
            .until_ms = db_col_i64(st, 4),
        };
    return OK;
}
