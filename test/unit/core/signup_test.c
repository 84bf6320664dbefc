/* SPDX-License-Identifier: Apache-2.0 */
#include "core/signup.h"

#include "base/clock.h"
#include "base/limiter.h"
#include "check.h"
#include "core/auth.h"
#include "core/invite.h"
#include "core/site.h"
#include "mailbox.h"
#include "model/session.h"
#include "store/account.h"
#include "store/claim.h"
#include "store/member.h"
#include "world.h"

/* Each comes a second after the one before. */
static struct sign_up_form form(struct ctx *c, const char *name, const char *email)
{
    c->now_ms += SECOND_MS;
    return (struct sign_up_form){
        .username = str_c(name),
        .email = str_c(email),
        .password = STR("correct horse"),
        .of_age = true,
        .agreement = true,
    };
}

static bool refused_field(const struct ctx *c, const char *field, const char *code)
{
    for (const struct field_errors *f = c->fields; f != NULL; f = f->next)
        if (str_eq(f->field, str_c(field)) && str_eq(f->code, str_c(code)))
            return true;
    return false;
}

static void confirms_by_the_link_in_the_mail(struct world *w)
{
    struct ctx *c = &w->c;
    struct sign_up_form f = form(c, "Ada_L", "Ada@Mail.example");
    struct account *a = NULL;
    MUST(sign_up(c, &f, &a), c);
    CHECK(!a->active && str_eq(a->username, STR("ada_l")));
    CHECK(mailbox_to(c, "ada@mail.example") == 1);
    struct str secret = mailbox_secret(c, "confirm");
    MUST(sign_up_confirm(c, secret, &a), c);
    CHECK(a->active && world_reread(c, a)->active && !world_reread(c, a)->indexable);
    CHECK(sign_up_confirm(c, secret, &a) == ERR_GONE);
}

static void is_found_by_search_as_chosen(struct world *w)
{
    struct ctx *c = &w->c;
    struct sign_up_form f = form(c, "found", "found@mail.example");
    struct account *a = NULL;
    f.indexable = true;
    MUST(sign_up(c, &f, &a), c);
    CHECK(world_reread(c, a)->indexable);
}

/* Neither the answer nor the account tells the stranger; the owner of the address is told, and no link goes out. */
static void hides_whether_an_address_is_known(struct world *w)
{
    struct ctx *c = &w->c;
    struct sign_up_form f = form(c, "mallory", "ada@mail.example");
    struct account *a = NULL;
    struct str before = mailbox_secret(c, "confirm");
    MUST(sign_up(c, &f, &a), c);
    CHECK(!a->active);
    CHECK(mailbox_to(c, "ada@mail.example") == 2);
    CHECK(str_eq(mailbox_secret(c, "confirm"), before));
}

/* Two wait with one address: who opens their link first has it. */
static void one_address_one_account(struct world *w)
{
    struct ctx *c = &w->c;
    struct account *first = NULL;
    struct account *second = NULL;
    struct sign_up_form f = form(c, "cora", "shared@mail.example");
    MUST(sign_up(c, &f, &first), c);
    struct str first_secret = mailbox_secret(c, "confirm");
    f = form(c, "dora", "shared@mail.example");
    MUST(sign_up(c, &f, &second), c);
    struct str second_secret = mailbox_secret(c, "confirm");
    MUST(sign_up_confirm(c, second_secret, &second), c);
    CHECK(sign_up_confirm(c, first_secret, &first) == ERR_CONFLICT);
    CHECK(!world_reread(c, first)->active);
}

static void refuses_all_fields_at_once(struct world *w)
{
    struct ctx *c = &w->c;
    struct account *a = NULL;
    struct sign_up_form f = form(c, "admin", "nonsense");
    f.password = STR("short");
    f.agreement = false;
    CHECK(sign_up(c, &f, &a) == ERR_INVALID);
    CHECK(refused_field(c, "username", "ERR_RESERVED") && refused_field(c, "email", "ERR_INVALID"));
    CHECK(refused_field(c, "password", "ERR_TOO_SHORT") && refused_field(c, "agreement", "ERR_ACCEPTED"));
    f = form(c, "ADA_L", "other@mail.example");
    CHECK(sign_up(c, &f, &a) == ERR_INVALID && refused_field(c, "username", "ERR_TAKEN"));
    f = form(c, "ada_1", "other@mail.example"); /* looks like ada_l */
    CHECK(sign_up(c, &f, &a) == ERR_INVALID && refused_field(c, "username", "ERR_TAKEN"));
    f = form(c, "", "other@mail.example");
    f.password = STR("password1");
    CHECK(sign_up(c, &f, &a) == ERR_INVALID && refused_field(c, "username", "ERR_BLANK"));
    CHECK(refused_field(c, "password", "ERR_INVALID"));
}

