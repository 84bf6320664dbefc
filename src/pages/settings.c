/* SPDX-License-Identifier: Apache-2.0 */
#include "pages/settings.h"
#include "core/account.h"
#include "core/auth.h"
#include "core/mention.h"
#include "core/name.h"
#include "core/password.h"
#include "core/picture.h"
#include "core/quote.h"
#include "core/session.h"
#include "core/visible.h"
#include "model/site.h"
#include "pages/article.h"
#include "pages/compose.h"
#include "pages/cookie.h"
#include "pages/form.h"
#include "pages/layout.h"
#include "pages/routes.h"
#include "pages/when.h"
#include "store/app.h"

void settings_tabs(struct visit *v, const char *at)
{
    static const struct {
        const char *key, *label;
    } tabs[] = { { "profile", "Profile" },           { "account", "Account" },     { "filters", "Filters" },
                 { "sessions", "Sessions" },         { "two_factor", "Security" }, { "invites", "Invites" },
                 { "transfer", "Import and export" } };
    struct hw *w = &v->w;
    hw_open_class(w, "nav", STR("tabs"));
    hw_attr(w, "aria-label", STR("Settings"));
    for (size_t i = 0; i < sizeof tabs / sizeof tabs[0]; i++)
        layout_tab(v, arena_strf(v->c->arena, "/settings/%s", tabs[i].key), tabs[i].label,
                   strcmp(at, tabs[i].key) == 0);
    hw_close(w, "nav");
}

/* --- profile --- */

static bool given(const struct visit *v, const char *name, bool otherwise)
{
    return v->q->method == HTTP_POST ? visit_param(v, name).n > 0 : otherwise;
}

static struct str typed(const struct visit *v, const char *name, struct str otherwise)
{
    struct str s = http_param(v->q, name);
    return v->q->method == HTTP_POST && s.p != NULL ? s : otherwise;
}

struct picture_field {
    const char *name, *label, *drop, *text, *text_label;
    bool has;
    struct str now;
};

static void put_picture(struct visit *v, const struct picture_field *p)
{
    form_field(v, &(struct field){ .name = p->name,
                                   .label = p->label,
                                   .type = "file",
                                   .hint = STR("JPEG, PNG, WebP, GIF or AVIF, up to 8 MB.") });
    if (p->has)
        form_check(v, p->drop, STR("Remove the one there is"), false, STR(""));
    form_field(v, &(struct field){ .name = p->text,
                                   .label = p->text_label,
                                   .hint = STR("For people who do not see it."),
                                   .max = PICTURE_TEXT_MAX,
                                   .user_text = true,
                                   .value = typed(v, p->text, p->now) });
}

static void put_profile_fields(struct visit *v, const struct account *me)
{
    struct hw *w = &v->w;
    const struct profile_field *f = NULL;
    int64_t n = profile_fields(v->c->arena, me->fields, &f);
    hw_open(w, "fieldset");
    hw_el(w, "legend", STR("More about you"));
    hw_el_class(w, "p", STR("hint"), STR("Shown as a table: your site, your pronouns, your boat."));
    for (int64_t i = 0; i < FIELDS_MAX; i++) {
        char *name = arena_alloc(v->c->arena, 16);
        char *value = arena_alloc(v->c->arena, 16);
        const char *name_label = arena_cstr(v->c->arena, arena_strf(v->c->arena, "Name %lld", (long long)i + 1));
        const char *value_label = arena_cstr(v->c->arena, arena_strf(v->c->arena, "Text %lld", (long long)i + 1));
        memcpy(name, "field_name_0", 13);
        memcpy(value, "field_value_0", 14);
        name[11] = (char)('0' + i);
        value[12] = (char)('0' + i);
        hw_open_class(w, "div", STR("two"));
        form_field(v, &(struct field){ .name = name,
                                       .label = name_label,
                                       .user_text = true,
                                       .value = typed(v, name, i < n ? f[i].name : STR("")) });
        form_field(v, &(struct field){ .name = value,
                                       .label = value_label,
                                       .user_text = true,
                                       .value = typed(v, value, i < n ? f[i].value : STR("")) });
        hw_close(w, "div");
    }
    hw_close(w, "fieldset");
}

