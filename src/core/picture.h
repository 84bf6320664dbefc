/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/media.h"

/* Avatars and headers: decoded, turned upright, cropped, stripped of everything but pixels, encoded as WebP (one format
   for photographs and transparency, smaller than both JPEG and PNG, read by every client of the last years), by the
   helper (media/run.h). The original is never stored. Runs on: worker; a few pictures at a time in the process, a few
   wait, the rest gets ERR_UNAVAILABLE. */
#define PICTURE_BYTES_MAX (8 * 1024 * 1024)

/* JPEG, PNG, WebP, GIF, AVIF or HEIC, told by content, not by name. Avatars become 400x400, headers 1500x500. Writes
   the file and fills all of *out but the id; core/media_use.h stores it. ERR_INVALID with c->fields (avatar or header),
   ERR_TOO_LARGE. No transaction may be open. */
enum err picture_make(struct ctx *c, struct str bytes, enum media_purpose purpose, struct media *out) NODISCARD;

/* Opens the file of `hash` (64 hex digits); *fd < 0: not there. */
enum err picture_open(struct ctx *c, struct str hash, int *fd, uint64_t *size) NODISCARD;

/* What stands in for a picture: drawn from the id alone, the same for ever, a PNG of about 300 bytes. */
struct str picture_avatar_png(struct ctx *c, int64_t account_id) NODISCARD;
struct str picture_header_png(struct ctx *c) NODISCARD;
