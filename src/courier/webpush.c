/* SPDX-License-Identifier: Apache-2.0 */
#include "courier/webpush.h"

#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/x509.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/jw.h"
#include "base/metrics.h"
#include "base/rng.h"
#include "net/client.h"

#define POINT      65
#define HASH       32
#define SALT       16
#define CEK        16
#define NONCE      12
#define TAG        16
#define ANSWER_MAX ((size_t)16 * 1024)
#define TIMEOUT_S  5
#define JWT_S      (12 * 3600) /* RFC 8292 2: at most a day */

/* --- services that do not answer --- */

#define HOSTS     64
#define FAILS_MAX 3
#define PAUSE_MS  60000

struct webpush_hosts {
    pthread_mutex_t lock; /* held for a few instructions, takes nothing */
    struct {
        uint64_t hash; /* of the host's name; those that share a place share their luck */
        int fails;     /* in a row */
        int64_t until_ms;
    } v[HOSTS];
};

struct webpush_hosts *webpush_hosts_new(void)
{
    struct webpush_hosts *h = calloc(1, sizeof *h);
    if (h == NULL)
        abort();
    (void)pthread_mutex_init(&h->lock, NULL);
    return h;
}

void webpush_hosts_free(struct webpush_hosts **h)
{
    if (*h == NULL)
        return;
    (void)pthread_mutex_destroy(&(*h)->lock);
    free(*h);
    *h = NULL;
}

/* "https://push.example:8443/x" -> "https://push.example:8443" */
static struct str origin_of(struct str url)
{
    size_t at = 0;
    size_t slash = 0;
    if (!str_find(url, STR("://"), &at))
        return url;
    struct str rest = str_skip(url, at + 3);
    if (!str_find(rest, STR("/"), &slash))
        slash = rest.n;
    return str_head(url, at + 3 + slash);
}

static bool is_paused(struct webpush_hosts *h, struct str origin, int64_t now_ms)
{
    uint64_t hash = str_hash(origin);
    if (h == NULL)
        return false;
    (void)pthread_mutex_lock(&h->lock);
    bool paused = h->v[hash % HOSTS].hash == hash && h->v[hash % HOSTS].until_ms > now_ms;
    (void)pthread_mutex_unlock(&h->lock);
    return paused;
}

static void note_answer(struct webpush_hosts *h, struct str origin, int64_t now_ms, bool answered)
{
    uint64_t hash = str_hash(origin);
    if (h == NULL)
        return;
    (void)pthread_mutex_lock(&h->lock);
    if (h->v[hash % HOSTS].hash != hash)
        h->v[hash % HOSTS].fails = 0;
    h->v[hash % HOSTS].hash = hash;
    h->v[hash % HOSTS].fails = answered ? 0 : h->v[hash % HOSTS].fails + 1;
    h->v[hash % HOSTS].until_ms = h->v[hash % HOSTS].fails >= FAILS_MAX ? now_ms + PAUSE_MS : 0;
    (void)pthread_mutex_unlock(&h->lock);
}

/* --- encryption --- */

/* All that is needed for one message. */
struct sealing {
    unsigned char theirs[POINT];
    unsigned char ours[POINT];
    unsigned char auth[SALT];
    unsigned char salt[SALT];
    unsigned char shared[HASH];
    unsigned char key[CEK];
    unsigned char nonce[NONCE];
};

static struct str bytes(const unsigned char *p, size_t n)
{
    return (struct str){ (const char *)p, n };
}

