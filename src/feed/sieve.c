/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/sieve.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/needles.h"
#include "feed/inside.h"

/* One allocation: the struct, its three lists, their texts. */
struct sieve {
    int refs; /* atomic */
    int64_t reader_id;
    struct filters f;
    struct needles *needles; /* NULL: there are no filters */
    size_t bytes;
    _Alignas(max_align_t) char mem[];
};

/* What the LRU holds. */
struct kept_sieve {
    struct lru_node node;
    struct sieve *s;
};

static size_t list_bytes(const struct filters *f)
{
    return (size_t)f->filters_n * sizeof *f->filters + (size_t)f->keywords_n * sizeof *f->keywords
           + (size_t)f->statuses_n * sizeof *f->statuses;
}

static void *put(char **to, const void *from, size_t bytes)
{
    void *at = *to;
    if (bytes > 0)
        memcpy(at, from, bytes);
    *to += bytes;
    return at;
}

struct sieve *sieve_new(int64_t reader_id, const struct filters *f, const struct str *looks)
{
    size_t bytes = sizeof(struct sieve) + list_bytes(f);
    for (int64_t i = 0; i < f->filters_n; i++)
        bytes += f->filters[i].title.n;
    for (int64_t i = 0; i < f->keywords_n; i++)
        bytes += f->keywords[i].keyword.n;
    struct sieve *s = malloc(bytes);
    if (s == NULL)
        abort();
    *s = (struct sieve){ .refs = 1, .reader_id = reader_id, .f = *f, .bytes = bytes };
    char *to = s->mem;
    s->f.filters = put(&to, f->filters, (size_t)f->filters_n * sizeof *f->filters);
    s->f.keywords = put(&to, f->keywords, (size_t)f->keywords_n * sizeof *f->keywords);
    s->f.statuses = put(&to, f->statuses, (size_t)f->statuses_n * sizeof *f->statuses);
    for (int64_t i = 0; i < f->filters_n; i++)
        s->f.filters[i].title.p = put(&to, f->filters[i].title.p, f->filters[i].title.n);
    for (int64_t i = 0; i < f->keywords_n; i++)
        s->f.keywords[i].keyword.p = put(&to, f->keywords[i].keyword.p, f->keywords[i].keyword.n);
    if (f->filters_n == 0)
        return s;
    s->needles = needles_new(looks, (uint32_t)f->keywords_n);
    s->bytes += needles_bytes(s->needles);
    return s;
}

void sieve_release(struct sieve **s)
{
    if (*s != NULL && __atomic_sub_fetch(&(*s)->refs, 1, __ATOMIC_ACQ_REL) == 0) {
        needles_free(&(*s)->needles);
        free(*s);
    }
    *s = NULL;
}

bool sieve_is_empty(const struct sieve *s)
{
    return s == NULL || s->f.filters_n == 0;
}

bool sieve_hides(const struct sieve *s, enum filter_context where)
{
    for (int64_t i = 0; s != NULL && i < s->f.filters_n; i++)
        if (s->f.filters[i].action == FILTER_HIDE && (s->f.filters[i].contexts & where) != 0)
            return true;
    return false;
}

/* How many of a filter's words were found; to `words` if there is room. */
static int64_t words_of(const struct sieve *s, const struct filter *f, const bool *found, struct str *words)
{
    int64_t n = 0;
    for (int64_t i = 0; i < s->f.keywords_n; i++) {
        if (!found[i] || s->f.keywords[i].filter_id != f->id)
            continue;
        if (words != NULL)
            words[n] = s->f.keywords[i].keyword;
        n++;
    }
    return n;
}

static int64_t status_of(const struct sieve *s, const struct filter *f, int64_t status_id, int64_t echoed_id)
{
    for (int64_t i = 0; i < s->f.statuses_n; i++) {
        const struct filter_status *x = &s->f.statuses[i];
        if (x->filter_id == f->id && (x->status_id == status_id || (echoed_id != 0 && x->status_id == echoed_id)))
            return x->status_id;
    }
    return 0;
}

void sieve_judge(const struct sieve *s, struct arena *a, struct str match, int64_t status_id, int64_t echoed_id,
                 int64_t now_ms, struct sieve_verdict *out)
{
    bool found[FILTER_KEYWORDS_MAX] = { false };
    *out = (struct sieve_verdict){ 0 };
    if (sieve_is_empty(s))
        return;
    needles_find(s->needles, match, found);
    for (int64_t i = 0; i < s->f.filters_n; i++) {
        const struct filter *f = &s->f.filters[i];
        int64_t words = words_of(s, f, found, NULL);
        int64_t status = status_of(s, f, status_id, echoed_id);
        if ((words == 0 && status == 0) || (f->expires_ms != 0 && f->expires_ms <= now_ms))
            continue;
        if (out->matches == NULL)
            out->matches = ARENA_ARRAY(a, (size_t)s->f.filters_n, struct sieve_match);
        struct sieve_match *m = &out->matches[out->n++];
        *m = (struct sieve_match){
            .filter = f, .words = ARENA_ARRAY(a, (size_t)words + 1, struct str), .words_n = words, .status_id = status
        };
        (void)words_of(s, f, found, m->words);
        if (f->action == FILTER_HIDE)
            out->hidden |= f->contexts;
    }
}

static void drop(struct lru_node *node)
{
    struct kept_sieve *k = (struct kept_sieve *)node;
    sieve_release(&k->s);
    free(k);
}

void sieves_init(struct sieves *s, size_t bytes)
{
    *s = (struct sieves){ .keeps = bytes > 0 };
    rwlock_init(&s->lock, LOCK_FEED_SIEVES);
    lru_init(&s->all, drop);
    s->all.bytes_max = bytes;
}

void sieves_fini(struct sieves *s)
{
    lru_fini(&s->all);
    rwlock_fini(&s->lock);
}

static uint64_t *generation_of(struct sieves *s, int64_t reader_id)
{
    return &s->generations[lru_mix((uint64_t)reader_id) % SIEVE_GENERATIONS];
}

bool feed_sieve(struct feed *f, int64_t reader_id, struct sieve **out, uint64_t *ticket)
{
    struct sieves *s = &f->sieves;
    READING(&s->lock);
    const struct kept_sieve *k = (const struct kept_sieve *)lru_find(&s->all, reader_id);
    *ticket = *generation_of(s, reader_id);
    if (k == NULL)
        return false;
    (void)__atomic_add_fetch(&k->s->refs, 1, __ATOMIC_RELAXED);
    *out = k->s;
    return true;
}

void feed_sieve_put(struct feed *f, struct sieve *sieve, uint64_t ticket)
{
    struct sieves *s = &f->sieves;
    if (!s->keeps)
        return;
    struct kept_sieve *k = calloc(1, sizeof *k);
    if (k == NULL)
        abort();
    k->node = (struct lru_node){ .key = sieve->reader_id, .bytes = sizeof *k + sieve->bytes };
    k->s = sieve;
    (void)__atomic_add_fetch(&sieve->refs, 1, __ATOMIC_RELAXED);
    WRITING(&s->lock);
    if (*generation_of(s, sieve->reader_id) == ticket && lru_find(&s->all, sieve->reader_id) == NULL)
        lru_put(&s->all, &k->node);
    else
        drop(&k->node);
}

void feed_filters_changed(struct feed *f, int64_t reader_id)
{
    struct sieves *s = &f->sieves;
    WRITING(&s->lock);
    ++*generation_of(s, reader_id);
    struct lru_node *n = lru_find(&s->all, reader_id);
    if (n == NULL)
        return;
    lru_take(&s->all, n);
    drop(n);
}
