/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

#include "api/entity.h"
#include "base/clock.h"
#include "core/card.h"
#include "core/filter.h"
#include "core/quote.h"
#include "model/site.h"
#include "store/account.h"
#include "store/card.h"
#include "store/poll.h"
#include "store/quote.h"
#include "store/status.h"

#define CARD_FRESH_MS (10 * MINUTE_MS)

/* Fills the holes of rendered replies, a batch at a time: what the cache misses is loaded with one statement a table.
 */

/* The rendered statuses or accounts of a batch. What came from the cache is held until the scope ends. */
struct batch {
    struct feed *feed;
    int64_t n;
    const int64_t *ids;
    const struct rendered **of; /* NULL: no such row */
    bool *cached;
    uint64_t *tickets;
};

static void batch_release(struct batch *b)
{
    for (int64_t i = 0; i < b->n; i++)
        if (b->of != NULL && b->cached[i])
            feed_rendered_release(b->feed, &b->of[i]);
}
#define BATCH CLEANUP(batch_release) struct batch

static void batch_find(struct ctx *c, struct batch *b, const int64_t *ids, int64_t n,
                       void (*find)(struct feed *, int64_t, const struct rendered **, uint64_t *))
{
    *b = (struct batch){
        .feed = c->feed,
        .n = n,
        .ids = ids,
        .of = ARENA_ARRAY(c->arena, (size_t)n + 1, const struct rendered *),
        .cached = ARENA_ARRAY(c->arena, (size_t)n + 1, bool),
        .tickets = ARENA_ARRAY(c->arena, (size_t)n + 1, uint64_t),
    };
    for (int64_t i = 0; i < n; i++) {
        find(c->feed, ids[i], &b->of[i], &b->tickets[i]);
        if (b->of[i] != NULL && !entity_is_good(c, b->of[i]))
            feed_rendered_release(c->feed, &b->of[i]);
        b->cached[i] = b->of[i] != NULL;
    }
}

/* The ids that were not found, and where each belongs. */
static int64_t batch_missing(struct ctx *c, const struct batch *b, int64_t **ids, int64_t **places)
{
    *ids = ARENA_ARRAY(c->arena, (size_t)b->n + 1, int64_t);
    *places = ARENA_ARRAY(c->arena, (size_t)b->n + 1, int64_t);
    int64_t n = 0;
    for (int64_t i = 0; i < b->n; i++)
        if (b->of[i] == NULL && b->ids[i] != 0) {
            (*ids)[n] = b->ids[i];
            (*places)[n++] = i;
        }
    return n;
}

static enum err load_accounts(struct ctx *c, struct batch *b, const int64_t *ids, int64_t n)
{
    int64_t *missing = NULL;
    int64_t *places = NULL;
    batch_find(c, b, ids, n, feed_rendered_account);
    int64_t missing_n = batch_missing(c, b, &missing, &places);
    if (missing_n == 0)
        return OK;
    if (c->db == NULL)
        return ERR_COLD;
    struct account **rows = ARENA_ARRAY(c->arena, (size_t)missing_n, struct account *);
    TRY(store_account_load(c, missing, missing_n, rows));
    for (int64_t i = 0; i < missing_n; i++) {
        if (rows[i] == NULL)
            continue;
        struct rendered *made = ARENA_NEW(c->arena, struct rendered);
        TRY(entity_render_account(c, rows[i], made));
        feed_rendered_put_account(c->feed, made, b->tickets[places[i]]);
        b->of[places[i]] = made;
    }
    return OK;
}

/* Ids of the rows that have the part, 0 for the others; false: none has. */
static bool with_part(const struct status *const *rows, int64_t n, unsigned part, int64_t *ids)
{
    bool any = false;
    for (int64_t i = 0; i < n; i++) {
        ids[i] = rows[i] != NULL && (rows[i]->parts & part) != 0 ? rows[i]->id : 0;
        any = any || ids[i] != 0;
    }
    return any;
}

