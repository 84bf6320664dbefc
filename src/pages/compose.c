/* SPDX-License-Identifier: Apache-2.0 */
#include "pages/compose.h"

#include "base/id.h"
#include "base/rng.h"
#include "core/account.h"
#include "core/address.h"
#include "core/draft.h"
#include "core/draft_json.h"
#include "core/mention.h"
#include "core/poll.h"
#include "core/quote.h"
#include "core/scheduled.h"
#include "core/site.h"
#include "core/status.h"
#include "core/visible.h"
#include "model/site.h"
#include "pages/article.h"
#include "pages/attach.h"
#include "pages/drafts.h"
#include "pages/form.h"
#include "pages/layout.h"
#include "pages/poll.h"
#include "pages/routes.h"

/* What stands in the form. */
struct written {
    struct str text;
    struct str spoiler;
    struct str visibility; /* word */
    struct str language;
    struct str key; /* a form that is sent twice publishes once */
    int64_t reply_id;
    struct poll_fields poll;
    struct attach_fields media;
    struct str at;    /* when to publish it, as typed; "": now */
    int64_t quote_id; /* 0: none */
    int quote_policy; /* -1: the member's default */
    int reply_policy;
    int64_t draft_id; /* 0: none */
    int64_t draft_version;
};

static void put_text_area(struct visit *v, struct str text, int64_t rows, const char *label, bool required)
{
    struct hw *w = &v->w;
    hw_open(w, "label");
    hw_attr(w, "for", STR("f-text"));
    hw_attr(w, "class", STR("vh"));
    hw_text(w, str_c(label));
    hw_close(w, "label");
    hw_open(w, "textarea");
    hw_attr(w, "id", STR("f-text"));
    hw_attr(w, "name", STR("text"));
    hw_attr_i64(w, "rows", rows);
    hw_attr(w, "dir", STR("auto"));
    hw_attr(w, "placeholder", str_c(label));
    hw_flag(w, "required", required);
    hw_text(w, text);
    hw_close(w, "textarea");
}

void compose_box(struct visit *v)
{
    struct hw *w = &v->w;
    form_open(v, STR("/write"), STR("compose short"));
    form_hidden(v, "back", STR("/home"));
    form_hidden(v, "key", rand_token(v->c->arena));
    put_text_area(v, STR(""), 2, "What would you like to say?", true);
    hw_open_class(w, "div", STR("row"));
    hw_open_class(w, "a", STR("small"));
    hw_attr(w, "href", STR("/write"));
    hw_text(w, STR("Pictures, warning, visibility …"));
    hw_close(w, "a");
    form_submit(v, STR("Write"));
    hw_close(w, "div");
    form_close(v);
}

/* Whom an answer addresses: the author, and whoever the parley mentions, but not oneself. */
static struct str greeting(struct visit *v, const struct view *to)
{
    struct buf b = buf_on(v->c->arena);
    const struct mention *m = NULL;
    int64_t n = mention_list(v->c->arena, to->status->mentions, &m);
    if (to->author->id != v->c->me->id)
        buf_printf(&b, "@" STR_FMT " ", STR_ARG(address_acct(v->c, to->author)));
    for (int64_t i = 0; i < n; i++)
        if (m[i].id != v->c->me->id && m[i].id != to->author->id)
            buf_printf(&b, "@" STR_FMT " ", STR_ARG(m[i].acct));
    return buf_str(&b);
}

void compose_answer(struct visit *v, const struct view *to, struct str back)
{
    struct hw *w = &v->w;
    form_open(v, STR("/write"), STR("compose"));
    if (back.n > 0)
        form_hidden(v, "back", back);
    form_hidden(v, "reply", id_text(v->c->arena, to->status->id));
    form_hidden(v, "key", rand_token(v->c->arena));
    form_hidden(v, "visibility", visibility_word(to->status->visibility));
    form_hidden(v, "spoiler", to->status->spoiler);
    put_text_area(v, greeting(v, to), 2, "Your answer", true);
    hw_open_class(w, "div", STR("row"));
    hw_el_class(w, "span", STR("small faint"), reach_words(to->status->visibility));
    hw_text(w, STR(" "));
    form_submit(v, STR("Answer"));
    hw_close(w, "div");
    form_close(v);
}

