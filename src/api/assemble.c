/* SPDX-License-Identifier: Apache-2.0 */
#include "api/assemble.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "api/entity.h"
#include "api/link.h"
#include "core/filter.h"
#include "core/timeline.h"
#include "core/visible.h"
#include "feed/feed.h"

#define TRIES      3 /* to find whole in memory what was just rendered */
#define MARKS_ROOM (160 + ENTITY_VOTE_ROOM)
#define ETAG_BYTES 20 /* quoted hexadecimal and NUL */

struct piece {
    const struct rendered *s; /* NULL: left out */
    const struct rendered *author;
};

/* A page while the feed's lock is held. inner[i] is what outer[i] echoes. */
struct whole {
    int64_t n;
    struct piece outer[FEED_PAGE_MAX];
    struct piece inner[FEED_PAGE_MAX];
    struct status_marks marks[FEED_PAGE_MAX];
    struct status_marks inner_marks[FEED_PAGE_MAX];
    bool hidden[FEED_PAGE_MAX]; /* an echo of something c->me may not see, or filtered away */
    enum filter_context where;
    struct str filtered[FEED_PAGE_MAX]; /* as entity_filtered writes it */
    struct str inner_filtered[FEED_PAGE_MAX];
    bool slow; /* something on it is not the same for every reader in a way that memory does not know */
};

static bool find_piece(struct ctx *c, int64_t id, struct piece *p, bool *slow)
{
    p->s = feed_look_status(c->feed, id);
    p->author = p->s == NULL ? NULL : feed_look_account(c->feed, p->s->account_id);
    *slow = *slow || (p->s != NULL && !entity_is_plain(c, p->s));
    return p->author != NULL && entity_is_good(c, p->s) && !*slow;
}

static bool find_pieces(struct ctx *c, const int64_t *ids, struct whole *w)
{
    for (int64_t i = 0; i < w->n; i++) {
        w->inner[i] = (struct piece){ 0 };
        if (!find_piece(c, ids[i], &w->outer[i], &w->slow))
            return false;
        int64_t echoed = w->outer[i].s->reblog_of_id;
        if (echoed != 0 && !w->hidden[i] && !find_piece(c, echoed, &w->inner[i], &w->slow))
            return false;
    }
    return true;
}

static bool find_marks(struct ctx *c, const struct piece *p, int64_t n, struct status_marks *marks)
{
    struct marks_ask ask[FEED_PAGE_MAX];
    bool any = false;
    for (int64_t i = 0; i < n; i++) {
        const struct rendered *s = p[i].s;
        ask[i] = s == NULL ? (struct marks_ask){ 0 } : (struct marks_ask){ s->id, s->thread_id };
        any = any || s != NULL;
    }
    return !any || feed_look_marks(c->feed, c->me->id, ask, n, marks);
}

/* Almost always there is nothing to be said. */
static void sift(struct ctx *c, const struct sieve *s, struct whole *w)
{
    for (int64_t i = 0; i < w->n; i++) {
        unsigned hidden = 0;
        w->filtered[i] = w->inner_filtered[i] = STR("[]");
        if (s == NULL || w->hidden[i])
            continue;
        w->filtered[i] = entity_filtered(c, s, w->outer[i].s, w->inner[i].s, &hidden);
        w->hidden[i] = (hidden & w->where) != 0;
        if (w->inner[i].s != NULL)
            w->inner_filtered[i] = entity_filtered(c, s, w->inner[i].s, NULL, &hidden);
    }
}

/* The lock is held. */
static bool find_all(struct ctx *c, const int64_t *ids, struct whole *w)
{
    if (!find_pieces(c, ids, w))
        return false;
    memset(w->marks, 0, sizeof w->marks);
    memset(w->inner_marks, 0, sizeof w->inner_marks);
    return c->me == NULL || (find_marks(c, w->outer, w->n, w->marks) && find_marks(c, w->inner, w->n, w->inner_marks));
}

static uint64_t mix(uint64_t h, uint64_t x)
{
    h = (h ^ x) * UINT64_C(0x9FB21C651E98DF25);
    return h ^ h >> 29;
}

