/* SPDX-License-Identifier: Apache-2.0 */
/* The baseline of every HTTP figure: a bare epoll server that answers each request with the same bytes and does nothing
   else. A thread a core, each with its own SO_REUSEPORT listener and epoll set; keep-alive; pipelined requests are
   answered in order. A request is whatever ends in an empty line: no body is expected, so it serves GET and HEAD only.
   It reads from a connection only when everything due to it is written, so a slow reader costs one buffer. */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define THREADS_MAX 64
#define EVENTS_MAX  128
#define HEAD_MAX    8192 /* bytes of one request; more ends the connection */
#define REPLY_MAX   (16U << 20)

struct reply {
    char *p;
    size_t n;
};

struct conn {
    int fd;
    size_t in_n;    /* bytes of a request that is not whole yet */
    size_t due;     /* replies owed */
    size_t out_off; /* bytes of the first of them already written */
    char in[HEAD_MAX];
};

struct worker {
    pthread_t thread;
    int listener;
    int epoll;
    const struct reply *reply;
};

static void die(const char *what)
{
    (void)fprintf(stderr, "bare: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int listen_on(uint16_t port)
{
    int one = 1;
    struct sockaddr_in sa = { .sin_family = AF_INET,
                              .sin_port = htons(port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) != 0
        || setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one) != 0
        || bind(fd, (const struct sockaddr *)&sa, sizeof sa) != 0 || listen(fd, 1024) != 0)
        die("listen");
    return fd;
}

static void conn_close(struct conn **c)
{
    (void)close((*c)->fd);
    free(*c);
    *c = NULL;
}

static void accept_all(struct worker *w)
{
    int one = 1;
    for (;;) {
        int fd = accept4(w->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0)
            return;
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        struct conn *c = calloc(1, sizeof *c);
        if (c == NULL)
            die("calloc");
        c->fd = fd;
        struct epoll_event ev = { .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = c };
        if (epoll_ctl(w->epoll, EPOLL_CTL_ADD, fd, &ev) != 0)
            die("epoll_ctl");
    }
}

/* Counts the requests that are whole and keeps the rest at the start of the buffer. */
static void take_requests(struct conn *c)
{
    char *from = c->in;
    size_t left = c->in_n;
    char *end;
    while ((end = memmem(from, left, "\r\n\r\n", 4)) != NULL) {
        left -= (size_t)(end + 4 - from);
        from = end + 4;
        c->due++;
    }
    if (from != c->in)
        memmove(c->in, from, left);
    c->in_n = left;
}

/* Writes what is due; false when the socket is full or gone (then *alive says which). */
static bool flush_due(struct conn *c, const struct reply *r, bool *alive)
{
    while (c->due > 0) {
        ssize_t n = send(c->fd, r->p + c->out_off, r->n - c->out_off, MSG_NOSIGNAL);
        if (n < 0) {
            *alive = errno == EAGAIN;
            return false;
        }
        c->out_off += (size_t)n;
        if (c->out_off == r->n) {
            c->out_off = 0;
            c->due--;
        }
    }
    return true;
}

/* Edge-triggered: goes on until the socket has nothing more or takes nothing more. False when the connection is over.
 */
static bool conn_run(struct conn *c, const struct reply *r)
{
    bool alive = true;
    for (;;) {
        if (!flush_due(c, r, &alive))
            return alive;
        if (c->in_n == sizeof c->in)
            return false; /* a head above the limit */
        size_t room = sizeof c->in - c->in_n;
        ssize_t n = recv(c->fd, c->in + c->in_n, room, 0);
        if (n <= 0)
            return n < 0 && errno == EAGAIN;
        c->in_n += (size_t)n;
        take_requests(c);
    }
}

static void *worker_main(void *arg)
{
    struct worker *w = arg;
    struct epoll_event ev[EVENTS_MAX];
    for (;;) {
        int n = epoll_wait(w->epoll, ev, EVENTS_MAX, -1);
        for (int i = 0; i < n; i++) {
            struct conn *c = ev[i].data.ptr;
            if (c == NULL)
                accept_all(w);
            else if (!conn_run(c, w->reply))
                conn_close(&c);
        }
    }
    return NULL;
}

/* A header block of about head_bytes (never less than the needed lines), padded like the security headers of a real
 * reply. */
static struct reply make_reply(int status, size_t head_bytes, size_t body_bytes)
{
    char head[HEAD_MAX];
    int n = status == 304
                ? snprintf(head, sizeof head, "HTTP/1.1 304 Not Modified\r\nETag: W/\"0123456789abcdef\"\r\nX-Pad: ")
                : snprintf(head, sizeof head,
                           "HTTP/1.1 %d OK\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: %zu\r\n"
                           "X-Pad: ",
                           status, body_bytes);
    size_t used = (size_t)n;
    while (used + 4 < head_bytes)
        head[used++] = 'p';
    memcpy(head + used, "\r\n\r\n", 4);
    used += 4;
    size_t body = status == 304 ? 0 : body_bytes;
    struct reply r = { .p = malloc(used + body), .n = used + body };
    if (r.p == NULL)
        die("malloc");
    memcpy(r.p, head, used);
    memset(r.p + used, 'b', body);
    return r;
}

static size_t number(const char *s, size_t max, const char *name)
{
    char *end = NULL;
    errno = 0;
    unsigned long v = strtoul(s, &end, 10);
    if (errno != 0 || end == s || *end != '\0' || v > max) {
        (void)fprintf(stderr, "bare: --%s takes a number from 0 to %zu, not '%s'\n", name, max, s);
        exit(2);
    }
    return v;
}

static void start(const struct reply *r, uint16_t port, size_t threads)
{
    static struct worker workers[THREADS_MAX];
    for (size_t i = 0; i < threads; i++) {
        struct worker *w = &workers[i];
        *w = (struct worker){ .listener = listen_on(port), .epoll = epoll_create1(EPOLL_CLOEXEC), .reply = r };
        struct epoll_event ev = { .events = EPOLLIN, .data.ptr = NULL };
        if (w->epoll < 0 || epoll_ctl(w->epoll, EPOLL_CTL_ADD, w->listener, &ev) != 0)
            die("epoll");
        if (pthread_create(&w->thread, NULL, worker_main, w) != 0)
            die("pthread_create");
    }
    (void)printf("bare: http://127.0.0.1:%u, %zu threads, %zu bytes a reply\n", port, threads, r->n);
    (void)fflush(stdout);
    for (size_t i = 0; i < threads; i++)
        (void)pthread_join(workers[i].thread, NULL);
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        { "port", required_argument, NULL, 'p' },   { "threads", required_argument, NULL, 't' },
        { "bytes", required_argument, NULL, 'b' },  { "head-bytes", required_argument, NULL, 'h' },
        { "status", required_argument, NULL, 's' }, { NULL, 0, NULL, 0 }
    };
    size_t port = 21400;
    size_t threads = 2;
    size_t body = 1024;
    size_t head = 600;
    int status = 200;
    for (int o = 0; (o = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (o) {
        case 'p': port = number(optarg, UINT16_MAX, "port"); break;
        case 't': threads = number(optarg, THREADS_MAX, "threads"); break;
        case 'b': body = number(optarg, REPLY_MAX, "bytes"); break;
        case 'h': head = number(optarg, HEAD_MAX - 8, "head-bytes"); break;
        case 's': status = (int)number(optarg, 599, "status"); break;
        default:
            (void)fprintf(stderr, "usage: bare [--port 21400] [--threads 2] [--bytes 1024] [--head-bytes 600] "
                                  "[--status 200|304]\n");
            return 2;
        }
    }
    (void)signal(SIGPIPE, SIG_IGN);
    struct reply r = make_reply(status, head, body);
    start(&r, (uint16_t)port, threads == 0 ? 1 : threads);
    free(r.p);
    return 0;
}
