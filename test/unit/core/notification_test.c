/* SPDX-License-Identifier: Apache-2.0 */
/* What members are told, what is left out when they read it, how much is unread, and the marks of how far they read. */
#include "core/notification.h"

#include "base/clock.h"
#include "check.h"
#include "core/block.h"
#include "core/follow.h"
#include "core/interact.h"
#include "core/marker.h"
#include "core/report.h"
#include "core/status.h"
#include "core/status_tell.h"
#include "world.h"

static const struct follow_wish plain = { .reblogs = -1, .notify = -1 };
static const struct follow_wish notify = { .reblogs = -1, .notify = 1 };

static struct status *say(struct ctx *c, const struct account *me, const char *text)
{
    struct status *s = NULL;
    struct status_draft d = { .text = str_c(text), .visibility = VIS_PUBLIC };
    c->me = me;
    c->now_ms += SECOND_MS;
    MUST(status_publish(c, &d, &s), c);
    return s;
}

static struct notification_page read_all(struct ctx *c, const struct account *me, uint64_t types)
{
    struct notification_page page = { 0 };
    struct notification_ask ask = { .types = types };
    struct page p = { .limit = 40 };
    c->me = me;
    MUST(notification_list(c, &ask, &p, &page), c);
    return page;
}

static int64_t unread(struct ctx *c, const struct account *me, int64_t limit)
{
    struct notification_ask any = { 0 };
    int64_t n = 0;
    c->me = me;
    MUST(notification_unread(c, &any, limit, &n), c);
    return n;
}

/* One of each that members bring about. */
static struct status *bring_about(struct ctx *c, const struct account *ann, const struct account *bob)
{
    struct status *out = NULL;
    struct status_draft edit = { .text = STR("bob says more"), .visibility = VIS_PUBLIC };
    c->me = ann;
    MUST(follow_add(c, bob->id, &notify), c);
    struct status *by_ann = say(c, ann, "ann says");
    struct status *by_bob = say(c, bob, "bob says @ann");
    c->me = bob;
    MUST(follow_add(c, ann->id, &plain), c);
    MUST(status_favourite(c, by_ann->id, &out), c);
    MUST(status_reblog(c, by_ann->id, -1, &out), c);
    MUST(status_tell_followers(c, by_bob->id), c);
    c->me = ann;
    MUST(status_reblog(c, by_bob->id, -1, &out), c);
    c->me = bob;
    c->now_ms += SECOND_MS;
    MUST(status_edit(c, by_bob->id, &edit, &out), c);
    MUST(status_tell_echoers(c, by_bob->id), c);
    return by_bob;
}

static void types(struct ctx *c)
{
    const struct account *ann = world_member(c, "ann");
    const struct account *bob = world_member(c, "bob");
    (void)bring_about(c, ann, bob);
    struct notification_page page = read_all(c, ann, 0);
    uint64_t seen = 0;
    for (int64_t i = 0; i < page.n; i++) {
        CHECK(page.rows[i].from_id == bob->id && (i == 0 || page.rows[i].id < page.rows[i - 1].id));
        seen |= UINT64_C(1) << page.rows[i].type;
    }
    uint64_t wanted = notification_bit(STR("mention")) | notification_bit(STR("follow"))
                      | notification_bit(STR("favourite")) | notification_bit(STR("reblog"))
                      | notification_bit(STR("status")) | notification_bit(STR("update"));
    CHECK(seen == wanted && page.n == 6);
    CHECK(read_all(c, ann, notification_bit(STR("follow"))).n == 1);
    CHECK(read_all(c, ann, ~notification_bit(STR("follow"))).n == 5);
    CHECK(notification_bit(STR("nonsense")) == 0 && notification_word((enum notification_type)0).p == NULL);
    for (int t = 1; t < NOTE_TYPES_MAX; t++)
        CHECK(notification_bit(notification_word((enum notification_type)t)) == UINT64_C(1) << t);
    struct notification one = { 0 };
    c->me = bob;
    CHECK(notification_get(c, page.rows[0].id, &one) == ERR_NOT_FOUND); /* not bob's */
    CHECK(notification_dismiss(c, page.rows[0].id) == ERR_NOT_FOUND);
    c->me = ann;
    CHECK(notification_get(c, page.rows[0].id, &one) == OK && notification_dismiss(c, page.rows[0].id) == OK);
    CHECK(notification_get(c, page.rows[0].id, &one) == ERR_NOT_FOUND && read_all(c, ann, 0).n == 5);

    struct page p = { .limit = 2 };
    struct notification_ask any = { 0 };
    struct notification_page part = { 0 };
    int64_t walked = 0;
    do {
        MUST(notification_list(c, &any, &p, &part), c);
        walked += part.n;
        p.max_id = part.last;
    } while (part.n > 0);
    CHECK(walked == 5);
    p = (struct page){ .limit = 2, .min_id = read_all(c, ann, 0).rows[4].id };
    MUST(notification_list(c, &any, &p, &part), c);
    CHECK(part.n == 2 && part.rows[1].id == read_all(c, ann, 0).rows[3].id);
    CHECK(notification_clear(c) == OK && read_all(c, ann, 0).n == 0);
}

