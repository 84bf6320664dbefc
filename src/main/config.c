/* SPDX-License-Identifier: Apache-2.0 */
#include "main/config.h"

#include <ctype.h>
#include <errno.h>
#include <ini.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "net/proxy.h"

enum kind { TEXT, NUMBER, SWITCH };

struct row {
    struct config_key key;
    enum kind kind;
    size_t at; /* offset in struct config */
};

#define T(field) TEXT, offsetof(struct config, field)
#define N(field) NUMBER, offsetof(struct config, field)
#define S(field) SWITCH, offsetof(struct config, field)
/* clang-format off */
static const struct row rows[] = {
    { { "data", "text", "./data", "", "Folder of everything this server keeps. One server at a time.", 0, 0 }, T(data) },
    { { "listen", "text", "127.0.0.1:8380", "", "Address and port of the HTTP listener; ':8380' is every address.", 0, 0 }, T(listen) },
    { { "tls_listen", "text", "", "", "Address and port of the TLS listener, such as ':443'; empty: none, for TLS is a proxy's.", 0, 0 }, T(tls_listen) },
    { { "tls_certificate", "text", "", "", "File in PEM: the server's certificate, its intermediates behind it. Read again when it changes.", 0, 0 }, T(tls_certificate) },
    { { "tls_key", "text", "", "", "File in PEM: the certificate's private key, without a password.", 0, 0 }, T(tls_key) },
    { { "tls_redirect", "yes or no", "no", "", "Send what comes to `listen` without TLS to base_url; /health, /ready, /metrics and ACME challenges are answered.", 0, 0 }, S(tls_redirect) },
    { { "tls_hsts_days", "integer", "0", "days", "How long browsers are told to come by https only (Strict-Transport-Security); 0: they are not.", 0, 3650 }, N(tls_hsts_days) },
    { { "tls_handshakes_max", "integer", "1000", "handshakes", "TLS handshakes under way at once; for a further one the oldest gives way.", 1, 1000000 }, N(tls_handshakes_max) },
    { { "tls_handshake_timeout_s", "integer", "10", "seconds", "A TLS handshake must be done within it.", 1, 300 }, N(tls_handshake_timeout_s) },
    { { "acme_webroot", "text", "", "", "Folder whose .well-known/acme-challenge is served, as certbot's --webroot wants it; empty: none.", 0, 0 }, T(acme_webroot) },
    { { "domain", "text", "", "", "The name people see after the @ and in links; empty: localhost and the port of `tls_listen` or `listen`.", 0, 0 }, T(domain) },
    { { "base_url", "text", "", "", "How browsers reach the server, without a slash at the end; empty: https://DOMAIN, or http:// for localhost without TLS.", 0, 0 }, T(base_url) },
    { { "database", "text", "sqlite", "", "'sqlite' for a file in the data folder, or a postgres:// address.", 0, 0 }, T(database) },
    { { "database_partitioned", "yes or no", "no", "", "PostgreSQL: make the tables PARTITION BY HASH (bucket) when they are created.", 0, 0 }, S(database_partitioned) },
    { { "testing", "yes or no", "no", "", "For test suites: password grant, sign-up without mail, no request limits. Refuses public addresses.", 0, 0 }, S(testing) },
    { { "log_level", "debug|info|warn|error", "info", "", "The least level that is logged.", 0, 0 }, T(log_level) },
    { { "loops", "integer", "2", "threads", "Threads that own the sockets and answer from memory.", 1, 64 }, N(loops) },
    { { "workers", "integer", "4", "threads", "Threads that read from the store. Few are fastest.", 1, 1024 }, N(workers) },
    { { "writers", "integer", "32", "threads", "Threads that write: those that wait together share one sync to disk. Started when needed.", 1, 1024 }, N(writers) },
    { { "queue_max", "integer", "1024", "requests", "Requests that wait for a worker; more are answered 503 at once.", 1, 100000 }, N(queue_max) },
    { { "connections_max", "integer", "12000", "connections", "Open connections in all.", 10, 1000000 }, N(connections_max) },
    { { "connections_per_address_max", "integer", "0", "connections", "Open connections of one address; 0: no limit.", 0, 1000000 }, N(connections_per_address_max) },
    { { "idle_timeout_s", "integer", "30", "seconds", "A request must have arrived within it; an idle connection is closed after it.", 1, 3600 }, N(idle_timeout_s) },
    { { "streams_max", "integer", "20000", "streams", "Open streams (WebSocket, server-sent events) in all; more are answered 503.", 0, 1000000 }, N(streams_max) },
    { { "streams_per_account_max", "integer", "20", "streams", "Open streams of one member; the oldest is ended for a new one.", 1, 1000 }, N(streams_per_account_max) },
    { { "stream_buffer_kib", "integer", "256", "KiB", "What waits for a client that reads its stream slowly; with more it is dropped.", 16, 65536 }, N(stream_buffer_kib) },
    { { "trusted_proxies", "text", "127.0.0.1,::1", "", "Addresses or CIDR, with commas, whose X-Forwarded-* headers are believed.", 0, 0 }, T(trusted_proxies) },
    { { "feed_memory_mib", "integer", "512", "MiB", "Memory for timelines and rendered replies; 0 keeps nothing and reads the store each time.", 0, 1048576 }, N(feed_memory_mib) },
    { { "feed_tail_days", "integer", "30", "days", "How far back timelines are answered from memory.", 1, 366 }, N(feed_tail_days) },
    { { "feed_save_s", "integer", "300", "seconds", "How often the memory of timelines is saved for a quick start.", 10, 86400 }, N(feed_save_s) },
    { { "cohort_max", "integer", "256", "transactions", "SQLite: most transactions that share one sync to disk.", 1, 10000 }, N(cohort_max) },
    { { "disk_floor_mib", "integer", "64", "MiB", "SQLite: with less free space than this the server goes read-only.", 0, 1048576 }, N(disk_floor_mib) },
    { { "read_cache_kib", "integer", "4096", "KiB", "SQLite: page cache of each reader; the writer has ten times it.", 64, 16777216 }, N(read_cache_kib) },
    { { "mail_transport", "smtp|log", "log", "", "'smtp' sends through the relay below; 'log' writes each message to mail.log in the data folder.", 0, 0 }, T(mail_transport) },
    { { "mail_from", "text", "", "", "Sender of messages; empty: parley@DOMAIN.", 0, 0 }, T(mail_from) },
    { { "smtp_host", "text", "127.0.0.1", "", "The mail relay.", 0, 0 }, T(smtp_host) },
    { { "smtp_port", "integer", "587", "", "Its port.", 1, 65535 }, N(smtp_port) },
    { { "smtp_tls", "none|starttls|tls", "starttls", "", "How the connection to it is encrypted.", 0, 0 }, T(smtp_tls) },
    { { "smtp_user", "text", "", "", "Name to sign in to it with; empty: none.", 0, 0 }, T(smtp_user) },
    { { "smtp_password", "secret", "", "", "Password for it.", 0, 0 }, T(smtp_password) },
    { { "status_chars_max", "integer", "500", "characters", "Length of a parley; a link counts 23.", 1, 100000 }, N(status_chars_max) },
    { { "sessions_max", "integer", "50", "sessions", "Sign-ins and apps of one member; the oldest is ended for a new one.", 1, 1000 }, N(sessions_max) },
    { { "passkeys_max", "integer", "20", "passkeys", "Passkeys of one member.", 1, 100 }, N(passkeys_max) },
    { { "follows_max", "integer", "7500", "accounts", "How many accounts one member may follow.", 1, 1000000 }, N(follows_max) },
    { { "deletion_days", "integer", "14", "days", "Between asking to delete an account and its end; 0: within a minute.", 0, 365 }, N(deletion_days) },
    { { "drain_s", "integer", "10", "seconds", "At a stop: how long running requests may take.", 0, 600 }, N(drain_s) },
    { { "media_helper", "text", "", "", "Program that reads what members upload; empty: parley-media beside this program.", 0, 0 }, T(media_helper) },
    { { "media_image_mib", "integer", "16", "MiB", "Largest picture that is taken, GIFs too.", 1, 100 }, N(media_image_mib) },
    { { "media_video_mib", "integer", "40", "MiB", "Largest video or sound that is taken.", 1, 100 }, N(media_video_mib) },
    { { "media_quota_mib", "integer", "4096", "MiB", "What all files of one member may take; 0: no limit.", 0, 1073741824 }, N(media_quota_mib) },
    { { "media_cache_mib", "integer", "4096", "MiB", "Disk for what can be fetched again: pictures of link cards and, with an object store, copies of what it has, least recently asked for out first; 0: no limit.", 0, 1073741824 }, N(media_cache_mib) },
    { { "upload_memory_mib", "integer", "512", "MiB", "Memory for bodies of requests that are on their way, the last quarter for small ones (64 KiB); what finds none is answered 503.", 32, 1048576 }, N(upload_memory_mib) },
    { { "import_mib", "integer", "1024", "MiB", "Largest archive of parleys that a member may send; while it comes it lies in a file, and takes its size twice on the disk.", 1, 8192 }, N(import_mib) },
    { { "s3_endpoint", "text", "", "", "Address of an S3-compatible object store for files, such as https://s3.example; empty: the data folder keeps them.", 0, 0 }, T(s3_endpoint) },
    { { "s3_bucket", "text", "", "", "Its bucket.", 0, 0 }, T(s3_bucket) },
    { { "s3_region", "text", "us-east-1", "", "Its region.", 0, 0 }, T(s3_region) },
    { { "s3_access_key", "text", "", "", "Name to sign in to it with.", 0, 0 }, T(s3_access_key) },
    { { "s3_secret_key", "secret", "", "", "Secret for it.", 0, 0 }, T(s3_secret_key) },
    { { "translate_url", "text", "", "", "Address of a LibreTranslate service that translates public parleys when a member asks, such as http://127.0.0.1:5000; empty: none.", 0, 0 }, T(translate_url) },
    { { "translate_key", "secret", "", "", "Key for it, if it wants one.", 0, 0 }, T(translate_key) },
    { { "metrics_from", "text", "127.0.0.1,::1", "", "Addresses or CIDR, with commas, that may read /metrics; never through a proxy. Empty: none.", 0, 0 }, T(metrics_from) },
    { { "metrics_token", "secret", "", "", "Whoever sends it (Authorization: Bearer ...) may read /metrics from anywhere; empty: nobody.", 0, 0 }, T(metrics_token) },
    { { "slow_request_ms", "integer", "1000", "milliseconds", "Requests that take as long are logged; 0: none.", 0, 3600000 }, N(slow_request_ms) },
    { { "access_log", "yes or no", "no", "", "Log every request: route, status and time; never who or what.", 0, 0 }, S(access_log) },
};
/* clang-format on */
#undef T
#undef N
#undef S
#define ROWS (sizeof rows / sizeof rows[0])

