/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/readers.h"

#include <stdlib.h>
#include <string.h>

static void free_follows(struct reader *r)
{
    free(r->who);
    free(r->how);
    free(r->langs);
    free(r->lists);
    free(r->listed);
    r->who = NULL;
    r->how = NULL;
    r->langs = NULL;
    r->lists = NULL;
    r->listed = NULL;
    r->n = r->langs_n = r->lists_n = r->listed_n = 0;
}

static void free_hides(struct reader *r)
{
    free(r->hides);
    r->hides = NULL;
    r->hides_n = 0;
}

static void free_marks(struct reader *r)
{
    for (int i = 0; i < MARKS_KINDS; i++) {
        free(r->marks[i].ids);
        free(r->marks[i].values);
        r->marks[i] = (struct idset){ 0 };
    }
}

static void reader_drop(struct lru_node *node)
{
    struct reader *r = (struct reader *)node;
    free_follows(r);
    free_hides(r);
    free_marks(r);
    free(r);
}

void readers_init(struct lru *readers)
{
    lru_init(readers, reader_drop);
}

struct reader *reader_find(const struct lru *readers, int64_t id)
{
    return (struct reader *)lru_find(readers, id);
}

static void *copy(const void *from, size_t n, size_t size)
{
    void *p = malloc(n * size + 1);
    if (p == NULL)
        abort();
    if (n > 0)
        memcpy(p, from, n * size);
    return p;
}

static void count_bytes(struct lru *readers, struct reader *r)
{
    size_t bytes = sizeof *r + r->n * (sizeof *r->who + 1) + r->langs_n * sizeof *r->langs
                   + r->lists_n * sizeof *r->lists + r->listed_n * sizeof *r->listed + r->hides_n * sizeof *r->hides;
    for (int i = 0; i < MARKS_KINDS; i++)
        bytes += r->marks[i].n * (sizeof(int64_t) + (r->marks[i].values == NULL ? 0 : sizeof(uint32_t)));
    lru_resized(readers, &r->node, bytes);
}

struct reader *reader_made(struct lru *readers, struct authors *a, int64_t id)
{
    struct reader *r = reader_find(readers, id);
    if (r != NULL)
        return r;
    r = calloc(1, sizeof *r);
    if (r == NULL)
        abort();
    r->node = (struct lru_node){ .key = id, .bytes = sizeof *r };
    r->self = authors_number(a, id);
    lru_put(readers, &r->node);
    return r;
}

void reader_forget(struct lru *readers, int64_t id, unsigned parts)
{
    struct reader *r = reader_find(readers, id);
    if (r == NULL)
        return;
    if ((parts & READER_FOLLOWS) != 0)
        free_follows(r);
    if ((parts & READER_HIDES) != 0)
        free_hides(r);
    if ((parts & READER_MARKS) != 0)
        free_marks(r);
    r->parts &= ~parts;
    count_bytes(readers, r);
}

static int by_follow(const void *a, const void *b)
{
    uint32_t x = ((const struct follow_in *)a)->who;
    uint32_t y = ((const struct follow_in *)b)->who;
    return x < y ? -1 : x > y;
}

static int by_hide(const void *a, const void *b)
{
    uint32_t x = ((const struct hide *)a)->who;
    uint32_t y = ((const struct hide *)b)->who;
    return x < y ? -1 : x > y;
}

/* Puts one behind the others unless it is there; whoever reads is in their own list, whatever the rows say. */
static void put_follow(struct reader *r, const struct follow_in *f, uint8_t how)
{
    r->who[r->n] = f->who;
    r->how[r->n++] = how;
    if ((how & FOLLOW_LANGS) == 0)
        return;
    r->langs[r->langs_n].who = f->who;
    memcpy(r->langs[r->langs_n++].set, f->langs, LANG_BYTES);
}

