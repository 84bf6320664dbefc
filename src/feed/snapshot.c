/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "feed/inside.h"

/* The tails in a file, so that a start reads them in a second instead of every row of a month.

   head | account ids by number | languages | a record and a block an author | end record | pairs | removed | checksum

   Everything is a multiple of 8 bytes, in the machine's own order: another kind of machine or another version reads it
   as no snapshot. It is a cache: when in doubt it is thrown away. It covers ids up to head.covers, ten minutes before
   it was begun, so that no transaction that was still open then is missing; the rest is read from the store. */
#define MAGIC       UINT64_C(0x3230444545464C50) /* "PLFEED02" */
#define BEHIND_MS   (10 * MINUTE_MS)
#define OUT_BYTES   ((size_t)4 * 1024 * 1024)
#define AT_ONCE     2048 /* authors that are copied under one hold of the lock */
#define SAMPLE      64
#define LANGS_BYTES ((size_t)(LANGS_MAX + 1) * 8)

struct head {
    uint64_t magic;
    int64_t covers;
    int64_t from; /* of authors without a tail */
    int64_t authors_n;
    int64_t langs_n;
    int64_t directs_from;
};

struct record { /* author 0: the last one, n counts the pairs and from the removed */
    uint32_t author;
    uint32_t n;
    int64_t from;
};

/* Finds a torn or damaged file, not a forged one: four lanes of multiply and rotate over 8-byte words. */
struct sum {
    uint64_t lane[4];
    uint64_t words;
};

static void sum_add(struct sum *s, const void *p, size_t bytes)
{
    const uint64_t *w = p;
    for (size_t i = 0; i < bytes / 8; i++) {
        uint64_t *lane = &s->lane[(s->words + i) & 3];
        *lane = (*lane ^ w[i]) * UINT64_C(0x9E3779B97F4A7C15);
        *lane = *lane << 29 | *lane >> 35;
    }
    s->words += bytes / 8;
}

static uint64_t sum_end(const struct sum *s)
{
    uint64_t x = s->words;
    for (int i = 0; i < 4; i++)
        x = lru_mix(x ^ s->lane[i]);
    return x;
}

struct out {
    struct ctx *c;
    int fd;
    unsigned char *p; /* OUT_BYTES */
    size_t n;
    struct sum sum;
};

static enum err out_flush(struct out *o)
{
    sum_add(&o->sum, o->p, o->n);
    for (size_t done = 0; done < o->n;) {
        ssize_t w = write(o->fd, o->p + done, o->n - done);
        if (w < 0 && errno != EINTR)
            return fail_internal(o->c, "snapshot: write: %s", strerror(errno));
        done += w < 0 ? 0 : (size_t)w;
    }
    o->n = 0;
    /* little by little: one large flush at the end would hold up the commits of the same disk */
    return fdatasync(o->fd) == 0 ? OK : fail_internal(o->c, "snapshot: sync: %s", strerror(errno));
}

static enum err out_put(struct out *o, const void *p, size_t bytes)
{
    for (size_t done = 0; done < bytes;) {
        size_t part = bytes - done < OUT_BYTES - o->n ? bytes - done : OUT_BYTES - o->n;
        memcpy(o->p + o->n, (const unsigned char *)p + done, part);
        o->n += part;
        done += part;
        if (o->n == OUT_BYTES)
            TRY(out_flush(o));
    }
    return OK;
}

static void copy(const struct tail *t, size_t first, size_t n, struct tail *to)
{
    memcpy(to->ids, t->ids + first, n * sizeof(int64_t));
    memcpy(tail_others(to), tail_others(t) + first, n * sizeof(uint32_t));
    memcpy(tail_flags(to), tail_flags(t) + first, n);
    memcpy(tail_langs(to), tail_langs(t) + first, n);
}

/* The part of a tail that the file covers, as one record and block at `to`; the bytes. */
static size_t pack(const struct tail *t, uint32_t author, const struct head *h, unsigned char *to)
{
    size_t n = tail_below(t, h->covers + 1);
    size_t first = 0;
    int64_t from = t->from;
    for (size_t i = 0; i < n; i++)
        if (tail_others(t)[i] >= h->authors_n) { /* met after the ids were written */
            first = i + 1;
            from = t->ids[i] + 1;
        }
    n -= first;
    struct record r = { author, (uint32_t)n, from };
    struct tail block = { .ids = (int64_t *)(void *)(to + sizeof r), .cap = (uint16_t)n };
    memcpy(to, &r, sizeof r);
    memset(to + sizeof r, 0, tail_block_bytes(n));
    if (n > 0) /* else there may be no block to copy from */
        copy(t, first, n, &block);
    return sizeof r + tail_block_bytes(n);
}

