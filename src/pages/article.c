/* SPDX-License-Identifier: Apache-2.0 */
#include "pages/article.h"

#include "base/id.h"
#include "core/address.h"
#include "core/render.h"
#include "core/staff.h"
#include "core/uni.h"
#include "courier/translator.h"
#include "model/import.h"
#include "model/site.h"
#include "pages/attach.h"
#include "pages/emojis.h"
#include "pages/form.h"
#include "pages/layout.h"
#include "pages/poll.h"
#include "pages/when.h"

#define REPEATS_WITHIN    80 /* rows */
#define ROW_LINES_MAX     24
#define ROW_GRAPHEMES_MAX 1500

struct str account_name(const struct account *a)
{
    return a->display_name.n > 0 ? a->display_name : a->username;
}

struct str account_path(struct visit *v, const struct account *a)
{
    return visit_relative(v, address_account(v->c, a->username));
}

struct str article_path(struct visit *v, const struct view *p)
{
    return visit_relative(v, address_status(v->c, p->author->username, p->status->id));
}

struct str reach_words(enum visibility vis)
{
    switch (vis) {
    case VIS_PUBLIC: return STR("Public");
    case VIS_UNLISTED: return STR("Unlisted");
    case VIS_PRIVATE: return STR("Followers only");
    case VIS_DIRECT: return STR("Mentioned people only");
    }
    return STR("");
}

struct str reply_words(enum reply_policy p)
{
    switch (p) {
    case REPLY_ANYBODY: return STR("Everybody may answer");
    case REPLY_FOLLOWERS: return STR("Followers may answer");
    case REPLY_FOLLOWED: return STR("Those the author follows may answer");
    case REPLY_MENTIONED: return STR("Those it mentions may answer");
    case REPLY_NOBODY: return STR("Nobody may answer");
    }
    return STR("");
}

struct str quote_words(enum quote_policy p)
{
    switch (p) {
    case QUOTE_NOBODY: return STR("Nobody may quote it");
    case QUOTE_FOLLOWERS: return STR("Followers may quote it");
    case QUOTE_ANYBODY: return STR("Everybody may quote it");
    }
    return STR("");
}

void account_put_avatar(struct visit *v, const struct account *a, const char *class_name)
{
    struct hw *w = &v->w;
    bool small = strcmp(class_name, "av s") == 0;
    hw_void(w, "img");
    hw_attr(w, "class", str_c(class_name));
    hw_attr(w, "src", visit_relative(v, address_avatar(v->c, a)));
    hw_attr(w, "alt", STR(""));
    hw_attr_i64(w, "width", small ? 28 : 44);
    hw_attr_i64(w, "height", small ? 28 : 44);
    hw_attr(w, "loading", STR("lazy"));
}

void account_put_name(struct visit *v, const struct account *a)
{
    struct hw *w = &v->w;
    hw_open_class(w, "a", STR("who"));
    hw_attr(w, "href", account_path(v, a));
    hw_open(w, "b");
    hw_attr(w, "dir", STR("auto"));
    emojis_put_text(v, account_name(a));
    hw_close(w, "b");
    hw_text(w, STR(" "));
    hw_open(w, "span");
    hw_text(w, STR("@"));
    hw_text(w, address_acct(v->c, a));
    hw_close(w, "span");
    hw_close(w, "a");
}

static void put_link_to(struct visit *v, const struct account *a)
{
    struct hw *w = &v->w;
    hw_open(w, "a");
    hw_attr(w, "href", account_path(v, a));
    hw_attr(w, "dir", STR("auto"));
    emojis_put_text(v, account_name(a));
    hw_close(w, "a");
}

static void put_context(struct visit *v, const struct view *p, bool answers)
{
    struct hw *w = &v->w;
    if (p->echoer != NULL) {
        hw_open_class(w, "p", STR("ctx"));
        layout_icon(w, "echo");
        hw_open(w, "span");
        hw_text(w, STR("Echoed by "));
        put_link_to(v, p->echoer);
        hw_close(w, "span");
        hw_close(w, "p");
    }
    if (answers && p->status->in_reply_to_account_id != 0) {
        hw_open_class(w, "p", STR("ctx"));
        layout_icon(w, "reply");
        hw_open(w, "span");
        hw_text(w, p->answers == NULL ? STR("An answer") : STR("Answers "));
        if (p->answers != NULL)
            put_link_to(v, p->answers);
        hw_close(w, "span");
        hw_close(w, "p");
    }
}

