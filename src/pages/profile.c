/* SPDX-License-Identifier: Apache-2.0 */
#include "base/jw.h"
#include "core/account.h"
#include "core/address.h"
#include "core/mention.h"
#include "core/relation.h"
#include "core/render.h"
#include "core/status.h"
#include "core/tag_mark.h"
#include "model/site.h"
#include "pages/article.h"
#include "pages/emojis.h"
#include "pages/form.h"
#include "pages/layout.h"
#include "pages/pager.h"
#include "pages/people.h"
#include "pages/routes.h"
#include "pages/standing.h"
#include "pages/when.h"
#include "store/account.h"
#include "store/moves.h"

/* A member's page: who they are, what they said, whom they follow and recommend. */
#define ENDORSED_SHOWN 12
#define FAMILIAR_SHOWN 3

/* schema.org ProfilePage */
static struct str linked_data(struct visit *v, const struct account *a)
{
    struct jw w = jw_on(v->c->arena);
    w.in_script = true;
    jw_obj(&w);
    jw_kstr(&w, STR("@context"), STR("https://schema.org"));
    jw_kstr(&w, STR("@type"), STR("ProfilePage"));
    jw_ktime(&w, STR("dateCreated"), a->created_ms);
    jw_kobj(&w, STR("mainEntity"));
    jw_kstr(&w, STR("@type"), STR("Person"));
    jw_kstr(&w, STR("name"), account_name(a));
    jw_kstr(&w, STR("alternateName"), arena_strf(v->c->arena, "@" STR_FMT, STR_ARG(a->username)));
    jw_kstr(&w, STR("identifier"), address_account(v->c, a->username));
    jw_kstr(&w, STR("description"), a->note);
    jw_kstr(&w, STR("image"), address_avatar(v->c, a));
    jw_obj_end(&w);
    jw_obj_end(&w);
    return jw_end(&w);
}

static struct sheet sheet_of(struct visit *v, const struct account *a)
{
    bool mine = v->c->me != NULL && v->c->me->id == a->id;
    return (struct sheet){
        .title = arena_strf(v->c->arena, STR_FMT " (@" STR_FMT ")", STR_ARG(account_name(a)), STR_ARG(a->username)),
        .heading = account_name(a),
        .sub = arena_strf(v->c->arena, "%lld parleys", (long long)a->statuses_count),
        .nav = mine ? "you" : NULL,
        .index = a->indexable && a->standing.kind == STANDING_NORMAL,
        .path = account_path(v, a),
        .description = a->note,
        .image = address_avatar(v->c, a),
        .og_type = STR("profile"),
        .atom = arena_strf(v->c->arena, STR_FMT ".atom", STR_ARG(account_path(v, a))),
        .ld = linked_data(v, a),
    };
}

static void put_button(struct visit *v, const char *what, const char *label)
{
    form_button(v, STR("item"), "do", str_c(what), str_c(label));
}

static void put_menu(struct visit *v, const struct account *a, const struct relation *r)
{
    struct hw *w = &v->w;
    long long id = (long long)a->id;
    hw_open_class(w, "details", STR("menu"));
    hw_open_class(w, "summary", STR("btn"));
    layout_icon(w, "dots");
    layout_unseen(w, STR("More"));
    hw_close(w, "summary");
    hw_open(w, "div");
    hw_link(w, arena_strf(v->c->arena, "/write?text=%%40" STR_FMT "%%20", STR_ARG(a->username)), STR("Mention"));
    if (r->following) {
        hw_link(w, arena_strf(v->c->arena, "/people/%lld/lists", id), STR("Lists"));
        put_button(v, r->notifying ? "unnotify" : "notify",
                   r->notifying ? "Stop telling me" : "Tell me when they write");
        put_button(v, r->showing_reblogs ? "unechoes" : "echoes",
                   r->showing_reblogs ? "Hide their echoes" : "Show their echoes");
        put_button(v, r->endorsed ? "unendorse" : "endorse",
                   r->endorsed ? "Stop recommending" : "Recommend on my page");
    }
    if (r->followed_by)
        put_button(v, "drop", "Remove from my followers");
    if (r->muting)
        put_button(v, "unmute", "Unmute");
    else
        hw_link(w, arena_strf(v->c->arena, "/people/%lld/mute", id), STR("Mute"));
    hw_text(w, STR(" "));
    put_button(v, "block", "Block");
    hw_link(w, arena_strf(v->c->arena, "/report?account=%lld", id), STR("Report"));
    hw_close(w, "div");
    hw_close(w, "details");
}