size_t config_key_count(void)
{
    return ROWS;
}

const struct config_key *config_key_at(size_t i)
{
    return &rows[i].key;
}

static size_t row_find(struct str name)
{
    for (size_t i = 0; i < ROWS; i++)
        if (str_eq(name, str_c(rows[i].key.name)))
            return i;
    return ROWS;
}

/* --- where values come from --- */

struct reading {
    struct ctx *c;
    struct config_origin *values;
    const char *file;
    FILE *stream;
    int line; /* the one that was read last: Debian's inih does not tell its handler */
    struct buf *faults;
};

/* All that is wrong is said at once, a line each. */
static void gather(const struct ctx *c, enum err e, struct buf *faults)
{
    if (e != OK)
        buf_printf(faults, "%s" STR_FMT, faults->n == 0 ? "" : "\n", STR_ARG(c->says));
}

static char *next_line(char *out, int room, void *user)
{
    struct reading *r = user;
    r->line++;
    return fgets(out, room, r->stream);
}

static int on_ini(void *user, const char *section, const char *name, const char *value)
{
    struct reading *r = user;
    int line = r->line;
    size_t i = row_find(str_c(name));
    if (section[0] != '\0' || i == ROWS) {
        gather(r->c,
               fail(r->c, ERR_INVALID, "%s:%d: there is no key '%s%s%s'. 'parley config keys' lists them all.", r->file,
                    line, section, section[0] == '\0' ? "" : ".", name),
               r->faults);
        return 1; /* so that the lines behind it are judged, too */
    }
    r->values[i] =
        (struct config_origin){ arena_str(r->c->arena, str_c(value)), arena_strf(r->c->arena, "%s:%d", r->file, line) };
    return 1;
}

