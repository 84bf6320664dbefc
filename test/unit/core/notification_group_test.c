/* SPDX-License-Identifier: Apache-2.0 */
/* Keys of groups: what is told in one is what is meant by it, and what is no key is none. */
#include "core/notification_group.h"

#include "base/clock.h"
#include "base/id.h"
#include "check.h"
#include "store/notification.h"

#define STATUS INT64_C(4611686018427387904)

static struct ctx c;

static bool is_key(struct str text)
{
    struct notification_group_key k;
    return notification_group_parse(text, &k);
}

/* The key of a notification means the half day that its id lies in, and itself. */
static bool means_itself(enum notification_type type, int64_t status_id, int64_t ms)
{
    const struct notification n = { .id = id_at(ms, 77), .type = type, .status_id = status_id };
    struct notification_group_key k;
    struct str key = notification_group_key(&c, &n, GROUPABLE);
    return notification_group_parse(key, &k) && k.one == 0 && k.ask.types == UINT64_C(1) << type
           && k.ask.status_id == status_id && k.ask.of_status && k.above < n.id && n.id < k.below
           && id_ms(k.below) - id_ms(k.above + 1) == NOTE_SPAN_MS;
}

static void there_and_back(void)
{
    for (int64_t ms = ID_EPOCH_MS + NOTE_SPAN_MS; ms < ID_EPOCH_MS + 40 * 365 * DAY_MS; ms += 3 * DAY_MS + 12345) {
        CHECK(means_itself(NOTE_FAVOURITE, STATUS, ms) && means_itself(NOTE_REBLOG, 1, ms));
        CHECK(means_itself(NOTE_FOLLOW, 0, ms) && means_itself(NOTE_ADMIN_SIGN_UP, 0, ms));
    }
}

/* Neighbours share no id, and leave none out. */
static void spans_meet(void)
{
    struct notification_group_key a;
    struct notification_group_key b;
    CHECK(notification_group_parse(STR("follow-4000"), &a) && notification_group_parse(STR("follow-4001"), &b));
    CHECK(a.below == b.above + 1);
    CHECK(notification_group_parse(STR("follow-0"), &a) && a.above < a.below);
}

static void alone(void)
{
    const struct notification n = { .id = 12345, .type = NOTE_MENTION, .status_id = 7 };
    struct notification_group_key k;
    CHECK(str_eq(notification_group_key(&c, &n, GROUPABLE), STR("ungrouped-12345")));
    CHECK(notification_group_parse(STR("ungrouped-12345"), &k) && k.one == 12345);
    const struct notification f = { .id = 12345, .type = NOTE_FAVOURITE, .status_id = 7 };
    CHECK(str_eq(notification_group_key(&c, &f, 0), STR("ungrouped-12345"))); /* its reader wants none grouped */
}

static void no_keys(void)
{
    static const char *const bad[] = {
        "",
        "-",
        "ungrouped",
        "ungrouped-",
        "ungrouped-0",
        "ungrouped--1",
        "ungrouped-1x",
        "ungrouped-9223372036854775808",
        "follow",
        "follow-",
        "follow--1",
        "follow-1-2",
        "follow-x",
        "follow-99999999999",
        "follow-9223372036854775807",
        "follow-18446744073709551616",
        "favourite-1",
        "favourite-1-",
        "favourite--1",
        "favourite-0-1",
        "favourite-x-1",
        "favourite-1-2-3",
        "favourite-1--2",
        "mention-1-2",
        "poll-1-2",
        "Follow-1",
        " follow-1",
        "follow-1 ",
        "nothing-1",
        "nothing-1-2",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK(!is_key(str_c(bad[i])));
    CHECK(!is_key((struct str){ NULL, 0 })
          && !is_key((struct str){ "follow-\0"
                                   "1",
                                   9 }));
}

int main(void)
{
    c.arena = arena_new();
    there_and_back();
    spans_meet();
    alone();
    no_keys();
    arena_free(&c.arena);
    return check_done();
}
