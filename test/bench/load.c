/* SPDX-License-Identifier: Apache-2.0 */
#include "load.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/jw.h"

static const char usage[] =
    "usage: load --port N [options]\n"
    "  --host 127.0.0.1       IPv4 address of the server\n"
    "  --connections 64       kept-alive connections, each with one request under way\n"
    "  --seconds 5            how long to measure; or --requests N, how many replies\n"
    "  --warmup-ms 500        asked before measuring, not counted\n"
    "  --target /path         what to ask; or --targets FILE: a path a line, optionally a tab and a bearer token\n"
    "  --tokens FILE          bearer tokens, a line each, used in turn\n"
    "  --method GET           \n"
    "  --header 'Name: text'  added to every request; may be repeated\n"
    "  --body TEXT            template of the body: {n} counts from --first-n (0); --type application/json\n"
    "  --revalidate           asks each target once, then sends If-None-Match with its ETag\n"
    "  --expect STATUS        what counts as success; otherwise 2xx and 304\n"
    "  --pid N                of the server: CPU per request and resident memory\n"
    "  --save FILE            writes the body of a first reply\n"
    "  --json                 one line of JSON in place of text\n"
    "Ends with 1 if a connection broke or a reply had another status than expected.\n";

enum {
    OPT_HOST = 256,
    OPT_PORT,
    OPT_CONNECTIONS,
    OPT_SECONDS,
    OPT_REQUESTS,
    OPT_WARMUP,
    OPT_TARGET,
    OPT_TARGETS,
    OPT_TOKENS,
    OPT_METHOD,
    OPT_HEADER,
    OPT_BODY,
    OPT_TYPE,
    OPT_FIRST_N,
    OPT_REVALIDATE,
    OPT_EXPECT,
    OPT_PID,
    OPT_SAVE,
    OPT_JSON
};

static const struct option options[] = { { "host", required_argument, NULL, OPT_HOST },
                                         { "port", required_argument, NULL, OPT_PORT },
                                         { "connections", required_argument, NULL, OPT_CONNECTIONS },
                                         { "seconds", required_argument, NULL, OPT_SECONDS },
                                         { "requests", required_argument, NULL, OPT_REQUESTS },
                                         { "warmup-ms", required_argument, NULL, OPT_WARMUP },
                                         { "target", required_argument, NULL, OPT_TARGET },
                                         { "targets", required_argument, NULL, OPT_TARGETS },
                                         { "tokens", required_argument, NULL, OPT_TOKENS },
                                         { "method", required_argument, NULL, OPT_METHOD },
                                         { "header", required_argument, NULL, OPT_HEADER },
                                         { "body", required_argument, NULL, OPT_BODY },
                                         { "type", required_argument, NULL, OPT_TYPE },
                                         { "first-n", required_argument, NULL, OPT_FIRST_N },
                                         { "revalidate", no_argument, NULL, OPT_REVALIDATE },
                                         { "expect", required_argument, NULL, OPT_EXPECT },
                                         { "pid", required_argument, NULL, OPT_PID },
                                         { "save", required_argument, NULL, OPT_SAVE },
                                         { "json", no_argument, NULL, OPT_JSON },
                                         { NULL, 0, NULL, 0 } };

static int64_t number(int64_t min, int64_t max)
{
    int64_t v = 0;
    if (!str_to_i64(str_c(optarg), &v) || v < min || v > max) {
        (void)fprintf(stderr, "load: '%s' is not a number from %lld to %lld\n", optarg, (long long)min, (long long)max);
        exit(2);
    }
    return v;
}

static void usage_exit(void)
{
    (void)fputs(usage, stderr);
    exit(2);
}

static void option_set(struct load_options *o, int which)
{
    switch (which) {
    case OPT_HOST: o->host = optarg; break;
    case OPT_PORT: o->port = (int)number(1, UINT16_MAX); break;
    case OPT_CONNECTIONS: o->connections = (size_t)number(1, LOAD_CONNECTIONS_MAX); break;
    case OPT_SECONDS: o->seconds = number(1, 86400); break;
    case OPT_REQUESTS: o->requests = number(1, INT64_MAX); break;
    case OPT_WARMUP: o->warmup_ms = number(0, 600000); break;
    case OPT_TARGET: o->target = optarg; break;
    case OPT_TARGETS: o->targets_file = optarg; break;
    case OPT_TOKENS: o->tokens_file = optarg; break;
    case OPT_METHOD: o->method = optarg; break;
    case OPT_HEADER:
        if (o->headers_n == LOAD_HEADERS_MAX)
            usage_exit();
        o->headers[o->headers_n++] = optarg;
        break;
    case OPT_BODY: o->body = optarg; break;
    case OPT_TYPE: o->type = optarg; break;
    case OPT_FIRST_N: o->first_n = number(0, INT64_MAX / 2); break;
    case OPT_REVALIDATE: o->revalidate = true; break;
    case OPT_EXPECT: o->expect = (int)number(200, 599); break;
    case OPT_PID: o->pid = (pid_t)number(1, INT32_MAX); break;
    case OPT_SAVE: o->save = optarg; break;
    case OPT_JSON: o->json = true; break;
    default: usage_exit();
    }
}

static int64_t per_reply(const struct load_result *r, int64_t v)
{
    return r->replies == 0 ? 0 : v / r->replies;
}

static int64_t rps_of(const struct load_result *r)
{
    return r->elapsed_us <= 0 ? 0 : (int64_t)((__int128)r->replies * 1000000 / r->elapsed_us);
}

