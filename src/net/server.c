/* SPDX-License-Identifier: Apache-2.0 */
#include "net/server.h"

#include <assert.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "net/accept.h"
#include "net/exchange.h"
#include "net/listen.h"
#include "net/server_impl.h"

/* Room of a connection beside the head of a request: the head of an answer, and what is read of a body at a time. MHD
   clears all of it after every request (a tenth of the time of a small one at 32 KiB), so it is small. */
#define POOL_EXTRA_BYTES    ((size_t)4 * 1024)
#define SWEEP_MS_MIN        50
#define SWEEP_MS_MAX        1000
#define CONSOLE_CONNECTIONS 64

static void mhd_log(void *arg, const char *fmt, va_list ap) PRINTF(2, 0);
static void mhd_log(void *arg, const char *fmt, va_list ap)
{
    char text[512];
    (void)arg;
    (void)vsnprintf(text, sizeof text, fmt, ap);
    log_debug(STR("net"), "%s", str_c(text).n > 0 ? text : "-");
}

/* Handlers percent-decode for themselves, once: MHD must leave target and arguments as they came. */
static size_t no_unescape(void *arg, struct MHD_Connection *m, char *s)
{
    (void)arg;
    (void)m;
    return strlen(s);
}

/* False: whoever has this address is not counted. */
static bool is_counted(const struct net_server *s, const struct sockaddr *peer, struct net_addr *out)
{
    return net_addr_of(peer, out) && !net_addr_is_in(&s->trusted, out);
}

