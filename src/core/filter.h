/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "core/attachment.h"
#include "feed/sieve.h"
#include "model/filter.h"
#include "model/poll.h"
#include "model/status.h"

/* What c->me does not want to read. Nobody else knows of it; another's filter is ERR_NOT_FOUND. What one wrote oneself
   is never filtered. Any thread with c->db; filter_sieve also on a loop thread (ERR_COLD). */

/* What a filter shall be; what is not said stays. */
struct filter_wish {
    struct str title; /* p == NULL: not said */
    int contexts;     /* enum filter_context bits; -1: not said */
    int action;       /* enum filter_action; -1: not said */
    bool has_expiry;
    int64_t expires_s; /* from now; 0: never */
    struct keyword_wish {
        int64_t id;         /* 0: a new one; set when it is made */
        struct str keyword; /* p == NULL: not said */
        int whole_word;     /* -1: not said */
        bool drop;
    } * keywords;
    int64_t keywords_n;
};

enum err filter_all(struct ctx *c, struct filters *out) NODISCARD;
enum err filter_get(struct ctx *c, int64_t id, const struct filters *all, const struct filter **out) NODISCARD;
enum err filter_create(struct ctx *c, const struct filter_wish *w, int64_t *id) NODISCARD;
enum err filter_update(struct ctx *c, int64_t id, const struct filter_wish *w) NODISCARD;
enum err filter_delete(struct ctx *c, int64_t id) NODISCARD;

enum err filter_keyword_get(struct ctx *c, int64_t id, const struct filters *all,
                            const struct filter_keyword **out) NODISCARD;
/* Through filter_update; with `alone` its filter goes with its last word. */
enum err filter_keyword_delete(struct ctx *c, int64_t id, bool alone) NODISCARD;
enum err filter_status_get(struct ctx *c, int64_t id, const struct filters *all,
                           const struct filter_status **out) NODISCARD;
enum err filter_status_add(struct ctx *c, int64_t filter_id, int64_t status_id, int64_t *id) NODISCARD;
enum err filter_status_delete(struct ctx *c, int64_t id) NODISCARD;

/* What filters look for words in: what it says, its poll (may be NULL), and what its attachments are described as. */
struct str filter_text(struct ctx *c, const struct status *s, const struct poll *poll, const struct attachments *media);
/* A text in the spelling in which words are looked for. */
struct str filter_spelling(struct arena *a, struct str text);
/* Which of n parleys (NULL: none) lists of this kind leave out for c->me; hidden has room for n. The second asks memory
   first, also on a loop thread (ERR_COLD). In core/filter_page.c. */
enum err filter_hides(struct ctx *c, enum filter_context where, struct status *const *rows, int64_t n,
                      bool *hidden) NODISCARD;
enum err filter_hides_ids(struct ctx *c, enum filter_context where, const int64_t *ids, int64_t n,
                          bool *hidden) NODISCARD;
/* Those of c->me; NULL for nobody. To be released. */
enum err filter_sieve(struct ctx *c, struct sieve **out) NODISCARD;
