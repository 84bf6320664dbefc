/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limiter.h"

#include <arpa/inet.h>
#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/locks.h"
#include "base/metrics.h"

struct limit {
    const char *name; /* in figures */
    int64_t max;
    int64_t window_ms;
};

/* Every limit on how often. */
/* clang-format off */
static const struct limit limits[LIMIT_KINDS] = {
    [LIMIT_API]             = { "api",   300,  5 * MINUTE_MS },
    [LIMIT_API_ADDRESS]     = { "api_address",   300,  5 * MINUTE_MS },
    [LIMIT_API_PREFIX]      = { "api_prefix",  3000,  5 * MINUTE_MS },
    [LIMIT_MISS_ADDRESS]    = { "miss_address",   200, 10 * MINUTE_MS },
    [LIMIT_MISS_PREFIX]     = { "miss_prefix",  1000, 10 * MINUTE_MS },
    [LIMIT_SIGN_IN_ADDRESS] = { "sign_in_address",    25,  5 * MINUTE_MS },
    [LIMIT_SIGN_IN_PREFIX]  = { "sign_in_prefix",   100,  5 * MINUTE_MS },
    [LIMIT_SIGN_IN_ACCOUNT] = { "sign_in_account",    10, 15 * MINUTE_MS },
    [LIMIT_SIGN_IN_TARGET]  = { "sign_in_target",   100, 60 * MINUTE_MS },
    [LIMIT_SECOND_FACTOR]   = { "second_factor",    10, 15 * MINUTE_MS },
    [LIMIT_SIGN_UP_ADDRESS] = { "sign_up_address",     5, 30 * MINUTE_MS },
    [LIMIT_SIGN_UP_PREFIX]  = { "sign_up_prefix",    25, 30 * MINUTE_MS },
    [LIMIT_RESET_ADDRESS]   = { "reset_address",    10, 30 * MINUTE_MS },
    [LIMIT_RESET_TARGET]    = { "reset_target",     3, 60 * MINUTE_MS },
    [LIMIT_CONFIRM_MAIL]    = { "confirm_mail",     5, 60 * MINUTE_MS },
    [LIMIT_CONFIRM_TARGET]  = { "confirm_target",     5, 60 * MINUTE_MS },
    [LIMIT_APP_ADDRESS]     = { "app_address",    60, 10 * MINUTE_MS },
    [LIMIT_TOKEN_ADDRESS]   = { "token_address",   100,  5 * MINUTE_MS },
    [LIMIT_POST]            = { "post",   300,  3 * HOUR_MS   },
    [LIMIT_DELETE]          = { "delete",   100, 30 * MINUTE_MS },
    [LIMIT_FOLLOW]          = { "follow",   400,  1 * DAY_MS    },
    [LIMIT_REPORT]          = { "report",    30, 60 * MINUTE_MS },
    [LIMIT_FILE_ADDRESS]    = { "file_address",  5000,  5 * MINUTE_MS },
    [LIMIT_UPLOAD]          = { "upload",    60, 30 * MINUTE_MS },
    [LIMIT_ARCHIVE]         = { "archive",    5,  1 * DAY_MS    },
    [LIMIT_IMPORT]          = { "import",    20,  1 * DAY_MS    },
    [LIMIT_TRANSLATE]       = { "translate",   100, 60 * MINUTE_MS },
};
/* clang-format on */

_Static_assert((int)LIMIT_KINDS <= METRIC_LIMITS, "every limit has a counter");

#define SHARDS 64
#define WAYS   8 /* slots that one key may stand in */
#define SETS   (LIMITER_SLOTS / SHARDS / WAYS)

struct slot {
    uint64_t key;
    int64_t reset_ms; /* 0: empty */
    uint32_t count;
    uint32_t max; /* of its kind: how near it is to its limit decides who gives way */
};

struct shard {
    struct lock lock;
    struct slot slots[SETS][WAYS];
};

struct limiter {
    bool enforce;
    unsigned char secret[crypto_shorthash_KEYBYTES];
    struct shard shards[SHARDS];
};

struct limiter *limiter_new(bool enforce)
{
    struct limiter *l = calloc(1, sizeof *l);
    if (l == NULL)
        abort();
    l->enforce = enforce;
    randombytes_buf(l->secret, sizeof l->secret);
    for (size_t i = 0; i < SHARDS; i++)
        lock_init(&l->shards[i].lock, LOCK_LIMITER);
    for (int i = 0; i < LIMIT_KINDS; i++)
        metrics_word(METRIC_LIMITED, i, limits[i].name);
    return l;
}

void limiter_free(struct limiter **l)
{
    if (*l == NULL)
        return;
    for (size_t i = 0; i < SHARDS; i++)
        lock_fini(&(*l)->shards[i].lock);
    free(*l);
    *l = NULL;
}

static uint64_t key_of(const struct limiter *l, enum limit_kind kind, struct str text)
{
    unsigned char secret[crypto_shorthash_KEYBYTES];
    unsigned char out[crypto_shorthash_BYTES];
    uint64_t key = 0;
    memcpy(secret, l->secret, sizeof secret);
    secret[0] = (unsigned char)(secret[0] ^ (unsigned)kind); /* the kind is part of the key */
    crypto_shorthash(out, (const unsigned char *)(text.p == NULL ? "" : text.p), text.n, secret);
    _Static_assert(sizeof key == sizeof out, "one hash is one key");
    memcpy(&key, out, sizeof key);
    return key;
}

