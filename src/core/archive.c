/* SPDX-License-Identifier: Apache-2.0 */
#include "core/archive.h"

#include <unistd.h>

#include "base/clock.h"
#include "base/id.h"
#include "core/archive_json.h"
#include "core/limit.h"
#include "core/site.h"
#include "media/file.h"
#include "media/pack.h"
#include "media/spool.h"
#include "model/account.h"
#include "model/status.h"
#include "store/account.h"
#include "store/archive.h"
#include "store/export.h"
#include "store/job.h"
#include "store/status.h"
#include "store/tx.h"

const char *archive_state_word(enum archive_state state)
{
    static const char *const words[] = { "making", "ready", "failed" };
    return words[state];
}

enum err archives_of(struct ctx *c, struct archive *out, int64_t *n)
{
    return store_archive_list(c, c->me->id, ARCHIVES_SHOWN, out, n);
}

static enum err store_new(struct ctx *c, int64_t account_id, struct archive *a)
{
    struct archive was[ARCHIVES_SHOWN];
    int64_t n = 0;
    TX tx = { 0 };
    TRY(tx_begin(c, &tx));
    TRY(store_account_lock(c, &account_id, 1)); /* of two at once the second finds the first's */
    TRY(store_archive_list(c, account_id, ARCHIVES_SHOWN, was, &n));
    if (n > 0 && was[0].state == ARCHIVE_MAKING) {
        *a = was[0];
        return OK;
    }
    *a = (struct archive){ .account_id = account_id, .created_ms = c->now_ms };
    TRY(store_archive_insert(c, a));
    TRY(store_job_add(c, JOB_ARCHIVE_MAKE, a->id, STR(""), c->now_ms));
    return tx_commit(&tx);
}

enum err archive_ask_for(struct ctx *c, int64_t account_id, struct archive **out)
{
    *out = ARENA_NEW(c->arena, struct archive);
    return store_new(c, account_id, *out);
}

enum err archive_ask(struct ctx *c, struct archive **out)
{
    TRY(site_allows_write(c));
    TRY(limit_take(c, LIMIT_ARCHIVE, id_text(c->arena, c->me->id)));
    return archive_ask_for(c, c->me->id, out);
}

enum err archive_own(struct ctx *c, int64_t id, struct archive **out)
{
    TRY(store_archive_find(c, id, out));
    return *out != NULL && (*out)->account_id == c->me->id ? OK : fail(c, ERR_NOT_FOUND, "Record not found");
}

enum err archive_open(struct ctx *c, int64_t id, int *fd, uint64_t *size)
{
    struct archive *a = NULL;
    *fd = -1;
    TRY(archive_own(c, id, &a));
    if (a->state == ARCHIVE_READY && a->expires_ms > c->now_ms)
        TRY(archive_file_open(c, id, fd, size));
    return *fd >= 0 ? OK : fail(c, ERR_NOT_FOUND, "Record not found");
}

/* The file first: a row without one is swept again, a file without a row never is. */
static enum err drop(struct ctx *c, int64_t id)
{
    TX tx = { 0 };
    TRY(archive_file_remove(c, id));
    TRY(tx_begin(c, &tx));
    TRY(store_archive_delete(c, id));
    return tx_commit(&tx);
}

enum err archive_remove(struct ctx *c, int64_t id)
{
    struct archive *a = NULL;
    TRY(archive_own(c, id, &a));
    return drop(c, id);
}

enum err archives_sweep(struct ctx *c, int64_t limit, int64_t *n)
{
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)limit, int64_t);
    TRY(store_archive_expired(c, limit, ids, n));
    for (int64_t i = 0; i < *n; i++)
        TRY(drop(c, ids[i]));
    return OK;
}

enum err archives_clear(struct ctx *c, int64_t account_id)
{
    struct archive all[ARCHIVES_SHOWN];
    for (int64_t n = 1; n > 0;) {
        TRY(store_archive_list(c, account_id, ARCHIVES_SHOWN, all, &n));
        for (int64_t i = 0; i < n; i++)
            TRY(drop(c, all[i].id));
    }
    return OK;
}