/* A link of the last minutes may still be fetched. */
static enum err load_cards(struct ctx *c, const struct status *const *rows, int64_t n, struct status_more *more)
{
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)n + 1, int64_t);
    struct card_row **cards = ARENA_ARRAY(c->arena, (size_t)n + 1, struct card_row *);
    if (!with_part(rows, n, PART_LINK, ids))
        return OK;
    for (int64_t i = 0; i < n; i++) {
        struct str url = ids[i] == 0 ? (struct str){ 0 } : card_link(c->arena, rows[i]->text);
        ids[i] = url.p == NULL ? 0 : card_id(url);
    }
    TRY(store_card_load(c, ids, n, cards));
    for (int64_t i = 0; i < n; i++) {
        bool is_new = ids[i] != 0 && rows[i]->created_ms + CARD_FRESH_MS > c->now_ms;
        more[i].card_pending = cards[i] == NULL && is_new && c->site->link_cards;
        if (cards[i] == NULL || cards[i]->json.n == 0)
            continue;
        struct card card = { 0 };
        card_read(c, cards[i]->json, &card);
        more[i].card = card_json(c, &card);
        more[i].has_card_picture = card.picture.hash.n > 0;
    }
    return OK;
}

/* What the rows have in other tables, a statement for each table that any of them needs. */
static enum err load_more(struct ctx *c, const struct status *const *rows, int64_t n, struct status_more *more)
{
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)n + 1, int64_t);
    struct poll **polls = ARENA_ARRAY(c->arena, (size_t)n + 1, struct poll *);
    struct quote **quotes = ARENA_ARRAY(c->arena, (size_t)n + 1, struct quote *);
    if (with_part(rows, n, PART_POLL, ids))
        TRY(store_poll_load(c, ids, n, polls));
    if (with_part(rows, n, PART_QUOTE, ids))
        TRY(store_quote_load(c, ids, n, quotes));
    struct attachments *media = ARENA_ARRAY(c->arena, (size_t)n + 1, struct attachments);
    TRY(attachments_load(c, rows, n, media));
    for (int64_t i = 0; i < n; i++)
        more[i] = (struct status_more){ .poll = polls[i], .quote = quotes[i], .media = media[i] };
    TRY(load_cards(c, rows, n, more));
    return OK;
}

static enum err render_statuses(struct ctx *c, struct batch *b, const int64_t *missing, const int64_t *places,
                                int64_t n)
{
    struct status **rows = ARENA_ARRAY(c->arena, (size_t)n, struct status *);
    struct account **authors = ARENA_ARRAY(c->arena, (size_t)n, struct account *);
    int64_t *author_ids = ARENA_ARRAY(c->arena, (size_t)n + 1, int64_t);
    struct status_more *more = ARENA_ARRAY(c->arena, (size_t)n + 1, struct status_more);
    TRY(store_status_load(c, missing, n, rows));
    TRY(load_more(c, (const struct status *const *)rows, n, more));
    for (int64_t i = 0; i < n; i++)
        author_ids[i] = rows[i] == NULL ? 0 : rows[i]->account_id;
    TRY(store_account_load(c, author_ids, n, authors));
    for (int64_t i = 0; i < n; i++) {
        if (rows[i] == NULL || authors[i] == NULL)
            continue;
        struct rendered *made = ARENA_NEW(c->arena, struct rendered);
        TRY(entity_render_status(c, rows[i], authors[i], &more[i], made));
        feed_rendered_put_status(c->feed, made, b->tickets[places[i]]);
        b->of[places[i]] = made;
    }
    return OK;
}

static enum err load_statuses(struct ctx *c, struct batch *b, const int64_t *ids, int64_t n)
{
    int64_t *missing = NULL;
    int64_t *places = NULL;
    batch_find(c, b, ids, n, feed_rendered_status);
    int64_t missing_n = batch_missing(c, b, &missing, &places);
    if (missing_n == 0)
        return OK;
    if (c->db == NULL)
        return ERR_COLD;
    return render_statuses(c, b, missing, places, missing_n);
}

