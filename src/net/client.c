/* SPDX-License-Identifier: Apache-2.0 */
#include "net/client.h"

#include <curl/curl.h>
#include <sys/socket.h>

#include "base/buf.h"
#include "net/proxy.h"

#define TIMEOUT_S_DEFAULT  10
#define ANSWER_MAX_DEFAULT ((size_t)1024 * 1024)
#define CONSOLE_TIMEOUT_S  600 /* a command may wait for long work */
#define CONSOLE_ANSWER_MAX ((size_t)64 * 1024 * 1024)

struct transfer {
    struct buf body;
    size_t max;
    bool is_too_large;
    bool public_only;
    bool is_forbidden;
    char error[CURL_ERROR_SIZE];
};

static size_t on_body(char *p, size_t size, size_t n, void *arg)
{
    struct transfer *t = arg;
    size_t bytes = size * n;
    if (bytes > t->max - t->body.n) {
        t->is_too_large = true;
        return 0;
    }
    buf_put(&t->body, (struct str){ p, bytes });
    return bytes;
}

/* The last word on where a connection goes: curl calls it with the resolved address of every attempt. */
static curl_socket_t on_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
    struct transfer *t = arg;
    struct net_addr addr;
    (void)purpose;
    bool is_ip = net_addr_of(&to->addr, &addr);
    if (t->public_only && (!is_ip || net_addr_is_special(&addr))) {
        t->is_forbidden = true;
        return CURL_SOCKET_BAD;
    }
    return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

static struct curl_slist *headers_of(struct ctx *c, const struct http_call *call)
{
    struct curl_slist *list = NULL;
    if (call->body.p != NULL && call->type.n > 0)
        list = curl_slist_append(list, arena_strf(c->arena, "Content-Type: " STR_FMT, STR_ARG(call->type)).p);
    for (const struct http_header_out *h = call->headers; h != NULL; h = h->next)
        list =
            curl_slist_append(list, arena_strf(c->arena, STR_FMT ": " STR_FMT, STR_ARG(h->name), STR_ARG(h->value)).p);
    return curl_slist_append(list, "Expect:"); /* no round trip for 100 Continue */
}

static void set_limits(CURL *h, const struct http_call *call, struct transfer *t, bool may_redirect)
{
    (void)curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http,https");
    (void)curl_easy_setopt(h, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    (void)curl_easy_setopt(h, CURLOPT_PROXY, ""); /* a proxy would resolve the name where we cannot look */
    (void)curl_easy_setopt(h, CURLOPT_TIMEOUT, (long)(call->timeout_s > 0 ? call->timeout_s : TIMEOUT_S_DEFAULT));
    (void)curl_easy_setopt(h, CURLOPT_FOLLOWLOCATION, may_redirect && call->redirects_max > 0 ? 1L : 0L);
    (void)curl_easy_setopt(h, CURLOPT_MAXREDIRS, (long)call->redirects_max);
    (void)curl_easy_setopt(h, CURLOPT_OPENSOCKETFUNCTION, on_socket);
    (void)curl_easy_setopt(h, CURLOPT_OPENSOCKETDATA, t);
    (void)curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, on_body);
    (void)curl_easy_setopt(h, CURLOPT_WRITEDATA, t);
    (void)curl_easy_setopt(h, CURLOPT_ERRORBUFFER, t->error);
    (void)curl_easy_setopt(h, CURLOPT_FORBID_REUSE, 1L);
}

