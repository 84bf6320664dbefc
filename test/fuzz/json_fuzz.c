/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

#include "net/http.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t n);

/* JSON bodies: whatever is decoded is within the limits, valid text, and never a file. */
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t n)
{
    struct arena *a = arena_new();
    struct http_param *v = NULL;
    size_t count = 0;
    if (http_parse_json(a, (struct str){ (const char *)data, n }, &v, &count)) {
        assert(count <= HTTP_PARAMS_MAX);
        for (size_t i = 0; i < count; i++) {
            assert(v[i].name.n <= HTTP_PARAM_NAME_MAX && v[i].file_name.p == NULL);
            assert(str_is_utf8(v[i].name) && str_is_utf8(v[i].value));
        }
    }
    arena_free(&a);
    return 0;
}
