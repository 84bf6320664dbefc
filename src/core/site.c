/* SPDX-License-Identifier: Apache-2.0 */
#include "core/site.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/locks.h"
#include "base/log.h"
#include "core/email.h"
#include "core/emoji.h"
#include "core/lang.h"
#include "core/refuse.h"
#include "core/staff.h"
#include "core/terms.h"
#include "core/text.h"
#include "core/vapid.h"
#include "feed/feed.h"
#include "model/account.h"
#include "store/account.h"
#include "store/emoji.h"
#include "store/setting.h"
#include "store/tx.h"

#define RETRY_AFTER_S 60

struct snapshot {
    struct snapshot *next;
    struct arena *arena;
    struct site site;
};

struct site_box {
    struct lock lock; /* of writers: the list of snapshots and the figures */
    _Atomic(struct snapshot *) now;
    _Atomic bool disk_full;
    _Atomic(struct snapshot *) full; /* the same as now, but read-only; made with it */
    struct snapshot *all;
    struct arena *arena; /* of the configuration */
    struct site config;
    struct site_counts figures;
    struct arena *emoji_arena; /* of every table there was: a pointer an emoji each, so all may live on */
    struct emojis emojis;
};

/* --- the table of settings --- */

enum kind { TEXT, LINE, NUMBER, CHOICE, ADDRESS, LANGUAGES, MEMBER };

struct row {
    struct site_setting shown;
    enum kind kind;
    int64_t max; /* graphemes of a text, bound of a number */
    const char *standard;
    const char *const *choices;
};

static const char *const sign_up_words[] = { "open", "approval", "invite", "closed", NULL };
static const char *const switch_words[] = { "on", "off", NULL };
static const char *const trends_words[] = { "open", "reviewed", "off", NULL };
static const char *const mode_words[] = { "normal", "read-only", "moderators-only", "sign-ups-paused", NULL };

/* clang-format off */
static const struct row rows[] = {
    { { "title", "a line of 1 to 60 characters", "The name of this community, in page titles and apps." }, LINE, 60, "Parley", NULL },
    { { "description", "a line of at most 300 characters", "One sentence on what this community is about." }, LINE, 300, "A social network run by its own community.", NULL },
    { { "about", "text of at most 20,000 characters", "The about page: who runs this, for whom, how to reach you." }, TEXT, 20000, "", NULL },
    { { "privacy", "text of at most 50,000 characters", "The privacy page." }, TEXT, 50000, "", NULL },
    { { "contact_email", "an e-mail address or nothing", "Where people write to you, also when they cannot sign in." }, ADDRESS, 254, "", NULL },
    { { "contact_account", "a member's user name or id, 0 for the owner", "The account that apps show as contact, by its user name; empty: the owner's." }, MEMBER, 40, "0", NULL },
    { { "languages", "language codes like en,de with commas", "Languages that are spoken here, as codes with commas, such as en,de." }, LANGUAGES, 100, "en", NULL },
    { { "sign_up", "open, approval, invite or closed", "Who may become a member." }, CHOICE, 0, "open", sign_up_words },
    { { "sign_up_reason", "a line of at most 500 characters", "What people are told while sign-up is closed." }, LINE, 500, "", NULL },
    { { "age_min", "0 to 30 years", "The least age of a member; 0 asks nobody." }, NUMBER, 30, "16", NULL },
    { { "link_cards", "on or off", "Whether the pages behind links are read, to show what they say of themselves." }, CHOICE, 0, "on", switch_words },
    { { "trends", "open, reviewed or off", "What many talk about is shown: all of it, what a moderator approved, or nothing." }, CHOICE, 0, "open", trends_words },
    { { "mode", "normal, read-only, moderators-only or sign-ups-paused", "What may be written now; set it with 'parley mode'." }, CHOICE, 0, "normal", mode_words },
    { { "mode_reason", "a line of at most 300 characters", "Why, as everybody is shown." }, LINE, 300, "", NULL },
    { { "mode_until_ms", "milliseconds since 1970, 0 for not known", "When the mode is expected to end." }, NUMBER, INT64_MAX, "0", NULL },
};
/* clang-format on */
#define ROWS (sizeof rows / sizeof rows[0])

