/* SPDX-License-Identifier: Apache-2.0 */
#include "pages/passkeys.h"

#include "base/id.h"
#include "base/jw.h"
#include "core/name.h"
#include "model/account.h"
#include "model/site.h"
#include "pages/form.h"
#include "pages/layout.h"
#include "pages/routes.h"
#include "pages/settings.h"
#include "pages/when.h"

static const struct sheet sheet = { .title = { "Settings", 8 }, .sub = { "Passkeys", 8 }, .nav = "more" };

void passkeys_script(struct visit *v)
{
    v->script = "passkey.js";
}

void passkeys_open(struct visit *v, struct str without)
{
    struct hw *w = &v->w;
    if (without.n > 0) {
        hw_open_class(w, "p", STR("hint"));
        hw_attr(w, "data-passkey-off", STR(""));
        hw_text(w, without);
        hw_close(w, "p");
    }
    hw_open(w, "div");
    hw_attr(w, "data-passkey-on", STR(""));
    hw_flag(w, "hidden", true);
}

void passkeys_close(struct visit *v)
{
    hw_close(&v->w, "div");
}

/* --- what the script tells the browser: the options of section 5.4 and 5.5, binary as base64url --- */

static void put_keys(struct jw *w, struct str name, const struct passkey *keys, int64_t n)
{
    jw_karr(w, name);
    for (int64_t i = 0; i < n; i++) {
        struct str words = keys[i].transports;
        struct str word = { 0 };
        jw_obj(w);
        jw_kstr(w, STR("type"), STR("public-key"));
        jw_kstr(w, STR("id"), keys[i].credential);
        jw_karr(w, STR("transports"));
        while (words.n > 0 && str_cut(&words, ' ', &word))
            jw_str(w, word);
        jw_arr_end(w);
        jw_obj_end(w);
    }
    jw_arr_end(w);
}

static void put_kinds(struct jw *w)
{
    static const int64_t kinds[] = { WEBAUTHN_ES256, WEBAUTHN_EDDSA, WEBAUTHN_RS256 };
    jw_karr(w, STR("pubKeyCredParams"));
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        jw_obj(w);
        jw_kstr(w, STR("type"), STR("public-key"));
        jw_ki64(w, STR("alg"), kinds[i]);
        jw_obj_end(w);
    }
    jw_arr_end(w);
}

static struct str create_options(struct visit *v, const struct passkey_setup *s)
{
    const struct account *me = v->c->me;
    struct jw w = jw_on(v->c->arena);
    jw_obj(&w);
    jw_kstr(&w, STR("challenge"), s->challenge);
    jw_kobj(&w, STR("rp"));
    jw_kstr(&w, STR("id"), s->site.rp_id);
    jw_kstr(&w, STR("name"), v->c->site->title);
    jw_obj_end(&w);
    jw_kobj(&w, STR("user"));
    jw_kstr(&w, STR("id"), s->handle);
    jw_kstr(&w, STR("name"), me->username);
    jw_kstr(&w, STR("displayName"), me->display_name.n > 0 ? me->display_name : me->username);
    jw_obj_end(&w);
    put_kinds(&w);
    put_keys(&w, STR("excludeCredentials"), s->keys, s->keys_n);
    jw_kobj(&w, STR("authenticatorSelection"));
    jw_kstr(&w, STR("residentKey"), STR("preferred"));
    jw_kstr(&w, STR("userVerification"), STR("preferred"));
    jw_obj_end(&w);
    jw_kstr(&w, STR("attestation"), STR("none"));
    jw_ki64(&w, STR("timeout"), PASSKEY_LASTS_MS);
    jw_obj_end(&w);
    return jw_end(&w);
}

static struct str get_options(struct visit *v, const struct passkeys_ask *ask, struct str rp_id)
{
    struct jw w = jw_on(v->c->arena);
    jw_obj(&w);
    jw_kstr(&w, STR("challenge"), ask->challenge);
    jw_kstr(&w, STR("rpId"), rp_id);
    put_keys(&w, STR("allowCredentials"), ask->keys, ask->keys_n);
    jw_kstr(&w, STR("userVerification"), ask->alone ? STR("required") : STR("discouraged"));
    jw_ki64(&w, STR("timeout"), PASSKEY_LASTS_MS);
    jw_obj_end(&w);
    return jw_end(&w);
}

/* --- forms that the script fills in --- */

static void open_scripted(struct visit *v, struct str action, const char *does, struct str options, bool now)
{
    form_open_with(v, action, STR("sheet"), does, options, now);
    form_hidden(v, "client", STR(""));
}

