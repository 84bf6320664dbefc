/* SPDX-License-Identifier: Apache-2.0 */
#include "pages/members.h"

#include "base/id.h"
#include "core/auth.h"
#include "core/email.h"
#include "core/search.h"
#include "core/signup.h"
#include "core/staff.h"
#include "core/standing.h"
#include "pages/article.h"
#include "pages/form.h"
#include "pages/layout.h"
#include "pages/pager.h"
#include "pages/routes.h"
#include "pages/when.h"
#include "store/account.h"
#include "store/member.h"

/* Members as moderators see them: found by name, listed by role or standing, given roles; and those who ask to join.
   There is no list of everybody: on a large server nobody could read it, and it would cost as much as there are. */

void moderation_tabs(struct visit *v, const char *at)
{
    static const struct {
        const char *key, *href, *label;
    } tabs[] = { { "open", "/moderation/reports", "Open reports" },
                 { "closed", "/moderation/reports?closed=1", "Closed reports" },
                 { "requests", "/moderation/requests", "Who asks to join" },
                 { "people", "/moderation/people", "People" },
                 { "trends", "/moderation/trends", "Trends" } };
    struct hw *w = &v->w;
    hw_open_class(w, "nav", STR("tabs"));
    hw_attr(w, "aria-label", STR("Moderation"));
    for (size_t i = 0; i < sizeof tabs / sizeof tabs[0]; i++)
        layout_tab(v, str_c(tabs[i].href), tabs[i].label, strcmp(at, tabs[i].key) == 0);
    hw_close(w, "nav");
}

/* --- people --- */

static void put_state(struct visit *v, const struct account *a)
{
    struct hw *w = &v->w;
    hw_open_class(w, "div", STR("c"));
    hw_text(w, role_word(a->role));
    if (a->standing.kind != STANDING_NORMAL) {
        hw_text(w, STR(" · "));
        hw_el(w, "b", standing_word(a->standing.kind));
    }
    if (a->deletion_ms != 0)
        hw_text(w, STR(" · is leaving"));
    else if (!a->active)
        hw_text(w, STR(" · not let in yet"));
    hw_text(w, STR(" · here since "));
    hw_text(w, when_day(v->c->arena, a->created_ms));
    hw_text(w, arena_strf(v->c->arena, " · %lld parleys", (long long)a->statuses_count));
    hw_close(w, "div");
}

static void put_row(struct visit *v, const struct account *a, bool link)
{
    struct hw *w = &v->w;
    hw_open_class(w, "div", STR("person"));
    account_put_avatar(v, a, "av");
    account_put_name(v, a);
    if (link)
        layout_button(v, "btn", arena_strf(v->c->arena, "/moderation/people/%lld", (long long)a->id), STR("Moderate"));
    put_state(v, a);
    hw_close(w, "div");
}

enum err members_put_one(struct visit *v, const struct account *a)
{
    struct member *m = NULL;
    put_row(v, a, false);
    TRY(store_member_find(v->c, a->id, &m));
    if (m == NULL || a->active || a->deletion_ms != 0)
        return OK;
    if (m->confirmed_ms == 0)
        layout_note(v, "info", STR("They have not opened the link in their mail yet."));
    else
        hw_link(&v->w, STR("/moderation/requests"), STR("They ask to join: read their request"));
    return OK;
}

static void put_find(struct visit *v, struct str q)
{
    struct hw *w = &v->w;
    bool by_email = v->c->me->role >= ROLE_ADMIN;
    hw_open_class(w, "form", STR("find"));
    hw_attr(w, "action", STR("/moderation/people"));
    hw_attr(w, "role", STR("search"));
    hw_open(w, "label");
    hw_attr(w, "class", STR("vh"));
    hw_attr(w, "for", STR("f-q"));
    hw_text(w, STR("Look for a member"));
    hw_close(w, "label");
    hw_void(w, "input");
    hw_attr(w, "id", STR("f-q"));
    hw_attr(w, "type", STR("search"));
    hw_attr(w, "name", STR("q"));
    hw_attr(w, "value", q);
    hw_attr(w, "dir", STR("auto"));
    hw_attr(w, "placeholder", by_email ? STR("Name, or whole e-mail address") : STR("Name"));
    hw_open_class(w, "button", STR("btn p"));
    hw_text(w, STR("Search"));
    hw_close(w, "button");
    hw_close(w, "form");
}

static void put_which(struct visit *v, const char *at)
{
    struct hw *w = &v->w;
    hw_open_class(w, "nav", STR("tabs"));
    hw_attr(w, "aria-label", STR("Which people"));
    layout_tab(v, STR("/moderation/people"), "Moderators and owner", strcmp(at, "staff") == 0);
    layout_tab(v, STR("/moderation/people?which=standing"), "With a standing", strcmp(at, "standing") == 0);
    hw_close(w, "nav");
}

