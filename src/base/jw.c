/* SPDX-License-Identifier: Apache-2.0 */
#include "base/jw.h"

#include <assert.h>

#include "base/clock.h"

struct jw jw_on(struct arena *a)
{
    return (struct jw){ .b = buf_on(a), .first = { true } };
}

struct jw jw_script_on(struct arena *a)
{
    struct jw w = jw_on(a);
    w.in_script = true;
    return w;
}

/* Before any value: a comma, unless a key was just written or nothing stands at this depth. */
static void lead(struct jw *w)
{
    if (w->keyed) {
        w->keyed = false;
        return;
    }
    assert(w->depth > 0 || w->first[0]);
    if (!w->first[w->depth])
        buf_putc(&w->b, ',');
    w->first[w->depth] = false;
}

static void open_with(struct jw *w, char bracket)
{
    lead(w);
    buf_putc(&w->b, bracket);
    assert(w->depth + 1 < JW_DEPTH_MAX);
    w->first[++w->depth] = true;
}

static void close_with(struct jw *w, char bracket)
{
    assert(w->depth > 0 && !w->keyed);
    w->depth--;
    buf_putc(&w->b, bracket);
}

void jw_obj(struct jw *w)
{
    open_with(w, '{');
}

void jw_obj_end(struct jw *w)
{
    close_with(w, '}');
}

void jw_arr(struct jw *w)
{
    open_with(w, '[');
}

void jw_arr_end(struct jw *w)
{
    close_with(w, ']');
}

void jw_key(struct jw *w, struct str key)
{
    assert(!w->keyed && w->depth > 0);
    lead(w);
    buf_putc(&w->b, '"');
    buf_put(&w->b, key);
    buf_put(&w->b, STR("\":"));
    w->keyed = true;
}

static void put_escaped(struct buf *b, unsigned char ch)
{
    static const char hex[] = "0123456789abcdef";
    switch (ch) {
    case '"': buf_put(b, STR("\\\"")); break;
    case '\\': buf_put(b, STR("\\\\")); break;
    case '\n': buf_put(b, STR("\\n")); break;
    case '\r': buf_put(b, STR("\\r")); break;
    case '\t': buf_put(b, STR("\\t")); break;
    default:
        buf_put(b, STR("\\u00"));
        buf_putc(b, hex[ch >> 4]);
        buf_putc(b, hex[ch & 15]);
    }
}

/* U+2028 and U+2029 are legal JSON and left. */
static bool plain(unsigned char ch, bool in_script)
{
    if (in_script && (ch == '<' || ch == '>' || ch == '&'))
        return false;
    return ch >= 0x20 && ch != '"' && ch != '\\' && ch != 0x7F;
}

static void put_text(struct jw *w, struct str v)
{
    struct buf *b = &w->b;
    size_t from = 0;
    for (size_t i = 0; i < v.n; i++) {
        if (plain((unsigned char)v.p[i], w->in_script))
            continue;
        buf_put(b, (struct str){ v.p + from, i - from });
        put_escaped(b, (unsigned char)v.p[i]);
        from = i + 1;
    }
    if (v.n > from)
        buf_put(b, (struct str){ v.p + from, v.n - from });
}

void jw_str(struct jw *w, struct str v)
{
    lead(w);
    buf_putc(&w->b, '"');
    if (str_is_utf8(v)) {
        put_text(w, v);
    } else {
        for (size_t i = 0; i < v.n; i++)
            if ((unsigned char)v.p[i] < 0x80 && v.p[i] != '\0')
                put_text(w, (struct str){ v.p + i, 1 });
            else
                buf_put(&w->b, STR("\xEF\xBF\xBD"));
    }
    buf_putc(&w->b, '"');
}

void jw_i64(struct jw *w, int64_t v)
{
    lead(w);
    buf_i64(&w->b, v);
}

void jw_id(struct jw *w, int64_t id)
{
    if (id == 0) {
        jw_null(w);
        return;
    }
    lead(w);
    buf_putc(&w->b, '"');
    buf_i64(&w->b, id);
    buf_putc(&w->b, '"');
}

void jw_raw(struct jw *w, struct str json)
{
    lead(w);
    buf_put(&w->b, json);
}

void jw_bool(struct jw *w, bool v)
{
    jw_raw(w, v ? STR("true") : STR("false"));
}

void jw_null(struct jw *w)
{
    jw_raw(w, STR("null"));
}

void jw_time(struct jw *w, int64_t ms)
{
    if (ms == 0)
        jw_null(w);
    else
        jw_str(w, clock_iso(w->b.arena, ms));
}

struct str jw_end(struct jw *w)
{
    assert(w->depth == 0 && !w->keyed);
    return buf_str(&w->b);
}

void jw_kstr(struct jw *w, struct str key, struct str v)
{
    jw_key(w, key);
    jw_str(w, v);
}

void jw_knull_str(struct jw *w, struct str key, struct str v)
{
    jw_key(w, key);
    if (v.p == NULL)
        jw_null(w);
    else
        jw_str(w, v);
}

void jw_ki64(struct jw *w, struct str key, int64_t v)
{
    jw_key(w, key);
    jw_i64(w, v);
}

void jw_kid(struct jw *w, struct str key, int64_t id)
{
    jw_key(w, key);
    jw_id(w, id);
}

void jw_kbool(struct jw *w, struct str key, bool v)
{
    jw_key(w, key);
    jw_bool(w, v);
}

void jw_knull(struct jw *w, struct str key)
{
    jw_key(w, key);
    jw_null(w);
}

void jw_kraw(struct jw *w, struct str key, struct str json)
{
    jw_key(w, key);
    jw_raw(w, json);
}

void jw_ktime(struct jw *w, struct str key, int64_t ms)
{
    jw_key(w, key);
    jw_time(w, ms);
}

void jw_kobj(struct jw *w, struct str key)
{
    jw_key(w, key);
    jw_obj(w);
}

void jw_karr(struct jw *w, struct str key)
{
    jw_key(w, key);
    jw_arr(w);
}
