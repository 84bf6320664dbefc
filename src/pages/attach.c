/* SPDX-License-Identifier: Apache-2.0 */
#include "pages/attach.h"

#include "base/id.h"
#include "core/address.h"
#include "core/attachment.h"
#include "media/file.h"
#include "pages/focus.h"
#include "pages/form.h"
#include "pages/layout.h"
#include "pages/routes.h"

/* --- showing --- */

/* Where the browser finds a file and its preview; p == NULL: it has none. */
struct files {
    struct str whole;
    struct str preview;
};

static struct files files_of(struct visit *v, const struct view *p, const struct media *m)
{
    if (attachment_is_withheld(p->status, p->author))
        return (struct files){ address_withheld(v->c, m), address_withheld_preview(v->c, m) };
    return (struct files){ address_media(v->c, m), address_media_preview(v->c, m) };
}

static struct str words_of(const struct media *m)
{
    return m->description.n > 0 ? m->description : STR("");
}

static void put_picture(struct visit *v, const struct media *m, const struct files *f, bool alone)
{
    struct hw *w = &v->w;
    bool small = !alone && f->preview.n > 0;
    hw_open(w, "a");
    hw_attr(w, "href", f->whole);
    hw_void(w, "img");
    if (!alone && (m->focus_x != 0 || m->focus_y != 0))
        hw_attr(w, "class", focus_class(v, m));
    hw_attr(w, "src", small ? f->preview : f->whole);
    hw_attr(w, "alt", m->description.n > 0 ? m->description : STR("A picture that nobody described"));
    hw_attr_i64(w, "width", small ? m->preview_width : m->width);
    hw_attr_i64(w, "height", small ? m->preview_height : m->height);
    hw_attr(w, "loading", STR("lazy"));
    hw_close(w, "a");
}

static void put_player(struct visit *v, const struct media *m, const struct files *f)
{
    struct hw *w = &v->w;
    const char *tag = m->kind == MEDIA_AUDIO ? "audio" : "video";
    if (m->kind == MEDIA_AUDIO && m->preview.n > 0) {
        hw_void(w, "img");
        hw_attr(w, "src", f->preview);
        hw_attr(w, "alt", STR(""));
        hw_attr_i64(w, "width", m->preview_width);
        hw_attr_i64(w, "height", m->preview_height);
    }
    hw_open(w, tag);
    hw_attr(w, "src", f->whole);
    hw_flag(w, "controls", true);
    hw_attr(w, "preload", STR("none"));
    hw_attr(w, "aria-label", m->description.n > 0 ? m->description : STR("Nobody described it"));
    if (m->kind == MEDIA_GIFV)
        hw_flag(w, "loop", true);
    if (m->kind != MEDIA_AUDIO) {
        hw_attr_i64(w, "width", m->width);
        hw_attr_i64(w, "height", m->height);
        hw_attr(w, "poster", f->preview);
    }
    hw_link(w, f->whole, STR("Download"));
    hw_close(w, tag);
}

static void put_one(struct visit *v, const struct view *p, const struct media *m, bool alone)
{
    const struct files f = files_of(v, p, m);
    struct hw *w = &v->w;
    hw_open(w, "figure");
    if (m->kind == MEDIA_IMAGE)
        put_picture(v, m, &f, alone);
    else
        put_player(v, m, &f);
    if (m->description.n > 0) {
        hw_open(w, "figcaption");
        hw_open(w, "details");
        hw_el(w, "summary", STR("Description"));
        hw_open(w, "p");
        hw_attr(w, "dir", STR("auto"));
        hw_text(w, m->description);
        hw_close(w, "p");
        hw_close(w, "details");
        hw_close(w, "figcaption");
    }
    hw_close(w, "figure");
}

