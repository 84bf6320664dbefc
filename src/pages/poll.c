/* SPDX-License-Identifier: Apache-2.0 */
#include "pages/poll.h"

#include "base/clock.h"
#include "base/id.h"
#include "core/mention.h"
#include "core/poll.h"
#include "pages/emojis.h"
#include "pages/form.h"
#include "pages/layout.h"
#include "pages/routes.h"
#include "pages/when.h"

#define DEFAULT_S (24 * 3600)

static void put_foot(struct visit *v, const struct poll *p)
{
    struct hw *w = &v->w;
    hw_open_class(w, "p", STR("small muted"));
    hw_text(w, arena_strf(v->c->arena, "%lld %s · ", (long long)p->voters_count,
                          p->voters_count == 1 ? "person voted" : "people voted"));
    hw_text(w, poll_is_over(p, v->c->now_ms) ? STR("ended ") : STR("open until "));
    when_full(v, p->expires_ms);
    hw_close(w, "p");
}

static void put_form(struct visit *v, const struct poll *p, const struct str *titles, int64_t n)
{
    struct hw *w = &v->w;
    long long id = (long long)p->status_id;
    form_open(v, arena_strf(v->c->arena, "/parleys/%lld/vote", id), STR("poll"));
    form_hidden(v, "back", arena_strf(v->c->arena, STR_FMT "#p%lld", STR_ARG(visit_here(v)), id));
    hw_open(w, "fieldset");
    hw_el(w, "legend", p->multiple ? STR("Poll: choose one or more") : STR("Poll: choose one"));
    for (int64_t i = 0; i < n; i++) {
        hw_open_class(w, "label", STR("check"));
        hw_void(w, "input");
        hw_attr(w, "type", p->multiple ? STR("checkbox") : STR("radio"));
        hw_attr(w, "name", STR("choice"));
        hw_attr_i64(w, "value", i);
        hw_flag(w, "required", !p->multiple);
        hw_open(w, "span");
        hw_attr(w, "dir", STR("auto"));
        emojis_put_text(v, titles[i]);
        hw_close(w, "span");
        hw_close(w, "label");
    }
    form_button(v, STR("btn"), NULL, STR(""), STR("Vote"));
    hw_close(w, "fieldset");
    put_foot(v, p);
    form_close(v);
}

static void put_result(struct visit *v, const struct poll *p, const struct str *titles, int64_t n, uint32_t own)
{
    struct hw *w = &v->w;
    bool shown = poll_shows_totals(p, v->c->now_ms);
    int64_t all = p->voters_count > 0 ? p->voters_count : 1;
    hw_open_class(w, "div", STR("poll"));
    hw_open(w, "ul");
    for (int64_t i = 0; i < n; i++) {
        hw_open(w, "li");
        hw_open(w, "span");
        hw_attr(w, "dir", STR("auto"));
        emojis_put_text(v, titles[i]);
        hw_close(w, "span");
        if ((own & VOTE_BIT(i)) != 0) {
            hw_text(w, STR(" "));
            hw_el_class(w, "span", STR("badge"), STR("your vote"));
        }
        hw_text(w, STR(" "));
        if (shown) {
            hw_el(w, "b", arena_strf(v->c->arena, "%lld %%", (long long)((p->votes[i] * 100 + all / 2) / all)));
            hw_open(w, "meter");
            hw_attr_i64(w, "min", 0);
            hw_attr_i64(w, "max", all);
            hw_attr_i64(w, "value", p->votes[i]);
            hw_attr(w, "aria-label", titles[i]);
            hw_close(w, "meter");
        }
        hw_close(w, "li");
    }
    hw_close(w, "ul");
    if (!shown)
        hw_el_class(w, "p", STR("small muted"), STR("The result is shown when the poll has ended."));
    put_foot(v, p);
    hw_close(w, "div");
}

void poll_put(struct visit *v, const struct view *p, bool may_act)
{
    const struct account *me = v->c->me;
    const struct str *titles = NULL;
    if (p->poll == NULL)
        return;
    int64_t n = poll_titles(v->c->arena, p->poll, &titles);
    uint32_t own = poll_choices(p->poll, p->marks.vote);
    bool may_vote = may_act && me != NULL && me->active && me->id != p->author->id && own == 0
                    && !poll_is_over(p->poll, v->c->now_ms);
    if (may_vote)
        put_form(v, p->poll, titles, n);
    else
        put_result(v, p->poll, titles, n, own);
}

void poll_put_former(struct visit *v, struct str json)
{
    struct hw *w = &v->w;
    const struct str *titles = NULL;
    int64_t n = tag_list(v->c->arena, json, &titles);
    if (n == 0)
        return;
    hw_open(w, "ul");
    for (int64_t i = 0; i < n; i++) {
        hw_open(w, "li");
        hw_attr(w, "dir", STR("auto"));
        emojis_put_text(v, titles[i]);
        hw_close(w, "li");
    }
    hw_close(w, "ul");
}

