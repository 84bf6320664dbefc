/* SPDX-License-Identifier: Apache-2.0 */
#include "pages/plot.h"

#include <assert.h>

#include "base/clock.h"

#define WIDTH      600
#define HEIGHT     140
#define TABLE_ROWS 12

static double highest(const struct plot *p)
{
    double top = 0;
    for (int k = 0; k < p->lines; k++)
        for (int64_t i = 0; i < p->n; i++)
            top = p->values[k][i] > top ? p->values[k][i] : top;
    for (int k = 0; k < p->lines; k++)
        if (p->has_ahead[k] && p->ahead[k] > top)
            top = p->ahead[k];
    return top > 0 ? top : 1;
}

static double span_of(const struct plot *p)
{
    return (double)(p->at_ms[p->n - 1] - p->at_ms[0] + p->ahead_ms);
}

static double height_of(double value, double top)
{
    return HEIGHT - value / top * (HEIGHT - 4) - 2;
}

/* Places by time, not by number: a gap stays a gap. */
static struct str points_of(struct arena *a, const struct plot *p, int line, double top)
{
    struct buf b = buf_on(a);
    double span = span_of(p);
    for (int64_t i = 0; i < p->n; i++)
        buf_printf(&b, "%s%.1f,%.1f", i == 0 ? "" : " ",
                   span > 0 ? (double)(p->at_ms[i] - p->at_ms[0]) / span * WIDTH : 0,
                   height_of(p->values[line][i], top));
    return buf_str(&b);
}

static struct str ahead_of(struct arena *a, const struct plot *p, int line, double top)
{
    double from = (double)(p->at_ms[p->n - 1] - p->at_ms[0]) / span_of(p) * WIDTH;
    return arena_strf(a, "%.1f,%.1f %d.0,%.1f", from, height_of(p->values[line][p->n - 1], top), WIDTH,
                      height_of(p->ahead[line], top));
}

static struct str days_ahead(struct arena *a, const struct plot *p)
{
    return arena_strf(a, "in %lld days", (long long)(p->ahead_ms / DAY_MS));
}

static struct str moment(struct arena *a, int64_t ms)
{
    struct str iso = clock_iso(a, ms); /* 2026-08-01T13:53:08.123Z */
    return arena_strf(a, STR_FMT " " STR_FMT, STR_ARG(str_head(iso, 10)), STR_ARG(str_head(str_skip(iso, 11), 5)));
}

static void put_legend(struct visit *v, const struct plot *p)
{
    struct hw *w = &v->w;
    hw_open_class(w, "ul", STR("legend"));
    for (int k = 0; k < p->lines; k++) {
        hw_open_class(w, "li", arena_strf(v->c->arena, "l%d", k));
        hw_text(w, str_c(p->labels[k]));
        hw_text(w, STR(" "));
        hw_el(w, "b", p->text(v->c->arena, p->values[k][p->n - 1]));
        if (p->has_ahead[k]) {
            struct str then = p->text(v->c->arena, p->ahead[k]);
            struct str when = days_ahead(v->c->arena, p);
            hw_text(w, arena_strf(v->c->arena, ", " STR_FMT " " STR_FMT, STR_ARG(then), STR_ARG(when)));
        }
        hw_close(w, "li");
    }
    hw_close(w, "ul");
}

