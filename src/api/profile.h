/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "base/jw.h"
#include "core/account.h"
#include "net/http.h"

/* What GET and PATCH of a profile share with verify_credentials and update_credentials. */
struct profile_edit profile_read(struct ctx *c, const struct http_req *q); /* what is not sent stays */
void profile_put_fields(struct ctx *c, struct jw *w, struct str json);     /* the key "fields", as they were typed */
void profile_put_domains(struct ctx *c, struct jw *w, const struct account *a); /* the key "attribution_domains" */
