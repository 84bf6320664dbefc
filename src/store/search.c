/* SPDX-License-Identifier: Apache-2.0 */
#include "store/search.h"

#include "base/clock.h"
#include "store/edge.h"
#include "store/page.h"
#include "store/stmt.h"

static bool is_sqlite(const struct ctx *c)
{
    return db_engine_of(c->db) == DB_SQLITE;
}

static enum err run_on(struct ctx *c, struct str sql, int64_t id)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c, sql, &st));
    db_bind_i64(st, 1, id);
    return db_run(c, st, NULL);
}

static enum err run_on_both(struct ctx *c, struct str first, struct str second, int64_t id)
{
    TRY(run_on(c, first, id));
    return run_on(c, second, id);
}

enum err store_search_delete_status(struct ctx *c, int64_t id)
{
    if (!is_sqlite(c))
        return run_on(c, STR("DELETE FROM derived.search_status WHERE id = $1"), id);
    return run_on_both(c, STR("DELETE FROM derived.fts_status WHERE rowid = $1"),
                       STR("DELETE FROM derived.fts_fact WHERE id = $1"), id);
}

enum err store_search_delete_account(struct ctx *c, int64_t id)
{
    return run_on_both(c,
                       is_sqlite(c) ? STR("DELETE FROM derived.fts_account WHERE rowid = $1")
                                    : STR("DELETE FROM derived.search_account WHERE id = $1"),
                       STR("DELETE FROM derived.search_author WHERE id = $1"), id);
}

static void bind_facts(struct stmt *st, const struct search_text *t)
{
    db_bind_i64(st, 1, t->id);
    db_bind_i64(st, 2, t->author);
    db_bind_i64(st, 3, t->is_public);
    db_bind_i64(st, 4, t->length);
    db_bind_str(st, 5, t->names);
}

static enum err put_fts5(struct ctx *c, const struct search_text *t)
{
    DB_STMT words = NULL;
    DB_STMT fact = NULL;
    TRY(db_stmt(c, STR("INSERT INTO derived.fts_status (rowid, words, marks) VALUES ($1, $2, $3)"), &words));
    db_bind_i64(words, 1, t->id);
    db_bind_str(words, 2, t->words);
    db_bind_str(words, 3, t->marks);
    TRY(db_run(c, words, NULL));
    TRY(db_stmt(c,
                STR("INSERT INTO derived.fts_fact (id, author, is_public, length, names) VALUES ($1, $2, $3, $4, $5)"),
                &fact));
    bind_facts(fact, t);
    return db_run(c, fact, NULL);
}

enum err store_search_put_status(struct ctx *c, const struct search_text *t)
{
    DB_STMT st = NULL;
    TRY(store_search_delete_status(c, t->id));
    if (is_sqlite(c))
        return put_fts5(c, t);
    TRY(db_stmt(
        c,
        STR("INSERT INTO derived.search_status (id, author, is_public, length, names, words, marks) VALUES"
            " ($1, $2, $3, $4, $5, to_tsvector('simple', $6), to_tsvector('simple', $7)) ON CONFLICT DO NOTHING"),
        &st));
    bind_facts(st, t);
    db_bind_str(st, 6, t->words);
    db_bind_str(st, 7, t->marks);
    return db_run(c, st, NULL);
}

static enum err put_author(struct ctx *c, const struct search_text *t)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c,
                STR("INSERT INTO derived.search_author (id, is_open) VALUES ($1, $2)"
                    " ON CONFLICT (id) DO UPDATE SET is_open = excluded.is_open"),
                &st));
    db_bind_i64(st, 1, t->id);
    db_bind_i64(st, 2, t->is_open);
    return db_run(c, st, NULL);
}

enum err store_search_put_account(struct ctx *c, const struct search_text *t)
{
    DB_STMT st = NULL;
    TRY(store_search_delete_account(c, t->id));
    TRY(put_author(c, t));
    TRY(db_stmt(c,
                is_sqlite(c) ? STR("INSERT INTO derived.fts_account (rowid, words) VALUES ($1, $2)")
                             : STR("INSERT INTO derived.search_account (id, words)"
                                   " VALUES ($1, to_tsvector('simple', $2)) ON CONFLICT DO NOTHING"),
                &st));
    db_bind_i64(st, 1, t->id);
    db_bind_str(st, 2, t->words);
    return db_run(c, st, NULL);
}

