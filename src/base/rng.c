/* SPDX-License-Identifier: Apache-2.0 */
#include "base/rng.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

static uint64_t rotl(uint64_t x, int k)
{
    return (x << k) | (x >> (64 - k));
}

void rand_seed(struct ctx *c)
{
    randombytes_buf(c->rng, sizeof c->rng);
}

/* The new state is four outputs of the old one. */
void rand_seed_from(struct ctx *c, uint64_t state[4])
{
    uint64_t fresh[4];
    memcpy(c->rng, state, sizeof c->rng);
    for (size_t i = 0; i < 4; i++)
        fresh[i] = rand_u64(c);
    memcpy(state, c->rng, sizeof c->rng);
    memcpy(c->rng, fresh, sizeof c->rng);
}

/* splitmix64, the seeding that the authors of xoshiro recommend */
void rand_seed_fixed(struct ctx *c, uint64_t s)
{
    for (size_t i = 0; i < 4; i++) {
        s += 0x9E3779B97F4A7C15U;
        uint64_t z = s;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
        c->rng[i] = z ^ (z >> 31);
    }
}

uint64_t rand_u64(struct ctx *c)
{
    uint64_t *s = c->rng;
    uint64_t out = rotl(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotl(s[3], 45);
    return out;
}

uint64_t rand_below(struct ctx *c, uint64_t n)
{
    assert(n > 0);
    return (uint64_t)(((unsigned __int128)rand_u64(c) * n) >> 64);
}

void rand_secret(void *out, size_t n)
{
    randombytes_buf(out, n);
}

struct str rand_token(struct arena *a)
{
    unsigned char raw[32];
    size_t room = sodium_base64_ENCODED_LEN(sizeof raw, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *text = arena_alloc(a, room);
    rand_secret(raw, sizeof raw);
    (void)sodium_bin2base64(text, room, raw, sizeof raw, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return (struct str){ text, room - 1 };
}
