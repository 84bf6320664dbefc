/* SPDX-License-Identifier: Apache-2.0 */
#include "courier/mail.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/rng.h"
#include "check.h"

static const struct mail_options options = {
    .from = STR("parley@harbour.example"),
    .from_name = STR("Hafen \xC3\x84 \xC3\xA4 \xC3\xB6 \xC3\xBC \xC3\xA4 \xC3\xB6 \xC3\xBC \xC3\xA4 \xC3\xB6 \xC3\xBC "
                     "\xC3\xA4 \xC3\xB6 \xC3\xBC \xC3\xA4 \xC3\xB6 \xC3\xBC ende"),
    .domain = STR("harbour.example"),
};

static bool has(struct str s, const char *what)
{
    size_t at = 0;
    return str_find(s, str_c(what), &at);
}

static void test_lines(struct ctx *c)
{
    struct mail m = { STR("ada@sea.example"),
                      STR("Willkommen \xE2\x9A\x93 an Bord, und noch mehr Text, damit gefaltet wird"),
                      STR("Hello,\n\n.a dot first\nA line of more than a hundred characters: "
                          "http://harbour.example/confirm/0123456789012345678901234567890123456789012\n") };
    struct str s = mail_message(c, &options, &m);
    struct str rest = s;
    struct str line = { 0 };
    while (str_cut(&rest, '\n', &line)) {
        CHECK(line.n <= 78);
        CHECK(rest.p == NULL || str_ends(line, STR("\r"))); /* CRLF throughout */
    }
    CHECK(has(s, "To: <ada@sea.example>\r\n"));
    CHECK(has(s, "Date: Sat, 01 Aug 2026 14:00:00 +0000\r\n"));
    CHECK(has(s, "\r\nAuto-Submitted: auto-generated\r\n"));
    CHECK(has(s, "@harbour.example>\r\n"));
    for (size_t i = 0; i < s.n; i++)
        CHECK((unsigned char)s.p[i] < 0x80); /* seven bits, whatever the text holds */
}

/* What the recipient reads is what was written. */
static void test_body(struct ctx *c)
{
    struct mail m = { STR("ada@sea.example"), STR("Hi"), STR("Grüße\n.\nFrom the sea\n") };
    struct str s = mail_message(c, &options, &m);
    size_t at = 0;
    unsigned char out[200];
    size_t n = 0;
    CHECK(str_find(s, STR("\r\n\r\n"), &at));
    struct str body = str_skip(s, at + 4);
    CHECK(sodium_base642bin(out, sizeof out, body.p, body.n, "\r\n", &n, NULL, sodium_base64_VARIANT_ORIGINAL) == 0);
    CHECK(str_eq((struct str){ (char *)out, n }, m.text));
}

static void test_no_injection(struct ctx *c)
{
    static const struct {
        const char *to;
        const char *subject;
    } bad[] = {
        { "ada@sea.example\r\nBcc: eve@x.example", "Hi" },
        { "ada@sea.example\nBcc: eve@x.example", "Hi" },
        { "ada@sea.example>, <eve@x.example", "Hi" },
        { "ada@sea.example", "Hi\r\nBcc: eve@x.example" },
        { "ada@sea.example", "Hi\nX" },
        { "", "Hi" },
        { "ada\x7F@sea.example", "Hi" },
    };
    struct mail_options o = options;
    o.to_log = true;
    o.log_path = STR("/nonexistent/never");
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct mail m = { str_c(bad[i].to), str_c(bad[i].subject), STR("x") };
        CHECK(mail_send(c, &o, &m) == ERR_INVALID);
    }
}

static void test_log(struct ctx *c)
{
    char path[] = "/tmp/parley-mail-XXXXXX";
    char text[500];
    struct mail_options o = options;
    struct mail m = { STR("ada@sea.example"), STR("First"), STR("the link") };
    int fd = mkstemp(path);
    CHECK(fd >= 0);
    o.to_log = true;
    o.log_path = str_c(path);
    CHECK(mail_send(c, &o, &m) == OK);
    m.subject = STR("Second");
    CHECK(mail_send(c, &o, &m) == OK);
    ssize_t n = read(fd, text, sizeof text - 1);
    CHECK(n > 0);
    text[n > 0 ? n : 0] = '\0';
    CHECK(has(str_c(text), "Subject: First\n\nthe link"));
    CHECK(has(str_c(text), "Subject: Second\n"));
    (void)close(fd);
    (void)unlink(path);
    o.log_path = STR("/nonexistent/never");
    CHECK(mail_send(c, &o, &m) == ERR_UNAVAILABLE); /* tried again later */
}

int main(void)
{
    struct ctx c = { .arena = arena_new(), .now_ms = INT64_C(1785592800000) };
    CHECK(sodium_init() >= 0);
    rand_seed(&c);
    test_lines(&c);
    test_body(&c);
    test_no_injection(&c);
    test_log(&c);
    arena_free(&c.arena);
    return check_done();
}
