/* SPDX-License-Identifier: Apache-2.0 */
#include "net/tls.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/locks.h"
#include "base/metrics.h"
#include "net/cert.h"
#include "net/conn.h"
#include "net/listen.h"
#include "net/server.h"

#define EVENTS_MAX 256
#define ACCEPT_MAX 16          /* between two looks at what is open: a handshake costs a signature */
#define TICK_MS    500         /* deadlines are looked at */
#define CHUNK      (16 * 1024) /* a record holds as much */
#define ROUNDS_MAX 8           /* chunks each way before others have their turn */
#define KERNEL_PAIR \
    (64 * 1024)            /* asked of the kernel for what waits in a pair: it keeps less for those who do not read */
#define LINGER_MS   2000   /* for the client's half of the end */
#define PATIENCE_MS 60000U /* for a client's machine to acknowledge */

/* The words of METRIC_TLS_HANDSHAKES, in their order. */
enum outcome { DONE, FAILED, LATE, CROWDED, REFUSED };

/* One of the two ends that bytes go between. What it would not take yet waits here. */
struct side {
    struct tunnel *tunnel;
    int fd;
    bool can_read; /* until the kernel says no, as epoll tells only changes */
    bool can_write;
    bool has_ended; /* nothing more comes from it */
    char *p;
    size_t n;
    size_t at;
};

/* A client's connection. Of one loop's thread. */
struct tunnel {
    struct tunnel *prev;
    struct tunnel *next;
    struct tls_loop *loop;
    SSL *ssl;            /* NULL until it says its first byte */
    struct side client;  /* the network; bytes there are encrypted */
    struct side server;  /* our end of the pair; -1 while hands are shaken */
    int64_t deadline_ms; /* 0: none */
    bool is_gone;        /* the server closed its end for good */
    bool has_said_bye;
    bool is_waiting; /* in the loop's list of those who have more to do */
    bool is_dead;    /* goes at the end of the turn */
    struct tunnel *next_waiting;
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } peer;
};

struct list {
    struct tunnel *first;
    struct tunnel *last;
};

struct tls_loop {
    struct tls *tls;
    pthread_t thread;
    bool is_started;
    int epoll_fd;
    bool is_listening;
    struct list shaking; /* hands, the oldest first */
    struct list open;
    struct tunnel *dead;
    struct tunnel *waiting;
    int shaking_n;
    int64_t tick_ms;
    _Atomic int64_t handshakes; /* shaking_n, for others to read */
    char chunk[CHUNK];
};

struct tls {
    struct tls_options o;
    struct net_server *net;
    int fd;
    int port;
    int bell_fd;
    struct lock lock; /* held while a connection is handed over, so that the door closes between two */
    bool is_closed;   /* under it */
    _Atomic bool is_closing;
    _Atomic int64_t stop_ms; /* 0: not yet; else when the last are cut */
    _Atomic int64_t connections;
    int loops_n;
    struct tls_loop *loops;
};

static void list_add(struct list *l, struct tunnel *k)
{
    k->prev = l->last;
    k->next = NULL;
    if (l->last != NULL)
        l->last->next = k;
    else
        l->first = k;
    l->last = k;
}

static void list_remove(struct list *l, struct tunnel *k)
{
    if (k->prev != NULL)
        k->prev->next = k->next;
    else
        l->first = k->next;
    if (k->next != NULL)
        k->next->prev = k->prev;
    else
        l->last = k->prev;
}

static bool is_shaking(const struct tunnel *k)
{
    return k->server.fd < 0;
}

static void count(enum outcome how)
{
    metrics_add(METRIC_TLS_HANDSHAKES, (int)how, 1);
}

static void leave_handshake(struct tunnel *k)
{
    list_remove(&k->loop->shaking, k);
    k->loop->shaking_n--;
    k->loop->handshakes--;
    net_server_leave(k->loop->tls->net, &k->peer.any);
}

static void die(struct tunnel *k)
{
    if (k->is_dead)
        return;
    k->is_dead = true;
    if (is_shaking(k))
        leave_handshake(k);
    else
        list_remove(&k->loop->open, k);
    k->next = k->loop->dead;
    k->loop->dead = k;
}

