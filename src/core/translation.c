/* SPDX-License-Identifier: Apache-2.0 */
#include "core/translation.h"

#include "core/account.h"
#include "core/lang.h"
#include "core/poll.h"
#include "core/visible.h"
#include "model/account.h"
#include "store/poll.h"

/* What is asked for, else the language one writes in, else that of one's app. */
static enum err target_of(struct ctx *c, struct str asked, struct str *out)
{
    struct member *m = NULL;
    TRY(account_member(c, &m));
    struct str locale = m->locale;
    struct str language = { 0 };
    (void)str_cut(&locale, '-', &language);
    *out = asked.n > 0 ? asked : c->me->default_language.n > 0 ? c->me->default_language : language;
    *out = lang_canonical(c->arena, *out);
    return out->n > 0 ? OK : fail(c, ERR_INVALID, "Validation failed: Lang is not a language code");
}

static enum err add_poll(struct ctx *c, struct translation *t)
{
    struct poll *p = NULL;
    const struct str *titles = NULL;
    if ((t->status->parts & PART_POLL) == 0)
        return OK;
    TRY(store_poll_load(c, &t->status->id, 1, &p));
    if (p == NULL)
        return OK;
    t->options_n = poll_titles(c->arena, p, &titles);
    for (int64_t i = 0; i < t->options_n && i < POLL_OPTIONS_MAX; i++)
        t->texts[t->n++] = titles[i];
    return OK;
}

static enum err add_media(struct ctx *c, struct translation *t)
{
    struct attachments a = { 0 };
    TRY(attachments_load(c, &t->status, 1, &a));
    for (int64_t i = 0; i < a.n; i++) {
        if (a.v[i] == NULL || a.v[i]->description.n == 0)
            continue;
        t->media_ids[t->media_n++] = a.v[i]->id;
        t->texts[t->n++] = a.v[i]->description;
    }
    return OK;
}

enum err translation_of(struct ctx *c, int64_t id, struct str language, struct translation *out)
{
    struct status *s = NULL;
    *out = (struct translation){ 0 };
    TRY(status_see(c, id, &s, NULL));
    if (s->reblog_of_id != 0)
        TRY(status_see(c, s->reblog_of_id, &s, NULL));
    TRY(target_of(c, language, &out->target));
    if (s->visibility > VIS_UNLISTED || s->standing.kind >= STANDING_HELD || s->text.n + s->spoiler.n == 0)
        return fail(c, ERR_FORBIDDEN, "This action is not allowed");
    out->status = s;
    out->source = s->language;
    out->texts[out->n++] = s->text;
    out->texts[out->n++] = s->spoiler;
    TRY(add_poll(c, out));
    return add_media(c, out);
}
