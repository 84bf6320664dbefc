/* SPDX-License-Identifier: Apache-2.0 */
/* What search finds for whom, and that the index follows what happens: late commits, edits, deletions, new names. */
#include "core/search.h"

#include "base/clock.h"
#include "base/id.h"
#include "check.h"
#include "core/block.h"
#include "core/follow.h"
#include "core/interact.h"
#include "core/search_index.h"
#include "core/status.h"
#include "core/status_delete.h"
#include "feed/feed.h"
#include "store/account.h"
#include "store/search.h"
#include "store/tx.h"
#include "world.h"

static struct status *say(struct ctx *c, const struct account *me, const char *text, int visibility)
{
    struct status *s = NULL;
    struct status_draft d = { .text = str_c(text), .visibility = visibility };
    c->me = me;
    c->now_ms += SECOND_MS;
    MUST(status_publish(c, &d, &s), c);
    return s;
}

static void follow_store(struct ctx *c)
{
    bool done = false;
    while (!done)
        MUST(search_index_step(c, SEARCH_STEP_MAX, &done), c);
}

static struct search_found ask(struct ctx *c, const struct account *me, const char *q)
{
    struct search_found found = { 0 };
    struct search_ask a = { .q = str_c(q), .page = { .limit = 20 } };
    c->me = me;
    MUST(search(c, &a, &found), c);
    return found;
}

static bool finds(struct ctx *c, const struct account *me, const char *q, int64_t status_id)
{
    struct search_found found = ask(c, me, q);
    for (int64_t i = 0; i < found.statuses_n; i++)
        if (found.statuses[i] == status_id)
            return true;
    return false;
}

static bool finds_account(struct ctx *c, const struct account *me, const char *q, int64_t id)
{
    struct search_found found = ask(c, me, q);
    for (int64_t i = 0; i < found.accounts_n; i++)
        if (found.accounts[i] == id)
            return true;
    return false;
}

