/* SPDX-License-Identifier: Apache-2.0 */
#include <qrencode.h>

#include "core/auth.h"
#include "pages/form.h"
#include "pages/layout.h"
#include "pages/passkeys.h"
#include "pages/routes.h"
#include "pages/settings.h"

/* The page of passkeys and the second factor; the authenticator: on, off, new recovery codes. */
#define QUIET 2 /* modules of white around the square code */

static void free_code(QRcode **q)
{
    QRcode_free(*q);
}

/* One path: a unit square for every dark module. The uri is longer than any real one only by mistake: then the secret
   for typing is all there is. */
static void put_qr(struct visit *v, struct str uri)
{
    struct hw *w = &v->w;
    __attribute__((cleanup(free_code))) QRcode *q =
        QRcode_encodeString8bit(arena_cstr(v->c->arena, uri), 0, QR_ECLEVEL_M);
    if (q == NULL)
        return;
    struct buf d = buf_on(v->c->arena);
    for (int y = 0; y < q->width; y++)
        for (int x = 0; x < q->width; x++)
            if ((q->data[y * q->width + x] & 1) != 0)
                buf_printf(&d, "M%d %dh1v1h-1z", x + QUIET, y + QUIET);
    int side = q->width + 2 * QUIET;
    hw_open_class(w, "svg", STR("qr"));
    hw_attr(w, "viewbox", arena_strf(v->c->arena, "0 0 %d %d", side, side)); /* HTML parsers give it its capital */
    hw_attr(w, "role", STR("img"));
    hw_attr(w, "aria-label", STR("Square code with the secret, for your authenticator"));
    hw_open(w, "path");
    hw_attr(w, "d", buf_str(&d));
    hw_close(w, "path");
    hw_close(w, "svg");
}

static void put_off(struct visit *v)
{
    form_open(v, STR("/settings/two_factor"), STR("sheet"));
    form_refused(v);
    hw_el(&v->w, "h2", STR("Authenticator"));
    hw_el(
        &v->w, "p",
        STR("With an authenticator, a password that leaked opens nothing: signing in also takes a code from an app on "
            "your phone."));
    form_proof(v, NULL);
    form_submit(v, STR("Begin"));
    form_close(v);
}

/* `on`: the authenticator; without it the codes are for the passkeys. */
static void put_on(struct visit *v, bool on, int64_t codes_left)
{
    struct hw *w = &v->w;
    form_open(v, STR("/settings/two_factor/renew"), STR("sheet"));
    form_refused(v);
    hw_el(w, "h2", on ? STR("Authenticator and recovery codes") : STR("Recovery codes"));
    hw_open(w, "p");
    hw_text(w, arena_strf(v->c->arena, "%s%lld recovery codes are left.", on ? "Your authenticator is set up. " : "",
                          (long long)codes_left));
    hw_close(w, "p");
    form_proof(v, "renew-proof");
    hw_open_class(w, "div", STR("row"));
    form_button(v, STR("btn"), "what", STR("renew"), STR("New recovery codes"));
    if (on)
        form_button(v, STR("btn d"), "what", STR("off"), STR("Switch it off"));
    hw_close(w, "div");
    form_close(v);
}

static const struct sheet sheet = { .title = { "Settings", 8 }, .sub = { "Security", 8 }, .nav = "more" };

/* A refused form stands alone, so that what was wrong is marked on it. */
enum part { PART_ALL, PART_BEGIN, PART_RENEW };

static enum err show(struct visit *v, enum part only)
{
    struct passkey *keys = NULL;
    int64_t keys_n = 0;
    bool on = false;
    int64_t left = 0;
    struct str says = v->c->says;
    TRY(auth_totp_state(v->c, &on, &left));
    TRY(passkey_list(v->c, &keys, &keys_n));
    passkeys_script(v);
    layout_begin(v, &sheet);
    settings_tabs(v, "two_factor");
    if (only == PART_ALL)
        TRY(passkeys_put(v));
    v->c->says = says;
    if (only == PART_RENEW || (only == PART_ALL && (on || keys_n > 0)))
        put_on(v, on, left);
    if (only == PART_BEGIN || (only == PART_ALL && !on))
        put_off(v);
    return layout_end(v, &sheet);
}

