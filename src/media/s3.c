/* SPDX-License-Identifier: Apache-2.0 */
#include "media/s3.h"

#include <sodium.h>

#include "media/bounds.h"
#include "model/site.h"
#include "net/client.h"

#define TIMEOUT_S 120

static struct str sha256_hex(struct ctx *c, struct str bytes)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char hex[2 * crypto_hash_sha256_BYTES + 1];
    (void)crypto_hash_sha256(hash, (const unsigned char *)(bytes.p == NULL ? "" : bytes.p), bytes.n);
    (void)sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    return arena_str(c->arena, (struct str){ hex, sizeof hex - 1 });
}

static enum err call(struct ctx *c, struct str method, struct str key, struct str type, struct str body,
                     struct http_answer *out)
{
    const struct site *s = c->site;
    struct http_header_out hash = { .name = STR("x-amz-content-sha256"), .value = sha256_hex(c, body) };
    struct http_call ask = {
        .method = method,
        .url = arena_strf(c->arena, STR_FMT "/" STR_FMT "/" STR_FMT, STR_ARG(s->s3_endpoint), STR_ARG(s->s3_bucket),
                          STR_ARG(key)),
        .headers = &hash,
        .type = type,
        .body = body,
        .timeout_s = TIMEOUT_S,
        .answer_max = MEDIA_OUT_MAX,
        .aws_region = s->s3_region,
        .user = s->s3_access_key,
        .password = s->s3_secret_key,
    };
    return http_client_call(c, &ask, out);
}

static enum err refused(struct ctx *c, const char *what, const struct http_answer *a)
{
    struct str says = str_head(a->body, a->body.n < 300 ? a->body.n : 300);
    return fail(c, ERR_UNAVAILABLE, "The object store refused to %s: %d " STR_FMT, what, a->status, STR_ARG(says));
}

static bool is_fine(const struct http_answer *a)
{
    return a->status >= 200 && a->status < 300;
}

enum err s3_put(struct ctx *c, struct str key, struct str type, struct str bytes)
{
    struct http_answer a = { 0 };
    TRY(call(c, STR("PUT"), key, type, bytes, &a));
    return is_fine(&a) ? OK : refused(c, "take a file", &a);
}

enum err s3_get(struct ctx *c, struct str key, struct str *bytes)
{
    struct http_answer a = { 0 };
    *bytes = (struct str){ 0 };
    TRY(call(c, STR("GET"), key, STR(""), (struct str){ 0 }, &a));
    if (a.status == 404)
        return OK;
    if (!is_fine(&a))
        return refused(c, "give a file", &a);
    *bytes = a.body.p == NULL ? STR("") : a.body;
    return OK;
}

enum err s3_delete(struct ctx *c, struct str key)
{
    struct http_answer a = { 0 };
    TRY(call(c, STR("DELETE"), key, STR(""), (struct str){ 0 }, &a));
    return is_fine(&a) || a.status == 404 ? OK : refused(c, "delete a file", &a);
}
