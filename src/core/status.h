/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "core/status_page.h"
#include "model/page.h"
#include "model/status.h"
#include "model/status_draft.h"

/* Publishing, editing and reading parleys as c->me. Deleting: core/status_delete.h; threads: core/context.h; echoes,
   favourites, bookmarks, pins: core/interact.h; who may see what: core/visible.h. Any thread with c->db. */
#define IDEMPOTENCY_HOURS   1
#define IDEMPOTENCY_KEY_MAX 256 /* bytes */

/* Stores the parley, its thread, tags, counters and notifications in one transaction; returns when it is on disk. With
   an idempotency key that was used within the hour, gives what it published then, or ERR_GONE if that was deleted
   since. */
enum err status_publish(struct ctx *c, const struct status_draft *d, struct status **out) NODISCARD;
/* What publishing this draft now would refuse. Writes nothing. */
enum err status_check(struct ctx *c, const struct status_draft *d) NODISCARD;
/* The claim of the draft's idempotency key; p == NULL: none. */
enum err status_key(struct ctx *c, const struct status_draft *d, struct str *key) NODISCARD;
/* The same, with the author as the commit left them, so that the answer needs no further reading. */
struct published {
    struct status *status;
    const struct account *author; /* NULL: not known here (a retry, or a direct parley, which is counted nowhere) */
};
enum err status_publish_now(struct ctx *c, const struct status_draft *d, struct published *out) NODISCARD;
/* The author's only. Keeps every version; an edit that changes nothing is none. visibility, in_reply_to_id and the key
   of the draft are ignored. */
enum err status_edit(struct ctx *c, int64_t id, const struct status_draft *d, struct status **out) NODISCARD;
/* c->me's own, for what only authors do; ERR_NOT_FOUND if not visible, ERR_FORBIDDEN if somebody else's. */
enum err status_own(struct ctx *c, int64_t id, struct status **out) NODISCARD;

/* Oldest first; one entry if it was never edited. */
enum err status_history(struct ctx *c, int64_t id, struct status_version **out, int64_t *n) NODISCARD;

/* An account's page. */
struct author_page {
    int64_t account_id;
    bool pinned;
    bool exclude_replies;
    bool exclude_reblogs;
    bool only_media;
    struct str tagged; /* as asked; p == NULL: any */
};
enum err status_of_author(struct ctx *c, const struct author_page *a, const struct page *p,
                          struct status_page *out) NODISCARD;
