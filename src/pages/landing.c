/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/feed.h"
#include "model/site.h"
#include "pages/article.h"
#include "pages/layout.h"
#include "pages/routes.h"

#define LATEST 5 /* parleys on the first page */

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
    layout_button(v, "btn p", STR("/sign-up"), site->sign_up == SIGN_UP_APPROVAL ? STR("Ask to join") : STR("Sign up"));
    layout_button(v, "btn", STR("/sign-in"), STR("Sign in"));
    layout_button(v, "btn", STR("/about"), STR("About this server"));
    hw_close(w, "p");
    hw_close(w, "div");
}

/* Shown when there are some: an empty list would say that nobody is here. */
static void put_latest(struct visit *v, const struct view *rows, int64_t n)
{
    struct hw *w = &v->w;
    if (n == 0)
        return;
    hw_open_class(w, "h2", STR("pad"));
    hw_text(w, STR("Lately, in public"));
    hw_close(w, "h2");
    article_list(v, rows, n);
    hw_open_class(w, "p", STR("pad"));
    hw_link(w, STR("/local"), STR("Read on"));
    hw_close(w, "p");
}

enum err page_landing(struct visit *v)
{
    const struct site *site = v->c->site;
    if (v->c->me != NULL)
        return visit_go(v, STR("/home"));
    const struct sheet s = {
        .title = site->title, .sub = site->domain, .index = true, .path = STR("/"), .description = site->description
    };
    const struct page p = { .limit = LATEST };
    int64_t *ids = NULL;
    int64_t n = 0;
    TRY(feed_local(v->c, 0, &p, false, &ids, &n));
    struct view *rows = ARENA_ARRAY(v->c->arena, (size_t)n + 1, struct view);
    TRY(view_load_ids(v->c, ids, n, rows));
    visit_shows_list(v);
    layout_begin(v, &s);
    put_hero(v);
    put_latest(v, rows, n);
    return layout_end(v, &s);
}
