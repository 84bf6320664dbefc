/* SPDX-License-Identifier: Apache-2.0 */
#include "core/attachment_work.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/rng.h"
#include "core/attachment.h"
#include "core/media_use.h"
#include "core/secret.h"
#include "feed/feed.h"
#include "media/file.h"
#include "media/run.h"
#include "model/site.h"
#include "store/job.h"
#include "store/media.h"
#include "store/tx.h"

#define MIB (1024 * 1024)

enum err attachment_judge(struct ctx *c, struct str bytes, enum media_type *type)
{
    *type = media_sniff(bytes);
    int64_t max =
        media_type_is_image(*type) || *type == TYPE_GIF ? c->site->media_image_bytes : c->site->media_video_bytes;
    if (bytes.n == 0)
        return fail(c, ERR_INVALID, "Validation failed: File can't be blank");
    if (*type == TYPE_UNKNOWN)
        return fail(c, ERR_INVALID,
                    "Validation failed: File must be a JPEG, PNG, WebP, AVIF, HEIC or GIF picture, an MP4 or WebM "
                    "video, or MP3, OGG, FLAC or WAV sound");
    if ((int64_t)bytes.n > max)
        return fail(c, ERR_TOO_LARGE, "Validation failed: File is larger than %lld MB", (long long)(max / MIB));
    if (media_is_polyglot(bytes))
        return fail(c, ERR_INVALID, "Validation failed: File is something else at the same time, and is not taken");
    return OK;
}

static struct str type_of(enum media_kind kind)
{
    switch (kind) {
    case MEDIA_IMAGE: return STR("image/webp");
    case MEDIA_GIFV:
    case MEDIA_VIDEO: return STR("video/mp4");
    case MEDIA_AUDIO: return STR("audio/mpeg");
    }
    return STR("");
}

static enum err keep_preview(struct ctx *c, const struct media_made *made, struct media *m)
{
    size_t hash_n = strlen(made->r.blurhash);
    if (made->preview.n == 0)
        return OK;
    struct media_name name = { SHELF_FILES, media_hash(c, made->preview), STR("image/webp") };
    m->preview = name.hash;
    m->preview_bytes = (int64_t)made->preview.n;
    m->preview_width = made->r.preview_width;
    m->preview_height = made->r.preview_height;
    if (hash_n > 0)
        m->blurhash = arena_str(c->arena, (struct str){ made->r.blurhash, hash_n });
    return media_file_put(c, &name, made->preview);
}

enum err attachment_make(struct ctx *c, struct str bytes, enum media_type type, struct media *m)
{
    MEDIA_MADE made = { 0 };
    struct media_ask ask = { .task = media_type_is_image(type) ? TASK_IMAGE : TASK_AV, .in = bytes, .id = m->id };
    TRY(media_run(c, &ask, &made));
    if (made.bytes.n == 0)
        return fail(c, ERR_INVALID, "Validation failed: File cannot be read");
    m->kind = (enum media_kind)made.r.kind;
    struct media_name name = { SHELF_FILES, media_hash(c, made.bytes), type_of(m->kind) };
    m->state = MEDIA_READY;
    m->hash = name.hash;
    m->type = name.type;
    m->bytes = (int64_t)made.bytes.n;
    m->width = made.r.width;
    m->height = made.r.height;
    m->duration_ms = made.r.duration_ms;
    m->bitrate = m->duration_ms > 0 ? m->bytes * 8000 / m->duration_ms : 0;
    if (made.r.rate_num > 0 && made.r.rate_den > 0)
        m->frame_rate = arena_strf(c->arena, "%u/%u", made.r.rate_num, made.r.rate_den);
    TRY(media_file_put(c, &name, made.bytes));
    return m->preview.n > 0 ? OK : keep_preview(c, &made, m); /* a cover that was sent is kept */
}

enum err attachment_cover(struct ctx *c, struct str bytes, struct media *m)
{
    MEDIA_MADE made = { 0 };
    if (!media_type_is_image(media_sniff(bytes)) || media_is_polyglot(bytes))
        return fail(c, ERR_INVALID, "Validation failed: Thumbnail must be a JPEG, PNG, WebP, AVIF or HEIC picture");
    if ((int64_t)bytes.n > c->site->media_image_bytes)
        return fail(c, ERR_TOO_LARGE, "Validation failed: Thumbnail is larger than %lld MB",
                    (long long)(c->site->media_image_bytes / MIB));
    struct media_ask ask = { .task = TASK_COVER, .in = bytes };
    TRY(media_run(c, &ask, &made));
    return keep_preview(c, &made, m);
}

