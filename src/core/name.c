/* SPDX-License-Identifier: Apache-2.0 */
#include "core/name.h"

#include "base/buf.h"
#include "core/uni.h"

enum reserve {
    ROUTE,  /* a page or path of ours, or a word that reads as one: only the very name */
    OFFICE, /* speaks for the server: the name and whatever looks like it */
};

/* clang-format off */
static const struct {
    const char *name;
    enum reserve how;
} reserved[] = {
    { "abuse", OFFICE },          { "admin", OFFICE },         { "administrator", OFFICE },  { "administration", OFFICE },
    { "billing", OFFICE },        { "contact", OFFICE },       { "helpdesk", OFFICE },       { "hostmaster", OFFICE },
    { "legal", OFFICE },          { "mailerdaemon", OFFICE },  { "mod", OFFICE },            { "moderation", OFFICE },
    { "moderator", OFFICE },      { "moderators", OFFICE },    { "mods", OFFICE },           { "noreply", OFFICE },
    { "official", OFFICE },       { "operator", OFFICE },      { "owner", OFFICE },          { "parley", OFFICE },
    { "postmaster", OFFICE },     { "privacy", OFFICE },       { "root", OFFICE },           { "safety", OFFICE },
    { "security", OFFICE },       { "staff", OFFICE },         { "support", OFFICE },        { "sysadmin", OFFICE },
    { "sysop", OFFICE },          { "system", OFFICE },        { "trustandsafety", OFFICE }, { "verified", OFFICE },
    { "webmaster", OFFICE },      { "admins", OFFICE },        { "instance", OFFICE },       { "actor", OFFICE },
    { "about", ROUTE },     { "account", ROUTE },       { "accounts", ROUTE },    { "activity", ROUTE },  { "all", ROUTE },
    { "announcements", ROUTE }, { "anonymous", ROUTE }, { "api", ROUTE },         { "app", ROUTE },       { "apps", ROUTE },
    { "assets", ROUTE },    { "atom", ROUTE },          { "auth", ROUTE },        { "block", ROUTE },     { "blocks", ROUTE },
    { "bookmarks", ROUTE }, { "bot", ROUTE },           { "cases", ROUTE },       { "compose", ROUTE },   { "confirm", ROUTE },
    { "consent", ROUTE },   { "conversations", ROUTE }, { "delete", ROUTE },      { "desk", ROUTE },      { "direct", ROUTE },
    { "directory", ROUTE }, { "docs", ROUTE },          { "edit", ROUTE },        { "email", ROUTE },     { "emoji", ROUTE },
    { "error", ROUTE },     { "everyone", ROUTE },      { "explore", ROUTE },     { "favicon", ROUTE },   { "favourites", ROUTE },
    { "feed", ROUTE },      { "filters", ROUTE },       { "follow", ROUTE },      { "followers", ROUTE }, { "following", ROUTE },
    { "health", ROUTE },    { "help", ROUTE },          { "here", ROUTE },        { "home", ROUTE },      { "host", ROUTE },
    { "inbox", ROUTE },     { "index", ROUTE },         { "info", ROUTE },        { "invite", ROUTE },    { "invites", ROUTE },
    { "join", ROUTE },      { "lists", ROUTE },         { "local", ROUTE },       { "localhost", ROUTE }, { "login", ROUTE },
    { "logout", ROUTE },    { "mail", ROUTE },          { "manifest", ROUTE },    { "me", ROUTE },        { "media", ROUTE },
    { "metrics", ROUTE },   { "mute", ROUTE },          { "mutes", ROUTE },       { "new", ROUTE },       { "news", ROUTE },
    { "nobody", ROUTE },    { "nodeinfo", ROUTE },      { "notifications", ROUTE }, { "null", ROUTE },    { "oauth", ROUTE },
    { "oembed", ROUTE },    { "outbox", ROUTE },        { "password", ROUTE },    { "post", ROUTE },      { "posts", ROUTE },
    { "preferences", ROUTE }, { "profile", ROUTE },     { "public", ROUTE },      { "register", ROUTE },  { "report", ROUTE },
    { "reports", ROUTE },   { "reset", ROUTE },         { "robots", ROUTE },      { "rules", ROUTE },     { "search", ROUTE },
    { "sessions", ROUTE },  { "settings", ROUTE },      { "setup", ROUTE },       { "share", ROUTE },     { "signin", ROUTE },
    { "signout", ROUTE },   { "signup", ROUTE },        { "sitemap", ROUTE },     { "static", ROUTE },    { "status", ROUTE },
    { "statuses", ROUTE },  { "streaming", ROUTE },     { "tag", ROUTE },         { "tags", ROUTE },      { "terms", ROUTE },
    { "timeline", ROUTE },  { "trends", ROUTE },        { "undefined", ROUTE },   { "unfollow", ROUTE },  { "user", ROUTE },
    { "users", ROUTE },     { "welcome", ROUTE },       { "wellknown", ROUTE },   { "write", ROUTE },     { "www", ROUTE },
};
/* clang-format on */

