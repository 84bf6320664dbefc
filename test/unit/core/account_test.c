/* SPDX-License-Identifier: Apache-2.0 */
#include "core/account.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/id.h"
#include "check.h"
#include "core/auth.h"
#include "core/import.h"
#include "core/media_use.h"
#include "core/password.h"
#include "core/picture.h"
#include "core/signup.h"
#include "core/visible.h"
#include "feed/feed.h"
#include "media/webp.h"
#include "store/account.h"
#include "store/import.h"
#include "store/tx.h"
#include "world.h"

#define PASSWORD STR("correct horse")

static struct account *join(struct ctx *c, const char *name)
{
    struct account *a = NULL;
    struct str hash = { 0 };
    struct sign_up_form f = { .username = str_c(name), .password = PASSWORD };
    f.email = arena_strf(c->arena, "%s@mail.example", name);
    MUST(password_hash(c, PASSWORD, &hash), c);
    MUST(sign_up_by_operator(c, &f, hash, ROLE_MEMBER, &a), c);
    return a;
}

static bool refused_field(const struct ctx *c, const char *field)
{
    for (const struct field_errors *f = c->fields; f != NULL; f = f->next)
        if (str_eq(f->field, str_c(field)))
            return true;
    return false;
}

static struct str repeat(struct ctx *c, const char *s, int n)
{
    struct buf b = buf_on(c->arena);
    for (int i = 0; i < n; i++)
        buf_put(&b, str_c(s));
    return buf_str(&b);
}

static void is_found_by_name(struct ctx *c)
{
    struct account *a = NULL;
    MUST(account_lookup(c, STR("@Anna@Harbour.Example"), &a), c);
    CHECK(a->id == c->me->id);
    CHECK(account_lookup(c, STR("anna"), &a) == OK && account_lookup(c, STR("ANNA@harbour.example"), &a) == OK);
    CHECK(account_lookup(c, STR("anna@elsewhere.example"), &a) == ERR_NOT_FOUND);
    CHECK(account_lookup(c, STR(""), &a) == ERR_NOT_FOUND && account_lookup(c, STR("nobody"), &a) == ERR_NOT_FOUND);
}

static void edits_what_is_given_and_nothing_else(struct ctx *c)
{
    struct account *a = NULL;
    struct profile_field fields[] = { { .name = STR(" pronouns "), .value = STR("she/her") },
                                      { .name = STR(""), .value = STR("") } };
    struct profile_edit e = profile_edit_none();
    e.display_name = STR("  Anna  ");
    e.note = STR("on the harbour");
    e.fields = fields;
    e.fields_n = 2;
    e.locked = 1;
    e.default_visibility = VIS_UNLISTED;
    e.default_language = STR("de");
    MUST(account_edit(c, &e, &a), c);
    CHECK(str_eq(a->display_name, STR("Anna")) && a->locked && !a->bot && a->discoverable);
    CHECK(str_eq(a->fields, STR("[{\"name\":\"pronouns\",\"value\":\"she/her\",\"verified_ms\":0}]")));
    e = profile_edit_none();
    e.bot = 1;
    MUST(account_edit(c, &e, &a), c);
    CHECK(str_eq(a->note, STR("on the harbour")) && a->locked && a->bot);
    CHECK(a->default_visibility == VIS_UNLISTED && str_eq(a->default_language, STR("de")));
    e = profile_edit_none();
    e.note = STR("");
    MUST(account_edit(c, &e, &a), c);
    CHECK(a->note.n == 0 && str_eq(a->display_name, STR("Anna")));
}

