/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "pages/visit.h"

/* Pages are mostly tags that repeat: a sixth of the size for a fraction of a millisecond. Not what shows secrets, so
   that the size of an answer tells nothing about them (BREACH); form tokens differ in every answer. */
void pack(struct visit *v);
bool pack_is_taken(const struct http_req *q); /* by whoever asks */
bool pack_is_packed(const struct http_res *r);
void pack_say(struct http_res *r); /* the header */
