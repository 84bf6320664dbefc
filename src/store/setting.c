/* SPDX-License-Identifier: Apache-2.0 */
#include "store/setting.h"

#include <stddef.h>

#include "base/clock.h"
#include "base/id.h"
#include "model/standing.h"
#include "store/stmt.h"
#include "store/tx.h"

#define SETTINGS_MAX 200

enum err store_setting_list(struct ctx *c, struct setting **out, int64_t *n)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c, STR("SELECT key, value FROM setting ORDER BY key LIMIT $1"), &st));
    db_bind_i64(st, 1, SETTINGS_MAX);
    *out = ARENA_ARRAY(c->arena, SETTINGS_MAX, struct setting);
    *n = 0;
    while (NEXT_ROW(c, st))
        (*out)[(*n)++] = (struct setting){ db_col_str(st, c->arena, 0), db_col_str(st, c->arena, 1) };
    return OK;
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
    while (NEXT_ROW(c, st))
        (*out)[(*n)++] = (struct rule){ db_col_i64(st, 0), db_col_str(st, c->arena, 1), db_col_str(st, c->arena, 2) };
    return OK;
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
    TRY(db_stmt(c, sql, &st));
    db_bind_i64(st, 1, arg);
    return stmt_number(c, st, out);
}

/* all shards: the keeper counts the site in the background */
enum err store_site_count_slice(struct ctx *c, int64_t *after_id, struct site_counts *sum)
{
    DB_STMT st = NULL;
    bool row = false;
    TRY(db_stmt(c,
                STR("SELECT COUNT(*), MAX(id), SUM(shown), SUM(CASE WHEN seen_ms >= $2 THEN shown ELSE 0 END),"
                    " SUM(CASE WHEN seen_ms >= $3 THEN shown ELSE 0 END), SUM(shown * statuses_count),"
                    " SUM(CASE WHEN seen_ms >= $6 THEN shown ELSE 0 END), SUM(CASE WHEN id >= $7 THEN shown ELSE 0 END)"
                    " FROM (SELECT a.id AS id, a.statuses_count AS statuses_count, m.seen_ms AS seen_ms,"
                    " CASE WHEN a.active = 1 AND a.standing <> $4 THEN 1 ELSE 0 END AS shown"
                    " FROM account a JOIN member m ON m.bucket = a.bucket AND m.id = a.id"
                    " WHERE a.id > $1 ORDER BY a.id LIMIT $5) slice"),
                &st));
    db_bind_i64(st, 1, *after_id);
    db_bind_i64(st, 2, c->now_ms - 30 * DAY_MS);
    db_bind_i64(st, 3, c->now_ms - 182 * DAY_MS);
    db_bind_i64(st, 4, STANDING_SUSPENDED);
    db_bind_i64(st, 5, SITE_COUNT_SLICE);
    db_bind_i64(st, 6, sum->week_ms);
    db_bind_i64(st, 7, id_floor(sum->week_ms));
    TRY(db_step(c, st, &row));
    *after_id = db_col_i64(st, 0) < SITE_COUNT_SLICE ? 0 : db_col_i64(st, 1);
    sum->members += db_col_i64(st, 2);
    sum->active_month += db_col_i64(st, 3);
    sum->active_half_year += db_col_i64(st, 4);
    sum->statuses += db_col_i64(st, 5);
    sum->active_week += db_col_i64(st, 6);
    sum->joined_week += db_col_i64(st, 7);
    return OK;
}

static const struct {
    const char *name;
    size_t at;
} figures[] = {
    { "members", offsetof(struct site_counts, members) },
    { "active_month", offsetof(struct site_counts, active_month) },
    { "active_half_year", offsetof(struct site_counts, active_half_year) },
    { "statuses", offsetof(struct site_counts, statuses) },
};
#define FIGURES (sizeof figures / sizeof figures[0])

enum err store_site_counts_load(struct ctx *c, struct site_counts *out)
{
    *out = (struct site_counts){ 0 };
    for (size_t i = 0; i < FIGURES; i++) {
        DB_STMT st = NULL;
        TRY(db_stmt(c, STR("SELECT value FROM derived.figure WHERE name = $1"), &st));
        db_bind_str(st, 1, str_c(figures[i].name));
        TRY(stmt_number(c, st, (int64_t *)(void *)((char *)out + figures[i].at)));
    }
    return OK;
}

enum err store_site_counts_save(struct ctx *c, const struct site_counts *counts)
{
    TX tx = { 0 };
    TRY(tx_begin_derived(c, &tx));
    for (size_t i = 0; i < FIGURES; i++) {
        DB_STMT st = NULL;
        TRY(db_stmt(c,
                    STR("INSERT INTO derived.figure (name, value) VALUES ($1, $2)"
                        " ON CONFLICT (name) DO UPDATE SET value = excluded.value"),
                    &st));
        db_bind_str(st, 1, str_c(figures[i].name));
        db_bind_i64(st, 2, *(const int64_t *)(const void *)((const char *)counts + figures[i].at));
        TRY(db_run(c, st, NULL));
    }
    return tx_commit(&tx);
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
