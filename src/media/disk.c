/* SPDX-License-Identifier: Apache-2.0 */
#include "media/disk.h"

#include <errno.h>
#include <fts.h>
#include <string.h>
#include <sys/stat.h>

#include "media/write.h"
#include "model/site.h"

#define GREW_PART 16 /* of the budget */

static struct str type_of(struct str extension)
{
    return str_eq(extension, STR("webp"))  ? STR("image/webp")
           : str_eq(extension, STR("mp4")) ? STR("video/mp4")
           : str_eq(extension, STR("mp3")) ? STR("audio/mpeg")
                                           : (struct str){ NULL, 0 };
}

/* "ab/cdef....webp", "files/ab/cdef....mp4" or "cards/ab/cdef....webp", below the media folder. */
static void name_of(struct ctx *c, struct str rest, struct media_found *f)
{
    struct str folder = { 0 };
    struct str name = { 0 };
    enum media_shelf shelf = str_starts(rest, STR("files/"))   ? SHELF_FILES
                             : str_starts(rest, STR("cards/")) ? SHELF_CARDS
                                                               : SHELF_PROFILE;
    f->is_waiting = str_starts(rest, STR("waiting/"));
    rest = shelf == SHELF_PROFILE ? rest : str_skip(rest, 6);
    (void)str_cut(&rest, '/', &folder);
    (void)str_cut(&rest, '.', &name);
    struct str hash = arena_strf(c->arena, STR_FMT STR_FMT, STR_ARG(folder), STR_ARG(name));
    if (!f->is_waiting && media_hash_ok(hash) && type_of(rest).p != NULL)
        f->name = (struct media_name){ shelf, hash, type_of(rest) };
}

static void take(struct ctx *c, const FTSENT *e, size_t root_n, struct media_found *f)
{
    *f = (struct media_found){
        .path = arena_str(c->arena, str_c(e->fts_path)).p,
        .bytes = e->fts_statp->st_size,
        .used_ms = (int64_t)e->fts_statp->st_mtim.tv_sec * 1000,
    };
    name_of(c, str_skip(str_c(f->path), root_n + 1), f);
}

enum err media_disk_list(struct ctx *c, bool cards_alone, int64_t limit, struct media_found **out, int64_t *n,
                         bool *more)
{
    struct str root = arena_strf(c->arena, STR_FMT "/media", STR_ARG(c->site->data_dir));
    const char *from = arena_strf(c->arena, STR_FMT "%s", STR_ARG(root), cards_alone ? "/cards" : "").p;
    char *roots[] = { (char *)(uintptr_t)from, NULL };
    FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR | FTS_XDEV, NULL);
    *out = ARENA_ARRAY(c->arena, (size_t)limit, struct media_found);
    *n = 0;
    *more = false;
    if (walk == NULL)
        return fail_internal(c, "%s: %s", roots[0], strerror(errno));
    for (FTSENT *e = fts_read(walk); e != NULL && !*more; e = fts_read(walk)) {
        if (e->fts_info != FTS_F)
            continue;
        *more = *n == limit;
        if (!*more)
            take(c, e, root.n, &(*out)[(*n)++]);
    }
    (void)fts_close(walk);
    return OK;
}

bool media_disk_grew(struct ctx *c)
{
    int64_t budget = c->site->media_cache_bytes;
    return budget > 0 && media_written_since(budget / GREW_PART);
}
