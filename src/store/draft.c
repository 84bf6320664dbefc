/* SPDX-License-Identifier: Apache-2.0 */
#include "store/draft.h"

#include "base/id.h"
#include "store/page.h"
#include "store/stmt.h"

#define COLUMNS "id, account_id, version, draft, created_ms, updated_ms"

static struct saved_draft read_draft(struct ctx *c, struct stmt *st)
{
    return (struct saved_draft){
        .id = db_col_i64(st, 0),
        .account_id = db_col_i64(st, 1),
        .version = db_col_i64(st, 2),
        .draft = db_col_str(st, c->arena, 3),
        .created_ms = db_col_i64(st, 4),
        .updated_ms = db_col_i64(st, 5),
    };
}

enum err store_draft_insert(struct ctx *c, struct saved_draft *d)
{
    int64_t bucket = id_bucket(d->account_id);
    for (int64_t written = 0; written == 0;) {
        DB_STMT st = NULL;
        d->id = id_new(c, bucket);
        TRY(db_stmt(c,
                    STR("INSERT INTO draft (bucket, id, account_id, version, draft, created_ms, updated_ms)"
                        " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING"),
                    &st));
        db_bind_i64(st, 1, bucket);
        db_bind_i64(st, 2, d->id);
        db_bind_i64(st, 3, d->account_id);
        db_bind_i64(st, 4, d->version);
        db_bind_str(st, 5, d->draft);
        db_bind_i64(st, 6, d->created_ms);
        db_bind_i64(st, 7, d->updated_ms);
        TRY(db_run(c, st, &written));
    }
    return OK;
}

enum err store_draft_find(struct ctx *c, int64_t id, struct saved_draft **out)
{
    DB_STMT st = NULL;
    *out = NULL;
    TRY(stmt_of(c, STR("SELECT " COLUMNS " FROM draft WHERE bucket = $1 AND id = $2"), id, &st));
    if (!NEXT_ROW(c, st))
        return OK;
    *out = ARENA_NEW(c->arena, struct saved_draft);
    **out = read_draft(c, st);
    return OK;
}

enum err store_draft_list(struct ctx *c, int64_t account_id, const struct page *p, struct saved_draft **out, int64_t *n)
{
    DB_STMT st = NULL;
    int64_t limit = page_limit(p);
    *out = ARENA_ARRAY(c->arena, (size_t)limit, struct saved_draft);
    *n = 0;
    TRY(stmt_of(c,
                PAGE_SQL(p,
                         "SELECT " COLUMNS " FROM draft WHERE bucket = $1 AND account_id = $2 AND id < $3 AND id > $4",
                         "id", "$5"),
                account_id, &st));
    page_bind(st, 3, p);
    while (*n < limit && NEXT_ROW(c, st))
        (*out)[(*n)++] = read_draft(c, st);
    page_turn(*out, *n, sizeof **out, p);
    return OK;
}

enum err store_draft_count(struct ctx *c, int64_t account_id, int64_t *n)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, STR("SELECT COUNT(*) FROM draft WHERE bucket = $1 AND account_id = $2"), account_id, &st));
    return stmt_number(c, st, n);
}

enum err store_draft_update(struct ctx *c, const struct saved_draft *d, bool *found)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c,
                STR("UPDATE draft SET draft = $4, updated_ms = $5, version = version + 1"
                    " WHERE bucket = $1 AND id = $2 AND version = $3"),
                d->id, &st));
    db_bind_i64(st, 3, d->version);
    db_bind_str(st, 4, d->draft);
    db_bind_i64(st, 5, d->updated_ms);
    return stmt_wrote(c, st, found);
}

enum err store_draft_delete(struct ctx *c, int64_t id, bool *found)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, STR("DELETE FROM draft WHERE bucket = $1 AND id = $2"), id, &st));
    return stmt_wrote(c, st, found);
}

enum err store_draft_clear(struct ctx *c, int64_t account_id)
{
    return stmt_run_of(c, STR("DELETE FROM draft WHERE bucket = $1 AND account_id = $2"), account_id);
}
