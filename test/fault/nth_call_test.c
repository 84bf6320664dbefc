/* SPDX-License-Identifier: Apache-2.0 */
/* Every write of core/, with the database failing at its first call, at its second, and so on until it gets through:
   what answers an error has stored nothing (or, if it may be asked twice, all of it, and the retry
   says OK), what answers OK has stored all of it, and the feed in memory tells nothing
   that a feed made anew from the store does not. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "check.h"
#include "core/account.h"
#include "core/auth.h"
#include "core/block.h"
#include "core/follow.h"
#include "core/interact.h"
#include "core/invite.h"
#include "core/marker.h"
#include "core/oauth.h"
#include "core/password.h"
#include "core/relation.h"
#include "core/report.h"
#include "core/session.h"
#include "core/signup.h"
#include "core/standing.h"
#include "core/status.h"
#include "core/status_delete.h"
#include "db/db.h"
#include "dump.h"
#include "faults.h"
#include "feed/feed.h"
#include "model/invite.h"
#include "model/page.h"
#include "model/relation.h"
#include "model/report.h"
#include "model/session.h"
#include "model/status_draft.h"
#include "recount.h"
#include "world.h"

#define CALLS_MAX 400 /* of one write */
#define PASSWORD  STR("correct horse")

static struct world w;
static struct ctx *c = &w.c;
static struct account *anna, *ben;
static int64_t mine, his; /* parleys, new for each attempt */
static int64_t round_no;
static struct str kept; /* what prepare() leaves for the act: a code, a secret */
static int64_t kept_id;

static const struct follow_wish plain = { .reblogs = -1, .notify = 1 };

static enum err publish(struct str text, int64_t parent, struct str key, struct status **out)
{
    struct status_draft d = {
        .text = text, .sensitive = -1, .visibility = -1, .in_reply_to_id = parent, .idempotency_key = key
    };
    return status_publish(c, &d, out);
}

static void as(struct account *who)
{
    c->me = who;
    c->session = NULL;
    c->now_ms += SECOND_MS;
}

/* --- what is there before a write: as anna again at the end --- */

static void away(int64_t id)
{
    struct status *s = NULL;
    enum err e = id == 0 ? OK : status_delete(c, id, &s);
    if (e != ERR_NOT_FOUND) /* the act itself may have deleted it */
        MUST(e, c);
}

static void fresh(void)
{
    struct status *s = NULL;
    round_no++;
    as(anna);
    away(mine);
    as(ben);
    away(his);
    MUST(publish(STR("the tide is out #tide"), 0, (struct str){ 0 }, &s), c);
    his = s->id;
    as(anna);
    MUST(publish(STR("and so are we, @ben #tide"), 0, (struct str){ 0 }, &s), c);
    mine = s->id;
    MUST(block_remove(c, ben->id), c);
    MUST(mute_remove(c, ben->id), c);
    MUST(follow_remove(c, ben->id), c);
    MUST(follower_remove(c, ben->id), c);
    as(anna);
}

static void following(void)
{
    fresh();
    MUST(follow_add(c, ben->id, &plain), c);
    as(anna);
}

static void followed(void)
{
    fresh();
    as(ben);
    MUST(follow_add(c, anna->id, &plain), c);
    as(anna);
}

static void both_follow(void)
{
    followed();
    MUST(follow_add(c, ben->id, &plain), c);
    as(anna);
}

static void lock_anna(int locked)
{
    struct profile_edit e = profile_edit_none();
    e.locked = locked;
    MUST(account_edit(c, &e, &anna), c);
    as(anna);
}

static void asked(void)
{
    fresh();
    lock_anna(1);
    as(ben);
    MUST(follow_add(c, anna->id, &plain), c);
    as(anna);
}

/* For the one who asks. */
static void locked(void)
{
    fresh();
    lock_anna(1);
    as(ben);
}

static void unlocked(void)
{
    lock_anna(0);
    fresh();
}

static void busy(void) /* everything hangs on anna's parley and on ben's */
{
    struct status *s = NULL;
    both_follow();
    as(ben);
    MUST(status_favourite(c, mine, &s), c);
    MUST(status_reblog(c, mine, -1, &s), c);
    MUST(status_bookmark(c, mine, &s), c);
    MUST(publish(STR("so we are"), mine, (struct str){ 0 }, &s), c);
    as(anna);
    MUST(status_favourite(c, his, &s), c);
    MUST(status_reblog(c, his, -1, &s), c);
    MUST(status_bookmark(c, his, &s), c);
    MUST(status_pin(c, mine, &s), c);
    MUST(status_mute(c, his, &s), c);
    as(anna);
}

