/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"

/* The dice of a unit of work. rand_u64 (xoshiro256**, Blackman & Vigna 2018) is for ids, jitter and sampling;
   rand_secret is for tokens, codes and salts and always comes from the system's generator. */
void rand_seed(struct ctx *c);                         /* from the system's generator */
void rand_seed_from(struct ctx *c, uint64_t state[4]); /* from a generator of its own, which moves on: no system call */
void rand_seed_fixed(struct ctx *c, uint64_t s);       /* a repeatable sequence: demo data, simulations, tests */
uint64_t rand_u64(struct ctx *c);
uint64_t rand_below(struct ctx *c, uint64_t n); /* 0 .. n-1; n > 0 */
void rand_secret(void *out, size_t n);
/* 256 random bits as 43 characters of base64url without padding (RFC 4648 section 5). */
struct str rand_token(struct arena *a) NODISCARD;
