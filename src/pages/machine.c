/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "core/site.h"
#include "core/vitals.h"
#include "model/site.h"
#include "pages/layout.h"
#include "pages/plot.h"
#include "pages/routes.h"
#include "pages/when.h"
#include "store/setting.h"

/* What an operator looks at first: is it up, fast, filling up, failing. Everything is read off; nothing is counted. */
#define DAYS_MAX   30
#define AHEAD_DAYS 30 /* that a forecast looks */

static struct str text_rate(struct arena *a, double x)
{
    return arena_strf(a, x < 10 ? "%.2f/s" : "%.0f/s", x);
}

static struct str text_time(struct arena *a, double us)
{
    if (us < 1000)
        return arena_strf(a, "%.0f µs", us);
    return us < 1e6 ? arena_strf(a, "%.1f ms", us / 1e3) : arena_strf(a, "%.2f s", us / 1e6);
}

static struct str text_bytes(struct arena *a, double bytes)
{
    static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB" };
    size_t i = 0;
    for (; bytes >= 1024 && i + 1 < sizeof units / sizeof units[0]; i++)
        bytes /= 1024;
    return arena_strf(a, bytes < 10 && i > 0 ? "%.1f %s" : "%.0f %s", bytes, units[i]);
}

static struct str text_count(struct arena *a, double n)
{
    return arena_strf(a, "%.0f", n);
}

/* --- the plots: a table --- */

enum reading { RATE, AS_IT_IS };
static const struct shown {
    const char *id;
    const char *title;
    enum reading reading;
    struct str (*text)(struct arena *a, double value);
    int lines;
    struct {
        enum vital vital;
        const char *label;
    } of[PLOT_LINES_MAX];
    bool foretold; /* over the month: how it goes on, where it is a line */
} plots[] = {
    { "requests",
      "Requests",
      RATE,
      text_rate,
      6,
      { { VITAL_TIMELINES, "timelines" },
        { VITAL_READS, "other reading" },
        { VITAL_WRITES, "writing" },
        { VITAL_PAGES, "pages" },
        { VITAL_FORMS, "forms" },
        { VITAL_FILES, "files" } } },
    { "failed", "Requests that failed", RATE, text_rate, 1, { { VITAL_FAILED, "failed" } } },
    { "latency",
      "How long they take",
      AS_IT_IS,
      text_time,
      3,
      { { VITAL_P50_US, "half within" },
        { VITAL_P99_US, "99 % within" },
        { VITAL_WAIT_P99_US, "of it waiting, 99 %" } } },
    { "queue", "Requests that wait for a worker", AS_IT_IS, text_count, 1, { { VITAL_QUEUED, "waiting" } } },
    { "storage",
      "Storage",
      AS_IT_IS,
      text_bytes,
      3,
      { { VITAL_STORE_BYTES, "store" }, { VITAL_MEDIA_BYTES, "media" }, { VITAL_DERIVED_BYTES, "search index" } },
      true },
    { "media",
      "Files that members uploaded",
      AS_IT_IS,
      text_bytes,
      3,
      { { VITAL_IMAGE_BYTES, "pictures" }, { VITAL_VIDEO_BYTES, "video" }, { VITAL_AUDIO_BYTES, "sound" } },
      true },
    { "free", "Free on the disk", AS_IT_IS, text_bytes, 1, { { VITAL_FREE_BYTES, "free" } } },
    { "memory", "Memory", AS_IT_IS, text_bytes, 1, { { VITAL_RESIDENT_BYTES, "held" } } },
    { "jobs", "Jobs", AS_IT_IS, text_count, 2, { { VITAL_JOBS, "waiting" }, { VITAL_DEAD, "dead letters" } } },
};

static double value_of(const struct vitals *x, enum vital what, enum reading how)
{
    double n = (double)x->v[what];
    if (how == AS_IT_IS)
        return n;
    return x->span_ms > 0 ? n * (double)SECOND_MS / (double)x->span_ms : 0;
}

