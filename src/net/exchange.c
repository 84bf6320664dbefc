/* SPDX-License-Identifier: Apache-2.0 */
#include "net/exchange.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/metrics.h"
#include "net/headers.h"
#include "net/server_impl.h"

#define BODY_FIRST_BYTES ((size_t)16 * 1024)
#define BODY_PLAIN_MAX   ((size_t)64 * 1024) /* of what is no form with files, where one is waited for */

static void set_deadline(struct exchange *x, int64_t ms, bool in_body)
{
    atomic_store_explicit(&x->conn->deadline_ms, ms, memory_order_relaxed);
    atomic_store_explicit(&x->conn->in_body, in_body, memory_order_relaxed);
}

struct exchange *exchange_new(struct conn *k, struct MHD_Connection *m, struct str target)
{
    struct loop *l = k->loop;
    struct exchange *x = l->free;
    if (x != NULL) {
        l->free = x->next;
        l->free_n--;
    } else {
        x = calloc(1, sizeof *x);
        if (x == NULL)
            abort();
        x->arena = arena_new();
    }
    struct arena *a = x->arena;
    *x = (struct exchange){ .server = l->server, .loop = l, .conn = k, .mhd = m, .arena = a };
    x->params.arena = a;
    x->req = (struct http_req){ .arena = a, .target = arena_str(a, target), .from_console = k->loop->is_console };
    x->res = (struct http_res){ .arena = a };
    atomic_fetch_add_explicit(&l->requests, 1, memory_order_relaxed);
    return x;
}

void exchange_free(struct exchange **x)
{
    if (*x == NULL)
        return;
    arena_free(&(*x)->arena);
    free(*x);
    *x = NULL;
}

void exchange_done(struct exchange *x)
{
    struct loop *l = x->loop;
    if (x->is_running)
        atomic_fetch_sub_explicit(&l->running, 1, memory_order_release);
    atomic_fetch_sub_explicit(&x->server->bodies, x->body_cap, memory_order_relaxed);
    if (atomic_load_explicit(&x->conn->was_late, memory_order_relaxed))
        body_file_late(&x->file);
    body_file_close(&x->server->files, &x->file);
    free(x->body);
    exchange_drop(x);
    free(x->res.body_owned);
    if (x->res.file_fd > 0)
        (void)close(x->res.file_fd);
    set_deadline(x, conn_now_ms() + x->server->idle_ms, false);
    arena_reset(x->arena);
    if (l->free_n >= NET_FREE_MAX) {
        exchange_free(&x);
        return;
    }
    x->next = l->free;
    l->free = x;
    l->free_n++;
}

static enum http_method method_of(struct str name)
{
    static const struct {
        struct str name;
        enum http_method method;
    } methods[] = {
        { { "GET", 3 }, HTTP_GET },         { { "HEAD", 4 }, HTTP_HEAD },   { { "POST", 4 }, HTTP_POST },
        { { "PUT", 3 }, HTTP_PUT },         { { "PATCH", 5 }, HTTP_PATCH }, { { "DELETE", 6 }, HTTP_DELETE },
        { { "OPTIONS", 7 }, HTTP_OPTIONS },
    };
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (str_eq(methods[i].name, name))
            return methods[i].method;
    return HTTP_OTHER;
}

static enum MHD_Result add_header(void *arg, enum MHD_ValueKind kind, const char *name, size_t name_n,
                                  const char *value, size_t value_n)
{
    struct http_headers *h = arg;
    (void)kind;
    h->v[h->n++] = (struct http_header_in){ { name, name_n }, { value == NULL ? "" : value, value_n } };
    return MHD_YES;
}

static void read_headers(struct exchange *x)
{
    struct http_headers *h = ARENA_NEW(x->arena, struct http_headers);
    int n = MHD_get_connection_values_n(x->mhd, MHD_HEADER_KIND, NULL, NULL);
    h->v = ARENA_ARRAY(x->arena, n > 0 ? (size_t)n : 0, struct http_header_in);
    (void)MHD_get_connection_values_n(x->mhd, MHD_HEADER_KIND, add_header, h);
    x->req.headers = h;
}

/* Path and query of origin-form and absolute-form targets (RFC 9112 3.2); "*" stays. False: neither, or not UTF-8. */
static bool read_target(struct exchange *x)
{
    struct http_req *q = &x->req;
    struct str rest = q->target;
    size_t at = 0;
    if (str_starts(rest, STR("http://")) || str_starts(rest, STR("https://"))) {
        (void)str_find(rest, STR("://"), &at);
        rest = str_skip(rest, at + 3);
        rest = str_find(rest, STR("/"), &at) ? str_skip(rest, at) : STR("/");
        q->target = rest;
    }
    struct str path = { 0 };
    (void)str_cut(&rest, '?', &path);
    q->query = rest.p == NULL ? STR("") : rest;
    if (!str_starts(path, STR("/")) && !str_eq(path, STR("*")))
        return false;
    q->path = http_percent_decode(x->arena, path, false);
    if (q->path.n > 1 && q->path.p[q->path.n - 1] == '/')
        q->path.n--;
    return str_is_utf8(q->path);
}

