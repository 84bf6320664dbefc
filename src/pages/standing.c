/* SPDX-License-Identifier: Apache-2.0 */
#include "pages/standing.h"

#include "base/clock.h"
#include "base/id.h"
#include "core/refuse.h"
#include "core/staff.h"
#include "core/standing.h"
#include "core/visible.h"
#include "pages/article.h"
#include "pages/form.h"
#include "pages/layout.h"
#include "pages/members.h"
#include "pages/routes.h"
#include "pages/when.h"
#include "store/account.h"
#include "store/status.h"

/* What moderators order: from the page of a member or a parley, from a report, and on a page of its own with all that
   was ordered before. What hides somebody or something whole is asked twice. */
#define ENDS_MAX (366 * DAY_MS / SECOND_MS) /* seconds */

#define ORDERS   5
static const struct choice orders[2][ORDERS] = {
    /* for a member, for a parley */
    {
        { { "normal", 6 }, { "Nothing is wrong: restore", 25 } },
        { { "sensitive", 9 }, { "Veil what they write", 20 } },
        { { "limited", 7 }, { "Limit: strangers do not find it", 31 } },
        { { "frozen", 6 }, { "Freeze: may read, not write", 27 } },
        { { "suspended", 9 }, { "Suspend: out, all hidden", 24 } },
    },
    {
        { { "normal", 6 }, { "Nothing is wrong: restore", 25 } },
        { { "sensitive", 9 }, { "Veil it", 7 } },
        { { "limited", 7 }, { "Limit: not in public lists", 26 } },
        { { "held", 4 }, { "Hold: hidden until judged", 25 } },
        { { "removed", 7 }, { "Remove", 6 } },
    },
};
static const struct choice ends[] = {
    { { "0", 1 }, { "Until somebody lifts it", 23 } },
    { { "3600", 4 }, { "One hour", 8 } },
    { { "86400", 5 }, { "One day", 7 } },
    { { "259200", 6 }, { "Three days", 10 } },
    { { "604800", 6 }, { "One week", 8 } },
    { { "2592000", 7 }, { "Thirty days", 11 } },
    { { "7776000", 7 }, { "Ninety days", 11 } },
};
#define N(a) (sizeof(a) / sizeof(a)[0])

/* Whom or what it is about. */
struct subject {
    int64_t id;
    const struct account *who;
    const struct status *parley; /* NULL: the member */
    struct standing now;
};

static struct subject subject_of(const struct account *who, const struct status *parley)
{
    return (struct subject){
        .id = parley == NULL ? who->id : parley->id,
        .who = who,
        .parley = parley,
        .now = parley == NULL ? who->standing : parley->standing,
    };
}

static struct str path_of(struct visit *v, const struct subject *s)
{
    return arena_strf(v->c->arena, "/moderation/%s/%lld", s->parley == NULL ? "people" : "parleys", (long long)s->id);
}

static struct str word_of(enum standing_kind kind)
{
    switch (kind) {
    case STANDING_NORMAL: return STR("Restored");
    case STANDING_SENSITIVE: return STR("Veiled");
    case STANDING_LIMITED: return STR("Limited");
    case STANDING_HELD: return STR("Held");
    case STANDING_REMOVED: return STR("Removed");
    case STANDING_FROZEN: return STR("Frozen");
    case STANDING_SUSPENDED: return STR("Suspended");
    }
    return STR("");
}

/* "Limited since 4 August 2026, 13:05 UTC by @mara, until ...: the reason". */
static void put_order_words(struct visit *v, const struct standing *s, const struct account *by)
{
    struct hw *w = &v->w;
    hw_open(w, "p");
    hw_el(w, "b", word_of(s->kind));
    hw_text(w, STR(" "));
    when_full(v, s->since_ms);
    if (by != NULL) {
        hw_text(w, STR(" by "));
        hw_link(w, account_path(v, by), arena_strf(v->c->arena, "@" STR_FMT, STR_ARG(by->username)));
    } else if (s->by == 0 && s->kind != STANDING_NORMAL) {
        hw_text(w, STR(" at the command line"));
    }
    if (s->until_ms != 0) {
        hw_text(w, STR(", until "));
        when_full(v, s->until_ms);
    }
    if (s->reason.n > 0) {
        hw_text(w, STR(": "));
        hw_open(w, "q");
        hw_attr(w, "dir", STR("auto"));
        hw_text(w, s->reason);
        hw_close(w, "q");
    }
    hw_close(w, "p");
}

static void put_select(struct visit *v, const struct subject *s, const char *name, const char *label,
                       const struct choice *choices, size_t n, struct str chosen)
{
    form_choice_as(v, arena_cstr(v->c->arena, arena_strf(v->c->arena, "%s-%lld", name, (long long)s->id)), name, label,
                   choices, n, chosen);
}

/* What was typed, should it have been refused; only in the form of what it was about. */
static struct str typed(const struct visit *v, const char *name, struct str otherwise)
{
    struct str given = http_param(v->q, name);
    return v->q->method == HTTP_POST && given.p != NULL ? given : otherwise;
}