/* clang-format off */
#define MARKS(f, r, m, b, p) STR(",\"favourited\":" f ",\"reblogged\":" r ",\"muted\":" m ",\"bookmarked\":" b p ",\"filtered\":")
#define MARKS_P(p) \
    MARKS("false", "false", "false", "false", p), MARKS("true", "false", "false", "false", p), \
    MARKS("false", "true",  "false", "false", p), MARKS("true", "true",  "false", "false", p), \
    MARKS("false", "false", "true",  "false", p), MARKS("true", "false", "true",  "false", p), \
    MARKS("false", "true",  "true",  "false", p), MARKS("true", "true",  "true",  "false", p), \
    MARKS("false", "false", "false", "true",  p), MARKS("true", "false", "false", "true",  p), \
    MARKS("false", "true",  "false", "true",  p), MARKS("true", "true",  "false", "true",  p), \
    MARKS("false", "false", "true",  "true",  p), MARKS("true", "false", "true",  "true",  p), \
    MARKS("false", "true",  "true",  "true",  p), MARKS("true", "true",  "true",  "true",  p)
/* clang-format on */

struct str entity_marks(const struct status_marks *m, bool may_pin)
{
    static const struct str texts[] = { MARKS_P(""), MARKS_P(",\"pinned\":false"), MARKS_P(",\"pinned\":true") };
    int bits = (int)m->favourited | (int)m->reblogged << 1 | (int)m->muted << 2 | (int)m->bookmarked << 3;
    int pin = !may_pin ? 0 : m->pinned ? 2 : 1;
    return texts[pin * 16 + bits];
}

static void put_filter(struct jw *w, const struct sieve_match *m)
{
    jw_obj(w);
    jw_key(w, STR("filter"));
    entity_filter(w, m->filter, NULL);
    jw_key(w, STR("keyword_matches"));
    if (m->words_n == 0)
        jw_null(w);
    else
        jw_arr(w);
    for (int64_t i = 0; i < m->words_n; i++)
        jw_str(w, m->words[i]);
    if (m->words_n > 0)
        jw_arr_end(w);
    jw_key(w, STR("status_matches"));
    if (m->status_id == 0)
        jw_null(w);
    else
        jw_arr(w);
    if (m->status_id != 0) {
        jw_id(w, m->status_id);
        jw_arr_end(w);
    }
    jw_obj_end(w);
}

struct str entity_filtered(struct ctx *c, const struct sieve *s, const struct rendered *r,
                           const struct rendered *echoed, unsigned *hidden)
{
    struct sieve_verdict v;
    *hidden = 0;
    if (s == NULL || c->me->id == r->account_id)
        return STR("[]");
    sieve_judge(s, c->arena, echoed != NULL ? echoed->match : r->match, r->id, r->reblog_of_id, c->now_ms, &v);
    *hidden = v.hidden;
    if (v.n == 0)
        return STR("[]");
    struct jw w = jw_on(c->arena);
    jw_arr(&w);
    for (int64_t i = 0; i < v.n; i++)
        put_filter(&w, &v.matches[i]);
    jw_arr_end(&w);
    return jw_end(&w);
}

bool entity_may_pin(const struct ctx *c, const struct rendered *r)
{
    return c->me != NULL && c->me->id == r->account_id && r->reblog_of_id == 0 && r->visibility != VIS_DIRECT;
}

/* What fills the holes of a batch of n statuses. The arrays have 4 n places: the statuses, what they echo, what they
   quote, and what those quote that they echo. */
struct filling {
    int64_t n;
    const struct rendered **of; /* NULL: not there */
    const struct rendered *const *authors;
    const struct status_marks *marks; /* NULL: nobody reads; an echo shows those of what it echoes */
    const struct sieve *sieve;        /* NULL: nothing is filtered */
    const enum quote_shown *shown;    /* of the first 2 n: of their quotes */
    const bool *follows;              /* the reader the author; where it matters */
};

static void fill_status(struct ctx *c, struct buf *b, const struct filling *f, int64_t at);

static struct str shown_word(enum quote_shown shown)
{
    static const struct str words[] = { STR("accepted"),     STR("revoked"),         STR("deleted"),
                                        STR("unauthorized"), STR("blocked_account"), STR("muted_account") };
    return words[shown];
}

