/* SPDX-License-Identifier: Apache-2.0 */
#include "core/terms.h"

#include "base/clock.h"
#include "core/render.h"
#include "core/site.h"
#include "model/site.h"
#include "pages/community.h"
#include "pages/form.h"
#include "pages/layout.h"
#include "pages/routes.h"
#include "pages/when.h"

/* The terms of service: for everybody to read, for the owner to write. */
#define OWNERS "/community/terms"

static void put_since(struct visit *v, const struct terms_version *t)
{
    struct hw *w = &v->w;
    hw_open_class(w, "p", STR("small muted"));
    hw_text(w, t->effective                           ? STR("In force since ")
               : t->terms.effective_ms > v->c->now_ms ? STR("In force from ")
                                                      : STR("Was in force since "));
    hw_text(w, when_day(v->c->arena, t->terms.effective_ms));
    if (t->succeeded_ms != 0) {
        hw_text(w, STR(" · followed by "));
        hw_link(w, arena_strf(v->c->arena, "/terms/" STR_FMT, STR_ARG(clock_date(v->c->arena, t->succeeded_ms))),
                STR("a newer version"));
    }
    hw_close(w, "p");
}

static enum err show(struct visit *v, const struct terms_version *t)
{
    struct hw *w = &v->w;
    const struct sheet s = {
        .title = STR("Terms of service"), .sub = v->c->site->domain, .index = t->effective, .path = STR("/terms")
    };
    layout_begin(v, &s);
    hw_open_class(w, "div", STR("prose"));
    put_since(v, t);
    hw_raw(w, render_profile_html(v->c, t->terms.text, STR("[]"), false));
    hw_close(w, "div");
    return layout_end(v, &s);
}

enum err page_terms(struct visit *v)
{
    struct terms_version t = { 0 };
    TRY(terms_current(v->c, &t));
    return show(v, &t);
}

enum err page_terms_of(struct visit *v)
{
    struct terms_version t = { 0 };
    TRY(terms_of(v->c, v->q->args[0], &t));
    return show(v, &t);
}

/* --- the owner's --- */

static void put_version(struct visit *v, const struct terms_version *t)
{
    struct hw *w = &v->w;
    struct str day = clock_date(v->c->arena, t->terms.effective_ms);
    hw_open(w, "li");
    hw_link(w, arena_strf(v->c->arena, "/terms/" STR_FMT, STR_ARG(day)), day);
    put_since(v, t);
    if (t->terms.effective_ms > v->c->now_ms) {
        form_open(v, STR(OWNERS "/remove"), STR("row"));
        form_button(v, STR("btn d"), "date", day, STR("Remove"));
        form_close(v);
    }
    hw_close(w, "li");
}

static enum err show_own(struct visit *v)
{
    const struct sheet s = { .title = STR("This community"), .sub = STR("Terms of service"), .nav = "more" };
    struct terms_version *all = NULL;
    struct str says = v->c->says;
    int64_t n = 0;
    bool sent = v->q->method == HTTP_POST;
    TRY(terms_list(v->c, &all, &n));
    v->c->says = says;
    layout_begin(v, &s);
    community_tabs(v, OWNERS);
    form_open(v, STR(OWNERS), STR("sheet"));
    form_refused(v);
    form_field(
        v, &(struct field){ .name = "text",
                            .label = "The terms on which people use this server",
                            .hint = STR("A new version stands beside the former ones; none that was in force changes."),
                            .rows = 14,
                            .user_text = true,
                            .required = true,
                            .value = sent    ? visit_param(v, "text")
                                     : n > 0 ? all[0].terms.text
                                             : STR("") });
    form_field(v, &(struct field){ .name = "effective",
                                   .label = "In force from",
                                   .type = "date",
                                   .hint = STR("Today, when nothing is said."),
                                   .value = sent ? visit_param(v, "effective") : STR("") });
    form_submit(v, STR("Publish them"));
    form_close(v);
    hw_open_class(&v->w, "ul", STR("card-list"));
    for (int64_t i = 0; i < n; i++)
        put_version(v, &all[i]);
    hw_close(&v->w, "ul");
    return layout_end(v, &s);
}

enum err page_community_terms(struct visit *v)
{
    return show_own(v);
}

enum err page_community_terms_send(struct visit *v)
{
    enum err e = site_allows_write(v->c);
    if (e == OK)
        e = terms_write(v->c, str_trim(visit_param(v, "text")), str_trim(visit_param(v, "effective")));
    if (form_takes(v, e))
        return show_own(v);
    TRY(e);
    return visit_go(v, STR(OWNERS "?said=saved"));
}

enum err page_community_terms_remove(struct visit *v)
{
    TRY(site_allows_write(v->c));
    TRY(terms_remove(v->c, visit_param(v, "date")));
    return visit_go(v, STR(OWNERS "?said=done"));
}
