/* SPDX-License-Identifier: Apache-2.0 */
#include "core/domain_mute.h"

#include "core/email.h"
#include "core/visible.h"
#include "model/site.h"
#include "store/account.h"
#include "store/tx.h"

static enum err parse(struct ctx *c, struct str in, struct str *out)
{
    in = str_trim(in);
    if (in.n == 0)
        return fail(c, ERR_INVALID, "Validation failed: Domain can't be blank");
    if (!domain_parse(c->arena, in, out))
        return fail(c, ERR_INVALID, "Validation failed: Domain is not a valid domain name");
    return OK;
}

enum err domain_mute_add(struct ctx *c, struct str domain, bool *is_new)
{
    TX tx = { 0 };
    struct str host = { 0 };
    int64_t n = 0;
    TRY(member_may_write(c));
    TRY(parse(c, domain, &host));
    if (str_eq_nocase(host, c->site->domain))
        return fail(c, ERR_INVALID, "Validation failed: Domain is this server's own");
    TRY(tx_begin(c, &tx));
    TRY(store_account_lock(c, &c->me->id, 1)); /* of two at once none passes the limit */
    TRY(store_domain_mute_insert(c, c->me->id, host, is_new));
    TRY(store_domain_mute_count(c, c->me->id, &n));
    if (n > DOMAIN_MUTES_MAX)
        return fail(c, ERR_INVALID, "Validation failed: You can mute %d servers at most", DOMAIN_MUTES_MAX);
    return tx_commit(&tx);
}

enum err domain_mute_remove(struct ctx *c, struct str domain)
{
    TX tx = { 0 };
    struct str host = { 0 };
    TRY(member_may_write(c));
    TRY(parse(c, domain, &host));
    TRY(tx_begin(c, &tx));
    TRY(store_domain_mute_delete(c, c->me->id, host));
    return tx_commit(&tx);
}

enum err domain_mute_list(struct ctx *c, const struct page *p, struct domain_row **out, int64_t *n)
{
    return store_domain_mute_list(c, c->me->id, p, out, n);
}

enum err domain_mute_mark(struct ctx *c, struct account *const *people, int64_t n, struct bond *bonds)
{
    const struct page all = { .limit = DOMAIN_MUTES_MAX };
    struct domain_row *rows = NULL;
    int64_t rows_n = 0;
    bool any = false;
    for (int64_t i = 0; i < n && c->me != NULL; i++)
        any = any || (people[i] != NULL && people[i]->domain.p != NULL);
    if (any)
        TRY(store_domain_mute_list(c, c->me->id, &all, &rows, &rows_n));
    for (int64_t i = 0; i < n && rows_n > 0; i++)
        for (int64_t k = 0; k < rows_n && people[i] != NULL; k++)
            if (str_eq(people[i]->domain, rows[k].domain))
                bonds[i].mutes = bonds[i].mutes_notifications = bonds[i].mutes_domain = true;
    return OK;
}
