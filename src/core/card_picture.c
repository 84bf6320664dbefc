/* SPDX-License-Identifier: Apache-2.0 */
#include "core/card_picture.h"

#include <string.h>

#include "media/file.h"
#include "media/run.h"
#include "media/sniff.h"
#include "store/card.h"
#include "store/tx.h"

static struct media_name name_of(struct str hash)
{
    return (struct media_name){ SHELF_CARDS, hash, STR("image/webp") };
}

enum err card_picture_make(struct ctx *c, struct str bytes, struct card_picture *out)
{
    MEDIA_MADE made = { 0 };
    const struct media_ask ask = { .task = TASK_COVER, .in = bytes };
    if (!media_type_is_image(media_sniff(bytes)) || media_is_polyglot(bytes))
        return fail(c, ERR_INVALID, "not a picture");
    TRY(media_run(c, &ask, &made));
    if (made.preview.n == 0 || made.r.preview_width < CARD_PICTURE_EDGE || made.r.preview_height < CARD_PICTURE_EDGE)
        return fail(c, ERR_INVALID, "too small for a picture");
    const struct media_name name = name_of(media_hash(c, made.preview));
    out->hash = name.hash;
    out->blurhash = arena_str(c->arena, (struct str){ made.r.blurhash, strlen(made.r.blurhash) });
    out->width = made.r.preview_width;
    out->height = made.r.preview_height;
    return media_file_put(c, &name, made.preview);
}

bool card_picture_is_here(struct ctx *c, struct str hash)
{
    const struct media_name name = name_of(hash);
    return media_hash_ok(hash) && media_file_is_here(c, &name);
}

enum err card_picture_open(struct ctx *c, struct str hash, int *fd, uint64_t *size)
{
    const struct media_name name = name_of(hash);
    *fd = -1;
    return media_hash_ok(hash) ? media_file_open(c, &name, fd, size) : OK;
}

enum err card_picture_remove(struct ctx *c, struct str hash)
{
    TX tx = { 0 };
    const struct media_name name = name_of(hash);
    bool used = true;
    if (!media_hash_ok(hash))
        return OK;
    TRY(tx_begin_derived(c, &tx)); /* on SQLite no card can take it up between the question and the removal */
    TRY(store_card_picture_used(c, hash, &used));
    if (!used)
        TRY(media_file_remove_here(c, &name));
    return tx_commit(&tx);
}
