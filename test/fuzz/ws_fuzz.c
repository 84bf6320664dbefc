/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>

#include "net/ws.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t n);

struct peer {
    const unsigned char *data;
    size_t n;
    size_t at;
    size_t step; /* bytes that come at once */
    size_t written;
};

static ssize_t give(void *arg, void *to, size_t n)
{
    struct peer *p = arg;
    size_t take = p->n - p->at;
    take = take < n ? take : n;
    take = take < p->step ? take : p->step;
    if (take == 0) {
        errno = EAGAIN;
        return -1;
    }
    memcpy(to, p->data + p->at, take);
    p->at += take;
    return (ssize_t)take;
}

static void written(void *arg, struct str bytes)
{
    ((struct peer *)arg)->written += bytes.n;
}

static void text(void *arg, struct str s)
{
    (void)arg;
    assert(s.n <= WS_TEXT_MAX);
    assert(s.n == 0 || memchr(s.p, '\0', s.n) != NULL || str_is_utf8(s));
}

static void heard(void *arg)
{
    (void)arg;
}

/* Whatever a client sends: messages are whole, valid and within their limit, and the answers are no longer than what
   was asked. The first byte says in which pieces it comes. */
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t n)
{
    if (n == 0)
        return 0;
    struct peer p = { .data = data + 1, .n = n - 1, .step = (size_t)data[0] + 1 };
    struct ws_hooks hooks = { .arg = &p, .read = give, .write = written, .text = text, .heard = heard };
    struct ws *w = ws_new(&hooks);
    for (bool more = true; more && p.at < p.n;)
        more = ws_read(w);
    assert(p.written <= n + 130);
    ws_close(w, 1001, STR("bye"));
    ws_free(&w);
    return 0;
}
