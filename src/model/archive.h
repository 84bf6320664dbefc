/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdint.h>

/* The numbers are stored. */
enum archive_state { ARCHIVE_MAKING = 0, ARCHIVE_READY = 1, ARCHIVE_FAILED = 2 };

/* A row of `archive`: all that a member wrote, in one file. */
struct archive {
    int64_t id;
    int64_t account_id;
    enum archive_state state;
    int64_t handled; /* parleys */
    int64_t total;
    int64_t bytes;
    int64_t created_ms;
    int64_t ready_ms;
    int64_t expires_ms; /* then the file goes; 0: it is not made yet */
};
