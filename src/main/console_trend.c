/* SPDX-License-Identifier: Apache-2.0 */
#include "core/trend.h"

#include "base/id.h"
#include "main/console_rows.h"

static void put_case(struct jw *w, enum trend_kind kind, const struct trend_case *t)
{
    int64_t uses = 0;
    for (int i = 0; i < TREND_DAYS; i++)
        uses += t->trend.days[i].uses;
    jw_obj(w);
    jw_kstr(w, STR("kind"), trend_kind_word(kind));
    if (kind == TREND_ACCOUNT)
        jw_kstr(w, STR("what"), t->account->username);
    else if (kind == TREND_STATUS)
        jw_kid(w, STR("what"), t->trend.id);
    else
        jw_kstr(w, STR("what"), t->trend.name);
    if (kind == TREND_STATUS)
        jw_kstr(w, STR("by"), t->account->username);
    else
        jw_knull(w, STR("by"));
    jw_ki64(w, STR("people_today"), t->trend.days[0].people);
    jw_ki64(w, STR("uses_week"), uses);
    jw_kstr(w, STR("verdict"), trend_verdict_word(t->verdict));
    if (kind == TREND_STATUS)
        jw_kstr(w, STR("verdict_by"), trend_verdict_word(t->author));
    else
        jw_knull(w, STR("verdict_by"));
    jw_obj_end(w);
}

static enum err kind_of(struct ctx *c, struct str word, enum trend_kind *out)
{
    return trend_kind_parse(word, out)
               ? OK
               : fail(c, ERR_INVALID, "'" STR_FMT "' is none of tag, link, parley, person", STR_ARG(word));
}

enum err console_trends_list(struct ctx *c, struct console *k)
{
    struct str word = console_arg(k, "kind");
    enum trend_kind only = TREND_TAG;
    if (word.n > 0)
        TRY(kind_of(c, word, &only));
    jw_karr(&k->w, STR("trends"));
    for (int kind = 0; kind < TREND_KINDS; kind++) {
        struct trend_case *all = NULL;
        int64_t n = 0;
        if (word.n > 0 && kind != (int)only)
            continue;
        TRY(trend_cases(c, (enum trend_kind)kind, &all, &n));
        for (int64_t i = 0; i < n; i++)
            put_case(&k->w, (enum trend_kind)kind, &all[i]);
    }
    jw_arr_end(&k->w);
    return OK;
}

static enum err judge(struct ctx *c, struct console *k, enum trend_verdict verdict)
{
    enum trend_kind kind = TREND_TAG;
    struct account *a = NULL;
    struct str what = { 0 };
    int64_t id = 0;
    TRY(kind_of(c, console_arg(k, "kind"), &kind));
    TRY(console_need(c, k, "what", &what));
    if (kind == TREND_STATUS)
        TRY(console_id(c, k, "what", &id));
    if (kind == TREND_ACCOUNT) {
        TRY(console_member(c, what, &a));
        id = a->id;
    }
    TRY(trend_judge(c, kind, id, str_trim(what), verdict));
    jw_kstr(&k->w, STR("kind"), trend_kind_word(kind));
    jw_kstr(&k->w, STR("what"), str_trim(what));
    jw_kstr(&k->w, STR("verdict"), trend_verdict_word(verdict));
    return OK;
}

enum err console_trends_approve(struct ctx *c, struct console *k)
{
    return judge(c, k, TREND_APPROVED);
}

enum err console_trends_reject(struct ctx *c, struct console *k)
{
    return judge(c, k, TREND_REJECTED);
}
