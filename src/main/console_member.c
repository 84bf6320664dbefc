/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "base/rng.h"
#include "core/archive.h"
#include "core/auth.h"
#include "core/import_archive.h"
#include "core/passkey.h"
#include "core/password.h"
#include "core/session.h"
#include "core/signup.h"
#include "core/staff.h"
#include "feed/feed.h"
#include "jobs/jobs.h"
#include "main/console_rows.h"
#include "main/server.h"
#include "media/pack.h"
#include "model/site.h"
#include "store/account.h"
#include "store/archive.h"
#include "store/job.h"
#include "store/member.h"
#include "store/moves.h"
#include "store/tx.h"

#define PASSWORD_CHARS 20 /* of a drawn one: 120 bits */

static enum err parse_role(struct ctx *c, struct str word, enum role *out)
{
    if (role_parse(word, out))
        return OK;
    return fail(c, ERR_INVALID, "'" STR_FMT "' is no role: member, moderator, admin or owner", STR_ARG(word));
}

void console_put_account(struct jw *w, const struct account *a)
{
    jw_kid(w, STR("id"), a->id);
    jw_kstr(w, STR("username"), a->username);
    jw_kstr(w, STR("display_name"), a->display_name);
    jw_kstr(w, STR("role"), role_word(a->role));
    jw_kbool(w, STR("active"), a->active);
    console_put_standing(w, &a->standing);
    jw_kbool(w, STR("locked"), a->locked);
    jw_kbool(w, STR("bot"), a->bot);
    jw_ki64(w, STR("statuses"), a->statuses_count);
    jw_ki64(w, STR("followers"), a->followers_count);
    jw_ki64(w, STR("following"), a->following_count);
    jw_ktime(w, STR("last_status_at"), a->last_status_ms);
    jw_ktime(w, STR("created_at"), a->created_ms);
    jw_ktime(w, STR("deletion_at"), a->deletion_ms);
}

static void put_member(struct jw *w, const struct member *m)
{
    jw_kstr(w, STR("email"), m->email);
    jw_ktime(w, STR("confirmed_at"), m->confirmed_ms);
    jw_ktime(w, STR("approved_at"), m->approved_ms);
    jw_knull_str(w, STR("reason"), m->reason);
    jw_kstr(w, STR("locale"), m->locale);
    jw_knull_str(w, STR("created_ip"), m->created_ip);
    jw_kbool(w, STR("two_factor"), m->totp_enabled);
    jw_ktime(w, STR("seen_at"), m->seen_ms);
}

/* Waiting people are in the table of members, by the time they came. */
static enum err list_waiting(struct ctx *c, struct console *k, int64_t limit)
{
    struct waiting *all = NULL;
    int64_t n = 0;
    TRY(sign_up_waiting(c, 0, limit, &all, &n));
    for (int64_t i = 0; i < n; i++) {
        if (all[i].account == NULL)
            continue;
        jw_obj(&k->w);
        console_put_account(&k->w, all[i].account);
        put_member(&k->w, all[i].member);
        jw_obj_end(&k->w);
    }
    return OK;
}

static enum err list_accounts(struct ctx *c, struct console *k, enum account_list which, const struct page *p)
{
    struct account **all = ARENA_ARRAY(c->arena, (size_t)p->limit, struct account *);
    int64_t n = 0;
    TRY(store_account_list(c, which, p, all, &n));
    for (int64_t i = 0; i < n; i++) {
        jw_obj(&k->w);
        console_put_account(&k->w, all[i]);
        jw_obj_end(&k->w);
    }
    return OK;
}

enum err console_member_list(struct ctx *c, struct console *k)
{
    static const struct {
        const char *word;
        enum account_list which;
    } lists[] = { { "", ACCOUNTS_ALL },
                  { "all", ACCOUNTS_ALL },
                  { "staff", ACCOUNTS_STAFF },
                  { "standing", ACCOUNTS_STANDING },
                  { "directory", ACCOUNTS_DIRECTORY } };
    struct str which = console_arg(k, "which");
    struct page p = { 0 };
    enum err e = ERR_INVALID;
    TRY(console_number(c, k, "limit", 1, CONSOLE_LIST_MAX, 50, &p.limit));
    TRY(console_number(c, k, "before", 0, INT64_MAX, 0, &p.max_id));
    jw_karr(&k->w, STR("members"));
    if (str_eq(which, STR("waiting"))) {
        TRY(list_waiting(c, k, p.limit));
        jw_arr_end(&k->w);
        return OK;
    }
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        if (str_eq(which, str_c(lists[i].word)))
            e = list_accounts(c, k, lists[i].which, &p);
    if (e == ERR_INVALID)
        return fail(c, e, "--which is all, staff, waiting, standing or directory");
    jw_arr_end(&k->w);
    return e;
}

