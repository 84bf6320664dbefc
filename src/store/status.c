/* SPDX-License-Identifier: Apache-2.0 */
#include "store/status.h"

#include <assert.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/id.h"
#include "store/edge.h"
#include "store/page.h"
#include "store/standing.h"
#include "store/stmt.h"

#define STATUS_COLUMNS                                                                                               \
    "id, account_id, text, spoiler, sensitive, language, visibility, in_reply_to_id, in_reply_to_account_id,"        \
    " thread_id, reblog_of_id, reblog_of_account_id, app_id, mentions, tags, created_ms, edited_ms, standing,"       \
    " standing_reason, standing_by, standing_ms, standing_until_ms, replies_count, reblogs_count, favourites_count," \
    " uri, media, parts, quote_policy, reply_policy, quotes_count, imported"

static void read_status(struct stmt *st, struct arena *a, struct status *s)
{
    *s = (struct status){
        .id = db_col_i64(st, 0),
        .account_id = db_col_i64(st, 1),
        .text = db_col_str(st, a, 2),
        .spoiler = db_col_str(st, a, 3),
        .sensitive = db_col_i64(st, 4) != 0,
        .language = db_col_str(st, a, 5),
        .visibility = (enum visibility)db_col_i64(st, 6),
        .in_reply_to_id = db_col_i64(st, 7),
        .in_reply_to_account_id = db_col_i64(st, 8),
        .thread_id = db_col_i64(st, 9),
        .reblog_of_id = db_col_i64(st, 10),
        .reblog_of_account_id = db_col_i64(st, 11),
        .app_id = db_col_i64(st, 12),
        .mentions = db_col_str(st, a, 13),
        .tags = db_col_str(st, a, 14),
        .created_ms = db_col_i64(st, 15),
        .edited_ms = db_col_i64(st, 16),
        .standing = { .kind = (enum standing_kind)db_col_i64(st, 17),
                      .reason = db_col_str(st, a, 18),
                      .by = db_col_i64(st, 19),
                      .since_ms = db_col_i64(st, 20),
                      .until_ms = db_col_i64(st, 21) },
        .replies_count = db_col_i64(st, 22),
        .reblogs_count = db_col_i64(st, 23),
        .favourites_count = db_col_i64(st, 24),
        .uri = db_col_str(st, a, 25),
        .media = db_col_str(st, a, 26),
        .parts = (unsigned)db_col_i64(st, 27),
        .quote_policy = (enum quote_policy)db_col_i64(st, 28),
        .reply_policy = (enum reply_policy)db_col_i64(st, 29),
        .quotes_count = db_col_i64(st, 30),
        .imported = (int)db_col_i64(st, 31),
    };
}

static struct str or_empty(struct str s, struct str empty)
{
    return s.p == NULL ? empty : s;
}

static enum err try_insert(struct ctx *c, const struct status *s, int64_t *written)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c,
                STR("INSERT INTO status (bucket, id, account_id, text, spoiler, sensitive, language, visibility,"
                    " in_reply_to_id, in_reply_to_account_id, thread_id, reblog_of_id, reblog_of_account_id, app_id,"
                    " mentions, tags, created_ms, uri, media, parts, quote_policy, reply_policy, imported)"
                    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, "
                    "$20, $21, $22, $23)"
                    " ON CONFLICT DO NOTHING"),
                s->id, &st));
    db_bind_i64(st, 3, s->account_id);
    db_bind_str(st, 4, or_empty(s->text, STR("")));
    db_bind_str(st, 5, or_empty(s->spoiler, STR("")));
    db_bind_i64(st, 6, s->sensitive);
    db_bind_str(st, 7, s->language);
    db_bind_i64(st, 8, (int64_t)s->visibility);
    db_bind_i64(st, 9, s->in_reply_to_id);
    db_bind_i64(st, 10, s->in_reply_to_account_id);
    db_bind_i64(st, 11, s->thread_id);
    db_bind_i64(st, 12, s->reblog_of_id);
    db_bind_i64(st, 13, s->reblog_of_account_id);
    db_bind_i64(st, 14, s->app_id);
    db_bind_str(st, 15, or_empty(s->mentions, STR("[]")));
    db_bind_str(st, 16, or_empty(s->tags, STR("[]")));
    db_bind_i64(st, 17, s->created_ms);
    db_bind_str(st, 18, s->uri);
    db_bind_str(st, 19, or_empty(s->media, STR("[]")));
    db_bind_i64(st, 20, s->parts);
    db_bind_i64(st, 21, (int64_t)s->quote_policy);
    db_bind_i64(st, 22, (int64_t)s->reply_policy);
    db_bind_i64(st, 23, s->imported);
    return db_run(c, st, written);
}

enum err store_status_insert(struct ctx *c, struct status *s)
{
    bool starts_thread = s->thread_id == 0;
    for (int64_t written = 0; written == 0;) {
        s->id = id_new(c, id_bucket(s->account_id));
        if (starts_thread)
            s->thread_id = s->id;
        TRY(try_insert(c, s, &written));
    }
    return OK;
}

