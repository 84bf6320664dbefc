/* SPDX-License-Identifier: Apache-2.0 */
#include "store/conversation.h"

#include "base/id.h"
#include "store/edge.h"
#include "store/page.h"
#include "store/stmt.h"

#define COLUMNS "id, account_id, thread_id, others, last_status_id, unread"

static enum err run_on(struct ctx *c, struct str sql, int64_t account_id, int64_t third)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, sql, account_id, &st));
    db_bind_i64(st, 3, third);
    return db_run(c, st, NULL);
}

/* A number in the first column; 0: no row. */
static enum err one_number(struct ctx *c, struct str sql, int64_t account_id, int64_t third, int64_t *out)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, sql, account_id, &st));
    db_bind_i64(st, 3, third);
    return stmt_number(c, st, out);
}

static struct conversation read_one(struct ctx *c, struct stmt *st)
{
    return (struct conversation){
        .id = db_col_i64(st, 0),
        .account_id = db_col_i64(st, 1),
        .thread_id = db_col_i64(st, 2),
        .others = db_col_str(st, c->arena, 3),
        .last_status_id = db_col_i64(st, 4),
        .unread = db_col_i64(st, 5) != 0,
    };
}

static enum err read_all(struct ctx *c, struct stmt *st, int64_t max, struct conversation *out, int64_t *n)
{
    *n = 0;
    while (*n < max && NEXT_ROW(c, st))
        out[(*n)++] = read_one(c, st);
    return OK;
}

static enum err upsert(struct ctx *c, struct conversation *cv, bool quiet)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c,
                STR("INSERT INTO conversation (bucket, account_id, thread_id, others, id, last_status_id, unread)"
                    " VALUES ($1, $2, $3, $4, $5, $6, $7)"
                    " ON CONFLICT @ON(bucket, account_id, thread_id, others) DO UPDATE SET"
                    " last_status_id = CASE WHEN excluded.last_status_id > conversation.last_status_id"
                    " THEN excluded.last_status_id ELSE conversation.last_status_id END,"
                    " unread = CASE WHEN $8 = 1 THEN conversation.unread ELSE excluded.unread END RETURNING id"),
                cv->account_id, &st));
    db_bind_i64(st, 3, cv->thread_id);
    db_bind_str(st, 4, cv->others);
    db_bind_i64(st, 5, id_new(c, id_bucket(cv->account_id)));
    db_bind_i64(st, 6, cv->last_status_id);
    db_bind_i64(st, 7, cv->unread);
    db_bind_i64(st, 8, quiet);
    return stmt_number(c, st, &cv->id);
}

enum err store_conversation_put(struct ctx *c, struct conversation *cv, bool quiet)
{
    DB_STMT st = NULL;
    TRY(upsert(c, cv, quiet));
    TRY(stmt_of(c,
                STR("INSERT INTO conversation_status (bucket, account_id, conversation_id, status_id)"
                    " VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING"),
                cv->account_id, &st));
    db_bind_i64(st, 3, cv->id);
    db_bind_i64(st, 4, cv->last_status_id);
    return db_run(c, st, NULL);
}

enum err store_conversation_holding(struct ctx *c, int64_t account_id, int64_t status_id, int64_t *id)
{
    return one_number(c,
                      STR("SELECT conversation_id FROM conversation_status"
                          " WHERE bucket = $1 AND account_id = $2 AND status_id = $3"),
                      account_id, status_id, id);
}

/* Two that take parleys out at once would each find what the other takes: the first statement makes the second wait. */
enum err store_conversation_take(struct ctx *c, int64_t account_id, int64_t status_id, int64_t *id)
{
    TRY(store_conversation_holding(c, account_id, status_id, id));
    if (*id == 0)
        return OK;
    TRY(run_on(c, STR("UPDATE conversation SET unread = unread WHERE bucket = $1 AND account_id = $2 AND id = $3"),
               account_id, *id));
    TRY(run_on(c, STR("DELETE FROM conversation_status WHERE bucket = $1 AND account_id = $2 AND status_id = $3"),
               account_id, status_id));
    TRY(run_on(c,
               STR("UPDATE conversation SET last_status_id = COALESCE((SELECT MAX(s.status_id)"
                   " FROM conversation_status s WHERE s.bucket = $1 AND s.conversation_id = $3), 0)"
                   " WHERE bucket = $1 AND account_id = $2 AND id = $3"),
               account_id, *id));
    return run_on(c,
                  STR("DELETE FROM conversation WHERE bucket = $1 AND account_id = $2 AND id = $3"
                      " AND last_status_id = 0"),
                  account_id, *id);
}

