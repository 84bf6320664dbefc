/* SPDX-License-Identifier: Apache-2.0 */
#include "core/emoji.h"

#include <stdlib.h>
#include <string.h>

#include "base/jw.h"
#include "base/log.h"
#include "core/address.h"
#include "core/media_use.h"
#include "core/refuse.h"
#include "core/site.h"
#include "core/staff.h"
#include "core/text.h"
#include "core/uni.h"
#include "media/file.h"
#include "media/run.h"
#include "media/sniff.h"
#include "store/emoji.h"
#include "store/tx.h"

#define MIXER UINT64_C(0x9FB21C651E98DF25) /* odd, bits evenly spread */

static bool is_code_char(char ch)
{
    return (ch >= '0' && ch <= '9') || ((ch | 0x20) >= 'a' && (ch | 0x20) <= 'z') || ch == '_';
}

bool emoji_code_ok(struct str code)
{
    if (code.n < EMOJI_CODE_MIN || code.n > EMOJI_CODE_MAX)
        return false;
    for (size_t i = 0; i < code.n; i++)
        if (!is_code_char(code.p[i]))
            return false;
    return true;
}

/* --- the table --- */

static int by_code(const void *key, const void *row)
{
    const struct str *code = key;
    const struct emoji *const *e = row;
    return str_cmp(*code, (*e)->shortcode);
}

static const struct emoji *find_any(const struct emojis *all, struct str code)
{
    const struct emoji *const *found =
        all->n == 0 ? NULL : bsearch(&code, all->rows, (size_t)all->n, sizeof all->rows[0], by_code);
    return found == NULL ? NULL : *found;
}

const struct emoji *emoji_find(const struct ctx *c, struct str code)
{
    const struct emoji *e = find_any(&c->site->emojis, code);
    return e != NULL && e->enabled ? e : NULL;
}

static int by_order(const void *a, const void *b)
{
    const struct emoji *const *x = a, *const *y = b;
    return str_cmp((*x)->shortcode, (*y)->shortcode);
}

static bool is_same(const struct emoji *a, const struct emoji *b)
{
    return str_eq(a->hash, b->hash) && str_eq(a->static_hash, b->static_hash) && str_eq(a->category, b->category)
           && a->enabled == b->enabled && a->created_ms == b->created_ms && a->updated_ms == b->updated_ms;
}

static const struct emoji *shared(struct arena *a, const struct emojis *was, const struct emoji *row)
{
    const struct emoji *old = find_any(was, row->shortcode);
    if (old != NULL && is_same(old, row))
        return old;
    struct emoji *e = ARENA_NEW(a, struct emoji);
    *e = *row;
    e->shortcode = arena_str(a, row->shortcode);
    e->hash = arena_str(a, row->hash);
    e->static_hash = str_eq(row->hash, row->static_hash) ? e->hash : arena_str(a, row->static_hash);
    e->category = arena_str(a, row->category);
    return e;
}

static uint64_t mix(uint64_t h, struct str s)
{
    return (h ^ str_hash(s)) * MIXER + s.n;
}

struct emojis emojis_of(struct arena *a, const struct emojis *was, const struct emoji *rows, int64_t n)
{
    struct emojis out = { .n = n };
    const struct emoji **all = ARENA_ARRAY(a, (size_t)n + 1, const struct emoji *);
    uint64_t h = 0;
    for (int64_t i = 0; i < n; i++)
        all[i] = shared(a, was, &rows[i]);
    qsort(all, (size_t)n, sizeof all[0], by_order);
    for (int64_t i = 0; i < n; i++) {
        if (!all[i]->enabled)
            continue;
        out.enabled_n++;
        h = mix(mix(mix(mix(h, all[i]->shortcode), all[i]->hash), all[i]->static_hash), all[i]->category);
    }
    out.rows = all;
    out.version = out.enabled_n == 0 ? 0 : h | 1;
    return out;
}

/* --- in a text --- */

static bool is_word(char ch)
{
    return is_code_char(ch) && ch != '_';
}

