/* SPDX-License-Identifier: Apache-2.0 */
#include "base/metrics.h"

#include <assert.h>
#include <stdatomic.h>

enum type { COUNTER, GAUGE, MICROS, SECONDS, SIZES };

struct row {
    enum metric first;
    int cells;
    enum type type;
    const char *name;
    const char *labels;
    const char *help;
};
#define ROW(id, cells, type, name, labels, help) { id, cells, type, "parley_" name, labels, help },
static const struct row rows[] = { METRICS(ROW) };
#undef ROW
#define ROWS (sizeof rows / sizeof rows[0])

/* Microseconds; and numbers. */
static const int64_t bounds_us[METRIC_BOUNDS] = { 50,    100,   250,    500,    1000,   2500,    5000,    10000,
                                                  25000, 50000, 100000, 250000, 500000, 1000000, 2500000, 10000000 };
static const int64_t bounds_n[METRIC_BOUNDS] = { 1,   2,   4,    8,    16,   32,   64,    128,
                                                 256, 512, 1024, 2048, 4096, 8192, 16384, 32768 };

/* A thread counts in a block of its own; from the 65th on two share one, which is right, too, and only slower. */
#define BLOCKS 64
static struct block {
    _Atomic int64_t v[METRIC_CELLS];
} __attribute__((aligned(64))) blocks[BLOCKS];  /* global: see the header; pages are touched when they are used */
static _Atomic int64_t values[METRIC_CELLS];    /* of metrics_set; global: as above */
static const char *_Atomic words[METRIC_CELLS]; /* global: as above */
static _Atomic unsigned taken;                  /* global: as above */

static struct block *mine(void)
{
    static _Thread_local struct block *own = NULL;
    if (own == NULL)
        own = &blocks[atomic_fetch_add_explicit(&taken, 1, memory_order_relaxed) % BLOCKS];
    return own;
}

void metrics_add(enum metric m, int series, int64_t n)
{
    atomic_fetch_add_explicit(&mine()->v[(int)m + series], n, memory_order_relaxed);
}

static const int64_t *bounds_of(enum metric m)
{
    return m == METRIC_SYNC_SHARED ? bounds_n : bounds_us;
}

void metrics_observe(enum metric m, int series, int64_t value)
{
    struct block *b = mine();
    const int64_t *bounds = bounds_of(m);
    int first = (int)m + series * METRIC_HIST;
    int i = 0;
    while (i < METRIC_BOUNDS && value > bounds[i])
        i++;
    atomic_fetch_add_explicit(&b->v[first + i], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&b->v[first + METRIC_HIST - 1], value, memory_order_relaxed);
}

void metrics_set(enum metric m, int series, int64_t value)
{
    atomic_store_explicit(&values[(int)m + series], value, memory_order_relaxed);
}

void metrics_word(enum metric m, int i, const char *word)
{
    atomic_store_explicit(&words[(int)m + i], word, memory_order_relaxed);
}

void metrics_read(struct metrics *out)
{
    unsigned n = atomic_load_explicit(&taken, memory_order_relaxed);
    for (int i = 0; i < METRIC_CELLS; i++)
        out->v[i] = atomic_load_explicit(&values[i], memory_order_relaxed);
    for (unsigned k = 0; k < n && k < BLOCKS; k++)
        for (int i = 0; i < METRIC_CELLS; i++)
            out->v[i] += atomic_load_explicit(&blocks[k].v[i], memory_order_relaxed);
}

int64_t metrics_quantile(const int64_t *cells, double share)
{
    int64_t all = 0;
    int64_t below = 0;
    for (int i = 0; i <= METRIC_BOUNDS; i++)
        all += cells[i];
    if (all <= 0)
        return 0;
    double want = share * (double)all;
    for (int i = 0; i < METRIC_BOUNDS; i++) {
        int64_t from = i == 0 ? 0 : bounds_us[i - 1];
        if (cells[i] > 0 && (double)(below + cells[i]) >= want)
            return from + (int64_t)((want - (double)below) / (double)cells[i] * (double)(bounds_us[i] - from));
        below += cells[i];
    }
    return bounds_us[METRIC_BOUNDS - 1];
}

/* --- text --- */

static void put_micros(struct buf *b, int64_t us)
{
    buf_printf(b, "%lld.%06lld", (long long)(us / 1000000), (long long)(us % 1000000));
}

static void put_number(struct buf *b, enum type t, int64_t v)
{
    if (t == MICROS || t == SECONDS)
        put_micros(b, v);
    else
        buf_i64(b, v);
}

/* Label `text` ("name=word|word") of the i-th word. False: it has no such word, so the series is none. */
static bool put_label(struct buf *b, const struct row *r, struct str text, int i)
{
    struct str name = { 0 };
    struct str word = { 0 };
    (void)str_cut(&text, '=', &name);
    if (str_eq(text, STR("@"))) {
        const char *known = atomic_load_explicit(&words[(int)r->first + i], memory_order_relaxed);
        if (known == NULL)
            return false;
        word = str_c(known);
    } else {
        for (int k = 0; k <= i; k++)
            if (!str_cut(&text, '|', &word))
                return false;
    }
    if (b->n > 0)
        buf_putc(b, ',');
    buf_put(b, name);
    buf_put(b, STR("=\""));
    buf_put(b, word); /* words of ours: nothing in them to escape */
    buf_putc(b, '"');
    return true;
}

