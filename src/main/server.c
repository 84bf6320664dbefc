/* SPDX-License-Identifier: Apache-2.0 */
#include "main/server.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/api.h"
#include "api/live.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/limiter.h"
#include "base/log.h"
#include "base/rng.h"
#include "core/site.h"
#include "core/trend.h"
#include "core/vapid.h"
#include "courier/translator.h"
#include "feed/feed.h"
#include "jobs/jobs.h"
#include "main/console.h"
#include "main/keeper.h"
#include "main/plain.h"
#include "main/secure.h"
#include "main/watch.h"
#include "net/cert.h"
#include "net/proxy.h"
#include "net/tls.h"
#include "pages/pages.h"
#include "store/news.h"
#include "store/schema.h"
#include "store/setting.h"
#include "store/tx.h"

#define HEAD_MAX \
    ((size_t)12 * 1024) /* libmicrohttpd clears a connection's memory for every request: no more than needed */
#define BODY_MAX ((size_t)128 * 1024 * 1024) /* the largest that any row of the route tables takes */
#define MIB      ((size_t)1024 * 1024)

struct ctx unit_begin(struct unit *u, struct arena *arena, struct str id)
{
    struct server *s = u->server;
    struct ctx c = {
        .arena = arena,
        .db = u->db,
        .feed = s->feed,
        .site = s->sites == NULL ? NULL : site_box_get(s->sites),
        .sites = s->sites,
        .limiter = s->limiter,
        .translator = s->translator,
        .idgen = s->idgen,
        .news = s->news,
        .live = s->live,
        .now_ms = clock_now_ms(),
        .id = id,
    };
    if (u->count++ == 0)
        rand_secret(u->rng, sizeof u->rng);
    rand_seed_from(&c, u->rng);
    return c;
}

enum err unit_open(struct ctx *c, struct server *s, struct unit *u)
{
    *u = (struct unit){ .server = s, .arena = arena_new() };
    return db_open(c, s->pool, &u->db);
}

void unit_close(struct unit *u)
{
    db_close(&u->db);
    arena_free(&u->arena);
}

/* --- what net/ calls --- */

static struct str request_id(struct ctx *c)
{
    static const char hex[] = "0123456789abcdef";
    char *p = arena_alloc_raw(c->arena, 16);
    uint64_t v = rand_u64(c);
    for (int i = 0; i < 16; i++, v >>= 4)
        p[i] = hex[v & 15];
    return (struct str){ p, 16 };
}

static struct ctx begin_request(struct unit *u, const struct http_req *q)
{
    struct ctx c = unit_begin(u, q->arena, (struct str){ 0 });
    c.id = request_id(&c);
    c.ip = q->ip;
    return c;
}

static void on_refusal(void *arg, int status, const struct http_req *q, struct http_res *r)
{
    struct unit u = { .server = arg };
    struct ctx c = begin_request(&u, q);
    if (api_owns_request(q))
        api_refuse(&c, q, status, r);
    else
        pages_refuse(&c, status, r);
}

/* False: the store cannot be had, and `r` says so. */
static bool begin_on_worker(struct server *s, int w, const struct http_req *q, struct http_res *r, struct ctx *c)
{
    struct unit *u = &s->units[w];
    *c = begin_request(u, q);
    if (u->db == NULL && db_open(c, s->pool, &u->db) != OK) {
        on_refusal(s, 503, q, r);
        return false;
    }
    c->db = u->db;
    return true;
}

static void on_worker(void *arg, int w, const struct http_req *q, struct http_res *r)
{
    struct server *s = arg;
    struct ctx c;
    if (!begin_on_worker(s, w, q, r, &c))
        return;
    if (plain_owns(&s->config, q)) {
        if (plain_dispatch(&c, &s->config, q, r) != OK)
            on_refusal(s, 404, q, r);
    } else if (q->from_console && str_starts(q->path, STR("/console/")))
        console_dispatch(&c, s, q, r);
    else if (api_owns_request(q))
        api_dispatch(&c, q, r);
    else
        pages_dispatch(&c, q, r);
    tx_done(&c);
}

