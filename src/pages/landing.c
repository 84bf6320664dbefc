/* SPDX-License-Identifier: Apache-2.0 */
#include "model/site.h"
#include "pages/layout.h"
#include "pages/routes.h"

static void put_button(struct hw *w, const char *class_name, const char *href, const char *label)
{
    hw_open_class(w, "a", str_c(class_name));
    hw_attr(w, "href", str_c(href));
    hw_text(w, str_c(label));
    hw_close(w, "a");
}

static void put_hero(struct visit *v)
{
    struct hw *w = &v->w;
    const struct site *site = v->c->site;
    hw_open_class(w, "div", STR("hero"));
    hw_el_class(w, "p", STR("big"), site->description.n > 0 ? site->description : STR("A place to talk."));
    hw_el(w, "p",
          STR("Members write short parleys, answer each other and follow whom they like. Timelines are in the order of "
              "time, nobody sells your attention, and the apps you may know from Mastodon work here."));
    hw_open_class(w, "p", STR("row"));
    put_button(w, "btn p", "/sign-up", site->sign_up == SIGN_UP_APPROVAL ? "Ask to join" : "Sign up");
    put_button(w, "btn", "/sign-in", "Sign in");
    put_button(w, "btn", "/about", "About this server");
    hw_close(w, "p");
    hw_close(w, "div");
}

enum err page_landing(struct visit *v)
{
    const struct site *site = v->c->site;
    if (v->c->me != NULL)
        return visit_go(v, STR("/home"));
    const struct sheet s = {
        .title = site->title, .sub = site->domain, .index = true, .path = STR("/"), .description = site->description
    };
    layout_begin(v, &s);
    put_hero(v);
    return layout_end(v, &s);
}
