/* SPDX-License-Identifier: Apache-2.0 */
/* The table of core/standing.h, row by row; who may set a standing; that it ends by itself. */
#include "core/standing.h"

#include "base/clock.h"
#include "base/id.h"
#include "check.h"
#include "core/context.h"
#include "core/follow.h"
#include "core/interact.h"
#include "core/notification.h"
#include "core/search.h"
#include "core/search_index.h"
#include "core/session.h"
#include "core/status.h"
#include "core/tag.h"
#include "core/visible.h"
#include "feed/feed.h"
#include "store/tx.h"
#include "world.h"

static struct status *say(struct ctx *c, const struct account *me, const char *text, int64_t answers)
{
    struct status *s = NULL;
    struct status_draft d = { .text = str_c(text), .visibility = VIS_PUBLIC, .in_reply_to_id = answers };
    c->me = me;
    c->now_ms += SECOND_MS;
    MUST(status_publish(c, &d, &s), c);
    return s;
}

/* Everybody of the play. */
struct cast {
    const struct account *author, *reader, *fan, *mod, *owner;
    struct status *root, *one; /* reader's thread; author's answer-free parley "quokka #quokka @reader" */
};

enum { BY_ID = 1, HOME = 2, LOCAL = 4, TAG = 8, TEXT = 16, NAME = 32, NOTE = 64, PAGE = 128, ALL = 255 };

static bool has(const int64_t *ids, int64_t n, int64_t id)
{
    for (int64_t i = 0; i < n; i++)
        if (ids[i] == id)
            return true;
    return false;
}

/* Where `who` comes across the author's parley, or the author. */
static int seen_by(struct ctx *c, const struct account *who, const struct cast *k)
{
    struct page p = { .limit = 40 };
    struct status *s = NULL;
    struct status_page page = { 0 };
    struct search_found found = { 0 };
    int64_t *ids = NULL;
    int64_t n = 0;
    int seen = 0;
    c->me = who == NULL ? NULL : world_reread(c, who);
    seen |= status_see(c, k->one->id, &s, NULL) == OK ? BY_ID : 0;
    if (who != NULL) {
        MUST(feed_home(c, who->id, &p, &ids, &n), c);
        seen |= has(ids, n, k->one->id) ? HOME : 0;
        struct notification_page notes = { 0 };
        struct notification_ask any = { 0 };
        MUST(notification_list(c, &any, &p, &notes), c);
        for (int64_t i = 0; i < notes.n; i++)
            seen |= notes.rows[i].status_id == k->one->id ? NOTE : 0;
    }
    MUST(feed_local(c, who == NULL ? 0 : who->id, &p, false, &ids, &n), c);
    seen |= has(ids, n, k->one->id) ? LOCAL : 0;
    struct tag_query tag = { .name = STR("quokka") };
    MUST(tag_timeline(c, &tag, &p, &page), c);
    seen |= page.n > 0 ? TAG : 0;
    struct search_ask text = { .q = STR("quokka"), .type = SEARCH_STATUSES_ONLY, .page = { .limit = 20 } };
    MUST(search(c, &text, &found), c);
    seen |= found.statuses_n > 0 ? TEXT : 0;
    struct search_ask name = { .q = STR("auth"), .type = SEARCH_ACCOUNTS_ONLY, .page = { .limit = 20 } };
    MUST(search(c, &name, &found), c);
    seen |= found.accounts_n > 0 ? NAME : 0;
    struct author_page of = { .account_id = k->author->id };
    seen |= status_of_author(c, &of, &p, &page) == OK && page.n > 0 ? PAGE : 0;
    return seen;
}

static void stand(struct ctx *c, const struct cast *k, bool member, enum standing_kind kind)
{
    struct standing_order o = { .kind = kind, .reason = STR("because") };
    c->me = k->owner;
    CHECK((member ? standing_set_member(c, k->author->id, &o) : standing_set_status(c, k->one->id, &o)) == OK);
}

