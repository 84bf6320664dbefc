/* SPDX-License-Identifier: Apache-2.0 */
#include "api/entity_tag.h"

#include "base/clock.h"
#include "base/id.h"
#include "core/address.h"

void entity_history(struct ctx *c, struct jw *w, const struct tag_day *days)
{
    jw_karr(w, STR("history"));
    for (int i = 0; i < TAG_DAYS; i++) {
        jw_obj(w);
        jw_kstr(w, STR("day"), arena_strf(c->arena, "%lld", (long long)(days[i].day_ms / SECOND_MS)));
        jw_kstr(w, STR("accounts"), arena_strf(c->arena, "%lld", (long long)days[i].accounts));
        jw_kstr(w, STR("uses"), arena_strf(c->arena, "%lld", (long long)days[i].uses));
        jw_obj_end(w);
    }
    jw_arr_end(w);
}

void entity_tag(struct ctx *c, struct jw *w, const struct tag_info *t)
{
    jw_obj(w);
    jw_kstr(w, STR("id"), t->id != 0 ? id_text(c->arena, t->id) : STR("0"));
    jw_kstr(w, STR("name"), t->name);
    jw_kstr(w, STR("url"), address_tag(c, t->name));
    entity_history(c, w, t->days);
    if (c->me != NULL) {
        jw_kbool(w, STR("following"), t->following);
        jw_kbool(w, STR("featuring"), t->featuring);
    }
    jw_obj_end(w);
}
