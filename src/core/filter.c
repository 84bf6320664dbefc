/* SPDX-License-Identifier: Apache-2.0 */
#include "core/filter.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/id.h"
#include "core/mention.h"
#include "core/uni.h"
#include "core/visible.h"
#include "feed/feed.h"
#include "store/account.h"
#include "store/filter.h"
#include "store/news.h"
#include "store/tx.h"

#define EXPIRES_S_MAX INT64_C(3153600000) /* a hundred years */

enum err filter_all(struct ctx *c, struct filters *out)
{
    return store_filter_all(c, c->me->id, out);
}

static enum err not_there(struct ctx *c)
{
    return fail(c, ERR_NOT_FOUND, "Record not found");
}

enum err filter_get(struct ctx *c, int64_t id, const struct filters *all, const struct filter **out)
{
    for (int64_t i = 0; i < all->filters_n; i++) {
        *out = &all->filters[i];
        if ((*out)->id == id)
            return OK;
    }
    return not_there(c);
}

enum err filter_keyword_get(struct ctx *c, int64_t id, const struct filters *all, const struct filter_keyword **out)
{
    for (int64_t i = 0; i < all->keywords_n; i++) {
        *out = &all->keywords[i];
        if ((*out)->id == id)
            return OK;
    }
    return not_there(c);
}

enum err filter_status_get(struct ctx *c, int64_t id, const struct filters *all, const struct filter_status **out)
{
    for (int64_t i = 0; i < all->statuses_n; i++) {
        *out = &all->statuses[i];
        if ((*out)->id == id)
            return OK;
    }
    return not_there(c);
}

/* A transaction that holds the member's row, with all that is there: of two changes at once none passes a limit. */
static enum err begin(struct ctx *c, struct tx *tx, struct filters *all)
{
    TRY(member_may_write(c));
    TRY(tx_begin(c, tx));
    TRY(store_account_lock(c, &c->me->id, 1));
    return filter_all(c, all);
}

static enum err commit(struct ctx *c, struct tx *tx)
{
    news_after(c, NEWS_FILTERS_CHANGED, c->me->id, 0);
    TRY(tx_commit(tx));
    feed_filters_changed(c->feed, c->me->id);
    return OK;
}

static enum err merge(struct ctx *c, const struct filter_wish *w, struct filter *f)
{
    if (w->title.p != NULL)
        f->title = str_trim(w->title);
    if (w->contexts >= 0)
        f->contexts = (unsigned)w->contexts;
    if (w->action >= 0)
        f->action = (enum filter_action)w->action;
    if (w->has_expiry && (w->expires_s < 0 || w->expires_s > EXPIRES_S_MAX))
        return fail(c, ERR_INVALID, "Validation failed: Expires in is not a number of seconds from now");
    if (w->has_expiry)
        f->expires_ms = w->expires_s == 0 ? 0 : c->now_ms + w->expires_s * SECOND_MS;
    if (f->title.n == 0)
        return fail(c, ERR_INVALID, "Validation failed: Title can't be blank");
    if (!str_is_utf8(f->title) || uni_graphemes(f->title) > FILTER_TITLE_MAX)
        return fail(c, ERR_INVALID, "Validation failed: Title is too long (maximum is %d characters)",
                    FILTER_TITLE_MAX);
    if (f->contexts == 0)
        return fail(c, ERR_INVALID, "Validation failed: Context can't be blank");
    return OK;
}

static enum err check_keyword(struct ctx *c, const struct filter_keyword *k)
{
    if (str_trim(k->keyword).n == 0)
        return fail(c, ERR_INVALID, "Validation failed: Keyword can't be blank");
    if (!str_is_utf8(k->keyword) || uni_graphemes(k->keyword) > FILTER_KEYWORD_MAX)
        return fail(c, ERR_INVALID, "Validation failed: Keyword is too long (maximum is %d characters)",
                    FILTER_KEYWORD_MAX);
    return OK;
}

static enum err write_keyword(struct ctx *c, const struct filters *all, int64_t filter_id, int64_t new_id,
                              struct keyword_wish *w)
{
    struct filter_keyword k = { .id = new_id, .filter_id = filter_id };
    const struct filter_keyword *was = NULL;
    if (w->id != 0) {
        TRY(filter_keyword_get(c, w->id, all, &was));
        k = *was;
        if (k.filter_id != filter_id)
            return not_there(c);
    }
    if (w->drop)
        return was == NULL ? OK : store_filter_keyword_delete(c, c->me->id, k.id);
    if (w->keyword.p != NULL)
        k.keyword = w->keyword;
    if (w->whole_word >= 0)
        k.whole_word = w->whole_word != 0;
    TRY(check_keyword(c, &k));
    w->id = k.id;
    return was != NULL ? store_filter_keyword_update(c, c->me->id, &k) : store_filter_keyword_insert(c, c->me->id, &k);
}

static enum err write_keywords(struct ctx *c, const struct filters *all, int64_t filter_id, const struct filter_wish *w)
{
    int64_t first = id_new(c, id_bucket(c->me->id));
    int64_t fresh = 0;
    for (int64_t i = 0; i < w->keywords_n; i++)
        fresh += w->keywords[i].id == 0 && !w->keywords[i].drop;
    if (all->keywords_n + fresh > FILTER_KEYWORDS_MAX)
        return fail(c, ERR_INVALID, "Validation failed: You can filter %d words at most", FILTER_KEYWORDS_MAX);
    for (int64_t i = 0; i < w->keywords_n; i++)
        TRY(write_keyword(c, all, filter_id, id_nth(first, i), &w->keywords[i]));
    return OK;
}

