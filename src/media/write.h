/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"

/* Whole and on the disk before it has its name; folders on the way are made. ERR_NO_SPACE. */
enum err media_write(struct ctx *c, const char *path, struct str bytes) NODISCARD;
