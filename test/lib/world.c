/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/id.h"
#include "base/rng.h"
#include "core/name.h"
#include "core/site.h"
#include "db/db.h"
#include "feed/feed.h"
#include "store/account.h"
#include "store/member.h"
#include "store/schema.h"
#include "store/tx.h"

static void open_store(struct world *w)
{
    MUST(db_pool_open(&w->c, &w->engine.options, &w->pool), &w->c);
    MUST(db_open(&w->c, w->pool, &w->c.db), &w->c);
    MUST(schema_migrate(&w->c, NULL, NULL), &w->c);
}

/* folder NULL: the engine under test. */
static void open_world(struct world *w, const char *folder)
{
    static const struct site config = {
        .domain = STR("harbour.example"),
        .base_url = STR("https://harbour.example"),
        .mail_transport = STR("log"),
        .status_chars_max = 500,
        .sessions_max = 10,
        .passkeys_max = 3,
        .follows_max = 1000,
        .deletion_days = 7,
    };
    static const struct feed_options feed = { .budget = (size_t)16 * 1024 * 1024, .tail_days = 30, .tail_max = 400 };
    *w = (struct world){ 0 };
    w->c.arena = arena_new();
    w->c.now_ms = WORLD_NOW_MS;
    rand_seed_fixed(&w->c, 1);
    if (folder == NULL)
        engine_init(&w->engine, &w->c);
    else
        engine_init_in(&w->engine, &w->c, folder);
    open_store(w);
    w->idgen = idgen_new();
    w->sites = site_box_new(&config);
    w->feed = feed_new(&feed);
    w->c.idgen = w->idgen;
    w->c.sites = w->sites;
    w->c.site = site_box_get(w->sites);
    w->c.feed = w->feed;
    MUST(feed_load(&w->c), &w->c);
}

void world_open(struct world *w)
{
    open_world(w, NULL);
}

void world_open_in(struct world *w, const char *folder)
{
    open_world(w, folder);
}

void world_close(struct world *w)
{
    db_close(&w->c.db);
    db_pool_close(&w->pool);
    feed_free(&w->feed);
    site_box_free(&w->sites);
    idgen_free(&w->idgen);
    arena_free(&w->c.arena);
    engine_fini(&w->engine);
}

struct ctx world_ctx(struct world *w, const struct account *me)
{
    struct ctx c = w->c;
    c.arena = arena_new();
    c.me = me;
    c.db = NULL;
    rand_seed(&c);
    MUST(db_open(&c, w->pool, &c.db), &c);
    return c;
}

void world_ctx_end(struct ctx *c)
{
    db_close(&c->db);
    arena_free(&c->arena);
}

struct account *world_member(struct ctx *c, const char *name)
{
    TX tx = { 0 };
    struct str username = arena_str(c->arena, str_c(name));
    struct account a = { .username = username, .active = true, .created_ms = c->now_ms, .updated_ms = c->now_ms };
    struct member m = {
        .email = arena_strf(c->arena, "%s@mail.example", name),
        .password = STR("none"),
        .confirmed_ms = c->now_ms,
        .approved_ms = c->now_ms,
        .locale = STR("en"),
        .recovery_codes = STR("[]"),
    };
    MUST(tx_begin(c, &tx), c);
    MUST(store_account_insert(c, &a, name_canonical(c->arena, username), (struct str){ NULL, 0 }), c);
    m.id = a.id;
    MUST(store_member_insert(c, &m), c);
    MUST(tx_commit(&tx), c);
    return world_reread(c, &a);
}

struct account *world_reread(struct ctx *c, const struct account *a)
{
    struct account *out = NULL;
    MUST(store_account_get(c, a->id, &out), c);
    return out;
}

static void exec(struct ctx *c, struct str sql)
{
    TX tx = { 0 };
    MUST(tx_begin(c, &tx), c);
    MUST(db_exec(c, sql), c);
    MUST(tx_commit(&tx), c);
}

void world_exec(struct ctx *c, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    struct str sql = arena_vstrf(c->arena, fmt, ap);
    va_end(ap);
    exec(c, sql);
}