/* The clock of the world stands at 2026-08-01. */
static void asks_the_age_and_forgets_it(struct world *w)
{
    struct ctx *c = &w->c;
    struct site s = *c->site;
    struct account *a = NULL;
    s.age_min = 16;
    c->site = &s;
    struct sign_up_form f = form(c, "erna", "erna@mail.example");
    f.of_age = false;
    CHECK(sign_up(c, &f, &a) == ERR_INVALID && refused_field(c, "date_of_birth", "ERR_BLANK"));
    f.date_of_birth = STR("2010-08-02"); /* sixteen tomorrow */
    CHECK(sign_up(c, &f, &a) == ERR_INVALID && refused_field(c, "date_of_birth", "ERR_BELOW_LIMIT"));
    f.date_of_birth = STR("2010-13-02");
    CHECK(sign_up(c, &f, &a) == ERR_INVALID && refused_field(c, "date_of_birth", "ERR_INVALID"));
    f.date_of_birth = STR("2010-08-01"); /* sixteen today */
    CHECK(sign_up(c, &f, &a) == OK);
    c->site = site_box_get(w->sites);
}

static void moderators_let_in_or_not(struct world *w)
{
    struct ctx *c = &w->c;
    struct site s = *c->site;
    struct account *a = NULL;
    struct account *b = NULL;
    struct waiting *queue = NULL;
    int64_t n = 0;
    s.sign_up = SIGN_UP_APPROVAL;
    c->site = &s;
    struct sign_up_form f = form(c, "fred", "fred@mail.example");
    CHECK(sign_up(c, &f, &a) == ERR_INVALID && refused_field(c, "reason", "ERR_BLANK"));
    f.reason = STR("I like harbours");
    MUST(sign_up(c, &f, &a), c);
    MUST(sign_up_waiting(c, 0, 10, &queue, &n), c);
    CHECK(n == 0); /* not before the address is confirmed */
    MUST(sign_up_confirm(c, mailbox_secret(c, "confirm"), &a), c);
    CHECK(!a->active);
    MUST(sign_up_waiting(c, 0, 10, &queue, &n), c);
    CHECK(n == 1 && str_eq(queue[0].member->reason, STR("I like harbours")));
    MUST(sign_up_approve(c, a->id), c);
    CHECK(world_reread(c, a)->active);

    f = form(c, "gustav", "gustav@mail.example");
    f.reason = STR("x");
    MUST(sign_up(c, &f, &b), c);
    c->me = a; /* a member is no moderator */
    CHECK(sign_up_approve(c, b->id) == ERR_FORBIDDEN && sign_up_reject(c, b->id) == ERR_FORBIDDEN);
    c->me = NULL;
    MUST(sign_up_reject(c, b->id), c);
    CHECK(world_reread(c, b)->deletion_ms == c->now_ms);
    c->site = site_box_get(w->sites);
}

static void invitations_open_the_door_so_often(struct world *w)
{
    struct ctx *c = &w->c;
    struct site s = *c->site;
    struct account *a = NULL;
    struct invite *i = NULL;
    s.sign_up = SIGN_UP_INVITE;
    c->site = &s;
    struct sign_up_form f = form(c, "hanna", "hanna@mail.example");
    CHECK(sign_up(c, &f, &a) == ERR_INVALID && refused_field(c, "invite", "ERR_BLANK"));
    c->me = world_member(c, "host");
    MUST(invite_create(c, STR("friends"), 1, 0, &i), c);
    c->me = NULL;
    f.invite = i->code;
    MUST(sign_up(c, &f, &a), c);
    f = form(c, "ida", "ida@mail.example");
    f.invite = i->code;
    CHECK(sign_up(c, &f, &a) == ERR_INVALID && refused_field(c, "invite", "ERR_INVALID"));
    s.sign_up = SIGN_UP_CLOSED;
    s.sign_up_reason = STR("We are full.");
    CHECK(sign_up(c, &f, &a) == ERR_FORBIDDEN && str_ends(c->says, STR("We are full.")));
    c->site = site_box_get(w->sites);
}

