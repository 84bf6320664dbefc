/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"

/* The TLS listener: threads of their own accept, shake hands and carry bytes between a client and one end of a socket
   pair, whose other end is a connection of the HTTP server (net/server.h) with the client's address. So everything
   behind it, streams too, is as it is for plain HTTP (docs/decisions/0021). Runs on: any thread but where said. */
struct cert_box;
struct net_server;
struct tls;

struct tls_options {
    struct str listen; /* as in net_options */
    int threads;
    int connections_max;
    int handshakes_max; /* under way at once; for a further one the oldest gives way */
    int handshake_timeout_s;
    int idle_timeout_s; /* how long a client may take for the rest of what the server said before it closed */
    struct cert_box *certs;
};

/* Listens: whoever connects waits until tls_start. */
enum err tls_open(struct ctx *c, const struct tls_options *o, struct tls **out) NODISCARD;
enum err tls_start(struct ctx *c, struct tls *t, struct net_server *net) NODISCARD;
int tls_port(const struct tls *t); /* what the system gave when `listen` said 0 */
/* No connection is handed to the HTTP server from here on: before that stops. */
void tls_close_door(struct tls *t);
/* After everybody who holds an end of a pair has closed it; what they said last is still sent, for two seconds. */
void tls_stop(struct tls **t);

struct tls_stats {
    int64_t connections; /* open, those that shake hands included */
    int64_t handshakes;  /* under way */
};
void tls_stats(const struct tls *t, struct tls_stats *out);
