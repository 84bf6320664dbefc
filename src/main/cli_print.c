/* SPDX-License-Identifier: Apache-2.0 */
#include <jansson.h>
#include <stdio.h>

#include "base/buf.h"
#include "core/text.h"
#include "main/cli.h"

#define COLUMNS_MAX 12
#define CELL_MAX    48 /* characters of a cell, but of the last one */

static struct str dotted(struct arena *a, struct str prefix, const char *key)
{
    return prefix.n == 0 ? arena_str(a, str_c(key)) : arena_strf(a, STR_FMT ".%s", STR_ARG(prefix), key);
}

/* A value on one line; p == NULL: nothing is there. */
static struct str text_of(struct arena *a, const json_t *v)
{
    switch (v == NULL ? JSON_NULL : json_typeof(v)) {
    case JSON_STRING: return arena_str(a, (struct str){ json_string_value(v), json_string_length(v) });
    case JSON_INTEGER: return arena_strf(a, "%lld", (long long)json_integer_value(v));
    case JSON_REAL: return arena_strf(a, "%.3f", json_real_value(v));
    case JSON_TRUE: return STR("yes");
    case JSON_FALSE: return STR("no");
    case JSON_OBJECT:
    case JSON_ARRAY:
    case JSON_NULL: break;
    }
    return (struct str){ 0 };
}

/* "standing.kind" of the answer. */
static const json_t *look(struct arena *a, const json_t *v, struct str path)
{
    struct str part = { 0 };
    while (v != NULL && path.n > 0 && str_cut(&path, '.', &part))
        v = json_object_get(v, arena_cstr(a, part));
    return v;
}

/* --- records --- */

static void print_line(struct str key, struct str value)
{
    struct str line = { 0 };
    (void)printf("%-26.*s ", STR_ARG(key));
    for (bool first = true; str_cut(&value, '\n', &line); first = false)
        (void)printf("%*s" STR_FMT "\n", first ? 0 : 27, "", STR_ARG(line));
}

static void print_record(struct arena *a, json_t *object, struct str prefix)
{
    const char *key = NULL;
    json_t *v = NULL;
    json_object_foreach(object, key, v)
    {
        struct str name = dotted(a, prefix, key);
        size_t i = 0;
        json_t *item = NULL;
        if (json_is_object(v))
            print_record(a, v, name);
        json_array_foreach(v, i, item)
        {
            struct str at = arena_strf(a, STR_FMT ".%zu", STR_ARG(name), i + 1);
            if (json_is_object(item))
                print_record(a, item, at);
            else
                print_line(at, text_of(a, item));
        }
        if (text_of(a, v).n > 0)
            print_line(name, text_of(a, v));
    }
}

/* --- tables --- */

struct table {
    struct str columns[COLUMNS_MAX];
    size_t width[COLUMNS_MAX];
    size_t n;
};

static struct str cell(struct arena *a, const json_t *row, struct str column)
{
    struct str s = text_of(a, look(a, row, column));
    struct str line = { 0 };
    return s.n > 0 && str_cut(&s, '\n', &line) ? line : STR("-");
}

static void print_cell(struct str s, size_t width, bool is_last)
{
    size_t n = text_graphemes(s);
    if (is_last) {
        (void)printf(STR_FMT "\n", STR_ARG(s));
        return;
    }
    /* too long: the bytes stay whole characters, for a cut falls before the start of one */
    while (n > width && s.n > 0) {
        do
            s.n--;
        while (s.n > 0 && ((unsigned char)s.p[s.n] & 0xC0) == 0x80);
        n = text_graphemes(s);
    }
    (void)printf(STR_FMT "%*s  ", STR_ARG(s), (int)(width - n), "");
}

static void measure(struct arena *a, struct table *t, const json_t *rows)
{
    size_t i = 0;
    json_t *row = NULL;
    for (size_t k = 0; k < t->n; k++)
        t->width[k] = t->columns[k].n;
    json_array_foreach(rows, i, row)
    {
        for (size_t k = 0; k < t->n; k++) {
            size_t n = text_graphemes(cell(a, row, t->columns[k]));
            n = n > CELL_MAX ? CELL_MAX : n;
            t->width[k] = n > t->width[k] ? n : t->width[k];
        }
    }
}

static void print_table(struct arena *a, const json_t *answer, struct str spec)
{
    struct table t = { 0 };
    struct str list = { 0 };
    size_t i = 0;
    json_t *row = NULL;
    (void)str_cut(&spec, ':', &list);
    spec = str_trim(spec);
    while (t.n < COLUMNS_MAX && str_cut(&spec, ' ', &t.columns[t.n]))
        t.n++;
    const json_t *rows = look(a, answer, list);
    if (json_array_size(rows) == 0) {
        (void)printf("None.\n");
        return;
    }
    measure(a, &t, rows);
    for (size_t k = 0; k < t.n; k++)
        print_cell(t.columns[k], t.width[k], k + 1 == t.n);
    json_array_foreach(rows, i, row) for (size_t k = 0; k < t.n; k++)
        print_cell(cell(a, row, t.columns[k]), t.width[k], k + 1 == t.n);
}

/* --- sentences --- */

/* False: one of its keys has no value. */
static bool fill(struct buf *b, const json_t *answer, struct str line)
{
    while (line.n > 0) {
        struct str plain = { 0 };
        struct str key = { 0 };
        (void)str_cut(&line, '{', &plain);
        buf_put(b, plain);
        if (line.p == NULL)
            break;
        (void)str_cut(&line, '}', &key);
        struct str value = text_of(b->arena, look(b->arena, answer, key));
        if (value.n == 0)
            return false;
        buf_put(b, value);
    }
    return true;
}

static void print_sentence(struct arena *a, const json_t *answer, struct str text)
{
    struct str line = { 0 };
    while (str_cut(&text, '\n', &line)) {
        struct buf b = buf_on(a);
        if (fill(&b, answer, line))
            (void)printf(STR_FMT "\n", STR_ARG(buf_str(&b)));
    }
}

void cli_print(const struct cli *line, struct str json)
{
    struct arena *a = line->c->arena;
    json_t *answer = json_loadb(json.p, json.n, 0, NULL);
    switch (line->command->show) {
    case SHOW_RECORD: print_record(a, answer, (struct str){ 0 }); break;
    case SHOW_TABLE: print_table(a, answer, str_c(line->command->text)); break;
    case SHOW_SENTENCE: print_sentence(a, answer, str_c(line->command->text)); break;
    }
    json_decref(answer);
}