static struct str base64(struct arena *a, struct str s)
{
    size_t room = sodium_base64_ENCODED_LEN(s.n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *p = arena_alloc(a, room);
    (void)sodium_bin2base64(p, room, (const unsigned char *)s.p, s.n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return (struct str){ p, room - 1 };
}

static bool unbase64(struct str s, unsigned char *out, size_t n)
{
    size_t got = 0;
    return sodium_base642bin(out, n, s.p, s.n, NULL, &got, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0
           && got == n;
}

static void hmac(struct str key, struct str text, unsigned char out[HASH])
{
    unsigned n = 0;
    if (HMAC(EVP_sha256(), key.p, (int)key.n, (const unsigned char *)text.p, text.n, out, &n) == NULL || n != HASH)
        abort(); /* out of memory */
}

/* RFC 5869 with one block of output, which is all that is ever asked for here. */
static void hkdf(struct arena *a, struct str salt, struct str secret, struct str info, unsigned char *out, size_t n)
{
    unsigned char prk[HASH];
    unsigned char block[HASH];
    struct buf text = buf_on(a);
    buf_put(&text, info);
    buf_putc(&text, 1);
    hmac(salt, secret, prk);
    hmac(bytes(prk, HASH), buf_str(&text), block);
    memcpy(out, block, n);
}

/* A key pair for this message alone, and the secret that it shares with theirs. False: theirs is no point. */
static bool agree(struct sealing *s)
{
    size_t n = 0;
    size_t shared_n = HASH;
    EVP_PKEY *ours = EVP_EC_gen("P-256");
    EVP_PKEY *theirs = EVP_PKEY_new();
    EVP_PKEY_CTX *x = ours == NULL ? NULL : EVP_PKEY_CTX_new(ours, NULL);
    bool ok = x != NULL && theirs != NULL && EVP_PKEY_copy_parameters(theirs, ours) == 1
              && EVP_PKEY_set1_encoded_public_key(theirs, s->theirs, POINT) == 1
              && EVP_PKEY_get_octet_string_param(ours, "encoded-pub-key", s->ours, POINT, &n) == 1 && n == POINT
              && EVP_PKEY_derive_init(x) == 1 && EVP_PKEY_derive_set_peer(x, theirs) == 1
              && EVP_PKEY_derive(x, s->shared, &shared_n) == 1 && shared_n == HASH;
    EVP_PKEY_CTX_free(x);
    EVP_PKEY_free(theirs);
    EVP_PKEY_free(ours);
    return ok;
}

/* RFC 8291 3.4 and RFC 8188 2.2 */
static void derive_standard(struct arena *a, struct sealing *s)
{
    unsigned char ikm[HASH];
    struct buf info = buf_on(a);
    buf_put(&info, (struct str){ "WebPush: info\0", 14 });
    buf_put(&info, bytes(s->theirs, POINT));
    buf_put(&info, bytes(s->ours, POINT));
    hkdf(a, bytes(s->auth, SALT), bytes(s->shared, HASH), buf_str(&info), ikm, HASH);
    hkdf(a, bytes(s->salt, SALT), bytes(ikm, HASH), (struct str){ "Content-Encoding: aes128gcm\0", 28 }, s->key, CEK);
    hkdf(a, bytes(s->salt, SALT), bytes(ikm, HASH), (struct str){ "Content-Encoding: nonce\0", 24 }, s->nonce, NONCE);
}

static struct str draft_info(struct arena *a, const struct sealing *s, struct str name)
{
    struct buf info = buf_on(a);
    buf_put(&info, name);
    buf_put(&info, (struct str){ "P-256\0\0\x41", 8 });
    buf_put(&info, bytes(s->theirs, POINT));
    buf_put(&info, (struct str){ "\0\x41", 2 });
    buf_put(&info, bytes(s->ours, POINT));
    return buf_str(&info);
}

/* draft-ietf-webpush-encryption-04 */
static void derive_draft(struct arena *a, struct sealing *s)
{
    unsigned char ikm[HASH];
    hkdf(a, bytes(s->auth, SALT), bytes(s->shared, HASH), (struct str){ "Content-Encoding: auth\0", 23 }, ikm, HASH);
    hkdf(a, bytes(s->salt, SALT), bytes(ikm, HASH), draft_info(a, s, (struct str){ "Content-Encoding: aesgcm\0", 25 }),
         s->key, CEK);
    hkdf(a, bytes(s->salt, SALT), bytes(ikm, HASH), draft_info(a, s, (struct str){ "Content-Encoding: nonce\0", 24 }),
         s->nonce, NONCE);
}

static void seal(struct buf *out, const struct sealing *s, struct str plain)
{
    unsigned char *p = (unsigned char *)buf_reserve(out, plain.n + TAG);
    int n = 0;
    int last = 0;
    EVP_CIPHER_CTX *x = EVP_CIPHER_CTX_new();
    bool ok = x != NULL && EVP_EncryptInit_ex(x, EVP_aes_128_gcm(), NULL, s->key, s->nonce) == 1
              && EVP_EncryptUpdate(x, p, &n, (const unsigned char *)plain.p, (int)plain.n) == 1
              && EVP_EncryptFinal_ex(x, p + n, &last) == 1
              && EVP_CIPHER_CTX_ctrl(x, EVP_CTRL_GCM_GET_TAG, TAG, p + n + last) == 1;
    EVP_CIPHER_CTX_free(x);
    if (!ok)
        abort(); /* out of memory */
    out->n += plain.n + TAG;
}

static struct str body_standard(struct arena *a, const struct sealing *s, struct str payload)
{
    struct buf plain = buf_on(a);
    struct buf out = buf_on(a);
    buf_put(&plain, payload);
    buf_putc(&plain, 2); /* the last record ends here */
    buf_put(&out, bytes(s->salt, SALT));
    buf_put(&out, (struct str){ "\0\0\x10\0\x41", 5 }); /* records of 4096 bytes, a key of 65 */
    buf_put(&out, bytes(s->ours, POINT));
    seal(&out, s, buf_str(&plain));
    return buf_str(&out);
}

static struct str body_draft(struct arena *a, const struct sealing *s, struct str payload)
{
    struct buf plain = buf_on(a);
    struct buf out = buf_on(a);
    buf_put(&plain, (struct str){ "\0\0", 2 }); /* no padding */
    buf_put(&plain, payload);
    seal(&out, s, buf_str(&plain));
    return buf_str(&out);
}

/* --- who we are (RFC 8292 2, RFC 7515) --- */

/* r and s of the signature, 32 bytes each. */
static bool sign(const struct webpush_sender *o, struct str text, unsigned char out[64])
{
    unsigned char der[128];
    size_t n = sizeof der;
    const unsigned char *p = (const unsigned char *)o->key.p;
    EVP_PKEY *key = d2i_AutoPrivateKey(NULL, &p, (long)o->key.n);
    EVP_MD_CTX *x = EVP_MD_CTX_new();
    bool ok = key != NULL && x != NULL && EVP_DigestSignInit(x, NULL, EVP_sha256(), NULL, key) == 1
              && EVP_DigestSign(x, der, &n, (const unsigned char *)text.p, text.n) == 1;
    const unsigned char *d = der;
    ECDSA_SIG *sig = ok ? d2i_ECDSA_SIG(NULL, &d, (long)n) : NULL;
    ok = sig != NULL && BN_bn2binpad(ECDSA_SIG_get0_r(sig), out, 32) == 32
         && BN_bn2binpad(ECDSA_SIG_get0_s(sig), out + 32, 32) == 32;
    ECDSA_SIG_free(sig);
    EVP_MD_CTX_free(x);
    EVP_PKEY_free(key);
    return ok;
}

static enum err make_jwt(struct ctx *c, const struct webpush_sender *o, struct str endpoint, struct str *out)
{
    unsigned char raw[64];
    struct jw w = jw_on(c->arena);
    jw_obj(&w);
    jw_kstr(&w, STR("aud"), origin_of(endpoint));
    jw_ki64(&w, STR("exp"), c->now_ms / SECOND_MS + JWT_S);
    jw_kstr(&w, STR("sub"), o->contact);
    jw_obj_end(&w);
    struct str head = base64(c->arena, STR("{\"typ\":\"JWT\",\"alg\":\"ES256\"}"));
    struct str claims = base64(c->arena, jw_end(&w));
    struct str signed_text = arena_strf(c->arena, STR_FMT "." STR_FMT, STR_ARG(head), STR_ARG(claims));
    if (!sign(o, signed_text, raw))
        return fail_internal(c, "the key for web push does not sign");
    struct str signature = base64(c->arena, bytes(raw, sizeof raw));
    *out = arena_strf(c->arena, STR_FMT "." STR_FMT, STR_ARG(signed_text), STR_ARG(signature));
    return OK;
}

/* --- the request --- */

static void add(struct ctx *c, struct http_header_out **list, struct str name, struct str value)
{
    struct http_header_out *h = ARENA_NEW(c->arena, struct http_header_out);
    *h = (struct http_header_out){ *list, name, value };
    *list = h;
}

static void add_encoding(struct ctx *c, const struct webpush_sender *o, const struct webpush *m,
                         const struct sealing *s, struct str jwt, struct http_header_out **list)
{
    struct arena *a = c->arena;
    struct str salt = base64(a, bytes(s->salt, SALT));
    struct str ours = base64(a, bytes(s->ours, POINT));
    if (m->standard) {
        add(c, list, STR("Content-Encoding"), STR("aes128gcm"));
        add(c, list, STR("Authorization"),
            arena_strf(a, "vapid t=" STR_FMT ", k=" STR_FMT, STR_ARG(jwt), STR_ARG(o->public64)));
        return;
    }
    add(c, list, STR("Content-Encoding"), STR("aesgcm"));
    add(c, list, STR("Encryption"), arena_strf(a, "salt=" STR_FMT, STR_ARG(salt)));
    add(c, list, STR("Crypto-Key"),
        arena_strf(a, "dh=" STR_FMT ";p256ecdsa=" STR_FMT, STR_ARG(ours), STR_ARG(o->public64)));
    add(c, list, STR("Authorization"), arena_strf(a, "WebPush " STR_FMT, STR_ARG(jwt)));
}

static enum err verdict(struct ctx *c, int status)
{
    if (status >= 200 && status < 300)
        return OK;
    if (status == 408 || status == 429 || status >= 500)
        return fail(c, ERR_UNAVAILABLE, "the push service answers %d", status);
    return fail(c, ERR_GONE, "the push service answers %d", status);
}

static enum err post(struct ctx *c, const struct webpush_sender *o, const struct webpush *m, struct str body,
                     const struct http_header_out *headers)
{
    struct str origin = origin_of(m->endpoint);
    struct http_answer answer = { 0 };
    struct http_call call = {
        .method = STR("POST"),
        .url = m->endpoint,
        .headers = headers,
        .type = STR("application/octet-stream"),
        .body = body,
        .timeout_s = TIMEOUT_S,
        .answer_max = ANSWER_MAX,
        .public_only = !o->any_address,
    };
    if (is_paused(o->hosts, origin, c->now_ms))
        return fail(c, ERR_UNAVAILABLE, "the push service did not answer lately");
    enum err e = http_client_call(c, &call, &answer);
    note_answer(o->hosts, origin, c->now_ms, e != ERR_UNAVAILABLE);
    if (e == ERR_FORBIDDEN || e == ERR_INVALID)
        return ERR_GONE; /* c->says tells why */
    if (e == ERR_TOO_LARGE)
        return OK; /* it answered, at length */
    return e == OK ? verdict(c, answer.status) : e;
}

static enum err try_send(struct ctx *c, const struct webpush_sender *o, const struct webpush *m)
{
    struct sealing s;
    struct str jwt = { 0 };
    struct http_header_out *headers = NULL;
    if (!o->any_address && !str_starts(m->endpoint, STR("https://")))
        return fail(c, ERR_GONE, "the push service has no https address");
    if (m->payload.n > WEBPUSH_PAYLOAD_MAX || !unbase64(m->p256dh, s.theirs, POINT) || !unbase64(m->auth, s.auth, SALT)
        || !agree(&s))
        return fail(c, ERR_GONE, "the keys of the push subscription are not usable");
    rand_secret(s.salt, SALT);
    if (m->standard)
        derive_standard(c->arena, &s);
    else
        derive_draft(c->arena, &s);
    struct str body = m->standard ? body_standard(c->arena, &s, m->payload) : body_draft(c->arena, &s, m->payload);
    TRY(make_jwt(c, o, m->endpoint, &jwt));
    add_encoding(c, o, m, &s, jwt, &headers);
    add(c, &headers, STR("TTL"), arena_strf(c->arena, "%lld", (long long)m->ttl_s));
    add(c, &headers, STR("Urgency"), m->urgency);
    add(c, &headers, STR("Topic"), m->topic);
    sodium_memzero(&s.shared, sizeof s.shared);
    return post(c, o, m, body, headers);
}

enum err webpush_send(struct ctx *c, const struct webpush_sender *o, const struct webpush *m)
{
    enum err e = try_send(c, o, m);
    metrics_add(METRIC_PUSH, e == OK ? 0 : e == ERR_UNAVAILABLE ? 1 : e == ERR_GONE ? 2 : 3, 1);
    return e;
}
