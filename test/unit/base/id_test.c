/* SPDX-License-Identifier: Apache-2.0 */
#include "base/id.h"
#include "base/rng.h"
#include "check.h"

static void never_runs_backwards(void)
{
    struct ctx c = { .arena = arena_new(), .idgen = idgen_new(), .now_ms = ID_EPOCH_MS + 5000 };
    rand_seed_fixed(&c, 1);
    int64_t a = id_new(&c, 7);
    c.now_ms -= 4000; /* the clock is stepped back */
    int64_t b = id_new(&c, 7);
    CHECK(id_ms(b) == id_ms(a) + 1);
    for (int i = 0; i < 2000; i++) { /* more than the dice could tell apart in one millisecond */
        int64_t next = id_new(&c, 7);
        CHECK(next > b);
        b = next;
    }
    CHECK(id_bucket(a) == 7 && id_bucket(b) == 7);
    idgen_raise(c.idgen, id_floor(ID_EPOCH_MS + 9000));
    CHECK(id_new(&c, 0) > b);
    c.now_ms = ID_EPOCH_MS + 9002; /* a little behind is a request that waited */
    CHECK(id_ms(id_new(&c, 0)) == ID_EPOCH_MS + 9002);
    c.now_ms -= 1;
    CHECK(id_ms(id_new(&c, 0)) == ID_EPOCH_MS + 9002);
    idgen_free(&c.idgen);
    arena_free(&c.arena);
}

static void bounds_are_ordered(void)
{
    CHECK(id_floor(0) == 0 && id_floor(INT64_MIN) == 0 && id_floor(ID_EPOCH_MS + 1) > 0);
    CHECK(id_floor(ID_EPOCH_MS + (INT64_C(1) << 42)) == INT64_MAX && id_floor(INT64_MAX) == INT64_MAX);
    CHECK(id_floor(ID_EPOCH_MS + (INT64_C(1) << 42) - 1) < INT64_MAX);
}

static void parses_only_decimals(void)
{
    int64_t id = 0;
    CHECK(id_parse(STR("9223372036854775807"), &id) && id == INT64_MAX);
    CHECK(!id_parse(STR("9223372036854775808"), &id));
    CHECK(!id_parse(STR("0"), &id) && !id_parse(STR("-1"), &id) && !id_parse(STR("1x"), &id)
          && !id_parse(STR(""), &id));
}

int main(void)
{
    never_runs_backwards();
    bounds_are_ordered();
    parses_only_decimals();
    return check_done();
}