void reader_set_follows(struct lru *readers, struct reader *r, struct follow_in *in, size_t n)
{
    size_t langs_n = 0;
    bool self_done = false;
    struct follow_in self = { .who = r->self };
    free_follows(r);
    qsort(in, n, sizeof *in, by_follow);
    for (size_t i = 0; i < n; i++)
        langs_n += in[i].has_langs;
    r->who = calloc(n + 1, sizeof *r->who);
    r->how = calloc(n + 1, 1);
    r->langs = calloc(langs_n + 1, sizeof *r->langs);
    if (r->who == NULL || r->how == NULL || r->langs == NULL)
        abort();
    for (size_t i = 0; i < n; i++) {
        if (!self_done && in[i].who >= r->self) {
            put_follow(r, &self, FOLLOW_REBLOGS | FOLLOW_SELF);
            self_done = true;
        }
        if (in[i].who != r->self)
            put_follow(r, &in[i],
                       (uint8_t)((in[i].reblogs ? FOLLOW_REBLOGS : 0) | (in[i].has_langs ? FOLLOW_LANGS : 0)));
    }
    if (!self_done)
        put_follow(r, &self, FOLLOW_REBLOGS | FOLLOW_SELF);
    r->parts |= READER_FOLLOWS;
    count_bytes(readers, r);
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static struct reader_list *list_of_row(struct reader *r, const struct list_in *in)
{
    struct reader_list *last = r->lists_n == 0 ? NULL : &r->lists[r->lists_n - 1];
    if (last != NULL && last->id == in->id)
        return last;
    r->lists[r->lists_n] = (struct reader_list){ .id = in->id, .replies = in->replies, .from = r->listed_n };
    return &r->lists[r->lists_n++];
}

void reader_set_lists(struct lru *readers, struct reader *r, const struct list_in *in, size_t n)
{
    r->lists = calloc(n + 1, sizeof *r->lists);
    r->listed = calloc(n + 1, sizeof *r->listed);
    if (r->lists == NULL || r->listed == NULL)
        abort();
    for (size_t i = 0; i < n; i++) {
        struct reader_list *l = list_of_row(r, &in[i]);
        uint32_t at = reader_place(r, in[i].who);
        if (in[i].who == 0)
            continue;
        r->listed[r->listed_n++] = in[i].who;
        l->n++;
        if (in[i].exclusive && at < r->n)
            r->how[at] |= FOLLOW_EXCLUSIVE;
    }
    for (uint32_t i = 0; i < r->lists_n; i++)
        qsort(r->listed + r->lists[i].from, r->lists[i].n, sizeof *r->listed, by_number);
    count_bytes(readers, r);
}

void reader_set_hides(struct lru *readers, struct reader *r, struct hide *in, size_t n)
{
    size_t out = 0;
    free_hides(r);
    qsort(in, n, sizeof *in, by_hide);
    for (size_t i = 0; i < n; i++) {
        if (out > 0 && in[out - 1].who == in[i].who) {
            in[out - 1].bits |= in[i].bits;
            if ((in[i].bits & FEED_MUTED) != 0)
                in[out - 1].until_ms = in[i].until_ms;
        } else {
            in[out++] = in[i];
        }
    }
    r->hides = copy(in, out, sizeof *in);
    r->hides_n = (uint32_t)out;
    r->parts |= READER_HIDES;
    count_bytes(readers, r);
}

void reader_set_marks(struct lru *readers, struct reader *r, const struct idset sets[MARKS_KINDS])
{
    free_marks(r);
    for (int i = 0; i < MARKS_KINDS; i++) {
        r->marks[i] = sets[i];
        r->marks[i].ids = copy(sets[i].ids, sets[i].n, sizeof(int64_t));
        if (sets[i].values != NULL)
            r->marks[i].values = copy(sets[i].values, sets[i].n, sizeof(uint32_t));
    }
    r->parts |= READER_MARKS;
    count_bytes(readers, r);
}

/* Where a number stands among n in rising order; n: nowhere. */
static uint32_t place_in(const uint32_t *all, uint32_t all_n, uint32_t who)
{
    const uint32_t *base = all;
    for (uint32_t n = all_n; n > 1;) {
        uint32_t half = n / 2;
        base = base[half] <= who ? base + half : base; /* no branch to mispredict */
        n -= half;
    }
    return who != 0 && all_n > 0 && *base == who ? (uint32_t)(base - all) : all_n;
}

uint32_t reader_place(const struct reader *r, uint32_t who)
{
    return place_in(r->who, r->n, who);
}

bool reader_follows(const struct reader *r, uint32_t who)
{
    return reader_place(r, who) < r->n;
}

const struct reader_list *reader_list_find(const struct reader *r, int64_t id)
{
    for (uint32_t i = 0; i < r->lists_n; i++)
        if (r->lists[i].id == id)
            return &r->lists[i];
    return NULL;
}

bool reader_listed(const struct reader *r, const struct reader_list *l, uint32_t who)
{
    return place_in(r->listed + l->from, l->n, who) < l->n;
}

unsigned reader_hides(const struct reader *r, uint32_t who, int64_t now_ms)
{
    size_t lo = 0;
    for (size_t hi = r->hides_n; lo < hi;) {
        size_t mid = (lo + hi) / 2;
        if (r->hides[mid].who < who)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo == r->hides_n || r->hides[lo].who != who)
        return FEED_SEEN;
    const struct hide *h = &r->hides[lo];
    if ((h->bits & FEED_MUTED) != 0 && h->until_ms != 0 && h->until_ms <= now_ms)
        return h->bits & ~(unsigned)FEED_MUTED;
    return h->bits;
}

uint32_t idset_value(const struct idset *s, int64_t id)
{
    size_t lo = 0;
    for (size_t hi = s->n; lo < hi;) {
        size_t mid = (lo + hi) / 2;
        if (s->ids[mid] < id)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo == s->n || s->ids[lo] != id)
        return 0;
    return s->values == NULL ? 1 : s->values[lo];
}
