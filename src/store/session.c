/* SPDX-License-Identifier: Apache-2.0 */
#include "store/session.h"

#include "base/id.h"
#include "store/claim.h"
#include "store/push.h"
#include "store/stmt.h"

#define COLUMNS "id, account_id, app_id, hash, scopes, scope_bits, created_ms, used_ms, ip, user_agent"

static struct session read_session(struct ctx *c, struct stmt *st)
{
    return (struct session){
        .id = db_col_i64(st, 0),
        .account_id = db_col_i64(st, 1),
        .app_id = db_col_i64(st, 2),
        .hash = db_col_str(st, c->arena, 3),
        .scope_text = db_col_str(st, c->arena, 4),
        .scopes = (uint64_t)db_col_i64(st, 5),
        .created_ms = db_col_i64(st, 6),
        .used_ms = db_col_i64(st, 7),
        .ip = db_col_str(st, c->arena, 8),
        .user_agent = db_col_str(st, c->arena, 9),
    };
}

enum err store_session_insert(struct ctx *c, struct session *s)
{
    int64_t bucket = id_bucket(s->account_id != 0 ? s->account_id : s->app_id);
    for (int64_t written = 0; written == 0;) {
        DB_STMT st = NULL;
        s->id = id_new(c, bucket);
        TRY(db_stmt(
            c,
            STR("INSERT INTO session (bucket, id, account_id, app_id, hash, scopes, scope_bits, created_ms, used_ms,"
                " ip, user_agent) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING"),
            &st));
        db_bind_i64(st, 1, bucket);
        db_bind_i64(st, 2, s->id);
        db_bind_i64(st, 3, s->account_id);
        db_bind_i64(st, 4, s->app_id);
        db_bind_str(st, 5, s->hash);
        db_bind_str(st, 6, s->scope_text.p == NULL ? STR("") : s->scope_text);
        db_bind_i64(st, 7, (int64_t)s->scopes);
        db_bind_i64(st, 8, s->created_ms);
        db_bind_i64(st, 9, s->used_ms);
        db_bind_str(st, 10, s->ip);
        db_bind_str(st, 11, s->user_agent);
        TRY(db_run(c, st, &written));
    }
    return store_claim_take(c, CLAIM_TOKEN, s->hash, s->id, 0);
}

enum err store_session_find(struct ctx *c, int64_t id, struct session **out)
{
    DB_STMT st = NULL;
    *out = NULL;
    TRY(stmt_of(c, STR("SELECT " COLUMNS " FROM session WHERE bucket = $1 AND id = $2"), id, &st));
    if (NEXT_ROW(c, st)) {
        *out = ARENA_NEW(c->arena, struct session);
        **out = read_session(c, st);
    }
    return OK;
}

enum err store_session_find_hash(struct ctx *c, struct str hash, struct session **out)
{
    int64_t id = 0;
    *out = NULL;
    TRY(store_claim_find(c, CLAIM_TOKEN, hash, &id));
    return id == 0 ? OK : store_session_find(c, id, out);
}

enum err store_session_list(struct ctx *c, int64_t account_id, int64_t limit, struct session **out, int64_t *n)
{
    DB_STMT st = NULL;
    *out = ARENA_ARRAY(c->arena, (size_t)limit, struct session);
    *n = 0;
    TRY(stmt_of(c,
                STR("SELECT " COLUMNS " FROM session WHERE bucket = $1 AND account_id = $2 ORDER BY id DESC LIMIT $3"),
                account_id, &st));
    db_bind_i64(st, 3, limit);
    while (*n < limit && NEXT_ROW(c, st))
        (*out)[(*n)++] = read_session(c, st);
    return OK;
}

enum err store_session_delete(struct ctx *c, const struct session *s)
{
    TRY(store_claim_release(c, CLAIM_TOKEN, s->hash, s->id));
    TRY(store_push_delete(c, s->account_id, s->id));
    return stmt_run_of(c, STR("DELETE FROM session WHERE bucket = $1 AND id = $2"), s->id);
}

enum err store_session_touch(struct ctx *c, int64_t id, int64_t used_ms, struct str ip)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, STR("UPDATE session SET used_ms = $3, ip = $4 WHERE bucket = $1 AND id = $2"), id, &st));
    db_bind_i64(st, 3, used_ms);
    db_bind_str(st, 4, ip);
    return db_run(c, st, NULL);
}