enum err filter_create(struct ctx *c, const struct filter_wish *w, int64_t *id)
{
    TX tx = { 0 };
    struct filters all;
    struct filter f = { .account_id = c->me->id };
    TRY(begin(c, &tx, &all));
    TRY(merge(c, w, &f));
    if (all.filters_n == FILTERS_MAX)
        return fail(c, ERR_INVALID, "Validation failed: You can have %d filters at most", FILTERS_MAX);
    *id = f.id = id_new(c, id_bucket(c->me->id));
    TRY(store_filter_insert(c, &f));
    TRY(write_keywords(c, &all, f.id, w));
    return commit(c, &tx);
}

enum err filter_update(struct ctx *c, int64_t id, const struct filter_wish *w)
{
    TX tx = { 0 };
    struct filters all;
    const struct filter *was = NULL;
    TRY(begin(c, &tx, &all));
    TRY(filter_get(c, id, &all, &was));
    struct filter f = *was;
    TRY(merge(c, w, &f));
    TRY(store_filter_update(c, &f));
    TRY(write_keywords(c, &all, id, w));
    return commit(c, &tx);
}

enum err filter_delete(struct ctx *c, int64_t id)
{
    TX tx = { 0 };
    struct filters all;
    const struct filter *f = NULL;
    TRY(begin(c, &tx, &all));
    TRY(filter_get(c, id, &all, &f));
    TRY(store_filter_delete(c, f));
    return commit(c, &tx);
}

/* Nothing else hangs on the word's filter. */
static bool is_last(const struct filters *all, const struct filter_keyword *k)
{
    for (int64_t i = 0; i < all->keywords_n; i++)
        if (all->keywords[i].filter_id == k->filter_id && all->keywords[i].id != k->id)
            return false;
    for (int64_t i = 0; i < all->statuses_n; i++)
        if (all->statuses[i].filter_id == k->filter_id)
            return false;
    return true;
}

enum err filter_keyword_delete(struct ctx *c, int64_t id, bool alone)
{
    TX tx = { 0 };
    struct filters all;
    const struct filter_keyword *k = NULL;
    const struct filter *f = NULL;
    TRY(begin(c, &tx, &all));
    TRY(filter_keyword_get(c, id, &all, &k));
    TRY(filter_get(c, k->filter_id, &all, &f));
    if (alone && is_last(&all, k))
        TRY(store_filter_delete(c, f));
    else
        TRY(store_filter_keyword_delete(c, c->me->id, id));
    return commit(c, &tx);
}

enum err filter_status_add(struct ctx *c, int64_t filter_id, int64_t status_id, int64_t *id)
{
    TX tx = { 0 };
    struct filters all;
    const struct filter *f = NULL;
    struct status *s = NULL;
    bool added = false;
    TRY(begin(c, &tx, &all));
    TRY(filter_get(c, filter_id, &all, &f));
    TRY(status_see(c, status_id, &s, NULL));
    if (all.statuses_n == FILTER_STATUSES_MAX)
        return fail(c, ERR_INVALID, "Validation failed: You can filter %d parleys at most", FILTER_STATUSES_MAX);
    struct filter_status row = { id_new(c, id_bucket(c->me->id)), f->id, s->id };
    TRY(store_filter_status_insert(c, c->me->id, &row, &added));
    if (!added)
        return fail(c, ERR_INVALID, "Validation failed: Status has already been taken");
    *id = row.id;
    return commit(c, &tx);
}

enum err filter_status_delete(struct ctx *c, int64_t id)
{
    TX tx = { 0 };
    struct filters all;
    const struct filter_status *s = NULL;
    TRY(begin(c, &tx, &all));
    TRY(filter_status_get(c, id, &all, &s));
    TRY(store_filter_status_delete(c, c->me->id, s->id));
    return commit(c, &tx);
}

/* --- judging --- */

struct str filter_spelling(struct arena *a, struct str s)
{
    return uni_bounds(a, uni_fold(a, s));
}

/* A word that need not stand alone may begin and end within another. */
static struct str look_of(struct arena *a, const struct filter_keyword *k)
{
    struct str s = filter_spelling(a, str_trim(k->keyword));
    if (k->whole_word)
        return s;
    if (s.n > 0 && s.p[0] == UNI_BOUND)
        s = str_skip(s, 1);
    if (s.n > 0 && s.p[s.n - 1] == UNI_BOUND)
        s = str_head(s, s.n - 1);
    return s;
}

struct str filter_text(struct ctx *c, const struct status *s, const struct poll *poll, const struct attachments *media)
{
    struct buf b = buf_on(c->arena);
    const struct str *titles = NULL;
    int64_t n = poll == NULL ? 0 : tag_list(c->arena, poll->titles, &titles);
    buf_put(&b, s->spoiler);
    buf_putc(&b, '\n');
    buf_put(&b, s->text);
    for (int64_t i = 0; i < n; i++) {
        buf_putc(&b, '\n');
        buf_put(&b, titles[i]);
    }
    for (int64_t i = 0; i < media->n; i++) {
        buf_putc(&b, '\n');
        buf_put(&b, media->v[i]->description);
    }
    return filter_spelling(c->arena, buf_str(&b));
}

enum err filter_sieve(struct ctx *c, struct sieve **out)
{
    struct filters all;
    uint64_t ticket = 0;
    *out = NULL;
    if (c->me == NULL || feed_sieve(c->feed, c->me->id, out, &ticket))
        return OK;
    if (c->db == NULL)
        return ERR_COLD;
    TRY(filter_all(c, &all));
    struct str *looks = ARENA_ARRAY(c->arena, (size_t)all.keywords_n + 1, struct str);
    for (int64_t i = 0; i < all.keywords_n; i++)
        looks[i] = look_of(c->arena, &all.keywords[i]);
    *out = sieve_new(c->me->id, &all, looks);
    feed_sieve_put(c->feed, *out, ticket);
    return OK;
}
