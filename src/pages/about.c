/* SPDX-License-Identifier: Apache-2.0 */
#include "core/address.h"
#include "core/render.h"
#include "core/site.h"
#include "core/terms.h"
#include "feed/feed.h"
#include "model/account.h"
#include "model/site.h"
#include "pages/layout.h"
#include "pages/routes.h"
#include "store/account.h"
#include "store/setting.h"

/* What the people who run the server say about it: about, rules, privacy. */

static enum err find_contact(struct ctx *c, struct account **out)
{
    *out = NULL;
    if (c->site->contact_account_id != 0)
        return store_account_find(c, c->site->contact_account_id, out);
    return store_account_find_owner(c, out);
}

static void put_contact(struct visit *v, const struct account *a)
{
    struct hw *w = &v->w;
    struct str mail = v->c->site->contact_email;
    if (a == NULL && mail.n == 0)
        return;
    hw_el(w, "h2", STR("Contact"));
    hw_open(w, "p");
    if (a != NULL) {
        hw_text(w, STR("This server is run by "));
        hw_link(w, visit_relative(v, address_account(v->c, a->username)),
                arena_strf(v->c->arena, "@" STR_FMT, STR_ARG(a->username)));
        hw_text(w, STR(". "));
    }
    if (mail.n > 0) {
        hw_text(w, STR("Write to "));
        hw_link(w, arena_strf(v->c->arena, "mailto:" STR_FMT, STR_ARG(mail)), mail);
        hw_text(w, STR("."));
    }
    hw_close(w, "p");
}

static struct str sign_up_words(const struct site *s)
{
    switch (s->sign_up) {
    case SIGN_UP_OPEN: return STR("Everybody may join.");
    case SIGN_UP_APPROVAL: return STR("Everybody may ask to join; a moderator answers.");
    case SIGN_UP_INVITE: return STR("Members invite new members.");
    case SIGN_UP_CLOSED: return STR("No new members for now.");
    }
    return STR("");
}

static void put_figures(struct visit *v)
{
    struct hw *w = &v->w;
    struct site_counts n = { 0 };
    site_figures(v->c->sites, &n);
    hw_el(w, "h2", STR("In numbers"));
    hw_open(w, "p");
    hw_i64(w, n.members);
    hw_text(w, n.members == 1 ? STR(" member, ") : STR(" members, "));
    hw_i64(w, n.active_month);
    hw_text(w, STR(" here in the last month, "));
    hw_i64(w, n.statuses);
    hw_text(w, n.statuses == 1 ? STR(" parley. ") : STR(" parleys. "));
    hw_text(w, sign_up_words(v->c->site));
    hw_close(w, "p");
}

enum err page_about(struct visit *v)
{
    struct hw *w = &v->w;
    const struct site *site = v->c->site;
    struct account *contact = NULL;
    const struct sheet s = { .title = STR("About"),
                             .sub = site->domain,
                             .nav = v->c->me == NULL ? "about" : "more",
                             .index = true,
                             .path = STR("/about"),
                             .description = site->description };
    struct terms_version *terms = NULL;
    int64_t terms_n = 0;
    TRY(find_contact(v->c, &contact));
    TRY(terms_list(v->c, &terms, &terms_n));
    layout_begin(v, &s);
    hw_open_class(w, "div", STR("prose"));
    if (site->description.n > 0)
        hw_el_class(w, "p", STR("lead"), site->description);
    if (site->about.n > 0)
        hw_raw(w, render_profile_html(v->c, site->about, STR("[]"), false));
    put_figures(v);
    put_contact(v, contact);
    hw_el(w, "h2", STR("More"));
    hw_open(w, "ul");
    static const struct {
        const char *href, *label;
    } links[] = { { "/rules", "Rules" }, { "/privacy", "Privacy" }, { "/local", "What members say in public" } };
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
        hw_open(w, "li");
        hw_link(w, str_c(links[i].href), str_c(links[i].label));
        hw_close(w, "li");
    }
    if (terms_n > 0) {
        hw_open(w, "li");
        hw_link(w, STR("/terms"), STR("Terms of service"));
        hw_close(w, "li");
    }
    hw_close(w, "ul");
    hw_el_class(w, "p", STR("faint small"), STR("This server runs Parley. Apps for the Mastodon API work with it."));
    hw_close(w, "div");
    return layout_end(v, &s);
}

enum err page_rules(struct visit *v)
{
    struct hw *w = &v->w;
    const struct site *site = v->c->site;
    const struct sheet s = { .title = STR("Rules"), .sub = site->domain, .index = true, .path = STR("/rules") };
    layout_begin(v, &s);
    hw_open_class(w, "div", STR("prose"));
    if (site->rules_n == 0)
        hw_el(w, "p", STR("This server has no written rules yet. Be kind."));
    hw_open(w, "ol");
    for (int64_t i = 0; i < site->rules_n; i++) {
        hw_open(w, "li");
        hw_el(w, "b", site->rules[i].text);
        if (site->rules[i].hint.n > 0) {
            hw_void(w, "br");
            hw_text(w, site->rules[i].hint);
        }
        hw_close(w, "li");
    }
    hw_close(w, "ol");
    hw_close(w, "div");
    return layout_end(v, &s);
}

enum err page_privacy(struct visit *v)
{
    struct hw *w = &v->w;
    const struct site *site = v->c->site;
    const struct sheet s = { .title = STR("Privacy"), .sub = site->domain, .index = true, .path = STR("/privacy") };
    layout_begin(v, &s);
    hw_open_class(w, "div", STR("prose"));
    if (site->privacy.n > 0)
        hw_raw(w, render_profile_html(v->c, site->privacy, STR("[]"), false));
    else
        hw_el(w, "p", STR("The people who run this server have not written down yet what they do with data."));
    hw_el(w, "h2", STR("What these pages do"));
    hw_el(w, "p",
          STR("They set one cookie when you sign in, and one when you open a form before that, to know that it was you "
              "who sent it. They load nothing from other servers. The one program that runs in your browser asks it "
              "for a passkey; "
              "whoever has none needs none."));
    hw_close(w, "div");
    return layout_end(v, &s);
}
