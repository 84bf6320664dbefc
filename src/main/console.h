/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "net/http.h"

/* The operator's door: JSON over the Unix socket in the data folder, for the command line. Whoever may open the socket
   is the operator; nothing here asks for more. Rows in console.c, a file a noun. Runs on: worker. */
#define CONSOLE_BODY_MAX ((size_t)1024 * 1024)

struct server;
void console_dispatch(struct ctx *c, struct server *s, const struct http_req *q, struct http_res *r);
