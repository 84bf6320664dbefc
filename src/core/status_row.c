/* SPDX-License-Identifier: Apache-2.0 */
#include "core/status_row.h"

#include <stdlib.h>

#include "base/metrics.h"
#include "core/mention.h"
#include "core/trend.h"
#include "feed/feed.h"
#include "store/account.h"
#include "store/status.h"
#include "store/tag.h"

static int by_name(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* Names that are new are made in one order, so that no two parleys wait for each other's. */
static struct str *sorted(struct ctx *c, const struct str *names, int64_t n)
{
    struct str *out = ARENA_ARRAY(c->arena, (size_t)n + 1, struct str);
    for (int64_t i = 0; i < n; i++)
        out[i] = names[i];
    qsort(out, (size_t)n, sizeof *out, by_name);
    return out;
}

enum err status_row_tags(struct ctx *c, const struct status *s, struct str was, struct str now)
{
    const struct str *old = NULL;
    const struct str *new = NULL;
    int64_t id = 0;
    if (s->visibility != VIS_PUBLIC)
        return OK;
    int64_t old_n = tag_list(c->arena, was, &old);
    int64_t new_n = tag_list(c->arena, now, &new);
    new = sorted(c, new, new_n);
    for (int64_t i = 0; i < old_n; i++) {
        if (str_among(new, new_n, old[i]))
            continue;
        TRY(store_tag_find(c, old[i], &id));
        TRY(store_tag_status_delete(c, id, s->id));
    }
    for (int64_t i = 0; i < new_n; i++) {
        if (str_among(old, old_n, new[i]))
            continue;
        TRY(store_tag_ensure(c, new[i], &id));
        TRY(store_tag_status_insert(c, id, s->id, s->account_id));
    }
    return OK;
}

static bool is_counted(const struct status *s)
{
    return s->visibility != VIS_DIRECT;
}

static bool is_counted_at_parent(const struct status *s)
{
    return s->in_reply_to_id != 0 && s->visibility <= VIS_UNLISTED;
}

enum err status_row_count_author(struct ctx *c, const struct status *s, int64_t by, struct account *now)
{
    return is_counted(s) ? store_account_count(c, s->account_id, by, 0, 0, by > 0 ? s->created_ms : 0, now) : OK;
}

enum err status_row_count_other(struct ctx *c, const struct status *s, int64_t by)
{
    bool exists = true;
    if (s->reblog_of_id != 0)
        TRY(store_status_counted(c, s->reblog_of_id, STATUS_REBLOGS, by, &exists));
    else if (s->in_reply_to_id != 0)
        TRY(store_status_counted(c, s->in_reply_to_id, STATUS_REPLIES, is_counted_at_parent(s) ? by : 0, &exists));
    return exists || by < 0 ? OK : fail(c, ERR_NOT_FOUND, "Record not found");
}

enum err status_row_count(struct ctx *c, const struct status *s, int64_t by)
{
    TRY(status_row_count_other(c, s, by));
    return status_row_count_author(c, s, by, NULL);
}

static void tell_counts(struct ctx *c, const struct status *s, int64_t by)
{
    if (is_counted(s))
        feed_account_counted(c->feed, s->account_id, by, 0, 0, by > 0 ? s->created_ms : 0);
    if (s->reblog_of_id != 0)
        feed_status_counted(c->feed, s->reblog_of_id, FEED_REBLOGS, by);
    else if (is_counted_at_parent(s))
        feed_status_counted(c->feed, s->in_reply_to_id, FEED_REPLIES, by);
}

void status_row_tell_added(struct ctx *c, const struct status *s)
{
    metrics_add(METRIC_PUBLISHED, 0, 1);
    feed_status_added(c->feed, s);
    tell_counts(c, s, 1);
}

void status_row_tell_removed(struct ctx *c, const struct status *s)
{
    feed_status_removed(c->feed, s);
    trend_removed(c, s);
    tell_counts(c, s, -1);
}