enum err console_subject(struct ctx *c, struct console *k, struct account **out)
{
    struct str name = { 0 };
    TRY(console_need(c, k, "name", &name));
    return console_member(c, name, out);
}

enum err console_member_show(struct ctx *c, struct console *k)
{
    struct passkey *keys = NULL;
    int64_t keys_n = 0;
    struct account *a = NULL;
    struct member *m = NULL;
    struct moves moves = { 0 };
    TRY(console_subject(c, k, &a));
    TRY(store_member_find(c, a->id, &m));
    console_put_account(&k->w, a);
    if (m == NULL)
        return OK;
    TRY(passkey_of(c, a->id, &keys, &keys_n));
    put_member(&k->w, m);
    jw_ki64(&k->w, STR("passkeys"), keys_n);
    TRY(store_moves_find(c, a->id, &moves));
    jw_kraw(&k->w, STR("also_known_as"), moves.also_known_as);
    jw_knull_str(&k->w, STR("moved_to"), moves.moved_to);
    return OK;
}

/* What is ready is told, not made anew. */
enum err console_member_export(struct ctx *c, struct console *k)
{
    struct account *a = NULL;
    struct archive *made = ARENA_NEW(c->arena, struct archive);
    int64_t n = 0;
    TRY(console_subject(c, k, &a));
    TRY(store_archive_list(c, a->id, 1, made, &n));
    if (n == 0 || made->state == ARCHIVE_FAILED || (made->state == ARCHIVE_READY && made->expires_ms <= c->now_ms)) {
        TRY(archive_ask_for(c, a->id, &made));
        jobs_wake(k->server->jobs);
    }
    jw_kid(&k->w, STR("id"), made->id);
    jw_kstr(&k->w, STR("username"), a->username);
    jw_kstr(&k->w, STR("state"), str_c(archive_state_word(made->state)));
    jw_ki64(&k->w, STR("handled"), made->handled);
    jw_ki64(&k->w, STR("total"), made->total);
    jw_ki64(&k->w, STR("bytes"), made->bytes);
    jw_ktime(&k->w, STR("expires_at"), made->expires_ms);
    jw_kstr(&k->w, STR("path"), str_c(archive_path(c, made->id)));
    return OK;
}

enum err console_member_import(struct ctx *c, struct console *k)
{
    struct ctx as = *c;
    struct account *a = NULL;
    struct import *i = NULL;
    struct str path = { 0 };
    TRY(console_subject(c, k, &a));
    TRY(console_need(c, k, "path", &path));
    if (path.p[0] != '/')
        return fail(c, ERR_INVALID, "Say the whole path of the file, from / on");
    as.me = a;
    enum err e =
        import_archive_add(&as, &(struct archive_wish){ .file_name = path, .path = arena_cstr(c->arena, path) }, &i);
    c->says = as.says;
    TRY(e);
    jobs_wake(k->server->jobs);
    jw_kid(&k->w, STR("id"), i->id);
    jw_kstr(&k->w, STR("username"), a->username);
    jw_kstr(&k->w, STR("state"), str_c(import_state_word(i->state)));
    return OK;
}

enum err console_member_create(struct ctx *c, struct console *k)
{
    struct sign_up_form f = { .password = console_arg(k, "password"), .agreement = true, .of_age = true };
    struct str role_word = console_arg(k, "role");
    enum role role = ROLE_MEMBER;
    struct account *owner = NULL;
    struct account *a = NULL;
    struct str hash = { 0 };
    bool drawn = f.password.n == 0;
    TRY(console_need(c, k, "name", &f.username));
    TRY(console_need_option(c, k, "email", &f.email));
    if (role_word.n > 0)
        TRY(parse_role(c, role_word, &role));
    if (role == ROLE_OWNER)
        TRY(store_account_find_owner(c, &owner));
    if (owner != NULL)
        return fail(c, ERR_INVALID, "@" STR_FMT " is the owner. Create a member, and make them owner by 'member role'",
                    STR_ARG(owner->username));
    if (f.username.p[0] == '@')
        f.username = str_skip(f.username, 1);
    if (drawn)
        f.password = str_head(rand_token(c->arena), PASSWORD_CHARS);
    TRY(password_hash(c, f.password, &hash));
    TRY(sign_up_by_operator(c, &f, hash, role, &a));
    console_put_account(&k->w, a);
    if (drawn)
        jw_kstr(&k->w, STR("password"), f.password);
    return OK;
}

