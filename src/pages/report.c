/* SPDX-License-Identifier: Apache-2.0 */
#include "core/report.h"

#include "base/id.h"
#include "core/mention.h"
#include "core/signup.h"
#include "core/standing.h"
#include "core/visible.h"
#include "model/account.h"
#include "model/site.h"
#include "pages/article.h"
#include "pages/form.h"
#include "pages/layout.h"
#include "pages/pager.h"
#include "pages/people.h"
#include "pages/routes.h"
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

static void put_tabs(struct visit *v, const char *at)
{
    static const struct {
        const char *key, *href, *label;
    } tabs[] = { { "open", "/moderation/reports", "Open" },
                 { "closed", "/moderation/reports?closed=1", "Closed" },
                 { "requests", "/moderation/requests", "Who asks to join" } };
    struct hw *w = &v->w;
    hw_open_class(w, "nav", STR("tabs"));
    hw_attr(w, "aria-label", STR("Moderation"));
    for (size_t i = 0; i < sizeof tabs / sizeof tabs[0]; i++)
        layout_tab(v, str_c(tabs[i].href), tabs[i].label, strcmp(at, tabs[i].key) == 0);
    hw_close(w, "nav");
}

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
    put_tabs(v, closed ? "closed" : "open");
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

/* What may be ordered for a member and for a parley. */
static const struct choice member_orders[] = {
    { { "normal", 6 }, { "Nothing is wrong: restore", 25 } },
    { { "sensitive", 9 }, { "Veil what they write", 20 } },
    { { "limited", 7 }, { "Limit: strangers do not find it", 31 } },
    { { "frozen", 6 }, { "Freeze: may read, not write", 27 } },
    { { "suspended", 9 }, { "Suspend: out, all hidden", 24 } },
};
static const struct choice parley_orders[] = {
    { { "normal", 6 }, { "Nothing is wrong: restore", 25 } },
    { { "sensitive", 9 }, { "Veil it", 7 } },
    { { "limited", 7 }, { "Limit: not in public lists", 26 } },
    { { "held", 4 }, { "Hold: hidden until judged", 25 } },
    { { "removed", 7 }, { "Remove", 6 } },
};

static void put_order(struct visit *v, const char *what, int64_t id, const struct choice *orders, size_t n,
                      enum standing_kind now)
{
    struct hw *w = &v->w;
    form_open(v, arena_strf(v->c->arena, "/moderation/%s/%lld", what, (long long)id), STR("pad"));
    form_hidden(v, "back", visit_here(v));
    hw_open_class(w, "div", STR("two"));
    hw_open_class(w, "div", STR("field"));
    struct str select = arena_strf(v->c->arena, "o-%lld", (long long)id);
    hw_open(w, "label");
    hw_attr(w, "for", select);
    hw_text(w, STR("What to do"));
    hw_close(w, "label");
    hw_open(w, "select");
    hw_attr(w, "id", select);
    hw_attr(w, "name", STR("order"));
    for (size_t i = 0; i < n; i++) {
        hw_open(w, "option");
        hw_attr(w, "value", orders[i].value);
        hw_flag(w, "selected", str_eq(orders[i].value, standing_word(now)));
        hw_text(w, orders[i].label);
        hw_close(w, "option");
    }
    hw_close(w, "select");
    hw_close(w, "div");
    form_field(v, &(struct field){ .name = "reason",
                                   .id = arena_cstr(v->c->arena, arena_strf(v->c->arena, "r-%lld", (long long)id)),
                                   .label = "Why (the member reads it)",
                                   .user_text = true });
    hw_close(w, "div");
    form_submit(v, STR("Do it"));
    form_close(v);
}

static enum err order(struct visit *v, enum err (*set)(struct ctx *, int64_t, const struct standing_order *))
{
    struct standing_order o = { .reason = visit_param(v, "reason") };
    int64_t id = 0;
    if (!id_parse(v->q->args[0], &id) || !standing_parse(visit_param(v, "order"), &o.kind))
        return fail(v->c, ERR_INVALID, "That is not one of the choices.");
    TRY(set(v->c, id, &o));
    return visit_go_back(v, STR("/moderation/reports"));
}

enum err page_order_member(struct visit *v)
{
    return order(v, standing_set_member);
}

enum err page_order_parley(struct visit *v)
{
    return order(v, standing_set_status);
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
            put_order(v, "parleys", named[i].status->id, parley_orders, sizeof parley_orders / sizeof parley_orders[0],
                      named[i].status->standing.kind);
    }
    if (target != NULL) {
        hw_open_class(w, "div", STR("person"));
        account_put_avatar(v, target, "av");
        account_put_name(v, target);
        hw_close(w, "div");
        put_order(v, "people", target->id, member_orders, sizeof member_orders / sizeof member_orders[0],
                  target->standing.kind);
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

enum err page_requests(struct visit *v)
{
    struct hw *w = &v->w;
    const struct sheet s = { .title = STR("Who asks to join"), .nav = "more" };
    struct waiting *all = NULL;
    int64_t n = 0;
    int64_t after = 0;
    (void)visit_id(v, "after", &after);
    TRY(sign_up_waiting(v->c, after, PAGE_ROWS, &all, &n));
    layout_begin(v, &s);
    put_tabs(v, "requests");
    hw_open_class(w, "ul", STR("card-list"));
    for (int64_t i = 0; i < n; i++) {
        hw_open(w, "li");
        hw_open(w, "p");
        hw_el(w, "b", arena_strf(v->c->arena, "@" STR_FMT, STR_ARG(all[i].account->username)));
        hw_text(w, STR(" · "));
        hw_text(w, all[i].member->email);
        hw_text(w, STR(" · "));
        when_short(v, all[i].account->created_ms);
        hw_close(w, "p");
        hw_el(w, "p", all[i].member->reason);
        form_open(v, arena_strf(v->c->arena, "/moderation/requests/%lld", (long long)all[i].account->id), STR("row"));
        form_button(v, STR("btn p"), "do", STR("approve"), STR("Let in"));
        form_button(v, STR("btn d"), "do", STR("reject"), STR("Turn away"));
        form_close(v);
        hw_close(w, "li");
    }
    hw_close(w, "ul");
    if (n == 0)
        layout_empty(v, STR("Nobody waits"), STR("When sign-up is by approval, requests stand here."));
    return layout_end(v, &s);
}

enum err page_request_do(struct visit *v)
{
    int64_t id = 0;
    TRY(id_of(v, &id));
    TRY(str_eq(visit_param(v, "do"), STR("approve")) ? sign_up_approve(v->c, id) : sign_up_reject(v->c, id));
    return visit_go(v, STR("/moderation/requests?said=done"));
}
