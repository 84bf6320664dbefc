/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"

/* The files: in the media folder of the data folder and, if the configuration names one, in an S3-compatible object
   store. Names are hashes of the content, so a file never changes and the same bytes are kept once. A file is whole and
   on the disk before anything knows its name. With an object store the disk is a cache of what was sent there; without
   one it is all there is. Runs on: any thread that may block; no transaction may be open around calls that say
   "network".

     DATA/media/ab/cdef....webp           pictures of profiles
     DATA/media/files/ab/cdef....mp4      attachments and their previews
     DATA/media/cards/ab/cdef....webp     pictures of link cards: they can be fetched again, and stay on this disk
     DATA/media/waiting/117020605255737   uploads that wait to be worked on, sealed (media/seal.h) */
enum media_shelf { SHELF_PROFILE, SHELF_FILES, SHELF_CARDS };
#define MEDIA_HASH_CHARS 64

struct media_name {
    enum media_shelf shelf;
    struct str hash;
    struct str type; /* image/webp, video/mp4, audio/mpeg */
};
struct str media_extension(struct str type); /* "webp"; p == NULL: not a type of ours */
struct str media_hash(struct ctx *c, struct str bytes) NODISCARD;
bool media_hash_ok(struct str hash);

/* Writes nothing when it is there. ERR_NO_SPACE. */
enum err media_file_put(struct ctx *c, const struct media_name *name, struct str bytes) NODISCARD;
bool media_file_is_here(struct ctx *c, const struct media_name *name);
/* *fd < 0: not there. Network: what is not on the disk is fetched from the object store. */
enum err media_file_open(struct ctx *c, const struct media_name *name, int *fd, uint64_t *size) NODISCARD;
enum err media_file_remove_here(struct ctx *c, const struct media_name *name) NODISCARD;

/* Network: to and from the object store. Only when media_is_away(c). */
bool media_is_away(const struct ctx *c);
enum err media_file_send(struct ctx *c, const struct media_name *name) NODISCARD;
enum err media_file_remove_away(struct ctx *c, const struct media_name *name) NODISCARD;

/* Uploads that wait: sealed under `key` (32 bytes). */
#define MEDIA_KEY_BYTES 32
enum err media_waiting_put(struct ctx *c, int64_t id, struct str key, struct str bytes) NODISCARD;
enum err media_waiting_get(struct ctx *c, int64_t id, struct str key, struct str *bytes) NODISCARD; /* ERR_NOT_FOUND */
enum err media_waiting_remove(struct ctx *c, int64_t id) NODISCARD;
