/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/account.h"
#include "store/bond.h"
#include "store/domain_mute.h"

/* Servers of which c->me does not want to hear: what their people write and do is hidden as if each of them were muted
   with their notifications. There are no accounts of other servers yet; members may say it beforehand. Any thread with
   c->db. */
#define DOMAIN_MUTES_MAX 1000

/* A host name, ASCII or not, any case; kept as lower-case ASCII. ERR_INVALID: it is none, is this server's own, or is
   one too many. Twice is once; what is not there is taken away without a word. */
enum err domain_mute_add(struct ctx *c, struct str domain, bool *is_new) NODISCARD;
enum err domain_mute_remove(struct ctx *c, struct str domain) NODISCARD;
enum err domain_mute_list(struct ctx *c, const struct page *p, struct domain_row **out, int64_t *n) NODISCARD;

/* Marks the bonds of c->me to people of such servers; NULL entries stay. Asks nothing while all are of this server. */
enum err domain_mute_mark(struct ctx *c, struct account *const *people, int64_t n, struct bond *bonds) NODISCARD;
