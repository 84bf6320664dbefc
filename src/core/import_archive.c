/* SPDX-License-Identifier: Apache-2.0 */
#include "core/import_archive.h"

#include <stdlib.h>

#include "base/id.h"
#include "core/import_post.h"
#include "core/limit.h"
#include "core/search_index.h"
#include "core/status_delete.h"
#include "core/visible.h"
#include "feed/feed.h"
#include "media/unpacked.h"
#include "model/site.h"
#include "store/import.h"
#include "store/status.h"
#include "store/tx.h"

enum err import_archive_add(struct ctx *c, const struct archive_wish *w, struct import **out)
{
    struct import *i = ARENA_NEW(c->arena, struct import);
    TRY(member_may_write(c));
    if (w->path == NULL && w->bytes.n == 0)
        return fail(c, ERR_INVALID, "Validation failed: The file is missing or empty");
    if (w->path == NULL && (int64_t)w->bytes.n > c->site->import_bytes)
        return fail(c, ERR_TOO_LARGE, "Validation failed: Data is larger than %lld MB",
                    (long long)(c->site->import_bytes / 1024 / 1024));
    if (w->visibility > VIS_PRIVATE)
        return fail(c, ERR_INVALID, "Validation failed: Visibility is none of public, unlisted, private");
    TRY(limit_take(c, LIMIT_IMPORT, id_text(c->arena, c->me->id)));
    *i = (struct import){
        .account_id = c->me->id,
        .kind = IMPORT_ARCHIVE,
        .state = IMPORT_WAITING,
        .visibility = w->visibility,
        .file_name = w->file_name,
        .created_ms = c->now_ms,
    };
    /* The file has its name before the row that names it: an id that nothing else draws. */
    i->id = id_new(c, id_bucket(c->me->id));
    enum err e =
        w->path != NULL ? upload_copy(c, i->id, w->path, IMPORT_ARCHIVE_BYTES_MAX) : upload_put(c, i->id, w->bytes);
    if (e == OK)
        e = import_begin(c, i);
    if (e != OK) {
        struct str says = c->says;
        (void)!upload_remove(c, i->id);
        c->says = says;
        return e;
    }
    *out = i;
    return OK;
}

enum err import_undo(struct ctx *c, int64_t id, struct import **out)
{
    TRY(import_own(c, id, out));
    struct import *i = *out;
    if (i->kind < IMPORT_ARCHIVE)
        return fail(c, ERR_INVALID, "Validation failed: Only parleys can be taken back");
    if (import_is_open(i))
        return fail(c, ERR_INVALID, "Validation failed: This import is not done yet: stop it first");
    enum import_state was = i->state;
    i->state = IMPORT_UNDOING;
    i->ended_ms = 0;
    return import_progress(c, i, was);
}

/* Each has memory of its own: a video may be large. */
static enum err take_one(struct ctx *c, struct import *i, const struct unpacked *u, struct import_placed *placed)
{
    struct arena *own = c->arena;
    struct arena *one = arena_new();
    struct str json = { 0 };
    c->arena = one;
    enum err e = unpacked_post(c, u, i->position, &json);
    if (e == OK)
        e = import_post(c, i, u, json, placed);
    c->arena = own;
    c->says = arena_str(own, c->says);
    i->problems = arena_str(own, i->problems);
    arena_free(&one);
    return e;
}

static enum err take_batch(struct ctx *c, struct import *i)
{
    UNPACKED u = { 0 };
    int64_t ids[IMPORT_POSTS_BATCH];
    int64_t n = 0;
    TRY(unpacked_open(c, i->id, &u));
    for (int k = 0; k < IMPORT_POSTS_BATCH && i->position < i->total; k++) {
        struct import_placed p = { 0 };
        TRY(take_one(c, i, &u, &p));
        i->position++;
        i->handled++;
        if (p.id != 0)
            ids[n++] = p.id;
    }
    if (i->position >= i->total) {
        i->state = IMPORT_DONE;
        TRY(upload_remove(c, i->id));
    }
    return search_take(c, ids, n);
}

static enum err read_archive(struct ctx *c, struct import *i)
{
    UNPACKED u = { 0 };
    TRY(upload_unpack(c, i->id));
    TRY(unpacked_open(c, i->id, &u));
    if (u.head.refused != 0) {
        u.head.problem[sizeof u.head.problem - 1] = '\0';
        return fail(c, ERR_INVALID, "It %s", u.head.problem);
    }
    _Static_assert((int)UNPACK_X == (int)IMPORT_X && (int)UNPACK_MASTODON == (int)IMPORT_MASTODON,
                   "one set of numbers");
    i->kind = u.head.kind == UNPACK_X ? IMPORT_X : IMPORT_MASTODON;
    i->total = u.head.posts_n;
    i->state = i->total == 0 ? IMPORT_DONE : IMPORT_RUNNING;
    for (uint32_t k = 0; k < u.head.left_out && k < 1; k++)
        import_note(c, i, STR("Left out"),
                    arena_strf(c->arena, "%u that could not be read or were too many", u.head.left_out));
    return i->total == 0 ? upload_remove(c, i->id) : OK;
}

/* Newest first, as they are met on the profile. */
static enum err undo_batch(struct ctx *c, struct import *i)
{
    int64_t ids[IMPORT_UNDO_BATCH];
    int64_t n = 0;
    TRY(store_import_items(c, i->id, IMPORT_UNDO_BATCH, ids, &n));
    for (int64_t k = 0; k < n; k++) {
        struct status *s = NULL;
        TX tx = { 0 };
        TRY(store_status_find(c, ids[k], &s));
        if (s != NULL)
            TRY(status_remove(c, s));
        TRY(tx_begin(c, &tx));
        TRY(store_import_item_delete(c, i->id, ids[k]));
        TRY(tx_commit(&tx));
        i->added -= i->added > 0;
    }
    if (n == 0) {
        i->added = 0;
        i->state = IMPORT_UNDONE;
    }
    return OK;
}

static enum err step(struct ctx *c, struct import *i)
{
    if (i->state == IMPORT_UNDOING)
        return undo_batch(c, i);
    return i->state == IMPORT_WAITING ? read_archive(c, i) : take_batch(c, i);
}

enum err import_archive_step(struct ctx *c, struct import *i)
{
    enum import_state was = i->state;
    enum err e = step(c, i);
    if (e == ERR_INVALID || e == ERR_TOO_LARGE) {
        import_note(c, i, STR("The archive"), c->says);
        c->says = (struct str){ 0 };
        i->state = IMPORT_FAILED;
        TRY(upload_remove(c, i->id));
        e = OK;
    }
    TRY(e);
    return import_progress(c, i, was);
}