/* Whoever has exactly this name or, for admins, this address: also who is not in, hidden, or not to be found. */
static enum err find_exact(struct ctx *c, struct str q, struct account **out)
{
    struct email email = { 0 };
    struct member *m = NULL;
    struct str name = q.n > 0 && q.p[0] == '@' ? str_skip(q, 1) : q;
    *out = NULL;
    if (c->me->role >= ROLE_ADMIN && email_parse(c->arena, q, &email) == NAME_FINE) {
        TRY(store_member_find_email(c, email.claim, &m));
        return m == NULL ? OK : store_account_find(c, m->id, out);
    }
    return store_account_find_name(c, name_canonical(c->arena, name), out);
}

static enum err show_found(struct visit *v, struct str q)
{
    struct search_found f = { 0 };
    struct account *exact = NULL;
    const struct search_ask ask = {
        .q = q, .type = SEARCH_ACCOUNTS_ONLY, .resolve = true, .page = { .limit = SEARCH_LIMIT_MAX }
    };
    const struct sheet s = { .title = STR("People"), .nav = "more" };
    TRY(find_exact(v->c, q, &exact));
    TRY(search(v->c, &ask, &f));
    struct account **found = ARENA_ARRAY(v->c->arena, (size_t)f.accounts_n + 1, struct account *);
    if (f.accounts_n > 0)
        TRY(store_account_load(v->c, f.accounts, f.accounts_n, found));
    layout_begin(v, &s);
    moderation_tabs(v, "people");
    put_find(v, q);
    if (exact != NULL)
        put_row(v, exact, true);
    for (int64_t i = 0; i < f.accounts_n; i++)
        if (found[i] != NULL && (exact == NULL || found[i]->id != exact->id))
            put_row(v, found[i], true);
    if (exact == NULL && f.accounts_n == 0)
        layout_empty(v, STR("Nobody found"),
                     STR("The whole user name finds everybody, a part of it who lets be found."));
    return layout_end(v, &s);
}

enum err page_members(struct visit *v)
{
    struct str q = str_trim(visit_param(v, "q"));
    bool standing = str_eq(visit_param(v, "which"), STR("standing"));
    const struct sheet s = { .title = STR("People"), .nav = "more" };
    struct page p = pager_read(v);
    struct account *all[PAGE_ROWS];
    int64_t n = 0;
    p.min_id = 0; /* the list goes down only */
    TRY(staff_only(v->c));
    if (q.n > 0)
        return show_found(v, q);
    TRY(store_account_list(v->c, standing ? ACCOUNTS_STANDING : ACCOUNTS_STAFF, &p, all, &n));
    layout_begin(v, &s);
    moderation_tabs(v, "people");
    put_find(v, q);
    put_which(v, standing ? "standing" : "staff");
    for (int64_t i = 0; i < n; i++)
        put_row(v, all[i], true);
    if (n == 0)
        layout_empty(v, STR("Nobody"), STR("Whoever is limited, frozen or suspended stands here."));
    pager_put(v, standing ? STR("/moderation/people?which=standing") : STR("/moderation/people"), &p, n, 0,
              n > 0 ? all[n - 1]->id : 0);
    return layout_end(v, &s);
}

/* --- roles --- */

static struct str role_label(enum role r)
{
    switch (r) {
    case ROLE_MEMBER: return STR("Member");
    case ROLE_MODERATOR: return STR("Moderator: reports, standings, who may join");
    case ROLE_ADMIN: return STR("Admin: makes moderators, too");
    case ROLE_OWNER: return STR("Owner: takes your place; you become admin");
    }
    return STR("");
}

void members_put_role(struct visit *v, const struct account *a)
{
    struct choice choices[ROLE_OWNER + 1];
    size_t n = 0;
    if (v->c->me->id == a->id || v->c->me->role <= a->role || !staff_may_give(v->c, ROLE_MODERATOR))
        return;
    for (int r = ROLE_MEMBER; r <= ROLE_OWNER; r++)
        if (staff_may_give(v->c, (enum role)r))
            choices[n++] = (struct choice){ role_word((enum role)r), role_label((enum role)r) };
    form_open(v, arena_strf(v->c->arena, "/moderation/people/%lld/role", (long long)a->id), STR("sheet"));
    hw_el(&v->w, "h2", STR("Role"));
    form_choice(v, "role", "What they are here", choices, n, role_word(a->role));
    form_submit(v, STR("Change the role"));
    form_close(v);
}

/* Whoever found this browser open may not take the server: the owner proves who they are. */
static enum err ask_to_hand_over(struct visit *v, const struct account *a)
{
    const struct sheet s = { .title = arena_strf(v->c->arena, "Make @" STR_FMT " the owner?", STR_ARG(a->username)),
                             .alone = true };
    layout_begin(v, &s);
    form_open(v, arena_strf(v->c->arena, "/moderation/people/%lld/role", (long long)a->id), STR("sheet"));
    form_refused(v);
    hw_el(&v->w, "p",
          STR("They can do everything here, also take every role away from you. You become admin, and only they, or "
              "whoever runs the machine, can give it back."));
    form_hidden(v, "role", role_word(ROLE_OWNER));
    form_hidden(v, "sure", STR("1"));
    form_field(v, &(struct field){ .name = "password",
                                   .label = "Your password",
                                   .type = "password",
                                   .autocomplete = "current-password",
                                   .required = true });
    form_button(v, STR("btn d"), NULL, STR(""), STR("Hand the server over"));
    form_close(v);
    return layout_end(v, &s);
}