/* Of what is quoted itself, only what it quotes is said. */
static void fill_quote(struct ctx *c, struct buf *b, const struct filling *f, int64_t at)
{
    const struct rendered *r = f->of[at];
    bool is_deep = at >= 2 * f->n;
    enum quote_shown shown = !is_deep ? f->shown[at] : r->quote_state == QUOTE_REVOKED ? SHOWN_REVOKED : SHOWN_ACCEPTED;
    int64_t quoted = is_deep ? 0 : 2 * f->n + at;
    bool is_there = !is_deep && quote_is_shown(shown) && f->of[quoted] != NULL && f->authors[quoted] != NULL;
    if (!is_deep && quote_is_shown(shown) && !is_there)
        shown = SHOWN_DELETED; /* just now */
    buf_printf(b, "{\"state\":\"" STR_FMT "\",", STR_ARG(shown_word(shown)));
    if (is_deep && shown == SHOWN_ACCEPTED)
        buf_printf(b, "\"quoted_status_id\":\"%lld\"}", (long long)r->quoted_id);
    else if (is_deep)
        buf_put(b, STR("\"quoted_status_id\":null}"));
    else if (!is_there)
        buf_put(b, STR("\"quoted_status\":null}"));
    if (!is_there)
        return;
    buf_put(b, STR("\"quoted_status\":"));
    fill_status(c, b, f, quoted);
    buf_putc(b, '}');
}

static void fill_slot(struct ctx *c, struct buf *b, const struct filling *f, int64_t at, enum slot_kind kind)
{
    const struct rendered *r = f->of[at];
    const struct rendered *echoed = at < f->n ? f->of[f->n + at] : NULL;
    switch (kind) {
    case SLOT_ACCOUNT: buf_put(b, f->authors[at]->bytes); break;
    case SLOT_STATUS: fill_status(c, b, f, f->n + at); break;
    case SLOT_CONTENT: buf_put(b, (struct str){ echoed->bytes.p + echoed->content_at, echoed->content_n }); break;
    case SLOT_QUOTE: fill_quote(c, b, f, at); break;
    case SLOT_APPROVAL: buf_put(b, entity_approval(c, r, f->follows[at])); break;
    case SLOT_VOTE:
        if (f->marks != NULL)
            b->n += entity_vote(buf_reserve(b, ENTITY_VOTE_ROOM), r->poll_round, f->marks[at].vote,
                                c->me->id == r->account_id);
        break;
    case SLOT_MARKS:
        if (f->marks == NULL)
            break;
        buf_put(b, entity_marks(&f->marks[echoed != NULL ? f->n + at : at], entity_may_pin(c, r)));
        buf_put(b, entity_filtered(c, f->sieve, r, echoed, &(unsigned){ 0 }));
        break;
    }
}

static void fill_status(struct ctx *c, struct buf *b, const struct filling *f, int64_t at)
{
    const struct rendered *r = f->of[at];
    size_t from = 0;
    for (uint32_t i = 0; i < r->slots_n; i++) {
        const struct slot *s = &r->slots[i];
        buf_put(b, (struct str){ r->bytes.p + from, s->at - from });
        from = s->at;
        fill_slot(c, b, f, at, s->kind);
    }
    buf_put(b, str_skip(r->bytes, from));
}

static void collect(const struct batch *statuses, int64_t n, int64_t *inner_ids)
{
    for (int64_t i = 0; i < n; i++)
        inner_ids[i] = statuses->of[i] == NULL ? 0 : statuses->of[i]->reblog_of_id;
}