#define FIND_SQL STR("SELECT " STATUS_COLUMNS " FROM status WHERE bucket = $1 AND id = $2")

enum err store_status_insert_at(struct ctx *c, struct status *s)
{
    bool starts_thread = s->thread_id == 0;
    for (int64_t written = 0; written == 0;) {
        if (starts_thread)
            s->thread_id = s->id;
        TRY(try_insert(c, s, &written));
        if (written == 0)
            s->id = id_behind(s->id, 1);
    }
    return OK;
}

enum err store_status_find(struct ctx *c, int64_t id, struct status **out)
{
    DB_STMT st = NULL;
    *out = NULL;
    TRY(stmt_of(c, FIND_SQL, id, &st));
    if (NEXT_ROW(c, st)) {
        *out = ARENA_NEW(c->arena, struct status);
        read_status(st, c->arena, *out);
    }
    return OK;
}

enum err store_status_get(struct ctx *c, int64_t id, struct status **out)
{
    TRY(store_status_find(c, id, out));
    return *out != NULL ? OK : fail(c, ERR_NOT_FOUND, "Record not found");
}

static int by_id(const void *a, const void *b)
{
    const struct status *x = *(struct status *const *)a, *y = *(struct status *const *)b;
    return (x->id > y->id) - (x->id < y->id);
}

static int id_to_row(const void *key, const void *row)
{
    int64_t id = *(const int64_t *)key;
    const struct status *s = *(struct status *const *)row;
    return (id > s->id) - (id < s->id);
}

enum err store_status_load(struct ctx *c, const int64_t *ids, int64_t n, struct status **out)
{
    DB_STMT st = NULL;
    assert(n <= STATUS_LOAD_MAX);
    if (n == 0)
        return OK;
    struct status **found = ARENA_ARRAY(c->arena, (size_t)n, struct status *);
    size_t found_n = 0;
    edge_expect(c, FIND_SQL, ids, n);
    TRY(db_stmt(c, STR("SELECT " STATUS_COLUMNS " FROM status WHERE bucket @IN($1) AND id @IN($2)"), &st));
    db_bind_ids(st, 1, edge_buckets(c, ids, n), (size_t)n);
    db_bind_ids(st, 2, ids, (size_t)n);
    for (; found_n < (size_t)n && NEXT_ROW(c, st); found_n++) {
        found[found_n] = ARENA_NEW(c->arena, struct status);
        read_status(st, c->arena, found[found_n]);
    }
    qsort(found, found_n, sizeof *found, by_id);
    for (int64_t i = 0; i < n; i++) {
        struct status **hit = bsearch(&ids[i], found, found_n, sizeof *found, id_to_row);
        out[i] = hit != NULL ? *hit : NULL;
    }
    return OK;
}

enum err store_status_update(struct ctx *c, const struct status *s)
{
    DB_STMT st = NULL;
    int64_t changed = 0;
    TRY(stmt_of(
        c,
        STR("UPDATE status SET text = $3, spoiler = $4, sensitive = $5, language = $6, mentions = $7, tags = $8,"
            " edited_ms = $9, media = $10, parts = $11 WHERE bucket = $1 AND id = $2"),
        s->id, &st));
    db_bind_str(st, 3, or_empty(s->text, STR("")));
    db_bind_str(st, 4, or_empty(s->spoiler, STR("")));
    db_bind_i64(st, 5, s->sensitive);
    db_bind_str(st, 6, s->language);
    db_bind_str(st, 7, or_empty(s->mentions, STR("[]")));
    db_bind_str(st, 8, or_empty(s->tags, STR("[]")));
    db_bind_i64(st, 9, s->edited_ms);
    db_bind_str(st, 10, or_empty(s->media, STR("[]")));
    db_bind_i64(st, 11, s->parts);
    TRY(db_run(c, st, &changed));
    return changed == 1 ? OK : fail(c, ERR_NOT_FOUND, "Record not found");
}

enum err store_status_set_policy(struct ctx *c, const struct status *s)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, STR("UPDATE status SET quote_policy = $3, reply_policy = $4 WHERE bucket = $1 AND id = $2"), s->id,
                &st));
    db_bind_i64(st, 3, (int64_t)s->quote_policy);
    db_bind_i64(st, 4, (int64_t)s->reply_policy);
    return db_run(c, st, NULL);
}

enum err store_status_set_standing(struct ctx *c, int64_t id, const struct standing *to)
{
    DB_STMT st = NULL;
    int64_t changed = 0;
    TRY(stmt_of(c,
                STR("UPDATE status SET standing = $3, standing_reason = $4, standing_by = $5, standing_ms = $6,"
                    " standing_until_ms = $7 WHERE bucket = $1 AND id = $2"),
                id, &st));
    db_bind_i64(st, 3, (int64_t)to->kind);
    db_bind_str(st, 4, to->reason);
    db_bind_i64(st, 5, to->by);
    db_bind_i64(st, 6, to->since_ms);
    db_bind_i64(st, 7, to->until_ms);
    TRY(db_run(c, st, &changed));
    return changed == 1 ? store_standing_log(c, id, true, to) : fail(c, ERR_NOT_FOUND, "Record not found");
}

