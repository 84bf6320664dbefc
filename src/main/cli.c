/* SPDX-License-Identifier: Apache-2.0 */
#include "main/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/jw.h"
#include "net/client.h"

struct str cli_value(const struct cli *line, const char *key)
{
    for (size_t i = 0; i < line->values_n; i++)
        if (str_eq(str_c(line->values[i].key), str_c(key)))
            return line->values[i].value;
    return (struct str){ 0 };
}

bool cli_has(const struct cli *line, const char *key)
{
    return cli_value(line, key).p != NULL;
}

int cli_refuse(const struct cli *line)
{
    struct ctx *c = line->c;
    struct str says = c->says.n > 0 ? c->says : STR("Something broke; the log tells what.");
    if (line->json) {
        struct jw w = jw_on(c->arena);
        jw_obj(&w);
        jw_kstr(&w, STR("error"), says);
        jw_obj_end(&w);
        (void)printf(STR_FMT "\n", STR_ARG(jw_end(&w)));
    } else {
        (void)fprintf(stderr, "parley: " STR_FMT "\n", STR_ARG(says));
    }
    return EXIT_REFUSED;
}

enum err cli_config(struct cli *line, struct config *out)
{
    return config_load(line->c, line->file, line->over, line->over_n, out);
}

/* Also when another key is wrong: a server that runs can still be asked. */
enum err cli_data_folder(struct cli *line, struct str *out)
{
    struct config_origin *v = NULL;
    TRY(config_origins(line->c, line->file, line->over, line->over_n, &v));
    for (size_t i = 0; i < config_key_count(); i++)
        if (str_eq(str_c(config_key_at(i)->name), STR("data")))
            *out = v[i].value;
    return OK;
}

