/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "base/locks.h"

/* A body that is too long for memory, while it comes: a file without a name, gone with its descriptor, that its handler
   reads as if it lay in memory (a private mapping, which the system may drop and read again). A few at a time, and one
   of each client, so that nobody takes the room of all. */
#define BODY_FILES_MAX   16
#define BODY_FILE_LOOK   ((uint64_t)8 * 1024 * 1024) /* bytes after which the room on the disk is looked at again */
#define BODY_FILE_COPIES 2                           /* the handler keeps what it wants while the body is still there */

/* Who has one now. Any thread. */
struct body_files {
    struct lock lock;
    int64_t of[BODY_FILES_MAX]; /* 0: free */
    const char *folder;         /* that holds them */
    uint64_t floor;             /* bytes that stay free on its disk */
};

struct body_file {
    int fd;      /* 0: none */
    int64_t who; /* 0: holds no place */
    uint64_t n;
    uint64_t looked; /* of n, when the room was looked at last */
    void *map;
};

/* Each answers 0, or the status to refuse the request with: 429 this client sends one already, 503 too many do, 507 no
   room. `announced` may be 0: not known. Runs on: worker. */
int body_file_open(struct body_files *all, int64_t who, uint64_t announced, struct body_file *f);
int body_file_put(const struct body_files *all, struct body_file *f, const char *p, size_t n); /* Runs on: loop. */
int body_file_whole(struct body_file *f, struct str *out);                                     /* Runs on: any. */
void body_file_close(struct body_files *all, struct body_file *f);                             /* Any; twice, too. */