/* "PARLEY_SMTP_PORT" */
static struct str variable_of(struct arena *a, const char *key)
{
    struct buf name = buf_on(a);
    buf_put(&name, STR("PARLEY_"));
    for (const char *p = key; *p != '\0'; p++)
        buf_putc(&name, *p >= 'a' && *p <= 'z' ? (char)(*p - 'a' + 'A') : *p);
    return buf_str(&name);
}

struct str config_strays(struct arena *a)
{
    struct buf out = buf_on(a);
    for (char **e = environ; *e != NULL; e++) {
        struct str rest = str_c(*e);
        struct str name = { 0 };
        bool known = !str_starts(rest, STR("PARLEY_")) || !str_cut(&rest, '=', &name);
        for (size_t i = 0; i < ROWS && !known; i++)
            known = str_eq(name, variable_of(a, rows[i].key.name));
        if (!known)
            buf_printf(&out, "%s" STR_FMT, out.n == 0 ? "" : ", ", STR_ARG(name));
    }
    return buf_str(&out);
}

static void read_environment(struct ctx *c, struct config_origin *values)
{
    for (size_t i = 0; i < ROWS; i++) {
        struct str name = variable_of(c->arena, rows[i].key.name);
        const char *v = getenv(arena_cstr(c->arena, name));
        if (v != NULL)
            values[i] = (struct config_origin){ arena_str(c->arena, str_c(v)),
                                                arena_strf(c->arena, "environment " STR_FMT, STR_ARG(name)) };
    }
}