static void close_fd(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
    *fd = -1;
}

/* Only between two turns: no event names one of them any more. */
static void bury(struct tls_loop *l)
{
    struct tunnel **at = &l->waiting;
    while (l->dead != NULL && *at != NULL) {
        if ((*at)->is_dead)
            *at = (*at)->next_waiting;
        else
            at = &(*at)->next_waiting;
    }
    while (l->dead != NULL) {
        struct tunnel *k = l->dead;
        l->dead = k->next;
        SSL_free(k->ssl);
        close_fd(&k->client.fd);
        close_fd(&k->server.fd);
        free(k->client.p);
        free(k->server.p);
        free(k);
        l->tls->connections--;
    }
}

static bool watch(struct tls_loop *l, struct side *s)
{
    struct epoll_event e = { .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = s };
    return epoll_ctl(l->epoll_fd, EPOLL_CTL_ADD, s->fd, &e) == 0;
}

/* --- bytes --- */

static void keep(struct side *s, const char *p, size_t n)
{
    s->p = malloc(n);
    if (s->p == NULL)
        abort();
    memcpy(s->p, p, n);
    s->n = n;
    s->at = 0;
}

static void kept_is_out(struct side *s, size_t n)
{
    s->at += n;
    if (s->at < s->n)
        return;
    free(s->p);
    s->p = NULL;
    s->n = s->at = 0;
}