void attach_put(struct visit *v, const struct view *p)
{
    struct hw *w = &v->w;
    const struct attachments *a = &p->media;
    bool veiled = p->blurred || (p->status->sensitive && p->status->spoiler.n == 0);
    if (a->n == 0)
        return;
    if (veiled) {
        hw_open_class(w, "details", STR("cw"));
        hw_open(w, "summary");
        hw_text(w, p->blurred ? STR("Covered by one of your filters") : STR("Marked as sensitive by its author"));
        hw_close(w, "summary");
    }
    hw_open_class(w, "div", a->n == 1 ? STR("media one") : STR("media"));
    for (int64_t i = 0; i < a->n; i++)
        put_one(v, p, a->v[i], a->n == 1);
    hw_close(w, "div");
    if (veiled)
        hw_close(w, "details");
}

enum err page_withheld(struct visit *v)
{
    struct str extension = v->q->args[1];
    struct str hash = { 0 };
    int64_t id = 0;
    TRY(visit_arg_id(v, &id));
    (void)str_cut(&extension, '.', &hash);
    TRY(attachment_open_withheld(v->c, id, hash, extension, &v->r->type, &v->r->file_fd, &v->r->file_size));
    v->r->status = 200;
    http_res_header(v->r, STR("Cache-Control"), STR("private, no-store"));
    http_res_header(v->r, STR("Content-Security-Policy"), STR("sandbox; default-src 'none'"));
    return OK;
}

/* --- choosing --- */

static const char *numbered(struct visit *v, const char *name, long long n)
{
    return arena_strf(v->c->arena, "%s_%lld", name, n).p;
}

static void put_chosen(struct visit *v, const struct media *m, struct str action)
{
    struct hw *w = &v->w;
    hw_open_class(w, "div", STR("chosen"));
    form_hidden(v, "media[]", id_text(v->c->arena, m->id));
    if (m->preview.n > 0 && m->kind != MEDIA_AUDIO) {
        focus_put(v, m, action);
    } else if (m->preview.n > 0) {
        hw_void(w, "img");
        hw_attr(w, "src", address_media_preview(v->c, m));
        hw_attr(w, "alt", STR(""));
        hw_attr_i64(w, "width", m->preview_width);
        hw_attr_i64(w, "height", m->preview_height);
    }
    form_field(v, &(struct field){ .name = numbered(v, "alt", (long long)m->id),
                                   .label = "Description for those who do not see or hear it",
                                   .value = words_of(m),
                                   .rows = 2,
                                   .user_text = true });
    form_check(v, numbered(v, "drop", (long long)m->id), STR("Leave it out"), false, STR(""));
    hw_close(w, "div");
}

static void put_file(struct visit *v, int64_t i)
{
    struct hw *w = &v->w;
    struct str id = arena_strf(v->c->arena, "f-file_%lld", (long long)i);
    hw_open_class(w, "div", STR("chosen"));
    hw_open(w, "label");
    hw_attr(w, "for", id);
    hw_text(w, arena_strf(v->c->arena, "File %lld", (long long)i + 1));
    hw_close(w, "label");
    hw_void(w, "input");
    hw_attr(w, "type", STR("file"));
    hw_attr(w, "id", id);
    hw_attr(w, "name", str_c(numbered(v, "file", (long long)i)));
    hw_attr(w, "accept", STR("image/*,video/*,audio/*"));
    form_field(v, &(struct field){
                      .name = numbered(v, "words", (long long)i), .label = "Its description", .user_text = true });
    hw_close(w, "div");
}

static void put_look(struct visit *v, struct str action)
{
    struct hw *w = &v->w;
    hw_open_class(w, "button", STR("btn"));
    hw_attr(w, "name", STR("look"));
    hw_attr(w, "value", STR("1"));
    hw_attr(w, "formaction", arena_strf(v->c->arena, STR_FMT "#files", STR_ARG(action)));
    hw_flag(w, "formnovalidate", true);
    hw_text(w, STR("Look at them first"));
    hw_close(w, "button");
}

