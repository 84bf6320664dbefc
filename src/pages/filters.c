/* SPDX-License-Identifier: Apache-2.0 */
#include "core/filter.h"

#include "base/id.h"
#include "pages/form.h"
#include "pages/layout.h"
#include "pages/routes.h"
#include "pages/settings.h"
#include "pages/when.h"

/* What a member does not want to read: each filter with its words, a form for another one, and a page to change one. */

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
                                       { { "2592000", 7 }, { "Thirty days", 11 } },
                                       { { "-1", 2 }, { "As it is", 8 } } };
#define SPANS (sizeof spans / sizeof spans[0])

static struct str path_of(struct visit *v, const struct filter *f)
{
    return arena_strf(v->c->arena, "/settings/filters/%lld", (long long)f->id);
}

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
    form_open(v, STR("/settings/filters/delete"), STR("row"));
    layout_button(v, "btn", path_of(v, f), STR("Change it"));
    form_button(v, STR("btn"), "id", id_text(v->c->arena, f->id), STR("Delete it"));
    form_close(v);
    hw_close(w, "li");
}

/* What the form shows first. */
struct filled {
    struct str title;
    struct str words;
    struct str action;
    struct str seconds;
    int contexts;
    bool whole;
};

static struct filled filled_by_hand(const struct visit *v)
{
    struct filled d = { .title = visit_param(v, "title"),
                        .words = visit_param(v, "words"),
                        .action = visit_param(v, "action"),
                        .seconds = visit_param(v, "seconds"),
                        .whole = visit_param(v, "whole").n > 0 };
    for (size_t i = 0; i < PLACES; i++)
        if (visit_param(v, places[i].name).n > 0)
            d.contexts |= (int)places[i].bit;
    return d;
}

/* Apps decide of each word; here all are whole only when all are. */
static bool all_whole(const struct filter *f, const struct filters *all)
{
    for (int64_t i = 0; i < all->keywords_n; i++)
        if (all->keywords[i].filter_id == f->id && !all->keywords[i].whole_word)
            return false;
    return true;
}

static struct filled filled_by(struct visit *v, const struct filter *f, const struct filters *all)
{
    struct buf words = buf_on(v->c->arena);
    for (int64_t i = 0; i < all->keywords_n; i++)
        if (all->keywords[i].filter_id == f->id)
            buf_printf(&words, STR_FMT "\n", STR_ARG(all->keywords[i].keyword));
    return (struct filled){ .title = f->title,
                            .words = buf_str(&words),
                            .action = actions[f->action].value,
                            .seconds = STR("-1"),
                            .contexts = (int)f->contexts,
                            .whole = all_whole(f, all) };
}

/* `f` NULL: a new one. */
static void put_form(struct visit *v, const struct filter *f, const struct filled *d)
{
    struct hw *w = &v->w;
    form_open(v, f == NULL ? STR("/settings/filters") : path_of(v, f), STR("sheet"));
    form_refused(v);
    hw_el(w, "h2", f == NULL ? STR("A new filter") : STR("Change a filter"));
    form_field(v, &(struct field){ .name = "title",
                                   .label = "Title",
                                   .hint = STR("Stands in place of what it covers."),
                                   .value = d->title,
                                   .max = FILTER_TITLE_MAX,
                                   .required = true,
                                   .user_text = true });
    form_field(v, &(struct field){ .name = "words",
                                   .label = "Words",
                                   .hint = STR("One a line, in any case."),
                                   .value = d->words,
                                   .rows = 3,
                                   .required = f == NULL, /* one of an app may be of parleys alone */
                                   .user_text = true });
    form_check(v, "whole", STR("Only as whole words"), d->whole, STR(""));
    form_choice(v, "action", "What happens", actions, sizeof actions / sizeof actions[0], d->action);
    hw_open(w, "fieldset");
    hw_el(w, "legend", STR("Where"));
    for (size_t i = 0; i < PLACES; i++)
        form_check(v, places[i].name, str_c(places[i].label), (d->contexts & (int)places[i].bit) != 0, STR(""));
    hw_close(w, "fieldset");
    form_choice(v, "seconds", "How long", spans, f == NULL ? SPANS - 1 : SPANS, d->seconds);
    form_submit(v, f == NULL ? STR("Make it") : STR("Save"));
    form_close(v);
}