static struct str domain_lines(struct arena *a, struct str json)
{
    const struct str *names = NULL;
    struct buf b = buf_on(a);
    int64_t n = tag_list(a, json, &names);
    for (int64_t i = 0; i < n; i++) {
        buf_put(&b, names[i]);
        buf_putc(&b, '\n');
    }
    return buf_str(&b);
}

static void put_page_choices(struct visit *v, const struct account *me)
{
    struct hw *w = &v->w;
    hw_open(w, "fieldset");
    hw_el(w, "legend", STR("Your page"));
    form_check(v, "show_media", STR("It has a tab with what you attached"),
               given(v, "show_media", (me->hides & HIDES_MEDIA) == 0), STR(""));
    form_check(v, "show_media_replies", STR("... also to your answers"),
               given(v, "show_media_replies", (me->hides & HIDES_MEDIA_REPLIES) == 0), STR(""));
    form_check(v, "show_featured", STR("It shows the tags and people you feature"),
               given(v, "show_featured", (me->hides & HIDES_FEATURED) == 0), STR(""));
    form_field(
        v, &(struct field){ .name = "domains",
                            .label = "Sites that may name you as author",
                            .hint = STR("One a line. Links to their pages then show your name, if the page names you."),
                            .rows = 2,
                            .value = typed(v, "domains", domain_lines(v->c->arena, me->attribution_domains)) });
    hw_close(w, "fieldset");
}

static void put_switches(struct visit *v, const struct account *me)
{
    struct hw *w = &v->w;
    struct choice vis[3];
    int chosen = me->default_quote_policy;
    enum quote_policy quote = chosen == 0 ? QUOTE_ANYBODY : (enum quote_policy)(chosen - 1);
    for (int i = VIS_PUBLIC; i <= VIS_PRIVATE; i++)
        vis[i] = (struct choice){ visibility_word((enum visibility)i), reach_words((enum visibility)i) };
    hw_open(w, "fieldset");
    hw_el(w, "legend", STR("Who finds you"));
    form_check(v, "locked", STR("I approve who follows me"), given(v, "locked", me->locked), STR(""));
    form_check(v, "discoverable", STR("Show me to people who look for someone to follow"),
               given(v, "discoverable", me->discoverable), STR(""));
    form_check(v, "indexable", STR("Search may find what I write in public"), given(v, "indexable", me->indexable),
               STR("On this server, and for search engines."));
    form_check(v, "hide_collections", STR("Keep whom I follow and who follows me to myself"),
               given(v, "hide_collections", me->hide_collections), STR(""));
    form_check(v, "bot", STR("This is an automated account"), given(v, "bot", me->bot), STR(""));
    hw_close(w, "fieldset");
    hw_open(w, "fieldset");
    hw_el(w, "legend", STR("When I write"));
    form_choice(v, "default_visibility", "Who may read it", vis, 3,
                typed(v, "default_visibility", visibility_word(me->default_visibility)));
    form_language(v, "default_language", "Language", typed(v, "default_language", me->default_language));
    compose_policies(v, typed(v, "answerable", reply_policy_word((enum reply_policy)me->default_reply_policy)),
                     typed(v, "quotable", quote_policy_word(quote)));
    hw_close(w, "fieldset");
}

