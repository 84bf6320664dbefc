/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/str.h"

struct db;
struct account;
struct session;
struct site;
struct feed;
struct idgen;
struct field_errors;
struct limiter;
struct live;
struct news;
struct site_box;
struct translator;
struct tx_after;

enum err {
    OK = 0,
    ERR_INVALID,         /* 422: the request says something that is not allowed */
    ERR_MALFORMED,       /* 400: the request cannot be read */
    ERR_UNAUTHENTICATED, /* 401 */
    ERR_FORBIDDEN,       /* 403 */
    ERR_NOT_FOUND,       /* 404 */
    ERR_GONE,            /* 410 */
    ERR_CONFLICT,        /* 409: a unique key is taken */
    ERR_TOO_LARGE,       /* 413 */
    ERR_TOO_MANY,        /* 429 */
    ERR_AGAIN,           /* a transaction lost a race (deadlock, serialization): whoever runs the unit runs it again */
    ERR_COLD,            /* not in memory: a handler that runs on a loop thread gives way to a worker */
    ERR_UNAVAILABLE,     /* 503: the mode of the server forbids it, or it is draining */
    ERR_NO_SPACE,        /* 507 */
    ERR_INTERNAL,        /* 500 */
};
#define RACES_MAX 4 /* how often a unit is run that ends with ERR_AGAIN */

/* One unit of work: a request, a job, a command of the console or a test. Lives on one thread. */
struct ctx {
    struct arena *arena;
    struct db *db;                 /* lent for the length of the work; NULL on a loop thread */
    struct feed *feed;             /* the hot set; shared, never NULL in the server */
    const struct site *site;       /* the configuration; shared, immutable while the work runs */
    struct site_box *sites;        /* where a change of the settings is published (core/site.h) */
    struct limiter *limiter;       /* shared counters of requests; NULL: nothing is limited */
    struct idgen *idgen;           /* shared source of ids */
    struct news *news;             /* what open streams are told (store/news.h); NULL: nobody is */
    struct live *live;             /* the open streams (api/live.h); NULL: none are taken */
    struct translator *translator; /* courier/translator.h; NULL: nothing is translated */
    struct tx_after *after;        /* what follows if the open transaction commits (store/tx.h) */
    struct tx_after *done;         /* what follows from those that did, at the end of the work */
    int64_t now_ms;                /* the only clock that rules may read: milliseconds since 1970 */
    uint64_t rng[4];               /* the only dice; state of rand_* (base/rng.h), seeded per unit */
    const struct account *me;      /* who asks; NULL: nobody */
    const struct session *session; /* the token or cookie they ask with; NULL: none */
    struct str ip;                 /* the address they ask from, textual; empty: not from the network */
    struct str id;                 /* of the request or job, for the log */
    struct str says;               /* client-safe text of the last failure */
    struct field_errors *fields;   /* per-field reasons of the last ERR_INVALID; NULL: none */
    int64_t retry_after_s;         /* with ERR_TOO_MANY and ERR_UNAVAILABLE; 0: not said */
};

/* One field that was refused, as the client API's "details" shows it: field "username", code "ERR_TAKEN". */
struct field_errors {
    struct field_errors *next;
    struct str field;
    struct str code;
    struct str description;
};

/* Expected failure: the text goes to the client. */
enum err fail(struct ctx *c, enum err e, const char *fmt, ...) PRINTF(3, 4) NODISCARD;
/* Broken machine: the text goes to the log, once; the client sees a generic line. */
enum err fail_internal(struct ctx *c, const char *fmt, ...) PRINTF(2, 3) NODISCARD;
/* Adds a field's reason; the caller collects them all and then fails with ERR_INVALID. */
void fail_field(struct ctx *c, struct str field, struct str code, struct str description);

#define TRY(call)             \
    do {                      \
        enum err e_ = (call); \
        if (e_ != OK)         \
            return e_;        \
    } while (0)
