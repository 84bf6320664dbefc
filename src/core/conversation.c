/* SPDX-License-Identifier: Apache-2.0 */
#include "core/conversation.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/id.h"
#include "core/mention.h"
#include "core/notification_policy.h"
#include "core/visible.h"
#include "store/bond.h"
#include "store/conversation.h"
#include "store/news.h"
#include "store/page.h"
#include "store/status.h"
#include "store/tx.h"

static int rising(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Author and mentioned, each once, in the order in which their rows are locked. */
static int64_t *people_of(struct ctx *c, const struct status *s, int64_t *n)
{
    const struct mention *m = NULL;
    int64_t named = mention_list(c->arena, s->mentions, &m);
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)named + 1, int64_t);
    ids[0] = s->account_id;
    *n = 1;
    for (int64_t i = 0; i < named; i++)
        if (m[i].id != s->account_id)
            ids[(*n)++] = m[i].id;
    qsort(ids, (size_t)*n, sizeof *ids, rising);
    return ids;
}

static struct str others_of(struct ctx *c, const int64_t *ids, int64_t n, int64_t but)
{
    struct buf b = buf_on(c->arena);
    buf_putc(&b, ',');
    for (int64_t i = 0; i < n; i++)
        if (ids[i] != but)
            buf_printf(&b, "%lld,", (long long)ids[i]);
    return buf_str(&b);
}

/* Who is told of what c->me says to them: neither those who turn away from them or from the thread, nor those whose
   policy lets it wait. */
static enum err hears(struct ctx *c, const struct status *s, const int64_t *ids, int64_t n, bool *out)
{
    struct hearing *h = ARENA_ARRAY(c->arena, (size_t)n, struct hearing);
    enum notification_verdict *verdicts = ARENA_ARRAY(c->arena, (size_t)n, enum notification_verdict);
    TRY(store_bond_hearing(c, c->me->id, s->thread_id, ids, n, h));
    TRY(policy_judge(c, NOTE_MENTION, s->id, ids, n, verdicts));
    for (int64_t i = 0; i < n; i++) {
        const struct bond *b = &h[i].bond;
        bool deaf = b->blocks || b->blocked_by || b->mutes || h[i].mutes_thread;
        out[i] = ids[i] != c->me->id && !deaf && verdicts[i] == HEAR_ACCEPT;
    }
    return OK;
}

enum err conversation_add(struct ctx *c, const struct status *s)
{
    int64_t n = 0;
    if (s->visibility != VIS_DIRECT)
        return OK;
    int64_t *ids = people_of(c, s, &n);
    bool *told = ARENA_ARRAY(c->arena, (size_t)n, bool);
    TRY(hears(c, s, ids, n, told));
    for (int64_t i = 0; i < n; i++) {
        bool is_own = ids[i] == s->account_id;
        struct conversation cv = {
            .account_id = ids[i],
            .thread_id = s->thread_id,
            .others = others_of(c, ids, n, ids[i]),
            .last_status_id = s->id,
            .unread = told[i],
        };
        TRY(store_conversation_put(c, &cv, !told[i] && !is_own));
        if (told[i] || is_own)
            news_after(c, NEWS_CONVERSATION, ids[i], cv.id);
    }
    return OK;
}

enum err conversation_drop(struct ctx *c, const struct status *s)
{
    int64_t n = 0;
    int64_t id = 0;
    if (s->visibility != VIS_DIRECT)
        return OK;
    const int64_t *ids = people_of(c, s, &n);
    for (int64_t i = 0; i < n; i++)
        TRY(store_conversation_take(c, ids[i], s->id, &id));
    return OK;
}

/* The same people: only what is said changed. */
static enum err tell_edited(struct ctx *c, const struct status *s, const int64_t *ids, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        int64_t id = 0;
        struct conversation *cv = NULL;
        TRY(store_conversation_holding(c, ids[i], s->id, &id));
        TRY(store_conversation_find(c, ids[i], id, &cv));
        if (cv != NULL && cv->last_status_id == s->id)
            news_after(c, NEWS_CONVERSATION, ids[i], id);
    }
    return OK;
}

