/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <unistd.h>

#include "api/live.h"
#include "base/clock.h"
#include "base/metrics.h"
#include "core/search_index.h"
#include "core/site.h"
#include "feed/feed.h"
#include "jobs/jobs.h"
#include "jobs/kinds.h"
#include "main/console_rows.h"
#include "main/gauges.h"
#include "main/server.h"
#include "main/version.h"
#include "net/server.h"
#include "store/job.h"
#include "store/news.h"
#include "store/schema.h"
#include "store/setting.h"
#include "store/tx.h"

enum err console_version(struct ctx *c, struct console *k)
{
    (void)c;
    jw_kstr(&k->w, STR("version"), STR(PARLEY_VERSION));
    jw_ki64(&k->w, STR("schema"), schema_version());
    return OK;
}

static void put_site(struct ctx *c, struct jw *w)
{
    struct site_counts counts = { 0 };
    site_figures(c->sites, &counts);
    /* the keeper's figures are some seconds old; what is counted in one step is counted now */
    if (counts.members < SITE_COUNT_SLICE && site_figures_count(c) == OK)
        site_figures(c->sites, &counts);
    jw_kstr(w, STR("title"), c->site->title);
    jw_kstr(w, STR("base_url"), c->site->base_url);
    jw_kstr(w, STR("mode"), site_mode_word(c->site->mode));
    jw_kbool(w, STR("disk_full"), c->site->disk_full);
    jw_kbool(w, STR("testing"), c->site->testing);
    jw_ki64(w, STR("members"), counts.members);
    jw_ki64(w, STR("active_month"), counts.active_month);
    jw_ki64(w, STR("parleys"), counts.statuses);
}

static void put_net(const struct server *s, struct jw *w)
{
    struct net_stats n = { 0 };
    net_server_stats(s->net, &n);
    jw_kobj(w, STR("net"));
    jw_ki64(w, STR("connections"), n.connections);
    jw_ki64(w, STR("requests"), n.requests);
    jw_ki64(w, STR("from_memory"), n.from_memory);
    jw_ki64(w, STR("queued"), n.queued);
    jw_ki64(w, STR("refused"), n.refused);
    jw_obj_end(w);
}

static void put_feed(const struct server *s, struct jw *w)
{
    struct feed_stats f = { 0 };
    feed_stats(s->feed, &f);
    jw_kobj(w, STR("feed"));
    jw_ki64(w, STR("bytes"), f.bytes);
    jw_ki64(w, STR("budget"), f.budget);
    jw_ki64(w, STR("authors"), f.authors);
    jw_ki64(w, STR("entries"), f.entries);
    jw_ki64(w, STR("readers"), f.readers);
    jw_ki64(w, STR("rendered"), f.rendered);
    jw_ki64(w, STR("hits"), f.hits);
    jw_ki64(w, STR("misses"), f.misses);
    jw_obj_end(w);
}

static void put_streams(const struct server *s, struct jw *w)
{
    struct streams_stats n = { 0 };
    live_stats(s->live, &n);
    jw_kobj(w, STR("streams"));
    jw_ki64(w, STR("open"), n.open);
    jw_ki64(w, STR("opened"), n.opened);
    jw_ki64(w, STR("sent"), n.sent);
    jw_ki64(w, STR("bytes"), n.bytes);
    jw_ki64(w, STR("slow"), n.slow);
    jw_ki64(w, STR("lost"), news_lost(s->news));
    jw_obj_end(w);
}

static enum err put_jobs(struct ctx *c, struct jw *w)
{
    int64_t waiting = 0;
    int64_t dead = 0;
    int64_t oldest_ms = 0;
    TRY(store_job_counts(c, &waiting, &dead, &oldest_ms));
    jw_kobj(w, STR("jobs"));
    jw_ki64(w, STR("waiting"), waiting);
    jw_ki64(w, STR("dead"), dead);
    jw_ktime(w, STR("oldest_due_at"), oldest_ms);
    jw_obj_end(w);
    return OK;
}

enum err console_info(struct ctx *c, struct console *k)
{
    const struct server *s = k->server;
    int64_t indexed = 0;
    TRY(console_version(c, k));
    jw_ki64(&k->w, STR("pid"), getpid());
    jw_ki64(&k->w, STR("uptime_s"), (clock_monotonic_us() - s->started_us) / 1000000);
    jw_ki64(&k->w, STR("resident_bytes"), gauges_resident_bytes());
    put_site(c, &k->w);
    put_net(s, &k->w);
    put_feed(s, &k->w);
    put_streams(s, &k->w);
    TRY(search_index_percent(c, &indexed));
    jw_ki64(&k->w, STR("search_index_percent"), indexed);
    return put_jobs(c, &k->w);
}

