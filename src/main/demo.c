/* SPDX-License-Identifier: Apache-2.0 */
#include "main/demo.h"

#include <sodium.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/rng.h"
#include "core/interact.h"
#include "core/site.h"
#include "core/status.h"
#include "main/demo_people.h"
#include "main/demo_text.h"

#define RECENT_MAX    400       /* parleys that people still answer, echo and favour */
#define SEEN_SLOTS    (1 << 21) /* of texts said before; twice DEMO_PARLEYS_MAX */
#define SAME_TRIES    200
#define REPLY_PERCENT 42

/* A parley that may still be answered. */
struct said {
    int64_t id;
    int64_t author;        /* place in people */
    struct demo_said what; /* on the long arena */
    enum visibility visibility;
    int64_t depth;
};

struct demo {
    struct ctx *c;
    struct ctx dice; /* what is said and done; never touched by core/ */
    struct demo_plan plan;
    struct demo_people people;
    struct said recent[RECENT_MAX]; /* a ring */
    int64_t said_n;
    uint64_t *seen; /* hashes of texts: no two are alike */
    int64_t end_ms;
};

static bool chance(struct demo *d, uint64_t per_thousand)
{
    return rand_below(&d->dice, 1000) < per_thousand;
}

static bool is_new(struct demo *d, struct str text)
{
    uint64_t h = 0;
    (void)crypto_shorthash((unsigned char *)&h, (const unsigned char *)text.p, text.n,
                           (const unsigned char *)"parley demo seed");
    h = h == 0 ? 1 : h;
    for (uint64_t i = h % SEEN_SLOTS;; i = (i + 1) % SEEN_SLOTS) {
        if (d->seen[i] == h)
            return false;
        if (d->seen[i] == 0) {
            d->seen[i] = h;
            return true;
        }
    }
}

/* --- who talks about what --- */

static void write_post(struct demo *d, const struct demo_person *p, struct demo_said *out)
{
    size_t topic =
        chance(d, 850) ? p->topics[rand_below(&d->dice, DEMO_INTERESTS)] : (size_t)rand_below(&d->dice, demo_topics());
    for (int i = 0; i < SAME_TRIES; i++) {
        if (p->language != NULL && chance(d, 500))
            demo_post_in(&d->dice, p->language, out);
        else
            demo_post(&d->dice, topic, out);
        if (is_new(d, out->text))
            return;
    }
}

static struct str write_reply(struct demo *d, const struct said *to)
{
    struct str text = { 0 };
    const struct demo_person *author = demo_person_at(&d->people, to->author);
    for (int i = 0; i < SAME_TRIES; i++) {
        struct str answer = demo_reply(&d->dice, &to->what);
        text = arena_strf(d->dice.arena, "@" STR_FMT " " STR_FMT, STR_ARG(author->account->username), STR_ARG(answer));
        if (is_new(d, text))
            break;
    }
    return text;
}

/* A parley of the last days, newer ones rather; NULL: none yet. `for_reply`: one that this person may see and is about
   what they like. */
static struct said *pick_recent(struct demo *d, int64_t who, bool for_reply)
{
    int64_t n = d->said_n < RECENT_MAX ? d->said_n : RECENT_MAX;
    for (int i = 0; n > 0 && i < 30; i++) {
        int64_t back = (int64_t)(rand_below(&d->dice, (uint64_t)n) * rand_below(&d->dice, (uint64_t)n) / (uint64_t)n);
        struct said *s = &d->recent[(d->said_n - 1 - back) % RECENT_MAX];
        bool fits = s->author != who && s->visibility <= VIS_UNLISTED && (!for_reply || s->depth < 9);
        if (fits && (i > 15 || demo_likes(demo_person_at(&d->people, who), s->what.topic)))
            return s;
    }
    return NULL;
}

/* --- one event --- */

static enum visibility draw_visibility(struct demo *d)
{
    uint64_t dice = rand_below(&d->dice, 100);
    return dice < 90 ? VIS_PUBLIC : dice < 96 ? VIS_UNLISTED : VIS_PRIVATE;
}