static bool on_admission(void *arg, int w, const struct http_req *q, struct http_res *r, int64_t *who)
{
    struct ctx c;
    if (!begin_on_worker(arg, w, q, r, &c))
        return false;
    bool may = api_owns(q->path) ? api_admit(&c, q, r) : pages_admit(&c, q, r);
    tx_done(&c);
    if (may)
        *who = c.me->id; /* rows whose body goes to a file are for members */
    return may;
}

static bool on_loop(void *arg, int loop, const struct http_req *q, struct http_res *r)
{
    struct server *s = arg;
    if (q->from_console || plain_owns(&s->config, q))
        return false;
    struct ctx c = begin_request(&s->loops[loop], q);
    return api_owns_request(q) ? api_from_memory(&c, q, r) : pages_from_memory(&c, q, r);
}

/* Rows of the tables cannot know how large an upload the configuration allows: those that take more than pictures say
   more than that. */
static size_t body_limit(void *arg, enum http_method m, struct str path, bool *to_file)
{
    const struct config *k = &((const struct server *)arg)->config;
    int64_t larger = k->media_video_mib > k->media_image_mib ? k->media_video_mib : k->media_image_mib;
    size_t upload = (size_t)(larger + 1) * MIB;
    if (str_starts(path, STR("/console/")))
        return CONSOLE_BODY_MAX;
    size_t max = api_owns(path) ? api_body_limit(m, path) : pages_body_limit(m, path);
    *to_file = max == HTTP_BODY_TO_FILE;
    if (*to_file)
        return (size_t)(k->import_mib + 1) * MIB;
    return max == BODY_MAX ? upload : max;
}

/* --- opening, step by step --- */

/* The key that seals secrets in the store: 32 bytes in a file of the data folder, made once. */
static enum err load_master_key(struct ctx *c, struct str data, unsigned char key[32])
{
    const char *path = arena_cstr(c->arena, arena_strf(c->arena, STR_FMT "/master.key", STR_ARG(data)));
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        ssize_t n = read(fd, key, 32);
        (void)close(fd);
        return n == 32 ? OK
                       : fail(c, ERR_INVALID, "%s is damaged: it must hold 32 bytes. Restore it from a copy.", path);
    }
    if (errno != ENOENT)
        return fail(c, ERR_INVALID, "%s cannot be read: %s", path, strerror(errno));
    rand_secret(key, 32);
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, key, 32) != 32 || fsync(fd) != 0)
        return fail(c, ERR_INVALID, "%s cannot be written: %s", path, strerror(errno));
    (void)close(fd);
    return OK;
}

static enum err make_folder(struct ctx *c, struct str path)
{
    const char *p = arena_cstr(c->arena, path);
    if (mkdir(p, 0700) != 0 && errno != EEXIST)
        return fail(c, ERR_INVALID, "The data folder %s cannot be made: %s", p, strerror(errno));
    return OK;
}

static void on_migration(void *arg, const struct db_migration *m, size_t at, size_t of)
{
    (void)arg;
    log_info(STR("start"), "migrating the store: %s (%zu of %zu)", m->name, at + 1, of);
}

static enum err open_pool(struct ctx *c, const struct config *k, bool unsynced, struct db_pool **out)
{
    bool sqlite = str_eq(k->database, STR("sqlite"));
    struct db_options o = {
        .url = sqlite ? arena_strf(c->arena, "sqlite:" STR_FMT, STR_ARG(k->data)) : k->database,
        .partitioned = k->database_partitioned,
        .cohort_max = k->cohort_max,
        .disk_floor_mib = k->disk_floor_mib,
        .read_cache_kib = k->read_cache_kib,
        .unsynced = unsynced,
    };
    return db_pool_open(c, &o, out);
}

/* Whoever starts the program can correct the address. It is not repeated: it may hold a password. */
static enum err open_db(struct ctx *c, const struct config *k, bool unsynced, struct db_pool **pool)
{
    enum err e = open_pool(c, k, unsynced, pool);
    if (e == OK)
        e = db_open(c, *pool, &c->db);
    if (e != ERR_UNAVAILABLE)
        return e;
    return fail(c, e,
                "The database cannot be reached; why not, is in the log above. Its address is the key 'database' (set "
                "by " STR_FMT "). Start the database or correct the address.",
                STR_ARG(k->database_from));
}