static enum err put_ids(struct out *o, struct feed *f, struct head *h)
{
    struct graph *g = &f->graph;
    int64_t *ids = malloc(AT_ONCE * sizeof *ids);
    enum err e = ids == NULL ? fail_internal(o->c, "snapshot: no memory") : OK;
    for (int64_t i = 0; i < h->authors_n && e == OK; i += AT_ONCE) {
        int64_t n = h->authors_n - i < AT_ONCE ? h->authors_n - i : AT_ONCE;
        {
            READING(&g->lock);
            memcpy(ids, (const int64_t *)g->authors.ids.p + i, (size_t)n * sizeof *ids);
        }
        e = out_put(o, ids, (size_t)n * sizeof *ids);
    }
    free(ids);
    return e;
}

static enum err put_tails(struct out *o, struct feed *f, const struct head *h)
{
    struct graph *g = &f->graph;
    size_t most = sizeof(struct record) + tail_block_bytes(g->authors.tail_max + 128);
    size_t room = most * AT_ONCE;
    unsigned char *all = malloc(room);
    enum err e = all == NULL ? fail_internal(o->c, "snapshot: no memory") : OK;
    for (uint32_t i = 1; i < h->authors_n && e == OK;) {
        size_t bytes = 0;
        {
            READING(&g->lock);
            for (uint32_t end = i + AT_ONCE; i < h->authors_n && i < end; i++) {
                const struct tail *t = author_tail(&g->authors, i);
                if (t == NULL)
                    continue;
                if (bytes + sizeof(struct record) + tail_block_bytes(t->n) > room)
                    break;
                bytes += pack(t, i, h, all + bytes);
            }
        }
        e = out_put(o, all, bytes);
    }
    free(all);
    return e;
}

/* Pairs, and what was removed while the tails were written: it may stand in those that came first. */
static enum err put_rest(struct out *o, struct feed *f)
{
    struct graph *g = &f->graph;
    struct record end = { 0 };
    struct pair *all = NULL;
    {
        READING(&g->lock);
        size_t most = g->authors.directs.n + g->notes.n;
        all = malloc(most * sizeof *all + 1);
        for (size_t i = 0; all != NULL && i < g->authors.directs.slots_n; i++)
            if (g->authors.directs.slots[i].status_id != 0)
                all[end.n++] = g->authors.directs.slots[i];
        for (size_t i = 0; all != NULL && i < g->notes.n; i++)
            if (g->notes.all[i].kind == AGAIN_REMOVED)
                all[end.n + (size_t)end.from++] = (struct pair){ g->notes.all[i].id, g->notes.all[i].account_id };
    }
    if (all == NULL)
        return fail_internal(o->c, "snapshot: no memory");
    enum err e = out_put(o, &end, sizeof end);
    if (e == OK)
        e = out_put(o, all, (end.n + (size_t)end.from) * sizeof *all);
    free(all);
    TRY(e);
    TRY(out_flush(o));
    uint64_t sum = sum_end(&o->sum);
    return out_put(o, &sum, sizeof sum);
}

static enum err put_all(struct out *o, struct feed *f)
{
    struct head h = { .magic = MAGIC, .covers = id_floor(o->c->now_ms - BEHIND_MS) };
    char langs[LANGS_BYTES];
    {
        READING(&f->graph.lock);
        h.from = f->graph.authors.from;
        h.authors_n = f->graph.authors.n;
        h.langs_n = f->graph.authors.langs_n;
        h.directs_from = f->graph.authors.directs_from;
        memcpy(langs, f->graph.authors.langs, sizeof langs);
    }
    TRY(out_put(o, &h, sizeof h));
    TRY(put_ids(o, f, &h));
    TRY(out_put(o, langs, sizeof langs));
    TRY(put_tails(o, f, &h));
    TRY(put_rest(o, f));
    return out_flush(o);
}

enum err snapshot_write(struct ctx *c, struct feed *f)
{
    const char *path = f->options.snapshot_path.p;
    struct str tmp = arena_strf(c->arena, "%s.tmp", path);
    struct out o = { .c = c, .fd = open(tmp.p, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) };
    if (o.fd < 0)
        return fail_internal(c, "snapshot: %s: %s", tmp.p, strerror(errno));
    o.p = arena_alloc_raw(c->arena, OUT_BYTES);
    enum err e = put_all(&o, f);
    (void)close(o.fd);
    if (e == OK && rename(tmp.p, path) != 0)
        e = fail_internal(c, "snapshot: %s: %s", path, strerror(errno));
    if (e != OK)
        (void)unlink(tmp.p);
    return e;
}

/* --- reading --- */

struct in {
    unsigned char *p;
    size_t n;
    size_t at;
};

static void *in_take(struct in *in, size_t bytes)
{
    if (bytes > in->n - in->at)
        return NULL;
    void *p = in->p + in->at;
    in->at += bytes;
    return p;
}

static bool read_file(const char *path, struct in *in)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    if (fstat(fd, &st) != 0 || st.st_size < (off_t)(sizeof(struct head) + 8) || st.st_size % 8 != 0) {
        (void)close(fd);
        return false;
    }
    *in = (struct in){ .p = span_map((size_t)st.st_size), .n = (size_t)st.st_size };
    size_t done = 0;
    for (ssize_t r = 1; done < in->n && r > 0; done += r > 0 ? (size_t)r : 0)
        r = read(fd, in->p + done, in->n - done);
    (void)close(fd);
    return done == in->n;
}

