/* SPDX-License-Identifier: Apache-2.0 */
/* The generator's own parts: a figure is worth no more than the tool that took it. */
#include "reply.h"

#include "check.h"
#include "hist.h"

static struct reply r;
static char body[256];

/* Feeds the text in pieces of `step` bytes; gives what was used. */
static size_t feed(struct str text, size_t step)
{
    size_t used = 0;
    r.keep = body;
    r.keep_max = sizeof body;
    reply_start(&r);
    while (used < text.n && r.state != REPLY_DONE && r.state != REPLY_BROKEN) {
        size_t n = text.n - used < step ? text.n - used : step;
        used += reply_feed(&r, text.p + used, n);
    }
    return used;
}

static bool body_is(struct str want)
{
    return str_eq((struct str){ body, (size_t)r.body_n }, want);
}

static void reads_by_length_in_any_pieces(void)
{
    struct str text = STR("HTTP/1.1 200 OK\r\nETag: W/\"x:y\"\r\ncontent-LENGTH:  5 \r\n\r\nhelloHTTP/1.1");
    for (size_t step = 1; step <= text.n; step++) {
        size_t used = feed(text, step);
        CHECK(r.state == REPLY_DONE && r.status == 200 && body_is(STR("hello")));
        CHECK(used == text.n - 8 && !r.closes);
        CHECK(str_eq(reply_header(&r, STR("etag")), STR("W/\"x:y\"")));
        CHECK(reply_header(&r, STR("x-none")).p == NULL);
    }
}

static void reads_chunks_in_any_pieces(void)
{
    struct str text = STR("HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n"
                          "3;a=f\r\nabc\r\nA\r\n0123456789\r\n0\r\nX: y\r\n\r\nmore");
    for (size_t step = 1; step <= text.n; step++) {
        size_t used = feed(text, step);
        CHECK(r.state == REPLY_DONE && r.status == 201 && used == text.n - 4);
        CHECK(body_is(STR("abc0123456789")));
    }
}

static void knows_replies_without_body(void)
{
    (void)feed(STR("HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n"), 1000);
    CHECK(r.state == REPLY_DONE && r.body_n == 0);
    (void)feed(STR("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), 1000);
    CHECK(r.state == REPLY_DONE && r.closes);
    (void)feed(STR("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"), 7);
    CHECK(r.state == REPLY_DONE && r.status == 204);
}

static void reads_until_close(void)
{
    (void)feed(STR("HTTP/1.0 200 OK\r\n\r\nall of it"), 4);
    CHECK(r.state == REPLY_UNTIL_CLOSE && reply_eof(&r) && body_is(STR("all of it")) && r.closes);
}

static void refuses_nonsense(void)
{
    (void)feed(STR("SSH-2.0-OpenSSH\r\n\r\n"), 1000);
    CHECK(r.state == REPLY_BROKEN);
    (void)feed(STR("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"), 1000);
    CHECK(r.state == REPLY_BROKEN);
    (void)feed(STR("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), 1000);
    CHECK(r.state == REPLY_BROKEN);
    (void)feed(STR("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort"), 1000);
    CHECK(!reply_eof(&r));
}

static void percentiles_are_close(void)
{
    static struct hist h;
    hist_clear(&h);
    CHECK(hist_at(&h, 500000) == 0 && hist_mean(&h) == 0);
    for (uint64_t i = 1; i <= 100000; i++)
        hist_add(&h, i * 1000);
    for (uint64_t pm = 10000; pm <= 1000000; pm += 10000) {
        uint64_t got = hist_at(&h, pm);
        uint64_t want = pm * 100;
        CHECK(got >= want && got - want <= want / 100);
    }
    CHECK(h.min == 1000 && h.max == 100000000 && hist_at(&h, 1000000) == h.max);
    hist_add(&h, UINT64_MAX);
    CHECK(h.max == INT64_MAX && h.n == 100001);
}

int main(void)
{
    reads_by_length_in_any_pieces();
    reads_chunks_in_any_pieces();
    knows_replies_without_body();
    reads_until_close();
    refuses_nonsense();
    percentiles_are_close();
    return check_done();
}
