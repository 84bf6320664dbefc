/* SPDX-License-Identifier: Apache-2.0 */
#include "courier/mail.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/metrics.h"
#include "base/rng.h"
#include "net/smtp.h"

#define BASE64_LINE 76 /* RFC 2045 section 6.8 */
#define WORD_BYTES  42 /* of text in one encoded word, so that it stays below 75 characters (RFC 2047 section 2) */
#define TIMEOUT_S   30

static bool is_header_safe(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7F)
            return false;
    return s.n > 0;
}

static bool is_ascii(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x80)
            return false;
    return true;
}

static struct str base64(struct arena *a, struct str s)
{
    size_t room = sodium_base64_ENCODED_LEN(s.n, sodium_base64_VARIANT_ORIGINAL);
    char *out = arena_alloc(a, room);
    (void)sodium_bin2base64(out, room, (const unsigned char *)s.p, s.n, sodium_base64_VARIANT_ORIGINAL);
    return (struct str){ out, room - 1 };
}

/* Encoded words that never part a character. */
static void put_encoded(struct buf *b, struct str s)
{
    while (s.n > 0) {
        size_t n = s.n < WORD_BYTES ? s.n : WORD_BYTES;
        while (n < s.n && n > 1 && ((unsigned char)s.p[n] & 0xC0) == 0x80)
            n--;
        buf_put(b, STR("=?UTF-8?B?"));
        buf_put(b, base64(b->arena, str_head(s, n)));
        buf_put(b, STR("?="));
        s = str_skip(s, n);
        if (s.n > 0)
            buf_put(b, STR("\r\n "));
    }
}

static void put_words(struct buf *b, struct str s)
{
    size_t at = 0;
    if (is_ascii(s) && !str_find(s, STR("=?"), &at))
        buf_put(b, s);
    else
        put_encoded(b, s);
}

static void put_body(struct buf *b, struct str text)
{
    struct str rest = base64(b->arena, text);
    while (rest.n > 0) {
        buf_put(b, str_head(rest, BASE64_LINE));
        buf_put(b, STR("\r\n"));
        rest = str_skip(rest, BASE64_LINE);
    }
}

static void put_date(struct buf *b, int64_t ms)
{
    struct str http = clock_http(b->arena, ms); /* "... GMT": RFC 5322 wants an offset */
    buf_put(b, str_head(http, http.n - 3));
    buf_put(b, STR("+0000"));
}

struct str mail_message(struct ctx *c, const struct mail_options *o, const struct mail *m)
{
    struct buf b = buf_on(c->arena);
    buf_put(&b, STR("Date: "));
    put_date(&b, c->now_ms);
    buf_put(&b, STR("\r\nFrom: "));
    if (o->from_name.n > 0 && is_header_safe(o->from_name)) {
        put_encoded(&b, o->from_name); /* whatever stands in it, it needs no quotes this way */
        buf_putc(&b, ' ');
    }
    buf_printf(&b, "<" STR_FMT ">\r\nTo: <" STR_FMT ">\r\nSubject: ", STR_ARG(o->from), STR_ARG(m->to));
    put_words(&b, m->subject);
    struct str unique = rand_token(c->arena);
    buf_printf(&b, "\r\nMessage-ID: <" STR_FMT "@" STR_FMT ">\r\n", STR_ARG(unique), STR_ARG(o->domain));
    buf_put(&b, STR("Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
                    "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"));
    put_body(&b, m->text);
    return buf_str(&b);
}

/* For development: readable, one message after the other. */
static enum err append(struct ctx *c, const struct mail_options *o, const struct mail *m)
{
    struct str entry =
        arena_strf(c->arena, "--- " STR_FMT "\nTo: " STR_FMT "\nSubject: " STR_FMT "\n\n" STR_FMT "\n\n",
                   STR_ARG(clock_iso(c->arena, c->now_ms)), STR_ARG(m->to), STR_ARG(m->subject), STR_ARG(m->text));
    int fd = open(arena_cstr(c->arena, o->log_path), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    ssize_t n = fd < 0 ? -1 : write(fd, entry.p, entry.n);
    int why = errno;
    if (fd >= 0)
        (void)close(fd);
    if (n != (ssize_t)entry.n)
        return fail(c, ERR_UNAVAILABLE, STR_FMT ": %s", STR_ARG(o->log_path), strerror(why));
    return OK;
}

static enum err deliver(struct ctx *c, const struct mail_options *o, const struct mail *m)
{
    struct smtp_relay relay = {
        .host = o->host,
        .port = (int)o->port,
        .tls = str_eq(o->tls, STR("none"))  ? SMTP_TLS_NONE
               : str_eq(o->tls, STR("tls")) ? SMTP_TLS_IMPLICIT
                                            : SMTP_TLS_STARTTLS,
        .user = o->user.n > 0 ? o->user : (struct str){ 0 },
        .password = o->password,
        .helo = o->domain,
        .timeout_s = TIMEOUT_S,
    };
    struct str said = { 0 };
    switch (smtp_send(c->arena, &relay, o->from, m->to, mail_message(c, o, m), &said)) {
    case SMTP_SENT: return OK;
    case SMTP_PERMANENT: return fail(c, ERR_INVALID, "refused for good: " STR_FMT, STR_ARG(said));
    case SMTP_TEMPORARY: return fail(c, ERR_UNAVAILABLE, "put off: " STR_FMT, STR_ARG(said));
    case SMTP_DENIED: return fail(c, ERR_UNAVAILABLE, "the relay does not serve us: " STR_FMT, STR_ARG(said));
    case SMTP_UNREACHABLE: return fail(c, ERR_UNAVAILABLE, "the relay was not reached: " STR_FMT, STR_ARG(said));
    }
    return OK;
}

enum err mail_send(struct ctx *c, const struct mail_options *o, const struct mail *m)
{
    if (!is_header_safe(m->to) || !is_header_safe(m->subject) || memchr(m->to.p, '>', m->to.n) != NULL)
        return fail(c, ERR_INVALID, "the address or the subject cannot stand in a header");
    enum err e = o->to_log ? append(c, o, m) : deliver(c, o, m);
    metrics_add(METRIC_MAIL, e == OK ? 0 : e == ERR_UNAVAILABLE ? 1 : 2, 1);
    return e;
}
