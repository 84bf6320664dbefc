/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* A small random community in a store of its own, and what its members must see, worked out row by row. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/rng.h"
#include "check.h"
#include "engine.h"
#include "feed/feed.h"
#include "model/list.h"
#include "store/schema.h"
#include "store/status.h"
#include "store/tx.h"

#define MEMBERS      40
#define STATUSES_MAX 6000
#define WORLD_DAYS   70
#define WORLD_LISTS  2 /* of a member */

struct world {
    struct engine engine;
    struct db_pool *pool;
    char folder[64]; /* for the snapshot */
    struct ctx own;
    struct ctx *c;
    int64_t ids[MEMBERS];
    bool suspended[MEMBERS];
    bool limited[MEMBERS];
    struct tie {
        bool follows;
        bool no_reblogs;
        int langs; /* 0 all, 1 ["en"], 2 ["de","ja"] */
        bool blocks;
        bool mutes;
        int64_t mute_until_ms;
    } ties[MEMBERS][MEMBERS];
    struct world_list {
        int64_t id;
        enum list_replies replies;
        bool exclusive;
        bool holds[MEMBERS];
    } lists[MEMBERS][WORLD_LISTS];
    struct status statuses[STATUSES_MAX];
    int64_t mentions[STATUSES_MAX]; /* account; 0: nobody */
    bool deleted[STATUSES_MAX];
    int judged;
    int n;
};

static const char *const follow_langs[] = { NULL, "[\"en\"]", "[\"de\",\"ja\"]" };

static inline int world_dice(struct world *w, int n)
{
    return (int)rand_below(w->c, (uint64_t)n);
}

static inline int world_member(const struct world *w, int64_t id)
{
    for (int i = 0; i < MEMBERS; i++)
        if (w->ids[i] == id)
            return i;
    return -1;
}

/* A statement with integers only, in a transaction of its own unless one is open. */
static inline void world_run(struct ctx *c, struct str sql, const int64_t *args, int n)
{
    DB_STMT st = NULL;
    MUST(db_stmt(c, sql, &st), c);
    for (int i = 0; i < n; i++)
        db_bind_i64(st, i + 1, args[i]);
    MUST(db_run(c, st, NULL), c);
}
#define WORLD_RUN(c, sql, ...) \
    world_run((c), STR(sql), (const int64_t[]){ __VA_ARGS__ }, (int)(sizeof((const int64_t[]){ __VA_ARGS__ }) / 8))

static inline void world_put_account(struct world *w, int i)
{
    DB_STMT st = NULL;
    w->ids[i] = id_new_bucket(w->c);
    w->ids[i] = id_new(w->c, w->ids[i]);
    MUST(db_stmt(w->c,
                 STR("INSERT INTO account (bucket, id, username, active, created_ms, updated_ms)"
                     " VALUES ($1, $2, $3, 1, $4, $4)"),
                 &st),
         w->c);
    db_bind_i64(st, 1, id_bucket(w->ids[i]));
    db_bind_i64(st, 2, w->ids[i]);
    db_bind_str(st, 3, arena_strf(w->c->arena, "member%d", i));
    db_bind_i64(st, 4, w->c->now_ms);
    MUST(db_run(w->c, st, NULL), w->c);
}

