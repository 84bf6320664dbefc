/* SPDX-License-Identifier: Apache-2.0 */
#include "core/search_index.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/id.h"
#include "core/mention.h"
#include "core/search_query.h"
#include "core/words.h"
#include "store/account.h"
#include "store/search.h"
#include "store/status.h"
#include "store/tx.h"

#define AHEAD_MS  MINUTE_MS        /* ids may be ahead of this clock */
#define BEHIND_MS (10 * SECOND_MS) /* where nothing was found: how far behind now the mark goes on */

/* A walk along a source, `lag_ms` behind now, when at least `gap_ms` have come together. */
struct walk {
    const char *part;
    enum search_source source;
    int64_t lag_ms;
    int64_t gap_ms;
};

static const struct walk walks[] = {
    { "search_statuses", SEARCH_STATUSES, 0, 0 },
    { "search_edits", SEARCH_EDITS, 0, 0 },
    { "search_accounts", SEARCH_ACCOUNTS, 0, 0 },
    { "search_statuses_late", SEARCH_STATUSES, 5 * SECOND_MS, 5 * SECOND_MS },
    { "search_edits_late", SEARCH_EDITS, 5 * SECOND_MS, 5 * SECOND_MS },
    { "search_accounts_late", SEARCH_ACCOUNTS, 5 * SECOND_MS, 5 * SECOND_MS },
    { "search_statuses_last", SEARCH_STATUSES, 10 * MINUTE_MS, MINUTE_MS },
    { "search_edits_last", SEARCH_EDITS, 10 * MINUTE_MS, MINUTE_MS },
    { "search_accounts_last", SEARCH_ACCOUNTS, 10 * MINUTE_MS, MINUTE_MS },
};

/* A time as the source counts. */
static int64_t at_time(enum search_source source, int64_t ms)
{
    if (source != SEARCH_STATUSES)
        return ms;
    return ms <= ID_EPOCH_MS ? 0 : id_floor(ms);
}

static unsigned facets_of(const struct status *s)
{
    return (s->media.n > 2 ? FACET_MEDIA : 0U) | ((s->parts & PART_POLL) != 0 ? FACET_POLL : 0U)
           | ((s->parts & PART_LINK) != 0 ? FACET_LINK | FACET_EMBED : 0U)
           | ((s->parts & PART_QUOTE) != 0 ? FACET_QUOTE | FACET_EMBED : 0U)
           | (s->in_reply_to_id != 0 ? FACET_REPLY : 0U) | (s->sensitive ? FACET_SENSITIVE : 0U);
}

static struct str names_of(struct arena *a, struct str mentions)
{
    const struct mention *m = NULL;
    int64_t n = mentions.n > 2 ? mention_list(a, mentions, &m) : 0;
    struct buf b = buf_on(a);
    for (int64_t i = 0; i < n; i++)
        buf_printf(&b, "%s%lld,", i == 0 ? "," : "", (long long)m[i].id);
    return n > 0 ? buf_str(&b) : STR("");
}

static struct search_text status_text(struct ctx *c, const struct status *s)
{
    struct str both = arena_strf(c->arena, STR_FMT "\n" STR_FMT, STR_ARG(s->spoiler), STR_ARG(s->text));
    struct str words = search_index_text(c->arena, both);
    return (struct search_text){
        .id = s->id,
        .author = s->account_id,
        .words = words,
        .marks = search_marks(c->arena, s->account_id, s->language, facets_of(s)),
        .is_public = s->visibility == VIS_PUBLIC,
        .length = search_length(words),
        .names = names_of(c->arena, s->mentions),
    };
}

/* The name in one piece, too: "anna_b" is found by "anna" and by "b". */
static struct search_text account_text(struct ctx *c, const struct account *a)
{
    struct str both = arena_strf(c->arena, STR_FMT "\n" STR_FMT, STR_ARG(a->username), STR_ARG(a->display_name));
    return (struct search_text){ .id = a->id, .words = search_index_text(c->arena, both), .is_open = a->indexable };
}

/* What one batch puts in: read before the derived transaction, which sees the index alone. */
struct batch {
    struct search_text *texts;
    int64_t texts_n;
    const struct str **tags; /* of new public parleys */
    int64_t *tags_n;
};

static void take_tags(struct ctx *c, struct batch *b, const struct status *s, bool is_new)
{
    if (is_new && s->visibility == VIS_PUBLIC)
        b->tags_n[b->texts_n] = tag_list(c->arena, s->tags, &b->tags[b->texts_n]);
}

