/* SPDX-License-Identifier: Apache-2.0 */
/* What is counted of things: people once a day, exactly and by estimate; what goes when it is full; what a restart
   keeps; and what a count costs. */
#include "feed/trends.h"

#include <math.h>
#include <time.h>

#include "base/arena.h"
#include "base/clock.h"
#include "check.h"

#define NOON (INT64_C(20000) * DAY_MS + 12 * HOUR_MS)

static void use(struct trends *t, struct str name, int64_t person, int64_t status_id, int64_t at_ms)
{
    trends_count(t, &(struct trend_use){ TREND_TAG, 0, name, person, status_id, at_ms });
}

static struct trend find(struct trends *t, struct arena *a, struct str name, int64_t now_ms)
{
    struct trend out = { 0 };
    (void)trends_find(t, TREND_TAG, 0, name, now_ms, a, &out);
    return out;
}

static void people_count_once_a_day(struct arena *a)
{
    struct trends *t = trends_new();
    for (int i = 0; i < 5; i++)
        use(t, STR("tide"), 1 + i % 2, 100 + i, NOON);
    use(t, STR("tide"), 1, 200, NOON + DAY_MS);
    use(t, STR("tide"), 1, 200, NOON + DAY_MS); /* the same parley, told twice */
    struct trend r = find(t, a, STR("tide"), NOON + DAY_MS);
    CHECK(r.days[0].uses == 1 && r.days[0].people == 1);
    CHECK(r.days[1].uses == 5 && r.days[1].people == 2);
    CHECK(r.statuses_n == 6 && r.statuses[0] == 200 && r.statuses[5] == 100);
    r = find(t, a, STR("tide"), NOON + 7 * DAY_MS);
    CHECK(r.days[6].uses == 1 && r.days[0].uses == 0);
    trends_free(&t);
}

static void many_people_are_estimated(struct arena *a)
{
    const int64_t sizes[] = { 64, 100, 1000, 30000, 1000000 };
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        struct trends *t = trends_new();
        for (int round = 0; round < 2; round++)
            for (int64_t i = 1; i <= sizes[s]; i++)
                use(t, STR("tide"), i * 4096 + 7, 0, NOON);
        double found = (double)find(t, a, STR("tide"), NOON).days[0].people;
        double off = fabs(found - (double)sizes[s]) / (double)sizes[s];
        CHECK(sizes[s] <= TREND_EXACT ? off == 0 : off < 0.2);
        trends_free(&t);
    }
}

static void what_is_new_and_warm_goes_before_what_was(struct arena *a)
{
    struct trends *t = trends_new();
    struct trend *top = NULL;
    int64_t n = 0;
    for (int64_t i = 0; i < 8; i++)
        use(t, STR("old"), i, 0, NOON);
    for (int64_t i = 0; i < 3; i++)
        use(t, STR("new"), i, 0, NOON + 36 * HOUR_MS);
    for (int64_t i = 0; i < 9; i++)
        use(t, STR("one"), 1, 0, NOON);
    trends_top(t, TREND_TAG, NOON, a, &top, &n);
    CHECK(n == 2 && str_eq(top[0].name, STR("new")) && str_eq(top[1].name, STR("old")));
    trends_top(t, TREND_TAG, NOON + 80 * HOUR_MS, a, &top, &n);
    CHECK(n == 0);
    trends_free(&t);
}

static void nobody_takes_back_what_was_not_counted(struct arena *a)
{
    struct trends *t = trends_new();
    use(t, STR("tide"), 1, 10, NOON);
    use(t, STR("tide"), 2, 20, NOON);
    for (int i = 0; i < 9; i++)
        trends_uncount(t, &(struct trend_use){ TREND_TAG, 0, STR("tide"), 3, 30 + i, NOON });
    CHECK(find(t, a, STR("tide"), NOON).days[0].people == 2);
    for (int i = 0; i < 9; i++)
        trends_uncount(t, &(struct trend_use){ TREND_TAG, 0, STR("tide"), 1, 10, NOON });
    CHECK(find(t, a, STR("tide"), NOON).days[0].people == 1);
    trends_uncount(t, &(struct trend_use){ TREND_TAG, 0, STR("tide"), 2, 20, NOON });
    CHECK(trends_things(t, TREND_TAG) == 0);
    trends_free(&t);
}