static void foretell(const struct shown *s, const struct vitals *all, int64_t n, struct plot *p)
{
    for (int k = 0; k < s->lines; k++) {
        double per_day = 0;
        double now = (double)all[n - 1].v[s->of[k].vital];
        p->has_ahead[k] = vitals_trend(all, n, s->of[k].vital, &per_day);
        p->ahead[k] = now + per_day * AHEAD_DAYS < 0 ? 0 : now + per_day * AHEAD_DAYS;
        if (p->has_ahead[k])
            p->ahead_ms = AHEAD_DAYS * DAY_MS;
    }
}

/* Points beside each other become one where there are more than a plot has room for. */
static void put_plot(struct visit *v, const struct shown *s, const struct vitals *all, int64_t n, bool is_month)
{
    struct arena *a = v->c->arena;
    int64_t each = n / PLOT_POINTS_MAX + 1;
    int64_t points = (n + each - 1) / each;
    int64_t *at = ARENA_ARRAY(a, (size_t)points, int64_t);
    struct plot p = { .id = s->id, .title = s->title, .lines = s->lines, .n = points, .at_ms = at, .text = s->text };
    for (int k = 0; k < s->lines; k++) {
        double *values = ARENA_ARRAY(a, (size_t)points, double);
        for (int64_t i = 0; i < points; i++) {
            int64_t until = (i + 1) * each < n ? (i + 1) * each : n;
            values[i] = 0;
            for (int64_t j = i * each; j < until; j++)
                values[i] += value_of(&all[j], s->of[k].vital, s->reading) / (double)(until - i * each);
            at[i] = all[until - 1].at_ms;
        }
        p.values[k] = values;
        p.labels[k] = s->of[k].label;
    }
    if (s->foretold && is_month)
        foretell(s, all, n, &p);
    plot_put(v, &p);
}

/* --- the page --- */

static void put_fact(struct visit *v, const char *name, struct str value)
{
    hw_open(&v->w, "div");
    hw_el(&v->w, "dt", str_c(name));
    hw_el(&v->w, "dd", value);
    hw_close(&v->w, "div");
}

static struct str text_uptime(struct arena *a, int64_t s)
{
    if (s < 3600)
        return arena_strf(a, "%lld min", (long long)(s / 60));
    return s < 172800 ? arena_strf(a, "%lld h", (long long)(s / 3600))
                      : arena_strf(a, "%lld d", (long long)(s / 86400));
}

#define CERTIFICATE_DAYS 14 /* before its end the page warns */

static struct str text_certificate(struct arena *a, int64_t days)
{
    if (days < 0)
        return STR("has expired");
    return days == 0 ? STR("expires today") : arena_strf(a, "%lld d", (long long)days);
}

/* Of the TLS listener's certificate. */
static void put_warnings(struct visit *v, const struct metrics *now)
{
    int64_t days = now->v[METRIC_TLS_DAYS];
    if (!v->c->site->has_tls)
        return;
    if (days < CERTIFICATE_DAYS)
        hw_el_class(&v->w, "p", STR("banner"),
                    days < 0
                        ? STR("The server's TLS certificate has expired: browsers and apps do not connect any more. "
                              "Renew it.")
                        : arena_strf(v->c->arena, "The server's TLS certificate expires in %lld days. Renew it.",
                                     (long long)days));
    if (now->v[METRIC_TLS_REFUSED] != 0)
        hw_el_class(
            &v->w, "p", STR("banner"),
            STR("There is a new TLS certificate that cannot be taken; the old one is in use. The log and 'parley "
                "tls show' say why."));
}

