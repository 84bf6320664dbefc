/* SPDX-License-Identifier: Apache-2.0 */
/* Who sees what: every reader against every visibility and standing, through the doors that handlers use. */
#include "core/visible.h"

#include "api/entity.h"
#include "check.h"
#include "core/status.h"
#include "core/tag.h"
#include "feed/feed.h"
#include "store/status.h"
#include "store/tx.h"
#include "world.h"

enum reader { NOBODY, STRANGER, FOLLOWER, MENTIONED, BLOCKED, BLOCKER, MUTER, AUTHOR, MODERATOR, READERS };

struct cast {
    struct account *of[READERS]; /* NOBODY: NULL */
};

static struct cast gather(struct ctx *c)
{
    struct cast k = { 0 };
    static const char *names[READERS] = { NULL,      "stranger", "follower", "mentioned", "blocked",
                                          "blocker", "muter",    "author",   "moderator" };
    for (int i = STRANGER; i < READERS; i++)
        k.of[i] = world_member(c, names[i]);
    world_follow(c, k.of[FOLLOWER], k.of[AUTHOR], false);
    world_follow(c, k.of[BLOCKED], k.of[AUTHOR], false);
    world_follow(c, k.of[BLOCKER], k.of[AUTHOR], false);
    world_block(c, k.of[AUTHOR], k.of[BLOCKED]);
    world_block(c, k.of[BLOCKER], k.of[AUTHOR]);
    world_mute(c, k.of[MUTER], k.of[AUTHOR]);
    world_exec(c, "UPDATE account SET role = 1 WHERE id = %lld", (long long)k.of[MODERATOR]->id);
    k.of[MODERATOR] = world_reread(c, k.of[MODERATOR]);
    return k;
}

static int64_t publish(struct ctx *c, const struct account *me, int visibility)
{
    struct status *s = NULL;
    struct status_draft d = { .text = STR("hello @mentioned @blocked #harbour"), .visibility = visibility };
    c->me = me;
    MUST(status_publish(c, &d, &s), c);
    return s->id;
}

static void set_status_standing(struct ctx *c, int64_t id, enum standing_kind kind)
{
    TX tx = { 0 };
    struct standing to = { .kind = kind };
    MUST(tx_begin(c, &tx), c);
    MUST(store_status_set_standing(c, id, &to), c);
    MUST(tx_commit(&tx), c);
    struct status *s = NULL;
    MUST(store_status_get(c, id, &s), c);
    feed_status_changed(c->feed, s);
}

static void set_account(struct ctx *c, const struct account *a, const char *what)
{
    world_exec(c, "UPDATE account SET %s WHERE id = %lld", what, (long long)a->id);
    feed_account_changed(c->feed, a->id);
}

/* One character a reader, in the order of enum reader: '1' sees it. */
static bool row_holds(struct ctx *c, const struct cast *k, int64_t id, const char *want)
{
    bool ok = true;
    struct str json = { 0 };
    c->me = NULL;
    MUST(entity_status(c, id, &json), c); /* now the feed holds it rendered: the judge from memory must agree */
    for (int i = 0; i < READERS; i++) {
        struct status *one = NULL;
        struct status *batch[2] = { NULL, NULL };
        int64_t ids[2] = { 1, id };
        c->me = k->of[i];
        enum err e = status_see(c, id, &one, NULL);
        MUST(statuses_see(c, ids, 2, batch), c);
        bool sees = e == OK;
        enum err hot = status_see_rendered(c, id);
        if (sees != (want[i] == '1') || (batch[1] != NULL) != sees || batch[0] != NULL
            || hot != (sees ? OK : ERR_NOT_FOUND)
            || (!sees && (e != ERR_NOT_FOUND || !str_eq(c->says, STR("Record not found"))))) {
            (void)printf("reader %d: %s, wanted %c\n", i, sees ? "sees" : "does not see", want[i]);
            ok = false;
        }
    }
    return ok;
}

static void visibilities(struct ctx *c, const struct cast *k)
{
    /*                                                                       n s f m B b u a M */
    CHECK(row_holds(c, k, publish(c, k->of[AUTHOR], VIS_PUBLIC), "111100111"));
    CHECK(row_holds(c, k, publish(c, k->of[AUTHOR], VIS_UNLISTED), "111100111"));
    CHECK(row_holds(c, k, publish(c, k->of[AUTHOR], VIS_PRIVATE), "001100010"));
    CHECK(row_holds(c, k, publish(c, k->of[AUTHOR], VIS_DIRECT), "000100010"));
}

