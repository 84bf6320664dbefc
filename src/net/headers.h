/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/str.h"

/* What http_req.headers points to: a request's header lines in the order they came, borrowed from the connection. */
struct http_header_in {
    struct str name;
    struct str value;
};

struct http_headers {
    size_t n;
    struct http_header_in *v;
};