static void holds_the_limits(struct ctx *c)
{
    struct account *a = NULL;
    struct profile_field fields[5] = { 0 };
    for (int i = 0; i < 5; i++)
        fields[i] = (struct profile_field){ .name = STR("n"), .value = STR("v") };
    struct profile_edit e = profile_edit_none();
    e.display_name =
        repeat(c, "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x9A\x80", 30); /* thirty astronauts are thirty signs */
    e.note = repeat(c, "x", 500);
    MUST(account_edit(c, &e, &a), c);
    e.display_name = repeat(c, "x", 31);
    CHECK(account_edit(c, &e, &a) == ERR_INVALID && refused_field(c, "display_name"));
    e = profile_edit_none();
    e.note = repeat(c, "x", 501);
    CHECK(account_edit(c, &e, &a) == ERR_INVALID && refused_field(c, "note"));
    e.note = STR("\xFF");
    CHECK(account_edit(c, &e, &a) == ERR_INVALID);
    e = profile_edit_none();
    e.fields = fields;
    e.fields_n = 5;
    CHECK(account_edit(c, &e, &a) == ERR_INVALID && refused_field(c, "fields"));
    e.fields_n = 4;
    fields[0].value = repeat(c, "x", 256);
    CHECK(account_edit(c, &e, &a) == ERR_INVALID);
    e = profile_edit_none();
    e.default_language = STR("nonsense");
    CHECK(account_edit(c, &e, &a) == ERR_INVALID && refused_field(c, "language"));
}

/* --- pictures --- */

static void put_u32(char *at, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        at[i] = (char)(v >> (24 - 8 * i) & 255);
}

/* A small file that says it is huge. */
static struct str bomb(struct ctx *c)
{
    struct str png = picture_avatar_png(c, 1);
    char *p = arena_alloc(c->arena, png.n);
    memcpy(p, png.p, png.n);
    put_u32(p + 16, 60000);
    put_u32(p + 20, 60000);
    put_u32(p + 29, (uint32_t)crc32(0, (const Bytef *)p + 12, 17));
    return (struct str){ p, png.n };
}

static enum err set_avatar(struct ctx *c, struct str bytes, struct account **a)
{
    struct profile_edit e = profile_edit_none();
    e.avatar = bytes;
    return account_edit(c, &e, a);
}

static struct str file_of(struct ctx *c, struct str hash)
{
    int fd = -1;
    uint64_t size = 0;
    MUST(picture_open(c, hash, &fd, &size), c);
    if (fd < 0)
        return (struct str){ 0 };
    char *p = arena_alloc(c->arena, size + 1);
    ssize_t n = read(fd, p, size);
    (void)close(fd);
    return (struct str){ p, n < 0 ? 0 : (size_t)n };
}

static struct str hash_of(struct ctx *c, struct str bytes)
{
    unsigned char h[32];
    char hex[65];
    (void)crypto_generichash(h, sizeof h, (const unsigned char *)bytes.p, bytes.n, NULL, 0);
    (void)sodium_bin2hex(hex, sizeof hex, h, sizeof h);
    return arena_str(c->arena, str_c(hex));
}

static void pictures_are_decoded_and_named_by_content(struct ctx *c)
{
    struct account *a = NULL;
    size_t at = 0;
    MUST(set_avatar(c, picture_avatar_png(c, 7), &a), c);
    struct str first = a->avatar;
    struct str bytes = file_of(c, first);
    CHECK(first.n == 64 && str_eq(first, hash_of(c, bytes)));
    CHECK(str_starts(bytes, STR("RIFF")) && !str_find(bytes, STR("EXIF"), &at) && !str_find(bytes, STR("ICCP"), &at));
    MUST(set_avatar(c, picture_avatar_png(c, 8), &a), c);
    CHECK(!str_eq(a->avatar, first) && world_query(c, "SELECT COUNT(*) FROM media") == 1);
    CHECK(world_query(c, "SELECT COUNT(*) FROM job WHERE kind = 7") == 1);
    MUST(media_remove_unused(c, first), c);
    CHECK(file_of(c, first).n == 0);
    MUST(media_remove_unused(c, a->avatar), c); /* still used: stays */
    CHECK(file_of(c, a->avatar).n > 0);
    struct profile_edit e = profile_edit_none();
    e.avatar_drop = true;
    MUST(account_edit(c, &e, &a), c);
    CHECK(a->avatar.p == NULL && world_query(c, "SELECT COUNT(*) FROM media") == 0);
}

