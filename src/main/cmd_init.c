/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/jw.h"
#include "core/signup.h"
#include "main/cli.h"
#include "main/server.h"

#define ANSWER_MAX 256 /* bytes that are read at a question */

static struct str overridden(const struct cli *line, const char *key)
{
    struct str v = { 0 };
    for (size_t i = 0; i < line->over_n; i++)
        if (str_eq(line->over[i].name, str_c(key)))
            v = line->over[i].value;
    return v;
}

/* The one question. What is not a terminal is not asked. */
static void ask_domain(struct cli *line)
{
    char text[ANSWER_MAX];
    if (overridden(line, "domain").p != NULL || line->json || !isatty(STDIN_FILENO)
        || line->over_n == CLI_OVERRIDES_MAX)
        return;
    (void)printf("Domain of this community (empty: localhost, to try it here): ");
    (void)fflush(stdout);
    if (fgets(text, sizeof text, stdin) == NULL)
        return;
    struct str answer = str_trim(str_c(text));
    if (answer.n > 0)
        line->over[line->over_n++] = (struct config_override){ STR("domain"), arena_str(line->c->arena, answer) };
}

/* The whole table as comments, with what was said set. */
static struct str ini_text(const struct cli *line)
{
    struct buf b = buf_on(line->c->arena);
    buf_put(&b,
            STR("; Configuration of a Parley server. Later wins: this file, PARLEY_KEY in the environment,\n"
                "; --set KEY=VALUE. 'parley config check' says whether it is good, 'parley config show' what counts.\n"
                "; What the community decides (title, rules, who may join) is set in the running server:\n"
                "; 'parley setting list'.\n"));
    for (size_t i = 0; i < config_key_count(); i++) {
        const struct config_key *k = config_key_at(i);
        struct str set = overridden(line, k->name);
        if (str_eq(str_c(k->name), STR("data"))) /* it says where this file is */
            continue;
        buf_printf(&b, "\n; %s\n; %s", k->about, k->max > 0 ? "" : k->type);
        if (k->max > 0)
            buf_printf(&b, "%lld to %lld%s%s", (long long)k->min, (long long)k->max, k->unit[0] == '\0' ? "" : " ",
                       k->unit);
        buf_putc(&b, '\n');
        if (set.p != NULL)
            buf_printf(&b, "%s = " STR_FMT "\n", k->name, STR_ARG(set));
        else
            buf_printf(&b, ";%s = %s\n", k->name, k->standard);
    }
    return buf_str(&b);
}

static enum err write_ini(const struct cli *line, struct str data, struct str *path)
{
    struct ctx *c = line->c;
    struct str text = ini_text(line);
    int flags = O_WRONLY | O_CREAT | O_CLOEXEC | (cli_has(line, "force") ? O_TRUNC : O_EXCL);
    *path = line->file.p != NULL ? line->file : arena_strf(c->arena, STR_FMT "/parley.ini", STR_ARG(data));
    if (mkdir(arena_cstr(c->arena, data), 0700) != 0 && errno != EEXIST)
        return fail(c, ERR_INVALID, "The folder " STR_FMT " cannot be made: %s", STR_ARG(data), strerror(errno));
    int fd = open(arena_cstr(c->arena, *path), flags, 0600);
    if (fd < 0 && errno == EEXIST)
        return fail(c, ERR_CONFLICT, STR_FMT " is there already; --force writes it anew", STR_ARG(*path));
    ssize_t n = fd < 0 ? -1 : write(fd, text.p, text.n);
    int why = errno;
    if (fd >= 0)
        (void)close(fd);
    return n == (ssize_t)text.n ? OK
                                : fail(c, ERR_INVALID, STR_FMT " cannot be written: %s", STR_ARG(*path), strerror(why));
}

/* The store is made, and in it the ticket of the owner's link. */
static enum err make_store(struct ctx *c, const struct config *config, struct str *secret)
{
    struct server s = { 0 };
    enum err e = server_prepare(c, config, &s);
    if (e == OK)
        e = sign_up_setup_begin(c, secret);
    db_close(&c->db);
    server_close(&s);
    c->feed = NULL;
    c->site = NULL;
    c->sites = NULL;
    return e;
}

static void say_done(const struct cli *line, const struct config *config, struct str ini, struct str secret)
{
    struct str url = { 0 };
    if (secret.p != NULL)
        url = arena_strf(line->c->arena, STR_FMT "/setup/" STR_FMT, STR_ARG(config->base_url), STR_ARG(secret));
    if (line->json) {
        struct jw w = jw_on(line->c->arena);
        jw_obj(&w);
        jw_kstr(&w, STR("data"), config->data);
        jw_kstr(&w, STR("config"), ini);
        jw_kstr(&w, STR("base_url"), config->base_url);
        jw_knull_str(&w, STR("setup_url"), url);
        jw_obj_end(&w);
        (void)printf(STR_FMT "\n", STR_ARG(jw_end(&w)));
        return;
    }
    (void)printf("Folder:        " STR_FMT "\nConfiguration: " STR_FMT "\n\nStart it:      parley serve --data " STR_FMT
                 "\nThen open:     " STR_FMT "\n",
                 STR_ARG(config->data), STR_ARG(ini), STR_ARG(config->data),
                 STR_ARG(url.p != NULL ? url : config->base_url));
    if (url.p != NULL)
        (void)printf(
            "Whoever opens that link first becomes the owner. It works once, for %d minutes; each start of the\n"
            "server and 'parley member owner-link' give a new one.\n",
            SETUP_LASTS_MIN);
}

int cmd_init(struct cli *line)
{
    struct ctx *c = line->c;
    struct config config;
    struct str ini = { 0 };
    struct str secret = { 0 };
    ask_domain(line);
    if (line->file.p == NULL && cli_config(line, &config) != OK) /* before anything is written */
        return cli_refuse(line);
    struct str data = { 0 };
    if (overridden(line, "data").p != NULL)
        data = overridden(line, "data");
    else if (cli_data_folder(&(struct cli){ .c = c }, &data) != OK)
        return cli_refuse(line);
    if (write_ini(line, data, &ini) != OK || cli_config(line, &config) != OK || make_store(c, &config, &secret) != OK)
        return cli_refuse(line);
    say_done(line, &config, ini, secret);
    return EXIT_DONE;
}
