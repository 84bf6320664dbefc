/* SPDX-License-Identifier: Apache-2.0 */
#include <jansson.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/jw.h"
#include "core/attachment.h"
#include "core/attachment_work.h"
#include "core/mention.h"
#include "store/media.h"

/* Attachments as a parley has them. */

static int64_t ids_of(struct ctx *c, struct str json, int64_t ids[ATTACHMENTS_MAX])
{
    const struct str *texts = NULL;
    int64_t texts_n = tag_list(c->arena, json, &texts);
    int64_t n = 0;
    for (int64_t i = 0; i < texts_n && n < ATTACHMENTS_MAX; i++)
        if (id_parse(texts[i], &ids[n]))
            n++;
    return n;
}

static enum err check_one(struct ctx *c, const struct media *m, const struct status *s)
{
    bool ours = m != NULL && m->purpose == MEDIA_ATTACHMENT && m->account_id == s->account_id;
    if (!ours || (m->status_id != 0 && m->status_id != s->id))
        return fail(c, ERR_INVALID, "Validation failed: Media attachments were not found");
    if (m->state == MEDIA_WAITING)
        return fail(c, ERR_INVALID,
                    "Validation failed: Cannot attach files that have not finished processing. Try again in a moment!");
    if (m->state == MEDIA_FAILED)
        return fail(c, ERR_INVALID, "Validation failed: Cannot attach a file that could not be read");
    return OK;
}

static enum err check_together(struct ctx *c, struct media *const *rows, int64_t n)
{
    for (int64_t i = 0; i < n && n > 1; i++)
        if (rows[i]->kind == MEDIA_VIDEO || rows[i]->kind == MEDIA_AUDIO)
            return fail(
                c, ERR_INVALID,
                "Validation failed: Cannot attach a video or sound to a parley that already contains other files");
    return OK;
}

enum err attachments_compose(struct ctx *c, const struct status_draft *d, struct status *s)
{
    struct str texts[ATTACHMENTS_MAX];
    int64_t ids[ATTACHMENTS_MAX] = { 0 };
    struct media *rows[ATTACHMENTS_MAX] = { NULL };
    int64_t n = 0;
    if (d->media == NULL)
        return OK;
    for (int64_t i = 0; i < d->media_n; i++) {
        if (id_among(ids, n, d->media[i].id))
            continue;
        if (n == ATTACHMENTS_MAX)
            return fail(c, ERR_INVALID, "Validation failed: Cannot attach more than %d files", ATTACHMENTS_MAX);
        ids[n++] = d->media[i].id;
    }
    TRY(store_media_load(c, ids, n, rows));
    for (int64_t i = 0; i < n; i++)
        TRY(check_one(c, rows[i], s));
    TRY(check_together(c, rows, n));
    for (int64_t i = 0; i < n; i++)
        texts[i] = id_text(c->arena, ids[i]);
    s->media = tag_json(c->arena, texts, n);
    return OK;
}

static enum err apply_wish(struct ctx *c, const struct status_draft *d, struct media *m, bool *changed)
{
    *changed = false;
    for (int64_t i = 0; i < d->media_n; i++) {
        if (d->media[i].id != m->id)
            continue;
        struct media was = *m;
        TRY(attachment_describe(c, d->media[i].description, d->media[i].focus, m));
        *changed = !str_eq(was.description, m->description) || was.focus_x != m->focus_x || was.focus_y != m->focus_y;
    }
    return OK;
}

enum err attachments_would_change(struct ctx *c, const struct status_draft *d, bool *out)
{
    *out = false;
    for (int64_t i = 0; i < d->media_n && !*out; i++) {
        struct media *m = NULL;
        TRY(store_media_find(c, d->media[i].id, &m));
        if (m != NULL)
            TRY(apply_wish(c, d, m, out));
    }
    return OK;
}

enum err attachments_attach(struct ctx *c, const struct status_draft *d, const struct status *s, struct str was)
{
    int64_t ids[ATTACHMENTS_MAX];
    int64_t old[ATTACHMENTS_MAX];
    struct media *m = NULL;
    bool changed = false;
    int64_t n = ids_of(c, s->media, ids);
    int64_t old_n = ids_of(c, was, old);
    for (int64_t i = 0; i < n; i++) {
        TRY(store_media_find(c, ids[i], &m));
        TRY(check_one(c, m, s));
        TRY(apply_wish(c, d, m, &changed));
        if (m->status_id == s->id && !changed)
            continue;
        m->status_id = s->id;
        m->expires_ms = 0;
        m->state = MEDIA_READY;
        TRY(store_media_update(c, m, &changed));
    }
    for (int64_t i = 0; i < old_n; i++) {
        if (id_among(ids, n, old[i]))
            continue;
        TRY(store_media_find(c, old[i], &m));
        if (m != NULL)
            TRY(attachment_drop(c, m));
    }
    return OK;
}

