/* SPDX-License-Identifier: Apache-2.0 */
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "proc.h"
#include "reply.h"

#define EVENTS_MAX   256
#define RECV_ROOM    (256U * 1024)
#define REDIALS_MAX  1000 /* in a row without a reply: the server is gone */
#define WAIT_MS      50
#define STALL_MAX_US (30 * 1000000)

struct conn {
    int fd;
    uint64_t began_ns; /* 0: idle */
    size_t out_n;
    size_t out_off;
    char *out;
    struct reply reply;
};

struct run {
    const struct load_options *o;
    struct load_plan *plan;
    struct load_result *res;
    struct conn *conns;
    int epoll;
    int redials;
    int64_t sent;
    bool measuring;
    bool gone;
};

static uint64_t now_ns(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000U + (uint64_t)t.tv_nsec;
}

int load_connect(const struct load_options *o)
{
    int one = 1;
    struct sockaddr_in sa = { .sin_family = AF_INET, .sin_port = htons((uint16_t)o->port) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || inet_pton(AF_INET, o->host, &sa.sin_addr) != 1
        || connect(fd, (const struct sockaddr *)&sa, sizeof sa) != 0) {
        if (fd >= 0)
            (void)close(fd);
        return -1;
    }
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

static void watch(struct run *u, struct conn *c, int op, uint32_t events)
{
    struct epoll_event ev = { .events = events, .data.ptr = c };
    (void)epoll_ctl(u->epoll, op, c->fd, &ev);
}

static void dial(struct run *u, struct conn *c)
{
    c->fd = load_connect(u->o);
    c->began_ns = 0;
    if (c->fd < 0) {
        u->gone = true;
        return;
    }
    (void)fcntl(c->fd, F_SETFL, O_NONBLOCK);
    watch(u, c, EPOLL_CTL_ADD, EPOLLIN);
}

/* False when the connection is gone. What does not fit now goes when the socket has room. */
static bool push(struct run *u, struct conn *c)
{
    ssize_t n = send(c->fd, c->out + c->out_off, c->out_n - c->out_off, MSG_NOSIGNAL);
    if (n < 0 && errno != EAGAIN)
        return false;
    bool waited = c->out_off > 0;
    c->out_off += n < 0 ? 0 : (size_t)n;
    if (c->out_off < c->out_n || waited)
        watch(u, c, EPOLL_CTL_MOD, c->out_off < c->out_n ? EPOLLIN | EPOLLOUT : EPOLLIN);
    return true;
}

static bool ask_next(struct run *u, struct conn *c)
{
    if (u->o->requests > 0 && u->measuring && u->sent >= u->o->requests) {
        c->began_ns = 0;
        return true;
    }
    u->sent++;
    c->out_n = load_plan_next(u->plan, c->out);
    c->out_off = 0;
    reply_start(&c->reply);
    c->began_ns = now_ns();
    return push(u, c);
}

static void redial(struct run *u, struct conn *c, bool broken)
{
    if (broken && u->measuring)
        u->res->broken++;
    (void)close(c->fd);
    if (++u->redials > REDIALS_MAX) {
        u->gone = true;
        return;
    }
    dial(u, c);
    if (!u->gone && !ask_next(u, c))
        u->gone = true;
}

static bool as_expected(const struct load_options *o, int status)
{
    if (o->expect != 0)
        return status == o->expect;
    return (status >= 200 && status < 300) || status == 304;
}

static void count(struct run *u, const struct conn *c)
{
    struct load_result *r = u->res;
    u->redials = 0;
    if (!u->measuring)
        return;
    hist_add(&r->latency, now_ns() - c->began_ns);
    r->replies++;
    r->by_status[c->reply.status]++;
    r->unexpected += as_expected(u->o, c->reply.status) ? 0 : 1;
    r->head_bytes += c->reply.head_n;
    r->body_bytes += c->reply.body_n;
}

/* A reply is whole: the next request goes out at once, on a new connection if the server ends this one. */
static void on_reply(struct run *u, struct conn *c)
{
    count(u, c);
    if (c->reply.closes)
        redial(u, c, false);
    else if (!ask_next(u, c))
        redial(u, c, true);
}

static void on_readable(struct run *u, struct conn *c)
{
    static char in[RECV_ROOM];
    ssize_t n = recv(c->fd, in, sizeof in, 0);
    if (n < 0 && errno == EAGAIN)
        return;
    if (n <= 0) {
        bool whole = n == 0 && c->began_ns != 0 && reply_eof(&c->reply);
        if (whole)
            count(u, c);
        redial(u, c, !whole && c->began_ns != 0);
        return;
    }
    size_t used = c->began_ns == 0 ? 0 : reply_feed(&c->reply, in, (size_t)n);
    if (used != (size_t)n || c->reply.state == REPLY_BROKEN)
        redial(u, c, true); /* bytes that nobody asked for */
    else if (c->reply.state == REPLY_DONE)
        on_reply(u, c);
}

static void turn(struct run *u)
{
    struct epoll_event ev[EVENTS_MAX];
    int n = epoll_wait(u->epoll, ev, EVENTS_MAX, WAIT_MS);
    for (int i = 0; i < n && !u->gone; i++) {
        struct conn *c = ev[i].data.ptr;
        if ((ev[i].events & EPOLLOUT) != 0 && !push(u, c))
            redial(u, c, true);
        else if ((ev[i].events & ~(uint32_t)EPOLLOUT) != 0)
            on_readable(u, c);
    }
}

static int64_t own_cpu_us(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void measure_begin(struct run *u, struct proc_use *before)
{
    memset(u->res, 0, sizeof *u->res);
    hist_clear(&u->res->latency);
    if (u->o->pid != 0)
        (void)proc_use_read(u->o->pid, before);
    u->res->own_cpu_us = -own_cpu_us();
    u->res->elapsed_us = -clock_monotonic_us();
    u->sent = 0;
    u->measuring = true;
}

static void measure_end(struct run *u, const struct proc_use *before)
{
    struct proc_use after = { 0 };
    u->res->elapsed_us += clock_monotonic_us();
    u->res->own_cpu_us += own_cpu_us();
    if (u->o->pid != 0 && proc_use_read(u->o->pid, &after)) {
        u->res->server_cpu_us = after.cpu_us - before->cpu_us;
        u->res->server_rss_kib = after.rss_kib;
        u->res->server_rss_peak_kib = after.rss_peak_kib;
    }
}

/* In-flight requests of the warm-up are answered within the measured part, and so many of the last are not waited for:
   by time the two cancel out; by number every reply counts until the number is reached. */
static void measure(struct run *u)
{
    int64_t end = clock_monotonic_us() + u->o->seconds * 1000000;
    int64_t moved_at = clock_monotonic_us();
    int64_t seen = 0;
    for (;;) {
        int64_t now = clock_monotonic_us();
        if (u->res->replies != seen) {
            seen = u->res->replies;
            moved_at = now;
        }
        bool done = u->o->requests > 0 ? seen + u->res->broken >= u->o->requests : now >= end;
        if (done || u->gone)
            return;
        if (now - moved_at > STALL_MAX_US) {
            (void)fprintf(stderr, "load: no reply for 30 s\n");
            u->gone = true;
            return;
        }
        turn(u);
    }
}

bool load_run(const struct load_options *o, struct load_plan *p, struct load_result *out)
{
    struct run u = { .o = o, .plan = p, .res = out, .epoll = epoll_create1(EPOLL_CLOEXEC) };
    struct proc_use before = { 0 };
    struct arena *a = arena_new();
    u.conns = ARENA_ARRAY(a, o->connections, struct conn);
    u.measuring = false;
    for (size_t i = 0; i < o->connections && !u.gone; i++) {
        u.conns[i].out = arena_alloc(a, LOAD_REQUEST_MAX);
        dial(&u, &u.conns[i]);
    }
    if (o->warmup_ms == 0 && !u.gone)
        measure_begin(&u, &before);
    for (size_t i = 0; i < o->connections && !u.gone; i++) {
        if (!ask_next(&u, &u.conns[i]))
            u.gone = true;
    }
    int64_t warm = clock_monotonic_us() + o->warmup_ms * 1000;
    while (!u.measuring && !u.gone && clock_monotonic_us() < warm)
        turn(&u);
    if (!u.measuring && !u.gone)
        measure_begin(&u, &before);
    if (!u.gone)
        measure(&u);
    measure_end(&u, &before);
    for (size_t i = 0; i < o->connections; i++) {
        if (u.conns[i].fd > 0)
            (void)close(u.conns[i].fd);
    }
    (void)close(u.epoll);
    arena_free(&a);
    if (u.gone)
        (void)fprintf(stderr, "load: lost %s:%d\n", o->host, o->port);
    return !u.gone;
}
