/* SPDX-License-Identifier: Apache-2.0 */
#include "core/passkey.h"

#include <jansson.h>
#include <sodium.h>

#include "base/id.h"
#include "base/jw.h"
#include "base/rng.h"
#include "core/limit.h"
#include "core/mail.h"
#include "core/mention.h"
#include "core/name.h"
#include "core/passkey_inside.h"
#include "core/refuse.h"
#include "core/secret.h"
#include "core/ticket.h"
#include "model/site.h"
#include "store/account.h"
#include "store/member.h"
#include "store/passkey.h"
#include "store/ticket.h"
#include "store/tx.h"

#define TRANSPORTS_MAX 8 /* words */
#define TRANSPORT_MAX  20

bool passkey_site(struct ctx *c, struct webauthn_site *out)
{
    return webauthn_site(c->arena, c->site->base_url, out);
}

enum err passkey_of(struct ctx *c, int64_t account_id, struct passkey **out, int64_t *n)
{
    return store_passkey_list(c, account_id, PASSKEYS_LIST_MAX, out, n);
}

struct str passkey_claim(struct ctx *c, struct str credential)
{
    return secret_hash(c->arena, credential);
}

enum err passkey_list(struct ctx *c, struct passkey **out, int64_t *n)
{
    if (c->me == NULL)
        return fail(c, ERR_UNAUTHENTICATED, "This method requires an authenticated user");
    return passkey_of(c, c->me->id, out, n);
}

enum err passkey_get(struct ctx *c, int64_t id, struct passkey **out)
{
    TRY(store_passkey_find(c, id, out));
    if (*out == NULL || c->me == NULL || (*out)->account_id != c->me->id)
        return fail(c, ERR_NOT_FOUND, "Record not found");
    return OK;
}

/* --- adding one --- */

static enum err check_name(struct ctx *c, struct str name)
{
    c->fields = NULL;
    enum name_fault fault = name.n == 0 ? NAME_FINE : display_name_check(name);
    if (fault == NAME_TOO_LONG)
        refuse(c, STR("name"), STR("ERR_TOO_LONG"), STR("is too long"));
    else if (fault != NAME_FINE)
        refuse(c, STR("name"), STR("ERR_INVALID"), STR("is invalid"));
    return refused(c);
}

static struct str handle_of(struct ctx *c, const struct passkey *keys, int64_t n)
{
    return n > 0 ? keys[0].handle : rand_token(c->arena);
}

static struct str ticket_data(struct ctx *c, struct str handle)
{
    struct jw w = jw_on(c->arena);
    jw_obj(&w);
    jw_kstr(&w, STR("browser"), c->session->hash);
    jw_kstr(&w, STR("handle"), handle);
    jw_obj_end(&w);
    return jw_end(&w);
}

struct str passkey_ticket_text(struct ctx *c, const struct ticket *t, const char *key)
{
    json_t *j = json_loadb(t->data.p, t->data.n, 0, NULL);
    const json_t *v = json_object_get(j, key);
    struct str text = arena_str(c->arena, (struct str){ json_string_value(v), json_string_length(v) });
    json_decref(j);
    return text;
}

static enum err too_many(struct ctx *c)
{
    return fail(c, ERR_INVALID, "You have %lld passkeys already. Remove one first", (long long)c->site->passkeys_max);
}

enum err passkey_begin(struct ctx *c, struct str password, struct str name, struct passkey_setup *out)
{
    TX tx = { 0 };
    TRY(auth_prove(c, password));
    TRY(check_name(c, str_trim(name)));
    if (!passkey_site(c, &out->site))
        return fail(c, ERR_INVALID, "Browsers have no passkeys at the address of this server");
    TRY(passkey_list(c, &out->keys, &out->keys_n));
    if (out->keys_n >= c->site->passkeys_max)
        return too_many(c);
    out->handle = handle_of(c, out->keys, out->keys_n);
    TRY(tx_begin(c, &tx));
    TRY(ticket_issue(c, TICKET_PASSKEY_NEW, c->me->id, ticket_data(c, out->handle), PASSKEY_LASTS_MS, &out->challenge));
    return tx_commit(&tx);
}

