/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "net/http.h"

/* What is answered before any door when the server has certificates: challenges of those who issue them
   (acme_webroot), and the way to https for whoever came without (tls_redirect). Runs on: loop (plain_owns), worker. */
struct config;
bool plain_owns(const struct config *k, const struct http_req *q);
enum err plain_dispatch(struct ctx *c, const struct config *k, const struct http_req *q, struct http_res *r) NODISCARD;
