/* SPDX-License-Identifier: Apache-2.0 */
#include "net/conn.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "net/server_impl.h"

int64_t conn_now_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void name_peer(struct conn *k, const struct sockaddr *peer)
{
    if (!net_addr_of(peer, &k->addr))
        return;
    k->is_trusted = net_addr_is_in(&k->loop->server->trusted, &k->addr);
    k->ip_n = net_addr_text(&k->addr, k->ip, sizeof k->ip);
    k->is_counted = !k->is_trusted;
}

/* Whose bytes come through a socket pair came over TLS. */
static bool is_paired(int fd)
{
    int domain = 0;
    socklen_t n = sizeof domain;
    return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &n) == 0 && domain == AF_UNIX;
}

struct conn *conn_open(struct loop *l, int fd, const struct sockaddr *peer)
{
    struct conn *k = calloc(1, sizeof *k);
    if (k == NULL)
        abort();
    k->loop = l;
    k->fd = fd;
    k->is_tls = l->server->opt.has_tls && !l->is_console && is_paired(fd);
    name_peer(k, peer);
    atomic_store_explicit(&k->deadline_ms, conn_now_ms() + l->server->idle_ms, memory_order_relaxed);
    lock_take(&l->lock);
    k->next = l->conns;
    if (k->next != NULL)
        k->next->prev = k;
    l->conns = k;
    lock_release(&l->lock);
    return k;
}

void conn_close(struct conn **k)
{
    struct conn *c = *k;
    if (c == NULL)
        return;
    *k = NULL;
    if (c->is_counted)
        crowd_leave(c->loop->server->crowd, &c->addr);
    lock_take(&c->loop->lock);
    if (c->prev != NULL)
        c->prev->next = c->next;
    else
        c->loop->conns = c->next;
    if (c->next != NULL)
        c->next->prev = c->prev;
    lock_release(&c->loop->lock);
    atomic_fetch_sub_explicit(&c->loop->connections, 1, memory_order_relaxed);
    free(c);
}

/* Nothing else is being written while a body is awaited, so the line cannot land inside another answer. */
static void say_timeout(struct conn *k)
{
    static const char text[] = "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n"
                               "Content-Type: text/plain; charset=utf-8\r\nContent-Length: 79\r\n\r\n"
                               "What you sent came too slowly, or stopped. Try again over a better connection.\n";
    if (!atomic_load_explicit(&k->in_body, memory_order_relaxed))
        return;
    atomic_store_explicit(&k->was_late, true, memory_order_relaxed);
    (void)send(k->fd, text, sizeof text - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

void conn_sweep(struct loop *l)
{
    int64_t now = conn_now_ms();
    LOCKED(&l->lock);
    for (struct conn *k = l->conns; k != NULL; k = k->next) {
        int64_t deadline = atomic_load_explicit(&k->deadline_ms, memory_order_relaxed);
        if (deadline == 0 || now <= deadline)
            continue;
        say_timeout(k);
        /* The loop sees the end of the stream and closes; the descriptor itself is its to close. */
        (void)shutdown(k->fd, SHUT_RDWR);
        atomic_store_explicit(&k->deadline_ms, now + l->server->idle_ms, memory_order_relaxed);
    }
}
