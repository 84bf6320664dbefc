/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Archives of parleys that members bring: those of Mastodon and its kin (outbox.json) and of X (data/tweets.js), as ZIP
   or tar.gz. The helper (parley-media) reads one from front to end and writes what is wanted of it, plainly, into one
   file: the parleys as JSON objects of one shape, the files as they are, then an index of each, then this head at the
   beginning. Nothing in an archive names a file of ours: its names are compared and forgotten. */
#define UNPACK_POSTS_MAX   200000
#define UNPACK_FILES_MAX   200000
#define UNPACK_ENTRIES_MAX 500000
#define UNPACK_ITEM_MAX    ((size_t)1024 * 1024)              /* bytes of one parley's JSON */
#define UNPACK_DEPTH_MAX   64                                 /* of its nesting */
#define UNPACK_BYTES_MAX   (INT64_C(16) * 1024 * 1024 * 1024) /* all that an archive unfolds to */
#define UNPACK_OUT_MAX     (INT64_C(8) * 1024 * 1024 * 1024)  /* what is kept of it */
#define UNPACK_FILE_MAX    ((int64_t)100 * 1024 * 1024)       /* of one picture or video */
#define UNPACK_TEXT_MAX    ((size_t)64 * 1024)
#define UNPACK_NOTES_MAX   20000
#define UNPACK_KEYS_MAX    4          /* names that one file may have */
#define UNPACK_MAGIC       0x4B435055 /* "UPCK" */

enum unpack_kind { UNPACK_NONE = 0, UNPACK_MASTODON = 16, UNPACK_X = 17 }; /* as enum import_kind */

struct unpack_head {
    uint32_t magic;
    uint32_t kind; /* enum unpack_kind */
    uint32_t refused;
    uint32_t posts_n;
    uint32_t files_n;
    uint32_t left_out; /* parleys that could not be read, or were too many */
    int64_t posts_at;
    int64_t files_at;
    char problem[128]; /* a sentence's end */
};
struct unpack_post { /* by time */
    int64_t ms;
    int64_t at;
    uint32_t n;
    uint32_t order;
};
struct unpack_file { /* by key */
    uint64_t key;    /* str_hash of its name within the archive */
    int64_t at;
    int64_t n;
};

/* Reads `in`, which may unfold to `bytes_max`, and writes to `fd` (a file, read and written). False: fd could not be
   written. A refusal stands in the head. */
bool unpack(const void *in, size_t n, int64_t bytes_max, int fd);

/* --- its parts, for tests and fuzzing --- */

/* Splits a JSON text that comes in pieces into the objects of one list: of the member "orderedItems" of an object, or
   of a list that stands alone (text before it, as `window.YTD.tweets.part0 =`, is skipped). */
struct splitter {
    bool in_string;
    bool escaped;
    bool found; /* inside the list */
    bool over;  /* behind it */
    bool too_deep;
    int depth;
    int list_depth;
    bool keyed;   /* the last string at depth 1 was "orderedItems" */
    char key[16]; /* of the string that is being read at depth 1 */
    size_t key_n;
    char *item; /* malloc'ed; room for UNPACK_ITEM_MAX */
    size_t item_n;
    bool too_long;
    int64_t dropped;
};
typedef bool splitter_fn(void *arg, const char *item, size_t n);
void splitter_init(struct splitter *s);
void splitter_fini(struct splitter *s);
/* False: `each` said so. */
bool splitter_feed(struct splitter *s, const char *p, size_t n, splitter_fn *each, void *arg);

/* One parley of either kind to the common shape, malloc'ed JSON; NULL: it is none, or not to be taken (an echo, a
   direct one). *ms: when it was written. */
char *unpack_note(const char *item, size_t n, int64_t *ms);
char *unpack_tweet(const char *item, size_t n, int64_t *ms);
/* Of HTML the text, malloc'ed. */
char *unpack_html(const char *html);
