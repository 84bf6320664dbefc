/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/site.h"

/* The site's settings and mode as immutable snapshots. A unit of work takes one at its start (c->site) and keeps it; a
   change makes a new one. Snapshots are a few kB and changes are rare, so old ones live until the box is freed. Runs
   on: any. */
struct site_box;

/* `config`: the part of struct site that comes from the configuration; copied. */
struct site_box *site_box_new(const struct site *config);
void site_box_free(struct site_box **b);
const struct site *site_box_get(struct site_box *b);

/* Reads settings and rules from the store and publishes a snapshot. */
enum err site_refresh(struct ctx *c) NODISCARD;

/* The settings: key, what is allowed, one sentence. */
struct site_setting {
    const char *key;
    const char *allowed; /* in words, for messages and --help */
    const char *about;
};
size_t site_setting_count(void);
const struct site_setting *site_setting_at(size_t i);
/* The value in force as text; ERR_NOT_FOUND for an unknown key. */
enum err site_setting_get(struct ctx *c, struct str key, struct str *out) NODISCARD;
/* Checks all, stores and publishes them together, and logs who changed what. ERR_INVALID with c->fields says what is
   allowed. Values may be written anew: a user name becomes an id. */
struct site_change {
    struct str key;
    struct str value;
};
enum err site_settings_change(struct ctx *c, struct site_change *all, size_t n) NODISCARD;
enum err site_setting_set(struct ctx *c, struct str key, struct str value) NODISCARD;
enum err site_rules_set(struct ctx *c, const struct rule *rules, int64_t n) NODISCARD;
/* "Rule | hint" a line; empty lines are left out. A rule whose text stays keeps its number: reports name it. */
#define RULE_MAX      500  /* graphemes */
#define RULE_HINT_MAX 1000 /* graphemes */
enum err site_rules_write(struct ctx *c, struct str text) NODISCARD;

/* Modes. `until_ms` 0: not known. Stored, so a restart keeps it. */
enum err site_mode_enter(struct ctx *c, enum site_mode mode, struct str reason, int64_t until_ms) NODISCARD;
/* The disk is full or has room again: read-only by cause, in memory only (nothing can be stored). */
void site_disk_full(struct site_box *b, bool full);
struct str site_mode_word(enum site_mode m); /* normal, read-only, moderators-only, sign-ups-paused */
bool site_mode_parse(struct str s, enum site_mode *out);

/* For what writes outside of a route (pages, console): the same judgement as the API's. ERR_UNAVAILABLE or
 * ERR_NO_SPACE. */
enum err site_allows_write(struct ctx *c) NODISCARD;
enum err site_allows_sign_up(struct ctx *c) NODISCARD; /* mode only; sign_up says the rest */

/* Figures of the site as they were last counted (store/setting.h): no request counts anything. The keeper calls
   site_figures_load at start and site_figures_count from time to time. */
struct site_counts;
void site_figures(struct site_box *b, struct site_counts *out);
enum err site_figures_load(struct ctx *c) NODISCARD;
enum err site_figures_count(struct ctx *c) NODISCARD;