/* --- the making of one --- */

struct making {
    struct archive *row;
    struct archive_out *out;
    struct spool spool; /* of the JSON file that is being written */
    int64_t written;    /* entries of it */
};

static enum err tell(struct ctx *c, const struct archive *a, bool *exists)
{
    TX tx = { 0 };
    struct archive *now = NULL;
    TRY(tx_begin(c, &tx));
    TRY(store_archive_find(c, a->id, &now));
    *exists = now != NULL;
    if (now != NULL)
        TRY(store_archive_update(c, a));
    return tx_commit(&tx);
}

static enum err put_entry(struct ctx *c, struct making *m, struct str json)
{
    if (m->written++ > 0)
        TRY(spool_put(c, &m->spool, STR(",\n")));
    return spool_put(c, &m->spool, json);
}

static enum err begin_list(struct ctx *c, struct making *m, const char *name)
{
    TRY(spool_open(c, &m->spool));
    m->written = 0;
    return spool_put(c, &m->spool, archive_json_list_head(c, name));
}

static enum err end_list(struct ctx *c, struct making *m, const char *name)
{
    int fd = -1;
    uint64_t size = 0;
    TRY(spool_put(c, &m->spool, arena_strf(c->arena, "],\"totalItems\":%lld}\n", (long long)m->written)));
    TRY(spool_end(c, &m->spool, &fd, &size));
    spool_fini(&m->spool);
    enum err e = archive_out_file(c, m->out, name, fd, size, true);
    (void)close(fd);
    return e;
}

/* What is not there, or cannot be fetched just now, is left out: better an archive without a picture than none. */
static enum err put_file(struct ctx *c, struct making *m, const char *as, const struct media_name *name)
{
    int fd = -1;
    uint64_t size = 0;
    if (media_file_open(c, name, &fd, &size) != OK || fd < 0)
        return OK;
    enum err e = archive_out_file(c, m->out, as, fd, size, false);
    (void)close(fd);
    return e;
}

static enum err put_actor(struct ctx *c, struct making *m)
{
    const struct account *me = c->me;
    TRY(archive_out_bytes(c, m->out, "actor.json", archive_json_actor(c)));
    if (me->avatar.p != NULL)
        TRY(put_file(c, m, "avatar.webp", &(struct media_name){ SHELF_PROFILE, me->avatar, STR("image/webp") }));
    if (me->header.p != NULL)
        TRY(put_file(c, m, "header.webp", &(struct media_name){ SHELF_PROFILE, me->header, STR("image/webp") }));
    return OK;
}

/* Files go into the archive between the batches of the outbox, which waits in its spool. */
static enum err put_parleys(struct ctx *c, struct making *m, const struct export_row *rows, int64_t n)
{
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)n + 1, int64_t);
    struct status **s = ARENA_ARRAY(c->arena, (size_t)n + 1, struct status *);
    struct attachments *files = ARENA_ARRAY(c->arena, (size_t)n + 1, struct attachments);
    for (int64_t i = 0; i < n; i++)
        ids[i] = rows[i].id;
    TRY(store_status_load(c, ids, n, s));
    TRY(attachments_load(c, (const struct status *const *)s, n, files));
    for (int64_t i = 0; i < n; i++) {
        struct str json = { 0 };
        if (s[i] == NULL)
            continue;
        TRY(archive_json_parley(c, s[i], &files[i], &json));
        if (json.n > 0)
            TRY(put_entry(c, m, json));
        for (int64_t k = 0; k < files[i].n; k++) {
            const struct media *f = files[i].v[k];
            if (f->state != MEDIA_READY)
                continue;
            struct media_name name = { SHELF_FILES, f->hash, f->type };
            TRY(put_file(c, m, archive_json_file(c, f), &name));
        }
    }
    return OK;
}

static enum err put_links(struct ctx *c, struct making *m, const struct export_row *rows, int64_t n)
{
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)n + 1, int64_t);
    struct status **s = ARENA_ARRAY(c->arena, (size_t)n + 1, struct status *);
    for (int64_t i = 0; i < n; i++)
        ids[i] = rows[i].target_id;
    TRY(store_status_load(c, ids, n, s));
    for (int64_t i = 0; i < n; i++) {
        struct str json = { 0 };
        if (s[i] != NULL)
            TRY(archive_json_link(c, s[i], &json));
        if (json.n > 0)
            TRY(put_entry(c, m, json));
    }
    return OK;
}

