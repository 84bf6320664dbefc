/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/page.h"

/* The tables `tag` (bucket of its name's hash, carried by its id) and `tag_status` (bucket of the tag). Names are
   normalised (text_tag_key). Only public parleys have rows in tag_status: nobody finds others by tag. */
#define TAG_DAYS 7 /* of a tag's history */

enum err store_tag_find(struct ctx *c, struct str name, int64_t *id) NODISCARD;   /* 0: nobody used it yet */
enum err store_tag_ensure(struct ctx *c, struct str name, int64_t *id) NODISCARD; /* inside a transaction */
enum err store_tag_status_insert(struct ctx *c, int64_t tag_id, int64_t status_id, int64_t account_id) NODISCARD;
enum err store_tag_status_delete(struct ctx *c, int64_t tag_id, int64_t status_id) NODISCARD;
enum err store_tag_statuses(struct ctx *c, int64_t tag_id, const struct page *p, struct page_row **out,
                            int64_t *n) NODISCARD;

struct tag_day {
    int64_t day_ms; /* midnight UTC */
    int64_t uses;
    int64_t accounts;
};
int64_t tag_day_ms(const struct ctx *c, int64_t ago); /* midnight of so many days ago */
/* The last TAG_DAYS days, today first. out has room for TAG_DAYS. */
enum err store_tag_history(struct ctx *c, int64_t tag_id, struct tag_day *out) NODISCARD;
