/* SPDX-License-Identifier: Apache-2.0 */
#include "core/limit.h"

enum err limit_take(struct ctx *c, enum limit_kind kind, struct str key)
{
    struct limit_left left = { 0 };
    if (limiter_take(c->limiter, kind, key, c->now_ms, &left))
        return OK;
    c->retry_after_s = left.retry_after_s;
    return fail(c, ERR_TOO_MANY, "Too many attempts. Try again in %lld seconds.", (long long)left.retry_after_s);
}

enum err limit_address(struct ctx *c, enum limit_kind address)
{
    return c->ip.n == 0 ? OK : limit_take(c, address, limiter_address(c->arena, c->ip));
}

enum err limit_prefix(struct ctx *c, enum limit_kind prefix)
{
    return c->ip.n == 0 ? OK : limit_take(c, prefix, limiter_prefix(c->arena, c->ip));
}

void limit_miss(struct ctx *c)
{
    (void)limiter_take(c->limiter, LIMIT_MISS_ADDRESS, limiter_address(c->arena, c->ip), c->now_ms, NULL);
    (void)limiter_take(c->limiter, LIMIT_MISS_PREFIX, limiter_prefix(c->arena, c->ip), c->now_ms, NULL);
}

bool limit_missed(struct ctx *c, struct limit_left *left)
{
    return limiter_spent(c->limiter, LIMIT_MISS_ADDRESS, limiter_address(c->arena, c->ip), c->now_ms, left)
           || limiter_spent(c->limiter, LIMIT_MISS_PREFIX, limiter_prefix(c->arena, c->ip), c->now_ms, left);
}
