/* SPDX-License-Identifier: Apache-2.0 */
#include "core/notification.h"

#include "core/domain_mute.h"
#include "core/visible.h"
#include "store/account.h"
#include "store/marker.h"
#include "store/notification.h"
#include "store/notification_policy.h"
#include "store/page.h"
#include "store/report.h"
#include "store/status.h"
#include "store/tx.h"

#define TYPES_ALL ((UINT64_C(1) << NOTE_TYPES_MAX) - 1)

/* clang-format off */
static const char *const words[NOTE_TYPES_MAX] = {
    [NOTE_MENTION]            = "mention",
    [NOTE_STATUS]             = "status",
    [NOTE_REBLOG]             = "reblog",
    [NOTE_FOLLOW]             = "follow",
    [NOTE_FOLLOW_REQUEST]     = "follow_request",
    [NOTE_FAVOURITE]          = "favourite",
    [NOTE_POLL]               = "poll",
    [NOTE_UPDATE]             = "update",
    [NOTE_ADMIN_SIGN_UP]      = "admin.sign_up",
    [NOTE_ADMIN_REPORT]       = "admin.report",
    [NOTE_SEVERED]            = "severed_relationships",
    [NOTE_MODERATION_WARNING] = "moderation_warning",
    [NOTE_QUOTE]              = "quote",
    [NOTE_QUOTED_UPDATE]      = "quoted_update",
};
/* clang-format on */

struct str notification_word(enum notification_type type)
{
    return (int)type > 0 && type < NOTE_TYPES_MAX ? str_c(words[type]) : (struct str){ NULL, 0 };
}

uint64_t notification_bit(struct str word)
{
    for (int type = 1; type < NOTE_TYPES_MAX; type++)
        if (str_eq(word, str_c(words[type])))
            return UINT64_C(1) << type;
    return 0;
}

/* What is needed to judge n notifications, each loaded in one go. */
struct hearing_of_notes {
    struct account **from;
    struct bond *bonds;
    struct status **about;
    struct report **reports;
    bool *permitted;    /* c->me accepted their request; NULL: nobody here is limited */
    bool hears_limited; /* c->me's policy */
};

static enum err load_about(struct ctx *c, const struct notification *rows, int64_t n, struct hearing_of_notes *h)
{
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)n + 1, int64_t);
    for (int64_t i = 0; i < n; i++)
        ids[i] = rows[i].status_id;
    TRY(store_status_load(c, ids, n, h->about));
    return statuses_filter(c, h->about, n, VISIBLE_ASKED, NULL);
}

static enum err load_reports(struct ctx *c, const struct notification *rows, int64_t n, struct hearing_of_notes *h)
{
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)n + 1, int64_t);
    bool any = false;
    for (int64_t i = 0; i < n; i++) {
        ids[i] = rows[i].report_id;
        any = any || ids[i] != 0;
    }
    return any ? store_report_load(c, ids, n, h->reports) : OK;
}

/* Only when somebody is limited whom c->me does not follow. */
static enum err load_policy(struct ctx *c, const int64_t *from, int64_t n, struct hearing_of_notes *h)
{
    struct notification_policy policy;
    bool any = false;
    for (int64_t i = 0; i < n && !any; i++)
        any = h->from[i] != NULL && h->from[i]->standing.kind == STANDING_LIMITED && !h->bonds[i].follows;
    if (!any)
        return OK;
    h->permitted = ARENA_ARRAY(c->arena, (size_t)n, bool);
    TRY(store_policy_permitted(c, c->me->id, from, n, h->permitted));
    TRY(store_policy_load(c, &c->me->id, 1, &policy, &any));
    h->hears_limited = policy.of[RULE_LIMITED] != HEAR_DROP;
    return OK;
}

static enum err load_hearing(struct ctx *c, const struct notification *rows, int64_t n, struct hearing_of_notes *h)
{
    int64_t *from = ARENA_ARRAY(c->arena, (size_t)n + 1, int64_t);
    *h = (struct hearing_of_notes){
        .from = ARENA_ARRAY(c->arena, (size_t)n + 1, struct account *),
        .bonds = ARENA_ARRAY(c->arena, (size_t)n + 1, struct bond),
        .about = ARENA_ARRAY(c->arena, (size_t)n + 1, struct status *),
        .reports = ARENA_ARRAY(c->arena, (size_t)n + 1, struct report *),
    };
    for (int64_t i = 0; i < n; i++)
        from[i] = rows[i].from_id;
    TRY(store_account_load(c, from, n, h->from));
    TRY(store_bond_load(c, c->me->id, from, n, h->bonds));
    TRY(domain_mute_mark(c, h->from, n, h->bonds));
    TRY(load_policy(c, from, n, h));
    TRY(load_about(c, rows, n, h));
    return load_reports(c, rows, n, h);
}

/* Told to moderators because they are that. */
static bool is_for_staff(enum notification_type type)
{
    return type == NOTE_ADMIN_SIGN_UP || type == NOTE_ADMIN_REPORT;
}

