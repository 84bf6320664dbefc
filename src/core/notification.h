/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/notification.h"
#include "model/page.h"

/* What c->me was told. Making notifications: core/notify.h. Left out when read are those from accounts that are gone,
   suspended, blocked in either direction or muted with their notifications, from the limited whom c->me neither follows
   nor wants to hear of, and those about parleys that c->me may not see (any more); what moderators are told of is
   theirs whoever it is from. Any thread with c->db. */
#define NOTIFICATION_ROUNDS_MAX 5 /* reads for one page */
#define UNREAD_DEFAULT          100
#define UNREAD_MAX              1000

struct notification_ask {
    uint64_t types;  /* bits 1 << enum notification_type; 0: all */
    int64_t from_id; /* 0: from anybody; else what waits for a decision, too */
    bool filtered_too;
    bool of_status; /* only about status_id (0: about none); not together with from_id */
    int64_t status_id;
};
/* The wire's word for a type, "favourite"; p == NULL: no such type. And back: 0 for an unknown word. */
struct str notification_word(enum notification_type type);
uint64_t notification_bit(struct str word);

struct notification_page {
    struct notification *rows; /* newest first */
    int64_t n;
    int64_t first; /* ids for links: newest and oldest that were looked at; 0 when nothing is shown */
    int64_t last;
};
enum err notification_list(struct ctx *c, const struct notification_ask *ask, const struct page *p,
                           struct notification_page *out) NODISCARD;
enum err notification_get(struct ctx *c, int64_t id, struct notification *out) NODISCARD; /* ERR_NOT_FOUND */
enum err notification_dismiss(struct ctx *c, int64_t id) NODISCARD;                       /* ERR_NOT_FOUND */
enum err notification_clear(struct ctx *c) NODISCARD;
/* How many are newer than the marker, counted up to limit (1 .. UNREAD_MAX). */
enum err notification_unread(struct ctx *c, const struct notification_ask *ask, int64_t limit, int64_t *n) NODISCARD;