enum err store_conversation_find(struct ctx *c, int64_t account_id, int64_t id, struct conversation **out)
{
    DB_STMT st = NULL;
    *out = NULL;
    TRY(stmt_of(c, STR("SELECT " COLUMNS " FROM conversation WHERE bucket = $1 AND account_id = $2 AND id = $3"),
                account_id, &st));
    db_bind_i64(st, 3, id);
    if (!NEXT_ROW(c, st))
        return OK;
    *out = ARENA_NEW(c->arena, struct conversation);
    **out = read_one(c, st);
    return OK;
}

enum err store_conversation_set_read(struct ctx *c, int64_t account_id, int64_t id)
{
    return run_on(
        c, STR("UPDATE conversation SET unread = 0 WHERE bucket = $1 AND account_id = $2 AND id = $3 AND unread = 1"),
        account_id, id);
}

enum err store_conversation_delete(struct ctx *c, int64_t account_id, int64_t id)
{
    TRY(run_on(c, STR("DELETE FROM conversation WHERE bucket = $1 AND account_id = $2 AND id = $3"), account_id, id));
    return run_on(c,
                  STR("DELETE FROM conversation_status WHERE bucket = $1 AND account_id = $2 AND conversation_id = $3"),
                  account_id, id);
}

enum err store_conversation_clear(struct ctx *c, int64_t account_id)
{
    TRY(stmt_run_of(c, STR("DELETE FROM conversation WHERE bucket = $1 AND account_id = $2"), account_id));
    return stmt_run_of(c, STR("DELETE FROM conversation_status WHERE bucket = $1 AND account_id = $2"), account_id);
}

enum err store_conversation_list(struct ctx *c, int64_t account_id, const struct page *p, struct conversation **out,
                                 int64_t *n)
{
    DB_STMT st = NULL;
    int64_t limit = page_limit(p);
    *out = ARENA_ARRAY(c->arena, (size_t)limit, struct conversation);
    TRY(stmt_of(c,
                PAGE_SQL(p,
                         "SELECT " COLUMNS " FROM conversation WHERE bucket = $1 AND account_id = $2"
                         " AND last_status_id < $3 AND last_status_id > $4",
                         "last_status_id", "$5"),
                account_id, &st));
    page_bind(st, 3, p);
    TRY(read_all(c, st, limit, *out, n));
    page_turn(*out, *n, sizeof **out, p);
    return OK;
}

enum err store_conversation_unread(struct ctx *c, int64_t account_id, int64_t max, struct conversation *out, int64_t *n)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c,
                STR("SELECT " COLUMNS " FROM conversation WHERE bucket = $1 AND account_id = $2 AND unread = 1"
                    " ORDER BY last_status_id DESC LIMIT $3"),
                account_id, &st));
    db_bind_i64(st, 3, max);
    return read_all(c, st, max, out, n);
}

enum err store_conversation_statuses(struct ctx *c, int64_t conversation_id, const struct page *p,
                                     struct page_row **out, int64_t *n)
{
    return edge_page(c,
                     PAGE_SQL(p,
                              "SELECT status_id, status_id FROM conversation_status"
                              " WHERE bucket = $1 AND conversation_id = $2 AND status_id < $3 AND status_id > $4",
                              "status_id", "$5"),
                     conversation_id, p, out, n);
}

enum err store_conversation_status_list(struct ctx *c, int64_t account_id, const struct page *p, struct page_row **out,
                                        int64_t *n)
{
    return edge_page(c,
                     PAGE_SQL(p,
                              "SELECT status_id, status_id FROM conversation_status"
                              " WHERE bucket = $1 AND account_id = $2 AND status_id < $3 AND status_id > $4",
                              "status_id", "$5"),
                     account_id, p, out, n);
}
