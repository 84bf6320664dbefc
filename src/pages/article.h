/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/account.h"
#include "pages/view.h"
#include "pages/visit.h"

/* One parley, as everywhere. */
enum article_kind {
    ARTICLE_ROW,    /* in a list */
    ARTICLE_BIG,    /* the one that a page is about: with date, counts, history */
    ARTICLE_ANSWER, /* further down in a thread */
};
void article_put(struct visit *v, const struct view *p, enum article_kind kind);
void article_list(struct visit *v, const struct view *p, int64_t n);
/* Only what it says: above an answer, in a report. */
void article_quote(struct visit *v, const struct view *p);
/* Of a link; nothing without a title. */
void article_card(struct visit *v, const struct card *card, bool with_picture);

struct str article_path(struct visit *v, const struct view *p);    /* /@ada/123 */
struct str account_path(struct visit *v, const struct account *a); /* /@ada */
struct str account_name(const struct account *a);                  /* display name, or user name */
void account_put_avatar(struct visit *v, const struct account *a, const char *class_name);
void account_put_name(struct visit *v, const struct account *a); /* link with name and @handle */
struct str reach_words(enum visibility v);                       /* "Public" ... */
struct str reply_words(enum reply_policy p);                     /* "Followers may answer" ... */
struct str quote_words(enum quote_policy p);                     /* "Nobody may quote it" ... */
