/* SPDX-License-Identifier: Apache-2.0 */
#include "pages/when.h"

#include <time.h>

#include "base/clock.h"

static const char *const months[] = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December",
};

static struct tm parts(int64_t ms)
{
    time_t s = (time_t)(ms / SECOND_MS);
    struct tm t = { 0 };
    (void)gmtime_r(&s, &t);
    return t;
}

struct str when_day(struct arena *a, int64_t ms)
{
    struct tm t = parts(ms);
    return arena_strf(a, "%d %s %d", t.tm_mday, months[t.tm_mon], t.tm_year + 1900);
}

static struct str full(struct arena *a, int64_t ms)
{
    struct tm t = parts(ms);
    return arena_strf(a, STR_FMT ", %02d:%02d UTC", STR_ARG(when_day(a, ms)), t.tm_hour, t.tm_min);
}

static struct str short_of(struct visit *v, int64_t ms)
{
    struct arena *a = v->c->arena;
    int64_t age = v->c->now_ms - ms;
    if (age < MINUTE_MS)
        return STR("now");
    if (age < HOUR_MS)
        return arena_strf(a, "%lld min", (long long)(age / MINUTE_MS));
    if (age < DAY_MS)
        return arena_strf(a, "%lld h", (long long)(age / HOUR_MS));
    if (age < 7 * DAY_MS)
        return arena_strf(a, "%lld d", (long long)(age / DAY_MS));
    struct tm t = parts(ms);
    struct tm now = parts(v->c->now_ms);
    if (t.tm_year == now.tm_year)
        return arena_strf(a, "%d %.3s", t.tm_mday, months[t.tm_mon]);
    return arena_strf(a, "%d %.3s %d", t.tm_mday, months[t.tm_mon], t.tm_year + 1900);
}

static void put(struct visit *v, int64_t ms, struct str text)
{
    struct hw *w = &v->w;
    hw_open(w, "time");
    hw_attr(w, "datetime", clock_iso(v->c->arena, ms));
    hw_attr(w, "title", full(v->c->arena, ms));
    hw_text(w, text);
    hw_close(w, "time");
}

void when_short(struct visit *v, int64_t ms)
{
    put(v, ms, short_of(v, ms));
}

void when_full(struct visit *v, int64_t ms)
{
    put(v, ms, full(v->c->arena, ms));
}