size_t site_setting_count(void)
{
    return ROWS;
}

const struct site_setting *site_setting_at(size_t i)
{
    return &rows[i].shown;
}

static const struct row *row_find(struct str key)
{
    for (size_t i = 0; i < ROWS; i++)
        if (str_eq(key, str_c(rows[i].shown.key)))
            return &rows[i];
    return NULL;
}

static int64_t choice_of(const char *const *choices, struct str v)
{
    for (int64_t i = 0; choices[i] != NULL; i++)
        if (str_eq(v, str_c(choices[i])))
            return i;
    return -1;
}

static bool languages_ok(struct str rest)
{
    struct str code = { 0 };
    while (str_cut(&rest, ',', &code))
        if (!lang_is_valid(str_trim(code)))
            return false;
    return true;
}

static bool address_ok(struct ctx *c, struct str v)
{
    struct email parsed = { 0 };
    return v.n == 0 || email_parse(c->arena, v, &parsed) == NAME_FINE;
}

/* A user name becomes the id it stands for. */
static enum err find_member(struct ctx *c, struct str *v, bool *ok)
{
    struct account *a = NULL;
    int64_t id = 0;
    struct str name = str_trim(*v);
    *ok = name.n == 0 || str_eq(name, STR("0"));
    if (*ok) {
        *v = STR("0");
        return OK;
    }
    if (name.p[0] == '@')
        name = str_skip(name, 1);
    TRY(store_account_find_name(c, name_canonical(c->arena, name), &a));
    if (a == NULL && id_parse(name, &id))
        TRY(store_account_find(c, id, &a));
    *ok = a != NULL && a->domain.p == NULL && a->active;
    if (*ok)
        *v = id_text(c->arena, a->id);
    return OK;
}

static bool value_ok(const struct row *row, struct str v)
{
    int64_t number = 0;
    switch (row->kind) {
    case CHOICE: return choice_of(row->choices, v) >= 0;
    case NUMBER: return str_to_i64(v, &number) && number >= 0 && number <= row->max;
    case LINE:
        if (v.n > 0 && (memchr(v.p, '\n', v.n) != NULL || memchr(v.p, '\r', v.n) != NULL))
            return false;
        break;
    case TEXT:
    case ADDRESS:
    case MEMBER: break;
    case LANGUAGES:
        if (v.n > 0 && !languages_ok(v))
            return false;
        break;
    }
    bool needs_one = str_eq(str_c(row->shown.key), STR("title"));
    return str_is_utf8(v) && (int64_t)text_graphemes(v) <= row->max && (v.n > 0 || !needs_one);
}

/* --- snapshots --- */

static struct str value_of(const struct setting *s, int64_t n, const char *key)
{
    for (int64_t i = 0; i < n; i++)
        if (str_eq(s[i].key, str_c(key)))
            return s[i].value;
    return str_c(row_find(str_c(key))->standard);
}

static int64_t number_of(const struct setting *s, int64_t n, const char *key)
{
    int64_t v = 0;
    return str_to_i64(value_of(s, n, key), &v) ? v : 0;
}

static void apply(struct site *out, const struct setting *s, int64_t n)
{
    out->title = value_of(s, n, "title");
    out->description = value_of(s, n, "description");
    out->about = value_of(s, n, "about");
    out->privacy = value_of(s, n, "privacy");
    out->contact_email = value_of(s, n, "contact_email");
    out->contact_account_id = number_of(s, n, "contact_account");
    out->languages = value_of(s, n, "languages");
    out->sign_up = (enum sign_up_mode)choice_of(sign_up_words, value_of(s, n, "sign_up"));
    out->sign_up_reason = value_of(s, n, "sign_up_reason");
    out->age_min = number_of(s, n, "age_min");
    out->link_cards = choice_of(switch_words, value_of(s, n, "link_cards")) == 0;
    out->trends = (enum trends_mode)choice_of(trends_words, value_of(s, n, "trends"));
    out->mode = (enum site_mode)choice_of(mode_words, value_of(s, n, "mode"));
    out->mode_reason = value_of(s, n, "mode_reason");
    out->mode_until_ms = number_of(s, n, "mode_until_ms");
}

