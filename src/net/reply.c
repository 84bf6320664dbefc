/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "net/exchange.h"
#include "net/range.h"
#include "net/server_impl.h"

static bool has_header(const struct http_res *r, struct str name)
{
    for (const struct http_header_out *h = r->headers; h != NULL; h = h->next)
        if (str_eq_nocase(h->name, name))
            return true;
    return false;
}

void exchange_drop(struct exchange *x)
{
    struct http_handover *h = &x->res.handover;
    if (h->take != NULL)
        h->drop(h->arg);
    h->take = NULL;
}

void exchange_told(struct exchange *x)
{
    const struct net_options *o = &x->server->opt;
    const struct net_took took = {
        .us = x->whole_us == 0 ? 0 : clock_monotonic_us() - x->whole_us,
        .waited_us = x->waited_us,
        .from_memory = x->from_memory,
        .refused = x->refusal != 0,
    };
    if (o->finished != NULL)
        o->finished(o->arg, &x->req, &x->res, &took);
}

/* What the handler left behind gives way to the refusal. */
static void write_refusal(struct exchange *x)
{
    const struct net_options *o = &x->server->opt;
    if (x->has_said)
        return;
    exchange_drop(x);
    free(x->res.body_owned);
    if (x->res.file_fd > 0)
        (void)close(x->res.file_fd);
    x->res = (struct http_res){ .arena = x->arena };
    atomic_fetch_add_explicit(&x->loop->refused, 1, memory_order_relaxed);
    if (o->refuse != NULL)
        o->refuse(o->arg, x->refusal, &x->req, &x->res);
    if (x->res.status == 0)
        x->res.status = x->refusal;
    if (x->res.status == 503 && !has_header(&x->res, STR("Retry-After")))
        http_res_header(&x->res, STR("Retry-After"), STR("5"));
}

/* The part of the file that is asked for; MHD closes the descriptor. */
static struct MHD_Response *file_response(struct exchange *x)
{
    struct http_res *r = &x->res;
    struct byte_range range = { .from = 0, .n = r->file_size };
    switch (r->status == 200 ? range_of(&x->req, r, &range) : RANGE_WHOLE) {
    case RANGE_WHOLE: break;
    case RANGE_PART:
        r->status = 206;
        http_res_header(r, STR("Content-Range"),
                        arena_strf(x->arena, "bytes %" PRIu64 "-%" PRIu64 "/%" PRIu64, range.from,
                                   range.from + range.n - 1, r->file_size));
        break;
    case RANGE_NONE:
        r->status = 416;
        http_res_header(r, STR("Content-Range"), arena_strf(x->arena, "bytes */%" PRIu64, r->file_size));
        return MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    }
    if (r->status == 200)
        http_res_header(r, STR("Accept-Ranges"), STR("bytes"));
    struct MHD_Response *m = MHD_create_response_from_fd_at_offset64(range.n, r->file_fd, range.from);
    if (m != NULL)
        r->file_fd = 0;
    return m;
}

static struct MHD_Response *buffer_response(struct http_res *r)
{
    union {
        const char *in;
        void *out;
    } body = { .in = r->body.p }; /* MHD takes it without const and only reads */
    return MHD_create_response_from_buffer(r->body.n, body.out, MHD_RESPMEM_PERSISTENT);
}

static struct str type_of(const struct http_res *r)
{
    return r->type.n == 0 ? STR("application/json; charset=utf-8") : r->type;
}

static void add_headers(struct exchange *x, struct MHD_Response *m)
{
    const struct http_res *r = &x->res;
    if (r->status != 204 && r->status != 304 && !has_header(r, STR("Content-Type")))
        (void)MHD_add_response_header(m, "Content-Type", arena_cstr(x->arena, type_of(r)));
    for (const struct http_header_out *h = r->headers; h != NULL; h = h->next)
        (void)MHD_add_response_header(m, h->name.p, h->value.p);
    if (x->conn->is_tls && x->server->opt.tls_policy.p != NULL)
        (void)MHD_add_response_header(m, "Strict-Transport-Security", x->server->opt.tls_policy.p);
    if (x->must_close || x->server->is_draining)
        (void)MHD_add_response_header(m, "Connection", "close");
}

