/* SPDX-License-Identifier: Apache-2.0 */
#include "store/news.h"

#include <stdlib.h>
#include <string.h>

#include "base/locks.h"
#include "store/tx.h"

struct news {
    struct lock lock;
    _Atomic int64_t hearers; /* read without the lock, so that telling nobody costs nothing */
    void (*wake)(void *arg);
    void *arg;
    size_t first;
    size_t n;
    int64_t lost;
    struct news_item *ring; /* NEWS_MAX; NULL until somebody listens */
};

struct news *news_new(void)
{
    struct news *n = calloc(1, sizeof *n);
    if (n == NULL)
        abort();
    lock_init(&n->lock, LOCK_NEWS);
    return n;
}

void news_item_fini(struct news_item *i)
{
    free((void *)(uintptr_t)i->text.p);
    free((void *)(uintptr_t)i->mentions.p);
    *i = (struct news_item){ 0 };
}

static void drop_all(struct news *n)
{
    for (; n->n > 0; n->n--, n->first = (n->first + 1) % NEWS_MAX)
        news_item_fini(&n->ring[n->first]);
}

void news_free(struct news **pn)
{
    struct news *n = *pn;
    if (n == NULL)
        return;
    *pn = NULL;
    drop_all(n);
    free(n->ring);
    lock_fini(&n->lock);
    free(n);
}

void news_listen(struct news *n, void (*wake)(void *arg), void *arg)
{
    LOCKED(&n->lock);
    if (n->ring == NULL && wake != NULL) {
        n->ring = calloc(NEWS_MAX, sizeof *n->ring);
        if (n->ring == NULL)
            abort();
    }
    if (wake == NULL)
        drop_all(n);
    n->wake = wake;
    n->arg = arg;
}

void news_hearers(struct news *n, int64_t more)
{
    n->hearers += more;
}

static struct str copy(struct str s)
{
    char *p = s.p == NULL ? NULL : malloc(s.n + 1);
    if (p == NULL)
        return (struct str){ NULL, 0 };
    memcpy(p, s.p, s.n);
    return (struct str){ p, s.n };
}

void news_tell(struct news *n, const struct news_item *item)
{
    if (n == NULL || n->hearers == 0)
        return;
    struct news_item own = *item;
    own.text = copy(item->text);
    own.mentions = copy(item->mentions);
    LOCKED(&n->lock);
    if (n->wake == NULL || n->n == NEWS_MAX) {
        n->lost += n->wake != NULL ? 1 : 0;
        news_item_fini(&own);
        return;
    }
    n->ring[(n->first + n->n++) % NEWS_MAX] = own;
    if (n->n == 1)
        n->wake(n->arg);
}

size_t news_take(struct news *n, struct news_item *out, size_t max)
{
    size_t taken = 0;
    LOCKED(&n->lock);
    for (; n->n > 0 && taken < max; n->n--, n->first = (n->first + 1) % NEWS_MAX)
        out[taken++] = n->ring[n->first];
    return taken;
}

int64_t news_lost(struct news *n)
{
    LOCKED(&n->lock);
    return n->lost;
}

static void tell_now(struct ctx *c, int64_t kind, int64_t account_id, int64_t id)
{
    news_now(c, (enum news_kind)kind, account_id, id);
}

void news_after(struct ctx *c, enum news_kind kind, int64_t account_id, int64_t id)
{
    if (c->news != NULL && c->news->hearers > 0)
        tx_after(c, tell_now, (int64_t)kind, account_id, id);
}

void news_now(struct ctx *c, enum news_kind kind, int64_t account_id, int64_t id)
{
    news_tell(c->news, &(struct news_item){ .kind = kind, .account_id = account_id, .id = id });
}

void news_to_all(struct ctx *c, enum news_kind kind, struct str json)
{
    news_tell(c->news, &(struct news_item){ .kind = kind, .text = json });
}
