/* SPDX-License-Identifier: Apache-2.0 */
#include "core/signup.h"

#include "base/clock.h"
#include "base/id.h"
#include "core/email.h"
#include "core/invite.h"
#include "core/limit.h"
#include "core/mail.h"
#include "core/name.h"
#include "core/notify.h"
#include "core/password.h"
#include "core/refuse.h"
#include "core/site.h"
#include "core/staff.h"
#include "core/text.h"
#include "core/ticket.h"
#include "feed/feed.h"
#include "model/site.h"
#include "store/account.h"
#include "store/claim.h"
#include "store/invite.h"
#include "store/job.h"
#include "store/member.h"
#include "store/ticket.h"
#include "store/tx.h"

#define LOCALE_MAX 12

/* What was checked, on its way into the store. */
struct entrant {
    struct account account;
    struct member member;
    struct str name; /* canonical */
    struct str skeleton;
    int64_t invite_id;
    bool by_itself; /* let in without a mail to confirm: moderators are told now */
};

static void judge_username(struct ctx *c, struct str username)
{
    switch (name_check(c->arena, username)) {
    case NAME_FINE: return;
    case NAME_BLANK: refuse(c, STR("username"), STR("ERR_BLANK"), STR("can't be blank")); return;
    case NAME_TOO_LONG:
        refuse(c, STR("username"), STR("ERR_TOO_LONG"), STR("is too long (maximum is 30 characters)"));
        return;
    case NAME_BAD_CHARACTERS:
        refuse(c, STR("username"), STR("ERR_INVALID"), STR("must contain only letters, numbers and underscores"));
        return;
    case NAME_RESERVED: refuse(c, STR("username"), STR("ERR_RESERVED"), STR("is reserved")); return;
    }
}

static enum err judge_free(struct ctx *c, const struct entrant *e)
{
    int64_t holder = 0;
    TRY(store_claim_find(c, CLAIM_USERNAME, e->name, &holder));
    if (holder == 0)
        TRY(store_claim_find(c, CLAIM_SKELETON, e->skeleton, &holder));
    if (holder != 0)
        refuse(c, STR("username"), STR("ERR_TAKEN"), STR("has already been taken, or looks like one that is"));
    return OK;
}

static void judge_password(struct ctx *c, const struct sign_up_form *f)
{
    switch (password_judge(f->password, f->username, f->email)) {
    case PASSWORD_FINE: return;
    case PASSWORD_BLANK: refuse(c, STR("password"), STR("ERR_BLANK"), STR("can't be blank")); return;
    case PASSWORD_TOO_SHORT:
        refuse(c, STR("password"), STR("ERR_TOO_SHORT"), STR("is too short (minimum is 8 characters)"));
        return;
    case PASSWORD_TOO_LONG: refuse(c, STR("password"), STR("ERR_TOO_LONG"), STR("is too long")); return;
    case PASSWORD_TOO_EASY: refuse(c, STR("password"), STR("ERR_INVALID"), STR("is too easy to guess")); return;
    }
}

static void judge_email(struct ctx *c, struct str text, struct email *out)
{
    switch (email_parse(c->arena, text, out)) {
    case NAME_FINE: return;
    case NAME_BLANK: refuse(c, STR("email"), STR("ERR_BLANK"), STR("can't be blank")); return;
    case NAME_TOO_LONG: refuse(c, STR("email"), STR("ERR_TOO_LONG"), STR("is too long")); return;
    case NAME_BAD_CHARACTERS:
    case NAME_RESERVED: refuse(c, STR("email"), STR("ERR_INVALID"), STR("is invalid")); return;
    }
}

/* Years between a date and today, as birthdays count: by month and day, in UTC. -1: no date. */
static int64_t age_of(struct ctx *c, struct str date)
{
    int64_t ms = 0;
    if (date.n != 10 || !clock_parse(date, &ms) || ms > c->now_ms)
        return -1;
    struct str today = clock_date(c->arena, c->now_ms);
    int64_t then_year = 0;
    int64_t now_year = 0;
    if (!str_to_i64(str_head(date, 4), &then_year) || !str_to_i64(str_head(today, 4), &now_year))
        return -1;
    bool birthday_to_come = str_cmp(str_skip(today, 5), str_skip(date, 5)) < 0;
    return now_year - then_year - (birthday_to_come ? 1 : 0);
}

