/* SPDX-License-Identifier: Apache-2.0 */
#include "store/filter.h"

#include "store/stmt.h"

static enum err owned(struct ctx *c, struct str sql, int64_t account_id, int64_t third, struct stmt **st)
{
    TRY(stmt_of(c, sql, account_id, st));
    db_bind_i64(*st, 3, third);
    return OK;
}

static enum err read_filters(struct ctx *c, int64_t account_id, struct filters *out)
{
    DB_STMT st = NULL;
    out->filters = ARENA_ARRAY(c->arena, FILTERS_MAX, struct filter);
    TRY(owned(c,
              STR("SELECT id, title, contexts, action, expires_ms FROM filter WHERE bucket = $1 AND account_id = $2"
                  " ORDER BY id LIMIT $3"),
              account_id, FILTERS_MAX, &st));
    while (out->filters_n < FILTERS_MAX && NEXT_ROW(c, st))
        out->filters[out->filters_n++] = (struct filter){
            .id = db_col_i64(st, 0),
            .account_id = account_id,
            .title = db_col_str(st, c->arena, 1),
            .contexts = (unsigned)db_col_i64(st, 2),
            .action = (enum filter_action)db_col_i64(st, 3),
            .expires_ms = db_col_i64(st, 4),
        };
    return OK;
}

static enum err read_keywords(struct ctx *c, int64_t account_id, struct filters *out)
{
    DB_STMT st = NULL;
    out->keywords = ARENA_ARRAY(c->arena, FILTER_KEYWORDS_MAX, struct filter_keyword);
    TRY(owned(c,
              STR("SELECT id, filter_id, keyword, whole_word FROM filter_keyword"
                  " WHERE bucket = $1 AND account_id = $2 ORDER BY id LIMIT $3"),
              account_id, FILTER_KEYWORDS_MAX, &st));
    while (out->keywords_n < FILTER_KEYWORDS_MAX && NEXT_ROW(c, st))
        out->keywords[out->keywords_n++] =
            (struct filter_keyword){ db_col_i64(st, 0), db_col_i64(st, 1), db_col_str(st, c->arena, 2),
                                     db_col_i64(st, 3) != 0 };
    return OK;
}

static enum err read_statuses(struct ctx *c, int64_t account_id, struct filters *out)
{
    DB_STMT st = NULL;
    out->statuses = ARENA_ARRAY(c->arena, FILTER_STATUSES_MAX, struct filter_status);
    TRY(owned(c,
              STR("SELECT id, filter_id, status_id FROM filter_status WHERE bucket = $1 AND account_id = $2"
                  " ORDER BY id LIMIT $3"),
              account_id, FILTER_STATUSES_MAX, &st));
    while (out->statuses_n < FILTER_STATUSES_MAX && NEXT_ROW(c, st))
        out->statuses[out->statuses_n++] =
            (struct filter_status){ db_col_i64(st, 0), db_col_i64(st, 1), db_col_i64(st, 2) };
    return OK;
}

enum err store_filter_all(struct ctx *c, int64_t account_id, struct filters *out)
{
    *out = (struct filters){ 0 };
    TRY(read_filters(c, account_id, out));
    if (out->filters_n == 0)
        return OK;
    TRY(read_keywords(c, account_id, out));
    return read_statuses(c, account_id, out);
}

static enum err write_filter(struct ctx *c, struct str sql, const struct filter *f)
{
    DB_STMT st = NULL;
    TRY(owned(c, sql, f->account_id, f->id, &st));
    db_bind_str(st, 4, f->title);
    db_bind_i64(st, 5, f->contexts);
    db_bind_i64(st, 6, f->action);
    db_bind_i64(st, 7, f->expires_ms);
    return db_run(c, st, NULL);
}

enum err store_filter_insert(struct ctx *c, const struct filter *f)
{
    return write_filter(c,
                        STR("INSERT INTO filter (bucket, account_id, id, title, contexts, action, expires_ms)"
                            " VALUES ($1, $2, $3, $4, $5, $6, $7)"),
                        f);
}

