/* SPDX-License-Identifier: Apache-2.0 */
#include "store/claim.h"

#include "base/id.h"
#include "store/stmt.h"

enum err store_claim_take(struct ctx *c, enum claim kind, struct str value, int64_t id, int64_t expires_ms)
{
    DB_STMT st = NULL;
    int64_t changed = 0;
    TRY(db_stmt(c,
                STR("INSERT INTO name_claim (bucket, kind, value, id, expires_ms) VALUES ($1, $2, $3, $4, $5)"
                    " ON CONFLICT (bucket, kind, value) DO UPDATE SET id = $4, expires_ms = $5"
                    " WHERE name_claim.expires_ms > 0 AND name_claim.expires_ms <= $6"),
                &st));
    db_bind_i64(st, 1, id_bucket_of(value));
    db_bind_i64(st, 2, (int64_t)kind);
    db_bind_str(st, 3, value);
    db_bind_i64(st, 4, id);
    db_bind_i64(st, 5, expires_ms);
    db_bind_i64(st, 6, c->now_ms);
    TRY(db_run(c, st, &changed));
    return changed == 1 ? OK : fail(c, ERR_CONFLICT, "This is taken already");
}

enum err store_claim_find(struct ctx *c, enum claim kind, struct str value, int64_t *id)
{
    DB_STMT st = NULL;
    *id = 0;
    TRY(db_stmt(c,
                STR("SELECT id FROM name_claim WHERE bucket = $1 AND kind = $2 AND value = $3"
                    " AND (expires_ms = 0 OR expires_ms > $4)"),
                &st));
    db_bind_i64(st, 1, id_bucket_of(value));
    db_bind_i64(st, 2, (int64_t)kind);
    db_bind_str(st, 3, value);
    db_bind_i64(st, 4, c->now_ms);
    if (NEXT_ROW(c, st))
        *id = db_col_i64(st, 0);
    return OK;
}

enum err store_claim_release(struct ctx *c, enum claim kind, struct str value, int64_t id)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c, STR("DELETE FROM name_claim WHERE bucket = $1 AND kind = $2 AND value = $3 AND id = $4"), &st));
    db_bind_i64(st, 1, id_bucket_of(value));
    db_bind_i64(st, 2, (int64_t)kind);
    db_bind_str(st, 3, value);
    db_bind_i64(st, 4, id);
    return db_run(c, st, NULL);
}

/* all shards: housekeeping */
enum err store_claim_sweep(struct ctx *c, int64_t limit, int64_t *n)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c,
                STR("DELETE FROM name_claim WHERE (bucket, kind, value) IN (SELECT bucket, kind, value FROM name_claim"
                    " WHERE expires_ms > 0 AND expires_ms <= $1 ORDER BY expires_ms LIMIT $2)"),
                &st));
    db_bind_i64(st, 1, c->now_ms);
    db_bind_i64(st, 2, limit);
    return db_run(c, st, n);
}
