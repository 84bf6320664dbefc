/* SPDX-License-Identifier: Apache-2.0 */
#include <sodium.h>

#include "base/id.h"
#include "base/jw.h"
#include "base/log.h"
#include "base/metrics.h"
#include "core/limit.h"
#include "core/passkey_inside.h"
#include "core/secret.h"
#include "core/ticket.h"
#include "store/account.h"
#include "store/member.h"
#include "store/passkey.h"
#include "store/ticket.h"
#include "store/tx.h"

static const struct {
    enum err err;
    const char *text;
} refusals[WEBAUTHN_FAULTS] = {
    [WEBAUTHN_MALFORMED] = { ERR_INVALID, "What your browser sent is no passkey" },
    [WEBAUTHN_CHALLENGE] = { ERR_GONE, "That took too long, or was sent already. Please begin again" },
    [WEBAUTHN_ORIGIN] = { ERR_INVALID, "This passkey was asked for by a page of another site" },
    [WEBAUTHN_RP_ID] = { ERR_INVALID, "This passkey belongs to another site" },
    [WEBAUTHN_PRESENCE] = { ERR_INVALID,
                            "Your device did not make sure that it is you. To sign in without a password it"
                            " needs a PIN, a fingerprint or the like" },
    [WEBAUTHN_ALGORITHM] = { ERR_INVALID, "Keys of this kind are not taken" },
    [WEBAUTHN_SIGNATURE] = { ERR_INVALID, "The signature is wrong" },
    [WEBAUTHN_COUNTER] = { ERR_INVALID, "This passkey has been used by another device since: there may be a copy of it."
                                        " Sign in another way and remove it" },
    [WEBAUTHN_UNKNOWN] = { ERR_INVALID, "This passkey is not known here, or was removed" },
};

enum err passkey_refuse(struct ctx *c, enum webauthn_fault fault)
{
    metrics_add(METRIC_PASSKEYS_REFUSED, (int)fault - 1, 1);
    return fail(c, refusals[fault].err, "%s", refusals[fault].text);
}

enum err passkey_ticket(struct ctx *c, enum ticket_kind kind, struct str challenge, struct str browser,
                        struct ticket **out)
{
    enum err e = ticket_get(c, kind, challenge, out);
    if (e == ERR_GONE)
        return passkey_refuse(c, WEBAUTHN_CHALLENGE);
    TRY(e);
    return str_eq(passkey_ticket_text(c, *out, "browser"), browser) ? OK : passkey_refuse(c, WEBAUTHN_CHALLENGE);
}

static enum err spend(struct ctx *c, const struct ticket *t)
{
    TX tx = { 0 };
    TRY(tx_begin(c, &tx));
    TRY(store_ticket_use(c, t->id));
    return tx_commit(&tx);
}

enum err passkey_spends(struct ctx *c, enum err e, const struct ticket *t)
{
    struct str says = c->says;
    if (t == NULL || e == OK || e == ERR_AGAIN || e == ERR_INTERNAL)
        return e;
    enum err spent = spend(c, t);
    if (spent == ERR_AGAIN || spent == ERR_INTERNAL)
        return spent;
    c->says = says; /* ERR_CONFLICT: somebody else tried it meanwhile */
    return e;
}

/* --- what was signed --- */

static bool decode(struct ctx *c, const struct webauthn_proof *sent, struct webauthn_proof *out, struct str *challenge)
{
    *out = *sent;
    return webauthn_bytes(c->arena, sent->client, &out->client)
           && webauthn_bytes(c->arena, sent->authenticator, &out->authenticator)
           && webauthn_bytes(c->arena, sent->signature, &out->signature)
           && webauthn_challenge(c->arena, out->client, challenge);
}

/* The passkey that signed; of `account_id`, if that is known already. */
static enum err check_proof(struct ctx *c, const struct webauthn_proof *p, int64_t account_id, struct passkey **key,
                            int64_t *count)
{
    struct webauthn_site site = { 0 };
    if (!passkey_site(c, &site))
        return passkey_refuse(c, WEBAUTHN_ORIGIN);
    TRY(store_passkey_find_claim(c, passkey_claim(c, p->credential), key));
    if (*key == NULL || !str_eq((*key)->credential, p->credential)
        || (account_id != 0 && (*key)->account_id != account_id))
        return passkey_refuse(c, WEBAUTHN_UNKNOWN);
    /* whom the device means: said always when it was not told which keys there are */
    if (!str_eq(p->handle, (*key)->handle) && (account_id == 0 || p->handle.n > 0))
        return passkey_refuse(c, WEBAUTHN_UNKNOWN);
    enum webauthn_fault fault =
        webauthn_signed(c->arena, &site, p, (*key)->algorithm, (*key)->public_key, account_id == 0, count);
    return fault == WEBAUTHN_FINE ? OK : passkey_refuse(c, fault);
}

