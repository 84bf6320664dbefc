/* SPDX-License-Identifier: Apache-2.0 */
#include "api/channel.h"

#include "base/id.h"
#include "base/jw.h"
#include "core/list.h"
#include "core/text.h"
#include "model/account.h"
#include "model/scope.h"
#include "model/session.h"

#define TAG_MAX 100 /* bytes */

enum about { ABOUT_ME, ABOUT_ALL, ABOUT_TAG, ABOUT_LIST };

/* clang-format off */
static const struct row {
    const char *name;
    const char *first; /* the path of server-sent events */
    const char *second;
    bool only_media;
    enum about about;
    uint64_t scope;
} rows[CHANNEL_KINDS] = {
    [CHANNEL_USER]          = { "user",                "user",    "",             false, ABOUT_ME,   SCOPE_READ_STATUSES },
    [CHANNEL_NOTIFICATIONS] = { "user:notification",   "user",    "notification", false, ABOUT_ME,   SCOPE_READ_NOTIFICATIONS },
    [CHANNEL_DIRECT]        = { "direct",              "direct",  "",             false, ABOUT_ME,   SCOPE_READ_STATUSES },
    [CHANNEL_PUBLIC]        = { "public",              "public",  "",             false, ABOUT_ALL,  SCOPE_READ_STATUSES },
    [CHANNEL_PUBLIC_MEDIA]  = { "public:media",        "public",  "",             true,  ABOUT_ALL,  SCOPE_READ_STATUSES },
    [CHANNEL_LOCAL]         = { "public:local",        "public",  "local",        false, ABOUT_ALL,  SCOPE_READ_STATUSES },
    [CHANNEL_LOCAL_MEDIA]   = { "public:local:media",  "public",  "local",        true,  ABOUT_ALL,  SCOPE_READ_STATUSES },
    [CHANNEL_REMOTE]        = { "public:remote",       "public",  "remote",       false, ABOUT_ALL,  SCOPE_READ_STATUSES },
    [CHANNEL_REMOTE_MEDIA]  = { "public:remote:media", "public",  "remote",       true,  ABOUT_ALL,  SCOPE_READ_STATUSES },
    [CHANNEL_TAG]           = { "hashtag",             "hashtag", "",             false, ABOUT_TAG,  SCOPE_READ_STATUSES },
    [CHANNEL_TAG_LOCAL]     = { "hashtag:local",       "hashtag", "local",        false, ABOUT_TAG,  SCOPE_READ_STATUSES },
    [CHANNEL_LIST]          = { "list",                "list",    "",             false, ABOUT_LIST, SCOPE_READ_LISTS },
};
/* clang-format on */

struct str channel_of_path(struct str first, struct str second, bool only_media)
{
    for (int i = 0; i < CHANNEL_KINDS; i++) {
        bool has_media = rows[i].about == ABOUT_ALL;
        if (str_eq(first, str_c(rows[i].first)) && str_eq(second, str_c(rows[i].second))
            && rows[i].only_media == (only_media && has_media))
            return str_c(rows[i].name);
    }
    return (struct str){ NULL, 0 };
}

static struct str label_of(struct ctx *c, const struct row *row, struct str about)
{
    struct jw w = jw_on(c->arena);
    jw_arr(&w);
    jw_str(&w, str_c(row->name));
    if (about.p != NULL)
        jw_str(&w, about);
    jw_arr_end(&w);
    return jw_end(&w);
}

static enum err about_tag(struct ctx *c, const struct channel_ask *ask, struct channel *out)
{
    if (ask->tag.n == 0)
        return fail(c, ERR_MALFORMED, "Missing tag name parameter");
    if (ask->tag.n > TAG_MAX || !str_is_utf8(ask->tag))
        return fail(c, ERR_MALFORMED, "The tag must be text of at most %d bytes", TAG_MAX);
    out->key = text_tag_key(c->arena, str_starts(ask->tag, STR("#")) ? str_skip(ask->tag, 1) : ask->tag);
    out->label = label_of(c, &rows[out->kind], ask->tag);
    return OK;
}

static enum err about_list(struct ctx *c, const struct channel_ask *ask, struct channel *out)
{
    struct list *l = NULL;
    int64_t id = 0;
    if (ask->list.n == 0)
        return fail(c, ERR_MALFORMED, "Missing list name parameter");
    if (!id_parse(ask->list, &id))
        return fail(c, ERR_NOT_FOUND, "Record not found");
    TRY(list_get(c, id, &l));
    out->key = id_text(c->arena, l->id);
    out->label = label_of(c, &rows[out->kind], out->key);
    return OK;
}

enum err channel_find(struct ctx *c, const struct channel_ask *ask, struct channel *out)
{
    int i = 0;
    while (i < CHANNEL_KINDS && !str_eq(ask->name, str_c(rows[i].name)))
        i++;
    if (i == CHANNEL_KINDS)
        return fail(c, ERR_MALFORMED, "Unknown stream type");
    *out = (struct channel){ .kind = (enum channel_kind)i, .key = STR("") };
    if ((c->session->scopes & rows[i].scope) != rows[i].scope)
        return fail(c, ERR_FORBIDDEN, "This action is outside the authorized scopes");
    switch (rows[i].about) {
    case ABOUT_TAG: return about_tag(c, ask, out);
    case ABOUT_LIST: return about_list(c, ask, out);
    case ABOUT_ME: out->key = id_text(c->arena, c->me->id); break;
    case ABOUT_ALL: break;
    }
    out->label = label_of(c, &rows[i], (struct str){ NULL, 0 });
    return OK;
}
