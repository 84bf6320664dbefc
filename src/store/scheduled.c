/* SPDX-License-Identifier: Apache-2.0 */
#include "store/scheduled.h"

#include "base/id.h"
#include "store/page.h"
#include "store/stmt.h"

#define COLUMNS "id, account_id, due_ms, draft, app_id, created_ms"

static struct scheduled read_scheduled(struct ctx *c, struct stmt *st)
{
    return (struct scheduled){
        .id = db_col_i64(st, 0),
        .account_id = db_col_i64(st, 1),
        .due_ms = db_col_i64(st, 2),
        .draft = db_col_str(st, c->arena, 3),
        .app_id = db_col_i64(st, 4),
        .created_ms = db_col_i64(st, 5),
    };
}

enum err store_scheduled_insert(struct ctx *c, struct scheduled *s)
{
    int64_t bucket = id_bucket(s->account_id);
    for (int64_t written = 0; written == 0;) {
        DB_STMT st = NULL;
        s->id = id_new(c, bucket);
        TRY(db_stmt(c,
                    STR("INSERT INTO scheduled (bucket, id, account_id, due_ms, draft, app_id, created_ms)"
                        " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING"),
                    &st));
        db_bind_i64(st, 1, bucket);
        db_bind_i64(st, 2, s->id);
        db_bind_i64(st, 3, s->account_id);
        db_bind_i64(st, 4, s->due_ms);
        db_bind_str(st, 5, s->draft);
        db_bind_i64(st, 6, s->app_id);
        db_bind_i64(st, 7, s->created_ms);
        TRY(db_run(c, st, &written));
    }
    return OK;
}

enum err store_scheduled_find(struct ctx *c, int64_t id, struct scheduled **out)
{
    DB_STMT st = NULL;
    *out = NULL;
    TRY(stmt_of(c, STR("SELECT " COLUMNS " FROM scheduled WHERE bucket = $1 AND id = $2"), id, &st));
    if (!NEXT_ROW(c, st))
        return OK;
    *out = ARENA_NEW(c->arena, struct scheduled);
    **out = read_scheduled(c, st);
    return OK;
}

enum err store_scheduled_list(struct ctx *c, int64_t account_id, const struct page *p, struct scheduled **out,
                              int64_t *n)
{
    DB_STMT st = NULL;
    int64_t limit = page_limit(p);
    *out = ARENA_ARRAY(c->arena, (size_t)limit, struct scheduled);
    *n = 0;
    TRY(stmt_of(c,
                PAGE_SQL(p,
                         "SELECT " COLUMNS " FROM scheduled WHERE bucket = $1 AND account_id = $2 AND id < $3"
                         " AND id > $4",
                         "id", "$5"),
                account_id, &st));
    page_bind(st, 3, p);
    while (*n < limit && NEXT_ROW(c, st))
        (*out)[(*n)++] = read_scheduled(c, st);
    page_turn(*out, *n, sizeof **out, p);
    return OK;
}

enum err store_scheduled_count(struct ctx *c, int64_t account_id, int64_t from_ms, int64_t until_ms, int64_t *all,
                               int64_t *between)
{
    DB_STMT st = NULL;
    bool row = false;
    TRY(stmt_of(c,
                STR("SELECT COUNT(*), COALESCE(SUM(CASE WHEN due_ms >= $3 AND due_ms < $4 THEN 1 ELSE 0 END), 0)"
                    " FROM scheduled WHERE bucket = $1 AND account_id = $2"),
                account_id, &st));
    db_bind_i64(st, 3, from_ms);
    db_bind_i64(st, 4, until_ms);
    TRY(db_step(c, st, &row));
    *all = db_col_i64(st, 0);
    *between = db_col_i64(st, 1);
    return OK;
}

enum err store_scheduled_move(struct ctx *c, int64_t id, int64_t due_ms, bool *found)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, STR("UPDATE scheduled SET due_ms = $3 WHERE bucket = $1 AND id = $2"), id, &st));
    db_bind_i64(st, 3, due_ms);
    return stmt_wrote(c, st, found);
}

enum err store_scheduled_delete(struct ctx *c, int64_t id, bool *found)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, STR("DELETE FROM scheduled WHERE bucket = $1 AND id = $2"), id, &st));
    return stmt_wrote(c, st, found);
}

enum err store_scheduled_clear(struct ctx *c, int64_t account_id)
{
    return stmt_run_of(c, STR("DELETE FROM scheduled WHERE bucket = $1 AND account_id = $2"), account_id);
}