static enum err show(struct visit *v)
{
    struct hw *w = &v->w;
    const struct sheet s = { .title = STR("Settings"), .sub = STR("Filters"), .nav = "more" };
    const struct filled fresh = {
        .action = STR("0"), .seconds = STR("0"), .contexts = FILTER_EVERYWHERE, .whole = true
    };
    const struct filled d = v->q->method == HTTP_POST ? filled_by_hand(v) : fresh;
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
    put_form(v, NULL, &d);
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
    *out = (struct filter_wish){ .title = visit_param(v, "title"), .contexts = filled_by_hand(v).contexts };
    if (!http_i64(v->q, "action", 0, FILTER_ACTIONS - 1, false, &action)
        || !http_i64(v->q, "seconds", -1, 2592000, false, &out->expires_s))
        return fail(v->c, ERR_INVALID, "That is not one of the choices.");
    out->action = (int)action;
    out->has_expiry = out->expires_s >= 0;
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

static enum err own_filter(struct visit *v, struct filters *all, const struct filter **out)
{
    int64_t id = 0;
    TRY(visit_arg_id(v, &id));
    TRY(filter_all(v->c, all));
    return filter_get(v->c, id, all, out);
}

static enum err show_one(struct visit *v, const struct filter *f, const struct filled *d)
{
    const struct sheet s = { .title = STR("Settings"), .sub = STR("Filters"), .nav = "more" };
    layout_begin(v, &s);
    settings_tabs(v, "filters");
    put_form(v, f, d);
    return layout_end(v, &s);
}

enum err page_filter(struct visit *v)
{
    const struct filter *f = NULL;
    struct filters all;
    TRY(own_filter(v, &all, &f));
    const struct filled d = filled_by(v, f, &all);
    return show_one(v, f, &d);
}

/* Words that stay keep their id, which apps know, and whether they are whole unless the box was changed. */
static void match_words(struct visit *v, const struct filter *f, const struct filters *all, struct filter_wish *w)
{
    struct keyword_wish *out =
        ARENA_ARRAY(v->c->arena, (size_t)(w->keywords_n + all->keywords_n) + 1, struct keyword_wish);
    bool box_stays = all_whole(f, all) == (visit_param(v, "whole").n > 0);
    int64_t n = w->keywords_n;
    memcpy(out, w->keywords, (size_t)n * sizeof *out);
    for (int64_t i = 0; i < all->keywords_n; i++) {
        const struct filter_keyword *was = &all->keywords[i];
        struct keyword_wish *now = NULL;
        if (was->filter_id != f->id)
            continue;
        for (int64_t k = 0; k < w->keywords_n && now == NULL; k++)
            if (out[k].id == 0 && str_eq(out[k].keyword, was->keyword))
                now = &out[k];
        if (now == NULL)
            out[n++] = (struct keyword_wish){ .id = was->id, .whole_word = -1, .drop = true };
        else
            *now = (struct keyword_wish){ .id = was->id, .whole_word = box_stays ? -1 : now->whole_word };
    }
    w->keywords = out;
    w->keywords_n = n;
}

enum err page_filter_send(struct visit *v)
{
    const struct filter *f = NULL;
    struct filters all;
    struct filter_wish wish;
    TRY(own_filter(v, &all, &f));
    enum err e = read_wish(v, &wish);
    if (e == OK) {
        match_words(v, f, &all, &wish);
        e = filter_update(v->c, f->id, &wish);
    }
    const struct filled d = filled_by_hand(v);
    if (form_takes(v, e))
        return show_one(v, f, &d);
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
