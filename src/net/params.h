/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "net/http.h"

/* The flat list of parameters while it is decoded: names in Rails notation, limits checked at every addition, names and
   values valid UTF-8 without NUL (contents of files excepted). Values may point into the text they were read from. */
struct params {
    struct arena *arena;
    struct http_param *v;
    size_t n;
    size_t cap;
};

/* False: over HTTP_PARAMS_MAX or HTTP_PARAM_NAME_MAX, or not UTF-8. */
bool params_add(struct params *p, struct http_param add) NODISCARD;

/* Each adds what it reads; false: not decodable within the limits. */
bool params_query(struct params *p,
                  struct str query) NODISCARD;                 /* application/x-www-form-urlencoded (WHATWG URL 5.1) */
bool params_json(struct params *p, struct str body) NODISCARD; /* an object at the top (RFC 8259) */
bool params_multipart(struct params *p, struct str content_type,
                      struct str body) NODISCARD; /* RFC 7578, RFC 2046 5.1 */
/* By content type; without one, a body that reads like a form is one. Other types add nothing and are no failure. */
bool params_body(struct params *p, struct str content_type, struct str body) NODISCARD;

/* The parameter `key` of a header value: boundary in "multipart/form-data; boundary=x". Quoted strings are unquoted
   on the arena. p == NULL: absent. */
struct str header_value_param(struct arena *a, struct str value, struct str key);
/* The part before the first ';', trimmed. */
struct str header_value_head(struct str value);
