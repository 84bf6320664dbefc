/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "base/locks.h"
#include "net/proxy.h"

/* A body that is too long for memory, while it comes: a file without a name, gone with its descriptor, that its handler
   reads as if it lay in memory (a private mapping, which the system may drop and read again). A few at a time, one of
   each client and few of an address, so that nobody takes the room of all; how fast they must come: NET_FILE_RATE_MIN.
 */
#define BODY_FILES_MAX        16
#define BODY_FILES_OF_ADDRESS 4                           /* IPv6 by /64 */
#define BODY_FILE_LOOK        ((uint64_t)8 * 1024 * 1024) /* bytes after which the room on the disk is looked at again */
#define BODY_FILE_COPIES      2 /* the handler keeps what it wants while the body is still there */

/* The words of METRIC_BODY_FILES_REFUSED. */
enum body_file_refusal {
    BODY_FILE_OF_MEMBER,
    BODY_FILE_OF_ADDRESS,
    BODY_FILE_CROWDED,
    BODY_FILE_NO_ROOM,
    BODY_FILE_SLOW
};

struct body_file_from {
    int64_t who;          /* 0: nobody */
    bool is_counted;      /* among those of its address: neither the console nor a trusted proxy is */
    struct net_addr addr; /* or what it counts for (net_addr_party) */
};

/* Who has one now. Any thread. */
struct body_files {
    struct lock lock;
    struct body_file_from of[BODY_FILES_MAX];
    int used;           /* of them */
    const char *folder; /* that holds them */
    uint64_t floor;     /* bytes that stay free on its disk, also when each writes on until it looks again */
};

struct body_file {
    int fd;      /* 0: none */
    int64_t who; /* 0: holds no place */
    uint64_t n;
    uint64_t looked; /* of n, when the room was looked at last */
    void *map;
};

/* Each answers 0, or the status to refuse the request with: 429 this client sends one already, or its address too many,
   503 all places are taken, 507 no room. `announced` may be 0: not known. What is refused holds nothing. Runs on:
   worker. */
int body_file_open(struct body_files *all, const struct body_file_from *from, uint64_t announced, struct body_file *f);
int body_file_put(struct body_files *all, struct body_file *f, const char *p, size_t n); /* Runs on: loop. */
int body_file_whole(struct body_file *f, struct str *out);                               /* Runs on: any. */
void body_file_late(const struct body_file *f); /* its sender was too slow, and is cut off; none is no file */
void body_file_close(struct body_files *all, struct body_file *f); /* Any; twice, too. */
