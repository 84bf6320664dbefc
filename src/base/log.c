/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_BYTES 4096

static _Atomic int lowest_level = LOG_INFO; /* global: process-wide by nature: there is one standard error */

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

PRINTF(3, 0)
static void line(enum log_level level, struct str id, const char *fmt, va_list ap)
{
    static const char *const names[] = { "debug", "info", "warn", "error" };
    char text[LINE_MAX_BYTES / 2];
    char safe[LINE_MAX_BYTES];
    char when[40];
    char out[LINE_MAX_BYTES + 256];
    int n = 0;

    if ((int)level < lowest_level)
        return;
    (void)vsnprintf(text, sizeof text, fmt, ap);
    (void)stamp(when, sizeof when);
    if (isatty(STDERR_FILENO) == 1) {
        n = snprintf(out, sizeof out, "%s %-5s %s%s" STR_FMT "%s\n", when, names[level], text, id.n > 0 ? " [" : "",
                     STR_ARG(id), id.n > 0 ? "]" : "");
    } else {
        (void)escape(safe, sizeof safe, text);
        n = snprintf(out, sizeof out, "{\"time\":\"%s\",\"level\":\"%s\",\"id\":\"" STR_FMT "\",\"text\":\"%s\"}\n",
                     when, names[level], STR_ARG(id), safe);
    }
    size_t len = (size_t)n < sizeof out ? (size_t)n : sizeof out - 1;
    ssize_t ignored = write(STDERR_FILENO, out, len);
    (void)ignored;
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