/* The key and the name of what was put aside. */
#define SEAL_BYTES (MEDIA_KEY_BYTES + 8)

static int64_t name_of(struct str seal)
{
    int64_t name = 0;
    memcpy(&name, seal.p + MEDIA_KEY_BYTES, sizeof name);
    return name & INT64_MAX;
}

enum err attachment_put_aside(struct ctx *c, struct str bytes, struct media *m)
{
    char seal[SEAL_BYTES];
    rand_secret(seal, sizeof seal);
    m->state = MEDIA_WAITING;
    m->seal = secret_seal(c, (struct str){ seal, sizeof seal });
    return media_waiting_put(c, name_of((struct str){ seal, sizeof seal }), (struct str){ seal, MEDIA_KEY_BYTES },
                             bytes);
}

enum err attachment_forget_upload(struct ctx *c, const struct media *m)
{
    struct str seal = { 0 };
    if (m->seal.p == NULL || !secret_open(c, m->seal, &seal) || seal.n != SEAL_BYTES)
        return OK;
    return media_waiting_remove(c, name_of(seal));
}

enum err attachment_drop(struct ctx *c, const struct media *m)
{
    TRY(store_media_delete(c, m->id));
    TRY(media_unuse(c, m));
    return attachment_forget_upload(c, m); /* the job that comes for it finds no row */
}

static enum err take_upload(struct ctx *c, const struct media *m, struct str *bytes)
{
    struct str seal = { 0 };
    if (m->seal.p == NULL || !secret_open(c, m->seal, &seal) || seal.n != SEAL_BYTES)
        return fail(c, ERR_INVALID, "Validation failed: The upload is not there any more. Send it again.");
    enum err e = media_waiting_get(c, name_of(seal), str_head(seal, MEDIA_KEY_BYTES), bytes);
    return e == ERR_NOT_FOUND
               ? fail(c, ERR_INVALID, "Validation failed: The upload is not there any more. Send it again.")
               : e;
}

/* What its owner changed while it was worked on stays. */
static enum err store_made(struct ctx *c, const struct media *made, bool *exists)
{
    TX tx = { 0 };
    struct media *now = NULL;
    TRY(tx_begin(c, &tx));
    TRY(store_media_find(c, made->id, &now));
    *exists = now != NULL && now->state == MEDIA_WAITING;
    if (!*exists)
        return OK;
    struct media m = *made;
    m.description = now->description;
    m.focus_x = now->focus_x;
    m.focus_y = now->focus_y;
    m.expires_ms = now->expires_ms;
    m.seal = (struct str){ NULL, 0 };
    if (m.state == MEDIA_READY)
        TRY(media_use(c, &m));
    TRY(store_media_update(c, &m, exists));
    return tx_commit(&tx);
}

/* Its owner took it back meanwhile. */
static enum err undo(struct ctx *c, const struct media *made)
{
    TX tx = { 0 };
    TRY(tx_begin(c, &tx));
    TRY(media_unuse(c, made));
    return tx_commit(&tx);
}

enum err attachment_work(struct ctx *c, int64_t id)
{
    struct media *m = NULL;
    struct str bytes = { 0 };
    bool exists = false;
    TRY(store_media_find(c, id, &m));
    if (m == NULL || m->state != MEDIA_WAITING)
        return OK;
    struct media made = *m;
    enum err e = take_upload(c, m, &bytes);
    if (e == OK)
        e = attachment_make(c, bytes, media_sniff(bytes), &made); /* it was judged before it was put aside */
    if (e == ERR_INVALID || e == ERR_TOO_LARGE) {
        made = *m;
        made.state = MEDIA_FAILED;
        made.problem = arena_str(c->arena, c->says);
        c->says = (struct str){ NULL, 0 };
        e = OK;
    }
    TRY(e);
    TRY(store_made(c, &made, &exists));
    if (!exists)
        TRY(undo(c, &made));
    return attachment_forget_upload(c, m);
}

enum err attachments_sweep(struct ctx *c, int64_t limit, int64_t *n)
{
    TX tx = { 0 };
    int64_t *ids = NULL;
    TRY(store_media_expired(c, limit, &ids, n));
    if (*n == 0)
        return OK;
    TRY(tx_begin(c, &tx));
    for (int64_t i = 0; i < *n; i++) {
        struct media *m = NULL;
        TRY(store_media_find(c, ids[i], &m));
        if (m != NULL && m->expires_ms > 0 && m->expires_ms <= c->now_ms)
            TRY(attachment_drop(c, m));
    }
    return tx_commit(&tx);
}