enum err console_member_role(struct ctx *c, struct console *k)
{
    struct account *a = NULL;
    enum role role = ROLE_MEMBER;
    TRY(console_subject(c, k, &a));
    TRY(parse_role(c, console_arg(k, "role"), &role));
    TRY(staff_set_role(c, a, role));
    console_put_account(&k->w, a);
    return OK;
}

enum err console_member_reset_password(struct ctx *c, struct console *k)
{
    struct account *a = NULL;
    struct str secret = { 0 };
    TRY(console_subject(c, k, &a));
    TRY(auth_reset_link(c, a->id, &secret));
    jw_kstr(&k->w, STR("username"), a->username);
    jw_kstr(&k->w, STR("url"),
            arena_strf(c->arena, STR_FMT "/reset/" STR_FMT, STR_ARG(c->site->base_url), STR_ARG(secret)));
    jw_ktime(&k->w, STR("expires_at"), c->now_ms + RESET_LASTS_MS);
    return OK;
}

/* For who lost the device, or when the server's address is another: passkeys belong to the name of a host. */
enum err console_member_reset_second_factor(struct ctx *c, struct console *k)
{
    struct account *a = NULL;
    struct str which = console_arg(k, "which");
    bool all = which.n == 0 || str_eq(which, STR("all"));
    bool passkeys = all || str_eq(which, STR("passkeys"));
    bool authenticator = all || str_eq(which, STR("authenticator"));
    TRY(console_subject(c, k, &a));
    if (!passkeys && !authenticator)
        return fail(c, ERR_INVALID, "--which is all, passkeys or authenticator");
    TRY(passkey_reset(c, a, passkeys, authenticator));
    log_info(c->id, "the second factor of @" STR_FMT " was removed%s", STR_ARG(a->username),
             all        ? ""
             : passkeys ? ": passkeys"
                        : ": authenticator");
    jw_kstr(&k->w, STR("username"), a->username);
    return OK;
}

enum err console_member_owner_link(struct ctx *c, struct console *k)
{
    struct account *owner = NULL;
    struct str secret = { 0 };
    TRY(sign_up_setup_begin(c, &secret));
    if (secret.p == NULL) {
        TRY(store_account_find_owner(c, &owner));
        return fail(c, ERR_CONFLICT, "@" STR_FMT " is the owner. 'parley member role' makes somebody else owner",
                    STR_ARG(owner->username));
    }
    jw_kstr(&k->w, STR("url"),
            arena_strf(c->arena, STR_FMT "/setup/" STR_FMT, STR_ARG(c->site->base_url), STR_ARG(secret)));
    jw_ktime(&k->w, STR("expires_at"), c->now_ms + SETUP_LASTS_MIN * MINUTE_MS);
    return OK;
}

enum err console_member_approve(struct ctx *c, struct console *k)
{
    struct account *a = NULL;
    TRY(console_subject(c, k, &a));
    TRY(sign_up_approve(c, a->id));
    TRY(store_account_get(c, a->id, &a));
    console_put_account(&k->w, a);
    return OK;
}

enum err console_member_reject(struct ctx *c, struct console *k)
{
    struct account *a = NULL;
    TRY(console_subject(c, k, &a));
    TRY(sign_up_reject(c, a->id));
    console_put_account(&k->w, a);
    return OK;
}

/* At once hidden and signed out; the job takes everything away. */
enum err console_member_delete(struct ctx *c, struct console *k)
{
    TX tx = { 0 };
    struct account *a = NULL;
    TRY(console_subject(c, k, &a));
    if (!http_bool(k->q, "yes", false))
        return fail(c, ERR_INVALID, "Everything of @" STR_FMT " would be gone for good. Say --yes if you are sure",
                    STR_ARG(a->username));
    TRY(tx_begin(c, &tx));
    TRY(store_account_set_deletion(c, a->id, c->now_ms));
    TRY(store_account_set_active(c, a->id, false));
    TRY(session_end_all(c, a->id, 0));
    TRY(store_job_add(c, JOB_ACCOUNT_REMOVE, a->id, STR(""), c->now_ms));
    TRY(tx_commit(&tx));
    feed_sessions_ended(c->feed, a->id);
    feed_account_changed(c->feed, a->id);
    jobs_wake(k->server->jobs);
    a->deletion_ms = c->now_ms;
    a->active = false;
    console_put_account(&k->w, a);
    return OK;
}
