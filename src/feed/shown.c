/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/shown.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "feed/inside.h"

#define PAGE_AGE_MS    (20 * SECOND_MS) /* times are said as "5 min", and the site's figures are counted now and then */
#define PAGE_BYTES_MAX ((size_t)1024 * 1024)

struct page_kept {
    struct lru_node node;
    struct feed_shown what;
    struct feed_page page; /* its texts lie behind */
    char mem[];
};

static void drop(struct lru_node *node)
{
    free(node);
}

void shown_init(struct shown_pages *s, bool keeps)
{
    *s = (struct shown_pages){ .keeps = keeps };
    rwlock_init(&s->lock, LOCK_FEED_SHOWN);
    lru_init(&s->pages, drop);
}

void shown_fini(struct shown_pages *s)
{
    lru_fini(&s->pages);
    rwlock_fini(&s->lock);
}

void shown_budget(struct shown_pages *s, size_t bytes)
{
    WRITING(&s->lock);
    s->pages.bytes_max = bytes;
}

uint64_t shown_tick(struct shown_pages *s)
{
    READING(&s->lock);
    return s->tick;
}

static uint16_t stripe(int64_t id)
{
    return (uint16_t)(lru_mix((uint64_t)id) % SHOWN_STRIPES);
}

void feed_shown_add(struct feed_shown *what, int64_t id)
{
    if (what->n == FEED_SHOWN_MAX)
        what->too_many = true;
    else
        what->stripes[what->n++] = stripe(id);
}

void shown_status_moved(struct shown_pages *s, const struct status *st)
{
    const int64_t ids[] = { st->id, st->account_id, st->thread_id, st->in_reply_to_id, st->reblog_of_id };
    WRITING(&s->lock);
    s->lists = ++s->tick;
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
        s->stripes[stripe(ids[i])] = s->tick;
}

void shown_subject_changed(struct shown_pages *s, int64_t id)
{
    WRITING(&s->lock);
    s->stripes[stripe(id)] = ++s->tick;
}

void shown_all_changed(struct shown_pages *s)
{
    WRITING(&s->lock);
    s->all = ++s->tick;
}

static bool is_good(const struct shown_pages *s, const struct feed_shown *what)
{
    if (s->all > what->as_of || (what->lists && s->lists > what->as_of))
        return false;
    for (uint32_t i = 0; i < what->n; i++)
        if (s->stripes[what->stripes[i]] > what->as_of)
            return false;
    return true;
}

bool shown_find(struct ctx *c, struct str key, struct str known, struct feed_page *out)
{
    struct shown_pages *s = &c->feed->shown;
    size_t at = 0;
    READING(&s->lock);
    const struct page_kept *e = (const struct page_kept *)lru_find(&s->pages, lru_text_key(key));
    if (e == NULL || !str_eq(e->page.key, key) || e->what.site != c->site || c->now_ms < e->what.made_ms
        || c->now_ms - e->what.made_ms > PAGE_AGE_MS || !is_good(s, &e->what))
        return false;
    *out = (struct feed_page){ .etag = arena_str(c->arena, e->page.etag), .packed = e->page.packed };
    if (known.n == 0 || (!str_eq(known, STR("*")) && !str_find(known, out->etag, &at)))
        out->body = arena_str(c->arena, e->page.body);
    return true;
}

static struct str take(char **to, struct str from)
{
    struct str copy = { *to, from.n };
    memcpy(*to, from.p, from.n);
    *to += from.n;
    return copy;
}

void shown_put(struct shown_pages *s, const struct feed_shown *what, const struct feed_page *p)
{
    size_t bytes = sizeof(struct page_kept) + p->key.n + p->etag.n + p->body.n;
    if (!s->keeps || what->too_many || bytes > PAGE_BYTES_MAX)
        return;
    struct page_kept *e = malloc(bytes);
    if (e == NULL)
        abort();
    char *to = e->mem;
    *e = (struct page_kept){ .node = { .key = lru_text_key(p->key), .bytes = bytes }, .what = *what, .page = *p };
    e->page.key = take(&to, p->key);
    e->page.etag = take(&to, p->etag);
    e->page.body = take(&to, p->body);
    WRITING(&s->lock);
    struct lru_node *old = lru_find(&s->pages, e->node.key);
    if (old != NULL) {
        lru_take(&s->pages, old);
        drop(old);
    }
    lru_put(&s->pages, &e->node);
}
