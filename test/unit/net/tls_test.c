/* SPDX-License-Identifier: Apache-2.0 */
#include "net/tls.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "check.h"
#include "net/cert.h"
#include "net/server.h"

#define CLIENTS 8
#define ROUNDS  40

/* A TLS listener before a small HTTP server, and the two files of its certificate. */
struct rig {
    struct ctx c;
    char folder[40];
    struct str certificate;
    struct str key;
    struct cert_box *certs;
    struct net_server *net;
    struct tls *tls;
    _Atomic int served;
    _Atomic int bad;
    _Atomic bool is_over;
};

static void handle(void *arg, int w, const struct http_req *q, struct http_res *r)
{
    struct rig *g = arg;
    (void)w;
    g->served++;
    r->status = 200;
    r->type = STR("text/plain");
    r->body = arena_strf(r->arena, STR_FMT " " STR_FMT, STR_ARG(q->scheme), STR_ARG(q->ip));
}

/* Self-signed, for localhost; it ends in so many days. */
static void write_pair(const struct rig *g, int days)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *x = X509_new();
    CHECK(key != NULL && x != NULL);
    (void)X509_set_version(x, X509_VERSION_3);
    (void)ASN1_INTEGER_set(X509_get_serialNumber(x), days);
    (void)X509_gmtime_adj(X509_getm_notBefore(x), -86400L * 400);
    (void)X509_gmtime_adj(X509_getm_notAfter(x), 86400L * days);
    X509_NAME *name = X509_get_subject_name(x);
    (void)X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"localhost", -1, -1, 0);
    (void)X509_set_issuer_name(x, name);
    X509_EXTENSION *san = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, "DNS:localhost, IP:127.0.0.1");
    (void)X509_add_ext(x, san, -1);
    X509_EXTENSION_free(san);
    (void)X509_set_pubkey(x, key);
    CHECK(X509_sign(x, key, EVP_sha256()) > 0);
    FILE *f = fopen(g->certificate.p, "w");
    CHECK(f != NULL && PEM_write_X509(f, x) == 1 && fclose(f) == 0);
    f = fopen(g->key.p, "w");
    CHECK(f != NULL && PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL) == 1 && fclose(f) == 0);
    X509_free(x);
    EVP_PKEY_free(key);
}

static void rig_open(struct rig *g)
{
    struct net_options n = { .listen = STR("127.0.0.1:0"),
                             .loops = 2,
                             .workers = 2,
                             .writers = 2,
                             .queue_max = 64,
                             .connections_max = 200,
                             .header_max = 8192,
                             .body_max = 65536,
                             .idle_timeout_s = 5,
                             .has_tls = true,
                             .arg = g,
                             .handle = handle };
    g->c = (struct ctx){ .arena = arena_new(), .now_ms = clock_now_ms(), .id = STR("test") };
    (void)snprintf(g->folder, sizeof g->folder, "/tmp/parley-tls-XXXXXX");
    CHECK(mkdtemp(g->folder) != NULL);
    g->certificate = arena_strf(g->c.arena, "%s/cert.pem", g->folder);
    g->key = arena_strf(g->c.arena, "%s/key.pem", g->folder);
    write_pair(g, 90);
    CHECK(cert_box_open(&g->c, g->certificate, g->key, &g->certs) == OK);
    struct tls_options o = { .listen = STR("127.0.0.1:0"),
                             .threads = 2,
                             .connections_max = 100,
                             .handshakes_max = 32,
                             .handshake_timeout_s = 5,
                             .idle_timeout_s = 5,
                             .certs = g->certs };
    CHECK(net_server_start(&g->c, &n, &g->net) == OK);
    CHECK(tls_open(&g->c, &o, &g->tls) == OK);
    CHECK(tls_start(&g->c, g->tls, g->net) == OK);
}

static void rig_close(struct rig *g)
{
    struct tls_stats s = { 0 };
    tls_close_door(g->tls);
    net_server_stop(&g->net);
    tls_stats(g->tls, &s);
    CHECK(s.connections >= 0 && s.handshakes == 0);
    tls_stop(&g->tls);
    cert_box_close(&g->certs);
    (void)unlink(g->certificate.p);
    (void)unlink(g->key.p);
    (void)rmdir(g->folder);
    arena_free(&g->c.arena);
}

static int dial(int port)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&to, sizeof to) != 0) {
        (void)close(fd);
        fd = -1;
    }
    return fd;
}

