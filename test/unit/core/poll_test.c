/* SPDX-License-Identifier: Apache-2.0 */
/* Polls on a real store: limits where nobody tests, many voters in steps, rounds, and what is left at the end. */
#include "core/poll.h"

#include "base/clock.h"
#include "base/id.h"
#include "check.h"
#include "core/status.h"
#include "core/status_delete.h"
#include "core/status_tell.h"
#include "model/notification.h"
#include "store/job.h"
#include "world.h"

#define VOTERS (2 * POLL_BATCH + 7)

static const struct str two[] = { STR("tea"), STR("coffee") };
static const struct str other_two[] = { STR("tea"), STR("water") };

static struct status *ask(struct ctx *c, const struct account *me, int64_t expires_s)
{
    struct status *s = NULL;
    const struct status_draft d = {
        .text = STR("which?"),
        .poll = { .given = true, .options = two, .options_n = 2, .expires_s = expires_s },
    };
    c->me = me;
    c->now_ms += 1000;
    MUST(status_publish(c, &d, &s), c);
    return s;
}

static void time_has_bounds(struct ctx *c, const struct account *ann)
{
    struct status *s = NULL;
    struct status_draft d = { .text = STR("x"), .poll = { .options = two, .options_n = 2 } };
    const int64_t wrong[] = { 0, POLL_SECONDS_MIN - 1, POLL_SECONDS_MAX + 1, INT64_MAX, -5 };
    c->me = ann;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        d.poll.expires_s = wrong[i];
        CHECK(status_publish(c, &d, &s) == ERR_INVALID);
    }
    d.poll.expires_s = POLL_SECONDS_MIN;
    CHECK(status_publish(c, &d, &s) == OK && s->parts == PART_POLL);
}

/* Rows as many members would leave them; the members themselves are not needed. */
static void crowd(struct ctx *c, const struct status *s, int64_t round)
{
    for (int64_t i = 0; i < VOTERS; i++) {
        c->now_ms++; /* ids of one millisecond may be the same */
        int64_t who = id_new(c, (uint32_t)i % 7);
        world_exec(c,
                   "INSERT INTO poll_vote_of (bucket, status_id, account_id, choices, round)"
                   " VALUES (%d, %lld, %lld, 1, %lld)",
                   (int)id_bucket(s->id), (long long)s->id, (long long)who, (long long)round);
        world_exec(c,
                   "INSERT INTO poll_vote_by (bucket, account_id, status_id, choices, round)"
                   " VALUES (%d, %lld, %lld, 1, %lld)",
                   (int)id_bucket(who), (long long)who, (long long)s->id, (long long)round);
    }
}

static int64_t notes(struct ctx *c, int64_t id)
{
    return world_query(c, "SELECT COUNT(*) FROM notification WHERE type = %d AND status_id = %lld", (int)NOTE_POLL,
                       (long long)id);
}

/* Every step leaves the next one as a job in the same transaction, until all are told. */
static void all_voters_are_told_once(struct ctx *c, const struct account *ann)
{
    const struct status *s = ask(c, ann, POLL_SECONDS_MIN);
    struct poll *p = NULL;
    struct status *of = NULL;
    crowd(c, s, 0);
    MUST(poll_get(c, s->id, &p, &of), c);
    int64_t after = 0;
    for (int64_t step = 1; step <= 3; step++) {
        int64_t told = step < 3 ? step * POLL_BATCH + 1 : VOTERS + 1;
        MUST(status_tell_voters(c, s->id, p->expires_ms, after), c);
        CHECK(notes(c, s->id) == told);
        MUST(status_tell_voters(c, s->id, p->expires_ms, after), c); /* a job may run twice */
        CHECK(notes(c, s->id) == told);
        after = world_query(c,
                            "SELECT MAX(account_id) FROM (SELECT account_id FROM poll_vote_of WHERE status_id = %lld"
                            " ORDER BY account_id LIMIT %lld) AS t",
                            (long long)s->id, (long long)(step * POLL_BATCH));
    }
    CHECK(world_query(c, "SELECT COUNT(*) FROM job WHERE kind = %d AND subject = %lld", (int)JOB_POLL_ENDED,
                      (long long)s->id)
          == 1 + 4);
    MUST(status_tell_voters(c, s->id, p->expires_ms + 1, 0), c); /* its end was moved */
    CHECK(notes(c, s->id) == VOTERS + 1);
}

static void a_new_round_forgets_the_votes(struct ctx *c, const struct account *ann, const struct account *bob)
{
    struct status *s = ask(c, ann, POLL_SECONDS_MIN);
    struct poll *p = NULL;
    struct status_draft d = { .text = STR("which?"),
                              .poll = { .given = true, .options = other_two, .options_n = 2, .expires_s = 600 } };
    int64_t id = s->id;
    crowd(c, s, 0);
    world_exec(c, "UPDATE poll SET voters_count = %d, votes_0 = %d WHERE status_id = %lld", VOTERS, VOTERS,
               (long long)id);
    MUST(status_edit(c, id, &d, &s), c);
    c->me = bob;
    MUST(poll_vote(c, id, (const int64_t[]){ 1 }, 1, &p, &s), c);
    CHECK(p->votes[0] == 0 && p->votes[1] == 1 && p->voters_count == 1 && p->round > 0);
    CHECK(poll_vote(c, id, (const int64_t[]){ 1 }, 1, &p, &s) == ERR_INVALID);
    for (int64_t after = 0, n = VOTERS; n > 1; n -= POLL_BATCH) {
        int64_t end = world_query(c,
                                  "SELECT MAX(account_id) FROM (SELECT account_id FROM poll_vote_of WHERE status_id"
                                  " = %lld AND account_id > %lld ORDER BY account_id LIMIT %d) AS t",
                                  (long long)id, (long long)after, POLL_BATCH);
        MUST(poll_sweep_step(c, id, after), c);
        after = end;
    }
    CHECK(world_query(c, "SELECT COUNT(*) FROM poll_vote_of WHERE status_id = %lld", (long long)id) == 1);
    CHECK(world_query(c, "SELECT COUNT(*) FROM poll_vote_by WHERE status_id = %lld", (long long)id) == 1);
}

static void deleting_leaves_nothing(struct ctx *c, const struct account *ann)
{
    static const char *const but[] = { "job", "job.subject", NULL };
    struct status *s = ask(c, ann, POLL_SECONDS_MIN);
    crowd(c, s, 0);
    MUST(status_delete(c, s->id, &s), c);
    MUST(status_sweep(c, s->id), c);
    CHECK(world_places(c, s->id, but, true) == 0);
}

static void over_is_over(struct ctx *c, const struct account *ann, const struct account *bob)
{
    struct status *s = ask(c, ann, POLL_SECONDS_MIN);
    struct poll *p = NULL;
    c->me = bob;
    c->now_ms += POLL_SECONDS_MIN * SECOND_MS;
    CHECK(poll_vote(c, s->id, (const int64_t[]){ 0 }, 1, &p, &s) == ERR_INVALID);
    CHECK(str_eq(c->says, STR("Validation failed: The poll has already ended")));
}

int main(void)
{
    struct world w;
    world_open(&w);
    const struct account *ann = world_member(&w.c, "ann");
    const struct account *bob = world_member(&w.c, "bob");
    time_has_bounds(&w.c, ann);
    all_voters_are_told_once(&w.c, ann);
    a_new_round_forgets_the_votes(&w.c, ann, bob);
    deleting_leaves_nothing(&w.c, ann);
    over_is_over(&w.c, ann, bob);
    world_close(&w);
    return check_done();
}
