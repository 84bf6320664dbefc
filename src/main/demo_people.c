/* SPDX-License-Identifier: Apache-2.0 */
#include "main/demo_people.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/rng.h"
#include "core/account.h"
#include "core/follow.h"
#include "core/password.h"
#include "core/signup.h"
#include "core/uni.h"
#include "main/demo.h"
#include "main/demo_text.h"
#include "store/account.h"

#define NAME_TRIES     100
#define WEIGHT_MAX     1000
#define FOLLOWS_LEAST  8
#define FOLLOWS_SPREAD 40

const struct demo_person *demo_person_at(const struct demo_people *p, int64_t i)
{
    return &p->all[i];
}

bool demo_likes(const struct demo_person *p, size_t topic)
{
    for (int i = 0; i < DEMO_INTERESTS; i++)
        if (p->topics[i] == topic)
            return true;
    return false;
}

int64_t demo_draw_person(const struct demo_people *p, struct ctx *dice)
{
    uint64_t at = rand_below(dice, p->weights);
    int64_t i = 0;
    while (at >= p->all[i].weight)
        at -= p->all[i++].weight;
    return i;
}

/* "Żaneta Wójcik" -> "zaneta_wojcik": plain letters, as user names are. */
static struct str username_of(struct arena *a, struct str given, struct str family, uint64_t shape)
{
    struct buf b = buf_on(a);
    struct str g = uni_plain(a, given);
    struct str f = uni_plain(a, family);
    const struct {
        struct str text;
        size_t max;
    } parts[] = { { g, shape == 3 ? 1 : 20 }, { f, shape == 1 ? 0 : shape == 2 ? 1 : 20 } };
    for (int k = 0; k < 2; k++) {
        if (k == 1 && shape == 0)
            buf_putc(&b, '_');
        for (size_t i = 0, n = 0; i < parts[k].text.n && n < parts[k].max; i++) {
            char ch = parts[k].text.p[i];
            if (ch >= 'a' && ch <= 'z') {
                buf_putc(&b, ch);
                n++;
            }
        }
    }
    return buf_str(&b);
}

/* An account with a name that is free and no look-alike: the rules refuse, and we draw again. */
static enum err create_named(struct ctx *c, struct ctx *dice, struct str hash, struct demo_person *p, struct str *shown)
{
    enum err e = ERR_INVALID;
    for (int i = 0; i < NAME_TRIES && e == ERR_INVALID; i++) {
        struct str given = demo_pick(dice, demo_given_names);
        struct str family = demo_pick(dice, demo_family_names);
        struct str name = username_of(c->arena, given, family, rand_below(dice, 4));
        struct sign_up_form f = {
            .username = name,
            .email = arena_strf(c->arena, STR_FMT "@saltmere.example", STR_ARG(name)),
            .password = STR("nobody signs in as them"),
            .agreement = true,
            .of_age = true,
        };
        *shown = rand_below(dice, 10) < 7 ? arena_strf(c->arena, STR_FMT " " STR_FMT, STR_ARG(given), STR_ARG(family))
                                          : given;
        c->fields = NULL;
        e = sign_up_by_operator(c, &f, hash, ROLE_MEMBER, &p->account);
    }
    return e;
}

static void draw_character(struct ctx *dice, struct demo_person *p)
{
    static const char *const languages[] = { "de", "es", "fr" };
    for (int i = 0; i < DEMO_INTERESTS; i++)
        p->topics[i] = (size_t)rand_below(dice, demo_topics());
    uint64_t r = rand_below(dice, WEIGHT_MAX) + 1;
    p->weight = 20 + r * r * r / (WEIGHT_MAX * (uint64_t)WEIGHT_MAX); /* a few talk a lot */
    p->language = rand_below(dice, 100) < 14 ? languages[rand_below(dice, 3)] : NULL;
}

static void put_sentence(struct ctx *c, struct ctx *dice, struct buf *note, struct str text)
{
    struct str sentence = demo_expand(dice, arena_cstr(c->arena, text), (struct str){ 0 });
    buf_printf(note, STR_FMT ". ", STR_ARG(sentence));
}

