/* SPDX-License-Identifier: Apache-2.0 */
#include "main/serve.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/log.h"
#include "core/site.h"
#include "main/server.h"

static enum log_level level_of(struct str word)
{
    static const char *const words[] = { "debug", "info", "warn", "error" };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (str_eq(word, str_c(words[i])))
            return (enum log_level)i;
    return LOG_INFO;
}

/* As many descriptors as the system lets us have: a connection is one. */
static void raise_descriptors(void)
{
    struct rlimit l;
    if (getrlimit(RLIMIT_NOFILE, &l) != 0 || l.rlim_cur == l.rlim_max)
        return;
    l.rlim_cur = l.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &l);
}

static void greet(const struct server *s)
{
    (void)printf("\n  Parley is ready: " STR_FMT "\n", STR_ARG(s->config.base_url));
    if (s->config.testing)
        log_warn(STR("start"), "testing = yes: anybody can sign in as anybody and nothing is limited");
    (void)fflush(stdout);
}

static void reload(struct server *s)
{
    struct unit u = { 0 };
    struct arena *a = arena_new();
    struct ctx c = { .arena = a, .id = STR("reload") };
    if (unit_open(&c, s, &u) == OK) {
        struct ctx w = unit_begin(&u, a, STR("reload"));
        if (site_refresh(&w) == OK)
            log_info(w.id, "settings read again");
    }
    unit_close(&u);
    arena_free(&a);
}

/* Signals are blocked in every thread and taken here, one at a time. */
static void wait_for_end(struct server *s, const sigset_t *set)
{
    for (;;) {
        int sig = 0;
        if (sigwait(set, &sig) != 0)
            continue;
        if (sig == SIGHUP) {
            reload(s);
            continue;
        }
        log_info(STR("stop"), "draining: running requests have %lld s", (long long)s->config.drain_s);
        return;
    }
}

int serve(struct ctx *c, const struct config *config)
{
    struct server s = { 0 };
    sigset_t set;
    log_set_level(level_of(config->log_level));
    raise_descriptors();
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGHUP);
    (void)pthread_sigmask(SIG_BLOCK, &set, NULL);
    (void)signal(SIGPIPE, SIG_IGN);

    enum err e = server_open(c, config, &s);
    if (e == OK) {
        log_info(STR("start"), "ready in %lld ms", (long long)(clock_monotonic_us() - s.started_us) / 1000);
        greet(&s);
        wait_for_end(&s, &set);
    } else {
        (void)fprintf(stderr, "parley: " STR_FMT "\n", STR_ARG(c->says));
    }
    db_close(&c->db);
    server_close(&s);
    return e == OK ? 0 : 1;
}