static void unpinned(void)
{
    struct status *s = NULL;
    busy();
    MUST(status_unpin(c, mine, &s), c);
    as(anna);
}

static void blocked(void)
{
    fresh();
    MUST(block_add(c, ben->id), c);
    as(anna);
}

static void muted(void)
{
    fresh();
    MUST(mute_add(c, ben->id, true, 0), c);
    as(anna);
}

static void operator_at_work(void)
{
    busy();
    as(NULL);
}

static const struct standing_order limit = { .kind = STANDING_LIMITED, .reason = STR("loud") };
static const struct standing_order restore = { .kind = STANDING_NORMAL, .reason = STR("quiet again") };

static void standing_of_anna(void)
{
    operator_at_work();
    MUST(standing_set_member(c, anna->id, &restore), c);
}

static enum err file_report(struct report **r)
{
    struct report_draft d = { .target_id = ben->id,
                              .status_ids = &his,
                              .status_ids_n = 1,
                              .category = STR("spam"),
                              .comment = STR("again and again") };
    return report_file(c, &d, r);
}

static void reported(void)
{
    struct report *r = NULL;
    fresh();
    MUST(file_report(&r), c);
    kept_id = r->id;
    as(NULL);
}

static void invited(void)
{
    struct invite *i = NULL;
    fresh();
    MUST(invite_create(c, STR("for a friend"), 3, 0, &i), c);
    kept = i->code;
}

static enum err sign_up_as(const char *kind, struct account **out)
{
    struct sign_up_form f = { .username = arena_strf(c->arena, "%s%lld", kind, (long long)round_no),
                              .password = PASSWORD,
                              .of_age = true,
                              .agreement = true };
    f.email = arena_strf(c->arena, STR_FMT "@mail.example", STR_ARG(f.username));
    return sign_up(c, &f, out);
}

static void stranger(void)
{
    round_no++;
    as(NULL);
}

static void session_there(void)
{
    struct session *all = NULL;
    int64_t n = 0;
    fresh();
    for (int i = 0; i < 2; i++)
        MUST(auth_open(c, anna, STR("a browser"), &kept), c);
    as(anna);
    MUST(session_list(c, &all, &n), c);
    c->session = &all[0];
}

/* --- the writes --- */

static enum err do_publish(void)
{
    struct status *s = NULL;
    struct str key = arena_strf(c->arena, "key-%lld", (long long)round_no);
    return publish(STR("hear, hear @ben #tide #out"), his, key, &s);
}

static enum err do_edit(void)
{
    struct status *s = NULL;
    struct status_draft d = { .text = STR("and so am I @ben #ebb"), .spoiler = STR("water"), .sensitive = 1 };
    return status_edit(c, mine, &d, &s);
}

#define DO(name, call)                                   \
    static enum err do_##name(void)                      \
    {                                                    \
        struct status *s __attribute__((unused)) = NULL; \
        return call;                                     \
    }
DO(delete, status_delete(c, mine, &s))
DO(favourite, status_favourite(c, his, &s))
DO(unfavourite, status_unfavourite(c, his, &s))
DO(bookmark, status_bookmark(c, his, &s))
DO(unbookmark, status_unbookmark(c, his, &s))
DO(echo, status_reblog(c, his, -1, &s))
DO(unecho, status_unreblog(c, his, &s))
DO(pin, status_pin(c, mine, &s))
DO(unpin, status_unpin(c, mine, &s))
DO(thread_mute, status_mute(c, mine, &s))
DO(thread_unmute, status_unmute(c, his, &s))
DO(follow, follow_add(c, ben->id, &plain))
DO(unfollow, follow_remove(c, ben->id))
DO(follower_remove, follower_remove(c, ben->id))
DO(ask, follow_add(c, anna->id, &plain))
DO(accept, follow_request_accept(c, ben->id))
DO(reject, follow_request_reject(c, ben->id))
DO(block, block_add(c, ben->id))
DO(unblock, block_remove(c, ben->id))
DO(mute, mute_add(c, ben->id, true, 3600))
DO(unmute, mute_remove(c, ben->id))
DO(note, relation_note(c, ben->id, arena_strf(c->arena, "met %lld times", (long long)round_no)))
DO(limit_member, standing_set_member(c, anna->id, &limit))
DO(hold, standing_set_status(c, mine, &(struct standing_order){ .kind = STANDING_HELD, .reason = STR("wait") }))
DO(report_close, report_close(c, kept_id, STR("nothing was wrong")))
DO(invite_delete, invite_delete(c, kept))
DO(sessions_end, session_end_others(c))

