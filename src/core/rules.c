/* SPDX-License-Identifier: Apache-2.0 */
#include "core/site.h"

#include "core/text.h"
#include "store/setting.h"

/* A rule whose text stays keeps its number: reports name it. */
static int64_t rule_id(const struct site *site, const struct rule *rules, int64_t n)
{
    int64_t highest = 0;
    for (int64_t i = 0; i < site->rules_n; i++) {
        if (str_eq(site->rules[i].text, rules[n].text))
            return site->rules[i].id;
        highest = site->rules[i].id > highest ? site->rules[i].id : highest;
    }
    for (int64_t i = 0; i < n; i++)
        highest = rules[i].id > highest ? rules[i].id : highest;
    return highest + 1;
}

/* "Rule | hint" a line. */
static enum err parse_rules(struct ctx *c, struct str rest, struct rule *rules, int64_t *n)
{
    struct str line = { 0 };
    while (str_cut(&rest, '\n', &line)) {
        struct str text = { 0 };
        line = str_trim(line);
        if (line.n == 0)
            continue;
        if (*n == RULES_MAX)
            return fail(c, ERR_INVALID, "At most %d rules", RULES_MAX);
        (void)str_cut(&line, '|', &text);
        rules[*n] = (struct rule){ .text = str_trim(text), .hint = line.p == NULL ? STR("") : str_trim(line) };
        for (int64_t i = 0; i < *n; i++)
            if (str_eq(rules[i].text, rules[*n].text))
                return fail(c, ERR_INVALID, "This rule stands there twice: " STR_FMT, STR_ARG(rules[i].text));
        if (!str_is_utf8(rules[*n].text) || !str_is_utf8(rules[*n].hint) || rules[*n].text.n == 0
            || text_graphemes(rules[*n].text) > RULE_MAX || text_graphemes(rules[*n].hint) > RULE_HINT_MAX)
            return fail(c, ERR_INVALID,
                        "Rule %lld must be a line of 1 to %d characters; behind ' | ' a hint of at most %d",
                        (long long)*n + 1, RULE_MAX, RULE_HINT_MAX);
        rules[*n].id = rule_id(c->site, rules, *n);
        (*n)++;
    }
    return OK;
}

enum err site_rules_write(struct ctx *c, struct str text)
{
    struct rule rules[RULES_MAX];
    int64_t n = 0;
    TRY(parse_rules(c, text, rules, &n));
    return site_rules_set(c, rules, n);
}
