/* SPDX-License-Identifier: Apache-2.0 */
#include "core/import_post.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/rng.h"
#include "core/attachment.h"
#include "core/attachment_work.h"
#include "core/compose.h"
#include "core/import.h"
#include "core/lang.h"
#include "core/media_use.h"
#include "core/mention.h"
#include "core/status_row.h"
#include "core/text.h"
#include "feed/feed.h"
#include "media/sniff.h"
#include "model/account.h"
#include "model/site.h"
#include "model/status.h"
#include "store/account.h"
#include "store/import.h"
#include "store/media.h"
#include "store/status.h"
#include "store/thread.h"
#include "store/tx.h"

#define AHEAD_MS DAY_MS /* clocks of elsewhere */

/* A parley on its way. */
struct arrival {
    struct status s;
    struct str source;
    struct str parent; /* empty: it answers nothing */
    struct media files[ATTACHMENTS_MAX];
    int64_t files_n;
};

static struct str text_at(struct ctx *c, const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    struct str s = { json_string_value(v), json_string_length(v) };
    return s.p == NULL ? STR("") : arena_str(c->arena, s);
}

static void collect_tags(struct ctx *c, struct status *s)
{
    struct text_entities e = { 0 };
    struct str names[COMPOSE_TAGS_MAX];
    int64_t n = 0;
    text_scan(c->arena, s->text, &e);
    for (size_t i = 0; i < e.tags_n && n < COMPOSE_TAGS_MAX; i++) {
        bool known = false;
        for (int64_t k = 0; k < n; k++)
            known = known || str_eq(names[k], e.tags[i].key);
        if (!known)
            names[n++] = e.tags[i].key;
    }
    s->tags = tag_json(c->arena, names, n);
}

static enum err read_post(struct ctx *c, const struct import *i, const json_t *o, struct arrival *a)
{
    int64_t reach = json_integer_value(json_object_get(o, "visibility"));
    struct str language = text_at(c, o, "language");
    a->source = text_at(c, o, "id");
    a->parent = text_at(c, o, "parent");
    if (reach < VIS_PUBLIC || reach > VIS_PRIVATE || a->source.n == 0)
        return fail(c, ERR_INVALID, "cannot be read");
    a->s = (struct status){
        .account_id = c->me->id,
        .text = text_at(c, o, "text"),
        .spoiler = text_at(c, o, "spoiler"),
        .sensitive = json_is_true(json_object_get(o, "sensitive")),
        .language = language.n == 0 ? (struct str){ NULL, 0 } : lang_canonical(c->arena, language),
        .visibility = reach > (int64_t)i->visibility ? (enum visibility)reach : i->visibility,
        .mentions = STR("[]"), /* names are of elsewhere: they stay text, and nobody is told */
        .created_ms = json_integer_value(json_object_get(o, "ms")),
        .imported = (int)i->kind,
    };
    if (a->s.created_ms > c->now_ms + AHEAD_MS)
        return fail(c, ERR_INVALID, "its date is still to come");
    if (a->s.created_ms > c->now_ms)
        a->s.created_ms = c->now_ms;
    collect_tags(c, &a->s);
    return OK;
}

/* --- files --- */

static enum err has_room(struct ctx *c, struct str bytes)
{
    int64_t used = 0;
    int64_t waiting = 0;
    TRY(store_media_usage(c, c->me->id, &used, &waiting));
    if (c->site->media_quota_bytes > 0 && used + (int64_t)bytes.n > c->site->media_quota_bytes)
        return fail(c, ERR_INVALID, "your files may take no more room");
    return OK;
}

static enum err find_file(struct ctx *c, const struct unpacked *u, const json_t *f, struct str *bytes)
{
    const json_t *keys = json_object_get(f, "keys");
    *bytes = (struct str){ NULL, 0 };
    for (size_t i = 0; i < json_array_size(keys) && i < UNPACK_KEYS_MAX && bytes->p == NULL; i++) {
        const char *hex = json_string_value(json_array_get(keys, i));
        if (hex != NULL)
            TRY(unpacked_file(c, u, strtoull(hex, NULL, 16), bytes));
    }
    return OK;
}

static enum err make_file(struct ctx *c, struct str bytes, struct str description, struct media *m)
{
    enum media_type type = TYPE_UNKNOWN;
    *m = (struct media){ .account_id = c->me->id, .purpose = MEDIA_ATTACHMENT, .created_ms = c->now_ms };
    TRY(has_room(c, bytes));
    TRY(attachment_judge(c, bytes, &type));
    if (attachment_describe(c, description, (struct str){ 0 }, m) != OK)
        m->description = (struct str){ NULL, 0 };
    return attachment_make(c, bytes, type, m);
}

/* Four pictures, or one of what moves or sounds. What cannot be taken is told, and the parley comes without it. */
static enum err take_files(struct ctx *c, struct import *i, const struct unpacked *u, const json_t *o,
                           struct arrival *a)
{
    const json_t *all = json_object_get(o, "files");
    for (size_t k = 0; k < json_array_size(all) && a->files_n < ATTACHMENTS_MAX; k++) {
        struct media *m = &a->files[a->files_n];
        struct str bytes = { 0 };
        TRY(find_file(c, u, json_array_get(all, k), &bytes));
        if (bytes.p == NULL || (a->files_n > 0 && !media_type_is_image(media_sniff(bytes)))) {
            import_note(c, i, a->source,
                        bytes.p == NULL ? STR("a file is not in the archive") : STR("one file more than fits"));
            continue;
        }
        enum err e = make_file(c, bytes, text_at(c, json_array_get(all, k), "description"), m);
        if (e == ERR_INVALID || e == ERR_TOO_LARGE) {
            import_note(c, i, a->source, c->says);
            c->says = (struct str){ 0 };
            continue;
        }
        TRY(e);
        a->files_n++;
        if (m->kind != MEDIA_IMAGE)
            break;
    }
    return OK;
}

