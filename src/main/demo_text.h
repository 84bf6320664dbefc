/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"

/* What the people of the demo community say and are called: a small grammar over a small town. The same dice (c->rng)
   give the same words. In a template, {word} is one of the word's list and [a|b|c] one of the three; both may nest.
   All results live on c->arena. Runs on: the main thread. */
#define DEMO_TOPICS_MAX 24

struct demo_list {
    const char *name;
    const char *items; /* parted by | */
};

struct demo_topic {
    const char *name;
    const char *tags;           /* parted by | */
    const char *about;          /* for profiles: "I sail", parted by | */
    const char *subject;        /* name of the list from which {it} is drawn */
    const char *const *posts;   /* templates; end with NULL */
    const char *const *tails;   /* what may stand behind one */
    const char *const *replies; /* what others say to it */
};

/* demo_words_table.c */
const struct demo_topic *demo_topic_at(size_t i); /* NULL: behind the last one */
const struct demo_list *demo_list_at(size_t i);   /* NULL: behind the last one */
extern const char *const demo_replies_any[];      /* to anything */
extern const char *const demo_replies_question[]; /* to a question */
extern const char *const demo_posts_german[];     /* a few write in other languages */
extern const char *const demo_posts_spanish[];
extern const char *const demo_posts_french[];
extern const char *const demo_given_names;
extern const char *const demo_family_names;
extern const char *const demo_jobs;

/* What was said, as far as answers depend on it. */
struct demo_said {
    size_t topic;
    struct str it; /* what it is about: "the ferry" */
    struct str text;
    struct str warning; /* content warning; empty: none */
    const char *language;
};

void demo_post(struct ctx *c, size_t topic, struct demo_said *out);
void demo_post_in(struct ctx *c, const char *language, struct demo_said *out); /* "de", "es", "fr" */
struct str demo_reply(struct ctx *c, const struct demo_said *to);
struct str demo_expand(struct ctx *c, const char *template, struct str it);
struct str demo_pick(struct ctx *c, const char *items); /* one of "a|b|c" */
size_t demo_topics(void);
