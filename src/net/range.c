/* SPDX-License-Identifier: Apache-2.0 */
#include "net/range.h"

static bool is_same_version(const struct http_req *q, const struct http_res *r)
{
    struct str wanted = http_header(q, "if-range");
    if (wanted.p == NULL)
        return true;
    for (const struct http_header_out *h = r->headers; h != NULL; h = h->next)
        if ((str_eq_nocase(h->name, STR("ETag")) || str_eq_nocase(h->name, STR("Last-Modified")))
            && str_eq(h->value, wanted) && !str_starts(wanted, STR("W/")))
            return true;
    return false;
}

/* bytes=-n */
static enum range_answer suffix(uint64_t size, int64_t n, struct byte_range *out)
{
    if (n == 0 || size == 0)
        return RANGE_NONE;
    uint64_t len = (uint64_t)n < size ? (uint64_t)n : size;
    *out = (struct byte_range){ .from = size - len, .n = len };
    return RANGE_PART;
}

enum range_answer range_of(const struct http_req *q, const struct http_res *r, struct byte_range *out)
{
    struct str spec = http_header(q, "range");
    struct str first = { 0 };
    int64_t from = 0;
    int64_t to = 0;
    bool may = (q->method == HTTP_GET || q->method == HTTP_HEAD) && str_starts(spec, STR("bytes="));
    if (!may || !is_same_version(q, r))
        return RANGE_WHOLE;
    spec = str_trim(str_skip(spec, 6));
    if (!str_cut(&spec, '-', &first) || spec.p == NULL)
        return RANGE_WHOLE;
    if (first.n == 0)
        return str_to_i64(spec, &to) && to >= 0 ? suffix(r->file_size, to, out) : RANGE_WHOLE;
    if (!str_to_i64(first, &from) || from < 0)
        return RANGE_WHOLE;
    if (spec.n == 0)
        to = INT64_MAX;
    else if (!str_to_i64(spec, &to) || to < from)
        return RANGE_WHOLE;
    if ((uint64_t)from >= r->file_size)
        return RANGE_NONE;
    uint64_t last = (uint64_t)to < r->file_size ? (uint64_t)to : r->file_size - 1;
    *out = (struct byte_range){ .from = (uint64_t)from, .n = last - (uint64_t)from + 1 };
    return RANGE_PART;
}
