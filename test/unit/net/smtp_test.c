/* SPDX-License-Identifier: Apache-2.0 */
#include "net/smtp.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "check.h"

static struct arena *client; /* a relay's own arena belongs to its thread */

/* A relay that follows a script: what it answers to each command; it keeps what it was told. */
struct relay {
    struct arena *arena;
    int listener;
    int port;
    const char *ehlo;
    const char *auth;
    const char *mail;
    const char *rcpt;
    const char *message; /* NULL: hangs up instead */
    struct buf heard;
};

static void say(int fd, const char *line)
{
    (void)send(fd, line, strlen(line), MSG_NOSIGNAL);
    (void)send(fd, "\r\n", 2, MSG_NOSIGNAL);
}

/* Reads up to and including `end`; false when the connection ended. */
static bool hear(struct relay *r, int fd, const char *end, struct str *what)
{
    struct buf b = buf_on(r->arena);
    while (!str_ends(buf_str(&b), str_c(end))) {
        if (recv(fd, buf_reserve(&b, 1), 1, 0) != 1)
            return false;
        b.n++;
    }
    *what = buf_str(&b);
    buf_put(&r->heard, *what);
    return true;
}

static bool serve_command(struct relay *r, int fd, struct str line)
{
    struct str data;
    if (str_starts(line, STR("EHLO"))) {
        say(fd, r->ehlo);
    } else if (str_starts(line, STR("AUTH"))) {
        say(fd, r->auth);
    } else if (str_starts(line, STR("MAIL"))) {
        say(fd, r->mail);
    } else if (str_starts(line, STR("RCPT"))) {
        say(fd, r->rcpt);
    } else if (str_starts(line, STR("DATA"))) {
        say(fd, "354 go on");
        if (!hear(r, fd, "\r\n.\r\n", &data) || r->message == NULL)
            return false;
        say(fd, r->message);
    } else {
        say(fd, "221 bye");
        return false;
    }
    return true;
}

static void *serve(void *arg)
{
    struct relay *r = arg;
    struct str line;
    int fd = accept(r->listener, NULL, NULL);
    say(fd, "220 relay.example");
    while (hear(r, fd, "\r\n", &line) && serve_command(r, fd, line))
        continue;
    (void)close(fd);
    return NULL;
}

static void listen_on_loopback(struct relay *r)
{
    struct sockaddr_in at = { .sin_family = AF_INET };
    socklen_t n = sizeof at;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    r->listener = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(bind(r->listener, (struct sockaddr *)&at, sizeof at) == 0 && listen(r->listener, 1) == 0);
    CHECK(getsockname(r->listener, (struct sockaddr *)&at, &n) == 0);
    r->port = ntohs(at.sin_port);
}

static struct relay relay_new(void)
{
    struct relay r = { .arena = arena_new(),
                       .ehlo = "250-relay\r\n250 AUTH PLAIN",
                       .auth = "235 ok",
                       .mail = "250 ok",
                       .rcpt = "250 ok",
                       .message = "250 queued as 17" };
    listen_on_loopback(&r);
    r.heard = buf_on(r.arena);
    return r;
}

static enum smtp_result send_one(struct relay *r, struct smtp_relay where, struct str *said)
{
    pthread_t t;
    where.host = STR("127.0.0.1");
    where.port = r->port;
    where.helo = STR("parley.example");
    where.timeout_s = 5;
    CHECK(pthread_create(&t, NULL, serve, r) == 0);
    enum smtp_result result = smtp_send(client, &where, STR("a@parley.example"), STR("b@x.example"),
                                        STR("Subject: hi\n\n.dot\r\nline\n"), said);
    (void)pthread_join(t, NULL);
    (void)close(r->listener);
    return result;
}

static bool heard(const struct relay *r, const char *what)
{
    size_t at = 0;
    return str_find(buf_str(&r->heard), str_c(what), &at);
}

