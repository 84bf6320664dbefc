/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "core/trend.h"
#include "feed/feed.h"
#include "jobs/kinds.h"
#include "main/cli.h"
#include "main/demo.h"
#include "main/serve.h"
#include "main/server.h"
#include "store/job.h"
#include "store/setting.h"
#include "store/tx.h"

#define BAR_WIDTH  40
#define JOBS_BATCH 500

static enum err number(struct cli *line, const char *name, int64_t lo, int64_t hi, int64_t *out)
{
    struct str v = cli_value(line, name);
    if (v.p == NULL || (str_to_i64(v, out) && *out >= lo && *out <= hi))
        return OK;
    return fail(line->c, ERR_INVALID, "--%s must be a number from %lld to %lld", name, (long long)lo, (long long)hi);
}

static enum err read_plan(struct cli *line, struct demo_plan *out)
{
    *out = (struct demo_plan){ .members = 200, .parleys = 10000, .days = 60, .seed = 1 };
    TRY(number(line, "members", 10, DEMO_MEMBERS_MAX, &out->members));
    TRY(number(line, "parleys", 1, DEMO_PARLEYS_MAX, &out->parleys));
    TRY(number(line, "days", 2, 3000, &out->days));
    return number(line, "seed", 0, INT64_MAX - 1, &out->seed);
}

static void show_progress(void *arg, int64_t done, int64_t of)
{
    const struct cli *line = arg;
    if (line->json || (!isatty(STDOUT_FILENO) && done != of))
        return;
    int full = (int)(done * BAR_WIDTH / of);
    (void)printf("\r  [%.*s%*s] %lld of %lld parleys", full, "########################################",
                 BAR_WIDTH - full, "", (long long)done, (long long)of);
    if (done == of)
        (void)printf("\n");
    (void)fflush(stdout);
}

/* What the parleys left to be done, now and at once: nobody waits for it later. */
static enum err run_jobs(struct ctx *c)
{
    static const struct job_tools none = { 0 };
    struct job *due = NULL;
    int64_t n = JOBS_BATCH;
    while (n == JOBS_BATCH) {
        TRY(store_job_due(c, c->now_ms, NULL, JOBS_BATCH, &due, &n));
        for (int64_t i = 0; i < n; i++) {
            TX tx = { 0 };
            const struct job_row *row = job_row_of(due[i].kind);
            if (row != NULL && due[i].kind != JOB_MAIL)
                TRY(row->run(c, &none, &due[i]));
            TRY(tx_begin(c, &tx));
            TRY(store_job_done(c, &due[i]));
            TRY(tx_commit(&tx));
        }
    }
    return OK;
}

static enum err fill(struct cli *line, const struct config *config, const struct demo_plan *plan)
{
    struct ctx *c = line->c;
    struct server s = { 0 };
    int64_t newest = 0;
    int64_t from_us = clock_monotonic_us();
    enum err e = server_prepare_unsynced(c, config, &s);
    if (e == OK)
        e = store_newest_id(c, &newest);
    if (e == OK && newest == 0) {
        if (!line->json)
            (void)printf("\n  Making a community in " STR_FMT " ...\n", STR_ARG(config->data));
        e = demo_fill(c, plan, show_progress, line);
        if (e == OK)
            e = run_jobs(c);
        if (e == OK)
            e = feed_save(c);
        if (e == OK)
            e = trend_save(c);
        if (e == OK && !line->json)
            (void)printf("  Made in %lld s.\n", (long long)(clock_monotonic_us() - from_us) / 1000000);
    }
    db_close(&c->db);
    server_close(&s);
    *c = (struct ctx){ .arena = c->arena, .now_ms = clock_now_ms(), .id = c->id, .says = c->says };
    return e;
}

static bool says_data(const struct cli *line)
{
    for (size_t i = 0; i < line->over_n; i++)
        if (str_eq(line->over[i].name, STR("data")))
            return true;
    return false;
}

int cmd_demo(struct cli *line)
{
    struct config config;
    struct demo_plan plan;
    if (!says_data(line) && line->over_n < CLI_OVERRIDES_MAX)
        line->over[line->over_n++] = (struct config_override){ STR("data"), STR("./demo") };
    if (read_plan(line, &plan) != OK || cli_config(line, &config) != OK || fill(line, &config, &plan) != OK)
        return cli_refuse(line);
    if (cli_has(line, "only-fill"))
        return EXIT_DONE;
    return serve(line, &config,
                 "\n  Sign in as " DEMO_USER " with the password: " DEMO_PASSWORD
                 "\n  Everybody else is made up, and so is what they say.\n");
}