static uint64_t mix_piece(uint64_t h, const struct piece *p, const struct status_marks *m)
{
    if (p->s == NULL)
        return mix(h, 1);
    uint64_t bits = (uint64_t)m->favourited | (uint64_t)m->reblogged << 1 | (uint64_t)m->bookmarked << 2
                    | (uint64_t)m->muted << 3 | (uint64_t)m->pinned << 4 | (uint64_t)m->vote << 8;
    return mix(mix(mix(h, p->s->version), p->author->version), bits);
}

static uint64_t mix_text(uint64_t h, struct str s)
{
    for (size_t i = 0; i < s.n && s.n > 2; i++)
        h = mix(h, (unsigned char)s.p[i]);
    return h;
}

/* Two answers of different bytes differ in a version, a mark, the order or the reader; a version is given once. */
static void etag_of(struct ctx *c, const struct whole *w, char out[ETAG_BYTES])
{
    uint64_t h = mix(UINT64_C(0x243F6A8885A308D3), c->me == NULL ? 0 : (uint64_t)c->me->id);
    for (int64_t i = 0; i < w->n; i++) {
        if (w->hidden[i])
            continue;
        h = mix_piece(h, &w->outer[i], &w->marks[i]);
        h = mix_piece(h, &w->inner[i], &w->inner_marks[i]);
        h = mix_text(mix_text(h, w->filtered[i]), w->inner_filtered[i]);
    }
    static const char hex[] = "0123456789abcdef";
    out[0] = '"';
    for (int i = 0; i < 16; i++)
        out[1 + i] = hex[h >> (60 - 4 * i) & 15];
    out[17] = '"';
}

static char *put(char *to, struct str s)
{
    memcpy(to, s.p, s.n);
    return to + s.n;
}

static size_t room_of(const struct piece *p)
{
    return p->s == NULL ? 0 : p->s->bytes.n + p->author->bytes.n + p->s->content_n + MARKS_ROOM;
}

static char *put_status(struct ctx *c, char *to, const struct whole *w, int64_t i, bool is_inner)
{
    const struct piece *p = is_inner ? &w->inner[i] : &w->outer[i];
    const struct rendered *echoed = w->inner[i].s; /* an echo shows the marks of what it echoes */
    const struct status_marks *marks = is_inner || echoed != NULL ? &w->inner_marks[i] : &w->marks[i];
    size_t from = 0;
    for (uint32_t k = 0; k < p->s->slots_n; k++) {
        const struct slot *s = &p->s->slots[k];
        to = put(to, (struct str){ p->s->bytes.p + from, s->at - from });
        from = s->at;
        switch (s->kind) {
        case SLOT_ACCOUNT: to = put(to, p->author->bytes); break;
        case SLOT_STATUS: to = put_status(c, to, w, i, true); break;
        case SLOT_CONTENT: to = put(to, (struct str){ echoed->bytes.p + echoed->content_at, echoed->content_n }); break;
        case SLOT_QUOTE: break; /* a page with one is slow */
        case SLOT_APPROVAL: to = put(to, entity_approval(c, p->s, false)); break;
        case SLOT_VOTE:
            if (c->me != NULL)
                to += entity_vote(to, p->s->poll_round, marks->vote, c->me->id == p->s->account_id);
            break;
        case SLOT_MARKS:
            if (c->me == NULL)
                break;
            to = put(to, entity_marks(marks, entity_may_pin(c, p->s)));
            to = put(to, is_inner ? w->inner_filtered[i] : w->filtered[i]);
            break;
        }
    }
    return put(to, str_skip(p->s->bytes, from));
}

