/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "net/server.h"

/* What becomes of each request in figures and log. Runs on: loop. */
struct server;
void watch_finished(void *server, const struct http_req *q, const struct http_res *r, const struct net_took *took);
