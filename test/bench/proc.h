/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* What the kernel says of a process (proc(5)): CPU of all its threads, user and system; resident memory now and at
 * most. */
struct proc_use {
    int64_t cpu_us; /* in steps of a clock tick, 10 ms */
    int64_t rss_kib;
    int64_t rss_peak_kib;
};

bool proc_use_read(pid_t pid, struct proc_use *out); /* false: no such process */
