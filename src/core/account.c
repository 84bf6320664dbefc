/* SPDX-License-Identifier: Apache-2.0 */
#include "core/account.h"

#include "base/clock.h"
#include "base/id.h"
#include "core/auth.h"
#include "core/compose.h"
#include "core/email.h"
#include "core/lang.h"
#include "core/limit.h"
#include "core/mail.h"
#include "core/media_use.h"
#include "core/name.h"
#include "core/picture.h"
#include "core/refuse.h"
#include "core/session.h"
#include "core/site.h"
#include "core/text.h"
#include "core/uni.h"
#include "core/visible.h"
#include "feed/feed.h"
#include "store/account.h"
#include "store/claim.h"
#include "store/job.h"
#include "store/media.h"
#include "store/member.h"
#include "store/tx.h"

#define LOCALE_MAX 12
#define USES_MAX   4 /* rows of one purpose: one, or more after a race */

enum err account_lookup(struct ctx *c, struct str acct, struct account **out)
{
    int64_t id = 0;
    struct str rest = str_starts(acct, STR("@")) ? str_skip(acct, 1) : acct;
    struct str user = { 0 };
    (void)str_cut(&rest, '@', &user);
    bool ours = rest.p == NULL || str_eq_nocase(rest, c->site->domain);
    if (ours && user.n > 0 && user.n <= NAME_USER_MAX && str_is_utf8(user))
        TRY(store_claim_find(c, CLAIM_USERNAME, name_canonical(c->arena, user), &id));
    if (id == 0)
        return fail(c, ERR_NOT_FOUND, "Record not found");
    return account_see(c, id, out);
}

enum err account_member(struct ctx *c, struct member **out)
{
    if (c->me == NULL)
        return fail(c, ERR_UNAUTHENTICATED, "This method requires an authenticated user");
    return store_member_get(c, c->me->id, out);
}

struct profile_edit profile_edit_none(void)
{
    return (struct profile_edit){
        .fields_n = -1,
        .locked = -1,
        .bot = -1,
        .discoverable = -1,
        .indexable = -1,
        .hide_collections = -1,
        .show_media = -1,
        .show_media_replies = -1,
        .show_featured = -1,
        .domains_n = -1,
        .default_visibility = -1,
        .default_sensitive = -1,
        .default_quote_policy = -1,
        .default_reply_policy = -1,
    };
}

/* --- judging --- */

static void judge_display_name(struct ctx *c, struct str name)
{
    switch (display_name_check(name)) {
    case NAME_FINE:
    case NAME_BLANK: return;
    case NAME_TOO_LONG:
        refuse(c, STR("display_name"), STR("ERR_TOO_LONG"), STR("is too long (maximum is 30 characters)"));
        return;
    case NAME_BAD_CHARACTERS:
    case NAME_RESERVED:
        refuse(c, STR("display_name"), STR("ERR_INVALID"), STR("has characters that a name cannot have"));
        return;
    }
}

static bool has_length(struct ctx *c, struct str s, size_t max)
{
    struct text_entities e = { 0 };
    if (s.n > PROFILE_BYTES_MAX || !str_is_utf8(s))
        return false;
    text_scan(c->arena, s, &e);
    return text_length(c->arena, s, &e) <= max;
}

static void judge_fields(struct ctx *c, const struct profile_edit *e)
{
    if (e->fields_n > FIELDS_MAX)
        refuse(c, STR("fields"), STR("ERR_TOO_LONG"), STR("are too many (maximum is 4)"));
    for (int64_t i = 0; i < e->fields_n && i < FIELDS_MAX; i++) {
        const struct profile_field *f = &e->fields[i];
        if (!has_length(c, f->name, FIELD_MAX) || !has_length(c, f->value, FIELD_MAX))
            refuse(c, STR("fields"), STR("ERR_TOO_LONG"), STR("have a name or value of more than 255 characters"));
        else if (str_trim(f->name).n == 0 && str_trim(f->value).n > 0)
            refuse(c, STR("fields"), STR("ERR_BLANK"), STR("need a name for each value"));
    }
}