enum err conversation_edit(struct ctx *c, const struct status *was, const struct status *now)
{
    int64_t was_n = 0;
    int64_t n = 0;
    if (now->visibility != VIS_DIRECT)
        return OK;
    const int64_t *before = people_of(c, was, &was_n);
    const int64_t *ids = people_of(c, now, &n);
    if (n == was_n && memcmp(before, ids, (size_t)n * sizeof *ids) == 0)
        return tell_edited(c, now, ids, n);
    TRY(conversation_drop(c, was));
    return conversation_add(c, now);
}

/* --- reading --- */

/* The ids in ",1,2,". */
static int64_t *parse_others(struct ctx *c, struct str others, int64_t *n)
{
    int64_t *ids = ARENA_ARRAY(c->arena, others.n / 2 + 1, int64_t);
    struct str rest = others;
    struct str one = { 0 };
    *n = 0;
    while (str_cut(&rest, ',', &one))
        if (id_parse(one, &ids[*n]))
            (*n)++;
    return ids;
}

static enum err load_last(struct ctx *c, const struct conversation *rows, int64_t n, struct talk *out)
{
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)n + 1, int64_t);
    struct status **last = ARENA_ARRAY(c->arena, (size_t)n + 1, struct status *);
    for (int64_t i = 0; i < n; i++)
        ids[i] = rows[i].last_status_id;
    TRY(store_status_load(c, ids, n, last));
    TRY(statuses_filter(c, last, n, VISIBLE_PAGE, NULL));
    for (int64_t i = 0; i < n; i++)
        out[i] = (struct talk){ .row = rows[i], .last = last[i] };
    return OK;
}

/* The others of all of them at once. Whom c->me may not see is left out; without anybody who is not blocked it is not
   shown at all: last becomes NULL. */
static enum err load_people(struct ctx *c, struct talk *t, int64_t n)
{
    int64_t all_n = 0;
    for (int64_t i = 0; i < n; i++) {
        t[i].people = parse_others(c, t[i].row.others, &t[i].people_n);
        all_n += t[i].people_n;
    }
    int64_t *all = ARENA_ARRAY(c->arena, (size_t)all_n + 1, int64_t);
    struct bond *bonds = ARENA_ARRAY(c->arena, (size_t)all_n + 1, struct bond);
    int64_t at = 0;
    for (int64_t i = 0; i < n; i++)
        for (int64_t k = 0; k < t[i].people_n; k++)
            all[at++] = t[i].people[k];
    TRY(store_bond_load(c, c->me->id, all, all_n, bonds));
    TRY(accounts_filter(c, all, all_n));
    at = 0;
    for (int64_t i = 0; i < n; i++) {
        int64_t kept = 0;
        int64_t blocked = 0;
        for (int64_t k = 0; k < t[i].people_n; k++, at++) {
            blocked += bonds[at].blocks || bonds[at].blocked_by;
            if (all[at] != 0)
                t[i].people[kept++] = all[at];
        }
        if (blocked > 0 && blocked == t[i].people_n)
            t[i].last = NULL;
        if (kept == 0)
            t[i].people[kept++] = c->me->id;
        t[i].people_n = kept;
    }
    return OK;
}

static enum err load(struct ctx *c, const struct conversation *rows, int64_t n, struct talk *out)
{
    TRY(load_last(c, rows, n, out));
    return load_people(c, out, n);
}

static void take(struct talk_page *out, const struct talk *t)
{
    int64_t id = t->row.last_status_id;
    if (id > out->first)
        out->first = id;
    if (out->last == 0 || id < out->last)
        out->last = id;
    if (t->last != NULL)
        out->rows[out->n++] = *t;
}

static void turn(struct talk_page *out)
{
    for (int64_t i = 0; i < out->n / 2; i++) {
        struct talk x = out->rows[i];
        out->rows[i] = out->rows[out->n - 1 - i];
        out->rows[out->n - 1 - i] = x;
    }
}

