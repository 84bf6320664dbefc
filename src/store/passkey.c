/* SPDX-License-Identifier: Apache-2.0 */
#include "store/passkey.h"

#include "base/id.h"
#include "store/claim.h"
#include "store/stmt.h"

#define COLUMNS                                                                                                     \
    "id, account_id, name, credential, handle, algorithm, public_key, transports, sign_count, synced, created_ms, " \
    "used_ms"

static struct passkey read_passkey(struct ctx *c, struct stmt *st)
{
    struct arena *a = c->arena;
    return (struct passkey){
        .id = db_col_i64(st, 0),
        .account_id = db_col_i64(st, 1),
        .name = db_col_str(st, a, 2),
        .credential = db_col_str(st, a, 3),
        .handle = db_col_str(st, a, 4),
        .algorithm = db_col_i64(st, 5),
        .public_key = db_col_blob(st, a, 6),
        .transports = db_col_str(st, a, 7),
        .sign_count = db_col_i64(st, 8),
        .synced = db_col_i64(st, 9) != 0,
        .created_ms = db_col_i64(st, 10),
        .used_ms = db_col_i64(st, 11),
    };
}

enum err store_passkey_insert(struct ctx *c, struct passkey *p, struct str claim)
{
    int64_t bucket = id_bucket(p->account_id);
    for (int64_t written = 0; written == 0;) {
        DB_STMT st = NULL;
        p->id = id_new(c, bucket);
        TRY(db_stmt(c,
                    STR("INSERT INTO passkey (bucket, id, account_id, name, credential, handle, algorithm, public_key,"
                        " transports, sign_count, synced, created_ms)"
                        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING"),
                    &st));
        db_bind_i64(st, 1, bucket);
        db_bind_i64(st, 2, p->id);
        db_bind_i64(st, 3, p->account_id);
        db_bind_str(st, 4, p->name);
        db_bind_str(st, 5, p->credential);
        db_bind_str(st, 6, p->handle);
        db_bind_i64(st, 7, p->algorithm);
        db_bind_blob(st, 8, p->public_key);
        db_bind_str(st, 9, p->transports);
        db_bind_i64(st, 10, p->sign_count);
        db_bind_i64(st, 11, p->synced);
        db_bind_i64(st, 12, p->created_ms);
        TRY(db_run(c, st, &written));
    }
    return store_claim_take(c, CLAIM_PASSKEY, claim, p->id, 0);
}

enum err store_passkey_find(struct ctx *c, int64_t id, struct passkey **out)
{
    DB_STMT st = NULL;
    *out = NULL;
    TRY(stmt_of(c, STR("SELECT " COLUMNS " FROM passkey WHERE bucket = $1 AND id = $2"), id, &st));
    if (!NEXT_ROW(c, st))
        return OK;
    *out = ARENA_NEW(c->arena, struct passkey);
    **out = read_passkey(c, st);
    return OK;
}

enum err store_passkey_find_claim(struct ctx *c, struct str claim, struct passkey **out)
{
    int64_t id = 0;
    *out = NULL;
    TRY(store_claim_find(c, CLAIM_PASSKEY, claim, &id));
    return id == 0 ? OK : store_passkey_find(c, id, out);
}

enum err store_passkey_list(struct ctx *c, int64_t account_id, int64_t limit, struct passkey **out, int64_t *n)
{
    DB_STMT st = NULL;
    *out = ARENA_ARRAY(c->arena, (size_t)limit, struct passkey);
    *n = 0;
    TRY(stmt_of(c, STR("SELECT " COLUMNS " FROM passkey WHERE bucket = $1 AND account_id = $2 ORDER BY id LIMIT $3"),
                account_id, &st));
    db_bind_i64(st, 3, limit);
    while (*n < limit && NEXT_ROW(c, st))
        (*out)[(*n)++] = read_passkey(c, st);
    return OK;
}

enum err store_passkey_rename(struct ctx *c, int64_t id, struct str name)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, STR("UPDATE passkey SET name = $3 WHERE bucket = $1 AND id = $2"), id, &st));
    db_bind_str(st, 3, name);
    return db_run(c, st, NULL);
}

enum err store_passkey_use(struct ctx *c, const struct passkey *p, int64_t sign_count, bool *counted)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c,
                STR("UPDATE passkey SET sign_count = $3, used_ms = $4 WHERE bucket = $1 AND id = $2"
                    " AND (sign_count < $3 OR (sign_count = 0 AND $3 = 0))"),
                p->id, &st));
    db_bind_i64(st, 3, sign_count);
    db_bind_i64(st, 4, c->now_ms);
    return stmt_wrote(c, st, counted);
}

enum err store_passkey_delete(struct ctx *c, const struct passkey *p, struct str claim)
{
    TRY(store_claim_release(c, CLAIM_PASSKEY, claim, p->id));
    return stmt_run_of(c, STR("DELETE FROM passkey WHERE bucket = $1 AND id = $2"), p->id);
}