/* Inside a transaction. A count that goes back: two devices hold the key, and one of them was not meant to. */
static enum err count_use(struct ctx *c, const struct passkey *key, int64_t count)
{
    bool counted = false;
    TRY(store_passkey_use(c, key, count, &counted));
    if (counted)
        return OK;
    log_warn(c->id, "passkey %lld of member %lld: its count of signatures went from %lld back to %lld",
             (long long)key->id, (long long)key->account_id, (long long)key->sign_count, (long long)count);
    return passkey_refuse(c, WEBAUTHN_COUNTER);
}

/* --- without a password --- */

static struct str browser_data(struct ctx *c, struct str browser)
{
    struct jw w = jw_on(c->arena);
    jw_obj(&w);
    jw_kstr(&w, STR("browser"), secret_hash(c->arena, browser));
    jw_obj_end(&w);
    return jw_end(&w);
}

enum err passkey_ask(struct ctx *c, struct str browser, struct str *challenge)
{
    TX tx = { 0 };
    TRY(limit_address(c, LIMIT_SIGN_IN_ADDRESS));
    TRY(limit_prefix(c, LIMIT_SIGN_IN_PREFIX));
    TRY(tx_begin(c, &tx));
    TRY(ticket_issue(c, TICKET_PASSKEY_ENTER, 0, browser_data(c, browser), PASSKEY_LASTS_MS, challenge));
    return tx_commit(&tx);
}

static enum err enter(struct ctx *c, const struct webauthn_proof *p, const struct ticket *t, struct account **out)
{
    TX tx = { 0 };
    struct passkey *key = NULL;
    int64_t count = 0;
    TRY(check_proof(c, p, 0, &key, &count));
    TRY(store_account_get(c, key->account_id, out));
    TRY(auth_may_enter(c, *out));
    TRY(tx_begin(c, &tx));
    TRY(store_ticket_use(c, t->id));
    TRY(count_use(c, key, count));
    return tx_commit(&tx);
}

static enum err enter_by(struct ctx *c, struct str browser, const struct webauthn_proof *sent, struct account **out)
{
    struct ticket *t = NULL;
    struct webauthn_proof p = { 0 };
    struct str challenge = { 0 };
    if (!decode(c, sent, &p, &challenge))
        return passkey_refuse(c, WEBAUTHN_MALFORMED);
    TRY(passkey_ticket(c, TICKET_PASSKEY_ENTER, challenge, secret_hash(c->arena, browser), &t));
    return passkey_spends(c, enter(c, &p, t, out), t);
}

enum err passkey_sign_in(struct ctx *c, struct str browser, const struct webauthn_proof *p, struct str user_agent,
                         struct sign_in *out)
{
    TRY(limit_address(c, LIMIT_SIGN_IN_ADDRESS));
    TRY(limit_prefix(c, LIMIT_SIGN_IN_PREFIX));
    TRY(auth_counted(SIGN_IN_BY_PASSKEY, enter_by(c, browser, p, &out->account)));
    out->step = SIGN_IN_DONE;
    return auth_open(c, out->account, user_agent, &out->secret);
}

/* --- after the password --- */

enum err passkey_step(struct ctx *c, struct str secret, struct second_step *out)
{
    struct ticket *t = NULL;
    struct member *m = NULL;
    TRY(ticket_get(c, TICKET_TOTP, secret, &t));
    TRY(store_member_get(c, t->account_id, &m));
    out->authenticator = m->totp_enabled;
    return passkey_of(c, m->id, &out->keys, &out->keys_n);
}

static enum err pass_step(struct ctx *c, const struct ticket *t, struct str secret, const struct webauthn_proof *sent)
{
    TX tx = { 0 };
    struct webauthn_proof p = { 0 };
    struct str challenge = { 0 };
    struct passkey *key = NULL;
    int64_t count = 0;
    if (!decode(c, sent, &p, &challenge))
        return passkey_refuse(c, WEBAUTHN_MALFORMED);
    if (!str_eq(challenge, secret))
        return passkey_refuse(c, WEBAUTHN_CHALLENGE);
    TRY(check_proof(c, &p, t->account_id, &key, &count));
    TRY(tx_begin(c, &tx));
    TRY(store_ticket_use(c, t->id));
    TRY(count_use(c, key, count));
    return tx_commit(&tx);
}

enum err passkey_sign_in_step(struct ctx *c, struct str secret, const struct webauthn_proof *p, struct str user_agent,
                              struct sign_in *out)
{
    struct ticket *t = NULL;
    TRY(limit_address(c, LIMIT_SIGN_IN_ADDRESS));
    TRY(ticket_get(c, TICKET_TOTP, secret, &t));
    TRY(limit_take(c, LIMIT_SECOND_FACTOR, id_text(c->arena, t->account_id)));
    TRY(auth_counted(SIGN_IN_BY_PASSKEY, pass_step(c, t, secret, p)));
    TRY(store_account_get(c, t->account_id, &out->account));
    out->step = SIGN_IN_DONE;
    return auth_open(c, out->account, user_agent, &out->secret);
}