static void put_when(struct visit *v, const struct view *p)
{
    struct hw *w = &v->w;
    hw_open_class(w, "a", STR("when"));
    hw_attr(w, "href", article_path(v, p));
    if (p->status->visibility == VIS_PRIVATE || p->status->visibility == VIS_DIRECT) {
        layout_icon(w, p->status->visibility == VIS_PRIVATE ? "lock" : "letter");
        layout_unseen(w, reach_words(p->status->visibility));
        hw_text(w, STR(" "));
    }
    when_short(v, p->status->created_ms);
    if (p->status->edited_ms != 0)
        hw_text(w, STR(" · edited"));
    if (p->status->imported != IMPORT_NONE)
        hw_text(w, STR(" · imported"));
    hw_close(w, "a");
}

static void put_who_and_when(struct visit *v, const struct view *p)
{
    struct hw *w = &v->w;
    hw_open_class(w, "div", STR("meta"));
    account_put_name(v, p->author);
    hw_text(w, STR(" "));
    put_when(v, p);
    hw_close(w, "div");
}

/* In a list nobody takes more room than a screen: two hundred empty lines would push everybody else away. */
static bool is_long(struct str text)
{
    size_t lines = 1;
    for (size_t i = 0; i < text.n; i++)
        lines += text.p[i] == '\n';
    return lines > ROW_LINES_MAX || (text.n > ROW_GRAPHEMES_MAX && uni_graphemes(text) > ROW_GRAPHEMES_MAX);
}

static void put_text(struct visit *v, const struct view *p, enum article_kind kind)
{
    struct hw *w = &v->w;
    const struct status *s = p->status;
    bool cut = kind != ARTICLE_BIG && is_long(s->text);
    hw_open_class(w, "div", cut ? STR("c long") : STR("c"));
    if (s->language.n > 0)
        hw_attr(w, "lang", s->language);
    hw_attr(w, "dir", STR("auto"));
    emojis_put_html(v, render_status_html(v->c, s->text, s->mentions));
    hw_close(w, "div");
    if (!cut)
        return;
    hw_open_class(w, "p", STR("small"));
    hw_link(w, article_path(v, p), STR("Read on"));
    hw_close(w, "p");
}

static bool is_veiled(const struct view *p)
{
    return p->status->spoiler.n > 0 || p->status->standing.kind == STANDING_SENSITIVE
           || p->author->standing.kind == STANDING_SENSITIVE;
}

static const char *quote_missing(enum quote_shown shown)
{
    switch (shown) {
    case SHOWN_REVOKED: return "The quoted author took the quote back.";
    case SHOWN_UNAUTHORIZED: return "What is quoted is not for you.";
    case SHOWN_ACCEPTED:
    case SHOWN_BLOCKED:
    case SHOWN_MUTED:
    case SHOWN_DELETED: break;
    }
    return "What is quoted was deleted.";
}

static void put_quoted(struct visit *v, const struct view *p)
{
    struct hw *w = &v->w;
    const struct view q = { .status = p->quoted, .author = p->quoted_author };
    bool veiled = p->shown != SHOWN_ACCEPTED || is_veiled(&q);
    put_who_and_when(v, &q);
    if (veiled) {
        hw_open_class(w, "details", STR("cw"));
        hw_open(w, "summary");
        hw_open(w, "span");
        emojis_put_text(v, p->shown == SHOWN_BLOCKED ? STR("By somebody you block")
                           : p->shown == SHOWN_MUTED ? STR("By somebody you mute")
                           : q.status->spoiler.n > 0 ? q.status->spoiler
                                                     : STR("Marked as sensitive by the moderators"));
        hw_close(w, "span");
        hw_close(w, "summary");
    }
    put_text(v, &q, ARTICLE_ROW);
    if (veiled)
        hw_close(w, "details");
}

