/* SPDX-License-Identifier: Apache-2.0 */
/* Every statement of store/ is planned on the real schema: a request reaches one shard, along an index, without
   sorting. `all shards` statements are for jobs and consoles; they must only be valid. */
#include <ctype.h>
#include <stdlib.h>

#include "check.h"
#include "db/db.h"
#include "engine.h"
#include "statements.h"
#include "store/schema.h"

#define TABLES_MAX 16
#define LINES_MAX  64

/* What one plan says, line by line. */
struct plan {
    struct str line[LINES_MAX];
    int n;
};

/* Few rows by nature, so that sorting or scanning them is right. */
static const struct {
    const char *text; /* in the statement */
    const char *why;
} few[] = {
    { "FROM pin ", "an account has PINS_MAX of them" },
    { "FROM rule", "reference" },
    { "FROM setting ", "reference" },
    { "FROM announcement ORDER BY", "reference" },
    { "FROM custom_emoji ORDER BY", "reference" },
    { "FROM terms ORDER BY", "reference" },
    { "FROM announcement_count ORDER BY", "reference" },
    { "SELECT id FROM up ORDER BY depth", "the answers above one parley, bounded by $4" },
    { "COUNT(DISTINCT account_id) FROM tag_status", "a day of a tag; there is no order to go along" },
    { "ORDER BY id FOR UPDATE", "two accounts" },
    { "(id >> 21) / $6", "the groups of one page are added up; there is no order to go along" },
    { "words @@ to_tsquery", "what matches has no order of its own" },
    { "FROM derived.search_tag WHERE name >=", "the names that begin alike, by how much they are used" },
};

#define FEW (sizeof few / sizeof few[0])
static int few_used[FEW];

static bool is_few(const struct sql_statement *s)
{
    size_t at = 0;
    for (size_t i = 0; i < FEW; i++) {
        if (!str_find(str_c(s->text), str_c(few[i].text), &at))
            continue;
        few_used[i]++;
        return true;
    }
    return false;
}

/* Where the two engines need two texts, the other one's is not ours to plan. */
static bool is_for(const struct sql_statement *s, bool postgres)
{
    static const char *const postgres_only[] = { " LATERAL ", " FOR UPDATE", "derived.search_status",
                                                 "derived.search_account" };
    size_t at = 0;
    if (postgres)
        return !str_find(str_c(s->text), STR("derived.fts_"), &at);
    for (size_t i = 0; i < sizeof postgres_only / sizeof postgres_only[0]; i++)
        if (str_find(str_c(s->text), str_c(postgres_only[i]), &at))
            return false;
    return true;
}

static int params_of(const char *sql)
{
    int max = 0;
    for (const char *p = strchr(sql, '$'); p != NULL; p = strchr(p + 1, '$')) {
        int n = atoi(p + 1);
        max = n > max ? n : max;
    }
    return max;
}

/* Does `op $n` stand in the text? */
static bool has_operand(struct ctx *c, const char *sql, const char *op, int n)
{
    struct str needle = arena_strf(c->arena, "%s$%d", op, n);
    struct str rest = str_c(sql);
    for (size_t at = 0; str_find(rest, needle, &at);) {
        rest = str_skip(rest, at + needle.n);
        if (rest.n == 0 || !isdigit((unsigned char)rest.p[0]))
            return true;
    }
    return false;
}

/* One bucket for everything, as a statement that keeps the rules has it; upper bounds above lower ones. */
static void bind_samples(struct ctx *c, struct stmt *st, const char *sql)
{
    static const int64_t seven = 7;
    for (int i = 1; i <= params_of(sql); i++) {
        if (has_operand(c, sql, "@IN(", i))
            db_bind_ids(st, i, &seven, 1);
        else
            db_bind_i64(st, i, has_operand(c, sql, " < ", i) || has_operand(c, sql, " <= ", i) ? 1000 : seven);
    }
}

static bool explain(struct ctx *c, const struct sql_statement *s, struct plan *p)
{
    bool postgres = db_engine_of(c->db) == DB_POSTGRES;
    const char *how = postgres ? "EXPLAIN (COSTS OFF) " : "EXPLAIN QUERY PLAN ";
    DB_STMT st = NULL;
    p->n = 0;
    if (db_stmt(c, arena_strf(c->arena, "%s%s", how, s->text), &st) != OK)
        return false;
    bind_samples(c, st, s->text);
    for (bool row = true; p->n < LINES_MAX;) {
        if (db_step(c, st, &row) != OK)
            return false;
        if (!row)
            break;
        p->line[p->n++] = db_col_str(st, c->arena, postgres ? 0 : 3);
    }
    return true;
}