static void remember(struct demo *d, const struct status *s, int64_t who, const struct demo_said *what,
                     const struct said *parent)
{
    struct said *slot = &d->recent[d->said_n++ % RECENT_MAX];
    *slot = (struct said){
        .id = s->id,
        .author = who,
        .what = *what,
        .visibility = s->visibility,
        .depth = parent == NULL ? 0 : parent->depth + 1,
    };
    /* the ring outlives this event's arena */
    slot->what.it = arena_str(d->people.arena, what->it);
    slot->what.text = arena_str(d->people.arena, what->text);
}

static enum err say(struct demo *d, int64_t who)
{
    struct ctx *c = d->c;
    const struct demo_person *p = demo_person_at(&d->people, who);
    struct said *parent = rand_below(&d->dice, 100) < REPLY_PERCENT ? pick_recent(d, who, true) : NULL;
    struct demo_said what = { 0 };
    struct status *s = NULL;
    if (parent == NULL) {
        write_post(d, p, &what);
    } else {
        what = parent->what;
        what.text = write_reply(d, parent);
    }
    struct status_draft draft = {
        .text = what.text,
        .spoiler = parent == NULL ? what.warning : (struct str){ 0 },
        .sensitive = 0,
        .language = what.language == NULL ? STR("en") : str_c(what.language),
        .visibility = parent != NULL && parent->visibility != VIS_PUBLIC ? (int)VIS_UNLISTED : (int)draw_visibility(d),
        .in_reply_to_id = parent == NULL ? 0 : parent->id,
    };
    c->me = p->account;
    TRY(status_publish(c, &draft, &s));
    remember(d, s, who, &what, parent);
    return OK;
}

static enum err react(struct demo *d, int64_t who)
{
    struct ctx *c = d->c;
    struct said *s = pick_recent(d, who, false);
    struct status *out = NULL;
    if (s == NULL)
        return OK;
    c->me = demo_person_at(&d->people, who)->account;
    uint64_t dice = rand_below(&d->dice, 100);
    if (dice < 80)
        return status_favourite(c, s->id, &out);
    if (dice < 95)
        return status_reblog(c, s->id, -1, &out);
    return status_bookmark(c, s->id, &out);
}

static enum err change_mind(struct demo *d)
{
    struct ctx *c = d->c;
    struct said *s = &d->recent[(d->said_n - 1) % RECENT_MAX];
    struct status *out = NULL;
    struct status_draft draft = { .sensitive = 0, .visibility = -1 };
    draft.text = arena_strf(c->arena, STR_FMT "\n\nEdit: %s", STR_ARG(s->what.text),
                            chance(d, 500) ? "typo, sorry." : "thank you for all the answers!");
    draft.language = str_c(s->what.language == NULL ? "en" : s->what.language);
    c->me = demo_person_at(&d->people, s->author)->account;
    return status_edit(c, s->id, &draft, &out);
}

/* --- the days --- */

/* People talk from seven to midnight, most in the evening: a weight for each hour, UTC. */
static int64_t draw_minute(struct demo *d)
{
    static const uint64_t weights[24] = { 4,  2,  1,  1,  1,  3,  8,  14, 16, 14, 14, 16,
                                          20, 18, 14, 14, 17, 22, 26, 28, 28, 24, 16, 9 };
    uint64_t sum = 0;
    for (int i = 0; i < 24; i++)
        sum += weights[i];
    uint64_t dice = rand_below(&d->dice, sum);
    int64_t hour = 0;
    while (dice >= weights[hour])
        dice -= weights[hour++];
    return hour * 60 + (int64_t)rand_below(&d->dice, 60);
}

