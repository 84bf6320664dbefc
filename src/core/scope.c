/* SPDX-License-Identifier: Apache-2.0 */
#include "core/scope.h"

#include "base/buf.h"

struct scope {
    struct str name;
    uint64_t bits;
    struct str phrase;
};

#define FOLLOW_BITS                                                                                       \
    (SCOPE_READ_BLOCKS | SCOPE_READ_FOLLOWS | SCOPE_READ_MUTES | SCOPE_WRITE_BLOCKS | SCOPE_WRITE_FOLLOWS \
     | SCOPE_WRITE_MUTES)
#define L(text)                   \
    {                             \
        "" text, sizeof(text) - 1 \
    }

/* clang-format off */
static const struct scope scopes[] = {
    { L("read"),                SCOPE_READ_ALL | SCOPE_PROFILE,        L("read everything you can read, direct parleys too") },
    { L("read:accounts"),       SCOPE_READ_ACCOUNTS | SCOPE_PROFILE,   L("see accounts, yours included") },
    { L("read:blocks"),         SCOPE_READ_BLOCKS,                     L("see whom you block") },
    { L("read:bookmarks"),      SCOPE_READ_BOOKMARKS,                  L("see your bookmarks") },
    { L("read:favourites"),     SCOPE_READ_FAVOURITES,                 L("see your favourites") },
    { L("read:filters"),        SCOPE_READ_FILTERS,                    L("see your filters") },
    { L("read:follows"),        SCOPE_READ_FOLLOWS,                    L("see whom you follow") },
    { L("read:lists"),          SCOPE_READ_LISTS,                      L("see your lists") },
    { L("read:mutes"),          SCOPE_READ_MUTES,                      L("see whom you mute") },
    { L("read:notifications"),  SCOPE_READ_NOTIFICATIONS,              L("see your notifications") },
    { L("read:search"),         SCOPE_READ_SEARCH,                     L("search in your name") },
    { L("read:statuses"),       SCOPE_READ_STATUSES,                   L("read all parleys that you can read") },
    { L("write"),               SCOPE_WRITE_ALL,                       L("publish, follow and change anything in your name") },
    { L("write:accounts"),      SCOPE_WRITE_ACCOUNTS,                  L("change your profile") },
    { L("write:blocks"),        SCOPE_WRITE_BLOCKS,                    L("block and unblock") },
    { L("write:bookmarks"),     SCOPE_WRITE_BOOKMARKS,                 L("bookmark parleys") },
    { L("write:conversations"), SCOPE_WRITE_CONVERSATIONS,             L("mute and remove conversations") },
    { L("write:favourites"),    SCOPE_WRITE_FAVOURITES,                L("favourite parleys") },
    { L("write:filters"),       SCOPE_WRITE_FILTERS,                   L("change your filters") },
    { L("write:follows"),       SCOPE_WRITE_FOLLOWS,                   L("follow and unfollow") },
    { L("write:lists"),         SCOPE_WRITE_LISTS,                     L("change your lists") },
    { L("write:media"),         SCOPE_WRITE_MEDIA,                     L("upload pictures") },
    { L("write:mutes"),         SCOPE_WRITE_MUTES,                     L("mute people and threads") },
    { L("write:notifications"), SCOPE_WRITE_NOTIFICATIONS,             L("clear your notifications") },
    { L("write:reports"),       SCOPE_WRITE_REPORTS,                   L("report in your name") },
    { L("write:statuses"),      SCOPE_WRITE_STATUSES,                  L("publish, edit and delete parleys") },
    { L("follow"),              FOLLOW_BITS,                           L("see and change whom you follow, block and mute") },
    { L("push"),                SCOPE_PUSH,                            L("send you push notifications") },
    { L("profile"),             SCOPE_PROFILE,                         L("see your name and picture") },
    { L("admin:read"),          SCOPE_ADMIN_READ,                      L("read what moderators can read") },
    { L("admin:write"),         SCOPE_ADMIN_WRITE,                     L("moderate in your name") },
};
/* clang-format on */

size_t scope_count(void)
{
    return sizeof scopes / sizeof scopes[0];
}

struct str scope_name(size_t i)
{
    return scopes[i].name;
}

static const struct scope *find(struct str name)
{
    for (size_t i = 0; i < scope_count(); i++)
        if (str_eq(scopes[i].name, name))
            return &scopes[i];
    return NULL;
}

struct str scope_phrase(struct str name)
{
    const struct scope *s = find(name);
    return s == NULL ? (struct str){ 0 } : s->phrase;
}

static bool is_gap(char ch)
{
    return ch == ' ' || ch == '+' || ch == '\t' || ch == '\r' || ch == '\n';
}

/* Takes the next name off *rest; false at the end. */
static bool next_name(struct str *rest, struct str *name)
{
    while (rest->n > 0 && is_gap(rest->p[0]))
        *rest = str_skip(*rest, 1);
    size_t n = 0;
    while (n < rest->n && !is_gap(rest->p[n]))
        n++;
    *name = str_head(*rest, n);
    *rest = str_skip(*rest, n);
    return n > 0;
}

bool scope_parse(struct str text, uint64_t *bits)
{
    struct str name = { 0 };
    *bits = 0;
    if (text.n > SCOPE_TEXT_MAX)
        return false;
    while (next_name(&text, &name)) {
        const struct scope *s = find(name);
        if (s == NULL)
            return false;
        *bits |= s->bits;
    }
    return true;
}

struct str scope_tidy(struct arena *a, struct str text)
{
    struct buf b = buf_on(a);
    struct str rest = text;
    struct str name = { 0 };
    while (next_name(&rest, &name)) {
        bool seen = false;
        struct str before = str_head(text, (size_t)(name.p - text.p));
        for (struct str other = { 0 }; next_name(&before, &other);)
            seen = seen || str_eq(other, name);
        if (seen)
            continue;
        if (b.n > 0)
            buf_putc(&b, ' ');
        buf_put(&b, name);
    }
    return b.p == NULL ? STR("") : buf_str(&b);
}