static void put_page(struct ctx *c, struct http_res *r, const struct whole *w, bool is_list)
{
    size_t room = 2 + (size_t)w->n;
    for (int64_t i = 0; i < w->n; i++)
        room += room_of(&w->outer[i]) + 2 * room_of(&w->inner[i]) + w->filtered[i].n + w->inner_filtered[i].n;
    char *body = malloc(room);
    if (body == NULL)
        abort();
    char *to = body;
    bool first = true;
    if (is_list)
        *to++ = '[';
    for (int64_t i = 0; i < w->n; i++) {
        if (w->hidden[i])
            continue;
        if (!first)
            *to++ = ',';
        first = false;
        to = put_status(c, to, w, i, false);
    }
    if (is_list)
        *to++ = ']';
    assert((size_t)(to - body) <= room);
    r->status = 200;
    r->body_owned = body;
    r->body = (struct str){ body, (size_t)(to - body) };
}

static void put_headers(struct ctx *c, struct http_res *r, struct str etag)
{
    http_res_header(r, STR("ETag"), etag);
    http_res_header(r, STR("Cache-Control"), c->session != NULL ? STR("private, no-cache") : STR("no-cache"));
}

/* Which echoes are of something that c->me may not see: judged without the lock, so found anew afterwards. */
static enum err judge_echoes(struct ctx *c, const int64_t *echoed, struct whole *w)
{
    for (int64_t i = 0; i < w->n; i++) {
        struct status *s = NULL;
        if (echoed[i] == 0)
            continue;
        enum err e = status_see_rendered(c, echoed[i]);
        if (e == ERR_COLD && c->db != NULL)
            e = status_see(c, echoed[i], &s, NULL);
        w->hidden[i] = e == ERR_NOT_FOUND;
        if (e != OK && e != ERR_NOT_FOUND)
            return e;
    }
    c->says = (struct str){ NULL, 0 };
    return OK;
}

static bool find_echoes(struct feed *f, const int64_t *ids, int64_t n, int64_t *echoed, bool *any)
{
    *any = false;
    for (int64_t i = 0; i < n; i++) {
        const struct rendered *s = feed_look_status(f, ids[i]);
        if (s == NULL)
            return false;
        echoed[i] = s->reblog_of_id;
        *any = *any || echoed[i] != 0;
    }
    return true;
}

/* From memory alone; false in *done: something is not there. */
static enum err try_memory(struct ctx *c, const struct http_req *q, struct http_res *r, const int64_t *ids,
                           struct whole *w, bool is_list, bool *done)
{
    SIEVE sieve = NULL;
    int64_t echoed[FEED_PAGE_MAX];
    bool any = false;
    TRY(filter_sieve(c, &sieve));
    char *etag = arena_alloc(c->arena, ETAG_BYTES);
    feed_look_begin(c->feed);
    *done = find_echoes(c->feed, ids, w->n, echoed, &any);
    if (*done && any && is_list) {
        feed_look_end(c->feed);
        TRY(judge_echoes(c, echoed, w));
        feed_look_begin(c->feed);
    }
    *done = *done && find_all(c, ids, w);
    if (*done) {
        sift(c, sieve, w);
        etag_of(c, w, etag);
        r->status = 304;
        if (!http_is_known(q, (struct str){ etag, ETAG_BYTES - 2 }))
            put_page(c, r, w, is_list);
    }
    feed_look_end(c->feed);
    if (*done)
        put_headers(c, r, (struct str){ etag, ETAG_BYTES - 2 });
    return OK;
}

/* Marks are loaded and everything rendered, by the way of all other lists; what is not there is told to the feed. */
static enum err warm(struct ctx *c, const int64_t *ids, int64_t n, struct str *json)
{
    int64_t reader = c->me == NULL ? 0 : c->me->id;
    TRY(entity_statuses(c, ids, n, json));
    for (int64_t i = 0; i < n; i++)
        if (json[i].p == NULL)
            feed_status_missing(c->feed, reader, ids[i]);
    return OK;
}

/* Without the feed's memory, and without an ETag. */
static enum err reply_slowly(struct ctx *c, struct http_res *r, const struct str *json, const struct whole *w)
{
    struct jw j = jw_on(c->arena);
    jw_arr(&j);
    for (int64_t i = 0; i < w->n; i++)
        if (json[i].p != NULL && !w->hidden[i])
            jw_raw(&j, json[i]);
    jw_arr_end(&j);
    r->status = 200;
    r->body = jw_end(&j);
    return OK;
}

