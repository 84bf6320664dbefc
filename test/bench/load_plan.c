/* SPDX-License-Identifier: Apache-2.0 */
#include "load.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "reply.h"

#define FILE_MAX     (64 << 20)
#define KEEP_MAX     (4U << 20)
#define COUNTER_ROOM 32
#define RECV_ROOM    (64U * 1024)

struct lines {
    struct str *p;
    size_t n;
};

static bool slurp(struct arena *a, const char *path, struct str *out)
{
    FILE *f = fopen(path, "re");
    long size = -1;
    if (f != NULL && fseek(f, 0, SEEK_END) == 0)
        size = ftell(f);
    bool ok = f != NULL && size >= 0 && size <= FILE_MAX && fseek(f, 0, SEEK_SET) == 0;
    if (ok) {
        char *text = arena_alloc(a, (size_t)size + 1);
        *out = (struct str){ text, fread(text, 1, (size_t)size, f) };
    }
    if (f != NULL)
        (void)fclose(f);
    return ok;
}

static bool read_lines(struct arena *a, const char *path, struct lines *out)
{
    struct str rest = { NULL, 0 };
    struct str line;
    if (!slurp(a, path, &rest)) {
        (void)fprintf(stderr, "load: cannot read %s, or it is above %d bytes\n", path, FILE_MAX);
        return false;
    }
    size_t room = 1;
    for (size_t i = 0; i < rest.n; i++)
        room += rest.p[i] == '\n';
    out->p = ARENA_ARRAY(a, room, struct str);
    out->n = 0;
    while (str_cut(&rest, '\n', &line)) {
        line = str_trim(line);
        if (line.n > 0)
            out->p[out->n++] = line;
    }
    if (out->n == 0)
        (void)fprintf(stderr, "load: %s is empty\n", path);
    return out->n > 0;
}

static bool has_host(const struct load_options *o)
{
    for (size_t i = 0; i < o->headers_n; i++) {
        if (str_eq_nocase((struct str){ o->headers[i], 5 }, STR("host:")))
            return true;
    }
    return false;
}

static struct str slot_head(struct arena *a, const struct load_options *o, struct str path, struct str token)
{
    struct buf b = buf_on(a);
    buf_printf(&b, "%s " STR_FMT " HTTP/1.1\r\n", o->method, STR_ARG(path));
    if (!has_host(o))
        buf_printf(&b, "Host: %s:%d\r\n", o->host, o->port);
    if (token.n > 0)
        buf_printf(&b, "Authorization: Bearer " STR_FMT "\r\n", STR_ARG(token));
    if (o->body != NULL)
        buf_printf(&b, "Content-Type: %s\r\n", o->type);
    for (size_t i = 0; i < o->headers_n; i++)
        buf_printf(&b, "%s\r\n", o->headers[i]);
    return buf_str(&b);
}

bool load_plan_build(struct arena *a, const struct load_options *o, struct load_plan *out)
{
    struct str single = str_c(o->target);
    struct lines targets = { &single, 1 };
    struct lines tokens = { NULL, 0 };
    if (o->target == NULL && !read_lines(a, o->targets_file, &targets))
        return false;
    if (o->tokens_file != NULL && !read_lines(a, o->tokens_file, &tokens))
        return false;
    *out = (struct load_plan){ .n = targets.n > tokens.n ? targets.n : tokens.n, .next_n = o->first_n };
    out->slots = ARENA_ARRAY(a, out->n, struct load_slot);
    out->body = str_c(o->body);
    for (size_t i = 0; i < out->n; i++) {
        struct str rest = targets.p[i % targets.n];
        struct str path;
        if (!str_cut(&rest, '\t', &path))
            return false;
        struct str token = rest.p == NULL && tokens.n > 0 ? tokens.p[i % tokens.n] : rest;
        out->slots[i].head = slot_head(a, o, path, token);
        if (out->slots[i].head.n + out->body.n + 4 * COUNTER_ROOM > LOAD_REQUEST_MAX) {
            (void)fprintf(stderr, "load: a request above %u bytes\n", LOAD_REQUEST_MAX);
            return false;
        }
    }
    return true;
}

static size_t put(char *out, size_t at, struct str s)
{
    memcpy(out + at, s.p, s.n);
    return at + s.n;
}