static void bombs_and_nonsense_are_refused(struct ctx *c)
{
    struct account *a = NULL;
    struct str png = picture_avatar_png(c, 9);
    CHECK(set_avatar(c, bomb(c), &a) == ERR_INVALID && refused_field(c, "avatar"));
    CHECK(set_avatar(c, str_head(png, png.n / 2), &a) == ERR_INVALID);
    CHECK(set_avatar(c, STR("<svg xmlns=\"http://www.w3.org/2000/svg\"/>"), &a) == ERR_INVALID);
    CHECK(set_avatar(c, STR("GIF89a"), &a) == ERR_INVALID);
    CHECK(set_avatar(c, repeat(c, "x", PICTURE_BYTES_MAX + 1), &a) == ERR_TOO_LARGE);
    int fd = -1;
    uint64_t size = 0;
    MUST(picture_open(c, STR("../../../../etc/passwd"), &fd, &size), c);
    CHECK(fd < 0);
}

static void webp_keeps_nothing_but_pixels(struct ctx *c)
{
    struct str out = { 0 };
    struct str dirty = { "RIFF\x2A\0\0\0WEBPVP8X\x0A\0\0\0\x2C\0\0\0\0\0\0\0\0\0VP8 \x02\0\0\0abEXIF\x01\0\0\0x\0",
                         50 };
    struct str clean = { "RIFF\x0E\0\0\0WEBPVP8 \x02\0\0\0ab", 22 };
    CHECK(webp_strip(c->arena, dirty, &out) && str_eq(out, clean));
    CHECK(webp_strip(c->arena, clean, &out) && str_eq(out, clean));
    CHECK(!webp_strip(c->arena, str_head(clean, 21), &out) && !webp_strip(c->arena, STR("RIFF"), &out));
}

/* --- leaving --- */

static struct str mentions_of(struct ctx *c, const struct account *a)
{
    return world_reread(c, a)->mentions;
}

/* Profiles that were written before it was kept whom they name; one that was edited since is right already. */
static void old_profiles_name_people(struct ctx *c)
{
    const struct account *me = c->me;
    struct account *seen = NULL;
    struct profile_edit e = profile_edit_none();
    size_t at = 0;
    e.note = STR("with @anna and @nobody_here");
    MUST(account_edit(c, &e, &seen), c);
    struct str named = mentions_of(c, me);
    CHECK(str_find(named, STR("anna"), &at) && !str_find(named, STR("nobody"), &at));
    world_exec(c, "UPDATE account SET mentions = '[]' WHERE id = %lld", (long long)me->id);
    c->me = NULL;
    MUST(account_find_named(c, me->id), c);
    CHECK(str_eq(mentions_of(c, me), named));
    world_exec(c, "UPDATE account SET note = 'alone' WHERE id = %lld", (long long)me->id);
    MUST(account_find_named(c, me->id), c);
    CHECK(str_eq(mentions_of(c, me), named));
    MUST(account_find_named(c, 4711), c); /* who left meanwhile */
    c->me = me;
}

static void leaves_and_comes_back(struct ctx *c)
{
    struct account *a = join(c, "bert");
    struct account *seen = NULL;
    struct sign_in s = { 0 };
    c->me = a;
    CHECK(account_deletion_ask(c, STR("wrong")) == ERR_INVALID);
    MUST(account_deletion_ask(c, PASSWORD), c);
    c->me = NULL;
    CHECK(account_see(c, a->id, &seen) == ERR_NOT_FOUND);
    a = world_reread(c, a);
    CHECK(!a->active && a->deletion_ms == c->now_ms + 7 * DAY_MS);
    CHECK(world_query(c, "SELECT COUNT(*) FROM job WHERE kind = 4 AND due_ms = %lld", (long long)a->deletion_ms) == 1);
    c->now_ms += 6 * DAY_MS;
    MUST(auth_sign_in(c, STR("bert"), PASSWORD, STR(""), &s), c);
    c->me = s.account;
    MUST(account_deletion_cancel(c), c);
    CHECK(account_deletion_cancel(c) == ERR_NOT_FOUND);
    c->me = NULL;
    CHECK(account_see(c, a->id, &seen) == OK && seen->active && seen->deletion_ms == 0);
}

static bool lies(struct ctx *c, const char *name, int64_t age_ms)
{
    const char *path = arena_strf(c->arena, STR_FMT "/archives/%s", STR_ARG(c->site->data_dir), name).p;
    if (age_ms < 0)
        return access(path, F_OK) == 0;
    struct timespec then[2] = { { .tv_sec = (time_t)((c->now_ms - age_ms) / 1000) }, { 0 } };
    then[1] = then[0];
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    bool made = fd >= 0 && futimens(fd, then) == 0;
    (void)close(fd);
    return made;
}

