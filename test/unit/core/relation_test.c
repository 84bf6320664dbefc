/* SPDX-License-Identifier: Apache-2.0 */
/* Follows, requests, blocks, mutes, notes and their lists; and that the two sides of a relation and the counters never
   drift apart, whatever is done by however many at once. */
#include "core/relation.h"

#include <pthread.h>

#include "base/clock.h"
#include "base/rng.h"
#include "check.h"
#include "core/block.h"
#include "core/context.h"
#include "core/domain_mute.h"
#include "core/follow.h"
#include "core/interact.h"
#include "core/notification.h"
#include "core/search.h"
#include "core/search_index.h"
#include "core/status.h"
#include "core/visible.h"
#include "feed/feed.h"
#include "store/follow.h"
#include "world.h"

static const struct follow_wish plain = { .reblogs = -1, .notify = -1 };

static enum err follow(struct ctx *c, const struct account *who, const struct account *whom)
{
    c->me = who;
    return follow_add(c, whom->id, &plain);
}

static struct relation relation(struct ctx *c, const struct account *who, const struct account *to)
{
    struct relation r = { 0 };
    c->me = who;
    MUST(relation_get(c, to->id, &r), c);
    return r;
}

static int64_t notes(struct ctx *c, const struct account *to, enum notification_type type, const struct account *from)
{
    return world_query(c, "SELECT COUNT(*) FROM notification WHERE account_id = %lld AND type = %d AND from_id = %lld",
                       (long long)to->id, (int)type, (long long)from->id);
}

static void following(struct ctx *c)
{
    const struct account *ann = world_member(c, "ann");
    const struct account *bob = world_member(c, "bob");
    bool seen = false;
    for (int twice = 0; twice < 2; twice++) {
        CHECK(follow(c, ann, bob) == OK);
        CHECK(world_reread(c, ann)->following_count == 1 && world_reread(c, bob)->followers_count == 1);
        CHECK(notes(c, bob, NOTE_FOLLOW, ann) == 1);
    }
    struct relation r = relation(c, ann, bob);
    CHECK(r.following && r.showing_reblogs && !r.notifying && r.languages.p == NULL && !r.followed_by);
    CHECK(relation(c, bob, ann).followed_by);
    MUST(feed_follows(c, ann->id, bob->id, &seen), c);
    CHECK(seen);

    const struct str languages[] = { STR("en"), STR("de") };
    struct follow_wish wish = { 0, 1, true, languages, 2 };
    c->me = ann;
    CHECK(follow_add(c, bob->id, &wish) == OK);
    CHECK(follow(c, ann, bob) == OK); /* what is not said stays */
    r = relation(c, ann, bob);
    CHECK(!r.showing_reblogs && r.notifying && str_eq(r.languages, STR("[\"en\",\"de\"]")));
    CHECK(world_query(c, "SELECT notify FROM follower WHERE account_id = %lld", (long long)bob->id) == 1);
    wish = (struct follow_wish){ 1, 0, true, NULL, 0 };
    CHECK(follow_add(c, bob->id, &wish) == OK && relation(c, ann, bob).languages.p == NULL);
    const struct str nonsense[] = { STR("klingonisch") };
    wish = (struct follow_wish){ -1, -1, true, nonsense, 1 };
    CHECK(follow_add(c, bob->id, &wish) == ERR_INVALID);

    for (int twice = 0; twice < 2; twice++) {
        CHECK(follow_remove(c, bob->id) == OK);
        CHECK(world_reread(c, ann)->following_count == 0 && world_reread(c, bob)->followers_count == 0);
        CHECK(notes(c, bob, NOTE_FOLLOW, ann) == 0);
    }
    MUST(feed_follows(c, ann->id, bob->id, &seen), c);
    CHECK(!seen);
    CHECK(follow(c, ann, ann) == ERR_FORBIDDEN);
    CHECK(follow_add(c, 12345, &plain) == ERR_NOT_FOUND);
    MUST(follow(c, ann, bob), c);
    c->me = bob;
    CHECK(follower_remove(c, ann->id) == OK && !relation(c, ann, bob).following);
    CHECK(world_reread(c, bob)->followers_count == 0);
}

