/* SPDX-License-Identifier: Apache-2.0 */
#include "base/id.h"
#include "core/auth.h"
#include "core/limit.h"
#include "core/mail.h"
#include "core/mention.h"
#include "core/passkey.h"
#include "core/secret.h"
#include "model/site.h"
#include "store/member.h"
#include "store/tx.h"

static enum err my_member(struct ctx *c, struct member **m)
{
    if (c->me == NULL)
        return fail(c, ERR_UNAUTHENTICATED, "This method requires an authenticated user");
    return store_member_get(c, c->me->id, m);
}

static enum err keep(struct ctx *c, const struct member *m, bool changed, bool others)
{
    TX tx = { 0 };
    TRY(tx_begin(c, &tx));
    TRY(store_member_update_totp(c, m));
    if (changed)
        TRY(mail_totp_changed(c, c->me, m->email, m->totp_enabled, others));
    return tx_commit(&tx);
}

static void describe(struct ctx *c, struct str secret, struct totp_setup *out)
{
    *out = (struct totp_setup){
        .secret_text = totp_secret_text(c->arena, secret),
        .uri = totp_uri(c->arena, secret, c->site->title, c->me->username),
    };
}

enum err auth_totp_begin(struct ctx *c, struct str password, struct totp_setup *out)
{
    struct member *m = NULL;
    TRY(auth_prove(c, password));
    TRY(my_member(c, &m));
    if (m->totp_enabled)
        return fail(c, ERR_INVALID, "Two-factor sign-in is on already");
    struct str secret = totp_secret_new(c->arena);
    m->totp_secret = secret_seal(c, secret);
    m->totp_step = 0;
    TRY(keep(c, m, false, false));
    describe(c, secret, out);
    return OK;
}

enum err auth_totp_pending(struct ctx *c, struct totp_setup *out)
{
    struct member *m = NULL;
    struct str secret = { 0 };
    TRY(my_member(c, &m));
    if (m->totp_enabled || m->totp_secret.n == 0)
        return fail(c, ERR_NOT_FOUND, "Record not found");
    if (!secret_open(c, m->totp_secret, &secret))
        return fail_internal(c, "the second factor of member %lld does not open", (long long)m->id);
    describe(c, secret, out);
    return OK;
}

enum err auth_totp_enable(struct ctx *c, struct str code, struct str codes[RECOVERY_CODES])
{
    struct member *m = NULL;
    struct str secret = { 0 };
    int64_t step = 0;
    TRY(my_member(c, &m));
    TRY(limit_take(c, LIMIT_SECOND_FACTOR, id_text(c->arena, m->id)));
    if (m->totp_enabled || m->totp_secret.n == 0)
        return fail(c, ERR_INVALID, "Begin the set-up first");
    if (!secret_open(c, m->totp_secret, &secret))
        return fail_internal(c, "the second factor of member %lld does not open", (long long)m->id);
    if (!totp_check(c->arena, secret, code, c->now_ms, m->totp_step, &step))
        return fail(c, ERR_INVALID, "This is not the code of now. Is the clock of your device right?");
    recovery_codes_new(c, codes);
    m->totp_enabled = true;
    m->totp_step = step;
    m->recovery_codes = recovery_codes_json(c, codes, RECOVERY_CODES);
    return keep(c, m, true, false);
}

enum err auth_totp_disable(struct ctx *c, struct str password)
{
    struct passkey *keys = NULL;
    int64_t keys_n = 0;
    struct member *m = NULL;
    TRY(auth_prove(c, password));
    TRY(my_member(c, &m));
    TRY(passkey_list(c, &keys, &keys_n));
    bool was = m->totp_enabled;
    m->totp_enabled = false;
    m->totp_secret = (struct str){ 0 };
    m->totp_step = 0;
    if (keys_n == 0)
        m->recovery_codes = STR("[]");
    return keep(c, m, was, keys_n > 0);
}

enum err auth_recovery_renew(struct ctx *c, struct str password, struct str codes[RECOVERY_CODES])
{
    TX tx = { 0 };
    struct passkey *keys = NULL;
    int64_t keys_n = 0;
    struct member *m = NULL;
    TRY(auth_prove(c, password));
    TRY(my_member(c, &m));
    TRY(passkey_list(c, &keys, &keys_n));
    if (!m->totp_enabled && keys_n == 0)
        return fail(c, ERR_INVALID, "Two-factor sign-in is off");
    recovery_codes_new(c, codes);
    TRY(tx_begin(c, &tx));
    TRY(store_member_use_recovery(c, m->id, m->recovery_codes, recovery_codes_json(c, codes, RECOVERY_CODES)));
    return tx_commit(&tx);
}

enum err auth_totp_state(struct ctx *c, bool *enabled, int64_t *recovery_left)
{
    struct member *m = NULL;
    const struct str *codes = NULL;
    TRY(my_member(c, &m));
    *enabled = m->totp_enabled;
    *recovery_left = tag_list(c->arena, m->recovery_codes, &codes);
    return OK;
}
