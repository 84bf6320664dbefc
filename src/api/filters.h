/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/jw.h"
#include "core/filter.h"
#include "net/http.h"

/* What both versions of the filters' API read alike. */
/* context[]: bits; -1: not given. ERR_INVALID for an unknown word. */
enum err filter_parse_contexts(struct ctx *c, const struct http_req *q, int *out) NODISCARD;
enum err filter_parse_expiry(struct ctx *c, const struct http_req *q, struct filter_wish *w) NODISCARD;
int filter_parse_bool(const struct http_req *q, const char *name); /* -1: not given */
void filter_put_contexts(struct jw *w, const struct filter *f);
