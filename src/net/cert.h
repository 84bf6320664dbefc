/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"

/* The certificate of the TLS listener: what two files hold, and the context that handshakes take. It is replaced while
   the server runs: handshakes that began keep the old one, a replacement that is not good is refused and told of.
   Runs on: any thread. */
struct cert;
struct ssl_st;

/* What there is to tell of one; all texts live on the asker's arena. */
struct cert_info {
    struct str certificate; /* the file */
    struct str key;
    struct str names; /* "harbour.example, www.harbour.example" */
    struct str issuer;
    struct str kind;        /* "RSA 2048" */
    struct str fingerprint; /* SHA-256, hexadecimal */
    int64_t from_ms;
    int64_t until_ms;
    int64_t loaded_ms;
    struct str refused; /* why what the files hold now is not taken; p == NULL: it is */
};

/* Reads and checks: a chain in PEM, its leaf first; a key without a password, and the leaf's. ERR_INVALID with key,
   value and what is allowed. An expired one is read, too: what that means is the caller's to say. */
enum err cert_read(struct ctx *c, struct str certificate, struct str key, struct cert **out) NODISCARD;
void cert_free(struct cert **k);
void cert_tell(struct arena *a, const struct cert *k, struct cert_info *out); /* but for files and times of loading */
int64_t cert_until_ms(const struct cert *k);
struct ssl_st *cert_ssl(const struct cert *k); /* for one handshake; NULL: no memory */
struct cert *cert_anew(const struct cert *k);  /* the same, whose tickets have a secret of their own; NULL: no memory */
bool cert_is_for(struct arena *a, const struct cert *k, struct str host);
/* "has expired on ...", "is not valid before ..."; p == NULL: it is valid. */
struct str cert_fault(struct arena *a, const struct cert *k, int64_t now_ms) NODISCARD;

/* The one in use. */
struct cert_box;
enum err cert_box_open(struct ctx *c, struct str certificate, struct str key, struct cert_box **out) NODISCARD;
void cert_box_close(struct cert_box **b);
/* Reads both files again, from other places if they are given; ERR_INVALID: the old one stays. Logs what came of it,
   the same refusal once. */
enum err cert_box_reload(struct ctx *c, struct cert_box *b, struct str certificate, struct str key) NODISCARD;
/* To be called once a minute or so: reloads if the files changed, or could not be taken. Once a day the secret of
   session tickets is a new one. */
void cert_box_look(struct ctx *c, struct cert_box *b);
void cert_box_tell(struct cert_box *b, struct arena *a, struct cert_info *out);
int64_t cert_box_until_ms(struct cert_box *b, bool *is_refused);
struct ssl_st *cert_box_ssl(struct cert_box *b);
