/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "main/cli.h"

static const struct cli_option common[] = {
    { "data", "DIR", "the server's folder (default ./data, or PARLEY_DATA)" },
    { "config", "FILE", "the configuration file (default parley.ini in that folder)" },
    { "set", "KEY=VALUE", "a configuration key for this run; may be given several times" },
    { "json", NULL, "answer in JSON, for programs" },
    { "help", NULL, "this text" },
    { NULL, NULL, NULL },
};

static void print_options(const struct cli_option *o)
{
    for (; o != NULL && o->name != NULL; o++) {
        int n = printf("  --%s%s%s", o->name, o->value == NULL ? "" : " ", o->value == NULL ? "" : o->value);
        (void)printf("%*s%s\n", n < 24 ? 24 - n : 1, "", o->about);
    }
}

static void print_exits(void)
{
    (void)printf("\nExit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 the server is not running.\n");
}

static void print_row(const struct cli_command *k)
{
    int n = printf("  %s%s%s", k->words, k->args[0] == '\0' ? "" : " ", k->args);
    (void)printf("%*s%s\n", n < 34 ? 34 - n : 1, "", k->about);
}

void cli_help_group(const char *words)
{
    struct str start = str_c(words);
    (void)printf("parley %s ...\n\n", words);
    for (size_t i = 0; cli_command_at(i) != NULL; i++) {
        struct str all = str_c(cli_command_at(i)->words);
        if (str_starts(all, start) && (all.n == start.n || all.p[start.n] == ' '))
            print_row(cli_command_at(i));
    }
    (void)printf("\n'parley %s COMMAND --help' explains one of them.\n", words);
}

void cli_help_command(const struct cli_command *k)
{
    (void)printf("parley %s%s%s\n\n%s.\n", k->words, k->args[0] == '\0' ? "" : " ", k->args, k->about);
    if (k->more != NULL)
        (void)printf("%s\n", k->more);
    (void)printf("\nOptions:\n");
    print_options(k->options);
    print_options(common);
    if (k->examples != NULL)
        (void)printf("\nExamples:\n%s\n", k->examples);
    print_exits();
}

void cli_help_all(void)
{
    struct str group = { 0 };
    (void)printf("Parley: a social network that a community runs itself.\n\n"
                 "  parley serve                    start the server; the first start prints a link for its owner\n"
                 "  parley COMMAND ...              ask the running server\n"
                 "  parley COMMAND --help           what a command does, with examples\n\nCommands:\n");
    for (size_t i = 0; cli_command_at(i) != NULL; i++) {
        struct str rest = str_c(cli_command_at(i)->words);
        struct str first = { 0 };
        (void)str_cut(&rest, ' ', &first);
        if (i > 0 && !str_eq(first, group))
            (void)printf("\n");
        group = first;
        print_row(cli_command_at(i));
    }
    (void)printf("\nEvery command takes:\n");
    print_options(common);
    print_exits();
}