static void put_visibility(struct visit *v, struct str chosen)
{
    struct choice c[4];
    for (int i = VIS_PUBLIC; i <= VIS_DIRECT; i++)
        c[i] = (struct choice){ visibility_word((enum visibility)i), reach_words((enum visibility)i) };
    form_choice(v, "visibility", "Who may read it", c, 4, chosen);
}

void compose_policies(struct visit *v, struct str reply, struct str quote)
{
    struct choice quotes[QUOTE_POLICIES];
    struct choice answers[REPLY_POLICIES];
    for (int i = 0; i < QUOTE_POLICIES; i++)
        quotes[i] = (struct choice){ quote_policy_word((enum quote_policy)i), quote_words((enum quote_policy)i) };
    for (int i = 0; i < REPLY_POLICIES; i++)
        answers[i] = (struct choice){ reply_policy_word((enum reply_policy)i), reply_words((enum reply_policy)i) };
    hw_open_class(&v->w, "div", STR("two"));
    form_choice(v, "answerable", "Answers", answers, REPLY_POLICIES, reply);
    form_choice(v, "quotable", "Quotes", quotes, QUOTE_POLICIES, quote);
    hw_close(&v->w, "div");
}

static void put_policies(struct visit *v, int quote, int reply)
{
    compose_policies(v, reply_policy_word((enum reply_policy)reply), quote_policy_word((enum quote_policy)quote));
}

/* What Enter in a field presses: the first button of a form, which would else be one of the files'. */
static void put_default(struct visit *v)
{
    struct hw *w = &v->w;
    hw_open_class(w, "button", STR("vh"));
    hw_attr(w, "tabindex", STR("-1"));
    hw_attr(w, "aria-hidden", STR("true"));
    hw_text(w, STR("Done"));
    hw_close(w, "button");
}

static void put_fields(struct visit *v, const struct written *t, bool is_edit, struct str action)
{
    struct hw *w = &v->w;
    put_default(v);
    put_text_area(v, t->text, 8, "What would you like to say?", false); /* a picture may stand alone */
    hw_open_class(w, "p", STR("hint"));
    hw_text(w,
            arena_strf(v->c->arena, "Up to %lld characters; a link counts 23. @name mentions somebody, #word is a tag.",
                       (long long)v->c->site->status_chars_max));
    if (v->c->site->emojis.enabled_n > 0) {
        hw_text(w, STR(" "));
        hw_link(w, STR("/emojis"), STR("Custom emoji"));
    }
    hw_close(w, "p");
    form_field(v, &(struct field){ .name = "spoiler",
                                   .label = "Warning",
                                   .hint = STR("Shown first; the text opens on a click. Leave it empty for none."),
                                   .value = t->spoiler,
                                   .user_text = true });
    hw_open_class(w, "div", STR("two"));
    if (!is_edit)
        put_visibility(v, t->visibility);
    form_language(v, "language", "Language", t->language);
    hw_close(w, "div");
    attach_fields_put(v, &t->media, action);
    if (!is_edit)
        put_policies(v, t->quote_policy, t->reply_policy);
    poll_fields_put(v, &t->poll);
}

static struct written from_form(const struct visit *v)
{
    struct written t = {
        .text = visit_param(v, "text"),
        .spoiler = visit_param(v, "spoiler"),
        .visibility = visit_param(v, "visibility"),
        .language = http_param(v->q, "language"),
        .key = visit_param(v, "key"),
        .poll = poll_fields_sent(v),
        .at = visit_param(v, "at"),
        .quote_policy = quote_policy_parse(visit_param(v, "quotable")),
        .reply_policy = reply_policy_parse(visit_param(v, "answerable")),
    };
    (void)visit_id(v, "quote", &t.quote_id);
    (void)visit_id(v, "draft", &t.draft_id);
    (void)str_to_i64(visit_param(v, "draft_version"), &t.draft_version);
    (void)visit_id(v, "reply", &t.reply_id);
    return t;
}

static struct status_draft draft_of(struct visit *v, const struct written *t)
{
    struct status_draft d = {
        .text = t->text,
        .spoiler = t->spoiler,
        .language = t->language,
        .visibility = visibility_parse(t->visibility),
        .in_reply_to_id = t->reply_id,
        .idempotency_key = t->key.n > 0 ? t->key : (struct str){ 0 },
        .poll = poll_fields_draft(v, &t->poll),
        .sensitive = http_bool(v->q, "sensitive", false) ? 1 : 0,
        .quoted_id = t->quote_id,
        .quote_policy = t->quote_policy + 1,
        .reply_policy = t->reply_policy + 1,
    };
    attach_fields_draft(v, &t->media, &d);
    return d;
}

