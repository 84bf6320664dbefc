/* SPDX-License-Identifier: Apache-2.0 */
#include "api/entity_report.h"
#include "api/reply.h"
#include "api/routes.h"
#include "core/report.h"

/* ERR_NOT_FOUND for what is no id: nothing has it. */
static enum err parse_ids(struct ctx *c, const struct http_req *q, const char *name, int64_t max, int64_t **out,
                          int64_t *n)
{
    size_t given_n = 0;
    const struct str *given = http_list(q, name, &given_n);
    *out = ARENA_ARRAY(c->arena, given_n + 1, int64_t);
    *n = 0;
    if ((int64_t)given_n > max)
        return fail(c, ERR_INVALID, "Validation failed: %s has too many entries (maximum is %lld)", name,
                    (long long)max);
    for (size_t i = 0; i < given_n; i++) {
        if (given[i].n == 0)
            continue;
        if (!id_parse(given[i], &(*out)[*n]))
            return fail(c, ERR_NOT_FOUND, "Record not found");
        (*n)++;
    }
    return OK;
}

/* POST /api/v1/reports */
enum err api_report_create(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct report_draft d = {
        .category = http_param(q, "category"),
        .comment = http_param(q, "comment"),
        .forward = http_bool(q, "forward", false),
    };
    int64_t *status_ids = NULL;
    int64_t *rule_ids = NULL;
    struct report *report = NULL;
    struct str json = { 0 };
    if (!id_parse(http_param(q, "account_id"), &d.target_id))
        return fail(c, ERR_NOT_FOUND, "Record not found");
    TRY(parse_ids(c, q, "status_ids", REPORT_STATUSES_MAX, &status_ids, &d.status_ids_n));
    TRY(parse_ids(c, q, "rule_ids", REPORT_RULES_MAX, &rule_ids, &d.rule_ids_n));
    d.status_ids = status_ids;
    d.rule_ids = rule_ids;
    TRY(report_file(c, &d, &report));
    TRY(entity_reports(c, &report, 1, &json));
    return reply_json(r, json);
}
