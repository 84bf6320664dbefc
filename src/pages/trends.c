/* SPDX-License-Identifier: Apache-2.0 */
#include "core/trend.h"

#include "base/id.h"
#include "model/site.h"
#include "pages/article.h"
#include "pages/explore.h"
#include "pages/form.h"
#include "pages/layout.h"
#include "pages/members.h"
#include "pages/routes.h"

/* What is talked about, as moderators see it: hottest first, with what was said of it. */
#define ROWS_MAX 50

static struct str path_of(struct visit *v, enum trend_kind kind)
{
    return arena_strf(v->c->arena, "/moderation/trends?kind=" STR_FMT, STR_ARG(trend_kind_word(kind)));
}

static void put_kinds(struct visit *v, enum trend_kind at)
{
    static const char *const labels[TREND_KINDS] = { "Tags", "Links", "Parleys", "People" };
    hw_open_class(&v->w, "nav", STR("tabs"));
    hw_attr(&v->w, "aria-label", STR("Trends"));
    for (int k = 0; k < TREND_KINDS; k++)
        layout_tab(v, path_of(v, (enum trend_kind)k), labels[k], k == (int)at);
    hw_close(&v->w, "nav");
}

static const char *how_shown(const struct site *site)
{
    switch (site->trends) {
    case TRENDS_OPEN: return "All of it is shown to everybody, but what you reject.";
    case TRENDS_REVIEWED: return "Only what you approve is shown to everybody.";
    case TRENDS_OFF: break;
    }
    return "Nothing of it is shown: the owner of this server turned trends off.";
}

/* One form: the kind is part of the button, so that a parley and its author stand side by side. */
static void put_verdict(struct visit *v, enum trend_kind kind, int64_t id, struct str name, enum trend_verdict now,
                        const char *of)
{
    struct hw *w = &v->w;
    form_open(v, STR("/moderation/trends"), STR("row"));
    form_hidden(v, "back", visit_here(v));
    form_hidden(v, "kind", trend_kind_word(kind));
    if (name.p != NULL)
        form_hidden(v, "name", name);
    else
        form_hidden(v, "id", id_text(v->c->arena, id));
    hw_el_class(w, "span", STR("small muted"),
                arena_strf(v->c->arena, "%s " STR_FMT, of, STR_ARG(trend_verdict_word(now))));
    hw_text(w, STR(" "));
    if (now != TREND_APPROVED)
        form_button(v, STR("btn"), "do", STR("approve"), STR("Approve"));
    if (now != TREND_REJECTED)
        form_button(v, STR("btn d"), "do", STR("reject"), STR("Reject"));
    form_close(v);
}

static enum err put_parley(struct visit *v, const struct trend_case *t)
{
    struct view shown = { 0 };
    struct status *row = t->status;
    TRY(view_load(v->c, &row, 1, &shown));
    article_quote(v, &shown);
    put_verdict(v, TREND_STATUS, t->trend.id, (struct str){ 0 }, t->verdict, "This parley:");
    put_verdict(v, TREND_ACCOUNT, t->account->id, (struct str){ 0 }, t->author, "All by its author:");
    return OK;
}

static enum err put_case(struct visit *v, enum trend_kind kind, const struct trend_case *t)
{
    struct hw *w = &v->w;
    hw_open(w, "li");
    if (kind == TREND_STATUS) {
        TRY(put_parley(v, t));
    } else if (kind == TREND_ACCOUNT) {
        account_put_name(v, t->account);
        put_verdict(v, kind, t->account->id, (struct str){ 0 }, t->verdict, "This person:");
    } else {
        hw_open(w, "b");
        hw_attr(w, "dir", STR("auto"));
        hw_text(w, kind == TREND_TAG ? STR("#") : STR(""));
        hw_text(w, t->trend.name);
        hw_close(w, "b");
        hw_void(w, "br");
        explore_put_counts(v, t->trend.days);
        put_verdict(v, kind, 0, t->trend.name, t->verdict, kind == TREND_TAG ? "This tag:" : "This link:");
    }
    hw_close(w, "li");
    return OK;
}

enum err page_trends(struct visit *v)
{
    const struct sheet s = { .title = STR("Moderation"), .sub = STR("Trends"), .nav = "more" };
    enum trend_kind kind = TREND_TAG;
    struct trend_case *all = NULL;
    int64_t n = 0;
    (void)trend_kind_parse(visit_param(v, "kind"), &kind);
    TRY(trend_cases(v->c, kind, &all, &n));
    layout_begin(v, &s);
    moderation_tabs(v, "trends");
    put_kinds(v, kind);
    hw_el_class(&v->w, "p", STR("pad small muted"), str_c(how_shown(v->c->site)));
    hw_open_class(&v->w, "ul", STR("card-list"));
    for (int64_t i = 0; i < n && i < ROWS_MAX; i++)
        TRY(put_case(v, kind, &all[i]));
    hw_close(&v->w, "ul");
    if (n == 0)
        layout_empty(v, STR("Nothing yet"), STR("What several people take up on one day stands here."));
    return layout_end(v, &s);
}

enum err page_trends_send(struct visit *v)
{
    enum trend_kind kind = TREND_TAG;
    struct str word = visit_param(v, "do");
    int64_t id = 0;
    bool approves = str_eq(word, STR("approve"));
    bool by_id = false;
    if (!trend_kind_parse(visit_param(v, "kind"), &kind) || (!approves && !str_eq(word, STR("reject"))))
        return fail(v->c, ERR_INVALID, "There is no such button.");
    by_id = kind == TREND_STATUS || kind == TREND_ACCOUNT;
    if (by_id && !visit_id(v, "id", &id))
        return fail(v->c, ERR_NOT_FOUND, "Record not found");
    TRY(trend_judge(v->c, kind, id, visit_param(v, "name"), approves ? TREND_APPROVED : TREND_REJECTED));
    return visit_go_back(v, STR("/moderation/trends"));
}
