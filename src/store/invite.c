/* SPDX-License-Identifier: Apache-2.0 */
#include "store/invite.h"

#include "base/id.h"
#include "store/claim.h"
#include "store/stmt.h"

#define COLUMNS "id, account_id, code, note, uses, uses_max, created_ms, expires_ms"

static struct invite read_invite(struct ctx *c, struct stmt *st)
{
    return (struct invite){
        .id = db_col_i64(st, 0),
        .account_id = db_col_i64(st, 1),
        .code = db_col_str(st, c->arena, 2),
        .note = db_col_str(st, c->arena, 3),
        .uses = db_col_i64(st, 4),
        .uses_max = db_col_i64(st, 5),
        .created_ms = db_col_i64(st, 6),
        .expires_ms = db_col_i64(st, 7),
    };
}

enum err store_invite_insert(struct ctx *c, struct invite *i)
{
    int64_t bucket = id_bucket(i->account_id);
    for (int64_t written = 0; written == 0;) {
        DB_STMT st = NULL;
        i->id = id_new(c, bucket);
        TRY(db_stmt(c,
                    STR("INSERT INTO invite (bucket, id, account_id, code, note, uses_max, created_ms, expires_ms)"
                        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING"),
                    &st));
        db_bind_i64(st, 1, bucket);
        db_bind_i64(st, 2, i->id);
        db_bind_i64(st, 3, i->account_id);
        db_bind_str(st, 4, i->code);
        db_bind_str(st, 5, i->note);
        db_bind_i64(st, 6, i->uses_max);
        db_bind_i64(st, 7, i->created_ms);
        db_bind_i64(st, 8, i->expires_ms);
        TRY(db_run(c, st, &written));
    }
    return store_claim_take(c, CLAIM_INVITE, i->code, i->id, 0);
}

enum err store_invite_find(struct ctx *c, struct str code, struct invite **out)
{
    DB_STMT st = NULL;
    int64_t id = 0;
    *out = NULL;
    TRY(store_claim_find(c, CLAIM_INVITE, code, &id));
    if (id == 0)
        return OK;
    TRY(stmt_of(c, STR("SELECT " COLUMNS " FROM invite WHERE bucket = $1 AND id = $2"), id, &st));
    if (NEXT_ROW(c, st)) {
        *out = ARENA_NEW(c->arena, struct invite);
        **out = read_invite(c, st);
    }
    return OK;
}

enum err store_invite_use(struct ctx *c, int64_t id)
{
    DB_STMT st = NULL;
    int64_t changed = 0;
    TRY(stmt_of(c,
                STR("UPDATE invite SET uses = uses + 1 WHERE bucket = $1 AND id = $2"
                    " AND (uses_max = 0 OR uses < uses_max) AND (expires_ms = 0 OR expires_ms > $3)"),
                id, &st));
    db_bind_i64(st, 3, c->now_ms);
    TRY(db_run(c, st, &changed));
    return changed == 1 ? OK : fail(c, ERR_CONFLICT, "This invitation is used up");
}

enum err store_invite_list(struct ctx *c, int64_t account_id, int64_t limit, struct invite **out, int64_t *n)
{
    DB_STMT st = NULL;
    *out = ARENA_ARRAY(c->arena, (size_t)limit, struct invite);
    *n = 0;
    TRY(stmt_of(c,
                STR("SELECT " COLUMNS " FROM invite WHERE bucket = $1 AND account_id = $2 ORDER BY id DESC LIMIT $3"),
                account_id, &st));
    db_bind_i64(st, 3, limit);
    while (*n < limit && NEXT_ROW(c, st))
        (*out)[(*n)++] = read_invite(c, st);
    return OK;
}

enum err store_invite_delete(struct ctx *c, const struct invite *i)
{
    TRY(store_claim_release(c, CLAIM_INVITE, i->code, i->id));
    return stmt_run_of(c, STR("DELETE FROM invite WHERE bucket = $1 AND id = $2"), i->id);
}
