/* SPDX-License-Identifier: Apache-2.0 */
#include "dump.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

/* FNV-1a, over every value and its type. */
static unsigned long long mix(unsigned long long sum, const void *p, int n)
{
    const unsigned char *bytes = p;
    for (int i = 0; i < n; i++)
        sum = (sum ^ bytes[i]) * 0x100000001b3ULL;
    return sum;
}

static unsigned long long sum_of(sqlite3 *h, const char *table)
{
    char sql[128];
    sqlite3_stmt *st = NULL;
    unsigned long long sum = 0xcbf29ce484222325ULL;
    int code = snprintf(sql, sizeof sql, "SELECT * FROM \"%s\"", table);
    assert(code > 0 && (size_t)code < sizeof sql);
    code = sqlite3_prepare_v2(h, sql, -1, &st, NULL);
    assert(code == SQLITE_OK);
    while ((code = sqlite3_step(st)) == SQLITE_ROW)
        for (int i = 0; i < sqlite3_column_count(st); i++) {
            int type = sqlite3_column_type(st, i);
            sum = mix(sum, &type, (int)sizeof type);
            const void *value = sqlite3_column_blob(st, i);
            sum = mix(sum, value, sqlite3_column_bytes(st, i));
        }
    assert(code == SQLITE_DONE);
    (void)sqlite3_finalize(st);
    return sum;
}

void dump_take(const char *folder, struct dump *out)
{
    char path[256];
    sqlite3 *h = NULL;
    sqlite3_stmt *st = NULL;
    *out = (struct dump){ 0 };
    (void)snprintf(path, sizeof path, "%s/parley.db", folder);
    int code = sqlite3_open_v2(path, &h, SQLITE_OPEN_READWRITE, NULL);
    assert(code == SQLITE_OK);
    code = sqlite3_prepare_v2(h, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name", -1, &st, NULL);
    assert(code == SQLITE_OK);
    while (sqlite3_step(st) == SQLITE_ROW) {
        assert(out->tables < DUMP_TABLES_MAX);
        int at = out->tables++;
        (void)snprintf(out->table[at].name, sizeof out->table[at].name, "%s", sqlite3_column_text(st, 0));
        out->table[at].sum = sum_of(h, out->table[at].name);
    }
    (void)sqlite3_finalize(st);
    (void)sqlite3_close(h);
}

const char *dump_differs(const struct dump *a, const struct dump *b)
{
    assert(a->tables == b->tables && a->tables > 0);
    for (int i = 0; i < a->tables; i++)
        if (a->table[i].sum != b->table[i].sum)
            return a->table[i].name;
    return NULL;
}
