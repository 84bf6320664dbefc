/* SPDX-License-Identifier: Apache-2.0 */
#include "main/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

static char folder[] = "/tmp/parley-config-XXXXXX";

static struct ctx begin(void)
{
    return (struct ctx){ .arena = arena_new() };
}

static void end(struct ctx *c)
{
    arena_free(&c->arena);
}

static void write_ini(const char *text)
{
    char path[100];
    (void)snprintf(path, sizeof path, "%s/parley.ini", folder);
    FILE *f = fopen(path, "w");
    CHECK(f != NULL);
    if (f == NULL)
        return;
    (void)fputs(text, f);
    (void)fclose(f);
}

static enum err load(struct ctx *c, const char *key, const char *value, struct config *out)
{
    struct config_override over[2] = { { STR("data"), str_c(folder) }, { str_c(key), str_c(value) } };
    return config_load(c, (struct str){ 0 }, over, key == NULL ? 1 : 2, out);
}

static bool says(const struct ctx *c, const char *what)
{
    size_t at = 0;
    bool found = str_find(c->says, str_c(what), &at);
    if (!found)
        (void)printf("said: " STR_FMT "\n", STR_ARG(c->says));
    return found;
}

/* Every refusal names the key, the value, what is allowed and where it was set. */
static void refuse(const char *key, const char *value, const char *allowed)
{
    struct ctx c = begin();
    struct config k;
    CHECK(load(&c, key, value, &k) == ERR_INVALID);
    CHECK(says(&c, key));
    CHECK(says(&c, value));
    CHECK(says(&c, allowed));
    CHECK(says(&c, "command line"));
    end(&c);
}

static void test_every_number(void)
{
    for (size_t i = 0; i < config_key_count(); i++) {
        const struct config_key *k = config_key_at(i);
        char text[40];
        if (k->max == 0)
            continue;
        (void)snprintf(text, sizeof text, "%lld", (long long)k->max + 1);
        refuse(k->name, text, k->unit);
        (void)snprintf(text, sizeof text, "%lld", (long long)k->min - 1);
        refuse(k->name, text, "a whole number from");
        refuse(k->name, "12kg", "a whole number from");
    }
}

static void test_every_choice(void)
{
    for (size_t i = 0; i < config_key_count(); i++) {
        const struct config_key *k = config_key_at(i);
        if (strchr(k->type, '|') != NULL)
            refuse(k->name, "maybe", k->type);
        if (str_eq(str_c(k->type), STR("yes or no")))
            refuse(k->name, "perhaps", "yes or no");
    }
}

static void test_together(void)
{
    refuse("domain", "harbour.example/x", "a host name");
    refuse("domain", "bad_domain!!", "a host name");
    refuse("domain", "https://harbour.example", "a host name");
    refuse("domain", "harbour.example:80800", "a host name");
    refuse("domain", "hafen-gr\xc3\xbc\xc3\x9f.example", "a host name");
    refuse("base_url", "https://", "https://");
    refuse("base_url", "https://harbour .example", "https://");
    refuse("listen", "127.0.0.1", "and a port");
    refuse("listen", "127.0.0.1:", "and a port");
    refuse("listen", ":65536", "and a port");
    refuse("listen", "[::1]:80x", "and a port");
    refuse("base_url", "ftp://harbour.example", "https://");
    refuse("base_url", "https://harbour.example/", "without a slash");
    refuse("database", "mysql://x", "postgres://");
    refuse("trusted_proxies", "10.0.0.0/99", "ranges");
    refuse("metrics_from", "somewhere", "addresses");
    struct ctx c = begin();
    struct config k;
    struct config_override over[] = { { STR("data"), str_c(folder) },
                                      { STR("testing"), STR("yes") },
                                      { STR("listen"), STR("0.0.0.0:8380") } };
    CHECK(config_load(&c, (struct str){ 0 }, over, 3, &k) == ERR_INVALID);
    CHECK(says(&c, "0.0.0.0:8380") && says(&c, "testing"));
    end(&c);
}

static void test_standards_are_good(void)
{
    struct ctx c = begin();
    struct config k;
    CHECK(load(&c, NULL, NULL, &k) == OK);
    CHECK(str_eq(k.base_url, STR("http://localhost:8380")));
    CHECK(str_eq(k.mail_from, STR("parley@localhost")));
    CHECK(k.status_chars_max == 500);
    CHECK(load(&c, "domain", "harbour.example", &k) == OK);
    CHECK(str_eq(k.base_url, STR("https://harbour.example")));
    CHECK(load(&c, "listen", "[::1]:9000", &k) == OK);
    CHECK(str_eq(k.domain, STR("localhost:9000")));
    CHECK(load(&c, "listen", "127.0.0.1:0", &k) == OK); /* any free port */
    end(&c);
}

