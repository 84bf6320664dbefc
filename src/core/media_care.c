/* SPDX-License-Identifier: Apache-2.0 */
#include "core/media_care.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "core/media_use.h"
#include "media/disk.h"
#include "model/site.h"
#include "store/media_file.h"
#include "store/tx.h"

#define ROWS_AT_ONCE 500

static int by_use(const void *a, const void *b)
{
    const struct media_found *x = a, *y = b;
    return (x->used_ms > y->used_ms) - (x->used_ms < y->used_ms);
}

/* What can be fetched again: the picture of a link card, or a copy of what the object store has. */
static enum err drop_copy(struct ctx *c, const struct media_found *f, struct media_disk *d)
{
    struct media_file row = { 0 };
    bool exists = false;
    if (f->name.hash.p == NULL)
        return OK;
    if (f->name.shelf != SHELF_CARDS)
        TRY(store_media_file_find(c, f->name.hash, &row, &exists));
    if (f->name.shelf != SHELF_CARDS && (!exists || row.away_ms == 0))
        return OK;
    TRY(media_file_remove_here(c, &f->name));
    d->bytes -= f->bytes;
    d->cached -= f->bytes;
    d->files--;
    d->gone++;
    return OK;
}

/* Without an object store nothing but cards can be fetched again. */
static enum err look(struct ctx *c, bool cards_alone, struct media_found **all, struct media_disk *out)
{
    bool more = false;
    *out = (struct media_disk){ .budget = c->site->media_cache_bytes };
    TRY(media_disk_list(c, cards_alone, MEDIA_CARE_MAX, all, &out->files, &more));
    for (int64_t i = 0; i < out->files; i++) {
        out->bytes += (*all)[i].bytes;
        if (media_is_away(c) || (*all)[i].name.shelf == SHELF_CARDS)
            out->cached += (*all)[i].bytes;
    }
    return OK;
}

enum err media_disk_usage(struct ctx *c, struct media_disk *out)
{
    struct media_found *all = NULL;
    return look(c, false, &all, out);
}

enum err media_trim(struct ctx *c, struct media_disk *out)
{
    struct media_found *all = NULL;
    TRY(look(c, !media_is_away(c), &all, out));
    int64_t n = out->files;
    if (out->budget == 0 || out->cached <= out->budget)
        return OK;
    qsort(all, (size_t)n, sizeof *all, by_use);
    for (int64_t i = 0; i < n && out->cached > out->budget; i++)
        TRY(drop_copy(c, &all[i], out));
    return OK;
}

/* --- whether all is there --- */

static enum err check_row(struct ctx *c, const struct media_file *f, struct media_checked *out)
{
    struct media_name files = { SHELF_FILES, f->hash, f->type };
    struct media_name profile = { SHELF_PROFILE, f->hash, f->type };
    out->known++;
    if (f->away_ms > 0 || media_file_is_here(c, &files) || media_file_is_here(c, &profile))
        return OK;
    if (out->missing++ == 0)
        out->example = f->hash;
    return OK;
}

static enum err check_rows(struct ctx *c, struct media_checked *out)
{
    struct str after = STR("");
    for (int64_t n = ROWS_AT_ONCE; n == ROWS_AT_ONCE;) {
        struct media_file *rows = NULL;
        TRY(store_media_file_page(c, after, ROWS_AT_ONCE, &rows, &n));
        for (int64_t i = 0; i < n; i++)
            TRY(check_row(c, &rows[i], out));
        if (n > 0)
            after = rows[n - 1].hash;
    }
    return OK;
}

static enum err check_file(struct ctx *c, const struct media_found *f, bool repair, int64_t max_age_ms,
                           struct media_checked *out)
{
    int64_t age_ms = c->now_ms - f->used_ms;
    bool orphan = age_ms > (f->is_waiting ? MEDIA_CARE_WAITING_DAYS * DAY_MS : MEDIA_CARE_YOUNG_MS);
    if (max_age_ms > 0 && age_ms > max_age_ms && !f->is_waiting)
        return OK;
    if (orphan && f->name.hash.p != NULL)
        TRY(media_is_orphan(c, &f->name, &orphan));
    if (!orphan)
        return OK;
    out->orphans++;
    if (!repair)
        return OK;
    out->removed++;
    if (f->name.hash.p != NULL)
        return media_remove_orphan(c, &f->name);
    (void)unlink(f->path);
    return OK;
}

enum err media_check(struct ctx *c, bool repair, int64_t max_age_ms, struct media_checked *out)
{
    struct media_found *all = NULL;
    int64_t n = 0;
    bool more = false;
    *out = (struct media_checked){ 0 };
    TRY(media_disk_list(c, false, MEDIA_CARE_MAX, &all, &n, &more));
    out->files = n;
    for (int64_t i = 0; i < n; i++)
        TRY(check_file(c, &all[i], repair, max_age_ms, out));
    return max_age_ms > 0 ? OK : check_rows(c, out);
}