static enum err show_profile(struct visit *v)
{
    const struct account *me = v->c->me;
    const struct sheet s = { .title = STR("Settings"), .sub = STR("Profile"), .nav = "more" };
    layout_begin(v, &s);
    settings_tabs(v, "profile");
    form_open_upload(v, STR("/settings/profile"), STR("sheet"));
    form_refused(v);
    form_field(v, &(struct field){ .name = "display_name",
                                   .label = "Name",
                                   .user_text = true,
                                   .autocomplete = "name",
                                   .max = NAME_DISPLAY_MAX,
                                   .value = typed(v, "display_name", me->display_name) });
    form_field(
        v,
        &(struct field){
            .name = "note", .label = "About you", .rows = 5, .user_text = true, .value = typed(v, "note", me->note) });
    put_picture(v, &(struct picture_field){ "avatar", "Picture", "avatar_drop", "avatar_text", "What the picture shows",
                                            me->avatar.p != NULL, me->avatar_text });
    put_picture(v, &(struct picture_field){ "header", "Wide picture above your page", "header_drop", "header_text",
                                            "What the wide picture shows", me->header.p != NULL, me->header_text });
    put_profile_fields(v, me);
    put_page_choices(v, me);
    put_switches(v, me);
    form_submit(v, STR("Save"));
    form_close(v);
    return layout_end(v, &s);
}

enum err page_settings_profile(struct visit *v)
{
    return show_profile(v);
}

static struct str file(const struct visit *v, const char *name)
{
    const struct http_param *p = http_file(v->q, name);
    return p == NULL || p->value.n == 0 ? (struct str){ 0 } : p->value;
}

static void read_fields(struct visit *v, struct profile_field *out)
{
    for (int64_t i = 0; i < FIELDS_MAX; i++) {
        out[i].name = visit_param(v, arena_cstr(v->c->arena, arena_strf(v->c->arena, "field_name_%lld", (long long)i)));
        out[i].value =
            visit_param(v, arena_cstr(v->c->arena, arena_strf(v->c->arena, "field_value_%lld", (long long)i)));
    }
}

static void read_page_choices(struct visit *v, struct profile_edit *e, struct str domains[ATTRIBUTION_MAX + 2])
{
    struct str rest = visit_param(v, "domains");
    e->avatar_text = visit_param(v, "avatar_text");
    e->header_text = visit_param(v, "header_text");
    e->show_media = visit_param(v, "show_media").n > 0;
    e->show_media_replies = visit_param(v, "show_media_replies").n > 0;
    e->show_featured = visit_param(v, "show_featured").n > 0;
    e->domains = domains;
    e->domains_n = 0;
    for (struct str line = { 0 }; e->domains_n < ATTRIBUTION_MAX + 2 && str_cut(&rest, '\n', &line);)
        if (str_trim(line).n > 0)
            domains[e->domains_n++] = line;
}

enum err page_settings_profile_send(struct visit *v)
{
    struct account *now = NULL;
    struct profile_field fields[FIELDS_MAX] = { 0 };
    struct profile_edit e = profile_edit_none();
    struct str domains[ATTRIBUTION_MAX + 2] = { 0 };
    read_fields(v, fields);
    read_page_choices(v, &e, domains);
    e.display_name = visit_param(v, "display_name");
    e.note = visit_param(v, "note");
    e.fields = fields;
    e.fields_n = FIELDS_MAX;
    e.avatar = file(v, "avatar");
    e.header = file(v, "header");
    e.avatar_drop = visit_param(v, "avatar_drop").n > 0;
    e.header_drop = visit_param(v, "header_drop").n > 0;
    e.locked = visit_param(v, "locked").n > 0;
    e.bot = visit_param(v, "bot").n > 0;
    e.discoverable = visit_param(v, "discoverable").n > 0;
    e.indexable = visit_param(v, "indexable").n > 0;
    e.hide_collections = visit_param(v, "hide_collections").n > 0;
    e.default_visibility = visibility_parse(visit_param(v, "default_visibility"));
    e.default_language = visit_param(v, "default_language");
    e.default_quote_policy = quote_policy_parse(visit_param(v, "quotable"));
    e.default_reply_policy = reply_policy_parse(visit_param(v, "answerable"));
    enum err r = account_edit(v->c, &e, &now);
    if (form_takes(v, r))
        return show_profile(v);
    TRY(r);
    return visit_go(v, STR("/settings/profile?said=saved"));
}

/* --- account --- */

