/* SPDX-License-Identifier: Apache-2.0 */
#include "store/notification.h"

#include "base/id.h"
#include "store/edge.h"
#include "store/job.h"
#include "store/news.h"
#include "store/page.h"
#include "store/push.h"
#include "store/stmt.h"

enum err store_notification_insert(struct ctx *c, struct notification *n)
{
    int64_t bucket = id_bucket(n->account_id);
    for (int64_t written = 0; written == 0;) {
        DB_STMT st = NULL;
        n->id = id_new(c, bucket);
        TRY(db_stmt(
            c,
            STR("INSERT INTO notification (bucket, id, account_id, type, from_id, status_id, report_id, created_ms,"
                " filtered) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING"),
            &st));
        db_bind_i64(st, 1, bucket);
        db_bind_i64(st, 2, n->id);
        db_bind_i64(st, 3, n->account_id);
        db_bind_i64(st, 4, (int64_t)n->type);
        db_bind_i64(st, 5, n->from_id);
        db_bind_i64(st, 6, n->status_id);
        db_bind_i64(st, 7, n->report_id);
        db_bind_i64(st, 8, n->created_ms);
        db_bind_i64(st, 9, n->filtered);
        TRY(db_run(c, st, &written));
    }
    if (n->filtered)
        return OK;
    news_after(c, NEWS_NOTIFICATION, n->account_id, n->id);
    bool has = false;
    TRY(store_push_has(c, n->account_id, &has));
    return has ? store_job_add(c, JOB_PUSH, n->id, STR(""), c->now_ms) : OK;
}

enum err store_notification_retract(struct ctx *c, int64_t account_id, enum notification_type type, int64_t from_id,
                                    int64_t status_id)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c,
                STR("DELETE FROM notification"
                    " WHERE bucket = $1 AND account_id = $2 AND from_id = $3 AND type = $4 AND status_id = $5"),
                account_id, &st));
    db_bind_i64(st, 3, from_id);
    db_bind_i64(st, 4, (int64_t)type);
    db_bind_i64(st, 5, status_id);
    return db_run(c, st, NULL);
}

enum err store_notification_retract_many(struct ctx *c, const int64_t *ids, int64_t n, enum notification_type type,
                                         int64_t from_id, int64_t status_id)
{
    DB_STMT st = NULL;
    if (n == 0)
        return OK;
    TRY(db_stmt(
        c,
        STR("DELETE FROM notification WHERE bucket @IN($1) AND account_id @IN($2) AND from_id = $3 AND type = $4"
            " AND status_id = $5"),
        &st));
    db_bind_ids(st, 1, edge_buckets(c, ids, n), (size_t)n);
    db_bind_ids(st, 2, ids, (size_t)n);
    db_bind_i64(st, 3, from_id);
    db_bind_i64(st, 4, (int64_t)type);
    db_bind_i64(st, 5, status_id);
    return db_run(c, st, NULL);
}

static enum err delete_status(struct ctx *c, int64_t status_id, const int64_t *buckets, int64_t n)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c, STR("DELETE FROM notification WHERE bucket @IN($1) AND status_id = $2"), &st));
    db_bind_ids(st, 1, buckets, (size_t)n);
    db_bind_i64(st, 2, status_id);
    return db_run(c, st, NULL);
}

enum err store_notification_delete_status(struct ctx *c, int64_t status_id, const int64_t *ids, int64_t n)
{
    return n == 0 ? OK : delete_status(c, status_id, edge_buckets(c, ids, n), n);
}

/* all shards: a job, once for a deleted parley */
enum err store_notification_sweep_status(struct ctx *c, int64_t status_id)
{
    return delete_status(c, status_id, edge_all_buckets(c), ID_BUCKETS);
}

#define NOTIFICATION_COLUMNS "id, account_id, type, from_id, status_id, report_id, created_ms, filtered"

static struct notification read_notification(struct stmt *st)
{
    return (struct notification){
        .id = db_col_i64(st, 0),
        .account_id = db_col_i64(st, 1),
        .type = (enum notification_type)db_col_i64(st, 2),
        .from_id = db_col_i64(st, 3),
        .status_id = db_col_i64(st, 4),
        .report_id = db_col_i64(st, 5),
        .created_ms = db_col_i64(st, 6),
        .filtered = db_col_i64(st, 7) != 0,
    };
}