enum err attachments_release(struct ctx *c, const struct status *s, bool keep)
{
    struct media *rows = NULL;
    int64_t n = 0;
    bool changed = false;
    if (s->media.n <= 2)
        return OK;
    TRY(store_media_of_status(c, s->id, &rows, &n));
    for (int64_t i = 0; i < n; i++) {
        if (!keep) {
            TRY(attachment_drop(c, &rows[i]));
            continue;
        }
        rows[i].status_id = 0;
        rows[i].state = MEDIA_WITHDRAWN;
        rows[i].expires_ms = c->now_ms + ATTACHMENT_WITHDRAWN_MINUTES * MINUTE_MS;
        TRY(store_media_update(c, &rows[i], &changed));
    }
    return OK;
}

enum err attachments_of_draft(struct ctx *c, const struct status_draft *d, struct attachments *out)
{
    *out = (struct attachments){ 0 };
    for (int64_t i = 0; i < d->media_n && out->n < ATTACHMENTS_MAX; i++) {
        struct media *m = NULL;
        TRY(store_media_find(c, d->media[i].id, &m));
        if (m != NULL && m->account_id == c->me->id && m->purpose == MEDIA_ATTACHMENT)
            out->v[out->n++] = m;
    }
    return OK;
}

enum err attachments_reserve(struct ctx *c, const struct status_draft *d, int64_t until_ms)
{
    struct attachments all = { 0 };
    bool changed = false;
    TRY(attachments_of_draft(c, d, &all));
    for (int64_t i = 0; i < all.n; i++) {
        if (all.v[i]->status_id != 0 || all.v[i]->expires_ms >= until_ms)
            continue;
        all.v[i]->expires_ms = until_ms;
        TRY(store_media_update(c, all.v[i], &changed));
    }
    return OK;
}

enum err attachments_load(struct ctx *c, const struct status *const *s, int64_t n, struct attachments *out)
{
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)n * ATTACHMENTS_MAX + 1, int64_t);
    struct media **rows = ARENA_ARRAY(c->arena, (size_t)n * ATTACHMENTS_MAX + 1, struct media *);
    int64_t *first = ARENA_ARRAY(c->arena, (size_t)n + 1, int64_t);
    int64_t all = 0;
    for (int64_t i = 0; i < n; i++) {
        first[i] = all;
        if (s[i] != NULL && s[i]->media.n > 2)
            all += ids_of(c, s[i]->media, ids + all);
    }
    first[n] = all;
    for (int64_t at = 0; at < all; at += MEDIA_LOAD_MAX)
        TRY(store_media_load(c, ids + at, all - at < MEDIA_LOAD_MAX ? all - at : MEDIA_LOAD_MAX, rows + at));
    for (int64_t i = 0; i < n; i++) {
        out[i] = (struct attachments){ 0 };
        for (int64_t k = first[i]; k < first[i + 1]; k++)
            if (rows[k] != NULL)
                out[i].v[out[i].n++] = rows[k];
    }
    return OK;
}

/* --- versions --- */

enum err attachments_version(struct ctx *c, struct str media, struct str *out)
{
    int64_t ids[ATTACHMENTS_MAX];
    struct media *rows[ATTACHMENTS_MAX];
    int64_t n = ids_of(c, media, ids);
    struct jw w = jw_on(c->arena);
    TRY(store_media_load(c, ids, n, rows));
    jw_arr(&w);
    for (int64_t i = 0; i < n; i++) {
        jw_obj(&w);
        jw_kid(&w, STR("id"), ids[i]);
        jw_kstr(&w, STR("description"), rows[i] == NULL ? STR("") : rows[i]->description);
        jw_obj_end(&w);
    }
    jw_arr_end(&w);
    *out = jw_end(&w);
    return OK;
}

enum err attachments_of_version(struct ctx *c, const struct status_version *v, struct attachments *out)
{
    json_t *list = json_loadb(v->media.p == NULL ? "" : v->media.p, v->media.n, 0, NULL);
    *out = (struct attachments){ 0 };
    for (size_t i = 0; i < json_array_size(list) && i < ATTACHMENTS_MAX; i++) {
        const json_t *e = json_array_get(list, i);
        const json_t *text = json_object_get(e, "description");
        struct media *m = NULL;
        int64_t id = 0;
        const char *id_is = json_string_value(json_object_get(e, "id"));
        if (id_is == NULL || !id_parse(str_c(id_is), &id) || store_media_find(c, id, &m) != OK || m == NULL)
            continue;
        m->description = json_string_length(text) == 0
                             ? (struct str){ NULL, 0 }
                             : arena_str(c->arena, (struct str){ json_string_value(text), json_string_length(text) });
        out->v[out->n++] = m;
    }
    json_decref(list);
    return OK;
}