static void members(struct ctx *c, const struct cast *k)
{
    const int all = ALL & ~HOME & ~NOTE; /* of a stranger: the reader is named, but does not follow */
    CHECK(seen_by(c, NULL, k) == all && seen_by(c, k->fan, k) == (all | HOME));
    CHECK(seen_by(c, k->reader, k) == (all | NOTE));
    stand(c, k, true, STANDING_SENSITIVE);
    CHECK(seen_by(c, NULL, k) == all && seen_by(c, k->reader, k) == (all | NOTE));
    stand(c, k, true, STANDING_LIMITED);
    CHECK(seen_by(c, NULL, k) == (BY_ID | PAGE));
    CHECK(seen_by(c, k->reader, k) == (BY_ID | PAGE | TEXT)); /* it names them */
    CHECK(seen_by(c, k->fan, k) == (BY_ID | PAGE | HOME | TEXT | NAME));
    stand(c, k, true, STANDING_FROZEN);
    CHECK(seen_by(c, NULL, k) == all);
    struct status *s = NULL;
    struct status_draft d = { .text = STR("let me"), .visibility = VIS_PUBLIC };
    const struct follow_wish plain = { .reblogs = -1, .notify = -1 };
    c->me = world_reread(c, k->author);
    CHECK(status_publish(c, &d, &s) == ERR_FORBIDDEN && status_favourite(c, k->root->id, &s) == ERR_FORBIDDEN);
    CHECK(follow_add(c, k->mod->id, &plain) == ERR_FORBIDDEN);
    CHECK(status_see(c, k->root->id, &s, NULL) == OK); /* may read */
    stand(c, k, true, STANDING_SUSPENDED);
    CHECK(seen_by(c, NULL, k) == 0 && seen_by(c, k->fan, k) == 0 && seen_by(c, k->reader, k) == 0);
    CHECK((seen_by(c, k->mod, k) & BY_ID) == BY_ID);
    stand(c, k, true, STANDING_NORMAL);
    CHECK(seen_by(c, NULL, k) == all && seen_by(c, k->fan, k) == (all | HOME)
          && seen_by(c, k->reader, k) == (all | NOTE));
}

static void parleys(struct ctx *c, const struct cast *k)
{
    const int all = ALL & ~HOME & ~NOTE;
    struct status *s = NULL;
    struct status_draft d = { .text = STR("I answer"), .visibility = VIS_PUBLIC, .in_reply_to_id = k->one->id };
    stand(c, k, false, STANDING_SENSITIVE);
    CHECK(seen_by(c, NULL, k) == all);
    stand(c, k, false, STANDING_LIMITED);
    CHECK(seen_by(c, NULL, k) == (BY_ID | NAME | PAGE));
    for (int i = 0; i < 2; i++) {
        stand(c, k, false, i == 0 ? STANDING_HELD : STANDING_REMOVED);
        CHECK(seen_by(c, NULL, k) == NAME && seen_by(c, k->fan, k) == NAME && seen_by(c, k->reader, k) == NAME);
        CHECK((seen_by(c, k->author, k) & (BY_ID | TEXT)) == (i == 0 ? BY_ID | TEXT : 0));
        CHECK((seen_by(c, k->mod, k) & (BY_ID | LOCAL | TAG | TEXT)) == BY_ID);
        c->me = k->fan;
        CHECK(status_publish(c, &d, &s) == ERR_NOT_FOUND && status_reblog(c, k->one->id, -1, &s) == ERR_NOT_FOUND);
        CHECK(status_favourite(c, k->one->id, &s) == ERR_NOT_FOUND);
    }
    stand(c, k, false, STANDING_NORMAL);
    CHECK(seen_by(c, NULL, k) == all && seen_by(c, k->fan, k) == (all | HOME)
          && seen_by(c, k->reader, k) == (all | NOTE));
}

/* A standing hides what was echoed and what stands in a thread, too. */
static void echoes(struct ctx *c, const struct cast *k)
{
    struct status *answer = say(c, k->author, "an answer", k->root->id);
    struct status *echo = NULL;
    struct status *s = NULL;
    struct status_context context = { 0 };
    struct standing_order hold = { .kind = STANDING_HELD };
    c->me = k->fan;
    MUST(status_reblog(c, answer->id, -1, &echo), c);
    c->me = k->reader;
    CHECK(status_see(c, echo->id, &s, NULL) == OK && status_context(c, k->root->id, &context) == OK);
    CHECK(context.descendants_n == 1);
    c->me = k->mod;
    CHECK(standing_set_status(c, answer->id, &hold) == OK);
    c->me = k->reader;
    CHECK(status_see(c, echo->id, &s, NULL) == ERR_NOT_FOUND && status_context(c, k->root->id, &context) == OK);
    CHECK(context.descendants_n == 0);
}

static void who_may(struct ctx *c, const struct cast *k)
{
    struct standing_order o = { .kind = STANDING_LIMITED, .reason = STR("try") };
    struct standing_order lift = { .kind = STANDING_NORMAL };
    c->me = k->fan;
    CHECK(standing_set_member(c, k->author->id, &o) == ERR_FORBIDDEN);
    CHECK(standing_set_status(c, k->one->id, &o) == ERR_FORBIDDEN);
    c->me = k->mod;
    CHECK(standing_set_member(c, k->owner->id, &o) == ERR_FORBIDDEN);
    CHECK(standing_set_member(c, k->mod->id, &o) == ERR_FORBIDDEN);
    CHECK(standing_set_member(c, k->author->id, &o) == OK && standing_set_member(c, k->author->id, &lift) == OK);
    CHECK(standing_set_member(c, 1, &o) == ERR_NOT_FOUND);
    o.kind = STANDING_HELD;
    CHECK(standing_set_member(c, k->author->id, &o) == ERR_INVALID);
    o.kind = STANDING_SUSPENDED;
    CHECK(standing_set_status(c, k->one->id, &o) == ERR_INVALID);
    o.until_ms = c->now_ms;
    CHECK(standing_set_member(c, k->author->id, &o) == ERR_INVALID); /* an end in the past */
    c->me = NULL;
    c->ip = STR("192.0.2.1");
    o.until_ms = 0;
    CHECK(standing_set_member(c, k->author->id, &o) == ERR_FORBIDDEN); /* nobody, from the network */
    c->ip = (struct str){ NULL, 0 };
    CHECK(standing_set_member(c, k->owner->id, &o) == OK); /* the operator */
    CHECK(standing_set_member(c, k->owner->id, &lift) == OK);
}

