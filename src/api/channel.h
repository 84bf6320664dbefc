/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "net/http.h"

/* The streams that a client may ask for: one table of names, paths and scopes (api/channel.c). */
enum channel_kind {
    CHANNEL_USER,
    CHANNEL_NOTIFICATIONS,
    CHANNEL_DIRECT,
    CHANNEL_PUBLIC,
    CHANNEL_PUBLIC_MEDIA,
    CHANNEL_LOCAL,
    CHANNEL_LOCAL_MEDIA,
    CHANNEL_REMOTE,
    CHANNEL_REMOTE_MEDIA,
    CHANNEL_TAG,
    CHANNEL_TAG_LOCAL,
    CHANNEL_LIST,
    CHANNEL_KINDS
};

/* As a client asks: "hashtag" with tag, "list" with list. p == NULL: not given. */
struct channel_ask {
    struct str name;
    struct str tag;
    struct str list;
};

struct channel {
    enum channel_kind kind;
    struct str key; /* what it is about: the member's id, the tag as it is stored, the list's id; "" for public ones */
    struct str label; /* JSON: ["hashtag","Foo"], as messages name it, the tag as it was asked for */
};

/* For c->me by c->session. ERR_MALFORMED: no such stream or a parameter is missing; ERR_FORBIDDEN: the scopes;
   ERR_NOT_FOUND: not c->me's list. */
enum err channel_find(struct ctx *c, const struct channel_ask *ask, struct channel *out) NODISCARD;
/* The name for what stands behind /api/v1/streaming/ ("public/local"); p == NULL: none. */
struct str channel_of_path(struct str first, struct str second, bool only_media);
