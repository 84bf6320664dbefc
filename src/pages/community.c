/* SPDX-License-Identifier: Apache-2.0 */
#include "pages/community.h"

#include "base/clock.h"
#include "base/id.h"
#include "core/site.h"
#include "model/account.h"
#include "model/site.h"
#include "pages/form.h"
#include "pages/layout.h"
#include "pages/routes.h"
#include "store/account.h"

/* What the owner decides for the community: the settings of the command line, the rules, the mode. */
#define MODE_SECONDS_MAX (366 * DAY_MS / SECOND_MS)

static const struct choice sign_up_choices[] = {
    { { "open", 4 }, { "Everybody", 9 } },
    { { "approval", 8 }, { "Whom a moderator lets in", 24 } },
    { { "invite", 6 }, { "Whom a member invites", 21 } },
    { { "closed", 6 }, { "Nobody for now", 14 } },
};
static const struct choice trends_choices[] = {
    { { "open", 4 }, { "Is shown, but what a moderator rejects", 38 } },
    { { "reviewed", 8 }, { "Is shown once a moderator approved it", 37 } },
    { { "off", 3 }, { "Is not shown", 12 } },
};
static const struct choice card_choices[] = {
    { { "on", 2 }, { "Are made: the server reads what is behind a link", 48 } },
    { { "off", 3 }, { "Are not made", 12 } },
};
#define CHOICES(a) (a), sizeof(a) / sizeof(a)[0]

static const struct entry {
    const char *key; /* of core/site.c, whose sentence is the hint */
    const char *label;
    const char *type;
    int64_t rows;
    bool user_text;
    const struct choice *choices;
    size_t choices_n;
} entries[] = {
    { "title", "Name", NULL, 0, true },
    { "description", "In one sentence", NULL, 0, true },
    { "about", "About", NULL, 10, true },
    { "privacy", "Privacy", NULL, 10, true },
    { "contact_email", "E-mail address for everybody", "email", 0, false },
    { "contact_account", "Contact", NULL, 0, false },
    { "languages", "Languages", NULL, 0, false },
    { "sign_up", "Who may join", NULL, 0, false, CHOICES(sign_up_choices) },
    { "sign_up_reason", "Why sign-up is closed", NULL, 0, true },
    { "age_min", "Least age", "number", 0, false },
    { "trends", "What many talk about", NULL, 0, false, CHOICES(trends_choices) },
    { "link_cards", "Cards of links", NULL, 0, false, CHOICES(card_choices) },
};
#define ENTRIES (sizeof entries / sizeof entries[0])

static const struct choice mode_choices[] = {
    { { "normal", 6 }, { "Everything works", 16 } },
    { { "sign-ups-paused", 15 }, { "No newcomers", 12 } },
    { { "moderators-only", 15 }, { "Only moderators write", 21 } },
    { { "read-only", 9 }, { "Nobody writes", 13 } },
};
static const struct choice spans[] = {
    { { "0", 1 }, { "Not known", 9 } },           { { "1800", 4 }, { "In half an hour", 15 } },
    { { "3600", 4 }, { "In an hour", 10 } },      { { "7200", 4 }, { "In two hours", 12 } },
    { { "21600", 5 }, { "In six hours", 12 } },   { { "86400", 5 }, { "In a day", 8 } },
    { { "259200", 6 }, { "In three days", 13 } }, { { "604800", 6 }, { "In a week", 9 } },
};

void community_tabs(struct visit *v, const char *at)
{
    static const struct {
        const char *path, *label;
    } tabs[] = { { "/community", "Community" },
                 { "/community/rules", "Rules" },
                 { "/community/terms", "Terms" },
                 { "/community/mode", "Mode" },
                 { "/community/announcements", "Announcements" },
                 { "/community/emojis", "Emoji" } };
    hw_open_class(&v->w, "nav", STR("tabs"));
    hw_attr(&v->w, "aria-label", STR("What you decide"));
    for (size_t i = 0; i < sizeof tabs / sizeof tabs[0]; i++)
        layout_tab(v, str_c(tabs[i].path), tabs[i].label, strcmp(at, tabs[i].path) == 0);
    hw_close(&v->w, "nav");
}

static void begin(struct visit *v, const struct sheet *s, const char *path)
{
    layout_begin(v, s);
    community_tabs(v, path);
    form_open(v, str_c(path), STR("sheet"));
    form_refused(v);
}

/* Browsers end lines with both characters. */
static struct str unix_lines(struct arena *a, struct str text)
{
    struct buf b = buf_on(a);
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] != '\r')
            buf_putc(&b, text.p[i]);
    return buf_str(&b);
}

static enum err value_shown(struct visit *v, const struct entry *e, struct str *out)
{
    struct account *a = NULL;
    int64_t id = 0;
    if (v->q->method == HTTP_POST) {
        *out = visit_param(v, e->key);
        return OK;
    }
    TRY(site_setting_get(v->c, str_c(e->key), out));
    if (strcmp(e->key, "contact_account") != 0)
        return OK;
    if (id_parse(*out, &id))
        TRY(store_account_find(v->c, id, &a));
    *out = a == NULL ? STR("") : arena_strf(v->c->arena, "@" STR_FMT, STR_ARG(a->username));
    return OK;
}

