/* SPDX-License-Identifier: Apache-2.0 */
#include "core/notification_group.h"

#include "base/id.h"
#include "core/marker.h"
#include "core/visible.h"
#include "store/notification.h"
#include "store/page.h"
#include "store/tx.h"

static int64_t span_of(int64_t id)
{
    return (id_ms(id) - ID_EPOCH_MS) / NOTE_SPAN_MS;
}

static bool is_grouped(const struct notification *n, uint64_t types)
{
    return (types & GROUPABLE & UINT64_C(1) << n->type) != 0;
}

struct str notification_group_key(struct ctx *c, const struct notification *n, uint64_t types)
{
    struct str word = notification_word(n->type);
    if (!is_grouped(n, types))
        return arena_strf(c->arena, "ungrouped-%lld", (long long)n->id);
    if (n->status_id == 0)
        return arena_strf(c->arena, STR_FMT "-%lld", STR_ARG(word), (long long)span_of(n->id));
    return arena_strf(c->arena, STR_FMT "-%lld-%lld", STR_ARG(word), (long long)n->status_id,
                      (long long)span_of(n->id));
}

static bool belongs(const struct notification_group *g, const struct notification *n)
{
    return g->grouped && g->newest.type == n->type && g->newest.status_id == n->status_id
           && span_of(g->newest.id) == span_of(n->id);
}

static void join(struct notification_group *g, const struct notification *n)
{
    if (n->id > g->newest.id)
        g->newest = *n;
    g->page_min_id = g->page_min_id == 0 || n->id < g->page_min_id ? n->id : g->page_min_id;
    g->page_max_id = n->id > g->page_max_id ? n->id : g->page_max_id;
    g->newest_id = g->page_max_id;
    g->n++;
    if (g->samples_n < GROUP_SAMPLES_MAX)
        g->samples[g->samples_n++] = n->from_id;
}

/* False: it would begin a group for which there is no room. */
static bool take(struct notification_groups *out, const struct notification *n, uint64_t types, int64_t room)
{
    bool grouped = is_grouped(n, types);
    struct notification_group *g = NULL;
    for (int64_t i = 0; i < out->n && grouped && g == NULL; i++)
        if (belongs(&out->rows[i], n))
            g = &out->rows[i];
    if (g == NULL && out->n == room)
        return false;
    if (g == NULL) {
        g = &out->rows[out->n++];
        *g = (struct notification_group){ .newest = *n, .grouped = grouped };
    }
    join(g, n);
    out->first = n->id > out->first ? n->id : out->first;
    out->last = out->last == 0 || n->id < out->last ? n->id : out->last;
    return true;
}

static enum err walk(struct ctx *c, const struct notification_ask *ask, uint64_t types, const struct page *asked,
                     struct notification_groups *out)
{
    struct page p = *asked;
    int64_t room = page_limit(asked);
    bool more = true;
    p.limit = PAGE_LIMIT_MAX;
    for (int round = 0; more && round < GROUP_ROUNDS_MAX; round++) {
        struct notification_page found = { 0 };
        TRY(notification_list(c, ask, &p, &found));
        for (int64_t i = 0; i < found.n && more; i++)
            more = take(out, &found.rows[page_ascends(&p) ? found.n - 1 - i : i], types, room);
        more = more && found.n == p.limit;
        page_go_on(&p, found.first, found.last);
    }
    return OK;
}

static void sort_newest_first(struct notification_groups *g)
{
    for (int64_t i = 1; i < g->n; i++)
        for (int64_t k = i; k > 0 && g->rows[k].newest_id > g->rows[k - 1].newest_id; k--) {
            struct notification_group x = g->rows[k];
            g->rows[k] = g->rows[k - 1];
            g->rows[k - 1] = x;
        }
}

/* What of each group lies outside of the page: one statement for all of them. */
static enum err tally(struct ctx *c, const struct notification_ask *ask, struct notification_groups *g)
{
    struct notification_filter f = { .account_id = c->me->id, .filtered_too = ask->filtered_too };
    struct notification_tally all[2 * GROUPS_MAX];
    int64_t statuses[GROUPS_MAX];
    int64_t n = 0;
    int64_t found = 0;
    int64_t least = INT64_MAX;
    for (int64_t i = 0; i < g->n; i++) {
        const struct notification_group *x = &g->rows[i];
        if (!x->grouped)
            continue;
        f.types |= UINT64_C(1) << x->newest.type;
        statuses[n++] = x->newest.status_id;
        int64_t from = id_floor(ID_EPOCH_MS + span_of(x->newest.id) * NOTE_SPAN_MS);
        least = from < least ? from : least;
    }
    if (n == 0 || ask->from_id != 0)
        return OK;
    TRY(store_notification_tally(c, &f, statuses, n, least, all, 2 * GROUPS_MAX, &found));
    for (int64_t i = 0; i < g->n; i++)
        for (int64_t k = 0; k < found; k++)
            if (g->rows[i].grouped && all[k].type == g->rows[i].newest.type
                && all[k].status_id == g->rows[i].newest.status_id && all[k].span == span_of(g->rows[i].newest.id)) {
                g->rows[i].n = all[k].n;
                g->rows[i].newest_id = all[k].newest_id;
            }
    return OK;
}

enum err notification_groups(struct ctx *c, const struct notification_ask *ask, uint64_t types, const struct page *p,
                             struct notification_groups *out)
{
    *out = (struct notification_groups){ .rows = ARENA_ARRAY(c->arena, GROUPS_MAX, struct notification_group) };
    TRY(walk(c, ask, types, p, out));
    sort_newest_first(out);
    return tally(c, ask, out);
}

