/* SPDX-License-Identifier: Apache-2.0 */
/* An account that goes away leaves nothing, and nobody's counters wrong. */
#include "base/clock.h"
#include "check.h"
#include "core/follow.h"
#include "core/interact.h"
#include "core/signup.h"
#include "core/status.h"
#include "jobs/kinds.h"
#include "world.h"

/* Her name, what others keep of her by her id alone, and the log of the moderators. */
static const char *const may_stay[] = {
    "job",    "name_claim", "mute.target_id", "account_note.target_id", "status.in_reply_to_account_id", "standing_log",
    "report", NULL
};

static int64_t say(struct ctx *c, const struct account *me, int visibility, int64_t answer_to)
{
    struct status *s = NULL;
    struct status_draft d = { .text = STR("@ann @bob words #t"),
                              .visibility = visibility,
                              .in_reply_to_id = answer_to };
    c->me = me;
    c->now_ms += 5;
    MUST(status_publish(c, &d, &s), c);
    return s->id;
}

static void follow_each_other(struct ctx *c, const struct account *a, const struct account *b)
{
    struct follow_wish wish = { .reblogs = -1, .notify = 1 };
    c->me = a;
    MUST(follow_add(c, b->id, &wish), c);
    c->me = b;
    MUST(follow_add(c, a->id, &wish), c);
}

static int64_t drifted(struct ctx *c)
{
    return world_query(c,
                       "SELECT COUNT(*) FROM account a WHERE"
                       " statuses_count <> (SELECT COUNT(*) FROM status s WHERE s.account_id = a.id AND visibility < 3)"
                       " OR followers_count <> (SELECT COUNT(*) FROM follower f WHERE f.account_id = a.id)"
                       " OR following_count <> (SELECT COUNT(*) FROM follow f WHERE f.account_id = a.id)")
           + world_query(c, "SELECT COUNT(*) FROM status s WHERE"
                            " favourites_count <> (SELECT COUNT(*) FROM favourite_of f WHERE f.status_id = s.id)"
                            " OR reblogs_count <> (SELECT COUNT(*) FROM status r WHERE r.reblog_of_id = s.id)");
}

static void live(struct ctx *c, const struct account *ann, const struct account *bob, const struct account *cat)
{
    struct status *s = NULL;
    int64_t theirs = say(c, bob, VIS_PUBLIC, 0);
    follow_each_other(c, ann, bob);
    world_block(c, ann, cat);
    world_mute(c, bob, ann);
    for (int visibility = VIS_PUBLIC; visibility <= VIS_DIRECT; visibility++)
        (void)say(c, ann, visibility, theirs);
    (void)say(c, bob, VIS_PUBLIC, say(c, ann, VIS_PUBLIC, 0));
    c->me = ann;
    MUST(status_favourite(c, theirs, &s), c);
    MUST(status_reblog(c, theirs, -1, &s), c);
    MUST(status_bookmark(c, theirs, &s), c);
    MUST(status_mute(c, theirs, &s), c);
}

static void run(struct ctx *c, const struct account *a)
{
    struct job_tools tools = { 0 };
    struct job j = { .kind = JOB_ACCOUNT_REMOVE, .subject = a->id };
    c->me = NULL;
    MUST(job_account_remove(c, &tools, &j), c);
}

int main(void)
{
    struct world w;
    struct ctx *c = &w.c;
    world_open(&w);
    const struct account *ann = world_member(c, "ann");
    const struct account *bob = world_member(c, "bob");
    const struct account *cat = world_member(c, "cat");
    live(c, ann, bob, cat);
    CHECK(drifted(c) == 0);
    int64_t before = world_places(c, ann->id, may_stay, false);
    c->me = NULL;

    run(c, ann); /* nobody asked */
    CHECK(world_places(c, ann->id, may_stay, false) == before && before > 20);
    world_exec(c, "UPDATE account SET deletion_ms = %lld WHERE id = %lld", (long long)(c->now_ms + 5),
               (long long)ann->id);
    run(c, ann); /* not yet */
    CHECK(world_places(c, ann->id, may_stay, false) == before);
    c->now_ms += 5;
    run(c, ann);
    run(c, ann);
    CHECK(world_places(c, ann->id, may_stay, true) == 0);
    CHECK(world_query(c, "SELECT COUNT(*) FROM name_claim WHERE value LIKE 'ann%%'") == 1); /* nobody can pose as her */
    CHECK(drifted(c) == 0);

    world_exec(c, "UPDATE member SET confirmed_ms = 0 WHERE id = %lld", (long long)cat->id);
    world_exec(c, "UPDATE account SET active = 0 WHERE id = %lld", (long long)cat->id);
    run(c, cat); /* a few days to confirm */
    CHECK(world_query(c, "SELECT COUNT(*) FROM account WHERE id = %lld", (long long)cat->id) == 1);
    c->now_ms += UNCONFIRMED_DAYS * DAY_MS;
    run(c, cat);
    run(c, bob); /* confirmed in time */
    CHECK(world_query(c, "SELECT COUNT(*) FROM account WHERE id = %lld", (long long)cat->id) == 0);
    CHECK(world_query(c, "SELECT COUNT(*) FROM account WHERE id = %lld", (long long)bob->id) == 1);
    world_close(&w);
    return check_done();
}
