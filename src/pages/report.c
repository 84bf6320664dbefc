/* SPDX-License-Identifier: Apache-2.0 */
#include "core/report.h"

#include "base/id.h"
#include "core/mention.h"
#include "core/visible.h"
#include "model/account.h"
#include "model/site.h"
#include "pages/article.h"
#include "pages/form.h"
#include "pages/layout.h"
#include "pages/members.h"
#include "pages/pager.h"
#include "pages/people.h"
#include "pages/routes.h"
#include "pages/standing.h"
#include "pages/when.h"
#include "store/account.h"
#include "store/status.h"

/* Reporting, and what moderators do with reports. */

static const struct choice categories[] = {
    { { "other", 5 }, { "Something else", 14 } },
    { { "spam", 4 }, { "Spam or a fraud", 15 } },
    { { "legal", 5 }, { "Against the law", 15 } },
    { { "violation", 9 }, { "Against a rule of this server", 29 } },
};

static enum err show_form(struct visit *v, const struct account *a, const struct view *about)
{
    struct hw *w = &v->w;
    const struct site *site = v->c->site;
    const struct sheet s = { .title = arena_strf(v->c->arena, "Report @" STR_FMT, STR_ARG(a->username)),
                             .alone = true };
    layout_begin(v, &s);
    if (about->status != NULL)
        article_quote(v, about);
    form_open(v, STR("/report"), STR("sheet"));
    form_refused(v);
    hw_el(w, "p", STR("The moderators read it. Whom you report does not learn that it was you."));
    form_hidden(v, "account", id_text(v->c->arena, a->id));
    if (about->status != NULL)
        form_hidden(v, "status", id_text(v->c->arena, about->status->id));
    form_choice(v, "category", "What is it?", categories, sizeof categories / sizeof categories[0],
                visit_param(v, "category"));
    if (site->rules_n > 0) {
        hw_open(w, "fieldset");
        hw_el(w, "legend", STR("Which rules?"));
        for (int64_t i = 0; i < site->rules_n; i++)
            form_check(v, arena_cstr(v->c->arena, arena_strf(v->c->arena, "rule_%lld", (long long)site->rules[i].id)),
                       site->rules[i].text, false, STR(""));
        hw_close(w, "fieldset");
    }
    form_field(v, &(struct field){ .name = "comment",
                                   .label = "What should they know?",
                                   .rows = 4,
                                   .user_text = true,
                                   .value = visit_param(v, "comment"),
                                   .max = REPORT_COMMENT_MAX });
    form_submit(v, STR("Report"));
    form_close(v);
    return layout_end(v, &s);
}

static enum err find_subject(struct visit *v, struct account **a, struct view *about)
{
    int64_t id = 0;
    struct status *st = NULL;
    if (!visit_id(v, "account", &id))
        id = 0; /* there is none with it */
    TRY(account_see(v->c, id, a));
    *about = (struct view){ 0 };
    if (!visit_id(v, "status", &id))
        return OK;
    TRY(status_see(v->c, id, &st, NULL));
    return view_load(v->c, &st, 1, about);
}

enum err page_report(struct visit *v)
{
    struct account *a = NULL;
    struct view about = { 0 };
    TRY(find_subject(v, &a, &about));
    return show_form(v, a, &about);
}

enum err page_report_send(struct visit *v)
{
    const struct site *site = v->c->site;
    struct account *a = NULL;
    struct view about = { 0 };
    struct report *made = NULL;
    int64_t rules[REPORT_RULES_MAX];
    struct report_draft d = { .category = visit_param(v, "category"),
                              .comment = visit_param(v, "comment"),
                              .rule_ids = rules };
    TRY(find_subject(v, &a, &about));
    for (int64_t i = 0; i < site->rules_n && d.rule_ids_n < REPORT_RULES_MAX; i++)
        if (visit_param(v, arena_cstr(v->c->arena, arena_strf(v->c->arena, "rule_%lld", (long long)site->rules[i].id)))
                .n
            > 0)
            rules[d.rule_ids_n++] = site->rules[i].id;
    d.target_id = a->id;
    int64_t status_id = about.status == NULL ? 0 : about.status->id;
    d.status_ids = &status_id;
    d.status_ids_n = about.status == NULL ? 0 : 1;
    enum err e = report_file(v->c, &d, &made);
    if (form_takes(v, e))
        return show_form(v, a, &about);
    TRY(e);
    return visit_go(v, STR("/home?said=reported"));
}

/* --- moderators --- */

static void put_handle(struct hw *w, const struct account *a)
{
    hw_text(w, a == NULL ? STR("somebody who left") : STR("@"));
    if (a != NULL)
        hw_text(w, a->username);
}

static void put_report_row(struct visit *v, const struct report *r, const struct account *by,
                           const struct account *target)
{
    struct hw *w = &v->w;
    hw_open(w, "li");
    hw_open(w, "a");
    hw_attr(w, "href", arena_strf(v->c->arena, "/moderation/reports/%lld", (long long)r->id));
    put_handle(w, target);
    hw_close(w, "a");
    hw_text(w, STR(" · "));
    hw_text(w, report_category_word(r->category));
    hw_text(w, STR(" · "));
    when_short(v, r->created_ms);
    hw_open_class(w, "p", STR("small muted"));
    hw_text(w, STR("by "));
    put_handle(w, by);
    hw_text(w, r->comment.n > 0 ? STR(": ") : STR(""));
    hw_text(w, r->comment);
    hw_close(w, "p");
    hw_close(w, "li");
}