static void set_request(struct ctx *c, CURL *h, const struct http_call *call, bool is_head)
{
    (void)curl_easy_setopt(h, CURLOPT_URL, arena_cstr(c->arena, call->url));
    if (call->unix_socket.p != NULL)
        (void)curl_easy_setopt(h, CURLOPT_UNIX_SOCKET_PATH, arena_cstr(c->arena, call->unix_socket));
    if (call->body.p != NULL) {
        (void)curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->body.n);
        (void)curl_easy_setopt(h, CURLOPT_POSTFIELDS, call->body.p);
    }
    if (call->aws_region.p != NULL) {
        (void)curl_easy_setopt(h, CURLOPT_AWS_SIGV4,
                               arena_strf(c->arena, "aws:amz:" STR_FMT ":s3", STR_ARG(call->aws_region)).p);
        (void)curl_easy_setopt(h, CURLOPT_USERNAME, arena_cstr(c->arena, call->user));
        (void)curl_easy_setopt(h, CURLOPT_PASSWORD, arena_cstr(c->arena, call->password));
    }
    if (is_head)
        (void)curl_easy_setopt(h, CURLOPT_NOBODY, 1L);
    else if (call->method.n > 0)
        (void)curl_easy_setopt(h, CURLOPT_CUSTOMREQUEST, arena_cstr(c->arena, call->method));
}

static void read_answer(struct ctx *c, CURL *h, const struct transfer *t, struct http_answer *out)
{
    long status = 0;
    char *text = NULL;
    (void)curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &status);
    *out = (struct http_answer){ .status = (int)status, .body = buf_str(&t->body) };
    if (curl_easy_getinfo(h, CURLINFO_CONTENT_TYPE, &text) == CURLE_OK && text != NULL)
        out->type = arena_str(c->arena, str_c(text));
    if (curl_easy_getinfo(h, CURLINFO_EFFECTIVE_URL, &text) == CURLE_OK && text != NULL)
        out->url = arena_str(c->arena, str_c(text));
}

static enum err verdict(struct ctx *c, CURLcode code, const struct http_call *call, const struct transfer *t)
{
    const char *why = t->error[0] != '\0' ? t->error : curl_easy_strerror(code);
    if (code == CURLE_OK)
        return OK;
    if (t->is_forbidden)
        return fail(c, ERR_FORBIDDEN, "the address of " STR_FMT " is not public", STR_ARG(call->url));
    if (t->is_too_large)
        return fail(c, ERR_TOO_LARGE, "the answer of " STR_FMT " is larger than %zu bytes", STR_ARG(call->url), t->max);
    if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL)
        return fail(c, ERR_INVALID, "\"" STR_FMT "\" is not an http or https address", STR_ARG(call->url));
    return fail(c, ERR_UNAVAILABLE, STR_FMT ": %s", STR_ARG(call->url), why);
}

enum err http_client_call(struct ctx *c, const struct http_call *call, struct http_answer *out)
{
    struct transfer t = { .body = buf_on(c->arena), .public_only = call->public_only };
    bool is_head = str_eq(call->method, STR("HEAD"));
    bool may_redirect = is_head || call->method.n == 0 || str_eq(call->method, STR("GET"));
    CURL *h = curl_easy_init();
    if (h == NULL)
        return fail_internal(c, "curl does not start");
    t.max = call->answer_max > 0 ? call->answer_max : ANSWER_MAX_DEFAULT;
    struct curl_slist *headers = headers_of(c, call);
    set_limits(h, call, &t, may_redirect);
    set_request(c, h, call, is_head);
    (void)curl_easy_setopt(h, CURLOPT_HTTPHEADER, headers);
    CURLcode code = curl_easy_perform(h);
    if (code == CURLE_OK)
        read_answer(c, h, &t, out);
    curl_easy_cleanup(h);
    curl_slist_free_all(headers);
    return verdict(c, code, call, &t);
}

enum err http_client_console(struct arena *a, struct str socket_path, struct str method, struct str path,
                             struct str json, int *status, struct str *body)
{
    struct ctx c = { .arena = a };
    struct http_answer answer = { 0 };
    struct http_call call = { .method = method,
                              .url = arena_strf(a, "http://console" STR_FMT, STR_ARG(path)),
                              .type = STR("application/json"),
                              .body = json,
                              .unix_socket = socket_path,
                              .timeout_s = CONSOLE_TIMEOUT_S,
                              .answer_max = CONSOLE_ANSWER_MAX };
    TRY(http_client_call(&c, &call, &answer));
    *status = answer.status;
    *body = answer.body;
    return OK;
}
