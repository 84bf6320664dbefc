/* SPDX-License-Identifier: Apache-2.0 */
#include "core/archive_json.h"

#include "base/jw.h"
#include "core/address.h"
#include "core/mention.h"
#include "core/poll.h"
#include "core/render.h"
#include "media/file.h"
#include "model/account.h"
#include "store/account.h"
#include "store/poll.h"
#include "store/status.h"

#define AS     "https://www.w3.org/ns/activitystreams"
#define PUBLIC AS "#Public"

static struct str my_uri(struct ctx *c)
{
    return address_account_uri(c, c->me->username);
}

struct str archive_json_actor(struct ctx *c)
{
    const struct account *me = c->me;
    const struct profile_field *f = NULL;
    int64_t n = profile_fields(c->arena, me->fields, &f);
    struct jw w = jw_on(c->arena);
    jw_obj(&w);
    jw_kstr(&w, STR("@context"), STR(AS));
    jw_kstr(&w, STR("id"), my_uri(c));
    jw_kstr(&w, STR("type"), me->bot ? STR("Service") : STR("Person"));
    jw_kstr(&w, STR("preferredUsername"), me->username);
    jw_kstr(&w, STR("name"), me->display_name);
    jw_kstr(&w, STR("summary"), render_profile_html(c, me->note, me->mentions, false));
    jw_kstr(&w, STR("url"), address_account(c, me->username));
    jw_kbool(&w, STR("manuallyApprovesFollowers"), me->locked);
    jw_ktime(&w, STR("published"), me->created_ms);
    jw_kstr(&w, STR("outbox"), STR("outbox.json"));
    jw_kstr(&w, STR("likes"), STR("likes.json"));
    jw_kstr(&w, STR("bookmarks"), STR("bookmarks.json"));
    jw_karr(&w, STR("attachment"));
    for (int64_t i = 0; i < n; i++) {
        jw_obj(&w);
        jw_kstr(&w, STR("type"), STR("PropertyValue"));
        jw_kstr(&w, STR("name"), f[i].name);
        jw_kstr(&w, STR("value"), f[i].value);
        jw_obj_end(&w);
    }
    jw_arr_end(&w);
    jw_obj_end(&w);
    return jw_end(&w);
}

struct str archive_json_list_head(struct ctx *c, const char *name)
{
    return arena_strf(
        c->arena, "{\"@context\":\"" AS "\",\"id\":\"%s\",\"type\":\"OrderedCollection\",\"orderedItems\":[\n", name);
}

const char *archive_json_file(struct ctx *c, const struct media *m)
{
    struct str extension = media_extension(m->type);
    return arena_strf(c->arena, "media_attachments/files/%lld." STR_FMT, (long long)m->id, STR_ARG(extension)).p;
}

static void put_audience(struct ctx *c, struct jw *w, const struct status *s)
{
    struct str mine = my_uri(c);
    struct str followers = arena_strf(c->arena, STR_FMT "/followers", STR_ARG(mine));
    const struct mention *m = NULL;
    int64_t n = mention_list(c->arena, s->mentions, &m);
    jw_karr(w, STR("to"));
    if (s->visibility == VIS_PUBLIC)
        jw_str(w, STR(PUBLIC));
    else if (s->visibility != VIS_DIRECT)
        jw_str(w, followers);
    for (int64_t i = 0; i < n && s->visibility == VIS_DIRECT; i++)
        jw_str(w, address_account_uri(c, m[i].username));
    jw_arr_end(w);
    jw_karr(w, STR("cc"));
    if (s->visibility == VIS_PUBLIC)
        jw_str(w, followers);
    if (s->visibility == VIS_UNLISTED)
        jw_str(w, STR(PUBLIC));
    for (int64_t i = 0; i < n && s->visibility != VIS_DIRECT; i++)
        jw_str(w, address_account_uri(c, m[i].username));
    jw_arr_end(w);
}

static void put_names(struct ctx *c, struct jw *w, const struct status *s)
{
    const struct mention *m = NULL;
    const struct str *tags = NULL;
    int64_t mentions_n = mention_list(c->arena, s->mentions, &m);
    int64_t tags_n = tag_list(c->arena, s->tags, &tags);
    jw_karr(w, STR("tag"));
    for (int64_t i = 0; i < mentions_n; i++) {
        jw_obj(w);
        jw_kstr(w, STR("type"), STR("Mention"));
        jw_kstr(w, STR("href"), address_account_uri(c, m[i].username));
        jw_kstr(w, STR("name"), arena_strf(c->arena, "@" STR_FMT, STR_ARG(m[i].acct)));
        jw_obj_end(w);
    }
    for (int64_t i = 0; i < tags_n; i++) {
        jw_obj(w);
        jw_kstr(w, STR("type"), STR("Hashtag"));
        jw_kstr(w, STR("href"), address_tag(c, tags[i]));
        jw_kstr(w, STR("name"), arena_strf(c->arena, "#" STR_FMT, STR_ARG(tags[i])));
        jw_obj_end(w);
    }
    jw_arr_end(w);
}

static void put_files(struct ctx *c, struct jw *w, const struct attachments *files)
{
    jw_karr(w, STR("attachment"));
    for (int64_t i = 0; i < files->n; i++) {
        const struct media *m = files->v[i];
        jw_obj(w);
        jw_kstr(w, STR("type"), STR("Document"));
        jw_kstr(w, STR("mediaType"), m->type);
        jw_kstr(w, STR("url"), str_c(archive_json_file(c, m)));
        jw_knull_str(w, STR("name"), m->description);
        jw_knull_str(w, STR("blurhash"), m->blurhash);
        jw_ki64(w, STR("width"), m->width);
        jw_ki64(w, STR("height"), m->height);
        jw_obj_end(w);
    }
    jw_arr_end(w);
}

