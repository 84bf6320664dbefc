/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "core/text.h"

/* The small lists that a parley or a profile stores as JSON text: who is mentioned, which tags, which profile fields.
   What the store holds was written by us; text that cannot be read gives an empty list. All results live on the arena.
 */
struct mention {
    int64_t id;
    struct str username;
    struct str acct;
};
int64_t mention_list(struct arena *a, struct str json, const struct mention **out);
struct str mention_json(struct arena *a, const struct mention *m, int64_t n);
/* The stored mention that a place in the text means; NULL: none (an @name that nobody has). */
const struct mention *mention_match(struct ctx *c, const struct mention *known, int64_t n,
                                    const struct text_mention *place);

int64_t tag_list(struct arena *a, struct str json, const struct str **out); /* also any other JSON list of strings */
struct str tag_json(struct arena *a, const struct str *names, int64_t n);

struct profile_field {
    struct str name;
    struct str value;
    int64_t verified_ms; /* 0: not */
};
int64_t profile_fields(struct arena *a, struct str json, const struct profile_field **out);
struct str profile_fields_json(struct arena *a, const struct profile_field *f, int64_t n);
