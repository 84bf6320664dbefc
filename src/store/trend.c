/* SPDX-License-Identifier: Apache-2.0 */
#include "store/trend.h"

#include "store/stmt.h"
#include "store/tx.h"

enum err store_trend_save(struct ctx *c, enum trend_kind kind, struct str json)
{
    TX tx = { 0 };
    DB_STMT st = NULL;
    TRY(tx_begin_derived(c, &tx));
    TRY(db_stmt(c,
                STR("INSERT INTO derived.trend (kind, saved_ms, things) VALUES ($1, $2, $3)"
                    " ON CONFLICT (kind) DO UPDATE SET saved_ms = excluded.saved_ms, things = excluded.things"),
                &st));
    db_bind_i64(st, 1, kind);
    db_bind_i64(st, 2, c->now_ms);
    db_bind_str(st, 3, json);
    TRY(db_run(c, st, NULL));
    return tx_commit(&tx);
}

enum err store_trend_load(struct ctx *c, enum trend_kind kind, struct str *json)
{
    DB_STMT st = NULL;
    *json = (struct str){ 0 };
    TRY(db_stmt(c, STR("SELECT things FROM derived.trend WHERE kind = $1"), &st));
    db_bind_i64(st, 1, kind);
    if (NEXT_ROW(c, st))
        *json = db_col_str(st, c->arena, 0);
    return OK;
}

enum err store_trend_review_put(struct ctx *c, const struct trend_review *r)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c,
                STR("INSERT INTO trend_review (kind, id, name, verdict, by_id, at_ms) VALUES ($1, $2, $3, $4, $5, $6)"
                    " ON CONFLICT (kind, id) DO UPDATE SET verdict = excluded.verdict, by_id = excluded.by_id,"
                    " at_ms = excluded.at_ms"),
                &st));
    db_bind_i64(st, 1, r->kind);
    db_bind_i64(st, 2, r->id);
    db_bind_str(st, 3, r->name.p == NULL ? STR("") : r->name);
    db_bind_i64(st, 4, r->verdict);
    db_bind_i64(st, 5, r->by_id);
    db_bind_i64(st, 6, r->at_ms);
    return db_run(c, st, NULL);
}

enum err store_trend_review_delete(struct ctx *c, enum trend_kind kind, int64_t id)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c, STR("DELETE FROM trend_review WHERE kind = $1 AND id = $2"), &st));
    db_bind_i64(st, 1, kind);
    db_bind_i64(st, 2, id);
    return db_run(c, st, NULL);
}

enum err store_trend_review_sweep(struct ctx *c, int64_t before_ms)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c, STR("DELETE FROM trend_review WHERE at_ms < $1 AND kind = $2"), &st));
    db_bind_i64(st, 1, before_ms);
    db_bind_i64(st, 2, TREND_STATUS);
    return db_run(c, st, NULL);
}

enum err store_trend_reviews(struct ctx *c, enum trend_kind kind, const int64_t *ids, int64_t n,
                             enum trend_verdict *out)
{
    DB_STMT st = NULL;
    for (int64_t i = 0; i < n; i++)
        out[i] = TREND_OPEN;
    if (n == 0)
        return OK;
    TRY(db_stmt(c, STR("SELECT id, verdict FROM trend_review WHERE kind = $1 AND id @IN($2)"), &st));
    db_bind_i64(st, 1, kind);
    db_bind_ids(st, 2, ids, (size_t)n);
    while (NEXT_ROW(c, st)) {
        for (int64_t i = 0; i < n; i++)
            if (ids[i] == db_col_i64(st, 0))
                out[i] = (enum trend_verdict)db_col_i64(st, 1);
    }
    return OK;
}
