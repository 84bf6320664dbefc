/* SPDX-License-Identifier: Apache-2.0 */
#include "store/report.h"

#include "base/id.h"
#include "store/edge.h"
#include "store/page.h"
#include "store/stmt.h"

#define REPORT_COLUMNS                                                                                               \
    "id, account_id, target_id, status_ids, rule_ids, category, comment, forward, created_ms, closed_ms, closed_by," \
    " outcome"

static struct report *read_report(struct ctx *c, struct stmt *st)
{
    struct report *r = ARENA_NEW(c->arena, struct report);
    *r = (struct report){
        .id = db_col_i64(st, 0),
        .account_id = db_col_i64(st, 1),
        .target_id = db_col_i64(st, 2),
        .status_ids = db_col_str(st, c->arena, 3),
        .rule_ids = db_col_str(st, c->arena, 4),
        .category = (enum report_category)db_col_i64(st, 5),
        .comment = db_col_str(st, c->arena, 6),
        .forward = db_col_i64(st, 7) != 0,
        .created_ms = db_col_i64(st, 8),
        .closed_ms = db_col_i64(st, 9),
        .closed_by = db_col_i64(st, 10),
        .outcome = db_col_str(st, c->arena, 11),
    };
    return r;
}

enum err store_report_insert(struct ctx *c, struct report *r)
{
    int64_t bucket = id_bucket(r->account_id);
    for (int64_t written = 0; written == 0;) {
        DB_STMT st = NULL;
        r->id = id_new(c, bucket);
        TRY(db_stmt(c,
                    STR("INSERT INTO report (bucket, id, account_id, target_id, status_ids, rule_ids, category,"
                        " comment, forward, created_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
                        " ON CONFLICT DO NOTHING"),
                    &st));
        db_bind_i64(st, 1, bucket);
        db_bind_i64(st, 2, r->id);
        db_bind_i64(st, 3, r->account_id);
        db_bind_i64(st, 4, r->target_id);
        db_bind_str(st, 5, r->status_ids);
        db_bind_str(st, 6, r->rule_ids);
        db_bind_i64(st, 7, (int64_t)r->category);
        db_bind_str(st, 8, r->comment.p == NULL ? STR("") : r->comment);
        db_bind_i64(st, 9, r->forward);
        db_bind_i64(st, 10, r->created_ms);
        TRY(db_run(c, st, &written));
    }
    return OK;
}

enum err store_report_load(struct ctx *c, const int64_t *ids, int64_t n, struct report **out)
{
    DB_STMT st = NULL;
    for (int64_t i = 0; i < n; i++)
        out[i] = NULL;
    if (n == 0)
        return OK;
    TRY(db_stmt(c, STR("SELECT " REPORT_COLUMNS " FROM report WHERE bucket @IN($1) AND id @IN($2)"), &st));
    db_bind_ids(st, 1, edge_buckets(c, ids, n), (size_t)n);
    db_bind_ids(st, 2, ids, (size_t)n);
    while (NEXT_ROW(c, st)) {
        struct report *r = read_report(c, st);
        for (int64_t i = 0; i < n; i++)
            if (ids[i] == r->id)
                out[i] = r;
    }
    return OK;
}

enum err store_report_get(struct ctx *c, int64_t id, struct report **out)
{
    TRY(store_report_load(c, &id, 1, out));
    return *out != NULL ? OK : fail(c, ERR_NOT_FOUND, "Record not found");
}

/* all shards: moderators, a page at a time */
enum err store_report_list(struct ctx *c, bool closed, const struct page *p, struct report ***out, int64_t *n)
{
    DB_STMT st = NULL;
    int64_t limit = page_limit(p);
    *out = ARENA_ARRAY(c->arena, (size_t)limit, struct report *);
    *n = 0;
    if (closed)
        TRY(db_stmt(c,
                    PAGE_SQL(p, "SELECT " REPORT_COLUMNS " FROM report WHERE closed_ms > 0 AND id < $1 AND id > $2",
                             "id", "$3"),
                    &st));
    else
        TRY(db_stmt(c,
                    PAGE_SQL(p, "SELECT " REPORT_COLUMNS " FROM report WHERE closed_ms = 0 AND id < $1 AND id > $2",
                             "id", "$3"),
                    &st));
    page_bind(st, 1, p);
    while (*n < limit && NEXT_ROW(c, st))
        (*out)[(*n)++] = read_report(c, st);
    page_turn(*out, *n, sizeof **out, p);
    return OK;
}

enum err store_report_close(struct ctx *c, int64_t id, int64_t by, struct str outcome, bool *done)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c,
                STR("UPDATE report SET closed_ms = $3, closed_by = $4, outcome = $5"
                    " WHERE bucket = $1 AND id = $2 AND closed_ms = 0"),
                id, &st));
    db_bind_i64(st, 3, c->now_ms);
    db_bind_i64(st, 4, by);
    db_bind_str(st, 5, outcome);
    return stmt_wrote(c, st, done);
}
