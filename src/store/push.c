/* SPDX-License-Identifier: Apache-2.0 */
#include "store/push.h"

#include "store/stmt.h"

#define COLUMNS "account_id, session_id, id, endpoint, p256dh, auth, standard, alerts, policy, token, created_ms"

static struct push_subscription read_push(struct ctx *c, struct stmt *st)
{
    return (struct push_subscription){
        .account_id = db_col_i64(st, 0),
        .session_id = db_col_i64(st, 1),
        .id = db_col_i64(st, 2),
        .endpoint = db_col_str(st, c->arena, 3),
        .p256dh = db_col_str(st, c->arena, 4),
        .auth = db_col_str(st, c->arena, 5),
        .standard = db_col_i64(st, 6) != 0,
        .alerts = (uint64_t)db_col_i64(st, 7),
        .policy = (enum push_policy)db_col_i64(st, 8),
        .token = db_col_blob(st, c->arena, 9),
        .created_ms = db_col_i64(st, 10),
    };
}

enum err store_push_set(struct ctx *c, const struct push_subscription *p)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c,
                STR("INSERT INTO push_subscription (bucket, account_id, session_id, id, endpoint, p256dh, auth,"
                    " standard, alerts, policy, token, created_ms)"
                    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
                    " ON CONFLICT @ON(bucket, account_id, session_id) DO UPDATE SET id = excluded.id,"
                    " endpoint = excluded.endpoint, p256dh = excluded.p256dh, auth = excluded.auth,"
                    " standard = excluded.standard, alerts = excluded.alerts, policy = excluded.policy,"
                    " token = excluded.token, created_ms = excluded.created_ms"),
                p->account_id, &st));
    db_bind_i64(st, 3, p->session_id);
    db_bind_i64(st, 4, p->id);
    db_bind_str(st, 5, p->endpoint);
    db_bind_str(st, 6, p->p256dh);
    db_bind_str(st, 7, p->auth);
    db_bind_i64(st, 8, p->standard ? 1 : 0);
    db_bind_i64(st, 9, (int64_t)p->alerts);
    db_bind_i64(st, 10, (int64_t)p->policy);
    db_bind_blob(st, 11, p->token);
    db_bind_i64(st, 12, p->created_ms);
    return db_run(c, st, NULL);
}

enum err store_push_find(struct ctx *c, int64_t account_id, int64_t session_id, struct push_subscription **out)
{
    DB_STMT st = NULL;
    *out = NULL;
    TRY(stmt_of(c,
                STR("SELECT " COLUMNS " FROM push_subscription"
                    " WHERE bucket = $1 AND account_id = $2 AND session_id = $3"),
                account_id, &st));
    db_bind_i64(st, 3, session_id);
    if (NEXT_ROW(c, st)) {
        *out = ARENA_NEW(c->arena, struct push_subscription);
        **out = read_push(c, st);
    }
    return OK;
}

enum err store_push_list(struct ctx *c, int64_t account_id, struct push_subscription **out, int64_t *n)
{
    DB_STMT st = NULL;
    *out = ARENA_ARRAY(c->arena, PUSH_SESSIONS_MAX, struct push_subscription);
    *n = 0;
    TRY(stmt_of(c,
                STR("SELECT " COLUMNS " FROM push_subscription WHERE bucket = $1 AND account_id = $2"
                    " ORDER BY session_id LIMIT $3"),
                account_id, &st));
    db_bind_i64(st, 3, PUSH_SESSIONS_MAX);
    while (NEXT_ROW(c, st))
        (*out)[(*n)++] = read_push(c, st);
    return OK;
}

enum err store_push_has(struct ctx *c, int64_t account_id, bool *out)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c,
                STR("SELECT session_id FROM push_subscription WHERE bucket = $1 AND account_id = $2"
                    " ORDER BY session_id LIMIT 1"),
                account_id, &st));
    return db_step(c, st, out);
}

enum err store_push_delete(struct ctx *c, int64_t account_id, int64_t session_id)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, STR("DELETE FROM push_subscription WHERE bucket = $1 AND account_id = $2 AND session_id = $3"),
                account_id, &st));
    db_bind_i64(st, 3, session_id);
    return db_run(c, st, NULL);
}
