/* SPDX-License-Identifier: Apache-2.0 */
#include "store/tag_mark.h"

#include "base/id.h"
#include "store/edge.h"
#include "store/page.h"
#include "store/stmt.h"

#define INSERT_SQL(table)                                                                          \
    STR("INSERT INTO " table " (bucket, account_id, tag_id, name, id) VALUES ($1, $2, $3, $4, $5)" \
        " ON CONFLICT DO NOTHING")
#define DELETE_SQL(table) STR("DELETE FROM " table " WHERE bucket = $1 AND account_id = $2 AND tag_id = $3")
#define COUNT_SQL(table)  STR("SELECT COUNT(*) FROM " table " WHERE bucket = $1 AND account_id = $2")
#define CLEAR_SQL(table)  STR("DELETE FROM " table " WHERE bucket = $1 AND account_id = $2")
#define AMONG_SQL(table)  STR("SELECT tag_id FROM " table " WHERE bucket = $1 AND account_id = $2 AND tag_id @IN($3)")
#define PAGE_OF(table) \
    "SELECT id, tag_id, name FROM " table " WHERE bucket = $1 AND account_id = $2 AND id < $3 AND id > $4"

enum err store_tag_mark_insert(struct ctx *c, enum tag_mark kind, int64_t account_id, int64_t tag_id, struct str name,
                               bool *added)
{
    static const struct str sql[TAG_MARK_KINDS] = { INSERT_SQL("tag_follow"), INSERT_SQL("tag_feature") };
    DB_STMT st = NULL;
    TRY(stmt_of(c, sql[kind], account_id, &st));
    db_bind_i64(st, 3, tag_id);
    db_bind_str(st, 4, name);
    db_bind_i64(st, 5, id_new(c, id_bucket(account_id)));
    return stmt_wrote(c, st, added);
}

enum err store_tag_mark_delete(struct ctx *c, enum tag_mark kind, int64_t account_id, int64_t tag_id)
{
    static const struct str sql[TAG_MARK_KINDS] = { DELETE_SQL("tag_follow"), DELETE_SQL("tag_feature") };
    return edge_delete(c, sql[kind], account_id, tag_id, NULL);
}

enum err store_tag_mark_count(struct ctx *c, enum tag_mark kind, int64_t account_id, int64_t *n)
{
    static const struct str sql[TAG_MARK_KINDS] = { COUNT_SQL("tag_follow"), COUNT_SQL("tag_feature") };
    DB_STMT st = NULL;
    TRY(stmt_of(c, sql[kind], account_id, &st));
    return stmt_number(c, st, n);
}

enum err store_tag_mark_page(struct ctx *c, enum tag_mark kind, int64_t account_id, const struct page *p,
                             struct marked_tag **out, int64_t *n)
{
    DB_STMT st = NULL;
    struct page bounded = *p;
    bounded.limit = p->limit < 1 ? 1 : p->limit;
    struct str follow = PAGE_SQL(p, PAGE_OF("tag_follow"), "id", "$5");
    struct str feature = PAGE_SQL(p, PAGE_OF("tag_feature"), "id", "$5");
    *out = ARENA_ARRAY(c->arena, (size_t)bounded.limit, struct marked_tag);
    *n = 0;
    TRY(stmt_of(c, kind == TAG_MARK_FOLLOW ? follow : feature, account_id, &st));
    page_bind(st, 3, p);
    db_bind_i64(st, 5, bounded.limit); /* pages of tags are longer than others */
    while (*n < bounded.limit && NEXT_ROW(c, st))
        (*out)[(*n)++] = (struct marked_tag){ db_col_i64(st, 0), db_col_i64(st, 1), db_col_str(st, c->arena, 2) };
    page_turn(*out, *n, sizeof **out, p);
    return OK;
}

enum err store_tag_mark_among(struct ctx *c, enum tag_mark kind, int64_t account_id, const int64_t *tag_ids, int64_t n,
                              int64_t *out, int64_t *out_n)
{
    static const struct str sql[TAG_MARK_KINDS] = { AMONG_SQL("tag_follow"), AMONG_SQL("tag_feature") };
    DB_STMT st = NULL;
    *out_n = 0;
    if (n == 0)
        return OK;
    TRY(stmt_of(c, sql[kind], account_id, &st));
    db_bind_ids(st, 3, tag_ids, (size_t)n);
    while (*out_n < n && NEXT_ROW(c, st))
        out[(*out_n)++] = db_col_i64(st, 0);
    return OK;
}

enum err store_tag_mark_clear(struct ctx *c, int64_t account_id)
{
    TRY(stmt_run_of(c, CLEAR_SQL("tag_follow"), account_id));
    return stmt_run_of(c, CLEAR_SQL("tag_feature"), account_id);
}

enum err store_tag_use(struct ctx *c, int64_t tag_id, int64_t account_id, int64_t *uses, int64_t *newest)
{
    DB_STMT st = NULL;
    bool row = false;
    TRY(stmt_of(c,
                STR("SELECT COUNT(*), COALESCE(MAX(status_id), 0) FROM tag_status"
                    " WHERE bucket = $1 AND tag_id = $2 AND account_id = $3"),
                tag_id, &st));
    db_bind_i64(st, 3, account_id);
    TRY(db_step(c, st, &row));
    *uses = db_col_i64(st, 0);
    *newest = db_col_i64(st, 1);
    return OK;
}