enum err cli_read_bytes(struct ctx *c, struct str path, struct str *out)
{
    struct buf b = buf_on(c->arena);
    bool is_stdin = str_eq(path, STR("-"));
    int fd = is_stdin ? STDIN_FILENO : open(arena_cstr(c->arena, path), O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : 1;
    while (n > 0 && b.n <= CLI_FILE_MAX) {
        n = read(fd, buf_reserve(&b, 4096), 4096);
        if (n > 0)
            b.n += (size_t)n;
    }
    int why = errno;
    if (fd > STDIN_FILENO)
        (void)close(fd);
    if (n < 0)
        return fail(c, ERR_INVALID, STR_FMT " cannot be read: %s", STR_ARG(path), strerror(why));
    if (b.n > CLI_FILE_MAX)
        return fail(c, ERR_INVALID, STR_FMT " is larger than %zu bytes", STR_ARG(path), CLI_FILE_MAX);
    *out = buf_str(&b);
    return OK;
}

enum err cli_read_file(struct ctx *c, struct str path, struct str *out)
{
    TRY(cli_read_bytes(c, path, out));
    return str_is_utf8(*out) ? OK : fail(c, ERR_INVALID, STR_FMT " is not UTF-8 text", STR_ARG(path));
}

/* --- asking the server --- */

static struct str socket_of(struct ctx *c, struct str data)
{
    return arena_strf(c->arena, STR_FMT "/parley.sock", STR_ARG(data));
}

/* 0, or errno of why nobody answers. */
static int try_socket(struct str path)
{
    struct sockaddr_un to = { .sun_family = AF_UNIX };
    if (path.n >= sizeof to.sun_path)
        return ENAMETOOLONG;
    memcpy(to.sun_path, path.p, path.n);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return errno;
    int why = connect(fd, (const struct sockaddr *)&to, sizeof to) == 0 ? 0 : errno;
    (void)close(fd);
    return why;
}

bool cli_server_runs(struct ctx *c, struct str data)
{
    return try_socket(socket_of(c, data)) == 0;
}

static int say_not_running(struct cli *line, struct str data, int why)
{
    struct ctx *c = line->c;
    bool absent = why == ENOENT || why == ECONNREFUSED || why == ENOTDIR;
    enum err e =
        absent ? fail(c, ERR_UNAVAILABLE,
                      "No server runs on the folder " STR_FMT ". Start it with: parley serve --data " STR_FMT,
                      STR_ARG(data), STR_ARG(data))
               : fail(c, ERR_UNAVAILABLE, STR_FMT "/parley.sock cannot be opened: %s", STR_ARG(data), strerror(why));
    (void)cli_refuse(line);
    return absent && e != OK ? EXIT_NO_SERVER : EXIT_REFUSED;
}

static enum err read_image(struct ctx *c, struct str path, struct str *out)
{
    struct str bytes = { 0 };
    TRY(cli_read_bytes(c, path, &bytes));
    size_t room = sodium_base64_ENCODED_LEN(bytes.n, sodium_base64_VARIANT_ORIGINAL);
    char *coded = arena_alloc_raw(c->arena, room);
    (void)sodium_bin2base64(coded, room, (const unsigned char *)bytes.p, bytes.n, sodium_base64_VARIANT_ORIGINAL);
    *out = str_c(coded);
    return OK;
}

/* {"name":"anna","reason":"spam"}; what a FILE holds is sent as "text". */
static enum err body_of(struct cli *line, struct str *out)
{
    struct jw w = jw_on(line->c->arena);
    jw_obj(&w);
    for (size_t i = 0; i < line->values_n; i++) {
        struct str key = str_c(line->values[i].key);
        struct str value = line->values[i].value;
        if (str_eq(key, STR("file"))) {
            key = STR("text");
            TRY(cli_read_file(line->c, value, &value));
        } else if (str_eq(key, STR("image"))) {
            TRY(read_image(line->c, value, &value));
        }
        jw_kstr(&w, key, value);
    }
    jw_obj_end(&w);
    *out = jw_end(&w);
    return OK;
}

static struct str path_of(struct cli *line)
{
    struct buf b = buf_on(line->c->arena);
    buf_put(&b, STR("/console/"));
    for (const char *p = line->command->words; *p != '\0'; p++)
        buf_putc(&b, *p == ' ' ? '/' : *p);
    return buf_str(&b);
}

/* The server's refusal, in its own words. */
static void take_error(struct ctx *c, struct str body)
{
    json_t *j = json_loadb(body.p, body.n, 0, NULL);
    const json_t *error = json_object_get(j, "error");
    c->says = json_is_string(error)
                  ? arena_str(c->arena, (struct str){ json_string_value(error), json_string_length(error) })
                  : STR("The server gave an answer that cannot be read.");
    json_decref(j);
}

int cli_ask(struct cli *line, struct str *answer)
{
    struct ctx *c = line->c;
    struct str data = { 0 };
    struct str body = { 0 };
    int status = 0;
    if (cli_data_folder(line, &data) != OK || body_of(line, &body) != OK)
        return cli_refuse(line);
    int why = try_socket(socket_of(c, data));
    if (why != 0)
        return say_not_running(line, data, why);
    if (http_client_console(c->arena, socket_of(c, data), STR("POST"), path_of(line), body, &status, answer) != OK) {
        c->says = STR("The server does not answer. Is it stopping? Its log tells more.");
        return cli_refuse(line);
    }
    if (status == 200)
        return EXIT_DONE;
    take_error(c, *answer);
    return cli_refuse(line);
}

static int ask_and_print(struct cli *line)
{
    struct str answer = { 0 };
    int code = cli_ask(line, &answer);
    if (code != EXIT_DONE)
        return code;
    if (line->json)
        (void)printf(STR_FMT "\n", STR_ARG(answer));
    else
        cli_print(line, answer);
    return EXIT_DONE;
}

/* --- reading what was typed --- */

static bool usage(const char *fmt, struct str what)
{
    (void)fprintf(stderr, "parley: ");
    (void)fprintf(stderr, fmt[0] == '\0' ? "%.*s" : "%.*s%s", STR_ARG(what), fmt);
    (void)fprintf(stderr, "\n");
    return false;
}

static bool take(struct cli *line, const char *key, struct str value)
{
    if (line->values_n == CLI_VALUES_MAX)
        return usage(": too many values", value);
    line->values[line->values_n].key = key;
    line->values[line->values_n++].value = value;
    return true;
}

static bool take_override(struct cli *line, struct str name, struct str value)
{
    if (line->over_n == CLI_OVERRIDES_MAX)
        return usage(": too many settings", name);
    line->over[line->over_n++] = (struct config_override){ name, value };
    return true;
}

/* --data, --config and --set, which every command knows. *known tells whether it was one of them. */
static bool take_common(struct cli *line, struct str name, struct str value, bool *known)
{
    struct str key = { 0 };
    *known = true;
    if (str_eq(name, STR("data")))
        return value.p == NULL ? usage(" needs a folder behind it", STR("--data")) : take_override(line, name, value);
    if (str_eq(name, STR("config"))) {
        line->file = value;
        return value.p != NULL || usage(" needs a file behind it", STR("--config"));
    }
    if (str_eq(name, STR("set"))) {
        if (value.p == NULL || !str_cut(&value, '=', &key) || value.p == NULL)
            return usage(" needs KEY=VALUE behind it", STR("--set"));
        return take_override(line, key, value);
    }
    *known = false;
    return true;
}

static const struct cli_option *find_option(const struct cli_command *k, struct str name)
{
    for (const struct cli_option *o = k->options; o != NULL && o->name != NULL; o++)
        if (str_eq(str_c(o->name), name))
            return o;
    return NULL;
}

/* One option, "--name value" or "--name=value"; *i moves on by what was used. */
static bool take_option(struct cli *line, int argc, char **argv, int *i)
{
    struct str rest = str_c(argv[*i] + 2);
    struct str name = { 0 };
    bool known = false;
    (void)str_cut(&rest, '=', &name);
    if (str_eq(name, STR("json"))) {
        line->json = true;
        return true;
    }
    const struct cli_option *o = find_option(line->command, name);
    if (o != NULL && o->value == NULL)
        return take(line, o->name, STR("true"));
    struct str value = rest.p != NULL ? rest : str_c(*i + 1 < argc ? argv[*i + 1] : NULL);
    if (!take_common(line, name, value, &known))
        return false;
    if (!known && o == NULL)
        return usage(" is no option of this command", str_c(argv[*i]));
    if (!known && value.p == NULL)
        return usage(" needs a value behind it", str_c(argv[*i]));
    *i += rest.p == NULL ? 1 : 0;
    return known || take(line, o->name, value);
}

static const char *key_of(struct ctx *c, struct str word)
{
    struct buf b = buf_on(c->arena);
    for (size_t i = 0; i < word.n; i++)
        if (word.p[i] != '[' && word.p[i] != ']')
            buf_putc(&b, word.p[i] >= 'A' && word.p[i] <= 'Z' ? (char)(word.p[i] - 'A' + 'a') : word.p[i]);
    return arena_cstr(c->arena, buf_str(&b));
}

static bool take_words(struct cli *line, const struct str *typed, size_t n)
{
    struct str rest = str_c(line->command->args);
    struct str word = { 0 };
    size_t at = 0;
    while (rest.n > 0 && str_cut(&rest, ' ', &word)) {
        if (at < n && !take(line, key_of(line->c, word), typed[at]))
            return false;
        if (at++ >= n && word.p[0] != '[')
            return usage(" is missing", word);
    }
    return at >= n || usage(" is too much", typed[at]);
}

static bool parse(struct cli *line, int argc, char **argv, int from)
{
    struct str typed[CLI_VALUES_MAX];
    size_t n = 0;
    bool options_end = false;
    for (int i = from; i < argc; i++) {
        struct str word = str_c(argv[i]);
        if (!options_end && str_eq(word, STR("--"))) {
            options_end = true;
        } else if (!options_end && str_starts(word, STR("--"))) {
            if (!take_option(line, argc, argv, &i))
                return false;
        } else if (n == CLI_VALUES_MAX) {
            return usage(": too many words", word);
        } else {
            typed[n++] = word;
        }
    }
    return take_words(line, typed, n);
}

static bool asks_help(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (str_eq(str_c(argv[i]), STR("--help")) || str_eq(str_c(argv[i]), STR("-h")))
            return true;
    return false;
}

/* How many of the words at argv[from] are the command's; 0: another command. */
static int words_match(const struct cli_command *k, int argc, char **argv, int from)
{
    struct str rest = str_c(k->words);
    struct str word = { 0 };
    int n = 0;
    while (str_cut(&rest, ' ', &word)) {
        if (from + n >= argc || !str_eq(word, str_c(argv[from + n])))
            return 0;
        n++;
    }
    return n;
}

/* The command with most words in common; *from is behind them. */
static const struct cli_command *find_command(int argc, char **argv, int *from)
{
    const struct cli_command *best = NULL;
    int best_n = 0;
    for (size_t i = 0; cli_command_at(i) != NULL; i++) {
        int n = words_match(cli_command_at(i), argc, argv, 1);
        if (n > best_n) {
            best = cli_command_at(i);
            best_n = n;
        }
    }
    *from = 1 + best_n;
    return best;
}

static bool is_group(const char *word)
{
    struct str start = str_c(word);
    for (size_t i = 0; cli_command_at(i) != NULL; i++) {
        struct str words = str_c(cli_command_at(i)->words);
        if (str_starts(words, start) && words.n > start.n && words.p[start.n] == ' ')
            return true;
    }
    return false;
}

static int help(const struct cli_command *k, int argc, char **argv)
{
    if (k != NULL)
        cli_help_command(k);
    else if (argc > 1 && is_group(argv[1]))
        cli_help_group(argv[1]);
    else
        cli_help_all();
    return EXIT_DONE;
}

static int unknown(int argc, char **argv)
{
    if (argc < 2) {
        cli_help_all();
        return EXIT_USAGE;
    }
    if (argv[1][0] == '-') {
        (void)fprintf(stderr, "parley: '%s' stands before the command: options stand behind it.\n", argv[1]);
        return EXIT_USAGE;
    }
    bool group = is_group(argv[1]);
    bool more = group && argc > 2 && argv[2][0] != '-';
    if (!group || more)
        (void)fprintf(stderr, "parley: there is no command '%s%s%s'. 'parley %s%s--help' lists them all.\n", argv[1],
                      more ? " " : "", more ? argv[2] : "", group ? argv[1] : "", group ? " " : "");
    else
        cli_help_group(argv[1]);
    return EXIT_USAGE;
}

int cli_main(struct ctx *c, int argc, char **argv)
{
    struct cli line = { .c = c };
    int from = 0;
    if (argc > 1 && str_eq(str_c(argv[1]), STR("help"))) {
        argc--;
        argv++;
        return help(find_command(argc, argv, &from), argc, argv);
    }
    line.command = find_command(argc, argv, &from);
    if (asks_help(argc, argv))
        return help(line.command, argc, argv);
    if (line.command == NULL)
        return unknown(argc, argv);
    if (!parse(&line, argc, argv, from)) {
        (void)fprintf(stderr, "usage: parley %s%s%s\n'parley %s --help' explains it.\n", line.command->words,
                      line.command->args[0] == '\0' ? "" : " ", line.command->args, line.command->words);
        return EXIT_USAGE;
    }
    return line.command->run != NULL ? line.command->run(&line) : ask_and_print(&line);
}