static void requests(struct ctx *c)
{
    const struct account *dora = world_member(c, "dora");
    const struct account *eve = world_member(c, "eve");
    world_exec(c, "UPDATE account SET locked = 1 WHERE id = %lld", (long long)dora->id);
    feed_account_changed(c->feed, dora->id);
    dora = world_reread(c, dora);
    for (int twice = 0; twice < 2; twice++) {
        CHECK(follow(c, eve, dora) == OK && relation(c, eve, dora).requested && !relation(c, eve, dora).following);
        CHECK(notes(c, dora, NOTE_FOLLOW_REQUEST, eve) == 1 && notes(c, dora, NOTE_FOLLOW, eve) == 0);
    }
    CHECK(relation(c, dora, eve).requested_by && world_reread(c, eve)->following_count == 0);
    struct page p = { .limit = 40 };
    struct account_page page = { 0 };
    c->me = dora;
    MUST(relation_accounts(c, RELATION_REQUESTS, 0, &p, &page), c);
    CHECK(page.n == 1 && page.ids[0] == eve->id && page.first == page.last && page.first != eve->id);
    CHECK(follow_request_accept(c, eve->id) == OK && follow_request_accept(c, eve->id) == ERR_NOT_FOUND);
    CHECK(relation(c, eve, dora).following && !relation(c, eve, dora).requested);
    CHECK(world_reread(c, eve)->following_count == 1 && world_reread(c, dora)->followers_count == 1);
    CHECK(notes(c, dora, NOTE_FOLLOW_REQUEST, eve) == 0 && notes(c, dora, NOTE_FOLLOW, eve) == 1);
    c->me = eve;
    MUST(follow_remove(c, dora->id), c);
    MUST(follow(c, eve, dora), c);
    c->me = dora;
    CHECK(follow_request_reject(c, eve->id) == OK && follow_request_reject(c, eve->id) == ERR_NOT_FOUND);
    CHECK(!relation(c, eve, dora).requested && notes(c, dora, NOTE_FOLLOW_REQUEST, eve) == 0);
    MUST(follow(c, eve, dora), c);
    CHECK(follow_remove(c, dora->id) == OK && !relation(c, eve, dora).requested); /* taken back */
    CHECK(notes(c, dora, NOTE_FOLLOW_REQUEST, eve) == 0);
    world_stand(c, eve, STANDING_LIMITED);
    const struct account *fay = world_member(c, "fay");
    CHECK(follow(c, world_reread(c, eve), fay) == OK && relation(c, eve, fay).requested); /* the limited ask */
    CHECK(notes(c, fay, NOTE_FOLLOW_REQUEST, eve) == 0); /* and strangers are not told */
}

static void limits(struct ctx *c)
{
    const struct account *gus = world_member(c, "gus");
    const struct account *one = world_member(c, "one");
    const struct account *two = world_member(c, "two");
    const struct site *was = c->site;
    struct site few = *was;
    few.follows_max = 1;
    c->site = &few;
    CHECK(follow(c, gus, one) == OK && follow(c, gus, two) == ERR_INVALID && follow(c, gus, one) == OK);
    c->me = gus;
    CHECK(follow_remove(c, one->id) == OK && follow(c, gus, two) == OK);
    c->site = was;
}

static struct status *say(struct ctx *c, const struct account *me, const char *text, int64_t answers)
{
    struct status *s = NULL;
    struct status_draft d = { .text = str_c(text), .visibility = VIS_PUBLIC, .in_reply_to_id = answers };
    c->me = me;
    c->now_ms += SECOND_MS;
    MUST(status_publish(c, &d, &s), c);
    return s;
}