static int order_times(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

/* When everything is said: over all days, a little more each week, never in the future. */
static int64_t *draw_times(struct demo *d)
{
    int64_t n = d->plan.parleys;
    int64_t *t = ARENA_ARRAY(d->people.arena, (size_t)n, int64_t);
    int64_t first_day = d->end_ms / DAY_MS - d->plan.days;
    for (int64_t i = 0; i < n; i++) {
        do {
            int64_t a = (int64_t)rand_below(&d->dice, (uint64_t)d->plan.days + 1);
            int64_t b = (int64_t)rand_below(&d->dice, (uint64_t)d->plan.days + 1);
            int64_t day = first_day + (chance(d, 400) && b > a ? b : a);
            t[i] = day * DAY_MS + draw_minute(d) * MINUTE_MS + (int64_t)rand_below(&d->dice, MINUTE_MS);
        } while (t[i] >= d->end_ms - MINUTE_MS || t[i] <= d->end_ms - d->plan.days * DAY_MS);
    }
    qsort(t, (size_t)n, sizeof *t, order_times);
    return t;
}

/* What happens at one point of time: something is said, and others react to what was said before. */
static enum err moment(struct demo *d)
{
    struct ctx *c = d->c;
    TRY(say(d, demo_draw_person(&d->people, &d->dice)));
    if (chance(d, 15))
        TRY(change_mind(d));
    for (uint64_t n = rand_below(&d->dice, 6); n > 0; n--) {
        c->now_ms += (int64_t)rand_below(&d->dice, 900) + 1;
        TRY(react(d, demo_draw_person(&d->people, &d->dice)));
    }
    return OK;
}

static enum err live(struct demo *d, demo_progress_fn *progress, void *arg)
{
    struct ctx *c = d->c;
    struct arena *own = c->arena;
    struct arena *now = arena_new();
    int64_t *times = draw_times(d);
    enum err e = OK;
    for (int64_t i = 0; i < d->plan.parleys && e == OK; i++) {
        arena_reset(now);
        c->arena = now;
        d->dice.arena = now;
        c->now_ms = times[i] > c->now_ms ? times[i] : c->now_ms;
        e = moment(d);
        if (i % 50 == 0 || i + 1 == d->plan.parleys)
            progress(arg, i + 1, d->plan.parleys);
    }
    c->arena = own;
    d->dice.arena = own;
    c->says = arena_str(own, c->says);
    arena_free(&now);
    return e;
}

static enum err furnish(struct ctx *c)
{
    static const struct rule rules[] = {
        { 1,
          { "Be kind to people, hard on problems.", 36 },
          { "Argue with what was said, not with who said it.", 47 } },
        { 2, { "Say where pictures and claims come from.", 40 }, { "", 0 } },
        { 3, { "No advertising, but do tell us about your own things.", 53 }, { "", 0 } },
        { 4, { "What you learn about neighbours here stays here.", 48 }, { "", 0 } },
    };
    TRY(site_setting_set(c, STR("title"), STR("Saltmere")));
    TRY(site_setting_set(c, STR("description"),
                         STR("The town talks: harbour, gardens, trains, choirs and the weather.")));
    TRY(site_setting_set(c, STR("about"),
                         STR("Saltmere is a made-up town by the sea, and everybody in it was drawn by dice.\n\n"
                             "This is the demonstration of Parley: sign in, write, follow, look around. Nothing you do "
                             "here reaches anybody.")));
    TRY(site_setting_set(c, STR("languages"), STR("en,de,es,fr")));
    return site_rules_set(c, rules, sizeof rules / sizeof rules[0]);
}

enum err demo_fill(struct ctx *c, const struct demo_plan *plan, demo_progress_fn *progress, void *arg)
{
    struct demo *d = ARENA_NEW(c->arena, struct demo);
    struct idgen *shared = c->idgen;
    struct idgen *back = idgen_new(); /* moves forward with the simulated time */
    *d = (struct demo){ .c = c, .plan = *plan, .end_ms = c->now_ms };
    d->seen = ARENA_ARRAY(c->arena, SEEN_SLOTS, uint64_t);
    d->dice = (struct ctx){ .arena = c->arena, .id = c->id };
    rand_seed_fixed(&d->dice, (uint64_t)plan->seed);
    rand_seed_fixed(c, (uint64_t)plan->seed + 1);
    TRY(furnish(c));
    c->idgen = back;
    c->now_ms = d->end_ms - plan->days * DAY_MS - DAY_MS;
    enum err e = demo_people_make(c, &d->dice, plan->members, &d->people);
    if (e == OK)
        e = live(d, progress, arg);
    c->me = NULL;
    c->now_ms = d->end_ms;
    c->idgen = shared;
    idgen_free(&back);
    return e;
}
