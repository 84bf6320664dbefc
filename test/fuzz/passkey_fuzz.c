/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

#include "base/buf.h"
#include "core/cbor.h"
#include "core/webauthn.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t n);

/* SHA-256 of "localhost": what the data of an authenticator for that site begin with. */
#define HASH                                                                                                           \
    "\x49\x96\x0d\xe5\x88\x0e\x8c\x68\x74\x34\x17\x0f\x64\x76\x60\x5b\x8f\xe4\xae\xb9\xa2\x86\x32\xc7\x99\x5c\xf3\xba" \
    "\x83\x1d\x97\x63"
/* A point on P-256: its generator. */
#define POINT                                                                                                          \
    "\x6b\x17\xd1\xf2\xe1\x2c\x42\x47\xf8\xbc\xe6\xe5\x63\xa4\x40\xf2\x77\x03\x7d\x81\x2d\xeb\x33\xa0\xf4\xa1\x39\x45" \
    "\xd8\x98\xc2\x96\x4f\xe3\x42\xe2\xfe\x1a\x7f\x9b\x8e\xe7\xeb\x4a\x7c\x0f\x9e\x16\x2b\xce\x33\x57\x6b\x31\x5e\xce" \
    "\xcb\xb6\x40\x68\x37\xbf\x51\xf5"
#define CREATED "{\"type\":\"webauthn.create\",\"challenge\":\"x\",\"origin\":\"http://localhost\"}"
#define GOT     "{\"type\":\"webauthn.get\",\"challenge\":\"x\",\"origin\":\"http://localhost\"}"

static const struct webauthn_site site = { .origin = { "http://localhost", 16 }, .rp_id = { "localhost", 9 } };

/* Items are whole, one behind the other, and what they hold is inside them. */
static void walk(struct str rest)
{
    struct cbor item = { 0 };
    for (struct str from = rest; cbor_take(&rest, &item); from = rest) {
        assert(item.all.p == from.p && item.all.n > 0 && item.all.n + rest.n == from.n);
        assert(item.body.n < item.all.n);
    }
}

static void check_new(struct arena *a, struct str client, struct str attestation)
{
    struct webauthn_key key = { 0 };
    if (webauthn_created(a, &site, client, attestation, &key) != WEBAUTHN_FINE)
        return;
    assert(key.credential.n > 0 && key.credential.n <= WEBAUTHN_CREDENTIAL_MAX && key.public_key.n >= 32);
    assert(key.algorithm == WEBAUTHN_ES256 || key.algorithm == WEBAUTHN_EDDSA || key.algorithm == WEBAUTHN_RS256);
    assert(key.count >= 0 && key.count <= (int64_t)UINT32_MAX);
}

/* Of an attestation "none", so that what stands in the data is read. */
static struct str around(struct arena *a, struct str data)
{
    struct buf b = buf_on(a);
    size_t n = data.n + 32;
    buf_put(&b, STR("\xa3\x63"
                    "fmt\x64none\x67"
                    "attStmt\xa0\x68"
                    "authData\x59"));
    buf_putc(&b, (char)(n >> 8 & 255));
    buf_putc(&b, (char)(n & 255));
    buf_put(&b, STR(HASH));
    buf_put(&b, data);
    return buf_str(&b);
}

static void check_signed(struct arena *a, struct str in)
{
    static const struct {
        int64_t algorithm;
        struct str key;
    } keys[] = { { WEBAUTHN_ES256, { POINT, 64 } },
                 { WEBAUTHN_EDDSA, { POINT, 32 } },
                 { WEBAUTHN_RS256, { POINT, 64 } } };
    struct str head = str_head(in, 5);
    struct buf b = buf_on(a);
    int64_t count = 0;
    buf_put(&b, STR(HASH));
    buf_put(&b, head);
    const struct webauthn_proof p = { .client = STR(GOT), .authenticator = buf_str(&b), .signature = str_skip(in, 5) };
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        assert(webauthn_signed(a, &site, &p, keys[i].algorithm, keys[i].key, false, &count) != WEBAUTHN_FINE);
}

/* What browsers send: never a crash, nothing taken that is not whole, no signature found right that nobody made. */
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t n)
{
    if (n == 0 || n > 60000)
        return 0;
    struct arena *a = arena_new();
    struct str in = { (const char *)data + 1, n - 1 };
    struct str challenge = { 0 };
    walk(in);
    switch (data[0] & 3) {
    case 0: check_new(a, STR(CREATED), in); break;
    case 1: check_new(a, STR(CREATED), around(a, in)); break;
    case 2: check_signed(a, in); break;
    default:
        (void)webauthn_challenge(a, in, &challenge);
        check_new(a, in, around(a, in));
        break;
    }
    arena_free(&a);
    return 0;
}
