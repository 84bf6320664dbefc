/* SPDX-License-Identifier: Apache-2.0 */
#include "net/smtp.h"

#include <curl/curl.h>

#include "base/buf.h"
#include "net/http.h"

#define TIMEOUT_S_DEFAULT 30
#define SAID_MAX          512
#define ADDRESS_MAX       254 /* RFC 5321 4.5.3.1.3, less the angle brackets */

/* How far the dialogue came, told from the commands that were sent. */
enum stage { STAGE_GREETING, STAGE_SENDER, STAGE_RECIPIENT, STAGE_MESSAGE };

struct dialogue {
    struct str left; /* of the message */
    enum stage stage;
    bool is_over; /* QUIT was sent: what comes now is courtesy */
    size_t said_n;
    char said[SAID_MAX];
    char error[CURL_ERROR_SIZE];
};

static size_t on_read(char *out, size_t size, size_t n, void *arg)
{
    struct dialogue *d = arg;
    size_t bytes = size * n < d->left.n ? size * n : d->left.n;
    if (bytes > 0)
        memcpy(out, d->left.p, bytes);
    d->left = str_skip(d->left, bytes);
    return bytes;
}

/* A line of the relay: the last one is what it thinks of us. */
static size_t on_line(char *p, size_t size, size_t n, void *arg)
{
    struct dialogue *d = arg;
    struct str line = str_trim((struct str){ p, size * n });
    if (d->is_over)
        return size * n;
    d->said_n = line.n < sizeof d->said ? line.n : sizeof d->said;
    if (d->said_n > 0)
        memcpy(d->said, line.p, d->said_n);
    return size * n;
}

static int on_debug(CURL *h, curl_infotype kind, char *p, size_t n, void *arg)
{
    struct dialogue *d = arg;
    struct str sent = { p, n };
    (void)h;
    if (kind != CURLINFO_HEADER_OUT)
        return 0;
    if (str_starts(sent, STR("MAIL FROM")))
        d->stage = STAGE_SENDER;
    else if (str_starts(sent, STR("RCPT TO")))
        d->stage = STAGE_RECIPIENT;
    else if (str_starts(sent, STR("DATA")))
        d->stage = STAGE_MESSAGE;
    else if (str_starts(sent, STR("QUIT")))
        d->is_over = true;
    return 0;
}

/* Every line ends in CRLF (RFC 5321 2.3.8): a bare LF or CR would be read differently by different servers. */
static struct str crlf(struct arena *a, struct str s)
{
    struct buf b = buf_on(a);
    for (size_t i = 0; i < s.n; i++) {
        bool is_pair = s.p[i] == '\r' && i + 1 < s.n && s.p[i + 1] == '\n';
        if (s.p[i] == '\r' || s.p[i] == '\n')
            buf_put(&b, STR("\r\n"));
        else
            buf_putc(&b, s.p[i]);
        i += is_pair ? 1U : 0U;
    }
    return buf_str(&b);
}

/* Nothing that could end the command it is written into. */
static bool is_writable(struct str address)
{
    for (size_t i = 0; i < address.n; i++)
        if ((unsigned char)address.p[i] <= ' ' || address.p[i] == '<' || address.p[i] == '>' || address.p[i] == 0x7f)
            return false;
    return address.n <= ADDRESS_MAX;
}

static struct str url_of(struct arena *a, const struct smtp_relay *r)
{
    bool is_v6 = r->host.n > 0 && memchr(r->host.p, ':', r->host.n) != NULL && r->host.p[0] != '[';
    return arena_strf(a, "%s://%s" STR_FMT "%s:%d/" STR_FMT, r->tls == SMTP_TLS_IMPLICIT ? "smtps" : "smtp",
                      is_v6 ? "[" : "", STR_ARG(r->host), is_v6 ? "]" : "", r->port,
                      STR_ARG(http_percent_encode(a, r->helo)));
}

