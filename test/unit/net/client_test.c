/* SPDX-License-Identifier: Apache-2.0 */
#include "net/client.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "net/server.h"

/* The client against our own server, over TCP and over the console socket. */
struct rig {
    struct ctx c;
    struct net_server *server;
    struct str console;
    char folder[32];
};

static void handle(void *arg, int w, const struct http_req *q, struct http_res *r)
{
    (void)arg;
    (void)w;
    r->status = 200;
    r->type = STR("text/plain");
    if (str_eq(q->path, STR("/loop"))) {
        http_res_redirect(r, 302, STR("/loop"));
    } else if (str_eq(q->path, STR("/moved"))) {
        http_res_redirect(r, 301, STR("/here?a=1"));
    } else if (str_eq(q->path, STR("/to-file"))) {
        http_res_redirect(r, 302, STR("file:///etc/passwd"));
    } else if (str_eq(q->path, STR("/big"))) {
        r->body = (struct str){ arena_alloc(r->arena, 5000), 5000 };
    } else if (str_eq(q->path, STR("/slow"))) {
        struct timespec t = { .tv_sec = 2 };
        (void)nanosleep(&t, NULL);
    } else {
        r->status = str_eq(q->path, STR("/gone")) ? 410 : 200;
        r->body = arena_strf(r->arena, STR_FMT " " STR_FMT " console=%d a=" STR_FMT " x=" STR_FMT,
                             STR_ARG(q->method_name), STR_ARG(q->path), q->from_console ? 1 : 0,
                             STR_ARG(http_param(q, "a")), STR_ARG(http_header(q, "x-test")));
    }
}

static void rig_start(struct rig *g)
{
    *g = (struct rig){ .c.arena = arena_new(), .folder = "/tmp/parley-net-XXXXXX" };
    CHECK(mkdtemp(g->folder) != NULL);
    g->console = arena_strf(g->c.arena, "%s/console", g->folder);
    struct net_options o = { .listen = STR("127.0.0.1:0"),
                             .console_path = g->console,
                             .loops = 1,
                             .workers = 2,
                             .writers = 2,
                             .queue_max = 10,
                             .connections_max = 50,
                             .header_max = 8192,
                             .body_max = 100000,
                             .idle_timeout_s = 10,
                             .handle = handle };
    CHECK(net_server_start(&g->c, &o, &g->server) == OK);
}

static void rig_stop(struct rig *g)
{
    net_server_stop(&g->server);
    (void)rmdir(g->folder);
    arena_free(&g->c.arena);
}

static struct str url(struct rig *g, const char *path)
{
    return arena_strf(g->c.arena, "http://127.0.0.1:%d%s", net_server_port(g->server), path);
}

static void over_tcp(struct rig *g)
{
    struct http_answer a = { 0 };
    struct http_header_out x = { .name = STR("X-Test"), .value = STR("yes") };
    struct http_call call = { .url = url(g, "/p?a=2"), .headers = &x };
    CHECK(http_client_call(&g->c, &call, &a) == OK && a.status == 200 && str_eq(a.type, STR("text/plain")));
    CHECK(str_eq(a.body, STR("GET /p console=0 a=2 x=yes")));
    call = (struct http_call){
        .url = url(g, "/gone"), .method = STR("PUT"), .type = STR("application/json"), .body = STR("{\"a\":5}")
    };
    CHECK(http_client_call(&g->c, &call, &a) == OK && a.status == 410
          && str_eq(a.body, STR("PUT /gone console=0 a=5 x=")));
    call = (struct http_call){ .url = url(g, "/p"), .method = STR("HEAD") };
    CHECK(http_client_call(&g->c, &call, &a) == OK && a.status == 200 && a.body.n == 0);
}

static void limits(struct rig *g)
{
    struct http_answer a = { 0 };
    struct http_call call = { .url = url(g, "/big"), .answer_max = 4999 };
    CHECK(http_client_call(&g->c, &call, &a) == ERR_TOO_LARGE);
    call.answer_max = 5000;
    CHECK(http_client_call(&g->c, &call, &a) == OK && a.body.n == 5000);
    call = (struct http_call){ .url = url(g, "/slow"), .timeout_s = 1 };
    CHECK(http_client_call(&g->c, &call, &a) == ERR_UNAVAILABLE);
    call = (struct http_call){ .url = url(g, "/moved") };
    CHECK(http_client_call(&g->c, &call, &a) == OK && a.status == 301);
    call.redirects_max = 2;
    CHECK(http_client_call(&g->c, &call, &a) == OK && a.status == 200 && str_eq(a.url, url(g, "/here?a=1")));
    call.url = url(g, "/loop");
    CHECK(http_client_call(&g->c, &call, &a) == ERR_UNAVAILABLE);
    call.url = url(g, "/to-file");
    CHECK(http_client_call(&g->c, &call, &a) == ERR_INVALID);
    call.url = STR("file:///etc/passwd");
    CHECK(http_client_call(&g->c, &call, &a) == ERR_INVALID);
    call.url = STR("http://127.0.0.1:1/");
    CHECK(http_client_call(&g->c, &call, &a) == ERR_UNAVAILABLE);
}

static void only_public(struct rig *g)
{
    struct http_answer a = { 0 };
    int port = net_server_port(g->server);
    static const char *const hosts[] = { "127.0.0.1",  "localhost", "[::1]",   "[::ffff:127.0.0.1]",
                                         "2130706433", "0.0.0.0",   "10.0.0.1" };
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        struct http_call call = { .url = arena_strf(g->c.arena, "http://%s:%d/p", hosts[i], port),
                                  .public_only = true };
        CHECK(http_client_call(&g->c, &call, &a) == ERR_FORBIDDEN);
    }
    struct http_call call = { .url = url(g, "/p"), .unix_socket = g->console, .public_only = true };
    CHECK(http_client_call(&g->c, &call, &a) == ERR_FORBIDDEN);
}

static void over_console(struct rig *g)
{
    int status = 0;
    struct str body = { 0 };
    struct str none = { 0 };
    CHECK(http_client_console(g->c.arena, g->console, STR("POST"), STR("/c"), STR("{\"a\":7}"), &status, &body) == OK);
    CHECK(status == 200 && str_eq(body, STR("POST /c console=1 a=7 x=")));
    CHECK(http_client_console(g->c.arena, g->console, STR("GET"), STR("/c?a=8"), none, &status, &body) == OK);
    CHECK(str_eq(body, STR("GET /c console=1 a=8 x=")));
    CHECK(http_client_console(g->c.arena, STR("/tmp/parley-no-such-socket"), STR("GET"), STR("/"), none, &status, &body)
          == ERR_UNAVAILABLE);
}

int main(void)
{
    struct rig g;
    rig_start(&g);
    over_tcp(&g);
    limits(&g);
    only_public(&g);
    over_console(&g);
    rig_stop(&g);
    return check_done();
}