static enum err show_setup(struct visit *v, const struct totp_setup *t)
{
    struct hw *w = &v->w;
    v->secret = true;
    layout_begin(v, &sheet);
    settings_tabs(v, "two_factor");
    form_open(v, STR("/settings/two_factor/enable"), STR("sheet"));
    form_refused(v);
    hw_el(w, "p", STR("1. Scan this with an authenticator, or type the secret into it."));
    put_qr(v, t->uri);
    hw_open(w, "p");
    hw_el_class(w, "code", STR("key"), t->secret_text);
    hw_close(w, "p");
    hw_open(w, "p");
    hw_link(w, t->uri, STR("Is it on this device? Open it"));
    hw_close(w, "p");
    form_field(v, &(struct field){ .name = "code",
                                   .label = "2. The code it shows",
                                   .autocomplete = "one-time-code",
                                   .inputmode = "numeric",
                                   .max = 10,
                                   .required = true });
    form_submit(v, STR("Switch it on"));
    form_close(v);
    return layout_end(v, &sheet);
}

enum err settings_codes(struct visit *v, struct str done, const struct str *codes)
{
    struct hw *w = &v->w;
    v->secret = true;
    layout_begin(v, &sheet);
    settings_tabs(v, "two_factor");
    layout_note(v, "good", done);
    hw_open_class(w, "section", STR("sheet"));
    hw_el(w, "h2", STR("Your recovery codes"));
    hw_el(w, "p",
          STR("Each signs you in once, with your password, when the device is lost. They are shown only now: write "
              "them down, or print "
              "this page."));
    hw_open_class(w, "ul", STR("codes"));
    for (int i = 0; i < RECOVERY_CODES; i++)
        hw_el(w, "li", codes[i]);
    hw_close(w, "ul");
    hw_open_class(w, "a", STR("btn p"));
    hw_attr(w, "href", STR("/settings/two_factor"));
    hw_text(w, STR("I kept them"));
    hw_close(w, "a");
    hw_close(w, "section");
    return layout_end(v, &sheet);
}

enum err page_two_factor(struct visit *v)
{
    return show(v, PART_ALL);
}

enum err page_two_factor_begin(struct visit *v)
{
    struct totp_setup t = { 0 };
    enum err e = auth_totp_begin(v->c, visit_param(v, "password"), &t);
    if (form_takes(v, e))
        return show(v, PART_BEGIN);
    TRY(e);
    return show_setup(v, &t);
}

enum err page_two_factor_enable(struct visit *v)
{
    struct str codes[RECOVERY_CODES] = { 0 };
    struct totp_setup t = { 0 };
    enum err e = auth_totp_enable(v->c, visit_param(v, "code"), codes);
    if (form_takes(v, e)) {
        struct str says = v->c->says;
        TRY(auth_totp_pending(v->c, &t));
        v->c->says = says;
        return show_setup(v, &t);
    }
    TRY(e);
    return settings_codes(v, STR("The second factor is on."), codes);
}

enum err page_two_factor_renew(struct visit *v)
{
    struct str codes[RECOVERY_CODES] = { 0 };
    bool off = str_eq(visit_param(v, "what"), STR("off"));
    struct str password = visit_param(v, "password");
    enum err e = off ? auth_totp_disable(v->c, password) : auth_recovery_renew(v->c, password, codes);
    if (form_takes(v, e))
        return show(v, PART_RENEW);
    TRY(e);
    return off ? visit_go(v, STR("/settings/two_factor?said=off"))
               : settings_codes(v, STR("The former codes have ended."), codes);
}
