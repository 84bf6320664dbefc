/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "pages/visit.h"

/* Forms. Every POST carries a token that only a page of ours in the same browser could have got: 16 random bytes and
   their BLAKE2b keyed with the site's master key and the session (or, before there is one, a cookie of the browser).
   Random, so that compression gives nothing away. */
void form_open(struct visit *v, struct str action, struct str class_name);        /* POST */
void form_open_upload(struct visit *v, struct str action, struct str class_name); /* POST, multipart */
/* With what a script is to do and know (pages/passkeys.h); `now`: without being asked. */
void form_open_with(struct visit *v, struct str action, struct str class_name, const char *passkey, struct str options,
                    bool now);
void form_close(struct visit *v);
void form_hidden(struct visit *v, const char *name, struct str value);
bool form_token_ok(struct visit *v);

struct field {
    const char *name;
    const char *id; /* NULL: made of the name; for two fields of one name on a page */
    const char *label;
    const char *type;         /* NULL: text */
    const char *autocomplete; /* NULL: off */
    const char *inputmode;    /* NULL: none */
    struct str hint;
    struct str value;
    int64_t max;  /* characters; 0: not said */
    int64_t rows; /* > 0: a text area */
    bool required;
    bool user_text; /* dir=auto */
};
/* Label, hint, input and what was wrong with it. */
void form_field(struct visit *v, const struct field *f);
/* The own password once more; `id` where a page has several, or NULL. */
void form_proof(struct visit *v, const char *id);
void form_check(struct visit *v, const char *name, struct str label, bool checked, struct str hint);

struct choice {
    struct str value;
    struct str label;
};
void form_choice(struct visit *v, const char *name, const char *label, const struct choice *choices, size_t n,
                 struct str chosen);
/* The same with an id of its own, for two fields of one name on a page. */
void form_choice_as(struct visit *v, const char *id, const char *name, const char *label, const struct choice *choices,
                    size_t n, struct str chosen);
/* All languages with a two-letter code, each by its own name. */
void form_language(struct visit *v, const char *name, const char *label, struct str chosen);
void form_submit(struct visit *v, struct str label);
void form_button(struct visit *v, struct str class_name, const char *name, struct str value, struct str label);
/* Above a form that was sent and refused: the reasons. Nothing when there are none. */
void form_refused(struct visit *v);
/* A form whose failure is told on the form itself, with what was typed still in it: sets the status. False: the failure
   is not the form's. */
bool form_takes(struct visit *v, enum err e);
