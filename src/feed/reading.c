/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/inside.h"
#include "feed/timeline.h"
#include "store/tag_mark.h"

/* Readers are loaded by whoever asks for them first. Rows are read without the lock, so a change may be told in
   between: what was read under an older generation is thrown away and read again. */

#define TRIES       3
#define MARKS_MAX   1024 /* of a kind and a reader; older ones are asked for */
#define THREADS_MAX 4096
#define DEEP_MIN    40  /* entries that a tail has before the store is asked instead */
#define DEEP_MANY   256 /* authors at a time */

/* All of a reader's rows, on the arena. */
struct rows {
    struct feed_follow *follows;
    int64_t follows_n;
    struct feed_listed *listed;
    int64_t listed_n;
    int64_t tags_n;
    struct feed_hide *hides;
    int64_t hides_n;
    struct feed_mark_row *marks[FEED_MARK_KINDS]; /* newest first */
    int64_t marks_n[FEED_MARK_KINDS];
};

static int64_t marks_limit(enum feed_mark_kind kind)
{
    return kind == FEED_MARK_THREAD ? THREADS_MAX : MARKS_MAX;
}

static enum err read_rows(struct ctx *c, int64_t id, unsigned parts, struct rows *r)
{
    *r = (struct rows){ 0 };
    if ((parts & READER_FOLLOWS) != 0) {
        TRY(store_feed_follows(c, id, &r->follows, &r->follows_n));
        TRY(store_feed_listed(c, id, &r->listed, &r->listed_n));
        TRY(store_tag_mark_count(c, TAG_MARK_FOLLOW, id, &r->tags_n));
    }
    if ((parts & READER_HIDES) != 0)
        TRY(store_feed_hides(c, id, &r->hides, &r->hides_n));
    for (int k = 0; k < FEED_MARK_KINDS && (parts & READER_MARKS) != 0; k++)
        TRY(store_feed_marks(c, (enum feed_mark_kind)k, id, marks_limit((enum feed_mark_kind)k), &r->marks[k],
                             &r->marks_n[k]));
    return OK;
}

/* The quoted words of a JSON list. */
static void put_langs(struct authors *a, struct str json, struct follow_in *in)
{
    struct str part;
    in->has_langs = json.p != NULL;
    while (in->has_langs && str_cut(&json, '"', &part) && str_cut(&json, '"', &part)) {
        uint8_t lang = authors_lang(a, part);
        in->langs[lang / 8] |= (uint8_t)(1 << lang % 8);
    }
}

static void put_follows(struct graph *g, struct arena *arena, struct reader *reader, const struct rows *r)
{
    struct follow_in *in = ARENA_ARRAY(arena, (size_t)r->follows_n + 1, struct follow_in);
    for (int64_t i = 0; i < r->follows_n; i++) {
        in[i].who = authors_number(&g->authors, r->follows[i].target_id);
        in[i].reblogs = r->follows[i].reblogs;
        put_langs(&g->authors, r->follows[i].languages, &in[i]);
    }
    reader_set_follows(&g->readers, reader, in, (size_t)r->follows_n);
}

static void put_lists(struct graph *g, struct arena *arena, struct reader *reader, const struct rows *r)
{
    struct list_in *in = ARENA_ARRAY(arena, (size_t)r->listed_n + 1, struct list_in);
    for (int64_t i = 0; i < r->listed_n; i++)
        in[i] = (struct list_in){ .id = r->listed[i].list_id,
                                  .replies = r->listed[i].replies,
                                  .exclusive = r->listed[i].exclusive,
                                  .who = authors_number(&g->authors, r->listed[i].target_id) };
    reader_set_lists(&g->readers, reader, in, (size_t)r->listed_n);
}

