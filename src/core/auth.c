/* SPDX-License-Identifier: Apache-2.0 */
#include "core/auth.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/metrics.h"
#include "base/rng.h"
#include "core/email.h"
#include "core/limit.h"
#include "core/mail.h"
#include "core/name.h"
#include "core/passkey.h"
#include "core/password.h"
#include "core/refuse.h"
#include "core/secret.h"
#include "core/ticket.h"
#include "feed/feed.h"
#include "model/scope.h"
#include "model/site.h"
#include "store/account.h"
#include "store/member.h"
#include "store/ticket.h"
#include "store/tx.h"

/* Pages may do whatever the member may. */
#define PAGE_SCOPES \
    (SCOPE_READ_ALL | SCOPE_WRITE_ALL | SCOPE_PUSH | SCOPE_PROFILE | SCOPE_ADMIN_READ | SCOPE_ADMIN_WRITE)

/* --- who is meant, and is the password right --- */

static struct str login_name(struct ctx *c, struct str login)
{
    struct str rest = str_starts(login, STR("@")) ? str_skip(login, 1) : login;
    struct str user = { 0 };
    (void)str_cut(&rest, '@', &user);
    bool ours = rest.p == NULL || str_eq_nocase(rest, c->site->domain);
    return ours ? name_canonical(c->arena, user) : (struct str){ 0 };
}

static enum err find_member(struct ctx *c, struct str login, struct account **a, struct member **m)
{
    struct email email = { 0 };
    *a = NULL;
    *m = NULL;
    if (login.n > EMAIL_MAX || !str_is_utf8(login))
        return OK;
    struct str name = login_name(c, login);
    if (name.p != NULL) {
        TRY(store_account_find_name(c, name, a));
        return *a == NULL ? OK : store_member_find(c, (*a)->id, m);
    }
    if (email_parse(c->arena, login, &email) != NAME_FINE)
        return OK;
    TRY(store_member_find_email(c, email.claim, m));
    return *m == NULL ? OK : store_account_find(c, (*m)->id, a);
}

static enum err limit_attempt(struct ctx *c, struct str target)
{
    struct str from = limiter_prefix(c->arena, c->ip);
    TRY(limit_address(c, LIMIT_SIGN_IN_ADDRESS));
    TRY(limit_prefix(c, LIMIT_SIGN_IN_PREFIX));
    TRY(limit_take(c, LIMIT_SIGN_IN_ACCOUNT,
                   arena_strf(c->arena, STR_FMT " " STR_FMT, STR_ARG(target), STR_ARG(from))));
    return limit_take(c, LIMIT_SIGN_IN_TARGET, target);
}

/* The account behind a right pair, or ERR_INVALID. Limits go by what was typed, so they hold for names nobody has too.
 */
static enum err check_pair(struct ctx *c, struct str login, struct str password, struct account **a, struct member **m)
{
    bool right = false;
    struct str typed = str_trim(login);
    TRY(find_member(c, typed, a, m));
    bool known = *a != NULL && *m != NULL;
    TRY(limit_attempt(c, known ? id_text(c->arena, (*a)->id) : name_canonical(c->arena, str_head(typed, EMAIL_MAX))));
    TRY(password_check(c, known ? (*m)->password : (struct str){ 0 }, password, &right));
    if (!right)
        return fail(c, ERR_INVALID, "This name or e-mail address and this password do not belong together");
    return auth_may_enter(c, *a);
}

enum err auth_may_enter(struct ctx *c, const struct account *a)
{
    if (a->standing.kind == STANDING_SUSPENDED)
        return fail(c, ERR_FORBIDDEN, "This account is suspended. " STR_FMT, STR_ARG(a->standing.reason));
    return OK;
}

enum err auth_counted(enum sign_in_by by, enum err e)
{
    if (e != ERR_AGAIN && e != ERR_INTERNAL)
        metrics_add(METRIC_SIGN_INS, (int)by * 2 + (e != OK), 1);
    return e;
}

static enum err has_second_factor(struct ctx *c, const struct member *m, bool *out)
{
    struct passkey *keys = NULL;
    int64_t n = 0;
    TRY(passkey_of(c, m->id, &keys, &n));
    *out = m->totp_enabled || n > 0;
    return OK;
}

/* --- signing in --- */

enum err auth_open(struct ctx *c, const struct account *a, struct str user_agent, struct str *secret)
{
    TX tx = { 0 };
    struct session_new n = {
        .session = { .account_id = a->id, .scopes = PAGE_SCOPES, .scope_text = STR("pages"), .user_agent = user_agent },
    };
    TRY(tx_begin(c, &tx));
    TRY(session_open(c, &n));
    TRY(store_member_set_seen(c, a->id, c->now_ms));
    TRY(tx_commit(&tx));
    session_opened(c, &n);
    *secret = n.secret;
    return OK;
}

