/* SPDX-License-Identifier: Apache-2.0 */
#include "main/watch.h"

#include "api/api.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "main/server.h"

#define TROUBLE_LINES_PER_S 20 /* a server in trouble must not drown in its own log */

/* The words of METRIC_REQUEST, in their order. */
enum class { TIMELINE, READ, WRITE, PAGE, FORM, FILE_, OTHER };
#define STATUSES 5

static enum class class_of(const struct http_req *q) {
    bool reads = q->method == HTTP_GET || q->method == HTTP_HEAD || q->method == HTTP_OPTIONS;
    if (str_starts(q->path, STR("/api/v1/timelines/"))) return TIMELINE;
    if (str_starts(q->path, STR("/api/"))) return reads ? READ : WRITE;
    if (str_starts(q->path, STR("/media/")) || str_starts(q->path, STR("/assets/"))) return FILE_;
    if (q->from_console || q->method == HTTP_OTHER || api_owns(q->path)) return OTHER;
    return reads ? PAGE : FORM;
}

/* False: enough was said in this second. *more: what was left out since the last line. */
static bool may_say(struct server *s, int64_t *more)
{
    int64_t second = clock_monotonic_us() / 1000000;
    if (atomic_exchange_explicit(&s->trouble_second, second, memory_order_relaxed) != second)
        atomic_store_explicit(&s->trouble_lines, 0, memory_order_relaxed);
    if (atomic_fetch_add_explicit(&s->trouble_lines, 1, memory_order_relaxed) >= TROUBLE_LINES_PER_S) {
        atomic_fetch_add_explicit(&s->trouble_unsaid, 1, memory_order_relaxed);
        return false;
    }
    *more = atomic_exchange_explicit(&s->trouble_unsaid, 0, memory_order_relaxed);
    return true;
}

static void say(struct server *s, const struct http_req *q, const struct http_res *r, const struct net_took *took,
                bool slow)
{
    bool failed = r->status >= 500;
    struct log_request l = {
        .id = http_res_header_of(r, STR("X-Request-Id")),
        .method = q->method == HTTP_OTHER ? STR("other") : q->method_name,
        .route = r->route != NULL  ? str_c(r->route)
                 : q->from_console ? STR("console")
                                   : STR("none"),
        .status = r->status,
        .us = took->us,
        .waited_us = took->waited_us,
        .from_memory = took->from_memory,
    };
    if ((failed || slow) && may_say(s, &l.unsaid))
        log_request(r->status == 500 ? LOG_ERROR : LOG_WARN, failed ? "failed request" : "slow request", &l);
    else if (s->access_log)
        log_request(LOG_INFO, "request", &l);
}

void watch_finished(void *server, const struct http_req *q, const struct http_res *r, const struct net_took *took)
{
    struct server *s = server;
    int status = r->status < 100 || r->status > 599 ? STATUSES - 1 : r->status / 100 - 1;
    metrics_observe(METRIC_REQUEST, ((int)class_of(q) * STATUSES + status) * 2 + (took->from_memory ? 0 : 1), took->us);
    if (took->refused)
        metrics_add(METRIC_REFUSED, 0, 1);
    int64_t slow_us = atomic_load_explicit(&s->slow_us, memory_order_relaxed);
    bool slow = slow_us > 0 && took->us >= slow_us;
    if (r->status >= 500 || slow || atomic_load_explicit(&s->access_log, memory_order_relaxed))
        say(s, q, r, took, slow);
}
