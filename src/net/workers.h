/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/attr.h"
#include "net/exchange.h"

/* A pool of threads that run handlers, and the bounded queue before it. A thread starts when there is work and none is
   idle, so an idle server has few. Their numbers are first .. first + threads_max - 1. */
struct workers;

struct workers *workers_new(const char *name, int first, int threads_max, int queue_max);
/* Suspends the exchange's connection and queues it. False: the queue is full, nothing was done. Runs on: loop. */
bool workers_submit(struct workers *w, struct exchange *x) NODISCARD;
/* Running handlers finish; what is still queued is refused with 503. Connections are resumed, so libmicrohttpd can
 * stop. */
void workers_stop(struct workers *w);
void workers_free(struct workers **w); /* after the loops have ended: until then they may submit, and are refused */
int64_t workers_queued(const struct workers *w);
