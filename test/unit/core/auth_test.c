/* SPDX-License-Identifier: Apache-2.0 */
#include "core/auth.h"

#include "base/clock.h"
#include "base/limiter.h"
#include "check.h"
#include "core/password.h"
#include "core/secret.h"
#include "core/signup.h"
#include "core/ticket.h"
#include "feed/feed.h"
#include "mailbox.h"
#include "store/account.h"
#include "store/member.h"
#include "store/session.h"
#include "store/tx.h"
#include "world.h"

#define PASSWORD STR("correct horse")

static struct account *join(struct ctx *c, const char *name)
{
    struct account *a = NULL;
    struct str hash = { 0 };
    struct sign_up_form f = { .username = str_c(name), .password = PASSWORD };
    f.email = arena_strf(c->arena, "%s@mail.example", name);
    MUST(password_hash(c, PASSWORD, &hash), c);
    MUST(sign_up_by_operator(c, &f, hash, ROLE_MEMBER, &a), c);
    return a;
}

/* Signs in as the pages do: c->me and c->session as the dispatcher would set them. */
static struct str enter(struct ctx *c, struct str login)
{
    struct sign_in s = { 0 };
    struct session *session = NULL;
    struct account *me = NULL;
    c->now_ms += SECOND_MS; /* newer sessions have newer ids */
    MUST(auth_sign_in(c, login, PASSWORD, STR("test"), &s), c);
    CHECK(s.step == SIGN_IN_DONE);
    MUST(feed_session(c, secret_hash(c->arena, s.secret), &session, &me), c);
    c->me = me;
    c->session = session;
    return s.secret;
}

static void leave(struct ctx *c)
{
    c->me = NULL;
    c->session = NULL;
}

static bool works(struct ctx *c, struct str secret)
{
    struct session *s = NULL;
    struct account *a = NULL;
    return feed_session(c, secret_hash(c->arena, secret), &s, &a) == OK;
}

static void signs_in_by_name_or_address(struct ctx *c)
{
    struct sign_in s = { 0 };
    struct account *a = join(c, "anna");
    (void)enter(c, STR("anna"));
    CHECK(c->me->id == a->id);
    (void)enter(c, STR("@ANNA@harbour.example"));
    (void)enter(c, STR(" Anna@Mail.example "));
    CHECK(c->me->id == a->id);
    leave(c);
    CHECK(auth_sign_in(c, STR("anna"), STR("wrong horse"), STR(""), &s) == ERR_INVALID);
    struct str wrong = c->says;
    CHECK(auth_sign_in(c, STR("nobody"), PASSWORD, STR(""), &s) == ERR_INVALID && str_eq(c->says, wrong));
    CHECK(auth_sign_in(c, STR("anna@elsewhere.example"), PASSWORD, STR(""), &s) == ERR_INVALID);
    CHECK(auth_sign_in(c, STR(""), STR(""), STR(""), &s) == ERR_INVALID);
    world_stand(c, a, STANDING_SUSPENDED);
    CHECK(auth_sign_in(c, STR("anna"), PASSWORD, STR(""), &s) == ERR_FORBIDDEN);
    CHECK(auth_sign_in(c, STR("anna"), STR("wrong horse"), STR(""), &s) == ERR_INVALID);
}

static int64_t median_us(struct ctx *c, struct str login)
{
    int64_t t[5] = { 0 };
    struct sign_in s = { 0 };
    for (int i = 0; i < 5; i++) {
        int64_t from = clock_monotonic_us();
        CHECK(auth_sign_in(c, login, STR("wrong horse"), STR(""), &s) == ERR_INVALID);
        int64_t took = clock_monotonic_us() - from;
        int k = i;
        for (; k > 0 && t[k - 1] > took; k--)
            t[k] = t[k - 1];
        t[k] = took;
    }
    return t[2];
}

/* An unknown name costs a password hash, too: the time is not a tenth of that of a known one. */
static void unknown_names_take_as_long(struct ctx *c)
{
    (void)join(c, "berta");
    int64_t known = median_us(c, STR("berta"));
    int64_t unknown = median_us(c, STR("nobody_here"));
    CHECK(unknown * 2 > known && known * 2 > unknown);
}

