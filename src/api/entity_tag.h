/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "base/jw.h"
#include "core/tag.h"

/* A hashtag with its history; a tag that nobody used yet has the id 0. Tags cannot be followed, so nobody does. */
void entity_tag(struct ctx *c, struct jw *w, const struct tag_info *t);
