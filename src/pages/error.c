/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hw.h"
#include "pages/pages.h"

/* What a status means to a person, and what to do. */
static const struct {
    int status;
    const char *title;
    const char *text;
} says[] = {
    { 400, "That could not be read", "The request was not understood. Go back and try again." },
    { 403, "Not allowed", "You may not do this." },
    { 404, "Not here", "There is nothing at this address. It may have been deleted, or is not for you." },
    { 408, "Too slow", "The request took too long to arrive. Try again." },
    { 410, "Gone", "This was deleted." },
    { 413, "Too large", "What you sent is larger than this server takes." },
    { 414, "Address too long", "The address is longer than this server takes." },
    { 429, "Slow down", "That was a lot in a short time. Wait a little and try again." },
    { 431, "Headers too long", "Your browser sent more than this server takes." },
    { 503, "Busy or stopping", "The server cannot take this right now. Try again in a moment." },
    { 507, "The disk is full",
      "Nothing new can be stored for now. Reading works, and nothing that was stored is lost." },
    { 500, "Something broke", "It is our fault and was noted. Try again in a moment." },
};

void pages_refuse(struct ctx *c, int status, struct http_res *r)
{
    size_t i = 0;
    while (i + 1 < sizeof says / sizeof says[0] && says[i].status != status)
        i++;
    struct hw w = hw_on(c->arena);
    hw_doctype(&w);
    hw_open(&w, "html");
    hw_attr(&w, "lang", STR("en"));
    hw_el(&w, "title", str_c(says[i].title));
    hw_open(&w, "body");
    hw_el(&w, "h1", str_c(says[i].title));
    hw_el(&w, "p", str_c(says[i].text));
    hw_close(&w, "body");
    hw_close(&w, "html");
    r->status = status;
    r->type = STR("text/html; charset=utf-8");
    r->body = hw_end(&w);
}

void pages_dispatch(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    (void)q;
    pages_refuse(c, 404, r);
}

bool pages_from_memory(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    (void)c;
    (void)q;
    (void)r;
    return false;
}

size_t pages_body_limit(enum http_method m, struct str path)
{
    (void)m;
    (void)path;
    return 0;
}
