/* SPDX-License-Identifier: Apache-2.0 */
/* Accounts go away while those they are tied to untie themselves. On PostgreSQL the two used to lock the same rows in
   opposite orders: one of them died of a deadlock, or a counter went down twice. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "base/rng.h"
#include "check.h"
#include "core/block.h"
#include "core/follow.h"
#include "jobs/kinds.h"
#include "recount.h"
#include "world.h"

#define MEMBERS 60
#define LEAVERS 2 /* as many as there are runners of jobs */
#define CLIENTS 6
#define ROUNDS  3

static struct world w;
static const struct account *members[MEMBERS];
static const struct account *leavers[LEAVERS];
static _Atomic int64_t lost, failed;

static void tie(struct ctx *c, const struct account *a, const struct account *b)
{
    static const struct follow_wish plain = { .reblogs = -1, .notify = 1 };
    c->me = a;
    MUST(follow_add(c, b->id, &plain), c);
}

static void settle(struct ctx *c, int round)
{
    for (int i = 0; i < LEAVERS; i++)
        leavers[i] = world_member(c, arena_strf(c->arena, "leaver%d_%d", i, round).p);
    for (int i = 0; i < MEMBERS; i++) {
        for (int k = 0; k < LEAVERS; k++) {
            tie(c, members[i], leavers[k]);
            if (i % 4 != 0)
                tie(c, leavers[k], members[i]);
            else
                MUST(block_add(c, leavers[k]->id), c); /* the follow ends with it */
        }
    }
    tie(c, leavers[0], leavers[1]);
    tie(c, leavers[1], leavers[0]);
    for (int i = 0; i < LEAVERS; i++)
        world_exec(c, "UPDATE account SET deletion_ms = %lld WHERE id = %lld", (long long)c->now_ms,
                   (long long)leavers[i]->id);
}

static enum err untie(struct ctx *c, const struct account *leaver)
{
    switch (rand_below(c, 4)) {
    case 0: return follow_remove(c, leaver->id);
    case 1: return follower_remove(c, leaver->id);
    case 2: return block_add(c, leaver->id);
    default: return block_remove(c, leaver->id);
    }
}

static void *live(void *arg)
{
    struct ctx c = world_ctx(&w, *(const struct account **)arg);
    for (int i = 0; i < MEMBERS * 2; i++) {
        c.me = members[rand_below(&c, MEMBERS)];
        enum err e = untie(&c, leavers[rand_below(&c, LEAVERS)]);
        lost += e == ERR_AGAIN;
        failed += e != OK && e != ERR_AGAIN && e != ERR_NOT_FOUND; /* NOT_FOUND: they are gone */
        arena_reset(c.arena);
    }
    world_ctx_end(&c);
    return NULL;
}

static void *leave(void *arg)
{
    struct ctx c = world_ctx(&w, NULL);
    struct job_tools tools = { 0 };
    struct job j = { .kind = JOB_ACCOUNT_REMOVE, .subject = (*(const struct account **)arg)->id };
    enum err e = job_account_remove(&c, &tools, &j);
    lost += e == ERR_AGAIN;
    failed += e != OK && e != ERR_AGAIN;
    if (e != OK)
        (void)printf("removal: error %d: " STR_FMT "\n", (int)e, STR_ARG(c.says));
    world_ctx_end(&c);
    return NULL;
}

static void all_at_once(void)
{
    pthread_t threads[CLIENTS + LEAVERS];
    for (int i = 0; i < CLIENTS; i++)
        CHECK(pthread_create(&threads[i], NULL, live, &members[i]) == 0);
    for (int i = 0; i < LEAVERS; i++)
        CHECK(pthread_create(&threads[CLIENTS + i], NULL, leave, &leavers[i]) == 0);
    for (int i = 0; i < CLIENTS + LEAVERS; i++)
        (void)pthread_join(threads[i], NULL);
}

int main(void)
{
    world_open(&w);
    struct ctx *c = &w.c;
    for (int i = 0; i < MEMBERS; i++)
        members[i] = world_member(c, arena_strf(c->arena, "member%d", i).p);
    for (int round = 0; round < ROUNDS; round++) {
        settle(c, round);
        all_at_once();
        c->me = NULL;
        CHECK(recount_breaks(c) == 0);
    }
    CHECK(failed == 0 && lost == 0);
    (void)printf("%lld lost a race\n", (long long)lost);
    CHECK(world_query(c, "SELECT COUNT(*) FROM account") == MEMBERS);
    world_close(&w);
    return check_done();
}
