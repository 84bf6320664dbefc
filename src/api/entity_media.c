/* SPDX-License-Identifier: Apache-2.0 */
#include "api/entity.h"
#include "core/address.h"
#include "media/run.h"

static struct str kind_word(enum media_kind kind)
{
    switch (kind) {
    case MEDIA_IMAGE: return STR("image");
    case MEDIA_GIFV: return STR("gifv");
    case MEDIA_VIDEO: return STR("video");
    case MEDIA_AUDIO: return STR("audio");
    }
    return STR("unknown");
}

/* v / unit with its digits behind the point: 0.5000 */
static struct str decimal(struct ctx *c, int64_t v, int64_t unit, int digits)
{
    int64_t size = v < 0 ? -v : v;
    return arena_strf(c->arena, "%s%lld.%0*lld", v < 0 ? "-" : "", (long long)(size / unit), digits,
                      (long long)(size % unit));
}

static void put_sides(struct ctx *c, struct jw *w, int64_t width, int64_t height)
{
    jw_ki64(w, STR("width"), width);
    jw_ki64(w, STR("height"), height);
    jw_kstr(w, STR("size"), arena_strf(c->arena, "%lldx%lld", (long long)width, (long long)height));
    jw_kraw(w, STR("aspect"), decimal(c, height == 0 ? 10000 : width * 10000 / height, 10000, 4));
}

static void put_original(struct ctx *c, struct jw *w, const struct media *m)
{
    jw_kobj(w, STR("original"));
    if (m->width > 0 && m->kind == MEDIA_IMAGE)
        put_sides(c, w, m->width, m->height);
    if (m->width > 0 && m->kind != MEDIA_IMAGE) {
        jw_ki64(w, STR("width"), m->width);
        jw_ki64(w, STR("height"), m->height);
        jw_kstr(w, STR("frame_rate"), m->frame_rate.p == NULL ? STR("0/1") : m->frame_rate);
    }
    if (m->kind != MEDIA_IMAGE) {
        jw_kraw(w, STR("duration"), decimal(c, m->duration_ms, 1000, 3));
        jw_ki64(w, STR("bitrate"), m->bitrate);
    }
    jw_obj_end(w);
}

static void put_meta(struct ctx *c, struct jw *w, const struct media *m)
{
    int permille = 0;
    jw_kobj(w, STR("meta"));
    if (m->kind != MEDIA_AUDIO) {
        jw_kobj(w, STR("focus"));
        jw_kraw(w, STR("x"), decimal(c, m->focus_x, MEDIA_FOCUS_ONE, 4));
        jw_kraw(w, STR("y"), decimal(c, m->focus_y, MEDIA_FOCUS_ONE, 4));
        jw_obj_end(w);
    }
    if (m->state == MEDIA_WAITING && media_running(m->id, &permille))
        jw_kraw(w, STR("progress"), decimal(c, permille, 1000, 3));
    if (m->hash.n > 0)
        put_original(c, w, m);
    if (m->preview.n > 0) {
        jw_kobj(w, STR("small"));
        put_sides(c, w, m->preview_width, m->preview_height);
        jw_obj_end(w);
    }
    jw_obj_end(w);
}

static void put_media(struct ctx *c, struct jw *w, const struct media *m, struct str url, struct str preview)
{
    jw_obj(w);
    jw_kid(w, STR("id"), m->id);
    jw_kstr(w, STR("type"), kind_word(m->kind));
    jw_knull_str(w, STR("url"), url);
    jw_knull_str(w, STR("preview_url"), preview.p != NULL || m->kind != MEDIA_IMAGE ? preview : url);
    jw_knull(w, STR("remote_url"));
    jw_knull(w, STR("preview_remote_url"));
    jw_knull(w, STR("text_url"));
    put_meta(c, w, m);
    jw_knull_str(w, STR("description"), m->description);
    jw_knull_str(w, STR("blurhash"), m->blurhash);
    jw_obj_end(w);
}

void entity_media(struct ctx *c, struct jw *w, const struct media *m)
{
    put_media(c, w, m, address_media(c, m), address_media_preview(c, m));
}

void entity_attachments(struct ctx *c, struct jw *w, bool withheld, const struct attachments *a)
{
    jw_karr(w, STR("media_attachments"));
    for (int64_t i = 0; i < a->n; i++) {
        if (withheld)
            put_media(c, w, a->v[i], address_withheld(c, a->v[i]), address_withheld_preview(c, a->v[i]));
        else
            entity_media(c, w, a->v[i]);
    }
    jw_arr_end(w);
}
