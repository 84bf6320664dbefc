/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"

/* "127.0.0.1:8380", "[::1]:8380", ":8380" (every address, both families), port 0 for any. *port is what it got. */
enum err listen_tcp(struct ctx *c, struct str where, int *fd, int *port) NODISCARD;
/* A socket file of mode 0600. A stale one is removed; one that somebody answers on is ERR_CONFLICT. */
enum err listen_unix(struct ctx *c, struct str path, int *fd) NODISCARD;