static void close_scripted(struct visit *v, struct str label)
{
    struct hw *w = &v->w;
    form_submit(v, label);
    hw_open_class(w, "p", STR("wrong"));
    hw_attr(w, "role", STR("alert"));
    hw_attr(w, "data-passkey-said", STR(""));
    hw_flag(w, "hidden", true);
    hw_close(w, "p");
    form_close(v);
}

void passkeys_ask(struct visit *v, const struct passkeys_ask *ask)
{
    static const char *const fields[] = { "credential", "authenticator", "signature", "handle" };
    struct webauthn_site site = { 0 };
    if (!passkey_site(v->c, &site))
        return;
    passkeys_open(v, ask->without);
    open_scripted(v, ask->action, "get", get_options(v, ask, site.rp_id), ask->now);
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        form_hidden(v, fields[i], STR(""));
    form_hidden(v, "next", ask->next);
    if (!ask->alone)
        form_hidden(v, "step", ask->challenge);
    hw_el(&v->w, "p", ask->words);
    close_scripted(v, STR("Use a passkey"));
    passkeys_close(v);
}

struct webauthn_proof passkeys_proof(const struct visit *v)
{
    return (struct webauthn_proof){
        .credential = visit_param(v, "credential"),
        .handle = visit_param(v, "handle"),
        .client = visit_param(v, "client"),
        .authenticator = visit_param(v, "authenticator"),
        .signature = visit_param(v, "signature"),
    };
}

/* --- the settings --- */

static void put_passkey(struct visit *v, const struct passkey *p)
{
    struct hw *w = &v->w;
    hw_open(w, "li");
    hw_open(w, "p");
    hw_open(w, "b");
    hw_attr(w, "dir", STR("auto"));
    hw_text(w, p->name);
    hw_close(w, "b");
    hw_void(w, "br");
    hw_open_class(w, "span", STR("small muted"));
    hw_text(w, p->synced ? STR("on all devices of one maker's account, since ") : STR("on one device, since "));
    when_full(v, p->created_ms);
    if (p->used_ms > 0) {
        hw_text(w, STR(", last used "));
        when_short(v, p->used_ms);
    } else {
        hw_text(w, STR(", never used"));
    }
    hw_close(w, "span");
    hw_close(w, "p");
    layout_button(v, "btn", arena_strf(v->c->arena, "/settings/passkeys/%lld", (long long)p->id),
                  STR("Rename or remove"));
    hw_close(w, "li");
}

static void put_begin(struct visit *v, bool first)
{
    form_open(v, STR("/settings/passkeys"), STR("sheet"));
    form_refused(v);
    if (first)
        hw_el(&v->w, "h2", STR("Passkeys"));
    hw_el(&v->w, "p",
          STR("A passkey signs you in with your finger, your face or a PIN, on this device or a security key. Nobody "
              "can read it off a page or guess it. Once you have one, your password alone lets nobody in."));
    passkeys_open(v, STR("To add one, your browser needs to know passkeys and to run the one small script that this "
                         "page has: now it does not."));
    form_field(v, &(struct field){ .name = "name",
                                   .label = "A name for it",
                                   .hint = STR("Such as \"my phone\"."),
                                   .max = NAME_DISPLAY_MAX,
                                   .value = visit_param(v, "name"),
                                   .user_text = true });
    form_field(v, &(struct field){ .name = "password",
                                   .id = "passkey-proof",
                                   .label = "Your password",
                                   .type = "password",
                                   .autocomplete = "current-password",
                                   .required = true });
    form_submit(v, STR("Add a passkey"));
    passkeys_close(v);
    form_close(v);
}

static void put_head(struct visit *v, bool possible)
{
    struct hw *w = &v->w;
    hw_open_class(w, "section", STR("sheet"));
    hw_el(w, "h2", STR("Passkeys"));
    if (!possible)
        hw_el_class(w, "p", STR("hint"),
                    STR("Browsers have passkeys only where the address is a name and begins with https: not here."));
    hw_close(w, "section");
}

enum err passkeys_put(struct visit *v)
{
    struct hw *w = &v->w;
    struct webauthn_site site = { 0 };
    struct passkey *all = NULL;
    int64_t n = 0;
    TRY(passkey_list(v->c, &all, &n));
    bool possible = passkey_site(v->c, &site);
    if (n > 0 || !possible)
        put_head(v, possible);
    if (n > 0) {
        hw_open_class(w, "ul", STR("card-list"));
        for (int64_t i = 0; i < n; i++)
            put_passkey(v, &all[i]);
        hw_close(w, "ul");
    }
    if (possible && n < v->c->site->passkeys_max)
        put_begin(v, n == 0);
    return OK;
}