/* What the first 2 n of f quote, as c->me is shown it; ids of what is shown, 0 for the rest. */
static enum err judge_quotes(struct ctx *c, const struct filling *f, enum quote_shown *shown, int64_t *ids)
{
    int64_t n = f->n * 2;
    const struct quote **quotes = ARENA_ARRAY(c->arena, (size_t)n + 1, const struct quote *);
    bool any = false;
    for (int64_t i = 0; i < n; i++) {
        const struct rendered *r = f->of[i];
        if (r == NULL || r->quoted_id == 0)
            continue;
        struct quote *q = ARENA_NEW(c->arena, struct quote);
        *q = (struct quote){ r->id, r->quoted_id, r->quoted_account_id, r->quote_state };
        quotes[i] = q;
        any = true;
    }
    if (!any)
        return OK;
    if (c->db == NULL)
        return ERR_COLD;
    TRY(quotes_judge(c, quotes, n, shown));
    for (int64_t i = 0; i < n; i++)
        ids[i] = quotes[i] != NULL && quote_is_shown(shown[i]) ? quotes[i]->quoted_id : 0;
    return OK;
}

static enum err load_following(struct ctx *c, const struct filling *f, bool *follows)
{
    for (int64_t i = 0; i < 4 * f->n && c->me != NULL; i++)
        if (f->of[i] != NULL && f->of[i]->quote_policy == QUOTE_FOLLOWERS && f->of[i]->account_id != c->me->id)
            TRY(feed_follows(c, c->me->id, f->of[i]->account_id, &follows[i]));
    return OK;
}

static enum err load_marks(struct ctx *c, const struct filling *f, struct status_marks *marks)
{
    struct marks_ask *ask = ARENA_ARRAY(c->arena, (size_t)f->n * 4 + 1, struct marks_ask);
    for (int64_t i = 0; i < 4 * f->n; i++)
        if (f->of[i] != NULL)
            ask[i] = (struct marks_ask){ f->of[i]->id, f->of[i]->thread_id };
    return c->me == NULL ? OK : feed_marks(c, c->me->id, ask, f->n * 4, marks);
}

static void authors_of(const struct filling *f, int64_t *out)
{
    for (int64_t i = 0; i < 4 * f->n; i++)
        out[i] = f->of[i] == NULL ? 0 : f->of[i]->account_id;
}

static void keep(const struct batch *b, const struct rendered **of)
{
    for (int64_t i = 0; i < b->n; i++)
        of[i] = b->of[i];
}

static bool is_whole(const struct filling *f, int64_t i)
{
    const struct rendered *r = f->of[i];
    if (r == NULL || f->authors[i] == NULL)
        return false;
    return r->reblog_of_id == 0 || (f->of[f->n + i] != NULL && f->authors[f->n + i] != NULL);
}

enum err entity_statuses(struct ctx *c, const int64_t *ids, int64_t n, struct str *out)
{
    return entity_statuses_in(c, FILTER_NOWHERE, ids, n, out);
}

enum err entity_statuses_in(struct ctx *c, enum filter_context where, const int64_t *ids, int64_t n, struct str *out)
{
    SIEVE sieve = NULL;
    unsigned hidden = 0;
    BATCH statuses = { 0 };
    BATCH inner = { 0 };
    BATCH quoted = { 0 };
    BATCH accounts = { 0 };
    size_t room = (size_t)n * 4 + 1;
    int64_t *inner_ids = ARENA_ARRAY(c->arena, (size_t)n + 1, int64_t);
    int64_t *quoted_ids = ARENA_ARRAY(c->arena, room, int64_t);
    int64_t *author_ids = ARENA_ARRAY(c->arena, room, int64_t);
    const struct rendered **of = ARENA_ARRAY(c->arena, room, const struct rendered *);
    struct status_marks *marks = ARENA_ARRAY(c->arena, room, struct status_marks);
    enum quote_shown *shown = ARENA_ARRAY(c->arena, room, enum quote_shown);
    bool *follows = ARENA_ARRAY(c->arena, room, bool);
    struct filling f = { .n = n, .of = of, .marks = c->me == NULL ? NULL : marks, .shown = shown, .follows = follows };