static void put_svg(struct visit *v, const struct plot *p, double top)
{
    struct hw *w = &v->w;
    struct arena *a = v->c->arena;
    hw_open_class(w, "svg", STR("plot"));
    hw_attr(w, "viewbox", arena_strf(a, "0 0 %d %d", WIDTH, HEIGHT));
    hw_attr(w, "preserveaspectratio", STR("none"));
    hw_attr(w, "role", STR("img"));
    hw_attr(w, "aria-labelledby", arena_strf(a, "%s-t %s-d", p->id, p->id));
    hw_open(w, "title");
    hw_attr(w, "id", arena_strf(a, "%s-t", p->id));
    hw_text(w, str_c(p->title));
    hw_close(w, "title");
    hw_open(w, "desc");
    hw_attr(w, "id", arena_strf(a, "%s-d", p->id));
    struct str from = moment(a, p->at_ms[0]);
    struct str to = moment(a, p->at_ms[p->n - 1]);
    struct str most = p->text(a, top);
    hw_text(w, arena_strf(a, "From " STR_FMT " to " STR_FMT " UTC; the highest is " STR_FMT ".", STR_ARG(from),
                          STR_ARG(to), STR_ARG(most)));
    hw_close(w, "desc");
    for (int k = 0; k < p->lines; k++) {
        hw_open(w, "polyline");
        hw_attr(w, "class", arena_strf(a, "l%d", k));
        hw_attr(w, "points", points_of(a, p, k, top));
        hw_close(w, "polyline");
        if (!p->has_ahead[k])
            continue;
        hw_open(w, "polyline");
        hw_attr(w, "class", arena_strf(a, "l%d ahead", k));
        hw_attr(w, "points", ahead_of(a, p, k, top));
        hw_close(w, "polyline");
    }
    hw_close(w, "svg");
}

static void put_ahead_row(struct visit *v, const struct plot *p)
{
    struct hw *w = &v->w;
    if (p->ahead_ms == 0)
        return;
    hw_open(w, "tr");
    hw_el(w, "td", days_ahead(v->c->arena, p));
    for (int k = 0; k < p->lines; k++)
        hw_el(w, "td", p->has_ahead[k] ? p->text(v->c->arena, p->ahead[k]) : STR(""));
    hw_close(w, "tr");
}

static void put_table(struct visit *v, const struct plot *p)
{
    struct hw *w = &v->w;
    struct arena *a = v->c->arena;
    int64_t rows = p->n < TABLE_ROWS ? p->n : TABLE_ROWS;
    hw_open(w, "details");
    hw_el(w, "summary", STR("As a table"));
    hw_open_class(w, "div", STR("wide"));
    hw_attr(w, "tabindex", STR("0"));
    hw_attr(w, "role", STR("region"));
    hw_attr(w, "aria-label", str_c(p->title));
    hw_open(w, "table");
    hw_open(w, "tr");
    hw_el(w, "th", STR("UTC"));
    for (int k = 0; k < p->lines; k++)
        hw_el(w, "th", str_c(p->labels[k]));
    hw_close(w, "tr");
    put_ahead_row(v, p);
    for (int64_t r = 0; r < rows; r++) { /* newest first, evenly through the span */
        int64_t i = p->n - 1 - r * (p->n - 1) / (rows > 1 ? rows - 1 : 1);
        hw_open(w, "tr");
        hw_el(w, "td", moment(a, p->at_ms[i]));
        for (int k = 0; k < p->lines; k++)
            hw_el(w, "td", p->text(a, p->values[k][i]));
        hw_close(w, "tr");
    }
    hw_close(w, "table");
    hw_close(w, "div");
    hw_close(w, "details");
}

void plot_put(struct visit *v, const struct plot *p)
{
    struct hw *w = &v->w;
    struct arena *a = v->c->arena;
    double top = 0;
    assert(p->n > 0 && p->lines <= PLOT_LINES_MAX);
    top = highest(p);
    hw_open_class(w, "section", STR("figure"));
    hw_el(w, "h2", str_c(p->title));
    put_legend(v, p);
    hw_el_class(w, "p", STR("scale"), p->text(a, top));
    put_svg(v, p, top);
    hw_open_class(w, "p", STR("scale ends"));
    hw_el(w, "span", moment(a, p->at_ms[0]));
    hw_text(w, STR(" "));
    hw_el(w, "span", moment(a, p->at_ms[p->n - 1] + p->ahead_ms));
    hw_close(w, "p");
    put_table(v, p);
    hw_close(w, "section");
}
