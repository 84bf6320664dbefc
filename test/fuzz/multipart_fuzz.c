/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

#include "net/http.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t n);

/* Multipart bodies. The input's first line is the content type, the rest the body; every value lies within the body. */
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t n)
{
    struct arena *a = arena_new();
    struct http_param *v = NULL;
    size_t count = 0;
    struct str type = { 0 };
    struct str body = { (const char *)data, n };
    if (str_cut(&body, '\n', &type) && body.p != NULL && http_parse_multipart(a, type, body, &v, &count)) {
        assert(count <= HTTP_PARAMS_MAX);
        for (size_t i = 0; i < count; i++) {
            assert(v[i].name.n > 0 && v[i].name.n <= HTTP_PARAM_NAME_MAX && str_is_utf8(v[i].name));
            assert(v[i].value.p >= body.p && v[i].value.p + v[i].value.n <= body.p + body.n);
            assert(v[i].file_name.p != NULL || (v[i].file_type.p == NULL && str_is_utf8(v[i].value)));
        }
    }
    arena_free(&a);
    return 0;
}