/* Everything that `site` borrows moves to `a`. */
static void own(struct arena *a, struct site *site)
{
    struct str *const texts[] = { &site->data_dir,       &site->domain,         &site->base_url,
                                  &site->mail_transport, &site->title,          &site->description,
                                  &site->about,          &site->privacy,        &site->contact_email,
                                  &site->languages,      &site->sign_up_reason, &site->mode_reason,
                                  &site->vapid_key,      &site->vapid_public,   &site->metrics_from,
                                  &site->metrics_token };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (texts[i]->p != NULL)
            *texts[i] = arena_str(a, *texts[i]);
    struct rule *rules = ARENA_ARRAY(a, (size_t)site->rules_n + 1, struct rule);
    for (int64_t i = 0; i < site->rules_n; i++)
        rules[i] =
            (struct rule){ site->rules[i].id, arena_str(a, site->rules[i].text), arena_str(a, site->rules[i].hint) };
    site->rules = rules;
}

static struct snapshot *snapshot_new(struct site_box *b, const struct site *site)
{
    struct snapshot *s = calloc(1, sizeof *s);
    if (s == NULL)
        abort();
    s->arena = arena_new();
    s->site = *site;
    own(s->arena, &s->site);
    s->next = b->all;
    b->all = s;
    return s;
}

static void publish(struct site_box *b, const struct site *site)
{
    struct site full = *site;
    full.mode = MODE_READ_ONLY;
    full.disk_full = true;
    full.mode_until_ms = 0;
    full.mode_reason =
        STR("the disk is full. Nothing that was acknowledged is lost; writing goes on by itself when there is room.");
    atomic_store(&b->full, snapshot_new(b, &full));
    atomic_store(&b->now, snapshot_new(b, site));
}

struct site_box *site_box_new(const struct site *config)
{
    struct site_box *b = calloc(1, sizeof *b);
    if (b == NULL)
        abort();
    lock_init(&b->lock, LOCK_SITE);
    b->arena = arena_new();
    b->emoji_arena = arena_new();
    b->config = *config;
    apply(&b->config, NULL, 0);
    own(b->arena, &b->config);
    publish(b, &b->config);
    return b;
}

void site_box_free(struct site_box **b)
{
    if (*b == NULL)
        return;
    for (struct snapshot *s = (*b)->all, *next; s != NULL; s = next) {
        next = s->next;
        arena_free(&s->arena);
        free(s);
    }
    arena_free(&(*b)->arena);
    arena_free(&(*b)->emoji_arena);
    lock_fini(&(*b)->lock);
    free(*b);
    *b = NULL;
}

const struct site *site_box_get(struct site_box *b)
{
    return atomic_load(&b->disk_full) ? &atomic_load(&b->full)->site : &atomic_load(&b->now)->site;
}

/* The lock is held. A table that says the same stays. */
static struct emojis keep_emojis(struct site_box *b, const struct emoji *found, int64_t n)
{
    struct arena *a = arena_new();
    struct emojis fresh = emojis_of(a, &b->emojis, found, n);
    bool same = fresh.n == b->emojis.n;
    for (int64_t i = 0; i < n && same; i++)
        same = fresh.rows[i] == b->emojis.rows[i];
    arena_free(&a);
    if (!same)
        b->emojis = emojis_of(b->emoji_arena, &b->emojis, found, n);
    return b->emojis;
}

