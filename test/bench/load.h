/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>
#include <sys/types.h>

#include "base/arena.h"
#include "hist.h"

/* The HTTP load generator: one thread, a closed loop (each connection asks again when it is answered), so latency is
   measured from the first byte sent to the last byte read, and a slow server is asked less, not later.
   load.c: command line and report; load_plan.c: what is asked; load_run.c: the connections. */
#define LOAD_CONNECTIONS_MAX 16384
#define LOAD_REQUEST_MAX     (64U * 1024)
#define LOAD_HEADERS_MAX     16

struct load_options {
    const char *host;
    int port;
    size_t connections;
    int64_t requests; /* stop after so many; 0: by time */
    int64_t seconds;
    int64_t warmup_ms; /* asked but not counted */
    const char *method;
    const char *target;       /* one path; NULL: targets_file */
    const char *targets_file; /* a path a line; a tab and a token may follow */
    const char *tokens_file;  /* a bearer token a line, used in turn */
    const char *headers[LOAD_HEADERS_MAX];
    size_t headers_n;
    const char *body; /* template: {n} is a counter */
    const char *type; /* of the body */
    int64_t first_n;  /* where the counter starts */
    bool revalidate;  /* asks each slot once, then sends If-None-Match with its ETag */
    int expect;       /* the status that counts as success; 0: any 2xx and 304 */
    pid_t pid;        /* of the server, for its CPU and memory; 0: unknown */
    const char *save; /* file for the body of the first reply; NULL: none */
    bool json;
};

/* What is asked: slots in turn. A request is head, then (with a body) its length, an empty line and the body. */
struct load_slot {
    struct str head; /* without the final empty line */
};

struct load_plan {
    struct load_slot *slots;
    size_t n;
    struct str body; /* template; p == NULL: no body */
    int64_t next_n;
    size_t next_slot;
};

/* Reads the files and builds the slots; prints what is wrong and returns false. */
bool load_plan_build(struct arena *a, const struct load_options *o, struct load_plan *out) NODISCARD;
/* Asks every slot once, one after the other, and adds If-None-Match with the ETag that came. */
bool load_plan_revalidate(struct arena *a, const struct load_options *o, struct load_plan *p) NODISCARD;
/* Asks the first slot once, to see that the server answers; saves the body where the options say. */
bool load_plan_probe(const struct load_options *o, struct load_plan *p) NODISCARD;
/* Writes the next request; returns its size, at most LOAD_REQUEST_MAX. */
size_t load_plan_next(struct load_plan *p, char *out);

struct load_result {
    struct hist latency;
    int64_t by_status[600];
    int64_t replies;
    int64_t unexpected; /* replies with another status than expected */
    int64_t broken;     /* connections that ended or spoke nonsense in the middle of a reply */
    uint64_t head_bytes;
    uint64_t body_bytes;
    int64_t elapsed_us;
    int64_t server_cpu_us;
    int64_t server_rss_kib;
    int64_t server_rss_peak_kib;
    int64_t own_cpu_us;
};

int load_connect(const struct load_options *o); /* a blocking socket; -1: refused */
bool load_run(const struct load_options *o, struct load_plan *p, struct load_result *out) NODISCARD;
