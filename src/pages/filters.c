/* SPDX-License-Identifier: Apache-2.0 */
#include "core/filter.h"

#include "base/id.h"
#include "pages/form.h"
#include "pages/layout.h"
#include "pages/routes.h"
#include "pages/settings.h"
#include "pages/when.h"

/* What a member does not want to read: each filter with its words, and a form for another one. */

static const struct {
    const char *name;
    const char *label;
    enum filter_context bit;
} places[] = { { "home", "Home and lists", FILTER_HOME },
               { "notifications", "Notices", FILTER_NOTIFICATIONS },
               { "public", "Local and tags", FILTER_PUBLIC },
               { "thread", "Conversations", FILTER_THREAD },
               { "account", "People's pages", FILTER_ACCOUNT } };
#define PLACES (sizeof places / sizeof places[0])

static const struct choice actions[] = { { { "0", 1 }, { "Show only the title until I ask", 31 } },
                                         { { "1", 1 }, { "Do not show it at all", 21 } },
                                         { { "2", 1 }, { "Cover the pictures", 18 } } };
static const struct choice spans[] = { { { "0", 1 }, { "For good", 8 } },
                                       { { "86400", 5 }, { "One day", 7 } },
                                       { { "604800", 6 }, { "One week", 8 } },
                                       { { "2592000", 7 }, { "Thirty days", 11 } } };

static void put_where(struct visit *v, const struct filter *f)
{
    struct hw *w = &v->w;
    bool first = true;
    hw_open_class(w, "p", STR("small muted"));
    hw_text(w, actions[f->action].label);
    hw_text(w, STR(" · "));
    for (size_t i = 0; i < PLACES; i++) {
        if ((f->contexts & places[i].bit) == 0)
            continue;
        hw_text(w, first ? STR("") : STR(", "));
        hw_text(w, str_c(places[i].label));
        first = false;
    }
    if (f->expires_ms != 0) {
        hw_text(w, f->expires_ms <= v->c->now_ms ? STR(" · ended on ") : STR(" · until "));
        hw_text(w, when_day(v->c->arena, f->expires_ms));
    }
    hw_close(w, "p");
}

static void put_filter(struct visit *v, const struct filter *f, const struct filters *all)
{
    struct hw *w = &v->w;
    int64_t parleys = 0;
    hw_open(w, "li");
    hw_open(w, "p");
    hw_open(w, "b");
    hw_attr(w, "dir", STR("auto"));
    hw_text(w, f->title);
    hw_close(w, "b");
    hw_close(w, "p");
    put_where(v, f);
    hw_open(w, "p");
    hw_attr(w, "dir", STR("auto"));
    for (int64_t i = 0; i < all->keywords_n; i++)
        if (all->keywords[i].filter_id == f->id) {
            hw_el(w, "code", all->keywords[i].keyword);
            hw_text(w, STR(" "));
        }
    for (int64_t i = 0; i < all->statuses_n; i++)
        parleys += all->statuses[i].filter_id == f->id;
    if (parleys > 0)
        hw_text(w,
                arena_strf(v->c->arena, "and %lld single %s", (long long)parleys, parleys == 1 ? "parley" : "parleys"));
    hw_close(w, "p");
    form_open(v, STR("/settings/filters/delete"), STR(""));
    form_button(v, STR("btn"), "id", id_text(v->c->arena, f->id), STR("Delete it"));
    form_close(v);
    hw_close(w, "li");
}

static void put_form(struct visit *v)
{
    struct hw *w = &v->w;
    bool sent = v->q->method == HTTP_POST;
    form_open(v, STR("/settings/filters"), STR("sheet"));
    form_refused(v);
    hw_el(w, "h2", STR("A new filter"));
    form_field(v, &(struct field){ .name = "title",
                                   .label = "Title",
                                   .hint = STR("Stands in place of what it covers."),
                                   .value = visit_param(v, "title"),
                                   .max = FILTER_TITLE_MAX,
                                   .required = true,
                                   .user_text = true });
    form_field(v, &(struct field){ .name = "words",
                                   .label = "Words",
                                   .hint = STR("One a line, in any case."),
                                   .value = visit_param(v, "words"),
                                   .rows = 3,
                                   .required = true,
                                   .user_text = true });
    form_check(v, "whole", STR("Only as whole words"), !sent || visit_param(v, "whole").n > 0, STR(""));
    form_choice(v, "action", "What happens", actions, sizeof actions / sizeof actions[0],
                sent ? visit_param(v, "action") : STR("0"));
    hw_open(w, "fieldset");
    hw_el(w, "legend", STR("Where"));
    for (size_t i = 0; i < PLACES; i++)
        form_check(v, places[i].name, str_c(places[i].label), !sent || visit_param(v, places[i].name).n > 0, STR(""));
    hw_close(w, "fieldset");
    form_choice(v, "seconds", "How long", spans, sizeof spans / sizeof spans[0],
                sent ? visit_param(v, "seconds") : STR("0"));
    form_submit(v, STR("Make it"));
    form_close(v);
}

static enum err show(struct visit *v)
{
    struct hw *w = &v->w;
    const struct sheet s = { .title = STR("Settings"), .sub = STR("Filters"), .nav = "more" };
    struct filters all;
    struct str says = v->c->says;
    TRY(filter_all(v->c, &all));
    v->c->says = says;
    layout_begin(v, &s);
    settings_tabs(v, "filters");
    if (all.filters_n > 0)
        hw_open_class(w, "ul", STR("card-list"));
    for (int64_t i = 0; i < all.filters_n; i++)
        put_filter(v, &all.filters[i], &all);
    if (all.filters_n > 0)
        hw_close(w, "ul");
    put_form(v);
    return layout_end(v, &s);
}

enum err page_filters(struct visit *v)
{
    return show(v);
}

static enum err read_wish(struct visit *v, struct filter_wish *out)
{
    struct str rest = visit_param(v, "words");
    struct str line;
    int64_t action = 0;
    *out = (struct filter_wish){ .title = visit_param(v, "title"), .has_expiry = true };
    if (!http_i64(v->q, "action", 0, FILTER_ACTIONS - 1, false, &action)
        || !http_i64(v->q, "seconds", 0, 2592000, false, &out->expires_s))
        return fail(v->c, ERR_INVALID, "That is not one of the choices.");
    out->action = (int)action;
    for (size_t i = 0; i < PLACES; i++)
        if (visit_param(v, places[i].name).n > 0)
            out->contexts |= (int)places[i].bit;
    out->keywords = ARENA_ARRAY(v->c->arena, FILTER_KEYWORDS_MAX + 1, struct keyword_wish);
    while (out->keywords_n <= FILTER_KEYWORDS_MAX && str_cut(&rest, '\n', &line))
        if (str_trim(line).n > 0)
            out->keywords[out->keywords_n++] =
                (struct keyword_wish){ .keyword = str_trim(line), .whole_word = visit_param(v, "whole").n > 0 };
    return OK;
}

enum err page_filters_send(struct visit *v)
{
    struct filter_wish wish;
    int64_t id = 0;
    enum err e = read_wish(v, &wish);
    if (e == OK)
        e = filter_create(v->c, &wish, &id);
    if (form_takes(v, e))
        return show(v);
    TRY(e);
    return visit_go(v, STR("/settings/filters?said=saved"));
}

enum err page_filter_delete(struct visit *v)
{
    int64_t id = 0;
    if (!visit_id(v, "id", &id))
        return fail(v->c, ERR_INVALID, "There is no such button.");
    TRY(filter_delete(v->c, id));
    return visit_go(v, STR("/settings/filters?said=deleted"));
}