static void judge_age(struct ctx *c, const struct sign_up_form *f)
{
    int64_t least = c->site->age_min;
    if (least == 0 || (f->of_age && f->date_of_birth.n == 0))
        return;
    if (f->date_of_birth.n == 0) {
        if (!f->by_api || !c->site->testing)
            refuse(c, STR("date_of_birth"), STR("ERR_BLANK"), STR("can't be blank"));
        return;
    }
    int64_t age = age_of(c, f->date_of_birth);
    if (age < 0 || age > 150)
        refuse(c, STR("date_of_birth"), STR("ERR_INVALID"), STR("is not a date like 2001-02-28"));
    else if (age < least)
        refuse(c, STR("date_of_birth"), STR("ERR_BELOW_LIMIT"),
               arena_strf(c->arena, "is below the age of %lld that is required here", (long long)least));
}

bool sign_up_asks_reason(const struct ctx *c, struct str invite)
{
    return c->site->sign_up == SIGN_UP_APPROVAL && invite.n == 0;
}

static enum err judge_way_in(struct ctx *c, const struct sign_up_form *f, struct entrant *e)
{
    struct invite *i = NULL;
    if (f->invite.n > 0) {
        TRY(store_invite_find(c, f->invite, &i));
        bool good = i != NULL && (i->uses_max == 0 || i->uses < i->uses_max)
                    && (i->expires_ms == 0 || i->expires_ms > c->now_ms);
        if (!good)
            refuse(c, STR("invite"), STR("ERR_INVALID"), STR("does not exist or is used up"));
        else
            e->invite_id = i->id;
    } else if (c->site->sign_up == SIGN_UP_INVITE) {
        refuse(c, STR("invite"), STR("ERR_BLANK"), STR("is needed to join here"));
    }
    if (!sign_up_asks_reason(c, f->invite))
        return OK;
    if (str_trim(f->reason).n == 0)
        refuse(c, STR("reason"), STR("ERR_BLANK"), STR("can't be blank"));
    else if (!str_is_utf8(f->reason))
        refuse(c, STR("reason"), STR("ERR_INVALID"), STR("is not text"));
    else if (text_graphemes(f->reason) > SIGN_UP_REASON_MAX)
        refuse(c, STR("reason"), STR("ERR_TOO_LONG"), STR("is too long (maximum is 500 characters)"));
    return OK;
}

/* Name, address and password: what every way in asks for. */
static enum err judge_basics(struct ctx *c, const struct sign_up_form *f, struct entrant *e)
{
    struct email email = { 0 };
    c->fields = NULL;
    judge_username(c, f->username);
    judge_email(c, f->email, &email);
    judge_password(c, f);
    e->name = name_canonical(c->arena, f->username);
    e->skeleton = name_skeleton(c->arena, f->username);
    if (c->fields == NULL || !str_eq(c->fields->field, STR("username")))
        TRY(judge_free(c, e));
    e->account = (struct account){
        .username = e->name,
        .discoverable = true,
        .indexable = f->indexable,
        .created_ms = c->now_ms,
        .updated_ms = c->now_ms,
    };
    e->member = (struct member){
        .email = email.claim,
        .locale = f->locale.n > 0 && f->locale.n <= LOCALE_MAX && str_is_utf8(f->locale) ? f->locale : STR("en"),
        .created_ip = c->ip.n > 0 ? c->ip : (struct str){ 0 },
        .seen_ms = c->now_ms,
    };
    return OK;
}