enum err store_search_put_tag(struct ctx *c, struct str name)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c,
                STR("INSERT INTO derived.search_tag (name, uses) VALUES ($1, 1)"
                    " ON CONFLICT (name) DO UPDATE SET uses = search_tag.uses + 1"),
                &st));
    db_bind_str(st, 1, name);
    return db_run(c, st, NULL);
}

enum err store_search_drop_known(struct ctx *c, int64_t *ids, int64_t n)
{
    DB_STMT st = NULL;
    if (n == 0)
        return OK;
    TRY(db_stmt(c,
                is_sqlite(c) ? STR("SELECT id FROM derived.fts_fact WHERE id @IN($1)")
                             : STR("SELECT id FROM derived.search_status WHERE id @IN($1)"),
                &st));
    db_bind_ids(st, 1, ids, (size_t)n);
    int64_t at = 0;
    while (NEXT_ROW(c, st)) {
        int64_t known = db_col_i64(st, 0);
        for (int64_t tried = 0; tried < n; tried++, at = (at + 1) % n) /* mostly in one order: a step each */
            if (ids[at] == known) {
                ids[at] = 0;
                break;
            }
    }
    return OK;
}

enum err store_search_gone(struct ctx *c, enum search_source source, const int64_t *ids, int64_t n, int64_t *out,
                           int64_t *gone)
{
    DB_STMT st = NULL;
    *gone = 0;
    if (n == 0)
        return OK;
    bool *there = ARENA_ARRAY(c->arena, (size_t)n, bool);
    TRY(db_stmt(c,
                source == SEARCH_ACCOUNTS ? STR("SELECT id FROM account WHERE bucket @IN($1) AND id @IN($2)")
                                          : STR("SELECT id FROM status WHERE bucket @IN($1) AND id @IN($2)"),
                &st));
    db_bind_ids(st, 1, edge_buckets(c, ids, n), (size_t)n);
    db_bind_ids(st, 2, ids, (size_t)n);
    int64_t at = 0;
    while (NEXT_ROW(c, st)) {
        int64_t id = db_col_i64(st, 0);
        for (int64_t tried = 0; tried < n && ids[at] != id; tried++)
            at = (at + 1) % n; /* mostly in one order: a step each */
        if (ids[at] == id)
            there[at] = true;
    }
    for (int64_t i = 0; i < n; i++)
        if (!there[i])
            out[(*gone)++] = ids[i];
    return OK;
}

/* An author whom the index has not met is judged by the row. */
#define HIT_COLUMNS "s.id, s.author, s.is_public, s.length, s.names, COALESCE(a.is_open, 1)"

/* SQLite takes the tables in the order they stand in: the index leads, from the newest on. */
static struct str statuses_sql(const struct ctx *c, const struct search_match *m, const struct page *p)
{
    if (is_sqlite(c))
        return PAGE_SQL(p,
                        "SELECT " HIT_COLUMNS
                        " FROM derived.fts_status f CROSS JOIN derived.fts_fact s ON s.id = f.rowid"
                        " LEFT JOIN derived.search_author a ON a.id = s.author"
                        " WHERE f.fts_status MATCH $1 AND f.rowid < $2 AND f.rowid > $3",
                        "f.rowid", "$4");
    if (m->words.p == NULL)
        return PAGE_SQL(p,
                        "SELECT " HIT_COLUMNS " FROM derived.search_status s LEFT JOIN derived.search_author a"
                        " ON a.id = s.author WHERE s.marks @@ to_tsquery('simple', $1) AND s.id < $2 AND s.id > $3",
                        "s.id", "$4");
    return PAGE_SQL(p,
                    "SELECT " HIT_COLUMNS " FROM derived.search_status s LEFT JOIN derived.search_author a"
                    " ON a.id = s.author WHERE s.marks @@ to_tsquery('simple', $1) AND s.id < $2 AND s.id > $3"
                    " AND s.words @@ to_tsquery('simple', $5)",
                    "s.id", "$4");
}