/* Words that the browser wants back; what is no such word is left out. */
static struct str clean_transports(struct ctx *c, struct str words)
{
    struct buf b = buf_on(c->arena);
    struct str word = { 0 };
    for (int n = 0; n < TRANSPORTS_MAX && str_cut(&words, ' ', &word);) {
        bool plain = word.n > 0 && word.n <= TRANSPORT_MAX;
        for (size_t i = 0; i < word.n; i++)
            plain = plain && ((word.p[i] >= 'a' && word.p[i] <= 'z') || word.p[i] == '-');
        if (!plain)
            continue;
        buf_printf(&b, "%s" STR_FMT, n++ > 0 ? " " : "", STR_ARG(word));
    }
    return b.p == NULL ? STR("") : buf_str(&b);
}

/* What the browser made is what we asked it for. *ticket: of the challenge, once it is known. */
static enum err check_made(struct ctx *c, const struct passkey_made *made, struct ticket **ticket,
                           struct webauthn_key *key)
{
    struct webauthn_site site = { 0 };
    struct str client = { 0 };
    struct str attestation = { 0 };
    struct str challenge = { 0 };
    if (!passkey_site(c, &site) || !webauthn_bytes(c->arena, made->client, &client)
        || !webauthn_bytes(c->arena, made->attestation, &attestation)
        || !webauthn_challenge(c->arena, client, &challenge))
        return passkey_refuse(c, WEBAUTHN_MALFORMED);
    TRY(passkey_ticket(c, TICKET_PASSKEY_NEW, challenge, c->session->hash, ticket));
    enum webauthn_fault fault = webauthn_created(c->arena, &site, client, attestation, key);
    return fault == WEBAUTHN_FINE ? OK : passkey_refuse(c, fault);
}

/* Inside a transaction: codes for the day when the device is lost, where there are none. */
static enum err give_codes(struct ctx *c, const struct member *m, struct str codes[RECOVERY_CODES], bool *coded)
{
    const struct str *left = NULL;
    *coded = tag_list(c->arena, m->recovery_codes, &left) == 0;
    if (!*coded)
        return OK;
    recovery_codes_new(c, codes);
    return store_member_use_recovery(c, m->id, m->recovery_codes, recovery_codes_json(c, codes, RECOVERY_CODES));
}

static enum err insert(struct ctx *c, struct passkey *p)
{
    struct passkey *all = NULL;
    int64_t n = 0;
    TRY(passkey_list(c, &all, &n)); /* inside the transaction: of two at once the second is counted */
    if (n >= c->site->passkeys_max)
        return too_many(c);
    enum err e = store_passkey_insert(c, p, passkey_claim(c, p->credential));
    return e == ERR_CONFLICT ? fail(c, ERR_CONFLICT, "This passkey is registered already") : e;
}

/* All of it or nothing: the challenge is spent, the key is there, its owner knows. */
static enum err keep(struct ctx *c, const struct ticket *t, struct passkey *p, struct str codes[RECOVERY_CODES],
                     bool *coded)
{
    TX tx = { 0 };
    struct member *m = NULL;
    TRY(store_member_get(c, p->account_id, &m));
    TRY(tx_begin(c, &tx));
    TRY(store_ticket_use(c, t->id));
    TRY(insert(c, p));
    TRY(give_codes(c, m, codes, coded));
    TRY(mail_passkey_added(c, c->me, m->email, p->name));
    return tx_commit(&tx);
}

