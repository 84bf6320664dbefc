/* SPDX-License-Identifier: Apache-2.0 */
#include "reply.h"

void reply_start(struct reply *r)
{
    char *keep = r->keep;
    size_t keep_max = r->keep_max;
    memset(r, 0, offsetof(struct reply, head));
    r->keep = keep;
    r->keep_max = keep_max;
}

struct str reply_header(const struct reply *r, struct str name)
{
    struct str rest = { r->head, r->head_n };
    struct str line;
    while (str_cut(&rest, '\n', &line)) {
        struct str key;
        if (str_cut(&line, ':', &key) && line.p != NULL && str_eq_nocase(key, name))
            return str_trim(line);
    }
    return (struct str){ NULL, 0 };
}

static bool status_of(const struct reply *r, int *out)
{
    struct str head = { r->head, r->head_n };
    int64_t v = 0;
    if (!str_starts(head, STR("HTTP/1.")) || head.n < 12 || !str_to_i64((struct str){ head.p + 9, 3 }, &v))
        return false;
    *out = (int)v;
    return v >= 100 && v <= 599;
}

/* The few headers that frame a reply; a look at the first letter spares comparing the rest of them. */
static bool note_header(struct reply *r, struct str line)
{
    struct str key;
    int64_t n = 0;
    char first = line.n == 0 ? '\0' : (char)(line.p[0] | 0x20);
    if ((first != 'c' && first != 't') || !str_cut(&line, ':', &key) || line.p == NULL)
        return true;
    if (str_eq_nocase(key, STR("content-length"))) {
        if (!str_to_i64(str_trim(line), &n) || n < 0)
            return false;
        r->left = (uint64_t)n;
        r->has_length = true;
    } else if (str_eq_nocase(key, STR("transfer-encoding"))) {
        r->chunked = str_eq_nocase(str_trim(line), STR("chunked"));
    } else if (str_eq_nocase(key, STR("connection"))) {
        r->closes = str_eq_nocase(str_trim(line), STR("close"));
    }
    return true;
}

static enum reply_state body_state(struct reply *r)
{
    struct str rest = { r->head, r->head_n };
    struct str line;
    if (!status_of(r, &r->status))
        return REPLY_BROKEN;
    if (r->status < 200) { /* interim: the real reply follows */
        r->head_n = 0;
        return REPLY_HEAD;
    }
    r->closes = str_starts(rest, STR("HTTP/1.0"));
    while (str_cut(&rest, '\n', &line)) {
        if (!note_header(r, line))
            return REPLY_BROKEN;
    }
    if (r->status == 204 || r->status == 304)
        return REPLY_DONE;
    if (r->chunked) {
        r->left = 0;
        return REPLY_CHUNK_SIZE;
    }
    if (!r->has_length) {
        r->closes = true;
        return REPLY_UNTIL_CLOSE;
    }
    return r->left == 0 ? REPLY_DONE : REPLY_LENGTH;
}

/* Copies up to the empty line; looks again from three bytes back, since it may arrive in pieces. */
static size_t feed_head(struct reply *r, const char *p, size_t n)
{
    size_t had = r->head_n;
    size_t room = sizeof r->head - had;
    size_t take = n < room ? n : room;
    memcpy(r->head + had, p, take);
    size_t from = had < 3 ? 0 : had - 3;
    char *end = memmem(r->head + from, had + take - from, "\r\n\r\n", 4);
    if (end == NULL) {
        r->head_n = had + take;
        if (r->head_n == sizeof r->head)
            r->state = REPLY_BROKEN;
        return take;
    }
    r->head_n = (size_t)(end + 4 - r->head);
    size_t used = r->head_n - had;
    r->state = body_state(r);
    return used;
}

static size_t feed_data(struct reply *r, const char *p, size_t n, enum reply_state then)
{
    size_t take = n < r->left ? n : (size_t)r->left;
    if (r->keep != NULL && r->body_n < r->keep_max) {
        size_t room = r->keep_max - (size_t)r->body_n;
        memcpy(r->keep + r->body_n, p, take < room ? take : room);
    }
    r->body_n += take;
    r->left -= take;
    if (r->left == 0)
        r->state = then;
    return take;
}

static int hex_value(char ch)
{
    if (ch >= '0' && ch <= '9')
        return ch - '0';
    if (ch >= 'a' && ch <= 'f')
        return ch - 'a' + 10;
    return ch >= 'A' && ch <= 'F' ? ch - 'A' + 10 : -1;
}

static void feed_chunk_size(struct reply *r, char ch)
{
    int v = hex_value(ch);
    if (ch == '\n') {
        r->state = !r->any_digit ? REPLY_BROKEN : r->left == 0 ? REPLY_TRAILER : REPLY_CHUNK_DATA;
        r->any_digit = false;
        r->in_extension = false;
        r->line_n = 0;
    } else if (v >= 0 && !r->in_extension) {
        r->left = r->left * 16 + (uint64_t)v;
        r->any_digit = true;
        if (r->left > UINT32_MAX)
            r->state = REPLY_BROKEN;
    } else if (ch == ';' || ch == ' ') {
        r->in_extension = true;
    } else if (ch != '\r' && !r->in_extension) {
        r->state = REPLY_BROKEN;
    }
}

static void feed_trailer(struct reply *r, char ch)
{
    if (ch == '\n' && r->line_n == 0)
        r->state = REPLY_DONE;
    else if (ch == '\n')
        r->line_n = 0;
    else if (ch != '\r')
        r->line_n++;
}

size_t reply_feed(struct reply *r, const char *p, size_t n)
{
    size_t used = 0;
    while (used < n) {
        switch (r->state) {
        case REPLY_HEAD: used += feed_head(r, p + used, n - used); break;
        case REPLY_LENGTH: used += feed_data(r, p + used, n - used, REPLY_DONE); break;
        case REPLY_CHUNK_SIZE: feed_chunk_size(r, p[used++]); break;
        case REPLY_CHUNK_DATA: used += feed_data(r, p + used, n - used, REPLY_CHUNK_END); break;
        case REPLY_CHUNK_END:
            if (p[used++] == '\n')
                r->state = REPLY_CHUNK_SIZE;
            break;
        case REPLY_TRAILER: feed_trailer(r, p[used++]); break;
        case REPLY_UNTIL_CLOSE:
            r->left = n - used;
            used += feed_data(r, p + used, n - used, REPLY_UNTIL_CLOSE);
            break;
        case REPLY_DONE:
        case REPLY_BROKEN: return used;
        }
    }
    return used;
}

bool reply_eof(struct reply *r)
{
    if (r->state == REPLY_UNTIL_CLOSE)
        r->state = REPLY_DONE;
    return r->state == REPLY_DONE;
}
