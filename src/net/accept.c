/* SPDX-License-Identifier: Apache-2.0 */
#include "net/accept.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "net/server_impl.h"

#define PAUSE_MS 20 /* until there may be room, or a descriptor, again */

enum { STOP, TCP, CONSOLE, POLLED };

static int64_t connections_of(const struct listener *ln)
{
    int64_t n = 0;
    for (int i = 0; i < ln->loops_n; i++)
        n += atomic_load_explicit(&ln->loops[i].connections, memory_order_relaxed);
    return n;
}

static struct loop *emptiest(const struct listener *ln)
{
    struct loop *best = &ln->loops[0];
    int64_t least = INT64_MAX;
    for (int i = 0; i < ln->loops_n; i++) {
        int64_t n = atomic_load_explicit(&ln->loops[i].connections, memory_order_relaxed);
        if (n < least) {
            least = n;
            best = &ln->loops[i];
        }
    }
    return best;
}

bool accept_give(struct net_server *s, struct listener *ln, int fd, const struct sockaddr *peer, socklen_t n)
{
    if (!net_server_enter(s, peer)) {
        (void)close(fd);
        return false;
    }
    struct loop *l = emptiest(ln);
    atomic_fetch_add_explicit(&l->connections, 1, memory_order_relaxed);
    if (MHD_add_connection(l->daemon, fd, peer, n) == MHD_YES)
        return true;
    atomic_fetch_sub_explicit(&l->connections, 1, memory_order_relaxed);
    net_server_leave(s, peer);
    return false;
}

/* False: there is no descriptor or memory for more at the moment. */
static bool accept_waiting(struct net_server *s, struct listener *ln)
{
    while (connections_of(ln) < ln->connections_max) {
        union {
            struct sockaddr any;
            struct sockaddr_storage room;
        } peer;
        socklen_t n = sizeof peer;
        int fd = accept4(ln->fd, &peer.any, &n, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0)
            (void)accept_give(s, ln, fd, &peer.any, n);
        else if (errno != EINTR && errno != ECONNABORTED)
            return errno == EAGAIN;
    }
    return true;
}

static void *accept_all(void *arg)
{
    struct net_server *s = arg;
    struct listener *listeners[POLLED] = { [TCP] = &s->tcp, [CONSOLE] = &s->console };
    struct pollfd p[POLLED] = { [STOP] = { .fd = s->stop_fd, .events = POLLIN } };
    bool is_short = false;
    (void)pthread_setname_np(pthread_self(), "acceptor");
    for (;;) {
        bool is_waiting = is_short;
        for (int i = TCP; i < POLLED; i++) {
            bool has_room = connections_of(listeners[i]) < listeners[i]->connections_max;
            p[i] = (struct pollfd){ .fd = has_room && !is_short ? listeners[i]->fd : -1, .events = POLLIN };
            is_waiting |= !has_room;
        }
        int ready = poll(p, POLLED, is_waiting ? PAUSE_MS : -1);
        if (p[STOP].revents != 0)
            return NULL;
        is_short = false;
        for (int i = TCP; ready > 0 && i < POLLED; i++)
            if (p[i].revents != 0 && !accept_waiting(s, listeners[i]))
                is_short = true;
    }
}

bool accept_start(struct net_server *s)
{
    s->is_accepting = pthread_create(&s->acceptor, NULL, accept_all, s) == 0;
    return s->is_accepting;
}
