/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "net/http.h"

/* A small blocking HTTP client over libcurl: the command line talks to the running server with it, and jobs to the
   outside. One call is one request and one connection. Proxies of the environment are not used. Runs on: any thread
   that may block. */
struct http_call {
    struct str method; /* default GET */
    struct str url;    /* http or https */
    const struct http_header_out *headers;
    struct str type;        /* content type of the body */
    struct str body;        /* p == NULL: none */
    struct str unix_socket; /* p != NULL: connect to this socket file, whatever host the URL names */
    int timeout_s;          /* of the whole exchange; default 10 */
    size_t answer_max;      /* bytes of the body after decoding; default 1 MiB */
    int redirects_max;      /* followed for GET and HEAD; default none */
    struct str aws_region;  /* p != NULL: signed for S3 (AWS Signature Version 4) with the two below */
    struct str user;
    struct str password;
    bool public_only; /* no loopback, private, link-local or otherwise special address (net_addr_is_special), checked on
                         every connection, so after a redirect and a new resolution too */
};

struct http_answer {
    int status;
    struct str type;
    struct str body;
    struct str url; /* after redirects */
};

/* The answer lives on c->arena. ERR_INVALID: not an http(s) URL. ERR_FORBIDDEN: public_only forbids the address.
   ERR_TOO_LARGE: more than answer_max. ERR_UNAVAILABLE: no connection, no answer in time, too many redirects; c->says
   tells. Any status is OK. */
enum err http_client_call(struct ctx *c, const struct http_call *call, struct http_answer *out) NODISCARD;

/* One request to the running server over its console socket; the body, if any, is JSON. ERR_UNAVAILABLE: nobody
 * answers. */
enum err http_client_console(struct arena *a, struct str socket_path, struct str method, struct str path,
                             struct str json, int *status, struct str *body) NODISCARD;
