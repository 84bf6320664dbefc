/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/trends.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/jw.h"
#include "base/rng.h"

#define PLACES       (TREND_SETS * TREND_WAYS)
#define REGISTERS    256
#define SCORE_MIN    0.25 /* colder than that is over */
#define HEAT_SCALE   1000000.0
#define FIELDS_FIXED (6 + 2 * TREND_DAYS) /* of a saved thing, before its parleys */

static const struct {
    double half_ms; /* after which a count weighs half */
    double people;  /* on one day, so that it is many */
} kinds[TREND_KINDS] = {
    [TREND_TAG] = { 12.0 * HOUR_MS, 2 },
    [TREND_LINK] = { 12.0 * HOUR_MS, 2 },
    [TREND_STATUS] = { 6.0 * HOUR_MS, 2 },
    [TREND_ACCOUNT] = { 72.0 * HOUR_MS, 1 },
};

/* Who used it today: the people themselves, or registers. Eight bytes a word, so that either is aligned. */
struct sketch {
    bool is_full;    /* registers */
    uint32_t n;      /* people, while they are told apart */
    double unchosen; /* chance that somebody new changes a register */
    union {
        uint32_t people[TREND_EXACT];
        uint8_t registers[REGISTERS];
    };
};

struct place {
    int64_t id;
    char *name; /* NULL: by id */
    size_t name_n;
    int64_t day; /* of the newest cell: days since 1970 */
    uint32_t uses[TREND_DAYS];
    double people[TREND_DAYS];
    struct sketch today;
    int64_t *statuses; /* ring of TREND_LINK_PARLEYS; NULL: none */
    uint32_t statuses_n;
};

/* Heat is log2(score) + time / half-life: it stays as it is while the score falls, so things compare without a clock.
 */
struct table {
    uint64_t keys[PLACES]; /* 0: free */
    double heats[PLACES];
    struct place places[PLACES];
    int64_t things;
    struct arena *shown_arena;
    struct trend *shown; /* NULL: none */
    int64_t shown_n;
    int64_t shown_ms;
};

struct trends {
    struct lock lock;
    uint64_t seed; /* of keys, so that nobody can aim at a set */
    uint64_t judged;
    struct table tables[TREND_KINDS];
};

struct trends *trends_new(void)
{
    struct trends *t = calloc(1, sizeof *t); /* memory is taken as it is used */
    if (t == NULL)
        abort();
    lock_init(&t->lock, LOCK_FEED_TRENDS);
    rand_secret(&t->seed, sizeof t->seed);
    return t;
}

static void clear(struct table *b, size_t at)
{
    struct place *p = &b->places[at];
    if (b->keys[at] == 0)
        return;
    free(p->name);
    free(p->statuses);
    memset(p, 0, sizeof *p);
    b->keys[at] = 0;
    b->heats[at] = 0;
    b->things--;
}

void trends_free(struct trends **t)
{
    if (*t == NULL)
        return;
    for (int k = 0; k < TREND_KINDS; k++) {
        for (size_t i = 0; i < PLACES; i++)
            clear(&(*t)->tables[k], i);
        arena_free(&(*t)->tables[k].shown_arena);
    }
    lock_fini(&(*t)->lock);
    free(*t);
    *t = NULL;
}

