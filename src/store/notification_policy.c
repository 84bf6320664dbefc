/* SPDX-License-Identifier: Apache-2.0 */
#include "store/notification_policy.h"

#include "store/edge.h"
#include "store/stmt.h"

enum err store_policy_load(struct ctx *c, const int64_t *ids, int64_t n, struct notification_policy *out, bool *any)
{
    DB_STMT st = NULL;
    *any = false;
    for (int64_t i = 0; i < n; i++)
        out[i] = (struct notification_policy){ .of = { [RULE_LIMITED] = HEAR_DROP } };
    if (n == 0)
        return OK;
    TRY(db_stmt(c,
                STR("SELECT account_id, rule, verdict FROM notification_rule"
                    " WHERE bucket @IN($1) AND account_id @IN($2)"),
                &st));
    db_bind_ids(st, 1, edge_buckets(c, ids, n), (size_t)n);
    db_bind_ids(st, 2, ids, (size_t)n);
    while (NEXT_ROW(c, st)) {
        int64_t rule = db_col_i64(st, 1);
        for (int64_t i = 0; i < n && rule >= 0 && rule < NOTE_RULES; i++)
            if (ids[i] == db_col_i64(st, 0))
                out[i].of[rule] = (enum notification_verdict)db_col_i64(st, 2);
        *any = true;
    }
    return OK;
}

enum err store_policy_set(struct ctx *c, int64_t account_id, enum notification_rule rule,
                          enum notification_verdict verdict)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c,
                STR("INSERT INTO notification_rule (bucket, account_id, rule, verdict) VALUES ($1, $2, $3, $4)"
                    " ON CONFLICT @ON(bucket, account_id, rule) DO UPDATE SET verdict = excluded.verdict"),
                account_id, &st));
    db_bind_i64(st, 3, (int64_t)rule);
    db_bind_i64(st, 4, (int64_t)verdict);
    return db_run(c, st, NULL);
}

static void know(struct acquaintance *a, int64_t how, int64_t id)
{
    switch (how) {
    case 0: a->followed_by_id = id; break;
    case 1: a->follows = true; break;
    default: a->permitted = true; break;
    }
}

enum err store_policy_readers(struct ctx *c, int64_t from_id, const int64_t *ids, int64_t n, struct acquaintance *out)
{
    DB_STMT st = NULL;
    for (int64_t i = 0; i < n; i++)
        out[i] = (struct acquaintance){ 0 };
    if (n == 0)
        return OK;
    TRY(stmt_of(c,
                STR("SELECT 0, target_id, id FROM follow WHERE bucket = $1 AND account_id = $2 AND target_id @IN($3)"
                    " UNION ALL SELECT 1, source_id, id FROM follower"
                    " WHERE bucket = $1 AND account_id = $2 AND source_id @IN($3)"
                    " UNION ALL SELECT 2, account_id, 0 FROM notification_permit"
                    " WHERE bucket @IN($4) AND account_id @IN($3) AND from_id = $2"),
                from_id, &st));
    db_bind_ids(st, 3, ids, (size_t)n);
    db_bind_ids(st, 4, edge_buckets(c, ids, n), (size_t)n);
    while (NEXT_ROW(c, st)) {
        for (int64_t i = 0; i < n; i++)
            if (ids[i] == db_col_i64(st, 1))
                know(&out[i], db_col_i64(st, 0), db_col_i64(st, 2));
    }
    return OK;
}

enum err store_policy_permitted(struct ctx *c, int64_t reader_id, const int64_t *from, int64_t n, bool *out)
{
    DB_STMT st = NULL;
    for (int64_t i = 0; i < n; i++)
        out[i] = false;
    TRY(stmt_of(
        c, STR("SELECT from_id FROM notification_permit WHERE bucket = $1 AND account_id = $2 AND from_id @IN($3)"),
        reader_id, &st));
    db_bind_ids(st, 3, from, (size_t)n);
    while (NEXT_ROW(c, st)) {
        for (int64_t i = 0; i < n; i++)
            out[i] = out[i] || from[i] == db_col_i64(st, 0);
    }
    return OK;
}

enum err store_policy_permit(struct ctx *c, int64_t reader_id, int64_t from_id)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c,
                STR("INSERT INTO notification_permit (bucket, account_id, from_id) VALUES ($1, $2, $3)"
                    " ON CONFLICT DO NOTHING"),
                reader_id, &st));
    db_bind_i64(st, 3, from_id);
    return db_run(c, st, NULL);
}

enum err store_policy_clear(struct ctx *c, int64_t account_id)
{
    TRY(stmt_run_of(c, STR("DELETE FROM notification_rule WHERE bucket = $1 AND account_id = $2"), account_id));
    return stmt_run_of(c, STR("DELETE FROM notification_permit WHERE bucket = $1 AND account_id = $2"), account_id);
}