static void judge_picture_text(struct ctx *c, struct str field, struct str text)
{
    if (!str_is_utf8(text) || text_graphemes(text) > PICTURE_TEXT_MAX)
        refuse(c, field, STR("ERR_TOO_LONG"), STR("is too long (maximum is 1500 characters)"));
}

/* "https://News.Example/" is news.example; p == NULL: no name of a host. */
static struct str domain_of(struct ctx *c, struct str given)
{
    struct email parsed = { 0 };
    struct str name = str_trim(given);
    size_t at = 0;
    if (str_find(name, STR("://"), &at))
        name = str_skip(name, at + 3);
    if (str_ends(name, STR("/")))
        name = str_head(name, name.n - 1);
    bool ok = email_parse(c->arena, arena_strf(c->arena, "x@" STR_FMT, STR_ARG(name)), &parsed) == NAME_FINE;
    return ok ? parsed.domain : (struct str){ 0 };
}

static void judge_domains(struct ctx *c, const struct profile_edit *e)
{
    int64_t n = 0;
    for (int64_t i = 0; i < e->domains_n; i++) {
        if (str_trim(e->domains[i]).n == 0)
            continue;
        n++;
        if (domain_of(c, e->domains[i]).p == NULL)
            refuse(c, STR("attribution_domains"), STR("ERR_INVALID"), STR("have one that is no name of a site"));
    }
    if (n > ATTRIBUTION_MAX)
        refuse(c, STR("attribution_domains"), STR("ERR_TOO_LONG"), STR("are too many (maximum is 10)"));
}

static enum err judge(struct ctx *c, const struct profile_edit *e)
{
    c->fields = NULL;
    judge_display_name(c, e->display_name);
    if (!has_length(c, e->note, NOTE_MAX))
        refuse(c, STR("note"), STR("ERR_TOO_LONG"), STR("is too long (maximum is 500 characters)"));
    judge_fields(c, e);
    judge_picture_text(c, STR("avatar_description"), e->avatar_text);
    judge_picture_text(c, STR("header_description"), e->header_text);
    judge_domains(c, e);
    if (e->default_language.n > 0 && lang_canonical(c->arena, e->default_language).p == NULL)
        refuse(c, STR("language"), STR("ERR_INCLUSION"), STR("is not a language code"));
    if (e->default_visibility > (int)VIS_DIRECT)
        refuse(c, STR("privacy"), STR("ERR_INCLUSION"), STR("is not included in the list"));
    if (e->locale.n > LOCALE_MAX || !str_is_utf8(e->locale))
        refuse(c, STR("locale"), STR("ERR_INCLUSION"), STR("is not a locale"));
    return refused(c);
}

/* --- keeping --- */

/* A field that stays as it was keeps the time at which it was verified. */
static struct str fields_json(struct ctx *c, struct str before, const struct profile_edit *e)
{
    const struct profile_field *old = NULL;
    struct profile_field kept[FIELDS_MAX] = { 0 };
    int64_t old_n = profile_fields(c->arena, before, &old);
    int64_t n = 0;
    for (int64_t i = 0; i < e->fields_n && n < FIELDS_MAX; i++) {
        struct profile_field f = { .name = str_trim(e->fields[i].name), .value = str_trim(e->fields[i].value) };
        if (f.name.n == 0)
            continue;
        for (int64_t k = 0; k < old_n; k++)
            if (str_eq(old[k].name, f.name) && str_eq(old[k].value, f.value))
                f.verified_ms = old[k].verified_ms;
        kept[n++] = f;
    }
    return profile_fields_json(c->arena, kept, n);
}

static void set_flag(bool *to, int wish)
{
    if (wish >= 0)
        *to = wish != 0;
}

static void set_shown(struct account *a, enum profile_hides what, int wish)
{
    if (wish >= 0)
        a->hides = wish != 0 ? a->hides & ~(unsigned)what : a->hides | (unsigned)what;
}