static uint64_t mix(uint64_t x)
{
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

static uint64_t key_of(const struct trends *t, int64_t id, struct str name)
{
    uint64_t h = t->seed;
    if (name.p == NULL)
        return mix(h ^ (uint64_t)id) | 1;
    for (size_t i = 0; i < name.n; i += 8) {
        uint64_t word = 0;
        memcpy(&word, name.p + i, name.n - i < 8 ? name.n - i : 8);
        h = mix(h ^ word) + name.n;
    }
    return h | 1;
}

/* PLACES: it is not here. */
static size_t find(const struct trends *t, const struct table *b, int64_t id, struct str name)
{
    uint64_t key = key_of(t, id, name);
    size_t from = (size_t)(key >> 32) % TREND_SETS * TREND_WAYS;
    for (size_t i = from; i < from + TREND_WAYS; i++) {
        const struct place *p = &b->places[i];
        if (b->keys[i] == key && p->id == id && p->name_n == name.n
            && (name.n == 0 || memcmp(p->name, name.p, name.n) == 0))
            return i;
    }
    return PLACES;
}

static size_t admit(struct trends *t, struct table *b, int64_t id, struct str name)
{
    uint64_t key = key_of(t, id, name);
    size_t from = (size_t)(key >> 32) % TREND_SETS * TREND_WAYS;
    size_t at = from;
    for (size_t i = from; i < from + TREND_WAYS && b->keys[at] != 0; i++)
        if (b->keys[i] == 0 || b->heats[i] < b->heats[at])
            at = i;
    clear(b, at);
    struct place *p = &b->places[at];
    p->id = id;
    if (name.p != NULL) {
        p->name = strndup(name.p, name.n);
        if (p->name == NULL)
            abort();
        p->name_n = name.n;
    }
    b->keys[at] = key;
    b->heats[at] = -HUGE_VAL;
    b->things++;
    return at;
}

static void roll(struct place *p, int64_t day)
{
    int64_t by = p->day == 0 ? 0 : day - p->day;
    if (by < 0)
        return; /* the clock was stepped back */
    for (int64_t i = TREND_DAYS - 1; i >= 0 && by > 0; i--) {
        p->uses[i] = i >= by ? p->uses[i - by] : 0;
        p->people[i] = i >= by ? p->people[i - by] : 0;
    }
    if (by > 0)
        memset(&p->today, 0, sizeof p->today);
    p->day = day;
}

/* How many people somebody's hash stands for: 0 when it changes nothing. */
static double raise_register(struct sketch *s, uint32_t hash)
{
    uint8_t *r = &s->registers[hash % REGISTERS];
    uint32_t rest = hash / REGISTERS;
    uint8_t rank = (uint8_t)(rest == 0 ? 25 : __builtin_ctz(rest) + 1);
    if (rank <= *r)
        return 0;
    double stands_for = 1.0 / s->unchosen;
    s->unchosen += (ldexp(1.0, -rank) - ldexp(1.0, -*r)) / REGISTERS;
    *r = rank;
    return stands_for;
}

static void fill(struct sketch *s)
{
    uint32_t people[TREND_EXACT];
    memcpy(people, s->people, sizeof people);
    memset(s->registers, 0, sizeof s->registers);
    s->is_full = true;
    s->unchosen = 1.0;
    for (uint32_t i = 0; i < s->n; i++)
        (void)raise_register(s, people[i]);
}

static double meet(struct sketch *s, uint32_t hash)
{
    if (s->is_full)
        return raise_register(s, hash);
    for (uint32_t i = 0; i < s->n; i++)
        if (s->people[i] == hash)
            return 0;
    if (s->n < TREND_EXACT) {
        s->people[s->n++] = hash;
        return 1;
    }
    fill(s);
    return raise_register(s, hash);
}

static void warm(double *heat, double by, enum trend_kind kind, int64_t at_ms)
{
    double now = (double)at_ms / kinds[kind].half_ms;
    double score = exp2(*heat - now) + by;
    *heat = score > 0 ? log2(score) + now : -HUGE_VAL;
}

/* False: this one was counted. */
static bool note_status(struct place *p, int64_t id)
{
    if (id == 0)
        return true;
    for (uint32_t i = 0; p->statuses != NULL && i < TREND_LINK_PARLEYS; i++)
        if (p->statuses[i] == id)
            return false;
    if (p->statuses == NULL)
        p->statuses = calloc(TREND_LINK_PARLEYS, sizeof *p->statuses);
    if (p->statuses == NULL)
        abort();
    p->statuses[p->statuses_n++ % TREND_LINK_PARLEYS] = id;
    return true;
}

void trends_count(struct trends *t, const struct trend_use *u)
{
    struct table *b = &t->tables[u->kind];
    if (u->name.n > TREND_NAME_MAX)
        return;
    LOCKED(&t->lock);
    size_t at = find(t, b, u->id, u->name);
    if (at == PLACES)
        at = admit(t, b, u->id, u->name);
    struct place *p = &b->places[at];
    if (!note_status(p, u->status_id))
        return;
    roll(p, u->at_ms / DAY_MS);
    double new_ones = meet(&p->today, (uint32_t)mix((uint64_t)u->person));
    p->uses[0]++;
    p->people[0] += new_ones;
    if (new_ones > 0)
        warm(&b->heats[at], new_ones, u->kind, u->at_ms);
}

static bool is_used(const struct place *p)
{
    for (int i = 0; i < TREND_DAYS; i++)
        if (p->uses[i] > 0)
            return true;
    return false;
}

static bool forget_status(struct place *p, int64_t id)
{
    for (uint32_t i = 0; p->statuses != NULL && id != 0 && i < TREND_LINK_PARLEYS; i++)
        if (p->statuses[i] == id) {
            p->statuses[i] = 0;
            return true;
        }
    return false;
}

/* Never more people than uses: whoever posts and deletes again and again takes back what they gave. */
void trends_uncount(struct trends *t, const struct trend_use *u)
{
    struct table *b = &t->tables[u->kind];
    LOCKED(&t->lock);
    size_t at = find(t, b, u->id, u->name);
    if (at == PLACES)
        return;
    struct place *p = &b->places[at];
    int64_t day = p->day - u->at_ms / DAY_MS;
    if (!forget_status(p, u->status_id) || day < 0 || day >= TREND_DAYS || p->uses[day] == 0)
        return;
    p->uses[day]--;
    if (p->people[day] > p->uses[day]) {
        warm(&b->heats[at], p->uses[day] - p->people[day], u->kind, u->at_ms);
        p->people[day] = p->uses[day];
    }
    if (!is_used(p))
        clear(b, at);
}

void trends_drop(struct trends *t, enum trend_kind kind, int64_t id, struct str name)
{
    LOCKED(&t->lock);
    size_t at = find(t, &t->tables[kind], id, name);
    if (at != PLACES)
        clear(&t->tables[kind], at);
}

static bool is_warm(const struct table *b, size_t at, enum trend_kind kind, int64_t now_ms)
{
    return b->keys[at] != 0 && exp2(b->heats[at] - (double)now_ms / kinds[kind].half_ms) >= SCORE_MIN;
}

static bool has_people(const struct place *p, enum trend_kind kind)
{
    for (int i = 0; i < TREND_DAYS; i++)
        if (p->people[i] >= kinds[kind].people)
            return true;
    return false;
}

/* Newest first. */
static void copy_statuses(const struct place *p, struct trend *out)
{
    for (uint32_t i = 0; p->statuses != NULL && i < TREND_LINK_PARLEYS; i++) {
        uint32_t next = p->statuses_n % TREND_LINK_PARLEYS;
        int64_t id = p->statuses[(next + TREND_LINK_PARLEYS - 1 - i) % TREND_LINK_PARLEYS];
        if (id != 0)
            out->statuses[out->statuses_n++] = id;
    }
}

static void copy(const struct table *b, size_t at, int64_t now_ms, struct arena *a, struct trend *out)
{
    const struct place *p = &b->places[at];
    int64_t by = now_ms / DAY_MS - p->day;
    *out = (struct trend){ .id = p->id, .heat = b->heats[at] };
    if (p->name != NULL)
        out->name = arena_str(a, (struct str){ p->name, p->name_n });
    for (int64_t i = 0; i < TREND_DAYS; i++)
        if (i >= by && i - by < TREND_DAYS)
            out->days[i] = (struct trend_day){ p->uses[i - by], (int64_t)lround(p->people[i - by]) };
    copy_statuses(p, out);
}

/* The hottest of those that `people` do: places in falling order; at most max. */
static size_t hottest(const struct table *b, enum trend_kind kind, bool people, int64_t now_ms, size_t *best,
                      size_t max)
{
    size_t n = 0;
    for (size_t i = 0; i < PLACES; i++) {
        if (b->keys[i] == 0 || (n == max && b->heats[i] <= b->heats[best[n - 1]]) || !is_warm(b, i, kind, now_ms)
            || (people && !has_people(&b->places[i], kind)))
            continue;
        size_t to = n < max ? n++ : n - 1;
        for (; to > 0 && b->heats[best[to - 1]] < b->heats[i]; to--)
            best[to] = best[to - 1];
        best[to] = i;
    }
    return n;
}

void trends_top(struct trends *t, enum trend_kind kind, int64_t now_ms, struct arena *a, struct trend **out, int64_t *n)
{
    size_t best[TREND_LIST_MAX] = { 0 };
    const struct table *b = &t->tables[kind];
    LOCKED(&t->lock);
    size_t found = hottest(b, kind, true, now_ms, best, TREND_LIST_MAX);
    *out = ARENA_ARRAY(a, found + 1, struct trend);
    for (size_t i = 0; i < found; i++)
        copy(b, best[i], now_ms, a, &(*out)[i]);
    *n = (int64_t)found;
}

bool trends_find(struct trends *t, enum trend_kind kind, int64_t id, struct str name, int64_t now_ms, struct arena *a,
                 struct trend *out)
{
    LOCKED(&t->lock);
    size_t at = find(t, &t->tables[kind], id, name);
    if (at != PLACES)
        copy(&t->tables[kind], at, now_ms, a, out);
    return at != PLACES;
}

static struct trend *copy_all(struct arena *a, const struct trend *rows, int64_t n)
{
    struct trend *out = ARENA_ARRAY(a, (size_t)n + 1, struct trend);
    for (int64_t i = 0; i < n; i++) {
        out[i] = rows[i];
        if (rows[i].name.p != NULL)
            out[i].name = arena_str(a, rows[i].name);
    }
    return out;
}

bool trends_shown(struct trends *t, enum trend_kind kind, int64_t now_ms, struct arena *a, struct trend **out,
                  int64_t *n, uint64_t *as_of)
{
    const struct table *b = &t->tables[kind];
    LOCKED(&t->lock);
    *as_of = t->judged;
    if (b->shown == NULL || now_ms < b->shown_ms || now_ms - b->shown_ms >= TREND_SHOWN_MS)
        return false;
    *out = copy_all(a, b->shown, b->shown_n);
    *n = b->shown_n;
    return true;
}

void trends_show(struct trends *t, enum trend_kind kind, int64_t now_ms, uint64_t as_of, const struct trend *rows,
                 int64_t n)
{
    struct table *b = &t->tables[kind];
    LOCKED(&t->lock);
    if (as_of != t->judged)
        return;
    if (b->shown_arena == NULL)
        b->shown_arena = arena_new();
    arena_reset(b->shown_arena);
    b->shown = copy_all(b->shown_arena, rows, n);
    b->shown_n = n;
    b->shown_ms = now_ms;
}

void trends_judged(struct trends *t)
{
    LOCKED(&t->lock);
    t->judged++;
    for (int k = 0; k < TREND_KINDS; k++)
        t->tables[k].shown = NULL;
}

int64_t trends_things(struct trends *t, enum trend_kind kind)
{
    LOCKED(&t->lock);
    return t->tables[kind].things;
}

/* --- saved and read again --- */

static struct str sketch_digits(struct arena *a, const struct sketch *s)
{
    static const char hex[] = "0123456789abcdef";
    const uint8_t *bytes = s->registers;
    size_t n = s->is_full ? REGISTERS : s->n * sizeof s->people[0];
    char *out = arena_alloc(a, n * 2 + 1);
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = hex[bytes[i] >> 4];
        out[2 * i + 1] = hex[bytes[i] & 15];
    }
    return (struct str){ out, n * 2 };
}

