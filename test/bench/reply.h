/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* Reads HTTP/1.1 replies from a stream, piece by piece: Content-Length, chunked, none (204, 304), or until close
   (RFC 9112 section 6). Interim 1xx replies are skipped. Body bytes are counted; kept only where `keep` points. */
#define REPLY_HEAD_MAX (16U * 1024)

enum reply_state {
    REPLY_HEAD,
    REPLY_LENGTH,
    REPLY_CHUNK_SIZE,
    REPLY_CHUNK_DATA,
    REPLY_CHUNK_END,
    REPLY_TRAILER,
    REPLY_UNTIL_CLOSE,
    REPLY_DONE,
    REPLY_BROKEN, /* not HTTP, or a head above the limit */
};

struct reply {
    enum reply_state state;
    int status;
    bool closes; /* the server ends the connection after this reply */
    bool has_length;
    bool chunked;
    uint64_t left;     /* of the body or of the chunk */
    size_t line_n;     /* length of the trailer line being read */
    bool any_digit;    /* the chunk size has a digit */
    bool in_extension; /* behind the ';' of a chunk size */
    size_t head_n;
    uint64_t body_n;
    char *keep; /* NULL: the body is not kept; the caller's memory */
    size_t keep_max;
    char head[REPLY_HEAD_MAX];
};

void reply_start(struct reply *r); /* before each reply; leaves keep and keep_max alone */
/* Takes bytes and returns how many belong to this reply; stops at REPLY_DONE and REPLY_BROKEN. */
size_t reply_feed(struct reply *r, const char *p, size_t n);
/* The connection ended: true when that completes the reply. */
bool reply_eof(struct reply *r);
/* A header of the reply, name without regard to case; {NULL, 0} when absent. Valid until the next reply_start. */
struct str reply_header(const struct reply *r, struct str name);
