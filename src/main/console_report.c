/* SPDX-License-Identifier: Apache-2.0 */
#include "core/report.h"
#include "main/console_rows.h"
#include "store/account.h"

static void put_report(struct jw *w, const struct report *r, const struct account *by, const struct account *target)
{
    jw_kid(w, STR("id"), r->id);
    jw_kstr(w, STR("target"), target != NULL ? target->username : STR("(deleted)"));
    jw_kstr(w, STR("by"), by != NULL ? by->username : STR("(deleted)"));
    jw_kstr(w, STR("category"), report_category_word(r->category));
    jw_kstr(w, STR("comment"), r->comment);
    jw_kraw(w, STR("status_ids"), r->status_ids);
    jw_kraw(w, STR("rule_ids"), r->rule_ids);
    jw_ktime(w, STR("created_at"), r->created_ms);
    jw_ktime(w, STR("closed_at"), r->closed_ms);
    jw_kid(w, STR("closed_by"), r->closed_by);
    jw_knull_str(w, STR("outcome"), r->outcome.n > 0 ? r->outcome : (struct str){ 0 });
}

enum err console_report_list(struct ctx *c, struct console *k)
{
    struct page p = { 0 };
    struct report **all = NULL;
    int64_t n = 0;
    TRY(console_number(c, k, "limit", 1, CONSOLE_LIST_MAX, 50, &p.limit));
    TRY(report_list(c, http_bool(k->q, "closed", false), &p, &all, &n));
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)n * 2 + 1, int64_t);
    struct account **people = ARENA_ARRAY(c->arena, (size_t)n * 2 + 1, struct account *);
    for (int64_t i = 0; i < n; i++) {
        ids[2 * i] = all[i]->account_id;
        ids[2 * i + 1] = all[i]->target_id;
    }
    TRY(store_account_load(c, ids, n * 2, people));
    jw_karr(&k->w, STR("reports"));
    for (int64_t i = 0; i < n; i++) {
        jw_obj(&k->w);
        put_report(&k->w, all[i], people[2 * i], people[2 * i + 1]);
        jw_obj_end(&k->w);
    }
    jw_arr_end(&k->w);
    return OK;
}

static enum err put_one(struct ctx *c, struct console *k, int64_t id)
{
    struct report *r = NULL;
    struct account *people[2] = { NULL, NULL };
    TRY(report_get(c, id, &r));
    TRY(store_account_load(c, (const int64_t[]){ r->account_id, r->target_id }, 2, people));
    put_report(&k->w, r, people[0], people[1]);
    return OK;
}

enum err console_report_show(struct ctx *c, struct console *k)
{
    int64_t id = 0;
    TRY(console_id(c, k, "id", &id));
    return put_one(c, k, id);
}

enum err console_report_close(struct ctx *c, struct console *k)
{
    int64_t id = 0;
    struct str outcome = { 0 };
    TRY(console_id(c, k, "id", &id));
    TRY(console_need_option(c, k, "outcome", &outcome));
    TRY(report_close(c, id, outcome));
    return put_one(c, k, id);
}
