/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stddef.h>

/* A file that tools/embed.py put into the program: a migration, a style sheet, an error page. Constant for the life of
   the process; any thread. `data` is followed by a zero byte that `size` does not count, so text may be used as a C
   string. */
struct embedded_file {
    const char *name; /* the path below the folder given to embed.py: "0001_accounts.sql", "style.css" */
    const unsigned char *data;
    size_t size;
    const char *etag;        /* with its quotes, from the content: "\"3f2a...\""; assets only, else NULL */
    const char *type;        /* Content-Type, with charset for text; assets only, else NULL */
    const unsigned char *gz; /* the same, gzip; NULL where that saves less than a tenth, and for migrations */
    size_t gz_size;
};