struct str name_fault_text(enum name_fault f)
{
    switch (f) {
    case NAME_FINE: return STR("");
    case NAME_BLANK: return STR("can't be blank");
    case NAME_TOO_LONG: return STR("is too long");
    case NAME_BAD_CHARACTERS: return STR("contains characters that are not allowed");
    case NAME_RESERVED: return STR("is reserved");
    }
    return STR("");
}

static bool is_alnum(char ch)
{
    return (ch >= '0' && ch <= '9') || ((ch | 0x20) >= 'a' && (ch | 0x20) <= 'z');
}

struct str name_canonical(struct arena *a, struct str name)
{
    struct buf b = buf_on(a);
    for (size_t i = 0; i < name.n; i++)
        buf_putc(&b, name.p[i] >= 'A' && name.p[i] <= 'Z' ? (char)(name.p[i] | 0x20) : name.p[i]);
    return buf_str(&b);
}

/* Only letters and digits: '_', '-', '.' and blanks do not make another name. */
static struct str without_joints(struct arena *a, struct str s)
{
    struct buf b = buf_on(a);
    uint32_t cp = 0;
    for (size_t i = 0; i < s.n;) {
        size_t step = str_utf8(s, i, &cp);
        if (step > 0 && cp != '_' && uni_is_word(cp))
            buf_put(&b, (struct str){ s.p + i, step });
        i += step == 0 ? 1 : step;
    }
    return buf_str(&b);
}

/* ICU's skeleton keeps apart what only some typefaces tell apart (i and l), and knows no pairs but its own. */
static struct str merge_lookalikes(struct arena *a, struct str s)
{
    struct buf b = buf_on(a);
    for (size_t i = 0; i < s.n; i++) {
        char ch = s.p[i];
        if (ch == 'i' || ch == '1' || ch == '|')
            ch = 'l';
        else if (ch == '0')
            ch = 'o';
        else if (ch == 'v' && i + 1 < s.n && s.p[i + 1] == 'v') {
            ch = 'w';
            i++;
        }
        buf_putc(&b, ch);
    }
    return buf_str(&b);
}

struct str name_skeleton(struct arena *a, struct str name)
{
    struct str folded = without_joints(a, uni_plain(a, name));
    return merge_lookalikes(a, uni_plain(a, uni_skeleton(a, folded)));
}

static bool is_reserved(struct arena *a, struct str name)
{
    struct str plain = without_joints(a, name_canonical(a, name));
    struct str skeleton = name_skeleton(a, name);
    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++) {
        struct str r = str_c(reserved[i].name);
        if (str_eq(plain, r) || (reserved[i].how == OFFICE && str_eq(skeleton, name_skeleton(a, r))))
            return true;
    }
    return false;
}

enum name_fault name_check(struct arena *a, struct str name)
{
    bool has_alnum = false;
    if (name.n == 0)
        return NAME_BLANK;
    for (size_t i = 0; i < name.n && i <= NAME_USER_MAX; i++) {
        if (!is_alnum(name.p[i]) && name.p[i] != '_')
            return NAME_BAD_CHARACTERS;
        has_alnum = has_alnum || name.p[i] != '_';
    }
    if (name.n > NAME_USER_MAX)
        return NAME_TOO_LONG;
    if (!has_alnum)
        return NAME_BAD_CHARACTERS;
    return is_reserved(a, name) ? NAME_RESERVED : NAME_FINE;
}

/* U+200C/D join emoji and letters, U+200E/F and U+061C are harmless marks, U+FE0F and tag characters belong to emoji.
 */
static bool may_display(uint32_t cp)
{
    if (cp == 0x2028 || cp == 0x2029)
        return false;
    if (!uni_is_format(cp))
        return true;
    return (cp >= 0x200C && cp <= 0x200F) || cp == 0x061C || (cp >= 0xE0020 && cp <= 0xE007F);
}

enum name_fault display_name_check(struct str s)
{
    uint32_t cp = 0;
    if (s.n > NAME_DISPLAY_BYTES_MAX)
        return NAME_TOO_LONG;
    for (size_t i = 0; i < s.n;) {
        size_t step = str_utf8(s, i, &cp);
        if (step == 0 || !may_display(cp))
            return NAME_BAD_CHARACTERS;
        i += step;
    }
    return uni_graphemes(s) > NAME_DISPLAY_MAX ? NAME_TOO_LONG : NAME_FINE;
}