static struct str domains_json(struct ctx *c, const struct profile_edit *e)
{
    struct str kept[ATTRIBUTION_MAX];
    int64_t n = 0;
    for (int64_t i = 0; i < e->domains_n && n < ATTRIBUTION_MAX; i++) {
        struct str name = domain_of(c, e->domains[i]);
        if (name.p != NULL)
            kept[n++] = name;
    }
    return tag_json(c->arena, kept, n);
}

static void apply_page(struct ctx *c, const struct profile_edit *e, struct account *a)
{
    if (e->avatar_text.p != NULL)
        a->avatar_text = str_trim(e->avatar_text);
    if (e->header_text.p != NULL)
        a->header_text = str_trim(e->header_text);
    set_shown(a, HIDES_MEDIA, e->show_media);
    set_shown(a, HIDES_MEDIA_REPLIES, e->show_media_replies);
    set_shown(a, HIDES_FEATURED, e->show_featured);
    if (e->domains_n >= 0)
        a->attribution_domains = domains_json(c, e);
}

static void add_places(struct ctx *c, struct str text, struct text_mention *places, size_t *n)
{
    struct text_entities e = { 0 };
    text_scan(c->arena, text, &e);
    for (size_t i = 0; i < e.mentions_n && *n < COMPOSE_MENTIONS_MAX; i++)
        places[(*n)++] = e.mentions[i];
}

/* Whom the bio and the fields name; nobody is told of it. */
static enum err resolve_named(struct ctx *c, struct account *a)
{
    struct text_mention places[COMPOSE_MENTIONS_MAX];
    const struct profile_field *f = NULL;
    size_t n = 0;
    add_places(c, a->note, places, &n);
    int64_t fields_n = profile_fields(c->arena, a->fields, &f);
    for (int64_t i = 0; i < fields_n; i++)
        add_places(c, f[i].value, places, &n);
    return compose_mentions(c, places, n, &a->mentions);
}

static void apply(struct ctx *c, const struct profile_edit *e, struct account *a)
{
    apply_page(c, e, a);
    if (e->display_name.p != NULL)
        a->display_name = uni_is_blank(e->display_name) ? STR("") : str_trim(e->display_name);
    if (e->note.p != NULL)
        a->note = str_trim(e->note);
    if (e->fields_n >= 0)
        a->fields = fields_json(c, a->fields, e);
    set_flag(&a->locked, e->locked);
    set_flag(&a->bot, e->bot);
    set_flag(&a->discoverable, e->discoverable);
    set_flag(&a->indexable, e->indexable);
    set_flag(&a->hide_collections, e->hide_collections);
    set_flag(&a->default_sensitive, e->default_sensitive);
    if (e->default_visibility >= 0)
        a->default_visibility = (enum visibility)e->default_visibility;
    if (e->default_quote_policy >= 0)
        a->default_quote_policy = 1 + e->default_quote_policy;
    if (e->default_reply_policy >= 0)
        a->default_reply_policy = e->default_reply_policy;
    if (e->default_language.p != NULL)
        a->default_language = lang_canonical(c->arena, e->default_language);
}

/* Decodes outside of the transaction. hash.p == NULL: not asked for. */
static enum err make_picture(struct ctx *c, struct str bytes, enum media_purpose purpose, struct media *out)
{
    if (bytes.p == NULL)
        return OK;
    TRY(limit_take(c, LIMIT_UPLOAD, id_text(c->arena, c->me->id)));
    return picture_make(c, bytes, purpose, out);
}

/* Inside the transaction: the new use in, the old ones out, their files to the job that deletes what nobody uses. */
static enum err swap_picture(struct ctx *c, enum media_purpose purpose, struct media *made, bool drop, struct str *hash)
{
    struct media *old = NULL;
    int64_t n = 0;
    if (made->hash.p == NULL && !drop)
        return OK;
    TRY(store_media_list(c, c->me->id, (int64_t)purpose, USES_MAX, &old, &n));
    if (made->hash.p != NULL) {
        TRY(media_use(c, made));
        TRY(store_media_insert(c, made));
    }
    for (int64_t i = 0; i < n; i++) {
        TRY(store_media_delete(c, old[i].id));
        TRY(media_unuse(c, &old[i]));
    }
    *hash = made->hash;
    return OK;
}

