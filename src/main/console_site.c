/* SPDX-License-Identifier: Apache-2.0 */
#include "base/id.h"
#include "core/invite.h"
#include "core/site.h"
#include "main/console_rows.h"
#include "store/account.h"
#include "store/invite.h"
#include "store/setting.h"
#include "store/tx.h"

/* --- invitations: those of a member, the owner unless --as says --- */

static enum err act_as(struct ctx *c, struct console *k)
{
    struct account *a = NULL;
    struct str name = console_arg(k, "as");
    if (name.n > 0)
        TRY(console_member(c, name, &a));
    else
        TRY(store_account_find_owner(c, &a));
    if (a == NULL)
        return fail(c, ERR_INVALID, "There is no owner yet, so nobody who invites: say --as NAME");
    c->me = a;
    return OK;
}

static void put_invite(struct ctx *c, struct jw *w, const struct invite *i)
{
    jw_kstr(w, STR("code"), i->code);
    jw_kstr(w, STR("url"),
            arena_strf(c->arena, STR_FMT "/sign-up/" STR_FMT, STR_ARG(c->site->base_url), STR_ARG(i->code)));
    jw_knull_str(w, STR("note"), i->note.n > 0 ? i->note : (struct str){ 0 });
    jw_ki64(w, STR("uses"), i->uses);
    if (i->uses_max > 0)
        jw_ki64(w, STR("uses_max"), i->uses_max);
    else
        jw_knull(w, STR("uses_max"));
    jw_ktime(w, STR("created_at"), i->created_ms);
    jw_ktime(w, STR("expires_at"), i->expires_ms);
}

enum err console_invite_create(struct ctx *c, struct console *k)
{
    struct invite *i = NULL;
    int64_t uses = 0;
    int64_t expires_ms = 0;
    TRY(console_number(c, k, "uses", 1, 1000000, 0, &uses));
    TRY(console_when(c, k, "expires", &expires_ms));
    TRY(act_as(c, k));
    TRY(invite_create(c, console_arg(k, "note"), uses, expires_ms, &i));
    put_invite(c, &k->w, i);
    return OK;
}

enum err console_invite_list(struct ctx *c, struct console *k)
{
    struct invite *all = NULL;
    int64_t n = 0;
    TRY(act_as(c, k));
    TRY(invite_list(c, &all, &n));
    jw_karr(&k->w, STR("invites"));
    for (int64_t i = 0; i < n; i++) {
        jw_obj(&k->w);
        put_invite(c, &k->w, &all[i]);
        jw_obj_end(&k->w);
    }
    jw_arr_end(&k->w);
    return OK;
}

enum err console_invite_revoke(struct ctx *c, struct console *k)
{
    TX tx = { 0 };
    struct str code = { 0 };
    struct invite *i = NULL;
    TRY(console_need(c, k, "code", &code));
    TRY(store_invite_find(c, code, &i));
    if (i == NULL)
        return fail(c, ERR_NOT_FOUND, "There is no invitation '" STR_FMT "'", STR_ARG(code));
    TRY(tx_begin(c, &tx));
    TRY(store_invite_delete(c, i));
    TRY(tx_commit(&tx));
    put_invite(c, &k->w, i);
    return OK;
}

/* --- mode --- */

enum err console_mode(struct ctx *c, struct console *k)
{
    struct str word = console_arg(k, "mode");
    enum site_mode mode = MODE_NORMAL;
    int64_t until_ms = 0;
    if (word.n > 0) {
        if (!site_mode_parse(word, &mode))
            return fail(c, ERR_INVALID,
                        "'" STR_FMT "' is no mode: normal, read-only, moderators-only or sign-ups-paused",
                        STR_ARG(word));
        TRY(console_when(c, k, "until", &until_ms));
        TRY(site_mode_enter(c, mode, console_arg(k, "reason"), until_ms));
    }
    const struct site *s = c->site;
    jw_kstr(&k->w, STR("mode"), site_mode_word(s->mode));
    jw_knull_str(&k->w, STR("reason"), s->mode_reason.n > 0 ? s->mode_reason : (struct str){ 0 });
    jw_ktime(&k->w, STR("until"), s->mode_until_ms);
    if (s->disk_full)
        jw_kbool(&k->w, STR("disk_full"), true);
    else
        jw_knull(&k->w, STR("disk_full"));
    return OK;
}

/* --- settings and rules --- */

enum err console_setting_list(struct ctx *c, struct console *k)
{
    jw_karr(&k->w, STR("settings"));
    for (size_t i = 0; i < site_setting_count(); i++) {
        const struct site_setting *s = site_setting_at(i);
        struct str value = { 0 };
        TRY(site_setting_get(c, str_c(s->key), &value));
        jw_obj(&k->w);
        jw_kstr(&k->w, STR("key"), str_c(s->key));
        jw_kstr(&k->w, STR("value"), value);
        jw_kstr(&k->w, STR("allowed"), str_c(s->allowed));
        jw_kstr(&k->w, STR("about"), str_c(s->about));
        jw_obj_end(&k->w);
    }
    jw_arr_end(&k->w);
    return OK;
}

enum err console_setting_get(struct ctx *c, struct console *k)
{
    struct str key = { 0 };
    struct str value = { 0 };
    TRY(console_need(c, k, "key", &key));
    TRY(site_setting_get(c, key, &value));
    jw_kstr(&k->w, STR("key"), key);
    jw_kstr(&k->w, STR("value"), value);
    return OK;
}

enum err console_setting_set(struct ctx *c, struct console *k)
{
    struct str key = { 0 };
    struct str value = http_param(k->q, "value");
    struct str text = http_param(k->q, "text");
    TRY(console_need(c, k, "key", &key));
    if ((value.p == NULL) == (text.p == NULL))
        return fail(c, ERR_INVALID, "Say the value, or a --file that holds it");
    if (str_starts(key, STR("mode")))
        return fail(c, ERR_INVALID, "The mode is changed with 'parley mode'");
    TRY(site_setting_set(c, key, value.p != NULL ? value : str_trim(text)));
    return console_setting_get(c, k);
}

enum err console_rules_list(struct ctx *c, struct console *k)
{
    jw_karr(&k->w, STR("rules"));
    for (int64_t i = 0; i < c->site->rules_n; i++) {
        jw_obj(&k->w);
        jw_kid(&k->w, STR("id"), c->site->rules[i].id);
        jw_kstr(&k->w, STR("text"), c->site->rules[i].text);
        jw_kstr(&k->w, STR("hint"), c->site->rules[i].hint);
        jw_obj_end(&k->w);
    }
    jw_arr_end(&k->w);
    return OK;
}

enum err console_rules_set(struct ctx *c, struct console *k)
{
    TRY(site_rules_write(c, console_arg(k, "text")));
    jw_ki64(&k->w, STR("count"), c->site->rules_n);
    return console_rules_list(c, k);
}