static void put_facts(struct visit *v, const struct vitals *month, int64_t n)
{
    struct arena *a = v->c->arena;
    const struct site *site = v->c->site;
    struct metrics *now = ARENA_NEW(a, struct metrics);
    struct site_counts counts = { 0 };
    double days = 0;
    metrics_read(now);
    site_figures(v->c->sites, &counts);
    put_warnings(v, now);
    hw_open_class(&v->w, "dl", STR("now"));
    put_fact(v, "Mode", site->disk_full ? STR("read-only: the disk is full") : site_mode_word(site->mode));
    put_fact(v, "Running for", text_uptime(a, v->c->now_ms / SECOND_MS - now->v[METRIC_STARTED]));
    put_fact(v, "Members", text_count(a, (double)counts.members));
    put_fact(v, "Parleys", text_count(a, (double)counts.statuses));
    put_fact(v, "Open connections", text_count(a, (double)now->v[METRIC_CONNECTIONS]));
    put_fact(v, "Open streams", text_count(a, (double)now->v[METRIC_STREAMS]));
    put_fact(v, "Free on the disk", text_bytes(a, (double)now->v[METRIC_DISK_FREE]));
    put_fact(v, "Disk full",
             vitals_full_in(month, n, &days) ? arena_strf(a, "in %.0f days, if it goes on so", days)
                                             : STR("nothing foretells it"));
    if (site->has_tls)
        put_fact(v, "TLS certificate", text_certificate(a, now->v[METRIC_TLS_DAYS]));
    hw_close(&v->w, "dl");
}

static void put_recent(struct visit *v)
{
    struct hw *w = &v->w;
    struct log_recent *all = ARENA_ARRAY(v->c->arena, LOG_RECENT_MAX, struct log_recent);
    size_t n = log_recent(all);
    hw_open_class(w, "section", STR("figure"));
    hw_el(w, "h2", STR("Last warnings and errors"));
    if (n == 0)
        hw_el_class(w, "p", STR("muted"), STR("None since the start."));
    hw_open_class(w, "ul", STR("log"));
    for (size_t i = 0; i < n; i++) {
        hw_open(w, "li");
        hw_el(w, "b", all[i].level == LOG_ERROR ? STR("error") : STR("warning"));
        hw_text(w, STR(" "));
        when_short(v, all[i].ms);
        hw_text(w, STR(" "));
        hw_el(w, "code", str_c(all[i].id));
        hw_text(w, STR(" "));
        hw_text(w, str_c(all[i].text));
        hw_close(w, "li");
    }
    hw_close(w, "ul");
    hw_close(w, "section");
}

static void put_tabs(struct visit *v, struct str span)
{
    hw_open_class(&v->w, "nav", STR("tabs"));
    hw_attr(&v->w, "aria-label", STR("How far back"));
    layout_tab(v, STR("/server"), "An hour", span.n == 0);
    layout_tab(v, STR("/server?span=day"), "A day", str_eq(span, STR("day")));
    layout_tab(v, STR("/server?span=month"), "30 days", str_eq(span, STR("month")));
    hw_close(&v->w, "nav");
}

/* GET /server */
enum err page_server(struct visit *v)
{
    const struct sheet s = { .title = STR("This server"), .nav = "more", .alone = true };
    struct vitals *month = NULL;
    struct vitals *all = ARENA_ARRAY(v->c->arena, VITALS_HOUR, struct vitals);
    struct str span = visit_param(v, "span");
    int64_t months = 0;
    int64_t n = 0;
    if (!str_eq(span, STR("day")) && !str_eq(span, STR("month")))
        span = STR("");
    TRY(vitals_since(v->c, v->c->now_ms - DAYS_MAX * DAY_MS, &month, &months));
    if (span.n == 0) {
        n = vitals_hour(all);
    } else {
        int64_t from_ms = v->c->now_ms - (str_eq(span, STR("day")) ? DAY_MS : DAYS_MAX * DAY_MS);
        all = month;
        for (n = months; n > 0 && all->at_ms < from_ms; n--)
            all++;
    }
    layout_begin(v, &s);
    put_tabs(v, span);
    put_facts(v, month, months);
    for (size_t i = 0; i < sizeof plots / sizeof plots[0] && n > 0; i++)
        put_plot(v, &plots[i], all, n, str_eq(span, STR("month")));
    if (n == 0)
        layout_empty(v, STR("Nothing yet"), STR("Figures are taken every ten seconds, and kept every five minutes."));
    put_recent(v);
    return layout_end(v, &s);
}