static void the_coldest_goes_when_it_is_full(struct arena *a)
{
    struct trends *t = trends_new();
    for (int64_t i = 0; i < 50; i++)
        use(t, STR("warm"), i, 0, NOON);
    for (int64_t i = 0; i < 100000; i++)
        use(t, arena_strf(a, "once%lld", (long long)i), 1, 0, NOON);
    CHECK(trends_things(t, TREND_TAG) <= TREND_SETS * TREND_WAYS);
    CHECK(find(t, a, STR("warm"), NOON).days[0].people == 50);
    trends_free(&t);
}

static void a_restart_keeps_what_is_warm(struct arena *a)
{
    struct trends *t = trends_new();
    struct trends *u = trends_new();
    for (int64_t i = 0; i < 3; i++)
        use(t, STR("few"), i, 10 + i, NOON);
    for (int64_t i = 0; i < 5000; i++)
        use(t, STR("many \"x\""), i, 0, NOON);
    trends_count(t, &(struct trend_use){ TREND_STATUS, 77, { 0 }, 1, 0, NOON });
    for (int k = 0; k < TREND_KINDS; k++)
        trends_read(u, (enum trend_kind)k, trends_write(t, (enum trend_kind)k, NOON, a));
    for (int64_t i = 0; i < 5000; i++) {
        use(u, STR("few"), i % 3, 0, NOON);
        use(u, STR("many \"x\""), i, 0, NOON);
    }
    CHECK(find(u, a, STR("few"), NOON).days[0].people == 3);
    CHECK(find(u, a, STR("few"), NOON).statuses_n == 3 && find(u, a, STR("few"), NOON).statuses[0] == 12);
    CHECK(find(u, a, STR("many \"x\""), NOON).days[0].people == find(t, a, STR("many \"x\""), NOON).days[0].people);
    CHECK(trends_things(u, TREND_STATUS) == 1);
    static const char *const broken[] = { "", "{", "[1,[],[null,null],[0,\"x\",1]]", "[[1,null,1,1,-1,-1]]" };
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++)
        trends_read(u, TREND_LINK, str_c(broken[i]));
    CHECK(trends_things(u, TREND_LINK) == 0);
    trends_free(&t);
    trends_free(&u);
}

static void what_it_costs(struct arena *a)
{
    enum { NAMES = 4096, ROUNDS = 500000 };
    struct trends *t = trends_new();
    struct str names[NAMES];
    struct trend *top = NULL;
    int64_t n = 0;
    for (int i = 0; i < NAMES; i++)
        names[i] = arena_strf(a, "some tag %d", i);
    clock_t from = clock(); /* of the processor */
    for (int64_t i = 0; i < ROUNDS; i++)
        use(t, names[(uint64_t)i * 2654435761U % (uint64_t)(1 + i % NAMES)], i * 31, i + 1, NOON + i);
    int64_t counted = (clock() - from) * 1000000 / CLOCKS_PER_SEC;
    from = clock();
    trends_top(t, TREND_TAG, NOON, a, &top, &n);
    (void)printf("a count takes %lld ns, a ranking %lld us\n", (long long)(counted * 1000 / ROUNDS),
                 (long long)((clock() - from) * 1000000 / CLOCKS_PER_SEC));
    CHECK(n == TREND_LIST_MAX);
    trends_free(&t);
}

int main(void)
{
    struct arena *a = arena_new();
    people_count_once_a_day(a);
    many_people_are_estimated(a);
    what_is_new_and_warm_goes_before_what_was(a);
    nobody_takes_back_what_was_not_counted(a);
    the_coldest_goes_when_it_is_full(a);
    a_restart_keeps_what_is_warm(a);
    what_it_costs(a);
    arena_free(&a);
    return check_done();
}