enum err conversation_list(struct ctx *c, const struct page *asked, struct talk_page *out)
{
    struct page p = *asked;
    p.limit = page_limit(asked);
    *out = (struct talk_page){ .rows = ARENA_ARRAY(c->arena, (size_t)p.limit, struct talk) };
    for (int round = 0; round < CONVERSATION_ROUNDS_MAX; round++) {
        struct conversation *rows = NULL;
        int64_t n = 0;
        TRY(store_conversation_list(c, c->me->id, &p, &rows, &n));
        struct talk *found = ARENA_ARRAY(c->arena, (size_t)n + 1, struct talk);
        TRY(load(c, rows, n, found));
        for (int64_t i = 0; i < n && out->n < p.limit; i++)
            take(out, &found[page_ascends(&p) ? n - 1 - i : i]);
        if (n < p.limit || out->n == p.limit)
            break;
        page_go_on(&p, out->first, out->last);
    }
    if (page_ascends(&p))
        turn(out);
    if (out->n == 0)
        out->first = out->last = 0;
    return OK;
}

static enum err get_row(struct ctx *c, int64_t id, struct conversation **out)
{
    TRY(store_conversation_find(c, c->me->id, id, out));
    return *out != NULL ? OK : fail(c, ERR_NOT_FOUND, "Record not found");
}

enum err conversation_get(struct ctx *c, int64_t id, struct talk *out)
{
    struct conversation *row = NULL;
    TRY(get_row(c, id, &row));
    TRY(load(c, row, 1, out));
    return out->last != NULL ? OK : fail(c, ERR_NOT_FOUND, "Record not found");
}

enum err conversation_read(struct ctx *c, int64_t id, struct talk *out)
{
    TX tx = { 0 };
    TRY(member_may_write(c));
    TRY(conversation_get(c, id, out));
    if (!out->row.unread)
        return OK;
    TRY(tx_begin(c, &tx));
    TRY(store_conversation_set_read(c, c->me->id, id));
    TRY(tx_commit(&tx));
    out->row.unread = false;
    return OK;
}

enum err conversation_remove(struct ctx *c, int64_t id)
{
    TX tx = { 0 };
    struct conversation *row = NULL;
    TRY(member_may_write(c));
    TRY(tx_begin(c, &tx));
    TRY(get_row(c, id, &row));
    TRY(store_conversation_delete(c, c->me->id, id));
    return tx_commit(&tx);
}

static enum err statuses_source(struct ctx *c, const void *what, const struct page *p, struct page_row **out,
                                int64_t *n)
{
    return store_conversation_statuses(c, *(const int64_t *)what, p, out, n);
}

enum err conversation_statuses(struct ctx *c, int64_t id, const struct page *p, struct status_page *out)
{
    struct conversation *row = NULL;
    TRY(get_row(c, id, &row));
    return status_page_fill(c, statuses_source, NULL, &row->id, VISIBLE_PAGE, FILTER_NOWHERE, p, out);
}

static enum err timeline_source(struct ctx *c, const void *what, const struct page *p, struct page_row **out,
                                int64_t *n)
{
    (void)what;
    return store_conversation_status_list(c, c->me->id, p, out, n);
}

enum err conversation_timeline(struct ctx *c, const struct page *p, struct status_page *out)
{
    return status_page_fill(c, timeline_source, NULL, NULL, VISIBLE_PAGE, FILTER_NOWHERE, p, out);
}

enum err conversation_waits(struct ctx *c, bool *out)
{
    struct conversation rows[CONVERSATION_UNREAD_MAX];
    struct talk found[CONVERSATION_UNREAD_MAX];
    int64_t n = 0;
    *out = false;
    TRY(store_conversation_unread(c, c->me->id, CONVERSATION_UNREAD_MAX, rows, &n));
    if (n == 0)
        return OK;
    TRY(load(c, rows, n, found));
    for (int64_t i = 0; i < n; i++)
        *out = *out || found[i].last != NULL;
    return OK;
}
