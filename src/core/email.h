/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "core/name.h"

#define EMAIL_MAX       254 /* RFC 5321, 4.5.3.1.3, less the angle brackets */
#define EMAIL_LOCAL_MAX 64  /* RFC 5321, 4.5.3.1.1 */

/* An address as the envelope wants it: its case kept before the @, the domain lower-case ASCII (IDNA 2008). */
struct email {
    struct str address;
    struct str claim; /* all lower case: one address, one account */
    struct str domain;
};
/* A host name with a dot, or "localhost": in any case and script, out in lower-case ASCII (IDNA 2008). False: it is
 * none. */
bool domain_parse(struct arena *a, struct str in, struct str *out);
/* White space around it is dropped. Plain local parts only (RFC 5321 Dot-string, ASCII); the domain has a dot, or is
   "localhost"; no address literals. What else is not an e-mail address is refused. */
enum name_fault email_parse(struct arena *a, struct str in, struct email *out);
