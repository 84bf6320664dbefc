/* SPDX-License-Identifier: Apache-2.0 */
#include "pages/form.h"

#include <sodium.h>

#include "base/id.h"
#include "base/rng.h"
#include "core/lang_names.h"
#include "model/site.h"
#include "pages/cookie.h"

#define NONCE_BYTES 16
#define MAC_BYTES   16
#define TOKEN_BYTES (NONCE_BYTES + MAC_BYTES)
#define TOKEN_TEXT  sodium_base64_ENCODED_LEN(TOKEN_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING)

static void mac(const struct visit *v, const unsigned char nonce[NONCE_BYTES], unsigned char out[MAC_BYTES])
{
    static const char what[] = "parley form";
    crypto_generichash_state st;
    (void)crypto_generichash_init(&st, v->c->site->master_key, sizeof v->c->site->master_key, MAC_BYTES);
    (void)crypto_generichash_update(&st, (const unsigned char *)what, sizeof what);
    (void)crypto_generichash_update(&st, nonce, NONCE_BYTES);
    (void)crypto_generichash_update(&st, (const unsigned char *)v->bound_to.p, v->bound_to.n);
    (void)crypto_generichash_final(&st, out, MAC_BYTES);
}

static struct str token(struct visit *v)
{
    unsigned char raw[TOKEN_BYTES];
    if (v->token.p != NULL)
        return v->token;
    if (v->bound_to.n == 0) {
        v->bound_to = rand_token(v->c->arena);
        cookie_set_form(v, v->bound_to);
    }
    rand_secret(raw, NONCE_BYTES);
    mac(v, raw, raw + NONCE_BYTES);
    char *text = arena_alloc(v->c->arena, TOKEN_TEXT);
    (void)sodium_bin2base64(text, TOKEN_TEXT, raw, sizeof raw, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    v->token = str_c(text);
    return v->token;
}

bool form_token_ok(struct visit *v)
{
    unsigned char raw[TOKEN_BYTES];
    unsigned char want[MAC_BYTES];
    size_t n = 0;
    struct str given = visit_param(v, "token");
    if (v->bound_to.n == 0
        || sodium_base642bin(raw, sizeof raw, given.p, given.n, NULL, &n, NULL,
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING)
               != 0)
        return false;
    mac(v, raw, want);
    return n == sizeof raw && sodium_memcmp(want, raw + NONCE_BYTES, MAC_BYTES) == 0;
}

void form_hidden(struct visit *v, const char *name, struct str value)
{
    hw_void(&v->w, "input");
    hw_attr(&v->w, "type", STR("hidden"));
    hw_attr(&v->w, "name", str_c(name));
    hw_attr(&v->w, "value", value);
}

static void open_form(struct visit *v, struct str action, struct str class_name)
{
    struct hw *w = &v->w;
    hw_open(w, "form");
    hw_attr(w, "method", STR("post"));
    hw_attr(w, "action", action);
    if (class_name.n > 0)
        hw_attr(w, "class", class_name);
}

void form_open(struct visit *v, struct str action, struct str class_name)
{
    open_form(v, action, class_name);
    form_hidden(v, "token", token(v));
}

void form_open_upload(struct visit *v, struct str action, struct str class_name)
{
    open_form(v, action, class_name);
    hw_attr(&v->w, "enctype", STR("multipart/form-data"));
    form_hidden(v, "token", token(v));
}

void form_open_with(struct visit *v, struct str action, struct str class_name, const char *passkey, struct str options,
                    bool now)
{
    open_form(v, action, class_name);
    hw_attr(&v->w, "data-passkey", str_c(passkey));
    hw_attr(&v->w, "data-options", options);
    if (now)
        hw_attr(&v->w, "data-now", STR(""));
    form_hidden(v, "token", token(v));
}

void form_close(struct visit *v)
{
    hw_close(&v->w, "form");
}

static bool is_wrong(const struct visit *v, const char *name)
{
    for (const struct field_errors *e = v->c->fields; e != NULL; e = e->next)
        if (str_eq(e->field, str_c(name)))
            return true;
    return false;
}

static void put_hint(struct visit *v, const struct field *f, struct str id)
{
    struct hw *w = &v->w;
    if (f->hint.n > 0) {
        hw_open_class(w, "p", STR("hint"));
        hw_attr(w, "id", arena_strf(v->c->arena, STR_FMT "-hint", STR_ARG(id)));
        hw_text(w, f->hint);
        hw_close(w, "p");
    }
    if (!is_wrong(v, f->name))
        return;
    hw_open_class(w, "p", STR("wrong"));
    hw_attr(w, "id", arena_strf(v->c->arena, STR_FMT "-wrong", STR_ARG(id)));
    for (const struct field_errors *e = v->c->fields; e != NULL; e = e->next) {
        if (!str_eq(e->field, str_c(f->name)))
            continue;
        hw_text(w, str_c(f->label));
        hw_text(w, STR(" "));
        hw_text(w, e->description);
        hw_text(w, STR(". "));
    }
    hw_close(w, "p");
}

static void put_common(struct visit *v, const struct field *f, struct str id)
{
    struct hw *w = &v->w;
    bool wrong = is_wrong(v, f->name);
    hw_attr(w, "id", id);
    hw_attr(w, "name", str_c(f->name));
    if (f->max > 0)
        hw_attr_i64(w, "maxlength", f->max);
    hw_flag(w, "required", f->required);
    if (f->user_text)
        hw_attr(w, "dir", STR("auto"));
    if (f->hint.n > 0 || wrong) {
        struct buf by = buf_on(v->c->arena);
        if (f->hint.n > 0)
            buf_printf(&by, STR_FMT "-hint ", STR_ARG(id));
        if (wrong)
            buf_printf(&by, STR_FMT "-wrong", STR_ARG(id));
        hw_attr(w, "aria-describedby", str_trim(buf_str(&by)));
    }
    if (wrong)
        hw_attr(w, "aria-invalid", STR("true"));
}

void form_field(struct visit *v, const struct field *f)
{
    struct hw *w = &v->w;
    struct str id = arena_strf(v->c->arena, "f-%s", f->id != NULL ? f->id : f->name);
    hw_open_class(w, "div", STR("field"));
    hw_open(w, "label");
    hw_attr(w, "for", id);
    hw_text(w, str_c(f->label));
    hw_close(w, "label");
    put_hint(v, f, id);
    if (f->rows > 0) {
        hw_open(w, "textarea");
        put_common(v, f, id);
        hw_attr_i64(w, "rows", f->rows);
        hw_text(w, f->value);
        hw_close(w, "textarea");
    } else {
        hw_void(w, "input");
        put_common(v, f, id);
        hw_attr(w, "type", str_c(f->type == NULL ? "text" : f->type));
        if (f->autocomplete != NULL)
            hw_attr(w, "autocomplete", str_c(f->autocomplete));
        if (f->inputmode != NULL)
            hw_attr(w, "inputmode", str_c(f->inputmode));
        if (f->value.n > 0)
            hw_attr(w, "value", f->value);
    }
    hw_close(w, "div");
}

void form_proof(struct visit *v, const char *id)
{
    form_field(v, &(struct field){ .name = "password",
                                   .id = id,
                                   .label = "Your password",
                                   .type = "password",
                                   .autocomplete = "current-password",
                                   .required = true });
}

void form_check(struct visit *v, const char *name, struct str label, bool checked, struct str hint)
{
    struct hw *w = &v->w;
    const struct field f = { .name = name, .label = "This", .hint = hint };
    struct str id = arena_strf(v->c->arena, "f-%s", name);
    hw_open_class(w, "div", STR("field check"));
    hw_void(w, "input");
    hw_attr(w, "type", STR("checkbox"));
    hw_attr(w, "value", STR("1"));
    put_common(v, &f, id);
    hw_flag(w, "checked", checked);
    hw_open(w, "label");
    hw_attr(w, "for", id);
    hw_text(w, label);
    hw_close(w, "label");
    put_hint(v, &f, id);
    hw_close(w, "div");
}

void form_choice(struct visit *v, const char *name, const char *label, const struct choice *choices, size_t n,
                 struct str chosen)
{
    form_choice_as(v, name, name, label, choices, n, chosen);
}

void form_choice_as(struct visit *v, const char *own_id, const char *name, const char *label,
                    const struct choice *choices, size_t n, struct str chosen)
{
    struct hw *w = &v->w;
    struct str id = arena_strf(v->c->arena, "f-%s", own_id);
    hw_open_class(w, "div", STR("field"));
    hw_open(w, "label");
    hw_attr(w, "for", id);
    hw_text(w, str_c(label));
    hw_close(w, "label");
    hw_open(w, "select");
    hw_attr(w, "id", id);
    hw_attr(w, "name", str_c(name));
    for (size_t i = 0; i < n; i++) {
        hw_open(w, "option");
        hw_attr(w, "value", choices[i].value);
        hw_flag(w, "selected", str_eq(choices[i].value, chosen));
        hw_text(w, choices[i].label);
        hw_close(w, "option");
    }
    hw_close(w, "select");
    hw_close(w, "div");
}

void form_language(struct visit *v, const char *name, const char *label, struct str chosen)
{
    struct lang_name *names = NULL;
    size_t n = lang_names(v->c->arena, &names);
    struct choice *c = ARENA_ARRAY(v->c->arena, n + 2, struct choice);
    size_t m = 0;
    bool known = chosen.n == 0;
    c[m++] = (struct choice){ STR(""), STR("Not said") };
    for (size_t i = 0; i < n; i++) {
        known = known || str_eq(names[i].code, chosen);
        c[m++] = (struct choice){ names[i].code, names[i].name };
    }
    if (!known)
        c[m++] = (struct choice){ chosen, chosen };
    form_choice(v, name, label, c, m, chosen);
}

void form_button(struct visit *v, struct str class_name, const char *name, struct str value, struct str label)
{
    struct hw *w = &v->w;
    hw_open_class(w, "button", class_name);
    if (name != NULL) {
        hw_attr(w, "name", str_c(name));
        hw_attr(w, "value", value);
    }
    hw_text(w, label);
    hw_close(w, "button");
    hw_text(w, STR(" "));
}

void form_submit(struct visit *v, struct str label)
{
    form_button(v, STR("btn p"), NULL, STR(""), label);
}

void form_refused(struct visit *v)
{
    struct hw *w = &v->w;
    if (v->c->says.n == 0)
        return;
    hw_open_class(w, "div", STR("note bad"));
    hw_attr(w, "role", STR("alert"));
    struct str says = v->c->says;
    if (str_starts(says, STR("Validation failed: "))) /* what programs are told before the reason */
        says = str_skip(says, STR("Validation failed: ").n);
    hw_el(w, "p", v->c->fields != NULL ? STR("Not yet: please look at what is marked below.") : says);
    hw_close(w, "div");
}

bool form_takes(struct visit *v, enum err e)
{
    if (e == OK || e == ERR_AGAIN || e == ERR_INTERNAL || e == ERR_COLD)
        return false;
    v->r->status = http_status_of(e);
    if (v->c->retry_after_s > 0)
        http_res_header(v->r, STR("Retry-After"), id_text(v->c->arena, v->c->retry_after_s));
    return true;
}
