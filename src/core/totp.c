/* SPDX-License-Identifier: Apache-2.0 */
#include "core/totp.h"

#include <assert.h>
#include <ctype.h>
#include <liboath/oath.h>
#include <sodium.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/rng.h"
#include "core/mention.h"
#include "model/site.h"

#define DIGITS 6

struct str totp_secret_new(struct arena *a)
{
    char *p = arena_alloc(a, TOTP_SECRET_BYTES);
    rand_secret(p, TOTP_SECRET_BYTES);
    return (struct str){ p, TOTP_SECRET_BYTES };
}

static const char base32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"; /* RFC 4648 section 6 */

/* Whole groups of five bytes only: no padding. */
static struct str to_base32(struct arena *a, struct str bytes)
{
    struct buf b = buf_on(a);
    assert(bytes.n % 5 == 0);
    for (size_t i = 0; i < bytes.n; i += 5) {
        uint64_t v = 0;
        for (size_t k = 0; k < 5; k++)
            v = v << 8 | (unsigned char)bytes.p[i + k];
        for (int k = 7; k >= 0; k--)
            buf_putc(&b, base32[v >> (k * 5) & 31]);
    }
    return buf_str(&b);
}

struct str totp_secret_text(struct arena *a, struct str secret)
{
    return to_base32(a, secret);
}

/* Everything but unreserved characters (RFC 3986) as %XX. */
static void put_encoded(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char ch = (unsigned char)s.p[i];
        if (isalnum(ch) || ch == '-' || ch == '.' || ch == '_' || ch == '~')
            buf_putc(b, (char)ch);
        else
            buf_printf(b, "%%%02X", ch);
    }
}

struct str totp_uri(struct arena *a, struct str secret, struct str issuer, struct str account)
{
    struct buf b = buf_on(a);
    buf_put(&b, STR("otpauth://totp/"));
    put_encoded(&b, issuer);
    buf_putc(&b, ':');
    put_encoded(&b, account);
    buf_put(&b, STR("?secret="));
    buf_put(&b, totp_secret_text(a, secret));
    buf_put(&b, STR("&issuer="));
    put_encoded(&b, issuer);
    return buf_str(&b);
}

static void code_at(struct str secret, int64_t step, char out[DIGITS + 1])
{
    int rc = oath_hotp_generate(secret.p, secret.n, (uint64_t)step, DIGITS, false, OATH_HOTP_DYNAMIC_TRUNCATION, out);
    assert(rc == OATH_OK);
}

struct str totp_code(struct arena *a, struct str secret, int64_t now_ms)
{
    char code[DIGITS + 1] = { 0 };
    code_at(secret, now_ms / SECOND_MS / TOTP_STEP_S, code);
    return arena_str(a, str_c(code));
}

static struct str without_gaps(struct arena *a, struct str s)
{
    struct buf b = buf_on(a);
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != ' ' && s.p[i] != '-')
            buf_putc(&b, (char)tolower((unsigned char)s.p[i]));
    return b.p == NULL ? STR("") : buf_str(&b);
}

bool totp_check(struct arena *a, struct str secret, struct str code, int64_t now_ms, int64_t last_step, int64_t *step)
{
    int64_t now_step = now_ms / SECOND_MS / TOTP_STEP_S;
    struct str typed = without_gaps(a, code);
    bool found = false;
    if (typed.n != DIGITS)
        return false;
    for (int64_t at = now_step - TOTP_WINDOW; at <= now_step + TOTP_WINDOW; at++) {
        char right[DIGITS + 1] = { 0 };
        code_at(secret, at, right);
        if (sodium_memcmp(right, typed.p, DIGITS) == 0 && at > last_step) {
            *step = at;
            found = true;
        }
    }
    return found;
}

void recovery_codes_new(struct ctx *c, struct str codes[RECOVERY_CODES])
{
    for (int64_t i = 0; i < RECOVERY_CODES; i++) {
        char bits[10] = { 0 };
        rand_secret(bits, sizeof bits);
        struct str t = without_gaps(c->arena, to_base32(c->arena, (struct str){ bits, sizeof bits }));
        codes[i] = arena_strf(c->arena, "%.5s-%.5s", t.p, t.p + 5);
    }
}

static struct str hash_code(struct ctx *c, struct str code)
{
    unsigned char h[crypto_generichash_BYTES];
    char hex[sizeof h * 2 + 1];
    struct str plain = without_gaps(c->arena, code);
    (void)crypto_generichash(h, sizeof h, (const unsigned char *)plain.p, plain.n, c->site->master_key,
                             sizeof c->site->master_key);
    (void)sodium_bin2hex(hex, sizeof hex, h, sizeof h);
    return arena_str(c->arena, (struct str){ hex, sizeof hex - 1 });
}

struct str recovery_codes_json(struct ctx *c, const struct str *codes, int64_t n)
{
    struct str hashes[RECOVERY_CODES] = { 0 };
    assert(n <= RECOVERY_CODES);
    for (int64_t i = 0; i < n; i++)
        hashes[i] = hash_code(c, codes[i]);
    return tag_json(c->arena, hashes, n);
}

bool recovery_code_take(struct ctx *c, struct str json, struct str code, struct str *rest)
{
    const struct str *hashes = NULL;
    int64_t n = tag_list(c->arena, json, &hashes);
    struct str *kept = ARENA_ARRAY(c->arena, (size_t)n + 1, struct str);
    struct str asked = hash_code(c, code);
    int64_t kept_n = 0;
    for (int64_t i = 0; i < n; i++)
        if (!str_eq(hashes[i], asked))
            kept[kept_n++] = hashes[i];
    *rest = tag_json(c->arena, kept, kept_n);
    return kept_n < n;
}