enum err site_refresh(struct ctx *c)
{
    struct setting *s = NULL;
    struct rule *rules = NULL;
    struct emoji *emojis = NULL;
    int64_t n = 0;
    int64_t rules_n = 0;
    int64_t emojis_n = 0;
    TRY(store_setting_list(c, &s, &n));
    TRY(store_rule_list(c, &rules, &rules_n));
    TRY(store_emoji_list(c, &emojis, &emojis_n));
    struct site site = c->sites->config;
    apply(&site, s, n);
    site.rules = rules;
    site.rules_n = rules_n;
    for (int64_t i = 0; i < n; i++)
        if (str_eq(s[i].key, STR(VAPID_SETTING)))
            TRY(vapid_open(c, s[i].value, &site));
    lock_take(&c->sites->lock);
    site.emojis = keep_emojis(c->sites, emojis, emojis_n);
    publish(c->sites, &site);
    lock_release(&c->sites->lock);
    c->site = site_box_get(c->sites);
    if (c->feed != NULL) /* at start there is none yet */
        feed_emojis_changed(c->feed, c->site->emojis.version);
    return OK;
}

enum err site_setting_get(struct ctx *c, struct str key, struct str *out)
{
    struct setting *s = NULL;
    int64_t n = 0;
    if (row_find(key) == NULL)
        return fail(c, ERR_NOT_FOUND, "There is no setting '" STR_FMT "'", STR_ARG(key));
    TRY(store_setting_list(c, &s, &n));
    *out = value_of(s, n, arena_cstr(c->arena, key));
    return OK;
}

/* Text is not logged: it is on the page, and long. */
static void log_change(struct ctx *c, const struct row *row, struct str was, struct str is)
{
    struct str by = staff_name(c);
    if (str_eq(was, is))
        return;
    if (row->kind == TEXT)
        log_info(c->id, "setting %s changed, by " STR_FMT, row->shown.key, STR_ARG(by));
    else
        log_info(c->id, "setting %s: '" STR_FMT "', was '" STR_FMT "', by " STR_FMT, row->shown.key, STR_ARG(is),
                 STR_ARG(was), STR_ARG(by));
}

/* *change may come out otherwise than it was typed. */
static enum err judge(struct ctx *c, struct site_change *change)
{
    const struct row *row = row_find(change->key);
    bool ok = true;
    if (row == NULL)
        return fail(c, ERR_NOT_FOUND, "There is no setting '" STR_FMT "'", STR_ARG(change->key));
    if (row->kind == MEMBER)
        TRY(find_member(c, &change->value, &ok));
    if (row->kind == ADDRESS)
        ok = address_ok(c, change->value);
    if (!ok || !value_ok(row, change->value))
        refuse(c, change->key, STR("ERR_INVALID"), arena_strf(c->arena, "must be %s", row->shown.allowed));
    return OK;
}

enum err site_settings_change(struct ctx *c, struct site_change *all, size_t n)
{
    TX tx = { 0 };
    struct setting *before = NULL;
    int64_t before_n = 0;
    c->fields = NULL;
    for (size_t i = 0; i < n; i++)
        TRY(judge(c, &all[i]));
    TRY(refused(c));
    TRY(store_setting_list(c, &before, &before_n));
    TRY(tx_begin(c, &tx));
    for (size_t i = 0; i < n; i++)
        TRY(store_setting_set(c, all[i].key, all[i].value));
    TRY(tx_commit(&tx));
    for (size_t i = 0; i < n; i++) {
        const struct row *row = row_find(all[i].key);
        log_change(c, row, value_of(before, before_n, row->shown.key), all[i].value);
    }
    return site_refresh(c);
}

enum err site_setting_set(struct ctx *c, struct str key, struct str value)
{
    return site_settings_change(c, &(struct site_change){ key, value }, 1);
}

enum err site_rules_set(struct ctx *c, const struct rule *rules, int64_t n)
{
    TX tx = { 0 };
    if (n > RULES_MAX)
        return fail(c, ERR_INVALID, "At most %d rules", RULES_MAX);
    TRY(tx_begin(c, &tx));
    TRY(store_rule_replace(c, rules, n));
    TRY(tx_commit(&tx));
    struct str by = staff_name(c);
    log_info(c->id, "%lld rules are in force, were %lld, by " STR_FMT, (long long)n, (long long)c->site->rules_n,
             STR_ARG(by));
    return site_refresh(c);
}

