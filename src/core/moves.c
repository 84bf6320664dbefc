/* SPDX-License-Identifier: Apache-2.0 */
#include "core/moves.h"

#include "core/mention.h"
#include "core/visible.h"
#include "feed/feed.h"
#include "model/account.h"
#include "model/site.h"
#include "store/tx.h"

static bool is_user(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char ch = s.p[i];
        bool letter = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') || ch == '_';
        if (!letter && ((ch != '.' && ch != '-') || i == 0 || i == s.n - 1))
            return false;
    }
    return s.n > 0;
}

/* Letters, digits, dashes and dots, or what is not ASCII (IDN); a port only where this server has one. */
static bool is_host(struct ctx *c, struct str s)
{
    bool dotted = false;
    if (str_eq_nocase(s, c->site->domain))
        return true;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char ch = (unsigned char)s.p[i];
        bool letter = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') || ch >= 0x80;
        bool inside = i > 0 && i < s.n - 1 && s.p[i - 1] != '.';
        dotted = dotted || ch == '.';
        if (!letter && !((ch == '-' || ch == '.') && inside))
            return false;
    }
    return dotted && s.n > 0;
}

static enum err check(struct ctx *c, struct str given, struct str *out)
{
    struct str host = str_trim(given);
    struct str user = { 0 };
    if (str_starts(host, STR("@")))
        host = str_skip(host, 1);
    *out = host;
    (void)str_cut(&host, '@', &user);
    if (out->n > MOVES_ADDRESS_MAX || !str_is_utf8(*out) || host.p == NULL || !is_user(user) || !is_host(c, host))
        return fail(c, ERR_INVALID, "Validation failed: '" STR_FMT "' is no address such as anna@harbour.example",
                    STR_ARG(str_is_utf8(*out) ? str_head(*out, 100) : STR("?")));
    if (str_eq_nocase(user, c->me->username) && str_eq_nocase(host, c->site->domain))
        return fail(c, ERR_INVALID, "Validation failed: That is the address of this account");
    return OK;
}

enum err moves_get(struct ctx *c, struct moves *out)
{
    return store_moves_find(c, c->me->id, out);
}

static bool is_among(const struct str *all, int64_t n, struct str address)
{
    for (int64_t i = 0; i < n; i++)
        if (str_eq_nocase(all[i], address))
            return true;
    return false;
}

static enum err merge(struct ctx *c, const struct moves_wish *w, struct moves *m)
{
    struct str all[MOVES_MAX];
    int64_t n = 0;
    for (size_t i = 0; i < w->former_n; i++) {
        struct str address = { 0 };
        if (str_trim(w->former[i]).n == 0)
            continue;
        TRY(check(c, w->former[i], &address));
        if (is_among(all, n, address))
            continue;
        if (n == MOVES_MAX)
            return fail(c, ERR_INVALID, "Validation failed: Former addresses may be %d at most", MOVES_MAX);
        all[n++] = address;
    }
    if (w->has_former)
        m->also_known_as = tag_json(c->arena, all, n);
    if (w->moved_to.p != NULL && str_trim(w->moved_to).n == 0)
        m->moved_to = (struct str){ NULL, 0 };
    else if (w->moved_to.p != NULL)
        TRY(check(c, w->moved_to, &m->moved_to));
    return OK;
}

enum err moves_set(struct ctx *c, const struct moves_wish *w, struct moves *out)
{
    TX tx = { 0 };
    TRY(member_may_write(c));
    TRY(tx_begin(c, &tx));
    TRY(moves_get(c, out));
    TRY(merge(c, w, out));
    TRY(store_moves_update(c, c->me->id, out));
    TRY(tx_commit(&tx));
    feed_account_changed(c->feed, c->me->id);
    return OK;
}