static enum err do_report(void)
{
    struct report *r = NULL;
    return file_report(&r);
}

static enum err do_invite(void)
{
    struct invite *i = NULL;
    return invite_create(c, STR("for a friend"), 3, 0, &i);
}

static enum err do_profile(void)
{
    struct account *a = NULL;
    struct profile_edit e = profile_edit_none();
    e.display_name = arena_strf(c->arena, "Anna the %lldth", (long long)round_no);
    e.note = STR("by the #sea");
    e.default_sensitive = (int)(round_no % 2);
    return account_edit(c, &e, &a);
}

static enum err do_marker(void)
{
    struct marker out[MARKERS];
    struct marker_wish wish[MARKERS] = { { true, mine }, { true, mine } };
    return marker_set(c, wish, out);
}

static enum err do_sign_up(void)
{
    struct account *a = NULL;
    return sign_up_as("new", &a);
}

static enum err do_session(void)
{
    return auth_open(c, anna, STR("a browser"), &kept);
}

static enum err do_app(void)
{
    struct app *app = NULL;
    struct str secret = { 0 };
    const struct str uri = STR("urn:ietf:wg:oauth:2.0:oob");
    struct oauth_app_form f = { .name = STR("an app"), .redirect_uris = &uri, .redirect_uris_n = 1 };
    return oauth_app_register(c, &f, &app, &secret);
}

static enum err do_password(void)
{
    static bool turned;
    const struct str other = STR("battery staple");
    enum err e = auth_password_change(c, turned ? other : PASSWORD, turned ? PASSWORD : other);
    if (e == OK)
        turned = !turned;
    return e;
}

static enum err do_reset_ask(void)
{
    return auth_reset_ask(c, STR("anna@mail.example"));
}

static const struct act {
    const char *name;
    void (*prepare)(void);
    enum err (*act)(void);
} acts[] = {
    { "publish", both_follow, do_publish },
    { "edit", busy, do_edit },
    { "delete", busy, do_delete },
    { "favourite", fresh, do_favourite },
    { "unfavourite", busy, do_unfavourite },
    { "bookmark", fresh, do_bookmark },
    { "unbookmark", busy, do_unbookmark },
    { "echo", both_follow, do_echo },
    { "take an echo back", busy, do_unecho },
    { "pin", unpinned, do_pin },
    { "unpin", busy, do_unpin },
    { "mute a thread", fresh, do_thread_mute },
    { "unmute a thread", busy, do_thread_unmute },
    { "follow", followed, do_follow },
    { "unfollow", following, do_unfollow },
    { "remove a follower", followed, do_follower_remove },
    { "ask to follow", locked, do_ask },
    { "accept a follower", asked, do_accept },
    { "reject a follower", asked, do_reject },
    { "block", busy, do_block },
    { "block who asks", asked, do_block },
    { "unblock", blocked, do_unblock },
    { "mute", unlocked, do_mute },
    { "unmute", muted, do_unmute },
    { "note", fresh, do_note },
    { "report", fresh, do_report },
    { "close a report", reported, do_report_close },
    { "limit a member", standing_of_anna, do_limit_member },
    { "hold a parley", operator_at_work, do_hold },
    { "profile", fresh, do_profile },
    { "markers", fresh, do_marker },
    { "invite", fresh, do_invite },
    { "delete an invite", invited, do_invite_delete },
    { "register an app", stranger, do_app },
    { "open a session", fresh, do_session },
    { "end the other sessions", session_there, do_sessions_end },
    { "ask for a password link", stranger, do_reset_ask },
    { "sign up", stranger, do_sign_up },
    { "change the password", session_there, do_password },
};

/* --- the feed in memory against one made anew --- */

struct feed_view {
    int64_t home[2][40], homes[2], people[2][4]; /* what feed_account promises: no counts */
};