static bool is_whole(struct in *in)
{
    struct sum s = { 0 };
    uint64_t said = 0;
    in->n -= sizeof said;
    sum_add(&s, in->p, in->n);
    memcpy(&said, in->p + in->n, sizeof said);
    return sum_end(&s) == said;
}

static bool take_tails(struct graph *g, struct in *in, const struct head *h, struct record *end)
{
    for (;;) {
        struct record *r = in_take(in, sizeof *r);
        if (r == NULL)
            return false;
        if (r->author == 0) {
            *end = *r;
            return true;
        }
        int64_t *ids = in_take(in, tail_block_bytes(r->n));
        if (ids == NULL || r->author >= h->authors_n || r->n > TAIL_CAP_MAX)
            return false;
        struct tail t = { .ids = ids, .from = r->from, .n = (uint16_t)r->n, .cap = (uint16_t)r->n, .borrowed = true };
        authors_borrow(&g->authors, r->author, &t);
    }
}

static bool take_rest(struct graph *g, struct in *in, const struct record *end)
{
    struct pair *pairs = in_take(in, end->n * sizeof *pairs);
    struct pair *removed = in_take(in, (size_t)end->from * sizeof *removed);
    if (pairs == NULL || removed == NULL)
        return false;
    for (uint32_t i = 0; i < end->n; i++)
        pairs_add(&g->authors.directs, pairs[i].status_id, pairs[i].account_id);
    for (int64_t i = 0; i < end->from; i++)
        (void)authors_remove(&g->authors, authors_find(&g->authors, removed[i].account_id), removed[i].status_id);
    return true;
}

static bool take_all(struct graph *g, struct in *in, struct head *h)
{
    struct authors *a = &g->authors;
    struct record end = { 0 };
    const struct head *head = in_take(in, sizeof *head);
    if (head == NULL || head->magic != MAGIC || head->authors_n < 1 || head->authors_n > (int64_t)AUTHORS_MAX
        || head->langs_n < 1 || head->langs_n > LANGS_MAX)
        return false;
    *h = *head;
    const int64_t *ids = in_take(in, (size_t)h->authors_n * sizeof *ids);
    const char *langs = in_take(in, LANGS_BYTES);
    if (ids == NULL || langs == NULL)
        return false;
    a->from = h->from;
    a->directs_from = h->directs_from;
    a->langs_n = (unsigned)h->langs_n;
    memcpy(a->langs, langs, LANGS_BYTES);
    authors_expect(a, (size_t)h->authors_n * 5 / 4);
    for (int64_t i = 1; i < h->authors_n; i++)
        if (authors_number(a, ids[i]) != (uint32_t)i)
            return false;
    return take_tails(g, in, h, &end) && take_rest(g, in, &end);
}

/* Whether it belongs to this store: of a few of its parleys at least half must be there. */
static enum err is_ours(struct ctx *c, const struct authors *a, bool *ours)
{
    int64_t *ids = ARENA_ARRAY(c->arena, SAMPLE, int64_t);
    int64_t n = 0;
    int64_t present = 0;
    uint32_t step = a->tails_n / SAMPLE + 1;
    for (uint32_t i = 1; i < a->tails_n && n < SAMPLE; i += step) {
        const struct tail *t = &((const struct tail *)a->tails.p)[i];
        if (t->n > 0)
            ids[n++] = t->ids[t->n / 2];
    }
    TRY(store_feed_present(c, ids, n, &present));
    *ours = present * 2 >= n;
    return OK;
}

/* A snapshot of more than half of the budget was written under a larger one. */
static bool fits(const struct feed *f)
{
    struct stat st;
    return stat(f->options.snapshot_path.p, &st) != 0 || (size_t)st.st_size <= f->options.budget / 2;
}

enum err snapshot_read(struct ctx *c, struct feed *f, bool *loaded, int64_t *covers_id)
{
    struct graph *g = &f->graph;
    struct in in = { 0 };
    struct head h = { 0 };
    size_t bytes = 0;
    *loaded = false;
    if (f->options.snapshot_path.p == NULL)
        return OK;
    bool whole = fits(f) && read_file(f->options.snapshot_path.p, &in);
    bytes = in.n;
    if (whole && is_whole(&in) && take_all(g, &in, &h))
        TRY(is_ours(c, &g->authors, loaded));
    if (*loaded) {
        g->authors.borrowed = in.p;
        g->authors.borrowed_bytes = bytes;
        *covers_id = h.covers;
        return OK;
    }
    if (in.p == NULL)
        return OK;
    log_warn(c->id, "feed: the snapshot is damaged or of another store: the tails are read from the store");
    size_t tail_max = g->authors.tail_max;
    authors_fini(&g->authors);
    authors_init(&g->authors, tail_max);
    span_unmap(in.p, bytes);
    return OK;
}