enum err site_mode_enter(struct ctx *c, enum site_mode mode, struct str reason, int64_t until_ms)
{
    TX tx = { 0 };
    if (!value_ok(row_find(STR("mode_reason")), reason))
        return fail(c, ERR_INVALID, "The reason must be %s", row_find(STR("mode_reason"))->shown.allowed);
    if (mode != MODE_NORMAL && str_trim(reason).n == 0)
        return fail(c, ERR_INVALID, "Say why: the reason is shown to everybody");
    TRY(tx_begin(c, &tx));
    TRY(store_setting_set(c, STR("mode"), str_c(mode_words[mode])));
    TRY(store_setting_set(c, STR("mode_reason"), mode == MODE_NORMAL ? STR("") : reason));
    TRY(store_setting_set(c, STR("mode_until_ms"), id_text(c->arena, mode == MODE_NORMAL ? 0 : until_ms)));
    TRY(tx_commit(&tx));
    struct str by = staff_name(c);
    log_info(c->id, "mode %s, was %s, by " STR_FMT ": " STR_FMT, mode_words[mode], mode_words[c->site->mode],
             STR_ARG(by), STR_ARG(reason));
    return site_refresh(c);
}

void site_disk_full(struct site_box *b, bool full)
{
    atomic_store(&b->disk_full, full);
}

struct str site_mode_word(enum site_mode m)
{
    return str_c(mode_words[m]);
}

bool site_mode_parse(struct str s, enum site_mode *out)
{
    int64_t i = choice_of(mode_words, s);
    if (i >= 0)
        *out = (enum site_mode)i;
    return i >= 0;
}

/* Until the expected end, when there is one. */
static int64_t retry_after_s(const struct ctx *c)
{
    if (c->site->mode_until_ms <= c->now_ms)
        return RETRY_AFTER_S;
    return (c->site->mode_until_ms - c->now_ms) / SECOND_MS + 1;
}

/* The mode, why, and until when: programs show their people nothing but this text. */
static enum err refuse_for_now(struct ctx *c, enum err e, const char *mode)
{
    int64_t until_ms = c->site->mode_until_ms;
    struct str end = STR("");
    if (until_ms > c->now_ms)
        end = arena_strf(c->arena, " (expected to end " STR_FMT " %.5s UTC)", STR_ARG(clock_date(c->arena, until_ms)),
                         clock_iso(c->arena, until_ms).p + sizeof "2026-08-01T" - 1);
    c->retry_after_s = retry_after_s(c);
    return fail(c, e, "%s for now: " STR_FMT STR_FMT, mode, STR_ARG(c->site->mode_reason), STR_ARG(end));
}

enum err site_allows_write(struct ctx *c)
{
    enum site_mode mode = c->site->mode;
    bool moderator = c->me != NULL && c->me->role >= ROLE_MODERATOR;
    if (mode == MODE_NORMAL || mode == MODE_SIGN_UPS_PAUSED || (mode == MODE_MODERATORS_ONLY && moderator))
        return OK;
    return refuse_for_now(c, c->site->disk_full ? ERR_NO_SPACE : ERR_UNAVAILABLE, "The server is read-only");
}

enum err site_allows_sign_up(struct ctx *c)
{
    TRY(site_allows_write(c));
    if (c->site->mode != MODE_SIGN_UPS_PAUSED)
        return OK;
    return refuse_for_now(c, ERR_UNAVAILABLE, "Sign-ups are paused");
}

void site_figures(struct site_box *b, struct site_counts *out)
{
    LOCKED(&b->lock);
    *out = b->figures;
}

static void keep_figures(struct site_box *b, const struct site_counts *counts)
{
    LOCKED(&b->lock);
    b->figures = *counts;
}

enum err site_figures_load(struct ctx *c)
{
    struct site_counts counts = { 0 };
    TRY(store_site_counts_load(c, &counts));
    keep_figures(c->sites, &counts);
    return OK;
}

enum err site_figures_count(struct ctx *c)
{
    struct site_counts counts = { .week_ms = activity_week_of(c->now_ms) };
    int64_t after_id = 0;
    do {
        TRY(store_site_count_slice(c, &after_id, &counts));
    } while (after_id != 0);
    keep_figures(c->sites, &counts);
    return store_site_counts_save(c, &counts);
}
