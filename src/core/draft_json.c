/* SPDX-License-Identifier: Apache-2.0 */
#include "core/draft_json.h"

#include <jansson.h>

#include "base/id.h"
#include "base/jw.h"
#include "core/quote.h"
#include "core/visible.h"

static void put_poll(struct jw *w, const struct poll_draft *p)
{
    if (p->options_n == 0) {
        jw_knull(w, STR("poll"));
        return;
    }
    jw_kobj(w, STR("poll"));
    jw_karr(w, STR("options"));
    for (int64_t i = 0; i < p->options_n; i++)
        jw_str(w, p->options[i]);
    jw_arr_end(w);
    jw_ki64(w, STR("expires_in"), p->expires_s);
    jw_kbool(w, STR("multiple"), p->multiple);
    jw_kbool(w, STR("hide_totals"), p->hide_totals);
    jw_obj_end(w);
}

static void put_media(struct jw *w, const struct status_draft *d)
{
    if (d->media_n <= 0) {
        jw_knull(w, STR("media_ids"));
        return;
    }
    jw_karr(w, STR("media_ids"));
    for (int64_t i = 0; i < d->media_n; i++)
        jw_id(w, d->media[i].id);
    jw_arr_end(w);
}

struct str draft_json(struct arena *a, const struct status_draft *d, int64_t app_id)
{
    struct jw w = jw_on(a);
    jw_obj(&w);
    jw_kstr(&w, STR("text"), d->text);
    put_poll(&w, &d->poll);
    put_media(&w, d);
    if (d->sensitive < 0)
        jw_knull(&w, STR("sensitive"));
    else
        jw_kbool(&w, STR("sensitive"), d->sensitive != 0);
    jw_knull_str(&w, STR("spoiler_text"), d->spoiler);
    jw_knull_str(&w, STR("visibility"),
                 d->visibility < 0 ? (struct str){ 0 } : visibility_word((enum visibility)d->visibility));
    jw_knull_str(&w, STR("language"), d->language);
    jw_kid(&w, STR("in_reply_to_id"), d->in_reply_to_id);
    jw_kid(&w, STR("application_id"), app_id);
    jw_kid(&w, STR("quoted_status_id"), d->quoted_id);
    jw_knull_str(&w, STR("quote_approval_policy"),
                 d->quote_policy == 0 ? (struct str){ 0 }
                                      : quote_policy_word((enum quote_policy)(d->quote_policy - 1)));
    jw_knull_str(&w, STR("reply_policy"),
                 d->reply_policy == 0 ? (struct str){ 0 }
                                      : reply_policy_word((enum reply_policy)(d->reply_policy - 1)));
    jw_knull(&w, STR("scheduled_at"));
    jw_knull(&w, STR("idempotency"));
    jw_knull(&w, STR("allowed_mentions"));
    jw_kbool(&w, STR("with_rate_limit"), false);
    jw_obj_end(&w);
    return jw_end(&w);
}

static void json_free(json_t **j)
{
    json_decref(*j);
    *j = NULL;
}
#define JSON CLEANUP(json_free) json_t

static struct str text_at(struct arena *a, const json_t *o, const char *key)
{
    const json_t *j = json_object_get(o, key);
    if (!json_is_string(j))
        return (struct str){ 0 };
    return arena_str(a, (struct str){ json_string_value(j), json_string_length(j) });
}

static void read_poll(struct arena *a, const json_t *o, struct poll_draft *p)
{
    const json_t *options = json_object_get(o, "options");
    size_t n = json_array_size(options);
    struct str *titles = ARENA_ARRAY(a, n + 1, struct str);
    for (size_t i = 0; i < n; i++) {
        const json_t *t = json_array_get(options, i);
        titles[i] = arena_str(a, (struct str){ json_string_value(t), json_string_length(t) });
    }
    *p = (struct poll_draft){
        .given = true,
        .options = titles,
        .options_n = (int64_t)n,
        .expires_s = json_integer_value(json_object_get(o, "expires_in")),
        .multiple = json_is_true(json_object_get(o, "multiple")),
        .hide_totals = json_is_true(json_object_get(o, "hide_totals")),
    };
}

static void read_media(struct arena *a, const json_t *list, struct status_draft *d)
{
    size_t n = json_array_size(list);
    struct media_wish *media = ARENA_ARRAY(a, n + 1, struct media_wish);
    for (size_t i = 0; i < n; i++) {
        const json_t *id = json_array_get(list, i);
        if (id_parse((struct str){ json_string_value(id), json_string_length(id) }, &media[d->media_n].id))
            d->media_n++;
    }
    d->media = media;
}

enum err draft_from_json(struct ctx *c, struct str json, struct status_draft *out)
{
    JSON *o = json_loadb(json.p == NULL ? "" : json.p, json.n, 0, NULL);
    if (!json_is_object(o))
        return fail_internal(c, "a stored draft is no JSON object");
    const json_t *sensitive = json_object_get(o, "sensitive");
    *out = (struct status_draft){
        .text = text_at(c->arena, o, "text"),
        .spoiler = text_at(c->arena, o, "spoiler_text"),
        .language = text_at(c->arena, o, "language"),
        .sensitive = json_is_boolean(sensitive) ? json_is_true(sensitive) : -1,
        .visibility = visibility_parse(text_at(c->arena, o, "visibility")),
    };
    (void)id_parse(text_at(c->arena, o, "in_reply_to_id"), &out->in_reply_to_id);
    (void)id_parse(text_at(c->arena, o, "quoted_status_id"), &out->quoted_id);
    out->quote_policy = 1 + quote_policy_parse(text_at(c->arena, o, "quote_approval_policy"));
    out->reply_policy = 1 + reply_policy_parse(text_at(c->arena, o, "reply_policy"));
    read_poll(c->arena, json_object_get(o, "poll"), &out->poll);
    read_media(c->arena, json_object_get(o, "media_ids"), out);
    return OK;
}