static void read_hit(struct stmt *st, struct arena *a, struct search_hit *h)
{
    *h = (struct search_hit){
        .id = db_col_i64(st, 0),
        .author = db_col_i64(st, 1),
        .is_open = db_col_i64(st, 2) != 0 && db_col_i64(st, 5) != 0,
        .length = db_col_i64(st, 3),
        .names = db_col_str(st, a, 4),
    };
}

enum err store_search_statuses(struct ctx *c, const struct search_match *m, const struct page *p,
                               struct search_hit *out, int64_t *n)
{
    DB_STMT st = NULL;
    int64_t limit = p->limit < SEARCH_CANDIDATES_MAX ? p->limit : SEARCH_CANDIDATES_MAX;
    *n = 0;
    TRY(db_stmt(c, statuses_sql(c, m, p), &st));
    page_bind(st, 2, p);
    db_bind_str(st, 1, is_sqlite(c) ? m->fts5 : m->marks);
    db_bind_i64(st, 4, limit);
    if (!is_sqlite(c) && m->words.p != NULL)
        db_bind_str(st, 5, m->words);
    while (*n < limit && NEXT_ROW(c, st))
        read_hit(st, c->arena, &out[(*n)++]);
    return OK;
}

static struct str accounts_sql(const struct ctx *c, bool among)
{
    if (is_sqlite(c))
        return among
                   ? STR("SELECT rowid FROM derived.fts_account WHERE fts_account MATCH $1 AND rowid @IN($3) LIMIT $2")
                   : STR("SELECT rowid FROM derived.fts_account WHERE fts_account MATCH $1"
                         " ORDER BY rowid DESC LIMIT $2");
    return among ? STR("SELECT id FROM derived.search_account WHERE words @@ to_tsquery('simple', $1) AND id @IN($3)"
                       " LIMIT $2")
                 : STR("SELECT id FROM derived.search_account WHERE words @@ to_tsquery('simple', $1)"
                       " ORDER BY id DESC LIMIT $2");
}

enum err store_search_accounts(struct ctx *c, const struct search_words *w, const int64_t *among, int64_t among_n,
                               int64_t limit, int64_t *out, int64_t *n)
{
    DB_STMT st = NULL;
    *n = 0;
    if (among != NULL && among_n == 0)
        return OK;
    TRY(db_stmt(c, accounts_sql(c, among != NULL), &st));
    db_bind_str(st, 1, is_sqlite(c) ? w->fts5 : w->tsquery);
    db_bind_i64(st, 2, limit);
    if (among != NULL)
        db_bind_ids(st, 3, among, (size_t)among_n);
    return stmt_ids(c, st, limit, out, n);
}

/* U+10FFFF is no letter: every name that begins with the prefix comes before it. */
enum err store_search_tags(struct ctx *c, struct str prefix, int64_t limit, struct str *out, int64_t *n)
{
    DB_STMT st = NULL;
    *n = 0;
    TRY(db_stmt(c,
                STR("SELECT name FROM derived.search_tag WHERE name >= $1 AND name < $2"
                    " ORDER BY uses DESC, name LIMIT $3"),
                &st));
    db_bind_str(st, 1, prefix);
    db_bind_str(st, 2, arena_strf(c->arena, STR_FMT "\xF4\x8F\xBF\xBF", STR_ARG(prefix)));
    db_bind_i64(st, 3, limit);
    while (*n < limit && NEXT_ROW(c, st))
        out[(*n)++] = db_col_str(st, c->arena, 0);
    return OK;
}

