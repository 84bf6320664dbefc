/* SPDX-License-Identifier: Apache-2.0 */
#include "main/secure.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "main/console_rows.h"
#include "main/server.h"
#include "net/cert.h"
#include "net/tls.h"

/* Whole days, rounded down: -1 on the first day after the end. */
static int64_t days_until(int64_t until_ms, int64_t now_ms)
{
    int64_t left_ms = until_ms - now_ms;
    return left_ms >= 0 ? left_ms / DAY_MS : -1 - (-left_ms - 1) / DAY_MS;
}

/* "harbour.example" of "https://harbour.example:8443" */
static struct str host_of(struct str base_url)
{
    struct str host = str_skip(base_url, sizeof "https://" - 1);
    struct str name = { 0 };
    if (!str_starts(host, STR("[")))
        return str_cut(&host, ':', &name) ? name : host;
    host = str_skip(host, 1);
    return str_cut(&host, ']', &name) ? name : host;
}

static void warn_of_name(struct ctx *c, const struct config *k, const struct cert *cert, struct str *warning)
{
    struct cert_info i = { 0 };
    struct str host = host_of(k->base_url);
    if (cert_is_for(c->arena, cert, host))
        return;
    cert_tell(c->arena, cert, &i);
    *warning = arena_strf(c->arena, "the certificate in " STR_FMT " is for " STR_FMT ", not for " STR_FMT,
                          STR_ARG(k->tls_certificate), STR_ARG(i.names), STR_ARG(host));
}

enum err secure_check(struct ctx *c, const struct config *k, struct str *warning)
{
    struct cert *cert = NULL;
    *warning = (struct str){ 0 };
    if (k->tls_listen.n == 0)
        return OK;
    TRY(cert_read(c, k->tls_certificate, k->tls_key, &cert));
    struct str fault = cert_fault(c->arena, cert, c->now_ms);
    warn_of_name(c, k, cert, warning);
    cert_free(&cert);
    if (fault.p == NULL)
        return OK;
    return fail(c, ERR_INVALID, "tls_certificate = '" STR_FMT "' is not allowed: it must be valid now (it " STR_FMT ")",
                STR_ARG(k->tls_certificate), STR_ARG(fault));
}

enum err secure_open(struct ctx *c, struct server *s)
{
    const struct config *k = &s->config;
    struct str warning = { 0 };
    if (k->tls_listen.n == 0)
        return OK;
    TRY(cert_box_open(c, k->tls_certificate, k->tls_key, &s->certs));
    if (secure_check(c, k, &warning) == OK && warning.n > 0)
        log_warn(c->id, STR_FMT, STR_ARG(warning));
    struct tls_options o = {
        .listen = k->tls_listen,
        .threads = (int)k->loops,
        .connections_max = (int)k->connections_max,
        .handshakes_max = (int)k->tls_handshakes_max,
        .handshake_timeout_s = (int)k->tls_handshake_timeout_s,
        .idle_timeout_s = (int)k->idle_timeout_s,
        .certs = s->certs,
    };
    metrics_word(METRIC_TLS_DAYS, 0, "tls");
    return tls_open(c, &o, &s->tls);
}

enum err secure_start(struct ctx *c, struct server *s)
{
    return s->tls == NULL ? OK : tls_start(c, s->tls, s->net);
}

enum err secure_reload(struct ctx *c, struct server *s, const struct config *now)
{
    struct str as_it_was = { 0 };
    bool moved = now != NULL && now->tls_listen.n > 0;
    if (s->certs == NULL)
        return OK;
    return cert_box_reload(c, s->certs, moved ? now->tls_certificate : as_it_was, moved ? now->tls_key : as_it_was);
}

void secure_look(struct ctx *c, struct server *s)
{
    bool is_refused = false;
    if (s->certs == NULL)
        return;
    cert_box_look(c, s->certs);
    int64_t days = days_until(cert_box_until_ms(s->certs, &is_refused), c->now_ms);
    if (days >= SECURE_WARN_DAYS || c->now_ms - s->warned_ms < DAY_MS)
        return;
    s->warned_ms = c->now_ms;
    log_warn(c->id,
             days < 0 ? "the certificate of the TLS listener has expired: browsers and apps do not connect"
                      : "the certificate of the TLS listener expires in %lld days: renew it",
             (long long)days);
}

void secure_gauges(const struct server *s)
{
    bool is_refused = false;
    struct tls_stats n = { 0 };
    if (s->certs == NULL || s->tls == NULL)
        return;
    tls_stats(s->tls, &n);
    metrics_set(METRIC_TLS_CONNECTIONS, 0, n.connections);
    metrics_set(METRIC_TLS_DAYS, 0, days_until(cert_box_until_ms(s->certs, &is_refused), clock_now_ms()));
    metrics_set(METRIC_TLS_REFUSED, 0, is_refused ? 1 : 0);
}

/* --- the operator's door --- */

enum err console_tls_show(struct ctx *c, struct console *k)
{
    struct server *s = k->server;
    struct jw *w = &k->w;
    struct cert_info i = { 0 };
    struct tls_stats n = { 0 };
    if (s->tls == NULL)
        return fail(c, ERR_INVALID, "This server has no TLS listener: tls_listen is empty");
    cert_box_tell(s->certs, c->arena, &i);
    tls_stats(s->tls, &n);
    jw_kstr(w, STR("listen"), s->config.tls_listen);
    jw_ki64(w, STR("port"), tls_port(s->tls));
    jw_kstr(w, STR("certificate"), i.certificate);
    jw_kstr(w, STR("key"), i.key);
    jw_kstr(w, STR("names"), i.names);
    jw_kstr(w, STR("issuer"), i.issuer);
    jw_kstr(w, STR("kind"), i.kind);
    jw_kstr(w, STR("fingerprint"), i.fingerprint);
    jw_ktime(w, STR("valid_from"), i.from_ms);
    jw_ktime(w, STR("valid_until"), i.until_ms);
    jw_ki64(w, STR("days_left"), days_until(i.until_ms, c->now_ms));
    jw_ktime(w, STR("loaded_at"), i.loaded_ms);
    jw_knull_str(w, STR("refused"), i.refused);
    jw_ki64(w, STR("connections"), n.connections);
    jw_ki64(w, STR("handshakes"), n.handshakes);
    return OK;
}

enum err console_tls_reload(struct ctx *c, struct console *k)
{
    if (k->server->tls == NULL)
        return fail(c, ERR_INVALID, "This server has no TLS listener: tls_listen is empty");
    TRY(secure_reload(c, k->server, NULL));
    return console_tls_show(c, k);
}