static enum err judge(struct ctx *c, const struct sign_up_form *f, struct entrant *e)
{
    if (c->site->sign_up == SIGN_UP_CLOSED)
        return fail(c, ERR_FORBIDDEN, "Sign-up is closed. " STR_FMT, STR_ARG(c->site->sign_up_reason));
    TRY(site_allows_sign_up(c));
    TRY(judge_basics(c, f, e));
    if (!f->agreement)
        refuse(c, STR("agreement"), STR("ERR_ACCEPTED"), STR("must be accepted"));
    judge_age(c, f);
    TRY(judge_way_in(c, f, e));
    TRY(refused(c));
    if (sign_up_asks_reason(c, f->invite))
        e->member.reason = str_trim(f->reason);
    e->member.invite_id = e->invite_id;
    return OK;
}

/* A race for the name is lost in the insert: the same words as before it. */
static enum err insert_account(struct ctx *c, struct entrant *e)
{
    enum err err = store_account_insert(c, &e->account, e->name, e->skeleton);
    if (err != ERR_CONFLICT)
        return err;
    refuse(c, STR("username"), STR("ERR_TAKEN"), STR("has already been taken, or looks like one that is"));
    return refused(c);
}

static enum err insert_member(struct ctx *c, struct entrant *e)
{
    e->member.id = e->account.id;
    enum err err = store_member_insert(c, &e->member);
    if (err != ERR_CONFLICT)
        return err;
    refuse(c, STR("email"), STR("ERR_TAKEN"), STR("has already been taken"));
    return refused(c);
}

/* The mail that the address gets: to a newcomer the link, to a member a hint. */
static enum err send_confirmation(struct ctx *c, const struct account *a, struct str email)
{
    struct member *owner = NULL;
    struct account *owner_account = NULL;
    struct str secret = { 0 };
    TRY(ticket_issue(c, TICKET_CONFIRM, a->id, STR("{}"), UNCONFIRMED_DAYS * DAY_MS, &secret));
    TRY(store_member_find_email(c, email, &owner));
    if (owner != NULL)
        TRY(store_account_find(c, owner->id, &owner_account));
    if (owner_account != NULL)
        return mail_already_member(c, owner_account, email);
    return mail_confirm(c, a, email, secret);
}

/* Moderators are told of whoever has shown that the address is theirs: who only typed one is nobody yet. */
static enum err tell_staff(struct ctx *c, int64_t account_id, struct account *const *staff, int64_t n)
{
    const struct notification note = { .type = NOTE_ADMIN_SIGN_UP, .from_id = account_id };
    return notify_staff(c, staff, n, &note);
}

/* *out is read before the commit: who is told of an error may sign up again under the same name. */
static enum err keep(struct ctx *c, struct entrant *e, struct account **out)
{
    TX tx = { 0 };
    struct account **staff = NULL;
    int64_t n = 0;
    if (e->by_itself)
        TRY(notify_staff_list(c, &staff, &n));
    TRY(tx_begin(c, &tx));
    TRY(insert_account(c, e));
    TRY(insert_member(c, e));
    if (e->invite_id != 0) {
        enum err used = store_invite_use(c, e->invite_id);
        if (used == ERR_CONFLICT)
            return fail(c, ERR_INVALID, "Validation failed: Invitation is used up");
        TRY(used);
    }
    if (e->member.confirmed_ms == 0) {
        TRY(send_confirmation(c, &e->account, e->member.email));
        TRY(store_job_add(c, JOB_ACCOUNT_REMOVE, e->account.id, STR(""), c->now_ms + UNCONFIRMED_DAYS * DAY_MS));
    }
    TRY(tell_staff(c, e->account.id, staff, n));
    TRY(store_account_get(c, e->account.id, out));
    return tx_commit(&tx);
}

enum err sign_up(struct ctx *c, const struct sign_up_form *f, struct account **out)
{
    struct entrant e = { 0 };
    TRY(judge(c, f, &e));
    TRY(limit_address(c, LIMIT_SIGN_UP_ADDRESS));
    TRY(limit_prefix(c, LIMIT_SIGN_UP_PREFIX));
    TRY(limit_take(c, LIMIT_CONFIRM_TARGET, e.member.email));
    TRY(password_hash(c, f->password, &e.member.password));
    bool at_once = f->by_api && c->site->testing;
    if (at_once)
        e.member.confirmed_ms = c->now_ms;
    if (at_once || c->site->sign_up != SIGN_UP_APPROVAL || e.invite_id != 0)
        e.member.approved_ms = c->now_ms;
    e.account.active = at_once;
    e.by_itself = at_once;
    return keep(c, &e, out);
}

