/* SPDX-License-Identifier: Apache-2.0 */
#include "core/notify.h"

#include "core/notification_policy.h"
#include "model/account.h"
#include "store/account.h"
#include "store/bond.h"
#include "store/notification.h"

enum err notify_filter(struct ctx *c, int64_t thread_id, int64_t *ids, int64_t *n)
{
    struct hearing *h = ARENA_ARRAY(c->arena, (size_t)*n + 1, struct hearing);
    int64_t kept = 0;
    if (*n == 1 && ids[0] == c->me->id)
        *n = 0;
    TRY(store_bond_hearing(c, c->me->id, thread_id, ids, *n, h));
    for (int64_t i = 0; i < *n; i++) {
        const struct bond *b = &h[i].bond;
        bool deaf = b->blocks || b->blocked_by || b->mutes_notifications || h[i].mutes_thread;
        if (ids[i] != c->me->id && !deaf)
            ids[kept++] = ids[i];
    }
    *n = kept;
    return OK;
}

/* Nobody fills the table with what waits for a decision. */
static enum err has_room(struct ctx *c, const struct notification *note, bool *room)
{
    int64_t people = 0;
    int64_t notes = 0;
    TRY(store_notification_waiting(c, note->account_id, note->from_id, REQUEST_NOTES_MAX, &people, &notes));
    *room = notes < REQUEST_NOTES_MAX;
    return OK;
}

enum err notify_all(struct ctx *c, const int64_t *ids, int64_t n, enum notification_type type, int64_t status_id)
{
    enum notification_verdict *verdicts = ARENA_ARRAY(c->arena, (size_t)n + 1, enum notification_verdict);
    TRY(policy_judge(c, type, status_id, ids, n, verdicts));
    for (int64_t i = 0; i < n; i++) {
        struct notification note = {
            .account_id = ids[i],
            .type = type,
            .from_id = c->me->id,
            .status_id = status_id,
            .created_ms = c->now_ms,
            .filtered = verdicts[i] == HEAR_FILTER,
        };
        bool room = verdicts[i] != HEAR_DROP;
        if (note.filtered)
            TRY(has_room(c, &note, &room));
        if (room)
            TRY(store_notification_insert(c, &note));
    }
    return OK;
}

enum err notify_staff_list(struct ctx *c, struct account ***out, int64_t *n)
{
    struct page all = { .limit = STAFF_TOLD_MAX };
    *out = ARENA_ARRAY(c->arena, STAFF_TOLD_MAX, struct account *);
    return store_account_list(c, ACCOUNTS_STAFF, &all, *out, n);
}

enum err notify_staff(struct ctx *c, struct account *const *staff, int64_t n, const struct notification *note)
{
    for (int64_t i = 0; i < n; i++) {
        struct notification own = *note;
        own.account_id = staff[i]->id;
        own.created_ms = c->now_ms;
        if (own.account_id != own.from_id)
            TRY(store_notification_insert(c, &own));
    }
    return OK;
}
