/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <sys/types.h>

#include "base/attr.h"
#include "base/buf.h"
#include "net/http.h"

/* WebSocket (RFC 6455) as a server needs it; frames are wslay's work, the handshake and what is sent to many at once
   are done here. One thread owns a struct ws. */
#define WS_TEXT_MAX ((size_t)4096)      /* bytes of a message that a client sends */
#define WS_READ_MAX ((size_t)16 * 1024) /* bytes that are read before others get their turn */

struct ws;
struct ws_hooks {
    void *arg;
    /* As read(2): 0 at the end, -1 with errno. */
    ssize_t (*read)(void *arg, void *to, size_t n);
    void (*write)(void *arg, struct str bytes);
    void (*text)(void *arg, struct str text); /* a whole message, valid UTF-8 */
    void (*heard)(void *arg);                 /* any frame: the peer lives */
};

struct ws *ws_new(const struct ws_hooks *hooks);
void ws_free(struct ws **w);
/* Reads what is there, answers pings and the close handshake. False: the connection is over. */
bool ws_read(struct ws *w) NODISCARD;
/* Writes a close frame (RFC 6455 7.4.1: 1000 .. 1013); afterwards ws_read is false as soon as the peer closed, too. */
void ws_close(struct ws *w, int code, struct str why);

/* A text frame, whole and unmasked: the same bytes go to any number of sockets. */
void ws_put_text(struct buf *b, struct str text);
extern const struct str ws_ping; /* an empty ping frame */

/* True when the request asks for a WebSocket at all. */
bool ws_is_asked(const struct http_req *q);
/* The answer's status 101 and headers (RFC 6455 4.2.2); a subprotocol is echoed as the client sent its first. False:
   the request is not one that the RFC allows. */
bool ws_accept(const struct http_req *q, struct http_res *r) NODISCARD;
