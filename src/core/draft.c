/* SPDX-License-Identifier: Apache-2.0 */
#include "core/draft.h"

#include "base/clock.h"
#include "core/attachment.h"
#include "core/compose.h"
#include "core/draft_json.h"
#include "core/visible.h"
#include "store/account.h"
#include "store/draft.h"
#include "store/tx.h"

static enum err check(struct ctx *c, const struct status_draft *d, struct str *json)
{
    if (!str_is_utf8(d->text) || !str_is_utf8(d->spoiler))
        return fail(c, ERR_INVALID, "Validation failed: Text is not valid UTF-8");
    if (d->text.n + d->spoiler.n > COMPOSE_BYTES_MAX || d->poll.options_n > POLL_OPTIONS_MAX)
        return fail(c, ERR_INVALID, "Validation failed: A draft holds %d bytes of text and %d options",
                    COMPOSE_BYTES_MAX, POLL_OPTIONS_MAX);
    *json = draft_json(c->arena, d, 0);
    if (json->n > DRAFT_JSON_BYTES_MAX)
        return fail(c, ERR_INVALID, "Validation failed: The draft is larger than %d bytes", DRAFT_JSON_BYTES_MAX);
    return OK;
}

enum err draft_add(struct ctx *c, const struct status_draft *d, struct saved_draft **out)
{
    TX tx = { 0 };
    int64_t n = 0;
    *out = ARENA_NEW(c->arena, struct saved_draft);
    **out = (struct saved_draft){
        .account_id = c->me->id,
        .version = 1,
        .created_ms = c->now_ms,
        .updated_ms = c->now_ms,
    };
    TRY(member_may_write(c));
    TRY(check(c, d, &(*out)->draft));
    TRY(tx_begin(c, &tx));
    TRY(store_account_lock(c, &c->me->id, 1)); /* of two at once the second counts the first */
    TRY(store_draft_count(c, c->me->id, &n));
    if (n >= DRAFTS_MAX)
        return fail(c, ERR_INVALID, "Validation failed: You have %d drafts already: delete one of them first",
                    DRAFTS_MAX);
    TRY(store_draft_insert(c, *out));
    TRY(attachments_reserve(c, d, c->now_ms + ATTACHMENT_DRAFT_DAYS * DAY_MS));
    return tx_commit(&tx);
}

enum err draft_list(struct ctx *c, const struct page *p, struct saved_draft **out, int64_t *n)
{
    return store_draft_list(c, c->me->id, p, out, n);
}

enum err draft_get(struct ctx *c, int64_t id, struct saved_draft **out)
{
    TRY(store_draft_find(c, id, out));
    return *out != NULL && (*out)->account_id == c->me->id ? OK : fail(c, ERR_NOT_FOUND, "Record not found");
}

enum err draft_save(struct ctx *c, int64_t id, int64_t version, const struct status_draft *d, struct saved_draft **out)
{
    TX tx = { 0 };
    bool found = false;
    TRY(member_may_write(c));
    TRY(draft_get(c, id, out));
    TRY(check(c, d, &(*out)->draft));
    (*out)->version = version;
    (*out)->updated_ms = c->now_ms;
    TRY(tx_begin(c, &tx));
    TRY(store_draft_update(c, *out, &found));
    TRY(attachments_reserve(c, d, c->now_ms + ATTACHMENT_DRAFT_DAYS * DAY_MS));
    if (!found)
        return fail(c, ERR_CONFLICT, "This draft was saved elsewhere since: read it anew, then save");
    TRY(tx_commit(&tx));
    (*out)->version++;
    return OK;
}

enum err draft_remove(struct ctx *c, int64_t id)
{
    TX tx = { 0 };
    struct saved_draft *d = NULL;
    bool found = false;
    TRY(draft_get(c, id, &d));
    TRY(tx_begin(c, &tx));
    TRY(store_draft_delete(c, id, &found));
    return tx_commit(&tx);
}