/* Does `reader` find anything of `author` in what the program can be asked for? The names of those that show it. */
static int shown_in(struct ctx *c, const struct account *reader, const struct account *author, const struct status *by,
                    const struct status *root)
{
    struct page p = { .limit = 40 };
    struct status_page page = { 0 };
    struct status *s = NULL;
    struct account *a = NULL;
    struct status_context context = { 0 };
    struct page_row *rows = NULL;
    int64_t *ids = NULL;
    int64_t n = 0;
    int found = 0;
    c->me = reader;
    found += status_see(c, by->id, &s, NULL) == OK ? 1 : 0;
    found += account_see(c, author->id, &a) == OK ? 2 : 0;
    struct author_page of = { .account_id = author->id };
    found += status_of_author(c, &of, &p, &page) == OK && page.n > 0 ? 4 : 0;
    MUST(status_context(c, root->id, &context), c);
    for (int64_t i = 0; i < context.descendants_n; i++)
        found += context.descendants[i]->id == by->id ? 8 : 0;
    MUST(status_favourited_by(c, root->id, &p, &rows, &n), c);
    for (int64_t i = 0; i < n; i++)
        found += rows[i].id == author->id ? 16 : 0;
    MUST(feed_home(c, reader->id, &p, &ids, &n), c);
    for (int64_t i = 0; i < n; i++)
        found += ids[i] == by->id ? 32 : 0;
    MUST(feed_local(c, reader->id, &p, false, &ids, &n), c);
    for (int64_t i = 0; i < n; i++)
        found |=
            world_query(c, "SELECT account_id FROM status WHERE id = %lld", (long long)ids[i]) == author->id ? 64 : 0;
    struct notification_page notifications = { 0 };
    struct notification_ask any = { 0 };
    MUST(notification_list(c, &any, &p, &notifications), c);
    for (int64_t i = 0; i < notifications.n; i++)
        found |= notifications.rows[i].from_id == author->id ? 128 : 0;
    struct search_found result = { 0 };
    struct search_ask ask = { .q = author->username, .page = { .limit = 20 } };
    MUST(search(c, &ask, &result), c);
    found += result.accounts_n > 0 ? 256 : 0;
    ask.q = STR("walrus");
    MUST(search(c, &ask, &result), c);
    for (int64_t i = 0; i < result.statuses_n; i++)
        found += result.statuses[i] == by->id ? 512 : 0;
    struct account_page people = { 0 };
    MUST(relation_accounts(c, RELATION_FOLLOWERS, root->account_id, &p, &people), c);
    for (int64_t i = 0; i < people.n; i++)
        found += people.ids[i] == author->id ? 1024 : 0;
    return found;
}

#define SHOWN_ALL 2047

static void blocks(struct ctx *c)
{
    const struct account *host = world_member(c, "host");
    const struct account *ines = world_member(c, "ines");
    const struct account *jack = world_member(c, "jack");
    bool done = false;
    struct status *liked = NULL;
    world_exec(c, "UPDATE account SET indexable = 1, discoverable = 1");
    struct status *root = say(c, host, "a thread", 0);
    struct status *by_jack = say(c, jack, "walrus @ines", root->id);
    struct status *by_ines = say(c, ines, "walrus @jack", root->id);
    (void)say(c, jack, "by myself", 0); /* answers are not in the local timeline */
    (void)say(c, ines, "by myself", 0);
    MUST(follow(c, ines, jack), c);
    MUST(follow(c, jack, ines), c);
    MUST(follow(c, jack, host), c);
    MUST(follow(c, ines, host), c);
    c->me = jack;
    MUST(status_favourite(c, root->id, &liked), c);
    c->me = ines;
    MUST(status_favourite(c, root->id, &liked), c);
    MUST(search_index_step(c, SEARCH_STEP_MAX, &done), c);
    int before = shown_in(c, ines, jack, by_jack, root);
    CHECK(before == SHOWN_ALL);
    CHECK(shown_in(c, jack, ines, by_ines, root) == before);

    c->me = ines;
    for (int twice = 0; twice < 2; twice++)
        CHECK(block_add(c, jack->id) == OK);
    CHECK(relation(c, ines, jack).blocking && !relation(c, ines, jack).following);
    CHECK(relation(c, jack, ines).blocked_by && !relation(c, jack, ines).following);
    CHECK(world_reread(c, ines)->following_count == 1 && world_reread(c, ines)->followers_count == 0);
    CHECK(world_reread(c, jack)->following_count == 1 && world_reread(c, jack)->followers_count == 0);
    CHECK(shown_in(c, jack, ines, by_ines, root) == 0);
    /* who blocks may still look at the profile and at who is there, to unblock; at no words */
    int left = shown_in(c, ines, jack, by_jack, root);
    CHECK((left & (1 | 4 | 8 | 32 | 64 | 128 | 256 | 512)) == 0);
    CHECK(follow(c, jack, ines) == ERR_NOT_FOUND && follow(c, ines, jack) == ERR_FORBIDDEN);
    c->me = jack;
    CHECK(block_add(c, ines->id) == OK); /* the blocked may block, too */
    struct page p = { .limit = 40 };
    struct account_page page = { 0 };
    MUST(relation_accounts(c, RELATION_BLOCKS, 0, &p, &page), c);
    CHECK(page.n == 1 && page.ids[0] == ines->id);
    CHECK(block_remove(c, ines->id) == OK && block_remove(c, ines->id) == OK);
    c->me = ines;
    CHECK(block_remove(c, jack->id) == OK);
    CHECK((shown_in(c, jack, ines, by_ines, root) & 1) == 1 && (shown_in(c, ines, jack, by_jack, root) & 1) == 1);
    CHECK(block_add(c, ines->id) == ERR_FORBIDDEN);
}

