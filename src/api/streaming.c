/* SPDX-License-Identifier: Apache-2.0 */
#include "api/channel.h"
#include "api/live.h"
#include "api/routes.h"
#include "net/ws.h"

/* GET /api/v1/streaming/health */
enum err api_streaming_health(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    (void)c;
    (void)q;
    r->status = 200;
    r->type = STR("text/plain; charset=utf-8");
    r->body = STR("OK");
    return OK;
}

/* What is wrong with the first stream is said on the socket: there it can be asked for again. */
static enum err open_socket(struct ctx *c, const struct http_req *q, const struct channel_ask *ask, struct http_res *r)
{
    TRY(live_room(c));
    if (!ws_accept(q, r)) {
        http_res_header(r, STR("Sec-WebSocket-Version"), STR("13"));
        return fail(c, ERR_MALFORMED, "This is no handshake of RFC 6455, version 13");
    }
    live_open(c, STREAM_SOCKET, ask, r);
    return OK;
}

/* The first bytes are a comment, so that whoever listens knows that it is open. */
static enum err open_events(struct ctx *c, const struct http_req *q, const struct channel_ask *ask, struct http_res *r)
{
    struct channel ch = { 0 };
    if (ask->name.p == NULL)
        return fail(c, ERR_MALFORMED, "Unknown channel requested");
    TRY(channel_find(c, ask, &ch));
    TRY(live_room(c));
    r->status = 200;
    r->type = STR("text/event-stream");
    http_res_header(r, STR("Cache-Control"), STR("private, no-store"));
    if (q->method == HTTP_HEAD)
        return OK;
    http_res_header(r, STR("Content-Type"), r->type);
    http_res_header(r, STR("X-Accel-Buffering"), STR("no")); /* proxies pass on what comes, at once */
    http_res_header(r, STR("Connection"), STR("close"));
    r->body = STR(":)\n");
    live_open(c, STREAM_EVENTS, ask, r);
    return OK;
}

/* GET /api/v1/streaming, a WebSocket; and /api/v1/streaming/..., server-sent events (or a WebSocket, too) */
enum err api_streaming(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct str name = channel_of_path(q->args[0], q->args[1], http_bool(q, "only_media", false));
    struct channel_ask ask = { name, http_param(q, "tag"), http_param(q, "list") };
    if (!ws_is_asked(q))
        return open_events(c, q, &ask, r);
    if (ask.name.p == NULL && http_param(q, "stream").n > 0)
        ask.name = http_param(q, "stream");
    return open_socket(c, q, &ask, r);
}