/* Stores the tie as it is in w->ties. */
static inline void world_put_tie(struct world *w, int a, int b)
{
    const struct tie *t = &w->ties[a][b];
    int64_t x = w->ids[a];
    int64_t y = w->ids[b];
    WORLD_RUN(w->c, "DELETE FROM follow WHERE bucket = $1 AND account_id = $2 AND target_id = $3", id_bucket(x), x, y);
    WORLD_RUN(w->c, "DELETE FROM block WHERE bucket = $1 AND account_id = $2 AND target_id = $3", id_bucket(x), x, y);
    WORLD_RUN(w->c, "DELETE FROM blocked_by WHERE bucket = $1 AND account_id = $2 AND source_id = $3", id_bucket(y), y,
              x);
    WORLD_RUN(w->c, "DELETE FROM mute WHERE bucket = $1 AND account_id = $2 AND target_id = $3", id_bucket(x), x, y);
    if (t->follows) {
        DB_STMT st = NULL;
        MUST(db_stmt(w->c,
                     STR("INSERT INTO follow (bucket, account_id, target_id, id, reblogs, languages)"
                         " VALUES ($1, $2, $3, $4, $5, $6)"),
                     &st),
             w->c);
        db_bind_i64(st, 1, id_bucket(x));
        db_bind_i64(st, 2, x);
        db_bind_i64(st, 3, y);
        db_bind_i64(st, 4, id_new(w->c, id_bucket(x)));
        db_bind_i64(st, 5, !t->no_reblogs);
        db_bind_str(st, 6, str_c(follow_langs[t->langs]));
        MUST(db_run(w->c, st, NULL), w->c);
    }
    if (t->blocks) {
        WORLD_RUN(w->c, "INSERT INTO block (bucket, account_id, target_id, id) VALUES ($1, $2, $3, $4)", id_bucket(x),
                  x, y, id_new(w->c, id_bucket(x)));
        WORLD_RUN(w->c, "INSERT INTO blocked_by (bucket, account_id, source_id) VALUES ($1, $2, $3)", id_bucket(y), y,
                  x);
    }
    if (t->mutes)
        WORLD_RUN(w->c, "INSERT INTO mute (bucket, account_id, target_id, id, until_ms) VALUES ($1, $2, $3, $4, $5)",
                  id_bucket(x), x, y, id_new(w->c, id_bucket(x)), t->mute_until_ms);
}

static inline void world_draw_tie(struct world *w, int a, int b)
{
    struct tie *t = &w->ties[a][b];
    *t = (struct tie){ .follows = world_dice(w, 3) == 0 };
    t->no_reblogs = world_dice(w, 8) == 0;
    t->langs = world_dice(w, 6) == 0 ? 1 + world_dice(w, 2) : 0;
    t->blocks = world_dice(w, 25) == 0;
    t->mutes = world_dice(w, 15) == 0;
    if (t->mutes && world_dice(w, 2) == 0)
        t->mute_until_ms = w->c->now_ms + (world_dice(w, 2) == 0 ? HOUR_MS : -HOUR_MS);
}

/* A list anew, whatever was in it; who is not followed may stand in it, too (only rows are told). */
static inline void world_draw_list(struct world *w, int who, int k)
{
    struct world_list *l = &w->lists[who][k];
    int64_t owner = w->ids[who];
    if (l->id == 0)
        l->id = id_nth(id_new(w->c, id_bucket(owner)), k);
    l->replies = (enum list_replies)world_dice(w, LIST_REPLIES_KINDS);
    l->exclusive = world_dice(w, 4) == 0;
    WORLD_RUN(w->c, "DELETE FROM list_member WHERE bucket = $1 AND list_id = $2", id_bucket(owner), l->id);
    WORLD_RUN(w->c, "DELETE FROM list WHERE bucket = $1 AND id = $2", id_bucket(owner), l->id);
    WORLD_RUN(w->c,
              "INSERT INTO list (bucket, id, account_id, title, replies, exclusive) VALUES ($1, $2, $3, 'a', $4, $5)",
              id_bucket(owner), l->id, owner, (int64_t)l->replies, (int64_t)l->exclusive);
    for (int i = 0; i < MEMBERS; i++) {
        l->holds[i] = world_dice(w, 4) == 0;
        if (l->holds[i])
            WORLD_RUN(
                w->c,
                "INSERT INTO list_member (bucket, list_id, target_id, account_id, id) VALUES ($1, $2, $3, $4, $5)",
                id_bucket(owner), l->id, w->ids[i], owner, id_new(w->c, id_bucket(owner)));
    }
}