enum err store_status_delete(struct ctx *c, int64_t id, bool *deleted)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, STR("DELETE FROM status WHERE bucket = $1 AND id = $2"), id, &st));
    return stmt_wrote(c, st, deleted);
}

enum err store_status_lock(struct ctx *c, int64_t id, bool *exists)
{
    DB_STMT st = NULL;
    bool found = false;
    bool is_sqlite = db_engine_of(c->db) == DB_SQLITE;
    if (is_sqlite && exists == NULL)
        return OK; /* transactions take turns */
    TRY(stmt_of(c,
                is_sqlite ? STR("SELECT 1 FROM status WHERE bucket = $1 AND id = $2")
                          : STR("SELECT 1 FROM status WHERE bucket = $1 AND id = $2 FOR UPDATE"),
                id, &st));
    TRY(db_step(c, st, &found));
    if (exists != NULL)
        *exists = found;
    return OK;
}

static struct str count_sql(enum status_count which)
{
#define COUNT_SQL(column)                                                                              \
    STR("UPDATE status SET " column " = CASE WHEN " column " + $3 < 0 THEN 0 ELSE " column " + $3 END" \
        " WHERE bucket = $1 AND id = $2")
    switch (which) {
    case STATUS_REPLIES: return COUNT_SQL("replies_count");
    case STATUS_REBLOGS: return COUNT_SQL("reblogs_count");
    case STATUS_FAVOURITES: return COUNT_SQL("favourites_count");
    case STATUS_QUOTES: return COUNT_SQL("quotes_count");
    }
#undef COUNT_SQL
    abort();
}

enum err store_status_counted(struct ctx *c, int64_t id, enum status_count which, int64_t delta, bool *exists)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, count_sql(which), id, &st));
    db_bind_i64(st, 3, delta);
    return stmt_wrote(c, st, exists);
}

/* A LIKE pattern for `"name"` in a JSON list, or for everything. '_' is a wildcard and occurs in names. */
static struct str tag_pattern(struct ctx *c, struct str tag)
{
    struct buf b = buf_on(c->arena);
    if (tag.p == NULL)
        return STR("%");
    buf_put(&b, STR("%\""));
    for (size_t i = 0; i < tag.n; i++) {
        if (tag.p[i] == '_' || tag.p[i] == '%' || tag.p[i] == '\\')
            buf_putc(&b, '\\');
        buf_putc(&b, tag.p[i]);
    }
    buf_put(&b, STR("\"%"));
    return buf_str(&b);
}

enum err store_status_of_author(struct ctx *c, const struct status_filter *f, const struct page *p,
                                struct page_row **out, int64_t *n)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c,
                PAGE_SQL(p,
                         "SELECT id, id FROM status WHERE bucket = $1 AND account_id = $2 AND id < $3 AND id > $4"
                         " AND (visibility <= $6 OR mentions LIKE $7) AND standing <= $8"
                         " AND (in_reply_to_account_id <= $9 OR in_reply_to_account_id = account_id)"
                         " AND reblog_of_id <= $10 AND tags LIKE $11 ESCAPE '\\' AND (media <> '[]' OR $12 = 0)",
                         "id", "$5"),
                f->account_id, &st));
    page_bind(st, 3, p);
    db_bind_i64(st, 6, (int64_t)f->visibility_max);
    db_bind_str(st, 7, arena_strf(c->arena, "%%\"id\":\"%lld\"%%", (long long)f->reader_id));
    db_bind_i64(st, 8, f->hidden_too ? STANDING_SUSPENDED : STANDING_LIMITED);
    db_bind_i64(st, 9, f->exclude_replies ? 0 : INT64_MAX);
    db_bind_i64(st, 10, f->exclude_reblogs ? 0 : INT64_MAX);
    db_bind_str(st, 11, tag_pattern(c, f->tag));
    db_bind_i64(st, 12, f->only_media);
    return page_read(c, st, p, out, n);
}

enum err store_status_delete_many(struct ctx *c, const int64_t *ids, int64_t n)
{
    DB_STMT st = NULL;
    if (n == 0)
        return OK;
    TRY(db_stmt(c, STR("DELETE FROM status WHERE bucket @IN($1) AND id @IN($2)"), &st));
    db_bind_ids(st, 1, edge_buckets(c, ids, n), (size_t)n);
    db_bind_ids(st, 2, ids, (size_t)n);
    return db_run(c, st, NULL);
}

enum err store_status_orphan(struct ctx *c, const int64_t *ids, int64_t n, int64_t parent_id)
{
    DB_STMT st = NULL;
    if (n == 0)
        return OK;
    TRY(db_stmt(c,
                STR("UPDATE status SET in_reply_to_id = 0 WHERE bucket @IN($1) AND id @IN($2) AND in_reply_to_id = $3"),
                &st));
    db_bind_ids(st, 1, edge_buckets(c, ids, n), (size_t)n);
    db_bind_ids(st, 2, ids, (size_t)n);
    db_bind_i64(st, 3, parent_id);
    return db_run(c, st, NULL);
}
