/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The mails that wait to be sent. */
#include <string.h>

#include "base/ctx.h"
#include "store/job.h"
#include "world.h"

#define MAILBOX_MAX 200

/* Oldest first; those of one millisecond in any order, so a test that tells them apart moves its clock. */
static inline int64_t mailbox_read(struct ctx *c, struct str *payloads)
{
    struct job *jobs = NULL;
    int64_t n = 0;
    int64_t mails = 0;
    MUST(store_job_due(c, c->now_ms, NULL, MAILBOX_MAX, &jobs, &n), c);
    for (int64_t i = 0; i < n; i++)
        if (jobs[i].kind == JOB_MAIL)
            payloads[mails++] = jobs[i].payload;
    return mails;
}

static inline int64_t mailbox_count(struct ctx *c)
{
    struct str payloads[MAILBOX_MAX];
    return mailbox_read(c, payloads);
}

/* How many go to an address. */
static inline int64_t mailbox_to(struct ctx *c, const char *address)
{
    struct str payloads[MAILBOX_MAX];
    int64_t n = mailbox_read(c, payloads);
    int64_t found = 0;
    struct str to = arena_strf(c->arena, "\"to\":\"%s\"", address);
    size_t at = 0;
    for (int64_t i = 0; i < n; i++)
        found += str_find(payloads[i], to, &at) ? 1 : 0;
    return found;
}

/* The secret of the newest link to a page ("confirm"); p == NULL: none. */
static inline struct str mailbox_secret(struct ctx *c, const char *page)
{
    struct str payloads[MAILBOX_MAX];
    int64_t n = mailbox_read(c, payloads);
    struct str link = arena_strf(c->arena, "harbour.example/%s/", page);
    struct str out = { 0 };
    size_t at = 0;
    for (int64_t i = 0; i < n; i++)
        if (str_find(payloads[i], link, &at))
            out = str_head(str_skip(payloads[i], at + link.n), 43);
    return out;
}
