/* SPDX-License-Identifier: Apache-2.0 */
#include "core/compose.h"

#include "core/attachment.h"
#include "core/lang.h"
#include "core/mention.h"
#include "core/name.h"
#include "core/text.h"
#include "core/uni.h"
#include "model/session.h"
#include "model/site.h"
#include "store/account.h"
#include "store/bond.h"
#include "store/claim.h"
#include "store/member.h"

static void fill_policies(const struct status_draft *d, const struct account *me, struct status *s)
{
    int quote = d->quote_policy > 0 ? d->quote_policy : me->default_quote_policy;
    s->quote_policy = quote > 0 ? (enum quote_policy)(quote - 1) : QUOTE_ANYBODY;
    s->reply_policy = (enum reply_policy)(d->reply_policy > 0 ? d->reply_policy - 1 : me->default_reply_policy);
}

/* What the draft leaves open, from the member's own defaults. */
static enum err fill_defaults(struct ctx *c, const struct status_draft *d, struct status *s)
{
    const struct account *me = c->me;
    bool is_new = s->id == 0;
    if (is_new) {
        s->visibility = d->visibility >= 0 ? (enum visibility)d->visibility : me->default_visibility;
        fill_policies(d, me, s);
    }
    if (d->language.n > 0)
        s->language = lang_canonical(c->arena, d->language);
    else if (is_new)
        s->language = me->default_language;
    if (d->language.n > 0 && s->language.p == NULL)
        return fail(c, ERR_INVALID, "Validation failed: Language is not a language code");
    s->sensitive = d->sensitive > 0 || (d->sensitive < 0 && me->default_sensitive) || s->spoiler.n > 0;
    return OK;
}

/* A warning without a text is the text, unless something is attached that it warns of (clients send it so). */
static enum err check_text(struct ctx *c, const struct status_draft *d, struct status *s, struct text_entities *e)
{
    s->text = str_trim(d->text);
    s->spoiler = str_trim(d->spoiler);
    if (uni_is_blank(s->spoiler))
        s->spoiler = STR("");
    if (uni_is_blank(s->text) && s->media.n <= 2) {
        s->text = s->spoiler;
        s->spoiler = STR("");
    }
    if (s->text.n == 0 && s->media.n <= 2)
        return fail(c, ERR_INVALID, "Validation failed: Text can't be blank");
    if (!str_is_utf8(s->text) || !str_is_utf8(s->spoiler))
        return fail(c, ERR_INVALID, "Validation failed: Text is not valid UTF-8");
    size_t max = (size_t)c->site->status_chars_max;
    bool fits = s->text.n + s->spoiler.n <= COMPOSE_BYTES_MAX;
    if (fits) {
        text_scan(c->arena, s->text, e);
        fits = text_length(c->arena, s->text, e) + text_graphemes(s->spoiler) <= max;
    }
    if (!fits)
        return fail(c, ERR_INVALID, "Validation failed: Text character limit of %zu exceeded", max);
    return OK;
}

/* The names of this server's members in a text, each once, whether anybody has them or not: each costs a look. */
static enum err collect_names(struct ctx *c, const struct text_mention *places, size_t places_n, struct str *names,
                              int64_t *n)
{
    *n = 0;
    for (size_t i = 0; i < places_n; i++) {
        const struct text_mention *m = &places[i];
        struct str name = name_canonical(c->arena, m->user);
        bool is_ours = m->domain.n == 0 || str_eq_nocase(m->domain, c->site->domain);
        if (!is_ours || str_among(names, *n, name))
            continue;
        if (*n == COMPOSE_MENTIONS_MAX)
            return fail(c, ERR_INVALID, "Validation failed: Text mentions more than %d people", COMPOSE_MENTIONS_MAX);
        names[(*n)++] = name;
    }
    return OK;
}

static enum err find_named(struct ctx *c, const struct text_mention *places, size_t places_n, int64_t *ids, int64_t *n)
{
    struct str names[COMPOSE_MENTIONS_MAX];
    int64_t names_n = 0;
    *n = 0;
    TRY(collect_names(c, places, places_n, names, &names_n));
    for (int64_t i = 0; i < names_n; i++) {
        int64_t id = 0;
        TRY(store_claim_find(c, CLAIM_USERNAME, names[i], &id));
        if (id != 0)
            ids[(*n)++] = id;
    }
    return OK;
}

static bool may_be_named(const struct account *a, const struct bond *b)
{
    return a != NULL && a->active && a->deletion_ms == 0 && a->standing.kind != STANDING_SUSPENDED && !b->blocks
           && !b->blocked_by;
}

enum err compose_mentions(struct ctx *c, const struct text_mention *places, size_t places_n, struct str *json)
{
    int64_t ids[COMPOSE_MENTIONS_MAX];
    struct account *people[COMPOSE_MENTIONS_MAX];
    struct bond bonds[COMPOSE_MENTIONS_MAX];
    struct mention found[COMPOSE_MENTIONS_MAX];
    int64_t n = 0;
    int64_t kept = 0;
    *json = STR("[]");
    TRY(find_named(c, places, places_n, ids, &n));
    if (n == 0)
        return OK;
    TRY(store_account_load(c, ids, n, people));
    TRY(store_bond_load(c, c->me->id, ids, n, bonds));
    for (int64_t i = 0; i < n; i++)
        if (may_be_named(people[i], &bonds[i]))
            found[kept++] = (struct mention){ ids[i], people[i]->username, people[i]->username };
    *json = mention_json(c->arena, found, kept);
    return OK;
}

static enum err collect_tags(struct ctx *c, const struct text_entities *e, struct status *s)
{
    struct str names[COMPOSE_TAGS_MAX];
    int64_t n = 0;
    for (size_t i = 0; i < e->tags_n; i++) {
        if (str_among(names, n, e->tags[i].key))
            continue;
        if (n == COMPOSE_TAGS_MAX)
            return fail(c, ERR_INVALID, "Validation failed: Text has more than %d hashtags", COMPOSE_TAGS_MAX);
        names[n++] = e->tags[i].key;
    }
    s->tags = tag_json(c->arena, names, n);
    return OK;
}

enum err compose(struct ctx *c, const struct status_draft *d, struct status *s)
{
    struct text_entities e = { 0 };
    TRY(attachments_compose(c, d, s));
    TRY(check_text(c, d, s, &e));
    TRY(fill_defaults(c, d, s));
    TRY(compose_mentions(c, e.mentions, e.mentions_n, &s->mentions));
    s->parts = (s->parts & ~(unsigned)PART_LINK) | (text_first_url(&e).p != NULL ? PART_LINK : 0);
    return collect_tags(c, &e, s);
}
