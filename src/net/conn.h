/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>

#include "base/locks.h"
#include "base/str.h"
#include "net/proxy.h"

struct exchange;
struct MHD_Daemon;
struct net_server;
struct sockaddr;

/* One epoll thread and what it owns. Only that thread touches the free list; counters are read by anyone. */
struct loop {
    struct net_server *server;
    int index;
    bool is_console;
    struct MHD_Daemon *daemon; /* whose thread this is */
    struct lock lock;          /* guards `conns`; held by the sweeper too */
    struct conn *conns;
    struct exchange *free;
    int free_n;
    _Atomic int64_t connections; /* given to it and not closed */
    _Atomic int64_t running;     /* exchanges from whole request to written answer */
    _Atomic int64_t requests;
    _Atomic int64_t from_memory;
    _Atomic int64_t refused;
} __attribute__((aligned(64)));

/* One open connection, from accept to close. Owned by its loop's thread; the sweeper reads fd and deadline_ms under the
   loop's lock, which is held too while the connection leaves the list, before its descriptor is closed. */
struct conn {
    struct conn *prev;
    struct conn *next;
    struct loop *loop;
    struct exchange *exchange; /* of its loop's thread: the one that libmicrohttpd has not reported completed */
    int fd;
    bool is_tls;
    bool is_trusted; /* the peer may say X-Forwarded-* */
    bool is_counted; /* in the server's crowd, since it was accepted: neither the console nor a trusted proxy is */
    struct net_addr addr;
    char ip[INET6_ADDRSTRLEN];
    size_t ip_n;
    _Atomic int64_t deadline_ms; /* monotonic; 0: none, a handler runs */
    _Atomic bool in_body;        /* a late body is told 408; a late head is just cut */
    _Atomic bool was_late;       /* its body was, and is cut off */
};

int64_t conn_now_ms(void); /* monotonic, coarse (a few milliseconds) */
struct conn *conn_open(struct loop *l, int fd, const struct sockaddr *peer); /* peer NULL: none */
void conn_close(struct conn **k);
/* Cuts the connections of a loop whose deadline has passed. Runs on: the sweeper's thread. */
void conn_sweep(struct loop *l);

/* The peer's address: 1.2.3.4, or IPv6 text; IPv4 mapped into IPv6 reads as IPv4. Empty on the console. */
static inline struct str conn_ip(const struct conn *k)
{
    return (struct str){ k->ip, k->ip_n };
}