static enum err find(struct ctx *c, int64_t id, struct view *out)
{
    struct status *s = NULL;
    TRY(status_see(c, id, &s, NULL));
    return view_load(c, &s, 1, out);
}

static void put_later(struct visit *v, const struct written *t)
{
    struct hw *w = &v->w;
    if (t->draft_id != 0) {
        form_hidden(v, "draft", id_text(v->c->arena, t->draft_id));
        form_hidden(v, "draft_version", id_text(v->c->arena, t->draft_version));
    }
    hw_open_class(w, "details", STR("extra"));
    hw_flag(w, "open", t->at.n > 0);
    hw_el(w, "summary", STR("Publish later"));
    form_field(v, &(struct field){ .name = "at",
                                   .label = "At (UTC)",
                                   .type = "datetime-local",
                                   .value = t->at,
                                   .hint = STR("Five minutes from now or later. Empty: at once.") });
    hw_close(w, "details");
}

static enum err show_write(struct visit *v, const struct written *t)
{
    const struct sheet s = { .title = t->reply_id == 0 ? STR("Write") : STR("Answer"), .nav = "write", .alone = true };
    struct view to = { 0 };
    struct str says = v->c->says;
    bool gone = t->reply_id != 0 && find(v->c, t->reply_id, &to) == ERR_NOT_FOUND;
    v->c->says = gone ? STR("What you answer is gone. Sent again, this stands on its own.") : says;
    struct view quoted = { 0 };
    if (t->quote_id != 0 && find(v->c, t->quote_id, &quoted) != OK)
        v->c->says = STR("What you quote is gone, or not for you.");
    layout_begin(v, &s);
    article_quote(v, &to);
    article_quote(v, &quoted);
    form_open_upload(v, STR("/write"), STR("sheet"));
    form_refused(v);
    form_hidden(v, "key", t->key.n > 0 ? t->key : rand_token(v->c->arena));
    if (t->quote_id != 0 && quoted.status != NULL)
        form_hidden(v, "quote", id_text(v->c->arena, t->quote_id));
    if (t->reply_id != 0 && !gone)
        form_hidden(v, "reply", id_text(v->c->arena, t->reply_id));
    put_fields(v, t, false, STR("/write"));
    put_later(v, t);
    hw_open_class(&v->w, "div", STR("row"));
    form_submit(v, t->reply_id == 0 ? STR("Write") : STR("Answer"));
    form_button(v, STR("btn"), "then", STR("draft"), STR("Save as draft"));
    hw_close(&v->w, "div");
    form_close(v);
    return layout_end(v, &s);
}

/* A draft is gone on with. */
static enum err begin_draft(struct visit *v, int64_t id, struct written *t)
{
    struct saved_draft *saved = NULL;
    struct status_draft d = { 0 };
    TRY(draft_get(v->c, id, &saved));
    TRY(draft_from_json(v->c, saved->draft, &d));
    *t = (struct written){
        .text = d.text,
        .spoiler = d.spoiler,
        .visibility = d.visibility < 0 ? t->visibility : visibility_word((enum visibility)d.visibility),
        .language = d.language,
        .reply_id = d.in_reply_to_id,
        .poll = poll_fields_of(v, NULL),
        .quote_id = d.quoted_id,
        .quote_policy = d.quote_policy == 0 ? t->quote_policy : d.quote_policy - 1,
        .reply_policy = d.reply_policy == 0 ? t->reply_policy : d.reply_policy - 1,
        .draft_id = id,
        .draft_version = saved->version,
    };
    for (int64_t i = 0; i < d.poll.options_n && i < POLL_OPTIONS_MAX; i++)
        t->poll.options[i] = d.poll.options[i];
    t->poll.expires_s = d.poll.expires_s > 0 ? d.poll.expires_s : t->poll.expires_s;
    t->poll.multiple = d.poll.multiple;
    t->poll.hide_totals = d.poll.hide_totals;
    return OK;
}

