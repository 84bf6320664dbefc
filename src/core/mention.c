/* SPDX-License-Identifier: Apache-2.0 */
#include "core/mention.h"

#include <jansson.h>

#include "base/id.h"
#include "base/jw.h"
#include "model/site.h"

static void json_free(json_t **j)
{
    json_decref(*j);
    *j = NULL;
}
#define JSON CLEANUP(json_free) json_t

static json_t *load_list(struct str json)
{
    json_t *list = json_loadb(json.p == NULL ? "" : json.p, json.n, 0, NULL);
    if (!json_is_array(list)) {
        json_decref(list);
        return json_array();
    }
    return list;
}

static struct str text_of(struct arena *a, const json_t *j)
{
    return arena_str(a, (struct str){ json_string_value(j), json_string_length(j) });
}

int64_t mention_list(struct arena *a, struct str json, const struct mention **out)
{
    *out = NULL;
    if (json.n <= 2)
        return 0;
    JSON *list = load_list(json);
    struct mention *m = ARENA_ARRAY(a, json_array_size(list) + 1, struct mention);
    int64_t n = 0;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *e = json_array_get(list, i);
        m[n].username = text_of(a, json_object_get(e, "username"));
        m[n].acct = text_of(a, json_object_get(e, "acct"));
        if (id_parse(text_of(a, json_object_get(e, "id")), &m[n].id))
            n++;
    }
    *out = m;
    return n;
}

struct str mention_json(struct arena *a, const struct mention *m, int64_t n)
{
    struct jw w = jw_on(a);
    jw_arr(&w);
    for (int64_t i = 0; i < n; i++) {
        jw_obj(&w);
        jw_kid(&w, STR("id"), m[i].id);
        jw_kstr(&w, STR("username"), m[i].username);
        jw_kstr(&w, STR("acct"), m[i].acct);
        jw_obj_end(&w);
    }
    jw_arr_end(&w);
    return jw_end(&w);
}

/* @ada and @ada@our.domain are the same member. */
const struct mention *mention_match(struct ctx *c, const struct mention *known, int64_t n,
                                    const struct text_mention *place)
{
    bool ours = place->domain.n == 0 || str_eq_nocase(place->domain, c->site->domain);
    for (int64_t i = 0; i < n; i++) {
        struct str acct = known[i].acct;
        struct str user = { 0 };
        (void)str_cut(&acct, '@', &user);
        bool is_local = acct.p == NULL;
        if (str_eq_nocase(user, place->user) && (is_local ? ours : str_eq_nocase(acct, place->domain)))
            return &known[i];
    }
    return NULL;
}

int64_t tag_list(struct arena *a, struct str json, const struct str **out)
{
    *out = NULL;
    if (json.n <= 2)
        return 0;
    JSON *list = load_list(json);
    struct str *names = ARENA_ARRAY(a, json_array_size(list) + 1, struct str);
    int64_t n = 0;
    for (size_t i = 0; i < json_array_size(list); i++)
        if (json_is_string(json_array_get(list, i)))
            names[n++] = text_of(a, json_array_get(list, i));
    *out = names;
    return n;
}

struct str tag_json(struct arena *a, const struct str *names, int64_t n)
{
    struct jw w = jw_on(a);
    jw_arr(&w);
    for (int64_t i = 0; i < n; i++)
        jw_str(&w, names[i]);
    jw_arr_end(&w);
    return jw_end(&w);
}

int64_t profile_fields(struct arena *a, struct str json, const struct profile_field **out)
{
    *out = NULL;
    if (json.n <= 2)
        return 0;
    JSON *list = load_list(json);
    struct profile_field *f = ARENA_ARRAY(a, json_array_size(list) + 1, struct profile_field);
    int64_t n = 0;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *e = json_array_get(list, i);
        if (!json_is_object(e))
            continue;
        f[n++] = (struct profile_field){
            .name = text_of(a, json_object_get(e, "name")),
            .value = text_of(a, json_object_get(e, "value")),
            .verified_ms = json_integer_value(json_object_get(e, "verified_ms")),
        };
    }
    *out = f;
    return n;
}

struct str profile_fields_json(struct arena *a, const struct profile_field *f, int64_t n)
{
    struct jw w = jw_on(a);
    jw_arr(&w);
    for (int64_t i = 0; i < n; i++) {
        jw_obj(&w);
        jw_kstr(&w, STR("name"), f[i].name);
        jw_kstr(&w, STR("value"), f[i].value);
        jw_ki64(&w, STR("verified_ms"), f[i].verified_ms);
        jw_obj_end(&w);
    }
    jw_arr_end(&w);
    return jw_end(&w);
}
