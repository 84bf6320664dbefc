/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/arena.h"
#include "base/str.h"

/* What a member writes, taken apart: mentions, hashtags, addresses. One pass, linear in the length, no look at the
   database; text that is pure ASCII costs no ICU call. Any bytes are accepted, and what is not UTF-8 is simply no part
   of an entity. All ranges are bytes of the scanned text, in rising order, without overlap. Any thread; results live in
   the arena and point into the text. HTML is made from the same text and entities by core/text_html.h. */
#define TEXT_ENTITIES_MAX    256  /* of each kind; what comes later stays plain text */
#define TEXT_LOCAL_USER_MAX  30   /* bytes */
#define TEXT_REMOTE_USER_MAX 64   /* bytes */
#define TEXT_DOMAIN_MAX      253  /* bytes */
#define TEXT_TAG_MAX         300  /* bytes, without the '#' */
#define TEXT_URL_MAX         2048 /* bytes; a longer one is no link and counts in full */
#define TEXT_URL_LENGTH      23   /* what a link counts, whatever its length (Mastodon: characters_reserved_per_url) */

/* '@user' or '@user@domain', not inside a word, an address or an e-mail address. A local name is [A-Za-z0-9_]; a remote
   one may have single dots and dashes inside. '@name.more' and '@name-more' without a domain are no mention. */
struct text_mention {
    size_t at;
    size_t n;
    struct str user;   /* as written */
    struct str domain; /* as written, IDN allowed; empty for a local one */
};

/* '#name': letters, marks, digits and '_' of any script, at least one letter, not inside a word or an address. */
struct text_tag {
    size_t at;
    size_t n;
    struct str name; /* as written, without '#' */
    struct str key;  /* NFKC and case folded: what is stored, compared and put in the tag's address */
};

/* http:// or https://, a host (IDN allowed; no user or password), and the rest without closing punctuation. */
struct text_url {
    size_t at;
    size_t n;
    struct str url;
};

struct text_entities {
    struct text_mention *mentions;
    size_t mentions_n;
    struct text_tag *tags;
    size_t tags_n;
    struct text_url *urls;
    size_t urls_n;
};

void text_scan(struct arena *a, struct str text, struct text_entities *out);
/* Length as the member is told it: graphemes, a link TEXT_URL_LENGTH, a remote mention without its domain. */
size_t text_length(struct arena *a, struct str text, const struct text_entities *e);
size_t text_graphemes(struct str s);
struct str text_first_url(const struct text_entities *e);  /* for the preview card; {NULL, 0} if there is none */
struct str text_tag_key(struct arena *a, struct str name); /* the key of a tag that came from elsewhere, without '#' */
bool text_tag_ok(struct str name);                         /* a whole tag by the rules above, without '#' */