static int64_t keep_present(const struct str *json, const int64_t *ids, int64_t n, int64_t *kept)
{
    int64_t m = 0;
    for (int64_t i = 0; i < n; i++)
        if (json[i].p != NULL)
            kept[m++] = ids[i];
    return m;
}

/* What every echo among ids echoes, from the rows. */
static enum err echoes_of_rows(struct ctx *c, const int64_t *ids, int64_t n, struct whole *w)
{
    int64_t echoed[FEED_PAGE_MAX] = { 0 };
    TRY(entity_echoes(c, ids, n, echoed));
    return judge_echoes(c, echoed, w);
}

enum err reply_statuses(struct ctx *c, const struct http_req *q, struct http_res *r, enum filter_context where,
                        const int64_t *ids, int64_t n)
{
    struct whole w = { .where = where };
    int64_t kept[FEED_PAGE_MAX];
    struct str *json = NULL;
    bool done = false;
    assert(n <= FEED_PAGE_MAX);
    for (int i = 0; i < TRIES && !done; i++) {
        memset(w.hidden, 0, sizeof w.hidden);
        w.n = n;
        w.slow = false;
        TRY(try_memory(c, q, r, ids, &w, true, &done));
        if (done)
            return OK;
        if (c->db == NULL)
            return ERR_COLD;
        if (w.slow)
            break;
        json = ARENA_ARRAY(c->arena, (size_t)n + 1, struct str);
        TRY(warm(c, ids, n, json));
        n = keep_present(json, ids, n, kept);
        ids = kept;
    }
    json = ARENA_ARRAY(c->arena, (size_t)n + 1, struct str);
    TRY(entity_statuses_in(c, where, ids, n, json));
    memset(w.hidden, 0, sizeof w.hidden);
    w.n = n;
    TRY(echoes_of_rows(c, ids, n, &w));
    return reply_slowly(c, r, json, &w);
}

enum err reply_timeline(struct ctx *c, const struct http_req *q, struct http_res *r, const struct timeline *t)
{
    TRY(reply_statuses(c, q, r, t->where, t->ids, t->n));
    page_links(c, q, r, t->first, t->last, false);
    return OK;
}

enum err reply_one_status(struct ctx *c, const struct http_req *q, struct http_res *r, int64_t id)
{
    struct whole w = { .n = 1 };
    bool done = false;
    struct str json = { 0 };
    for (int i = 0; i < TRIES && !w.slow; i++) {
        TRY(try_memory(c, q, r, &id, &w, false, &done));
        if (done)
            return OK;
        if (c->db == NULL)
            return ERR_COLD;
        TRY(entity_status(c, id, &json));
    }
    r->status = 200;
    r->body = json;
    return OK;
}

static bool account_from_memory(struct ctx *c, const struct http_req *q, struct http_res *r, int64_t id)
{
    struct whole w = { .n = 1 };
    char *etag = arena_alloc(c->arena, ETAG_BYTES);
    struct str tag = { etag, ETAG_BYTES - 2 };
    feed_look_begin(c->feed);
    const struct rendered *a = feed_look_account(c->feed, id);
    if (a != NULL) {
        w.outer[0] = (struct piece){ a, a };
        etag_of(c, &w, etag);
        r->status = 304;
        if (!http_is_known(q, tag)) {
            r->status = 200;
            r->body = arena_str(c->arena, a->bytes);
        }
    }
    feed_look_end(c->feed);
    if (a != NULL)
        put_headers(c, r, tag);
    return a != NULL;
}

enum err reply_one_account(struct ctx *c, const struct http_req *q, struct http_res *r, int64_t id)
{
    struct str json = { 0 };
    if (account_from_memory(c, q, r, id))
        return OK;
    if (c->db == NULL)
        return ERR_COLD;
    TRY(entity_account(c, id, &json));
    if (account_from_memory(c, q, r, id))
        return OK;
    r->status = 200;
    r->body = json;
    return OK;
}
