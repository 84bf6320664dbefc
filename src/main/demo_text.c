/* SPDX-License-Identifier: Apache-2.0 */
#include "main/demo_text.h"

#include "base/buf.h"
#include "base/rng.h"

#define DEPTH_MAX 6 /* of lists that name lists */

size_t demo_topics(void)
{
    size_t n = 0;
    while (demo_topic_at(n) != NULL)
        n++;
    return n;
}

static bool chance(struct ctx *c, uint64_t percent)
{
    return rand_below(c, 100) < percent;
}

struct str demo_pick(struct ctx *c, const char *items)
{
    struct str rest = str_c(items);
    struct str item = { 0 };
    uint64_t n = 0;
    while (str_cut(&rest, '|', &item))
        n++;
    n = rand_below(c, n) + 1;
    rest = str_c(items);
    while (n-- > 0)
        (void)str_cut(&rest, '|', &item);
    return item;
}

static const char *list_of(struct str name)
{
    for (size_t i = 0; demo_list_at(i) != NULL; i++)
        if (str_eq(name, str_c(demo_list_at(i)->name)))
            return demo_list_at(i)->items;
    return NULL;
}

static void expand(struct ctx *c, struct buf *out, struct str t, struct str it, int depth);

/* "a|b|c": the bar counts outside of brackets only. */
static void expand_choice(struct ctx *c, struct buf *out, struct str body, struct str it, int depth)
{
    size_t n = 1;
    int open = 0;
    for (size_t i = 0; i < body.n; i++) {
        open += body.p[i] == '[' ? 1 : body.p[i] == ']' ? -1 : 0;
        n += body.p[i] == '|' && open == 0 ? 1 : 0;
    }
    uint64_t wanted = rand_below(c, n);
    size_t from = 0;
    for (size_t i = 0; i <= body.n; i++) {
        bool ends = i == body.n || (body.p[i] == '|' && open == 0);
        if (ends && wanted-- == 0) {
            expand(c, out, (struct str){ body.p + from, i - from }, it, depth);
            return;
        }
        if (ends)
            from = i + 1;
        else
            open += body.p[i] == '[' ? 1 : body.p[i] == ']' ? -1 : 0;
    }
}

static void expand_word(struct ctx *c, struct buf *out, struct str name, struct str it, int depth)
{
    const char *items = list_of(name);
    if (str_eq(name, STR("it")))
        buf_put(out, it);
    else if (str_eq(name, STR("n")))
        buf_i64(out, (int64_t)rand_below(c, 18) + 2);
    else if (str_eq(name, STR("nn")))
        buf_i64(out, (int64_t)rand_below(c, 80) + 20);
    else if (str_eq(name, STR("digit")))
        buf_i64(out, (int64_t)rand_below(c, 8) + 2);
    else if (str_eq(name, STR("tens")))
        buf_i64(out, ((int64_t)rand_below(c, 9) + 1) * 10);
    else if (str_eq(name, STR("hour")))
        buf_i64(out, (int64_t)rand_below(c, 12) + 7);
    else if (items != NULL && depth < DEPTH_MAX)
        expand_choice(c, out, str_c(items), it, depth + 1);
}

/* Where the bracket at t.p[at] closes. */
static size_t closing(struct str t, size_t at, char opens, char closes)
{
    int open = 0;
    for (; at < t.n; at++) {
        open += t.p[at] == opens ? 1 : t.p[at] == closes ? -1 : 0;
        if (open == 0)
            break;
    }
    return at;
}

static void expand(struct ctx *c, struct buf *out, struct str t, struct str it, int depth)
{
    for (size_t i = 0; i < t.n; i++) {
        if (t.p[i] != '{' && t.p[i] != '[') {
            buf_putc(out, t.p[i]);
            continue;
        }
        bool is_word = t.p[i] == '{';
        size_t end = is_word ? closing(t, i, '{', '}') : closing(t, i, '[', ']');
        struct str body = { t.p + i + 1, end - i - 1 };
        if (is_word)
            expand_word(c, out, body, it, depth);
        else
            expand_choice(c, out, body, it, depth);
        i = end;
    }
}

/* Sentences begin with a capital. */
static void capitals(char *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool begins = i == 0 || (i > 1 && p[i - 1] == ' ' && (p[i - 2] == '.' || p[i - 2] == '?' || p[i - 2] == '!'));
        if (begins && p[i] >= 'a' && p[i] <= 'z')
            p[i] = (char)(p[i] - 'a' + 'A');
    }
}

struct str demo_expand(struct ctx *c, const char *template, struct str it)
{
    struct buf b = buf_on(c->arena);
    expand(c, &b, str_c(template), it, 0);
    capitals(b.p, b.n);
    return buf_str(&b);
}

static const char *one_of(struct ctx *c, const char *const *templates)
{
    size_t n = 0;
    while (templates[n] != NULL)
        n++;
    return templates[rand_below(c, n)];
}

static void add_tags(struct ctx *c, struct buf *b, const struct demo_topic *t)
{
    struct str first = demo_pick(c, t->tags);
    struct str second = demo_pick(c, t->tags);
    buf_printf(b, " #" STR_FMT, STR_ARG(first));
    if (!str_eq(first, second) && chance(c, 30))
        buf_printf(b, " #" STR_FMT, STR_ARG(second));
}

void demo_post(struct ctx *c, size_t topic, struct demo_said *out)
{
    const struct demo_topic *t = demo_topic_at(topic);
    struct buf b = buf_on(c->arena);
    *out = (struct demo_said){ .topic = topic, .language = "en" };
    struct buf it = buf_on(c->arena);
    expand_choice(c, &it, str_c(list_of(str_c(t->subject))), (struct str){ 0 }, 0);
    out->it = buf_str(&it);
    buf_put(&b, demo_expand(c, one_of(c, t->posts), out->it));
    if (chance(c, 45)) {
        struct str tail = demo_expand(c, one_of(c, t->tails), out->it);
        buf_printf(&b, "%s" STR_FMT, chance(c, 15) ? "\n\n" : " ", STR_ARG(tail));
    }
    if (chance(c, 38))
        add_tags(c, &b, t);
    out->text = buf_str(&b);
    if (chance(c, 3))
        out->warning = demo_pick(c, list_of(STR("warning")));
}

void demo_post_in(struct ctx *c, const char *language, struct demo_said *out)
{
    const char *const *posts = str_eq(str_c(language), STR("de"))   ? demo_posts_german
                               : str_eq(str_c(language), STR("es")) ? demo_posts_spanish
                                                                    : demo_posts_french;
    *out = (struct demo_said){ .topic = 0, .language = language, .it = STR("") };
    out->text = demo_expand(c, one_of(c, posts), out->it);
}

struct str demo_reply(struct ctx *c, const struct demo_said *to)
{
    size_t at = 0;
    bool question = str_find(to->text, STR("?"), &at);
    if (question && chance(c, 45))
        return demo_expand(c, one_of(c, demo_replies_question), to->it);
    if (to->it.n > 0 && chance(c, 65))
        return demo_expand(c, one_of(c, demo_topic_at(to->topic)->replies), to->it);
    return demo_expand(c, one_of(c, demo_replies_any), to->it);
}