static void parleys(struct ctx *c)
{
    const struct account *ann = world_member(c, "ann"); /* not indexable */
    const struct account *bob = world_member(c, "bob");
    const struct account *ida = world_member(c, "ida");
    struct status *out = NULL;
    const struct follow_wish plain = { .reblogs = -1, .notify = -1 };
    world_exec(c, "UPDATE account SET indexable = 1, updated_ms = %lld WHERE id = %lld", (long long)c->now_ms,
               (long long)ida->id);
    feed_account_changed(c->feed, ida->id);
    struct status *quiet = say(c, ann, "The harbour is frozen over", VIS_PUBLIC);
    struct status *open = say(c, ida, "The HARBOUR opens again", VIS_PUBLIC);
    struct status *letter = say(c, ann, "harbour, only for you @bob", VIS_DIRECT);
    struct status *circle = say(c, ida, "harbour, among friends", VIS_PRIVATE);
    follow_store(c);
    CHECK(!finds(c, NULL, "harbour", quiet->id) && finds(c, NULL, "harbour", open->id));
    CHECK(!finds(c, NULL, "harbour", letter->id) && !finds(c, NULL, "harbour", circle->id));
    CHECK(finds(c, ann, "harbour", quiet->id) && finds(c, ann, "harbour", letter->id));  /* one's own */
    CHECK(finds(c, bob, "harbour", letter->id) && !finds(c, bob, "harbour", quiet->id)); /* names one */
    CHECK(!finds(c, ida, "harbour", letter->id));
    MUST(status_bookmark(c, (c->me = bob, quiet->id), &out), c);
    CHECK(finds(c, bob, "harbour", quiet->id)); /* marked */
    MUST(status_unbookmark(c, quiet->id, &out), c);
    CHECK(!finds(c, bob, "harbour", quiet->id));
    MUST(follow_add(c, ann->id, &plain), c);
    CHECK(finds(c, bob, "harbour", quiet->id)); /* followed */
    CHECK(!finds(c, bob, "harbour", circle->id));
    MUST(follow_add(c, ida->id, &plain), c);
    CHECK(finds(c, bob, "harbour", circle->id));
    MUST(mute_add(c, ida->id, false, 0), c);
    CHECK(!finds(c, bob, "harbour", open->id));
    MUST(mute_remove(c, ida->id), c);

    CHECK(finds(c, bob, "\"opens again\"", open->id) && !finds(c, bob, "\"again opens\"", open->id));
    CHECK(finds(c, bob, "harbour -frozen", open->id) && !finds(c, bob, "harbour -frozen", quiet->id));
    CHECK(ask(c, bob, "words : * OR \" ) NEAR(").statuses_n == 0); /* no operator of the engine gets through */
    struct search_found found = { 0 };
    struct search_ask by = { .q = STR("harbour"), .account_id = ida->id, .page = { .limit = 20 } };
    MUST(search(c, &by, &found), c);
    CHECK(found.statuses_n == 2 && found.statuses[0] == circle->id && found.statuses[1] == open->id);
    by.page.max_id = circle->id;
    MUST(search(c, &by, &found), c);
    CHECK(found.statuses_n == 1 && found.statuses[0] == open->id);
    by.page = (struct page){ .limit = 20, .offset = 1 };
    MUST(search(c, &by, &found), c);
    CHECK(found.statuses_n == 1 && found.statuses[0] == open->id);

    world_exec(c, "UPDATE status SET standing = %d WHERE id = %lld", (int)STANDING_LIMITED, (long long)open->id);
    CHECK(!finds(c, NULL, "harbour", open->id) && !finds(c, bob, "harbour", open->id));
    world_exec(c, "UPDATE status SET standing = %d WHERE id = %lld", (int)STANDING_REMOVED, (long long)open->id);
    CHECK(!finds(c, ida, "harbour", open->id));
    world_exec(c, "UPDATE status SET standing = 0 WHERE id = %lld", (long long)open->id);
    CHECK(finds(c, NULL, "harbour", open->id));

    struct status_draft edit = { .text = STR("The lighthouse opens again"), .visibility = VIS_PUBLIC };
    c->me = ida;
    c->now_ms += SECOND_MS;
    MUST(status_edit(c, open->id, &edit, &out), c);
    follow_store(c);
    CHECK(!finds(c, NULL, "harbour", open->id) && finds(c, NULL, "lighthouse", open->id));
    c->me = ida;
    MUST(status_delete(c, open->id, &out), c);
    CHECK(!finds(c, NULL, "lighthouse", open->id));
    MUST(search_forget_status(c, open->id), c);
    int64_t ids[] = { open->id, quiet->id };
    MUST(store_search_drop_known(c, ids, 2), c);
    CHECK(ids[0] == open->id && ids[1] == 0); /* one is out of the index, the other in */

    by = (struct search_ask){ .q = arena_strf(c->arena, "https://harbour.example/@ann/%lld", (long long)quiet->id),
                              .page = { .limit = 20 } };
    MUST(search(c, &by, &found), c);
    CHECK(found.statuses_n == 1 && found.statuses[0] == quiet->id && found.accounts_n == 0);
    by.q = arena_strf(c->arena, "https://harbour.example/@ann/%lld", (long long)letter->id);
    c->me = ida;
    MUST(search(c, &by, &found), c);
    CHECK(found.statuses_n == 0);
    by.q = STR("https://harbour.example/@Ann");
    MUST(search(c, &by, &found), c);
    CHECK(found.accounts_n == 1 && found.accounts[0] == ann->id);
    by.resolve = true;
    c->me = NULL;
    CHECK(search(c, &by, &found) == ERR_UNAUTHENTICATED);
}

