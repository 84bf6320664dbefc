/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/rendered.h"

#include <stdlib.h>
#include <string.h>

#include "base/rng.h"

struct kept {
    struct lru_node node;
    struct rendered r;
    uint64_t author; /* its author's generation */
    int64_t refs;    /* atomic: one of the set, one of everybody who holds it */
    int64_t mem[];
};

static struct kept *kept_of(const struct rendered *r)
{
    return (struct kept *)((uintptr_t)r - offsetof(struct kept, r));
}

static void kept_unref(struct kept *e)
{
    if (__atomic_sub_fetch(&e->refs, 1, __ATOMIC_ACQ_REL) == 0)
        free(e);
}

static void forget(struct rendered_set *set, int64_t id)
{
    struct lru_node *n = lru_find(&set->entries, id);
    if (n == NULL)
        return;
    lru_take(&set->entries, n);
    kept_unref((struct kept *)n);
}

static void kept_drop(struct lru_node *node)
{
    kept_unref((struct kept *)node);
}

void rendered_init(struct rendered_store *s, bool keeps)
{
    *s = (struct rendered_store){ 0 };
    s->statuses.shows_author = true;
    s->keeps = keeps;
    rwlock_init(&s->lock, LOCK_FEED_RENDERED);
    lru_init(&s->statuses.entries, kept_drop);
    lru_init(&s->accounts.entries, kept_drop);
    lru_init(&s->selves.entries, kept_drop);
    rand_secret(&s->version, sizeof s->version);
}

void rendered_fini(struct rendered_store *s)
{
    lru_fini(&s->statuses.entries);
    lru_fini(&s->accounts.entries);
    lru_fini(&s->selves.entries);
    rwlock_fini(&s->lock);
}

/* Accounts are smaller and fewer than what they write: a quarter, and a sixteenth for those who use an app. */
void rendered_budget(struct rendered_store *s, size_t bytes)
{
    WRITING(&s->lock);
    s->accounts.entries.bytes_max = bytes / 4;
    s->selves.entries.bytes_max = bytes / 16;
    s->statuses.entries.bytes_max = bytes - bytes / 4 - bytes / 16;
}

void rendered_emojis(struct rendered_store *s, uint64_t version)
{
    WRITING(&s->lock);
    s->emojis = version;
}

static size_t stripe(int64_t id)
{
    return lru_mix((uint64_t)id) % GENERATIONS;
}

const struct rendered *rendered_look(const struct rendered_store *s, const struct rendered_set *set, int64_t id)
{
    struct kept *e = (struct kept *)lru_find(&set->entries, id);
    if (e == NULL || e->r.emojis != s->emojis
        || (set->shows_author && e->author != s->authors[stripe(e->r.account_id)]))
        return NULL;
    return &e->r;
}

/* Both numbers only grow, so the sum stays the same only while both do. */
static uint64_t ticket_of(const struct rendered_store *s, const struct rendered_set *set, int64_t id)
{
    return set->generations[stripe(id)] + (set->shows_author ? s->authors_total : 0);
}

void rendered_find(struct rendered_store *s, struct rendered_set *set, int64_t id, const struct rendered **out,
                   uint64_t *ticket)
{
    READING(&s->lock);
    *out = rendered_look(s, set, id);
    *ticket = ticket_of(s, set, id);
    if (*out != NULL)
        (void)__atomic_add_fetch(&kept_of(*out)->refs, 1, __ATOMIC_RELAXED);
    (void)__atomic_add_fetch(*out != NULL ? &s->hits : &s->misses, 1, __ATOMIC_RELAXED);
}

static struct kept *copy(const struct rendered *r)
{
    size_t mentions = r->mentions_n * sizeof(int64_t);
    size_t bytes = sizeof(struct kept) + mentions + r->bytes.n + r->match.n;
    struct kept *e = malloc(bytes);
    if (e == NULL)
        abort();
    *e = (struct kept){ .node = { .key = r->id, .bytes = bytes }, .r = *r, .refs = 1 };
    char *text = (char *)e->mem + mentions;
    if (mentions > 0)
        memcpy(e->mem, r->mention_ids, mentions);
    memcpy(text, r->bytes.p, r->bytes.n);
    if (r->match.n > 0)
        memcpy(text + r->bytes.n, r->match.p, r->match.n);
    e->r.mention_ids = e->mem;
    e->r.bytes.p = text;
    e->r.match.p = text + r->bytes.n;
    return e;
}

void rendered_put(struct rendered_store *s, struct rendered_set *set, const struct rendered *r, uint64_t ticket)
{
    if (!s->keeps)
        return;
    struct kept *e = copy(r);
    WRITING(&s->lock);
    e->r.version = s->version++;
    e->author = s->authors[stripe(r->account_id)];
    if (ticket_of(s, set, r->id) != ticket || r->emojis != s->emojis) {
        free(e);
        return;
    }
    forget(set, r->id); /* somebody was faster, or it is of a former generation */
    lru_put(&set->entries, &e->node);
}

void rendered_changed(struct rendered_store *s, struct rendered_set *set, int64_t id)
{
    WRITING(&s->lock);
    set->generations[stripe(id)]++;
    forget(set, id);
}

void rendered_author_changed(struct rendered_store *s, int64_t account_id)
{
    rendered_changed(s, &s->accounts, account_id);
    rendered_changed(s, &s->selves, account_id);
    WRITING(&s->lock);
    s->authors[stripe(account_id)]++;
    s->authors_total++;
}

void rendered_release(const struct rendered **r)
{
    if (*r != NULL)
        kept_unref(kept_of(*r));
    *r = NULL;
}