enum err passkey_add(struct ctx *c, const struct passkey_made *made, struct str codes[RECOVERY_CODES], bool *coded)
{
    struct ticket *t = NULL;
    struct webauthn_key key = { 0 };
    struct str name = str_trim(made->name);
    if (c->me == NULL || c->session == NULL)
        return fail(c, ERR_UNAUTHENTICATED, "This method requires an authenticated user");
    TRY(limit_take(c, LIMIT_SECOND_FACTOR, id_text(c->arena, c->me->id)));
    TRY(check_name(c, name));
    enum err e = check_made(c, made, &t, &key);
    TRY(passkey_spends(c, e, t));
    struct passkey p = {
        .account_id = c->me->id,
        .name = name.n > 0 ? name : STR("Passkey"),
        .credential = webauthn_text(c->arena, key.credential),
        .handle = passkey_ticket_text(c, t, "handle"),
        .algorithm = key.algorithm,
        .public_key = key.public_key,
        .transports = clean_transports(c, made->transports),
        .sign_count = key.count,
        .synced = key.synced,
        .created_ms = c->now_ms,
    };
    return keep(c, t, &p, codes, coded);
}

enum err passkey_rename(struct ctx *c, int64_t id, struct str name)
{
    TX tx = { 0 };
    struct passkey *p = NULL;
    TRY(passkey_get(c, id, &p));
    name = str_trim(name);
    TRY(check_name(c, name));
    TRY(tx_begin(c, &tx));
    TRY(store_passkey_rename(c, id, name.n > 0 ? name : STR("Passkey")));
    return tx_commit(&tx);
}

/* --- taking them away --- */

/* Inside a transaction: without a second factor there is nothing to recover. */
static enum err drop_codes(struct ctx *c, const struct member *m, bool alone)
{
    return alone ? store_member_use_recovery(c, m->id, m->recovery_codes, STR("[]")) : OK;
}

enum err passkey_remove(struct ctx *c, int64_t id, struct str password)
{
    TX tx = { 0 };
    struct passkey *p = NULL;
    struct passkey *all = NULL;
    struct member *m = NULL;
    int64_t n = 0;
    TRY(passkey_get(c, id, &p));
    TRY(auth_prove(c, password));
    TRY(store_member_get(c, c->me->id, &m));
    TRY(tx_begin(c, &tx));
    TRY(store_account_lock(c, &c->me->id, 1)); /* of two at once one sees that it is the last */
    TRY(passkey_list(c, &all, &n));
    bool alone = n <= 1 && !m->totp_enabled;
    TRY(store_passkey_delete(c, p, passkey_claim(c, p->credential)));
    TRY(drop_codes(c, m, alone));
    TRY(mail_passkey_removed(c, c->me, m->email, p->name, alone));
    return tx_commit(&tx);
}

enum err passkey_drop_all(struct ctx *c, int64_t account_id)
{
    struct passkey *all = NULL;
    int64_t n = 0;
    TRY(passkey_of(c, account_id, &all, &n));
    for (int64_t i = 0; i < n; i++)
        TRY(store_passkey_delete(c, &all[i], passkey_claim(c, all[i].credential)));
    return OK;
}

enum err passkey_reset(struct ctx *c, const struct account *a, bool passkeys, bool authenticator)
{
    TX tx = { 0 };
    struct member *m = NULL;
    struct passkey *all = NULL;
    int64_t n = 0;
    TRY(store_member_get(c, a->id, &m));
    TRY(tx_begin(c, &tx));
    TRY(passkey_of(c, a->id, &all, &n));
    bool alone = (passkeys || n == 0) && (authenticator || !m->totp_enabled);
    if (passkeys)
        TRY(passkey_drop_all(c, a->id));
    if (authenticator) {
        m->totp_enabled = false;
        m->totp_secret = (struct str){ 0 };
        m->totp_step = 0;
    }
    if (alone)
        m->recovery_codes = STR("[]");
    TRY(store_member_update_totp(c, m));
    TRY(mail_factors_reset(c, a, m->email, alone));
    return tx_commit(&tx);
}
