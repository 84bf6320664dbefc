/* SPDX-License-Identifier: Apache-2.0 */
#include "core/media_use.h"

#include "core/card_picture.h"
#include "media/file.h"
#include "store/card.h"
#include "store/job.h"
#include "store/media.h"
#include "store/media_file.h"
#include "store/tx.h"

static enum media_shelf shelf_of(const struct media *m)
{
    return m->purpose == MEDIA_ATTACHMENT ? SHELF_FILES : SHELF_PROFILE;
}

/* The payload of a job about a file: "files HASH TYPE" or "profile HASH TYPE"; a hash alone is a picture of a profile
   (as versions before this wrote it). */
static struct str payload_of(struct ctx *c, const struct media_name *n)
{
    return arena_strf(c->arena, "%s " STR_FMT " " STR_FMT, n->shelf == SHELF_FILES ? "files" : "profile",
                      STR_ARG(n->hash), STR_ARG(n->type));
}

static bool parse_payload(struct str payload, struct media_name *out)
{
    struct str shelf = { 0 };
    struct str rest = payload;
    *out = (struct media_name){ SHELF_PROFILE, payload, STR("image/webp") };
    if (media_hash_ok(payload))
        return true;
    (void)str_cut(&rest, ' ', &shelf);
    (void)str_cut(&rest, ' ', &out->hash);
    out->type = rest;
    out->shelf = str_eq(shelf, STR("files")) ? SHELF_FILES : SHELF_PROFILE;
    return media_hash_ok(out->hash) && media_extension(out->type).p != NULL;
}

static enum err use(struct ctx *c, const struct media *m, struct str hash, struct str type, int64_t bytes)
{
    struct media_name name = { shelf_of(m), hash, type };
    struct media_file file = { .hash = hash, .type = type, .bytes = bytes };
    struct media_file was = { 0 };
    bool exists = false;
    if (hash.n == 0)
        return OK;
    TRY(store_media_file_use(c, &file));
    TRY(store_media_file_find(c, hash, &was, &exists));
    if (was.away_ms > 0)
        return OK;
    if (!media_file_is_here(c, &name))
        return fail(c, ERR_AGAIN, "The file was removed meanwhile. Send it again.");
    return media_is_away(c) ? store_job_add(c, JOB_MEDIA_SEND, m->account_id, payload_of(c, &name), c->now_ms) : OK;
}

enum err media_use(struct ctx *c, const struct media *m)
{
    TRY(use(c, m, m->hash, m->type, m->bytes));
    return use(c, m, m->preview, STR("image/webp"), m->preview_bytes);
}

static enum err unuse(struct ctx *c, const struct media *m, struct str hash, struct str type)
{
    struct media_name name = { shelf_of(m), hash, type };
    return hash.n == 0 ? OK : store_job_add(c, JOB_MEDIA_REMOVE, m->account_id, payload_of(c, &name), c->now_ms);
}

enum err media_unuse(struct ctx *c, const struct media *was)
{
    TRY(unuse(c, was, was->hash, was->type));
    return unuse(c, was, was->preview, STR("image/webp"));
}

enum err media_is_orphan(struct ctx *c, const struct media_name *name, bool *orphan)
{
    bool used = true;
    TRY(name->shelf == SHELF_CARDS ? store_card_picture_used(c, name->hash, &used)
                                   : store_media_is_used(c, name->hash, &used));
    *orphan = !used;
    return OK;
}

enum err media_remove_unused(struct ctx *c, struct str payload)
{
    struct media_name name = { 0 };
    return parse_payload(payload, &name) ? media_remove_orphan(c, &name) : OK;
}

enum err media_remove_orphan(struct ctx *c, const struct media_name *name)
{
    TX tx = { 0 };
    struct media_file file = { 0 };
    bool exists = false;
    bool used = true;
    if (name->shelf == SHELF_CARDS)
        return card_picture_remove(c, name->hash);
    TRY(tx_begin(c, &tx)); /* no use can be stored between the question and the removal */
    TRY(store_media_file_lock(c, name->hash, &file, &exists));
    TRY(store_media_is_used(c, name->hash, &used));
    if (used)
        return OK;
    TRY(media_file_remove_here(c, name));
    TRY(store_media_file_delete(c, name->hash));
    TRY(tx_commit(&tx));
    return media_is_away(c) ? media_file_remove_away(c, name) : OK;
}

/* Removed while it was on its way: it goes there, too. */
static enum err was_it_removed(struct ctx *c, const struct media_name *name)
{
    TX tx = { 0 };
    struct media_file file = { 0 };
    bool exists = false;
    TRY(tx_begin(c, &tx));
    TRY(store_media_file_lock(c, name->hash, &file, &exists));
    TRY(store_media_file_set_away(c, name->hash, c->now_ms));
    TRY(tx_commit(&tx));
    return exists ? OK : media_file_remove_away(c, name);
}

enum err media_send(struct ctx *c, struct str payload)
{
    struct media_name name = { 0 };
    struct media_file file = { 0 };
    bool exists = false;
    if (!parse_payload(payload, &name) || !media_is_away(c))
        return OK;
    TRY(store_media_file_find(c, name.hash, &file, &exists));
    if (!exists || file.away_ms > 0)
        return OK;
    TRY(media_file_send(c, &name));
    return was_it_removed(c, &name);
}
