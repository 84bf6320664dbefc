/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "core/attachment.h"
#include "model/poll.h"
#include "model/status.h"

/* What of a parley is translated, and what is made of the answer. The service itself: courier/translator.h. Only what
   everybody may read leaves the server: never parleys for followers or letters. */
#define TRANSLATION_TEXTS_MAX (2 + POLL_OPTIONS_MAX + ATTACHMENTS_MAX)

struct translation {
    const struct status *status;
    struct str source; /* language of the parley; empty: not known */
    struct str target;
    struct str texts[TRANSLATION_TEXTS_MAX]; /* text, warning, options, descriptions; "" stays "" */
    int64_t n;
    int64_t options_n; /* texts[2] and on */
    int64_t media_n;   /* behind those */
    int64_t media_ids[ATTACHMENTS_MAX];
};
/* ERR_NOT_FOUND: c->me may not see it. ERR_FORBIDDEN: not for everybody, or without text. ERR_INVALID: no language.
   language p == NULL: the one in which c->me writes. */
enum err translation_of(struct ctx *c, int64_t id, struct str language, struct translation *out) NODISCARD;