/* One request over a connection of its own; "" when it fails. *serial: of the certificate that was shown. */
static void ask(const struct rig *g, SSL_CTX *tls, char out[512], int *serial)
{
    size_t n = 0;
    int fd = dial(tls_port(g->tls));
    SSL *ssl = SSL_new(tls);
    out[0] = '\0';
    (void)SSL_set_fd(ssl, fd);
    if (fd >= 0 && SSL_connect(ssl) == 1) {
        static const char request[] = "GET /x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        X509 *x = SSL_get1_peer_certificate(ssl);
        *serial = (int)ASN1_INTEGER_get(X509_get_serialNumber(x));
        X509_free(x);
        (void)SSL_write(ssl, request, sizeof request - 1);
        for (int got = 1; got > 0 && n < 511;) {
            got = SSL_read(ssl, out + n, (int)(511 - n));
            n += got > 0 ? (size_t)got : 0;
        }
        out[n] = '\0';
        (void)SSL_shutdown(ssl);
    }
    SSL_free(ssl);
    ERR_clear_error();
    if (fd >= 0)
        (void)close(fd);
}

static void *ask_on(void *arg)
{
    struct rig *g = arg;
    SSL_CTX *tls = SSL_CTX_new(TLS_client_method());
    intptr_t bad = 0;
    for (int i = 0; i < ROUNDS; i++) {
        char text[512];
        int serial = 0;
        ask(g, tls, text, &serial);
        if (strstr(text, "https 127.0.0.1") == NULL || (serial != 90 && serial != 91))
            bad++;
    }
    SSL_CTX_free(tls);
    return (void *)bad;
}

static void *reload_on(void *arg)
{
    struct rig *g = arg;
    for (int i = 0; !g->is_over; i++) {
        struct ctx c = { .arena = arena_new(), .now_ms = clock_now_ms() + (i % 5 == 0 ? 2 * DAY_MS : 0) };
        struct str same = { 0 };
        struct cert_info info = { 0 };
        if (i % 2 == 0 && cert_box_reload(&c, g->certs, same, same) != OK)
            g->bad++;
        cert_box_look(&c, g->certs);
        cert_box_tell(g->certs, c.arena, &info);
        if (!str_eq(info.names, STR("localhost, 127.0.0.1")))
            g->bad++;
        arena_free(&c.arena);
        (void)usleep(2000);
    }
    return NULL;
}

static void test_requests_and_reloads_at_once(struct rig *g)
{
    pthread_t clients[CLIENTS];
    pthread_t reloader;
    CHECK(pthread_create(&reloader, NULL, reload_on, g) == 0);
    for (int i = 0; i < CLIENTS; i++)
        CHECK(pthread_create(&clients[i], NULL, ask_on, g) == 0);
    for (int i = 0; i < CLIENTS; i++) {
        void *bad = NULL;
        (void)pthread_join(clients[i], &bad);
        CHECK(bad == NULL);
    }
    g->is_over = true;
    (void)pthread_join(reloader, NULL);
    CHECK(g->served == CLIENTS * ROUNDS);
    CHECK(g->bad == 0);
}

/* What changes on the disk is found; what is not good is refused once and tried again at each look. */
static void test_files_are_looked_at(struct rig *g)
{
    struct cert_info i = { 0 };
    bool is_refused = false;
    write_pair(g, 91);
    cert_box_look(&g->c, g->certs);
    int64_t until_ms = cert_box_until_ms(g->certs, &is_refused);
    CHECK(!is_refused && until_ms - clock_now_ms() > 90 * DAY_MS);
    CHECK(truncate(g->key.p, 10) == 0);
    cert_box_look(&g->c, g->certs);
    CHECK(cert_box_until_ms(g->certs, &is_refused) == until_ms && is_refused);
    cert_box_tell(g->certs, g->c.arena, &i);
    CHECK(str_starts(i.refused, STR("tls_key = ")));
    write_pair(g, -5);
    cert_box_look(&g->c, g->certs);
    CHECK(cert_box_until_ms(g->certs, &is_refused) == until_ms && is_refused);
    write_pair(g, 90);
    cert_box_look(&g->c, g->certs);
    CHECK(cert_box_until_ms(g->certs, &is_refused) < until_ms && !is_refused);
}

int main(void)
{
    struct rig g = { 0 };
    (void)signal(SIGPIPE, SIG_IGN);
    rig_open(&g);
    test_requests_and_reloads_at_once(&g);
    test_files_are_looked_at(&g);
    rig_close(&g);
    return check_done();
}
