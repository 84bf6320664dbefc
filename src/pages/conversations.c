/* SPDX-License-Identifier: Apache-2.0 */
#include "core/conversation.h"
#include "core/render.h"
#include "core/site.h"
#include "core/status.h"
#include "model/account.h"
#include "pages/article.h"
#include "pages/compose.h"
#include "pages/form.h"
#include "pages/layout.h"
#include "pages/news.h"
#include "pages/pager.h"
#include "pages/routes.h"
#include "pages/when.h"
#include "store/account.h"

/* Messages: direct parleys by the people they are among, and one conversation, the oldest of a page first. */
#define ROWS      20
#define NAMES_MAX 3

bool talks_waiting(struct ctx *c)
{
    bool waits = false;
    if (conversation_waits(c, &waits) != OK)
        c->says = (struct str){ 0 };
    return waits;
}

static struct str talk_path(struct visit *v, const struct talk *t)
{
    return arena_strf(v->c->arena, "/conversations/%lld", (long long)t->row.id);
}

/* "Ada, Ben, Cleo and 2 more" */
static struct str names_of(struct visit *v, struct account *const *people, int64_t n)
{
    struct buf b = buf_on(v->c->arena);
    for (int64_t i = 0; i < n && i < NAMES_MAX; i++) {
        struct str name = people[i] == NULL ? STR("somebody who left") : account_name(people[i]);
        buf_put(&b, i == 0 ? STR("") : i + 1 == n ? STR(" and ") : STR(", "));
        buf_put(&b, name);
    }
    if (n > NAMES_MAX)
        buf_printf(&b, " and %lld more", (long long)(n - NAMES_MAX));
    return buf_str(&b);
}

static void put_last(struct visit *v, const struct talk *t)
{
    struct hw *w = &v->w;
    hw_open_class(w, "div", STR("quote c"));
    hw_attr(w, "dir", STR("auto"));
    if (t->last->account_id == v->c->me->id)
        hw_el(w, "b", STR("You: "));
    if (t->last->spoiler.n > 0)
        hw_text(w, t->last->spoiler);
    else
        hw_raw(w, render_status_html(v->c, t->last->text, t->last->mentions));
    hw_close(w, "div");
}

static void put_talk(struct visit *v, const struct talk *t, struct account *const *people)
{
    struct hw *w = &v->w;
    struct str path = talk_path(v, t);
    hw_open_class(w, "section", t->row.unread ? STR("notice new") : STR("notice"));
    hw_open(w, "p");
    for (int64_t i = 0; i < t->people_n && i < NAMES_MAX; i++)
        if (people[i] != NULL)
            account_put_avatar(v, people[i], "av s");
    hw_open(w, "span");
    hw_open(w, "a");
    hw_attr(w, "href", path);
    hw_attr(w, "dir", STR("auto"));
    hw_text(w, names_of(v, people, t->people_n));
    hw_close(w, "a");
    hw_text(w, STR(" · "));
    when_short(v, t->last->created_ms);
    if (t->row.unread)
        hw_el_class(w, "b", STR("vh"), STR(" new"));
    hw_close(w, "span");
    hw_close(w, "p");
    put_last(v, t);
    form_open(v, arena_strf(v->c->arena, STR_FMT "/delete", STR_ARG(path)), STR("row"));
    layout_button(v, t->row.unread ? "btn p" : "btn", path, STR("Open"));
    form_button(v, STR("btn d"), NULL, STR(""), STR("Delete"));
    form_close(v);
    hw_close(w, "section");
}

static enum err load_people(struct visit *v, const struct talk_page *found, struct account ***out)
{
    int64_t n = 0;
    int64_t at = 0;
    for (int64_t i = 0; i < found->n; i++)
        n += found->rows[i].people_n;
    int64_t *ids = ARENA_ARRAY(v->c->arena, (size_t)n + 1, int64_t);
    *out = ARENA_ARRAY(v->c->arena, (size_t)n + 1, struct account *);
    for (int64_t i = 0; i < found->n; i++)
        for (int64_t k = 0; k < found->rows[i].people_n; k++)
            ids[at++] = found->rows[i].people[k];
    return n == 0 ? OK : store_account_load(v->c, ids, n, *out);
}

