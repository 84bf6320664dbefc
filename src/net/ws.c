/* SPDX-License-Identifier: Apache-2.0 */
#include "net/ws.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <wslay/wslay.h>

#define CLOSE_WHY_MAX 123 /* RFC 6455 5.5: a control frame has 125 bytes, two are the code */

const struct str ws_ping = { "\x89\0", 2 };

struct ws {
    wslay_event_context_ptr wslay;
    struct ws_hooks hooks;
    size_t budget; /* bytes that may still be read in this turn */
    bool is_over;  /* the peer is gone */
};

static ssize_t on_read(wslay_event_context_ptr ctx, uint8_t *to, size_t n, int flags, void *arg)
{
    struct ws *w = arg;
    (void)flags;
    if (w->budget == 0) {
        wslay_event_set_error(ctx, WSLAY_ERR_WOULDBLOCK);
        return -1;
    }
    ssize_t got = w->hooks.read(w->hooks.arg, to, n < w->budget ? n : w->budget);
    if (got > 0) {
        w->budget -= (size_t)got;
        return got;
    }
    bool waits = got < 0 && (errno == EAGAIN || errno == EINTR);
    w->is_over = w->is_over || !waits;
    wslay_event_set_error(ctx, waits ? WSLAY_ERR_WOULDBLOCK : WSLAY_ERR_CALLBACK_FAILURE);
    return -1;
}

/* All is taken: what cannot be sent waits in the caller's buffer. */
static ssize_t on_write(wslay_event_context_ptr ctx, const uint8_t *p, size_t n, int flags, void *arg)
{
    struct ws *w = arg;
    (void)ctx;
    (void)flags;
    w->hooks.write(w->hooks.arg, (struct str){ (const char *)p, n });
    return (ssize_t)n;
}

static void on_message(wslay_event_context_ptr ctx, const struct wslay_event_on_msg_recv_arg *m, void *arg)
{
    struct ws *w = arg;
    w->hooks.heard(w->hooks.arg);
    if (m->opcode == WSLAY_TEXT_FRAME)
        w->hooks.text(w->hooks.arg, (struct str){ (const char *)m->msg, m->msg_length });
    else if (m->opcode == WSLAY_BINARY_FRAME)
        (void)wslay_event_queue_close(ctx, WSLAY_CODE_UNSUPPORTED_DATA, NULL, 0);
}

struct ws *ws_new(const struct ws_hooks *hooks)
{
    static const struct wslay_event_callbacks callbacks = { .recv_callback = on_read,
                                                            .send_callback = on_write,
                                                            .on_msg_recv_callback = on_message };
    struct ws *w = calloc(1, sizeof *w);
    if (w == NULL)
        abort();
    w->hooks = *hooks;
    if (wslay_event_context_server_init(&w->wslay, &callbacks, w) != 0)
        abort(); /* out of memory */
    wslay_event_config_set_max_recv_msg_length(w->wslay, WS_TEXT_MAX);
    return w;
}

void ws_free(struct ws **w)
{
    if (*w == NULL)
        return;
    wslay_event_context_free((*w)->wslay);
    free(*w);
    *w = NULL;
}

bool ws_read(struct ws *w)
{
    w->budget = WS_READ_MAX;
    int rc = wslay_event_recv(w->wslay);
    if (!w->is_over && wslay_event_send(w->wslay) != 0)
        return false;
    return rc == 0 && !w->is_over && wslay_event_want_read(w->wslay) != 0;
}

void ws_close(struct ws *w, int code, struct str why)
{
    why = str_head(why, CLOSE_WHY_MAX);
    (void)wslay_event_queue_close(w->wslay, (uint16_t)code, (const uint8_t *)why.p, why.n);
    (void)wslay_event_send(w->wslay);
}

void ws_put_text(struct buf *b, struct str text)
{
    unsigned char head[10] = { 0x81 };
    size_t n = 2;
    if (text.n < 126) {
        head[1] = (unsigned char)text.n;
    } else if (text.n <= 0xffff) {
        head[1] = 126;
        head[2] = (unsigned char)(text.n >> 8);
        head[3] = (unsigned char)text.n;
        n = 4;
    } else {
        head[1] = 127;
        for (int i = 0; i < 8; i++)
            head[2 + i] = (unsigned char)(text.n >> (56 - 8 * i));
        n = 10;
    }
    buf_put(b, (struct str){ (const char *)head, n });
    buf_put(b, text);
}

/* --- the handshake --- */

static bool list_has(struct str list, struct str word)
{
    struct str part = { 0 };
    while (list.n > 0 && str_cut(&list, ',', &part))
        if (str_eq_nocase(str_trim(part), word))
            return true;
    return false;
}

bool ws_is_asked(const struct http_req *q)
{
    return q->method == HTTP_GET && list_has(http_header(q, "upgrade"), STR("websocket"))
           && list_has(http_header(q, "connection"), STR("upgrade"));
}

/* 16 bytes in base64: 22 characters and "==". */
static bool is_key(struct str key)
{
    if (key.n != 24 || !str_ends(key, STR("==")))
        return false;
    for (size_t i = 0; i < 22; i++) {
        char ch = key.p[i];
        bool ok =
            (ch >= 'A' && ch <= 'Z') || (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || ch == '+' || ch == '/';
        if (!ok)
            return false;
    }
    return true;
}

static struct str accept_of(struct arena *a, struct str key)
{
    struct str both = arena_strf(a, STR_FMT "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", STR_ARG(key));
    unsigned char sum[20];
    unsigned n = 0;
    char *text = arena_alloc(a, 32);
    if (EVP_Digest(both.p, both.n, sum, &n, EVP_sha1(), NULL) != 1)
        abort();
    int length = EVP_EncodeBlock((unsigned char *)text, sum, (int)n);
    return (struct str){ text, (size_t)length };
}

bool ws_accept(const struct http_req *q, struct http_res *r)
{
    struct str key = str_trim(http_header(q, "sec-websocket-key"));
    struct str protocols = http_header(q, "sec-websocket-protocol");
    struct str first = { 0 };
    if (!is_key(key) || !str_eq(str_trim(http_header(q, "sec-websocket-version")), STR("13")))
        return false;
    r->status = 101;
    http_res_header(r, STR("Upgrade"), STR("websocket"));
    http_res_header(r, STR("Connection"), STR("Upgrade"));
    http_res_header(r, STR("Sec-WebSocket-Accept"), accept_of(r->arena, key));
    if (protocols.n > 0 && str_cut(&protocols, ',', &first) && str_trim(first).n > 0)
        http_res_header(r, STR("Sec-WebSocket-Protocol"), str_trim(first));
    return true;
}
