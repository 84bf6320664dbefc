/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/jw.h"
#include "main/cli.h"
#include "main/secure.h"
#include "main/version.h"
#include "store/schema.h"

int cmd_version(struct cli *line)
{
    if (line->json)
        (void)printf("{\"version\":\"%s\",\"schema\":%lld}\n", PARLEY_VERSION, (long long)schema_version());
    else
        (void)printf("parley %s (store %lld)\n", PARLEY_VERSION, (long long)schema_version());
    return EXIT_DONE;
}

int cmd_config_check(struct cli *line)
{
    struct config config;
    struct str warning = { 0 };
    struct jw w = jw_on(line->c->arena);
    if (cli_config(line, &config) != OK || secure_check(line->c, &config, &warning) != OK)
        return cli_refuse(line);
    jw_obj(&w);
    jw_kbool(&w, STR("ok"), true);
    if (warning.n > 0)
        jw_kstr(&w, STR("warning"), warning);
    jw_obj_end(&w);
    struct str json = jw_end(&w);
    if (line->json) {
        (void)printf(STR_FMT "\n", STR_ARG(json));
        return EXIT_DONE;
    }
    (void)printf("The configuration is good. Server: " STR_FMT ", folder: " STR_FMT "\n", STR_ARG(config.base_url),
                 STR_ARG(config.data));
    if (warning.n > 0)
        (void)printf("But " STR_FMT ".\n", STR_ARG(warning));
    return EXIT_DONE;
}

/* What nobody should read over a shoulder is not shown: secrets, and the password inside the database's address. */
static struct str shown(struct ctx *c, const struct config_key *key, struct str value)
{
    struct str rest = value;
    struct str head = { 0 };
    if (str_eq(str_c(key->type), STR("secret")) && value.n > 0)
        return STR("(set)");
    if (!str_eq(str_c(key->name), STR("database")) || memchr(value.p, '@', value.n) == NULL)
        return value;
    (void)str_cut(&rest, '@', &head);
    size_t colon = head.n;
    while (colon > 0 && head.p[colon - 1] != ':' && head.p[colon - 1] != '/')
        colon--;
    if (colon == 0 || head.p[colon - 1] == '/')
        return value;
    return arena_strf(c->arena, STR_FMT "***@" STR_FMT, STR_ARG(str_head(head, colon)), STR_ARG(rest));
}

int cmd_config_show(struct cli *line)
{
    struct ctx *c = line->c;
    struct config_origin *v = NULL;
    struct jw w = jw_on(c->arena);
    if (config_origins(c, line->file, line->over, line->over_n, &v) != OK)
        return cli_refuse(line);
    jw_obj(&w);
    jw_karr(&w, STR("keys"));
    for (size_t i = 0; i < config_key_count(); i++) {
        const char *name = config_key_at(i)->name;
        struct str value = shown(c, config_key_at(i), v[i].value);
        jw_obj(&w);
        jw_kstr(&w, STR("key"), str_c(name));
        jw_kstr(&w, STR("value"), value);
        jw_kstr(&w, STR("from"), v[i].from);
        jw_obj_end(&w);
        if (!line->json)
            (void)printf("%-28s %-32.*s %.*s\n", name, STR_ARG(value), STR_ARG(v[i].from));
    }
    jw_arr_end(&w);
    jw_obj_end(&w);
    if (line->json)
        (void)printf(STR_FMT "\n", STR_ARG(jw_end(&w)));
    return EXIT_DONE;
}

static void put_key(struct jw *w, const struct config_key *k)
{
    jw_obj(w);
    jw_kstr(w, STR("key"), str_c(k->name));
    jw_kstr(w, STR("type"), str_c(k->type));
    jw_kstr(w, STR("default"), str_c(k->standard));
    jw_kstr(w, STR("unit"), str_c(k->unit));
    if (k->max > 0) {
        jw_ki64(w, STR("min"), k->min);
        jw_ki64(w, STR("max"), k->max);
    }
    jw_kstr(w, STR("about"), str_c(k->about));
    jw_obj_end(w);
}

static void print_key(const struct config_key *k)
{
    (void)printf("%s = %s%s%s\n", k->name, k->standard, k->unit[0] == '\0' ? "" : " ", k->unit);
    if (k->max > 0)
        (void)printf("    %lld to %lld. %s\n", (long long)k->min, (long long)k->max, k->about);
    else
        (void)printf("    %s. %s\n", k->type, k->about);
}

int cmd_config_keys(struct cli *line)
{
    struct jw w = jw_on(line->c->arena);
    jw_obj(&w);
    jw_karr(&w, STR("keys"));
    for (size_t i = 0; i < config_key_count(); i++) {
        put_key(&w, config_key_at(i));
        if (!line->json)
            print_key(config_key_at(i));
    }
    jw_arr_end(&w);
    jw_obj_end(&w);
    if (line->json)
        (void)printf(STR_FMT "\n", STR_ARG(jw_end(&w)));
    return EXIT_DONE;
}
