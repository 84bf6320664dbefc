/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/* Takes from the process what it does not need to turn bytes into bytes: opening files, sockets, other processes,
   executable memory. What is left is reading and writing what is open, memory, time and threads of its own (seccomp).
   Limits processor time, memory (on top of what
   is mapped now) and output. False: this kernel cannot, and nothing may be read. */
bool confine(int cpu_s, int64_t out_max);