/* --- rows --- */

/* Behind what came before in this import, so that a thread of one second keeps its order. */
static int64_t place(struct ctx *c, const struct import *i, int64_t ms)
{
    int64_t step = 1 + (int64_t)rand_below(c, IMPORT_ORDER_DICE);
    int64_t at = id_at(ms, id_bucket(i->account_id));
    return id_behind(at > i->placed_id ? at : i->placed_id, step);
}

static enum err answer_own(struct ctx *c, struct arrival *a, bool *found)
{
    struct status *parent = NULL;
    struct import_item item = { 0 };
    *found = true;
    if (a->parent.n == 0)
        return OK;
    TRY(store_import_item_find(c, c->me->id, a->parent, &item));
    if (item.status_id != 0)
        TRY(store_status_find(c, item.status_id, &parent));
    *found = parent != NULL && parent->account_id == c->me->id;
    if (!*found)
        return OK;
    a->s.in_reply_to_id = parent->id;
    a->s.in_reply_to_account_id = parent->account_id;
    a->s.thread_id = parent->thread_id;
    return OK;
}

static enum err store_files(struct ctx *c, struct arrival *a)
{
    struct str ids[ATTACHMENTS_MAX];
    for (int64_t k = 0; k < a->files_n; k++) {
        TRY(media_use(c, &a->files[k]));
        TRY(store_media_insert(c, &a->files[k]));
        ids[k] = id_text(c->arena, a->files[k].id);
    }
    a->s.media = tag_json(c->arena, ids, a->files_n);
    return OK;
}

static enum err insert_all(struct ctx *c, struct import *i, struct arrival *a)
{
    struct status *s = &a->s;
    bool added = false;
    TRY(store_files(c, a));
    s->id = place(c, i, s->created_ms);
    TRY(store_status_insert_at(c, s));
    for (int64_t k = 0; k < a->files_n; k++) {
        a->files[k].status_id = s->id;
        TRY(store_media_update(c, &a->files[k], &added));
    }
    TRY(store_import_item_insert(c, i, a->source, s->id, &added));
    if (!added)
        return fail(c, ERR_AGAIN, "it came twice, or its import was stopped");
    if (s->in_reply_to_id != 0)
        TRY(store_thread_insert(c, s->thread_id, s->id, s->in_reply_to_id));
    TRY(status_row_tags(c, s, STR("[]"), s->tags));
    TRY(status_row_count_other(c, s, 1));
    return store_account_count(c, c->me->id, 1, 0, 0, 0, NULL); /* the day of the newest stays: none of these is new */
}

static enum err store_arrival(struct ctx *c, struct import *i, struct arrival *a)
{
    TX tx = { 0 };
    TRY(tx_begin(c, &tx));
    TRY(store_account_lock(c, &c->me->id, 1));
    TRY(insert_all(c, i, a));
    return tx_commit(&tx);
}

static void tell(struct ctx *c, const struct status *s)
{
    feed_status_placed(c->feed, s);
    feed_account_counted(c->feed, s->account_id, 1, 0, 0, 0);
    if (s->in_reply_to_id != 0)
        feed_status_counted(c->feed, s->in_reply_to_id, FEED_REPLIES, 1);
}

/* What came before: by this import, then it is one of its own (it was killed), or by another. */
static enum err find_before(struct ctx *c, struct import *i, const struct arrival *a, struct import_placed *out,
                            bool *found)
{
    struct import_item item = { 0 };
    TRY(store_import_item_find(c, c->me->id, a->source, &item));
    *found = item.status_id != 0;
    if (!*found)
        return OK;
    bool is_ours = item.import_id == i->id;
    i->added += is_ours;
    i->skipped += !is_ours;
    out->id = is_ours ? item.status_id : 0;
    if (is_ours && item.status_id > i->placed_id)
        i->placed_id = item.status_id;
    return OK;
}

static enum err take(struct ctx *c, struct import *i, const struct unpacked *u, const json_t *o,
                     struct import_placed *out)
{
    struct arrival *a = ARENA_NEW(c->arena, struct arrival);
    bool found = false;
    TRY(read_post(c, i, o, a));
    TRY(find_before(c, i, a, out, &found));
    if (found)
        return OK;
    TRY(answer_own(c, a, &found));
    if (!found) {
        i->skipped++; /* an answer to somebody who is not here */
        return OK;
    }
    TRY(take_files(c, i, u, o, a));
    if (a->s.text.n == 0 && a->files_n == 0)
        return fail(c, ERR_INVALID, "nothing is in it");
    TRY(store_arrival(c, i, a));
    i->placed_id = a->s.id;
    i->added++;
    out->id = a->s.id;
    tell(c, &a->s);
    return OK;
}

enum err import_post(struct ctx *c, struct import *i, const struct unpacked *u, struct str json,
                     struct import_placed *out)
{
    json_t *o = json_loadb(json.p, json.n, 0, NULL);
    *out = (struct import_placed){ 0 };
    enum err e = o == NULL ? fail(c, ERR_INVALID, "cannot be read") : take(c, i, u, o, out);
    if (e == ERR_INVALID || e == ERR_NOT_FOUND) {
        import_problem(c, i, text_at(c, o, "id"), c->says);
        c->says = (struct str){ 0 };
        e = OK;
    }
    json_decref(o);
    return e;
}
