/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <string.h>

#include "gen.h"

/* A small grammar. A pattern is text in which a capital letter between < and > stands for a word of that list. */
enum { DICE_TEXT = 40, DICE_NAME, DICE_NOTE };

#define COUNT(list) (sizeof(list) / sizeof *(list))

static const char *const adjectives[] = { "amber", "brisk",  "calm",   "dusty",  "early", "faded",  "gentle", "hollow",
                                          "idle",  "jolly",  "keen",   "late",   "mild",  "narrow", "odd",    "plain",
                                          "quiet", "rusty",  "salty",  "tall",   "upper", "vivid",  "warm",   "young",
                                          "blue",  "copper", "silver", "stormy", "sunny", "wild",   "wooden", "round" };
static const char *const nouns[] = {
    "anchor",  "barrel", "canal",   "dune",    "engine", "ferry",   "garden", "harbour", "island", "jetty", "kettle",
    "lantern", "market", "needle",  "orchard", "pier",   "quarry",  "rope",   "sail",    "tide",   "umbra", "valley",
    "window",  "yard",   "bicycle", "chapel",  "bakery", "library", "bridge", "kiosk",   "mill",   "square"
};
static const char *const people[] = { "my neighbour", "the baker",   "an old friend",   "the choir",   "our landlady",
                                      "the team",     "my sister",   "a stranger",      "the council", "my grandfather",
                                      "the crew",     "the teacher", "half the street", "the postman", "everybody" };
static const char *const doings[] = { "repaired", "painted",      "forgot",    "found",   "borrowed",
                                      "sold",     "photographed", "moved",     "praised", "measured",
                                      "planted",  "argued over",  "gave away", "drew",    "inherited",
                                      "rebuilt",  "lost",         "named",     "cleaned", "sang about" };
static const char *const times[] = { "this morning",      "last night",      "on Tuesday",         "before breakfast",
                                     "in the rain",       "again today",     "for the third time", "over the weekend",
                                     "just now",          "at noon",         "all week",           "while I slept",
                                     "after the meeting", "in one afternoon" };
static const char *const moods[] = {
    "I could not be happier",  "Nobody saw it coming",      "It took longer than planned",
    "I still do not get it",   "Worth every minute",        "Never again",
    "We will see how it goes", "Ask me again in a month",   "The light was perfect",
    "It smells of tar",        "That makes four this year", "I have questions",
    "Pictures follow",         "More tea is needed",        "It even works"
};
static const char *const patterns[] = {
    "<P> <D> the <A> <N> <T>.",
    "Has anyone seen the <A> <N> near the <N>?",
    "<M>: <P> <D> a <N> <T>.",
    "Today I learned that a <N> is only a <A> <N> with better manners.",
    "If you pass the <N> <T>, look for the <A> door. <P> <D> it.",
    "<M>. The <N> is <A> and the <N> is <A>er than before.",
    "Reading about every <N> between here and the <A> <N>. <M>.",
    "<P> asked me why the <N> is so <A>. I had no answer.",
    "Minutes of the <N> club: <P> <D> the <N>, <P> <D> the minutes.",
    "Looking for a <A> <N>, cheap or for a cake. <P> <D> the old one <T>.",
    "Three reasons to love a <A> <N>: it floats, it hums, and <P> <D> it.",
    "The ferry was late, the <N> was <A>. <M>.",
    "Small update on the <N>: <P> <D> it <T>.",
    "What would you do with a <A> <N> and two free days?",
    "<T>, <P> <D> my <N>. <M>.",
    "Recipe: one <A> <N>, a pinch of salt, and patience. <M>.",
};
static const char *const extras[] = { "", " <M>.", " <P> says it is the <N>, not the <N>.",
                                      " It was <A>, and <T> it will be <A> again; so be it.",
                                      " Thanks to <P> who <D> the <N> for us. <M>." };

struct words {
    const char *const *list;
    size_t n;
};

static struct words words_of(char letter)
{
    switch (letter) {
    case 'A': return (struct words){ adjectives, COUNT(adjectives) };
    case 'N': return (struct words){ nouns, COUNT(nouns) };
    case 'P': return (struct words){ people, COUNT(people) };
    case 'D': return (struct words){ doings, COUNT(doings) };
    case 'T': return (struct words){ times, COUNT(times) };
    default: return (struct words){ moods, COUNT(moods) };
    }
}