static void put_buttons(struct visit *v, const struct account *a, const struct relation *r)
{
    struct hw *w = &v->w;
    if (v->c->me == NULL)
        return;
    if (v->c->me->id == a->id) {
        hw_open_class(w, "p", STR("row"));
        layout_button(v, "btn", STR("/settings/profile"), STR("Edit profile"));
        layout_button(v, "btn", STR("/more"), STR("Settings and lists"));
        hw_close(w, "p");
        return;
    }
    form_open(v, arena_strf(v->c->arena, "/people/%lld/do", (long long)a->id), STR("row"));
    form_hidden(v, "back", visit_here(v));
    if (r->requested_by) {
        form_button(v, STR("btn p"), "do", STR("accept"), STR("Accept as follower"));
        form_button(v, STR("btn"), "do", STR("reject"), STR("Reject"));
    }
    people_follow_button(v, r);
    put_menu(v, a, r);
    form_close(v);
}

static void put_badge(struct hw *w, bool on, const char *text)
{
    if (!on)
        return;
    hw_el_class(w, "span", STR("badge"), str_c(text));
    hw_text(w, STR(" "));
}

static void put_badges(struct visit *v, const struct account *a, const struct relation *r)
{
    struct hw *w = &v->w;
    hw_open(w, "p");
    put_badge(w, a->role == ROLE_OWNER, "Owner");
    put_badge(w, a->role == ROLE_ADMIN, "Admin");
    put_badge(w, a->role == ROLE_MODERATOR, "Moderator");
    put_badge(w, a->bot, "Automated");
    put_badge(w, a->locked, "Approves followers");
    put_badge(w, r->followed_by, "Follows you");
    put_badge(w, r->muting, "Muted");
    put_badge(w, a->standing.kind == STANDING_LIMITED, "Limited by the moderators");
    put_badge(w, a->standing.kind == STANDING_FROZEN, "Frozen");
    put_badge(w, a->standing.kind == STANDING_SUSPENDED, "Suspended"); /* only moderators come so far */
    hw_close(w, "p");
}

static void put_fields(struct visit *v, const struct account *a)
{
    struct hw *w = &v->w;
    const struct profile_field *f = NULL;
    int64_t n = profile_fields(v->c->arena, a->fields, &f);
    if (n == 0)
        return;
    hw_open_class(w, "dl", STR("fields"));
    for (int64_t i = 0; i < n; i++) {
        hw_open(w, "div");
        hw_open(w, "dt");
        hw_attr(w, "dir", STR("auto"));
        emojis_put_text(v, f[i].name);
        hw_close(w, "dt");
        hw_open(w, "dd");
        hw_attr(w, "dir", STR("auto"));
        emojis_put_html(v, render_profile_html(v->c, f[i].value, a->mentions, true));
        hw_close(w, "dd");
        hw_close(w, "div");
    }
    hw_close(w, "dl");
}

static void put_tags(struct visit *v, const struct account *a, const struct featured_tag *tags, int64_t n)
{
    struct hw *w = &v->w;
    if (n == 0 || (a->hides & HIDES_FEATURED) != 0)
        return;
    hw_open_class(w, "p", STR("facts"));
    for (int64_t i = 0; i < n; i++) {
        struct str path = account_path(v, a);
        struct str name = http_percent_encode(v->c->arena, tags[i].name);
        hw_link(w, arena_strf(v->c->arena, STR_FMT "/tagged/" STR_FMT, STR_ARG(path), STR_ARG(name)),
                arena_strf(v->c->arena, "#" STR_FMT, STR_ARG(tags[i].name)));
    }
    hw_close(w, "p");
}