static void mutes(struct ctx *c)
{
    const struct account *kim = world_member(c, "kim");
    const struct account *leo = world_member(c, "leo");
    struct page p = { .limit = 40 };
    struct account_page page = { 0 };
    c->me = kim;
    CHECK(mute_add(c, leo->id, true, 3600) == OK);
    struct relation r = relation(c, kim, leo);
    CHECK(r.muting && r.muting_notifications && r.mute_until_ms == c->now_ms + HOUR_MS);
    CHECK(mute_add(c, leo->id, false, 60) == OK && !relation(c, kim, leo).muting_notifications);
    MUST(relation_accounts(c, RELATION_MUTES, 0, &p, &page), c);
    CHECK(page.n == 1);
    c->now_ms += MINUTE_MS;
    CHECK(!relation(c, kim, leo).muting);
    MUST(relation_accounts(c, RELATION_MUTES, 0, &p, &page), c);
    CHECK(page.n == 0);
    CHECK(mute_add(c, leo->id, true, 0) == OK && relation(c, kim, leo).mute_until_ms == 0);
    CHECK(relation(c, kim, leo).muting && mute_remove(c, leo->id) == OK && !relation(c, kim, leo).muting);
    c->me = kim;
    CHECK(mute_add(c, kim->id, true, 0) == ERR_FORBIDDEN && mute_add(c, leo->id, true, -1) == ERR_INVALID);
    CHECK(relation_note(c, leo->id, STR("owes me a boat")) == OK);
    CHECK(str_eq(relation(c, kim, leo).note, STR("owes me a boat")) && relation(c, leo, kim).note.n == 0);
    c->me = kim;
    CHECK(relation_note(c, leo->id, STR("")) == OK && relation(c, kim, leo).note.n == 0);
}