/* text.p[at] is a ':'. The byte behind the closing one; 0: no code begins here. */
static size_t code_end(struct str text, size_t at)
{
    size_t to = at + 1;
    if (at > 0 && (is_word(text.p[at - 1]) || text.p[at - 1] == '/'))
        return 0;
    while (to < text.n && to - at <= EMOJI_CODE_MAX && is_code_char(text.p[to]))
        to++;
    if (to == text.n || text.p[to] != ':')
        return 0;
    bool goes_on = to + 1 < text.n && is_word(text.p[to + 1]);
    return goes_on ? 0 : to + 1;
}

const struct emoji *emoji_next(const struct ctx *c, struct str text, size_t *at, size_t *end)
{
    if (c->site->emojis.enabled_n == 0)
        return NULL;
    while (*at < text.n) {
        const char *colon = memchr(text.p + *at, ':', text.n - *at);
        if (colon == NULL)
            return NULL;
        *at = (size_t)(colon - text.p);
        *end = code_end(text, *at);
        const struct emoji *e = *end == 0 ? NULL : emoji_find(c, (struct str){ text.p + *at + 1, *end - *at - 2 });
        if (e != NULL)
            return e;
        *at += 1;
    }
    return NULL;
}

struct str emoji_url(struct ctx *c, const struct emoji *e)
{
    return address_file(c, e->hash, STR("webp"));
}

struct str emoji_static_url(struct ctx *c, const struct emoji *e)
{
    return address_file(c, e->static_hash, STR("webp"));
}

void emoji_put(struct ctx *c, struct jw *w, const struct emoji *e)
{
    jw_obj(w);
    jw_kstr(w, STR("shortcode"), e->shortcode);
    jw_kstr(w, STR("url"), emoji_url(c, e));
    jw_kstr(w, STR("static_url"), emoji_static_url(c, e));
    jw_kbool(w, STR("visible_in_picker"), true);
    jw_knull_str(w, STR("category"), e->category.n > 0 ? e->category : (struct str){ 0 });
    jw_obj_end(w);
}

void emoji_put_used(struct ctx *c, struct jw *w, const struct str *texts, size_t n)
{
    const struct emoji *used[EMOJIS_USED_MAX];
    size_t used_n = 0;
    jw_karr(w, STR("emojis"));
    for (size_t i = 0; i < n; i++) {
        size_t at = 0;
        size_t end = 0;
        const struct emoji *e = NULL;
        while (used_n < EMOJIS_USED_MAX && (e = emoji_next(c, texts[i], &at, &end)) != NULL) {
            size_t k = 0;
            while (k < used_n && used[k] != e)
                k++;
            if (k == used_n) {
                used[used_n++] = e;
                emoji_put(c, w, e);
            }
            at = end;
        }
    }
    jw_arr_end(w);
}

/* --- changes --- */

static enum err refuse_one(struct ctx *c, struct str field, struct str why)
{
    c->fields = NULL;
    refuse(c, field, STR("ERR_INVALID"), why);
    return refused(c);
}

static enum err judge(struct ctx *c, struct str code, struct str category, struct str image)
{
    enum media_type type = media_sniff(image);
    c->fields = NULL;
    if (!emoji_code_ok(code))
        refuse(c, STR("shortcode"), STR("ERR_INVALID"), STR("must be 2 to 64 letters, digits or _ without accents"));
    if (!str_is_utf8(category) || text_graphemes(category) > EMOJI_CATEGORY_MAX)
        refuse(c, STR("category"), STR("ERR_TOO_LONG"),
               arena_strf(c->arena, "must be at most %d characters", EMOJI_CATEGORY_MAX));
    if (image.n > EMOJI_BYTES_MAX)
        refuse(c, STR("image"), STR("ERR_TOO_LONG"), STR("must be at most 256 kB"));
    else if ((!media_type_is_image(type) && type != TYPE_GIF) || media_is_polyglot(image))
        refuse(c, STR("image"), STR("ERR_INVALID"), STR("must be a PNG, GIF, WebP, JPEG, AVIF or HEIC picture"));
    return refused(c);
}