static void ends(struct ctx *c, const struct cast *k)
{
    c->now_ms += SECOND_MS;
    struct session_new session = { .session = { .account_id = k->author->id, .scope_text = STR("read"), .scopes = 1 } };
    struct standing_order o = { .kind = STANDING_SUSPENDED, .reason = STR("a day"), .until_ms = c->now_ms + DAY_MS };
    struct standing *log = NULL;
    int64_t n = 0;
    TX tx = { 0 };
    MUST(tx_begin(c, &tx), c);
    MUST(session_open(c, &session), c);
    MUST(tx_commit(&tx), c);
    c->me = k->mod;
    CHECK(standing_set_member(c, k->author->id, &o) == OK);
    CHECK(world_query(c, "SELECT COUNT(*) FROM session WHERE account_id = %lld", (long long)k->author->id) == 0);
    CHECK(world_query(c, "SELECT COUNT(*) FROM job WHERE kind = 6 AND subject = %lld AND due_ms = %lld",
                      (long long)k->author->id, (long long)o.until_ms)
          == 1);
    CHECK(standing_end_due(c, k->author->id) == OK); /* too early: nothing */
    CHECK(world_reread(c, k->author)->standing.kind == STANDING_SUSPENDED);
    c->now_ms = o.until_ms;
    c->me = NULL;
    CHECK(standing_end_due(c, k->author->id) == OK && standing_end_due(c, k->author->id) == OK);
    CHECK(world_reread(c, k->author)->standing.kind == STANDING_NORMAL);
    CHECK(standing_history(c, k->author->id, &log, &n) == OK && n > 2);
    CHECK(log[0].kind == STANDING_NORMAL && log[1].kind == STANDING_SUSPENDED && log[1].by == k->mod->id);
    CHECK(str_eq(log[1].reason, STR("a day")) && log[1].until_ms == o.until_ms);
    o = (struct standing_order){ .kind = STANDING_HELD, .until_ms = c->now_ms + 1 };
    c->me = k->mod;
    CHECK(standing_set_status(c, k->one->id, &o) == OK);
    c->now_ms++;
    CHECK(standing_end_due(c, k->one->id) == OK && (seen_by(c, NULL, k) & LOCAL) == LOCAL);
    CHECK(standing_end_due(c, id_floor(c->now_ms)) == OK); /* gone: nothing */
    enum standing_kind kind = STANDING_NORMAL;
    for (int i = 0; i <= STANDING_SUSPENDED; i++)
        CHECK(standing_parse(standing_word((enum standing_kind)i), &kind) && kind == (enum standing_kind)i);
    CHECK(!standing_parse(STR("banned"), &kind));
}

int main(void)
{
    struct world w;
    struct cast k = { 0 };
    bool done = false;
    const struct follow_wish plain = { .reblogs = -1, .notify = -1 };
    world_open(&w);
    struct ctx *c = &w.c;
    k.author = world_member(c, "author");
    k.reader = world_member(c, "reader");
    k.fan = world_member(c, "fan");
    k.mod = world_member(c, "mod");
    k.owner = world_member(c, "owner");
    world_exec(c, "UPDATE account SET indexable = 1, discoverable = 1");
    world_exec(c, "UPDATE account SET role = %d WHERE id = %lld", (int)ROLE_MODERATOR, (long long)k.mod->id);
    world_exec(c, "UPDATE account SET role = %d WHERE id = %lld", (int)ROLE_OWNER, (long long)k.owner->id);
    k.mod = world_reread(c, k.mod);
    k.owner = world_reread(c, k.owner);
    c->me = k.fan;
    MUST(follow_add(c, k.author->id, &plain), c);
    k.root = say(c, k.reader, "a thread", 0);
    k.one = say(c, k.author, "quokka #quokka @reader", 0);
    MUST(search_index_step(c, SEARCH_STEP_MAX, &done), c);
    members(c, &k);
    parleys(c, &k);
    echoes(c, &k);
    who_may(c, &k);
    ends(c, &k);
    world_close(&w);
    return check_done();
}
