/* SPDX-License-Identifier: Apache-2.0 */
#include "main/serve.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/log.h"
#include "core/signup.h"
#include "core/site.h"
#include "main/secure.h"
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

/* Where to go, and while there is no owner the link that makes one. */
static enum err greet(struct ctx *c, const struct server *s, const char *before)
{
    struct str secret = { 0 };
    TRY(sign_up_setup_begin(c, &secret));
    (void)printf("\n  Parley is ready: " STR_FMT "\n", STR_ARG(s->config.base_url));
    if (before != NULL)
        (void)printf("%s", before);
    else if (secret.p != NULL)
        (void)printf("\n  Nobody owns it yet. Whoever opens this link first does. It works once, for %d minutes\n"
                     "  (a new one: 'parley member owner-link', or start it again):\n  " STR_FMT "/setup/" STR_FMT "\n",
                     SETUP_LASTS_MIN, STR_ARG(s->config.base_url), STR_ARG(secret));
    (void)printf("\n");
    (void)fflush(stdout);
    if (s->config.testing)
        log_warn(STR("start"), "testing = yes: anybody can sign in as anybody and nothing is limited");
    return OK;
}

/* Of the configuration: what is logged, and the certificate. What else it says counts from the next start on. */
static void reload_config(struct ctx *c, struct server *s, const struct cli *line)
{
    struct config now;
    bool is_good = config_load(c, line->file, line->over, line->over_n, &now) == OK;
    if (is_good) {
        log_set_level(level_of(now.log_level));
        s->slow_us = now.slow_request_ms * 1000;
        s->access_log = now.access_log;
    } else {
        log_warn(c->id, "the configuration is left as it was: " STR_FMT, STR_ARG(c->says));
    }
    if (secure_reload(c, s, is_good ? &now : NULL) != OK)
        log_debug(c->id, "the certificate is the old one"); /* why has been said */
}

/* Settings, rules and some of the configuration. */
static void reload(struct server *s, const struct cli *line)
{
    struct unit u = { 0 };
    struct arena *a = arena_new();
    struct ctx c = { .arena = a, .id = STR("reload"), .now_ms = clock_now_ms() };
    reload_config(&c, s, line);
    if (unit_open(&c, s, &u) == OK) {
        struct ctx w = unit_begin(&u, a, STR("reload"));
        if (site_refresh(&w) == OK)
            log_info(w.id, "settings read again");
    }
    unit_close(&u);
    arena_free(&a);
}

/* Signals are blocked in every thread and taken here, one at a time. */
static void wait_for_end(struct server *s, const struct cli *line, const sigset_t *set)
{
    for (;;) {
        int sig = 0;
        if (sigwait(set, &sig) != 0)
            continue;
        if (sig == SIGHUP) {
            reload(s, line);
            continue;
        }
        log_info(STR("stop"), "draining: running requests have %lld s", (long long)s->config.drain_s);
        return;
    }
}

static void take_signals(sigset_t *set)
{
    (void)sigemptyset(set);
    (void)sigaddset(set, SIGTERM);
    (void)sigaddset(set, SIGINT);
    (void)sigaddset(set, SIGHUP);
    (void)pthread_sigmask(SIG_BLOCK, set, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
}

int serve(struct cli *line, const struct config *config, const char *before)
{
    struct ctx *c = line->c;
    struct server s = { 0 };
    sigset_t set;
    int code = EXIT_DONE;
    log_set_level(level_of(config->log_level));
    raise_descriptors();
    take_signals(&set);
    c->id = STR("start");
    struct str strays = config_strays(c->arena);
    if (strays.n > 0)
        log_warn(c->id, "no key of the configuration is set by " STR_FMT ": 'parley config keys' lists them all",
                 STR_ARG(strays));
    enum err e = server_open(c, config, &s);
    if (e == OK) {
        log_info(c->id, "ready in %lld ms", (long long)(clock_monotonic_us() - s.started_us) / 1000);
        e = greet(c, &s, before);
    }
    if (e == OK)
        wait_for_end(&s, line, &set);
    else
        code = cli_refuse(line);
    db_close(&c->db);
    server_close(&s);
    log_info(STR("stop"), "stopped");
    return code;
}

int cmd_serve(struct cli *line)
{
    struct config config;
    if (cli_config(line, &config) != OK)
        return cli_refuse(line);
    return serve(line, &config, NULL);
}