/* All lines of a list header as one list (RFC 9110 5.3). */
static struct str joined_header(const struct exchange *x, struct str name)
{
    const struct http_headers *h = x->req.headers;
    struct str all = { 0 };
    for (size_t i = 0; i < h->n; i++) {
        if (!str_eq_nocase(h->v[i].name, name))
            continue;
        all = all.p == NULL ? h->v[i].value
                            : arena_strf(x->arena, STR_FMT "," STR_FMT, STR_ARG(all), STR_ARG(h->v[i].value));
    }
    return all;
}

static struct str last_of_list(struct str list)
{
    struct str part = { 0 };
    while (str_cut(&list, ',', &part))
        continue;
    return str_trim(part);
}

static void read_peer(struct exchange *x)
{
    struct http_req *q = &x->req;
    q->ip = conn_ip(x->conn);
    q->scheme = x->conn->is_tls ? STR("https") : STR("http");
    q->host = http_header(q, "host");
    if (!x->conn->is_trusted)
        return;
    struct str list = joined_header(x, STR("x-forwarded-for"));
    if (list.n > 0)
        q->ip = net_forwarded_for(x->arena, &x->server->trusted, list, q->ip);
    if (str_eq_nocase(last_of_list(joined_header(x, STR("x-forwarded-proto"))), STR("https")))
        q->scheme = STR("https");
    struct str host = last_of_list(joined_header(x, STR("x-forwarded-host")));
    if (host.n > 0)
        q->host = host;
}

/* RFC 6750 2.1, else 2.2 and 2.3: the header wins over the parameter. */
static void read_token(struct exchange *x)
{
    struct http_req *q = &x->req;
    struct str given = http_header(q, "authorization");
    q->params = x->params.v;
    q->params_n = x->params.n;
    if (given.n > 7 && str_eq_nocase(str_head(given, 7), STR("Bearer ")))
        q->token = str_trim(str_skip(given, 7));
    else
        q->token = http_param(q, "access_token");
    struct str protocols = http_header(q, "sec-websocket-protocol");
    if (q->token.n == 0 && protocols.n > 0 && str_cut(&protocols, ',', &given))
        q->token = str_trim(given);
    if (q->token.n == 0)
        q->token = (struct str){ 0 };
}

static void refuse(struct exchange *x, int status, bool must_close)
{
    if (x->refusal != 0 || status == 0)
        return;
    x->refusal = status;
    x->must_close = x->must_close || must_close;
}

static int header_lines(const struct exchange *x, struct str name)
{
    const struct http_headers *h = x->req.headers;
    int n = 0;
    for (size_t i = 0; i < h->n; i++)
        n += str_eq_nocase(h->v[i].name, name) ? 1 : 0;
    return n;
}

/* Lengths that a proxy before us may read in another way than libmicrohttpd does (RFC 9112 6.1, 6.3): two of them, or
   one beside a transfer coding. */
static bool is_length_ambiguous(const struct exchange *x)
{
    return header_lines(x, STR("content-length")) + header_lines(x, STR("transfer-encoding")) > 1;
}

/* RFC 9112 3.2: one, and a valid one. That HTTP/1.1 has one at all is libmicrohttpd's to see to. */
static bool is_host_bad(const struct exchange *x)
{
    int lines = header_lines(x, STR("host"));
    return lines > 1 || (lines == 1 && !net_is_host_port(http_header(&x->req, "host")));
}

static void check_head(struct exchange *x)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(x->mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    bool is_target = read_target(x);
    read_peer(x);
    if (x->req.target.n > NET_TARGET_MAX)
        refuse(x, 414, true);
    if (info != NULL && info->header_size > x->server->opt.header_max)
        refuse(x, 431, true);
    if (is_length_ambiguous(x) || is_host_bad(x))
        refuse(x, 400, true);
    if (!is_target || !params_query(&x->params, x->req.query))
        refuse(x, 400, false);
    read_token(x);
    if (x->server->is_draining)
        refuse(x, 503, true);
}

