/* SPDX-License-Identifier: Apache-2.0 */
/* Many members at once do at random what touches several rows of each other. Whoever loses a race is told ERR_AGAIN and
   runs again, as the dispatcher does; at the end every counter equals a recount and both sides of every pair are there.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/rng.h"
#include "check.h"
#include "core/block.h"
#include "core/follow.h"
#include "core/interact.h"
#include "core/status.h"
#include "core/status_delete.h"
#include "db/db.h"
#include "model/status_draft.h"
#include "recount.h"
#include "world.h"

#define MEMBERS 8
#define CLIENTS 32 /* four of each member's */
#define ROUNDS  100

static struct world w;
static const struct account *members[MEMBERS];
static _Atomic int64_t parleys[MEMBERS]; /* the newest of each: all act on these */
static _Atomic int64_t clock_ms;
static _Atomic int64_t lost, refused, done;

enum act {
    FOLLOW,
    UNFOLLOW,
    BLOCK,
    UNBLOCK,
    FAVOURITE,
    UNFAVOURITE,
    ECHO,
    UNECHO,
    BOOKMARK,
    ANSWER,
    PUBLISH,
    DELETE,
    PIN,
    ACTS
};
static const char *const names[ACTS] = { "follow", "unfollow", "block",  "unblock", "favourite", "unfavourite", "echo",
                                         "unecho", "bookmark", "answer", "publish", "delete",    "pin" };
static _Atomic int64_t lost_by[ACTS];

static enum err publish(struct ctx *c, int64_t parent, struct status **s)
{
    struct status_draft d = {
        .text = arena_strf(c->arena, "wind #t%d #t%d", (int)rand_below(c, 200), (int)rand_below(c, 200)),
        .sensitive = -1,
        .in_reply_to_id = parent,
    };
    return status_publish(c, &d, s);
}

static enum err act_once(struct ctx *c, enum act what, int64_t who, int slot)
{
    static const struct follow_wish plain = { .reblogs = -1, .notify = 1 };
    struct status *s = NULL;
    int64_t id = parleys[slot];
    switch (what) {
    case FOLLOW: return follow_add(c, who, &plain);
    case UNFOLLOW: return follow_remove(c, who);
    case BLOCK: return block_add(c, who);
    case UNBLOCK: return block_remove(c, who);
    case FAVOURITE: return status_favourite(c, id, &s);
    case UNFAVOURITE: return status_unfavourite(c, id, &s);
    case ECHO: return status_reblog(c, id, -1, &s);
    case UNECHO: return status_unreblog(c, id, &s);
    case BOOKMARK: return status_bookmark(c, id, &s);
    case ANSWER: return publish(c, id, &s);
    case PUBLISH:
        TRY(publish(c, 0, &s));
        parleys[slot] = s->id;
        return OK;
    case DELETE: TRY(status_delete(c, id, &s)); return act_once(c, PUBLISH, who, slot);
    case PIN: return status_pin(c, id, &s);
    case ACTS: break;
    }
    return OK;
}

/* What the rules may say to somebody who came too late: it is gone, hidden, another's, or pinned often enough. */
static bool is_refusal(enum err e)
{
    return e == ERR_NOT_FOUND || e == ERR_FORBIDDEN || e == ERR_INVALID;
}

static void act(struct ctx *c, enum act what, int64_t who, int slot)
{
    enum err e = ERR_AGAIN;
    for (int tries = 0; e == ERR_AGAIN && tries < RACES_MAX; tries++) {
        c->now_ms = ++clock_ms;
        e = act_once(c, what, who, slot);
        lost += e == ERR_AGAIN;
        lost_by[what] += e == ERR_AGAIN;
    }
    done += e == OK;
    refused += is_refusal(e);
    bool answered = e == OK || is_refusal(e);
    CHECK(answered);
    if (!answered)
        (void)printf("%s: error %d: " STR_FMT "\n", names[what], (int)e, STR_ARG(c->says));
}

static struct client {
    pthread_t thread;
} clients[CLIENTS];

static void *live(void *arg)
{
    int own = (int)((struct client *)arg - clients) % MEMBERS;
    struct ctx c = world_ctx(&w, members[own]);
    struct arena *mine = c.arena;
    for (int i = 0; i < ROUNDS; i++) {
        const struct account *other = members[rand_below(&c, MEMBERS)];
        enum act what = (enum act)rand_below(&c, ACTS);
        if (what == BLOCK && rand_below(&c, 6) != 0)
            what = FOLLOW; /* or soon nobody sees anybody */
        bool is_owners = what == PUBLISH || what == DELETE || what == PIN;
        act(&c, what, other->id, is_owners ? own : (int)rand_below(&c, MEMBERS));
        arena_reset(mine);
    }
    world_ctx_end(&c);
    return NULL;
}

static void all_at_once(void)
{
    int64_t began_us = clock_monotonic_us();
    for (int i = 0; i < CLIENTS; i++)
        CHECK(pthread_create(&clients[i].thread, NULL, live, &clients[i]) == 0);
    for (int i = 0; i < CLIENTS; i++)
        (void)pthread_join(clients[i].thread, NULL);
    (void)printf("%lld done, %lld refused by the rules, %lld lost a race, %lld ms\n", (long long)done,
                 (long long)refused, (long long)lost, (long long)(clock_monotonic_us() - began_us) / 1000);
    for (int i = 0; i < ACTS; i++)
        if (lost_by[i] > 0)
            (void)printf("    %s lost %lld\n", names[i], (long long)lost_by[i]);
    CHECK(done > CLIENTS * ROUNDS / 4);
}

static void sweep_what_was_deleted(struct ctx *c)
{
    for (int64_t id = 0;;) {
        id = world_query(c, "SELECT MIN(subject) FROM job WHERE kind = %d AND subject > %lld", 3, (long long)id);
        if (id <= 0)
            return;
        MUST(status_sweep(c, id), c);
    }
}

static void counts_equal_a_recount(struct ctx *c)
{
    CHECK(recount_breaks(c) == 0);
    CHECK(world_query(c, "SELECT COUNT(*) FROM follow") > 0 && world_query(c, "SELECT COUNT(*) FROM favourite_of") > 0);
}

int main(void)
{
    char name[16];
    struct status *s = NULL;
    world_open(&w);
    clock_ms = w.c.now_ms;
    for (int i = 0; i < MEMBERS; i++) {
        (void)snprintf(name, sizeof name, "member%d", i);
        members[i] = world_member(&w.c, name);
        w.c.me = members[i];
        w.c.now_ms = ++clock_ms;
        MUST(publish(&w.c, 0, &s), &w.c);
        parleys[i] = s->id;
    }
    all_at_once();
    w.c.now_ms = ++clock_ms;
    sweep_what_was_deleted(&w.c);
    counts_equal_a_recount(&w.c);
    world_close(&w);
    return check_done();
}
