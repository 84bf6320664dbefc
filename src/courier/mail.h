/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"

/* Sends one e-mail: through a relay, or, for development, into a file. Blocks; called by jobs only. */
struct mail_options {
    bool to_log; /* true: append to log_path instead of sending */
    struct str log_path;
    struct str from;      /* address of the sender */
    struct str from_name; /* shown before it */
    struct str domain;    /* of this site: greeting and Message-ID */
    struct str host;
    int64_t port;
    struct str tls; /* none, starttls, tls */
    struct str user;
    struct str password;
};

struct mail {
    struct str to;      /* one address, checked by core/email.h when it was stored */
    struct str subject; /* UTF-8, one line */
    struct str text;    /* UTF-8, LF line ends */
};

/* OK: the relay has taken it, or it is in the file. ERR_INVALID: it will never be taken (a refused recipient, an
   address with control characters). ERR_UNAVAILABLE: try again later. c->says tells why. */
enum err mail_send(struct ctx *c, const struct mail_options *o, const struct mail *m) NODISCARD;

/* The message as it is sent (RFC 5322, 2045, 2047; text in base64, so no line is too long and no dot is special). */
struct str mail_message(struct ctx *c, const struct mail_options *o, const struct mail *m) NODISCARD;