static int64_t latency_us(const struct load_result *r, uint64_t per_million)
{
    return (int64_t)(hist_at(&r->latency, per_million) / 1000);
}

static void print_latency(struct jw *w, const struct load_result *r)
{
    jw_kobj(w, STR("latency_us"));
    jw_ki64(w, STR("min"), r->replies == 0 ? 0 : (int64_t)(r->latency.min / 1000));
    jw_ki64(w, STR("mean"), (int64_t)(hist_mean(&r->latency) / 1000));
    jw_ki64(w, STR("p50"), latency_us(r, 500000));
    jw_ki64(w, STR("p90"), latency_us(r, 900000));
    jw_ki64(w, STR("p99"), latency_us(r, 990000));
    jw_ki64(w, STR("p999"), latency_us(r, 999000));
    jw_ki64(w, STR("max"), (int64_t)(r->latency.max / 1000));
    jw_obj_end(w);
}

static void print_json(struct arena *a, const struct load_result *r)
{
    struct jw w = jw_on(a);
    jw_obj(&w);
    jw_ki64(&w, STR("rps"), rps_of(r));
    jw_ki64(&w, STR("replies"), r->replies);
    jw_ki64(&w, STR("elapsed_us"), r->elapsed_us);
    jw_ki64(&w, STR("unexpected"), r->unexpected);
    jw_ki64(&w, STR("broken"), r->broken);
    jw_kobj(&w, STR("by_status"));
    for (size_t i = 0; i < sizeof r->by_status / sizeof *r->by_status; i++) {
        if (r->by_status[i] > 0)
            jw_ki64(&w, arena_strf(a, "%zu", i), r->by_status[i]);
    }
    jw_obj_end(&w);
    print_latency(&w, r);
    jw_ki64(&w, STR("head_bytes"), per_reply(r, (int64_t)r->head_bytes));
    jw_ki64(&w, STR("body_bytes"), per_reply(r, (int64_t)r->body_bytes));
    jw_ki64(&w, STR("server_cpu_us_total"), r->server_cpu_us);
    jw_ki64(&w, STR("server_cpu_ns_per_reply"), per_reply(r, r->server_cpu_us * 1000));
    jw_ki64(&w, STR("server_rss_kib"), r->server_rss_kib);
    jw_ki64(&w, STR("server_rss_peak_kib"), r->server_rss_peak_kib);
    jw_ki64(&w, STR("load_cpu_ns_per_reply"), per_reply(r, r->own_cpu_us * 1000));
    jw_obj_end(&w);
    struct str line = jw_end(&w);
    (void)printf(STR_FMT "\n", STR_ARG(line));
}

static void print_text(const struct load_options *o, const struct load_result *r)
{
    (void)printf("%lld replies/s (%lld in %.2f s), %lld + %lld bytes each\n", (long long)rps_of(r),
                 (long long)r->replies, (double)r->elapsed_us / 1e6, (long long)per_reply(r, (int64_t)r->head_bytes),
                 (long long)per_reply(r, (int64_t)r->body_bytes));
    (void)printf("latency ms: mean %.3f  p50 %.3f  p90 %.3f  p99 %.3f  p99.9 %.3f  max %.3f\n",
                 (double)hist_mean(&r->latency) / 1e6, (double)latency_us(r, 500000) / 1e3,
                 (double)latency_us(r, 900000) / 1e3, (double)latency_us(r, 990000) / 1e3,
                 (double)latency_us(r, 999000) / 1e3, (double)r->latency.max / 1e6);
    (void)printf("status:");
    for (size_t i = 0; i < sizeof r->by_status / sizeof *r->by_status; i++) {
        if (r->by_status[i] > 0)
            (void)printf(" %zu: %lld", i, (long long)r->by_status[i]);
    }
    (void)printf("; unexpected %lld, broken connections %lld\n", (long long)r->unexpected, (long long)r->broken);
    if (o->pid != 0)
        (void)printf("server: %.4f ms of CPU a reply, %lld KiB resident (at most %lld)\n",
                     (double)per_reply(r, r->server_cpu_us * 1000) / 1e6, (long long)r->server_rss_kib,
                     (long long)r->server_rss_peak_kib);
    (void)printf("generator: %.4f ms of CPU a reply\n", (double)per_reply(r, r->own_cpu_us * 1000) / 1e6);
}

int main(int argc, char **argv)
{
    static struct load_result r;
    struct load_options o = { .host = "127.0.0.1",
                              .connections = 64,
                              .seconds = 5,
                              .warmup_ms = 500,
                              .method = "GET",
                              .type = "application/json" };
    struct load_plan plan = { 0 };
    for (int which; (which = getopt_long(argc, argv, "", options, NULL)) != -1;)
        option_set(&o, which);
    if (optind != argc || o.port == 0 || (o.target == NULL) == (o.targets_file == NULL))
        usage_exit();
    (void)signal(SIGPIPE, SIG_IGN);
    struct arena *a = arena_new();
    bool ok = load_plan_build(a, &o, &plan) && (!o.revalidate || load_plan_revalidate(a, &o, &plan))
              && (o.save == NULL || load_plan_probe(&o, &plan)) && load_run(&o, &plan, &r);
    if (ok && o.json)
        print_json(a, &r);
    else if (ok)
        print_text(&o, &r);
    arena_free(&a);
    return ok && r.unexpected == 0 && r.broken == 0 ? 0 : 1;
}