static void test_file(void)
{
    struct ctx c = begin();
    struct config k;
    struct config_origin *v = NULL;
    struct config_override over = { STR("data"), str_c(folder) };
    write_ini("; a comment\nstatus_chars_max = 1000\n\nworkers = 7\n");
    CHECK(load(&c, NULL, NULL, &k) == OK);
    CHECK(k.status_chars_max == 1000 && k.workers == 7);
    (void)setenv("PARLEY_WORKERS", "8", 1); /* stronger than the file */
    CHECK(load(&c, NULL, NULL, &k) == OK && k.workers == 8);
    CHECK(load(&c, "workers", "9", &k) == OK && k.workers == 9); /* and the command line than that */
    CHECK(config_origins(&c, (struct str){ 0 }, &over, 1, &v) == OK);
    for (size_t i = 0; i < config_key_count(); i++) {
        struct str name = str_c(config_key_at(i)->name);
        if (str_eq(name, STR("workers")))
            CHECK(str_eq(v[i].from, STR("environment PARLEY_WORKERS")));
        if (str_eq(name, STR("status_chars_max")))
            CHECK(str_ends(v[i].from, STR("parley.ini:2")));
        if (str_eq(name, STR("loops")))
            CHECK(str_eq(v[i].from, STR("default")));
    }
    (void)unsetenv("PARLEY_WORKERS");
    end(&c);
}

static void refuse_file(const char *text, const char *a, const char *b)
{
    struct ctx c = begin();
    struct config k;
    write_ini(text);
    CHECK(load(&c, NULL, NULL, &k) == ERR_INVALID);
    CHECK(says(&c, a) && says(&c, b));
    write_ini("");
    end(&c);
}

static void test_bad_files(void)
{
    refuse_file("\nworkers = many\n", "workers = 'many'", "parley.ini:2");
    refuse_file("wrokers = 4\n", "no key 'wrokers'", "parley.ini:1");
    refuse_file("[server]\nworkers = 4\n", "server.workers", "parley.ini:2");
    refuse_file("workers = 4\nhello\n", "expected 'key = value'", "parley.ini:2");
    struct ctx c = begin();
    struct config k;
    struct config_override over = { STR("nonsense"), STR("1") };
    CHECK(config_load(&c, (struct str){ 0 }, &over, 1, &k) == ERR_INVALID);
    CHECK(says(&c, "nonsense"));
    CHECK(config_load(&c, STR("/nonexistent/parley.ini"), NULL, 0, &k) == ERR_INVALID);
    CHECK(says(&c, "/nonexistent/parley.ini"));
    end(&c);
}

/* An operator who mends one line should not learn of the next only then. */
static void test_all_at_once(void)
{
    struct ctx c = begin();
    struct config k;
    write_ini("listen = nowhere\nwrokers = 4\n[x]\ny = 1\nhello\nqueue_max = many\ndomain = a b\nbase_url = ftp://x\n"
              "metrics_from = there\n");
    CHECK(load(&c, NULL, NULL, &k) == ERR_INVALID);
    CHECK(says(&c, "'nowhere'") && says(&c, "'wrokers'") && says(&c, "x.y") && says(&c, "parley.ini:5: expected"));
    write_ini(
        "listen = nowhere\nwrokers = 4\nqueue_max = many\ndomain = a b\nbase_url = ftp://x\nmetrics_from = there\n");
    CHECK(load(&c, NULL, NULL, &k) == ERR_INVALID);
    CHECK(says(&c, "'wrokers'") && says(&c, "'many'") && says(&c, "'a b'") && says(&c, "'ftp://x'")
          && says(&c, "'there'"));
    size_t at = 0;
    write_ini("listen = nowhere\n");
    CHECK(load(&c, NULL, NULL, &k) == ERR_INVALID);
    CHECK(!str_find(c.says, STR("domain"), &at) && !str_find(c.says, STR("base_url"), &at));
    write_ini("");
    end(&c);
}

/* docs/OPERATING.md lists every key with its default. */
static void test_documented(void)
{
    struct ctx c = begin();
    const char *path = getenv("PARLEY_OPERATING");
    FILE *f = path == NULL ? NULL : fopen(path, "r");
    char line[1000];
    size_t found = 0;
    CHECK(f != NULL);
    while (f != NULL && fgets(line, sizeof line, f) != NULL)
        for (size_t i = 0; i < config_key_count(); i++) {
            const struct config_key *k = config_key_at(i);
            struct str row = arena_strf(c.arena, "| `%s` | %s%s%s |", k->name, k->standard[0] == '\0' ? "" : "`",
                                        k->standard, k->standard[0] == '\0' ? "" : "`");
            found += str_starts(str_c(line), row) ? 1 : 0;
        }
    CHECK(found == config_key_count());
    if (f != NULL)
        (void)fclose(f);
    end(&c);
}

int main(void)
{
    CHECK(mkdtemp(folder) != NULL);
    test_standards_are_good();
    test_every_number();
    test_every_choice();
    test_together();
    test_file();
    test_bad_files();
    test_all_at_once();
    test_documented();
    char path[100];
    (void)snprintf(path, sizeof path, "%s/parley.ini", folder);
    (void)unlink(path);
    (void)rmdir(folder);
    return check_done();
}
