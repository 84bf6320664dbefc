/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/ssl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/locks.h"
#include "base/log.h"
#include "net/cert.h"

#define TICKETS_MS DAY_MS

/* By what a file is known to have changed. */
struct stamp {
    dev_t device;
    ino_t inode;
    off_t size;
    struct timespec changed;
};

/* The files as they were tried last. */
struct tried {
    struct arena *arena;
    struct str certificate;
    struct str key;
    struct stamp stamps[2];
    struct str refused; /* why it was not taken; p == NULL: it was */
};

struct cert_box {
    struct lock lock;
    struct cert *now;
    struct tried tried;
    int64_t loaded_ms;
    int64_t tickets_ms;
};

static struct stamp stamp_of(const char *path)
{
    struct stat s;
    if (stat(path, &s) != 0)
        return (struct stamp){ 0 };
    return (struct stamp){ s.st_dev, s.st_ino, s.st_size, s.st_ctim };
}

static bool is_same(const struct stamp *a, const struct stamp *b)
{
    return a->device == b->device && a->inode == b->inode && a->size == b->size
           && a->changed.tv_sec == b->changed.tv_sec && a->changed.tv_nsec == b->changed.tv_nsec;
}

/* Stamped before they are read: what changes meanwhile is read again. */
static struct tried tried_of(struct str certificate, struct str key)
{
    struct tried t = { .arena = arena_new() };
    t.certificate = arena_str(t.arena, certificate);
    t.key = arena_str(t.arena, key);
    t.stamps[0] = stamp_of(t.certificate.p);
    t.stamps[1] = stamp_of(t.key.p);
    return t;
}

static void warn_of_dates(struct ctx *c, const struct cert *k, struct str certificate)
{
    struct str fault = cert_fault(c->arena, k, c->now_ms);
    if (fault.p != NULL)
        log_warn(c->id, "the certificate in " STR_FMT " " STR_FMT ": browsers and apps will not connect",
                 STR_ARG(certificate), STR_ARG(fault));
}

enum err cert_box_open(struct ctx *c, struct str certificate, struct str key, struct cert_box **out)
{
    struct tried t = tried_of(certificate, key);
    struct cert *k = NULL;
    enum err e = cert_read(c, certificate, key, &k);
    if (e != OK) {
        arena_free(&t.arena);
        return e;
    }
    struct cert_box *b = calloc(1, sizeof *b);
    if (b == NULL)
        abort();
    *b = (struct cert_box){ .now = k, .tried = t, .loaded_ms = c->now_ms, .tickets_ms = c->now_ms };
    lock_init(&b->lock, LOCK_NET_CERT);
    warn_of_dates(c, k, certificate);
    *out = b;
    return OK;
}

void cert_box_close(struct cert_box **b)
{
    if (*b == NULL)
        return;
    cert_free(&(*b)->now);
    arena_free(&(*b)->tried.arena);
    lock_fini(&(*b)->lock);
    free(*b);
    *b = NULL;
}

/* One that nobody accepts does not take the place of one that is accepted. */
static enum err check_dates(struct ctx *c, struct cert_box *b, const struct cert *k, struct str certificate)
{
    struct str fault = cert_fault(c->arena, k, c->now_ms);
    LOCKED(&b->lock);
    if (fault.p == NULL || cert_fault(c->arena, b->now, c->now_ms).p != NULL)
        return OK;
    return fail(c, ERR_INVALID, "tls_certificate = '" STR_FMT "' is not allowed: it must be valid now (it " STR_FMT ")",
                STR_ARG(certificate), STR_ARG(fault));
}

/* True: it was not known yet that these files are refused, and why. */
static bool settle(struct ctx *c, struct cert_box *b, struct tried *t, struct cert **k)
{
    LOCKED(&b->lock);
    struct tried before = b->tried;
    bool is_news = before.refused.p == NULL || t->refused.p == NULL || !str_eq(before.refused, t->refused);
    b->tried = *t;
    arena_free(&before.arena);
    if (*k == NULL)
        return is_news;
    struct cert *old = b->now;
    b->now = *k;
    *k = old;
    b->loaded_ms = b->tickets_ms = c->now_ms;
    return true;
}

static struct tried next_of(struct cert_box *b, struct str certificate, struct str key)
{
    LOCKED(&b->lock);
    return tried_of(certificate.p == NULL ? b->tried.certificate : certificate, key.p == NULL ? b->tried.key : key);
}

enum err cert_box_reload(struct ctx *c, struct cert_box *b, struct str certificate, struct str key)
{
    struct cert *k = NULL;
    struct tried t = next_of(b, certificate, key);
    certificate = arena_str(c->arena, t.certificate);
    enum err e = cert_read(c, t.certificate, t.key, &k);
    if (e == OK)
        e = check_dates(c, b, k, certificate);
    if (e == OK)
        warn_of_dates(c, k, certificate);
    else
        cert_free(&k);
    t.refused = e == OK ? (struct str){ 0 } : arena_str(t.arena, c->says);
    bool is_news = settle(c, b, &t, &k);
    cert_free(&k); /* the old one */
    if (e != OK && is_news)
        log_warn(c->id, "the certificate in use is kept: " STR_FMT, STR_ARG(c->says));
    else if (e == OK)
        log_info(c->id, "the certificate in " STR_FMT " is in use", STR_ARG(certificate));
    return e;
}

static bool is_due(struct cert_box *b)
{
    LOCKED(&b->lock);
    struct stamp certificate = stamp_of(b->tried.certificate.p);
    struct stamp key = stamp_of(b->tried.key.p);
    return b->tried.refused.p != NULL || !is_same(&certificate, &b->tried.stamps[0])
           || !is_same(&key, &b->tried.stamps[1]);
}

/* Whoever learns the secret of the tickets later opens a day's resumed sessions at most. */
static void renew_tickets(const struct ctx *c, struct cert_box *b)
{
    LOCKED(&b->lock);
    if (c->now_ms - b->tickets_ms < TICKETS_MS && c->now_ms >= b->tickets_ms)
        return;
    struct cert *k = cert_anew(b->now);
    b->tickets_ms = c->now_ms;
    if (k == NULL)
        return;
    cert_free(&b->now);
    b->now = k;
}

void cert_box_look(struct ctx *c, struct cert_box *b)
{
    if (!is_due(b) || cert_box_reload(c, b, (struct str){ 0 }, (struct str){ 0 }) != OK)
        renew_tickets(c, b);
}

void cert_box_tell(struct cert_box *b, struct arena *a, struct cert_info *out)
{
    LOCKED(&b->lock);
    cert_tell(a, b->now, out);
    out->certificate = arena_str(a, b->tried.certificate);
    out->key = arena_str(a, b->tried.key);
    out->loaded_ms = b->loaded_ms;
    if (b->tried.refused.p != NULL)
        out->refused = arena_str(a, b->tried.refused);
}

int64_t cert_box_until_ms(struct cert_box *b, bool *is_refused)
{
    LOCKED(&b->lock);
    *is_refused = b->tried.refused.p != NULL;
    return cert_until_ms(b->now);
}

SSL *cert_box_ssl(struct cert_box *b)
{
    LOCKED(&b->lock);
    return cert_ssl(b->now);
}