enum err page_poll_vote(struct visit *v)
{
    struct poll *p = NULL;
    struct status *of = NULL;
    int64_t choices[POLL_OPTIONS_MAX];
    int64_t n = 0;
    int64_t id = 0;
    size_t asked_n = 0;
    const struct str *asked = http_list(v->q, "choice", &asked_n);
    if (!id_parse(v->q->args[0], &id))
        return fail(v->c, ERR_NOT_FOUND, "There is nothing at this address.");
    for (size_t i = 0; i < asked_n && n < POLL_OPTIONS_MAX; i++)
        if (str_to_i64(asked[i], &choices[n]))
            n++;
    if (n == 0)
        return fail(v->c, ERR_INVALID, "Choose an option, then vote.");
    TRY(poll_vote(v->c, id, choices, n, &p, &of));
    return visit_go_back(v, STR("/home"));
}

struct poll_fields poll_fields_of(struct visit *v, const struct poll *p)
{
    struct poll_fields f = { .expires_s = DEFAULT_S };
    const struct str *titles = NULL;
    if (p == NULL)
        return f;
    int64_t n = poll_titles(v->c->arena, p, &titles);
    for (int64_t i = 0; i < n; i++)
        f.options[i] = titles[i];
    f.expires_s = 0;
    f.multiple = p->multiple;
    f.hide_totals = p->hide_totals;
    f.is_edit = true;
    return f;
}

struct poll_fields poll_fields_sent(const struct visit *v)
{
    struct poll_fields f = {
        .multiple = visit_param(v, "poll_multiple").n > 0,
        .hide_totals = visit_param(v, "poll_hide").n > 0,
        .is_edit = visit_param(v, "poll_is").n > 0,
    };
    size_t n = 0;
    const struct str *options = http_list(v->q, "poll_option", &n);
    for (size_t i = 0; i < n && i < POLL_OPTIONS_MAX; i++)
        f.options[i] = str_trim(options[i]);
    (void)str_to_i64(visit_param(v, "poll_s"), &f.expires_s);
    return f;
}

struct poll_draft poll_fields_draft(struct visit *v, const struct poll_fields *f)
{
    struct str *options = ARENA_ARRAY(v->c->arena, POLL_OPTIONS_MAX, struct str);
    struct poll_draft d = { .given = true,
                            .options = options,
                            .expires_s = f->expires_s,
                            .multiple = f->multiple,
                            .hide_totals = f->hide_totals };
    for (int i = 0; i < POLL_OPTIONS_MAX; i++)
        if (f->options[i].n > 0)
            options[d.options_n++] = f->options[i];
    return d;
}

static void put_span(struct visit *v, const struct poll_fields *f)
{
    static const struct choice spans[] = {
        { { "0", 1 }, { "As it is", 8 } },       { { "300", 3 }, { "5 minutes", 9 } },
        { { "1800", 4 }, { "30 minutes", 10 } }, { { "3600", 4 }, { "1 hour", 6 } },
        { { "21600", 5 }, { "6 hours", 7 } },    { { "86400", 5 }, { "1 day", 5 } },
        { { "259200", 6 }, { "3 days", 6 } },    { { "604800", 6 }, { "7 days", 6 } },
        { { "1209600", 7 }, { "14 days", 7 } },  { { "2592000", 7 }, { "30 days", 7 } },
    };
    int from = f->is_edit ? 0 : 1;
    form_choice(v, "poll_s", "Open for", spans + from, sizeof spans / sizeof spans[0] - (size_t)from,
                id_text(v->c->arena, f->expires_s));
}

void poll_fields_put(struct visit *v, const struct poll_fields *f)
{
    struct hw *w = &v->w;
    hw_open_class(w, "details", STR("extra"));
    hw_flag(w, "open", f->options[0].n > 0);
    hw_el(w, "summary", STR("Poll"));
    if (f->is_edit)
        form_hidden(v, "poll_is", STR("1"));
    hw_el_class(w, "p", STR("hint"),
                f->is_edit ? STR("Other options begin the vote anew. Empty all of them to take the poll away.")
                           : STR("Two to eight options; what you leave empty is left out."));
    hw_open_class(w, "div", STR("options"));
    for (int i = 0; i < POLL_OPTIONS_MAX; i++) {
        hw_void(w, "input");
        hw_attr(w, "name", STR("poll_option"));
        hw_attr(w, "aria-label", arena_strf(v->c->arena, "Option %d", i + 1));
        hw_attr(w, "placeholder", arena_strf(v->c->arena, "Option %d", i + 1));
        hw_attr(w, "dir", STR("auto"));
        hw_attr(w, "autocomplete", STR("off"));
        if (f->options[i].n > 0)
            hw_attr(w, "value", f->options[i]);
    }
    hw_close(w, "div");
    put_span(v, f);
    form_check(v, "poll_multiple", STR("More than one may be chosen"), f->multiple, STR(""));
    form_check(v, "poll_hide", STR("Show the result only when it has ended"), f->hide_totals, STR(""));
    hw_close(w, "details");
}
