/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "main/config.h"

/* The command line. One table (cli_table.c) holds every command: what it takes, what it teaches, how its answer is
   shown. Most commands are one request to the running server over DATA/parley.sock; nothing here opens the database
   beside a running server. Runs on: the main thread. */
enum cli_exit {
    EXIT_DONE = 0,
    EXIT_REFUSED = 1,   /* refused or failed */
    EXIT_USAGE = 2,     /* wrong usage */
    EXIT_NO_SERVER = 3, /* the server is not running */
};

#define CLI_OVERRIDES_MAX 64
#define CLI_VALUES_MAX    16
#define CLI_FILE_MAX      ((size_t)512 * 1024) /* bytes of a file that a command reads */

struct cli_option {
    const char *name;  /* "reason" for --reason; also the key of the request */
    const char *value; /* what is shown for it, "TEXT"; NULL: a switch, sent as "true" */
    const char *about;
};

enum cli_show {
    SHOW_RECORD,   /* "key  value" lines */
    SHOW_TABLE,    /* `text`: "list: column column ..." of the answer */
    SHOW_SENTENCE, /* `text` with {key} filled in from the answer; lines whose key is null or missing are left out */
};

struct cli;
struct cli_command {
    const char *words; /* "member create" */
    const char *args;  /* "NAME [ROLE]": sent as name, role; FILE is read and sent as text, IMAGE in base64 */
    const struct cli_option *options; /* ends with a row without a name; NULL: none */
    const char *about;                /* one line */
    const char *more;                 /* what one should know; NULL: nothing */
    const char *examples;             /* lines */
    enum cli_show show;
    const char *text;
    int (*run)(struct cli *line); /* NULL: ask the server */
};

const struct cli_command *cli_command_at(size_t i); /* NULL: behind the last one */

/* What was typed. */
struct cli {
    struct ctx *c;
    const struct cli_command *command;
    bool json;
    struct str file;
    struct config_override over[CLI_OVERRIDES_MAX];
    size_t over_n;
    struct {
        const char *key;
        struct str value;
    } values[CLI_VALUES_MAX];
    size_t values_n;
};

int cli_main(struct ctx *c, int argc, char **argv);

/* p == NULL: not given. */
struct str cli_value(const struct cli *line, const char *key);
bool cli_has(const struct cli *line, const char *key);
/* Where the server's folder is, by file, environment and command line. */
enum err cli_data_folder(struct cli *line, struct str *out) NODISCARD;
enum err cli_config(struct cli *line, struct config *out) NODISCARD;
/* A file's text, or standard input for "-". */
enum err cli_read_file(struct ctx *c, struct str path, struct str *out) NODISCARD;
enum err cli_read_bytes(struct ctx *c, struct str path, struct str *out) NODISCARD; /* of whatever is in it */

/* Says c->says on standard error, with --json as {"error"} on standard output. Gives EXIT_REFUSED. */
int cli_refuse(const struct cli *line);
/* Asks the server; *answer is its JSON. EXIT_DONE when it said 200; else the failure is said already. */
int cli_ask(struct cli *line, struct str *answer);
/* True when a server answers on the folder's socket. */
bool cli_server_runs(struct ctx *c, struct str data);

/* cli_print.c: an answer as the command's row wants it. */
void cli_print(const struct cli *line, struct str json);
/* cli_help.c */
void cli_help_all(void);
void cli_help_group(const char *words); /* "member": its commands */
void cli_help_command(const struct cli_command *k);

/* Commands that run here. */
int cmd_serve(struct cli *line);
int cmd_init(struct cli *line);
int cmd_version(struct cli *line);
int cmd_config_check(struct cli *line);
int cmd_config_show(struct cli *line);
int cmd_config_keys(struct cli *line);
int cmd_db_migrate(struct cli *line);
int cmd_db_check(struct cli *line);
int cmd_demo(struct cli *line);
