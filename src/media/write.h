/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"

/* True when at least so many bytes were written since it was true last, or since start. Any thread. */
bool media_written_since(int64_t bytes);
/* Whole and on the disk before it has its name; folders on the way are made. ERR_NO_SPACE. */
enum err media_write(struct ctx *c, const char *path, struct str bytes) NODISCARD;