/* A descriptor of its own goes to whoever takes the connection over. libmicrohttpd then closes its one, which ends
   nothing, since MHD_USE_TURBO leaves out shutdown(2) and its epoll is told (docs/decisions/0020). */
static enum MHD_Result hand_over(struct exchange *x)
{
    struct http_res *r = &x->res;
    struct buf head = buf_on(x->arena);
    int fd = fcntl(x->conn->fd, F_DUPFD_CLOEXEC, 0);
    if (fd < 0)
        return MHD_NO;
    buf_printf(&head, "HTTP/1.1 %d %s\r\n", r->status, r->status == 101 ? "Switching Protocols" : "OK");
    for (const struct http_header_out *h = r->headers; h != NULL; h = h->next)
        buf_printf(&head, STR_FMT ": " STR_FMT "\r\n", STR_ARG(h->name), STR_ARG(h->value));
    buf_put(&head, STR("\r\n"));
    buf_put(&head, r->body);
    r->handover.take(r->handover.arg, fd, buf_str(&head));
    r->handover.take = NULL;
    return MHD_NO;
}

enum MHD_Result exchange_reply(struct exchange *x)
{
    struct http_res *r = &x->res;
    if (x->refusal == 0 && r->status == 0)
        x->refusal = 500; /* a handler that said nothing */
    if (x->refusal != 0)
        write_refusal(x);
    exchange_told(x);
    if (r->handover.take != NULL)
        return hand_over(x);
    struct MHD_Response *m = r->file_fd > 0 ? file_response(x) : buffer_response(r);
    if (m == NULL)
        return MHD_NO;
    add_headers(x, m);
    int64_t bytes = (int64_t)(r->body.n + r->file_size);
    atomic_store_explicit(&x->conn->in_body, false, memory_order_relaxed);
    atomic_store_explicit(&x->conn->deadline_ms, conn_now_ms() + x->server->idle_ms + bytes / (NET_RATE_MIN / 1000),
                          memory_order_relaxed);
    enum MHD_Result queued = MHD_queue_response(x->mhd, (unsigned)r->status, m);
    MHD_destroy_response(m);
    return queued;
}

/* The last word on this connection: a send buffer that has no room for it belongs to a client that does not read. */
void exchange_refuse_early(struct exchange *x)
{
    const struct http_res *r = &x->res;
    struct buf b = buf_on(x->arena);
    if (x->is_answered)
        return;
    x->is_answered = true;
    write_refusal(x);
    exchange_told(x);
    buf_printf(&b, "HTTP/1.1 %d %s\r\nConnection: close\r\nContent-Length: %zu\r\n", r->status,
               MHD_get_reason_phrase_for((unsigned)r->status), r->body.n);
    struct str type = type_of(r);
    struct str date = clock_http(x->arena, clock_now_ms());
    buf_printf(&b, "Date: " STR_FMT "\r\nContent-Type: " STR_FMT "\r\n", STR_ARG(date), STR_ARG(type));
    for (const struct http_header_out *h = r->headers; h != NULL; h = h->next)
        buf_printf(&b, STR_FMT ": " STR_FMT "\r\n", STR_ARG(h->name), STR_ARG(h->value));
    buf_put(&b, STR("\r\n"));
    buf_put(&b, r->body);
    atomic_store_explicit(&x->conn->in_body, false, memory_order_relaxed); /* what comes too late is told no more */
    (void)send(x->conn->fd, b.p, b.n, MSG_DONTWAIT | MSG_NOSIGNAL);
    (void)shutdown(x->conn->fd, SHUT_WR);
}
