/* SPDX-License-Identifier: Apache-2.0 */
#include "core/webauthn.h"

#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>
#include <jansson.h>
#include <sodium.h>

#include "core/cbor.h"

/* Authenticator data (section 6.1): hash of the site's id, flags, count; then what the flags say. */
#define HASH_BYTES   32
#define HEAD_BYTES   37
#define AAGUID_BYTES 16
#define FLAG_PRESENT (1U << 0)
#define FLAG_PROVED  (1U << 2)
#define FLAG_SYNCS   (1U << 3) /* may be copied */
#define FLAG_COPIED  (1U << 4) /* was */
#define FLAG_KEY     (1U << 6)
#define FLAG_MORE    (1U << 7)

static const unsigned char *bytes_of(struct str s)
{
    return (const unsigned char *)s.p;
}

struct str webauthn_text(struct arena *a, struct str bytes)
{
    size_t room = sodium_base64_ENCODED_LEN(bytes.n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *text = arena_alloc(a, room);
    (void)sodium_bin2base64(text, room, bytes_of(bytes), bytes.n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return str_c(text);
}

bool webauthn_bytes(struct arena *a, struct str text, struct str *out)
{
    size_t n = 0;
    unsigned char *raw = arena_alloc(a, text.n + 1);
    if (text.n == 0
        || sodium_base642bin(raw, text.n, text.p, text.n, NULL, &n, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING)
               != 0)
        return false;
    *out = (struct str){ (const char *)raw, n };
    return n > 0;
}

/* --- who we are --- */

static struct str lower(struct arena *a, struct str s)
{
    char *p = arena_alloc(a, s.n + 1);
    for (size_t i = 0; i < s.n; i++)
        p[i] = (char)(s.p[i] >= 'A' && s.p[i] <= 'Z' ? s.p[i] - 'A' + 'a' : s.p[i]);
    return (struct str){ p, s.n };
}

/* An address in numbers is no name: 192.0.2.1, [2001:db8::1]. */
static bool is_name(struct str host)
{
    bool letters = false;
    for (size_t i = 0; i < host.n; i++) {
        if (host.p[i] == '[' || host.p[i] == ':')
            return false;
        letters = letters || (host.p[i] >= 'a' && host.p[i] <= 'z');
    }
    return letters;
}

bool webauthn_site(struct arena *a, struct str base_url, struct webauthn_site *out)
{
    bool tls = str_starts(base_url, STR("https://"));
    struct str rest = str_skip(base_url, tls ? STR("https://").n : STR("http://").n);
    struct str at = { 0 };
    (void)str_cut(&rest, '/', &at);
    struct str place = lower(a, at);
    struct str usual = tls ? STR(":443") : STR(":80"); /* browsers leave it out */
    if (str_ends(place, usual))
        place.n -= usual.n;
    out->origin = arena_strf(a, "%s" STR_FMT, tls ? "https://" : "http://", STR_ARG(place));
    if (place.n > 0 && place.p[0] == '[')
        return false;
    (void)str_cut(&place, ':', &out->rp_id);
    return is_name(out->rp_id)
           && (tls || str_eq(out->rp_id, STR("localhost")) || str_ends(out->rp_id, STR(".localhost")));
}

/* --- client data (section 5.8.1) --- */

static struct str member(struct arena *a, const json_t *object, const char *name)
{
    const json_t *v = json_object_get(object, name);
    return arena_str(a, (struct str){ json_string_value(v), json_string_length(v) });
}

struct client {
    struct str type;
    struct str challenge;
    struct str origin;
    bool framed; /* in a page of another site */
};

static bool read_client(struct arena *a, struct str json, struct client *out)
{
    json_t *j = json_loadb(json.p, json.n, JSON_REJECT_DUPLICATES, NULL);
    bool good = json_is_object(j);
    if (good)
        *out = (struct client){
            .type = member(a, j, "type"),
            .challenge = member(a, j, "challenge"),
            .origin = member(a, j, "origin"),
            .framed = json_is_true(json_object_get(j, "crossOrigin")) || json_object_get(j, "topOrigin") != NULL,
        };
    json_decref(j);
    return good;
}

bool webauthn_challenge(struct arena *a, struct str client, struct str *out)
{
    struct client read = { 0 };
    if (!read_client(a, client, &read))
        return false;
    *out = read.challenge;
    return true;
}

static enum webauthn_fault check_client(struct arena *a, const struct webauthn_site *site, struct str json,
                                        struct str type)
{
    struct client read = { 0 };
    if (!read_client(a, json, &read) || !str_eq(read.type, type))
        return WEBAUTHN_MALFORMED;
    return read.framed || !str_eq(read.origin, site->origin) ? WEBAUTHN_ORIGIN : WEBAUTHN_FINE;
}

/* --- authenticator data --- */

static enum webauthn_fault check_head(const struct webauthn_site *site, struct str data, bool verified, unsigned *flags)
{
    unsigned char hash[HASH_BYTES];
    if (data.n < HEAD_BYTES)
        return WEBAUTHN_MALFORMED;
    (void)crypto_hash_sha256(hash, bytes_of(site->rp_id), site->rp_id.n);
    if (sodium_memcmp(hash, data.p, HASH_BYTES) != 0)
        return WEBAUTHN_RP_ID;
    *flags = (unsigned char)data.p[HASH_BYTES];
    if ((*flags & FLAG_PRESENT) == 0 || (verified && (*flags & FLAG_PROVED) == 0))
        return WEBAUTHN_PRESENCE;
    return (*flags & FLAG_COPIED) != 0 && (*flags & FLAG_SYNCS) == 0 ? WEBAUTHN_MALFORMED : WEBAUTHN_FINE;
}

/* What stands behind the head or the key: one map when the flags say so, else nothing. */
static bool ends_well(struct str rest, unsigned flags)
{
    struct cbor more = { 0 };
    if ((flags & FLAG_MORE) != 0 && (!cbor_take(&rest, &more) || more.kind != CBOR_MAP))
        return false;
    return rest.n == 0;
}

/* The credential and its key (section 6.5.1). */
static enum webauthn_fault read_key(struct str data, unsigned flags, struct webauthn_key *out)
{
    struct str rest = str_skip(data, HEAD_BYTES);
    struct cbor key = { 0 };
    struct cbor algorithm = { 0 };
    if ((flags & FLAG_KEY) == 0 || rest.n < AAGUID_BYTES + 2)
        return WEBAUTHN_MALFORMED;
    const unsigned char *length = bytes_of(rest) + AAGUID_BYTES;
    size_t n = (size_t)length[0] << 8 | length[1];
    rest = str_skip(rest, AAGUID_BYTES + 2);
    if (n == 0 || n > WEBAUTHN_CREDENTIAL_MAX || n > rest.n)
        return WEBAUTHN_MALFORMED;
    out->credential = str_head(rest, n);
    rest = str_skip(rest, n);
    if (!cbor_take(&rest, &key) || !ends_well(rest, flags) || !cbor_map_int(&key, 3, &algorithm)
        || !cbor_int(&algorithm, &out->algorithm))
        return WEBAUTHN_MALFORMED;
    bool offered =
        out->algorithm == WEBAUTHN_ES256 || out->algorithm == WEBAUTHN_EDDSA || out->algorithm == WEBAUTHN_RS256;
    return offered ? WEBAUTHN_FINE : WEBAUTHN_ALGORITHM;
}

/* --- registration --- */

#define CRED CLEANUP(fido_cred_free) fido_cred_t

/* The attestation object (section 6.5): {"fmt", "attStmt", "authData"}. */
struct attestation {
    struct str format;
    struct cbor statement;
    struct str data;
};

static bool read_attestation(struct str bytes, struct attestation *out)
{
    struct cbor top = { 0 };
    struct cbor format = { 0 };
    struct cbor data = { 0 };
    if (!cbor_take(&bytes, &top) || bytes.n != 0 || !cbor_map_text(&top, STR("fmt"), &format)
        || !cbor_map_text(&top, STR("attStmt"), &out->statement) || !cbor_map_text(&top, STR("authData"), &data))
        return false;
    out->format = format.body;
    out->data = data.body;
    return format.kind == CBOR_TEXT && out->statement.kind == CBOR_MAP && data.kind == CBOR_BYTES;
}

static bool check_statement(struct arena *a, fido_cred_t *cred, const struct attestation *at)
{
    struct cbor chain = { 0 };
    if (str_eq(at->format, STR("none")))
        return at->statement.n == 0;
    if (fido_cred_set_fmt(cred, arena_cstr(a, at->format)) != FIDO_OK
        || fido_cred_set_attstmt(cred, bytes_of(at->statement.all), at->statement.all.n) != FIDO_OK)
        return false;
    return (cbor_map_text(&at->statement, STR("x5c"), &chain) ? fido_cred_verify(cred) : fido_cred_verify_self(cred))
           == FIDO_OK;
}

static enum webauthn_fault take_key(struct arena *a, const struct webauthn_site *site, struct str client,
                                    const struct attestation *at, struct webauthn_key *out)
{
    CRED *cred = fido_cred_new();
    if (cred == NULL || fido_cred_set_type(cred, (int)out->algorithm) != FIDO_OK
        || fido_cred_set_rp(cred, arena_cstr(a, site->rp_id), NULL) != FIDO_OK
        || fido_cred_set_clientdata(cred, bytes_of(client), client.n) != FIDO_OK
        || fido_cred_set_authdata_raw(cred, bytes_of(at->data), at->data.n) != FIDO_OK
        || fido_cred_pubkey_len(cred) == 0)
        return WEBAUTHN_MALFORMED;
    if (!check_statement(a, cred, at))
        return WEBAUTHN_SIGNATURE;
    out->credential = arena_str(a, out->credential);
    out->public_key =
        arena_str(a, (struct str){ (const char *)fido_cred_pubkey_ptr(cred), fido_cred_pubkey_len(cred) });
    out->count = fido_cred_sigcount(cred);
    return WEBAUTHN_FINE;
}

enum webauthn_fault webauthn_created(struct arena *a, const struct webauthn_site *site, struct str client,
                                     struct str attestation, struct webauthn_key *out)
{
    struct attestation at = { 0 };
    unsigned flags = 0;
    fido_init(0);
    enum webauthn_fault fault = check_client(a, site, client, STR("webauthn.create"));
    if (fault == WEBAUTHN_FINE && !read_attestation(attestation, &at))
        fault = WEBAUTHN_MALFORMED;
    if (fault == WEBAUTHN_FINE)
        fault = check_head(site, at.data, false, &flags);
    if (fault == WEBAUTHN_FINE)
        fault = read_key(at.data, flags, out);
    if (fault == WEBAUTHN_FINE)
        fault = take_key(a, site, client, &at, out);
    out->synced = (flags & FLAG_SYNCS) != 0;
    return fault;
}

/* --- a signature --- */

#define ASSERTION CLEANUP(fido_assert_free) fido_assert_t
#define ES256_KEY CLEANUP(es256_pk_free) es256_pk_t
#define EDDSA_KEY CLEANUP(eddsa_pk_free) eddsa_pk_t
#define RS256_KEY CLEANUP(rs256_pk_free) rs256_pk_t

static bool is_signed_by(const fido_assert_t *given, int64_t algorithm, struct str key)
{
    ES256_KEY *es = algorithm == WEBAUTHN_ES256 ? es256_pk_new() : NULL;
    EDDSA_KEY *ed = algorithm == WEBAUTHN_EDDSA ? eddsa_pk_new() : NULL;
    RS256_KEY *rs = algorithm == WEBAUTHN_RS256 ? rs256_pk_new() : NULL;
    const void *read = NULL;
    if (es != NULL && es256_pk_from_ptr(es, key.p, key.n) == FIDO_OK)
        read = es;
    if (ed != NULL && eddsa_pk_from_ptr(ed, key.p, key.n) == FIDO_OK)
        read = ed;
    if (rs != NULL && rs256_pk_from_ptr(rs, key.p, key.n) == FIDO_OK)
        read = rs;
    return read != NULL && fido_assert_verify(given, 0, (int)algorithm, read) == FIDO_OK;
}

static enum webauthn_fault check_signature(struct arena *a, const struct webauthn_site *site,
                                           const struct webauthn_proof *p, int64_t algorithm, struct str public_key)
{
    ASSERTION *given = fido_assert_new();
    if (given == NULL || fido_assert_set_clientdata(given, bytes_of(p->client), p->client.n) != FIDO_OK
        || fido_assert_set_rp(given, arena_cstr(a, site->rp_id)) != FIDO_OK
        || fido_assert_set_count(given, 1) != FIDO_OK || fido_assert_set_up(given, FIDO_OPT_TRUE) != FIDO_OK
        || fido_assert_set_authdata_raw(given, 0, bytes_of(p->authenticator), p->authenticator.n) != FIDO_OK
        || fido_assert_set_sig(given, 0, bytes_of(p->signature), p->signature.n) != FIDO_OK)
        return WEBAUTHN_MALFORMED;
    return is_signed_by(given, algorithm, public_key) ? WEBAUTHN_FINE : WEBAUTHN_SIGNATURE;
}

enum webauthn_fault webauthn_signed(struct arena *a, const struct webauthn_site *site, const struct webauthn_proof *p,
                                    int64_t algorithm, struct str public_key, bool verified, int64_t *count)
{
    unsigned flags = 0;
    fido_init(0);
    enum webauthn_fault fault = check_client(a, site, p->client, STR("webauthn.get"));
    if (fault == WEBAUTHN_FINE)
        fault = check_head(site, p->authenticator, verified, &flags);
    if (fault != WEBAUTHN_FINE)
        return fault;
    if ((flags & FLAG_KEY) != 0 || !ends_well(str_skip(p->authenticator, HEAD_BYTES), flags))
        return WEBAUTHN_MALFORMED;
    const unsigned char *at = bytes_of(p->authenticator) + HASH_BYTES + 1;
    *count = (int64_t)((uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3]);
    return check_signature(a, site, p, algorithm, public_key);
}