static enum err begin_second_step(struct ctx *c, int64_t account_id, struct str *secret)
{
    TX tx = { 0 };
    TRY(tx_begin(c, &tx));
    TRY(ticket_issue(c, TICKET_TOTP, account_id, STR("{}"), SECOND_STEP_LASTS_MS, secret));
    return tx_commit(&tx);
}

enum err auth_sign_in(struct ctx *c, struct str login, struct str password, struct str user_agent, struct sign_in *out)
{
    struct account *a = NULL;
    struct member *m = NULL;
    bool second = false;
    TRY(auth_counted(SIGN_IN_BY_PASSWORD, check_pair(c, login, password, &a, &m)));
    TRY(has_second_factor(c, m, &second));
    if (second) {
        *out = (struct sign_in){ .step = SIGN_IN_NEEDS_CODE };
        return begin_second_step(c, a->id, &out->secret);
    }
    *out = (struct sign_in){ .step = SIGN_IN_DONE, .account = a };
    return auth_open(c, a, user_agent, &out->secret);
}

/* Inside a transaction: uses up the code, or ERR_INVALID. */
static enum err use_code(struct ctx *c, const struct member *m, struct str code)
{
    struct str secret = { 0 };
    struct str rest = { 0 };
    int64_t step = 0;
    enum err used = ERR_INVALID;
    if (m->totp_enabled && !secret_open(c, m->totp_secret, &secret))
        return fail_internal(c, "the second factor of member %lld does not open: is the master key another one?",
                             (long long)m->id);
    if (m->totp_enabled && totp_check(c->arena, secret, code, c->now_ms, m->totp_step, &step))
        used = store_member_use_totp_step(c, m->id, step);
    else if (recovery_code_take(c, m->recovery_codes, code, &rest))
        used = store_member_use_recovery(c, m->id, m->recovery_codes, rest);
    if (used == ERR_INVALID || used == ERR_CONFLICT)
        return fail(c, ERR_INVALID, "This code is wrong or was used already");
    return used;
}

enum err auth_sign_in_code(struct ctx *c, struct str secret, struct str code, struct str user_agent,
                           struct sign_in *out)
{
    TX tx = { 0 };
    struct ticket *t = NULL;
    struct member *m = NULL;
    TRY(limit_address(c, LIMIT_SIGN_IN_ADDRESS));
    TRY(ticket_get(c, TICKET_TOTP, secret, &t));
    TRY(limit_take(c, LIMIT_SECOND_FACTOR, id_text(c->arena, t->account_id)));
    TRY(store_member_get(c, t->account_id, &m));
    TRY(store_account_get(c, t->account_id, &out->account));
    TRY(tx_begin(c, &tx));
    TRY(auth_counted(SIGN_IN_BY_CODE, use_code(c, m, code)));
    TRY(store_ticket_use(c, t->id));
    TRY(tx_commit(&tx));
    out->step = SIGN_IN_DONE;
    return auth_open(c, out->account, user_agent, &out->secret);
}

enum err auth_check(struct ctx *c, struct str login, struct str password, struct account **out)
{
    struct member *m = NULL;
    bool second = false;
    TRY(check_pair(c, login, password, out, &m));
    TRY(has_second_factor(c, m, &second));
    if (second)
        return fail(c, ERR_INVALID, "This account asks for a second factor: sign in through the pages");
    return OK;
}

/* The member behind c->me, whose password was just typed. */
static enum err prove(struct ctx *c, struct str password, struct member **m)
{
    bool right = false;
    if (c->me == NULL)
        return fail(c, ERR_UNAUTHENTICATED, "This method requires an authenticated user");
    TRY(limit_attempt(c, id_text(c->arena, c->me->id)));
    TRY(store_member_get(c, c->me->id, m));
    TRY(password_check(c, (*m)->password, password, &right));
    if (right)
        return OK;
    c->fields = NULL;
    refuse(c, STR("password"), STR("ERR_INVALID"), STR("is wrong"));
    return refused(c);
}

enum err auth_prove(struct ctx *c, struct str password)
{
    struct member *m = NULL;
    return prove(c, password, &m);
}

/* --- password --- */

