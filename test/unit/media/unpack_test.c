/* SPDX-License-Identifier: Apache-2.0 */
/* What an archive may unfold to: a small one that holds much is refused before the disk or the day is full. */
#include "media/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check.h"

#define MIB       ((size_t)1024 * 1024)
#define BYTES_MAX ((int64_t)(4 * MIB))
#define OUTBOX    "{\"orderedItems\":[]}"

struct made {
    char *bytes;
    size_t n;
    struct archive *out;
};

static void begin(struct made *m, bool zip)
{
    *m = (struct made){ .bytes = malloc(2 * MIB), .out = archive_write_new() };
    CHECK((zip ? archive_write_set_format_zip(m->out) : archive_write_set_format_ustar(m->out)) == ARCHIVE_OK);
    if (!zip)
        CHECK(archive_write_add_filter_gzip(m->out) == ARCHIVE_OK);
    CHECK(archive_write_open_memory(m->out, m->bytes, 2 * MIB, &m->n) == ARCHIVE_OK);
}

/* `real` bytes of `what`, said to be `said`. */
static void add(struct made *m, const char *name, char what, size_t real, int64_t said)
{
    struct archive_entry *e = archive_entry_new();
    char *bytes = malloc(real + 1);
    memset(bytes, what, real);
    archive_entry_set_pathname(e, name);
    archive_entry_set_filetype(e, AE_IFREG);
    archive_entry_set_perm(e, 0600);
    archive_entry_set_size(e, said);
    CHECK(archive_write_header(m->out, e) == ARCHIVE_OK);
    CHECK(archive_write_data(m->out, bytes, real) >= 0);
    free(bytes);
    archive_entry_free(e);
}

static void add_text(struct made *m, const char *name, const char *text)
{
    struct archive_entry *e = archive_entry_new();
    archive_entry_set_pathname(e, name);
    archive_entry_set_filetype(e, AE_IFREG);
    archive_entry_set_size(e, (la_int64_t)strlen(text));
    CHECK(archive_write_header(m->out, e) == ARCHIVE_OK);
    CHECK(archive_write_data(m->out, text, strlen(text)) == (la_ssize_t)strlen(text));
    archive_entry_free(e);
}

static struct unpack_head end(struct made *m)
{
    struct unpack_head h = { 0 };
    int fd = memfd_create("found", MFD_CLOEXEC);
    (void)archive_write_close(m->out); /* complains of what it was promised and did not get */
    CHECK(fd >= 0 && unpack(m->bytes, m->n, BYTES_MAX, fd));
    CHECK(pread(fd, &h, sizeof h, 0) == (ssize_t)sizeof h && h.magic == UNPACK_MAGIC);
    (void)archive_write_free(m->out);
    (void)close(fd);
    free(m->bytes);
    return h;
}

static bool is_too_much(struct unpack_head h)
{
    return h.refused == 1 && h.posts_n == 0 && h.files_n == 0 && strcmp(h.problem, "unfolds to too much") == 0;
}

static void what_fits(void)
{
    for (int zip = 0; zip < 2; zip++) {
        struct made m;
        begin(&m, zip == 1);
        add_text(&m, "outbox.json", OUTBOX);
        add(&m, "media_attachments/files/1/original/a.png", 'x', MIB, (int64_t)MIB);
        struct unpack_head h = end(&m);
        CHECK(h.refused == 0 && h.kind == UNPACK_MASTODON && h.files_n == 1);
    }
}

/* One list without end, or many files of which each would do. In a ZIP, which unfolds each for itself, nobody counted.
 */
static void real_sizes(void)
{
    for (int zip = 0; zip < 2; zip++) {
        struct made m;
        begin(&m, zip == 1);
        for (int i = 0; i < 2; i++)
            add(&m, "outbox.json", ' ', 3 * MIB, (int64_t)(3 * MIB));
        CHECK(is_too_much(end(&m)));
        begin(&m, zip == 1);
        add_text(&m, "outbox.json", OUTBOX);
        for (int i = 0; i < 5; i++)
            add(&m, "media_attachments/files/1/original/a.png", 'x', MIB, (int64_t)MIB);
        CHECK(is_too_much(end(&m)));
    }
}

/* A file that nobody asks for, too: passing over it in a tar.gz unfolds it. */
static void declared_sizes(void)
{
    for (int zip = 0; zip < 2; zip++) {
        struct made m;
        begin(&m, zip == 1);
        add_text(&m, "outbox.json", OUTBOX);
        add(&m, "holiday.avi", 'x', 10, INT64_C(1) << 32);
        CHECK(is_too_much(end(&m)));
    }
}

int main(void)
{
    what_fits();
    real_sizes();
    declared_sizes();
    return check_done();
}
