/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "media/unpack.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t n);

struct fed {
    char *(*read)(const char *item, size_t n, int64_t *ms);
    int64_t items;
};

static bool one(void *arg, const char *item, size_t n)
{
    struct fed *f = arg;
    int64_t ms = 0;
    assert(n <= UNPACK_ITEM_MAX);
    char *json = f->read(item, n, &ms);
    assert(json == NULL || json[0] == '{');
    free(json);
    return ++f->items < 1000;
}

/* A list in two pieces, as an archive's blocks may cut it anywhere. */
static void split(const char *p, size_t n, char *(*read)(const char *, size_t, int64_t *))
{
    struct splitter s;
    struct fed f = { .read = read };
    splitter_init(&s);
    if (splitter_feed(&s, p, n / 2, one, &f))
        (void)splitter_feed(&s, p + n / 2, n - n / 2, one, &f);
    splitter_fini(&s);
}

static void whole(const char *p, size_t n)
{
    struct unpack_head h = { 0 };
    int fd = memfd_create("found", MFD_CLOEXEC);
    assert(fd >= 0);
    assert(unpack(p, n, UNPACK_BYTES_MAX, fd) && pread(fd, &h, sizeof h, 0) == (ssize_t)sizeof h);
    assert(h.magic == UNPACK_MAGIC && h.posts_n <= UNPACK_POSTS_MAX && h.files_n <= UNPACK_FILES_MAX);
    assert(memchr(h.problem, 0, sizeof h.problem) != NULL);
    off_t size = lseek(fd, 0, SEEK_END);
    for (uint32_t i = 0; i < h.posts_n; i++) {
        struct unpack_post post;
        off_t at = (off_t)(h.posts_at + (int64_t)i * (int64_t)sizeof post);
        assert(pread(fd, &post, sizeof post, at) == (ssize_t)sizeof post);
        assert(post.at >= (int64_t)sizeof h && post.at + (int64_t)post.n <= size);
    }
    (void)close(fd);
}

/* Archives of strangers, whole and in their parts: the first byte says which. */
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t n)
{
    const char *p = (const char *)data + 1;
    if (n < 2)
        return 0;
    n--;
    switch (data[0] % 4) {
    case 0: whole(p, n); break;
    case 1: split(p, n, unpack_note); break;
    case 2: split(p, n, unpack_tweet); break;
    default: {
        char *html = malloc(n + 1);
        assert(html != NULL);
        memcpy(html, p, n);
        html[n] = '\0';
        char *text = unpack_html(html);
        free(text);
        free(html);
    }
    }
    return 0;
}