static void the_second_factor_works_once_a_step(struct ctx *c)
{
    struct totp_setup setup = { 0 };
    struct sign_in s = { 0 };
    struct sign_in second = { 0 };
    struct str codes[RECOVERY_CODES];
    struct member *m = NULL;
    struct str seed = { 0 };
    (void)join(c, "clara");
    (void)enter(c, STR("clara"));
    CHECK(auth_totp_begin(c, STR("wrong"), &setup) == ERR_INVALID);
    MUST(auth_totp_begin(c, PASSWORD, &setup), c);
    MUST(store_member_get(c, c->me->id, &m), c);
    CHECK(m->totp_secret.n > 20 && secret_open(c, m->totp_secret, &seed) && seed.n == 20);
    CHECK(auth_totp_enable(c, STR("000000"), codes) == ERR_INVALID);
    MUST(auth_totp_enable(c, totp_code(c->arena, seed, c->now_ms), codes), c);
    leave(c);

    MUST(auth_sign_in(c, STR("clara"), PASSWORD, STR(""), &s), c);
    CHECK(s.step == SIGN_IN_NEEDS_CODE && !works(c, s.secret));
    CHECK(auth_sign_in_code(c, s.secret, totp_code(c->arena, seed, c->now_ms), STR(""), &second)
          == ERR_INVALID); /* used */
    c->now_ms += 30 * SECOND_MS;
    struct str code = totp_code(c->arena, seed, c->now_ms);
    MUST(auth_sign_in_code(c, s.secret, code, STR(""), &second), c);
    CHECK(second.step == SIGN_IN_DONE && works(c, second.secret));
    CHECK(auth_sign_in_code(c, s.secret, code, STR(""), &second) == ERR_GONE);
    MUST(auth_sign_in(c, STR("clara"), PASSWORD, STR(""), &s), c);
    CHECK(auth_sign_in_code(c, s.secret, code, STR(""), &second) == ERR_INVALID); /* the same step again */
    MUST(auth_sign_in_code(c, s.secret, codes[3], STR(""), &second), c);
    MUST(auth_sign_in(c, STR("clara"), PASSWORD, STR(""), &s), c);
    CHECK(auth_sign_in_code(c, s.secret, codes[3], STR(""), &second)
          == ERR_INVALID); /* a recovery code, too, works once */
    c->now_ms += SECOND_STEP_LASTS_MS;
    CHECK(auth_sign_in_code(c, s.secret, codes[4], STR(""), &second) == ERR_GONE);
}

static void a_new_password_ends_other_sessions(struct ctx *c)
{
    (void)join(c, "dora");
    struct str phone = enter(c, STR("dora"));
    struct str here = enter(c, STR("dora"));
    CHECK(auth_password_change(c, STR("wrong"), STR("battery staple")) == ERR_INVALID);
    CHECK(auth_password_change(c, PASSWORD, STR("dora")) == ERR_INVALID);
    MUST(auth_password_change(c, PASSWORD, STR("battery staple")), c);
    CHECK(works(c, here) && !works(c, phone));
    leave(c);
    struct sign_in s = { 0 };
    CHECK(auth_sign_in(c, STR("dora"), PASSWORD, STR(""), &s) == ERR_INVALID);
    MUST(auth_sign_in(c, STR("dora"), STR("battery staple"), STR(""), &s), c);
}

static void resets_by_mail_and_tells_nobody(struct ctx *c)
{
    struct sign_in s = { 0 };
    (void)join(c, "emil");
    struct str before = enter(c, STR("emil"));
    leave(c);
    int64_t mails = mailbox_count(c);
    MUST(auth_reset_ask(c, STR("stranger@mail.example")), c);
    CHECK(mailbox_count(c) == mails);
    MUST(auth_reset_ask(c, STR("emil@mail.example")), c);
    struct str first = mailbox_secret(c, "reset");
    c->now_ms += SECOND_MS;
    MUST(auth_reset_ask(c, STR("EMIL@mail.example")), c);
    struct str secret = mailbox_secret(c, "reset");
    CHECK(auth_reset_check(c, first) == ERR_GONE); /* the older link is void */
    CHECK(auth_reset(c, secret, STR("short")) == ERR_INVALID);
    MUST(auth_reset(c, secret, STR("battery staple")), c);
    CHECK(!works(c, before));
    CHECK(auth_reset(c, secret, STR("battery staple 2")) == ERR_GONE);
    MUST(auth_sign_in(c, STR("emil"), STR("battery staple"), STR(""), &s), c);
    c->now_ms += SECOND_MS;
    MUST(auth_reset_ask(c, STR("emil@mail.example")), c);
    c->now_ms += RESET_LASTS_MS;
    CHECK(auth_reset_check(c, mailbox_secret(c, "reset")) == ERR_GONE);
}

static void the_new_address_must_be_confirmed(struct ctx *c)
{
    struct member *m = NULL;
    struct account *a = join(c, "frida");
    (void)enter(c, STR("frida"));
    MUST(auth_email_change(c, PASSWORD, STR("dora@mail.example")), c); /* somebody else's: the same answer, no link */
    CHECK(mailbox_secret(c, "email").p == NULL);
    MUST(auth_email_change(c, PASSWORD, STR("frida@new.example")), c);
    MUST(store_member_get(c, a->id, &m), c);
    CHECK(str_eq(m->email, STR("frida@mail.example")));
    struct str secret = mailbox_secret(c, "email");
    MUST(auth_email_confirm(c, secret), c);
    CHECK(auth_email_confirm(c, secret) == ERR_GONE);
    leave(c);
    (void)enter(c, STR("frida@new.example"));
    struct sign_in s = { 0 };
    leave(c);
    CHECK(auth_sign_in(c, STR("frida@mail.example"), PASSWORD, STR(""), &s) == ERR_INVALID);
}

