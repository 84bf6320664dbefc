/* SPDX-License-Identifier: Apache-2.0 */
#include "core/address.h"

#include "base/buf.h"
#include "media/file.h"
#include "model/site.h"

struct str address_account(struct ctx *c, struct str username)
{
    return arena_strf(c->arena, STR_FMT "/@" STR_FMT, STR_ARG(c->site->base_url), STR_ARG(username));
}

struct str address_account_uri(struct ctx *c, struct str username)
{
    return arena_strf(c->arena, STR_FMT "/users/" STR_FMT, STR_ARG(c->site->base_url), STR_ARG(username));
}

struct str address_status(struct ctx *c, struct str username, int64_t id)
{
    return arena_strf(c->arena, STR_FMT "/@" STR_FMT "/%lld", STR_ARG(c->site->base_url), STR_ARG(username),
                      (long long)id);
}

struct str address_status_uri(struct ctx *c, struct str username, int64_t id)
{
    return arena_strf(c->arena, STR_FMT "/users/" STR_FMT "/statuses/%lld", STR_ARG(c->site->base_url),
                      STR_ARG(username), (long long)id);
}

/* Names are letters, digits and underscores of any script; what is not ASCII is percent-encoded (RFC 3986). */
struct str address_tag(struct ctx *c, struct str name)
{
    static const char hex[] = "0123456789ABCDEF";
    struct buf b = buf_on(c->arena);
    buf_put(&b, c->site->base_url);
    buf_put(&b, STR("/tags/"));
    for (size_t i = 0; i < name.n; i++) {
        unsigned char ch = (unsigned char)name.p[i];
        if (ch < 0x80) {
            buf_putc(&b, (char)ch);
        } else {
            buf_putc(&b, '%');
            buf_putc(&b, hex[ch >> 4]);
            buf_putc(&b, hex[ch & 15]);
        }
    }
    return buf_str(&b);
}

struct str address_file(struct ctx *c, struct str hash, struct str extension)
{
    return arena_strf(c->arena, STR_FMT "/media/" STR_FMT "/" STR_FMT "." STR_FMT, STR_ARG(c->site->base_url),
                      STR_ARG(str_head(hash, 2)), STR_ARG(str_skip(hash, 2)), STR_ARG(extension));
}

struct str address_card_picture(struct ctx *c, struct str hash)
{
    return arena_strf(c->arena, STR_FMT "/media/cards/" STR_FMT ".webp", STR_ARG(c->site->base_url), STR_ARG(hash));
}

static struct str address_attached(struct ctx *c, const char *folder, int64_t id, struct str hash, struct str type)
{
    struct str extension = media_extension(type);
    if (hash.n == 0 || extension.p == NULL)
        return (struct str){ NULL, 0 };
    return arena_strf(c->arena, STR_FMT "/%s/%lld/" STR_FMT "." STR_FMT, STR_ARG(c->site->base_url), folder,
                      (long long)id, STR_ARG(hash), STR_ARG(extension));
}

struct str address_media(struct ctx *c, const struct media *m)
{
    return address_attached(c, "media", m->id, m->hash, m->type);
}

struct str address_media_preview(struct ctx *c, const struct media *m)
{
    return address_attached(c, "media", m->id, m->preview, STR("image/webp"));
}

struct str address_withheld(struct ctx *c, const struct media *m)
{
    return address_attached(c, "withheld", m->id, m->hash, m->type);
}

struct str address_withheld_preview(struct ctx *c, const struct media *m)
{
    return address_attached(c, "withheld", m->id, m->preview, STR("image/webp"));
}

struct str address_avatar(struct ctx *c, const struct account *a)
{
    if (a->avatar.p != NULL)
        return address_file(c, a->avatar, STR("webp"));
    return arena_strf(c->arena, STR_FMT "/media/avatar/%lld.png", STR_ARG(c->site->base_url), (long long)a->id);
}

struct str address_header(struct ctx *c, const struct account *a)
{
    if (a->header.p != NULL)
        return address_file(c, a->header, STR("webp"));
    return arena_strf(c->arena, STR_FMT "/media/header.png", STR_ARG(c->site->base_url));
}

struct str address_acct(struct ctx *c, const struct account *a)
{
    if (a->domain.p == NULL)
        return a->username;
    return arena_strf(c->arena, STR_FMT "@" STR_FMT, STR_ARG(a->username), STR_ARG(a->domain));
}