static void standings_of_a_parley(struct ctx *c, const struct cast *k)
{
    int64_t id = publish(c, k->of[AUTHOR], VIS_PUBLIC);
    int64_t letter = publish(c, k->of[AUTHOR], VIS_DIRECT);
    set_status_standing(c, id, STANDING_SENSITIVE);
    CHECK(row_holds(c, k, id, "111100111"));
    set_status_standing(c, id, STANDING_LIMITED);
    CHECK(row_holds(c, k, id, "111100111"));
    set_status_standing(c, id, STANDING_HELD);
    CHECK(row_holds(c, k, id, "000000011"));
    set_status_standing(c, id, STANDING_REMOVED);
    CHECK(row_holds(c, k, id, "000000001"));
    set_status_standing(c, letter, STANDING_HELD);
    CHECK(row_holds(c, k, letter, "000000010")); /* moderators do not read letters */
}

static void standings_of_the_author(struct ctx *c, const struct cast *k)
{
    int64_t id = publish(c, k->of[AUTHOR], VIS_PUBLIC);
    world_stand(c, k->of[AUTHOR], STANDING_LIMITED);
    CHECK(row_holds(c, k, id, "111100111"));
    world_stand(c, k->of[AUTHOR], STANDING_FROZEN);
    CHECK(row_holds(c, k, id, "111100111"));
    world_stand(c, k->of[AUTHOR], STANDING_SUSPENDED);
    CHECK(row_holds(c, k, id, "000000011"));
    world_stand(c, k->of[AUTHOR], STANDING_NORMAL);
    set_account(c, k->of[AUTHOR], "active = 0");
    CHECK(row_holds(c, k, id, "000000010"));
    set_account(c, k->of[AUTHOR], "active = 1, deletion_ms = 5");
    CHECK(row_holds(c, k, id, "000000010"));
    set_account(c, k->of[AUTHOR], "deletion_ms = 0");
}

static int64_t found_by_tag(struct ctx *c, const struct account *me)
{
    struct status_page page = { 0 };
    struct tag_query q = { .name = STR("Harbour") };
    struct page p = { .limit = 40 };
    c->me = me;
    MUST(tag_timeline(c, &q, &p, &page), c);
    return page.n;
}

static void lists_for_strangers(struct ctx *c, const struct cast *k)
{
    int64_t all = found_by_tag(c, NULL);
    int64_t id = publish(c, k->of[AUTHOR], VIS_PUBLIC);
    (void)publish(c, k->of[AUTHOR], VIS_UNLISTED);
    CHECK(found_by_tag(c, NULL) == all + 1 && found_by_tag(c, k->of[STRANGER]) == all + 1);
    CHECK(found_by_tag(c, k->of[MUTER]) == 0 && found_by_tag(c, k->of[BLOCKED]) == 0
          && found_by_tag(c, k->of[BLOCKER]) == 0);
    set_status_standing(c, id, STANDING_LIMITED);
    CHECK(found_by_tag(c, NULL) == all);
    set_status_standing(c, id, STANDING_NORMAL);
    world_stand(c, k->of[AUTHOR], STANDING_LIMITED);
    CHECK(found_by_tag(c, NULL) == 0 && found_by_tag(c, k->of[FOLLOWER]) == 0);
    world_stand(c, k->of[AUTHOR], STANDING_NORMAL);
}

static void accounts(struct ctx *c, const struct cast *k)
{
    struct account *a = NULL;
    c->me = k->of[BLOCKED];
    CHECK(account_see(c, k->of[AUTHOR]->id, &a) == ERR_NOT_FOUND);
    c->me = k->of[BLOCKER]; /* must find them to unblock them */
    CHECK(account_see(c, k->of[AUTHOR]->id, &a) == OK && a->id == k->of[AUTHOR]->id);
    c->me = NULL;
    CHECK(account_see(c, k->of[AUTHOR]->id, &a) == OK);
    world_stand(c, k->of[AUTHOR], STANDING_SUSPENDED);
    CHECK(account_see(c, k->of[AUTHOR]->id, &a) == ERR_NOT_FOUND);
    world_stand(c, k->of[AUTHOR], STANDING_NORMAL);
}

static void writers(struct ctx *c, const struct cast *k)
{
    struct status *s = NULL;
    struct status_draft d = { .text = STR("hello") };
    c->me = NULL;
    CHECK(status_publish(c, &d, &s) == ERR_UNAUTHENTICATED);
    world_stand(c, k->of[STRANGER], STANDING_FROZEN);
    c->me = world_reread(c, k->of[STRANGER]);
    CHECK(status_publish(c, &d, &s) == ERR_FORBIDDEN);
    world_stand(c, k->of[STRANGER], STANDING_SUSPENDED);
    c->me = world_reread(c, k->of[STRANGER]);
    CHECK(status_publish(c, &d, &s) == ERR_FORBIDDEN);
}

int main(void)
{
    struct world w;
    world_open(&w);
    struct cast k = gather(&w.c);
    visibilities(&w.c, &k);
    standings_of_a_parley(&w.c, &k);
    standings_of_the_author(&w.c, &k);
    lists_for_strangers(&w.c, &k);
    accounts(&w.c, &k);
    writers(&w.c, &k);
    world_close(&w);
    return check_done();
}