static void put_figure(void *arg, const struct metric_value *v)
{
    struct jw *w = arg;
    jw_obj(w);
    jw_kstr(w, STR("name"), v->name);
    jw_kstr(w, STR("labels"), v->labels);
    jw_kstr(w, STR("value"), v->value);
    jw_obj_end(w);
}

enum err console_metrics(struct ctx *c, struct console *k)
{
    struct metrics *now = ARENA_NEW(c->arena, struct metrics);
    metrics_read(now);
    jw_karr(&k->w, STR("metrics"));
    metrics_each(c->arena, now, put_figure, &k->w);
    jw_arr_end(&k->w);
    return OK;
}

/* --- jobs --- */

static void put_job(struct jw *w, const struct job *j)
{
    const struct job_row *row = job_row_of(j->kind);
    jw_obj(w);
    jw_kid(w, STR("id"), j->id);
    jw_kstr(w, STR("kind"), row == NULL ? STR("unknown") : str_c(row->name));
    jw_kid(w, STR("subject"), j->subject);
    jw_ki64(w, STR("tries"), j->tries);
    jw_ktime(w, STR("created_at"), j->created_ms);
    jw_ktime(w, STR("due_at"), j->due_ms);
    jw_knull_str(w, STR("error"), j->error.n > 0 ? j->error : (struct str){ 0 });
    jw_obj_end(w);
}

enum err console_job_list(struct ctx *c, struct console *k)
{
    struct job *all = NULL;
    int64_t n = 0;
    int64_t limit = 0;
    TRY(console_number(c, k, "limit", 1, CONSOLE_LIST_MAX, 50, &limit));
    if (http_bool(k->q, "waiting", false))
        TRY(store_job_due(c, INT64_MAX, NULL, limit, &all, &n));
    else
        TRY(store_job_dead(c, limit, &all, &n));
    TRY(put_jobs(c, &k->w));
    jw_karr(&k->w, STR("list"));
    for (int64_t i = 0; i < n; i++)
        put_job(&k->w, &all[i]);
    jw_arr_end(&k->w);
    return OK;
}

enum err console_job_retry(struct ctx *c, struct console *k)
{
    TX tx = { 0 };
    int64_t id = 0;
    TRY(console_id(c, k, "id", &id));
    TRY(tx_begin(c, &tx));
    TRY(store_job_revive(c, id, c->now_ms));
    TRY(tx_commit(&tx));
    jobs_wake(k->server->jobs);
    jw_kid(&k->w, STR("id"), id);
    return OK;
}

/* --- the store --- */

enum err console_db_info(struct ctx *c, struct console *k)
{
    struct db_info i = { 0 };
    TRY(db_info(c, &i));
    jw_kstr(&k->w, STR("engine"), i.engine == DB_SQLITE ? STR("sqlite") : STR("postgres"));
    jw_kstr(&k->w, STR("engine_version"), i.engine_version);
    jw_ki64(&k->w, STR("schema"), i.version);
    jw_ki64(&k->w, STR("bytes"), i.bytes);
    jw_ki64(&k->w, STR("wal_bytes"), i.wal_bytes);
    jw_ki64(&k->w, STR("derived_bytes"), i.derived_bytes);
    if (i.free_bytes >= 0)
        jw_ki64(&k->w, STR("free_bytes"), i.free_bytes);
    else
        jw_knull(&k->w, STR("free_bytes"));
    jw_ki64(&k->w, STR("commits"), i.commits);
    jw_ki64(&k->w, STR("transactions"), i.transactions);
    return OK;
}

enum err console_db_check(struct ctx *c, struct console *k)
{
    struct str verdict = { 0 };
    TRY(db_check(c, &verdict));
    jw_kbool(&k->w, STR("intact"), str_eq(verdict, STR("ok")));
    jw_kstr(&k->w, STR("verdict"), verdict);
    return OK;
}

enum err console_rebuild(struct ctx *c, struct console *k)
{
    TRY(search_clear(c)); /* the keeper makes it anew */
    jw_kbool(&k->w, STR("started"), true);
    return OK;
}
