/* SPDX-License-Identifier: Apache-2.0 */
#include "core/emoji.h"

#include "base/buf.h"
#include "check.h"
#include "media/webp.h"
#include "model/site.h"

static const struct emoji rows[] = {
    { .shortcode = { "wave", 4 }, .hash = { "w", 1 }, .static_hash = { "w", 1 }, .enabled = true },
    { .shortcode = { "boat", 4 }, .hash = { "b", 1 }, .static_hash = { "b", 1 }, .enabled = true },
    { .shortcode = { "gone", 4 }, .hash = { "g", 1 }, .static_hash = { "g", 1 }, .enabled = false },
};

/* The codes that are found, each with a space behind it. */
static struct str found(struct arena *a, const struct ctx *c, const char *text)
{
    struct buf b = buf_on(a);
    const struct emoji *e = NULL;
    size_t end = 0;
    for (size_t at = 0; (e = emoji_next(c, str_c(text), &at, &end)) != NULL; at = end) {
        buf_put(&b, e->shortcode);
        buf_putc(&b, ' ');
    }
    return buf_str(&b);
}

static void codes_are_found_between_their_colons(struct arena *a)
{
    struct site site = { .emojis = emojis_of(a, &(struct emojis){ 0 }, rows, 3) };
    const struct ctx c = { .arena = a, .site = &site };
    CHECK(str_eq(found(a, &c, ":boat: and :wave:!"), STR("boat wave ")));
    CHECK(str_eq(found(a, &c, ":boat::wave:"), STR("boat wave ")));
    CHECK(str_eq(found(a, &c, "(:boat:)"), STR("boat ")));
    CHECK(str_eq(found(a, &c, "船:boat:船"), STR("boat ")));
    CHECK(found(a, &c, "12:30:45 :gone: :none: x:boat: :boat:x https://a.example/:boat: : :: :boat boat:").n == 0);
    CHECK(found(a, &c, "").n == 0);
}

static void a_table_shares_what_did_not_change(struct arena *a)
{
    struct emojis was = emojis_of(a, &(struct emojis){ 0 }, rows, 3);
    struct emojis same = emojis_of(a, &was, rows, 3);
    struct emojis fewer = emojis_of(a, &was, rows, 1);
    CHECK(same.version == was.version && same.rows[0] == was.rows[0]);
    CHECK(str_eq(was.rows[0]->shortcode, STR("boat")) && was.enabled_n == 2);
    CHECK(fewer.version != was.version && fewer.rows[0] == was.rows[2]);
    CHECK(emojis_of(a, &was, &rows[2], 1).version == 0); /* nothing is shown */
}

static void codes_have_plain_names(void)
{
    CHECK(emoji_code_ok(STR("a1")) && emoji_code_ok(STR("Blob_Cat")));
    CHECK(!emoji_code_ok(STR("a")) && !emoji_code_ok(STR("a b")) && !emoji_code_ok(STR("caf\xC3\xA9")));
}

/* Two frames of one lossless pixel each, with a chunk that is no picture between them. */
static const char moving[] = "RIFF\0\0\0\0WEBP"
                             "VP8X\x0A\0\0\0\x12\0\0\0\0\0\0\0\0\0"
                             "EXIF\x04\0\0\0here"
                             "ANIM\x06\0\0\0\0\0\0\0\0\0"
                             "ANMF\x1A\0\0\0................VP8L\x02\0\0\0ab"
                             "ANMF\x1A\0\0\0................VP8L\x02\0\0\0cd";

static void what_moves_keeps_its_frames_and_nothing_else(struct arena *a)
{
    const struct str in = { moving, sizeof moving - 1 };
    struct str out = { 0 };
    size_t at = 0;
    CHECK(webp_strip_moving(a, in, 2, &out));
    CHECK(!str_find(out, STR("EXIF"), &at) && str_find(out, STR("ANIM"), &at) && out.n == in.n - 12);
    CHECK(!webp_strip_moving(a, in, 1, &out)); /* too many frames */
    CHECK(!webp_strip(a, in, &out));           /* it stands in no place for a still one */
    for (size_t n = 0; n < in.n; n++)
        (void)webp_strip_moving(a, str_head(in, n), 2, &out);
}

int main(void)
{
    struct arena *a = arena_new();
    codes_are_found_between_their_colons(a);
    a_table_shares_what_did_not_change(a);
    codes_have_plain_names();
    what_moves_keeps_its_frames_and_nothing_else(a);
    arena_free(&a);
    return check_done();
}