static enum err put_batch(struct ctx *c, struct making *m, enum export_rows kind, int64_t *after, bool *more)
{
    struct export_row *rows = ARENA_ARRAY(c->arena, ARCHIVE_BATCH, struct export_row);
    int64_t n = 0;
    bool exists = true;
    TRY(store_export_rows(c, kind, c->me->id, *after, ARCHIVE_BATCH, rows, &n));
    *after = n > 0 ? rows[n - 1].id : *after;
    *more = n == ARCHIVE_BATCH;
    if (kind != EXPORT_ROWS_STATUS)
        return put_links(c, m, rows, n);
    TRY(put_parleys(c, m, rows, n));
    m->row->handled += n;
    TRY(tell(c, m->row, &exists));
    return exists ? OK : fail(c, ERR_GONE, "It was called off");
}

/* Each batch has memory of its own: an account may have a million parleys. */
static enum err put_list(struct ctx *c, struct making *m, enum export_rows kind, const char *name)
{
    struct arena *own = c->arena;
    struct arena *batch = arena_new();
    int64_t after = 0;
    enum err e = begin_list(c, m, name);
    c->arena = batch;
    for (bool more = true; more && e == OK;) {
        arena_reset(batch);
        e = put_batch(c, m, kind, &after, &more);
    }
    c->arena = own;
    c->says = arena_str(own, c->says);
    arena_free(&batch);
    return e == OK ? end_list(c, m, name) : e;
}

static enum err make_all(struct ctx *c, struct making *m)
{
    TRY(archive_out_open(c, m->row->id, &m->out));
    TRY(put_actor(c, m));
    TRY(put_list(c, m, EXPORT_ROWS_STATUS, "outbox.json"));
    TRY(put_list(c, m, EXPORT_ROWS_FAVOURITE, "likes.json"));
    TRY(put_list(c, m, EXPORT_ROWS_BOOKMARK, "bookmarks.json"));
    return archive_out_end(c, &m->out, &m->row->bytes);
}

/* The one before goes when the new one is there. */
static enum err drop_older(struct ctx *c, const struct archive *a)
{
    struct archive all[ARCHIVES_SHOWN];
    int64_t n = 0;
    TRY(store_archive_list(c, a->account_id, ARCHIVES_SHOWN, all, &n));
    for (int64_t i = 0; i < n; i++)
        if (all[i].id < a->id)
            TRY(drop(c, all[i].id));
    return OK;
}

enum err archive_make(struct ctx *c, int64_t id)
{
    struct making m = { 0 };
    struct account *me = NULL;
    bool exists = false;
    TRY(store_archive_find(c, id, &m.row));
    if (m.row == NULL || m.row->state != ARCHIVE_MAKING)
        return OK;
    TRY(store_account_find(c, m.row->account_id, &me));
    if (me == NULL)
        return drop(c, id);
    c->me = me;
    m.row->handled = 0;
    m.row->total = me->statuses_count;
    enum err e = make_all(c, &m);
    spool_fini(&m.spool);
    archive_out_fini(&m.out);
    if (e == ERR_GONE)
        return archive_file_remove(c, id);
    TRY(e);
    m.row->state = ARCHIVE_READY;
    m.row->ready_ms = c->now_ms;
    m.row->expires_ms = c->now_ms + ARCHIVE_DAYS * DAY_MS;
    TRY(tell(c, m.row, &exists));
    return exists ? drop_older(c, m.row) : archive_file_remove(c, id);
}

enum err archive_give_up(struct ctx *c, int64_t id)
{
    struct archive *a = NULL;
    bool exists = false;
    TRY(store_archive_find(c, id, &a));
    if (a == NULL || a->state != ARCHIVE_MAKING)
        return OK;
    a->state = ARCHIVE_FAILED;
    return tell(c, a, &exists);
}
