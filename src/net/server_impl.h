/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <microhttpd.h>

#include "net/body_file.h"
#include "net/conn.h"
#include "net/crowd.h"
#include "net/proxy.h"
#include "net/server.h"
#include "net/workers.h"

/* A socket that listens, and the loops that its connections go to. */
struct listener {
    int fd;             /* -1: none */
    struct loop *loops; /* a slice of the server's */
    int loops_n;
    int connections_max;
};

struct net_server {
    struct net_options opt;
    struct arena *arena; /* the options' texts and trusted ranges */
    struct net_ranges trusted;
    struct crowd *crowd;
    int64_t idle_ms;
    int port; /* what the listener got; 0 asked for any */
    _Atomic bool is_draining;
    _Atomic size_t bodies;   /* bytes of memory that bodies have */
    struct body_files files; /* and those that have none */
    struct workers *workers; /* of what reads */
    struct workers *writers; /* of all else */
    struct listener tcp;
    struct listener console;
    struct loop *loops; /* opt.loops of the TCP listener, then one of the console */
    int loops_n;
    int stop_fd; /* an eventfd: wakes the next two to their end */
    bool is_sweeping;
    bool is_accepting;
    pthread_t sweeper;
    pthread_t acceptor;
};

int64_t net_server_running(const struct net_server *s);
