/* SPDX-License-Identifier: Apache-2.0 */
#include "core/attachment.h"

#include "base/clock.h"
#include "base/id.h"
#include "core/attachment_work.h"
#include "core/limit.h"
#include "core/media_use.h"
#include "core/staff.h"
#include "core/text.h"
#include "core/visible.h"
#include "feed/feed.h"
#include "media/file.h"
#include "model/site.h"
#include "store/account.h"
#include "store/job.h"
#include "store/media.h"
#include "store/status.h"
#include "store/tx.h"

#define MIB (1024 * 1024)

/* --- what members say of them --- */

static enum err set_description(struct ctx *c, struct str text, struct media *m)
{
    if (text.p == NULL)
        return OK;
    text = str_trim(text);
    if (text.n > ATTACHMENT_DESCRIPTION_MAX * 16 || !str_is_utf8(text)
        || text_graphemes(text) > ATTACHMENT_DESCRIPTION_MAX)
        return fail(c, ERR_INVALID, "Validation failed: Description is too long (maximum is %d characters)",
                    ATTACHMENT_DESCRIPTION_MAX);
    m->description = text.n == 0 ? (struct str){ NULL, 0 } : text;
    return OK;
}

/* "-0.42", "1", ".5": ten thousandths, within the picture. */
static bool parse_coordinate(struct str s, int64_t *out)
{
    bool minus = s.n > 0 && s.p[0] == '-';
    int64_t value = 0;
    int64_t unit = 0; /* 0: before the point */
    bool digits = false;
    for (size_t i = minus || (s.n > 0 && s.p[0] == '+') ? 1 : 0; i < s.n; i++) {
        if (s.p[i] == '.' && unit == 0) {
            unit = MEDIA_FOCUS_ONE;
        } else if (s.p[i] < '0' || s.p[i] > '9' || value > 100 * MEDIA_FOCUS_ONE) {
            return false;
        } else {
            digits = true;
            if (unit == 0)
                value = value * 10 + (int64_t)(s.p[i] - '0') * MEDIA_FOCUS_ONE;
            else
                value += (s.p[i] - '0') * (unit /= 10);
        }
    }
    *out = minus ? -value : value;
    return digits && value <= MEDIA_FOCUS_ONE;
}

static enum err set_focus(struct ctx *c, struct str focus, struct media *m)
{
    struct str x = { 0 };
    struct str y = focus;
    int64_t to_x = 0;
    int64_t to_y = 0;
    if (focus.n == 0)
        return OK;
    (void)str_cut(&y, ',', &x);
    if (y.p == NULL || !parse_coordinate(str_trim(x), &to_x) || !parse_coordinate(str_trim(y), &to_y))
        return fail(c, ERR_INVALID, "Validation failed: Focus must be two numbers between -1.0 and 1.0 with a comma");
    m->focus_x = to_x;
    m->focus_y = to_y;
    return OK;
}

enum err attachment_describe(struct ctx *c, struct str description, struct str focus, struct media *m)
{
    TRY(set_description(c, description, m));
    return set_focus(c, focus, m);
}

/* --- adding --- */

static enum err check_room(struct ctx *c, struct str bytes)
{
    int64_t used = 0;
    int64_t waiting = 0;
    TRY(store_media_usage(c, c->me->id, &used, &waiting));
    if (c->site->media_quota_bytes > 0 && used + (int64_t)bytes.n > c->site->media_quota_bytes)
        return fail(c, ERR_INVALID,
                    "Validation failed: File has no room: your files may take %lld MB together. Delete some.",
                    (long long)(c->site->media_quota_bytes / MIB));
    if (waiting >= ATTACHMENT_WAITING_MAX) {
        c->retry_after_s = 30;
        return fail(c, ERR_TOO_MANY, "%d of your files wait to be worked on. Try again when they are done.",
                    ATTACHMENT_WAITING_MAX);
    }
    return OK;
}

static enum err store_new(struct ctx *c, struct media *m)
{
    TX tx = { 0 };
    TRY(tx_begin(c, &tx));
    TRY(media_use(c, m));
    TRY(store_media_insert(c, m));
    if (m->state == MEDIA_WAITING)
        TRY(store_job_add(c, JOB_MEDIA_MAKE, m->id, STR(""), c->now_ms));
    return tx_commit(&tx);
}

