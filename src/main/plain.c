/* SPDX-License-Identifier: Apache-2.0 */
#include "main/plain.h"

#include <ctype.h>
#include <fcntl.h>
#include <unistd.h>

#include "main/config.h"

#define CHALLENGES    "/.well-known/acme-challenge/"
#define CHALLENGE_MAX 4096 /* bytes of an answer; one of RFC 8555 8.3 has below 200 */
#define TOKEN_MAX     128

static bool is_challenge(const struct config *k, const struct http_req *q)
{
    return k->acme_webroot.n > 0 && str_starts(q->path, STR(CHALLENGES));
}

/* What machines ask for stays where they know it. */
static bool stays(const struct http_req *q)
{
    return str_eq(q->path, STR("/health")) || str_eq(q->path, STR("/ready")) || str_eq(q->path, STR("/metrics"));
}

static bool must_move(const struct config *k, const struct http_req *q)
{
    return k->tls_redirect && str_eq(q->scheme, STR("http")) && !stays(q);
}

bool plain_owns(const struct config *k, const struct http_req *q)
{
    return !q->from_console && (must_move(k, q) || is_challenge(k, q));
}

/* base64url (RFC 8555 8.3), so nothing that leads out of the folder. */
static bool is_token(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!isalnum((unsigned char)s.p[i]) && s.p[i] != '-' && s.p[i] != '_')
            return false;
    return s.n > 0 && s.n <= TOKEN_MAX;
}

static enum err answer_challenge(struct ctx *c, const struct config *k, const struct http_req *q, struct http_res *r)
{
    struct str token = str_skip(q->path, sizeof CHALLENGES - 1);
    if (!is_token(token) || (q->method != HTTP_GET && q->method != HTTP_HEAD))
        return ERR_NOT_FOUND;
    struct str path = arena_strf(c->arena, STR_FMT CHALLENGES STR_FMT, STR_ARG(k->acme_webroot), STR_ARG(token));
    int fd = open(path.p, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return ERR_NOT_FOUND;
    char *text = arena_alloc_raw(c->arena, CHALLENGE_MAX);
    ssize_t n = read(fd, text, CHALLENGE_MAX);
    (void)close(fd);
    if (n < 0)
        return ERR_NOT_FOUND;
    r->status = 200;
    r->type = STR("text/plain");
    r->body = (struct str){ text, (size_t)n };
    return OK;
}

enum err plain_dispatch(struct ctx *c, const struct config *k, const struct http_req *q, struct http_res *r)
{
    if (is_challenge(k, q))
        return answer_challenge(c, k, q, r);
    r->status = 308; /* a form stays a form */
    http_res_header(r, STR("Location"),
                    arena_strf(c->arena, STR_FMT STR_FMT, STR_ARG(k->base_url), STR_ARG(q->target)));
    r->type = STR("text/plain; charset=utf-8");
    r->body = STR("This server speaks https.\n");
    return OK;
}
