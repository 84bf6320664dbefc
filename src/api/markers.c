/* SPDX-License-Identifier: Apache-2.0 */
#include "api/reply.h"
#include "api/routes.h"
#include "base/jw.h"
#include "core/marker.h"

static const char *const timelines[MARKERS] = { [MARKER_HOME] = "home", [MARKER_NOTIFICATIONS] = "notifications" };

static struct str render(struct ctx *c, const struct marker m[MARKERS], const bool shown[MARKERS])
{
    struct jw w = jw_on(c->arena);
    jw_obj(&w);
    for (int i = 0; i < MARKERS; i++) {
        if (!shown[i])
            continue;
        jw_kobj(&w, str_c(timelines[i]));
        jw_kstr(&w, STR("last_read_id"), m[i].last_read_id == 0 ? STR("0") : id_text(c->arena, m[i].last_read_id));
        jw_ki64(&w, STR("version"), m[i].version);
        jw_ktime(&w, STR("updated_at"), m[i].updated_ms);
        jw_obj_end(&w);
    }
    jw_obj_end(&w);
    return jw_end(&w);
}

/* GET /api/v1/markers?timeline[]=home : what is not asked for is left out; asked for nothing, nothing */
enum err api_markers_get(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct marker m[MARKERS];
    bool shown[MARKERS] = { false };
    size_t n = 0;
    const struct str *asked = http_list(q, "timeline", &n);
    for (size_t k = 0; k < n; k++)
        for (int i = 0; i < MARKERS; i++)
            shown[i] = shown[i] || str_eq(asked[k], str_c(timelines[i]));
    TRY(marker_list(c, m));
    return reply_json(r, render(c, m, shown));
}

/* POST /api/v1/markers : home[last_read_id]=..., notifications[last_read_id]=... */
enum err api_markers_set(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    static const char *const names[MARKERS] = { "home[last_read_id]", "notifications[last_read_id]" };
    struct marker_wish wish[MARKERS] = { 0 };
    struct marker m[MARKERS];
    bool shown[MARKERS] = { false };
    for (int i = 0; i < MARKERS; i++) {
        struct str v = http_param(q, names[i]);
        if (v.n == 0)
            continue;
        if (!str_eq(v, STR("0")) && !id_parse(v, &wish[i].last_read_id))
            return fail(c, ERR_INVALID, "Validation failed: Last read is not an id");
        wish[i].is_set = shown[i] = true;
    }
    TRY(marker_set(c, wish, m));
    return reply_json(r, render(c, m, shown));
}
