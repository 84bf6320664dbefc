/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "base/jw.h"
#include "core/tag.h"

/* A hashtag with its history; a tag that nobody used yet has the id 0. */
void entity_tag(struct ctx *c, struct jw *w, const struct tag_info *t);
/* The key `history` with TAG_DAYS days: Unix seconds, all figures as text. */
void entity_history(struct ctx *c, struct jw *w, const struct tag_day *days);
/* The list of those that somebody features. (api/tags.c) */
struct account;
enum err entity_featured_tags(struct ctx *c, struct jw *w, const struct account *a) NODISCARD;
