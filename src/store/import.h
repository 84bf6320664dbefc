/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/import.h"

/* The tables `import` and `import_item`, at their member. Writes run inside the caller's transaction. Any thread. */
enum err store_import_insert(struct ctx *c, struct import *i) NODISCARD; /* draws i->id unless it is given */
enum err store_import_find(struct ctx *c, int64_t id, struct import **out) NODISCARD; /* NULL: none */
/* Newest first, without their text. */
enum err store_import_list(struct ctx *c, int64_t account_id, int64_t limit, struct import **out, int64_t *n) NODISCARD;
/* How far it is and how it stands, if it is in the state `was` yet; text.p == NULL forgets the text. */
enum err store_import_update(struct ctx *c, const struct import *i, enum import_state was, bool *written) NODISCARD;
enum err store_import_delete(struct ctx *c, int64_t id) NODISCARD;
enum err store_import_clear(struct ctx *c, int64_t account_id) NODISCARD; /* all of a member's, items too */

/* False in *added: it came before. */
enum err store_import_item_insert(struct ctx *c, const struct import *i, struct str source, int64_t status_id,
                                  bool *added) NODISCARD;
struct import_item {
    int64_t import_id;
    int64_t status_id; /* 0: none */
};
enum err store_import_item_find(struct ctx *c, int64_t account_id, struct str source,
                                struct import_item *out) NODISCARD;
/* The newest parleys of one import, at most `limit`; out has room for them. */
enum err store_import_items(struct ctx *c, int64_t import_id, int64_t limit, int64_t *out, int64_t *n) NODISCARD;
enum err store_import_item_delete(struct ctx *c, int64_t import_id, int64_t status_id) NODISCARD;