static void set_relay(CURL *h, struct arena *a, const struct smtp_relay *r)
{
    (void)curl_easy_setopt(h, CURLOPT_URL, url_of(a, r).p);
    (void)curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    (void)curl_easy_setopt(h, CURLOPT_PROXY, "");
    (void)curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(h, CURLOPT_TIMEOUT, (long)(r->timeout_s > 0 ? r->timeout_s : TIMEOUT_S_DEFAULT));
    (void)curl_easy_setopt(h, CURLOPT_USE_SSL,
                           r->tls == SMTP_TLS_STARTTLS ? (long)CURLUSESSL_ALL : (long)CURLUSESSL_NONE);
    if (r->ca_file.p != NULL)
        (void)curl_easy_setopt(h, CURLOPT_CAINFO, arena_cstr(a, r->ca_file));
    if (r->user.p == NULL)
        return;
    (void)curl_easy_setopt(h, CURLOPT_USERNAME, arena_cstr(a, r->user));
    (void)curl_easy_setopt(h, CURLOPT_PASSWORD, arena_cstr(a, r->password));
    (void)curl_easy_setopt(h, CURLOPT_SASL_IR, 1L); /* one round trip less (RFC 4954 4) */
}

static void set_dialogue(CURL *h, struct dialogue *d)
{
    (void)curl_easy_setopt(h, CURLOPT_UPLOAD, 1L);
    (void)curl_easy_setopt(h, CURLOPT_INFILESIZE_LARGE, (curl_off_t)d->left.n);
    (void)curl_easy_setopt(h, CURLOPT_READFUNCTION, on_read);
    (void)curl_easy_setopt(h, CURLOPT_READDATA, d);
    (void)curl_easy_setopt(h, CURLOPT_HEADERFUNCTION, on_line);
    (void)curl_easy_setopt(h, CURLOPT_HEADERDATA, d);
    (void)curl_easy_setopt(h, CURLOPT_VERBOSE, 1L); /* only so that on_debug is called */
    (void)curl_easy_setopt(h, CURLOPT_DEBUGFUNCTION, on_debug);
    (void)curl_easy_setopt(h, CURLOPT_DEBUGDATA, d);
    (void)curl_easy_setopt(h, CURLOPT_ERRORBUFFER, d->error);
}

/* curl's own codes do not tell 451 from 550: the reply code does. */
static enum smtp_result verdict(CURLcode code, long reply, const struct dialogue *d)
{
    if (code == CURLE_OK)
        return SMTP_SENT;
    if (reply >= 500 && reply < 600)
        return d->stage >= STAGE_RECIPIENT ? SMTP_PERMANENT : SMTP_DENIED;
    if (reply >= 400 && reply < 500)
        return SMTP_TEMPORARY;
    if (code == CURLE_LOGIN_DENIED)
        return SMTP_DENIED;
    return d->stage == STAGE_MESSAGE ? SMTP_TEMPORARY : SMTP_UNREACHABLE;
}

enum smtp_result smtp_send(struct arena *a, const struct smtp_relay *r, struct str from, struct str to,
                           struct str message, struct str *said)
{
    struct dialogue d = { .left = crlf(a, message) };
    long reply = 0;
    *said = STR("not an address");
    if (!is_writable(from) || !is_writable(to) || to.n == 0)
        return SMTP_PERMANENT;
    CURL *h = curl_easy_init();
    *said = STR("curl does not start");
    if (h == NULL)
        return SMTP_UNREACHABLE;
    struct curl_slist *rcpt = curl_slist_append(NULL, arena_strf(a, "<" STR_FMT ">", STR_ARG(to)).p);
    set_relay(h, a, r);
    set_dialogue(h, &d);
    (void)curl_easy_setopt(h, CURLOPT_MAIL_FROM, arena_strf(a, "<" STR_FMT ">", STR_ARG(from)).p);
    (void)curl_easy_setopt(h, CURLOPT_MAIL_RCPT, rcpt);
    CURLcode code = curl_easy_perform(h);
    (void)curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &reply);
    enum smtp_result result = verdict(code, reply, &d);
    bool is_relay = result != SMTP_UNREACHABLE && d.said_n > 0 && (code == CURLE_OK || reply >= 400);
    *said = arena_str(a, is_relay ? (struct str){ d.said, d.said_n }
                                  : str_c(d.error[0] != '\0' ? d.error : curl_easy_strerror(code)));
    curl_easy_cleanup(h);
    curl_slist_free_all(rcpt);
    return result;
}
