/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/metrics.h"

#define LINE_MAX_BYTES 4096

static _Atomic int lowest_level = LOG_INFO; /* global: process-wide by nature: there is one standard error */

/* The lock is held for a copy and takes nothing, so it has no rank. */
static pthread_mutex_t recent_lock = PTHREAD_MUTEX_INITIALIZER; /* global: as above */
static struct log_recent recent[LOG_RECENT_MAX];                /* global: as above */
static size_t recent_n;                                         /* ever; global: as above */

void log_set_level(enum log_level lowest)
{
    lowest_level = (int)lowest;
}

/* JSON string body; cut when the line is full. */
static size_t escape(char *out, size_t room, const char *text)
{
    size_t n = 0;
    for (const unsigned char *p = (const unsigned char *)text; *p != '\0' && n + 7 < room; p++) {
        if (*p == '"' || *p == '\\') {
            out[n++] = '\\';
            out[n++] = (char)*p;
        } else if (*p < 0x20) {
            n += (size_t)snprintf(out + n, room - n, "\\u%04x", (unsigned)*p);
        } else {
            out[n++] = (char)*p;
        }
    }
    out[n] = '\0';
    return n;
}

static size_t stamp(char *out, size_t room)
{
    struct timespec now;
    struct tm tm;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    (void)gmtime_r(&now.tv_sec, &tm);
    size_t n = strftime(out, room, "%Y-%m-%dT%H:%M:%S", &tm);
    return n + (size_t)snprintf(out + n, room - n, ".%03ldZ", now.tv_nsec / 1000000);
}

static void remember(enum log_level level, struct str id, const char *text)
{
    metrics_add(METRIC_LOGGED, level == LOG_ERROR ? 1 : 0, 1);
    (void)pthread_mutex_lock(&recent_lock);
    struct log_recent *r = &recent[recent_n++ % LOG_RECENT_MAX];
    r->ms = clock_now_ms();
    r->level = level;
    (void)snprintf(r->id, sizeof r->id, STR_FMT, STR_ARG(id));
    (void)snprintf(r->text, sizeof r->text, "%s", text);
    (void)pthread_mutex_unlock(&recent_lock);
}

size_t log_recent(struct log_recent out[static LOG_RECENT_MAX])
{
    (void)pthread_mutex_lock(&recent_lock);
    size_t n = recent_n < LOG_RECENT_MAX ? recent_n : LOG_RECENT_MAX;
    for (size_t i = 0; i < n; i++)
        out[i] = recent[(recent_n - 1 - i) % LOG_RECENT_MAX];
    (void)pthread_mutex_unlock(&recent_lock);
    return n;
}

/* `text` for people, `json` what the line says of it: members behind those that every line has. */
static void put_line(enum log_level level, struct str id, const char *text, const char *json)
{
    static const char *const names[] = { "debug", "info", "warn", "error" };
    char when[40];
    char out[LINE_MAX_BYTES + 256];
    int n = 0;
    if (level >= LOG_WARN)
        remember(level, id, text);
    if ((int)level < lowest_level)
        return;
    (void)stamp(when, sizeof when);
    if (isatty(STDERR_FILENO) == 1)
        n = snprintf(out, sizeof out, "%s %-5s %s%s" STR_FMT "%s\n", when, names[level], text, id.n > 0 ? " [" : "",
                     STR_ARG(id), id.n > 0 ? "]" : "");
    else
        n = snprintf(out, sizeof out, "{\"time\":\"%s\",\"level\":\"%s\",\"id\":\"" STR_FMT "\",%s}\n", when,
                     names[level], STR_ARG(id), json);
    size_t len = (size_t)n < sizeof out ? (size_t)n : sizeof out - 1;
    ssize_t ignored = write(STDERR_FILENO, out, len);
    (void)ignored;
}

PRINTF(3, 0)
static void line(enum log_level level, struct str id, const char *fmt, va_list ap)
{
    char text[LINE_MAX_BYTES / 2];
    char json[LINE_MAX_BYTES];
    if ((int)level < lowest_level && level < LOG_WARN)
        return;
    (void)vsnprintf(text, sizeof text, fmt, ap);
    size_t n = (size_t)snprintf(json, sizeof json, "\"text\":\"");
    n += escape(json + n, sizeof json - n - 1, text);
    (void)snprintf(json + n, sizeof json - n, "\"");
    put_line(level, id, text, json);
}

void log_request(enum log_level level, const char *text, const struct log_request *r)
{
    char people[512];
    char json[1024];
    if ((int)level < lowest_level && level < LOG_WARN)
        return;
    (void)snprintf(people, sizeof people, "%s: " STR_FMT " " STR_FMT ", %d, %lld ms", text, STR_ARG(r->method),
                   STR_ARG(r->route), r->status, (long long)(r->us / 1000));
    (void)snprintf(json, sizeof json,
                   "\"text\":\"%s\",\"method\":\"" STR_FMT "\",\"route\":\"" STR_FMT "\",\"status\":%d,"
                   "\"ms\":%lld.%03lld,\"waited_ms\":%lld.%03lld,\"from\":\"%s\",\"unsaid\":%lld",
                   text, STR_ARG(r->method), STR_ARG(r->route), r->status, (long long)(r->us / 1000),
                   (long long)(r->us % 1000), (long long)(r->waited_us / 1000), (long long)(r->waited_us % 1000),
                   r->from_memory ? "memory" : "worker", (long long)r->unsaid);
    put_line(level, r->id, people, json);
}

#define LOG_AT(level)           \
    va_list ap;                 \
    va_start(ap, fmt);          \
    line((level), id, fmt, ap); \
    va_end(ap)

void log_debug(struct str id, const char *fmt, ...)
{
    LOG_AT(LOG_DEBUG);
}

void log_info(struct str id, const char *fmt, ...)
{
    LOG_AT(LOG_INFO);
}

void log_warn(struct str id, const char *fmt, ...)
{
    LOG_AT(LOG_WARN);
}

void log_error(struct str id, const char *fmt, ...)
{
    LOG_AT(LOG_ERROR);
}
