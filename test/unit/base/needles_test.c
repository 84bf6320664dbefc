/* SPDX-License-Identifier: Apache-2.0 */
/* Many strings at once find what each alone finds: against a search that looks at every place. */
#include "base/needles.h"

#include <stdlib.h>

#include "base/arena.h"
#include "check.h"

#define ROUNDS     20000
#define ALL_MAX    24
#define TEXT_MAX   200
#define NEEDLE_MAX 12

static uint64_t state = 88172645463325252; /* xorshift64: the same texts every time */

static uint32_t dice(uint32_t n)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state % n);
}

/* Few letters, so that much begins alike; every byte now and then. */
static struct str random_text(struct arena *a, uint32_t n_max)
{
    size_t n = dice(n_max + 1);
    char *p = arena_alloc(a, n + 1);
    uint32_t letters = dice(4) == 0 ? 256 : 1 + dice(3);
    for (size_t i = 0; i < n; i++)
        p[i] = (char)(letters == 256 ? dice(256) : 'a' + dice(letters));
    return (struct str){ p, n };
}

static bool stands_in(struct str text, struct str what)
{
    for (size_t i = 0; what.n > 0 && i + what.n <= text.n; i++)
        if (memcmp(text.p + i, what.p, what.n) == 0)
            return true;
    return false;
}

static void as_each_alone(void)
{
    struct arena *a = arena_new();
    int hits = 0;
    int misses = 0;
    for (int round = 0; round < ROUNDS; round++) {
        struct str all[ALL_MAX];
        bool found[ALL_MAX] = { false };
        uint32_t n = dice(ALL_MAX + 1);
        struct str text = random_text(a, TEXT_MAX);
        for (uint32_t i = 0; i < n; i++) {
            all[i] = random_text(a, NEEDLE_MAX);
            if (text.n > 0 && dice(3) == 0) { /* a piece of the text itself */
                size_t from = dice((uint32_t)text.n);
                all[i] = str_head(str_skip(text, from), 1 + dice(NEEDLE_MAX));
            }
        }
        struct needles *all_at_once = needles_new(all, n);
        needles_find(all_at_once, text, found);
        for (uint32_t i = 0; i < n; i++) {
            bool is_there = stands_in(text, all[i]);
            CHECK(found[i] == is_there);
            hits += is_there;
            misses += !is_there;
        }
        needles_free(&all_at_once);
        arena_reset(a);
    }
    CHECK(hits > ROUNDS && misses > ROUNDS);
    arena_free(&a);
}

/* Those that end within others, stand twice, or are nothing. */
static void told(void)
{
    const struct str all[] = { STR("he"), STR("she"), STR("hers"), STR("his"),
                               STR("e"),  STR(""),    STR("he"),   STR("shers") };
    bool found[8] = { false };
    struct needles *n = needles_new(all, 8);
    CHECK(n != NULL && needles_bytes(n) > 0);
    needles_find(n, STR("ushers"), found);
    CHECK(found[0] && found[1] && found[2] && !found[3] && found[4] && !found[5] && found[6] && found[7]);
    for (int i = 0; i < 8; i++)
        found[i] = false;
    needles_find(n, STR("h"), found);
    needles_find(n, STR("is"), found); /* a text does not go on in the next */
    for (int i = 0; i < 8; i++)
        CHECK(!found[i]);
    needles_free(&n);
    CHECK(n == NULL);
}

static void none(void)
{
    struct needles *n = needles_new(NULL, 0);
    needles_find(n, STR("anything"), NULL);
    needles_free(&n);
    needles_free(&n);
}

int main(void)
{
    told();
    none();
    as_each_alone();
    return check_done();
}
