/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/arena.h"
#include "base/attr.h"
#include "base/str.h"

/* Sends one RFC 5322 message to one recipient through an SMTP relay (RFC 5321, libcurl). One transaction a recipient:
   with several, libcurl loses who was refused. Blocks up to timeout_s. Runs on: any thread that may block. */
enum smtp_tls { SMTP_TLS_NONE, SMTP_TLS_STARTTLS, SMTP_TLS_IMPLICIT }; /* with the last two it is that or nothing */

struct smtp_relay {
    struct str host;
    int port;
    enum smtp_tls tls;
    struct str ca_file; /* PEM; p == NULL: the system's authorities */
    struct str user;    /* p == NULL: no authentication */
    struct str password;
    struct str helo; /* the name we greet with: our domain */
    int timeout_s;   /* default 30 */
};

enum smtp_result {
    SMTP_SENT,
    SMTP_TEMPORARY,   /* 4xx, or it broke off after the message was sent (it may have arrived): try again later */
    SMTP_PERMANENT,   /* 5xx on the recipient or the message, or an address that cannot be written: do not try again */
    SMTP_DENIED,      /* 5xx before the recipient was named: the relay does not serve us (password, sender, policy) */
    SMTP_UNREACHABLE, /* no connection, no TLS, no greeting */
};

/* Line ends of `message` may be LF or CRLF. `from` may be empty (a bounce). *said: the relay's last words, or curl's.
 */
enum smtp_result smtp_send(struct arena *a, const struct smtp_relay *r, struct str from, struct str to,
                           struct str message, struct str *said) NODISCARD;