static void put_card_picture(struct visit *v, const struct card_picture *picture)
{
    struct hw *w = &v->w;
    if (picture->hash.n == 0)
        return;
    hw_void(w, "img");
    hw_attr(w, "src", visit_relative(v, address_card_picture(v->c, picture->hash)));
    hw_attr(w, "alt", picture->description);
    hw_attr_i64(w, "width", picture->width);
    hw_attr_i64(w, "height", picture->height);
    hw_attr(w, "loading", STR("lazy"));
}

static void put_card_source(struct visit *v, const struct card *card)
{
    struct hw *w = &v->w;
    hw_open_class(w, "span", STR("small muted"));
    hw_text(w, card->provider);
    if (card->author.n > 0) {
        hw_text(w, STR(" · "));
        hw_text(w, card->author);
    }
    if (card->published_ms > 0) {
        hw_text(w, STR(" · "));
        hw_text(w, when_day(v->c->arena, card->published_ms));
    }
    hw_close(w, "span");
}

void article_card(struct visit *v, const struct card *card, bool with_picture)
{
    struct hw *w = &v->w;
    if (card->title.n == 0)
        return;
    hw_open_class(w, "a", STR("quote link"));
    hw_attr(w, "href", card->url);
    hw_attr(w, "rel", STR("nofollow noopener noreferrer"));
    hw_attr(w, "dir", STR("auto"));
    if (with_picture)
        put_card_picture(v, &card->picture);
    hw_el(w, "b", card->title);
    hw_text(w, STR(" "));
    hw_el(w, "span", card->description);
    hw_text(w, STR(" "));
    put_card_source(v, card);
    hw_close(w, "a");
}

/* What is marked as sensitive is not shown through its link either. */
static void put_card(struct visit *v, const struct view *p)
{
    article_card(v, &p->card, !p->status->sensitive && !p->blurred);
}

static void put_quote_of(struct visit *v, const struct view *p)
{
    struct hw *w = &v->w;
    if (p->quote == NULL)
        return;
    hw_open_class(w, "blockquote", STR("quote"));
    if (quote_is_shown(p->shown) && p->quoted != NULL)
        put_quoted(v, p);
    else
        hw_el_class(w, "p", STR("small muted"), str_c(quote_missing(p->shown)));
    hw_close(w, "blockquote");
}

/* may_act: not inside of another form. */
static void put_content(struct visit *v, const struct view *p, enum article_kind kind, bool may_act)
{
    put_text(v, p, kind);
    attach_put(v, p);
    poll_put(v, p, may_act);
    put_card(v, p);
    put_quote_of(v, p);
}

static void put_body(struct visit *v, const struct view *p, enum article_kind kind, bool may_act)
{
    struct hw *w = &v->w;
    if (!is_veiled(p) && p->filter.n == 0) {
        put_content(v, p, kind, may_act);
        return;
    }
    hw_open_class(w, "details", STR("cw"));
    hw_open(w, "summary");
    hw_open(w, "span");
    hw_attr(w, "dir", STR("auto"));
    if (p->filter.n > 0) {
        hw_text(w, STR("Filtered: "));
        hw_text(w, p->filter);
    } else {
        emojis_put_text(v,
                        p->status->spoiler.n > 0 ? p->status->spoiler : STR("Marked as sensitive by the moderators"));
    }
    hw_close(w, "span");
    hw_close(w, "summary");
    if (p->filter.n > 0 && p->status->spoiler.n > 0) {
        hw_open(w, "p");
        emojis_put_text(v, p->status->spoiler);
        hw_close(w, "p");
    }
    put_content(v, p, kind, may_act);
    hw_close(w, "details");
}

static void put_button(struct visit *v, const char *class_name, const char *what, const char *icon, const char *label,
                       bool on)
{
    struct hw *w = &v->w;
    hw_open(w, "button");
    if (on)
        hw_attr(w, "class", arena_strf(v->c->arena, "on %s", class_name));
    hw_attr(w, "name", STR("do"));
    hw_attr(w, "value", arena_strf(v->c->arena, "%s%s", on ? "un" : "", what));
    layout_icon(w, icon);
    layout_unseen(w, arena_strf(v->c->arena, "%s%s", on ? "Undo: " : "", label));
    hw_close(w, "button");
    hw_text(w, STR(" "));
}

static void put_menu_button(struct visit *v, const char *what, const char *label)
{
    form_button(v, STR("item"), "do", str_c(what), str_c(label));
}