static enum err judge_new_password(struct ctx *c, struct str password, const struct account *a, const struct member *m)
{
    c->fields = NULL;
    switch (password_judge(password, a->username, m->email)) {
    case PASSWORD_FINE: break;
    case PASSWORD_BLANK: refuse(c, STR("password"), STR("ERR_BLANK"), STR("can't be blank")); break;
    case PASSWORD_TOO_SHORT:
        refuse(c, STR("password"), STR("ERR_TOO_SHORT"), STR("is too short (minimum is 8 characters)"));
        break;
    case PASSWORD_TOO_LONG: refuse(c, STR("password"), STR("ERR_TOO_LONG"), STR("is too long")); break;
    case PASSWORD_TOO_EASY: refuse(c, STR("password"), STR("ERR_INVALID"), STR("is too easy to guess")); break;
    }
    return refused(c);
}

/* Inside a transaction. Whoever knew the old password may have begun a change of address, or have a link: with either
   they would come back after the owner of the account has locked them out. */
static enum err tell_password_changed(struct ctx *c, const struct account *a, const struct member *m)
{
    struct passkey *keys = NULL;
    int64_t n = 0;
    TRY(passkey_of(c, m->id, &keys, &n));
    return mail_password_changed(c, a, m->email, n);
}

static enum err void_links(struct ctx *c, int64_t account_id)
{
    TRY(store_ticket_delete_all(c, account_id, TICKET_EMAIL_CHANGE));
    return store_ticket_delete_all(c, account_id, TICKET_RESET);
}

enum err auth_password_change(struct ctx *c, struct str now, struct str wanted)
{
    TX tx = { 0 };
    struct member *m = NULL;
    struct str hash = { 0 };
    TRY(prove(c, now, &m));
    TRY(judge_new_password(c, wanted, c->me, m));
    TRY(password_hash(c, wanted, &hash));
    TRY(tx_begin(c, &tx));
    TRY(store_member_set_password(c, m->id, hash));
    TRY(session_end_all(c, m->id, c->session == NULL ? 0 : c->session->id));
    TRY(void_links(c, m->id));
    TRY(tell_password_changed(c, c->me, m));
    TRY(tx_commit(&tx));
    feed_sessions_ended(c->feed, m->id);
    return OK;
}

enum err auth_reset_ask(struct ctx *c, struct str email)
{
    TX tx = { 0 };
    struct email parsed = { 0 };
    struct member *m = NULL;
    struct account *a = NULL;
    struct str secret = { 0 };
    TRY(limit_address(c, LIMIT_RESET_ADDRESS));
    if (email_parse(c->arena, email, &parsed) != NAME_FINE)
        return fail(c, ERR_INVALID, "This is not an e-mail address");
    /* more than a few mails an hour to one address are not sent, and nobody is told that they were not */
    if (!limiter_take(c->limiter, LIMIT_RESET_TARGET, parsed.claim, c->now_ms, NULL))
        return OK;
    TRY(store_member_find_email(c, parsed.claim, &m));
    if (m != NULL)
        TRY(store_account_get(c, m->id, &a));
    /* a ticket for nobody when there is no such member: the answer takes a commit either way */
    TRY(tx_begin(c, &tx));
    TRY(ticket_issue(c, TICKET_RESET, m == NULL ? 0 : m->id, STR("{}"), RESET_LASTS_MS, &secret));
    if (m != NULL)
        TRY(mail_reset(c, a, m->email, secret));
    return tx_commit(&tx);
}

enum err auth_reset_link(struct ctx *c, int64_t account_id, struct str *secret)
{
    TX tx = { 0 };
    struct member *m = NULL;
    TRY(store_member_get(c, account_id, &m));
    TRY(tx_begin(c, &tx));
    TRY(ticket_issue(c, TICKET_RESET, m->id, STR("{}"), RESET_LASTS_MS, secret));
    return tx_commit(&tx);
}

enum err auth_reset_check(struct ctx *c, struct str secret)
{
    struct ticket *t = NULL;
    return ticket_get(c, TICKET_RESET, secret, &t);
}

enum err auth_reset(struct ctx *c, struct str secret, struct str password)
{
    TX tx = { 0 };
    struct ticket *t = NULL;
    struct member *m = NULL;
    struct account *a = NULL;
    struct str hash = { 0 };
    TRY(limit_address(c, LIMIT_RESET_ADDRESS));
    TRY(ticket_get(c, TICKET_RESET, secret, &t));
    TRY(store_member_get(c, t->account_id, &m));
    TRY(store_account_get(c, t->account_id, &a));
    TRY(judge_new_password(c, password, a, m));
    TRY(password_hash(c, password, &hash));
    TRY(tx_begin(c, &tx));
    TRY(store_ticket_use(c, t->id));
    TRY(store_member_set_password(c, m->id, hash));
    TRY(session_end_all(c, m->id, 0));
    TRY(void_links(c, m->id));
    TRY(tell_password_changed(c, a, m));
    TRY(tx_commit(&tx));
    feed_sessions_ended(c->feed, m->id);
    return OK;
}