static enum err read_statuses(struct ctx *c, int64_t *ids, int64_t n, bool is_new, struct batch *b)
{
    struct status **s = ARENA_ARRAY(c->arena, (size_t)n + 1, struct status *);
    if (is_new)
        TRY(store_search_drop_known(c, ids, n));
    int64_t kept = 0;
    for (int64_t i = 0; i < n; i++)
        if (ids[i] != 0)
            ids[kept++] = ids[i];
    TRY(store_status_load(c, ids, kept, s));
    for (int64_t i = 0; i < kept; i++) {
        if (s[i] == NULL || s[i]->reblog_of_id != 0)
            continue;
        take_tags(c, b, s[i], is_new);
        b->texts[b->texts_n++] = status_text(c, s[i]);
    }
    return OK;
}

static enum err read_accounts(struct ctx *c, const int64_t *ids, int64_t n, struct batch *b)
{
    struct account **a = ARENA_ARRAY(c->arena, (size_t)n + 1, struct account *);
    TRY(store_account_load(c, ids, n, a));
    for (int64_t i = 0; i < n; i++)
        if (a[i] != NULL)
            b->texts[b->texts_n++] = account_text(c, a[i]);
    return OK;
}

static enum err read_batch(struct ctx *c, enum search_source source, const struct search_change *found, int64_t n,
                           struct batch *b)
{
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)n + 1, int64_t);
    *b = (struct batch){
        .texts = ARENA_ARRAY(c->arena, (size_t)n + 1, struct search_text),
        .tags = ARENA_ARRAY(c->arena, (size_t)n + 1, const struct str *),
        .tags_n = ARENA_ARRAY(c->arena, (size_t)n + 1, int64_t),
    };
    for (int64_t i = 0; i < n; i++)
        ids[i] = found[i].id;
    return source == SEARCH_ACCOUNTS ? read_accounts(c, ids, n, b)
                                     : read_statuses(c, ids, n, source == SEARCH_STATUSES, b);
}

static enum err write_batch(struct ctx *c, const struct walk *w, const struct batch *b, int64_t from, int64_t to)
{
    TX tx = { 0 };
    TRY(tx_begin_derived(c, &tx));
    TRY(store_search_advance(c, str_c(w->part), from, to));
    for (int64_t i = 0; i < b->texts_n; i++) {
        TRY(w->source == SEARCH_ACCOUNTS ? store_search_put_account(c, &b->texts[i])
                                         : store_search_put_status(c, &b->texts[i]));
        for (int64_t k = 0; k < b->tags_n[i]; k++)
            TRY(store_search_put_tag(c, b->tags[i][k]));
    }
    return tx_commit(&tx);
}

/* What was deleted while it was being put in: who deletes takes it out of the index after that commits, so whatever is
   still in the store now is taken out later. */
static enum err drop_gone(struct ctx *c, const struct walk *w, const struct batch *b)
{
    TX tx = { 0 };
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)b->texts_n + 1, int64_t);
    int64_t *gone = ARENA_ARRAY(c->arena, (size_t)b->texts_n + 1, int64_t);
    int64_t n = 0;
    for (int64_t i = 0; i < b->texts_n; i++)
        ids[i] = b->texts[i].id;
    TRY(store_search_gone(c, w->source, ids, b->texts_n, gone, &n));
    if (n == 0)
        return OK;
    TRY(tx_begin_derived(c, &tx));
    for (int64_t i = 0; i < n; i++)
        TRY(w->source == SEARCH_ACCOUNTS ? store_search_delete_account(c, gone[i])
                                         : store_search_delete_status(c, gone[i]));
    return tx_commit(&tx);
}

/* Where a walk begins: the first at the beginning, the later ones here and now, since what is older than their lag has
   committed before the first looks. */
static enum err begin(struct ctx *c, const struct walk *w, int64_t *from)
{
    TRY(store_search_progress(c, str_c(w->part), from));
    if (*from >= 0)
        return OK;
    struct batch none = { 0 };
    int64_t at = w->lag_ms == 0 ? 0 : at_time(w->source, c->now_ms - w->lag_ms);
    TRY(write_batch(c, w, &none, -1, at));
    *from = at;
    return OK;
}

