/* SPDX-License-Identifier: Apache-2.0 */
#include "media/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/str.h"

#define CHUNK ((size_t)64 * 1024)

/* A long text of X: its tweet has the beginning only, and is found by the second. */
struct note {
    int64_t ms;
    char *text;
};

struct unpacking {
    struct archive *in;
    int fd;
    int64_t at; /* where the next byte goes */
    int64_t bytes_max;
    int64_t unfolded; /* of what was read of entries: ZIP unfolds each for itself */
    bool broken;
    struct unpack_head head;
    struct unpack_post *posts;
    struct unpack_file *files;
    size_t posts_cap;
    size_t files_cap;
    struct note *notes;
    size_t notes_n;
    char chunk[CHUNK];
};

static bool put(struct unpacking *u, const void *p, size_t n)
{
    const char *at = p;
    if (u->at + (int64_t)n > UNPACK_OUT_MAX)
        u->broken = true;
    while (n > 0 && !u->broken) {
        ssize_t k = pwrite(u->fd, at, n, (off_t)u->at);
        u->broken = k <= 0;
        if (k > 0) {
            at += k;
            n -= (size_t)k;
            u->at += k;
        }
    }
    return !u->broken;
}

static bool refuse(struct unpacking *u, const char *why)
{
    u->head.refused = 1;
    (void)snprintf(u->head.problem, sizeof u->head.problem, "%s", why);
    return false;
}

static void *grown(void *p, size_t n, size_t *cap, size_t size)
{
    if (n < *cap)
        return p;
    *cap = *cap == 0 ? 1024 : *cap * 2;
    p = realloc(p, *cap * size);
    if (p == NULL)
        abort();
    return p;
}

static bool keep_post(struct unpacking *u, char *json, int64_t ms)
{
    size_t n = strlen(json);
    if (u->head.posts_n == UNPACK_POSTS_MAX) {
        u->head.left_out++;
        free(json);
        return true;
    }
    u->posts = grown(u->posts, u->head.posts_n, &u->posts_cap, sizeof *u->posts);
    /* X gives the newest first */
    uint32_t order = u->head.kind == UNPACK_X ? UNPACK_POSTS_MAX - u->head.posts_n : u->head.posts_n;
    u->posts[u->head.posts_n] = (struct unpack_post){ ms, u->at, (uint32_t)n, order };
    u->head.posts_n++;
    bool done = put(u, json, n);
    free(json);
    return done;
}

static bool each_note(void *arg, const char *item, size_t n)
{
    int64_t ms = 0;
    char *json = unpack_note(item, n, &ms);
    return json == NULL || keep_post(arg, json, ms);
}

static bool each_tweet(void *arg, const char *item, size_t n)
{
    int64_t ms = 0;
    char *json = unpack_tweet(item, n, &ms);
    return json == NULL || keep_post(arg, json, ms);
}

static bool each_long(void *arg, const char *item, size_t n)
{
    struct unpacking *u = arg;
    json_t *o = json_loadb(item, n, 0, NULL);
    const json_t *note = json_object_get(o, "noteTweet");
    const char *text = json_string_value(json_object_get(json_object_get(note, "core"), "text"));
    const char *at = json_string_value(json_object_get(note, "createdAt"));
    struct str when = { at, at == NULL ? 0 : strlen(at) };
    int64_t ms = 0;
    if (text != NULL && u->notes_n < UNPACK_NOTES_MAX && clock_parse(when, &ms)) {
        u->notes = realloc(u->notes, (u->notes_n + 1) * sizeof *u->notes);
        if (u->notes == NULL)
            abort();
        u->notes[u->notes_n++] = (struct note){ ms, strdup(text) };
    }
    json_decref(o);
    return true;
}

/* --- entries --- */

/* Names that lead out of a folder say what an archive is for. None is ever used as a name here. */
static bool leads_out(const char *name)
{
    if (*name == '/' || *name == '\\')
        return true;
    for (const char *p = name; p != NULL && *p != '\0';) {
        if (strncmp(p, "..", 2) == 0 && (p[2] == '/' || p[2] == '\\' || p[2] == '\0'))
            return true;
        p = strpbrk(p, "/\\");
        p = p == NULL ? NULL : p + 1;
    }
    return false;
}

static bool is_at(const char *name, const char *tail)
{
    size_t n = strlen(name);
    size_t t = strlen(tail);
    return n >= t && strcmp(name + n - t, tail) == 0 && (n == t || name[n - t - 1] == '/');
}