static void put_name(struct visit *v, const struct account *a)
{
    struct hw *w = &v->w;
    hw_open(w, "a");
    hw_attr(w, "href", account_path(v, a));
    hw_attr(w, "dir", STR("auto"));
    hw_text(w, account_name(a));
    hw_close(w, "a");
    hw_text(w, STR(" "));
}

/* Whom this member recommends. */
static enum err put_endorsed(struct visit *v, const struct account *a)
{
    const struct page p = { .limit = ENDORSED_SHOWN };
    struct account *people[ENDORSED_SHOWN];
    struct account_page found = { 0 };
    struct hw *w = &v->w;
    TRY(relation_accounts(v->c, RELATION_ENDORSED, a->id, &p, &found));
    if (found.n == 0)
        return OK;
    TRY(store_account_load(v->c, found.ids, found.n, people));
    hw_open_class(w, "p", STR("facts"));
    hw_el(w, "span", STR("Recommends"));
    hw_text(w, STR(" "));
    for (int64_t i = 0; i < found.n; i++) {
        visit_shows(v, found.ids[i]);
        if (people[i] != NULL)
            put_name(v, people[i]);
    }
    if (found.n == ENDORSED_SHOWN)
        hw_link(w, arena_strf(v->c->arena, STR_FMT "/recommends", STR_ARG(account_path(v, a))), STR("all"));
    hw_close(w, "p");
    return OK;
}

/* Who follows them of those whom the reader follows. */
static enum err put_familiar(struct visit *v, const struct account *a)
{
    struct account *people[FAMILIAR_SHOWN];
    struct familiar *f = NULL;
    struct hw *w = &v->w;
    int64_t n = 0;
    if (v->c->me == NULL || v->c->me->id == a->id)
        return OK;
    TRY(relation_familiar(v->c, &a->id, 1, &f, &n));
    if (n == 0 || f->n == 0)
        return OK;
    int64_t shown = f->n < FAMILIAR_SHOWN ? f->n : FAMILIAR_SHOWN;
    TRY(store_account_load(v->c, f->accounts, shown, people));
    hw_open_class(w, "p", STR("facts"));
    hw_el(w, "span", STR("Followed by"));
    hw_text(w, STR(" "));
    for (int64_t i = 0; i < shown; i++)
        if (people[i] != NULL)
            put_name(v, people[i]);
    hw_el(w, "span", f->n > shown ? STR("and others whom you follow") : STR("whom you follow"));
    hw_close(w, "p");
    return OK;
}

static void put_counts(struct visit *v, const struct account *a)
{
    struct hw *w = &v->w;
    struct str path = account_path(v, a);
    hw_open_class(w, "p", STR("facts"));
    hw_link(w, arena_strf(v->c->arena, STR_FMT "/following", STR_ARG(path)),
            arena_strf(v->c->arena, "Follows %lld", (long long)a->following_count));
    hw_text(w, STR(" "));
    hw_link(w, arena_strf(v->c->arena, STR_FMT "/followers", STR_ARG(path)),
            arena_strf(v->c->arena, "%lld %s", (long long)a->followers_count,
                       a->followers_count == 1 ? "follower" : "followers"));
    hw_text(w, STR(" "));
    hw_open(w, "span");
    hw_text(w, STR("Here since "));
    hw_text(w, when_day(v->c->arena, a->created_ms));
    hw_close(w, "span");
    hw_close(w, "p");
}

/* Here it is more than an ornament beside a name. */
static void put_avatar(struct visit *v, const struct account *a)
{
    struct hw *w = &v->w;
    hw_void(w, "img");
    hw_attr(w, "class", STR("av"));
    hw_attr(w, "src", visit_relative(v, address_avatar(v->c, a)));
    hw_attr(w, "alt", a->avatar_text);
    hw_attr_i64(w, "width", 88);
    hw_attr_i64(w, "height", 88);
}

static enum err put_moved(struct visit *v, const struct account *a)
{
    struct moves m = { 0 };
    struct str name = account_name(a);
    TRY(store_moves_find(v->c, a->id, &m));
    if (m.moved_to.p != NULL)
        layout_note(v, "info",
                    arena_strf(v->c->arena, STR_FMT " has moved to " STR_FMT ".", STR_ARG(name), STR_ARG(m.moved_to)));
    return OK;
}

