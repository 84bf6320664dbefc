/* SPDX-License-Identifier: Apache-2.0 */
#include "net/cert.h"

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/buf.h"
#include "base/clock.h"

#define NAMES_SHOWN 20

struct cert {
    SSL_CTX *tls;
    int64_t from_ms;
    int64_t until_ms;
};

static X509 *leaf_of(const struct cert *k)
{
    return SSL_CTX_get0_certificate(k->tls);
}

/* --- the context --- */

/* http/1.1 or nothing: whoever offers only what we do not speak is told so (RFC 7301 3.2). */
static int choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *out_n, const unsigned char *in,
                           unsigned in_n, void *arg)
{
    static const unsigned char ours[] = "\x08http/1.1";
    (void)ssl;
    (void)arg;
    for (unsigned i = 0; i < in_n; i += in[i] + 1U) {
        if (in_n - i < sizeof ours - 1 || memcmp(in + i, ours, sizeof ours - 1) != 0)
            continue;
        *out = in + i + 1;
        *out_n = in[i];
        return SSL_TLSEXT_ERR_OK;
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

/* Ciphers, curves and the size of keys are the library's own choice; sessions live in tickets, not in our memory. */
static SSL_CTX *context_new(void)
{
    SSL_CTX *tls = SSL_CTX_new(TLS_server_method());
    if (tls == NULL || SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION) != 1)
        abort(); /* no memory */
    (void)SSL_CTX_set_options(tls, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF);
    (void)SSL_CTX_set_mode(tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER
                                    | SSL_MODE_RELEASE_BUFFERS);
    (void)SSL_CTX_set_session_cache_mode(tls, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_read_ahead(tls, 1);
    SSL_CTX_set_alpn_select_cb(tls, choose_protocol, NULL);
    return tls;
}

static const char *reason(void)
{
    const char *why = ERR_reason_error_string(ERR_peek_last_error());
    return why == NULL ? "unreadable" : why;
}

static enum err open_file(struct ctx *c, const char *name, struct str path, FILE **out)
{
    *out = fopen(arena_cstr(c->arena, path), "re");
    return *out != NULL ? OK
                        : fail(c, ERR_INVALID,
                               "%s = '" STR_FMT "' is not allowed: it must be a file that the server may read (%s)",
                               name, STR_ARG(path), strerror(errno));
}

static enum err read_chain(struct ctx *c, SSL_CTX *tls, struct str path)
{
    FILE *f = NULL;
    TRY(open_file(c, "tls_certificate", path, &f));
    (void)fclose(f);
    if (SSL_CTX_use_certificate_chain_file(tls, arena_cstr(c->arena, path)) == 1)
        return OK;
    return fail(c, ERR_INVALID,
                "tls_certificate = '" STR_FMT
                "' is not allowed: it must be a file in PEM with the server's certificate "
                "first and its intermediates behind it (%s)",
                STR_ARG(path), reason());
}

/* Nobody is there to be asked. */
static int no_password(char *out, int room, int writing, void *arg)
{
    (void)out;
    (void)room;
    (void)writing;
    (void)arg;
    return -1;
}

static enum err read_key(struct ctx *c, SSL_CTX *tls, struct str path, struct str certificate)
{
    FILE *f = NULL;
    TRY(open_file(c, "tls_key", path, &f));
    EVP_PKEY *key = PEM_read_PrivateKey(f, NULL, no_password, NULL);
    (void)fclose(f);
    if (key == NULL)
        return fail(c, ERR_INVALID,
                    "tls_key = '" STR_FMT "' is not allowed: it must be a private key in PEM, without a password (%s)",
                    STR_ARG(path), reason());
    bool fits = X509_check_private_key(SSL_CTX_get0_certificate(tls), key) == 1;
    bool taken = fits && SSL_CTX_use_PrivateKey(tls, key) == 1;
    EVP_PKEY_free(key);
    if (!fits)
        return fail(c, ERR_INVALID,
                    "tls_key = '" STR_FMT "' is not allowed: it must be the key of the certificate in '" STR_FMT "'",
                    STR_ARG(path), STR_ARG(certificate));
    return taken ? OK : fail(c, ERR_INVALID, "tls_key = '" STR_FMT "' is not allowed: %s", STR_ARG(path), reason());
}

static int64_t time_of(const ASN1_TIME *t)
{
    struct tm parts = { 0 };
    return ASN1_TIME_to_tm(t, &parts) == 1 ? (int64_t)timegm(&parts) * SECOND_MS : 0;
}

static struct cert *cert_of(SSL_CTX *tls)
{
    struct cert *k = calloc(1, sizeof *k);
    const X509 *leaf = SSL_CTX_get0_certificate(tls);
    if (k == NULL)
        abort();
    *k = (struct cert){ tls, time_of(X509_get0_notBefore(leaf)), time_of(X509_get0_notAfter(leaf)) };
    return k;
}

static enum err read_both(struct ctx *c, SSL_CTX *tls, struct str certificate, struct str key)
{
    TRY(read_chain(c, tls, certificate));
    return read_key(c, tls, key, certificate);
}

enum err cert_read(struct ctx *c, struct str certificate, struct str key, struct cert **out)
{
    SSL_CTX *tls = context_new();
    ERR_clear_error();
    enum err e = read_both(c, tls, certificate, key);
    ERR_clear_error();
    if (e != OK)
        SSL_CTX_free(tls);
    else
        *out = cert_of(tls);
    return e;
}

void cert_free(struct cert **k)
{
    if (*k == NULL)
        return;
    SSL_CTX_free((*k)->tls); /* handshakes and connections that began with it hold it on */
    free(*k);
    *k = NULL;
}

struct cert *cert_anew(const struct cert *k)
{
    STACK_OF(X509) *chain = NULL;
    SSL_CTX *tls = context_new();
    (void)SSL_CTX_get0_chain_certs(k->tls, &chain);
    if (SSL_CTX_use_cert_and_key(tls, leaf_of(k), SSL_CTX_get0_privatekey(k->tls), chain, 1) == 1)
        return cert_of(tls);
    SSL_CTX_free(tls);
    return NULL;
}

SSL *cert_ssl(const struct cert *k)
{
    return SSL_new(k->tls);
}

/* --- telling --- */

static void put_name(struct buf *b, const GENERAL_NAME *n)
{
    char ip[INET6_ADDRSTRLEN] = "";
    if (n->type == GEN_DNS) {
        buf_printf(b, "%s%.*s", b->n == 0 ? "" : ", ", ASN1_STRING_length(n->d.dNSName),
                   (const char *)ASN1_STRING_get0_data(n->d.dNSName));
        return;
    }
    if (n->type != GEN_IPADD)
        return;
    int family = ASN1_STRING_length(n->d.iPAddress) == 4 ? AF_INET : AF_INET6;
    if (inet_ntop(family, ASN1_STRING_get0_data(n->d.iPAddress), ip, sizeof ip) != NULL)
        buf_printf(b, "%s%s", b->n == 0 ? "" : ", ", ip);
}

static struct str names_of(struct arena *a, X509 *leaf)
{
    struct buf b = buf_on(a);
    GENERAL_NAMES *all = X509_get_ext_d2i(leaf, NID_subject_alt_name, NULL, NULL);
    for (int i = 0; i < sk_GENERAL_NAME_num(all) && i < NAMES_SHOWN; i++)
        put_name(&b, sk_GENERAL_NAME_value(all, i));
    GENERAL_NAMES_free(all);
    return str_is_utf8(buf_str(&b)) ? buf_str(&b) : STR("");
}

static struct str kind_of(struct arena *a, X509 *leaf)
{
    const EVP_PKEY *key = X509_get0_pubkey(leaf);
    const char *name = key == NULL ? NULL : EVP_PKEY_get0_type_name(key);
    return name == NULL ? STR("unknown") : arena_strf(a, "%s %d", name, EVP_PKEY_get_bits(key));
}

static struct str fingerprint_of(struct arena *a, X509 *leaf)
{
    unsigned char md[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    struct buf b = buf_on(a);
    if (X509_digest(leaf, EVP_sha256(), md, &n) != 1)
        return STR("");
    for (unsigned i = 0; i < n; i++)
        buf_printf(&b, "%02x", md[i]);
    return buf_str(&b);
}

void cert_tell(struct arena *a, const struct cert *k, struct cert_info *out)
{
    X509 *leaf = leaf_of(k);
    char *issuer = X509_NAME_oneline(X509_get_issuer_name(leaf), NULL, 0); /* ASCII, whatever is in it */
    *out = (struct cert_info){
        .names = names_of(a, leaf),
        .issuer = arena_str(a, issuer == NULL ? STR("") : str_c(issuer)),
        .kind = kind_of(a, leaf),
        .fingerprint = fingerprint_of(a, leaf),
        .from_ms = k->from_ms,
        .until_ms = k->until_ms,
    };
    OPENSSL_free(issuer);
}

int64_t cert_until_ms(const struct cert *k)
{
    return k->until_ms;
}

bool cert_is_for(struct arena *a, const struct cert *k, struct str host)
{
    const char *name = arena_cstr(a, host);
    return X509_check_host(leaf_of(k), name, host.n, 0, NULL) == 1 || X509_check_ip_asc(leaf_of(k), name, 0) == 1;
}

struct str cert_fault(struct arena *a, const struct cert *k, int64_t now_ms)
{
    bool late = k->until_ms <= now_ms;
    struct str when = clock_iso(a, late ? k->until_ms : k->from_ms);
    if (!late && k->from_ms <= now_ms)
        return (struct str){ 0 };
    return arena_strf(a, late ? "has expired on " STR_FMT : "is not valid before " STR_FMT, STR_ARG(when));
}
