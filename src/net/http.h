/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/ctx.h"
#include "base/str.h"

/* A request and its answer as handlers see them. A request is whole before a handler runs, an answer whole before it is
   written. All text of a request lives as long as the request. */
enum http_method { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_PUT, HTTP_PATCH, HTTP_DELETE, HTTP_OPTIONS, HTTP_OTHER };

#define HTTP_ARGS_MAX 4
/* As the body limit of a route: a form with a file that goes to the disk; how large, the configuration says. */
#define HTTP_BODY_TO_FILE UINT32_MAX

/* One parameter. Query, form, multipart and JSON bodies all become one flat list with names in Rails notation
   (poll[options][], fields_attributes[0][name], source[privacy]), so a handler never asks how it was sent:
   JSON {"poll":{"options":["a","b"]}} is poll[options][]=a, poll[options][]=b; JSON true is "true", null is not given.
 */
struct http_param {
    struct str name;
    struct str value;
    struct str file_name; /* multipart files: p != NULL */
    struct str file_type; /* the declared content type; never trusted */
};

struct http_req {
    struct arena *arena;
    enum http_method method;
    struct str method_name;
    struct str path;   /* percent-decoded once, without query and without a trailing slash (but "/") */
    struct str target; /* path and query as sent: for Link headers and redirects */
    struct str query;  /* raw */
    struct str body;   /* raw */
    struct str ip;     /* the peer, or what a trusted proxy said */
    struct str scheme; /* "http" or "https", from the listener or a trusted proxy */
    struct str host;   /* as sent; only for checks, links are made from the configured domain */
    struct str token;  /* Authorization: Bearer, else the access_token parameter, else what a WebSocket names as its
                          subprotocol, since browsers can say it nowhere else; p == NULL: none */
    bool from_console; /* came over the Unix socket in the data folder */
    const struct http_param *params; /* query parameters first, then the body's */
    size_t params_n;
    const void *headers; /* opaque; http_header() reads it */
    struct str
        args[HTTP_ARGS_MAX]; /* what stood for :id and :name in the route's path, in order; set by the dispatchers */
};

struct str http_header(const struct http_req *q, const char *name); /* p == NULL: absent; any case */
struct str http_cookie(const struct http_req *q, const char *name); /* p == NULL: absent */

/* The last value given under a name; p == NULL when absent. */
struct str http_param(const struct http_req *q, const char *name);
/* Given at all, as itself or with brackets behind it: "poll" is there when poll[expires_in] is, "media_ids" with
 * media_ids[]. */
bool http_has(const struct http_req *q, const char *name);
/* Rails truth: "0 f F false FALSE False off OFF" and "" are false or absent; `otherwise` when not given. */
bool http_bool(const struct http_req *q, const char *name, bool otherwise);
/* False when given but not an integer in lo..hi (clamp = false) ; with clamp, out of range becomes the nearer bound. */
bool http_i64(const struct http_req *q, const char *name, int64_t lo, int64_t hi, bool clamp, int64_t *out);
/* All values under name, name[] or name[0], name[1]...: media_ids[]=1&media_ids[]=2. On the arena; *n may be 0. Empty
   values are left out: media_ids[]= and JSON {"media_ids":[]} are a list that is given (http_has) and empty. */
const struct str *http_list(const struct http_req *q, const char *name, size_t *n);
const struct http_param *http_file(const struct http_req *q, const char *name); /* NULL: absent */

struct http_header_out {
    struct http_header_out *next;
    struct str name;
    struct str value;
};

/* The connection leaves the server instead of being answered and used again: `take` gets a descriptor of its own and
   the head of the answer, which it has to send. If the client went away before, only `drop` is called. One of the two
   is called, once, on a loop thread. */
struct http_handover {
    void (*take)(void *arg, int fd, struct str head);
    void (*drop)(void *arg);
    void *arg;
};

struct http_res {
    struct arena *arena;
    int status;        /* 0 until set */
    const char *route; /* the row that took it, for log and figures; NULL: none */
    struct str type;   /* content type; default application/json; charset=utf-8 */
    struct str body;   /* on the arena, unless one of the two below is used */
    void *body_owned;  /* malloc'ed body of body.n bytes at body.p: freed by net/ when sent */
    int file_fd;       /* > 0: send file_size bytes of this descriptor; closed by net/ */
    uint64_t file_size;
    struct http_header_out *headers;
    struct http_handover handover; /* take NULL: an ordinary answer */
};

void http_res_header(struct http_res *r, struct str name,
                     struct str value); /* appends; values with CR or LF are dropped */
struct str http_res_header_of(const struct http_res *r, struct str name); /* p == NULL: not there */
/* If-None-Match names it, or says "*": whoever asks has it (RFC 9110 13.1.2). */
bool http_is_known(const struct http_req *q, struct str etag);
void http_res_redirect(struct http_res *r, int status, struct str location);
int http_status_of(enum err e); /* of a failure; only the two doors' dispatchers ask */

/* Decoding, exposed for tests and fuzzing. False: not decodable within the limits. */
#define HTTP_PARAMS_MAX     1000
#define HTTP_PARAM_NAME_MAX 256
#define HTTP_JSON_DEPTH_MAX 12
bool http_parse_query(struct arena *a, struct str query, struct http_param **out, size_t *n);
bool http_parse_json(struct arena *a, struct str body, struct http_param **out, size_t *n);
bool http_parse_multipart(struct arena *a, struct str content_type, struct str body, struct http_param **out,
                          size_t *n);
struct str http_percent_decode(struct arena *a, struct str s, bool plus_is_space);
struct str http_percent_encode(struct arena *a, struct str s); /* everything but RFC 3986 unreserved */
