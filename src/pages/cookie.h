/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "pages/visit.h"

/* Cookies of the pages: the sign-in, and what binds the forms of strangers to their browser. HttpOnly, SameSite=Lax; on
   https also Secure and with the __Host- prefix (draft-ietf-httpbis-rfc6265bis, 4.1.3.2). */
#define COOKIE_DAYS 180

struct str cookie_session(const struct visit *v); /* p == NULL: none */
void cookie_set_session(struct visit *v, struct str secret);
void cookie_clear_session(struct visit *v);
struct str cookie_form(const struct visit *v);
void cookie_set_form(struct visit *v, struct str value);