static struct str hint_of(const char *key)
{
    for (size_t i = 0; i < site_setting_count(); i++)
        if (strcmp(site_setting_at(i)->key, key) == 0)
            return str_c(site_setting_at(i)->about);
    return STR("");
}

static enum err show(struct visit *v)
{
    const struct sheet s = { .title = STR("This community"), .nav = "more" };
    struct str values[ENTRIES];
    struct str says = v->c->says;
    for (size_t i = 0; i < ENTRIES; i++)
        TRY(value_shown(v, &entries[i], &values[i]));
    v->c->says = says;
    begin(v, &s, "/community");
    for (size_t i = 0; i < ENTRIES; i++) {
        const struct entry *e = &entries[i];
        if (e->choices != NULL)
            form_choice(v, e->key, e->label, e->choices, e->choices_n, values[i]);
        else
            form_field(v, &(struct field){ .name = e->key,
                                           .label = e->label,
                                           .type = e->type,
                                           .rows = e->rows,
                                           .hint = hint_of(e->key),
                                           .user_text = e->user_text,
                                           .value = values[i] });
    }
    form_submit(v, STR("Save"));
    form_close(v);
    return layout_end(v, &s);
}

enum err page_community(struct visit *v)
{
    return show(v);
}

enum err page_community_send(struct visit *v)
{
    struct site_change all[ENTRIES];
    for (size_t i = 0; i < ENTRIES; i++)
        all[i] = (struct site_change){
            str_c(entries[i].key),
            str_trim(unix_lines(v->c->arena, visit_param(v, entries[i].key))),
        };
    enum err e = site_allows_write(v->c);
    if (e == OK)
        e = site_settings_change(v->c, all, ENTRIES);
    if (form_takes(v, e))
        return show(v);
    TRY(e);
    return visit_go(v, STR("/community?said=saved"));
}

/* --- rules --- */

static struct str rules_text(struct visit *v)
{
    const struct site *site = v->c->site;
    struct buf b = buf_on(v->c->arena);
    for (int64_t i = 0; i < site->rules_n; i++) {
        buf_put(&b, site->rules[i].text);
        if (site->rules[i].hint.n > 0)
            buf_printf(&b, " | " STR_FMT, STR_ARG(site->rules[i].hint));
        buf_putc(&b, '\n');
    }
    return buf_str(&b);
}

static enum err show_rules(struct visit *v)
{
    const struct sheet s = { .title = STR("This community"), .sub = STR("Rules"), .nav = "more" };
    begin(v, &s, "/community/rules");
    form_field(v, &(struct field){ .name = "rules",
                                   .label = "The rules that people accept when they join",
                                   .hint = STR("One a line. A hint may stand behind ' | ' on the same line."),
                                   .rows = 14,
                                   .user_text = true,
                                   .value = v->q->method == HTTP_POST ? visit_param(v, "rules") : rules_text(v) });
    form_submit(v, STR("Put them in force"));
    form_close(v);
    return layout_end(v, &s);
}

enum err page_community_rules(struct visit *v)
{
    return show_rules(v);
}

enum err page_community_rules_send(struct visit *v)
{
    enum err e = site_allows_write(v->c);
    if (e == OK)
        e = site_rules_write(v->c, visit_param(v, "rules"));
    if (form_takes(v, e))
        return show_rules(v);
    TRY(e);
    return visit_go(v, STR("/community/rules?said=saved"));
}

/* --- mode: also while the server takes no other writes --- */

static enum err show_mode(struct visit *v)
{
    const struct sheet s = { .title = STR("This community"), .sub = STR("Mode"), .nav = "more" };
    bool sent = v->q->method == HTTP_POST;
    begin(v, &s, "/community/mode");
    form_choice(v, "mode", "What works now", mode_choices, sizeof mode_choices / sizeof mode_choices[0],
                sent ? visit_param(v, "mode") : site_mode_word(v->c->site->mode));
    form_field(v, &(struct field){ .name = "reason",
                                   .label = "Why",
                                   .hint = STR("Everybody is shown it, on every page and in apps."),
                                   .user_text = true,
                                   .value = sent ? visit_param(v, "reason") : v->c->site->mode_reason });
    form_choice(v, "seconds", "When it is expected to end", spans, sizeof spans / sizeof spans[0],
                sent ? visit_param(v, "seconds") : STR("0"));
    form_submit(v, STR("Change the mode"));
    form_close(v);
    return layout_end(v, &s);
}

enum err page_community_mode(struct visit *v)
{
    return show_mode(v);
}

static enum err change_mode(struct visit *v)
{
    enum site_mode mode = MODE_NORMAL;
    int64_t seconds = 0;
    if (v->c->site->disk_full)
        return site_allows_write(v->c);
    if (!site_mode_parse(visit_param(v, "mode"), &mode)
        || !http_i64(v->q, "seconds", 0, MODE_SECONDS_MAX, false, &seconds))
        return fail(v->c, ERR_INVALID, "That is not one of the choices.");
    return site_mode_enter(v->c, mode, str_trim(visit_param(v, "reason")),
                           seconds == 0 ? 0 : v->c->now_ms + seconds * SECOND_MS);
}

enum err page_community_mode_send(struct visit *v)
{
    enum err e = change_mode(v);
    if (form_takes(v, e))
        return show_mode(v);
    TRY(e);
    return visit_go(v, STR("/community/mode?said=saved"));
}