static int words_of(struct str label, int of_all)
{
    int n = 1;
    if (str_ends(label, STR("=@")))
        return of_all;
    for (size_t i = 0; i < label.n; i++)
        n += label.p[i] == '|' ? 1 : 0;
    return n;
}

/* The labels of a series, which counts the last of them fastest. */
static bool labels_of(struct arena *a, const struct row *r, int series, struct str *out)
{
    struct str all = str_c(r->labels);
    struct str one = { 0 };
    struct buf b = buf_on(a);
    int each = r->type == SECONDS || r->type == SIZES ? r->cells / METRIC_HIST : r->cells;
    while (r->labels[0] != '\0' && str_cut(&all, ';', &one)) {
        struct str rest = all;
        struct str next = { 0 };
        int behind = 1;
        while (rest.p != NULL && str_cut(&rest, ';', &next))
            behind *= words_of(next, 1);
        if (!put_label(&b, r, one, series / behind))
            return false;
        series %= behind;
        each /= behind;
    }
    *out = b.n > 0 ? buf_str(&b) : STR("");
    return each > 0;
}

static int64_t count_of(const int64_t *cells)
{
    int64_t n = 0;
    for (int i = 0; i <= METRIC_BOUNDS; i++)
        n += cells[i];
    return n;
}

typedef void series_fn(void *arg, const struct row *r, struct str labels, const int64_t *cells);

static void each_series(struct arena *a, const struct metrics *m, const struct row *r, series_fn *each, void *arg)
{
    bool hist = r->type == SECONDS || r->type == SIZES;
    int step = hist ? METRIC_HIST : 1;
    for (int i = 0; i < r->cells / step; i++) {
        const int64_t *cells = &m->v[(int)r->first + i * step];
        struct str labels = { 0 };
        if (hist && r->labels[0] != '\0' && count_of(cells) == 0)
            continue;
        if (labels_of(a, r, i, &labels))
            each(arg, r, labels, cells);
    }
}

static void put_name(struct buf *b, const struct row *r, const char *suffix, struct str labels)
{
    buf_printf(b, "%s%s", r->name, suffix);
    if (labels.n > 0)
        buf_printf(b, "{" STR_FMT "}", STR_ARG(labels));
    buf_putc(b, ' ');
}

static void put_buckets(struct buf *b, const struct row *r, struct str labels, const int64_t *cells)
{
    int64_t n = 0;
    for (int i = 0; i <= METRIC_BOUNDS; i++) {
        n += cells[i];
        buf_printf(b, "%s_bucket{" STR_FMT "%sle=\"", r->name, STR_ARG(labels), labels.n > 0 ? "," : "");
        if (i == METRIC_BOUNDS)
            buf_put(b, STR("+Inf"));
        else if (r->type == SECONDS)
            buf_printf(b, "%g", (double)bounds_us[i] / 1e6);
        else
            buf_i64(b, bounds_n[i]);
        buf_printf(b, "\"} %lld\n", (long long)n);
    }
}

static void write_series(void *arg, const struct row *r, struct str labels, const int64_t *cells)
{
    struct buf *b = arg;
    if (r->type != SECONDS && r->type != SIZES) {
        put_name(b, r, "", labels);
        put_number(b, r->type, cells[0]);
        buf_putc(b, '\n');
        return;
    }
    put_buckets(b, r, labels, cells);
    put_name(b, r, "_sum", labels);
    put_number(b, r->type, cells[METRIC_HIST - 1]);
    buf_putc(b, '\n');
    put_name(b, r, "_count", labels);
    buf_printf(b, "%lld\n", (long long)count_of(cells));
}

void metrics_write(struct buf *b, const struct metrics *m)
{
    static const char *const types[] = { "counter", "gauge", "counter", "histogram", "histogram" };
    for (size_t i = 0; i < ROWS; i++) {
        const struct row *r = &rows[i];
        buf_printf(b, "# HELP %s %s\n# TYPE %s %s\n", r->name, r->help, r->name, types[r->type]);
        each_series(b->arena, m, r, write_series, b);
    }
}

struct listing {
    struct arena *arena;
    metrics_each_fn *each;
    void *arg;
};

static void tell(struct listing *l, const struct row *r, const char *suffix, struct str labels, enum type t, int64_t v)
{
    struct buf b = buf_on(l->arena);
    put_number(&b, t, v);
    l->each(l->arg, &(struct metric_value){ arena_strf(l->arena, "%s%s", r->name, suffix), labels, buf_str(&b) });
}

static void list_series(void *arg, const struct row *r, struct str labels, const int64_t *cells)
{
    if (r->type != SECONDS && r->type != SIZES) {
        tell(arg, r, "", labels, r->type, cells[0]);
        return;
    }
    tell(arg, r, "_count", labels, COUNTER, count_of(cells));
    tell(arg, r, "_sum", labels, r->type, cells[METRIC_HIST - 1]);
}

void metrics_each(struct arena *a, const struct metrics *m, metrics_each_fn *each, void *arg)
{
    struct listing l = { a, each, arg };
    for (size_t i = 0; i < ROWS; i++)
        each_series(a, m, &rows[i], list_series, &l);
}