/* Saved elsewhere since, or gone: what stands in the form becomes a draft of its own, and nothing is lost. */
static enum err keep_draft(struct visit *v, const struct written *t, const struct status_draft *d)
{
    struct saved_draft *saved = NULL;
    enum err e = t->draft_id == 0 ? ERR_NOT_FOUND : draft_save(v->c, t->draft_id, t->draft_version, d, &saved);
    if (e == ERR_NOT_FOUND || e == ERR_CONFLICT)
        e = draft_add(v->c, d, &saved);
    return e;
}

/* After it was published or scheduled; not worth a failure. */
static void drop_draft(struct visit *v, const struct written *t)
{
    if (t->draft_id != 0 && draft_remove(v->c, t->draft_id) != OK)
        v->c->says = (struct str){ 0 };
}

static enum err schedule(struct visit *v, const struct written *t, const struct status_draft *d)
{
    struct scheduled *made = NULL;
    int64_t due_ms = 0;
    if (!when_parse(v, t->at, &due_ms))
        return fail(v->c, ERR_INVALID, "Choose a day and a time, or leave both empty");
    return scheduled_add(v->c, d, due_ms, &made);
}

static void fill_policies(struct written *t, const struct account *me)
{
    int chosen = me->default_quote_policy;
    if (t->quote_policy < 0)
        t->quote_policy = chosen == 0 ? QUOTE_ANYBODY : chosen - 1;
    if (t->reply_policy < 0)
        t->reply_policy = me->default_reply_policy;
}

static enum err begin(struct visit *v, struct written *t)
{
    *t = (struct written){ .text = visit_param(v, "text"),
                           .language = v->c->me->default_language,
                           .poll = poll_fields_of(v, NULL),
                           .quote_policy = -1,
                           .reply_policy = -1 };
    fill_policies(t, v->c->me);
    (void)visit_id(v, "quote", &t->quote_id);
    int64_t draft_id = 0;
    if (visit_id(v, "draft", &draft_id))
        return begin_draft(v, draft_id, t);
    int asked = visibility_parse(visit_param(v, "visibility"));
    enum visibility vis = asked >= 0 ? (enum visibility)asked : v->c->me->default_visibility;
    if (visit_id(v, "reply", &t->reply_id)) {
        struct view to = { 0 };
        TRY(find(v->c, t->reply_id, &to));
        t->reply_id = to.status->id;
        t->text = greeting(v, &to);
        t->spoiler = to.status->spoiler;
        vis = to.status->visibility > vis ? to.status->visibility : vis;
    }
    t->visibility = visibility_word(vis);
    return OK;
}

enum err page_write(struct visit *v)
{
    struct written t = { 0 };
    TRY(begin(v, &t));
    return show_write(v, &t);
}

static enum err show_again(struct visit *v, struct written *t)
{
    fill_policies(t, v->c->me);
    return show_write(v, t);
}

/* The text is never lost: whatever is in the way is told on the form. */
enum err page_write_send(struct visit *v)
{
    struct written t = from_form(v);
    struct status *made = NULL;
    enum err e = site_allows_write(v->c);
    if (e == OK)
        e = attach_fields_sent(v, &t.media);
    if (e == OK && t.media.again)
        return show_again(v, &t);
    const struct status_draft d = draft_of(v, &t);
    if (e == OK && d.visibility < 0 && t.visibility.n > 0)
        e = fail(v->c, ERR_INVALID, "Choose who may read it");
    bool drafts = str_eq(visit_param(v, "then"), STR("draft"));
    bool later = !drafts && t.at.n > 0;
    if (e == OK)
        e = drafts ? keep_draft(v, &t, &d) : later ? schedule(v, &t, &d) : status_publish(v->c, &d, &made);
    if (form_takes(v, e)) {
        return show_again(v, &t);
    }
    TRY(e);
    if (drafts)
        return visit_go(v, STR("/drafts?said=drafted"));
    drop_draft(v, &t);
    if (later)
        return visit_go(v, STR("/scheduled?said=scheduled"));
    struct str back = visit_param(v, "back");
    if (visit_is_local(back))
        return visit_go(v, arena_strf(v->c->arena, STR_FMT "#p%lld", STR_ARG(back), (long long)made->id));
    return visit_go(v, arena_strf(v->c->arena, "/@" STR_FMT "/%lld", STR_ARG(v->c->me->username), (long long)made->id));
}

