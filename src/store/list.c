/* SPDX-License-Identifier: Apache-2.0 */
#include "store/list.h"

#include "base/id.h"
#include "store/edge.h"
#include "store/page.h"
#include "store/stmt.h"

#define COLUMNS "id, account_id, title, replies, exclusive"

static enum err write_list(struct ctx *c, struct str sql, const struct list *l)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, sql, l->account_id, &st));
    db_bind_i64(st, 3, l->id);
    db_bind_str(st, 4, l->title);
    db_bind_i64(st, 5, l->replies);
    db_bind_i64(st, 6, l->exclusive);
    return db_run(c, st, NULL);
}

enum err store_list_insert(struct ctx *c, struct list *l)
{
    l->id = id_new(c, id_bucket(l->account_id));
    return write_list(c,
                      STR("INSERT INTO list (bucket, account_id, id, title, replies, exclusive)"
                          " VALUES ($1, $2, $3, $4, $5, $6)"),
                      l);
}

enum err store_list_update(struct ctx *c, const struct list *l)
{
    return write_list(c,
                      STR("UPDATE list SET title = $4, replies = $5, exclusive = $6"
                          " WHERE bucket = $1 AND account_id = $2 AND id = $3"),
                      l);
}

enum err store_list_delete(struct ctx *c, const struct list *l)
{
    bool removed = false;
    TRY(stmt_run_of(c, STR("DELETE FROM list_member WHERE bucket = $1 AND list_id = $2"), l->id));
    return edge_delete(c, STR("DELETE FROM list WHERE bucket = $1 AND account_id = $2 AND id = $3"), l->account_id,
                       l->id, &removed);
}

static enum err read_lists(struct ctx *c, struct stmt *st, int64_t max, struct list *out, int64_t *n)
{
    *n = 0;
    while (*n < max && NEXT_ROW(c, st))
        out[(*n)++] = (struct list){
            .id = db_col_i64(st, 0),
            .account_id = db_col_i64(st, 1),
            .title = db_col_str(st, c->arena, 2),
            .replies = (enum list_replies)db_col_i64(st, 3),
            .exclusive = db_col_i64(st, 4) != 0,
        };
    return OK;
}

/* $3: a list or one of its members. */
static enum err ask_lists(struct ctx *c, struct str sql, int64_t account_id, int64_t third, int64_t max,
                          struct list *out, int64_t *n)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, sql, account_id, &st));
    db_bind_i64(st, 3, third);
    return read_lists(c, st, max, out, n);
}

enum err store_list_find(struct ctx *c, int64_t account_id, int64_t id, struct list **out)
{
    struct list *one = ARENA_NEW(c->arena, struct list);
    int64_t n = 0;
    TRY(ask_lists(c, STR("SELECT " COLUMNS " FROM list WHERE bucket = $1 AND account_id = $2 AND id = $3"), account_id,
                  id, 1, one, &n));
    *out = n == 0 ? NULL : one;
    return OK;
}

enum err store_list_all(struct ctx *c, int64_t account_id, struct list *out, int64_t *n)
{
    return ask_lists(c, STR("SELECT " COLUMNS " FROM list WHERE bucket = $1 AND account_id = $2 ORDER BY id LIMIT $3"),
                     account_id, LISTS_MAX, LISTS_MAX, out, n);
}

enum err store_list_of(struct ctx *c, int64_t account_id, int64_t target_id, struct list *out, int64_t *n)
{
    return ask_lists(c,
                     STR("SELECT l.id, l.account_id, l.title, l.replies, l.exclusive FROM list_member m JOIN list l"
                         " ON l.bucket = m.bucket AND l.id = m.list_id"
                         " WHERE m.bucket = $1 AND m.account_id = $2 AND m.target_id = $3 ORDER BY m.list_id"),
                     account_id, target_id, LISTS_MAX, out, n);
}

enum err store_list_member_insert(struct ctx *c, const struct list *l, int64_t target_id, int64_t id, bool *added)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c,
                STR("INSERT INTO list_member (bucket, list_id, target_id, account_id, id) VALUES ($1, $2, $3, $4, $5)"
                    " ON CONFLICT DO NOTHING"),
                l->id, &st));
    db_bind_i64(st, 3, target_id);
    db_bind_i64(st, 4, l->account_id);
    db_bind_i64(st, 5, id);
    return stmt_wrote(c, st, added);
}

enum err store_list_member_delete(struct ctx *c, const struct list *l, const int64_t *targets, int64_t n)
{
    return edge_delete_many(c, STR("DELETE FROM list_member WHERE bucket = $1 AND list_id = $2 AND target_id @IN($3)"),
                            l->id, targets, n);
}

enum err store_list_member_count(struct ctx *c, int64_t list_id, int64_t *n)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, STR("SELECT COUNT(*) FROM list_member WHERE bucket = $1 AND list_id = $2"), list_id, &st));
    return stmt_number(c, st, n);
}

enum err store_list_members(struct ctx *c, int64_t list_id, const struct page *p, struct page_row **out, int64_t *n)
{
    return edge_page(c,
                     PAGE_SQL(p,
                              "SELECT id, target_id FROM list_member"
                              " WHERE bucket = $1 AND list_id = $2 AND id < $3 AND id > $4",
                              "id", "$5"),
                     list_id, p, out, n);
}

enum err store_list_forget(struct ctx *c, int64_t account_id, int64_t target_id)
{
    return edge_delete(c, STR("DELETE FROM list_member WHERE bucket = $1 AND account_id = $2 AND target_id = $3"),
                       account_id, target_id, NULL);
}

enum err store_list_clear(struct ctx *c, int64_t account_id)
{
    TRY(stmt_run_of(c, STR("DELETE FROM list_member WHERE bucket = $1 AND account_id = $2"), account_id));
    return stmt_run_of(c, STR("DELETE FROM list WHERE bucket = $1 AND account_id = $2"), account_id);
}