int64_t world_query(struct ctx *c, const char *fmt, ...)
{
    DB_STMT st = NULL;
    bool row = false;
    va_list ap;
    va_start(ap, fmt);
    struct str sql = arena_vstrf(c->arena, fmt, ap);
    va_end(ap);
    MUST(db_stmt(c, sql, &st), c);
    MUST(db_step(c, st, &row), c);
    return row ? db_col_i64(st, 0) : -1;
}

static void pair(struct ctx *c, const char *table, const char *end, const struct account *owner,
                 const struct account *other, const char *more_columns, const char *more_values)
{
    world_exec(c, "INSERT INTO %s (bucket, account_id, %s%s) VALUES (%lld, %lld, %lld%s)", table, end, more_columns,
               (long long)id_bucket(owner->id), (long long)owner->id, (long long)other->id, more_values);
}

static const char *with_id(struct ctx *c, const struct account *who, const char *more)
{
    return arena_cstr(c->arena, arena_strf(c->arena, ", %lld%s", (long long)id_new(c, id_bucket(who->id)), more));
}

void world_follow(struct ctx *c, const struct account *who, const struct account *whom, bool notify)
{
    const char *values = with_id(c, who, notify ? ", 1" : ", 0");
    pair(c, "follow", "target_id", who, whom, ", id, notify", values);
    pair(c, "follower", "source_id", whom, who, ", id, notify", values);
    feed_follow_changed(c->feed, who->id);
}

void world_block(struct ctx *c, const struct account *who, const struct account *whom)
{
    pair(c, "block", "target_id", who, whom, ", id", with_id(c, who, ""));
    pair(c, "blocked_by", "source_id", whom, who, "", "");
    feed_relations_changed(c->feed, who->id);
    feed_relations_changed(c->feed, whom->id);
}

void world_mute(struct ctx *c, const struct account *who, const struct account *whom)
{
    pair(c, "mute", "target_id", who, whom, ", id", with_id(c, who, ""));
    feed_relations_changed(c->feed, who->id);
}

void world_stand(struct ctx *c, const struct account *a, enum standing_kind kind)
{
    TX tx = { 0 };
    struct standing s = { .kind = kind, .since_ms = c->now_ms };
    MUST(tx_begin(c, &tx), c);
    MUST(store_account_set_standing(c, a->id, &s), c);
    MUST(tx_commit(&tx), c);
    feed_account_changed(c->feed, a->id);
}

static bool is_one_of(struct ctx *c, const char *const *but, struct str table, struct str column)
{
    struct str full = arena_strf(c->arena, STR_FMT "." STR_FMT, STR_ARG(table), STR_ARG(column));
    for (; *but != NULL; but++)
        if (str_eq(table, str_c(*but)) || str_eq(full, str_c(*but)))
            return true;
    return false;
}

static enum err columns(struct ctx *c, struct stmt **st)
{
    if (db_engine_of(c->db) == DB_POSTGRES)
        return db_stmt(c,
                       STR("SELECT table_name::text, column_name::text FROM information_schema.columns"
                           " WHERE table_schema = 'public' AND data_type = 'bigint' AND table_name !~ '_p[0-9]+$'"),
                       st);
    return db_stmt(c,
                   STR("SELECT m.name, p.name FROM sqlite_master m, pragma_table_info(m.name) p"
                       " WHERE m.type = 'table' AND (p.type = 'BIGINT' OR p.name = 'id')"),
                   st);
}

int64_t world_places(struct ctx *c, int64_t id, const char *const *but, bool show)
{
    DB_STMT st = NULL;
    int64_t found = 0;
    MUST(columns(c, &st), c);
    for (bool row = true;;) {
        MUST(db_step(c, st, &row), c);
        if (!row)
            return found;
        struct str table = db_col_str(st, c->arena, 0), column = db_col_str(st, c->arena, 1);
        if (is_one_of(c, but, table, column))
            continue;
        int64_t n = world_query(c, "SELECT COUNT(*) FROM " STR_FMT " WHERE " STR_FMT " = %lld", STR_ARG(table),
                                STR_ARG(column), (long long)id);
        if (n > 0 && show)
            (void)printf("%lld is in " STR_FMT "." STR_FMT "\n", (long long)id, STR_ARG(table), STR_ARG(column));
        found += n;
    }
}
