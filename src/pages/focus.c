/* SPDX-License-Identifier: Apache-2.0 */
#include "pages/focus.h"

#include "core/address.h"
#include "pages/form.h"

#define SIDE_PX \
    240 /* fits into the narrowest window, so that no style shrinks it: what is hit is counted in its pixels */
#define PERCENT (2 * MEDIA_FOCUS_ONE / 100)

struct size {
    int64_t width;
    int64_t height;
};

static struct size shown_size(const struct media *m)
{
    int64_t longer = m->preview_width > m->preview_height ? m->preview_width : m->preview_height;
    if (longer <= 0)
        return (struct size){ SIDE_PX, SIDE_PX };
    struct size s = { m->preview_width * SIDE_PX / longer, m->preview_height * SIDE_PX / longer };
    return (struct size){ s.width > 0 ? s.width : 1, s.height > 0 ? s.height : 1 };
}

static int64_t left_of(const struct media *m)
{
    return (MEDIA_FOCUS_ONE + m->focus_x + PERCENT / 2) / PERCENT;
}

static int64_t top_of(const struct media *m)
{
    return (MEDIA_FOCUS_ONE - m->focus_y + PERCENT / 2) / PERCENT;
}

static const char *named(struct visit *v, const char *what, const struct media *m, const char *part)
{
    return arena_strf(v->c->arena, "%s_%lld%s", what, (long long)m->id, part).p;
}

struct str focus_class(struct visit *v, const struct media *m)
{
    return arena_strf(v->c->arena, "fx%d fy%d", (int)((m->focus_x + 11000) / 2000), (int)((11000 - m->focus_y) / 2000));
}

static void put_number(struct visit *v, const struct media *m, const char *what, const char *label, int64_t value)
{
    form_field(v, &(struct field){ .name = named(v, what, m, ""),
                                   .label = label,
                                   .inputmode = "numeric",
                                   .max = 3,
                                   .value = arena_strf(v->c->arena, "%lld", (long long)value) });
}

void focus_put(struct visit *v, const struct media *m, struct str action)
{
    struct hw *w = &v->w;
    struct size s = shown_size(m);
    struct str place = arena_strf(v->c->arena, "focus-%lld", (long long)m->id);
    hw_open_class(w, "p", STR("hint"));
    hw_attr(w, "id", place);
    hw_text(w, STR("What is to stay in sight where the picture is cut? Click on it."));
    hw_close(w, "p");
    hw_open_class(w, "div", STR("point"));
    hw_void(w, "input");
    hw_attr(w, "type", STR("image"));
    hw_attr(w, "name", str_c(named(v, "focus", m, "")));
    hw_attr(w, "src", address_media_preview(v->c, m));
    hw_attr(w, "alt", STR("Keep the middle in sight"));
    hw_attr(w, "formaction", arena_strf(v->c->arena, STR_FMT "#" STR_FMT, STR_ARG(action), STR_ARG(place)));
    hw_flag(w, "formnovalidate", true);
    hw_attr_i64(w, "width", s.width);
    hw_attr_i64(w, "height", s.height);
    hw_open_class(w, "span", arena_strf(v->c->arena, "aim " STR_FMT, STR_ARG(focus_class(v, m))));
    hw_close(w, "span");
    hw_close(w, "div");
    hw_open_class(w, "div", STR("two"));
    put_number(v, m, "left", "Per cent from the left", left_of(m));
    put_number(v, m, "top", "Per cent from the top", top_of(m));
    hw_close(w, "div");
}

static int64_t percent_of(int64_t at, int64_t side)
{
    int64_t p = (at * 100 + side / 2) / side;
    return p < 0 ? 0 : p > 100 ? 100 : p;
}

/* Where the picture was hit. Who presses it without a pointer hits the corner, says the browser: they get the middle.
 */
static bool read_hit(struct visit *v, const struct media *m, int64_t *left, int64_t *top)
{
    struct size s = shown_size(m);
    int64_t x = 0;
    int64_t y = 0;
    if (!str_to_i64(visit_param(v, named(v, "focus", m, ".x")), &x)
        || !str_to_i64(visit_param(v, named(v, "focus", m, ".y")), &y))
        return false;
    bool no_pointer = x == 0 && y == 0;
    x = x < 0 || x > s.width ? s.width : x;
    y = y < 0 || y > s.height ? s.height : y;
    *left = no_pointer ? 50 : percent_of(x, s.width);
    *top = no_pointer ? 50 : percent_of(y, s.height);
    return true;
}

static enum err read_number(struct visit *v, const struct media *m, const char *what, int64_t *out)
{
    struct str said = str_trim(visit_param(v, named(v, what, m, "")));
    int64_t n = 0;
    if (said.n == 0)
        return OK;
    if (!str_to_i64(said, &n) || n < 0 || n > 100)
        return fail(v->c, ERR_INVALID, "What is to stay in sight of a picture is said in per cent, from 0 to 100");
    *out = n;
    return OK;
}

/* Per cent are coarser than what apps say: what stays the same in per cent stays as it is. */
enum err focus_sent(struct visit *v, struct media *m, bool *pointed)
{
    int64_t left = left_of(m);
    int64_t top = top_of(m);
    *pointed = read_hit(v, m, &left, &top);
    if (!*pointed) {
        TRY(read_number(v, m, "left", &left));
        TRY(read_number(v, m, "top", &top));
    }
    if (left != left_of(m))
        m->focus_x = left * PERCENT - MEDIA_FOCUS_ONE;
    if (top != top_of(m))
        m->focus_y = MEDIA_FOCUS_ONE - top * PERCENT;
    return OK;
}

static struct str coordinate(struct visit *v, int64_t n)
{
    int64_t size = n < 0 ? -n : n;
    return arena_strf(v->c->arena, "%s%lld.%04lld", n < 0 ? "-" : "", (long long)(size / MEDIA_FOCUS_ONE),
                      (long long)(size % MEDIA_FOCUS_ONE));
}

struct str focus_text(struct visit *v, const struct media *m)
{
    struct str x = coordinate(v, m->focus_x);
    struct str y = coordinate(v, m->focus_y);
    return arena_strf(v->c->arena, STR_FMT "," STR_FMT, STR_ARG(x), STR_ARG(y));
}
