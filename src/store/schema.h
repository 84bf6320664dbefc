/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "db/db.h"

/* The migrations that are built into the binary: migrations/NNNN_name.sql for what must never be lost,
   derived/NNNN_name.sql for what can be rebuilt. Brings the store of c->db to their newest version. */
enum err schema_migrate(struct ctx *c, db_progress_fn *progress, void *arg) NODISCARD;
int64_t schema_version(void); /* the newest version that this binary knows */