/* A form alone goes to a file: its parts are looked at where they lie, other bodies are decoded into memory. */
static void set_body_max(struct exchange *x)
{
    const struct net_options *o = &x->server->opt;
    bool for_file = false;
    x->body_max = o->body_limit == NULL ? o->body_max : o->body_limit(o->arg, x->req.method, x->req.path, &for_file);
    struct str type = header_value_head(http_header(&x->req, "content-type"));
    x->to_file = for_file && o->admit != NULL && str_eq_nocase(type, STR("multipart/form-data"));
    if (for_file && !x->to_file)
        x->body_max = BODY_PLAIN_MAX;
    if (!x->to_file && x->body_max > o->body_max)
        x->body_max = o->body_max;
}

/* The body is announced: too large is refused before a byte of it is kept. True: there is one, of whatever length. */
static bool check_announced(struct exchange *x)
{
    int64_t announced = 0;
    struct str length = http_header(&x->req, "content-length");
    bool has_body = http_header(&x->req, "transfer-encoding").p != NULL;
    if (length.p != NULL && str_to_i64(length, &announced) && announced > 0)
        has_body = true;
    set_body_max(x);
    if ((uint64_t)announced > x->body_max)
        refuse(x, 413, true);
    else if (announced > 0)
        x->body_max = (size_t)announced;
    return has_body;
}

/* Whether none of a refused body need be read: its client waits to be told, or its length cannot be trusted. */
static bool is_unread(const struct exchange *x)
{
    return x->refusal == 400 || http_header(&x->req, "expect").p != NULL;
}

static enum MHD_Result begin_body(struct exchange *x, bool has_body)
{
    if (x->refusal != 0 && has_body && is_unread(x))
        return exchange_reply(x);
    x->body_from_ms = conn_now_ms();
    x->paced_ms = x->body_from_ms;
    set_deadline(x, x->body_from_ms + x->server->idle_ms, true);
    if (x->refusal != 0 && has_body)
        exchange_refuse_early(x);
    return MHD_YES;
}

/* A stranger shall not fill the disk: before a body goes there, a worker looks who sends it. False: none is free. */
static bool ask(struct exchange *x)
{
    x->is_asking = true;
    set_deadline(x, 0, false);
    if (workers_submit(x->server->writers, x))
        return true;
    x->is_asking = false;
    refuse(x, 503, true);
    return false;
}

enum MHD_Result exchange_head(struct exchange *x, struct str method)
{
    x->req.method_name = method;
    x->req.method = method_of(method);
    read_headers(x);
    check_head(x);
    atomic_store_explicit(&x->state, EXCHANGE_BODY, memory_order_relaxed);
    bool has_body = check_announced(x);
    x->to_file = x->to_file && has_body;
    if (x->refusal == 0 && x->to_file && ask(x))
        return MHD_YES;
    return begin_body(x, has_body);
}

enum MHD_Result exchange_asked(struct exchange *x)
{
    x->is_asking = false;
    atomic_store_explicit(&x->state, EXCHANGE_BODY, memory_order_relaxed);
    return begin_body(x, true);
}

/* The memory of the headers is gone: the target tells in which form to answer. */
void exchange_unheard(struct exchange *x)
{
    refuse(x, 431, true);
    (void)read_target(x);
    exchange_refuse_early(x);
    exchange_done(x);
}

/* All bodies together must not fill the memory, nor large ones what small ones need. */
static bool take_room(struct net_server *s, size_t more, bool is_small)
{
    size_t max = s->opt.bodies_max;
    size_t all = atomic_fetch_add_explicit(&s->bodies, more, memory_order_relaxed) + more;
    if (max == 0 || all <= (is_small ? max : max - max / 4))
        return true;
    atomic_fetch_sub_explicit(&s->bodies, more, memory_order_relaxed);
    return false;
}

/* Twice the room, as long as it is not more than can come. */
static size_t larger(const struct exchange *x, size_t need)
{
    size_t cap = x->body_cap == 0 ? BODY_FIRST_BYTES : x->body_cap * 2;
    if (cap > x->body_max)
        cap = x->body_max;
    return cap < need ? need : cap;
}

static void keep(struct exchange *x, const char *data, size_t n)
{
    size_t need = x->body_n + n;
    if (need > x->body_cap) {
        size_t cap = larger(x, need);
        if (!take_room(x->server, cap - x->body_cap, cap <= NET_BODY_SMALL)) {
            refuse(x, 503, true);
            return;
        }
        x->body = realloc(x->body, cap);
        if (x->body == NULL)
            abort();
        x->body_cap = cap;
    }
    memcpy(x->body + x->body_n, data, n);
    x->body_n = need;
}

/* When its next part must have come. What is small is given time for what came; what holds much, or one of few places,
   must keep its pace to the end. */