static struct conn *conn_of(struct MHD_Connection *m)
{
    const union MHD_ConnectionInfo *i = MHD_get_connection_info(m, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return i == NULL ? NULL : i->socket_context;
}

static void on_connection(void *arg, struct MHD_Connection *m, void **context, enum MHD_ConnectionNotificationCode code)
{
    struct loop *l = arg;
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        struct conn *k = *context;
        if (k != NULL && k->exchange != NULL)
            exchange_unheard(k->exchange);
        conn_close(&k);
        *context = NULL;
        return;
    }
    const union MHD_ConnectionInfo *fd = MHD_get_connection_info(m, MHD_CONNECTION_INFO_CONNECTION_FD);
    int socket_fd = fd == NULL ? -1 : fd->connect_fd;
    const union MHD_ConnectionInfo *peer = MHD_get_connection_info(m, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    *context = conn_open(l, socket_fd, l->is_console || peer == NULL ? NULL : peer->client_addr);
}

/* The request line is there: the exchange begins. What it returns is *con of the next two.

   The exchange has a copy and reads the query itself. libmicrohttpd would read it, too, into the memory of the
   connection: with a few hundred parameters that is full, and then it (0.9.75) neither answers nor closes. So it gets
   to see an empty one; the text is its read buffer, which it takes apart in place and nobody reads again.

   Cookies it keeps apart, too, and that cannot be helped. With a few hundred small ones 0.9.75 says 431, if there is
   room left to say it; else it closes and does not even tell us: on_connection finds the exchange. */
static void *on_target(void *arg, const char *target, struct MHD_Connection *m)
{
    struct conn *k = conn_of(m);
    struct exchange *x = exchange_new(k, m, str_c(target));
    char *query = strchr(target, '?');
    (void)arg;
    if (query != NULL)
        query[1] = '\0';
    k->exchange = x;
    return x;
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *m, const char *url, const char *method,
                                  const char *version, const char *data, size_t *data_n, void **con)
{
    struct exchange *x = *con;
    (void)arg;
    (void)m;
    (void)url;
    (void)version;
    switch (atomic_load_explicit(&x->state, memory_order_acquire)) {
    case EXCHANGE_HEAD: return exchange_head(x, str_c(method));
    case EXCHANGE_BODY:
        if (*data_n > 0) {
            size_t n = *data_n;
            *data_n = 0;
            return exchange_more(x, data, n);
        }
        return exchange_whole(x);
    case EXCHANGE_ANSWERED: return x->is_asking ? exchange_asked(x) : exchange_reply(x);
    case EXCHANGE_WORKING: break;
    }
    return MHD_NO;
}

static void on_completed(void *arg, struct MHD_Connection *m, void **con, enum MHD_RequestTerminationCode why)
{
    (void)arg;
    (void)m;
    (void)why;
    struct exchange *x = *con;
    /* With a client that went away meanwhile, this is where the loop gets the exchange back from its worker. */
    if (x != NULL) {
        assert(atomic_load_explicit(&x->state, memory_order_acquire) != EXCHANGE_WORKING);
        x->conn->exchange = NULL;
        exchange_done(x);
    }
    *con = NULL;
}

static void *sweep(void *arg)
{
    struct net_server *s = arg;
    int64_t part_ms = s->idle_ms / 8;
    int every_ms = part_ms < SWEEP_MS_MIN ? SWEEP_MS_MIN : part_ms > SWEEP_MS_MAX ? SWEEP_MS_MAX : (int)part_ms;
    (void)pthread_setname_np(pthread_self(), "sweeper");
    struct pollfd stop = { .fd = s->stop_fd, .events = POLLIN };
    while (poll(&stop, 1, every_ms) == 0)
        for (int i = 0; i < s->loops_n; i++)
            conn_sweep(&s->loops[i]);
    return NULL;
}

static enum err start_loop(struct ctx *c, struct loop *l, int connections_max)
{
    const struct net_options *o = &l->server->opt;
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO
                     | MHD_USE_ERROR_LOG;
    l->daemon = MHD_start_daemon(flags, 0, NULL, NULL, on_request, NULL, MHD_OPTION_EXTERNAL_LOGGER, mhd_log, NULL,
                                 MHD_OPTION_CONNECTION_MEMORY_LIMIT, (o->header_max + POOL_EXTRA_BYTES) / 4096 * 4096,
                                 MHD_OPTION_CONNECTION_LIMIT, (unsigned)connections_max, MHD_OPTION_NOTIFY_CONNECTION,
                                 on_connection, l, MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL,
                                 MHD_OPTION_URI_LOG_CALLBACK, on_target, NULL, MHD_OPTION_UNESCAPE_CALLBACK,
                                 no_unescape, NULL, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    return l->daemon != NULL
               ? OK
               : fail_internal(c, "libmicrohttpd does not start a loop for %d connections", connections_max);
}

static enum err start_loops(struct ctx *c, struct listener *ln)
{
    for (int i = 0; i < ln->loops_n; i++)
        TRY(start_loop(c, &ln->loops[i], ln->connections_max));
    return OK;
}

static struct net_server *server_new(const struct net_options *o)
{
    struct net_server *s = calloc(1, sizeof *s);
    if (s == NULL)
        abort();
    s->opt = *o;
    s->arena = arena_new();
    if (o->tls_policy.p != NULL)
        s->opt.tls_policy = arena_str(s->arena, o->tls_policy);
    s->opt.console_path = o->console_path.p == NULL ? o->console_path : arena_str(s->arena, o->console_path);
    s->crowd = crowd_new(o->per_address_max);
    lock_init(&s->files.lock, LOCK_NET_BODIES);
    s->files.folder = o->files_folder.p == NULL ? NULL : arena_cstr(s->arena, o->files_folder);
    s->files.floor = o->files_floor;
    s->idle_ms = (int64_t)o->idle_timeout_s * 1000;
    s->loops_n = o->loops + 1;
    s->loops = aligned_alloc(_Alignof(struct loop), (size_t)s->loops_n * sizeof *s->loops);
    if (s->loops == NULL)
        abort();
    memset(s->loops, 0, (size_t)s->loops_n * sizeof *s->loops);
    for (int i = 0; i < s->loops_n; i++) {
        s->loops[i].server = s;
        s->loops[i].index = i;
        lock_init(&s->loops[i].lock, LOCK_NET_LOOP);
    }
    struct loop *console = &s->loops[o->loops];
    console->is_console = true;
    s->tcp =
        (struct listener){ .fd = -1, .loops = s->loops, .loops_n = o->loops, .connections_max = o->connections_max };
    s->console = (struct listener){ .fd = -1, .loops = console, .loops_n = 1, .connections_max = CONSOLE_CONNECTIONS };
    s->stop_fd = eventfd(0, EFD_CLOEXEC);
    return s;
}

static enum err start(struct ctx *c, struct net_server *s)
{
    struct str bad = { 0 };
    const struct net_options *o = &s->opt;
    if (!net_ranges_parse(s->arena, o->trusted_proxies, &s->trusted, &bad))
        return fail(c, ERR_INVALID, "\"" STR_FMT "\" is neither an address nor a CIDR range", STR_ARG(bad));
    s->workers = workers_new("reader", 0, o->workers, o->queue_max);
    s->writers = workers_new("writer", o->workers, o->writers, o->queue_max);
    TRY(listen_tcp(c, o->listen, &s->tcp.fd, &s->port));
    TRY(start_loops(c, &s->tcp));
    if (o->console_path.p != NULL) {
        TRY(listen_unix(c, o->console_path, &s->console.fd));
        TRY(start_loops(c, &s->console));
    }
    if (s->stop_fd < 0 || !accept_start(s))
        return fail_internal(c, "no thread that accepts connections");
    s->is_sweeping = pthread_create(&s->sweeper, NULL, sweep, s) == 0;
    return s->is_sweeping ? OK : fail_internal(c, "no thread for the sweeper");
}

/* Every thread starts with all signals blocked: main/ decides who takes them. */
enum err net_server_start(struct ctx *c, const struct net_options *o, struct net_server **out)
{
    sigset_t all;
    sigset_t before;
    struct net_server *s = server_new(o);
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    enum err e = start(c, s);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (e != OK)
        net_server_stop(&s);
    *out = s;
    return e;
}

bool net_server_adopt(struct net_server *s, int fd, const struct sockaddr *peer, socklen_t n)
{
    return accept_give(s, &s->tcp, fd, peer, n);
}

bool net_server_enter(struct net_server *s, const struct sockaddr *peer)
{
    struct net_addr a;
    if (!is_counted(s, peer, &a))
        return true;
    if (!crowd_has_room(s->crowd, &a))
        return false;
    crowd_enter(s->crowd, &a);
    return true;
}

void net_server_leave(struct net_server *s, const struct sockaddr *peer)
{
    struct net_addr a;
    if (is_counted(s, peer, &a))
        crowd_leave(s->crowd, &a);
}

int net_server_port(const struct net_server *s)
{
    return s->port;
}

int64_t net_server_running(const struct net_server *s)
{
    int64_t n = 0;
    for (int i = 0; i < s->loops_n; i++)
        n += atomic_load(&s->loops[i].running);
    return n;
}

void net_server_drain(struct net_server *s, int timeout_s)
{
    int64_t until_us = clock_monotonic_us() + (int64_t)timeout_s * 1000000;
    atomic_store(&s->is_draining, true);
    while (net_server_running(s) > 0 && clock_monotonic_us() < until_us) {
        struct timespec pause = { .tv_nsec = 5 * 1000000 };
        (void)nanosleep(&pause, NULL);
    }
}

/* Those that wait for stop_fd. */
static void stop_threads(struct net_server *s)
{
    (void)eventfd_write(s->stop_fd, 1);
    if (s->is_accepting)
        (void)pthread_join(s->acceptor, NULL);
    if (s->is_sweeping)
        (void)pthread_join(s->sweeper, NULL);
}

static void stop_loops(struct net_server *s)
{
    for (int i = 0; i < s->loops_n; i++)
        if (s->loops[i].daemon != NULL)
            MHD_stop_daemon(s->loops[i].daemon);
}

static void close_listeners(struct net_server *s)
{
    if (s->tcp.fd >= 0)
        (void)close(s->tcp.fd);
    if (s->console.fd >= 0) {
        (void)unlink(s->opt.console_path.p);
        (void)close(s->console.fd);
    }
}

static void loops_free(struct net_server *s)
{
    for (int i = 0; i < s->loops_n; i++) {
        struct loop *l = &s->loops[i];
        for (struct exchange *x = l->free, *next = NULL; x != NULL; x = next) {
            next = x->next;
            exchange_free(&x);
        }
        lock_fini(&l->lock);
    }
    free(s->loops);
}

/* Workers first, so that no connection is suspended when libmicrohttpd stops. */
void net_server_stop(struct net_server **ps)
{
    struct net_server *s = *ps;
    if (s == NULL)
        return;
    atomic_store(&s->is_draining, true);
    stop_threads(s);
    close_listeners(s);
    if (s->workers != NULL)
        workers_stop(s->workers);
    if (s->writers != NULL)
        workers_stop(s->writers);
    stop_loops(s);
    *ps = NULL; /* until here a request may ask for figures */
    workers_free(&s->workers);
    workers_free(&s->writers);
    loops_free(s);
    crowd_free(&s->crowd);
    lock_fini(&s->files.lock);
    if (s->stop_fd >= 0)
        (void)close(s->stop_fd);
    arena_free(&s->arena);
    free(s);
}

void net_server_stats(const struct net_server *s, struct net_stats *out)
{
    *out = (struct net_stats){ .queued = workers_queued(s->workers) + workers_queued(s->writers) };
    for (int i = 0; i < s->loops_n; i++) {
        const struct loop *l = &s->loops[i];
        out->connections += atomic_load(&l->connections);
        out->requests += atomic_load(&l->requests);
        out->from_memory += atomic_load(&l->from_memory);
        out->refused += atomic_load(&l->refused);
    }
}
