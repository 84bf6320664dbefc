/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/announcement.h"

/* The small tables `announcement` and `announcement_count`, which everybody reads, and what members did with them, at
   their own buckets. Writes run inside the caller's transaction. Any thread. */
#define ANNOUNCEMENTS_MAX 50

enum err store_announcement_insert(struct ctx *c, struct announcement *a) NODISCARD; /* sets a->id */
enum err store_announcement_update(struct ctx *c, const struct announcement *a) NODISCARD;
/* The row and its counts; members' own rows go with store_announcement_forget. */
enum err store_announcement_delete(struct ctx *c, int64_t id) NODISCARD;
/* All, newest first; *out: at most ANNOUNCEMENTS_MAX. */
enum err store_announcement_list(struct ctx *c, struct announcement **out, int64_t *n) NODISCARD;
/* What a member dismissed; out has room for ANNOUNCEMENTS_MAX. */
enum err store_announcement_read(struct ctx *c, int64_t account_id, int64_t *out, int64_t *n) NODISCARD;
enum err store_announcement_dismiss(struct ctx *c, int64_t account_id, int64_t id) NODISCARD;
/* What a member did with announcements that are none of `kept`. */
enum err store_announcement_forget(struct ctx *c, int64_t account_id, const int64_t *kept, int64_t n) NODISCARD;

/* How many reacted how, oldest kind first, with what account_id (0: nobody) did. *out on the arena. */
enum err store_reaction_list(struct ctx *c, int64_t account_id, struct reaction **out, int64_t *n) NODISCARD;
/* False in *changed: it was so already. The count goes along. */
enum err store_reaction_add(struct ctx *c, int64_t account_id, int64_t id, struct str name, bool *changed) NODISCARD;
enum err store_reaction_remove(struct ctx *c, int64_t account_id, int64_t id, struct str name, bool *changed) NODISCARD;
