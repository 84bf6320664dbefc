/* SPDX-License-Identifier: Apache-2.0 */
/* Favourites, echoes, bookmarks, pins, mutes; and that no counter ever drifts from what it counts. */
#include "core/interact.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/rng.h"
#include "check.h"
#include "core/status.h"
#include "core/status_delete.h"
#include "model/notification.h"
#include "store/pin.h"
#include "store/status.h"
#include "world.h"

static struct status *say(struct ctx *c, const struct account *me, int visibility)
{
    struct status *s = NULL;
    struct status_draft d = { .text = STR("words"), .visibility = visibility };
    c->me = me;
    c->now_ms += 1000;
    MUST(status_publish(c, &d, &s), c);
    return s;
}

static int64_t notes(struct ctx *c, const struct account *to, enum notification_type type, int64_t status_id)
{
    return world_query(c,
                       "SELECT COUNT(*) FROM notification WHERE account_id = %lld AND type = %d AND status_id = %lld",
                       (long long)to->id, (int)type, (long long)status_id);
}

static void favourites(struct ctx *c, const struct account *ann, const struct account *bob)
{
    struct status *s = say(c, ann, VIS_PUBLIC);
    struct status *out = NULL;
    c->me = bob;
    for (int twice = 0; twice < 2; twice++) {
        MUST(status_favourite(c, s->id, &out), c);
        CHECK(out->id == s->id && out->favourites_count == 1 && notes(c, ann, NOTE_FAVOURITE, s->id) == 1);
    }
    struct page p = { .limit = 40 };
    struct status_page page = { 0 };
    struct page_row *who = NULL;
    int64_t n = 0;
    MUST(status_favourites(c, &p, &page), c);
    CHECK(page.n == 1 && page.rows[0]->id == s->id && page.first == page.last && page.first != s->id);
    c->me = NULL;
    MUST(status_favourited_by(c, s->id, &p, &who, &n), c);
    CHECK(n == 1 && who[0].id == bob->id);
    c->me = bob;
    for (int twice = 0; twice < 2; twice++) {
        MUST(status_unfavourite(c, s->id, &out), c);
        CHECK(out->favourites_count == 0 && notes(c, ann, NOTE_FAVOURITE, s->id) == 0);
    }
    CHECK(status_favourite(c, say(c, ann, VIS_DIRECT)->id, &out) == OK); /* ann's own, as ann */
    c->me = bob;
    CHECK(status_favourite(c, say(c, ann, VIS_DIRECT)->id, &out) == OK);
    int64_t hidden = say(c, ann, VIS_DIRECT)->id;
    c->me = bob;
    CHECK(status_favourite(c, hidden, &out) == ERR_NOT_FOUND);
}

static void echoes(struct ctx *c, const struct account *ann, const struct account *bob)
{
    struct status *s = say(c, ann, VIS_PUBLIC);
    struct status *one = NULL;
    struct status *two = NULL;
    struct status *out = NULL;
    struct page p = { .limit = 40 };
    struct page_row *who = NULL;
    int64_t n = 0;
    c->me = bob;
    MUST(status_reblog(c, s->id, -1, &one), c);
    MUST(status_reblog(c, s->id, VIS_UNLISTED, &two), c);
    CHECK(one->id == two->id && two->visibility == VIS_PUBLIC && one->reblog_of_id == s->id && one->id != s->id);
    MUST(status_reblog(c, one->id, -1, &two), c); /* an echo of the echo is one of the original: there already */
    CHECK(two->id == one->id && notes(c, ann, NOTE_REBLOG, s->id) == 1);
    MUST(status_favourite(c, one->id, &out), c);
    CHECK(out->id == s->id && out->favourites_count == 1 && out->reblogs_count == 1);
    MUST(status_reblogged_by(c, s->id, &p, &who, &n), c);
    CHECK(n == 1 && who[0].id == bob->id && who[0].row_id == one->id);
    for (int twice = 0; twice < 2; twice++) {
        MUST(status_unreblog(c, s->id, &out), c);
        CHECK(out->id == s->id && out->reblogs_count == 0 && notes(c, ann, NOTE_REBLOG, s->id) == 0);
    }
    MUST(status_reblog(c, s->id, -1, &one), c);
    MUST(status_delete(c, one->id, &out), c); /* the same by another door */
    MUST(store_status_get(c, s->id, &out), c);
    CHECK(out->reblogs_count == 0);

    c->me = ann;
    int64_t own = say(c, ann, VIS_PRIVATE)->id;
    CHECK(status_reblog(c, own, VIS_PUBLIC, &one) == OK && one->visibility == VIS_PRIVATE);
    int64_t letter = say(c, ann, VIS_DIRECT)->id;
    CHECK(status_reblog(c, letter, -1, &one) == ERR_FORBIDDEN);
    world_follow(c, bob, ann, false);
    c->me = bob;
    CHECK(status_reblog(c, own, -1, &one) == ERR_FORBIDDEN && status_reblog(c, s->id, VIS_DIRECT, &one) == ERR_INVALID);
}