static size_t request_write(const struct load_slot *s, struct str body, int64_t n, char *out)
{
    char digits[COUNTER_ROOM];
    char length[COUNTER_ROOM * 2];
    size_t at = put(out, 0, s->head);
    size_t mark = 0;
    struct str number = { digits, (size_t)snprintf(digits, sizeof digits, "%lld", (long long)n) };
    if (body.p == NULL)
        return put(out, at, STR("\r\n"));
    bool counted = str_find(body, STR("{n}"), &mark);
    size_t total = counted ? body.n - 3 + number.n : body.n;
    int length_n = snprintf(length, sizeof length, "Content-Length: %zu\r\n\r\n", total);
    at = put(out, at, (struct str){ length, (size_t)length_n });
    if (!counted)
        return put(out, at, body);
    at = put(out, at, str_head(body, mark));
    at = put(out, at, number);
    return put(out, at, str_skip(body, mark + 3));
}

size_t load_plan_next(struct load_plan *p, char *out)
{
    const struct load_slot *s = &p->slots[p->next_slot];
    p->next_slot = p->next_slot + 1 == p->n ? 0 : p->next_slot + 1;
    return request_write(s, p->body, p->next_n++, out);
}

/* One request on its own connection or the one given; blocking. */
static bool ask(const struct load_options *o, int *fd, const struct load_slot *s, struct str body, struct reply *r)
{
    static char out[LOAD_REQUEST_MAX];
    static char in[RECV_ROOM];
    size_t n = request_write(s, body, -1, out);
    if (*fd < 0 && (*fd = load_connect(o)) < 0)
        return false;
    reply_start(r);
    if (send(*fd, out, n, MSG_NOSIGNAL) != (ssize_t)n)
        return false;
    while (r->state != REPLY_DONE) {
        ssize_t got = recv(*fd, in, sizeof in, 0);
        if (got <= 0)
            return got == 0 && reply_eof(r);
        (void)reply_feed(r, in, (size_t)got);
        if (r->state == REPLY_BROKEN)
            return false;
    }
    if (r->closes) {
        (void)close(*fd);
        *fd = -1;
    }
    return true;
}

bool load_plan_revalidate(struct arena *a, const struct load_options *o, struct load_plan *p)
{
    static struct reply r;
    int fd = -1;
    for (size_t i = 0; i < p->n; i++) {
        struct load_slot *s = &p->slots[i];
        if (!ask(o, &fd, s, p->body, &r)) {
            (void)fprintf(stderr, "load: no whole reply while learning ETags\n");
            return false;
        }
        struct str etag = reply_header(&r, STR("etag"));
        if (r.status != 200 || etag.n == 0) {
            (void)fprintf(stderr, "load: reply %d " STR_FMT "ETag while learning: " STR_FMT "\n", r.status,
                          STR_ARG(etag.n == 0 ? STR("without ") : STR("with ")), STR_ARG(s->head));
            return false;
        }
        s->head = arena_strf(a, STR_FMT "If-None-Match: " STR_FMT "\r\n", STR_ARG(s->head), STR_ARG(etag));
    }
    if (fd >= 0)
        (void)close(fd);
    return true;
}

static bool save_body(const char *path, const struct reply *r)
{
    FILE *f = fopen(path, "we");
    size_t n = r->body_n < r->keep_max ? (size_t)r->body_n : r->keep_max;
    bool ok = f != NULL && fwrite(r->keep, 1, n, f) == n;
    return f != NULL && fclose(f) == 0 && ok;
}

bool load_plan_probe(const struct load_options *o, struct load_plan *p)
{
    static struct reply r;
    int fd = -1;
    r.keep = calloc(1, KEEP_MAX);
    r.keep_max = KEEP_MAX;
    assert(r.keep != NULL);
    bool ok = ask(o, &fd, &p->slots[0], p->body, &r);
    if (!ok)
        (void)fprintf(stderr, "load: no reply from %s:%d\n", o->host, o->port);
    if (ok && o->save != NULL && !save_body(o->save, &r)) {
        (void)fprintf(stderr, "load: cannot write %s\n", o->save);
        ok = false;
    }
    free(r.keep);
    if (fd >= 0)
        (void)close(fd);
    return ok;
}