/* A window that ends too far away was opened before the clock was stepped back. */
static bool is_live(const struct slot *s, int64_t now_ms)
{
    return s->reset_ms > now_ms && s->reset_ms - now_ms <= DAY_MS;
}

/* The slot of the key, or NULL. Under the shard's lock. */
static struct slot *find(struct slot *set, uint64_t key, int64_t now_ms)
{
    for (size_t i = 0; i < WAYS; i++)
        if (set[i].key == key && is_live(&set[i], now_ms))
            return &set[i];
    return NULL;
}

/* The emptiest slot of the set: a dead one, else the one that is furthest from its limit. */
static struct slot *give_way(struct slot *set, int64_t now_ms)
{
    struct slot *best = &set[0];
    for (size_t i = 0; i < WAYS; i++) {
        if (!is_live(&set[i], now_ms))
            return &set[i];
        if ((uint64_t)set[i].count * best->max < (uint64_t)best->count * set[i].max)
            best = &set[i];
    }
    return best;
}

static void tell(struct limit_left *left, const struct limit *m, int64_t count, int64_t reset_ms, int64_t now_ms,
                 bool over)
{
    if (left == NULL)
        return;
    *left = (struct limit_left){
        .limit = m->max,
        .remaining = count < m->max ? m->max - count : 0,
        .reset_ms = reset_ms,
        .retry_after_s = over ? (reset_ms - now_ms + SECOND_MS - 1) / SECOND_MS : 0,
    };
}

bool limiter_take(struct limiter *l, enum limit_kind kind, struct str key, int64_t now_ms, struct limit_left *left)
{
    assert(kind < LIMIT_KINDS);
    const struct limit *m = &limits[kind];
    int64_t reset_ms = now_ms - now_ms % m->window_ms + m->window_ms;
    if (l == NULL) {
        tell(left, m, 1, reset_ms, now_ms, false);
        return true;
    }
    uint64_t k = key_of(l, kind, key);
    struct shard *shard = &l->shards[k % SHARDS];
    LOCKED(&shard->lock);
    struct slot *set = shard->slots[k / SHARDS % SETS];
    struct slot *s = find(set, k, now_ms);
    if (s == NULL) {
        s = give_way(set, now_ms);
        *s = (struct slot){ .key = k, .reset_ms = reset_ms, .max = (uint32_t)m->max };
    }
    if (s->count < UINT32_MAX)
        s->count++;
    bool over = l->enforce && s->count > m->max;
    tell(left, m, s->count, s->reset_ms, now_ms, over);
    if (over)
        metrics_add(METRIC_LIMITED, (int)kind, 1);
    return !over;
}

bool limiter_spent(struct limiter *l, enum limit_kind kind, struct str key, int64_t now_ms, struct limit_left *left)
{
    assert(kind < LIMIT_KINDS);
    if (l == NULL || !l->enforce)
        return false;
    const struct limit *m = &limits[kind];
    uint64_t k = key_of(l, kind, key);
    struct shard *shard = &l->shards[k % SHARDS];
    LOCKED(&shard->lock);
    const struct slot *s = find(shard->slots[k / SHARDS % SETS], k, now_ms);
    if (s == NULL || s->count < m->max)
        return false;
    tell(left, m, s->count, s->reset_ms, now_ms, true);
    metrics_add(METRIC_LIMITED, (int)kind, 1);
    return true;
}

static struct str address_bits(struct arena *a, struct str ip, int v4_bytes, int v6_bytes)
{
    unsigned char b[16] = { 0 };
    char text[INET6_ADDRSTRLEN + 1] = { 0 };
    if (ip.n == 0 || ip.n >= sizeof text)
        return ip;
    memcpy(text, ip.p, ip.n);
    if (inet_pton(AF_INET, text, b) == 1) {
        memset(b + v4_bytes, 0, (size_t)(4 - v4_bytes));
        return arena_strf(a, "%u.%u.%u.%u/%d", b[0], b[1], b[2], b[3], v4_bytes * 8);
    }
    if (inet_pton(AF_INET6, text, b) != 1)
        return ip;
    static const unsigned char mapped[12] = { [10] = 0xFF, [11] = 0xFF };
    if (memcmp(b, mapped, sizeof mapped) == 0) { /* ::ffff:192.0.2.1 is an IPv4 peer */
        memset(b + 12 + v4_bytes, 0, (size_t)(4 - v4_bytes));
        return arena_strf(a, "%u.%u.%u.%u/%d", b[12], b[13], b[14], b[15], v4_bytes * 8);
    }
    memset(b + v6_bytes, 0, (size_t)(16 - v6_bytes));
    (void)inet_ntop(AF_INET6, b, text, sizeof text);
    return arena_strf(a, "%s/%d", text, v6_bytes * 8);
}

struct str limiter_address(struct arena *a, struct str ip)
{
    return address_bits(a, ip, 4, 8);
}

struct str limiter_prefix(struct arena *a, struct str ip)
{
    return address_bits(a, ip, 3, 6);
}