static int64_t files_in_archives(struct ctx *c)
{
    int64_t n = 0;
    DIR *d = opendir(arena_strf(c->arena, STR_FMT "/archives", STR_ARG(c->site->data_dir)).p);
    CHECK(d != NULL);
    for (const struct dirent *e = readdir(d); e != NULL; e = readdir(d))
        n++;
    (void)closedir(d);
    return n;
}

/* Files that a kill left behind; what is young, and what a row or somebody else names, stays. */
static void sweeps_what_imports_left(struct ctx *c)
{
    const char *folder = arena_strf(c->arena, STR_FMT "/archives", STR_ARG(c->site->data_dir)).p;
    CHECK(mkdir(folder, 0700) == 0 || errno == EEXIST);
    struct import i = { .id = id_new(c, id_bucket(c->me->id)), .account_id = c->me->id, .kind = IMPORT_ARCHIVE };
    struct str kept = arena_strf(c->arena, "%lld.upload", (long long)i.id);
    TX tx = { 0 };
    MUST(tx_begin(c, &tx), c);
    MUST(store_import_insert(c, &i), c);
    MUST(tx_commit(&tx), c);
    CHECK(lies(c, kept.p, 7 * HOUR_MS) && lies(c, "17.upload", 7 * HOUR_MS) && lies(c, "17.found", 7 * HOUR_MS));
    CHECK(lies(c, "18.upload.tk.tmp", 7 * HOUR_MS) && lies(c, "19.upload", HOUR_MS) && lies(c, "20.zip", 7 * HOUR_MS));
    MUST(imports_sweep(c, c->now_ms - 6 * HOUR_MS), c);
    CHECK(!lies(c, "17.upload", -1) && !lies(c, "17.found", -1) && !lies(c, "18.upload.tk.tmp", -1));
    CHECK(lies(c, kept.p, -1) && lies(c, "19.upload", -1) && lies(c, "20.zip", -1));
}

/* However many files are wanted, what is not is found. */
static void sweeps_behind_what_is_wanted(struct ctx *c)
{
    TX tx = { 0 };
    MUST(tx_begin(c, &tx), c);
    for (int i = 0; i < IMPORTS_LEFT_MAX; i++) {
        int64_t id = id_at(c->now_ms - i * MINUTE_MS, id_bucket(c->me->id));
        struct import wanted = { .id = id, .account_id = c->me->id, .kind = IMPORT_ARCHIVE };
        MUST(store_import_insert(c, &wanted), c);
        CHECK(lies(c, arena_strf(c->arena, "%lld.upload", (long long)id).p, 7 * HOUR_MS));
        CHECK(lies(c, arena_strf(c->arena, "%lld.found", (long long)id + 1).p, 7 * HOUR_MS));
    }
    MUST(tx_commit(&tx), c);
    int64_t before = files_in_archives(c);
    MUST(imports_sweep(c, c->now_ms - 6 * HOUR_MS), c);
    CHECK(files_in_archives(c) == before - IMPORTS_LEFT_MAX);
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    return remove(path);
}

int main(void)
{
    struct world w;
    world_open(&w);
    struct ctx *c = &w.c;
    char folder[] = "/tmp/parley_media_XXXXXX";
    struct site site = *c->site;
    site.data_dir = str_c(mkdtemp(folder));
    site.media_helper = STR(PARLEY_MEDIA);
    c->site = &site;
    c->me = join(c, "anna");
    is_found_by_name(c);
    edits_what_is_given_and_nothing_else(c);
    holds_the_limits(c);
    pictures_are_decoded_and_named_by_content(c);
    bombs_and_nonsense_are_refused(c);
    webp_keeps_nothing_but_pixels(c);
    leaves_and_comes_back(c);
    c->me = join(c, "berta");
    old_profiles_name_people(c);
    sweeps_what_imports_left(c);
    sweeps_behind_what_is_wanted(c);
    world_close(&w);
    (void)nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    return check_done();
}