static void put_hides(struct graph *g, struct arena *arena, struct reader *reader, const struct rows *r)
{
    static const uint32_t bits[] = { FEED_BLOCKED, FEED_BLOCKED_BY, FEED_MUTED };
    struct hide *in = ARENA_ARRAY(arena, (size_t)r->hides_n + 1, struct hide);
    for (int64_t i = 0; i < r->hides_n; i++)
        in[i] = (struct hide){ .who = authors_number(&g->authors, r->hides[i].target_id),
                               .bits = bits[r->hides[i].kind],
                               .until_ms = r->hides[i].until_ms };
    reader_set_hides(&g->readers, reader, in, (size_t)r->hides_n);
}

static void put_marks(struct graph *g, struct arena *arena, struct reader *reader, const struct rows *r)
{
    struct idset sets[MARKS_KINDS] = { 0 };
    _Static_assert((int)MARKS_KINDS == (int)FEED_MARK_KINDS, "the kinds are the same in the same order");
    for (int k = 0; k < MARKS_KINDS; k++) {
        int64_t n = r->marks_n[k];
        int64_t *ids = ARENA_ARRAY(arena, (size_t)n + 1, int64_t);
        uint32_t *values = k == FEED_MARK_VOTE ? ARENA_ARRAY(arena, (size_t)n + 1, uint32_t) : NULL;
        for (int64_t i = 0; i < n; i++) {
            ids[i] = r->marks[k][n - 1 - i].id;
            if (values != NULL)
                values[i] = r->marks[k][n - 1 - i].value;
        }
        sets[k] = (struct idset){ ids, values, (uint32_t)n, n == marks_limit((enum feed_mark_kind)k) ? ids[0] : 0 };
    }
    reader_set_marks(&g->readers, reader, sets);
}

static void install(struct ctx *c, struct graph *g, int64_t id, unsigned parts, const struct rows *r)
{
    struct reader *reader = reader_made(&g->readers, &g->authors, id);
    if ((parts & READER_FOLLOWS) != 0) {
        put_follows(g, c->arena, reader, r);
        put_lists(g, c->arena, reader, r);
        reader->tags_n = (uint32_t)r->tags_n;
    }
    if ((parts & READER_HIDES) != 0)
        put_hides(g, c->arena, reader, r);
    if ((parts & READER_MARKS) != 0)
        put_marks(g, c->arena, reader, r);
}

/* Nobody gets a number before the snapshot gave out its own: *early. */
static unsigned lacking(struct graph *g, int64_t id, unsigned parts, uint64_t *generation, bool *early)
{
    READING(&g->lock);
    *early = g->stage == GRAPH_EMPTY;
    const struct reader *r = reader_find(&g->readers, id);
    *generation = *graph_generation(g, id);
    return r == NULL ? parts : parts & ~r->parts;
}

enum err reading_want(struct ctx *c, int64_t reader_id, unsigned parts, bool *here)
{
    struct graph *g = &c->feed->graph;
    for (int i = 0; i < TRIES; i++) {
        struct rows rows;
        uint64_t generation = 0;
        bool early = false;
        unsigned need = lacking(g, reader_id, parts, &generation, &early);
        *here = need == 0;
        if (*here || early)
            return OK;
        if (c->db == NULL)
            return ERR_COLD;
        if ((need & READER_FOLLOWS) != 0)
            store_feed_expect(c, reader_id);
        TRY(read_rows(c, reader_id, need, &rows));
        WRITING(&g->lock);
        if (*graph_generation(g, reader_id) == generation)
            install(c, g, reader_id, need, &rows);
    }
    *here = lacking(g, reader_id, parts, &(uint64_t){ 0 }, &(bool){ false }) == 0;
    return OK;
}

enum err reading_standing(struct ctx *c, uint32_t who)
{
    struct graph *g = &c->feed->graph;
    struct feed_standing *rows = NULL;
    int64_t n = 0;
    int64_t id = 0;
    uint64_t generation = 0;
    if (c->db == NULL)
        return ERR_COLD;
    {
        READING(&g->lock);
        id = author_id(&g->authors, who);
        generation = *graph_generation(g, id);
    }
    TRY(store_feed_standings(c, &id, 1, &rows, &n));
    WRITING(&g->lock);
    if (*graph_generation(g, id) == generation)
        graph_set_standing(g, id, n == 0 || rows[0].is_hidden, n == 0 || rows[0].is_limited);
    return OK;
}