enum err sign_up_by_operator(struct ctx *c, const struct sign_up_form *f, struct str password_hash, enum role role,
                             struct account **out)
{
    struct entrant e = { 0 };
    TRY(judge_basics(c, f, &e));
    TRY(refused(c));
    e.member.password = password_hash;
    e.member.confirmed_ms = c->now_ms;
    e.member.approved_ms = c->now_ms;
    e.account.active = true;
    e.account.role = role;
    return keep(c, &e, out);
}

/* --- confirmation --- */

enum err sign_up_confirm(struct ctx *c, struct str secret, struct account **out)
{
    TX tx = { 0 };
    struct ticket *t = NULL;
    struct member *m = NULL;
    TRY(ticket_get(c, TICKET_CONFIRM, secret, &t));
    TRY(store_member_get(c, t->account_id, &m));
    TRY(store_account_get(c, t->account_id, out));
    bool approved = m->approved_ms != 0;
    struct account **staff = NULL;
    int64_t n = 0;
    TRY(notify_staff_list(c, &staff, &n));
    TRY(tx_begin(c, &tx));
    TRY(store_ticket_use(c, t->id));
    enum err claimed = store_member_set_confirmed(c, m, c->now_ms);
    if (claimed == ERR_CONFLICT)
        return fail(c, ERR_CONFLICT, "This e-mail address was confirmed for another account meanwhile");
    TRY(claimed);
    if (approved)
        TRY(store_account_set_active(c, m->id, true));
    else
        TRY(mail_waiting(c, *out, m->email));
    TRY(tell_staff(c, m->id, staff, n));
    TRY(tx_commit(&tx));
    (*out)->active = approved;
    feed_account_changed(c->feed, m->id);
    return OK;
}

/* The address as it is stored; p == NULL: not given. */
static enum err judge_new_email(struct ctx *c, struct str email, struct str *out)
{
    struct email parsed = { 0 };
    c->fields = NULL;
    if (email.n > 0)
        judge_email(c, email, &parsed);
    *out = parsed.claim;
    return refused(c);
}

enum err sign_up_resend(struct ctx *c, struct str email)
{
    TX tx = { 0 };
    struct member *m = NULL;
    struct str other = { 0 };
    if (c->me == NULL)
        return fail(c, ERR_UNAUTHENTICATED, "This method requires an authenticated user");
    TRY(store_member_get(c, c->me->id, &m));
    if (m->confirmed_ms != 0)
        return fail(c, ERR_FORBIDDEN, "This method is only available while the e-mail is awaiting confirmation");
    TRY(limit_take(c, LIMIT_CONFIRM_MAIL, id_text(c->arena, m->id)));
    TRY(judge_new_email(c, email, &other));
    TRY(limit_take(c, LIMIT_CONFIRM_TARGET, other.p == NULL ? m->email : other));
    TRY(tx_begin(c, &tx));
    if (other.p != NULL)
        TRY(store_member_set_unconfirmed(c, m->id, other));
    TRY(store_member_get(c, c->me->id, &m));
    TRY(send_confirmation(c, c->me, m->email));
    return tx_commit(&tx);
}

/* --- approval --- */

enum err sign_up_waiting(struct ctx *c, int64_t after_id, int64_t limit, struct waiting **out, int64_t *n)
{
    TRY(staff_only(c));
    struct member **members = ARENA_ARRAY(c->arena, (size_t)limit + 1, struct member *);
    TRY(store_member_list_waiting(c, after_id, limit, members, n));
    struct account **accounts = ARENA_ARRAY(c->arena, (size_t)limit + 1, struct account *);
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)limit + 1, int64_t);
    for (int64_t i = 0; i < *n; i++)
        ids[i] = members[i]->id;
    TRY(store_account_load(c, ids, *n, accounts));
    *out = ARENA_ARRAY(c->arena, (size_t)limit + 1, struct waiting);
    for (int64_t i = 0; i < *n; i++)
        (*out)[i] = (struct waiting){ .account = accounts[i], .member = members[i] };
    return OK;
}