static enum err edit_profile(struct ctx *c, struct ctx *dice, struct demo_person *p, struct str shown)
{
    struct profile_edit e = profile_edit_none();
    struct profile_field fields[2];
    const struct demo_topic *first = demo_topic_at(p->topics[0]);
    const struct demo_topic *second = demo_topic_at(p->topics[1]);
    struct buf note = buf_on(c->arena);
    put_sentence(c, dice, &note, demo_pick(dice, demo_jobs));
    put_sentence(c, dice, &note, demo_pick(dice, first->about));
    if (first != second && rand_below(dice, 2) == 0)
        put_sentence(c, dice, &note, demo_pick(dice, second->about));
    struct str tag = demo_pick(dice, first->tags);
    buf_printf(&note, "#" STR_FMT, STR_ARG(tag));
    fields[0] =
        (struct profile_field){ .name = STR("Find me"),
                                .value = demo_expand(dice, "[at|near|behind|mostly at] {place}", (struct str){ 0 }) };
    fields[1] = (struct profile_field){ .name = STR("Pronouns"),
                                        .value = demo_pick(dice, "she/her|he/him|they/them|she/they|he/they") };
    e.display_name = shown;
    e.note = buf_str(&note);
    e.fields = fields;
    e.fields_n = (int64_t)rand_below(dice, 3);
    e.locked = rand_below(dice, 100) < 6;
    e.discoverable = 1;
    e.indexable = rand_below(dice, 100) < 70;
    e.default_language = str_c(p->language == NULL ? "en" : p->language);
    c->me = p->account;
    return account_edit(c, &e, &p->account);
}

/* Keeps what the rules read of whoever acts. */
static enum err keep(struct ctx *c, struct demo_people *people, struct demo_person *p)
{
    struct account *a = NULL;
    struct arena *own = c->arena;
    c->arena = people->arena;
    enum err e = store_account_get(c, p->account->id, &a);
    c->arena = own;
    p->account = a;
    return e;
}

static enum err create_demo_account(struct ctx *c, struct demo_person *p, struct str *shown)
{
    struct str hash = { 0 };
    struct sign_up_form f = {
        .username = STR(DEMO_USER),
        .email = STR(DEMO_USER "@saltmere.example"),
        .password = STR(DEMO_PASSWORD),
        .agreement = true,
        .of_age = true,
    };
    *shown = STR("Demo");
    TRY(password_hash(c, STR(DEMO_PASSWORD), &hash));
    return sign_up_by_operator(c, &f, hash, ROLE_OWNER, &p->account);
}

/* More of those who talk much and like the same. */
static enum err follow_others(struct ctx *c, struct ctx *dice, struct demo_people *people, int64_t who)
{
    static const struct follow_wish plain = { .reblogs = -1, .notify = -1 };
    const struct demo_person *me = &people->all[who];
    int64_t wanted = FOLLOWS_LEAST + (int64_t)rand_below(dice, FOLLOWS_SPREAD) + (who == 0 ? FOLLOWS_SPREAD : 0);
    for (int64_t i = 0; i < wanted * 3 && wanted > 0; i++) {
        int64_t other = demo_draw_person(people, dice);
        const struct demo_person *p = &people->all[other];
        bool shares = demo_likes(me, p->topics[0]) || demo_likes(me, p->topics[1]);
        if (other == who || (!shares && rand_below(dice, 3) != 0))
            continue;
        c->me = me->account;
        c->now_ms += (int64_t)rand_below(dice, 4000);
        TRY(follow_add(c, p->account->id, &plain));
        if (p->account->locked && rand_below(dice, 3) != 0) {
            c->me = p->account;
            enum err e = follow_request_accept(c, me->account->id);
            if (e != OK && e != ERR_NOT_FOUND) /* drawn a second time: followed already */
                return e;
        }
        wanted--;
    }
    return OK;
}

enum err demo_people_make(struct ctx *c, struct ctx *dice, int64_t n, struct demo_people *out)
{
    struct str hash = { 0 };
    struct str shown = { 0 };
    *out =
        (struct demo_people){ .arena = c->arena, .n = n, .all = ARENA_ARRAY(c->arena, (size_t)n, struct demo_person) };
    /* nobody signs in as them: a hash of what nobody knows */
    TRY(password_hash(c, rand_token(c->arena), &hash));
    for (int64_t i = 0; i < n; i++) {
        struct demo_person *p = &out->all[i];
        draw_character(dice, p);
        c->now_ms += (int64_t)rand_below(dice, (uint64_t)(DAY_MS / 2 / n));
        TRY(i == 0 ? create_demo_account(c, p, &shown) : create_named(c, dice, hash, p, &shown));
        TRY(edit_profile(c, dice, p, shown));
        TRY(keep(c, out, p));
        out->weights += p->weight;
    }
    for (int64_t i = 0; i < n; i++)
        TRY(follow_others(c, dice, out, i));
    return OK;
}
