/* SPDX-License-Identifier: Apache-2.0 */
#include <jansson.h>
#include <stdio.h>
#include <unistd.h>

#include "base/jw.h"
#include "db/db.h"
#include "main/cli.h"
#include "main/server.h"
#include "store/schema.h"

/* Maintenance without a server: opening the store takes the folder's lock, so a server that runs refuses it. */

static void on_step(void *arg, const struct db_migration *m, size_t at, size_t of)
{
    const struct cli *line = arg;
    if (!line->json)
        (void)printf("%s (%zu of %zu)\n", m->name, at + 1, of);
    (void)fflush(stdout);
}

static enum err migrate(struct cli *line, int64_t *from, int64_t *to)
{
    struct ctx *c = line->c;
    struct config config;
    struct db_pool *pool = NULL;
    TRY(cli_config(line, &config));
    enum err e = server_open_db(c, &config, &pool);
    if (e == OK)
        e = db_version(c, from);
    if (e == OK)
        e = schema_migrate(c, on_step, line);
    if (e == OK)
        e = db_version(c, to);
    db_close(&c->db);
    db_pool_close(&pool);
    return e;
}

int cmd_db_migrate(struct cli *line)
{
    int64_t from = 0;
    int64_t to = 0;
    if (migrate(line, &from, &to) != OK)
        return cli_refuse(line);
    if (line->json)
        (void)printf("{\"from\":%lld,\"to\":%lld}\n", (long long)from, (long long)to);
    else if (from == to)
        (void)printf("The store is at version %lld already.\n", (long long)to);
    else
        (void)printf("The store went from version %lld to %lld.\n", (long long)from, (long long)to);
    return EXIT_DONE;
}

/* A mistyped folder is not made and called intact. */
static enum err need_store(struct ctx *c, const struct config *config)
{
    if (!str_eq(config->database, STR("sqlite"))
        || access(arena_cstr(c->arena, arena_strf(c->arena, STR_FMT "/parley.db", STR_ARG(config->data))), F_OK) == 0)
        return OK;
    return fail(c, ERR_NOT_FOUND, "There is no store in the folder " STR_FMT, STR_ARG(config->data));
}

static enum err check(struct cli *line, struct str *verdict)
{
    struct ctx *c = line->c;
    struct config config;
    struct db_pool *pool = NULL;
    TRY(cli_config(line, &config));
    TRY(need_store(c, &config));
    enum err e = server_open_db(c, &config, &pool);
    if (e == OK)
        e = db_check(c, verdict);
    db_close(&c->db);
    db_pool_close(&pool);
    return e;
}

static int say_verdict(struct cli *line, struct str verdict)
{
    bool intact = str_eq(verdict, STR("ok"));
    struct jw w = jw_on(line->c->arena);
    jw_obj(&w);
    jw_kbool(&w, STR("intact"), intact);
    jw_kstr(&w, STR("verdict"), verdict);
    jw_obj_end(&w);
    if (line->json)
        (void)printf(STR_FMT "\n", STR_ARG(jw_end(&w)));
    else if (intact)
        (void)printf("The store is intact.\n");
    else
        (void)printf("The store is damaged. Stop the server and restore a copy.\n" STR_FMT "\n", STR_ARG(verdict));
    return intact ? EXIT_DONE : EXIT_REFUSED;
}

static int check_running(struct cli *line)
{
    struct str answer = { 0 };
    int code = cli_ask(line, &answer);
    if (code != EXIT_DONE)
        return code;
    json_t *j = json_loadb(answer.p, answer.n, 0, NULL);
    const json_t *verdict = json_object_get(j, "verdict");
    struct str says = str_c(json_is_string(verdict) ? json_string_value(verdict) : "no verdict");
    code = say_verdict(line, arena_str(line->c->arena, says));
    json_decref(j);
    return code;
}

int cmd_db_check(struct cli *line)
{
    struct str data = { 0 };
    struct str verdict = { 0 };
    if (cli_data_folder(line, &data) != OK)
        return cli_refuse(line);
    if (cli_server_runs(line->c, data))
        return check_running(line);
    if (check(line, &verdict) != OK)
        return cli_refuse(line);
    return say_verdict(line, verdict);
}