    TRY(load_statuses(c, &statuses, ids, n));
    keep(&statuses, of);
    collect(&statuses, n, inner_ids);
    TRY(load_statuses(c, &inner, inner_ids, n));
    keep(&inner, of + n);
    TRY(judge_quotes(c, &f, shown, quoted_ids));
    TRY(load_statuses(c, &quoted, quoted_ids, n * 2));
    keep(&quoted, of + 2 * n);
    authors_of(&f, author_ids);
    TRY(load_accounts(c, &accounts, author_ids, n * 4));
    f.authors = accounts.of;
    TRY(load_following(c, &f, follows));
    TRY(load_marks(c, &f, marks));
    TRY(filter_sieve(c, &sieve));
    f.sieve = sieve;
    for (int64_t i = 0; i < n; i++) {
        out[i] = (struct str){ NULL, 0 };
        if (!is_whole(&f, i))
            continue;
        (void)entity_filtered(c, sieve, of[i], of[n + i], &hidden);
        if ((hidden & where) != 0)
            continue;
        struct buf b = buf_on(c->arena);
        fill_status(c, &b, &f, i);
        out[i] = buf_str(&b);
    }
    return OK;
}

/* Not kept: what is told between the commit and this would be lost. */
enum err entity_status_new(struct ctx *c, const struct status *s, const struct account *author, struct str *out)
{
    struct rendered status = { 0 };
    struct rendered account = { 0 };
    const struct rendered *of[4] = { &status };
    const struct rendered *const authors[4] = { &account };
    const bool follows[4] = { false };
    struct marks_ask ask = { s->id, s->thread_id };
    struct status_marks marks = { 0 };
    struct status_more more = { 0 };
    assert(s->reblog_of_id == 0);
    if ((s->parts & PART_QUOTE) != 0)
        return entity_status(c, s->id, out);
    TRY(load_more(c, &s, 1, &more));
    TRY(entity_render_status(c, s, author, &more, &status));
    TRY(entity_render_account(c, author, &account));
    TRY(feed_marks(c, c->me->id, &ask, 1, &marks));
    const struct filling f = { .n = 1, .of = of, .authors = authors, .marks = &marks, .follows = follows };
    struct buf b = buf_on(c->arena);
    fill_status(c, &b, &f, 0);
    *out = buf_str(&b);
    return OK;
}

enum err entity_echoes(struct ctx *c, const int64_t *ids, int64_t n, int64_t *echoed)
{
    BATCH statuses = { 0 };
    TRY(load_statuses(c, &statuses, ids, n));
    collect(&statuses, n, echoed);
    return OK;
}

enum err entity_accounts(struct ctx *c, const int64_t *ids, int64_t n, struct str *out)
{
    BATCH accounts = { 0 };
    TRY(load_accounts(c, &accounts, ids, n));
    for (int64_t i = 0; i < n; i++) {
        out[i] = (struct str){ NULL, 0 };
        if (accounts.of[i] == NULL)
            continue;
        out[i] = arena_str(c->arena, accounts.of[i]->bytes);
    }
    return OK;
}

enum err entity_status(struct ctx *c, int64_t id, struct str *out)
{
    TRY(entity_statuses(c, &id, 1, out));
    return out->p == NULL ? fail(c, ERR_NOT_FOUND, "Record not found") : OK;
}

enum err entity_account(struct ctx *c, int64_t id, struct str *out)
{
    TRY(entity_accounts(c, &id, 1, out));
    return out->p == NULL ? fail(c, ERR_NOT_FOUND, "Record not found") : OK;
}

static struct str list_of(struct ctx *c, const struct str *json, int64_t n)
{
    struct jw w = jw_on(c->arena);
    jw_arr(&w);
    for (int64_t i = 0; i < n; i++)
        if (json[i].p != NULL)
            jw_raw(&w, json[i]);
    jw_arr_end(&w);
    return jw_end(&w);
}

enum err entity_status_list(struct ctx *c, enum filter_context where, const int64_t *ids, int64_t n, struct str *out)
{
    struct str *json = ARENA_ARRAY(c->arena, (size_t)n + 1, struct str);
    TRY(entity_statuses_in(c, where, ids, n, json));
    *out = list_of(c, json, n);
    return OK;
}

enum err entity_account_list(struct ctx *c, const int64_t *ids, int64_t n, struct str *out)
{
    struct str *json = ARENA_ARRAY(c->arena, (size_t)n + 1, struct str);
    TRY(entity_accounts(c, ids, n, json));
    *out = list_of(c, json, n);
    return OK;
}