/* How many the server's end takes now. One that is closed takes all: it reads them no more. */
static size_t put_server(struct tunnel *k, const char *p, size_t n)
{
    ssize_t took = send(k->server.fd, p, n, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (took >= 0)
        return (size_t)took;
    if (errno == EAGAIN || errno == EINTR) {
        k->server.can_write = false;
        return 0;
    }
    k->is_gone = true;
    return n;
}

/* What a call of the library that did not work means. Writing, "the client has ended" stands for any broken connection
   of one that has, too (SSL_get_error(3) asks for the state, not for the call): only reading it is an end. */
static void heed(struct tunnel *k, int result, bool is_reading)
{
    int why = SSL_get_error(k->ssl, result);
    if (why == SSL_ERROR_WANT_READ) {
        k->client.can_read = false;
    } else if (why == SSL_ERROR_WANT_WRITE) {
        k->client.can_write = false;
    } else if (why == SSL_ERROR_ZERO_RETURN && is_reading) {
        k->client.has_ended = true;
        (void)shutdown(k->server.fd, SHUT_WR);
    } else {
        die(k);
    }
}

static size_t put_client(struct tunnel *k, const char *p, size_t n)
{
    size_t took = 0;
    ERR_clear_error();
    int result = SSL_write_ex(k->ssl, p, n, &took);
    if (result != 1)
        heed(k, result, false);
    return result == 1 ? took : 0;
}

/* True: something moved. */
static bool to_server(struct tunnel *k)
{
    struct side *s = &k->server;
    char *chunk = k->loop->chunk;
    size_t n = 0;
    if (k->is_dead || !s->can_write)
        return false;
    if (s->n > 0) {
        size_t took = put_server(k, s->p + s->at, s->n - s->at);
        kept_is_out(s, took);
        return took > 0;
    }
    if (!k->client.can_read || k->client.has_ended)
        return false;
    ERR_clear_error();
    int result = SSL_read_ex(k->ssl, chunk, CHUNK, &n);
    if (result != 1) {
        heed(k, result, true);
        return false;
    }
    size_t took = put_server(k, chunk, n);
    if (took < n)
        keep(s, chunk + took, n - took);
    return true;
}

static bool to_client(struct tunnel *k)
{
    struct side *s = &k->client;
    char *chunk = k->loop->chunk;
    if (k->is_dead || !s->can_write)
        return false;
    if (s->n > 0) {
        size_t took = put_client(k, s->p + s->at, s->n - s->at);
        kept_is_out(s, took);
        return took > 0;
    }
    if (!k->server.can_read || k->server.has_ended)
        return false;
    ssize_t n = recv(k->server.fd, chunk, CHUNK, MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
        k->server.can_read = false;
        return false;
    }
    if (n <= 0) {
        k->server.has_ended = true;
        return false;
    }
    size_t took = put_client(k, chunk, (size_t)n);
    if (took < (size_t)n && !k->is_dead)
        keep(s, chunk + took, (size_t)n - took);
    return true;
}

static void bring_forward(struct tunnel *k, int64_t ms)
{
    if (k->deadline_ms == 0 || ms < k->deadline_ms)
        k->deadline_ms = ms;
}

/* The server closed its end for good: what it said last has a while to get to the client. */
static void mark_gone(struct tunnel *k)
{
    k->is_gone = true;
    bring_forward(k, conn_now_ms() + (int64_t)k->loop->tls->o.idle_timeout_s * 1000 * 2);
}

/* The server said all it has to say: then so do we, and the client may still send what the server swallows. */
static void say_bye(struct tunnel *k)
{
    const struct tls *t = k->loop->tls;
    if (k->is_dead || !k->server.has_ended)
        return;
    bring_forward(k, conn_now_ms() + (int64_t)t->o.idle_timeout_s * 1000 * 2);
    if (k->client.n > 0)
        return;
    if (!k->has_said_bye) {
        ERR_clear_error();
        (void)SSL_shutdown(k->ssl);
        (void)shutdown(k->client.fd, SHUT_WR);
        k->has_said_bye = true;
    }
    if (k->is_gone)
        bring_forward(k, conn_now_ms() + LINGER_MS);
    if (k->client.has_ended || t->stop_ms != 0)
        die(k);
}

/* What is left when its turn is over waits for the next. */
static void carry(struct tunnel *k)
{
    for (int i = 0; i < ROUNDS_MAX; i++) {
        bool moved = to_server(k);
        if (to_client(k))
            moved = true;
        if (!moved) {
            say_bye(k);
            return;
        }
    }
    if (k->is_waiting || k->is_dead)
        return;
    k->is_waiting = true;
    k->next_waiting = k->loop->waiting;
    k->loop->waiting = k;
}

/* --- hands --- */

/* Whoever speaks plain HTTP to this port is told why nothing comes of it. */
static void explain(const struct tunnel *k)
{
    static const char text[] = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/plain\r\n\r\n"
                               "This port speaks TLS: use https://\r\n";
    if (ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_HTTP_REQUEST)
        (void)send(k->client.fd, text, sizeof text - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* The HTTP server's end of a new pair; -1: it cannot be had. */
static int make_pair(struct tunnel *k)
{
    int ends[2];
    int room = KERNEL_PAIR;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) != 0)
        return -1;
    (void)setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    (void)setsockopt(ends[1], SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    k->server = (struct side){ .tunnel = k, .fd = ends[0], .can_write = true };
    return ends[1];
}

static bool hand_over(struct tls *t, int fd, const struct tunnel *k)
{
    socklen_t n = k->peer.any.sa_family == AF_INET6 ? sizeof k->peer.v6 : sizeof k->peer.v4;
    LOCKED(&t->lock);
    if (!t->is_closed)
        return net_server_adopt(t->net, fd, &k->peer.any, n);
    (void)close(fd);
    return false;
}

static void open_tunnel(struct tunnel *k)
{
    struct tls_loop *l = k->loop;
    int fd = make_pair(k);
    if (fd < 0) {
        count(REFUSED);
        die(k);
        return;
    }
    leave_handshake(k);
    list_add(&l->open, k);
    k->deadline_ms = 0;
    if (!hand_over(l->tls, fd, k) || !watch(l, &k->server)) {
        count(REFUSED);
        die(k);
        return;
    }
    count(DONE);
    carry(k);
}

static void shake(struct tunnel *k)
{
    if (k->ssl == NULL) {
        k->ssl = cert_box_ssl(k->loop->tls->o.certs);
        if (k->ssl == NULL || SSL_set_fd(k->ssl, k->client.fd) != 1)
            abort(); /* no memory */
    }
    ERR_clear_error();
    int result = SSL_accept(k->ssl);
    if (result == 1) {
        open_tunnel(k);
        return;
    }
    int why = SSL_get_error(k->ssl, result);
    if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE)
        return;
    explain(k);
    count(FAILED);
    die(k);
}

static void listen_again(struct tls_loop *l)
{
    struct epoll_event e = { .events = EPOLLIN | EPOLLEXCLUSIVE, .data.ptr = l };
    if (!l->is_listening && !l->tls->is_closing)
        l->is_listening = epoll_ctl(l->epoll_fd, EPOLL_CTL_ADD, l->tls->fd, &e) == 0;
}

static void listen_no_more(struct tls_loop *l)
{
    if (l->is_listening)
        (void)epoll_ctl(l->epoll_fd, EPOLL_CTL_DEL, l->tls->fd, NULL);
    l->is_listening = false;
}

static void give_way(struct tls_loop *l)
{
    int share = (l->tls->o.handshakes_max + l->tls->loops_n - 1) / l->tls->loops_n;
    if (l->shaking_n < share)
        return;
    count(CROWDED);
    die(l->shaking.first);
}

static void welcome(struct tls_loop *l, int fd, const struct tunnel *from)
{
    struct tls *t = l->tls;
    unsigned patience = PATIENCE_MS;
    if (t->connections >= t->o.connections_max || !net_server_enter(t->net, &from->peer.any)) {
        count(REFUSED);
        (void)close(fd);
        return;
    }
    give_way(l);
    struct tunnel *k = malloc(sizeof *k);
    if (k == NULL)
        abort();
    *k = *from;
    k->loop = l;
    k->client = (struct side){ .tunnel = k, .fd = fd };
    k->server = (struct side){ .tunnel = k, .fd = -1 };
    k->deadline_ms = conn_now_ms() + (int64_t)t->o.handshake_timeout_s * 1000;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &patience, sizeof patience);
    t->connections++;
    list_add(&l->shaking, k);
    l->shaking_n++;
    l->handshakes++;
    if (!watch(l, &k->client))
        die(k);
}