void attach_fields_put(struct visit *v, const struct attach_fields *f, struct str action)
{
    struct hw *w = &v->w;
    hw_open_class(w, "details", STR("extra"));
    hw_attr(w, "id", STR("files"));
    hw_flag(w, "open", f->n > 0);
    hw_el(w, "summary", STR("Pictures, video, sound"));
    hw_el_class(w, "p", STR("hint"),
                STR("Up to four pictures, or one video or sound. What a file says of you and of the place where it was "
                    "made is taken out. A description is read to those who cannot see it."));
    for (int64_t i = 0; i < f->n; i++)
        put_chosen(v, f->v[i], action);
    for (int64_t i = f->n; i < ATTACHMENTS_MAX; i++)
        put_file(v, i);
    put_look(v, action);
    form_check(v, "sensitive", STR("Show them only after a click"), http_bool(v->q, "sensitive", false), STR(""));
    hw_close(w, "details");
}

/* What no parley has yet keeps its words at once: a draft or a planned parley knows its files by their ids alone. */
static enum err note_words(struct visit *v, struct media *m)
{
    const struct attachment_edit e = { .description = visit_param(v, numbered(v, "alt", (long long)m->id)),
                                       .focus = focus_text(v, m) };
    m->description = e.description;
    if (m->status_id != 0)
        return OK;
    return attachment_edit(v->c, m->id, &e, &m);
}

static enum err keep_chosen(struct visit *v, struct str id_was, struct attach_fields *f)
{
    struct media *m = NULL;
    int64_t id = 0;
    if (f->n == ATTACHMENTS_MAX || !id_parse(id_was, &id))
        return OK;
    if (http_bool(v->q, numbered(v, "drop", (long long)id), false))
        return OK;
    enum err e = attachment_own(v->c, id, &m);
    if (e == ERR_NOT_FOUND) { /* it was taken away meanwhile */
        v->c->says = (struct str){ 0 };
        return OK;
    }
    TRY(e);
    f->v[f->n++] = m;
    bool pointed = false;
    TRY(focus_sent(v, m, &pointed));
    f->again = f->again || pointed;
    return note_words(v, m);
}

static enum err take_file(struct visit *v, int64_t i, struct attach_fields *f)
{
    const struct http_param *p = http_file(v->q, numbered(v, "file", (long long)i));
    struct attachment_upload u = { .description = visit_param(v, numbered(v, "words", (long long)i)), .at_once = true };
    if (p == NULL || p->value.n == 0)
        return OK;
    if (f->n == ATTACHMENTS_MAX)
        return fail(v->c, ERR_INVALID, "Validation failed: Cannot attach more than %d files", ATTACHMENTS_MAX);
    u.bytes = p->value;
    TRY(attachment_add(v->c, &u, &f->v[f->n]));
    f->n++;
    return OK;
}

enum err attach_fields_sent(struct visit *v, struct attach_fields *f)
{
    size_t n = 0;
    const struct str *ids = http_list(v->q, "media", &n);
    *f = (struct attach_fields){ .again = http_bool(v->q, "look", false) };
    for (size_t i = 0; i < n; i++)
        TRY(keep_chosen(v, ids[i], f));
    for (int64_t i = 0; i < ATTACHMENTS_MAX; i++)
        TRY(take_file(v, i, f));
    return OK;
}

enum err attach_fields_of(struct visit *v, const struct status *s, struct attach_fields *f)
{
    struct attachments a = { 0 };
    TRY(attachments_load(v->c, &s, 1, &a));
    *f = (struct attach_fields){ .n = a.n };
    memcpy(f->v, a.v, sizeof f->v);
    return OK;
}

void attach_fields_draft(struct visit *v, const struct attach_fields *f, struct status_draft *d)
{
    struct media_wish *wishes = ARENA_ARRAY(v->c->arena, (size_t)f->n + 1, struct media_wish);
    for (int64_t i = 0; i < f->n; i++)
        wishes[i] =
            (struct media_wish){ .id = f->v[i]->id, .description = words_of(f->v[i]), .focus = focus_text(v, f->v[i]) };
    d->media = wishes;
    d->media_n = f->n;
}