/* Somebody knows the password and prepares to stay: nothing of that outlives the new password. */
static void a_new_password_ends_what_was_begun(struct ctx *c)
{
    struct account *a = join(c, "hilde");
    struct ticket *t = NULL;
    struct str codes[2];
    TX tx = { 0 };
    (void)enter(c, STR("hilde"));
    for (int round = 0; round < 2; round++) {
        struct str password = round == 0 ? PASSWORD : STR("battery staple");
        MUST(auth_email_change(c, password, STR("thief@mail.example")), c);
        struct str email = mailbox_secret(c, "email");
        MUST(tx_begin(c, &tx), c);
        MUST(ticket_issue(c, TICKET_CODE, a->id, STR("{}"), MINUTE_MS, &codes[0]), c);
        MUST(ticket_issue(c, TICKET_TOTP, a->id, STR("{}"), MINUTE_MS, &codes[1]), c);
        MUST(tx_commit(&tx), c);
        MUST(ticket_get(c, TICKET_CODE, codes[0], &t), c);
        c->now_ms += SECOND_MS;
        if (round == 0) {
            MUST(auth_password_change(c, password, STR("battery staple")), c);
        } else {
            MUST(auth_reset_ask(c, STR("hilde@mail.example")), c);
            MUST(auth_reset(c, mailbox_secret(c, "reset"), STR("zebra crossing")), c);
        }
        CHECK(auth_email_confirm(c, email) == ERR_GONE);
        CHECK(ticket_get(c, TICKET_CODE, codes[0], &t) == ERR_GONE);
        CHECK(ticket_get(c, TICKET_TOTP, codes[1], &t) == ERR_GONE);
    }
    leave(c);
}

static void the_oldest_session_gives_way(struct ctx *c)
{
    struct session *all = NULL;
    int64_t n = 0;
    (void)join(c, "gerda");
    struct str first = enter(c, STR("gerda"));
    for (int64_t i = 0; i < c->site->sessions_max; i++)
        (void)enter(c, STR("gerda"));
    CHECK(!works(c, first));
    MUST(session_list(c, &all, &n), c);
    CHECK(n == c->site->sessions_max);
    struct session *other = &all[n - 1];
    MUST(session_end(c, other->id), c);
    CHECK(session_end(c, other->id) == ERR_NOT_FOUND);
    MUST(session_end_others(c), c);
    MUST(session_list(c, &all, &n), c);
    CHECK(n == 1 && all[0].id == c->session->id);
    MUST(session_end_mine(c), c);
    leave(c);
}

static void guessing_trips_a_limit(struct ctx *c)
{
    struct sign_in s = { 0 };
    enum err e = ERR_INVALID;
    int tries = 0;
    c->limiter = limiter_new(true);
    c->ip = STR("192.0.2.9");
    for (; tries < 50 && e == ERR_INVALID; tries++)
        e = auth_sign_in(c, STR("nobody_at_all"), STR("wrong horse"), STR(""), &s);
    CHECK(e == ERR_TOO_MANY && tries <= 11 && c->retry_after_s > 0);
    limiter_free(&c->limiter);
    c->ip = (struct str){ 0 };
}

/* ... nor does a member who changes their address to a stranger's, over and over. */
static void new_addresses_are_limited(struct ctx *c)
{
    enum err e = OK;
    int sent = 0;
    (void)join(c, "gustav");
    (void)enter(c, STR("gustav"));
    c->limiter = limiter_new(true);
    for (; sent < 50 && e == OK; sent++)
        e = auth_email_change(c, PASSWORD, STR("victim@new.example"));
    CHECK(e == ERR_TOO_MANY && sent == 6 && c->retry_after_s > 0);
    CHECK(mailbox_to(c, "victim@new.example") == 5);
    MUST(auth_email_change(c, PASSWORD, STR("gustav@new.example")), c);
    limiter_free(&c->limiter);
    leave(c);
}

int main(void)
{
    struct world w;
    world_open(&w);
    struct ctx *c = &w.c;
    signs_in_by_name_or_address(c);
    unknown_names_take_as_long(c);
    the_second_factor_works_once_a_step(c);
    a_new_password_ends_other_sessions(c);
    resets_by_mail_and_tells_nobody(c);
    the_new_address_must_be_confirmed(c);
    a_new_password_ends_what_was_begun(c);
    the_oldest_session_gives_way(c);
    guessing_trips_a_limit(c);
    new_addresses_are_limited(c);
    world_close(&w);
    return check_done();
}
