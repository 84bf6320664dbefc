/* SPDX-License-Identifier: Apache-2.0 */
#include "media/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/rng.h"
#include "media/s3.h"
#include "media/write.h"
#include "model/site.h"

struct str media_extension(struct str type)
{
    static const struct {
        struct str type;
        struct str extension;
    } known[] = {
        { { "image/webp", 10 }, { "webp", 4 } },
        { { "video/mp4", 9 }, { "mp4", 3 } },
        { { "audio/mpeg", 10 }, { "mp3", 3 } },
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (str_eq(known[i].type, type))
            return known[i].extension;
    return (struct str){ NULL, 0 };
}

struct str media_hash(struct ctx *c, struct str bytes)
{
    unsigned char hash[crypto_generichash_BYTES];
    char hex[MEDIA_HASH_CHARS + 1];
    (void)crypto_generichash(hash, sizeof hash, (const unsigned char *)bytes.p, bytes.n, NULL, 0);
    (void)sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    return arena_str(c->arena, (struct str){ hex, MEDIA_HASH_CHARS });
}

bool media_hash_ok(struct str hash)
{
    bool ok = hash.n == MEDIA_HASH_CHARS;
    for (size_t i = 0; i < hash.n && ok; i++)
        ok = (hash.p[i] >= '0' && hash.p[i] <= '9') || (hash.p[i] >= 'a' && hash.p[i] <= 'f');
    return ok;
}

/* "media/files/ab/cdef....webp": below the data folder, and the key in the object store. */
static struct str key_of(struct ctx *c, const struct media_name *name)
{
    static const char *const shelves[] = { [SHELF_PROFILE] = "", [SHELF_FILES] = "files/", [SHELF_CARDS] = "cards/" };
    struct str extension = media_extension(name->type);
    return arena_strf(c->arena, "media/%s%.2s/%.62s." STR_FMT, shelves[name->shelf], name->hash.p, name->hash.p + 2,
                      STR_ARG(extension));
}

static const char *path_of(struct ctx *c, const struct media_name *name)
{
    struct str key = key_of(c, name);
    return arena_strf(c->arena, STR_FMT "/" STR_FMT, STR_ARG(c->site->data_dir), STR_ARG(key)).p;
}

bool media_is_away(const struct ctx *c)
{
    return c->site->s3_endpoint.n > 0;
}

bool media_file_is_here(struct ctx *c, const struct media_name *name)
{
    return access(path_of(c, name), F_OK) == 0;
}

enum err media_file_put(struct ctx *c, const struct media_name *name, struct str bytes)
{
    const char *path = path_of(c, name);
    if (access(path, F_OK) == 0)
        return OK;
    return media_write(c, path, bytes);
}

/* in_cache: when it was asked for last is kept, to the hour: what is not asked for leaves the cache first. */
static enum err open_here(struct ctx *c, const char *path, bool in_cache, int *fd, uint64_t *size)
{
    struct stat st = { 0 };
    *fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (*fd < 0)
        return errno == ENOENT ? OK : fail_internal(c, "media: %s", strerror(errno));
    if (fstat(*fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        (void)close(*fd);
        *fd = -1;
        return OK;
    }
    if (in_cache && st.st_mtime + 3600 < c->now_ms / 1000)
        (void)futimens(*fd, NULL);
    *size = (uint64_t)st.st_size;
    return OK;
}

enum err media_file_open(struct ctx *c, const struct media_name *name, int *fd, uint64_t *size)
{
    struct str bytes = { 0 };
    const char *path = path_of(c, name);
    *fd = -1;
    bool is_card = name->shelf == SHELF_CARDS;
    TRY(open_here(c, path, is_card || media_is_away(c), fd, size));
    if (*fd >= 0 || is_card || !media_is_away(c))
        return OK;
    TRY(s3_get(c, key_of(c, name), &bytes));
    if (bytes.p == NULL)
        return OK;
    if (!str_eq(media_hash(c, bytes), name->hash))
        return fail_internal(c, "the object store gave other bytes than were put there: %s", path);
    TRY(media_write(c, path, bytes));
    return open_here(c, path, true, fd, size);
}

enum err media_file_remove_here(struct ctx *c, const struct media_name *name)
{
    const char *path = path_of(c, name);
    if (unlink(path) != 0 && errno != ENOENT)
        return fail_internal(c, "%s: %s", path, strerror(errno));
    return OK;
}

static enum err read_whole(struct ctx *c, int fd, uint64_t size, struct str *out)
{
    char *p = arena_alloc(c->arena, (size_t)size + 1);
    size_t n = 0;
    while (n < size) {
        ssize_t k = pread(fd, p + n, (size_t)size - n, (off_t)n);
        if (k <= 0)
            return fail_internal(c, "media: %s", k == 0 ? "it became shorter" : strerror(errno));
        n += (size_t)k;
    }
    *out = (struct str){ p, n };
    return OK;
}

static enum err read_path(struct ctx *c, const char *path, struct str *out)
{
    int fd = -1;
    uint64_t size = 0;
    *out = (struct str){ 0 };
    TRY(open_here(c, path, false, &fd, &size));
    if (fd < 0)
        return OK;
    enum err e = read_whole(c, fd, size, out);
    (void)close(fd);
    return e;
}

enum err media_file_send(struct ctx *c, const struct media_name *name)
{
    struct str bytes = { 0 };
    TRY(read_path(c, path_of(c, name), &bytes));
    if (bytes.p == NULL)
        return fail(c, ERR_NOT_FOUND, "The file is not on this disk");
    return s3_put(c, key_of(c, name), name->type, bytes);
}

enum err media_file_remove_away(struct ctx *c, const struct media_name *name)
{
    return s3_delete(c, key_of(c, name));
}

/* --- what waits --- */

#define CHUNK (64 * 1024)

static const char *waiting_path(struct ctx *c, int64_t id)
{
    return arena_strf(c->arena, STR_FMT "/media/waiting/%lld", STR_ARG(c->site->data_dir), (long long)id).p;
}

/* libsodium's stream of chunks (XChaCha20-Poly1305); the last says that it is the last. */
static struct str seal(struct ctx *c, struct str key, struct str plain)
{
    crypto_secretstream_xchacha20poly1305_state s;
    size_t chunks = plain.n / CHUNK + 1;
    size_t room = crypto_secretstream_xchacha20poly1305_HEADERBYTES + plain.n
                  + chunks * crypto_secretstream_xchacha20poly1305_ABYTES;
    unsigned char *out = arena_alloc_raw(c->arena, room);
    size_t n = crypto_secretstream_xchacha20poly1305_HEADERBYTES;
    (void)crypto_secretstream_xchacha20poly1305_init_push(&s, out, (const unsigned char *)key.p);
    for (bool last = false; !last;) {
        struct str part = str_head(plain, plain.n < CHUNK ? plain.n : CHUNK);
        unsigned long long written = 0;
        plain = str_skip(plain, part.n);
        last = part.n < CHUNK;
        (void)crypto_secretstream_xchacha20poly1305_push(&s, out + n, &written, (const unsigned char *)part.p, part.n,
                                                         NULL, 0,
                                                         last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : 0);
        n += written;
    }
    return (struct str){ (const char *)out, n };
}

static bool unseal(struct ctx *c, struct str key, struct str in, struct str *plain)
{
    crypto_secretstream_xchacha20poly1305_state s;
    const size_t extra = crypto_secretstream_xchacha20poly1305_ABYTES;
    const size_t head = crypto_secretstream_xchacha20poly1305_HEADERBYTES;
    unsigned char *out = arena_alloc_raw(c->arena, in.n + 1);
    unsigned char tag = 0;
    size_t n = 0;
    if (in.n < head || key.n != MEDIA_KEY_BYTES
        || crypto_secretstream_xchacha20poly1305_init_pull(&s, (const unsigned char *)in.p,
                                                           (const unsigned char *)key.p)
               != 0)
        return false;
    for (struct str rest = str_skip(in, head); rest.n > 0;) {
        struct str part = str_head(rest, rest.n < CHUNK + extra ? rest.n : CHUNK + extra);
        unsigned long long written = 0;
        rest = str_skip(rest, part.n);
        if (crypto_secretstream_xchacha20poly1305_pull(&s, out + n, &written, &tag, (const unsigned char *)part.p,
                                                       part.n, NULL, 0)
            != 0)
            return false;
        n += written;
    }
    *plain = (struct str){ (const char *)out, n };
    return tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
}

enum err media_waiting_put(struct ctx *c, int64_t id, struct str key, struct str bytes)
{
    return media_write(c, waiting_path(c, id), seal(c, key, bytes));
}

enum err media_waiting_get(struct ctx *c, int64_t id, struct str key, struct str *bytes)
{
    struct str sealed = { 0 };
    TRY(read_path(c, waiting_path(c, id), &sealed));
    if (sealed.p == NULL)
        return fail(c, ERR_NOT_FOUND, "The upload is not there any more");
    return unseal(c, key, sealed, bytes) ? OK : fail(c, ERR_INVALID, "The upload is damaged");
}

enum err media_waiting_remove(struct ctx *c, int64_t id)
{
    const char *path = waiting_path(c, id);
    if (unlink(path) != 0 && errno != ENOENT)
        return fail_internal(c, "%s: %s", path, strerror(errno));
    return OK;
}