/* Pictures are made at once where there is room; what takes long, and what finds no room, waits for a job. */
static enum err make_or_wait(struct ctx *c, const struct attachment_upload *u, enum media_type type, struct media *m)
{
    enum err e = ERR_UNAVAILABLE;
    if (media_type_is_image(type) || u->at_once)
        e = attachment_make(c, u->bytes, type, m);
    if (e != ERR_UNAVAILABLE || u->at_once)
        return e;
    c->says = (struct str){ NULL, 0 };
    c->retry_after_s = 0;
    return attachment_put_aside(c, u->bytes, m);
}

/* Until it is made: what it most likely is. */
static enum media_kind kind_at_first(enum media_type type)
{
    if (media_type_is_image(type))
        return MEDIA_IMAGE;
    switch ((int)type) {
    case TYPE_GIF: return MEDIA_GIFV;
    case TYPE_MP3:
    case TYPE_OGG:
    case TYPE_FLAC:
    case TYPE_WAV: return MEDIA_AUDIO;
    default: return MEDIA_VIDEO;
    }
}

enum err attachment_add(struct ctx *c, const struct attachment_upload *u, struct media **out)
{
    enum media_type type = TYPE_UNKNOWN;
    struct media *m = ARENA_NEW(c->arena, struct media);
    TRY(member_may_write(c));
    TRY(limit_take(c, LIMIT_UPLOAD, id_text(c->arena, c->me->id)));
    TRY(attachment_judge(c, u->bytes, &type));
    TRY(check_room(c, u->bytes));
    *m = (struct media){
        .account_id = c->me->id,
        .purpose = MEDIA_ATTACHMENT,
        .kind = kind_at_first(type),
        .created_ms = c->now_ms,
        .expires_ms = c->now_ms + ATTACHMENT_UNUSED_HOURS * HOUR_MS,
    };
    TRY(attachment_describe(c, u->description, u->focus, m));
    if (u->thumbnail.n > 0 && !media_type_is_image(type))
        TRY(attachment_cover(c, u->thumbnail, m));
    TRY(make_or_wait(c, u, type, m));
    TRY(store_new(c, m));
    *out = m;
    return OK;
}

enum err attachment_own(struct ctx *c, int64_t id, struct media **out)
{
    TRY(store_media_find(c, id, out));
    if (*out == NULL || (*out)->purpose != MEDIA_ATTACHMENT || c->me == NULL || (*out)->account_id != c->me->id)
        return fail(c, ERR_NOT_FOUND, "Record not found");
    return OK;
}

/* The parley shows it: what was rendered of it is made anew. */
static enum err tell(struct ctx *c, const struct media *m)
{
    struct status *s = NULL;
    if (m->status_id == 0)
        return OK;
    TRY(store_status_find(c, m->status_id, &s));
    if (s != NULL)
        feed_status_changed(c->feed, s);
    return OK;
}

static enum err store_edit(struct ctx *c, int64_t id, const struct attachment_edit *e, const struct media *cover,
                           struct media **out)
{
    TX tx = { 0 };
    bool changed = false;
    TRY(tx_begin(c, &tx));
    TRY(attachment_own(c, id, out));
    struct media was = **out;
    struct media *m = *out;
    TRY(attachment_describe(c, e->description, e->focus, m));
    if (cover->preview.n > 0) {
        m->preview = cover->preview;
        m->preview_bytes = cover->preview_bytes;
        m->preview_width = cover->preview_width;
        m->preview_height = cover->preview_height;
        m->blurhash = cover->blurhash;
        TRY(media_use(c, m));
        was.hash = (struct str){ NULL, 0 };
        TRY(media_unuse(c, &was));
    }
    TRY(store_media_update(c, m, &changed));
    return tx_commit(&tx);
}

