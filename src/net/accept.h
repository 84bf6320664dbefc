/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>
#include <sys/socket.h>

struct listener;
struct net_server;

/* One thread accepts for all loops, and each connection goes to the loop that has the fewest (docs/decisions/0022). */
bool accept_start(struct net_server *s);
/* False, and fd is closed: too many come from there, or libmicrohttpd has no memory. Runs on: any thread. */
bool accept_give(struct net_server *s, struct listener *ln, int fd, const struct sockaddr *peer, socklen_t n);