static inline struct status *world_draw_status(struct world *w, int64_t ms)
{
    static const char *const langs[] = { NULL, "en", "de", "ja", "fr" };
    struct ctx *c = w->c;
    int author = world_dice(w, MEMBERS) * world_dice(w, MEMBERS) / MEMBERS; /* some write much, some little */
    int dice = world_dice(w, 20);
    struct status *s = &w->statuses[w->n];
    const struct status *other = w->n > 0 ? &w->statuses[world_dice(w, w->n)] : NULL;
    *s = (struct status){ .account_id = w->ids[author], .created_ms = ms, .text = STR("text") };
    s->visibility = dice < 12 ? VIS_PUBLIC : dice < 15 ? VIS_UNLISTED : dice < 18 ? VIS_PRIVATE : VIS_DIRECT;
    s->language = str_c(langs[world_dice(w, 5)]);
    int64_t now = c->now_ms;
    c->now_ms = ms;
    s->id = id_floor(ms) + (id_bucket(s->account_id) << ID_RAND_BITS) + (w->n & 511);
    c->now_ms = now;
    w->mentions[w->n] = 0;
    if (s->visibility == VIS_DIRECT) {
        w->mentions[w->n] = w->ids[world_dice(w, MEMBERS)];
        s->mentions =
            arena_strf(c->arena, "[{\"id\":\"%lld\",\"username\":\"x\",\"acct\":\"x\"}]", (long long)w->mentions[w->n]);
    } else if (other != NULL && other->reblog_of_id == 0 && world_dice(w, 4) == 0) {
        s->in_reply_to_id = other->id;
        s->in_reply_to_account_id = world_dice(w, 3) == 0 ? s->account_id : other->account_id;
    } else if (other != NULL && other->reblog_of_id == 0 && other->visibility < VIS_PRIVATE && world_dice(w, 5) == 0) {
        s->reblog_of_id = other->id;
        s->reblog_of_account_id = other->account_id;
        s->visibility = VIS_PUBLIC;
        s->language = (struct str){ NULL, 0 };
    }
    s->thread_id = s->id;
    w->n++;
    return s;
}

static inline void world_put_status(struct ctx *c, const struct status *s)
{
    DB_STMT st = NULL;
    MUST(db_stmt(c,
                 STR("INSERT INTO status (bucket, id, account_id, text, language, visibility, in_reply_to_id,"
                     " in_reply_to_account_id, thread_id, reblog_of_id, reblog_of_account_id, mentions, created_ms)"
                     " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"),
                 &st),
         c);
    db_bind_i64(st, 1, id_bucket(s->id));
    db_bind_i64(st, 2, s->id);
    db_bind_i64(st, 3, s->account_id);
    db_bind_str(st, 4, s->text);
    db_bind_str(st, 5, s->language);
    db_bind_i64(st, 6, (int64_t)s->visibility);
    db_bind_i64(st, 7, s->in_reply_to_id);
    db_bind_i64(st, 8, s->in_reply_to_account_id);
    db_bind_i64(st, 9, s->thread_id);
    db_bind_i64(st, 10, s->reblog_of_id);
    db_bind_i64(st, 11, s->reblog_of_account_id);
    db_bind_str(st, 12, s->mentions.p == NULL ? STR("[]") : s->mentions);
    db_bind_i64(st, 13, s->created_ms);
    MUST(db_run(c, st, NULL), c);
}

static inline void world_set_standing(struct world *w, struct status *s, enum standing_kind kind)
{
    s->standing.kind = kind;
    s->standing.since_ms = w->c->now_ms;
    WORLD_RUN(w->c, "UPDATE status SET standing = $3, standing_ms = $4 WHERE bucket = $1 AND id = $2", id_bucket(s->id),
              s->id, (int64_t)kind, w->c->now_ms);
    WORLD_RUN(w->c,
              "INSERT INTO standing_log (bucket, id, subject_id, is_status, standing, created_ms)"
              " VALUES ($1, $2, $3, 1, $4, $5)",
              id_bucket(s->id), id_nth(id_new(w->c, id_bucket(s->id)), w->judged++), s->id, (int64_t)kind,
              w->c->now_ms);
}