static void bookmarks_and_pages(struct ctx *c, const struct account *ann, const struct account *bob)
{
    struct status *s[6];
    struct status *out = NULL;
    struct status_page page = { 0 };
    for (int i = 0; i < 6; i++) {
        s[i] = say(c, ann, VIS_PUBLIC);
        c->me = bob;
        MUST(status_bookmark(c, s[i]->id, &out), c);
        MUST(status_bookmark(c, s[i]->id, &out), c);
    }
    struct page p = { .limit = 2 };
    MUST(status_bookmarks(c, &p, &page), c);
    CHECK(page.n == 2 && page.rows[0]->id == s[5]->id && page.rows[1]->id == s[4]->id);
    p.max_id = page.last;
    MUST(status_bookmarks(c, &p, &page), c);
    CHECK(page.n == 2 && page.rows[0]->id == s[3]->id && page.rows[1]->id == s[2]->id);
    struct page up = { .limit = 1, .min_id = page.first };
    MUST(status_bookmarks(c, &up, &page), c);
    CHECK(page.n == 1 && page.rows[0]->id == s[4]->id);
    /* what is gone or hidden does not shorten a page */
    MUST((c->me = ann, status_delete(c, s[4]->id, &out)), c);
    world_exec(c, "UPDATE status SET standing = 3 WHERE id = %lld", (long long)s[3]->id);
    c->me = bob;
    p = (struct page){ .limit = 2 };
    MUST(status_bookmarks(c, &p, &page), c);
    CHECK(page.n == 2 && page.rows[0]->id == s[5]->id && page.rows[1]->id == s[2]->id);
    MUST(status_unbookmark(c, s[5]->id, &out), c);
    MUST(status_unbookmark(c, s[5]->id, &out), c);
    MUST(status_bookmarks(c, &p, &page), c);
    CHECK(page.n == 2 && page.rows[0]->id == s[2]->id);
}

static void pins(struct ctx *c, const struct account *ann, const struct account *bob)
{
    struct status *out = NULL;
    for (int i = 0; i < PINS_MAX; i++) {
        int64_t id = say(c, ann, VIS_PUBLIC)->id;
        CHECK(status_pin(c, id, &out) == OK && status_pin(c, id, &out) == OK);
    }
    int64_t more = say(c, ann, VIS_PUBLIC)->id;
    CHECK(status_pin(c, more, &out) == ERR_INVALID
          && str_eq(c->says, STR("Validation failed: You have already pinned the maximum number of posts")));
    int64_t letter = say(c, ann, VIS_DIRECT)->id;
    CHECK(status_pin(c, letter, &out) == ERR_INVALID);
    c->me = bob;
    CHECK(status_pin(c, more, &out) == ERR_INVALID);
    CHECK(world_query(c, "SELECT COUNT(*) FROM pin WHERE account_id = %lld", (long long)ann->id) == PINS_MAX);
}

static void who_blocks_may_still_take_back(struct ctx *c)
{
    const struct account *cat = world_member(c, "cat");
    const struct account *dog = world_member(c, "dog");
    struct status *out = NULL;
    int64_t id = say(c, cat, VIS_PUBLIC)->id;
    c->me = dog;
    MUST(status_favourite(c, id, &out), c);
    world_block(c, cat, dog);
    CHECK(status_unfavourite(c, id, &out) == ERR_NOT_FOUND);
    MUST(store_status_get(c, id, &out), c);
    CHECK(out->favourites_count == 0);
}

