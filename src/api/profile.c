/* SPDX-License-Identifier: Apache-2.0 */
#include "api/profile.h"

#include "api/entity_tag.h"
#include "api/reply.h"
#include "api/routes.h"
#include "base/jw.h"
#include "core/address.h"
#include "core/mention.h"
#include "core/visible.h"
#include "store/account.h"

/* --- what a form says, for this and for update_credentials --- */

static int flag_of(const struct http_req *q, const char *name)
{
    struct str v = http_param(q, name);
    return v.p == NULL || v.n == 0 ? -1 : (int)http_bool(q, name, false);
}

/* fields_attributes[KEY][name] and [value]: one field for each KEY, in the order in which they come. */
static int64_t read_fields(const struct http_req *q, struct profile_field *out, int64_t max)
{
    struct str keys[FIELDS_MAX + 1] = { 0 };
    int64_t n = 0;
    bool given = false;
    for (size_t i = 0; i < q->params_n; i++) {
        struct str rest = q->params[i].name;
        struct str key = { 0 };
        if (!str_starts(rest, STR("fields_attributes")))
            continue;
        given = true;
        rest = str_skip(rest, sizeof "fields_attributes");
        if (!str_cut(&rest, ']', &key) || rest.p == NULL)
            continue;
        bool name = str_eq(rest, STR("[name]"));
        if (!name && !str_eq(rest, STR("[value]")))
            continue;
        int64_t at = 0;
        while (at < n && !(str_eq(keys[at], key) && (key.n > 0 || (name ? out[at].name.p : out[at].value.p) == NULL)))
            at++;
        if (at == max)
            continue;
        if (at == n)
            keys[n++] = key;
        *(name ? &out[at].name : &out[at].value) = q->params[i].value;
    }
    return given ? n : -1;
}

static struct str picture_of(const struct http_req *q, const char *name)
{
    const struct http_param *f = http_file(q, name);
    return f == NULL || f->value.n == 0 ? (struct str){ 0 } : f->value;
}

struct profile_edit profile_read(struct ctx *c, const struct http_req *q)
{
    struct profile_edit e = profile_edit_none();
    struct profile_field *fields = ARENA_ARRAY(c->arena, FIELDS_MAX + 1, struct profile_field);
    size_t domains_n = 0;
    e.display_name = http_param(q, "display_name");
    e.note = http_param(q, "note");
    e.fields = fields;
    e.fields_n = read_fields(q, fields, FIELDS_MAX + 1);
    e.avatar = picture_of(q, "avatar");
    e.header = picture_of(q, "header");
    e.avatar_text = http_param(q, "avatar_description");
    e.header_text = http_param(q, "header_description");
    e.locked = flag_of(q, "locked");
    e.bot = flag_of(q, "bot");
    e.discoverable = flag_of(q, "discoverable");
    e.indexable = flag_of(q, "indexable");
    e.hide_collections = flag_of(q, "hide_collections");
    e.show_media = flag_of(q, "show_media");
    e.show_media_replies = flag_of(q, "show_media_replies");
    e.show_featured = flag_of(q, "show_featured");
    e.domains = http_list(q, "attribution_domains", &domains_n);
    e.domains_n = http_has(q, "attribution_domains") ? (int64_t)domains_n : -1;
    return e;
}

/* --- Profile --- */

void profile_put_fields(struct ctx *c, struct jw *w, struct str json)
{
    const struct profile_field *f = NULL;
    int64_t n = profile_fields(c->arena, json, &f);
    jw_karr(w, STR("fields"));
    for (int64_t i = 0; i < n; i++) {
        jw_obj(w);
        jw_kstr(w, STR("name"), f[i].name);
        jw_kstr(w, STR("value"), f[i].value);
        jw_ktime(w, STR("verified_at"), f[i].verified_ms);
        jw_obj_end(w);
    }
    jw_arr_end(w);
}

void profile_put_domains(struct ctx *c, struct jw *w, const struct account *a)
{
    const struct str *names = NULL;
    int64_t n = tag_list(c->arena, a->attribution_domains, &names);
    jw_karr(w, STR("attribution_domains"));
    for (int64_t i = 0; i < n; i++)
        jw_str(w, names[i]);
    jw_arr_end(w);
}

static void put_pictures(struct ctx *c, struct jw *w, const struct account *a)
{
    struct str avatar = a->avatar.p == NULL ? (struct str){ 0 } : address_avatar(c, a);
    struct str header = a->header.p == NULL ? (struct str){ 0 } : address_header(c, a);
    jw_knull_str(w, STR("avatar"), avatar);
    jw_knull_str(w, STR("avatar_static"), avatar);
    jw_kstr(w, STR("avatar_description"), a->avatar_text);
    jw_knull_str(w, STR("header"), header);
    jw_knull_str(w, STR("header_static"), header);
    jw_kstr(w, STR("header_description"), a->header_text);
}

static enum err reply_profile(struct ctx *c, struct http_res *r)
{
    struct account *a = NULL;
    struct jw w = jw_on(c->arena);
    TRY(store_account_get(c, c->me->id, &a));
    jw_obj(&w);
    jw_kid(&w, STR("id"), a->id);
    jw_kstr(&w, STR("display_name"), a->display_name);
    jw_kstr(&w, STR("note"), a->note);
    profile_put_fields(c, &w, a->fields);
    put_pictures(c, &w, a);
    jw_kbool(&w, STR("locked"), a->locked);
    jw_kbool(&w, STR("bot"), a->bot);
    jw_kbool(&w, STR("hide_collections"), a->hide_collections);
    jw_kbool(&w, STR("discoverable"), a->discoverable);
    jw_kbool(&w, STR("indexable"), a->indexable);
    jw_kbool(&w, STR("show_media"), (a->hides & HIDES_MEDIA) == 0);
    jw_kbool(&w, STR("show_media_replies"), (a->hides & HIDES_MEDIA_REPLIES) == 0);
    jw_kbool(&w, STR("show_featured"), (a->hides & HIDES_FEATURED) == 0);
    profile_put_domains(c, &w, a);
    jw_key(&w, STR("featured_tags"));
    TRY(entity_featured_tags(c, &w, a));
    jw_obj_end(&w);
    return reply_json(r, jw_end(&w));
}

/* GET /api/v1/profile */
enum err api_profile_get(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    (void)q;
    return reply_profile(c, r);
}

/* PATCH /api/v1/profile */
enum err api_profile_set(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct account *a = NULL;
    struct profile_edit e = profile_read(c, q);
    TRY(account_edit(c, &e, &a));
    return reply_profile(c, r);
}

/* GET /api/v1/accounts/:id/identity_proofs: nobody has proved who they are elsewhere in a way that this API knew */
enum err api_identity_proofs(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct account *a = NULL;
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(account_see(c, id, &a));
    return reply_json(r, STR("[]"));
}