static int64_t deadline_of(struct exchange *x)
{
    int64_t idle_ms = x->server->idle_ms;
    int64_t rate = x->to_file ? NET_FILE_RATE_MIN : NET_RATE_MIN;
    if ((int64_t)(x->body_seen - x->paced_n) * 1000 >= rate * idle_ms) {
        x->paced_n = x->body_seen;
        x->paced_ms = conn_now_ms();
    }
    if (!x->to_file && x->body_seen <= NET_BODY_PATIENT)
        return x->body_from_ms + idle_ms + (int64_t)x->body_seen * 1000 / NET_RATE_MIN;
    return x->paced_ms + idle_ms;
}

/* A refused body is answered at once and dropped as it comes, and gains no time by coming. */
enum MHD_Result exchange_more(struct exchange *x, const char *data, size_t n)
{
    x->body_seen += n;
    if (x->body_seen > x->body_max)
        refuse(x, 413, true);
    if (x->refusal == 0 && x->to_file)
        refuse(x, body_file_put(&x->server->files, &x->file, data, n), true);
    else if (x->refusal == 0)
        keep(x, data, n);
    if (x->refusal == 0) {
        set_deadline(x, deadline_of(x), true);
        return MHD_YES;
    }
    body_file_close(&x->server->files, &x->file);
    exchange_refuse_early(x);
    return x->body_seen > NET_SWALLOW_MAX ? MHD_NO : MHD_YES; /* NO: the connection is cut */
}

static bool answered_from_memory(struct exchange *x)
{
    const struct net_options *o = &x->server->opt;
    bool may = o->from_memory != NULL && !x->conn->loop->is_console && x->body_n == 0
               && (x->req.method == HTTP_GET || x->req.method == HTTP_HEAD);
    if (!may)
        return false;
    if (!o->from_memory(o->arg, x->loop->index, &x->req, &x->res)) {
        x->res = (struct http_res){ .arena = x->arena };
        return false;
    }
    x->from_memory = true;
    atomic_fetch_add_explicit(&x->loop->from_memory, 1, memory_order_relaxed);
    return true;
}

enum MHD_Result exchange_whole(struct exchange *x)
{
    if (x->is_answered)
        return MHD_NO; /* all of it was read: the connection closes without a reset */
    x->req.body = (struct str){ x->body, x->body_n };
    if (x->to_file && x->refusal == 0)
        refuse(x, body_file_whole(&x->file, &x->req.body), true);
    x->is_running = true;
    x->whole_us = clock_monotonic_us();
    atomic_fetch_add_explicit(&x->loop->running, 1, memory_order_relaxed);
    if (x->refusal != 0 || answered_from_memory(x))
        return exchange_reply(x);
    set_deadline(x, 0, false);
    bool is_read = x->req.method == HTTP_GET || x->req.method == HTTP_HEAD || x->req.method == HTTP_OPTIONS;
    if (workers_submit(is_read ? x->server->workers : x->server->writers, x))
        return MHD_YES;
    refuse(x, 503, false);
    return exchange_reply(x);
}

/* As connections are counted, but by what a trusted proxy says. */
static void count_address(const struct exchange *x, struct body_file_from *from)
{
    struct net_addr a;
    if (!net_addr_parse(x->req.ip, &a) || net_addr_is_in(&x->server->trusted, &a))
        return;
    from->is_counted = true;
    from->addr = net_addr_party(&a);
}

static void run_admission(struct exchange *x, int w)
{
    const struct net_options *o = &x->server->opt;
    int64_t announced = 0;
    int64_t who = 0;
    if (!o->admit(o->arg, w, &x->req, &x->res, &who)) {
        x->has_said = x->res.status != 0;
        refuse(x, x->has_said ? x->res.status : 500, true);
        return;
    }
    x->res = (struct http_res){ .arena = x->arena };
    (void)str_to_i64(http_header(&x->req, "content-length"), &announced);
    struct body_file_from from = { .who = who };
    count_address(x, &from);
    refuse(x, body_file_open(&x->server->files, &from, (uint64_t)announced, &x->file), true);
}

void exchange_run(struct exchange *x, int w)
{
    const struct net_options *o = &x->server->opt;
    if (x->is_asking) {
        run_admission(x, w);
        return;
    }
    x->waited_us = clock_monotonic_us() - x->whole_us;
    metrics_observe(METRIC_QUEUE_WAIT, w < o->workers ? 0 : 1, x->waited_us);
    if (x->req.body.n > 0 && !params_body(&x->params, http_header(&x->req, "content-type"), x->req.body)) {
        refuse(x, 400, false);
        return;
    }
    read_token(x);
    o->handle(o->arg, w, &x->req, &x->res);
}