#define LIST                                                                                  \
    "SELECT " NOTIFICATION_COLUMNS " FROM notification WHERE bucket = $1 AND account_id = $2" \
    " AND id < $3 AND id > $4 AND type @IN($6) AND filtered <= $7"

static struct str list_sql(const struct notification_filter *f, const struct page *p)
{
    if (f->from_id != 0)
        return PAGE_SQL(p, LIST " AND from_id = $8", "id", "$5");
    if (f->of_status)
        return PAGE_SQL(p, LIST " AND status_id = $8", "id", "$5");
    return PAGE_SQL(p, LIST, "id", "$5");
}

static size_t types_of(const struct notification_filter *f, int64_t out[NOTE_TYPES_MAX])
{
    size_t n = 0;
    for (int64_t type = 1; type < NOTE_TYPES_MAX; type++)
        if ((f->types >> type & 1) != 0)
            out[n++] = type;
    return n;
}

enum err store_notification_list(struct ctx *c, const struct notification_filter *f, const struct page *p,
                                 struct notification **out, int64_t *n)
{
    DB_STMT st = NULL;
    int64_t limit = page_limit(p);
    int64_t types[NOTE_TYPES_MAX];
    size_t types_n = types_of(f, types);
    *out = ARENA_ARRAY(c->arena, (size_t)limit, struct notification);
    *n = 0;
    if (types_n == 0)
        return OK;
    TRY(stmt_of(c, list_sql(f, p), f->account_id, &st));
    page_bind(st, 3, p);
    db_bind_ids(st, 6, types, types_n);
    db_bind_i64(st, 7, f->filtered_too);
    if (f->from_id != 0 || f->of_status)
        db_bind_i64(st, 8, f->from_id != 0 ? f->from_id : f->status_id);
    while (*n < limit && NEXT_ROW(c, st))
        (*out)[(*n)++] = read_notification(st);
    page_turn(*out, *n, sizeof **out, p);
    return OK;
}

enum err store_notification_find(struct ctx *c, int64_t id, struct notification **out)
{
    DB_STMT st = NULL;
    *out = NULL;
    TRY(stmt_of(c, STR("SELECT " NOTIFICATION_COLUMNS " FROM notification WHERE bucket = $1 AND id = $2"), id, &st));
    if (!NEXT_ROW(c, st))
        return OK;
    *out = ARENA_NEW(c->arena, struct notification);
    **out = read_notification(st);
    return OK;
}

enum err store_notification_delete(struct ctx *c, int64_t account_id, int64_t id)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, STR("DELETE FROM notification WHERE bucket = $1 AND account_id = $2 AND id = $3"), account_id, &st));
    db_bind_i64(st, 3, id);
    return db_run(c, st, NULL);
}

enum err store_notification_clear(struct ctx *c, int64_t account_id)
{
    return stmt_run_of(c, STR("DELETE FROM notification WHERE bucket = $1 AND account_id = $2"), account_id);
}

enum err store_notification_delete_from(struct ctx *c, int64_t account_id, int64_t from_id)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, STR("DELETE FROM notification WHERE bucket = $1 AND account_id = $2 AND from_id = $3"), account_id,
                &st));
    db_bind_i64(st, 3, from_id);
    return db_run(c, st, NULL);
}

static enum err from_many(struct ctx *c, struct str sql, int64_t account_id, const int64_t *from, int64_t n)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, sql, account_id, &st));
    db_bind_ids(st, 3, from, (size_t)n);
    return db_run(c, st, NULL);
}

enum err store_notification_release(struct ctx *c, int64_t account_id, const int64_t *from, int64_t n)
{
    return from_many(c,
                     STR("UPDATE notification SET filtered = 0"
                         " WHERE bucket = $1 AND account_id = $2 AND from_id @IN($3) AND filtered = 1"),
                     account_id, from, n);
}

enum err store_notification_refuse(struct ctx *c, int64_t account_id, const int64_t *from, int64_t n)
{
    return from_many(c,
                     STR("DELETE FROM notification"
                         " WHERE bucket = $1 AND account_id = $2 AND from_id @IN($3) AND filtered = 1"),
                     account_id, from, n);
}