/* What media_use holds: the picture, and where it moves the still one. */
static struct media use_of(struct ctx *c, const struct emoji *e)
{
    bool moves = !str_eq(e->hash, e->static_hash);
    return (struct media){
        .purpose = MEDIA_EMOJI,
        .state = MEDIA_READY,
        .kind = MEDIA_IMAGE,
        .hash = e->hash,
        .type = STR("image/webp"),
        .preview = moves ? e->static_hash : (struct str){ 0 },
        .created_ms = c->now_ms,
    };
}

static enum err put_file(struct ctx *c, struct str bytes, struct str *hash)
{
    *hash = media_hash(c, bytes);
    return media_file_put(c, &(struct media_name){ SHELF_PROFILE, *hash, STR("image/webp") }, bytes);
}

/* Decodes and writes the files; *use has their sizes. */
static enum err make(struct ctx *c, struct str image, struct emoji *e, struct media *use)
{
    static const struct str begin = STR("Validation failed: File ");
    MEDIA_MADE made = { 0 };
    enum err r = media_run(c, &(struct media_ask){ .task = TASK_EMOJI, .in = image }, &made);
    if (r == ERR_INVALID && str_starts(c->says, begin))
        return refuse_one(c, STR("image"), str_skip(c->says, begin.n));
    TRY(r);
    TRY(put_file(c, made.bytes, &e->hash));
    e->static_hash = e->hash;
    if (made.preview.n > 0)
        TRY(put_file(c, made.preview, &e->static_hash));
    *use = use_of(c, e);
    use->bytes = (int64_t)made.bytes.n;
    use->preview_bytes = (int64_t)made.preview.n;
    return OK;
}

static void log_change(struct ctx *c, struct str code, const char *what)
{
    struct str by = staff_name(c);
    log_info(c->id, "custom emoji " STR_FMT " %s, by " STR_FMT, STR_ARG(code), what, STR_ARG(by));
}

enum err emoji_add(struct ctx *c, struct str code, struct str category, struct str image)
{
    TX tx = { 0 };
    struct media use = { 0 };
    struct emoji e = { .shortcode = code,
                       .category = str_trim(category),
                       .enabled = true,
                       .created_ms = c->now_ms,
                       .updated_ms = c->now_ms };
    TRY(site_allows_write(c));
    TRY(judge(c, code, e.category, image));
    TRY(site_refresh(c));
    if (find_any(&c->site->emojis, code) != NULL)
        return refuse_one(c, STR("shortcode"), STR("is taken; remove the one there is first"));
    if (c->site->emojis.n >= EMOJIS_MAX)
        return fail(c, ERR_INVALID, "Validation failed: At most %d custom emoji; remove one first", EMOJIS_MAX);
    TRY(make(c, image, &e, &use));
    TRY(tx_begin(c, &tx));
    TRY(media_use(c, &use));
    TRY(store_emoji_insert(c, &e));
    TRY(tx_commit(&tx));
    log_change(c, code, "added");
    return site_refresh(c);
}

/* As the store has it now. */
static enum err get(struct ctx *c, struct str code, const struct emoji **out)
{
    TRY(site_allows_write(c));
    TRY(site_refresh(c));
    *out = find_any(&c->site->emojis, code);
    return *out != NULL ? OK : fail(c, ERR_NOT_FOUND, "There is no custom emoji '" STR_FMT "'", STR_ARG(code));
}

enum err emoji_enable(struct ctx *c, struct str code, bool enabled)
{
    TX tx = { 0 };
    const struct emoji *was = NULL;
    TRY(get(c, code, &was));
    TRY(tx_begin(c, &tx));
    TRY(store_emoji_set_enabled(c, code, enabled));
    TRY(tx_commit(&tx));
    log_change(c, code, enabled ? "enabled" : "disabled");
    return site_refresh(c);
}

enum err emoji_remove(struct ctx *c, struct str code)
{
    TX tx = { 0 };
    const struct emoji *was = NULL;
    TRY(get(c, code, &was));
    struct media use = use_of(c, was);
    TRY(tx_begin(c, &tx));
    TRY(store_emoji_delete(c, code));
    TRY(media_unuse(c, &use));
    TRY(tx_commit(&tx));
    log_change(c, code, "removed");
    return site_refresh(c);
}