/* Sends the menu's form elsewhere. */
static void put_translate(struct visit *v, long long id)
{
    struct hw *w = &v->w;
    hw_open_class(w, "button", STR("item"));
    hw_attr(w, "formaction", arena_strf(v->c->arena, "/parleys/%lld/translate", id));
    hw_text(w, STR("Translate"));
    hw_close(w, "button");
    hw_text(w, STR(" "));
}

static void put_menu(struct visit *v, const struct view *p)
{
    struct hw *w = &v->w;
    long long id = (long long)p->status->id;
    bool mine = p->author->id == v->c->me->id;
    hw_open_class(w, "details", STR("menu"));
    hw_open(w, "summary");
    layout_icon(w, "dots");
    layout_unseen(w, STR("More"));
    hw_close(w, "summary");
    hw_open(w, "div");
    if (translator_is_on(v->c) && p->status->visibility <= VIS_UNLISTED && p->status->text.n > 0)
        put_translate(v, id);
    put_menu_button(v, p->marks.muted ? "unmute" : "mute", p->marks.muted ? "Hear of this thread" : "Mute this thread");
    if (mine && p->status->visibility != VIS_DIRECT)
        put_menu_button(v, p->marks.pinned ? "unpin" : "pin", p->marks.pinned ? "Unpin" : "Pin to your page");
    if (mine || quote_policy_of(p->status->visibility, p->status->quote_policy) != QUOTE_NOBODY) {
        hw_link(w, arena_strf(v->c->arena, "/write?quote=%lld", id), STR("Quote"));
        hw_text(w, STR(" "));
    }
    if (p->quote != NULL && p->quote->quoted_account_id == v->c->me->id && p->shown == SHOWN_ACCEPTED)
        put_menu_button(v, "unquote", "Take the quote of you back");
    if (mine) {
        hw_link(w, arena_strf(v->c->arena, "/parleys/%lld/policy", id), STR("Who may quote and answer"));
        hw_text(w, STR(" "));
        hw_link(w, arena_strf(v->c->arena, "/parleys/%lld/edit", id), STR("Edit"));
        hw_text(w, STR(" "));
        hw_link(w, arena_strf(v->c->arena, "/parleys/%lld/delete", id), STR("Delete"));
    } else {
        hw_link(w, arena_strf(v->c->arena, "/report?account=%lld&status=%lld", (long long)p->author->id, id),
                STR("Report"));
        hw_text(w, STR(" "));
        if (staff_acts(v->c))
            hw_link(w, arena_strf(v->c->arena, "/moderation/parleys/%lld", id), STR("Moderate"));
    }
    hw_close(w, "div");
    hw_close(w, "details");
}

static void put_reply(struct visit *v, const struct view *p)
{
    struct hw *w = &v->w;
    hw_open(w, "a");
    hw_attr(w, "href", arena_strf(v->c->arena, "/write?reply=%lld", (long long)p->status->id));
    layout_icon(w, "reply");
    layout_unseen(w, STR("Reply"));
    if (p->status->replies_count > 0) {
        hw_text(w, STR(" "));
        hw_i64(w, p->status->replies_count);
    }
    hw_close(w, "a");
    hw_text(w, STR(" "));
}

static void put_actions(struct visit *v, const struct view *p)
{
    bool may_echo = p->status->visibility <= VIS_UNLISTED
                    || (p->status->visibility == VIS_PRIVATE && p->author->id == v->c->me->id);
    struct str back = arena_strf(v->c->arena, STR_FMT "#p%lld", STR_ARG(visit_here(v)), (long long)p->status->id);
    form_open(v, arena_strf(v->c->arena, "/parleys/%lld/do", (long long)p->status->id), STR("acts"));
    form_hidden(v, "back", back);
    put_reply(v, p);
    if (may_echo || p->marks.reblogged)
        put_button(v, "echo", "echo", "echo", "Echo", p->marks.reblogged);
    put_button(v, "fav", "favourite", "favourite", "Favourite", p->marks.favourited);
    put_button(v, "mark", "bookmark", "bookmark", "Bookmark", p->marks.bookmarked);
    put_menu(v, p);
    form_close(v);
}