static inline void world_set_account(struct world *w, int i, enum standing_kind kind)
{
    w->suspended[i] = kind == STANDING_SUSPENDED;
    w->limited[i] = kind == STANDING_LIMITED;
    WORLD_RUN(w->c, "UPDATE account SET standing = $3 WHERE bucket = $1 AND id = $2", id_bucket(w->ids[i]), w->ids[i],
              (int64_t)kind);
}

static inline void world_make(struct world *w, uint64_t seed, int statuses)
{
    w->own = (struct ctx){ .arena = arena_new(), .now_ms = 1785542400000 };
    w->c = &w->own;
    (void)snprintf(w->folder, sizeof w->folder, "/tmp/parley_feed_XXXXXX");
    CHECK(mkdtemp(w->folder) != NULL);
    engine_init(&w->engine, w->c);
    MUST(db_pool_open(w->c, &w->engine.options, &w->pool), w->c);
    MUST(db_open(w->c, w->pool, &w->c->db), w->c);
    w->c->idgen = idgen_new();
    w->c->id = STR("test");
    rand_seed_fixed(w->c, seed);
    MUST(schema_migrate(w->c, NULL, NULL), w->c);
    MUST(db_begin(w->c), w->c);
    int64_t now = w->c->now_ms;
    w->c->now_ms -= (WORLD_DAYS + 1) * DAY_MS;
    for (int i = 0; i < MEMBERS; i++)
        world_put_account(w, i);
    w->c->now_ms = now;
    for (int a = 0; a < MEMBERS; a++)
        for (int b = 0; b < MEMBERS; b++)
            if (a != b) {
                world_draw_tie(w, a, b);
                world_put_tie(w, a, b);
            }
    for (int a = 0; a < MEMBERS; a++)
        for (int k = 0; k < WORLD_LISTS; k++)
            world_draw_list(w, a, k);
    for (int i = 0; i < statuses; i++) {
        struct status *s = world_draw_status(w, now - WORLD_DAYS * DAY_MS + i * (WORLD_DAYS * DAY_MS / statuses));
        world_put_status(w->c, s);
        if (world_dice(w, 30) == 0)
            world_set_standing(w, s, (enum standing_kind)(STANDING_SENSITIVE + world_dice(w, 4)));
    }
    world_set_account(w, 1, STANDING_SUSPENDED);
    world_set_account(w, 2, STANDING_LIMITED);
    world_set_account(w, 3, STANDING_FROZEN);
    MUST(db_commit(w->c), w->c);
}

static inline void world_end(struct world *w)
{
    char path[96];
    (void)snprintf(path, sizeof path, "%s/feed.snapshot", w->folder);
    (void)unlink(path);
    (void)rmdir(w->folder);
    db_close(&w->c->db);
    db_pool_close(&w->pool);
    engine_fini(&w->engine);
    idgen_free(&w->c->idgen);
    arena_free(&w->c->arena);
}

/* A handle of its own, for a thread. */
static inline struct ctx world_ctx(struct world *w)
{
    struct ctx c = { .arena = arena_new(), .now_ms = w->c->now_ms, .id = STR("test") };
    MUST(db_open(&c, w->pool, &c.db), &c);
    return c;
}

static inline void world_ctx_end(struct ctx *c)
{
    db_close(&c->db);
    arena_free(&c->arena);
}

/* --- what must be seen, by the words of feed/timeline.h --- */

static inline bool world_hides(const struct world *w, int reader, int64_t account_id)
{
    int other = world_member(w, account_id);
    if (other < 0 || other == reader)
        return false;
    const struct tie *t = &w->ties[reader][other];
    bool muted = t->mutes && (t->mute_until_ms == 0 || t->mute_until_ms > w->c->now_ms);
    return t->blocks || muted || w->ties[other][reader].blocks;
}

