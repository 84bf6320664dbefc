/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

#include "net/http.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t n);

/* Query strings and forms: what is read obeys the limits, and encoding a value and reading it back gives the value. */
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t n)
{
    struct arena *a = arena_new();
    struct http_param *v = NULL;
    size_t count = 0;
    if (http_parse_query(a, (struct str){ (const char *)data, n }, &v, &count)) {
        assert(count <= HTTP_PARAMS_MAX);
        for (size_t i = 0; i < count; i++) {
            assert(v[i].name.n > 0 && v[i].name.n <= HTTP_PARAM_NAME_MAX && v[i].file_name.p == NULL);
            assert(str_is_utf8(v[i].name) && str_is_utf8(v[i].value));
            assert(str_eq(http_percent_decode(a, http_percent_encode(a, v[i].value), true), v[i].value));
        }
        struct http_req q = { .arena = a, .params = v, .params_n = count };
        size_t listed = 0;
        (void)http_list(&q, "a", &listed);
        assert(listed <= count);
        (void)http_bool(&q, "a", true);
        int64_t number = 5;
        assert(!http_i64(&q, "a", 1, 9, true, &number) || (number >= 1 && number <= 9));
    }
    arena_free(&a);
    return 0;
}
