/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "base/jw.h"

/* The TLS listener of the running server and its certificate (net/tls.h, net/cert.h). */
#define SECURE_WARN_DAYS 14 /* before the end of a certificate */

struct config;
struct server;
enum err secure_check(struct ctx *c, const struct config *k, struct str *warning) NODISCARD; /* reads the two files */
/* The first before the server takes requests: what is wrong with the certificate is said before anybody is served. */
enum err secure_open(struct ctx *c, struct server *s) NODISCARD;
enum err secure_start(struct ctx *c, struct server *s) NODISCARD;
/* Reads the certificate again, from where `now` says; NULL: from where it was. Without a TLS listener: nothing. */
enum err secure_reload(struct ctx *c, struct server *s, const struct config *now) NODISCARD;
void secure_look(struct ctx *c,
                 struct server *s); /* once a minute: whether files changed; warns once a day of the end */
void secure_gauges(const struct server *s);
