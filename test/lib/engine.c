/* SPDX-License-Identifier: Apache-2.0 */
#include "engine.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SKIPPED 77 /* what meson takes for "skipped" */

void must(enum err e, const struct ctx *c, const char *what)
{
    if (e == OK)
        return;
    (void)printf("%s: error %d: " STR_FMT "\n", what, (int)e, STR_ARG(c->says));
    exit(1);
}

static struct str cluster_url(void)
{
    const char *url = getenv("PARLEY_TEST_PG");
    if (url == NULL || *url == '\0') {
        (void)printf("skipped: PARLEY_TEST_PG names no PostgreSQL\n");
        exit(SKIPPED);
    }
    return str_c(url);
}

/* What stands outside transactions, which a handle of db/ has read-only. */
static void at_cluster(const char *verb, const char *database, const char *how)
{
    struct ctx c = { .arena = arena_new() };
    struct db_options o = { .url = cluster_url() };
    struct db_pool *pool = NULL;
    MUST(db_pool_open(&c, &o, &pool), &c);
    MUST(db_open(&c, pool, &c.db), &c);
    MUST(db_exec(&c, STR("SET default_transaction_read_only = off; SET statement_timeout = '60s'")), &c);
    MUST(db_exec(&c, arena_strf(c.arena, "%s %s%s", verb, database, how)), &c);
    db_close(&c.db);
    db_pool_close(&pool);
    arena_free(&c.arena);
}

/* The URL of another database in the same cluster: postgres://who@host:port/DATABASE?options */
static struct str with_database(struct arena *a, const char *database)
{
    struct str rest = cluster_url();
    struct str base;
    size_t at = 0;
    bool has_options = str_find(rest, STR("?"), &at);
    struct str options = has_options ? str_skip(rest, at) : STR("");
    base = has_options ? str_head(rest, at) : rest;
    while (base.n > 0 && base.p[base.n - 1] != '/')
        base.n--;
    return arena_strf(a, STR_FMT "%s" STR_FMT, STR_ARG(base), database, STR_ARG(options));
}

void engine_init_in(struct engine *e, struct ctx *c, const char *folder)
{
    *e = (struct engine){ .options = { .cohort_max = 256 } };
    (void)snprintf(e->folder, sizeof e->folder, "%s", folder);
    e->options.url = arena_strf(c->arena, "sqlite:%s", folder);
}

void engine_init(struct engine *e, struct ctx *c)
{
    static int made;
    const char *name = getenv("PARLEY_TEST_ENGINE");
    if (name == NULL || strcmp(name, "sqlite") == 0) {
        char folder[] = "/tmp/parley_test_XXXXXX";
        if (mkdtemp(folder) == NULL)
            exit(1);
        engine_init_in(e, c, folder);
        return;
    }
    *e = (struct engine){ .options.partitioned = strcmp(name, "partitioned") == 0 };
    (void)snprintf(e->database, sizeof e->database, "parley_unit_%ld_%d", (long)getpid(), ++made);
    e->options.url = with_database(c->arena, e->database);
    at_cluster("DROP DATABASE IF EXISTS", e->database, " WITH (FORCE)"); /* of a program that had this number */
    at_cluster("CREATE DATABASE", e->database, " TEMPLATE template0 ENCODING 'UTF8'");
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    return remove(path);
}

void engine_fini(struct engine *e)
{
    if (e->folder[0] != '\0')
        (void)nftw(e->folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    if (e->database[0] != '\0')
        at_cluster("DROP DATABASE IF EXISTS", e->database, " WITH (FORCE)");
}

bool engine_is_postgres(const struct engine *e)
{
    return e->database[0] != '\0';
}
