/* SPDX-License-Identifier: Apache-2.0 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "net/params.h"

/* Values that a body may hold before jansson builds a tree of it: nulls and empty lists count here and not as params.
 */
#define JSON_VALUES_MAX (4 * HTTP_PARAMS_MAX)

/* One pass over the text: nesting and number of values, so that a hostile body costs no more than its bytes. */
static bool json_within_limits(struct str s)
{
    int depth = 0;
    int values = 0;
    bool in_string = false;
    for (size_t i = 0; i < s.n; i++) {
        char ch = s.p[i];
        if (in_string) {
            if (ch == '\\')
                i++;
            else if (ch == '"')
                in_string = false;
            continue;
        }
        if (ch == '"')
            in_string = true;
        else if (ch == '{' || ch == '[')
            depth++;
        else if (ch == '}' || ch == ']')
            depth--;
        else if (ch == ',')
            values++;
        if (depth > HTTP_JSON_DEPTH_MAX || values >= JSON_VALUES_MAX)
            return false;
    }
    return true;
}

static struct str number_text(struct arena *a, const json_t *j)
{
    if (json_is_integer(j))
        return arena_strf(a, "%lld", (long long)json_integer_value(j));
    char text[32];
    for (int digits = 15; digits <= 17; digits++) { /* the shortest that reads back as the same number */
        (void)snprintf(text, sizeof text, "%.*g", digits, json_real_value(j));
        if (strtod(text, NULL) == json_real_value(j))
            break;
    }
    return arena_str(a, str_c(text));
}

static bool add_scalar(struct params *p, struct str name, const json_t *j)
{
    struct str value = { 0 };
    switch (json_typeof(j)) {
    case JSON_STRING: value = arena_str(p->arena, (struct str){ json_string_value(j), json_string_length(j) }); break;
    case JSON_INTEGER:
    case JSON_REAL: value = number_text(p->arena, j); break;
    case JSON_TRUE: value = STR("true"); break;
    case JSON_FALSE: value = STR("false"); break;
    case JSON_NULL: return true;
    case JSON_OBJECT:
    case JSON_ARRAY: return false;
    }
    return params_add(p, (struct http_param){ .name = name, .value = value });
}

static bool flatten(struct params *p, struct str name, json_t *j, int depth);

/* Scalars are name[]; objects and lists within a list are name[0], name[1]... so that their keys stay together. An
   empty list is given, and empty: name[] with an empty value, as a form says it. */
static bool flatten_array(struct params *p, struct str name, json_t *j, int depth)
{
    struct str each = arena_strf(p->arena, STR_FMT "[]", STR_ARG(name));
    if (json_array_size(j) == 0)
        return params_add(p, (struct http_param){ .name = each, .value = STR("") });
    for (size_t i = 0; i < json_array_size(j); i++) {
        json_t *v = json_array_get(j, i);
        bool nested = json_is_object(v) || json_is_array(v);
        struct str key = nested ? arena_strf(p->arena, STR_FMT "[%zu]", STR_ARG(name), i) : each;
        if (!flatten(p, key, v, depth + 1))
            return false;
    }
    return true;
}

static bool flatten_object(struct params *p, struct str name, json_t *j, int depth)
{
    const char *k = NULL;
    json_t *v = NULL;
    json_object_foreach(j, k, v)
    {
        struct str key = str_c(k);
        if (key.n > HTTP_PARAM_NAME_MAX)
            return false;
        key = name.n == 0 ? arena_str(p->arena, key) : arena_strf(p->arena, STR_FMT "[%s]", STR_ARG(name), k);
        if (!flatten(p, key, v, depth + 1))
            return false;
    }
    return true;
}

static bool flatten(struct params *p, struct str name, json_t *j, int depth)
{
    if (depth > HTTP_JSON_DEPTH_MAX || name.n > HTTP_PARAM_NAME_MAX)
        return false;
    if (json_is_object(j))
        return flatten_object(p, name, j, depth);
    if (json_is_array(j))
        return flatten_array(p, name, j, depth);
    return add_scalar(p, name, j);
}

bool params_json(struct params *p, struct str body)
{
    struct str text = str_trim(body);
    if (text.n == 0 || str_eq(text, STR("null")))
        return true;
    if (!json_within_limits(text))
        return false;
    json_t *top = json_loadb(text.p, text.n, 0, NULL);
    bool decoded = json_is_object(top) && flatten(p, (struct str){ 0 }, top, 0);
    json_decref(top);
    return decoded;
}
