/* SPDX-License-Identifier: Apache-2.0 */
#include "core/vapid.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <sodium.h>

#include "base/log.h"
#include "core/secret.h"
#include "model/push.h"
#include "store/setting.h"
#include "store/tx.h"

#define DER_MAX 256

static struct str base64(struct ctx *c, struct str bytes)
{
    size_t room = sodium_base64_ENCODED_LEN(bytes.n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *p = arena_alloc(c->arena, room);
    (void)sodium_bin2base64(p, room, (const unsigned char *)bytes.p, bytes.n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return (struct str){ p, room - 1 };
}

static enum err make(struct ctx *c, struct str *der)
{
    unsigned char *p = arena_alloc(c->arena, DER_MAX);
    unsigned char *end = p;
    EVP_PKEY *key = EVP_EC_gen("P-256");
    int n = key == NULL ? -1 : i2d_PrivateKey(key, NULL);
    if (n > 0 && n <= DER_MAX)
        (void)i2d_PrivateKey(key, &end);
    EVP_PKEY_free(key);
    if (n <= 0 || n > DER_MAX)
        return fail_internal(c, "OpenSSL makes no key on P-256");
    *der = (struct str){ (const char *)p, (size_t)n };
    return OK;
}

/* One that cannot be opened is as good as none: the master key was lost, and with it what it sealed. */
static enum err find_usable(struct ctx *c, bool *found)
{
    struct setting *s = NULL;
    struct site opened;
    int64_t n = 0;
    *found = false;
    TRY(store_setting_list(c, &s, &n));
    for (int64_t i = 0; i < n; i++) {
        if (!str_eq(s[i].key, STR(VAPID_SETTING)))
            continue;
        *found = vapid_open(c, s[i].value, &opened) == OK;
        if (!*found)
            log_warn(c->id, "the key for web push was sealed under another master.key: a new one is made, and apps "
                            "subscribe anew when they are opened");
    }
    return OK;
}

enum err vapid_ensure(struct ctx *c)
{
    TX tx = { 0 };
    struct str der = { 0 };
    bool found = false;
    TRY(find_usable(c, &found));
    if (found)
        return OK;
    TRY(make(c, &der));
    TRY(tx_begin(c, &tx));
    TRY(store_setting_set(c, STR(VAPID_SETTING), base64(c, secret_seal(c, der))));
    return tx_commit(&tx);
}

static bool public_of(struct str der, unsigned char point[PUSH_POINT_BYTES])
{
    const unsigned char *p = (const unsigned char *)der.p;
    size_t n = 0;
    EVP_PKEY *key = d2i_AutoPrivateKey(NULL, &p, (long)der.n);
    bool ok = key != NULL
              && EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point, PUSH_POINT_BYTES, &n) == 1
              && n == PUSH_POINT_BYTES;
    EVP_PKEY_free(key);
    return ok;
}

enum err vapid_open(struct ctx *c, struct str sealed, struct site *site)
{
    unsigned char *bytes = arena_alloc(c->arena, sealed.n + 1);
    unsigned char point[PUSH_POINT_BYTES];
    size_t n = 0;
    if (sodium_base642bin(bytes, sealed.n, sealed.p, sealed.n, NULL, &n, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING)
            != 0
        || !secret_open(c, (struct str){ (const char *)bytes, n }, &site->vapid_key)
        || !public_of(site->vapid_key, point))
        return fail(c, ERR_INVALID, "The key for web push cannot be opened");
    site->vapid_public = base64(c, (struct str){ (const char *)point, sizeof point });
    return OK;
}
