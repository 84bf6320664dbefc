/* SPDX-License-Identifier: Apache-2.0 */
#include "core/tag.h"

#include <stdlib.h>

#include "core/mention.h"
#include "core/text.h"
#include "store/page.h"

/* A query with names as they are stored and the ids of those that a parley may stand under. */
struct tag_search {
    struct tag_query q;
    int64_t ids[TAG_MORE_MAX + 1];
    int64_t ids_n;
};

static enum err add_id(struct ctx *c, struct tag_search *s, struct str name)
{
    int64_t id = 0;
    TRY(store_tag_find(c, name, &id));
    for (int64_t i = 0; i < s->ids_n; i++)
        if (s->ids[i] == id)
            return OK;
    if (id != 0)
        s->ids[s->ids_n++] = id;
    return OK;
}

static void normalise(struct ctx *c, struct str *names, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        names[i] = text_tag_key(c->arena, names[i]);
}

static int newest_first(const void *a, const void *b)
{
    const struct page_row *x = a, *y = b;
    return (x->id < y->id) - (x->id > y->id);
}

/* The pages of several tags become one: each is whole within the bounds, so the best `limit` of all of them are. */
static enum err tagged(struct ctx *c, const void *what, const struct page *p, struct page_row **out, int64_t *n)
{
    const struct tag_search *s = what;
    int64_t limit = page_limit(p);
    struct page_row *all = ARENA_ARRAY(c->arena, (size_t)(s->ids_n * limit) + 1, struct page_row);
    int64_t all_n = 0;
    int64_t kept = 0;
    for (int64_t i = 0; i < s->ids_n; i++) {
        struct page_row *rows = NULL;
        int64_t rows_n = 0;
        TRY(store_tag_statuses(c, s->ids[i], p, &rows, &rows_n));
        for (int64_t j = 0; j < rows_n; j++)
            all[all_n++] = rows[j];
    }
    qsort(all, (size_t)all_n, sizeof *all, newest_first);
    for (int64_t i = 0; i < all_n; i++)
        if (kept == 0 || all[kept - 1].id != all[i].id)
            all[kept++] = all[i];
    bool from_below = page_ascends(p) && kept > limit; /* the page directly above min_id: the oldest ones */
    *out = from_below ? all + (kept - limit) : all;
    *n = kept > limit ? limit : kept;
    return OK;
}

static bool has(const struct str *names, int64_t n, struct str name)
{
    for (int64_t i = 0; i < n; i++)
        if (str_eq(names[i], name))
            return true;
    return false;
}

static bool has_all_and_none(struct ctx *c, const void *what, const struct status *row)
{
    const struct tag_search *s = what;
    const struct str *names = NULL;
    int64_t n = tag_list(c->arena, row->tags, &names);
    if (s->q.only_media && row->media.n <= 2)
        return false;
    for (int64_t i = 0; i < s->q.all_n; i++)
        if (!has(names, n, s->q.all[i]))
            return false;
    for (int64_t i = 0; i < s->q.none_n; i++)
        if (has(names, n, s->q.none[i]))
            return false;
    return true;
}

enum err tag_timeline(struct ctx *c, const struct tag_query *q, const struct page *p, struct status_page *out)
{
    struct tag_search s = { .q = *q };
    *out = (struct status_page){ 0 };
    if (q->remote_only)
        return OK; /* no parley of another server exists */
    normalise(c, s.q.any, s.q.any_n);
    normalise(c, s.q.all, s.q.all_n);
    normalise(c, s.q.none, s.q.none_n);
    TRY(add_id(c, &s, text_tag_key(c->arena, q->name)));
    for (int64_t i = 0; i < s.q.any_n; i++)
        TRY(add_id(c, &s, s.q.any[i]));
    return status_page_fill(c, tagged, has_all_and_none, &s, VISIBLE_PUBLIC, FILTER_PUBLIC, p, out);
}

enum err tag_find(struct ctx *c, struct str name, struct tag_info *out)
{
    if (!text_tag_ok(name))
        return fail(c, ERR_NOT_FOUND, "Record not found");
    *out = (struct tag_info){ .name = text_tag_key(c->arena, name) };
    TRY(store_tag_find(c, out->name, &out->id));
    return store_tag_history(c, out->id, out->days);
}