static enum err put_head(struct visit *v, const struct account *a, const struct relation *r)
{
    struct featured_tag *tags = NULL;
    int64_t tags_n = 0;
    TRY(tag_featured(v->c, a->id, &tags, &tags_n));
    TRY(put_moved(v, a));
    struct hw *w = &v->w;
    hw_open_class(w, "div", STR("cover"));
    if (a->header.p != NULL) {
        hw_void(w, "img");
        hw_attr(w, "src", visit_relative(v, address_header(v->c, a)));
        hw_attr(w, "alt", a->header_text);
    }
    hw_close(w, "div");
    hw_open_class(w, "div", STR("hello"));
    hw_open_class(w, "div", STR("top-row"));
    put_avatar(v, a);
    put_buttons(v, a, r);
    hw_close(w, "div");
    hw_open_class(w, "p", STR("name"));
    hw_attr(w, "dir", STR("auto"));
    emojis_put_text(v, account_name(a));
    hw_close(w, "p");
    hw_open_class(w, "p", STR("muted"));
    hw_text(w, STR("@"));
    hw_text(w, a->username);
    hw_text(w, STR("@"));
    hw_text(w, v->c->site->domain);
    hw_close(w, "p");
    put_badges(v, a, r);
    hw_open_class(w, "div", STR("c"));
    hw_attr(w, "dir", STR("auto"));
    emojis_put_html(v, render_profile_html(v->c, a->note, a->mentions, false));
    hw_close(w, "div");
    put_fields(v, a);
    put_tags(v, a, tags, tags_n);
    put_counts(v, a);
    TRY(put_familiar(v, a));
    TRY(put_endorsed(v, a));
    hw_close(w, "div");
    return OK;
}

enum tab { TAB_PARLEYS, TAB_REPLIES, TAB_MEDIA, TAB_TAGGED };

static void put_tabs(struct visit *v, const struct account *a, enum tab at)
{
    struct hw *w = &v->w;
    struct str path = account_path(v, a);
    hw_open_class(w, "nav", STR("tabs"));
    hw_attr(w, "aria-label", STR("Parleys of this member"));
    layout_tab(v, path, "Parleys", at == TAB_PARLEYS);
    layout_tab(v, arena_strf(v->c->arena, STR_FMT "/with_replies", STR_ARG(path)), "With answers", at == TAB_REPLIES);
    if ((a->hides & HIDES_MEDIA) == 0 || at == TAB_MEDIA)
        layout_tab(v, arena_strf(v->c->arena, STR_FMT "/media", STR_ARG(path)), "Media", at == TAB_MEDIA);
    hw_close(w, "nav");
}

static enum err load(struct ctx *c, const struct author_page *ask, const struct page *p, struct status_page *found,
                     struct view **out)
{
    TRY(status_of_author(c, ask, p, found));
    *out = ARENA_ARRAY(c->arena, (size_t)found->n + 1, struct view);
    TRY(view_load(c, found->rows, found->n, *out));
    return view_filter(c, FILTER_ACCOUNT, *out, found->n);
}

static void put_pinned(struct visit *v, const struct view *pinned, int64_t n)
{
    struct hw *w = &v->w;
    if (n == 0)
        return;
    hw_open(w, "section");
    hw_attr(w, "aria-label", STR("Pinned"));
    hw_open_class(w, "p", STR("pad small muted row"));
    layout_icon(w, "pin");
    hw_text(w, STR("Pinned"));
    hw_close(w, "p");
    article_list(v, pinned, n);
    hw_close(w, "section");
}

static enum err find(struct visit *v, struct account **a, struct relation *r)
{
    TRY(account_lookup(v->c, v->q->args[0], a));
    *r = (struct relation){ 0 };
    return v->c->me == NULL || v->c->me->id == (*a)->id ? OK : relation_get(v->c, (*a)->id, r);
}