static void sends(void)
{
    struct relay r = relay_new();
    struct str said;
    CHECK(send_one(&r, (struct smtp_relay){ .user = STR("u"), .password = STR("p") }, &said) == SMTP_SENT);
    CHECK(str_eq(said, STR("250 queued as 17")));
    CHECK(heard(&r, "EHLO parley.example\r\n") && heard(&r, "MAIL FROM:<a@parley.example>")
          && heard(&r, "RCPT TO:<b@x.example>"));
    CHECK(heard(&r, "AUTH PLAIN") && heard(&r, "Subject: hi\r\n\r\n..dot\r\nline\r\n.\r\n"));
    arena_free(&r.arena);
}

static void tells_failures_apart(void)
{
    static const struct {
        const char *auth;
        const char *mail;
        const char *rcpt;
        const char *message;
        enum smtp_result result;
        const char *said;
    } cases[] = {
        { "235 ok", "250 ok", "550 5.1.1 no such user", "250 ok", SMTP_PERMANENT, "550 5.1.1 no such user" },
        { "235 ok", "250 ok", "451 4.3.0 later", "250 ok", SMTP_TEMPORARY, "451 4.3.0 later" },
        { "235 ok", "250 ok", "250 ok", "554 5.7.1 spam", SMTP_PERMANENT, "554 5.7.1 spam" },
        { "235 ok", "250 ok", "250 ok", "421 4.2.1 shutting down", SMTP_TEMPORARY, "421 4.2.1 shutting down" },
        { "235 ok", "554 5.7.1 sender suspended", "250 ok", "250 ok", SMTP_DENIED, "554 5.7.1 sender suspended" },
        { "535 5.7.8 wrong password", "250 ok", "250 ok", "250 ok", SMTP_DENIED, "535 5.7.8 wrong password" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct relay r = relay_new();
        struct str said;
        r.auth = cases[i].auth;
        r.mail = cases[i].mail;
        r.rcpt = cases[i].rcpt;
        r.message = cases[i].message;
        enum smtp_result result = send_one(&r, (struct smtp_relay){ .user = STR("u"), .password = STR("p") }, &said);
        if (result != cases[i].result || !str_eq(said, str_c(cases[i].said)))
            (void)printf("case %zu: %d " STR_FMT "\n", i, (int)result, STR_ARG(said));
        CHECK(result == cases[i].result);
        CHECK(str_eq(said, str_c(cases[i].said)));
        arena_free(&r.arena);
    }
}

static void breaks_off(void)
{
    struct relay r = relay_new();
    struct str said;
    r.message = NULL; /* hangs up after the message: it may have been taken */
    CHECK(send_one(&r, (struct smtp_relay){ 0 }, &said) == SMTP_TEMPORARY && said.n > 0);
    arena_free(&r.arena);
    r = relay_new(); /* does not offer TLS, and it is required: nothing is said in the clear */
    CHECK(send_one(&r, (struct smtp_relay){ .tls = SMTP_TLS_STARTTLS, .user = STR("u"), .password = STR("p") }, &said)
          == SMTP_UNREACHABLE);
    CHECK(!heard(&r, "AUTH") && !heard(&r, "MAIL"));
    arena_free(&r.arena);
}

static void nobody_there(void)
{
    struct arena *a = arena_new();
    struct str said;
    struct smtp_relay where = { .host = STR("127.0.0.1"), .port = 1, .helo = STR("x"), .timeout_s = 5 };
    CHECK(smtp_send(a, &where, STR("a@x"), STR("b@x"), STR("m"), &said) == SMTP_UNREACHABLE && said.n > 0);
    CHECK(smtp_send(a, &where, STR("a@x"), STR("b@x>\r\nRCPT TO:<c@x"), STR("m"), &said) == SMTP_PERMANENT);
    CHECK(smtp_send(a, &where, STR("a@x"), STR(""), STR("m"), &said) == SMTP_PERMANENT);
    arena_free(&a);
}

int main(void)
{
    client = arena_new();
    sends();
    tells_failures_apart();
    breaks_off();
    nobody_there();
    arena_free(&client);
    return check_done();
}
