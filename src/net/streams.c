/* SPDX-License-Identifier: Apache-2.0 */
#include "net/streams.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/locks.h"
#include "net/conn.h"
#include "net/ws.h"

#define EVENTS_MAX 256
#define TICK_MS    1000
#define KERNEL_OUT                                                                                              \
    (64 * 1024)          /* asked of the kernel for what is on its way: it keeps less for those who do not read \
                          */
#define LINGER_MS   5000 /* for the other side's half of a close handshake */
#define TEXTS_MAX   120  /* a client may say in TEXTS_MS */
#define TEXTS_MS    10000
#define DISCARD_MAX 4096

struct stream {
    struct stream *prev;
    struct stream *next;
    struct streams *all;
    struct ws *ws; /* NULL: server-sent events */
    void *who;
    char *out; /* what waits: out_n bytes from out_at; NULL when nothing does */
    size_t out_n;
    size_t out_at;
    size_t out_cap;
    int64_t due_ms; /* the next ping or comment; once it ends: when it is cut */
    int64_t texts_from_ms;
    int texts;
    int fd;
    bool is_waiting; /* a ping has had no answer yet */
    bool is_ending;  /* said goodbye: nothing is sent any more */
    bool is_dead;    /* goes at the end of the turn */
};

/* A connection that was handed over and not yet taken in. */
struct offer {
    struct offer *next;
    struct streams *all;
    enum stream_kind kind;
    void *who;
    int fd;
    size_t head_n;
    char head[];
};

struct streams {
    struct streams_options o;
    int epoll_fd;
    int event_fd;
    struct lock lock; /* guards `offers` */
    struct offer *offers;
    struct stream *first;
    struct stream *dead;
    int64_t tick_ms;
    _Atomic bool is_stopping;
    _Atomic bool is_woken;
    _Atomic int64_t open; /* offered ones, too */
    _Atomic int64_t opened;
    _Atomic int64_t sent;
    _Atomic int64_t bytes;
    _Atomic int64_t slow;
};

struct streams *streams_new(const struct streams_options *o)
{
    struct streams *s = calloc(1, sizeof *s);
    if (s == NULL)
        abort();
    s->o = *o;
    lock_init(&s->lock, LOCK_NET_STREAMS);
    s->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    s->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    struct epoll_event e = { .events = EPOLLIN, .data.ptr = NULL };
    if (s->epoll_fd < 0 || s->event_fd < 0 || epoll_ctl(s->epoll_fd, EPOLL_CTL_ADD, s->event_fd, &e) != 0)
        abort(); /* out of descriptors at the start */
    return s;
}

static void ring(struct streams *s)
{
    (void)eventfd_write(s->event_fd, 1);
}

void streams_stop(struct streams *s)
{
    s->is_stopping = true;
    ring(s);
}

void streams_wake(struct streams *s)
{
    s->is_woken = true;
    ring(s);
}

bool streams_have_room(struct streams *s)
{
    return s->open < s->o.max && !s->is_stopping;
}

void streams_stats(struct streams *s, struct streams_stats *out)
{
    *out = (struct streams_stats){ s->open, s->opened, s->sent, s->bytes, s->slow };
}

/* --- the way in --- */

struct hand {
    struct streams *all;
    enum stream_kind kind;
    void *who;
};

static void drop(void *arg)
{
    struct hand *h = arg;
    h->all->open--;
    h->all->o.free_who(h->who);
    free(h);
}

static void take(void *arg, int fd, struct str head)
{
    struct hand *h = arg;
    struct offer *f = malloc(sizeof *f + head.n);
    if (f == NULL)
        abort();
    *f = (struct offer){ .all = h->all, .kind = h->kind, .who = h->who, .fd = fd, .head_n = head.n };
    memcpy(f->head, head.p, head.n);
    {
        LOCKED(&h->all->lock);
        f->next = h->all->offers;
        h->all->offers = f;
    }
    ring(h->all);
    free(h);
}

void streams_hand_over(struct streams *s, struct http_res *r, enum stream_kind kind, void *who)
{
    struct hand *h = malloc(sizeof *h);
    if (h == NULL)
        abort();
    *h = (struct hand){ s, kind, who };
    s->open++;
    r->handover = (struct http_handover){ .take = take, .drop = drop, .arg = h };
}

static void set_socket(int fd)
{
    int yes = 1;
    int no = 0;
    int room = KERNEL_OUT;
    unsigned patience_ms = 60000;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_CORK, &no, sizeof no);
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    (void)setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &patience_ms, sizeof patience_ms);
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
}

static ssize_t ws_in(void *arg, void *to, size_t n)
{
    struct stream *s = arg;
    return recv(s->fd, to, n, MSG_DONTWAIT);
}