enum err account_edit(struct ctx *c, const struct profile_edit *e, struct account **out)
{
    TX tx = { 0 };
    struct media avatar = { 0 };
    struct media header = { 0 };
    TRY(site_allows_write(c));
    TRY(member_may_write(c));
    TRY(judge(c, e));
    TRY(make_picture(c, e->avatar, MEDIA_AVATAR, &avatar));
    TRY(make_picture(c, e->header, MEDIA_HEADER, &header));
    TRY(tx_begin(c, &tx));
    TRY(store_account_get(c, c->me->id, out));
    apply(c, e, *out);
    if (e->note.p != NULL || e->fields_n >= 0)
        TRY(resolve_named(c, *out));
    TRY(swap_picture(c, MEDIA_AVATAR, &avatar, e->avatar_drop, &(*out)->avatar));
    TRY(swap_picture(c, MEDIA_HEADER, &header, e->header_drop, &(*out)->header));
    TRY(store_account_update_profile(c, *out));
    if (e->locale.n > 0)
        TRY(store_member_set_locale(c, c->me->id, e->locale));
    TRY(tx_commit(&tx));
    (*out)->updated_ms = c->now_ms;
    feed_account_changed(c->feed, c->me->id);
    return OK;
}

enum err account_find_named(struct ctx *c, int64_t id)
{
    TX tx = { 0 };
    struct account *a = NULL;
    TRY(tx_begin(c, &tx));
    TRY(store_account_find(c, id, &a));
    if (a == NULL || !str_eq(a->mentions, STR("[]"))) /* gone, or edited since */
        return OK;
    c->me = a; /* who names them */
    TRY(resolve_named(c, a));
    TRY(store_account_set_mentions(c, a));
    TRY(tx_commit(&tx));
    feed_account_changed(c->feed, id);
    return OK;
}

/* --- leaving --- */

enum err account_deletion_ask(struct ctx *c, struct str password)
{
    TX tx = { 0 };
    struct member *m = NULL;
    TRY(site_allows_write(c));
    TRY(auth_prove(c, password));
    TRY(store_member_get(c, c->me->id, &m));
    if (c->me->role == ROLE_OWNER)
        return fail(c, ERR_FORBIDDEN, "The owner cannot leave before somebody else is owner");
    struct account a = *c->me;
    a.deletion_ms = c->now_ms + c->site->deletion_days * DAY_MS;
    TRY(tx_begin(c, &tx));
    TRY(store_account_set_deletion(c, a.id, a.deletion_ms));
    TRY(store_account_set_active(c, a.id, false));
    TRY(session_end_all(c, a.id, 0));
    TRY(store_job_add(c, JOB_ACCOUNT_REMOVE, a.id, STR(""), a.deletion_ms));
    TRY(mail_deletion_asked(c, &a, m->email));
    TRY(tx_commit(&tx));
    feed_sessions_ended(c->feed, a.id);
    feed_account_changed(c->feed, a.id);
    return OK;
}

enum err account_deletion_cancel(struct ctx *c)
{
    TX tx = { 0 };
    struct member *m = NULL;
    struct account *a = NULL;
    TRY(site_allows_write(c));
    TRY(account_member(c, &m));
    TRY(tx_begin(c, &tx));
    TRY(store_account_get(c, m->id, &a));
    if (a->deletion_ms == 0 || a->deletion_ms <= c->now_ms)
        return fail(c, ERR_NOT_FOUND, "This account is not to be deleted, or it is too late");
    TRY(store_account_set_deletion(c, m->id, 0));
    TRY(store_account_set_active(c, m->id, m->confirmed_ms != 0 && m->approved_ms != 0));
    TRY(tx_commit(&tx));
    feed_account_changed(c->feed, m->id);
    return OK;
}