enum err store_filter_update(struct ctx *c, const struct filter *f)
{
    return write_filter(c,
                        STR("UPDATE filter SET title = $4, contexts = $5, action = $6, expires_ms = $7"
                            " WHERE bucket = $1 AND account_id = $2 AND id = $3"),
                        f);
}

static enum err delete_where(struct ctx *c, struct str sql, int64_t account_id, int64_t third)
{
    DB_STMT st = NULL;
    TRY(owned(c, sql, account_id, third, &st));
    return db_run(c, st, NULL);
}

enum err store_filter_delete(struct ctx *c, const struct filter *f)
{
    TRY(delete_where(c, STR("DELETE FROM filter_keyword WHERE bucket = $1 AND account_id = $2 AND filter_id = $3"),
                     f->account_id, f->id));
    TRY(delete_where(c, STR("DELETE FROM filter_status WHERE bucket = $1 AND account_id = $2 AND filter_id = $3"),
                     f->account_id, f->id));
    return delete_where(c, STR("DELETE FROM filter WHERE bucket = $1 AND account_id = $2 AND id = $3"), f->account_id,
                        f->id);
}

static enum err write_keyword(struct ctx *c, struct str sql, int64_t account_id, const struct filter_keyword *k)
{
    DB_STMT st = NULL;
    TRY(owned(c, sql, account_id, k->id, &st));
    db_bind_i64(st, 4, k->filter_id);
    db_bind_str(st, 5, k->keyword);
    db_bind_i64(st, 6, k->whole_word);
    return db_run(c, st, NULL);
}

enum err store_filter_keyword_insert(struct ctx *c, int64_t account_id, const struct filter_keyword *k)
{
    return write_keyword(c,
                         STR("INSERT INTO filter_keyword (bucket, account_id, id, filter_id, keyword, whole_word)"
                             " VALUES ($1, $2, $3, $4, $5, $6)"),
                         account_id, k);
}

enum err store_filter_keyword_update(struct ctx *c, int64_t account_id, const struct filter_keyword *k)
{
    return write_keyword(c,
                         STR("UPDATE filter_keyword SET keyword = $5, whole_word = $6"
                             " WHERE bucket = $1 AND account_id = $2 AND id = $3 AND filter_id = $4"),
                         account_id, k);
}

enum err store_filter_keyword_delete(struct ctx *c, int64_t account_id, int64_t id)
{
    return delete_where(c, STR("DELETE FROM filter_keyword WHERE bucket = $1 AND account_id = $2 AND id = $3"),
                        account_id, id);
}

enum err store_filter_status_insert(struct ctx *c, int64_t account_id, const struct filter_status *s, bool *added)
{
    DB_STMT st = NULL;
    TRY(owned(c,
              STR("INSERT INTO filter_status (bucket, account_id, id, filter_id, status_id) VALUES ($1, $2, $3, $4, $5)"
                  " ON CONFLICT DO NOTHING"),
              account_id, s->id, &st));
    db_bind_i64(st, 4, s->filter_id);
    db_bind_i64(st, 5, s->status_id);
    return stmt_wrote(c, st, added);
}

enum err store_filter_status_delete(struct ctx *c, int64_t account_id, int64_t id)
{
    return delete_where(c, STR("DELETE FROM filter_status WHERE bucket = $1 AND account_id = $2 AND id = $3"),
                        account_id, id);
}

enum err store_filter_clear(struct ctx *c, int64_t account_id)
{
    TRY(stmt_run_of(c, STR("DELETE FROM filter_keyword WHERE bucket = $1 AND account_id = $2"), account_id));
    TRY(stmt_run_of(c, STR("DELETE FROM filter_status WHERE bucket = $1 AND account_id = $2"), account_id));
    return stmt_run_of(c, STR("DELETE FROM filter WHERE bucket = $1 AND account_id = $2"), account_id);
}
