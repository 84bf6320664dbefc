/* SPDX-License-Identifier: Apache-2.0 */
#include "store/app.h"

#include "base/id.h"
#include "store/claim.h"
#include "store/stmt.h"

enum err store_app_insert(struct ctx *c, struct app *a)
{
    int64_t bucket = id_bucket_of(a->client_id);
    for (int64_t written = 0; written == 0;) {
        DB_STMT st = NULL;
        a->id = id_new(c, bucket);
        TRY(db_stmt(
            c,
            STR("INSERT INTO app (bucket, id, client_id, secret, name, website, redirect_uris, scopes, created_ms)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING"),
            &st));
        db_bind_i64(st, 1, bucket);
        db_bind_i64(st, 2, a->id);
        db_bind_str(st, 3, a->client_id);
        db_bind_str(st, 4, a->secret);
        db_bind_str(st, 5, a->name);
        db_bind_str(st, 6, a->website);
        db_bind_str(st, 7, a->redirect_uris);
        db_bind_str(st, 8, a->scopes);
        db_bind_i64(st, 9, a->created_ms);
        TRY(db_run(c, st, &written));
    }
    return store_claim_take(c, CLAIM_CLIENT, a->client_id, a->id, 0);
}

enum err store_app_find(struct ctx *c, int64_t id, struct app **out)
{
    DB_STMT st = NULL;
    *out = NULL;
    TRY(stmt_of(c,
                STR("SELECT id, client_id, secret, name, website, redirect_uris, scopes, created_ms FROM app"
                    " WHERE bucket = $1 AND id = $2"),
                id, &st));
    if (!NEXT_ROW(c, st))
        return OK;
    *out = ARENA_NEW(c->arena, struct app);
    **out = (struct app){
        .id = db_col_i64(st, 0),
        .client_id = db_col_str(st, c->arena, 1),
        .secret = db_col_str(st, c->arena, 2),
        .name = db_col_str(st, c->arena, 3),
        .website = db_col_str(st, c->arena, 4),
        .redirect_uris = db_col_str(st, c->arena, 5),
        .scopes = db_col_str(st, c->arena, 6),
        .created_ms = db_col_i64(st, 7),
    };
    return OK;
}

enum err store_app_find_client(struct ctx *c, struct str client_id, struct app **out)
{
    int64_t id = 0;
    *out = NULL;
    TRY(store_claim_find(c, CLAIM_CLIENT, client_id, &id));
    return id == 0 ? OK : store_app_find(c, id, out);
}
