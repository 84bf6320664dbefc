/* SPDX-License-Identifier: Apache-2.0 */
#include "api/entity.h"

#include <assert.h>

#include "base/clock.h"
#include "base/id.h"
#include "core/address.h"
#include "core/attachment.h"
#include "core/card.h"
#include "core/emoji.h"
#include "core/filter.h"
#include "core/mention.h"
#include "core/poll.h"
#include "core/quote.h"
#include "core/render.h"
#include "core/visible.h"
#include "model/import.h"
#include "model/site.h"
#include "store/account.h"
#include "store/app.h"
#include "store/status.h"

/* A writer that also notes where a value is left out. */
struct template
{
    struct jw w;
    struct rendered *out;
};

/* Further keys of an object, or a value after its key. */
static void hole_here(struct template *t, enum slot_kind kind, int64_t id)
{
    assert(t->out->slots_n < SLOTS_MAX);
    t->out->slots[t->out->slots_n++] = (struct slot){ .at = (uint32_t)t->w.b.n, .kind = kind, .id = id };
}

static void hole(struct template *t, enum slot_kind kind, int64_t id)
{
    jw_raw(&t->w, STR(""));
    hole_here(t, kind, id);
}

static void key_hole(struct template *t, struct str key, enum slot_kind kind, int64_t id)
{
    jw_key(&t->w, key);
    hole(t, kind, id);
}

static void put_mentions(struct ctx *c, struct jw *w, struct rendered *out, struct str mentions)
{
    const struct mention *m = NULL;
    int64_t n = mention_list(c->arena, mentions, &m);
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)n + 1, int64_t);
    jw_karr(w, STR("mentions"));
    for (int64_t i = 0; i < n; i++) {
        ids[i] = m[i].id;
        jw_obj(w);
        jw_kid(w, STR("id"), m[i].id);
        jw_kstr(w, STR("username"), m[i].username);
        jw_kstr(w, STR("url"), address_account(c, m[i].username));
        jw_kstr(w, STR("acct"), m[i].acct);
        jw_obj_end(w);
    }
    jw_arr_end(w);
    out->mention_ids = ids;
    out->mentions_n = (uint32_t)n;
}

static void put_tags(struct ctx *c, struct jw *w, struct str tags)
{
    const struct str *names = NULL;
    int64_t n = tag_list(c->arena, tags, &names);
    jw_karr(w, STR("tags"));
    for (int64_t i = 0; i < n; i++) {
        jw_obj(w);
        jw_kstr(w, STR("name"), names[i]);
        jw_kstr(w, STR("url"), address_tag(c, names[i]));
        jw_obj_end(w);
    }
    jw_arr_end(w);
}

/* Ours: other servers have no such key, and clients pass over it. */
static void put_origin(struct jw *w, const struct status *s)
{
    if (s->imported == IMPORT_NONE)
        return;
    jw_kobj(w, STR("parley"));
    jw_kstr(w, STR("imported_from"), s->imported == IMPORT_X ? STR("x") : STR("mastodon"));
    jw_obj_end(w);
}

static enum err put_application(struct ctx *c, struct jw *w, int64_t app_id)
{
    struct app *app = NULL;
    struct str name = { 0 };
    struct str website = { 0 };
    if (c->session != NULL && c->session->app_id == app_id) {
        name = c->session->app_name;
        website = c->session->app_website;
    }
    if (app_id != 0 && name.p == NULL)
        TRY(store_app_find(c, app_id, &app));
    if (app != NULL) {
        name = app->name;
        website = app->website;
    }
    jw_key(w, STR("application"));
    if (name.p == NULL) {
        jw_null(w);
        return OK;
    }
    jw_obj(w);
    jw_kstr(w, STR("name"), name);
    jw_knull_str(w, STR("website"), website);
    jw_obj_end(w);
    return OK;
}

static void put_head(struct ctx *c, struct jw *w, const struct status *s, const struct account *author)
{
    bool veiled = s->sensitive || s->standing.kind == STANDING_SENSITIVE || author->standing.kind == STANDING_SENSITIVE;
    jw_kid(w, STR("id"), s->id);
    jw_ktime(w, STR("created_at"), s->created_ms);
    jw_kid(w, STR("in_reply_to_id"), s->in_reply_to_id);
    jw_kid(w, STR("in_reply_to_account_id"), s->in_reply_to_account_id);
    jw_kbool(w, STR("sensitive"), veiled);
    jw_kstr(w, STR("spoiler_text"), s->spoiler);
    jw_kstr(w, STR("visibility"), visibility_word(s->visibility));
    jw_knull_str(w, STR("language"), s->language);
    jw_kstr(w, STR("uri"), s->uri.p != NULL ? s->uri : address_status_uri(c, author->username, s->id));
    jw_kstr(w, STR("url"), address_status(c, author->username, s->id));
    jw_ktime(w, STR("edited_at"), s->edited_ms);
}

