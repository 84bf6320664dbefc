/* SPDX-License-Identifier: Apache-2.0 */
#include "api/routes.h"
#include "base/jw.h"
#include "core/site.h"
#include "model/site.h"

/* For whatever watches the server: a supervisor, a balancer. Never limited, answered from memory. */

/* GET /health: the process lives and its threads answer. */
enum err api_health(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    (void)c;
    (void)q;
    r->status = 200;
    r->body = STR("{\"status\":\"ok\"}");
    return OK;
}

/* GET /ready: migrated (else it would not listen), writable, and not draining (then net/ answers 503 before us). */
enum err api_ready(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    const struct site *s = c->site;
    bool writable = !s->disk_full && s->mode != MODE_READ_ONLY;
    struct jw w = jw_on(c->arena);
    (void)q;
    jw_obj(&w);
    jw_kstr(&w, STR("status"), writable ? STR("ready") : STR("read-only"));
    jw_kstr(&w, STR("mode"), site_mode_word(s->mode));
    jw_knull_str(&w, STR("reason"), s->mode_reason.n > 0 ? s->mode_reason : (struct str){ 0 });
    jw_ktime(&w, STR("until"), s->mode_until_ms);
    jw_obj_end(&w);
    r->status = writable ? 200 : 503;
    r->body = jw_end(&w);
    return OK;
}