enum err server_open_db(struct ctx *c, const struct config *k, struct db_pool **pool)
{
    return open_db(c, k, false, pool);
}

static enum err open_store(struct ctx *c, struct server *s, bool unsynced)
{
    TRY(open_db(c, &s->config, unsynced, &s->pool));
    return schema_migrate(c, on_migration, NULL);
}

static struct site site_of(const struct config *k)
{
    return (struct site){
        .data_dir = k->data,
        .domain = k->domain,
        .base_url = k->base_url,
        .has_tls = k->tls_listen.n > 0,
        .testing = k->testing,
        .mail_transport = k->mail_transport,
        .status_chars_max = k->status_chars_max,
        .sessions_max = k->sessions_max,
        .passkeys_max = k->passkeys_max,
        .follows_max = k->follows_max,
        .deletion_days = k->deletion_days,
        .media_helper = k->media_helper,
        .media_image_bytes = k->media_image_mib * (int64_t)MIB,
        .media_video_bytes = k->media_video_mib * (int64_t)MIB,
        .import_bytes = k->import_mib * (int64_t)MIB,
        .media_quota_bytes = k->media_quota_mib * (int64_t)MIB,
        .media_cache_bytes = k->media_cache_mib * (int64_t)MIB,
        .s3_endpoint = k->s3_endpoint,
        .s3_bucket = k->s3_bucket,
        .s3_region = k->s3_region,
        .s3_access_key = k->s3_access_key,
        .s3_secret_key = k->s3_secret_key,
        .translate_url = k->translate_url,
        .translate_key = k->translate_key,
        .metrics_from = k->metrics_from,
        .metrics_token = k->metrics_token,
    };
}

static enum err load_memory(struct ctx *c, struct server *s)
{
    int64_t newest = 0;
    TRY(load_master_key(c, s->config.data, s->site_config.master_key));
    s->idgen = idgen_new();
    s->limiter = limiter_new(!s->config.testing);
    s->translator = s->config.translate_url.n > 0 ? translator_new() : NULL;
    s->sites = site_box_new(&s->site_config);
    c->sites = s->sites;
    c->site = site_box_get(s->sites);
    c->idgen = s->idgen;
    TRY(store_newest_id(c, &newest));
    idgen_raise(s->idgen, newest);
    TRY(vapid_ensure(c));
    TRY(site_refresh(c));
    TRY(site_figures_load(c));
    s->news = news_new();
    c->news = s->news;
    struct feed_options o = {
        .budget = (size_t)s->config.feed_memory_mib * MIB,
        .tail_days = s->config.feed_tail_days,
        .tail_max = 400,
        .snapshot_path = arena_strf(c->arena, STR_FMT "/feed.snapshot", STR_ARG(s->config.data)),
        .emojis = c->site->emojis.version,
        .news = s->news,
    };
    s->feed = feed_new(&o);
    c->feed = s->feed; /* the keeper fills it while the server serves from the store */
    return trend_load(c);
}

static void make_units(struct server *s)
{
    s->units_n = s->config.workers + s->config.writers;
    s->units = calloc((size_t)s->units_n, sizeof *s->units);
    if (s->units == NULL)
        abort();
    for (int64_t i = 0; i < s->units_n; i++)
        s->units[i] = (struct unit){ .server = s };
    s->loops = calloc((size_t)s->config.loops, sizeof *s->loops);
    if (s->loops == NULL)
        abort();
    for (int64_t i = 0; i < s->config.loops; i++)
        s->loops[i] = (struct unit){ .server = s };
}