/* "data/tweets.js", "data/tweets-part1.js"; before 2022 "tweet.js". */
static bool is_tweets(const char *name)
{
    const char *base = strrchr(name, '/');
    base = base == NULL ? name : base + 1;
    size_t n = strlen(base);
    bool is_js = n > 3 && strcmp(base + n - 3, ".js") == 0;
    return is_js
           && (strcmp(base, "tweets.js") == 0 || strcmp(base, "tweet.js") == 0 || strncmp(base, "tweets-part", 11) == 0
               || strncmp(base, "tweet-part", 10) == 0);
}

/* What a file is called within its kind of archive; NULL: it is none of a parley. */
static const char *file_name(const char *name)
{
    static const char *const folders[] = { "tweets_media/", "tweet_media/" };
    const char *at = strstr(name, "media_attachments/");
    if (at != NULL)
        return at;
    for (size_t i = 0; i < 2; i++) {
        at = strstr(name, folders[i]);
        if (at != NULL)
            return at + strlen(folders[i]);
    }
    return NULL;
}

static bool over_bytes(struct unpacking *u)
{
    int64_t all = archive_filter_bytes(u->in, 0);
    return (all > u->unfolded ? all : u->unfolded) > u->bytes_max && !refuse(u, "unfolds to too much");
}

static la_ssize_t read_chunk(struct unpacking *u)
{
    la_ssize_t n = archive_read_data(u->in, u->chunk, sizeof u->chunk);
    u->unfolded += n > 0 ? n : 0;
    return n;
}

static bool read_list(struct unpacking *u, splitter_fn *each)
{
    struct splitter s;
    la_ssize_t n = 1;
    bool done = true;
    splitter_init(&s);
    while (done && n > 0 && !s.over && !s.too_deep && !over_bytes(u)) {
        n = read_chunk(u);
        if (n > 0)
            done = splitter_feed(&s, u->chunk, (size_t)n, each, u);
    }
    u->head.left_out += (uint32_t)s.dropped;
    if (s.too_deep)
        done = refuse(u, "is nested too deeply");
    if (n < 0)
        done = refuse(u, "is damaged");
    splitter_fini(&s);
    return done && u->head.refused == 0;
}

static bool read_file(struct unpacking *u, const char *name)
{
    int64_t from = u->at;
    la_ssize_t n = 1;
    if (u->head.files_n == UNPACK_FILES_MAX)
        return true;
    while (n > 0 && u->at - from <= UNPACK_FILE_MAX && !over_bytes(u)) {
        n = read_chunk(u);
        if (n > 0 && !put(u, u->chunk, (size_t)n))
            return false;
    }
    if (u->head.refused != 0)
        return false;
    if (n < 0)
        return refuse(u, "is damaged");
    if (n > 0) { /* too large: as if it were not there */
        u->at = from;
        return true;
    }
    u->files = grown(u->files, u->head.files_n, &u->files_cap, sizeof *u->files);
    u->files[u->head.files_n++] = (struct unpack_file){ str_hash(str_c(name)), from, u->at - from };
    return true;
}

static bool take_entry(struct unpacking *u, struct archive_entry *e)
{
    const char *name = archive_entry_pathname(e);
    if (name == NULL)
        return true;
    if (leads_out(name))
        return refuse(u, "holds names that lead out of it");
    if (archive_entry_symlink(e) != NULL || archive_entry_hardlink(e) != NULL || archive_entry_filetype(e) == AE_IFLNK)
        return refuse(u, "holds links");
    if (archive_entry_size(e) > u->bytes_max) /* said in advance: what is passed over is unfolded, too */
        return refuse(u, "unfolds to too much");
    if (archive_entry_is_encrypted(e))
        return refuse(u, "is encrypted");
    if (archive_entry_filetype(e) != AE_IFREG)
        return true;
    if (is_at(name, "outbox.json")) {
        u->head.kind = UNPACK_MASTODON;
        return read_list(u, each_note);
    }
    if (is_tweets(name)) {
        u->head.kind = UNPACK_X;
        return read_list(u, each_tweet);
    }
    if (is_at(name, "note-tweet.js"))
        return read_list(u, each_long);
    return file_name(name) == NULL || read_file(u, file_name(name));
}

static bool read_all(struct unpacking *u)
{
    struct archive_entry *e = NULL;
    for (int64_t n = 0; n < UNPACK_ENTRIES_MAX; n++) {
        int rc = archive_read_next_header(u->in, &e);
        if (rc == ARCHIVE_EOF)
            return true;
        if (rc < ARCHIVE_WARN)
            return refuse(u, n == 0 ? "is neither ZIP nor tar.gz" : "is damaged");
        if (over_bytes(u) || !take_entry(u, e))
            return false;
    }
    return refuse(u, "holds too many files");
}

