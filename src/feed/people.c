/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/people.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* One allocation: the node, the struct, the texts its members point to. */
struct person {
    struct lru_node node;
    size_t text_n; /* bytes behind the struct */
    _Alignas(max_align_t) char mem[];
};

/* Where in a struct its texts hang. */
static const size_t account_texts[] = {
    offsetof(struct account, username),
    offsetof(struct account, domain),
    offsetof(struct account, display_name),
    offsetof(struct account, note),
    offsetof(struct account, fields),
    offsetof(struct account, avatar),
    offsetof(struct account, header),
    offsetof(struct account, uri),
    offsetof(struct account, standing.reason),
    offsetof(struct account, mentions),
    offsetof(struct account, avatar_text),
    offsetof(struct account, header_text),
    offsetof(struct account, attribution_domains),
    offsetof(struct account, default_language),
};
static const size_t session_texts[] = {
    offsetof(struct session, app_name), offsetof(struct session, app_website), offsetof(struct session, scope_text),
    offsetof(struct session, hash),     offsetof(struct session, ip),          offsetof(struct session, user_agent),
};

struct shape {
    size_t size;
    const size_t *texts;
    size_t texts_n;
};
static const struct shape account_shape = { sizeof(struct account), account_texts,
                                            sizeof account_texts / sizeof account_texts[0] };
static const struct shape session_shape = { sizeof(struct session), session_texts,
                                            sizeof session_texts / sizeof session_texts[0] };

static struct str *text_at(char *obj, size_t offset)
{
    return (struct str *)(void *)(obj + offset);
}

/* Copies the texts of `obj` to `to` and points obj at the copies. */
static void pack(char *obj, const struct shape *s, char *to)
{
    for (size_t i = 0; i < s->texts_n; i++) {
        struct str *t = text_at(obj, s->texts[i]);
        if (t->p == NULL)
            continue;
        if (t->n > 0)
            memcpy(to, t->p, t->n);
        t->p = to;
        to += t->n;
    }
}

static struct person *person_new(int64_t key, const void *obj, const struct shape *s)
{
    size_t text_n = 0;
    char copy[sizeof(struct account) + sizeof(struct session)];
    memcpy(copy, obj, s->size);
    for (size_t i = 0; i < s->texts_n; i++)
        text_n += text_at(copy, s->texts[i])->n;
    size_t bytes = sizeof(struct person) + s->size + text_n;
    struct person *p = malloc(bytes);
    if (p == NULL)
        abort();
    *p = (struct person){ .node = { .key = key, .bytes = bytes }, .text_n = text_n };
    memcpy(p->mem, obj, s->size);
    pack(p->mem, s, p->mem + s->size);
    return p;
}

/* The struct and its texts on the arena: one copy, then the pointers moved along. */
static void *person_out(const struct person *p, const struct shape *s, struct arena *a)
{
    char *obj = arena_alloc(a, s->size + p->text_n);
    memcpy(obj, p->mem, s->size + p->text_n);
    for (size_t i = 0; i < s->texts_n; i++) {
        struct str *t = text_at(obj, s->texts[i]);
        if (t->p != NULL)
            t->p = obj + (t->p - p->mem);
    }
    return obj;
}

static void person_drop(struct lru_node *node)
{
    free(node);
}

void people_init(struct people *p, bool keeps)
{
    *p = (struct people){ 0 };
    p->keeps = keeps;
    rwlock_init(&p->lock, LOCK_FEED_PEOPLE);
    lru_init(&p->sessions, person_drop);
    lru_init(&p->accounts, person_drop);
}

void people_fini(struct people *p)
{
    lru_fini(&p->sessions);
    lru_fini(&p->accounts);
    rwlock_fini(&p->lock);
}

void people_budget(struct people *p, size_t bytes)
{
    WRITING(&p->lock);
    p->sessions.bytes_max = bytes / 2;
    p->accounts.bytes_max = bytes - bytes / 2;
}

static uint64_t *generation_of(struct people *p, int64_t account_id)
{
    return &p->generations[lru_mix((uint64_t)account_id) % PEOPLE_GENERATIONS];
}

static const struct session *session_of(const struct lru_node *n)
{
    return (const struct session *)(const void *)((const struct person *)n)->mem;
}

bool people_session(struct people *p, struct arena *a, struct str hash, struct session **out, uint64_t *ticket)
{
    READING(&p->lock);
    const struct lru_node *n = lru_find(&p->sessions, lru_text_key(hash));
    *ticket = p->ended;
    if (n == NULL || !str_eq(session_of(n)->hash, hash))
        return false;
    *out = person_out((const struct person *)n, &session_shape, a);
    return true;
}

static void forget(struct lru *l, struct lru_node *n)
{
    lru_take(l, n);
    person_drop(n);
}

void people_put_session(struct people *p, const struct session *s, uint64_t ticket)
{
    if (!p->keeps)
        return;
    struct person *made = person_new(lru_text_key(s->hash), s, &session_shape);
    WRITING(&p->lock);
    if (p->ended == ticket && lru_find(&p->sessions, made->node.key) == NULL)
        lru_put(&p->sessions, &made->node);
    else
        free(made);
}

void people_session_ended(struct people *p, struct str hash)
{
    WRITING(&p->lock);
    struct lru_node *n = lru_find(&p->sessions, lru_text_key(hash));
    p->ended++;
    if (n != NULL)
        forget(&p->sessions, n);
}

/* Rare (a password was changed, an account suspended): all sessions are looked through. */
void people_sessions_ended(struct people *p, int64_t account_id)
{
    WRITING(&p->lock);
    p->ended++;
    for (struct lru_node *n = p->sessions.oldest, *next; n != NULL; n = next) {
        next = n->newer;
        if (session_of(n)->account_id == account_id)
            forget(&p->sessions, n);
    }
}

bool people_account(struct people *p, struct arena *a, int64_t id, struct account **out, uint64_t *ticket)
{
    READING(&p->lock);
    const struct lru_node *n = lru_find(&p->accounts, id);
    *ticket = *generation_of(p, id);
    if (n == NULL)
        return false;
    *out = person_out((const struct person *)n, &account_shape, a);
    return true;
}

void people_put_account(struct people *p, const struct account *acc, uint64_t ticket)
{
    if (!p->keeps)
        return;
    struct person *made = person_new(acc->id, acc, &account_shape);
    WRITING(&p->lock);
    if (*generation_of(p, acc->id) == ticket && lru_find(&p->accounts, acc->id) == NULL)
        lru_put(&p->accounts, &made->node);
    else
        free(made);
}

void people_account_changed(struct people *p, int64_t id)
{
    WRITING(&p->lock);
    ++*generation_of(p, id);
    struct lru_node *n = lru_find(&p->accounts, id);
    if (n != NULL)
        forget(&p->accounts, n);
}