/* Counters against what they count. */
static int64_t drifted(struct ctx *c)
{
    return world_query(c, "SELECT COUNT(*) FROM status s WHERE"
                          " favourites_count <> (SELECT COUNT(*) FROM favourite_of f WHERE f.status_id = s.id)"
                          " OR favourites_count <> (SELECT COUNT(*) FROM favourite_by f WHERE f.status_id = s.id)"
                          " OR reblogs_count <> (SELECT COUNT(*) FROM reblog_of r WHERE r.status_id = s.id)"
                          " OR reblogs_count <> (SELECT COUNT(*) FROM reblog_by r WHERE r.status_id = s.id)"
                          " OR reblogs_count <> (SELECT COUNT(*) FROM status r WHERE r.reblog_of_id = s.id)"
                          " OR replies_count <>"
                          " (SELECT COUNT(*) FROM status r WHERE r.in_reply_to_id = s.id AND r.visibility <= 1)")
           + world_query(c, "SELECT COUNT(*) FROM account a WHERE statuses_count <>"
                            " (SELECT COUNT(*) FROM status s WHERE s.account_id = a.id AND s.visibility < 3)")
           + world_query(c, "SELECT COUNT(*) FROM favourite_of f WHERE NOT EXISTS"
                            " (SELECT 1 FROM status s WHERE s.id = f.status_id)")
           + world_query(c, "SELECT COUNT(*) FROM thread_status t WHERE NOT EXISTS"
                            " (SELECT 1 FROM status s WHERE s.id = t.status_id)");
}

#define PEOPLE   4
#define STEPS    120
#define SUBJECTS 6

struct actor {
    struct world *w;
    const struct account *me;
    int64_t *subjects; /* parleys that all act on */
    uint64_t seed;
    bool failed;
};

static bool allowed(enum err e)
{
    return e == OK || e == ERR_NOT_FOUND || e == ERR_FORBIDDEN || e == ERR_AGAIN;
}

static enum err step(struct ctx *c, int64_t subject)
{
    struct status *out = NULL;
    struct status_draft d = { .text = STR("answer"), .visibility = (int)rand_below(c, 4), .in_reply_to_id = subject };
    switch (rand_below(c, 9)) {
    case 0:
    case 1: return status_favourite(c, subject, &out);
    case 2: return status_unfavourite(c, subject, &out);
    case 3:
    case 4: return status_reblog(c, subject, -1, &out);
    case 5: return status_unreblog(c, subject, &out);
    case 6: return rand_below(c, 4) == 0 ? status_delete(c, subject, &out) : OK;
    case 7: return status_bookmark(c, subject, &out);
    default: break;
    }
    enum err e = status_publish(c, &d, &out);
    if (e == OK && rand_below(c, 2) == 0)
        e = status_delete(c, out->id, &out);
    return e;
}

static void *act(void *arg)
{
    struct actor *a = arg;
    struct ctx c = world_ctx(a->w, a->me);
    rand_seed_fixed(&c, a->seed);
    for (int i = 0; i < STEPS; i++) {
        c.now_ms += 7;
        enum err e = step(&c, a->subjects[rand_below(&c, SUBJECTS)]);
        if (!allowed(e)) {
            (void)printf("step %d: error %d: " STR_FMT "\n", i, (int)e, STR_ARG(c.says));
            a->failed = true;
        }
    }
    world_ctx_end(&c);
    return NULL;
}

static void counters_never_drift(struct world *w)
{
    static const char *names[PEOPLE] = { "eel", "fox", "gnu", "hen" };
    pthread_t threads[PEOPLE];
    struct actor actors[PEOPLE];
    int64_t subjects[SUBJECTS];
    const struct account *people[PEOPLE];
    for (int i = 0; i < PEOPLE; i++)
        people[i] = world_member(&w->c, names[i]);
    for (int i = 0; i < SUBJECTS; i++)
        subjects[i] = say(&w->c, people[i % PEOPLE], VIS_PUBLIC)->id;
    CHECK(drifted(&w->c) == 0);
    for (int i = 0; i < PEOPLE; i++) {
        actors[i] = (struct actor){ .w = w, .me = people[i], .subjects = subjects, .seed = (uint64_t)i + 7 };
        if (pthread_create(&threads[i], NULL, act, &actors[i]) != 0)
            exit(1);
    }
    for (int i = 0; i < PEOPLE; i++) {
        (void)pthread_join(threads[i], NULL);
        CHECK(!actors[i].failed);
    }
    CHECK(world_query(&w->c, "SELECT SUM(favourites_count + reblogs_count + replies_count) FROM status") > 0);
    CHECK(drifted(&w->c) == 0);
}

int main(void)
{
    struct world w;
    world_open(&w);
    const struct account *ann = world_member(&w.c, "ann");
    const struct account *bob = world_member(&w.c, "bob");
    favourites(&w.c, ann, bob);
    echoes(&w.c, ann, bob);
    bookmarks_and_pages(&w.c, ann, bob);
    pins(&w.c, ann, bob);
    who_blocks_may_still_take_back(&w.c);
    counters_never_drift(&w);
    world_close(&w);
    return check_done();
}