enum err page_reports(struct visit *v)
{
    bool closed = visit_param(v, "closed").n > 0;
    const struct sheet s = { .title = STR("Reports"), .nav = "more" };
    struct page p = pager_read(v);
    struct report **all = NULL;
    int64_t n = 0;
    TRY(report_list(v->c, closed, &p, &all, &n));
    int64_t *ids = ARENA_ARRAY(v->c->arena, (size_t)n * 2 + 1, int64_t);
    struct account **people = ARENA_ARRAY(v->c->arena, (size_t)n * 2 + 1, struct account *);
    for (int64_t i = 0; i < n; i++) {
        ids[i * 2] = all[i]->account_id;
        ids[i * 2 + 1] = all[i]->target_id;
    }
    if (n > 0)
        TRY(store_account_load(v->c, ids, n * 2, people));
    layout_begin(v, &s);
    moderation_tabs(v, closed ? "closed" : "open");
    hw_open_class(&v->w, "ul", STR("card-list"));
    for (int64_t i = 0; i < n; i++)
        put_report_row(v, all[i], people[i * 2], people[i * 2 + 1]);
    hw_close(&v->w, "ul");
    if (n == 0)
        layout_empty(v, STR("All clear"), STR("Nothing waits here."));
    pager_put(v, closed ? STR("/moderation/reports?closed=1") : STR("/moderation/reports"), &p, n,
              n > 0 ? all[0]->id : 0, n > 0 ? all[n - 1]->id : 0);
    return layout_end(v, &s);
}

/* Moderators judge what was said in public or to somebody who reported it: what the report names, they read. */
static enum err load_named(struct ctx *c, const struct report *r, struct view **out, int64_t *n)
{
    const struct str *names = NULL;
    int64_t m = tag_list(c->arena, r->status_ids, &names);
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)m + 1, int64_t);
    struct status **rows = ARENA_ARRAY(c->arena, (size_t)m + 1, struct status *);
    *n = 0;
    for (int64_t i = 0; i < m; i++)
        if (id_parse(names[i], &ids[*n]))
            (*n)++;
    if (*n > 0)
        TRY(store_status_load(c, ids, *n, rows));
    *out = ARENA_ARRAY(c->arena, (size_t)m + 1, struct view);
    return view_load(c, rows, *n, *out);
}

static void put_rules(struct visit *v, const struct report *r)
{
    const struct site *site = v->c->site;
    const struct str *ids = NULL;
    int64_t n = tag_list(v->c->arena, r->rule_ids, &ids);
    for (int64_t i = 0; i < n; i++)
        for (int64_t k = 0; k < site->rules_n; k++)
            if (str_eq(ids[i], id_text(v->c->arena, site->rules[k].id)))
                hw_el(&v->w, "p", site->rules[k].text);
}

static void put_close(struct visit *v, const struct report *r)
{
    struct hw *w = &v->w;
    if (r->closed_ms != 0) {
        hw_open_class(w, "div", STR("prose"));
        hw_open(w, "p");
        hw_text(w, STR("Closed "));
        when_full(v, r->closed_ms);
        hw_text(w, STR(": "));
        hw_text(w, r->outcome);
        hw_close(w, "p");
        hw_close(w, "div");
        return;
    }
    form_open(v, arena_strf(v->c->arena, "/moderation/reports/%lld/close", (long long)r->id), STR("sheet"));
    form_refused(v);
    form_field(v, &(struct field){ .name = "outcome",
                                   .label = "What was decided, and why",
                                   .rows = 3,
                                   .required = true,
                                   .user_text = true,
                                   .value = visit_param(v, "outcome") });
    form_submit(v, STR("Close the report"));
    form_close(v);
}

static enum err show_report(struct visit *v, int64_t id)
{
    struct hw *w = &v->w;
    struct report *r = NULL;
    struct account *target = NULL;
    struct view *named = NULL;
    struct people who = { 0 };
    int64_t n = 0;
    struct str says = v->c->says;
    const struct sheet s = { .title = STR("Report"), .nav = "more" };
    TRY(report_get(v->c, id, &r));
    TRY(load_named(v->c, r, &named, &n));
    TRY(store_account_find(v->c, r->target_id, &target));
    TRY(people_load(v->c, &r->account_id, 1, &who));
    v->c->says = says;
    layout_begin(v, &s);
    hw_open_class(w, "div", STR("prose"));
    hw_open(w, "p");
    put_handle(w, who.who[0]);
    hw_text(w, STR(" reports "));
    put_handle(w, target);
    hw_text(w, STR(": "));
    hw_text(w, report_category_word(r->category));
    hw_text(w, STR(" · "));
    when_full(v, r->created_ms);
    hw_close(w, "p");
    put_rules(v, r);
    if (r->comment.n > 0)
        hw_el(w, "blockquote", r->comment);
    hw_close(w, "div");
    for (int64_t i = 0; i < n; i++) {
        article_quote(v, &named[i]);
        if (named[i].status != NULL)
            TRY(standing_box(v, named[i].author, named[i].status, true));
    }
    if (target != NULL) {
        hw_open_class(w, "div", STR("person"));
        account_put_avatar(v, target, "av");
        account_put_name(v, target);
        hw_close(w, "div");
        TRY(standing_box(v, target, NULL, true));
    }
    put_close(v, r);
    return layout_end(v, &s);
}

static enum err id_of(struct visit *v, int64_t *id)
{
    return id_parse(v->q->args[0], id) ? OK : fail(v->c, ERR_NOT_FOUND, "Record not found");
}

enum err page_report_read(struct visit *v)
{
    int64_t id = 0;
    TRY(id_of(v, &id));
    return show_report(v, id);
}

enum err page_report_close(struct visit *v)
{
    int64_t id = 0;
    TRY(id_of(v, &id));
    enum err e = report_close(v->c, id, visit_param(v, "outcome"));
    if (form_takes(v, e))
        return show_report(v, id);
    TRY(e);
    return visit_go(v, STR("/moderation/reports?said=closed"));
}
