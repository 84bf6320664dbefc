/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <sys/socket.h>

#include "base/ctx.h"
#include "net/http.h"

/* The HTTP server: libmicrohttpd's epoll threads own the sockets; a pool of workers runs handlers, blocking.
   A request is first offered to `from_memory` on the loop thread; if that declines, it is queued for a worker.
   A full queue is answered 503 at once. Runs on: loop (from_memory), worker (handle). */
struct net_server;

/* How a request went, from when it was whole to its answer. */
struct net_took {
    int64_t us;
    int64_t waited_us; /* of it, for a worker */
    bool from_memory;
    bool refused; /* no handler saw it */
};

struct net_options {
    struct str listen;       /* "127.0.0.1:8380", "[::1]:8380", ":8380" */
    struct str console_path; /* Unix socket, mode 0600; p == NULL: none */
    int loops;               /* epoll threads */
    int workers;             /* threads for requests that read; few are fastest */
    int writers;   /* threads for the others: they wait for the disk, and share one sync the better the more they are */
    int queue_max; /* requests waiting for a worker */
    int connections_max; /* and as many descriptors: the caller raises RLIMIT_NOFILE */
    int per_address_max; /* connections per IPv4 address or IPv6 /64; trusted proxies are not limited; 0: none is */
    size_t header_max;   /* bytes of a request's head */
    size_t bodies_max;   /* memory for all bodies that are on their way, a quarter of it for those of 64 KiB at most;
                            what finds none is answered 503; 0: any */
    size_t body_max;     /* the largest body any route takes; `body_limit` may say less */
    struct str files_folder; /* for bodies that go to a file (net/body_file.h); p == NULL: there are none */
    uint64_t files_floor;    /* bytes that they leave free on its disk */
    /* A head must arrive within it, counted from the last answer; a body within it and a second for every 8 KiB that
       came, an answer be taken likewise. Of a body of more than 1 MiB 8 KiB a second must come in each such time, of
       one that goes to a file 32 KiB. What does not is cut: a body with a bare 408, everything else without a word. */
    int idle_timeout_s;
    bool has_tls;               /* connections are adopted from a TLS listener (net/tls.h) */
    struct str tls_policy;      /* Strict-Transport-Security of answers to these; p == NULL: none */
    struct str trusted_proxies; /* comma-separated addresses or CIDR whose X-Forwarded-* count */

    void *arg;
    /* Runs on: loop. Limit of this request's body, from method and path alone, before a byte of it is kept. *to_file
       (false before): a form with files goes to a file, and is not held to body_max. */
    size_t (*body_limit)(void *arg, enum http_method m, struct str path, bool *to_file);
    /* Runs on: worker `w`. Whether a body that goes to a file may come, from the head alone; *who (never 0) may send
       one at a time. False: `r` is the answer. NULL: no body goes to a file. */
    bool (*admit)(void *arg, int w, const struct http_req *q, struct http_res *r, int64_t *who);
    /* Runs on: loop. True when it answered; must not block. NULL: never. */
    bool (*from_memory)(void *arg, int loop, const struct http_req *q, struct http_res *r);
    /* Runs on: worker `w` (0..workers+writers-1, each value on one thread). */
    void (*handle)(void *arg, int w, const struct http_req *q, struct http_res *r);
    /* Runs on: loop. Answers what never reaches a handler: 400, 413, 414, 431, 500 (a handler left no status), 503
       (with Retry-After: 5 when it sets none). NULL: no body. What libmicrohttpd itself cannot read (no Host, a broken
       request line, a head that exceeds header_max by 4 KiB) is answered by it with a line of HTML and closed. */
    void (*refuse)(void *arg, int status, const struct http_req *q, struct http_res *r);
    /* Runs on: loop. The answer is whole and goes out. Must not block. NULL: nobody is told. */
    void (*finished)(void *arg, const struct http_req *q, const struct http_res *r, const struct net_took *took);
};

enum err net_server_start(struct ctx *c, const struct net_options *o, struct net_server **out) NODISCARD;
int net_server_port(const struct net_server *s); /* the TCP port: what the system gave when `listen` said 0 */
/* One end of a socket pair as a connection of the client at `peer`, over TLS. Closes fd whatever comes of it. */
bool net_server_adopt(struct net_server *s, int fd, const struct sockaddr *peer, socklen_t n);
/* Until it is adopted, a client counts among those of its address like this. False: there are too many. */
bool net_server_enter(struct net_server *s, const struct sockaddr *peer);
void net_server_leave(struct net_server *s, const struct sockaddr *peer);
/* No new requests (503 with Retry-After through `refuse`); returns when running ones are done or after timeout_s. */
void net_server_drain(struct net_server *s, int timeout_s);
void net_server_stop(struct net_server **s);

struct net_stats {
    int64_t connections; /* open now */
    int64_t requests;    /* since start */
    int64_t from_memory;
    int64_t queued; /* now */
    int64_t refused;
};
void net_server_stats(const struct net_server *s, struct net_stats *out);