static inline bool world_speaks(const struct tie *t, const struct status *s)
{
    if (t->langs == 0 || s->language.n == 0 || s->reblog_of_id != 0)
        return true;
    if (t->langs == 1)
        return str_eq(s->language, STR("en"));
    return str_eq(s->language, STR("de")) || str_eq(s->language, STR("ja"));
}

static inline bool world_follows_shows(const struct world *w, int reader, int i)
{
    const struct status *s = &w->statuses[i];
    int author = world_member(w, s->account_id);
    const struct tie *t = &w->ties[reader][author];
    int64_t other = s->reblog_of_id != 0 ? s->reblog_of_account_id : s->in_reply_to_account_id;
    if (w->deleted[i] || w->suspended[author] || s->standing.kind == STANDING_REMOVED)
        return false;
    if (author == reader)
        return true;
    if (!t->follows || s->standing.kind == STANDING_HELD || world_hides(w, reader, s->account_id)
        || world_hides(w, reader, other) || !world_speaks(t, s))
        return false;
    if (s->visibility == VIS_DIRECT && w->mentions[i] != w->ids[reader])
        return false;
    if (s->reblog_of_id != 0)
        return !t->no_reblogs;
    return other == 0 || other == s->account_id || other == w->ids[reader]
           || w->ties[reader][world_member(w, other)].follows;
}

static inline bool world_home_shows(const struct world *w, int reader, int i)
{
    int author = world_member(w, w->statuses[i].account_id);
    for (int k = 0; k < WORLD_LISTS && author != reader; k++)
        if (w->lists[reader][k].exclusive && w->lists[reader][k].holds[author])
            return false;
    return world_follows_shows(w, reader, i);
}

static inline bool world_list_shows(const struct world *w, int reader, int k, int i)
{
    const struct world_list *l = &w->lists[reader][k];
    const struct status *s = &w->statuses[i];
    int64_t other = s->reblog_of_id != 0 ? 0 : s->in_reply_to_account_id;
    if (!l->holds[world_member(w, s->account_id)] || !world_follows_shows(w, reader, i))
        return false;
    if (other == 0 || other == s->account_id || other == w->ids[reader] || l->replies == LIST_REPLIES_FOLLOWED)
        return true;
    return l->replies == LIST_REPLIES_LIST && l->holds[world_member(w, other)];
}

static inline bool world_local_shows(const struct world *w, int reader, int i)
{
    const struct status *s = &w->statuses[i];
    int author = world_member(w, s->account_id);
    if (w->deleted[i] || w->suspended[author] || w->limited[author] || s->visibility != VIS_PUBLIC
        || s->standing.kind > STANDING_SENSITIVE || s->reblog_of_id != 0)
        return false;
    if (s->in_reply_to_id != 0 && s->in_reply_to_account_id != s->account_id)
        return false;
    return reader < 0 || !world_hides(w, reader, s->account_id);
}

enum world_kind { WORLD_LOCAL, WORLD_HOME, WORLD_LIST }; /* and the list's number */

static inline bool world_shows(const struct world *w, int reader, int kind, int i)
{
    if (kind >= WORLD_LIST)
        return world_list_shows(w, reader, kind - WORLD_LIST, i);
    return kind == WORLD_HOME ? world_home_shows(w, reader, i) : world_local_shows(w, reader, i);
}

/* The page, newest first. reader -1: nobody, of the local timeline. */
static inline int64_t world_page(const struct world *w, int reader, int kind, const struct page *p, int64_t *out)
{
    int64_t n = 0;
    for (int k = 0; k < w->n && n < p->limit; k++) {
        int i = p->min_id != 0 ? k : w->n - 1 - k;
        int64_t id = w->statuses[i].id;
        if ((p->max_id != 0 && id >= p->max_id) || id <= (p->min_id != 0 ? p->min_id : p->since_id))
            continue;
        if (world_shows(w, reader, kind, i))
            out[n++] = id;
    }
    for (int64_t i = 0; p->min_id != 0 && i < n / 2; i++) {
        int64_t swap = out[i];
        out[i] = out[n - 1 - i];
        out[n - 1 - i] = swap;
    }
    return n;
}