bool notification_group_parse(struct str text, struct notification_group_key *k)
{
    struct str word = { 0 };
    struct str status = { 0 };
    int64_t span = 0;
    *k = (struct notification_group_key){ .ask = { .of_status = true } };
    if (!str_cut(&text, '-', &word))
        return false;
    if (str_eq(word, STR("ungrouped")))
        return id_parse(text, &k->one);
    k->ask.types = notification_bit(word) & GROUPABLE;
    bool of_none = k->ask.types == UINT64_C(1) << NOTE_FOLLOW || k->ask.types == UINT64_C(1) << NOTE_ADMIN_SIGN_UP;
    if (!of_none && (!str_cut(&text, '-', &status) || !id_parse(status, &k->ask.status_id)))
        return false;
    if (k->ask.types == 0 || !str_to_i64(text, &span) || span < 0 || span > span_of(INT64_MAX) - 1)
        return false;
    k->above = id_floor(ID_EPOCH_MS + span * NOTE_SPAN_MS) - 1;
    k->below = id_floor(ID_EPOCH_MS + (span + 1) * NOTE_SPAN_MS);
    return true;
}

static enum err read_key(struct ctx *c, struct str text, struct notification_group_key *k)
{
    return notification_group_parse(text, k) ? OK : fail(c, ERR_NOT_FOUND, "Record not found");
}

/* The asked page within the group's bounds. */
static struct page within(const struct notification_group_key *k, const struct page *asked)
{
    struct page p = *asked;
    p.max_id = p.max_id == 0 || p.max_id > k->below ? k->below : p.max_id;
    if (page_ascends(&p))
        p.min_id = p.min_id < k->above ? k->above : p.min_id;
    else
        p.since_id = p.since_id < k->above ? k->above : p.since_id;
    return p;
}

enum err notification_group_get(struct ctx *c, struct str key, struct notification_groups *out)
{
    struct notification_group_key k;
    struct notification alone = { 0 };
    const struct page newest = { .limit = GROUP_SAMPLES_MAX };
    struct notification_page found = { 0 };
    *out = (struct notification_groups){ .rows = ARENA_NEW(c->arena, struct notification_group) };
    TRY(read_key(c, key, &k));
    if (k.one != 0) {
        TRY(notification_get(c, k.one, &alone));
        (void)take(out, &alone, 0, 1);
        return OK;
    }
    struct page p = within(&k, &newest);
    TRY(notification_list(c, &k.ask, &p, &found));
    if (found.n == 0)
        return fail(c, ERR_NOT_FOUND, "Record not found");
    for (int64_t i = 0; i < found.n; i++)
        (void)take(out, &found.rows[i], GROUPABLE, 1);
    return tally(c, &k.ask, out);
}

enum err notification_group_accounts(struct ctx *c, struct str key, const struct page *asked, struct account_page *out)
{
    struct notification_group_key k;
    struct notification alone = { 0 };
    struct notification_page found = { 0 };
    TRY(read_key(c, key, &k));
    if (k.one != 0) {
        TRY(notification_get(c, k.one, &alone));
        found = (struct notification_page){ .rows = &alone, .n = 1, .first = alone.id, .last = alone.id };
    } else {
        struct page p = within(&k, asked);
        TRY(notification_list(c, &k.ask, &p, &found));
    }
    *out = (struct account_page){ .ids = ARENA_ARRAY(c->arena, (size_t)found.n + 1, int64_t),
                                  .n = found.n,
                                  .first = found.first,
                                  .last = found.last };
    for (int64_t i = 0; i < found.n; i++)
        out->ids[i] = found.rows[i].from_id;
    return OK;
}

enum err notification_group_dismiss(struct ctx *c, struct str key)
{
    TX tx = { 0 };
    struct notification_group_key k;
    TRY(member_may_write(c));
    TRY(read_key(c, key, &k));
    if (k.one != 0)
        return notification_dismiss(c, k.one);
    const struct notification_filter f = {
        .account_id = c->me->id, .types = k.ask.types, .of_status = true, .status_id = k.ask.status_id
    };
    TRY(tx_begin(c, &tx));
    TRY(store_notification_delete_span(c, &f, k.above, k.below));
    return tx_commit(&tx);
}

enum err notification_groups_unread(struct ctx *c, const struct notification_ask *ask, uint64_t types, int64_t limit,
                                    int64_t *n)
{
    struct marker marks[MARKERS];
    struct notification_groups all = { 0 };
    limit = limit < 1 || limit > UNREAD_MAX ? UNREAD_MAX : limit;
    all.rows = ARENA_ARRAY(c->arena, (size_t)limit, struct notification_group);
    TRY(marker_list(c, marks));
    struct page p = { .since_id = marks[MARKER_NOTIFICATIONS].last_read_id, .limit = PAGE_LIMIT_MAX };
    bool more = true;
    for (int64_t looked = 0; more && looked < 2 * UNREAD_MAX; looked += PAGE_LIMIT_MAX) {
        struct notification_page found = { 0 };
        TRY(notification_list(c, ask, &p, &found));
        for (int64_t i = 0; i < found.n && more; i++)
            more = take(&all, &found.rows[i], types, limit);
        more = more && found.n == p.limit;
        p.max_id = found.last;
    }
    *n = all.n;
    return OK;
}
