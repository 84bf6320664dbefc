/* SPDX-License-Identifier: Apache-2.0 */
#include "store/setting.h"

#include "base/clock.h"
#include "base/id.h"
#include "db/db.h"
#include "model/standing.h"

#define SETTINGS_MAX 200

enum err store_setting_list(struct ctx *c, struct setting **out, int64_t *n)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c, STR("SELECT key, value FROM setting ORDER BY key LIMIT $1"), &st));
    db_bind_i64(st, 1, SETTINGS_MAX);
    *out = ARENA_ARRAY(c->arena, SETTINGS_MAX, struct setting);
    *n = 0;
    for (bool row = true;;) {
        TRY(db_step(c, st, &row));
        if (!row)
            return OK;
        (*out)[(*n)++] = (struct setting){ db_col_str(st, c->arena, 0), db_col_str(st, c->arena, 1) };
    }
}

enum err store_setting_set(struct ctx *c, struct str key, struct str value)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c,
                STR("INSERT INTO setting (key, value) VALUES ($1, $2)"
                    " ON CONFLICT (key) DO UPDATE SET value = excluded.value"),
                &st));
    db_bind_str(st, 1, key);
    db_bind_str(st, 2, value);
    return db_run(c, st, NULL);
}

enum err store_rule_list(struct ctx *c, struct rule **out, int64_t *n)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c, STR("SELECT id, text, hint FROM rule ORDER BY place, id LIMIT $1"), &st));
    db_bind_i64(st, 1, RULES_MAX);
    *out = ARENA_ARRAY(c->arena, RULES_MAX, struct rule);
    *n = 0;
    for (bool row = true;;) {
        TRY(db_step(c, st, &row));
        if (!row)
            return OK;
        (*out)[(*n)++] = (struct rule){ db_col_i64(st, 0), db_col_str(st, c->arena, 1), db_col_str(st, c->arena, 2) };
    }
}

enum err store_rule_replace(struct ctx *c, const struct rule *rules, int64_t n)
{
    TRY(db_exec(c, STR("DELETE FROM rule")));
    for (int64_t i = 0; i < n; i++) {
        DB_STMT st = NULL;
        TRY(db_stmt(c, STR("INSERT INTO rule (id, text, hint, place) VALUES ($1, $2, $3, $4)"), &st));
        db_bind_i64(st, 1, rules[i].id);
        db_bind_str(st, 2, rules[i].text);
        db_bind_str(st, 3, rules[i].hint.p == NULL ? STR("") : rules[i].hint);
        db_bind_i64(st, 4, i);
        TRY(db_run(c, st, NULL));
    }
    return OK;
}

static enum err one(struct ctx *c, struct str sql, int64_t arg, int64_t *out)
{
    DB_STMT st = NULL;
    bool row = false;
    TRY(db_stmt(c, sql, &st));
    db_bind_i64(st, 1, arg);
    TRY(db_step(c, st, &row));
    *out = row ? db_col_i64(st, 0) : 0;
    return OK;
}

/* all shards: figures of the site, kept by the caller */
enum err store_site_counts(struct ctx *c, struct site_counts *out)
{
    TRY(one(c, STR("SELECT COUNT(*) FROM account WHERE domain IS NULL AND active = 1 AND standing <> $1"),
            STANDING_SUSPENDED, &out->members));
    TRY(one(c, STR("SELECT COUNT(*) FROM member WHERE seen_ms >= $1"), c->now_ms - 30 * DAY_MS, &out->active_month));
    TRY(one(c, STR("SELECT COUNT(*) FROM member WHERE seen_ms >= $1"), c->now_ms - 182 * DAY_MS,
            &out->active_half_year));
    return one(c, STR("SELECT COALESCE(SUM(statuses_count), 0) FROM account WHERE domain IS NULL AND standing <> $1"),
               STANDING_SUSPENDED, &out->statuses);
}

/* all shards: once at start */
enum err store_newest_id(struct ctx *c, int64_t *out)
{
    int64_t id = 0;
    *out = 0;
    TRY(one(c, STR("SELECT COALESCE(MAX(id), 0) FROM status WHERE id > $1"), 0, &id));
    *out = id > *out ? id : *out;
    TRY(one(c, STR("SELECT COALESCE(MAX(id), 0) FROM notification WHERE id > $1"), 0, &id));
    *out = id > *out ? id : *out;
    TRY(one(c, STR("SELECT COALESCE(MAX(id), 0) FROM session WHERE id > $1"), 0, &id));
    *out = id > *out ? id : *out;
    TRY(one(c, STR("SELECT COALESCE(MAX(id), 0) FROM account WHERE id > $1"), 0, &id));
    *out = id > *out ? id : *out;
    return OK;
}