static void lists(struct ctx *c)
{
    const struct account *star = world_member(c, "star");
    const struct account *fans[5];
    struct page p = { .limit = 2 };
    struct account_page page = { 0 };
    int64_t seen = 0;
    for (int i = 0; i < 5; i++) {
        const char name[] = { 'f', 'a', 'n', (char)('a' + i), 0 };
        fans[i] = world_member(c, name);
        c->now_ms += SECOND_MS;
        MUST(follow(c, fans[i], star), c);
    }
    c->me = NULL;
    for (int i = 0; i < 3; i++, p.max_id = page.last) { /* newest first, two at a time */
        MUST(relation_accounts(c, RELATION_FOLLOWERS, star->id, &p, &page), c);
        for (int64_t k = 0; k < page.n; k++)
            CHECK(page.ids[k] == fans[4 - seen++]->id);
    }
    CHECK(seen == 5);
    p = (struct page){ .limit = 2, .min_id = page.last };
    MUST(relation_accounts(c, RELATION_FOLLOWERS, star->id, &p, &page), c);
    CHECK(page.n == 2 && page.ids[1] == fans[1]->id);
    world_stand(c, fans[4], STANDING_SUSPENDED);
    p = (struct page){ .limit = 2 };
    MUST(relation_accounts(c, RELATION_FOLLOWERS, star->id, &p, &page), c);
    CHECK(page.n == 2 && page.ids[0] == fans[3]->id); /* filled up with who comes next */
    struct familiar *familiar = NULL;
    int64_t n = 0;
    MUST(follow(c, fans[0], fans[1]), c);
    MUST(relation_familiar(c, &star->id, 1, &familiar, &n), c);
    CHECK(n == 1 && familiar[0].n == 1 && familiar[0].accounts[0] == fans[1]->id);
    world_exec(c, "UPDATE account SET hide_collections = 1 WHERE id = %lld", (long long)star->id);
    MUST(relation_familiar(c, &star->id, 1, &familiar, &n), c);
    CHECK(n == 1 && familiar[0].n == 0);
    MUST(relation_accounts(c, RELATION_FOLLOWERS, star->id, &p, &page), c);
    CHECK(page.n == 0 && page.first == 0);
    c->me = star;
    MUST(relation_accounts(c, RELATION_FOLLOWERS, star->id, &p, &page), c);
    CHECK(page.n == 2);
    const int64_t asked[] = { fans[2]->id, 77, fans[4]->id, fans[0]->id };
    struct relation *relations = NULL;
    MUST(relation_list(c, asked, 4, false, &relations, &n), c);
    CHECK(n == 2 && relations[0].target_id == fans[2]->id && relations[1].target_id == fans[0]->id);
    MUST(relation_list(c, asked, 4, true, &relations, &n), c);
    CHECK(n == 3 && relations[1].target_id == fans[4]->id);
}

#define CROWD  6
#define DEEDS  120
#define ACTORS 4

struct actor {
    struct world *w;
    struct account *const *crowd;
    uint64_t seed;
    int broken;
};

static enum err deed(struct ctx *c, uint64_t what, int64_t other)
{
    switch (what) {
    case 0:
    case 1:
    case 2: return follow_add(c, other, &plain);
    case 3: return follow_remove(c, other);
    case 4: return follower_remove(c, other);
    case 5: return block_add(c, other);
    case 6: return block_remove(c, other);
    case 7: return follow_request_accept(c, other);
    default: return follow_request_reject(c, other);
    }
}

static void *act(void *arg)
{
    struct actor *a = arg;
    struct ctx c = world_ctx(a->w, NULL);
    rand_seed_fixed(&c, a->seed);
    for (int i = 0; i < DEEDS; i++) {
        uint64_t who = rand_below(&c, CROWD);
        uint64_t whom = rand_below(&c, CROWD);
        c.me = a->crowd[who];
        enum err e = who == whom ? OK : deed(&c, rand_below(&c, 9), a->crowd[whom]->id);
        for (int again = 0; e == ERR_AGAIN && again < 20; again++) /* as the dispatcher does */
            e = deed(&c, 0, a->crowd[whom]->id);
        a->broken += e == OK || e == ERR_NOT_FOUND || e == ERR_FORBIDDEN ? 0 : 1;
    }
    world_ctx_end(&c);
    return NULL;
}

