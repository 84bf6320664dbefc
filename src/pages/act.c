/* SPDX-License-Identifier: Apache-2.0 */
#include "base/id.h"
#include "core/block.h"
#include "core/endorsement.h"
#include "core/follow.h"
#include "core/interact.h"
#include "core/poll.h"
#include "core/quote.h"
#include "core/status.h"
#include "core/status_delete.h"
#include "core/suggest.h"
#include "core/visible.h"
#include "model/account.h"
#include "pages/article.h"
#include "pages/compose.h"
#include "pages/form.h"
#include "pages/layout.h"
#include "pages/routes.h"

/* What the buttons below a parley and on a profile do: POST, then back to where one was. */

static enum err echo(struct ctx *c, int64_t id, struct status **out)
{
    return status_reblog(c, id, -1, out);
}

static enum err unquote(struct ctx *c, int64_t id, struct status **out)
{
    return quote_revoke(c, 0, id, out);
}

static const struct {
    const char *word;
    enum err (*run)(struct ctx *c, int64_t id, struct status **out);
} parley_acts[] = {
    { "favourite", status_favourite },
    { "unfavourite", status_unfavourite },
    { "bookmark", status_bookmark },
    { "unbookmark", status_unbookmark },
    { "echo", echo },
    { "unecho", status_unreblog },
    { "pin", status_pin },
    { "unpin", status_unpin },
    { "mute", status_mute },
    { "unmute", status_unmute },
    { "unquote", unquote },
};

enum err page_parley_do(struct visit *v)
{
    struct str word = visit_param(v, "do");
    struct status *s = NULL;
    int64_t id = 0;
    TRY(visit_arg_id(v, &id));
    for (size_t i = 0; i < sizeof parley_acts / sizeof parley_acts[0]; i++) {
        if (!str_eq(word, str_c(parley_acts[i].word)))
            continue;
        TRY(parley_acts[i].run(v->c, id, &s));
        return visit_go_back(v, STR("/home"));
    }
    return fail(v->c, ERR_INVALID, "There is no such button.");
}

enum err page_delete(struct visit *v)
{
    struct hw *w = &v->w;
    const struct sheet s = { .title = STR("Delete this parley?"), .alone = true };
    struct status *st = NULL;
    struct view shown = { 0 };
    int64_t id = 0;
    TRY(visit_arg_id(v, &id));
    TRY(status_own(v->c, id, &st));
    TRY(view_load(v->c, &st, 1, &shown));
    layout_begin(v, &s);
    article_quote(v, &shown);
    form_open(v, arena_strf(v->c->arena, "/parleys/%lld/delete", (long long)id), STR("sheet"));
    hw_el(w, "p", STR("It goes for good, with its favourites and echoes. Answers of others stay."));
    hw_open_class(w, "div", STR("row"));
    form_button(v, STR("btn d"), "then", STR("nothing"), STR("Delete"));
    form_button(v, STR("btn"), "then", STR("write"), STR("Delete and write anew"));
    layout_button(v, "btn", article_path(v, &shown), STR("Keep it"));
    hw_close(w, "div");
    form_close(v);
    return layout_end(v, &s);
}

enum err page_delete_send(struct visit *v)
{
    struct status *was = NULL;
    struct poll *poll = NULL;
    int64_t id = 0;
    TRY(visit_arg_id(v, &id));
    TRY(status_own(v->c, id, &was));
    if ((was->parts & PART_POLL) != 0)
        TRY(poll_get(v->c, id, &poll, &was));
    bool again = str_eq(visit_param(v, "then"), STR("write"));
    TRY(again ? status_withdraw(v->c, id, &was) : status_delete(v->c, id, &was));
    if (again)
        return compose_again(v, was, poll);
    return visit_go(v, arena_strf(v->c->arena, "/@" STR_FMT "?said=deleted", STR_ARG(v->c->me->username)));
}

static enum err follow(struct ctx *c, int64_t id)
{
    const struct follow_wish wish = { .reblogs = -1, .notify = -1 };
    return follow_add(c, id, &wish);
}