static void complain(const struct sql_statement *s, const struct plan *p, const char *what)
{
    (void)printf("%s: %s: %s\n", s->where, what, s->text);
    for (int i = 0; i < p->n; i++)
        (void)printf("    " STR_FMT "\n", STR_ARG(p->line[i]));
}

/* "... on status_p3 s" -> "status_p3"; n == 0: the line reads no partition. */
static struct str partition_in(struct str line)
{
    size_t at = 0;
    if (!str_find(line, STR(" on "), &at))
        return (struct str){ NULL, 0 };
    struct str name = str_skip(line, at + 4);
    size_t n = 0;
    while (n < name.n && (isalnum((unsigned char)name.p[n]) || name.p[n] == '_'))
        n++;
    bool is_one = n > 3 && name.p[n - 3] == '_' && name.p[n - 2] == 'p' && isdigit((unsigned char)name.p[n - 1]);
    return is_one ? str_head(name, n) : (struct str){ NULL, 0 };
}

/* The plan of an INSERT of values shows no partition: the row's own bucket chooses it. */
static bool shows_partitions(const struct sql_statement *s)
{
    static const char *const without[] = { "INSERT INTO",         "FROM rule",
                                           "FROM setting",        "derived.",
                                           "FROM announcement ",  "UPDATE announcement ",
                                           "announcement_count",  "FROM custom_emoji ORDER",
                                           "UPDATE custom_emoji", "DELETE FROM custom_emoji",
                                           "FROM trend_review",   "FROM terms",
                                           "FROM activity_week" };
    size_t at = 0;
    for (size_t i = 0; i < sizeof without / sizeof without[0]; i++)
        if (str_find(str_c(s->text), str_c(without[i]), &at))
            return false;
    return true;
}

/* Of each table exactly one partition; *touched: how many were seen. */
static bool one_partition_each(const struct sql_statement *s, const struct plan *p, int *touched)
{
    struct str seen[TABLES_MAX];
    int n = 0;
    for (int i = 0; i < p->n; i++) {
        struct str part = partition_in(p->line[i]);
        bool is_new = part.n > 0;
        for (int j = 0; j < n && is_new; j++) {
            if (str_eq(seen[j], part))
                is_new = false;
            else if (str_eq(str_head(seen[j], seen[j].n - 1), str_head(part, part.n - 1)))
                return false;
        }
        if (is_new && n < TABLES_MAX)
            seen[n++] = part;
    }
    *touched += n;
    return n > 0 || !shows_partitions(s);
}

static bool has_line(const struct plan *p, const char *what, const char *but)
{
    size_t at = 0;
    for (int i = 0; i < p->n; i++)
        if (str_find(p->line[i], str_c(what), &at) && (but == NULL || !str_find(p->line[i], str_c(but), &at)))
            return true;
    return false;
}

/* Where sequential scans and sorts are switched off, PostgreSQL shows one only if there is no other way. */
static bool scans(const struct plan *p, bool postgres)
{
    if (postgres)
        return has_line(p, "Seq Scan on", NULL);
    /* what a virtual table does is behind its index: "0:" alone would be all of it */
    if (has_line(p, "VIRTUAL TABLE INDEX 0:", "json_each"))
        return !has_line(p, "VIRTUAL TABLE INDEX 0:=", "json_each");
    return has_line(p, "SCAN ", "VIRTUAL TABLE") && !has_line(p, "SCAN up", NULL);
}

static bool sorts(const struct plan *p, bool postgres)
{
    return has_line(p, postgres ? "Sort Key" : "TEMP B-TREE", NULL);
}

