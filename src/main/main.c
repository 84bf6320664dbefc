/* SPDX-License-Identifier: Apache-2.0 */
#include <sodium.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/rng.h"
#include "main/config.h"
#include "main/serve.h"
#include "main/version.h"

/* The one binary. Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 the server is not running. */
#define EXIT_USAGE    2
#define OVERRIDES_MAX 64

struct command_line {
    struct str file;
    struct config_override over[OVERRIDES_MAX];
    size_t over_n;
};

struct command {
    const char *name;
    int (*run)(struct ctx *c, const struct command_line *line);
    const char *about;
};

static int cmd_serve(struct ctx *c, const struct command_line *line)
{
    struct config config;
    if (config_load(c, line->file, line->over, line->over_n, &config) != OK) {
        (void)fprintf(stderr, "parley: " STR_FMT "\n", STR_ARG(c->says));
        return 1;
    }
    return serve(c, &config);
}

static int cmd_version(struct ctx *c, const struct command_line *line)
{
    (void)c;
    (void)line;
    (void)printf("parley %s\n", PARLEY_VERSION);
    return 0;
}

static const struct command commands[] = {
    { "serve", cmd_serve, "run the server" },
    { "version", cmd_version, "print the version" },
};
#define COMMANDS (sizeof commands / sizeof commands[0])

static int usage(void)
{
    (void)fprintf(stderr, "usage: parley COMMAND [--data DIR] [--config FILE] [--set KEY=VALUE]\n");
    for (size_t i = 0; i < COMMANDS; i++)
        (void)fprintf(stderr, "  %-10s %s\n", commands[i].name, commands[i].about);
    return EXIT_USAGE;
}

static bool add(struct command_line *line, struct str name, struct str value)
{
    if (line->over_n == OVERRIDES_MAX)
        return false;
    line->over[line->over_n++] = (struct config_override){ name, value };
    return true;
}

static bool parse(int argc, char **argv, struct command_line *line)
{
    for (int i = 2; i < argc; i++) {
        struct str option = str_c(argv[i]);
        struct str value = i + 1 < argc ? str_c(argv[++i]) : (struct str){ 0 };
        struct str name = { 0 };
        if (value.p == NULL)
            return false;
        if (str_eq(option, STR("--data")) && add(line, STR("data"), value))
            continue;
        if (str_eq(option, STR("--set")) && str_cut(&value, '=', &name) && value.p != NULL && add(line, name, value))
            continue;
        if (!str_eq(option, STR("--config")))
            return false;
        line->file = value;
    }
    return true;
}

int main(int argc, char **argv)
{
    struct command_line line = { 0 };
    if (argc < 2 || !parse(argc, argv, &line) || sodium_init() < 0)
        return usage();
    for (size_t i = 0; i < COMMANDS; i++) {
        if (!str_eq(str_c(argv[1]), str_c(commands[i].name)))
            continue;
        struct ctx c = { .arena = arena_new(), .now_ms = clock_now_ms(), .id = STR("start") };
        rand_seed(&c);
        int code = commands[i].run(&c, &line);
        arena_free(&c.arena);
        return code;
    }
    return usage();
}
