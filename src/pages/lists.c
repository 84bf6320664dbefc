/* SPDX-License-Identifier: Apache-2.0 */
#include "pages/lists.h"

#include "core/list.h"
#include "core/visible.h"
#include "model/account.h"
#include "pages/article.h"
#include "pages/form.h"
#include "pages/layout.h"
#include "pages/pager.h"
#include "pages/people.h"
#include "pages/routes.h"

/* The member's lists: all of them, who is on one, how it is, and (from a profile) which of them somebody is on. What a
   list holds is page_list in pages/timeline.c. */

static struct str list_path(struct visit *v, int64_t id, const char *tail)
{
    return arena_strf(v->c->arena, "/lists/%lld%s%s", (long long)id, *tail == '\0' ? "" : "/", tail);
}

void list_tabs(struct visit *v, int64_t id, const char *at)
{
    static const struct {
        const char *tail, *label;
    } tabs[] = { { "", "Parleys" }, { "people", "People" }, { "edit", "Change" } };
    struct hw *w = &v->w;
    hw_open_class(w, "nav", STR("tabs"));
    hw_attr(w, "aria-label", STR("This list"));
    for (size_t i = 0; i < sizeof tabs / sizeof tabs[0]; i++)
        layout_tab(v, list_path(v, id, tabs[i].tail), tabs[i].label, strcmp(at, tabs[i].tail) == 0);
    hw_close(w, "nav");
}

static void put_fields(struct visit *v, const struct list *l)
{
    static const struct choice replies[] = { { { "0", 1 }, { "Answers to people whom I follow", 31 } },
                                             { { "1", 1 }, { "Answers to people on the list", 29 } },
                                             { { "2", 1 }, { "No answers to others", 20 } } };
    bool sent = v->q->method == HTTP_POST;
    form_field(v, &(struct field){ .name = "title",
                                   .label = "Name",
                                   .value = sent ? visit_param(v, "title") : l->title,
                                   .max = LIST_TITLE_MAX,
                                   .required = true,
                                   .user_text = true });
    form_choice(v, "replies", "Which answers it shows", replies, sizeof replies / sizeof replies[0],
                sent ? visit_param(v, "replies") : replies[l->replies].value);
    form_check(v, "exclusive", STR("Only here, not on Home"), sent ? visit_param(v, "exclusive").n > 0 : l->exclusive,
               STR("What people on this list write leaves your home page."));
}

static enum err read_wish(struct visit *v, struct list_wish *out)
{
    int64_t replies = 0;
    if (!http_i64(v->q, "replies", 0, LIST_REPLIES_KINDS - 1, false, &replies))
        return fail(v->c, ERR_INVALID, "That is not one of the choices.");
    *out = (struct list_wish){ .title = visit_param(v, "title"),
                               .replies = (int)replies,
                               .exclusive = visit_param(v, "exclusive").n > 0 };
    return OK;
}

static enum err show_lists(struct visit *v)
{
    static const struct list fresh = { .replies = LIST_REPLIES_LIST };
    struct hw *w = &v->w;
    const struct sheet s = { .title = STR("Lists"), .sub = STR("Only you see them"), .nav = "more" };
    struct list *all = NULL;
    int64_t n = 0;
    struct str says = v->c->says;
    TRY(list_all(v->c, &all, &n));
    v->c->says = says;
    layout_begin(v, &s);
    hw_open_class(w, "ul", STR("menu-list"));
    for (int64_t i = 0; i < n; i++) {
        hw_open(w, "li");
        hw_open(w, "a");
        hw_attr(w, "href", list_path(v, all[i].id, ""));
        hw_attr(w, "dir", STR("auto"));
        hw_text(w, all[i].title);
        hw_close(w, "a");
        hw_close(w, "li");
    }
    hw_close(w, "ul");
    if (n == 0)
        layout_empty(v, STR("No lists yet"), STR("Read some of the people whom you follow apart from the others."));
    form_open(v, STR("/lists"), STR("sheet"));
    form_refused(v);
    hw_el(w, "h2", STR("A new list"));
    put_fields(v, &fresh);
    form_submit(v, STR("Make it"));
    form_close(v);
    return layout_end(v, &s);
}

enum err page_lists(struct visit *v)
{
    return show_lists(v);
}

enum err page_lists_send(struct visit *v)
{
    struct list_wish wish;
    struct list made;
    enum err e = read_wish(v, &wish);
    if (e == OK)
        e = list_create(v->c, &wish, &made);
    if (form_takes(v, e))
        return show_lists(v);
    TRY(e);
    return visit_go(v, list_path(v, made.id, "people"));
}

static enum err show_edit(struct visit *v)
{
    struct list *l = NULL;
    int64_t id = 0;
    struct str says = v->c->says;
    TRY(visit_arg_id(v, &id));
    TRY(list_get(v->c, id, &l));
    v->c->says = says;
    const struct sheet s = { .title = l->title, .sub = STR("List"), .nav = "more" };
    layout_begin(v, &s);
    list_tabs(v, id, "edit");
    form_open(v, list_path(v, id, "edit"), STR("sheet"));
    form_refused(v);
    put_fields(v, l);
    hw_open_class(&v->w, "div", STR("row"));
    form_submit(v, STR("Save"));
    form_button(v, STR("btn d"), "do", STR("delete"), STR("Delete the list"));
    hw_close(&v->w, "div");
    form_close(v);
    return layout_end(v, &s);
}

