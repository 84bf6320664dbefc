/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "core/mention.h"
#include "model/account.h"

/* Profiles. Reading one by id is account_see (core/visible.h). */
#define NOTE_MAX          500 /* graphemes, a link counts 23 */
#define FIELDS_MAX        4
#define FIELD_MAX         255 /* graphemes, of name and of value */
#define PROFILE_BYTES_MAX 10000
#define PICTURE_TEXT_MAX  1500 /* graphemes */
#define ATTRIBUTION_MAX   10   /* domains */

/* "ada", "@ada", "ada@our.domain", any case. ERR_NOT_FOUND for what is not there, not visible, or of another server. */
enum err account_lookup(struct ctx *c, struct str acct, struct account **out) NODISCARD;
/* The private half of c->me. */
enum err account_member(struct ctx *c, struct member **out) NODISCARD;

/* What is to change; p == NULL, -1: stays. */
struct profile_edit {
    struct str display_name;
    struct str note;
    const struct profile_field *fields; /* all of them; blank ones are dropped */
    int64_t fields_n;                   /* -1: stay */
    struct str avatar;                  /* bytes of a picture */
    struct str header;
    bool avatar_drop;
    bool header_drop;
    int locked; /* -1, 0, 1 */
    int bot;
    int discoverable;
    int indexable;
    int hide_collections;
    struct str avatar_text;
    struct str header_text;
    int show_media;
    int show_media_replies;
    int show_featured;
    const struct str *domains; /* that may name the member as author; all of them, blank ones are dropped */
    int64_t domains_n;         /* -1: stay */
    int default_visibility;    /* enum visibility; -1 */
    int default_sensitive;
    struct str default_language; /* "": none */
    int default_quote_policy;    /* enum quote_policy; -1 */
    int default_reply_policy;    /* enum reply_policy; -1 */
    struct str locale;
};
struct profile_edit profile_edit_none(void);
/* ERR_INVALID with c->fields, ERR_TOO_LARGE. *out is the account as it is now. */
enum err account_edit(struct ctx *c, const struct profile_edit *e, struct account **out) NODISCARD;
/* For a job: whom a profile names that was written when that was not kept. Does nothing when it was edited since. */
enum err account_find_named(struct ctx *c, int64_t id) NODISCARD;

/* Asks, with the password, for the account to be deleted after c->site->deletion_days: hidden and signed out everywhere
   at once. Signing in through the pages until then offers to cancel. */
enum err account_deletion_ask(struct ctx *c, struct str password) NODISCARD;
enum err account_deletion_cancel(struct ctx *c) NODISCARD; /* ERR_NOT_FOUND when it was not asked for */