static enum err put_poll(struct ctx *c, struct jw *w, const struct status *s)
{
    struct poll *p = NULL;
    const struct str *titles = NULL;
    TRY(store_poll_find(c, s->id, &p));
    if (p == NULL)
        return OK;
    int64_t n = poll_titles(c->arena, p, &titles);
    jw_ktime(w, STR("endTime"), p->expires_ms);
    jw_karr(w, p->multiple ? STR("anyOf") : STR("oneOf"));
    for (int64_t i = 0; i < n; i++) {
        jw_obj(w);
        jw_kstr(w, STR("type"), STR("Note"));
        jw_kstr(w, STR("name"), titles[i]);
        jw_kobj(w, STR("replies"));
        jw_kstr(w, STR("type"), STR("Collection"));
        jw_ki64(w, STR("totalItems"), p->votes[i]);
        jw_obj_end(w);
        jw_obj_end(w);
    }
    jw_arr_end(w);
    return OK;
}

static enum err put_parent(struct ctx *c, struct jw *w, const struct status *s)
{
    struct account *a = NULL;
    if (s->in_reply_to_id != 0)
        TRY(store_account_find(c, s->in_reply_to_account_id, &a));
    if (a == NULL)
        jw_knull(w, STR("inReplyTo"));
    else
        jw_kstr(w, STR("inReplyTo"), address_status_uri(c, a->username, s->in_reply_to_id));
    return OK;
}

static enum err put_note(struct ctx *c, struct jw *w, const struct status *s, const struct attachments *files)
{
    bool is_poll = (s->parts & PART_POLL) != 0;
    jw_kobj(w, STR("object"));
    jw_kstr(w, STR("id"), address_status_uri(c, c->me->username, s->id));
    jw_kstr(w, STR("type"), is_poll ? STR("Question") : STR("Note"));
    jw_kstr(w, STR("url"), address_status(c, c->me->username, s->id));
    jw_kstr(w, STR("attributedTo"), my_uri(c));
    jw_ktime(w, STR("published"), s->created_ms);
    if (s->edited_ms != 0)
        jw_ktime(w, STR("updated"), s->edited_ms);
    TRY(put_parent(c, w, s));
    put_audience(c, w, s);
    jw_kbool(w, STR("sensitive"), s->sensitive);
    jw_knull_str(w, STR("summary"), s->spoiler.n > 0 ? s->spoiler : (struct str){ 0 });
    struct str html = render_status_html(c, s->text, s->mentions);
    jw_kstr(w, STR("content"), html);
    if (s->language.p != NULL) {
        jw_kobj(w, STR("contentMap"));
        jw_kstr(w, s->language, html);
        jw_obj_end(w);
    }
    jw_kobj(w, STR("source"));
    jw_kstr(w, STR("content"), s->text);
    jw_kstr(w, STR("mediaType"), STR("text/plain"));
    jw_obj_end(w);
    put_names(c, w, s);
    put_files(c, w, files);
    if (is_poll)
        TRY(put_poll(c, w, s));
    jw_obj_end(w);
    return OK;
}

static enum err link_to(struct ctx *c, const struct status *s, struct str *out)
{
    struct account *a = NULL;
    *out = (struct str){ 0 };
    if (s->uri.p != NULL) {
        *out = s->uri;
        return OK;
    }
    TRY(store_account_find(c, s->account_id, &a));
    if (a != NULL)
        *out = address_status_uri(c, a->username, s->id);
    return OK;
}

enum err archive_json_link(struct ctx *c, const struct status *s, struct str *out)
{
    struct jw w = jw_on(c->arena);
    struct str uri = { 0 };
    *out = (struct str){ 0 };
    TRY(link_to(c, s, &uri));
    if (uri.n == 0)
        return OK;
    jw_str(&w, uri);
    *out = jw_end(&w);
    return OK;
}

enum err archive_json_parley(struct ctx *c, const struct status *s, const struct attachments *files, struct str *out)
{
    struct jw w = jw_on(c->arena);
    struct status *echoed = NULL;
    struct str uri = { 0 };
    bool is_echo = s->reblog_of_id != 0;
    *out = (struct str){ 0 };
    if (is_echo)
        TRY(store_status_find(c, s->reblog_of_id, &echoed));
    if (echoed != NULL)
        TRY(link_to(c, echoed, &uri));
    if (is_echo && uri.n == 0)
        return OK;
    struct str mine = address_status_uri(c, c->me->username, s->id);
    jw_obj(&w);
    jw_kstr(&w, STR("id"), arena_strf(c->arena, STR_FMT "/activity", STR_ARG(mine)));
    jw_kstr(&w, STR("type"), is_echo ? STR("Announce") : STR("Create"));
    jw_kstr(&w, STR("actor"), my_uri(c));
    jw_ktime(&w, STR("published"), s->created_ms);
    put_audience(c, &w, s);
    if (is_echo)
        jw_kstr(&w, STR("object"), uri);
    else
        TRY(put_note(c, &w, s, files));
    jw_obj_end(&w);
    *out = jw_end(&w);
    return OK;
}