/* It is over at a known time, and says so from then on: not in these bytes. */
static void put_poll(struct ctx *c, struct template *t, const struct poll *p)
{
    entity_poll_open(c, &t->w, p);
    hole_here(t, SLOT_VOTE, p->status_id);
    jw_obj_end(&t->w);
    t->out->poll_round = p->round;
    if (!poll_is_over(p, c->now_ms) && (t->out->good_until_ms == 0 || t->out->good_until_ms > p->expires_ms))
        t->out->good_until_ms = p->expires_ms;
}

static void put_quote(struct template *t, const struct status *s, const struct quote *q)
{
    jw_key(&t->w, STR("quote"));
    if (q == NULL) {
        jw_null(&t->w);
        return;
    }
    hole(t, SLOT_QUOTE, s->id);
    t->out->quoted_id = q->quoted_id;
    t->out->quoted_account_id = q->quoted_account_id;
    t->out->quote_state = q->state;
}

static void put_approval(struct template *t, const struct status *s)
{
    struct jw *w = &t->w;
    enum quote_policy p = quote_policy_of(s->visibility, s->quote_policy);
    t->out->quote_policy = p;
    jw_kobj(w, STR("quote_approval"));
    jw_karr(w, STR("automatic"));
    if (p != QUOTE_NOBODY)
        jw_str(w, quote_policy_word(p));
    jw_arr_end(w);
    jw_karr(w, STR("manual"));
    jw_arr_end(w);
    key_hole(t, STR("current_user"), SLOT_APPROVAL, s->id);
    jw_obj_end(w);
}

static void put_tail(struct ctx *c, struct template *t, const struct status *s, const struct account *author,
                     const struct status_more *more)
{
    struct jw *w = &t->w;
    entity_attachments(c, w, attachment_is_withheld(s, author), &more->media);
    const struct str texts[] = { s->text, s->spoiler, more->poll == NULL ? STR("") : more->poll->titles };
    emoji_put_used(c, w, texts, 3);
    jw_key(w, STR("card"));
    if (more->card.n > 0)
        jw_raw(w, more->card);
    else
        jw_null(w);
    if (more->card_pending)
        t->out->good_until_ms = c->now_ms + CARD_WAIT_MS;
    else if (more->has_card_picture)
        t->out->good_until_ms = c->now_ms + CARD_SHOWN_MS;
    jw_key(w, STR("poll"));
    if (more->poll == NULL)
        jw_null(w);
    else
        put_poll(c, t, more->poll);
    put_quote(t, s, more->quote);
    put_approval(t, s);
    jw_ki64(w, STR("quotes_count"), s->quotes_count);
    jw_kstr(w, STR("reply_policy"), reply_policy_word(s->reply_policy));
}

/* An echo's content repeats that of the echoed parley (Mastodon does, and clients read it). */
static void put_content(struct ctx *c, struct template *t, const struct status *s)
{
    if (s->reblog_of_id != 0) {
        key_hole(t, STR("content"), SLOT_CONTENT, s->reblog_of_id);
        key_hole(t, STR("reblog"), SLOT_STATUS, s->reblog_of_id);
        return;
    }
    jw_key(&t->w, STR("content"));
    t->out->content_at = (uint32_t)t->w.b.n;
    jw_str(&t->w, render_status_html(c, s->text, s->mentions));
    t->out->content_n = (uint32_t)t->w.b.n - t->out->content_at;
    jw_knull(&t->w, STR("reblog"));
}

enum err entity_render_status(struct ctx *c, const struct status *s, const struct account *author,
                              const struct status_more *more, struct rendered *out)
{
    *out = (struct rendered){
        .id = s->id,
        .emojis = c->site->emojis.version,
        .counts = { .replies = s->replies_count, .reblogs = s->reblogs_count, .favourites = s->favourites_count },
        .account_id = s->account_id,
        .thread_id = s->thread_id,
        .reblog_of_id = s->reblog_of_id,
        .reblog_of_account_id = s->reblog_of_account_id,
        .edited_ms = s->edited_ms,
        .visibility = s->visibility,
        .standing = s->standing.kind,
    };
    struct template t = { .w = jw_on(c->arena), .out = out };
    struct jw *w = &t.w;

    jw_obj(w);
    put_head(c, w, s, author);
    jw_ki64(w, STR("replies_count"), s->replies_count);
    jw_ki64(w, STR("reblogs_count"), s->reblogs_count);
    jw_ki64(w, STR("favourites_count"), s->favourites_count);
    put_content(c, &t, s);
    TRY(put_application(c, w, s->app_id));
    put_origin(w, s);
    key_hole(&t, STR("account"), SLOT_ACCOUNT, s->account_id);
    put_mentions(c, w, out, s->mentions);
    put_tags(c, w, s->tags);
    put_tail(c, &t, s, author, more);
    hole_here(&t, SLOT_MARKS, s->id);
    jw_obj_end(w);
    out->bytes = jw_end(w);
    if (s->reblog_of_id == 0)
        out->match = filter_text(c, s, more->poll, &more->media);
    return OK;
}

