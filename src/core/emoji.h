/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/emoji.h"

/* Custom emoji: pictures of the community that stand for ":shortcode:" in names, parleys, polls and announcements. The
   text stays as it was written; apps are told which shortcodes it uses, pages show the pictures. The table is a part of
   the site's snapshot (c->site->emojis): nothing asks the store for it. Who may change it is the caller's to ask: the
   operator at the command line, the owner by page. Runs on: any; changes on a worker. */
#define EMOJI_CODE_MIN     2  /* ASCII letters, digits and '_' */
#define EMOJI_CODE_MAX     64 /* likewise */
#define EMOJI_CATEGORY_MAX 50 /* graphemes */
#define EMOJI_BYTES_MAX    (256 * 1024)
#define EMOJIS_USED_MAX    64 /* of one text and what belongs to it; what comes later is not told */

bool emoji_code_ok(struct str code);
/* NULL: there is none, or it is disabled. */
const struct emoji *emoji_find(const struct ctx *c, struct str code);
/* The next ":code:" of an enabled one from byte *at on: *at and *end are its first byte and the one behind it. NULL:
   none. Not inside a word or an address: "12:30:45" and "https://host/:x:" stay. */
const struct emoji *emoji_next(const struct ctx *c, struct str text, size_t *at, size_t *end);

struct str emoji_url(struct ctx *c, const struct emoji *e);
struct str emoji_static_url(struct ctx *c, const struct emoji *e);
/* The key "emojis" with those that n texts use, each once. */
struct jw;
void emoji_put_used(struct ctx *c, struct jw *w, const struct str *texts, size_t n);
/* Texts that are a JSON array of strings, or profile fields, are scanned as they are stored: codes need no escapes. */
void emoji_put(struct ctx *c, struct jw *w, const struct emoji *e);

/* GIF and WebP may move. ERR_INVALID with c->fields (shortcode, image, category); ERR_TOO_LARGE. No transaction may be
   open. */
enum err emoji_add(struct ctx *c, struct str code, struct str category, struct str image) NODISCARD;
enum err emoji_enable(struct ctx *c, struct str code, bool enabled) NODISCARD; /* ERR_NOT_FOUND */
enum err emoji_remove(struct ctx *c, struct str code) NODISCARD;               /* ERR_NOT_FOUND */

/* For core/site.c: the table as a snapshot holds it, made of rows in any order. Rows that are in `was`, too, are
   shared with it; everything else is allocated on `a`, which outlives both. */
struct arena;
struct emojis emojis_of(struct arena *a, const struct emojis *was, const struct emoji *rows, int64_t n);