static void accounts(struct ctx *c)
{
    const struct account *zoe = world_member(c, "zoe_marsh");
    const struct account *zora = world_member(c, "zora");
    const struct account *me = world_member(c, "reader");
    struct account named = { 0 };
    TX tx = { 0 };
    const struct follow_wish plain = { .reblogs = -1, .notify = -1 };
    world_exec(c, "UPDATE account SET discoverable = 1 WHERE id = %lld", (long long)zoe->id);
    world_exec(c, "UPDATE account SET discoverable = 0 WHERE id = %lld", (long long)zora->id);
    follow_store(c);
    CHECK(finds_account(c, NULL, "zo", zoe->id) && finds_account(c, NULL, "marsh", zoe->id));
    CHECK(!finds_account(c, NULL, "zor", zora->id) && finds_account(c, NULL, "ZORA", zora->id)); /* by the whole name */
    CHECK(finds_account(c, NULL, "@zora@harbour.example", zora->id));
    CHECK(!finds_account(c, NULL, "@zora@elsewhere.example", zora->id));
    c->me = me;
    MUST(follow_add(c, zora->id, &plain), c);
    struct search_found found = ask(c, me, "zo");
    CHECK(found.accounts_n == 2 && found.accounts[0] == zora->id); /* whom one follows first */
    struct search_ask only = { .q = STR("zo"), .following = true, .page = { .limit = 20 } };
    MUST(search(c, &only, &found), c);
    CHECK(found.accounts_n == 1 && found.accounts[0] == zora->id);

    c->now_ms += SECOND_MS;
    named = *world_reread(c, zoe);
    named.display_name = STR("Capitaine Élodie");
    MUST(tx_begin(c, &tx), c);
    MUST(store_account_update_profile(c, &named), c);
    MUST(tx_commit(&tx), c);
    follow_store(c);
    CHECK(finds_account(c, NULL, "elodie", zoe->id) && finds_account(c, NULL, "capit elo", zoe->id));
    world_stand(c, zoe, STANDING_LIMITED);
    CHECK(!finds_account(c, NULL, "elodie", zoe->id) && !finds_account(c, NULL, "zoe_marsh", zoe->id));
    only = (struct search_ask){ .q = STR("@zoe_marsh"), .resolve = true, .page = { .limit = 20 } };
    c->me = me;
    MUST(search(c, &only, &found), c);
    CHECK(found.accounts_n == 1); /* who asks for somebody by name gets them */
    world_stand(c, zoe, STANDING_SUSPENDED);
    MUST(search(c, &only, &found), c);
    CHECK(found.accounts_n == 0);
}

static void tags(struct ctx *c)
{
    const struct account *tom = world_member(c, "tom");
    (void)say(c, tom, "#Kite #kites", VIS_PUBLIC);
    (void)say(c, tom, "#kites", VIS_PUBLIC);
    (void)say(c, tom, "#kitesecret", VIS_PRIVATE);
    follow_store(c);
    struct search_found found = ask(c, NULL, "#kit");
    CHECK(found.tags_n == 2 && str_eq_nocase(found.tags[0].name, STR("kites")) && found.tags[0].id != 0);
    CHECK(ask(c, NULL, "ite").tags_n == 0 && ask(c, NULL, "KITE").tags_n == 2);
}

/* A parley whose transaction commits after younger ones were taken in, and an index that is gone. */
static void late_and_lost(struct ctx *c)
{
    const struct account *lou = world_member(c, "lou");
    struct status *first = say(c, lou, "zephyr one", VIS_PUBLIC);
    struct status *second = say(c, lou, "zephyr two", VIS_PUBLIC);
    world_exec(c, "CREATE TABLE hidden AS SELECT * FROM status WHERE id = %lld", (long long)first->id);
    world_exec(c, "DELETE FROM status WHERE id = %lld", (long long)first->id);
    follow_store(c);
    CHECK(finds(c, lou, "zephyr", second->id) && !finds(c, lou, "zephyr", first->id));
    world_exec(c, "INSERT INTO status SELECT * FROM hidden");
    follow_store(c);
    CHECK(!finds(c, lou, "zephyr", first->id)); /* the mark has gone on: the later walk finds it */
    c->now_ms += 20 * SECOND_MS;
    follow_store(c);
    CHECK(finds(c, lou, "zephyr", first->id));
    int64_t before = ask(c, lou, "zephyr").statuses_n;
    MUST(search_rebuild(c), c);
    CHECK(ask(c, lou, "zephyr").statuses_n == before && before == 2);
    CHECK(finds_account(c, lou, "lou", lou->id) && ask(c, lou, "#kite").tags_n == 2);
}

int main(void)
{
    struct world w;
    world_open(&w);
    parleys(&w.c);
    accounts(&w.c);
    tags(&w.c);
    late_and_lost(&w.c);
    world_close(&w);
    return check_done();
}