static void put_roles(struct jw *w, enum role role)
{
    static const struct str names[] = { STR(""), STR("Moderator"), STR("Admin"), STR("Owner") };
    jw_karr(w, STR("roles"));
    if (role != ROLE_MEMBER) {
        jw_obj(w);
        jw_kid(w, STR("id"), (int64_t)role);
        jw_kstr(w, STR("name"), names[role]);
        jw_kstr(w, STR("color"), STR(""));
        jw_obj_end(w);
    }
    jw_arr_end(w);
}

static void put_fields(struct ctx *c, struct jw *w, const struct account *a, struct str fields)
{
    const struct profile_field *f = NULL;
    int64_t n = profile_fields(c->arena, fields, &f);
    jw_karr(w, STR("fields"));
    for (int64_t i = 0; i < n; i++) {
        jw_obj(w);
        jw_kstr(w, STR("name"), f[i].name);
        jw_kstr(w, STR("value"), render_profile_html(c, f[i].value, a->mentions, true));
        jw_ktime(w, STR("verified_at"), f[i].verified_ms);
        jw_obj_end(w);
    }
    jw_arr_end(w);
}

static void put_pictures(struct ctx *c, struct jw *w, const struct account *a)
{
    struct str avatar = address_avatar(c, a);
    struct str header = address_header(c, a);
    jw_kstr(w, STR("avatar"), avatar);
    jw_kstr(w, STR("avatar_static"), avatar);
    jw_kstr(w, STR("avatar_description"), a->avatar_text);
    jw_kstr(w, STR("header"), header);
    jw_kstr(w, STR("header_static"), header);
    jw_kstr(w, STR("header_description"), a->header_text);
}

static void put_date(struct jw *w, struct str key, int64_t ms)
{
    jw_knull_str(w, key, ms == 0 ? (struct str){ NULL, 0 } : clock_date(w->b.arena, ms));
}

enum err entity_render_account(struct ctx *c, const struct account *a, struct rendered *out)
{
    *out = (struct rendered){
        .id = a->id,
        .emojis = c->site->emojis.version,
        .account_id = a->id,
        .standing = a->standing.kind,
        .counts = { .followers = a->followers_count,
                    .following = a->following_count,
                    .statuses = a->statuses_count,
                    .last_status_ms = a->last_status_ms },
    };
    struct template t = { .w = jw_on(c->arena), .out = out };
    struct jw *w = &t.w;
    bool hidden = a->standing.kind == STANDING_SUSPENDED;

    jw_obj(w);
    jw_kid(w, STR("id"), a->id);
    jw_kstr(w, STR("username"), a->username);
    jw_kstr(w, STR("acct"), address_acct(c, a));
    jw_kstr(w, STR("display_name"), hidden ? STR("") : a->display_name);
    jw_kbool(w, STR("locked"), a->locked);
    jw_kbool(w, STR("bot"), a->bot);
    jw_kbool(w, STR("discoverable"), a->discoverable);
    jw_kbool(w, STR("indexable"), a->indexable);
    jw_kbool(w, STR("group"), false);
    jw_ktime(w, STR("created_at"), a->created_ms - a->created_ms % DAY_MS);
    jw_kstr(w, STR("note"), hidden ? STR("") : render_profile_html(c, a->note, a->mentions, false));
    jw_kstr(w, STR("url"), address_account(c, a->username));
    jw_kstr(w, STR("uri"), a->uri.p != NULL ? a->uri : address_account_uri(c, a->username));
    put_pictures(c, w, a);
    jw_ki64(w, STR("followers_count"), a->followers_count);
    jw_ki64(w, STR("following_count"), a->following_count);
    jw_ki64(w, STR("statuses_count"), a->statuses_count);
    put_date(w, STR("last_status_at"), a->last_status_ms);
    jw_kbool(w, STR("hide_collections"), a->hide_collections);
    jw_kbool(w, STR("show_media"), (a->hides & HIDES_MEDIA) == 0);
    jw_kbool(w, STR("show_media_replies"), (a->hides & HIDES_MEDIA_REPLIES) == 0);
    jw_kbool(w, STR("show_featured"), (a->hides & HIDES_FEATURED) == 0);
    jw_kbool(w, STR("noindex"), !a->indexable);
    if (hidden)
        jw_kbool(w, STR("suspended"), true);
    if (a->standing.kind == STANDING_LIMITED)
        jw_kbool(w, STR("limited"), true);
    const struct str texts[] = { a->display_name, a->note, a->fields };
    emoji_put_used(c, w, texts, hidden ? 0 : 3);
    put_roles(w, hidden ? ROLE_MEMBER : a->role);
    put_fields(c, w, a, hidden ? STR("[]") : a->fields);
    jw_obj_end(w);
    out->bytes = jw_end(w);
    return OK;
}
