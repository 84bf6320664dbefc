/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "core/status_page.h"
#include "model/page.h"
#include "model/status.h"

/* What c->me does to a parley. All of it may be asked twice: the second time changes nothing and gives the same answer.
   An echo stands for what it echoes. Both sides, the counter and the notification are one transaction; the feed is told
   after it. *out: the parley (of status_reblog: the echo). ERR_NOT_FOUND when it may not be seen; taking back works
   then, too, and still says so. */
enum err status_favourite(struct ctx *c, int64_t id, struct status **out) NODISCARD;
enum err status_unfavourite(struct ctx *c, int64_t id, struct status **out) NODISCARD;
enum err status_bookmark(struct ctx *c, int64_t id, struct status **out) NODISCARD;
enum err status_unbookmark(struct ctx *c, int64_t id, struct status **out) NODISCARD;
/* visibility: enum visibility, or -1 for the member's default. Public and unlisted parleys, and one's own for followers
   (whose echo is for followers): else ERR_FORBIDDEN. */
enum err status_reblog(struct ctx *c, int64_t id, int visibility, struct status **out) NODISCARD;
enum err status_unreblog(struct ctx *c, int64_t id, struct status **out) NODISCARD;
/* One's own, not direct, no echo, PINS_MAX at most: else ERR_INVALID. */
enum err status_pin(struct ctx *c, int64_t id, struct status **out) NODISCARD;
enum err status_unpin(struct ctx *c, int64_t id, struct status **out) NODISCARD;
/* No more notifications from its thread. */
enum err status_mute(struct ctx *c, int64_t id, struct status **out) NODISCARD;
enum err status_unmute(struct ctx *c, int64_t id, struct status **out) NODISCARD;

/* c->me's own lists; row ids are internal. */
enum err status_bookmarks(struct ctx *c, const struct page *p, struct status_page *out) NODISCARD;
enum err status_favourites(struct ctx *c, const struct page *p, struct status_page *out) NODISCARD;
/* Accounts that did it, as c->me may see them: id 0 where not. */
enum err status_favourited_by(struct ctx *c, int64_t id, const struct page *p, struct page_row **out,
                              int64_t *n) NODISCARD;
enum err status_reblogged_by(struct ctx *c, int64_t id, const struct page *p, struct page_row **out,
                             int64_t *n) NODISCARD;
