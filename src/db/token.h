/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "db/db.h"

/* The few places where one SQL text must become two. Tokens are @UPPERCASE; inside quotes they are text, and an @
   before anything else (@@, @>) is an operator. The tokens are listed in db/migrate.h. */
struct token_rules {
    enum db_engine engine;
    bool partitioned; /* PostgreSQL: PARTITION BY HASH (bucket) */
    bool migration;   /* a migration: all tokens and sections; otherwise a statement: @IN and @ON only */
};

#define TOKEN_PARTITIONS 4 /* partitions of a table when partitioned: <table>_p0 .. _p3 */

enum err token_expand(struct ctx *c, const struct token_rules *r, struct str sql, struct str *out) NODISCARD;