static enum err show(struct visit *v, enum tab tab)
{
    static const char *const tails[] = { "", "/with_replies", "/media", "/tagged/" };
    struct str tag = tab == TAB_TAGGED ? v->q->args[1] : (struct str){ 0 };
    struct str encoded = http_percent_encode(v->c->arena, tag);
    struct str tail = arena_strf(v->c->arena, "%s" STR_FMT, tails[tab], STR_ARG(encoded));
    struct account *a = NULL;
    struct relation r = { 0 };
    struct page p = pager_read(v);
    struct status_page found = { 0 };
    struct status_page pins = { 0 };
    struct view *rows = NULL;
    struct view *pinned = NULL;
    bool first = p.max_id == 0 && p.min_id == 0;
    TRY(find(v, &a, &r));
    TRY(load(v->c,
             &(struct author_page){ .account_id = a->id,
                                    .exclude_replies = tab == TAB_PARLEYS
                                                       || (tab == TAB_MEDIA && (a->hides & HIDES_MEDIA_REPLIES) != 0),
                                    .only_media = tab == TAB_MEDIA,
                                    .tagged = tag },
             &p, &found, &rows));
    if (tab == TAB_PARLEYS && first)
        TRY(load(v->c, &(struct author_page){ .account_id = a->id, .pinned = true }, &p, &pins, &pinned));
    const struct sheet s = sheet_of(v, a);
    visit_shows(v, a->id);
    layout_begin(v, &s);
    TRY(put_head(v, a, &r));
    TRY(standing_box(v, a, NULL, false));
    struct str path = account_path(v, a);
    put_tabs(v, a, tab);
    put_pinned(v, pinned, pins.n);
    article_list(v, rows, found.n);
    if (found.n == 0 && first && !found.more)
        layout_empty(v, STR("No parleys yet"), STR("Nothing that you could read here."));
    pager_put(v, arena_strf(v->c->arena, STR_FMT STR_FMT, STR_ARG(path), STR_ARG(tail)), &p, found.more ? p.limit : 0,
              found.first, found.last);
    return layout_end(v, &s);
}

enum err page_profile(struct visit *v)
{
    return show(v, TAB_PARLEYS);
}

enum err page_profile_replies(struct visit *v)
{
    return show(v, TAB_REPLIES);
}

enum err page_profile_media(struct visit *v)
{
    return show(v, TAB_MEDIA);
}

enum err page_profile_tagged(struct visit *v)
{
    return show(v, TAB_TAGGED);
}

enum err page_you(struct visit *v)
{
    return visit_go(v, account_path(v, v->c->me));
}

static enum err show_people(struct visit *v, enum relation_page which, const char *word)
{
    struct account *a = NULL;
    struct relation r = { 0 };
    struct account_page found = { 0 };
    struct people list = { 0 };
    struct page p = pager_read(v);
    TRY(find(v, &a, &r));
    TRY(relation_accounts(v->c, which, a->id, &p, &found));
    TRY(people_load(v->c, found.ids, found.n, &list));
    struct str name = a->username;
    struct str title = which == RELATION_FOLLOWERS ? arena_strf(v->c->arena, "Who follows @" STR_FMT, STR_ARG(name))
                       : which == RELATION_FOLLOWING
                           ? arena_strf(v->c->arena, "Whom @" STR_FMT " follows", STR_ARG(name))
                           : arena_strf(v->c->arena, "Whom @" STR_FMT " recommends", STR_ARG(name));
    const struct sheet s = { .title = title };
    layout_begin(v, &s);
    people_put(v, &list, PEOPLE_FOLLOW);
    if (found.n == 0)
        layout_empty(v, STR("Nobody to show"),
                     a->hide_collections && which != RELATION_ENDORSED ? STR("This member keeps it to themselves.")
                                                                       : STR("Not yet."));
    pager_put(v, arena_strf(v->c->arena, STR_FMT "/%s", STR_ARG(account_path(v, a)), word), &p, found.n, found.first,
              found.last);
    return layout_end(v, &s);
}

enum err page_followers(struct visit *v)
{
    return show_people(v, RELATION_FOLLOWERS, "followers");
}

enum err page_recommends(struct visit *v)
{
    return show_people(v, RELATION_ENDORSED, "recommends");
}

enum err page_following(struct visit *v)
{
    return show_people(v, RELATION_FOLLOWING, "following");
}