static void ws_out(void *arg, struct str bytes)
{
    stream_send(arg, bytes);
}

static void ws_heard(void *arg)
{
    ((struct stream *)arg)->is_waiting = false;
}

static void ws_text(void *arg, struct str text)
{
    struct stream *s = arg;
    int64_t now = conn_now_ms();
    if (now - s->texts_from_ms > TEXTS_MS) {
        s->texts_from_ms = now;
        s->texts = 0;
    }
    if (s->is_ending || s->is_dead)
        return;
    if (++s->texts > TEXTS_MAX)
        stream_end(s, STREAM_REFUSED, STR("Too many messages"));
    else
        s->all->o.text(s->all->o.arg, s, text);
}

static void close_socket(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
    *fd = -1;
}

static void open_one(struct streams *all, struct offer *f)
{
    struct stream *s = calloc(1, sizeof *s);
    struct epoll_event e = { .events = EPOLLIN | EPOLLRDHUP, .data.ptr = s };
    if (s == NULL)
        abort();
    *s = (struct stream){ .all = all, .who = f->who, .fd = f->fd, .next = all->first };
    if (epoll_ctl(all->epoll_fd, EPOLL_CTL_ADD, s->fd, &e) != 0) {
        close_socket(&s->fd);
        all->open--;
        all->o.free_who(s->who);
        free(s);
        return;
    }
    if (all->first != NULL)
        all->first->prev = s;
    all->first = s;
    if (f->kind == STREAM_SOCKET) {
        struct ws_hooks hooks = { .arg = s, .read = ws_in, .write = ws_out, .text = ws_text, .heard = ws_heard };
        s->ws = ws_new(&hooks);
    }
    /* the first one comes at a random part of the time, so that not all come at once */
    int every_s = s->ws != NULL ? all->o.ping_s : all->o.beat_s;
    s->due_ms = conn_now_ms() + (int64_t)every_s * (500 + (int64_t)(all->opened * 7919 % 500));
    all->opened++;
    set_socket(s->fd);
    stream_send(s, (struct str){ f->head, f->head_n });
    all->o.opened(all->o.arg, s);
}

static struct offer *offers_of(struct streams *all)
{
    LOCKED(&all->lock);
    struct offer *f = all->offers;
    all->offers = NULL;
    return f;
}

static void take_in(struct streams *all)
{
    for (struct offer *f = offers_of(all), *next = NULL; f != NULL; f = next) {
        next = f->next;
        open_one(all, f);
        free(f);
    }
}

/* --- the way out --- */

static void die(struct stream *s)
{
    if (s->is_dead)
        return;
    s->is_dead = true;
    if (s->prev != NULL)
        s->prev->next = s->next;
    else
        s->all->first = s->next;
    if (s->next != NULL)
        s->next->prev = s->prev;
    s->next = s->all->dead;
    s->all->dead = s;
}

/* Only between two turns: nobody holds one of them. */
static void bury(struct streams *all)
{
    while (all->dead != NULL) {
        struct stream *s = all->dead;
        all->dead = s->next;
        all->o.closed(all->o.arg, s);
        /* by hand: while libmicrohttpd has not closed its own yet, closing ours would not take it off */
        (void)epoll_ctl(all->epoll_fd, EPOLL_CTL_DEL, s->fd, NULL);
        close_socket(&s->fd);
        ws_free(&s->ws);
        free(s->out);
        all->o.free_who(s->who);
        free(s);
        all->open--;
    }
}

static void watch(struct stream *s, bool out)
{
    struct epoll_event e = { .events = EPOLLIN | EPOLLRDHUP | (out ? EPOLLOUT : 0), .data.ptr = s };
    (void)epoll_ctl(s->all->epoll_fd, EPOLL_CTL_MOD, s->fd, &e);
}

