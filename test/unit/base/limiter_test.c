/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limiter.h"

#include "base/clock.h"
#include "check.h"

#define NOW (1700000000LL * SECOND_MS)

static void refuses_above_the_limit_until_the_window_ends(void)
{
    struct limiter *l = limiter_new(true);
    struct limit_left left = { 0 };
    for (int i = 0; i < 25; i++)
        CHECK(limiter_take(l, LIMIT_SIGN_IN_ADDRESS, STR("192.0.2.1/32"), NOW, &left));
    CHECK(left.limit == 25 && left.remaining == 0 && left.retry_after_s == 0);
    CHECK(limiter_spent(l, LIMIT_SIGN_IN_ADDRESS, STR("192.0.2.1/32"), NOW, NULL));
    CHECK(!limiter_take(l, LIMIT_SIGN_IN_ADDRESS, STR("192.0.2.1/32"), NOW, &left));
    CHECK(left.retry_after_s > 0 && left.retry_after_s <= 300);
    CHECK(left.reset_ms % (5 * MINUTE_MS) == 0 && left.reset_ms > NOW);
    CHECK(limiter_take(l, LIMIT_SIGN_IN_ADDRESS, STR("192.0.2.2/32"), NOW, NULL)); /* another address */
    CHECK(limiter_take(l, LIMIT_SIGN_IN_PREFIX, STR("192.0.2.1/32"), NOW, NULL));  /* another kind */
    CHECK(limiter_take(l, LIMIT_SIGN_IN_ADDRESS, STR("192.0.2.1/32"), left.reset_ms, NULL));
    limiter_free(&l);
    CHECK(l == NULL);
}

static void without_force_it_only_counts(void)
{
    struct limiter *l = limiter_new(false);
    struct limit_left left = { 0 };
    for (int i = 0; i < 400; i++)
        CHECK(limiter_take(l, LIMIT_API, STR("1"), NOW, &left));
    CHECK(left.remaining == 0 && left.limit == 300);
    CHECK(!limiter_spent(l, LIMIT_API, STR("1"), NOW, NULL));
    limiter_free(&l);
    CHECK(limiter_take(NULL, LIMIT_API, STR("1"), NOW, &left) && left.limit == 300 && left.remaining == 299);
}

/* Half a million other keys must not wash out the counter of who is over the limit. */
static void a_flood_of_keys_forgets_no_offender(void)
{
    struct limiter *l = limiter_new(true);
    struct arena *a = arena_new();
    for (int i = 0; i < 201; i++)
        (void)limiter_take(l, LIMIT_MISS_ADDRESS, STR("offender"), NOW, NULL);
    for (int i = 0; i < 500000; i++) {
        if (i % 10000 == 0)
            arena_reset(a);
        (void)limiter_take(l, LIMIT_API_ADDRESS, arena_strf(a, "flood %d", i), NOW, NULL);
    }
    CHECK(limiter_spent(l, LIMIT_MISS_ADDRESS, STR("offender"), NOW, NULL));
    arena_free(&a);
    limiter_free(&l);
}

static void a_clock_that_is_stepped_back_locks_nobody_out(void)
{
    struct limiter *l = limiter_new(true);
    for (int i = 0; i < 30; i++)
        (void)limiter_take(l, LIMIT_SIGN_IN_ADDRESS, STR("x"), NOW + 30 * DAY_MS, NULL);
    CHECK(limiter_take(l, LIMIT_SIGN_IN_ADDRESS, STR("x"), NOW, NULL));
    limiter_free(&l);
}

static void addresses_become_their_household_and_prefix(void)
{
    struct arena *a = arena_new();
    CHECK(str_eq(limiter_address(a, STR("192.0.2.77")), STR("192.0.2.77/32")));
    CHECK(str_eq(limiter_prefix(a, STR("192.0.2.77")), STR("192.0.2.0/24")));
    CHECK(str_eq(limiter_prefix(a, STR("::ffff:192.0.2.77")), STR("192.0.2.0/24")));
    CHECK(str_eq(limiter_address(a, STR("2001:db8:1:2:3:4:5:6")), STR("2001:db8:1:2::/64")));
    CHECK(str_eq(limiter_prefix(a, STR("2001:db8:1:2:3:4:5:6")), STR("2001:db8:1::/48")));
    CHECK(str_eq(limiter_address(a, STR("console")), STR("console")));
    arena_free(&a);
}

int main(void)
{
    refuses_above_the_limit_until_the_window_ends();
    without_force_it_only_counts();
    a_flood_of_keys_forgets_no_offender();
    a_clock_that_is_stepped_back_locks_nobody_out();
    addresses_become_their_household_and_prefix();
    return check_done();
}