static void the_first_becomes_owner_once(struct world *w)
{
    struct ctx *c = &w->c;
    struct account *a = NULL;
    struct str secret = { 0 };
    struct str again = { 0 };
    struct sign_up_form f = form(c, "olga", "olga@mail.example");
    f.agreement = false;
    MUST(sign_up_setup_begin(c, &secret), c);
    CHECK(sign_up_setup_check(c, STR("guess")) == ERR_GONE);
    MUST(sign_up_setup_check(c, secret), c);
    c->now_ms += SETUP_LASTS_MIN * MINUTE_MS;
    CHECK(sign_up_setup_check(c, secret) == ERR_GONE); /* it lives an hour; another is there for the asking */
    MUST(sign_up_setup_begin(c, &secret), c);
    MUST(sign_up_setup(c, secret, &f, &a), c);
    CHECK(a->role == ROLE_OWNER && a->active);
    f = form(c, "paul", "paul@mail.example");
    CHECK(sign_up_setup(c, secret, &f, &a) == ERR_GONE);
    MUST(sign_up_setup_begin(c, &again), c);
    CHECK(again.p == NULL);
}

static void resends_and_takes_another_address(struct world *w)
{
    struct ctx *c = &w->c;
    struct account *a = NULL;
    struct sign_up_form f = form(c, "quinn", "typo@mail.example");
    MUST(sign_up(c, &f, &a), c);
    struct str old = mailbox_secret(c, "confirm");
    c->me = a;
    c->now_ms += SECOND_MS;
    MUST(sign_up_resend(c, STR("quinn@mail.example")), c);
    CHECK(mailbox_to(c, "quinn@mail.example") == 1);
    struct str secret = mailbox_secret(c, "confirm");
    CHECK(sign_up_confirm(c, old, &a) == ERR_GONE); /* the older link is void */
    MUST(sign_up_confirm(c, secret, &a), c);
    CHECK(sign_up_resend(c, STR("")) == ERR_FORBIDDEN);
    c->me = NULL;
}

/* Sign-ups from everywhere: `n` of them send a mail to the address, the next is refused. */
static int sign_ups_for(struct ctx *c, const char *email, enum err *e)
{
    static int entrants;
    int n = 0;
    for (*e = OK; n < 50; n++) {
        struct account *a = NULL;
        int i = entrants++;
        c->ip = arena_strf(c->arena, "198.%d.%d.1", i / 250, i % 250);
        struct sign_up_form f = form(c, arena_strf(c->arena, "entrant_no_%d", i).p, email);
        *e = sign_up(c, &f, &a);
        if (*e != OK)
            break;
    }
    c->ip = (struct str){ 0 };
    return n;
}

/* Nobody can fill a stranger's mailbox, and the limit does not tell whether the stranger is a member. */
static void mails_to_one_address_are_limited(struct world *w)
{
    struct ctx *c = &w->c;
    enum err member = OK;
    enum err stranger = OK;
    struct account *a = NULL;
    c->now_ms += HOUR_MS;
    c->now_ms -= c->now_ms % HOUR_MS; /* all within one hour */
    c->limiter = limiter_new(true);
    int64_t before = mailbox_to(c, "ada@mail.example");
    int to_member = sign_ups_for(c, "Ada@mail.example", &member);
    struct str says = c->says;
    int64_t wait_s = c->retry_after_s;
    c->now_ms -= (to_member + 1) * SECOND_MS;
    int to_stranger = sign_ups_for(c, "victim@mail.example", &stranger);
    CHECK(to_member == 5 && member == ERR_TOO_MANY && wait_s > 0);
    CHECK(to_stranger == to_member && stranger == member && str_eq(c->says, says) && c->retry_after_s == wait_s);
    CHECK(mailbox_to(c, "ada@mail.example") == before + 5 && mailbox_to(c, "victim@mail.example") == 5);
    /* nor by asking again, or for another address */
    struct sign_up_form f = form(c, "rita", "rita@mail.example");
    MUST(sign_up(c, &f, &a), c);
    c->me = a;
    CHECK(sign_up_resend(c, STR("victim@mail.example")) == ERR_TOO_MANY);
    CHECK(sign_up_resend(c, STR("nonsense")) == ERR_INVALID);
    MUST(sign_up_resend(c, STR("")), c);
    CHECK(mailbox_to(c, "victim@mail.example") == 5 && mailbox_to(c, "rita@mail.example") == 2);
    c->me = NULL;
    c->now_ms += HOUR_MS;
    CHECK(sign_ups_for(c, "victim@mail.example", &stranger) == 5);
    limiter_free(&c->limiter);
}

int main(void)
{
    struct world w;
    world_open(&w);
    confirms_by_the_link_in_the_mail(&w);
    is_found_by_search_as_chosen(&w);
    hides_whether_an_address_is_known(&w);
    one_address_one_account(&w);
    refuses_all_fields_at_once(&w);
    asks_the_age_and_forgets_it(&w);
    moderators_let_in_or_not(&w);
    invitations_open_the_door_so_often(&w);
    the_first_becomes_owner_once(&w);
    resends_and_takes_another_address(&w);
    mails_to_one_address_are_limited(&w);
    world_close(&w);
    return check_done();
}