static enum err read_overrides(struct ctx *c, const struct config_override *over, size_t n,
                               struct config_origin *values)
{
    for (size_t i = 0; i < n; i++) {
        size_t at = row_find(over[i].name);
        if (at == ROWS)
            return fail(c, ERR_INVALID, "There is no key '" STR_FMT "'. 'parley config keys' lists them all.",
                        STR_ARG(over[i].name));
        values[at] = (struct config_origin){ over[i].value, STR("command line") };
    }
    return OK;
}

/* Of the folder that was named; a packaged program that was told of none has its own place. */
static struct str usual_file(struct ctx *c, const struct config_origin *data)
{
    bool is_packaged = sizeof PARLEY_CONFIG_FILE > 1 && str_eq(data->from, STR("default"));
    if (is_packaged && access(PARLEY_CONFIG_FILE, F_OK) == 0)
        return STR(PARLEY_CONFIG_FILE);
    return arena_strf(c->arena, STR_FMT "/parley.ini", STR_ARG(data->value));
}

static enum err read_file(struct ctx *c, struct str file, struct config_origin *values, struct buf *faults)
{
    bool asked = file.p != NULL;
    if (!asked)
        file = usual_file(c, &values[row_find(STR("data"))]);
    struct reading r = { .c = c, .values = values, .file = arena_cstr(c->arena, file), .faults = faults };
    if (!asked && access(r.file, F_OK) != 0)
        return OK;
    r.stream = fopen(r.file, "re");
    if (r.stream == NULL)
        return fail(c, ERR_INVALID, "%s cannot be read: %s", r.file, strerror(errno));
    int rc = ini_parse_stream(next_line, &r, on_ini, &r);
    (void)fclose(r.stream);
    if (rc > 0)
        gather(c, fail(c, ERR_INVALID, "%s:%d: expected 'key = value'", r.file, rc), faults);
    return OK;
}

