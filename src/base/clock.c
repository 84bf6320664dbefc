/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

int64_t clock_now_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t clock_monotonic_us(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

void clock_cond_init(pthread_cond_t *cond)
{
    pthread_condattr_t attr;
    (void)pthread_condattr_init(&attr);
    (void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    (void)pthread_cond_init(cond, &attr);
    (void)pthread_condattr_destroy(&attr);
}

void clock_cond_wait(pthread_cond_t *cond, pthread_mutex_t *m, int64_t ms)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += ms / SECOND_MS;
    until.tv_nsec += ms % SECOND_MS * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    (void)pthread_cond_timedwait(cond, m, &until);
}

/* Floor division, so that times before 1970 keep a positive remainder. */
static struct tm broken_down(int64_t ms, int *milli)
{
    time_t s = (time_t)(ms / 1000);
    int64_t rest = ms % 1000;
    if (rest < 0) {
        rest += 1000;
        s--;
    }
    struct tm tm = { 0 };
    (void)gmtime_r(&s, &tm);
    *milli = (int)rest;
    return tm;
}

/* Written by hand: every reply has some, and printf is ten times as slow. */
static void put_digits(char *p, int n, int v)
{
    for (int i = n - 1; i >= 0; i--, v /= 10)
        p[i] = (char)('0' + v % 10);
}

struct str clock_iso(struct arena *a, int64_t ms)
{
    int milli = 0;
    struct tm t = broken_down(ms, &milli);
    char *p = arena_alloc_raw(a, sizeof "2026-08-01T13:53:08.123Z");
    memcpy(p, "0000-00-00T00:00:00.000Z", sizeof "2026-08-01T13:53:08.123Z");
    put_digits(p, 4, t.tm_year + 1900);
    put_digits(p + 5, 2, t.tm_mon + 1);
    put_digits(p + 8, 2, t.tm_mday);
    put_digits(p + 11, 2, t.tm_hour);
    put_digits(p + 14, 2, t.tm_min);
    put_digits(p + 17, 2, t.tm_sec);
    put_digits(p + 20, 3, milli);
    return (struct str){ p, sizeof "2026-08-01T13:53:08.123Z" - 1 };
}

struct str clock_date(struct arena *a, int64_t ms)
{
    return str_head(clock_iso(a, ms), 10);
}

struct str clock_http(struct arena *a, int64_t ms)
{
    static const char days[][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
    static const char months[][4] = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };
    int milli = 0;
    struct tm t = broken_down(ms, &milli);
    return arena_strf(a, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[t.tm_wday], t.tm_mday, months[t.tm_mon],
                      t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
}

/* Takes exactly n digits off *s. */
static bool digits(struct str *s, size_t n, int *out)
{
    int64_t v = 0;
    if (s->n < n || s->p[0] == '-' || !str_to_i64(str_head(*s, n), &v))
        return false;
    *s = str_skip(*s, n);
    *out = (int)v;
    return true;
}

static bool one_of(struct str *s, const char *chars)
{
    if (s->n == 0 || strchr(chars, s->p[0]) == NULL || s->p[0] == '\0')
        return false;
    *s = str_skip(*s, 1);
    return true;
}

static bool parse_fraction(struct str *s, int *milli)
{
    *milli = 0;
    if (!one_of(s, "."))
        return true;
    int scale = 100;
    size_t seen = 0;
    for (; s->n > 0 && s->p[0] >= '0' && s->p[0] <= '9' && seen < 9; seen++, scale /= 10) {
        *milli += scale * (s->p[0] - '0');
        *s = str_skip(*s, 1);
    }
    return seen > 0;
}

static bool parse_offset(struct str *s, int *minutes)
{
    *minutes = 0;
    if (one_of(s, "Zz") || s->n == 0)
        return s->n == 0;
    int sign = s->p[0] == '-' ? -1 : 1;
    int hh = 0;
    int mm = 0;
    if (!one_of(s, "+-") || !digits(s, 2, &hh))
        return false;
    (void)one_of(s, ":");
    if (!digits(s, 2, &mm) || s->n != 0 || hh > 23 || mm > 59)
        return false;
    *minutes = sign * (hh * 60 + mm);
    return true;
}

bool clock_parse(struct str s, int64_t *ms)
{
    struct tm t = { 0 };
    int milli = 0;
    int offset = 0;
    if (!digits(&s, 4, &t.tm_year) || !one_of(&s, "-") || !digits(&s, 2, &t.tm_mon) || !one_of(&s, "-")
        || !digits(&s, 2, &t.tm_mday) || t.tm_mon < 1 || t.tm_mon > 12 || t.tm_mday < 1 || t.tm_mday > 31)
        return false;
    if (s.n > 0
        && (!one_of(&s, "Tt ") || !digits(&s, 2, &t.tm_hour) || !one_of(&s, ":") || !digits(&s, 2, &t.tm_min)
            || !one_of(&s, ":") || !digits(&s, 2, &t.tm_sec) || t.tm_hour > 23 || t.tm_min > 59 || t.tm_sec > 60
            || !parse_fraction(&s, &milli) || !parse_offset(&s, &offset)))
        return false;
    t.tm_year -= 1900;
    t.tm_mon -= 1;
    *ms = ((int64_t)timegm(&t) - (int64_t)offset * 60) * 1000 + milli;
    return true;
}
