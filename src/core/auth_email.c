/* SPDX-License-Identifier: Apache-2.0 */
#include <jansson.h>

#include "base/jw.h"
#include "core/auth.h"
#include "core/email.h"
#include "core/limit.h"
#include "core/mail.h"
#include "core/refuse.h"
#include "core/ticket.h"
#include "store/account.h"
#include "store/member.h"
#include "store/ticket.h"
#include "store/tx.h"

static struct str data_of(struct ctx *c, struct str email)
{
    struct jw w = jw_on(c->arena);
    jw_obj(&w);
    jw_kstr(&w, STR("email"), email);
    jw_obj_end(&w);
    return jw_end(&w);
}

static struct str email_of(struct ctx *c, const struct ticket *t)
{
    json_t *j = json_loadb(t->data.p, t->data.n, 0, NULL);
    const json_t *e = json_object_get(j, "email");
    struct str email = arena_str(c->arena, (struct str){ json_string_value(e), json_string_length(e) });
    json_decref(j);
    return email;
}

enum err auth_email_change(struct ctx *c, struct str password, struct str email)
{
    TX tx = { 0 };
    struct email parsed = { 0 };
    struct member *other = NULL;
    struct account *owner = NULL;
    struct str secret = { 0 };
    TRY(auth_prove(c, password));
    if (email_parse(c->arena, email, &parsed) != NAME_FINE) {
        c->fields = NULL;
        refuse(c, STR("email"), STR("ERR_INVALID"), STR("is invalid"));
        return refused(c);
    }
    TRY(limit_take(c, LIMIT_CONFIRM_TARGET, parsed.claim));
    TRY(store_member_find_email(c, parsed.claim, &other));
    if (other != NULL)
        TRY(store_account_find(c, other->id, &owner));
    TRY(tx_begin(c, &tx));
    if (owner != NULL) { /* the same answer; the owner of the address is told */
        TRY(mail_already_member(c, owner, parsed.claim));
    } else {
        TRY(ticket_issue(c, TICKET_EMAIL_CHANGE, c->me->id, data_of(c, parsed.claim), EMAIL_LASTS_MS, &secret));
        TRY(mail_email_change(c, c->me, parsed.claim, secret));
    }
    return tx_commit(&tx);
}

enum err auth_email_confirm(struct ctx *c, struct str secret)
{
    TX tx = { 0 };
    struct ticket *t = NULL;
    struct member *m = NULL;
    struct account *a = NULL;
    TRY(ticket_get(c, TICKET_EMAIL_CHANGE, secret, &t));
    struct str email = email_of(c, t);
    TRY(store_member_get(c, t->account_id, &m));
    TRY(store_account_get(c, t->account_id, &a));
    TRY(tx_begin(c, &tx));
    TRY(store_ticket_use(c, t->id));
    enum err set = store_member_set_email(c, m->id, m->email, email);
    if (set == ERR_CONFLICT)
        return fail(c, ERR_CONFLICT, "This e-mail address was confirmed for another account meanwhile");
    TRY(set);
    TRY(store_ticket_delete_all(c, m->id, TICKET_RESET));
    TRY(mail_email_changed(c, a, m->email, email));
    return tx_commit(&tx);
}
