/* SPDX-License-Identifier: Apache-2.0 */
#include "core/tag_mark.h"

#include <stdlib.h>

#include "base/id.h"
#include "core/mention.h"
#include "core/visible.h"
#include "feed/feed.h"
#include "model/status.h"
#include "store/account.h"
#include "store/status.h"
#include "store/tx.h"

static enum err write_mark(struct ctx *c, enum tag_mark kind, bool on, struct tag_info *t)
{
    TX tx = { 0 };
    int64_t have = 0;
    int64_t max = kind == TAG_MARK_FOLLOW ? TAGS_FOLLOWED_MAX : TAGS_FEATURED_MAX;
    bool added = false;
    TRY(tx_begin(c, &tx));
    TRY(store_account_lock(c, &c->me->id, 1)); /* of two at once none passes the limit */
    if (on) {
        TRY(store_tag_ensure(c, t->name, &t->id));
        TRY(store_tag_mark_count(c, kind, c->me->id, &have));
        TRY(store_tag_mark_insert(c, kind, c->me->id, t->id, t->name, &added));
    } else if (t->id != 0) {
        TRY(store_tag_mark_delete(c, kind, c->me->id, t->id));
    }
    if (added && have >= max)
        return fail(c, ERR_INVALID, "Validation failed: You can %s %lld tags at most",
                    kind == TAG_MARK_FOLLOW ? "follow" : "feature", (long long)max);
    return tx_commit(&tx);
}

enum err tag_mark_set(struct ctx *c, enum tag_mark kind, struct str name, bool on, struct tag_info *out)
{
    TRY(member_may_write(c));
    TRY(tag_find(c, name, out));
    TRY(write_mark(c, kind, on, out));
    if (kind == TAG_MARK_FOLLOW)
        feed_follow_changed(c->feed, c->me->id);
    else
        feed_account_counted(c->feed, c->me->id, 0, 0, 0, 0); /* pages that show the account are made anew */
    return tag_marks_load(c, out, 1);
}

enum err tag_marks_load(struct ctx *c, struct tag_info *tags, int64_t n)
{
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)n + 1, int64_t);
    int64_t *found = ARENA_ARRAY(c->arena, (size_t)n + 1, int64_t);
    int64_t found_n = 0;
    if (c->me == NULL)
        return OK;
    for (int64_t i = 0; i < n; i++)
        ids[i] = tags[i].id;
    TRY(store_tag_mark_among(c, TAG_MARK_FOLLOW, c->me->id, ids, n, found, &found_n));
    for (int64_t i = 0; i < n; i++)
        tags[i].following = tags[i].id != 0 && id_among(found, found_n, tags[i].id);
    TRY(store_tag_mark_among(c, TAG_MARK_FEATURE, c->me->id, ids, n, found, &found_n));
    for (int64_t i = 0; i < n; i++)
        tags[i].featuring = tags[i].id != 0 && id_among(found, found_n, tags[i].id);
    return OK;
}

enum err tag_followed(struct ctx *c, const struct page *p, struct tag_page *out)
{
    struct marked_tag *rows = NULL;
    *out = (struct tag_page){ 0 };
    TRY(store_tag_mark_page(c, TAG_MARK_FOLLOW, c->me->id, p, &rows, &out->n));
    out->tags = ARENA_ARRAY(c->arena, (size_t)out->n + 1, struct tag_info);
    for (int64_t i = 0; i < out->n; i++) {
        out->tags[i] = (struct tag_info){ .id = rows[i].tag_id, .name = rows[i].name };
        TRY(store_tag_history(c, rows[i].tag_id, out->tags[i].days));
    }
    if (out->n > 0) {
        out->first = rows[0].row_id;
        out->last = rows[out->n - 1].row_id;
    }
    return tag_marks_load(c, out->tags, out->n);
}

