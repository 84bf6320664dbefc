/* SPDX-License-Identifier: Apache-2.0 */
#include "api/reply.h"
#include "api/routes.h"
#include "base/jw.h"
#include "core/render.h"
#include "core/translation.h"
#include "courier/translator.h"

static void put_poll(struct jw *w, const struct translation *t, const struct str *made)
{
    jw_key(w, STR("poll"));
    if (t->options_n == 0) {
        jw_null(w);
        return;
    }
    jw_obj(w);
    jw_kid(w, STR("id"), t->status->id);
    jw_karr(w, STR("options"));
    for (int64_t i = 0; i < t->options_n; i++) {
        jw_obj(w);
        jw_kstr(w, STR("title"), made[2 + i]);
        jw_obj_end(w);
    }
    jw_arr_end(w);
    jw_obj_end(w);
}

static void put_media(struct jw *w, const struct translation *t, const struct str *made)
{
    jw_karr(w, STR("media_attachments"));
    for (int64_t i = 0; i < t->media_n; i++) {
        jw_obj(w);
        jw_kid(w, STR("id"), t->media_ids[i]);
        jw_kstr(w, STR("description"), made[2 + t->options_n + i]);
        jw_obj_end(w);
    }
    jw_arr_end(w);
}

/* POST /api/v1/statuses/:id/translate */
enum err api_status_translate(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct translation t = { 0 };
    struct str made[TRANSLATION_TEXTS_MAX] = { 0 };
    struct str said = { 0 };
    struct jw w = jw_on(c->arena);
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    if (!translator_is_on(c))
        return fail(c, ERR_NOT_FOUND, "Not Found");
    TRY(translation_of(c, id, http_param(q, "lang"), &t));
    TRY(translator_translate(c, t.source, t.target, t.texts, t.n, made, &said));
    jw_obj(&w);
    jw_kstr(&w, STR("content"), render_status_html(c, made[0], t.status->mentions));
    jw_kstr(&w, STR("spoiler_text"), made[1]);
    jw_kstr(&w, STR("language"), t.target);
    put_media(&w, &t, made);
    put_poll(&w, &t, made);
    jw_kstr(&w, STR("detected_source_language"), said);
    jw_kstr(&w, STR("provider"), STR(TRANSLATOR_NAME));
    jw_obj_end(&w);
    return reply_json(r, jw_end(&w));
}

/* GET /api/v1/instance/translation_languages */
enum err api_instance_translations(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct str json = { 0 };
    (void)q;
    TRY(translator_languages(c, &json));
    return reply_json(r, json);
}