static enum err start_net(struct ctx *c, struct server *s)
{
    const struct config *k = &s->config;
    struct net_options o = {
        .listen = k->listen,
        .console_path = arena_strf(c->arena, STR_FMT "/parley.sock", STR_ARG(k->data)),
        .loops = (int)k->loops,
        .workers = (int)k->workers,
        .writers = (int)k->writers,
        .queue_max = (int)k->queue_max,
        .connections_max = (int)k->connections_max,
        .per_address_max = (int)k->connections_per_address_max,
        .header_max = HEAD_MAX,
        .body_max = BODY_MAX,
        .bodies_max = (size_t)k->upload_memory_mib * MIB,
        .files_folder = k->data,
        .files_floor = (uint64_t)k->disk_floor_mib * MIB,
        .idle_timeout_s = (int)k->idle_timeout_s,
        .has_tls = k->tls_listen.n > 0,
        .trusted_proxies = k->trusted_proxies,
        .arg = s,
        .body_limit = body_limit,
        .admit = on_admission,
        .from_memory = on_loop,
        .handle = on_worker,
        .refuse = on_refusal,
        .finished = watch_finished,
    };
    if (k->tls_hsts_days > 0)
        o.tls_policy = arena_strf(c->arena, "max-age=%lld", (long long)(k->tls_hsts_days * (DAY_MS / SECOND_MS)));
    return net_server_start(c, &o, &s->net);
}

static enum err start_live(struct ctx *c, struct server *s)
{
    const struct config *k = &s->config;
    struct live_options o = {
        .pool = s->pool,
        .sites = s->sites,
        .feed = s->feed,
        .idgen = s->idgen,
        .news = s->news,
        .streams_max = k->streams_max,
        .per_account_max = k->streams_per_account_max,
        .buffer_kib = k->stream_buffer_kib,
    };
    return live_start(c, &o, &s->live);
}

static enum err start_jobs(struct ctx *c, struct server *s)
{
    const struct config *k = &s->config;
    s->mail = (struct mail_options){
        .to_log = str_eq(k->mail_transport, STR("log")),
        .log_path = arena_strf(c->arena, STR_FMT "/mail.log", STR_ARG(k->data)),
        .from = k->mail_from,
        .from_name = c->site->title,
        .domain = k->domain,
        .host = k->smtp_host,
        .port = k->smtp_port,
        .tls = k->smtp_tls,
        .user = k->smtp_user,
        .password = k->smtp_password,
    };
    struct jobs_options o = {
        .mail = &s->mail,
        .pool = s->pool,
        .sites = s->sites,
        .feed = s->feed,
        .idgen = s->idgen,
        .limiter = s->limiter,
        .news = s->news,
    };
    return jobs_start(c, &o, &s->jobs);
}

static enum err prepare(struct ctx *c, const struct config *config, bool unsynced, struct server *s)
{
    *s = (struct server){ .config = *config,
                          .slow_us = config->slow_request_ms * 1000,
                          .access_log = config->access_log,
                          .site_config = site_of(config),
                          .started_us = clock_monotonic_us(),
                          .started_ms = clock_now_ms() };
    TRY(make_folder(c, config->data));
    TRY(open_store(c, s, unsynced));
    return load_memory(c, s);
}

enum err server_prepare(struct ctx *c, const struct config *config, struct server *s)
{
    return prepare(c, config, false, s);
}

enum err server_prepare_unsynced(struct ctx *c, const struct config *config, struct server *s)
{
    return prepare(c, config, true, s);
}

enum err server_open(struct ctx *c, const struct config *config, struct server *s)
{
    TRY(server_prepare(c, config, s));
    make_units(s);
    TRY(start_jobs(c, s));
    TRY(start_live(c, s));
    TRY(secure_open(c, s));
    TRY(start_net(c, s));
    TRY(secure_start(c, s));
    return keeper_start(c, s, &s->keeper);
}

void server_close(struct server *s)
{
    if (s->net != NULL)
        net_server_drain(s->net, (int)s->config.drain_s);
    keeper_stop(&s->keeper); /* saves the feed; before what it takes figures of */
    tls_close_door(s->tls);
    net_server_stop(&s->net);
    live_stop(&s->live);
    tls_stop(&s->tls); /* what the two said last goes out through it */
    cert_box_close(&s->certs);
    jobs_stop(&s->jobs);
    for (int64_t i = 0; i < s->units_n; i++)
        unit_close(&s->units[i]);
    free(s->units);
    free(s->loops);
    feed_free(&s->feed);
    news_free(&s->news);
    site_box_free(&s->sites);
    limiter_free(&s->limiter);
    translator_free(&s->translator);
    idgen_free(&s->idgen);
    db_pool_close(&s->pool);
}