/* Out of descriptors: those who wait in the kernel's queue wait for the next tick. */
static void accept_some(struct tls_loop *l)
{
    for (int i = 0; i < ACCEPT_MAX && !l->tls->is_closing; i++) {
        struct tunnel from = { 0 };
        socklen_t n = sizeof from.peer;
        int fd = accept4(l->tls->fd, &from.peer.any, &n, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) {
            if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
                listen_no_more(l);
            return;
        }
        welcome(l, fd, &from);
    }
}

/* --- the loop --- */

static void serve(struct side *s, uint32_t events)
{
    struct tunnel *k = s->tunnel;
    if (k->is_dead)
        return;
    if ((events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0)
        s->can_read = true;
    if ((events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0)
        s->can_write = true;
    if (s == &k->server && (events & EPOLLHUP) != 0)
        mark_gone(k);
    if (!is_shaking(k))
        carry(k);
    else if (s->can_read) /* who says nothing costs nothing */
        shake(k);
}

static void serve_waiting(struct tls_loop *l)
{
    struct tunnel *k = l->waiting;
    l->waiting = NULL;
    for (struct tunnel *next = NULL; k != NULL; k = next) {
        next = k->next_waiting;
        k->is_waiting = false;
        carry(k);
    }
}

static void tick(struct tls_loop *l)
{
    int64_t now = conn_now_ms();
    bool is_stopping = l->tls->stop_ms != 0;
    if (now - l->tick_ms < TICK_MS && !l->tls->is_closing)
        return;
    l->tick_ms = now;
    listen_again(l);
    while (l->shaking.first != NULL && (l->tls->is_closing || now > l->shaking.first->deadline_ms)) {
        count(LATE);
        die(l->shaking.first);
    }
    for (struct tunnel *k = l->open.first, *next = NULL; k != NULL; k = next) {
        next = k->next;
        if (is_stopping)
            say_bye(k);
        if (k->deadline_ms != 0 && now > k->deadline_ms)
            die(k);
    }
}

static bool is_over(const struct tls_loop *l)
{
    int64_t stop_ms = l->tls->stop_ms;
    return stop_ms != 0 && (l->open.first == NULL || conn_now_ms() > stop_ms);
}

static void cut_all(struct tls_loop *l)
{
    while (l->shaking.first != NULL)
        die(l->shaking.first);
    while (l->open.first != NULL)
        die(l->open.first);
    bury(l);
}

static void *run(void *arg)
{
    struct tls_loop *l = arg;
    struct epoll_event events[EVENTS_MAX];
    (void)pthread_setname_np(pthread_self(), "tls");
    while (!is_over(l)) {
        int wait_ms = l->waiting != NULL ? 0 : l->tls->is_closing ? TICK_MS / 10 : TICK_MS;
        int n = epoll_wait(l->epoll_fd, events, EVENTS_MAX, wait_ms);
        bool is_called = false;
        for (int i = 0; i < n; i++) {
            if (events[i].data.ptr == l)
                is_called = true;
            else if (events[i].data.ptr != NULL) /* else: the bell, which rings on */
                serve(events[i].data.ptr, events[i].events);
        }
        if (is_called && !l->tls->is_closing)
            accept_some(l);
        else if (l->tls->is_closing)
            listen_no_more(l);
        serve_waiting(l);
        tick(l);
        bury(l);
    }
    cut_all(l);
    return NULL;
}

/* --- start and end --- */

static void ring(struct tls *t)
{
    (void)eventfd_write(t->bell_fd, 1);
}

static enum err start_loop(struct ctx *c, struct tls_loop *l)
{
    struct epoll_event bell = { .events = EPOLLIN | EPOLLET, .data.ptr = NULL };
    l->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (l->epoll_fd < 0 || epoll_ctl(l->epoll_fd, EPOLL_CTL_ADD, l->tls->bell_fd, &bell) != 0)
        return fail_internal(c, "no descriptors for the TLS listener: %s", strerror(errno));
    l->tick_ms = conn_now_ms();
    listen_again(l);
    l->is_started = pthread_create(&l->thread, NULL, run, l) == 0;
    return l->is_started ? OK : fail_internal(c, "no thread for the TLS listener");
}

static enum err start(struct ctx *c, struct tls *t)
{
    for (int i = 0; i < t->loops_n; i++)
        TRY(start_loop(c, &t->loops[i]));
    return OK;
}

enum err tls_open(struct ctx *c, const struct tls_options *o, struct tls **out)
{
    struct tls *t = calloc(1, sizeof *t);
    struct tls_loop *loops = calloc((size_t)o->threads, sizeof *loops);
    if (t == NULL || loops == NULL)
        abort();
    t->o = *o;
    t->fd = -1;
    t->bell_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    t->loops = loops;
    t->loops_n = o->threads;
    lock_init(&t->lock, LOCK_NET_TLS);
    for (int i = 0; i < t->loops_n; i++) {
        loops[i].tls = t;
        loops[i].epoll_fd = -1;
    }
    enum err e = listen_tcp(c, o->listen, &t->fd, &t->port);
    if (e != OK)
        tls_stop(&t);
    *out = t;
    return e;
}

/* Every thread starts with all signals blocked: main/ decides who takes them. */
enum err tls_start(struct ctx *c, struct tls *t, struct net_server *net)
{
    sigset_t all;
    sigset_t before;
    t->net = net;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    enum err e = start(c, t);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return e;
}

int tls_port(const struct tls *t)
{
    return t->port;
}

void tls_close_door(struct tls *t)
{
    if (t == NULL)
        return;
    {
        LOCKED(&t->lock);
        t->is_closed = true;
    }
    t->is_closing = true;
    ring(t);
}

void tls_stop(struct tls **pt)
{
    struct tls *t = *pt;
    if (t == NULL)
        return;
    tls_close_door(t);
    t->stop_ms = conn_now_ms() + LINGER_MS;
    ring(t);
    for (int i = 0; i < t->loops_n; i++) {
        if (t->loops[i].is_started)
            (void)pthread_join(t->loops[i].thread, NULL);
        close_fd(&t->loops[i].epoll_fd);
    }
    *pt = NULL; /* until here somebody may ask for figures */
    close_fd(&t->fd);
    close_fd(&t->bell_fd);
    lock_fini(&t->lock);
    free(t->loops);
    free(t);
}

void tls_stats(const struct tls *t, struct tls_stats *out)
{
    *out = (struct tls_stats){ .connections = t->connections };
    for (int i = 0; i < t->loops_n; i++)
        out->handshakes += t->loops[i].handshakes;
}