static void put_form(struct visit *v, const struct subject *s)
{
    struct hw *w = &v->w;
    bool parley = s->parley != NULL;
    struct str id = arena_strf(v->c->arena, "reason-%lld", (long long)s->id);
    form_open(v, path_of(v, s), STR(""));
    if (str_eq(v->q->path, path_of(v, s))) /* not what another form of the page was refused for */
        form_refused(v);
    form_hidden(v, "back", visit_here(v));
    hw_open_class(w, "div", STR("two"));
    put_select(v, s, "order", "What to do", orders[parley], ORDERS, typed(v, "order", standing_word(s->now.kind)));
    put_select(v, s, "seconds", "How long", ends, N(ends), typed(v, "seconds", STR("0")));
    hw_close(w, "div");
    form_field(v, &(struct field){ .name = "reason",
                                   .id = arena_cstr(v->c->arena, id),
                                   .label = "Why",
                                   .hint = parley ? STR("Its author reads it.") : STR("The member reads it."),
                                   .value = typed(v, "reason", STR("")),
                                   .max = STANDING_REASON_MAX,
                                   .rows = 2,
                                   .user_text = true });
    form_submit(v, STR("Do it"));
    form_close(v);
}

/* Why this moderator may not; empty: they may. */
static struct str refusal(struct ctx *c, const struct account *who)
{
    struct str was = c->says;
    struct str why = staff_above(c, who) == OK ? STR("") : c->says;
    c->says = was;
    return why;
}

static void put_box(struct visit *v, const struct subject *s, const struct account *by)
{
    struct hw *w = &v->w;
    struct str why_not = refusal(v->c, s->who);
    if (s->now.kind != STANDING_NORMAL)
        put_order_words(v, &s->now, by);
    if (why_not.n > 0)
        hw_el_class(w, "p", STR("hint"), why_not);
    else
        put_form(v, s);
}

enum err standing_box(struct visit *v, const struct account *who, const struct status *parley, bool open)
{
    struct hw *w = &v->w;
    struct account *by = NULL;
    if (v->c->me == NULL || !staff_acts(v->c))
        return OK;
    struct subject s = subject_of(who, parley);
    if (s.now.kind != STANDING_NORMAL && s.now.by != 0)
        TRY(store_account_find(v->c, s.now.by, &by));
    hw_open_class(w, "details", STR("desk"));
    hw_flag(w, "open", open);
    hw_open(w, "summary");
    hw_text(w, s.now.kind == STANDING_NORMAL ? STR("Moderation") : STR("Moderation: "));
    if (s.now.kind != STANDING_NORMAL)
        hw_text(w, standing_word(s.now.kind));
    hw_close(w, "summary");
    put_box(v, &s, by);
    hw_open_class(w, "p", STR("small"));
    hw_link(w, path_of(v, &s), STR("All that was ordered before"));
    hw_close(w, "p");
    hw_close(w, "details");
    return OK;
}

static enum err put_history(struct visit *v, const struct subject *s)
{
    struct hw *w = &v->w;
    struct standing *all = NULL;
    int64_t n = 0;
    TRY(standing_history(v->c, s->id, &all, &n));
    int64_t *ids = ARENA_ARRAY(v->c->arena, (size_t)n + 1, int64_t);
    struct account **by = ARENA_ARRAY(v->c->arena, (size_t)n + 1, struct account *);
    for (int64_t i = 0; i < n; i++)
        ids[i] = all[i].by;
    if (n > 0)
        TRY(store_account_load(v->c, ids, n, by));
    hw_open_class(w, "section", STR("prose"));
    hw_el(w, "h2", STR("What was ordered"));
    for (int64_t i = 0; i < n; i++)
        put_order_words(v, &all[i], by[i]);
    if (n == 0)
        hw_el_class(w, "p", STR("muted"), STR("Nothing yet."));
    hw_close(w, "section");
    return OK;
}

/* Moderators judge what was said in public; what was not, they read where it is reported. */
static enum err put_parley(struct visit *v, const struct subject *s)
{
    struct status *seen = NULL;
    struct view shown = { 0 };
    struct str says = v->c->says;
    enum err e = status_see(v->c, s->id, &seen, NULL);
    v->c->says = says;
    if (e == ERR_NOT_FOUND) {
        layout_note(v, "info", STR("It was not written to everybody. Its text stands in the report that names it."));
        return OK;
    }
    TRY(e);
    TRY(view_load(v->c, &seen, 1, &shown));
    article_quote(v, &shown);
    return OK;
}