static void put_password_form(struct visit *v)
{
    form_open(v, STR("/settings/account/password"), STR("sheet"));
    form_refused(v);
    hw_el(&v->w, "h2", STR("Password"));
    form_field(v, &(struct field){ .name = "password",
                                   .label = "Password now",
                                   .type = "password",
                                   .autocomplete = "current-password",
                                   .required = true });
    form_field(v, &(struct field){ .name = "new_password",
                                   .label = "New password",
                                   .type = "password",
                                   .autocomplete = "new-password",
                                   .hint = STR("At least 8 characters."),
                                   .max = PASSWORD_MAX,
                                   .required = true });
    form_submit(v, STR("Change the password"));
    form_close(v);
}

static void put_email_form(struct visit *v, const struct member *m)
{
    form_open(v, STR("/settings/account/email"), STR("sheet"));
    form_refused(v);
    hw_el(&v->w, "h2", STR("E-mail address"));
    form_field(v,
               &(struct field){ .name = "email",
                                .label = "Address",
                                .type = "email",
                                .autocomplete = "email",
                                .value = m->email,
                                .required = true,
                                .hint = STR("A link goes to the new address; until it is opened the old one stays.") });
    form_proof(v, "email-proof");
    form_submit(v, STR("Change the address"));
    form_close(v);
}

static void put_leave_form(struct visit *v)
{
    form_open(v, STR("/settings/account/leave"), STR("sheet"));
    form_refused(v);
    hw_el(&v->w, "h2", STR("Leave"));
    hw_el(&v->w, "p",
          arena_strf(v->c->arena,
                     "Nobody sees your account from now on, and after %lld days all of it is deleted for good."
                     " Until then you can sign in and keep it.",
                     (long long)v->c->site->deletion_days));
    form_proof(v, "leave-proof");
    form_button(v, STR("btn d"), NULL, STR(""), STR("Delete my account"));
    form_close(v);
}

/* A refused form stands alone, so that what was wrong is marked on it. */
enum part { PART_ALL, PART_PASSWORD, PART_EMAIL, PART_LEAVE };

static enum err show_account(struct visit *v, enum part only)
{
    const struct sheet s = { .title = STR("Settings"), .sub = STR("Account"), .nav = "more" };
    struct member *m = NULL;
    struct str says = v->c->says;
    TRY(account_member(v->c, &m));
    v->c->says = says;
    layout_begin(v, &s);
    settings_tabs(v, "account");
    if (only == PART_ALL || only == PART_PASSWORD)
        put_password_form(v);
    if (only == PART_ALL || only == PART_EMAIL)
        put_email_form(v, m);
    if (only == PART_ALL || only == PART_LEAVE)
        put_leave_form(v);
    return layout_end(v, &s);
}

enum err page_settings(struct visit *v)
{
    return visit_go(v, STR("/settings/profile"));
}

/* Where password managers look (W3C, A Well-Known URL for Changing Passwords). */
enum err page_change_password(struct visit *v)
{
    return visit_go(v, STR("/settings/account"));
}

enum err page_settings_account(struct visit *v)
{
    return show_account(v, PART_ALL);
}

enum err page_settings_password(struct visit *v)
{
    enum err e = auth_password_change(v->c, visit_param(v, "password"), visit_param(v, "new_password"));
    for (struct field_errors *f = v->c->fields; f != NULL; f = f->next)
        if (!str_eq(f->description, STR("is wrong"))) /* what is said of a password is said of the new one */
            f->field = STR("new_password");
    if (form_takes(v, e))
        return show_account(v, PART_PASSWORD);
    TRY(e);
    return visit_go(v, STR("/settings/account?said=changed"));
}

enum err page_settings_email(struct visit *v)
{
    enum err e = auth_email_change(v->c, visit_param(v, "password"), visit_param(v, "email"));
    if (form_takes(v, e))
        return show_account(v, PART_EMAIL);
    TRY(e);
    return visit_go(v, STR("/settings/account?said=mail"));
}

enum err page_settings_leave(struct visit *v)
{
    enum err e = account_deletion_ask(v->c, visit_param(v, "password"));
    if (form_takes(v, e))
        return show_account(v, PART_LEAVE);
    TRY(e);
    cookie_clear_session(v);
    return visit_go(v, STR("/sign-in?said=leaving"));
}
