/* SPDX-License-Identifier: Apache-2.0 */
#include "pages/side.h"

#include "core/site.h"
#include "model/site.h"
#include "pages/layout.h"
#include "store/setting.h"

static void put_line(struct hw *w, const char *href, const char *label)
{
    hw_open(w, "p");
    hw_link(w, str_c(href), str_c(label));
    hw_close(w, "p");
}

static void put_welcome(struct visit *v)
{
    struct hw *w = &v->w;
    hw_open(w, "section");
    hw_el(w, "h2", STR("New here?"));
    hw_el(w, "p", STR("Members write, answer and follow each other. Reading needs no account."));
    hw_open_class(w, "p", STR("row"));
    layout_button(v, "btn p", STR("/sign-up"), STR("Sign up"));
    layout_button(v, "btn", STR("/sign-in"), STR("Sign in"));
    hw_close(w, "p");
    hw_close(w, "section");
}

static void put_lists(struct visit *v)
{
    struct hw *w = &v->w;
    hw_open(w, "section");
    hw_el(w, "h2", STR("Yours"));
    put_line(w, "/local", "What this server talks about");
    put_line(w, "/lists", "Lists");
    put_line(w, "/bookmarks", "Bookmarks");
    put_line(w, "/favourites", "Favourites");
    hw_close(w, "section");
}

static void put_server(struct visit *v)
{
    struct hw *w = &v->w;
    struct site_counts n = { 0 };
    site_figures(v->c->sites, &n);
    hw_open(w, "section");
    hw_el(w, "h2", STR("This server"));
    hw_open(w, "p");
    hw_text(w, v->c->site->domain);
    if (n.members > 0) {
        hw_text(w, STR(" · "));
        hw_i64(w, n.members);
        hw_text(w, n.members == 1 ? STR(" member") : STR(" members"));
    }
    hw_close(w, "p");
    if (v->c->site->description.n > 0)
        hw_el(w, "p", v->c->site->description);
    put_line(w, "/about", "About");
    put_line(w, "/rules", "Rules");
    put_line(w, "/privacy", "Privacy");
    hw_close(w, "section");
}

void side_put(struct visit *v)
{
    struct hw *w = &v->w;
    hw_open(w, "aside");
    hw_attr(w, "aria-label", STR("About this server"));
    if (v->c->me == NULL)
        put_welcome(v);
    else
        put_lists(v);
    put_server(v);
    hw_close(w, "aside");
}