static enum err read_all(struct ctx *c, struct str file, const struct config_override *over, size_t n,
                         struct config_origin **out, struct buf *faults)
{
    struct config_origin *v = ARENA_ARRAY(c->arena, ROWS, struct config_origin);
    for (size_t i = 0; i < ROWS; i++)
        v[i] = (struct config_origin){ str_c(rows[i].key.standard), STR("default") };
    /* the file's place depends on `data`, which only the two stronger sources may say before it is read */
    read_environment(c, v);
    TRY(read_overrides(c, over, n, v));
    TRY(read_file(c, file, v, faults));
    read_environment(c, v);
    TRY(read_overrides(c, over, n, v));
    *out = v;
    return OK;
}

static enum err said_at_once(struct ctx *c, const struct buf *faults)
{
    return faults->n == 0 ? OK : fail(c, ERR_INVALID, STR_FMT, (int)faults->n, faults->p);
}

enum err config_origins(struct ctx *c, struct str file, const struct config_override *over, size_t n,
                        struct config_origin **out)
{
    struct buf faults = buf_on(c->arena);
    TRY(read_all(c, file, over, n, out, &faults));
    return said_at_once(c, &faults);
}

/* --- checks --- */

static enum err refuse(struct ctx *c, size_t i, const struct config_origin *v, const char *allowed)
{
    return fail(c, ERR_INVALID, "%s = '" STR_FMT "' (set by " STR_FMT ") is not allowed: it must be %s",
                rows[i].key.name, STR_ARG(v->value), STR_ARG(v->from), allowed);
}

static bool one_of_words(const char *words, struct str v)
{
    struct str rest = str_c(words);
    struct str word = { 0 };
    while (str_cut(&rest, '|', &word))
        if (str_eq(word, v))
            return true;
    return false;
}

static bool parse_switch(struct str v, bool *out)
{
    *out = str_eq_nocase(v, STR("yes")) || str_eq_nocase(v, STR("true")) || str_eq_nocase(v, STR("on"))
           || str_eq(v, STR("1"));
    return *out || str_eq_nocase(v, STR("no")) || str_eq_nocase(v, STR("false")) || str_eq_nocase(v, STR("off"))
           || str_eq(v, STR("0"));
}

static enum err assign(struct ctx *c, size_t i, const struct config_origin *v, struct config *out)
{
    const struct config_key *k = &rows[i].key;
    char *place = (char *)out + rows[i].at;
    int64_t number = 0;
    bool yes = false;
    switch (rows[i].kind) {
    case TEXT:
        if (strchr(k->type, '|') != NULL && !one_of_words(k->type, v->value))
            return refuse(c, i, v, arena_cstr(c->arena, arena_strf(c->arena, "one of %s", k->type)));
        *(struct str *)(void *)place = v->value;
        return OK;
    case NUMBER:
        if (!str_to_i64(v->value, &number) || number < k->min || number > k->max)
            return refuse(
                c, i, v,
                arena_cstr(c->arena, arena_strf(c->arena, "a whole number from %lld to %lld%s%s", (long long)k->min,
                                                (long long)k->max, k->unit[0] == '\0' ? "" : " ", k->unit)));
        *(int64_t *)(void *)place = number;
        return OK;
    case SWITCH:
        if (!parse_switch(v->value, &yes))
            return refuse(c, i, v, "yes or no");
        *(bool *)(void *)place = yes;
        return OK;
    }
    return OK;
}

/* ":8380"; empty without one. */
static struct str port_part(struct str host)
{
    for (size_t i = host.n; i > 0 && host.p[i - 1] != ']'; i--)
        if (host.p[i - 1] == ':')
            return str_skip(host, i - 1);
    return STR("");
}

static struct str without_port(struct str host)
{
    return str_head(host, host.n - port_part(host).n);
}

