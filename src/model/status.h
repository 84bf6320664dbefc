/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/account.h"
#include "model/quote.h"
#include "model/standing.h"
#include "model/status_draft.h"

/* What a parley has beside its text, each in a table of its own: bits. */
enum status_part { PART_POLL = 1, PART_QUOTE = 2, PART_LINK = 4 };

/* A row of `status`. An echo is a status whose reblog_of_id is set and whose text is empty. */
struct status {
    int64_t id;
    int64_t account_id;
    struct str text;
    struct str spoiler;
    bool sensitive;
    struct str language; /* p == NULL: not said */
    enum visibility visibility;
    int64_t in_reply_to_id;         /* 0: none, or it was deleted */
    int64_t in_reply_to_account_id; /* 0: answers nobody; stays when what was answered is deleted */
    int64_t thread_id;
    int64_t reblog_of_id; /* 0: not an echo */
    int64_t reblog_of_account_id;
    int64_t app_id;
    struct str mentions; /* JSON [{"id","username","acct"}] */
    struct str tags;     /* JSON ["name"] */
    struct str media;    /* JSON ["id"]: its attachments in order */
    int64_t created_ms;
    int64_t edited_ms; /* 0: never */
    struct standing standing;
    int64_t replies_count;
    int64_t reblogs_count;
    int64_t favourites_count;
    struct str uri; /* p == NULL: local */
    unsigned parts; /* enum status_part */
    enum quote_policy quote_policy;
    enum reply_policy reply_policy;
    int64_t quotes_count;
    int imported; /* enum import_kind of the archive that it came with; 0: it was written here */
};

/* A former or present text of a parley. */
struct status_version {
    int64_t version; /* 0, 1, 2 ... */
    struct str text;
    struct str spoiler;
    bool sensitive;
    struct str mentions;
    struct str tags;
    struct str media; /* JSON [{"id","description"}] */
    int64_t created_ms;
    struct str poll; /* JSON ["title", ...]; p == NULL: none */
};

/* What one reader did to one parley. */
struct status_marks {
    bool favourited;
    bool reblogged;
    bool bookmarked;
    bool muted; /* its thread */
    bool pinned;
    uint32_t vote; /* in its poll: VOTE_MARK of model/poll.h; 0: none */
};