static void write_place(struct jw *w, struct arena *a, const struct table *b, size_t at)
{
    const struct place *p = &b->places[at];
    jw_arr(w);
    jw_i64(w, p->id);
    if (p->name == NULL)
        jw_null(w);
    else
        jw_str(w, (struct str){ p->name, p->name_n });
    jw_i64(w, (int64_t)(b->heats[at] * HEAT_SCALE));
    jw_i64(w, p->day);
    for (int i = 0; i < TREND_DAYS; i++) {
        jw_i64(w, p->uses[i]);
        jw_i64(w, (int64_t)lround(p->people[i]));
    }
    jw_bool(w, p->today.is_full);
    jw_str(w, sketch_digits(a, &p->today));
    struct trend seen = { 0 };
    copy_statuses(p, &seen);
    for (int64_t i = seen.statuses_n - 1; i >= 0; i--)
        jw_i64(w, seen.statuses[i]);
    jw_arr_end(w);
}

struct str trends_write(struct trends *t, enum trend_kind kind, int64_t now_ms, struct arena *a)
{
    size_t best[TREND_SAVED_MAX] = { 0 };
    struct jw w = jw_on(a);
    LOCKED(&t->lock);
    const struct table *b = &t->tables[kind];
    size_t n = hottest(b, kind, false, now_ms, best, TREND_SAVED_MAX);
    jw_arr(&w);
    for (size_t i = 0; i < n; i++)
        write_place(&w, a, b, best[i]);
    jw_arr_end(&w);
    return jw_end(&w);
}

