/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/status.h"
#include "model/status_draft.h"

/* From what a member asks to be published to a row that may be stored: lengths, language, who is mentioned, which tags.
   Reads only, before any transaction. What is not allowed is ERR_INVALID with "Validation failed: ...". */
#define COMPOSE_BYTES_MAX    16384 /* text and warning together, whatever their length in graphemes */
#define COMPOSE_MENTIONS_MAX 20    /* members named in one parley */
#define COMPOSE_TAGS_MAX     40

/* Fills text, spoiler, sensitive, language, mentions, tags, media of *s (visibility and policies, too, when it is a new
   one: s->id == 0) for c->me. Names of nobody, and of members who block c->me or are blocked, stay plain text. */
enum err compose(struct ctx *c, const struct status_draft *d, struct status *s) NODISCARD;
/* The members that these places name and who let c->me name them, as JSON: for parleys and profiles. ERR_INVALID: more
   than COMPOSE_MENTIONS_MAX different ones. */
struct text_mention;
enum err compose_mentions(struct ctx *c, const struct text_mention *places, size_t n, struct str *json) NODISCARD;
