/* SPDX-License-Identifier: Apache-2.0 */
#include "core/report.h"

#include "base/jw.h"
#include "core/notify.h"
#include "core/secret.h"
#include "core/staff.h"
#include "core/uni.h"
#include "core/visible.h"
#include "model/site.h"
#include "store/claim.h"
#include "store/report.h"
#include "store/status.h"
#include "store/tx.h"

static const char *const category_words[] = {
    [REPORT_OTHER] = "other",
    [REPORT_SPAM] = "spam",
    [REPORT_LEGAL] = "legal",
    [REPORT_VIOLATION] = "violation",
};

struct str report_category_word(enum report_category category)
{
    return str_c(category_words[category]);
}

static enum err parse_category(struct ctx *c, const struct report_draft *d, enum report_category *out)
{
    *out = d->rule_ids_n > 0 ? REPORT_VIOLATION : REPORT_OTHER;
    if (d->category.n == 0 || d->rule_ids_n > 0)
        return OK;
    for (int i = 0; i <= REPORT_VIOLATION; i++)
        if (str_eq(d->category, str_c(category_words[i]))) {
            *out = (enum report_category)i;
            return OK;
        }
    return fail(c, ERR_INVALID, "Validation failed: Category is not one of other, spam, legal, violation");
}

static enum err check_rules(struct ctx *c, const struct report_draft *d)
{
    if (d->rule_ids_n > REPORT_RULES_MAX)
        return fail(c, ERR_INVALID, "Validation failed: Rules are too many");
    for (int64_t i = 0; i < d->rule_ids_n; i++) {
        bool known = false;
        for (int64_t k = 0; k < c->site->rules_n; k++)
            known = known || c->site->rules[k].id == d->rule_ids[i];
        if (!known)
            return fail(c, ERR_INVALID, "Validation failed: Rules does not reference valid rules");
    }
    return OK;
}

static enum err check_statuses(struct ctx *c, const struct report_draft *d)
{
    if (d->status_ids_n > REPORT_STATUSES_MAX)
        return fail(c, ERR_INVALID, "Validation failed: Statuses are too many (maximum is %d)", REPORT_STATUSES_MAX);
    struct status **s = ARENA_ARRAY(c->arena, (size_t)d->status_ids_n + 1, struct status *);
    TRY(store_status_load(c, d->status_ids, d->status_ids_n, s));
    TRY(statuses_filter(c, s, d->status_ids_n, VISIBLE_ASKED, NULL));
    for (int64_t i = 0; i < d->status_ids_n; i++) {
        if (s[i] == NULL)
            return fail(c, ERR_NOT_FOUND, "Record not found");
        if (s[i]->account_id != d->target_id)
            return fail(c, ERR_INVALID, "Validation failed: Statuses must be by the account that is reported");
    }
    return OK;
}

static struct str ids_json(struct ctx *c, const int64_t *ids, int64_t n)
{
    struct jw w = jw_on(c->arena);
    jw_arr(&w);
    for (int64_t i = 0; i < n; i++)
        jw_id(&w, ids[i]);
    jw_arr_end(&w);
    return jw_end(&w);
}

/* The same words about the same things within an hour, while nobody has closed it, are one report: buttons are pressed
   twice. */
static struct str sameness(struct ctx *c, const struct report *r)
{
    struct str all = arena_strf(c->arena, "%lld %d " STR_FMT " " STR_FMT " " STR_FMT, (long long)r->target_id,
                                (int)r->category, STR_ARG(r->status_ids), STR_ARG(r->rule_ids), STR_ARG(r->comment));
    struct str hash = secret_hash(c->arena, all);
    return arena_strf(c->arena, "report:%lld:" STR_FMT, (long long)r->account_id, STR_ARG(hash));
}

static enum err find_same(struct ctx *c, struct str key, struct report **out)
{
    int64_t id = 0;
    *out = NULL;
    TRY(store_claim_find(c, CLAIM_IDEMPOTENCY, key, &id));
    if (id == 0)
        return OK;
    TRY(store_report_get(c, id, out));
    if ((*out)->closed_ms == 0)
        return OK;
    *out = NULL;
    return store_claim_release(c, CLAIM_IDEMPOTENCY, key, id);
}

static enum err insert(struct ctx *c, struct report *r, struct str key, struct account **staff, int64_t n)
{
    TRY(store_report_insert(c, r));
    TRY(store_claim_take(c, CLAIM_IDEMPOTENCY, key, r->id, c->now_ms + REPORT_SAME_MS));
    const struct notification note = { .type = NOTE_ADMIN_REPORT, .from_id = r->account_id, .report_id = r->id };
    return notify_staff(c, staff, n, &note);
}

/* Which one it is now stands in *r. */
static enum err store_report(struct ctx *c, struct report *r)
{
    TX tx = { 0 };
    struct report *same = NULL;
    struct account **staff = NULL;
    int64_t n = 0;
    struct str key = sameness(c, r);
    TRY(notify_staff_list(c, &staff, &n));
    TRY(tx_begin(c, &tx));
    TRY(find_same(c, key, &same));
    if (same == NULL)
        TRY(insert(c, r, key, staff, n));
    else
        *r = *same;
    return tx_commit(&tx);
}

enum err report_file(struct ctx *c, const struct report_draft *d, struct report **out)
{
    struct account *target = NULL;
    enum report_category category = REPORT_OTHER;
    TRY(member_may_write(c));
    TRY(account_see(c, d->target_id, &target));
    if (target->id == c->me->id)
        return fail(c, ERR_INVALID, "Validation failed: You cannot report yourself");
    if (uni_graphemes(d->comment) > REPORT_COMMENT_MAX)
        return fail(c, ERR_INVALID, "Validation failed: Comment is too long (maximum is %d characters)",
                    REPORT_COMMENT_MAX);
    TRY(parse_category(c, d, &category));
    TRY(check_rules(c, d));
    TRY(check_statuses(c, d));
    *out = ARENA_NEW(c->arena, struct report);
    **out = (struct report){
        .account_id = c->me->id,
        .target_id = target->id,
        .status_ids = ids_json(c, d->status_ids, d->status_ids_n),
        .rule_ids = ids_json(c, d->rule_ids, d->rule_ids_n),
        .category = category,
        .comment = d->comment,
        .forward = d->forward,
        .created_ms = c->now_ms,
    };
    enum err e = store_report(c, *out);
    return e == ERR_CONFLICT ? store_report(c, *out) : e; /* the other one of two at once was first */
}

enum err report_list(struct ctx *c, bool closed, const struct page *p, struct report ***out, int64_t *n)
{
    TRY(staff_only(c));
    return store_report_list(c, closed, p, out, n);
}

enum err report_get(struct ctx *c, int64_t id, struct report **out)
{
    TRY(staff_only(c));
    return store_report_get(c, id, out);
}

enum err report_close(struct ctx *c, int64_t id, struct str outcome)
{
    TX tx = { 0 };
    struct report *r = NULL;
    bool done = false;
    TRY(staff_only(c));
    if (uni_graphemes(outcome) > REPORT_COMMENT_MAX)
        return fail(c, ERR_INVALID, "Validation failed: Outcome is too long (maximum is %d characters)",
                    REPORT_COMMENT_MAX);
    TRY(tx_begin(c, &tx));
    TRY(store_report_get(c, id, &r));
    TRY(store_report_close(c, id, c->me == NULL ? 0 : c->me->id, outcome, &done));
    if (!done)
        return fail(c, ERR_CONFLICT, "This report was closed before");
    return tx_commit(&tx);
}