static void left_out(struct ctx *c)
{
    const struct account *cal = world_member(c, "cal");
    const struct account *dan = world_member(c, "dan");
    struct status *s = say(c, dan, "hello @cal");
    CHECK(read_all(c, cal, 0).n == 1 && unread(c, cal, 100) == 1);
    CHECK(mute_add(c, dan->id, false, 0) == OK && read_all(c, cal, 0).n == 1);
    CHECK(mute_add(c, dan->id, true, 60) == OK && read_all(c, cal, 0).n == 0 && unread(c, cal, 100) == 0);
    c->now_ms += MINUTE_MS;
    CHECK(read_all(c, cal, 0).n == 1);
    world_stand(c, dan, STANDING_LIMITED);
    CHECK(read_all(c, cal, 0).n == 0);
    CHECK(follow_add(c, dan->id, &plain) == OK);
    world_exec(c, "UPDATE account SET standing = 0 WHERE id = %lld", (long long)dan->id);
    CHECK(read_all(c, cal, 0).n == 1);
    world_stand(c, dan, STANDING_SUSPENDED);
    CHECK(read_all(c, cal, 0).n == 0);
    world_stand(c, dan, STANDING_NORMAL);
    world_exec(c, "UPDATE status SET standing = %d WHERE id = %lld", (int)STANDING_HELD, (long long)s->id);
    CHECK(read_all(c, cal, 0).n == 0);
    world_exec(c, "UPDATE status SET standing = 0 WHERE id = %lld", (long long)s->id);
    CHECK(read_all(c, cal, 0).n == 1);
    CHECK(block_add(c, dan->id) == OK && read_all(c, cal, 0).n == 0);
    CHECK(world_query(c, "SELECT COUNT(*) FROM notification WHERE account_id = %lld", (long long)cal->id) == 0);
}

static void counted(struct ctx *c)
{
    const struct account *eva = world_member(c, "eva");
    const struct account *fin = world_member(c, "fin");
    struct marker m[MARKERS];
    c->me = eva;
    MUST(marker_list(c, m), c);
    for (int i = 0; i < MARKERS; i++)
        CHECK(m[i].last_read_id == 0 && m[i].version == 0 && m[i].updated_ms == eva->created_ms);
    for (int i = 0; i < 90; i++)
        (void)say(c, fin, "once more @eva");
    CHECK(unread(c, eva, 100) == 90 && unread(c, eva, 50) == 50 && unread(c, eva, 1) == 1);
    struct notification_page page = read_all(c, eva, 0);
    struct marker_wish wish[MARKERS] = { [MARKER_NOTIFICATIONS] = { true, page.rows[9].id } };
    for (int64_t version = 1; version < 4; version++) {
        c->now_ms += SECOND_MS;
        CHECK(marker_set(c, wish, m) == OK && m[MARKER_NOTIFICATIONS].version == version);
        CHECK(m[MARKER_NOTIFICATIONS].last_read_id == page.rows[9].id && m[MARKER_HOME].version == 0);
        CHECK(m[MARKER_NOTIFICATIONS].updated_ms == c->now_ms);
    }
    CHECK(unread(c, eva, 100) == 9);
    c->me = fin;
    MUST(marker_list(c, m), c);
    CHECK(m[MARKER_NOTIFICATIONS].version == 0); /* everybody has their own */
}