enum err tag_featured(struct ctx *c, int64_t account_id, struct featured_tag **out, int64_t *n)
{
    struct marked_tag *rows = NULL;
    struct account *a = NULL;
    TRY(account_see(c, account_id, &a));
    TRY(store_tag_mark_page(c, TAG_MARK_FEATURE, a->id, &(struct page){ .limit = TAGS_FEATURED_MAX }, &rows, n));
    *out = ARENA_ARRAY(c->arena, (size_t)*n + 1, struct featured_tag);
    for (int64_t i = 0; i < *n; i++) {
        int64_t newest = 0;
        (*out)[i] = (struct featured_tag){ .row_id = rows[i].row_id, .name = rows[i].name };
        TRY(store_tag_use(c, rows[i].tag_id, a->id, &(*out)[i].uses, &newest));
        (*out)[i].last_ms = newest == 0 ? 0 : id_ms(newest);
    }
    return OK;
}

enum err tag_unfeature(struct ctx *c, int64_t row_id)
{
    struct marked_tag *rows = NULL;
    struct tag_info t = { 0 };
    int64_t n = 0;
    TRY(store_tag_mark_page(c, TAG_MARK_FEATURE, c->me->id, &(struct page){ .limit = TAGS_FEATURED_MAX }, &rows, &n));
    for (int64_t i = 0; i < n; i++)
        if (rows[i].row_id == row_id)
            return tag_mark_set(c, TAG_MARK_FEATURE, rows[i].name, false, &t);
    return fail(c, ERR_NOT_FOUND, "Record not found");
}

/* The tags of one's newest parleys, by how often they stand there. */
struct counted {
    struct str name;
    int64_t n;
};

static int most_first(const void *a, const void *b)
{
    const struct counted *x = a, *y = b;
    int order = (x->n < y->n) - (x->n > y->n);
    return order != 0 ? order : str_cmp(x->name, y->name);
}

static enum err count_tags(struct ctx *c, struct counted **out, int64_t *out_n)
{
    struct status_filter f = { .account_id = c->me->id, .visibility_max = VIS_PUBLIC };
    struct page p = { .limit = TAGS_SUGGESTED_AMONG };
    struct page_row *rows = NULL;
    int64_t n = 0;
    int64_t cap = 0;
    TRY(store_status_of_author(c, &f, &p, &rows, &n));
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)n + 1, int64_t);
    struct status **found = ARENA_ARRAY(c->arena, (size_t)n + 1, struct status *);
    const struct str **names = ARENA_ARRAY(c->arena, (size_t)n + 1, const struct str *);
    int64_t *names_n = ARENA_ARRAY(c->arena, (size_t)n + 1, int64_t);
    for (int64_t i = 0; i < n; i++)
        ids[i] = rows[i].id;
    TRY(store_status_load(c, ids, n, found));
    for (int64_t i = 0; i < n; i++)
        cap += names_n[i] = found[i] == NULL ? 0 : tag_list(c->arena, found[i]->tags, &names[i]);
    struct counted *all = ARENA_ARRAY(c->arena, (size_t)cap + 1, struct counted);
    *out_n = 0;
    for (int64_t i = 0; i < n; i++)
        for (int64_t k = 0; k < names_n[i]; k++) {
            int64_t at = 0;
            while (at < *out_n && !str_eq(all[at].name, names[i][k]))
                at++;
            if (at == *out_n)
                all[(*out_n)++].name = names[i][k];
            all[at].n++;
        }
    qsort(all, (size_t)*out_n, sizeof *all, most_first);
    *out = all;
    return OK;
}

enum err tag_suggested(struct ctx *c, struct tag_info **out, int64_t *n)
{
    struct counted *all = NULL;
    int64_t all_n = 0;
    int64_t kept = 0;
    TRY(count_tags(c, &all, &all_n));
    *n = all_n < TAGS_SUGGESTED_MAX + TAGS_FEATURED_MAX ? all_n : TAGS_SUGGESTED_MAX + TAGS_FEATURED_MAX;
    *out = ARENA_ARRAY(c->arena, (size_t)*n + 1, struct tag_info);
    for (int64_t i = 0; i < *n; i++)
        TRY(tag_find(c, all[i].name, &(*out)[i]));
    TRY(tag_marks_load(c, *out, *n));
    for (int64_t i = 0; i < *n && kept < TAGS_SUGGESTED_MAX; i++)
        if (!(*out)[i].featuring)
            (*out)[kept++] = (*out)[i];
    *n = kept;
    return OK;
}