static void look(struct ctx *at, struct feed_view *v)
{
    struct account *who[2] = { anna, ben };
    *v = (struct feed_view){ 0 };
    for (int i = 0; i < 2; i++) {
        int64_t *ids = NULL;
        struct account *a = NULL;
        MUST(feed_home(at, who[i]->id, &(struct page){ .limit = 40 }, &ids, &v->homes[i]), at);
        for (int64_t k = 0; k < v->homes[i]; k++)
            v->home[i][k] = ids[k];
        MUST(feed_account(at, who[i]->id, &a), at);
        v->people[i][0] = (int64_t)a->standing.kind;
        v->people[i][1] = (int64_t)a->role;
        v->people[i][2] = a->deletion_ms;
        v->people[i][3] = a->updated_ms;
    }
}

static bool feed_agrees(void)
{
    static const struct feed_options options = { .budget = (size_t)4 * 1024 * 1024, .tail_days = 30, .tail_max = 400 };
    struct ctx again = *c;
    struct feed_view now;
    struct feed_view anew;
    again.feed = feed_new(&options);
    MUST(feed_load(&again), &again);
    look(c, &now);
    look(&again, &anew);
    feed_free(&again.feed);
    return memcmp(&now, &anew, sizeof now) == 0;
}

static bool changes_nothing_more(const struct act *a, const struct dump *is)
{
    struct dump again;
    enum err e = a->act();
    dump_take(w.engine.folder, &again);
    return e == OK && dump_differs(is, &again) == NULL;
}

/* Used to read after the commit, and to answer an error to what was stored. */
static bool reads_before(const struct act *a)
{
    return a->act == do_favourite || a->act == do_unfavourite || a->act == do_unbookmark || a->act == do_unecho;
}

/* An error after the commit is honest only for what may be asked twice: the retry finds it done. */
static bool is_honest(const struct act *a, enum err e, const struct dump *before, const struct dump *after)
{
    bool changed = dump_differs(before, after) != NULL;
    if (e == OK)
        return changed;
    if (reads_before(a))
        return !changed;
    return !changed || changes_nothing_more(a, after);
}

/* True when the write got through without a failure. */
static bool attempt(const struct act *a, int64_t n)
{
    struct dump before;
    struct dump after;
    a->prepare();
    dump_take(w.engine.folder, &before);
    faults_at(n);
    enum err e = a->act();
    const char *fired = faults_fired();
    faults_at(0);
    dump_take(w.engine.folder, &after);
    struct str says = c->says;
    bool agrees = feed_agrees();
    bool honest = is_honest(a, e, &before, &after);
    bool is_ours = fired != NULL || e == OK;
    CHECK(honest);
    CHECK(agrees);
    CHECK(is_ours);
    CHECK(!db_in_tx(c->db));
    if (!honest || !agrees || !is_ours) {
        const char *changed = dump_differs(&before, &after);
        (void)printf("    %s, call %lld (%s): error %d, \"" STR_FMT "\", changed %s\n", a->name, (long long)n,
                     fired == NULL ? "none failed" : fired, (int)e, STR_ARG(says),
                     changed == NULL ? "nothing" : changed);
    }
    return fired == NULL;
}

static struct account *join(const char *name, struct str hash)
{
    struct account *a = NULL;
    struct sign_up_form f = { .username = str_c(name), .password = PASSWORD };
    f.email = arena_strf(c->arena, "%s@mail.example", name);
    MUST(sign_up_by_operator(c, &f, hash, ROLE_MEMBER, &a), c);
    return a;
}

int main(void)
{
    struct str hash = { 0 };
    int64_t calls = 0;
    /* In memory where that can be had: thousands of commits, and none of them is about the disk. */
    char folder[] = "/dev/shm/parley_nth_XXXXXX";
    char other[] = "/tmp/parley_nth_XXXXXX";
    const char *made = mkdtemp(folder) != NULL ? folder : mkdtemp(other);
    if (made == NULL)
        return 1;
    world_open_in(&w, made);
    MUST(password_hash(c, PASSWORD, &hash), c);
    anna = join("anna", hash);
    ben = join("ben", hash);
    faults_on(c->db);
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++) {
        int64_t n = 1;
        while (n < CALLS_MAX && !attempt(&acts[i], n))
            n++;
        CHECK(n > 1 && n < CALLS_MAX);
        calls += n - 1;
    }
    as(anna);
    CHECK(recount_breaks(c) == 0);
    (void)printf("%zu writes, %lld calls failed one by one\n", sizeof acts / sizeof acts[0], (long long)calls);
    faults_off(c->db);
    world_close(&w);
    return check_done();
}