/* --- the long texts --- */

static bool begins_alike(const char *a, const char *b)
{
    size_t n = 0;
    while (n < 20 && a[n] != '\0' && a[n] == b[n])
        n++;
    return n >= 20 || a[n] == '\0' || b[n] == '\0';
}

static bool lengthen(struct unpacking *u, struct unpack_post *p, const struct note *note)
{
    char *was = malloc((size_t)p->n);
    bool done = true;
    if (was == NULL)
        abort();
    json_t *o = pread(u->fd, was, p->n, (off_t)p->at) == (ssize_t)p->n ? json_loadb(was, p->n, 0, NULL) : NULL;
    const char *text = json_string_value(json_object_get(o, "text"));
    if (text != NULL && begins_alike(text, note->text)) {
        size_t n = strlen(note->text);
        (void)json_object_set_new(o, "text", json_stringn(note->text, n < UNPACK_TEXT_MAX ? n : UNPACK_TEXT_MAX));
        char *now = json_dumps(o, JSON_COMPACT);
        p->at = u->at;
        p->n = (uint32_t)strlen(now);
        done = put(u, now, p->n);
        free(now);
    }
    json_decref(o);
    free(was);
    return done;
}

static int by_time(const void *a, const void *b)
{
    const struct unpack_post *x = a;
    const struct unpack_post *y = b;
    if (x->ms != y->ms)
        return x->ms < y->ms ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

static int by_key(const void *a, const void *b)
{
    const struct unpack_file *x = a;
    const struct unpack_file *y = b;
    return (x->key > y->key) - (x->key < y->key);
}

static bool lengthen_all(struct unpacking *u)
{
    for (size_t i = 0; i < u->notes_n; i++) {
        const struct note *note = &u->notes[i];
        size_t lo = 0;
        for (size_t hi = u->head.posts_n; lo < hi;) {
            size_t mid = (lo + hi) / 2;
            if (u->posts[mid].ms < note->ms - 1000)
                lo = mid + 1;
            else
                hi = mid;
        }
        for (; lo < u->head.posts_n && u->posts[lo].ms <= note->ms + 1000; lo++)
            if (!lengthen(u, &u->posts[lo], note))
                return false;
    }
    return true;
}

static bool finish(struct unpacking *u)
{
    if (u->head.refused == 0 && u->head.kind == UNPACK_NONE)
        (void)refuse(u, "holds neither outbox.json nor data/tweets.js");
    if (u->head.refused != 0) {
        u->head.posts_n = 0;
        u->head.files_n = 0;
    }
    if (u->head.posts_n > 0)
        qsort(u->posts, u->head.posts_n, sizeof *u->posts, by_time);
    if (u->head.files_n > 0)
        qsort(u->files, u->head.files_n, sizeof *u->files, by_key);
    if (!lengthen_all(u))
        return false;
    if (u->head.posts_n + u->head.files_n == 0)
        u->at = sizeof u->head;
    u->head.posts_at = u->at;
    if (!put(u, u->posts, u->head.posts_n * sizeof *u->posts))
        return false;
    u->head.files_at = u->at;
    if (!put(u, u->files, u->head.files_n * sizeof *u->files))
        return false;
    u->head.magic = UNPACK_MAGIC;
    return pwrite(u->fd, &u->head, sizeof u->head, 0) == (ssize_t)sizeof u->head;
}

bool unpack(const void *in, size_t n, int64_t bytes_max, int fd)
{
    struct unpacking *u = calloc(1, sizeof *u);
    if (u == NULL)
        abort();
    u->fd = fd;
    u->bytes_max = bytes_max;
    u->at = sizeof u->head;
    u->in = archive_read_new();
    (void)archive_read_support_filter_gzip(u->in);
    (void)archive_read_support_format_tar(u->in);
    (void)archive_read_support_format_zip(u->in);
    if (archive_read_open_memory(u->in, in, n) != ARCHIVE_OK)
        (void)refuse(u, "is neither ZIP nor tar.gz");
    else
        (void)read_all(u);
    (void)archive_read_free(u->in);
    bool done = !u->broken && finish(u);
    for (size_t i = 0; i < u->notes_n; i++)
        free(u->notes[i].text);
    free(u->notes);
    free(u->posts);
    free(u->files);
    free(u);
    return done;
}