static void reports(struct ctx *c)
{
    const struct account *mod = world_member(c, "mod");
    const struct account *gil = world_member(c, "gil");
    const struct account *hal = world_member(c, "hal");
    world_exec(c, "UPDATE account SET role = %d WHERE id = %lld", (int)ROLE_MODERATOR, (long long)mod->id);
    mod = world_reread(c, mod);
    struct status *bad = say(c, hal, "buy my boat");
    struct status *other = say(c, gil, "mine");
    struct report *r = NULL;
    struct report_draft d = { .target_id = hal->id, .status_ids = &bad->id, .status_ids_n = 1, .comment = STR("spam") };
    c->me = gil;
    CHECK(report_file(c, &d, &r) == OK && r->category == REPORT_OTHER && r->closed_ms == 0);
    d.status_ids = &other->id;
    struct report *none = NULL;
    CHECK(report_file(c, &d, &none) == ERR_INVALID); /* not hal's */
    d.status_ids_n = 0;
    d.category = STR("nonsense");
    CHECK(report_file(c, &d, &none) == ERR_INVALID);
    d.category = STR("spam");
    const int64_t rule = 99;
    d.rule_ids = &rule;
    d.rule_ids_n = 1;
    CHECK(report_file(c, &d, &none) == ERR_INVALID); /* no such rule */
    d.rule_ids_n = 0;
    d.target_id = gil->id;
    CHECK(report_file(c, &d, &none) == ERR_INVALID); /* oneself */
    char lots[1100];
    memset(lots, 'x', sizeof lots);
    d.target_id = hal->id;
    d.comment = (struct str){ lots, 1001 };
    CHECK(report_file(c, &d, &none) == ERR_INVALID);
    d.comment.n = 1000;
    CHECK(report_file(c, &d, &none) == OK);

    struct notification_page page = read_all(c, mod, notification_bit(STR("admin.report")));
    CHECK(page.n == 2 && page.rows[1].from_id == gil->id && page.rows[1].report_id == r->id);
    struct report **open = NULL;
    struct page p = { .limit = 40 };
    int64_t n = 0;
    CHECK(report_list(c, false, &p, &open, &n) == OK && n == 2 && open[1]->id == r->id);
    CHECK(report_close(c, r->id, STR("A warning")) == OK && report_close(c, r->id, STR("x")) == ERR_CONFLICT);
    CHECK(report_list(c, true, &p, &open, &n) == OK && n == 1 && open[0]->closed_by == mod->id);
    c->me = gil;
    CHECK(report_list(c, false, &p, &open, &n) == ERR_FORBIDDEN && report_close(c, r->id, STR("")) == ERR_FORBIDDEN);
    c->me = NULL;
    c->ip = STR("192.0.2.1");
    CHECK(report_list(c, false, &p, &open, &n) == ERR_FORBIDDEN); /* nobody, from the network */
    c->ip = (struct str){ NULL, 0 };
    CHECK(report_list(c, false, &p, &open, &n) == OK); /* the operator */
}

int main(void)
{
    struct world w;
    world_open(&w);
    types(&w.c);
    left_out(&w.c);
    counted(&w.c);
    reports(&w.c);
    world_close(&w);
    return check_done();
}
