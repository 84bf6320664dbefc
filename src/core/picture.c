/* SPDX-License-Identifier: Apache-2.0 */
#include "core/picture.h"

#include "core/refuse.h"
#include "media/file.h"
#include "media/run.h"
#include "media/sniff.h"
#include "model/account.h"
#include "store/media.h"
#include "store/media_file.h"
#include "store/tx.h"

static enum err refuse_picture(struct ctx *c, enum media_purpose purpose, struct str why)
{
    c->fields = NULL;
    refuse(c, purpose == MEDIA_AVATAR ? STR("avatar") : STR("header"), STR("ERR_INVALID"), why);
    return refused(c);
}

static struct media_name name_of(struct str hash)
{
    return (struct media_name){ SHELF_PROFILE, hash, STR("image/webp") };
}

/* What the helper says is said of the field that it was sent in. */
static enum err decode(struct ctx *c, struct str bytes, enum media_purpose purpose, struct media_made *made)
{
    static const struct str begin = STR("Validation failed: File ");
    struct media_ask ask = { .task = purpose == MEDIA_AVATAR ? TASK_AVATAR : TASK_HEADER, .in = bytes };
    enum err e = media_run(c, &ask, made);
    return e == ERR_INVALID && str_starts(c->says, begin) ? refuse_picture(c, purpose, str_skip(c->says, begin.n)) : e;
}

enum err picture_make(struct ctx *c, struct str bytes, enum media_purpose purpose, struct media *out)
{
    MEDIA_MADE made = { 0 };
    enum media_type type = media_sniff(bytes);
    if (bytes.n > PICTURE_BYTES_MAX)
        return fail(c, ERR_TOO_LARGE, "A picture may have at most 8 MB");
    if ((!media_type_is_image(type) && type != TYPE_GIF) || media_is_polyglot(bytes))
        return refuse_picture(c, purpose, STR("must be a JPEG, PNG, WebP, GIF, AVIF or HEIC picture"));
    TRY(decode(c, bytes, purpose, &made));
    struct media_name name = name_of(media_hash(c, made.bytes));
    *out = (struct media){
        .account_id = c->me->id,
        .purpose = purpose,
        .state = MEDIA_READY,
        .kind = MEDIA_IMAGE,
        .hash = name.hash,
        .type = name.type,
        .bytes = (int64_t)made.bytes.n,
        .width = made.r.width,
        .height = made.r.height,
        .created_ms = c->now_ms,
    };
    return media_file_put(c, &name, made.bytes);
}

enum err picture_open(struct ctx *c, struct str hash, int *fd, uint64_t *size)
{
    struct media_name name = name_of(hash);
    *fd = -1;
    return media_hash_ok(hash) ? media_file_open(c, &name, fd, size) : OK;
}
