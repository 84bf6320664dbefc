/* SPDX-License-Identifier: Apache-2.0 */
#include <unistd.h>

#include "api/reply.h"
#include "api/routes.h"
#include "base/id.h"
#include "core/attachment.h"
#include "core/card_picture.h"
#include "core/picture.h"

/* Files that members uploaded, and what stands in for them. Named by content, so they never change; served so that
   nothing in them could run, whatever it were. */
static void file_headers(struct http_res *r, struct str type)
{
    r->status = 200;
    r->type = type;
    http_res_header(r, STR("Cache-Control"), STR("public, max-age=31536000, immutable"));
    http_res_header(r, STR("Content-Security-Policy"), STR("sandbox; default-src 'none'"));
    http_res_header(r, STR("Cross-Origin-Resource-Policy"), STR("cross-origin"));
}

/* GET /media/:id/:file : an attachment or its preview */
static enum err attached(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct str extension = q->args[1];
    struct str hash = { 0 };
    struct str type = { 0 };
    int64_t id = 0;
    int fd = -1;
    uint64_t size = 0;
    (void)str_cut(&extension, '.', &hash);
    if (!id_parse(q->args[0], &id))
        return fail(c, ERR_NOT_FOUND, "Not Found");
    TRY(attachment_open(c, id, hash, extension, &type, &fd, &size));
    file_headers(r, type);
    struct str etag = arena_strf(c->arena, "\"" STR_FMT "\"", STR_ARG(hash));
    http_res_header(r, STR("ETag"), etag);
    if (http_is_known(q, etag)) {
        (void)close(fd);
        r->status = 304;
        return OK;
    }
    r->file_fd = fd;
    r->file_size = size;
    return OK;
}

/* GET /withheld/:id/:file, with an app's token: what the moderators withhold, for whom it is not withheld. Browsers
   come with their cookie to the page of the same address (pages/attach.c). */
enum err api_media_withheld(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct str extension = q->args[1];
    struct str hash = { 0 };
    int64_t id = 0;
    (void)str_cut(&extension, '.', &hash);
    if (!id_parse(q->args[0], &id))
        return fail(c, ERR_NOT_FOUND, "Not Found");
    TRY(attachment_open_withheld(c, id, hash, extension, &r->type, &r->file_fd, &r->file_size));
    r->status = 200;
    http_res_header(r, STR("Content-Security-Policy"), STR("sandbox; default-src 'none'"));
    return OK;
}

/* fd -1: there is none. */
static enum err reply_picture(struct ctx *c, struct http_res *r, int fd, uint64_t size)
{
    if (fd < 0)
        return fail(c, ERR_NOT_FOUND, "Not Found");
    file_headers(r, STR("image/webp"));
    r->file_fd = fd;
    r->file_size = size;
    return OK;
}

/* GET /media/cards/:file : the picture of a link card */
static enum err of_card(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct str hash = q->args[1];
    int fd = -1;
    uint64_t size = 0;
    if (!str_ends(hash, STR(".webp")))
        return fail(c, ERR_NOT_FOUND, "Not Found");
    TRY(card_picture_open(c, str_head(hash, hash.n - 5), &fd, &size));
    return reply_picture(c, r, fd, size);
}

/* GET /media/:folder/:file : a picture of a profile */
enum err api_media_file(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    int fd = -1;
    uint64_t size = 0;
    struct str file = q->args[1];
    if (str_eq(q->args[0], STR("cards")))
        return of_card(c, q, r);
    if (q->args[0].n > 2)
        return attached(c, q, r);
    if (q->args[0].n != 2 || !str_ends(file, STR(".webp")))
        return fail(c, ERR_NOT_FOUND, "Not Found");
    file = str_head(file, file.n - 5);
    TRY(picture_open(c, arena_strf(c->arena, STR_FMT STR_FMT, STR_ARG(q->args[0]), STR_ARG(file)), &fd, &size));
    return reply_picture(c, r, fd, size);
}

/* GET /media/avatar/:file: drawn, for members without a picture */
enum err api_media_avatar(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    int64_t id = 0;
    struct str file = q->args[0];
    if (!str_ends(file, STR(".png")) || !id_parse(str_head(file, file.n - 4), &id))
        return fail(c, ERR_NOT_FOUND, "Not Found");
    file_headers(r, STR("image/png"));
    r->body = picture_avatar_png(c, id);
    return OK;
}

/* GET /media/header.png */
enum err api_media_header(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    (void)q;
    file_headers(r, STR("image/png"));
    r->body = picture_header_png(c);
    return OK;
}