static enum err go_on(struct ctx *c, const struct walk *w, int64_t limit, bool *done, bool *wrote)
{
    struct search_change *found = NULL;
    struct batch b = { 0 };
    int64_t from = 0;
    int64_t n = 0;
    int64_t to = 0;
    TRY(begin(c, w, &from));
    int64_t until = at_time(w->source, w->lag_ms == 0 ? c->now_ms + AHEAD_MS : c->now_ms - w->lag_ms);
    if (w->gap_ms > 0 && at_time(w->source, c->now_ms - w->lag_ms - w->gap_ms) < from)
        return OK;
    TRY(store_search_changes(c, w->source, from, until, limit, &found, &n, &to));
    if (n > 0)
        *done = *done && n < limit / 2;
    if (w->lag_ms == 0) /* where it is still being written, the mark stays at what was seen */
        to = n > 0 ? found[n - 1].at : at_time(w->source, c->now_ms - BEHIND_MS);
    if (to <= from)
        return OK;
    TRY(read_batch(c, w->source, found, n, &b));
    TRY(write_batch(c, w, &b, from, to));
    *wrote = *wrote || b.texts_n > 0;
    return drop_gone(c, w, &b);
}

static enum err tidy(struct ctx *c)
{
    TX tx = { 0 };
    TRY(tx_begin_derived(c, &tx));
    TRY(store_search_tidy(c));
    return tx_commit(&tx);
}

enum err search_index_step(struct ctx *c, int64_t limit, bool *done)
{
    if (limit < 1 || limit > SEARCH_STEP_MAX)
        limit = SEARCH_STEP_MAX;
    bool wrote = false;
    *done = true;
    for (size_t i = 0; i < sizeof walks / sizeof walks[0]; i++)
        TRY(go_on(c, &walks[i], limit, done, &wrote));
    return wrote ? tidy(c) : OK;
}

/* A step with memory of its own: a rebuild takes as many as there are parleys. */
static enum err step_apart(struct ctx *c, bool *done)
{
    struct ctx apart = *c;
    apart.arena = arena_new();
    enum err e = search_index_step(&apart, SEARCH_STEP_MAX, done);
    if (e != OK)
        c->says = arena_str(c->arena, apart.says);
    arena_free(&apart.arena);
    return e;
}

enum err search_clear(struct ctx *c)
{
    TX tx = { 0 };
    TRY(tx_begin_derived(c, &tx));
    TRY(store_search_clear(c));
    return tx_commit(&tx);
}

enum err search_rebuild(struct ctx *c)
{
    bool done = false;
    TRY(search_clear(c));
    while (!done) { /* each step moves a mark forward */
        enum err e = step_apart(c, &done);
        if (e != OK && e != ERR_AGAIN) /* the background went a step in between */
            return e;
        done = done && e == OK;
    }
    return OK;
}

enum err search_index_percent(struct ctx *c, int64_t *percent)
{
    struct search_change *first = NULL;
    int64_t n = 0;
    int64_t upto = 0;
    int64_t at = 0;
    TRY(store_search_progress(c, str_c(walks[0].part), &at));
    TRY(store_search_changes(c, SEARCH_STATUSES, 0, INT64_MAX, 1, &first, &n, &upto));
    int64_t begins_ms = n > 0 ? id_ms(first[0].id) : c->now_ms;
    int64_t all_ms = c->now_ms - MINUTE_MS - begins_ms; /* where nothing is written the mark lags a little */
    int64_t done_ms = at <= 0 ? 0 : id_ms(at) - begins_ms;
    *percent = all_ms <= 0 || done_ms >= all_ms ? 100 : done_ms <= 0 ? 0 : done_ms * 100 / all_ms;
    return OK;
}

enum err search_take(struct ctx *c, const int64_t *ids, int64_t n)
{
    TX tx = { 0 };
    struct status **s = ARENA_ARRAY(c->arena, (size_t)n + 1, struct status *);
    struct search_text *texts = ARENA_ARRAY(c->arena, (size_t)n + 1, struct search_text);
    if (n == 0)
        return OK;
    TRY(store_status_load(c, ids, n, s));
    for (int64_t i = 0; i < n; i++)
        if (s[i] != NULL)
            texts[i] = status_text(c, s[i]);
    TRY(tx_begin_derived(c, &tx));
    for (int64_t i = 0; i < n; i++)
        if (s[i] != NULL)
            TRY(store_search_put_status(c, &texts[i]));
    return tx_commit(&tx);
}

enum err search_forget_status(struct ctx *c, int64_t id)
{
    TX tx = { 0 };
    TRY(tx_begin_derived(c, &tx));
    TRY(store_search_delete_status(c, id));
    return tx_commit(&tx);
}

enum err search_forget_account(struct ctx *c, int64_t id)
{
    TX tx = { 0 };
    TRY(tx_begin_derived(c, &tx));
    TRY(store_search_delete_account(c, id));
    return tx_commit(&tx);
}
