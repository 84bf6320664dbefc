/* SPDX-License-Identifier: Apache-2.0 */
#include "api/entity_report.h"

#include "api/entity.h"
#include "core/report.h"

static struct str render(struct ctx *c, const struct report *r, struct str target)
{
    struct jw w = jw_on(c->arena);
    jw_obj(&w);
    jw_kid(&w, STR("id"), r->id);
    jw_kbool(&w, STR("action_taken"), r->closed_ms != 0);
    jw_ktime(&w, STR("action_taken_at"), r->closed_ms);
    jw_kstr(&w, STR("category"), report_category_word(r->category));
    jw_kstr(&w, STR("comment"), r->comment);
    jw_kbool(&w, STR("forwarded"), r->forward);
    jw_ktime(&w, STR("created_at"), r->created_ms);
    jw_kraw(&w, STR("status_ids"), r->status_ids);
    if (str_eq(r->rule_ids, STR("[]")))
        jw_knull(&w, STR("rule_ids"));
    else
        jw_kraw(&w, STR("rule_ids"), r->rule_ids);
    jw_kraw(&w, STR("collection_ids"), STR("[]"));
    if (target.p == NULL)
        jw_knull(&w, STR("target_account"));
    else
        jw_kraw(&w, STR("target_account"), target);
    jw_obj_end(&w);
    return jw_end(&w);
}

enum err entity_reports(struct ctx *c, struct report *const *reports, int64_t n, struct str *out)
{
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)n + 1, int64_t);
    struct str *targets = ARENA_ARRAY(c->arena, (size_t)n + 1, struct str);
    for (int64_t i = 0; i < n; i++)
        ids[i] = reports[i] == NULL ? 0 : reports[i]->target_id;
    TRY(entity_accounts(c, ids, n, targets));
    for (int64_t i = 0; i < n; i++)
        out[i] = reports[i] == NULL ? (struct str){ NULL, 0 } : render(c, reports[i], targets[i]);
    return OK;
}