enum err page_conversations(struct visit *v)
{
    const struct sheet s = { .title = STR("Messages"), .sub = STR("Direct parleys"), .nav = "messages" };
    struct talk_page found = { 0 };
    struct page p = pager_read(v);
    struct account **people = NULL;
    int64_t at = 0;
    p.limit = ROWS;
    TRY(conversation_list(v->c, &p, &found));
    TRY(load_people(v, &found, &people));
    layout_begin(v, &s);
    hw_open_class(&v->w, "div", STR("pad row"));
    layout_button(v, "btn", STR("/write?visibility=direct"), STR("Write to somebody"));
    hw_close(&v->w, "div");
    for (int64_t i = 0; i < found.n; i++) {
        put_talk(v, &found.rows[i], &people[at]);
        at += found.rows[i].people_n;
    }
    if (found.n == 0)
        layout_empty(v, STR("No messages"),
                     STR("What you write only to the people whom it mentions stands here, and what they answer."));
    pager_put(v, STR("/conversations"), &p, found.n, found.first, found.last);
    return layout_end(v, &s);
}

/* Whoever looks at the newest page has read it. Not worth a failure: a read-only server shows the page as well. */
static void mark_read(struct visit *v, const struct talk *t, const struct page *p)
{
    struct talk now = { 0 };
    if (!t->row.unread || p->max_id != 0 || p->min_id != 0)
        return;
    if (site_allows_write(v->c) == OK && conversation_read(v->c, t->row.id, &now) == OK)
        v->has_talks = talks_waiting(v->c);
    v->c->says = (struct str){ 0 };
}

static enum err load_rows(struct visit *v, const struct status_page *found, struct view *out)
{
    struct status **rows = ARENA_ARRAY(v->c->arena, (size_t)found->n + 1, struct status *);
    for (int64_t i = 0; i < found->n; i++)
        rows[i] = found->rows[found->n - 1 - i];
    TRY(view_load(v->c, rows, found->n, out));
    return view_filter(v->c, FILTER_THREAD, out, found->n);
}

static void put_answer(struct visit *v, const struct talk *t, const struct view *last)
{
    if (last->status == NULL)
        return;
    if (reply_check(v->c, last->status) == OK)
        compose_answer(v, last, talk_path(v, t));
    else
        layout_note(v, "info", v->c->says);
    v->c->says = (struct str){ 0 };
}

enum err page_conversation(struct visit *v)
{
    const struct talk_page one = { .rows = ARENA_NEW(v->c->arena, struct talk), .n = 1 };
    struct status_page found = { 0 };
    struct page p = pager_read(v);
    struct account **people = NULL;
    struct view last = { 0 };
    struct talk *t = one.rows;
    int64_t id = 0;
    p.limit = ROWS;
    TRY(visit_arg_id(v, &id));
    TRY(conversation_get(v->c, id, t));
    TRY(load_people(v, &one, &people));
    TRY(conversation_statuses(v->c, id, &p, &found));
    struct view *rows = ARENA_ARRAY(v->c->arena, (size_t)found.n + 1, struct view);
    TRY(load_rows(v, &found, rows));
    TRY(view_load(v->c, &t->last, 1, &last));
    mark_read(v, t, &p);
    const struct sheet s = { .title = names_of(v, people, t->people_n), .sub = STR("Messages"), .nav = "messages" };
    layout_begin(v, &s);
    pager_put(v, talk_path(v, t), &p, found.n, found.first, found.last);
    article_list(v, rows, found.n);
    if (p.max_id == 0)
        put_answer(v, t, &last);
    return layout_end(v, &s);
}

enum err page_conversation_delete(struct visit *v)
{
    int64_t id = 0;
    TRY(visit_arg_id(v, &id));
    TRY(conversation_remove(v->c, id));
    return visit_go(v, STR("/conversations?said=deleted"));
}