enum err attachment_edit(struct ctx *c, int64_t id, const struct attachment_edit *e, struct media **out)
{
    struct media cover = { 0 };
    TRY(member_may_write(c));
    TRY(attachment_own(c, id, out));
    if (e->thumbnail.n > 0) {
        if ((*out)->kind == MEDIA_IMAGE)
            return fail(c, ERR_INVALID, "Validation failed: Thumbnail is for video and sound: a picture is its own");
        TRY(limit_take(c, LIMIT_UPLOAD, id_text(c->arena, c->me->id)));
        TRY(attachment_cover(c, e->thumbnail, &cover));
    }
    TRY(store_edit(c, id, e, &cover, out));
    return tell(c, *out);
}

enum err attachment_delete(struct ctx *c, int64_t id)
{
    TX tx = { 0 };
    struct media *m = NULL;
    TRY(member_may_write(c));
    TRY(tx_begin(c, &tx));
    TRY(attachment_own(c, id, &m));
    if (m->status_id != 0)
        return fail(c, ERR_INVALID, "Validation failed: A parley has this file. Delete the parley, or edit it.");
    TRY(attachment_drop(c, m));
    return tx_commit(&tx);
}

/* --- serving --- */

bool attachment_is_withheld(const struct status *s, const struct account *author)
{
    return s->standing.kind >= STANDING_HELD || author->standing.kind == STANDING_SUSPENDED;
}

static enum err is_shown(struct ctx *c, const struct media *m, bool *out)
{
    struct account *owner = NULL;
    struct status *s = NULL;
    TRY(store_account_find(c, m->account_id, &owner));
    *out = owner != NULL && owner->active && owner->standing.kind != STANDING_SUSPENDED && m->state == MEDIA_READY;
    if (!*out || m->status_id == 0)
        return OK;
    TRY(store_status_find(c, m->status_id, &s));
    *out = s != NULL && s->standing.kind < STANDING_HELD;
    return OK;
}

/* The author of what is held still reads it; moderators judge by what they see. */
static enum err is_withheld_for_me(struct ctx *c, const struct media *m, bool *out)
{
    struct account *owner = NULL;
    struct status *s = NULL;
    bool staff = staff_acts(c);
    TRY(store_status_find(c, m->status_id, &s));
    TRY(store_account_find(c, m->account_id, &owner));
    *out = false;
    if (s == NULL || owner == NULL || m->state != MEDIA_READY)
        return OK;
    bool held = s->standing.kind == STANDING_HELD && (staff || c->me->id == m->account_id);
    bool removed = staff && (s->standing.kind == STANDING_REMOVED || owner->standing.kind == STANDING_SUSPENDED);
    *out = held || removed;
    return OK;
}

static enum err open_file(struct ctx *c, const struct media *m, bool shown, struct str hash, struct str extension,
                          struct str *type, int *fd, uint64_t *size)
{
    if (shown && str_eq(m->hash, hash))
        *type = m->type;
    else if (shown && str_eq(m->preview, hash))
        *type = STR("image/webp");
    else
        return fail(c, ERR_NOT_FOUND, "Not Found");
    struct media_name name = { SHELF_FILES, hash, *type };
    if (!str_eq(media_extension(*type), extension))
        return fail(c, ERR_NOT_FOUND, "Not Found");
    TRY(media_file_open(c, &name, fd, size));
    return *fd >= 0 ? OK : fail(c, ERR_NOT_FOUND, "Not Found");
}

enum err attachment_open(struct ctx *c, int64_t id, struct str hash, struct str extension, struct str *type, int *fd,
                         uint64_t *size)
{
    struct media *m = NULL;
    bool shown = false;
    *fd = -1;
    TRY(store_media_find(c, id, &m));
    if (m != NULL && m->purpose == MEDIA_ATTACHMENT && media_hash_ok(hash))
        TRY(is_shown(c, m, &shown));
    return open_file(c, m, shown, hash, extension, type, fd, size);
}

enum err attachment_open_withheld(struct ctx *c, int64_t id, struct str hash, struct str extension, struct str *type,
                                  int *fd, uint64_t *size)
{
    struct media *m = NULL;
    bool shown = false;
    *fd = -1;
    TRY(store_media_find(c, id, &m));
    if (m != NULL && m->purpose == MEDIA_ATTACHMENT && m->status_id != 0 && media_hash_ok(hash))
        TRY(is_withheld_for_me(c, m, &shown));
    return open_file(c, m, shown, hash, extension, type, fd, size);
}