static enum err bell(struct ctx *c, int64_t id)
{
    const struct follow_wish wish = { .reblogs = -1, .notify = 1 };
    return follow_add(c, id, &wish);
}

static enum err unbell(struct ctx *c, int64_t id)
{
    const struct follow_wish wish = { .reblogs = -1, .notify = 0 };
    return follow_add(c, id, &wish);
}

static enum err echoes(struct ctx *c, int64_t id)
{
    const struct follow_wish wish = { .reblogs = 1, .notify = -1 };
    return follow_add(c, id, &wish);
}

static enum err unechoes(struct ctx *c, int64_t id)
{
    const struct follow_wish wish = { .reblogs = 0, .notify = -1 };
    return follow_add(c, id, &wish);
}

static const struct {
    const char *word;
    enum err (*run)(struct ctx *c, int64_t id);
    const char *goes; /* NULL: back. A block hides the page one was on. */
} account_acts[] = {
    { "follow", follow, NULL },
    { "unfollow", follow_remove, NULL },
    { "notify", bell, NULL },
    { "unnotify", unbell, NULL },
    { "echoes", echoes, NULL },
    { "unechoes", unechoes, NULL },
    { "endorse", endorsement_add, NULL },
    { "unendorse", endorsement_remove, NULL },
    { "drop", follower_remove, NULL },
    { "block", block_add, "/blocks?said=blocked" },
    { "unblock", block_remove, NULL },
    { "unmute", mute_remove, NULL },
    { "dismiss", suggest_dismiss, NULL },
    { "accept", follow_request_accept, NULL },
    { "reject", follow_request_reject, NULL },
};

enum err page_person_do(struct visit *v)
{
    struct str word = visit_param(v, "do");
    int64_t id = 0;
    TRY(visit_arg_id(v, &id));
    for (size_t i = 0; i < sizeof account_acts / sizeof account_acts[0]; i++) {
        if (!str_eq(word, str_c(account_acts[i].word)))
            continue;
        TRY(account_acts[i].run(v->c, id));
        return account_acts[i].goes != NULL ? visit_go(v, str_c(account_acts[i].goes)) : visit_go_back(v, STR("/home"));
    }
    return fail(v->c, ERR_INVALID, "There is no such button.");
}

enum err page_mute(struct visit *v)
{
    static const struct choice spans[] = {
        { { "0", 1 }, { "For good", 8 } },           { { "3600", 4 }, { "One hour", 8 } },
        { { "86400", 5 }, { "One day", 7 } },        { { "604800", 6 }, { "One week", 8 } },
        { { "2592000", 7 }, { "Thirty days", 11 } },
    };
    struct account *a = NULL;
    int64_t id = 0;
    TRY(visit_arg_id(v, &id));
    TRY(account_see(v->c, id, &a));
    const struct sheet s = { .title = arena_strf(v->c->arena, "Mute @" STR_FMT, STR_ARG(a->username)), .alone = true };
    layout_begin(v, &s);
    form_open(v, arena_strf(v->c->arena, "/people/%lld/mute", (long long)id), STR("sheet"));
    hw_el(&v->w, "p", STR("You will not see what they write. They are not told."));
    form_choice(v, "seconds", "How long", spans, sizeof spans / sizeof spans[0], STR("0"));
    form_check(v, "notifications", STR("Hide their notifications, too"), true, STR(""));
    form_submit(v, STR("Mute"));
    form_close(v);
    return layout_end(v, &s);
}

enum err page_mute_send(struct visit *v)
{
    int64_t id = 0;
    int64_t seconds = 0;
    TRY(visit_arg_id(v, &id));
    if (!http_i64(v->q, "seconds", 0, MUTE_SECONDS_MAX, false, &seconds))
        return fail(v->c, ERR_INVALID, "That is no length of time.");
    TRY(mute_add(v->c, id, visit_param(v, "notifications").n > 0, seconds));
    return visit_go(v, STR("/mutes?said=muted"));
}