static void crowd(struct world *w)
{
    struct ctx *c = &w->c;
    struct account *people[CROWD];
    struct actor actors[ACTORS];
    pthread_t threads[ACTORS];
    for (int i = 0; i < CROWD; i++) {
        const char name[] = { 'c', 'r', 'o', 'w', 'd', (char)('a' + i), 0 };
        people[i] = world_member(c, name);
    }
    world_exec(c, "UPDATE account SET locked = 1 WHERE id = %lld", (long long)people[0]->id);
    people[0] = world_reread(c, people[0]);
    for (int i = 0; i < ACTORS; i++) {
        actors[i] = (struct actor){ .w = w, .crowd = people, .seed = (uint64_t)i + 7 };
        CHECK(pthread_create(&threads[i], NULL, act, &actors[i]) == 0);
    }
    for (int i = 0; i < ACTORS; i++) {
        (void)pthread_join(threads[i], NULL);
        CHECK(actors[i].broken == 0);
    }
    CHECK(world_query(c, "SELECT COUNT(*) FROM follow f WHERE NOT EXISTS (SELECT 1 FROM follower r"
                         " WHERE r.account_id = f.target_id AND r.source_id = f.account_id)")
          == 0);
    CHECK(world_query(c, "SELECT COUNT(*) FROM follower r WHERE NOT EXISTS (SELECT 1 FROM follow f"
                         " WHERE r.account_id = f.target_id AND r.source_id = f.account_id)")
          == 0);
    CHECK(world_query(c, "SELECT COUNT(*) FROM follow_request r WHERE NOT EXISTS (SELECT 1 FROM follow_asked a"
                         " WHERE a.account_id = r.source_id AND a.target_id = r.account_id)")
          == 0);
    CHECK(world_query(c, "SELECT (SELECT COUNT(*) FROM follow_request) - (SELECT COUNT(*) FROM follow_asked)") == 0);
    CHECK(world_query(c, "SELECT COUNT(*) FROM block b WHERE NOT EXISTS (SELECT 1 FROM blocked_by r"
                         " WHERE r.account_id = b.target_id AND r.source_id = b.account_id)")
          == 0);
    CHECK(world_query(c, "SELECT (SELECT COUNT(*) FROM block) - (SELECT COUNT(*) FROM blocked_by)") == 0);
    CHECK(world_query(c, "SELECT COUNT(*) FROM account a WHERE a.followers_count <>"
                         " (SELECT COUNT(*) FROM follower r WHERE r.account_id = a.id)")
          == 0);
    CHECK(world_query(c, "SELECT COUNT(*) FROM account a WHERE a.following_count <>"
                         " (SELECT COUNT(*) FROM follow f WHERE f.account_id = a.id)")
          == 0);
    CHECK(world_query(c, "SELECT COUNT(*) FROM follow f JOIN block b ON (b.account_id = f.account_id AND b.target_id ="
                         " f.target_id) OR (b.account_id = f.target_id AND b.target_id = f.account_id)")
          == 0); /* nobody follows across a block */
    CHECK(world_query(c, "SELECT COUNT(*) FROM follow") > 0 && world_query(c, "SELECT COUNT(*) FROM block") > 0);
    for (int i = 0; i < CROWD; i++)
        for (int k = 0; k < CROWD; k++) { /* the feed holds what the store holds */
            bool follows = false;
            struct relation r = relation(c, people[i], people[k]);
            MUST(feed_follows(c, people[i]->id, people[k]->id, &follows), c);
            CHECK(follows == r.following);
        }
}

/* Somebody of another server, as if they had come from there. */
static void servers(struct ctx *c)
{
    const struct account *here = world_member(c, "here");
    const struct account *far = world_member(c, "far");
    const struct status_draft d = { .text = STR("@here hello"), .visibility = VIS_PUBLIC };
    const struct notification_ask all = { 0 };
    const struct page p = { .limit = 10 };
    struct notification_page notes_of = { 0 };
    struct status *s = NULL;
    c->me = far;
    MUST(status_publish(c, &d, &s), c);
    world_exec(c, "UPDATE account SET domain = 'far.example' WHERE id = %lld", (long long)far->id);
    for (int muted = 0; muted < 2; muted++) {
        bool is_new = false;
        struct status *row = s;
        c->me = here;
        if (muted)
            MUST(domain_mute_add(c, STR("FAR.example"), &is_new), c);
        CHECK(relation(c, here, far).domain_blocking == (muted != 0));
        MUST(statuses_filter(c, &row, 1, VISIBLE_PAGE, NULL), c);
        CHECK((row == NULL) == (muted != 0));
        row = s;
        MUST(statuses_filter(c, &row, 1, VISIBLE_ASKED, NULL), c);
        CHECK(row != NULL); /* asked for by its id */
        MUST(notification_list(c, &all, &p, &notes_of), c);
        CHECK(notes_of.n == (muted ? 0 : 1));
    }
    MUST(domain_mute_remove(c, STR("far.example")), c);
    CHECK(!relation(c, here, far).domain_blocking);
}

int main(void)
{
    struct world w;
    world_open(&w);
    following(&w.c);
    requests(&w.c);
    limits(&w.c);
    blocks(&w.c);
    mutes(&w.c);
    lists(&w.c);
    servers(&w.c);
    crowd(&w);
    world_close(&w);
    return check_done();
}