static bool is_local_name(struct str host)
{
    struct str name = without_port(host);
    return str_eq(name, STR("localhost")) || str_starts(name, STR("127.")) || str_starts(host, STR("[::1]"))
           || str_starts(host, STR("unix:"));
}

/* parley-media lies where parley does. */
static struct str beside_us(struct ctx *c)
{
    char path[4096];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path);
    while (n > 0 && path[n - 1] != '/')
        n--;
    return arena_strf(c->arena, "%.*sparley-media", n > 0 ? (int)n : 0, path);
}

static enum err check_media(struct ctx *c, const struct config_origin *v, struct config *out)
{
    size_t endpoint = row_find(STR("s3_endpoint"));
    size_t bucket = row_find(STR("s3_bucket"));
    if (out->media_helper.n == 0)
        out->media_helper = beside_us(c);
    if (out->s3_endpoint.n == 0)
        return OK;
    if ((!str_starts(out->s3_endpoint, STR("https://")) && !str_starts(out->s3_endpoint, STR("http://")))
        || str_ends(out->s3_endpoint, STR("/")))
        return refuse(c, endpoint, &v[endpoint],
                      "an address that begins with https:// (or http:// for tries), without a slash at the end");
    return out->s3_bucket.n > 0 ? OK : refuse(c, bucket, &v[bucket], "the name of a bucket, since s3_endpoint is set");
}

static enum err check_listener(struct ctx *c, const struct config_origin *v, struct str key, struct str where,
                               bool testing)
{
    size_t i = row_find(key);
    struct str port = port_part(where);
    int64_t number = 0;
    if (!str_to_i64(str_skip(port, 1), &number) || number < 0 || number > 65535)
        return refuse(c, i, &v[i], "an address and a port, such as 127.0.0.1:8380 or :8380");
    if (testing && !is_local_name(where))
        return refuse(c, i, &v[i],
                      "an address of this machine (127.0.0.1:PORT) while testing = yes: anybody could sign in");
    return OK;
}

static enum err check_tls(struct ctx *c, const struct config_origin *v, const struct config *out)
{
    size_t certificate = row_find(STR("tls_certificate"));
    size_t key = row_find(STR("tls_key"));
    size_t redirect = row_find(STR("tls_redirect"));
    if (out->tls_listen.n == 0 && out->tls_redirect)
        return refuse(c, redirect, &v[redirect], "no while tls_listen is empty: there is nowhere to send them");
    if (out->tls_listen.n == 0)
        return OK;
    TRY(check_listener(c, v, STR("tls_listen"), out->tls_listen, out->testing));
    if (out->tls_certificate.n == 0)
        return refuse(c, certificate, &v[certificate], "a file with a certificate in PEM, since tls_listen is set");
    if (out->tls_key.n == 0)
        return refuse(c, key, &v[key], "a file with the certificate's private key in PEM, since tls_listen is set");
    return OK;
}

static enum err check_translate(struct ctx *c, const struct config_origin *v, struct config *out)
{
    size_t url = row_find(STR("translate_url"));
    bool is_web = str_starts(out->translate_url, STR("https://")) || str_starts(out->translate_url, STR("http://"));
    if (out->translate_url.n == 0 || (is_web && !str_ends(out->translate_url, STR("/"))))
        return OK;
    return refuse(c, url, &v[url], "an address that begins with https:// or http://, without a slash at the end");
}

/* It stands in links and behind every @: fewer characters than RFC 3986 lets a host have. */
static bool is_domain(struct str s)
{
    struct str port = s;
    struct str host = { 0 };
    int64_t n = 1;
    (void)str_cut(&port, ':', &host);
    for (size_t i = 0; i < host.n; i++)
        if (!isalnum((unsigned char)host.p[i]) && host.p[i] != '-' && host.p[i] != '.')
            return false;
    return host.n > 0 && (port.p == NULL || (str_to_i64(port, &n) && n >= 0 && n <= UINT16_MAX));
}