static int digit(char ch)
{
    return ch >= '0' && ch <= '9' ? ch - '0' : ch >= 'a' && ch <= 'f' ? ch - 'a' + 10 : 0;
}

static void read_sketch(const json_t *full, const json_t *digits, struct sketch *s)
{
    const char *p = json_string_value(digits);
    size_t n = json_string_length(digits) / 2;
    s->is_full = json_is_true(full);
    for (size_t i = 0; i < n && i < REGISTERS; i++)
        s->registers[i] = (uint8_t)(digit(p[2 * i]) << 4 | digit(p[2 * i + 1]));
    s->n = n / sizeof s->people[0] < TREND_EXACT ? (uint32_t)(n / sizeof s->people[0]) : TREND_EXACT;
    for (int i = 0; s->is_full && i < REGISTERS; i++) {
        s->registers[i] = s->registers[i] > 25 ? 25 : s->registers[i];
        s->unchosen += ldexp(1.0, -s->registers[i]) / REGISTERS;
    }
}

static uint32_t small(const json_t *j)
{
    int64_t v = json_integer_value(j);
    return v < 0 ? 0 : v > UINT32_MAX ? UINT32_MAX : (uint32_t)v;
}

static void read_place(struct trends *t, struct table *b, const json_t *row)
{
    int64_t id = json_integer_value(json_array_get(row, 0));
    const json_t *text = json_array_get(row, 1);
    struct str name = { json_string_value(text), json_string_length(text) };
    bool fits = json_array_size(row) >= FIELDS_FIXED && name.n <= TREND_NAME_MAX && (name.p != NULL) == (id == 0);
    if (!fits || find(t, b, id, name) != PLACES)
        return;
    size_t at = admit(t, b, id, name);
    struct place *p = &b->places[at];
    b->heats[at] = (double)json_integer_value(json_array_get(row, 2)) / HEAT_SCALE;
    p->day = json_integer_value(json_array_get(row, 3));
    for (size_t i = 0; i < TREND_DAYS; i++) {
        p->uses[i] = small(json_array_get(row, 4 + 2 * i));
        p->people[i] = small(json_array_get(row, 5 + 2 * i));
    }
    read_sketch(json_array_get(row, 4 + 2 * TREND_DAYS), json_array_get(row, 5 + 2 * TREND_DAYS), &p->today);
    for (size_t i = FIELDS_FIXED; i < json_array_size(row); i++)
        (void)note_status(p, json_integer_value(json_array_get(row, i)));
}

void trends_read(struct trends *t, enum trend_kind kind, struct str json)
{
    json_t *all = json_loadb(json.p == NULL ? "" : json.p, json.n, 0, NULL);
    LOCKED(&t->lock);
    for (size_t i = 0; i < json_array_size(all) && i < TREND_SAVED_MAX; i++)
        read_place(t, &t->tables[kind], json_array_get(all, i));
    json_decref(all);
}
