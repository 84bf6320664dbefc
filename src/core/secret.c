/* SPDX-License-Identifier: Apache-2.0 */
#include "core/secret.h"

#include <sodium.h>

#include "base/rng.h"
#include "model/site.h"

struct str secret_hash(struct arena *a, struct str secret)
{
    unsigned char h[crypto_generichash_BYTES];
    char *hex = arena_alloc(a, sizeof h * 2 + 1);
    (void)crypto_generichash(h, sizeof h, (const unsigned char *)secret.p, secret.n, NULL, 0);
    (void)sodium_bin2hex(hex, sizeof h * 2 + 1, h, sizeof h);
    return (struct str){ hex, sizeof h * 2 };
}

struct str secret_seal(struct ctx *c, struct str plain)
{
    size_t n = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + plain.n;
    unsigned char *out = arena_alloc(c->arena, n);
    rand_secret(out, crypto_secretbox_NONCEBYTES);
    (void)crypto_secretbox_easy(out + crypto_secretbox_NONCEBYTES, (const unsigned char *)plain.p, plain.n, out,
                                c->site->master_key);
    return (struct str){ (const char *)out, n };
}

bool secret_open(struct ctx *c, struct str sealed, struct str *plain)
{
    size_t around = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
    if (sealed.n < around)
        return false;
    unsigned char *out = arena_alloc(c->arena, sealed.n - around + 1);
    const unsigned char *in = (const unsigned char *)sealed.p;
    if (crypto_secretbox_open_easy(out, in + crypto_secretbox_NONCEBYTES, sealed.n - crypto_secretbox_NONCEBYTES, in,
                                   c->site->master_key)
        != 0)
        return false;
    *plain = (struct str){ (const char *)out, sealed.n - around };
    return true;
}
