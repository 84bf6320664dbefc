/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "net/http.h"

struct byte_range {
    uint64_t from;
    uint64_t n;
};

enum range_answer {
    RANGE_WHOLE, /* no Range, one that cannot be read, several, or If-Range names another version */
    RANGE_PART,
    RANGE_NONE, /* 416: it begins behind the end */
};

/* RFC 9110 14: a single byte range of a file answer of r->file_size bytes; If-Range is compared with the answer's ETag
   or Last-Modified. */
enum range_answer range_of(const struct http_req *q, const struct http_res *r, struct byte_range *out);
