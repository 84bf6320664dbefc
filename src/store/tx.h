/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>

#include "base/ctx.h"

/* A transaction that rolls back when its scope is left without tx_commit(). Within it all statements of c->db see and
   make its changes. tx_commit() returns when everything is on disk; only then may memory (feed/) be told. Transactions
   do not nest: a core function that opens one is not called from inside another. */
struct tx {
    struct ctx *c;
    bool open;
};
#define TX CLEANUP(tx_abort) struct tx

enum err tx_begin(struct ctx *c, struct tx *t) NODISCARD;
enum err tx_begin_derived(struct ctx *c,
                          struct tx *t) NODISCARD; /* for derived.*: not durable, never mixed with the other */
enum err tx_commit(struct tx *t) NODISCARD;
void tx_abort(struct tx *t); /* nothing once committed */

/* Inside a transaction: if it commits, `run` is called with the numbers at the end of the unit of work, when memory was
   told everything; in the order of the calls. For telling others; must not fail and not use the store. */
typedef void tx_after_fn(struct ctx *c, int64_t x, int64_t y, int64_t z);
void tx_after(struct ctx *c, tx_after_fn *run, int64_t x, int64_t y, int64_t z);
void tx_done(struct ctx *c); /* the end of a unit of work: runs what its transactions left */