static enum err show(struct visit *v, const struct subject *s)
{
    struct hw *w = &v->w;
    struct account *by = NULL;
    const struct sheet sheet = {
        .title = arena_strf(v->c->arena, s->parley == NULL ? "Moderate @" STR_FMT : "Moderate a parley of @" STR_FMT,
                            STR_ARG(s->who->username)),
        .nav = "more",
    };
    if (s->now.kind != STANDING_NORMAL && s->now.by != 0)
        TRY(store_account_find(v->c, s->now.by, &by));
    layout_begin(v, &sheet);
    if (s->parley != NULL)
        TRY(put_parley(v, s));
    else
        TRY(members_put_one(v, s->who));
    hw_open_class(w, "section", STR("pad"));
    put_box(v, s, by);
    hw_close(w, "section");
    if (s->parley == NULL)
        members_put_role(v, s->who);
    TRY(put_history(v, s));
    return layout_end(v, &sheet);
}

static enum err find(struct visit *v, bool parley, struct subject *out)
{
    struct account *who = NULL;
    struct status *s = NULL;
    int64_t id = 0;
    TRY(staff_only(v->c));
    if (!id_parse(v->q->args[0], &id))
        return fail(v->c, ERR_NOT_FOUND, "Record not found");
    if (parley)
        TRY(store_status_get(v->c, id, &s));
    TRY(store_account_get(v->c, parley ? s->account_id : id, &who));
    *out = subject_of(who, s);
    return OK;
}

enum err page_standing_member(struct visit *v)
{
    struct subject s = { 0 };
    TRY(find(v, false, &s));
    return show(v, &s);
}

enum err page_standing_parley(struct visit *v)
{
    struct subject s = { 0 };
    TRY(find(v, true, &s));
    return show(v, &s);
}

/* The same form again, without its fields: what was chosen goes along. */
static enum err ask_again(struct visit *v, const struct subject *s)
{
    struct hw *w = &v->w;
    static const char *const along[] = { "order", "seconds", "reason", "back" };
    const struct sheet sheet = {
        .title =
            arena_strf(v->c->arena, s->parley == NULL ? "Suspend @" STR_FMT "?" : "Remove this parley of @" STR_FMT "?",
                       STR_ARG(s->who->username)),
        .alone = true,
    };
    layout_begin(v, &sheet);
    if (s->parley != NULL)
        TRY(put_parley(v, s));
    form_open(v, path_of(v, s), STR("sheet"));
    hw_el(w, "p",
          s->parley == NULL
              ? STR("They are signed out everywhere and cannot come back; nothing of theirs is shown to anybody. "
                    "It is not deleted: restoring them brings all of it back.")
              : STR("Nobody but moderators sees it any more, not even its author. It is not deleted: restoring "
                    "brings it back, with its answers and favourites."));
    hw_open(w, "p");
    hw_text(w, STR("The reason they read: "));
    hw_el(w, "q", visit_param(v, "reason"));
    hw_close(w, "p");
    for (size_t i = 0; i < N(along); i++)
        form_hidden(v, along[i], visit_param(v, along[i]));
    hw_open_class(w, "div", STR("row"));
    form_button(v, STR("btn d"), "sure", STR("1"), s->parley == NULL ? STR("Suspend") : STR("Remove"));
    struct str back = visit_param(v, "back");
    layout_button(v, "btn", visit_is_local(back) ? back : path_of(v, s), STR("Leave it"));
    hw_close(w, "div");
    form_close(v);
    return layout_end(v, &sheet);
}

static enum err read_order(struct visit *v, struct standing_order *o)
{
    int64_t seconds = 0;
    *o = (struct standing_order){ .reason = str_trim(visit_param(v, "reason")) };
    if (!standing_parse(visit_param(v, "order"), &o->kind) || !http_i64(v->q, "seconds", 0, ENDS_MAX, false, &seconds))
        return fail(v->c, ERR_INVALID, "That is not one of the choices.");
    o->until_ms = o->kind == STANDING_NORMAL || seconds == 0 ? 0 : v->c->now_ms + seconds * SECOND_MS;
    v->c->fields = NULL;
    if (o->reason.n == 0 && o->kind != STANDING_NORMAL)
        refuse(v->c, STR("reason"), STR("ERR_BLANK"), STR("is what they read: say it"));
    return refused(v->c);
}

static enum err order(struct visit *v, bool parley)
{
    struct subject s = { 0 };
    struct standing_order o = { 0 };
    TRY(find(v, parley, &s));
    enum err e = staff_above(v->c, s.who);
    if (e == OK)
        e = read_order(v, &o);
    bool hides = o.kind == STANDING_SUSPENDED || o.kind == STANDING_REMOVED;
    if (e == OK && hides && s.now.kind != o.kind && visit_param(v, "sure").n == 0)
        return ask_again(v, &s);
    if (e == OK)
        e = parley ? standing_set_status(v->c, s.id, &o) : standing_set_member(v->c, s.id, &o);
    if (form_takes(v, e))
        return show(v, &s);
    TRY(e);
    return visit_go_back(v, path_of(v, &s));
}

enum err page_order_member(struct visit *v)
{
    return order(v, false);
}

enum err page_order_parley(struct visit *v)
{
    return order(v, true);
}