/* all shards: the background follows what is new */
static struct str changes_sql(enum search_source source)
{
    switch (source) {
    case SEARCH_STATUSES: return STR("SELECT id, id FROM status WHERE id > $1 AND id <= $2 ORDER BY id LIMIT $3");
    case SEARCH_EDITS:
        return STR("SELECT edited_ms, id FROM status WHERE edited_ms > 0 AND edited_ms > $1"
                   " AND edited_ms <= $2 ORDER BY edited_ms LIMIT $3");
    case SEARCH_ACCOUNTS:
        return STR("SELECT updated_ms, id FROM account WHERE updated_ms > $1 AND updated_ms <= $2"
                   " ORDER BY updated_ms LIMIT $3");
    }
    return STR("");
}

/* Several changes may have one number (milliseconds): a full answer does not end within them, or they would be lost. */
static int64_t cut_ties(const struct search_change *found, int64_t *n)
{
    int64_t kept = *n;
    while (kept > 0 && found[kept - 1].at == found[*n - 1].at)
        kept--;
    if (kept == 0) /* all at once: more than fit are left to the later passes */
        return found[*n - 1].at;
    *n = kept;
    return found[kept - 1].at;
}

enum err store_search_changes(struct ctx *c, enum search_source source, int64_t after, int64_t until, int64_t limit,
                              struct search_change **out, int64_t *n, int64_t *upto)
{
    DB_STMT st = NULL;
    struct search_change *found = ARENA_ARRAY(c->arena, (size_t)limit, struct search_change);
    *out = found;
    *n = 0;
    *upto = until;
    TRY(db_stmt(c, changes_sql(source), &st));
    db_bind_i64(st, 1, after);
    db_bind_i64(st, 2, until);
    db_bind_i64(st, 3, limit);
    while (*n < limit) {
        if (!NEXT_ROW(c, st))
            return OK;
        found[(*n)++] = (struct search_change){ .at = db_col_i64(st, 0), .id = db_col_i64(st, 1) };
    }
    *upto = source == SEARCH_STATUSES ? found[*n - 1].at : cut_ties(found, n);
    return OK;
}

enum err store_search_progress(struct ctx *c, struct str part, int64_t *at)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c, STR("SELECT newest_id FROM derived.progress WHERE part = $1"), &st));
    db_bind_str(st, 1, part);
    *at = NEXT_ROW(c, st) ? db_col_i64(st, 0) : -1;
    return OK;
}

enum err store_search_advance(struct ctx *c, struct str part, int64_t from, int64_t to)
{
    DB_STMT st = NULL;
    int64_t changed = 0;
    TRY(db_stmt(c,
                from < 0 ? STR("INSERT INTO derived.progress (part, newest_id) VALUES ($1, $2) ON CONFLICT DO NOTHING")
                         : STR("UPDATE derived.progress SET newest_id = $2 WHERE part = $1 AND newest_id = $3"),
                &st));
    db_bind_str(st, 1, part);
    db_bind_i64(st, 2, to);
    if (from >= 0)
        db_bind_i64(st, 3, from);
    TRY(db_run(c, st, &changed));
    return changed == 1 ? OK : fail(c, ERR_AGAIN, "The search index is being made by somebody else");
}

static enum err run(struct ctx *c, struct str sql)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c, sql, &st));
    return db_run(c, st, NULL);
}

/* all shards: before everything is made anew */
enum err store_search_clear(struct ctx *c)
{
    TRY(run(c, is_sqlite(c) ? STR("DELETE FROM derived.fts_status") : STR("DELETE FROM derived.search_status")));
    TRY(run(c, is_sqlite(c) ? STR("DELETE FROM derived.fts_account") : STR("DELETE FROM derived.search_account")));
    if (is_sqlite(c))
        TRY(run(c, STR("DELETE FROM derived.fts_fact")));
    TRY(run(c, STR("DELETE FROM derived.search_author")));
    TRY(run(c, STR("DELETE FROM derived.search_tag")));
    return run(c, STR("DELETE FROM derived.progress WHERE part LIKE 'search~_%' ESCAPE '~'"));
}

/* PostgreSQL's vacuum does this for GIN. 500: pages written at most, some milliseconds. */
enum err store_search_tidy(struct ctx *c)
{
    return is_sqlite(c) ? run(c, STR("INSERT INTO derived.fts_status (fts_status, rank) VALUES ('merge', 500)")) : OK;
}
