/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <sqlite3.h>
#include <stdint.h>

#include "base/str.h"
#include "gen.h"

/* The store as the generator sees it: SQLite directly, since rows are written in key order with neither journal nor
   sync. What fails ends the program: a half-made dataset is thrown away and made anew. */
struct gen_db {
    sqlite3 *db;
    const char *path;
};

void gen_db_open(struct gen_db *d,
                 const char *folder); /* parley.db, made by the server; refuses one with parleys in it */
void gen_db_close(struct gen_db *d);  /* back to WAL, all on disk */
void gen_db_exec(struct gen_db *d, const char *sql);
void gen_db_begin(struct gen_db *d);
void gen_db_commit(struct gen_db *d);
/* Takes an index away and gives the text that makes it again; from malloc. */
char *gen_db_drop_index(struct gen_db *d, const char *name);
void gen_db_make_index(struct gen_db *d, char **sql);

sqlite3_stmt *gen_db_insert(struct gen_db *d, const char *sql);
void gen_bind_i64(sqlite3_stmt *st, int n, int64_t v);
void gen_bind_str(sqlite3_stmt *st, int n, struct str v); /* bytes stay until gen_db_run */
void gen_db_run(struct gen_db *d, sqlite3_stmt *st);
void gen_db_done(struct gen_db *d, sqlite3_stmt **st);

/* gen_write_people.c */
void gen_write_accounts(struct gen_db *d, const struct gen *g);
void gen_write_members(struct gen_db *d, const struct gen *g);
void gen_write_claims(struct gen_db *d, const struct gen *g);
void gen_write_follows(struct gen_db *d, const struct gen *g);
void gen_write_followers(struct gen_db *d, const struct gen *g);
/* gen_write_parleys.c */
void gen_write_statuses(struct gen_db *d, const struct gen *g);
void gen_write_threads(struct gen_db *d, const struct gen *g);
void gen_write_tags(struct gen_db *d, const struct gen *g);