static void put_count(struct visit *v, const struct view *p, int64_t n, const char *one, const char *many,
                      const char *page)
{
    struct hw *w = &v->w;
    if (n == 0)
        return;
    hw_link(w, arena_strf(v->c->arena, STR_FMT "/%s", STR_ARG(article_path(v, p)), page),
            arena_strf(v->c->arena, "%lld %s", (long long)n, n == 1 ? one : many));
    hw_text(w, STR(" "));
}

static void put_facts(struct visit *v, const struct view *p)
{
    struct hw *w = &v->w;
    const struct status *s = p->status;
    hw_open_class(w, "p", STR("facts"));
    when_full(v, s->created_ms);
    hw_text(w, STR(" "));
    hw_el(w, "span", reach_words(s->visibility));
    hw_text(w, STR(" "));
    put_count(v, p, s->reblogs_count, "echo", "echoes", "echoes");
    put_count(v, p, s->favourites_count, "favourite", "favourites", "favourites");
    put_count(v, p, s->quotes_count, "quote", "quotes", "quotes");
    if (s->edited_ms != 0)
        hw_link(w, arena_strf(v->c->arena, STR_FMT "/history", STR_ARG(article_path(v, p))), STR("Edited"));
    if (s->imported != IMPORT_NONE)
        hw_el(w, "span", s->imported == IMPORT_X ? STR("Imported from X or Twitter") : STR("Imported from Mastodon"));
    if (s->reply_policy != REPLY_ANYBODY)
        hw_el(w, "span", reply_words(s->reply_policy));
    hw_close(w, "p");
}

/* What moderators did to it, for its author and for them. */
static void put_standing(struct visit *v, const struct view *p)
{
    struct str words = { 0 };
    switch (p->status->standing.kind) {
    case STANDING_HELD: words = STR("Held by the moderators: others do not see it for now."); break;
    case STANDING_REMOVED: words = STR("Removed by the moderators."); break;
    case STANDING_LIMITED: words = STR("Limited by the moderators: strangers do not find it in lists."); break;
    case STANDING_NORMAL:
    case STANDING_SENSITIVE:
    case STANDING_FROZEN:
    case STANDING_SUSPENDED: return;
    }
    hw_open_class(&v->w, "p", STR("small faint"));
    hw_text(&v->w, words);
    hw_text(&v->w, STR(" "));
    hw_text(&v->w, p->status->standing.reason);
    hw_close(&v->w, "p");
}

void article_put(struct visit *v, const struct view *p, enum article_kind kind)
{
    struct hw *w = &v->w;
    if (p->status == NULL)
        return;
    visit_shows(v, p->status->id);
    hw_open_class(w, "article",
                  kind == ARTICLE_BIG   ? STR("post big")
                  : kind == ARTICLE_ROW ? STR("post")
                                        : STR("post child"));
    hw_attr(w, "id", arena_strf(v->c->arena, "p%lld", (long long)p->status->id));
    put_context(v, p, kind != ARTICLE_BIG);
    account_put_avatar(v, p->author, "av");
    hw_open(w, "div");
    put_who_and_when(v, p);
    put_body(v, p, kind, true);
    put_standing(v, p);
    if (kind == ARTICLE_BIG)
        put_facts(v, p);
    if (v->c->me != NULL)
        put_actions(v, p);
    hw_close(w, "div");
    hw_close(w, "article");
}

/* An echo and what it echoes, or two echoes of one parley, on one page: the first stands for all. */
static bool stands_above(const struct view *p, int64_t i)
{
    for (int64_t k = i > REPEATS_WITHIN ? i - REPEATS_WITHIN : 0; k < i; k++)
        if (p[k].status != NULL && p[k].status->id == p[i].status->id)
            return true;
    return false;
}

void article_list(struct visit *v, const struct view *p, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        if (p[i].status != NULL && !stands_above(p, i))
            article_put(v, &p[i], ARTICLE_ROW);
}

void article_quote(struct visit *v, const struct view *p)
{
    struct hw *w = &v->w;
    if (p->status == NULL)
        return;
    hw_open_class(w, "article", STR("post"));
    account_put_avatar(v, p->author, "av");
    hw_open(w, "div");
    put_who_and_when(v, p);
    put_body(v, p, ARTICLE_BIG, false);
    hw_close(w, "div");
    hw_close(w, "article");
}