enum err store_notification_waiting(struct ctx *c, int64_t account_id, int64_t from_id, int64_t limit, int64_t *people,
                                    int64_t *notes)
{
    DB_STMT st = NULL;
    int64_t before = 0;
    *people = *notes = 0;
    TRY(stmt_of(c,
                STR("SELECT from_id FROM notification WHERE bucket = $1 AND account_id = $2 AND filtered = 1"
                    " AND from_id >= $3 AND from_id <= $4 ORDER BY from_id LIMIT $5"),
                account_id, &st));
    db_bind_i64(st, 3, from_id);
    db_bind_i64(st, 4, from_id == 0 ? INT64_MAX : from_id);
    db_bind_i64(st, 5, limit);
    for (; *notes < limit && NEXT_ROW(c, st); before = db_col_i64(st, 0)) {
        *notes += 1;
        *people += db_col_i64(st, 0) != before;
    }
    return OK;
}

enum err store_notification_requests(struct ctx *c, int64_t account_id, const struct page *p,
                                     struct notification_request **out, int64_t *n)
{
    DB_STMT st = NULL;
    int64_t limit = page_limit(p);
    *out = ARENA_ARRAY(c->arena, (size_t)limit, struct notification_request);
    *n = 0;
    TRY(stmt_of(c,
                PAGE_SQL(p,
                         "SELECT from_id, COUNT(*), MIN(created_ms), MAX(created_ms), MAX(status_id) FROM notification"
                         " WHERE bucket = $1 AND account_id = $2 AND filtered = 1 AND from_id < $3 AND from_id > $4"
                         " GROUP BY from_id",
                         "from_id", "$5"),
                account_id, &st));
    page_bind(st, 3, p);
    while (*n < limit && NEXT_ROW(c, st))
        (*out)[(*n)++] = (struct notification_request){
            .from_id = db_col_i64(st, 0),
            .n = db_col_i64(st, 1),
            .created_ms = db_col_i64(st, 2),
            .updated_ms = db_col_i64(st, 3),
            .status_id = db_col_i64(st, 4),
        };
    page_turn(*out, *n, sizeof **out, p);
    return OK;
}

enum err store_notification_tally(struct ctx *c, const struct notification_filter *f, const int64_t *statuses,
                                  int64_t statuses_n, int64_t least_id, struct notification_tally *out, int64_t room,
                                  int64_t *n)
{
    DB_STMT st = NULL;
    int64_t types[NOTE_TYPES_MAX];
    *n = 0;
    TRY(stmt_of(c,
                STR("SELECT type, status_id, (id >> 21) / $6 AS span, COUNT(*), MAX(id) FROM notification"
                    " WHERE bucket = $1 AND account_id = $2 AND status_id @IN($3) AND type @IN($4) AND id >= $5"
                    " AND filtered <= $7 GROUP BY type, status_id, span ORDER BY 5 DESC LIMIT $8"),
                f->account_id, &st));
    db_bind_ids(st, 3, statuses, (size_t)statuses_n);
    db_bind_ids(st, 4, types, types_of(f, types));
    db_bind_i64(st, 5, least_id);
    db_bind_i64(st, 6, NOTE_SPAN_MS);
    db_bind_i64(st, 7, f->filtered_too);
    db_bind_i64(st, 8, room);
    while (*n < room && NEXT_ROW(c, st))
        out[(*n)++] = (struct notification_tally){
            .type = (enum notification_type)db_col_i64(st, 0),
            .status_id = db_col_i64(st, 1),
            .span = db_col_i64(st, 2),
            .n = db_col_i64(st, 3),
            .newest_id = db_col_i64(st, 4),
        };
    return OK;
}

enum err store_notification_delete_span(struct ctx *c, const struct notification_filter *f, int64_t above,
                                        int64_t below)
{
    DB_STMT st = NULL;
    int64_t types[NOTE_TYPES_MAX];
    TRY(stmt_of(c,
                STR("DELETE FROM notification WHERE bucket = $1 AND account_id = $2 AND status_id = $3 AND type @IN($4)"
                    " AND id > $5 AND id < $6"),
                f->account_id, &st));
    db_bind_i64(st, 3, f->status_id);
    db_bind_ids(st, 4, types, types_of(f, types));
    db_bind_i64(st, 5, above);
    db_bind_i64(st, 6, below);
    return db_run(c, st, NULL);
}