static bool is_base_url(struct str s)
{
    size_t scheme = str_starts(s, STR("https://")) ? 8 : 7;
    struct str rest = str_skip(s, scheme);
    struct str host = { 0 };
    if (!str_starts(s, STR("https://")) && !str_starts(s, STR("http://")))
        return false;
    return str_cut(&rest, '/', &host) && is_domain(host) && !str_ends(s, STR("/"));
}

static enum err check_domain(struct ctx *c, const struct config_origin *v, struct config *out)
{
    size_t domain = row_find(STR("domain"));
    struct str port = port_part(out->tls_listen.n > 0 ? out->tls_listen : out->listen);
    if (out->domain.n == 0)
        out->domain = arena_strf(c->arena, "localhost" STR_FMT, STR_ARG(port));
    if (out->mail_from.n == 0)
        out->mail_from = arena_strf(c->arena, "parley@" STR_FMT, STR_ARG(without_port(out->domain)));
    if (is_domain(out->domain) || str_eq(v[domain].from, STR("default"))) /* then it is `listen` that is wrong */
        return OK;
    return refuse(c, domain, &v[domain], "a host name in ASCII, with a port only for tries, such as harbour.example");
}

/* Behind check_domain. */
static enum err check_base_url(struct ctx *c, const struct config_origin *v, struct config *out)
{
    size_t base_url = row_find(STR("base_url"));
    bool has_tls = out->tls_listen.n > 0;
    bool is_made = out->base_url.n == 0;
    if (is_made)
        out->base_url =
            arena_strf(c->arena, "%s" STR_FMT, is_local_name(out->domain) && !has_tls ? "http://" : "https://",
                       STR_ARG(out->domain));
    if (!is_made && !is_base_url(out->base_url))
        return refuse(c, base_url, &v[base_url],
                      "an address that begins with https:// (or http:// for tries), without a slash at the end");
    if (has_tls && !str_starts(out->base_url, STR("https://")))
        return refuse(c, base_url, &v[base_url], "an address that begins with https://, since tls_listen is set");
    return OK;
}

static enum err check_ranges(struct ctx *c, const struct config_origin *v, struct str key, struct str all)
{
    struct net_ranges ranges = { 0 };
    struct str bad = { 0 };
    size_t i = row_find(key);
    if (net_ranges_parse(c->arena, all, &ranges, &bad))
        return OK;
    return refuse(c, i, &v[i], "addresses such as 10.0.0.7, or ranges such as 10.0.0.0/8, with commas");
}

static enum err check_store(struct ctx *c, const struct config_origin *v, struct config *out)
{
    size_t database = row_find(STR("database"));
    out->database_from = v[database].from;
    if (!str_eq(out->database, STR("sqlite")) && !str_starts(out->database, STR("postgres://"))
        && !str_starts(out->database, STR("postgresql://")))
        return refuse(c, database, &v[database], "sqlite, or an address such as postgres://parley@localhost/parley");
    return OK;
}

enum err config_load(struct ctx *c, struct str file, const struct config_override *over, size_t n, struct config *out)
{
    struct config_origin *v = NULL;
    *out = (struct config){ 0 };
    struct buf faults = buf_on(c->arena);
    TRY(read_all(c, file, over, n, &v, &faults));
    for (size_t i = 0; i < ROWS; i++)
        gather(c, assign(c, i, &v[i], out), &faults);
    gather(c, check_listener(c, v, STR("listen"), out->listen, out->testing), &faults);
    gather(c, check_domain(c, v, out), &faults);
    gather(c, check_base_url(c, v, out), &faults);
    gather(c, check_ranges(c, v, STR("trusted_proxies"), out->trusted_proxies), &faults);
    gather(c, check_ranges(c, v, STR("metrics_from"), out->metrics_from), &faults);
    gather(c, check_tls(c, v, out), &faults);
    gather(c, check_store(c, v, out), &faults);
    gather(c, check_media(c, v, out), &faults);
    gather(c, check_translate(c, v, out), &faults);
    return said_at_once(c, &faults);
}