enum err page_role_send(struct visit *v)
{
    struct account *a = NULL;
    enum role role = ROLE_MEMBER;
    int64_t id = 0;
    TRY(staff_only(v->c));
    if (!id_parse(v->q->args[0], &id))
        return fail(v->c, ERR_NOT_FOUND, "Record not found");
    TRY(store_account_get(v->c, id, &a));
    if (!role_parse(visit_param(v, "role"), &role))
        return fail(v->c, ERR_INVALID, "That is no role.");
    if (role == ROLE_OWNER && staff_may_give(v->c, role)) {
        bool sure = visit_param(v, "sure").n > 0;
        enum err e = sure ? auth_prove(v->c, visit_param(v, "password")) : OK;
        if (!sure || form_takes(v, e))
            return ask_to_hand_over(v, a);
        TRY(e);
    }
    TRY(staff_set_role(v->c, a, role));
    return visit_go(v, arena_strf(v->c->arena, "/moderation/people/%lld?said=role", (long long)id));
}

/* --- who asks to join --- */

static void put_request(struct visit *v, const struct waiting *r)
{
    struct hw *w = &v->w;
    hw_open(w, "li");
    hw_open(w, "p");
    hw_el(w, "b", arena_strf(v->c->arena, "@" STR_FMT, STR_ARG(r->account->username)));
    hw_text(w, STR(" · "));
    hw_text(w, r->member->email);
    hw_text(w, STR(" · "));
    when_short(v, r->account->created_ms);
    hw_close(w, "p");
    hw_open(w, "p");
    hw_attr(w, "dir", STR("auto"));
    hw_text(w, r->member->reason);
    hw_close(w, "p");
    form_open(v, arena_strf(v->c->arena, "/moderation/requests/%lld", (long long)r->account->id), STR("row"));
    form_button(v, STR("btn p"), "do", STR("approve"), STR("Let in"));
    form_button(v, STR("btn d"), "do", STR("reject"), STR("Turn away"));
    form_close(v);
    hw_close(w, "li");
}

enum err page_requests(struct visit *v)
{
    struct hw *w = &v->w;
    const struct sheet s = { .title = STR("Who asks to join"), .nav = "more" };
    struct waiting *all = NULL;
    int64_t n = 0;
    int64_t shown = 0;
    int64_t after = 0;
    (void)visit_id(v, "after", &after);
    TRY(sign_up_waiting(v->c, after, PAGE_ROWS, &all, &n));
    layout_begin(v, &s);
    moderation_tabs(v, "requests");
    hw_open_class(w, "ul", STR("card-list"));
    for (int64_t i = 0; i < n; i++) {
        if (all[i].account == NULL || all[i].account->deletion_ms != 0) /* turned away, or left */
            continue;
        put_request(v, &all[i]);
        shown++;
    }
    hw_close(w, "ul");
    if (shown == 0)
        layout_empty(v, STR("Nobody waits"), STR("When sign-up is by approval, requests stand here."));
    if (n == PAGE_ROWS) {
        hw_open_class(w, "nav", STR("pager"));
        hw_attr(w, "aria-label", STR("Pages"));
        layout_button(v, "btn",
                      arena_strf(v->c->arena, "/moderation/requests?after=%lld", (long long)all[n - 1].member->id),
                      STR("Who came later"));
        hw_close(w, "nav");
    }
    return layout_end(v, &s);
}

static enum err ask_to_reject(struct visit *v, const struct account *a)
{
    struct hw *w = &v->w;
    const struct sheet s = { .title = arena_strf(v->c->arena, "Turn @" STR_FMT " away?", STR_ARG(a->username)),
                             .alone = true };
    layout_begin(v, &s);
    form_open(v, arena_strf(v->c->arena, "/moderation/requests/%lld", (long long)a->id), STR("sheet"));
    hw_el(
        w, "p",
        STR("They get a mail that says so, and what they told is deleted. There is no way back; they may ask again."));
    form_hidden(v, "sure", STR("1"));
    hw_open_class(w, "div", STR("row"));
    form_button(v, STR("btn d"), "do", STR("reject"), STR("Turn away"));
    layout_button(v, "btn", STR("/moderation/requests"), STR("Not yet"));
    hw_close(w, "div");
    form_close(v);
    return layout_end(v, &s);
}

enum err page_request_do(struct visit *v)
{
    struct account *a = NULL;
    int64_t id = 0;
    bool approve = str_eq(visit_param(v, "do"), STR("approve"));
    TRY(staff_only(v->c));
    if (!id_parse(v->q->args[0], &id))
        return fail(v->c, ERR_NOT_FOUND, "Record not found");
    TRY(store_account_get(v->c, id, &a));
    if (!approve && visit_param(v, "sure").n == 0)
        return ask_to_reject(v, a);
    TRY(approve ? sign_up_approve(v->c, id) : sign_up_reject(v->c, id));
    return visit_go(v, STR("/moderation/requests?said=done"));
}