struct short_author {
    int64_t id;
    int64_t from;
};

/* Those whose tails could be made deeper at little cost. */
static int64_t short_authors(struct ctx *c, int64_t reader_id, int64_t list_id, int64_t lowest,
                             struct short_author *out)
{
    struct graph *g = &c->feed->graph;
    uint32_t *who = ARENA_ARRAY(c->arena, DEEP_MANY, uint32_t);
    int64_t n = 0;
    READING(&g->lock);
    const struct reader *r = reader_find(&g->readers, reader_id);
    if (r == NULL || (r->parts & READER_FOLLOWS) == 0 || authors_bytes(&g->authors) > c->feed->options.budget / 2)
        return 0;
    const struct reader_list *l = list_id == 0 ? NULL : reader_list_find(r, list_id);
    if (list_id != 0 && l == NULL)
        return 0;
    size_t all = timeline_short(&g->authors, r, l, lowest, who, DEEP_MANY);
    for (size_t i = 0; i < all; i++) {
        const struct tail *t = author_tail(&g->authors, who[i]);
        if (t == NULL || t->n < DEEP_MIN)
            out[n++] = (struct short_author){ author_id(&g->authors, who[i]), author_from(&g->authors, who[i]) };
    }
    return n;
}

/* What was told since the rows were read is done once more behind them. */
static void prepend(struct ctx *c, const struct short_author *s, const struct feed_row *rows, int64_t n, size_t notes)
{
    struct graph *g = &c->feed->graph;
    struct entry *e = ARENA_ARRAY(c->arena, (size_t)n + 1, struct entry);
    WRITING(&g->lock);
    uint32_t who = authors_find(&g->authors, s->id);
    if (author_from(&g->authors, who) != s->from)
        return; /* somebody else did it, or the tail was cut */
    for (int64_t i = 0; i < n; i++) {
        struct told t = told_of_row(&rows[i]);
        e[i] = graph_entry(g, &t);
        graph_add_directs(g, &t);
    }
    authors_prepend(&g->authors, who, e, (size_t)n, n < DEEP_MIN ? 0 : rows[0].id);
    graph_apply_notes(g, notes);
}

static enum err deepen(struct ctx *c, const struct short_author *s, int64_t n, size_t notes)
{
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)n, int64_t);
    int64_t *froms = ARENA_ARRAY(c->arena, (size_t)n, int64_t);
    for (int64_t i = 0; i < n; i++) {
        ids[i] = s[i].id;
        froms[i] = s[i].from;
    }
    store_feed_older_expect(c, ids, froms, n, DEEP_MIN);
    for (int64_t i = 0; i < n; i++) {
        struct feed_row *rows = NULL;
        int64_t rows_n = 0;
        TRY(store_feed_older(c, s[i].id, s[i].from, DEEP_MIN, &rows, &rows_n));
        prepend(c, &s[i], rows, rows_n, notes);
    }
    return OK;
}

enum err reading_deeper(struct ctx *c, int64_t reader_id, int64_t list_id, int64_t lowest, bool *more)
{
    struct graph *g = &c->feed->graph;
    struct short_author *s = ARENA_ARRAY(c->arena, DEEP_MANY, struct short_author);
    size_t notes = 0;
    if (c->db == NULL)
        return ERR_COLD;
    int64_t n = short_authors(c, reader_id, list_id, lowest, s);
    *more = n > 0;
    if (n == 0)
        return OK;
    {
        WRITING(&g->lock);
        graph_take_notes(g);
        notes = g->notes.n;
    }
    enum err e = deepen(c, s, n, notes);
    WRITING(&g->lock);
    graph_end_notes(g);
    return e;
}
