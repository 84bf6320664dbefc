/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"

/* The table `terms`: the terms of service, every version that was published, by the day from which it holds. */
struct terms {
    int64_t effective_ms; /* midnight UTC */
    struct str text;      /* plain text */
    int64_t written_ms;
};
#define TERMS_MAX 100 /* versions */
/* Newest first; out has room for TERMS_MAX. */
enum err store_terms_list(struct ctx *c, struct terms *out, int64_t *n) NODISCARD;
/* Inside a transaction, as the next: in place of the version of that day, if there is one. */
enum err store_terms_put(struct ctx *c, const struct terms *t) NODISCARD;
enum err store_terms_delete(struct ctx *c, int64_t effective_ms) NODISCARD;
