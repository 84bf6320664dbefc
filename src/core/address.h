/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/account.h"
#include "model/media.h"
#include "model/status.h"

/* Every absolute address that Parley hands out is made here, from the configured base URL: nothing stored holds one, so
   a change of domain never rewrites the data. All results live on c->arena. */
struct str address_account(struct ctx *c, struct str username);                /* https://host/@ada */
struct str address_account_uri(struct ctx *c, struct str username);            /* https://host/users/ada */
struct str address_status(struct ctx *c, struct str username, int64_t id);     /* https://host/@ada/123 */
struct str address_status_uri(struct ctx *c, struct str username, int64_t id); /* https://host/users/ada/statuses/123 */
struct str address_tag(struct ctx *c, struct str name);                        /* https://host/tags/name */
struct str address_file(struct ctx *c, struct str hash, struct str extension); /* https://host/media/ab/cdef.webp */
/* https://host/media/117020605255737/abcdef....mp4 ; p == NULL: it is not made yet, or has none */
struct str address_media(struct ctx *c, const struct media *m);
struct str address_media_preview(struct ctx *c, const struct media *m);
/* The same of what the moderators withhold: https://host/withheld/117020605255737/abcdef....mp4, which answers only
   those who still see it, by their cookie or an app's token. */
struct str address_withheld(struct ctx *c, const struct media *m);
struct str address_withheld_preview(struct ctx *c, const struct media *m);
struct str address_card_picture(struct ctx *c, struct str hash); /* https://host/media/cards/abcdef....webp */
struct str address_avatar(struct ctx *c, const struct account *a);
struct str address_header(struct ctx *c, const struct account *a);
/* Bare for this server's members, user@domain for others. */
struct str address_acct(struct ctx *c, const struct account *a);