static void judge(struct ctx *c, const struct sql_statement *s, bool partitioned, int *touched)
{
    static struct plan p;
    bool postgres = db_engine_of(c->db) == DB_POSTGRES;
    bool valid = explain(c, s, &p);
    bool reaches_one = !valid || s->all_shards || !partitioned || one_partition_each(s, &p, touched);
    bool by_index = !valid || s->all_shards || is_few(s) || !scans(&p, postgres);
    /* an order over several partitions is a merge or a sort; that is judged without partitions */
    bool in_order = !valid || s->all_shards || is_few(s) || partitioned || !sorts(&p, postgres);
    CHECK(valid);
    CHECK(reaches_one);
    CHECK(by_index);
    CHECK(in_order);
    if (!valid)
        complain(s, &p, c->says.p == NULL ? "is not valid" : arena_cstr(c->arena, c->says));
    if (!reaches_one)
        complain(s, &p, "does not touch one partition");
    if (!by_index)
        complain(s, &p, "scans a table");
    if (!in_order)
        complain(s, &p, "sorts");
}

/* Those who want to be told of an author's parleys are few among millions: asked at every publication. */
static void listeners_are_found_by_their_own_index(struct ctx *c)
{
    static struct plan p;
    int found = 0;
    size_t at = 0;
    for (size_t i = 0; i < sql_statements_count; i++) {
        if (!str_find(str_c(sql_statements[i].text),
                      STR("FROM follower WHERE bucket = $1 AND account_id = $2 AND notify"), &at))
            continue;
        found++;
        CHECK(explain(c, &sql_statements[i], &p));
        bool by_it = has_line(&p, "follower_notify", NULL) || has_line(&p, "_account_id_source_id_notify", NULL);
        CHECK(by_it);
        if (!by_it)
            complain(&sql_statements[i], &p, "not by follower_notify");
    }
    CHECK(found == 1);
}

/* What goes along everybody's rows takes a few of them off an index that has their order: it does not look at all, nor
   ask each bucket. */
static void orders_of_all_are_walked(struct ctx *c, bool partitioned)
{
    static const char *const walks[] = {
        "FROM status s CROSS JOIN account a WHERE", "FROM status WHERE id > $1 AND imported = 0 ORDER BY id",
        "FROM status WHERE id > $1 AND id <= $2",   "edited_ms <= $2 ORDER BY edited_ms",
        "updated_ms <= $2 ORDER BY updated_ms",     "FROM status ORDER BY id",
        "AND active = 1 AND discoverable = 1",      "WHERE state = 0 AND due_ms <= $1 AND ($3",
    };
    static struct plan p;
    bool postgres = db_engine_of(c->db) == DB_POSTGRES;
    size_t at = 0;
    for (size_t k = 0; k < sizeof walks / sizeof walks[0]; k++) {
        int found = 0;
        for (size_t i = 0; i < sql_statements_count; i++) {
            const struct sql_statement *s = &sql_statements[i];
            if (!str_find(str_c(s->text), str_c(walks[k]), &at))
                continue;
            found++;
            CHECK(explain(c, s, &p));
            bool sorted =
                partitioned ? has_line(&p, "->  Sort", NULL) : sorts(&p, postgres); /* a merge has a key, too */
            bool walked = !sorted && (!postgres || !scans(&p, postgres));
            CHECK(walked);
            if (!walked)
                complain(s, &p, "is not along an index");
        }
        CHECK(found > 0);
    }
}

static void all_statements(struct ctx *c, bool partitioned)
{
    int touched = 0;
    bool postgres = db_engine_of(c->db) == DB_POSTGRES;
    for (size_t i = 0; i < sql_statements_count; i++)
        if (is_for(&sql_statements[i], postgres))
            judge(c, &sql_statements[i], partitioned, &touched);
    for (size_t i = 0; i < FEW && postgres; i++)
        CHECK(few_used[i] > 0); /* an exception that excepts nothing goes */
    CHECK(sql_statements_count > 200);
    (void)printf("%zu statements, %d partitions read\n", sql_statements_count, touched);
}

int main(void)
{
    struct engine e;
    struct db_pool *pool = NULL;
    struct ctx c = { .arena = arena_new(), .now_ms = INT64_C(1785542400000) };
    engine_init(&e, &c);
    MUST(db_pool_open(&c, &e.options, &pool), &c);
    MUST(db_open(&c, pool, &c.db), &c);
    MUST(schema_migrate(&c, NULL, NULL), &c);
    if (engine_is_postgres(&e))
        MUST(db_exec(&c, STR("SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off")), &c);
    all_statements(&c, e.options.partitioned);
    listeners_are_found_by_their_own_index(&c);
    orders_of_all_are_walked(&c, e.options.partitioned);
    db_close(&c.db);
    db_pool_close(&pool);
    engine_fini(&e);
    arena_free(&c.arena);
    return check_done();
}
