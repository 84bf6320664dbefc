/* SPDX-License-Identifier: Apache-2.0 */
#include "pages/error.h"

#include "base/id.h"
#include "model/site.h"
#include "pages/layout.h"

/* What a status means to a person, and what to do. */
struct error_text {
    int status;
    const char *title;
    const char *happened;
    const char *advice;
};
/* clang-format off */
static const struct error_text texts[] = {
    { 400, "That could not be read", "Your browser sent something this server does not understand.", "Go back and try again." },
    { 401, "Please sign in", "This is for members who are signed in.", "Sign in and come back." },
    { 403, "Not allowed", "You may not do this.", "If you think you should, ask the people who run this server: their address is on the page about it." },
    { 404, "Not here", "There is nothing at this address. It may have been deleted, or it is not for you.", "Check the address, or search." },
    { 405, "Not like this", "This address does not take what was sent.", "Go back and try again." },
    { 408, "Too slow", "Your request took too long to arrive.", "Check your connection and try again." },
    { 409, "Somebody was faster", "This was changed or taken while you were at it.", "Go back, load the page again and look." },
    { 410, "Gone", "What was here was deleted, or the link was used already or is too old.", "If it came by e-mail, ask for a new one." },
    { 413, "Too large", "What you sent is larger than this server takes.", "Make it smaller, a picture for example, and try again." },
    { 414, "Address too long", "The address is longer than this server takes.", "If you followed a link, it may be broken." },
    { 422, "That does not fit", "What you sent is not allowed here.", "Go back and change it." },
    { 429, "Slow down", "That was a lot in a short time, from you or from others near you.", "Wait a little and try again." },
    { 431, "Headers too long", "Your browser sent more than this server takes.", "Delete the cookies of this server and try again." },
    { 503, "Busy or stopping", "The server cannot take this right now. Nothing that was stored is lost.", "Try again in a moment." },
    { 507, "The disk is full", "Nothing new can be stored for now. Reading works, and nothing that was stored is lost.", "Keep your text and try again later; the people who run this server see it, too." },
    { 500, "Something broke", "It is our fault, and it was noted.", "Try again in a moment. If it stays, tell the people who run this server the code below." },
};
/* clang-format on */

static const struct error_text *text_of(int status)
{
    size_t i = 0;
    while (i + 1 < sizeof texts / sizeof texts[0] && texts[i].status != status)
        i++;
    return &texts[i];
}

static void put_wait(struct visit *v)
{
    struct hw *w = &v->w;
    int64_t s = v->c->retry_after_s;
    if (s <= 0)
        return;
    http_res_header(v->r, STR("Retry-After"), id_text(v->c->arena, s));
    hw_open(w, "p");
    hw_text(w, STR("Try again in "));
    if (s < 120)
        hw_text(w, arena_strf(v->c->arena, "%lld seconds.", (long long)s));
    else
        hw_text(w, arena_strf(v->c->arena, "%lld minutes.", (long long)((s + 59) / 60)));
    hw_close(w, "p");
}

static void put_links(struct visit *v)
{
    struct hw *w = &v->w;
    hw_open_class(w, "p", STR("row"));
    layout_button(v, "btn", STR("/"), STR("To the first page"));
    layout_button(v, "btn", STR("/about"), STR("About this server"));
    hw_close(w, "p");
}

static void drop(struct visit *v)
{
    struct http_header_out *kept = NULL;
    for (struct http_header_out *h = v->r->headers; h != NULL;) {
        struct http_header_out *next = h->next;
        if (str_eq(h->name, STR("Set-Cookie"))) {
            h->next = kept;
            kept = h;
        }
        h = next;
    }
    v->w = hw_on(v->c->arena);
    v->r->headers = kept;
    v->r->body_owned = NULL;
    v->form_goes = (struct str){ 0 };
}

void error_page(struct visit *v, int status)
{
    const struct error_text *t = text_of(status);
    struct hw *w = &v->w;
    struct ctx *c = v->c;
    struct sheet s = { .title = str_c(t->title), .alone = true };
    drop(v);
    if (status == 503 && c->retry_after_s == 0)
        c->retry_after_s = 5;
    layout_begin(v, &s);
    hw_open_class(w, "div", STR("prose"));
    hw_open_class(w, "p", STR("lead"));
    hw_text(w, c->says.n > 0 && status != 500 && status != 404 ? c->says : str_c(t->happened));
    hw_close(w, "p");
    hw_el(w, "p", str_c(t->advice));
    put_wait(v);
    put_links(v);
    hw_open_class(w, "p", STR("faint small"));
    hw_text(w, STR("Error "));
    hw_i64(w, status);
    hw_text(w, STR(" · code "));
    hw_text(w, c->id);
    hw_close(w, "p");
    hw_close(w, "div");
    v->r->status = status;
    (void)layout_end(v, &s);
}