enum err sign_up_approve(struct ctx *c, int64_t id)
{
    TX tx = { 0 };
    struct member *m = NULL;
    struct account *a = NULL;
    TRY(staff_only(c));
    TRY(store_account_get(c, id, &a));
    TRY(store_member_get(c, id, &m));
    if (m->approved_ms != 0)
        return OK;
    TRY(tx_begin(c, &tx));
    TRY(store_member_set_approved(c, id, c->now_ms));
    if (m->confirmed_ms != 0) {
        TRY(store_account_set_active(c, id, true));
        TRY(mail_approved(c, a, m->email));
    }
    TRY(tx_commit(&tx));
    feed_account_changed(c->feed, id);
    return OK;
}

enum err sign_up_reject(struct ctx *c, int64_t id)
{
    TX tx = { 0 };
    struct member *m = NULL;
    struct account *a = NULL;
    TRY(staff_only(c));
    TRY(store_account_get(c, id, &a));
    TRY(store_member_get(c, id, &m));
    if (m->approved_ms != 0)
        return fail(c, ERR_INVALID, "This account was approved already");
    TRY(tx_begin(c, &tx));
    if (m->confirmed_ms != 0)
        TRY(mail_rejected(c, a, m->email));
    TRY(store_account_set_deletion(c, id, c->now_ms));
    TRY(store_job_add(c, JOB_ACCOUNT_REMOVE, id, STR(""), c->now_ms));
    TRY(tx_commit(&tx));
    feed_sessions_ended(c->feed, id);
    feed_account_changed(c->feed, id);
    return OK;
}

/* --- the owner --- */

enum err sign_up_setup_begin(struct ctx *c, struct str *secret)
{
    TX tx = { 0 };
    struct account *owner = NULL;
    *secret = (struct str){ 0 };
    TRY(store_account_find_owner(c, &owner));
    if (owner != NULL)
        return OK;
    TRY(tx_begin(c, &tx));
    TRY(ticket_issue(c, TICKET_SETUP, 0, STR("{}"), SETUP_LASTS_MIN * MINUTE_MS, secret));
    return tx_commit(&tx);
}

enum err sign_up_setup_check(struct ctx *c, struct str secret)
{
    struct ticket *t = NULL;
    struct account *owner = NULL;
    TRY(store_account_find_owner(c, &owner));
    if (owner != NULL)
        return fail(c, ERR_GONE, "This place has an owner already");
    enum err e = ticket_get(c, TICKET_SETUP, secret, &t);
    if (e == ERR_GONE)
        return fail(c, e,
                    "This link is not whole, or it is older than %d minutes. Whoever runs this server gets a new one: "
                    "by starting it again, or with 'parley member owner-link'",
                    SETUP_LASTS_MIN);
    return e;
}

enum err sign_up_setup(struct ctx *c, struct str secret, const struct sign_up_form *f, struct account **out)
{
    TX tx = { 0 };
    struct ticket *t = NULL;
    struct entrant e = { 0 };
    TRY(sign_up_setup_check(c, secret));
    TRY(ticket_get(c, TICKET_SETUP, secret, &t));
    TRY(judge_basics(c, f, &e));
    TRY(refused(c));
    TRY(password_hash(c, f->password, &e.member.password));
    e.member.confirmed_ms = c->now_ms;
    e.member.approved_ms = c->now_ms;
    e.account.active = true;
    e.account.role = ROLE_OWNER;
    TRY(tx_begin(c, &tx));
    TRY(store_ticket_use(c, t->id));
    TRY(insert_account(c, &e));
    TRY(insert_member(c, &e));
    TRY(store_account_get(c, e.account.id, out));
    return tx_commit(&tx);
}