enum err page_list_edit(struct visit *v)
{
    return show_edit(v);
}

enum err page_list_edit_send(struct visit *v)
{
    struct list_wish wish;
    struct list *l = NULL;
    int64_t id = 0;
    TRY(visit_arg_id(v, &id));
    if (str_eq(visit_param(v, "do"), STR("delete"))) {
        TRY(list_delete(v->c, id));
        return visit_go(v, STR("/lists?said=deleted"));
    }
    enum err e = read_wish(v, &wish);
    if (e == OK)
        e = list_update(v->c, id, &wish, &l);
    if (form_takes(v, e))
        return show_edit(v);
    TRY(e);
    return visit_go(v, arena_strf(v->c->arena, "/lists/%lld?said=saved", (long long)id));
}

enum err page_list_people(struct visit *v)
{
    struct account_page found = { 0 };
    struct page p = pager_read(v);
    struct people people = { 0 };
    struct list *l = NULL;
    int64_t id = 0;
    TRY(visit_arg_id(v, &id));
    TRY(list_get(v->c, id, &l));
    TRY(list_members(v->c, id, &p, &found));
    TRY(people_load(v->c, found.ids, found.n, &people));
    people.list_id = id;
    const struct sheet s = { .title = l->title, .sub = STR("List"), .nav = "more" };
    layout_begin(v, &s);
    list_tabs(v, id, "people");
    people_put(v, &people, PEOPLE_LIST);
    if (found.n == 0)
        layout_empty(v, STR("Nobody yet"),
                     STR("Open the page of somebody whom you follow, and choose Lists in its menu."));
    pager_put(v, list_path(v, id, "people"), &p, found.n, found.first, found.last);
    return layout_end(v, &s);
}

enum err page_list_drop(struct visit *v)
{
    int64_t id = 0;
    int64_t who = 0;
    TRY(visit_arg_id(v, &id));
    if (!visit_id(v, "who", &who))
        return fail(v->c, ERR_INVALID, "There is no such button.");
    TRY(list_drop(v->c, id, &who, 1));
    return visit_go_back(v, list_path(v, id, "people"));
}

static bool holds(const struct list *some, int64_t n, int64_t id)
{
    for (int64_t i = 0; i < n; i++)
        if (some[i].id == id)
            return true;
    return false;
}

/* All lists of the member, and those of them on which somebody is. */
struct choosing {
    struct list *all;
    struct list *on;
    int64_t all_n;
    int64_t on_n;
};

static enum err load_choosing(struct visit *v, int64_t who, struct choosing *out)
{
    TRY(list_all(v->c, &out->all, &out->all_n));
    return list_of(v->c, who, &out->on, &out->on_n);
}

static struct str box_name(struct visit *v, int64_t list_id)
{
    return arena_strf(v->c->arena, "list%lld", (long long)list_id);
}

enum err page_person_lists(struct visit *v)
{
    struct account *a = NULL;
    struct choosing ch = { 0 };
    int64_t id = 0;
    TRY(visit_arg_id(v, &id));
    TRY(account_see(v->c, id, &a));
    TRY(load_choosing(v, id, &ch));
    const struct sheet s = { .title = arena_strf(v->c->arena, "Lists with @" STR_FMT, STR_ARG(a->username)),
                             .alone = true };
    layout_begin(v, &s);
    form_open(v, arena_strf(v->c->arena, "/people/%lld/lists", (long long)id), STR("sheet"));
    form_hidden(v, "back", account_path(v, a));
    for (int64_t i = 0; i < ch.all_n; i++)
        form_check(v, box_name(v, ch.all[i].id).p, ch.all[i].title, holds(ch.on, ch.on_n, ch.all[i].id), STR(""));
    if (ch.all_n == 0)
        hw_el(&v->w, "p", STR("You have no lists yet."));
    else
        form_submit(v, STR("Save"));
    layout_button(v, "btn", STR("/lists"), STR("Make a list"));
    form_close(v);
    return layout_end(v, &s);
}

enum err page_person_lists_send(struct visit *v)
{
    struct choosing ch = { 0 };
    int64_t who = 0;
    TRY(visit_arg_id(v, &who));
    TRY(load_choosing(v, who, &ch));
    for (int64_t i = 0; i < ch.all_n; i++) {
        bool is_on = holds(ch.on, ch.on_n, ch.all[i].id);
        bool shall = visit_param(v, box_name(v, ch.all[i].id).p).n > 0;
        if (shall && !is_on)
            TRY(list_add(v->c, ch.all[i].id, &who, 1));
        if (!shall && is_on)
            TRY(list_drop(v->c, ch.all[i].id, &who, 1));
    }
    return visit_go_back(v, STR("/lists"));
}
