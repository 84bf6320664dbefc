/* SPDX-License-Identifier: Apache-2.0 */
#include "base/id.h"
#include "core/notification_policy.h"
#include "pages/article.h"
#include "pages/form.h"
#include "pages/layout.h"
#include "pages/pager.h"
#include "pages/routes.h"
#include "pages/when.h"

/* Whom I hear of: who waits for my decision, and the rules by which people come to wait. */
#define HERE "/notifications/requests"

static const char *rule_label(enum notification_rule r)
{
    switch (r) {
    case RULE_NOT_FOLLOWING: return "People I do not follow";
    case RULE_NOT_FOLLOWERS: return "People who do not follow me";
    case RULE_NEW_ACCOUNTS: return "New accounts";
    case RULE_PRIVATE_MENTIONS: return "Direct parleys I did not begin";
    case RULE_LIMITED: return "People whom moderators limited";
    case RULE_BOTS: return "Automated accounts";
    }
    return "";
}

static const char *rule_name(struct visit *v, enum notification_rule r)
{
    struct str word = rule_word(r);
    return arena_cstr(v->c->arena, word);
}

static void put_policy(struct visit *v, const struct notification_policy *p)
{
    const struct choice choices[] = { { verdict_word(HEAR_ACCEPT), STR("Tell me") },
                                      { verdict_word(HEAR_FILTER), STR("Let them wait here") },
                                      { verdict_word(HEAR_DROP), STR("Do not tell me") } };
    struct hw *w = &v->w;
    form_open(v, STR(HERE), STR("sheet"));
    form_refused(v);
    hw_el(w, "h2", STR("Whom I hear of"));
    hw_el_class(w, "p", STR("hint"),
                STR("What people do happens all the same: only whether you are told is decided here. Moderators and "
                    "whom you accepted are always heard."));
    for (int i = 0; i < NOTE_RULES; i++) {
        enum notification_rule r = (enum notification_rule)i;
        form_choice(v, rule_name(v, r), rule_label(r), choices, 3, verdict_word(p->of[i]));
    }
    form_submit(v, STR("Save"));
    form_close(v);
}

static void put_request(struct visit *v, const struct notification_request *r, const struct account *from)
{
    struct hw *w = &v->w;
    hw_open_class(w, "div", STR("person"));
    account_put_avatar(v, from, "av");
    account_put_name(v, from);
    form_open(v, STR(HERE "/decide"), STR("row"));
    form_hidden(v, "from", id_text(v->c->arena, r->from_id));
    form_button(v, STR("btn p"), "do", STR("accept"), STR("Accept"));
    form_button(v, STR("btn"), "do", STR("dismiss"), STR("Dismiss"));
    form_close(v);
    hw_open_class(w, "p", STR("small"));
    hw_text(w, arena_strf(v->c->arena, r->n == 1 ? "%lld notice · " : "%lld notices · ", (long long)r->n));
    when_short(v, r->updated_ms);
    hw_close(w, "p");
    hw_close(w, "div");
}

enum err page_hearing(struct visit *v)
{
    const struct sheet s = { .title = STR("Who waits to be heard"), .nav = "notices" };
    struct notification_policy policy;
    struct policy_summary sum = { 0 };
    struct request_page found = { 0 };
    struct page p = pager_read(v);
    TRY(policy_get(v->c, &policy, &sum));
    TRY(request_list(v->c, &p, &found));
    layout_begin(v, &s);
    for (int64_t i = 0; i < found.n; i++)
        put_request(v, &found.rows[i], found.from[i]);
    if (found.n == 0)
        layout_empty(v, STR("Nobody waits"), STR("Whom your rules let wait stands here until you decide."));
    pager_put(v, STR(HERE), &p, found.n, found.first, found.last);
    put_policy(v, &policy);
    return layout_end(v, &s);
}

enum err page_hearing_send(struct visit *v)
{
    struct notification_policy policy;
    struct policy_summary sum = { 0 };
    TRY(policy_get(v->c, &policy, &sum));
    for (int i = 0; i < NOTE_RULES; i++) {
        struct str word = visit_param(v, rule_name(v, (enum notification_rule)i));
        for (int k = HEAR_ACCEPT; k <= HEAR_DROP; k++)
            if (str_eq(word, verdict_word((enum notification_verdict)k)))
                policy.of[i] = (enum notification_verdict)k;
    }
    TRY(policy_set(v->c, &policy));
    return visit_go(v, STR(HERE "?said=saved"));
}

enum err page_hearing_decide(struct visit *v)
{
    struct str word = visit_param(v, "do");
    int64_t from = 0;
    if (!visit_id(v, "from", &from))
        return fail(v->c, ERR_NOT_FOUND, "There is nothing at this address.");
    if (str_eq(word, STR("accept")))
        TRY(requests_accept(v->c, &from, 1));
    else if (str_eq(word, STR("dismiss")))
        TRY(requests_dismiss(v->c, &from, 1));
    else
        return fail(v->c, ERR_INVALID, "There is no such button.");
    return visit_go(v, STR(HERE));
}