static size_t put(char *out, size_t at, const char *s, size_t n)
{
    memcpy(out + at, s, n);
    return at + n;
}

static const char *pick(struct words w, uint64_t *dice)
{
    *dice = gen_mix(*dice, DICE_TEXT, 1);
    return w.list[(*dice >> 33) % w.n];
}

/* Writes a pattern with its words; a sentence begins with a capital. */
static size_t expand(const char *pattern, uint64_t *dice, char *out, size_t at)
{
    size_t from = pattern[0] == ' ' ? at + 1 : at;
    for (const char *p = pattern; *p != '\0'; p++) {
        if (*p != '<') {
            out[at++] = *p;
            continue;
        }
        const char *word = pick(words_of(p[1]), dice);
        at = put(out, at, word, strlen(word));
        p += 2;
    }
    if (at > from && out[from] >= 'a' && out[from] <= 'z')
        out[from] = (char)(out[from] - 'a' + 'A');
    return at;
}

static size_t put_number(char *out, size_t at, uint64_t v)
{
    char digits[20];
    size_t n = 0;
    do {
        digits[n++] = (char)('0' + v % 10);
        v /= 10;
    } while (v > 0);
    while (n > 0)
        out[at++] = digits[--n];
    return at;
}

/* Two words by rank and the rest as a number: different for every rank. */
struct str gen_username(const struct gen *g, uint32_t rank, char *out)
{
    (void)g;
    const char *a = adjectives[rank % COUNT(adjectives)];
    const char *n = nouns[rank / COUNT(adjectives) % COUNT(nouns)];
    size_t at = put(out, 0, a, strlen(a));
    out[at++] = '_';
    at = put(out, at, n, strlen(n));
    return (struct str){ out, put_number(out, at, rank / (COUNT(adjectives) * COUNT(nouns))) };
}

struct str gen_email(const struct gen *g, uint32_t rank, char *out)
{
    static const char domain[] = "@mail.example";
    struct str name = gen_username(g, rank, out);
    return (struct str){ out, put(out, name.n, domain, sizeof domain - 1) };
}

struct str gen_display_name(const struct gen *g, uint32_t rank, char *out)
{
    uint64_t dice = gen_mix(g->seed, DICE_NAME, rank);
    size_t n = expand("<A> ", &dice, out, 0);
    return (struct str){ out, expand("<N>", &dice, out, n) };
}

struct str gen_note(const struct gen *g, uint32_t rank, char *out)
{
    uint64_t dice = gen_mix(g->seed, DICE_NOTE, rank);
    size_t n = expand("Friend of every <A> <N>, keeper of one <N>.", &dice, out, 0);
    return (struct str){ out, dice % 3 == 0 ? expand(" <M>.", &dice, out, n) : n };
}

struct str gen_tag(uint32_t tag, char *out)
{
    const char *a = nouns[tag % COUNT(nouns)];
    const char *b = adjectives[tag / COUNT(nouns) % COUNT(adjectives)];
    size_t n = put(out, 0, b, strlen(b));
    return (struct str){ out, put(out, n, a, strlen(a)) };
}

/* One to three sentences, some 120 bytes in the mean; an answer begins with the name, a tag comes last. */
struct str gen_status_text(const struct gen *g, uint32_t status, char *out)
{
    uint64_t dice = gen_mix(g->seed, DICE_TEXT, status);
    size_t n = 0;
    if (g->parent[status] != GEN_NONE && g->author[g->parent[status]] != g->author[status]) {
        out[n++] = '@';
        n += gen_username(g, g->author[g->parent[status]], out + n).n;
        out[n++] = ' ';
    }
    n = expand(pick((struct words){ patterns, COUNT(patterns) }, &dice), &dice, out, n);
    n = expand(pick((struct words){ extras, COUNT(extras) }, &dice), &dice, out, n);
    n = expand(pick((struct words){ extras, COUNT(extras) }, &dice), &dice, out, n);
    if (g->tag[status] < GEN_TAGS) {
        n = put(out, n, " #", 2);
        n += gen_tag(g->tag[status], out + n).n;
    }
    assert(n < GEN_TEXT_MAX);
    return (struct str){ out, n };
}