/* What the kernel takes now; -1: the connection is gone. */
static ssize_t push(struct stream *s, const char *p, size_t n)
{
    ssize_t took = send(s->fd, p, n, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (took < 0)
        return errno == EAGAIN || errno == EINTR ? 0 : -1;
    s->all->bytes += took;
    return took;
}

static void keep(struct stream *s, struct str rest)
{
    if (s->out_n - s->out_at + rest.n > s->all->o.out_max) {
        s->all->slow++;
        die(s);
        return;
    }
    if (s->out_at > 0) {
        memmove(s->out, s->out + s->out_at, s->out_n - s->out_at);
        s->out_n -= s->out_at;
        s->out_at = 0;
    }
    if (s->out_n + rest.n > s->out_cap) {
        size_t cap = (s->out_n + rest.n) * 2;
        char *p = realloc(s->out, cap);
        if (p == NULL)
            abort();
        s->out = p;
        s->out_cap = cap;
    }
    if (s->out_n == 0)
        watch(s, true);
    memcpy(s->out + s->out_n, rest.p, rest.n);
    s->out_n += rest.n;
}

void stream_send(struct stream *s, struct str bytes)
{
    ssize_t took = 0;
    if (s->is_dead || s->is_ending)
        return;
    s->all->sent++;
    if (s->out_n == 0)
        took = push(s, bytes.p, bytes.n);
    if (took < 0)
        die(s);
    else if ((size_t)took < bytes.n)
        keep(s, str_skip(bytes, (size_t)took));
}

static void flush(struct stream *s)
{
    ssize_t took = push(s, s->out + s->out_at, s->out_n - s->out_at);
    if (took < 0) {
        die(s);
        return;
    }
    s->out_at += (size_t)took;
    if (s->out_at < s->out_n)
        return;
    free(s->out);
    s->out = NULL;
    s->out_n = s->out_at = s->out_cap = 0;
    watch(s, false);
}

void stream_end(struct stream *s, enum stream_end code, struct str why)
{
    if (s->is_dead || s->is_ending)
        return;
    if (s->ws == NULL) {
        die(s);
        return;
    }
    ws_close(s->ws, (int)code, why);
    s->is_ending = true;
    s->due_ms = conn_now_ms() + LINGER_MS;
}

void *stream_who(struct stream *s)
{
    return s->who;
}

enum stream_kind stream_kind(const struct stream *s)
{
    return s->ws != NULL ? STREAM_SOCKET : STREAM_EVENTS;
}

/* --- the loop --- */

/* Whoever listens to events has nothing to say. */
static bool discard(struct stream *s)
{
    char junk[DISCARD_MAX];
    ssize_t n = recv(s->fd, junk, sizeof junk, MSG_DONTWAIT);
    return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

static void serve(struct stream *s, uint32_t events)
{
    if (s->is_dead)
        return;
    if ((events & EPOLLOUT) != 0 && s->out_n > 0)
        flush(s);
    if (s->is_dead || (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) == 0)
        return;
    bool lives = (events & EPOLLERR) == 0 && (s->ws != NULL ? ws_read(s->ws) : discard(s));
    if (!lives)
        die(s);
}

static void keep_alive(struct stream *s, int64_t now)
{
    if (s->is_ending || (s->ws != NULL && s->is_waiting)) {
        die(s);
        return;
    }
    s->due_ms = now + (int64_t)(s->ws != NULL ? s->all->o.ping_s : s->all->o.beat_s) * 1000;
    if (s->ws != NULL)
        s->is_waiting = true;
    stream_send(s, s->ws != NULL ? ws_ping : STR(":thump\n"));
}

static void tick(struct streams *all)
{
    int64_t now = conn_now_ms();
    if (now - all->tick_ms < TICK_MS)
        return;
    all->tick_ms = now;
    for (struct stream *s = all->first, *next = NULL; s != NULL; s = next) {
        next = s->next;
        if (now >= s->due_ms)
            keep_alive(s, now);
    }
}

static void answer_bell(struct streams *all)
{
    eventfd_t n = 0;
    (void)eventfd_read(all->event_fd, &n);
    take_in(all);
    if (atomic_exchange(&all->is_woken, false))
        all->o.woken(all->o.arg);
}

void streams_run(struct streams *all)
{
    struct epoll_event events[EVENTS_MAX];
    while (!all->is_stopping) {
        int n = epoll_wait(all->epoll_fd, events, EVENTS_MAX, TICK_MS);
        bool is_rung = false;
        for (int i = 0; i < n; i++) {
            if (events[i].data.ptr == NULL)
                is_rung = true;
            else
                serve(events[i].data.ptr, events[i].events);
        }
        if (is_rung)
            answer_bell(all);
        tick(all);
        bury(all);
    }
    take_in(all);
    for (struct stream *s = all->first, *next = NULL; s != NULL; s = next) {
        next = s->next;
        stream_end(s, STREAM_GOING_AWAY, STR("The server stops"));
        die(s);
    }
    bury(all);
}

void streams_free(struct streams **ps)
{
    struct streams *s = *ps;
    if (s == NULL)
        return;
    *ps = NULL;
    for (struct offer *f = s->offers, *next = NULL; f != NULL; f = next) {
        next = f->next;
        close_socket(&f->fd);
        s->o.free_who(f->who);
        free(f);
    }
    lock_fini(&s->lock);
    close_socket(&s->epoll_fd);
    close_socket(&s->event_fd);
    free(s);
}