static bool is_heard(const struct ctx *c, const struct notification *n, const struct hearing_of_notes *h, int64_t i)
{
    const struct account *from = h->from[i];
    const struct bond *b = &h->bonds[i];
    if (from == NULL || (n->status_id != 0 && h->about[i] == NULL) || (n->report_id != 0 && h->reports[i] == NULL))
        return false;
    if (is_for_staff(n->type))
        return c->me->role >= ROLE_MODERATOR;
    if (from->id == c->me->id)
        return true;
    if (!from->active || from->deletion_ms != 0 || from->standing.kind == STANDING_SUSPENDED)
        return false;
    if (from->standing.kind == STANDING_LIMITED && !b->follows && !h->hears_limited && !h->permitted[i])
        return false;
    return !b->blocks && !b->blocked_by && !b->mutes_notifications;
}

/* From where the page starts: down from the top, or up from min_id. */
static void take(struct notification_page *out, const struct notification *n, bool heard)
{
    if (n->id > out->first)
        out->first = n->id;
    if (out->last == 0 || n->id < out->last)
        out->last = n->id;
    if (heard)
        out->rows[out->n++] = *n;
}

static struct notification_filter filter_of(const struct ctx *c, const struct notification_ask *ask)
{
    return (struct notification_filter){
        .account_id = c->me->id,
        .from_id = ask->from_id,
        .types = ask->types == 0 ? TYPES_ALL : ask->types,
        .filtered_too = ask->filtered_too || ask->from_id != 0,
        .of_status = ask->of_status,
        .status_id = ask->status_id,
    };
}

enum err notification_list(struct ctx *c, const struct notification_ask *ask, const struct page *asked,
                           struct notification_page *out)
{
    struct notification_filter f = filter_of(c, ask);
    struct page p = *asked;
    p.limit = page_limit(asked);
    *out = (struct notification_page){ .rows = ARENA_ARRAY(c->arena, (size_t)p.limit, struct notification) };
    for (int round = 0; round < NOTIFICATION_ROUNDS_MAX; round++) {
        struct notification *rows = NULL;
        struct hearing_of_notes h = { 0 };
        int64_t n = 0;
        TRY(store_notification_list(c, &f, &p, &rows, &n));
        TRY(load_hearing(c, rows, n, &h));
        for (int64_t i = 0; i < n && out->n < p.limit; i++) {
            int64_t at = page_ascends(&p) ? n - 1 - i : i;
            take(out, &rows[at], is_heard(c, &rows[at], &h, at));
        }
        if (n < p.limit || out->n == p.limit)
            break;
        page_go_on(&p, out->first, out->last);
    }
    page_turn(out->rows, out->n, sizeof *out->rows, &p);
    if (out->n == 0)
        out->first = out->last = 0;
    return OK;
}

enum err notification_get(struct ctx *c, int64_t id, struct notification *out)
{
    struct notification *n = NULL;
    struct hearing_of_notes h = { 0 };
    TRY(store_notification_find(c, id, &n));
    if (n == NULL || n->account_id != c->me->id)
        return fail(c, ERR_NOT_FOUND, "Record not found");
    TRY(load_hearing(c, n, 1, &h));
    if (!is_heard(c, n, &h, 0))
        return fail(c, ERR_NOT_FOUND, "Record not found");
    *out = *n;
    return OK;
}

enum err notification_dismiss(struct ctx *c, int64_t id)
{
    TX tx = { 0 };
    struct notification *n = NULL;
    TRY(store_notification_find(c, id, &n));
    if (n == NULL || n->account_id != c->me->id)
        return fail(c, ERR_NOT_FOUND, "Record not found");
    TRY(tx_begin(c, &tx));
    TRY(store_notification_delete(c, c->me->id, id));
    return tx_commit(&tx);
}

enum err notification_clear(struct ctx *c)
{
    TX tx = { 0 };
    TRY(tx_begin(c, &tx));
    TRY(store_notification_clear(c, c->me->id));
    return tx_commit(&tx);
}

/* One read of the newest below max_id; how many of them are heard, and whether there may be more. */
static enum err count_some(struct ctx *c, const struct notification_filter *f, struct page *p, int64_t *heard,
                           bool *more)
{
    struct notification *rows = NULL;
    struct hearing_of_notes h = { 0 };
    int64_t n = 0;
    TRY(store_notification_list(c, f, p, &rows, &n));
    TRY(load_hearing(c, rows, n, &h));
    for (int64_t i = 0; i < n; i++)
        *heard += is_heard(c, &rows[i], &h, i) ? 1 : 0;
    *more = n == p->limit;
    if (n > 0)
        p->max_id = rows[n - 1].id;
    return OK;
}

enum err notification_unread(struct ctx *c, const struct notification_ask *ask, int64_t limit, int64_t *n)
{
    struct notification_filter f = filter_of(c, ask);
    struct marker markers[MARKERS];
    bool more = true;
    if (limit < 1 || limit > UNREAD_MAX)
        limit = UNREAD_MAX;
    TRY(store_marker_load(c, c->me->id, markers));
    struct page p = { .since_id = markers[MARKER_NOTIFICATIONS].last_read_id, .limit = PAGE_LIMIT_MAX };
    *n = 0;
    for (int64_t looked = 0; more && *n < limit && looked < 2 * UNREAD_MAX; looked += PAGE_LIMIT_MAX)
        TRY(count_some(c, &f, &p, n, &more));
    if (*n > limit)
        *n = limit;
    return OK;
}