static enum err show_list(struct visit *v)
{
    struct str says = v->c->says;
    passkeys_script(v);
    layout_begin(v, &sheet);
    settings_tabs(v, "two_factor");
    v->c->says = says;
    TRY(passkeys_put(v));
    return layout_end(v, &sheet);
}

static enum err show_create(struct visit *v, const struct passkey_setup *s)
{
    v->secret = true;
    passkeys_script(v);
    layout_begin(v, &sheet);
    settings_tabs(v, "two_factor");
    passkeys_open(v, STR("This takes the one small script of this page, and it does not run in your browser."));
    open_scripted(v, STR("/settings/passkeys/add"), "create", create_options(v, s), true);
    form_hidden(v, "attestation", STR(""));
    form_hidden(v, "transports", STR(""));
    form_hidden(v, "name", visit_param(v, "name"));
    hw_el(&v->w, "p", STR("Your device asks you now. If it does not, or you called it off, press the button."));
    close_scripted(v, STR("Make the passkey"));
    passkeys_close(v);
    return layout_end(v, &sheet);
}

enum err page_passkey_begin(struct visit *v)
{
    struct passkey_setup s = { 0 };
    enum err e = passkey_begin(v->c, visit_param(v, "password"), visit_param(v, "name"), &s);
    if (form_takes(v, e))
        return show_list(v);
    TRY(e);
    return show_create(v, &s);
}

enum err page_passkey_add(struct visit *v)
{
    struct str codes[RECOVERY_CODES] = { 0 };
    bool coded = false;
    const struct passkey_made made = {
        .name = visit_param(v, "name"),
        .client = visit_param(v, "client"),
        .attestation = visit_param(v, "attestation"),
        .transports = visit_param(v, "transports"),
    };
    enum err e = passkey_add(v->c, &made, codes, &coded);
    if (form_takes(v, e))
        return show_list(v);
    TRY(e);
    return coded ? settings_codes(v, STR("The passkey signs you in from now on."), codes)
                 : visit_go(v, STR("/settings/two_factor?said=passkey"));
}

/* --- one of them --- */

static enum err show_one(struct visit *v, const struct passkey *p)
{
    struct hw *w = &v->w;
    layout_begin(v, &sheet);
    settings_tabs(v, "two_factor");
    form_open(v, arena_strf(v->c->arena, "/settings/passkeys/%lld/rename", (long long)p->id), STR("sheet"));
    form_refused(v);
    form_field(v,
               &(struct field){
                   .name = "name", .label = "Its name", .max = NAME_DISPLAY_MAX, .value = p->name, .user_text = true });
    form_submit(v, STR("Rename it"));
    form_close(v);
    form_open(v, arena_strf(v->c->arena, "/settings/passkeys/%lld/remove", (long long)p->id), STR("sheet"));
    hw_el(w, "h2", STR("Remove it"));
    hw_el(w, "p",
          STR("It will not sign you in any more. Without any passkey or authenticator your password signs you in "
              "alone, and the recovery codes end."));
    form_field(v, &(struct field){ .name = "password",
                                   .label = "Your password",
                                   .type = "password",
                                   .autocomplete = "current-password",
                                   .required = true });
    form_button(v, STR("btn d"), NULL, STR(""), STR("Remove the passkey"));
    form_close(v);
    return layout_end(v, &sheet);
}

/* Shows the page again when the failure is its form's. */
static enum err shown_again(struct visit *v, int64_t id, enum err e)
{
    struct passkey *p = NULL;
    struct str says = v->c->says;
    if (e == ERR_NOT_FOUND || !form_takes(v, e))
        return e;
    TRY(passkey_get(v->c, id, &p));
    v->c->says = says;
    return show_one(v, p);
}

enum err page_passkey(struct visit *v)
{
    int64_t id = 0;
    struct passkey *p = NULL;
    TRY(visit_arg_id(v, &id));
    TRY(passkey_get(v->c, id, &p));
    return show_one(v, p);
}

enum err page_passkey_rename(struct visit *v)
{
    int64_t id = 0;
    TRY(visit_arg_id(v, &id));
    enum err e = passkey_rename(v->c, id, visit_param(v, "name"));
    return e != OK ? shown_again(v, id, e) : visit_go(v, STR("/settings/two_factor?said=saved"));
}

enum err page_passkey_remove(struct visit *v)
{
    int64_t id = 0;
    TRY(visit_arg_id(v, &id));
    enum err e = passkey_remove(v->c, id, visit_param(v, "password"));
    return e != OK ? shown_again(v, id, e) : visit_go(v, STR("/settings/two_factor?said=removed"));
}
