/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>

/* Everything a store on SQLite holds, a checksum a table: two of them tell what changed between. */
#define DUMP_TABLES_MAX 96

struct dump {
    int tables;
    struct {
        char name[64];
        unsigned long long sum;
    } table[DUMP_TABLES_MAX];
};
void dump_take(const char *folder, struct dump *out);
/* The first table that differs; NULL: none. */
const char *dump_differs(const struct dump *a, const struct dump *b);