static enum err show_edit(struct visit *v, int64_t id, const struct written *t)
{
    const struct sheet s = { .title = STR("Edit"), .nav = "write", .alone = true };
    layout_begin(v, &s);
    struct str action = arena_strf(v->c->arena, "/parleys/%lld/edit", (long long)id);
    form_open_upload(v, action, STR("sheet"));
    form_refused(v);
    put_fields(v, t, true, action);
    hw_el_class(&v->w, "p", STR("hint"), STR("Everybody can see that it was edited, and what it said before."));
    form_submit(v, STR("Save"));
    form_close(v);
    return layout_end(v, &s);
}

static enum err own(struct visit *v, struct status **out)
{
    int64_t id = 0;
    if (!id_parse(v->q->args[0], &id))
        id = 0; /* there is none with it */
    return status_own(v->c, id, out);
}

enum err page_edit(struct visit *v)
{
    struct status *st = NULL;
    struct poll *poll = NULL;
    TRY(own(v, &st));
    if ((st->parts & PART_POLL) != 0)
        TRY(poll_get(v->c, st->id, &poll, &st));
    struct written t = {
        .text = st->text, .spoiler = st->spoiler, .language = st->language, .poll = poll_fields_of(v, poll)
    };
    TRY(attach_fields_of(v, st, &t.media));
    return show_edit(v, st->id, &t);
}

enum err page_edit_send(struct visit *v)
{
    struct status *st = NULL;
    struct status *made = NULL;
    TRY(own(v, &st));
    struct written t = from_form(v);
    enum err e = site_allows_write(v->c);
    if (e == OK)
        e = attach_fields_sent(v, &t.media);
    if (e == OK && t.media.again)
        return show_edit(v, st->id, &t);
    struct status_draft d = draft_of(v, &t);
    d.sensitive = d.sensitive > 0 || (st->sensitive && t.spoiler.n == 0 && st->spoiler.n == 0);
    if (e == OK)
        e = status_edit(v->c, st->id, &d, &made);
    if (form_takes(v, e))
        return show_edit(v, st->id, &t);
    TRY(e);
    return visit_go(v, arena_strf(v->c->arena, "/@" STR_FMT "/%lld", STR_ARG(v->c->me->username), (long long)st->id));
}

enum err compose_again(struct visit *v, const struct status *was, const struct poll *poll)
{
    const struct written t = {
        .text = was->text,
        .spoiler = was->spoiler,
        .visibility = visibility_word(was->visibility),
        .language = was->language,
        .reply_id = was->in_reply_to_id,
        .poll = poll_fields_of(v, poll),
        .quote_policy = (int)was->quote_policy,
        .reply_policy = (int)was->reply_policy,
    };
    struct status *parent = NULL;
    struct written fresh = t;
    if (poll != NULL) { /* a new one: its time begins anew */
        fresh.poll.is_edit = false;
        fresh.poll.expires_s = poll_fields_of(v, NULL).expires_s;
    }
    TRY(attach_fields_of(v, was, &fresh.media));
    if (t.reply_id != 0 && status_see(v->c, t.reply_id, &parent, NULL) != OK)
        fresh.reply_id = 0;
    v->c->says = (struct str){ 0 };
    return show_write(v, &fresh);
}

enum err page_policy(struct visit *v)
{
    const struct sheet s = { .title = STR("Who may quote and answer"), .alone = true };
    struct status *st = NULL;
    struct view shown = { 0 };
    TRY(own(v, &st));
    TRY(view_load(v->c, &st, 1, &shown));
    layout_begin(v, &s);
    article_quote(v, &shown);
    form_open(v, arena_strf(v->c->arena, "/parleys/%lld/policy", (long long)st->id), STR("sheet"));
    put_policies(v, (int)st->quote_policy, (int)st->reply_policy);
    hw_el_class(&v->w, "p", STR("hint"), STR("What was quoted or answered before stays."));
    form_submit(v, STR("Save"));
    form_close(v);
    return layout_end(v, &s);
}

enum err page_policy_send(struct visit *v)
{
    struct status *st = NULL;
    TRY(own(v, &st));
    int quote = quote_policy_parse(visit_param(v, "quotable"));
    int reply = reply_policy_parse(visit_param(v, "answerable"));
    TRY(status_set_policy(v->c, st->id, quote, reply, &st));
    return visit_go(
        v, arena_strf(v->c->arena, "/@" STR_FMT "/%lld?said=saved", STR_ARG(v->c->me->username), (long long)st->id));
}
