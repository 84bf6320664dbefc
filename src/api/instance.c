/* SPDX-License-Identifier: Apache-2.0 */
#include "api/entity.h"
#include "api/reply.h"
#include "api/routes.h"
#include "base/clock.h"
#include "base/hw.h"
#include "base/jw.h"
#include "core/account.h"
#include "core/attachment.h"
#include "core/lang_names.h"
#include "core/name.h"
#include "core/picture.h"
#include "core/poll.h"
#include "core/render.h"
#include "core/site.h"
#include "core/tag_mark.h"
#include "core/terms.h"
#include "core/text.h"
#include "courier/translator.h"
#include "media/bounds.h"
#include "store/account.h"
#include "store/setting.h"

/* What the client API is told (docs/API.md): the Mastodon release whose API is spoken, then us as semver build
   metadata, which clients' version comparisons accept. API version 9 promises, with all below it: grouped
   notifications (2), PKCE and attribution_domains (3), web push by RFC 8291 and DELETE of media (4), the filter action
   blur (5), featured accounts (6), quotes (7), the profile with descriptions of its pictures (8, 9). 10 would promise
   collections, which are not built. */
#define API_RELEASE "4.5.0+parley-" PARLEY_VERSION
#define API_NUMBER  9
#define PINNED_MAX  5

static struct str place(struct ctx *c, const char *path)
{
    return arena_strf(c->arena, STR_FMT "%s", STR_ARG(c->site->base_url), path);
}

/* Same host, WebSocket scheme. Clients append the path. */
static struct str streaming_url(struct ctx *c)
{
    bool secure = str_starts(c->site->base_url, STR("https:"));
    return arena_strf(c->arena, "%s" STR_FMT, secure ? "wss" : "ws",
                      STR_ARG(str_skip(c->site->base_url, secure ? 5 : 4)));
}

static void put_languages(struct ctx *c, struct jw *w)
{
    struct str rest = c->site->languages;
    jw_karr(w, STR("languages"));
    for (struct str code = { 0 }; rest.n > 0 && str_cut(&rest, ',', &code);)
        jw_str(w, str_trim(code));
    jw_arr_end(w);
}

static void put_rule_list(struct ctx *c, struct jw *w)
{
    jw_arr(w);
    for (int64_t i = 0; i < c->site->rules_n; i++) {
        const struct rule *rule = &c->site->rules[i];
        jw_obj(w);
        jw_kid(w, STR("id"), rule->id);
        jw_kstr(w, STR("text"), rule->text);
        jw_kstr(w, STR("hint"), rule->hint);
        jw_kraw(w, STR("translations"), STR("{}"));
        jw_obj_end(w);
    }
    jw_arr_end(w);
}

/* Clients read all of these keys. */
static void put_composing(struct ctx *c, struct jw *w)
{
    static const struct str types[] = {
        STR("image/jpeg"),  STR("image/png"),  STR("image/gif"), STR("image/webp"),      STR("image/avif"),
        STR("image/heic"),  STR("image/heif"), STR("video/mp4"), STR("video/quicktime"), STR("video/webm"),
        STR("audio/mpeg"),  STR("audio/mp3"),  STR("audio/ogg"), STR("audio/flac"),      STR("audio/wav"),
        STR("audio/x-wav"), STR("audio/mp4"),  STR("audio/m4a"),
    };
    jw_kobj(w, STR("statuses"));
    jw_ki64(w, STR("max_characters"), c->site->status_chars_max);
    jw_ki64(w, STR("max_media_attachments"), ATTACHMENTS_MAX);
    jw_ki64(w, STR("characters_reserved_per_url"), TEXT_URL_LENGTH);
    jw_obj_end(w);
    jw_kobj(w, STR("media_attachments"));
    jw_karr(w, STR("supported_mime_types"));
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        jw_str(w, types[i]);
    jw_arr_end(w);
    jw_ki64(w, STR("description_limit"), ATTACHMENT_DESCRIPTION_MAX);
    jw_ki64(w, STR("image_size_limit"), c->site->media_image_bytes);
    jw_ki64(w, STR("image_matrix_limit"), IMAGE_PIXELS_MAX);
    jw_ki64(w, STR("video_size_limit"), c->site->media_video_bytes);
    jw_ki64(w, STR("video_frame_rate_limit"), 120);
    jw_ki64(w, STR("video_matrix_limit"), VIDEO_PIXELS_MAX);
    jw_obj_end(w);
    jw_kobj(w, STR("polls"));
    jw_ki64(w, STR("max_options"), POLL_OPTIONS_MAX);
    jw_ki64(w, STR("max_characters_per_option"), POLL_OPTION_CHARS_MAX);
    jw_ki64(w, STR("min_expiration"), poll_seconds_min(c));
    jw_ki64(w, STR("max_expiration"), POLL_SECONDS_MAX);
    jw_obj_end(w);
}

static void put_access(struct jw *w, struct str key)
{
    jw_kobj(w, key);
    jw_kstr(w, STR("local"), STR("public"));
    jw_kstr(w, STR("remote"), STR("public"));
    jw_obj_end(w);
}

static void put_configuration(struct ctx *c, struct jw *w, bool has_terms)
{
    jw_kobj(w, STR("configuration"));
    jw_kobj(w, STR("urls"));
    jw_kstr(w, STR("streaming"), streaming_url(c));
    jw_knull(w, STR("status"));
    jw_kstr(w, STR("about"), place(c, "/about"));
    jw_kstr(w, STR("privacy_policy"), place(c, "/privacy"));
    if (has_terms)
        jw_kstr(w, STR("terms_of_service"), place(c, "/terms"));
    else
        jw_knull(w, STR("terms_of_service"));
    jw_obj_end(w);
    jw_kobj(w, STR("vapid"));
    jw_kstr(w, STR("public_key"), c->site->vapid_public);
    jw_obj_end(w);
    jw_kobj(w, STR("accounts"));
    jw_ki64(w, STR("max_display_name_length"), NAME_DISPLAY_MAX);
    jw_ki64(w, STR("max_note_length"), NOTE_MAX);
    jw_ki64(w, STR("max_featured_tags"), TAGS_FEATURED_MAX);
    jw_ki64(w, STR("max_pinned_statuses"), PINNED_MAX);
    jw_ki64(w, STR("max_profile_fields"), FIELDS_MAX);
    jw_ki64(w, STR("profile_field_name_limit"), FIELD_MAX);
    jw_ki64(w, STR("profile_field_value_limit"), FIELD_MAX);
    jw_obj_end(w);
    put_composing(c, w);
    jw_kobj(w, STR("translation"));
    jw_kbool(w, STR("enabled"), translator_is_on(c));
    jw_obj_end(w);
    jw_kobj(w, STR("timelines_access"));
    put_access(w, STR("live_feeds"));
    put_access(w, STR("hashtag_feeds"));
    put_access(w, STR("trending_link_feeds"));
    jw_obj_end(w);
    jw_kbool(w, STR("limited_federation"), true);
    jw_obj_end(w);
}

static bool sign_up_is_open(struct ctx *c)
{
    return c->site->sign_up != SIGN_UP_CLOSED && c->site->sign_up != SIGN_UP_INVITE && c->site->mode == MODE_NORMAL;
}

static void put_registrations(struct ctx *c, struct jw *w)
{
    struct str message = c->site->mode != MODE_NORMAL ? c->site->mode_reason : c->site->sign_up_reason;
    bool open = sign_up_is_open(c);
    jw_kobj(w, STR("registrations"));
    jw_kbool(w, STR("enabled"), open);
    jw_kbool(w, STR("approval_required"), c->site->sign_up == SIGN_UP_APPROVAL);
    jw_kbool(w, STR("reason_required"), c->site->sign_up == SIGN_UP_APPROVAL);
    if (open || message.n == 0)
        jw_knull(w, STR("message"));
    else
        jw_kstr(w, STR("message"), render_profile_html(c, message, STR("[]"), false));
    if (c->site->age_min > 0)
        jw_ki64(w, STR("min_age"), c->site->age_min);
    else
        jw_knull(w, STR("min_age"));
    jw_kstr(w, STR("url"), place(c, "/sign-up"));
    jw_obj_end(w);
}

/* The account that apps show: the one that was chosen, else the owner. "null" while there is none. */
static enum err contact_json(struct ctx *c, struct str *out)
{
    struct account *a = NULL;
    *out = STR("null");
    if (c->site->contact_account_id != 0)
        TRY(store_account_find(c, c->site->contact_account_id, &a));
    else
        TRY(store_account_find_owner(c, &a));
    return a == NULL || !a->active ? OK : entity_account(c, a->id, out);
}

/* Ours: what the server may do now, and why (core/site.h). Clients ignore what they do not know. */
static void put_mode(struct ctx *c, struct jw *w)
{
    jw_kobj(w, STR("parley"));
    jw_kstr(w, STR("mode"), site_mode_word(c->site->mode));
    jw_kstr(w, STR("mode_reason"), c->site->mode_reason);
    jw_ktime(w, STR("mode_until"), c->site->mode_until_ms);
    jw_obj_end(w);
}

/* GET /api/v2/instance */
enum err api_instance_v2(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct site_counts n = { 0 };
    struct str contact = { 0 };
    struct terms_version *terms = NULL;
    int64_t terms_n = 0;
    struct jw w = jw_on(c->arena);
    (void)q;
    TRY(terms_list(c, &terms, &terms_n));
    TRY(contact_json(c, &contact));
    site_figures(c->sites, &n);
    jw_obj(&w);
    jw_kstr(&w, STR("domain"), c->site->domain);
    jw_kstr(&w, STR("title"), c->site->title);
    jw_kstr(&w, STR("version"), STR(API_RELEASE));
    jw_kstr(&w, STR("source_url"), place(c, "/about"));
    jw_kstr(&w, STR("description"), c->site->description);
    jw_kobj(&w, STR("usage"));
    jw_kobj(&w, STR("users"));
    jw_ki64(&w, STR("active_month"), n.active_month);
    jw_obj_end(&w);
    jw_obj_end(&w);
    jw_kobj(&w, STR("thumbnail"));
    jw_kstr(&w, STR("url"), place(c, "/media/header.png"));
    jw_kstr(&w, STR("description"), c->site->title);
    jw_obj_end(&w);
    jw_karr(&w, STR("icon"));
    jw_arr_end(&w);
    put_languages(c, &w);
    put_configuration(c, &w, terms_n > 0);
    put_registrations(c, &w);
    jw_kobj(&w, STR("api_versions"));
    jw_ki64(&w, STR("mastodon"), API_NUMBER);
    jw_obj_end(&w);
    jw_kobj(&w, STR("contact"));
    jw_kstr(&w, STR("email"), c->site->contact_email);
    jw_kraw(&w, STR("account"), contact);
    jw_obj_end(&w);
    jw_key(&w, STR("rules"));
    put_rule_list(c, &w);
    put_mode(c, &w);
    jw_obj_end(&w);
    return reply_json(r, jw_end(&w));
}

/* GET /api/v1/instance */
enum err api_instance_v1(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct site_counts n = { 0 };
    struct str contact = { 0 };
    struct terms_version *terms = NULL;
    int64_t terms_n = 0;
    struct jw w = jw_on(c->arena);
    (void)q;
    TRY(terms_list(c, &terms, &terms_n));
    TRY(contact_json(c, &contact));
    site_figures(c->sites, &n);
    jw_obj(&w);
    jw_kstr(&w, STR("uri"), c->site->domain);
    jw_kstr(&w, STR("title"), c->site->title);
    jw_kstr(&w, STR("short_description"), c->site->description);
    jw_kstr(&w, STR("description"), c->site->description);
    jw_kstr(&w, STR("email"), c->site->contact_email);
    jw_kstr(&w, STR("version"), STR(API_RELEASE));
    jw_kobj(&w, STR("urls"));
    jw_kstr(&w, STR("streaming_api"), streaming_url(c));
    jw_obj_end(&w);
    jw_kobj(&w, STR("stats"));
    jw_ki64(&w, STR("user_count"), n.members);
    jw_ki64(&w, STR("status_count"), n.statuses);
    jw_ki64(&w, STR("domain_count"), 1);
    jw_obj_end(&w);
    jw_kstr(&w, STR("thumbnail"), place(c, "/media/header.png"));
    put_languages(c, &w);
    jw_kbool(&w, STR("registrations"), sign_up_is_open(c));
    jw_kbool(&w, STR("approval_required"), c->site->sign_up == SIGN_UP_APPROVAL);
    jw_kbool(&w, STR("invites_enabled"), c->site->sign_up != SIGN_UP_CLOSED);
    put_configuration(c, &w, terms_n > 0);
    jw_kraw(&w, STR("contact_account"), contact);
    jw_key(&w, STR("rules"));
    put_rule_list(c, &w);
    jw_obj_end(&w);
    return reply_json(r, jw_end(&w));
}

/* GET /api/v1/instance/rules */
enum err api_instance_rules(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct jw w = jw_on(c->arena);
    (void)q;
    put_rule_list(c, &w);
    return reply_json(r, jw_end(&w));
}

static enum err reply_page(struct ctx *c, struct http_res *r, struct str text)
{
    struct jw w = jw_on(c->arena);
    jw_obj(&w);
    jw_knull(&w, STR("updated_at"));
    jw_kstr(&w, STR("content"), render_profile_html(c, text, STR("[]"), false));
    jw_obj_end(&w);
    return reply_json(r, jw_end(&w));
}

/* GET /api/v1/instance/extended_description */
enum err api_instance_about(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    (void)q;
    return reply_page(c, r, c->site->about);
}

/* GET /api/v1/instance/privacy_policy */
enum err api_instance_privacy(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    (void)q;
    return reply_page(c, r, c->site->privacy);
}

static enum err reply_terms(struct ctx *c, struct http_res *r, const struct terms_version *t)
{
    struct jw w = jw_on(c->arena);
    jw_obj(&w);
    jw_kstr(&w, STR("effective_date"), clock_date(c->arena, t->terms.effective_ms));
    jw_kbool(&w, STR("effective"), t->effective);
    jw_kstr(&w, STR("content"), render_profile_html(c, t->terms.text, STR("[]"), false));
    jw_knull_str(&w, STR("succeeded_by"),
                 t->succeeded_ms == 0 ? (struct str){ 0 } : clock_date(c->arena, t->succeeded_ms));
    jw_obj_end(&w);
    return reply_json(r, jw_end(&w));
}

/* GET /api/v1/instance/terms_of_service */
enum err api_instance_terms(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct terms_version t = { 0 };
    (void)q;
    TRY(terms_current(c, &t));
    return reply_terms(c, r, &t);
}

/* GET /api/v1/instance/terms_of_service/:date */
enum err api_instance_terms_of(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct terms_version t = { 0 };
    TRY(terms_of(c, q->args[0], &t));
    return reply_terms(c, r, &t);
}

static void put_figure(struct ctx *c, struct jw *w, struct str key, int64_t v)
{
    jw_kstr(w, key, arena_strf(c->arena, "%lld", (long long)v));
}

/* GET /api/v1/instance/activity */
enum err api_instance_activity(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct activity weeks[ACTIVITY_WEEKS];
    struct jw w = jw_on(c->arena);
    (void)q;
    TRY(activity_weeks(c, weeks));
    jw_arr(&w);
    for (int i = 0; i < ACTIVITY_WEEKS; i++) {
        jw_obj(&w);
        put_figure(c, &w, STR("week"), weeks[i].week_ms / SECOND_MS);
        put_figure(c, &w, STR("statuses"), weeks[i].statuses);
        put_figure(c, &w, STR("logins"), weeks[i].logins);
        put_figure(c, &w, STR("registrations"), weeks[i].registrations);
        jw_obj_end(&w);
    }
    jw_arr_end(&w);
    return reply_json(r, jw_end(&w));
}

/* GET /api/v1/instance/languages */
enum err api_instance_languages(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct lang_name *all = NULL;
    struct jw w = jw_on(c->arena);
    (void)q;
    size_t n = lang_names(c->arena, &all);
    jw_arr(&w);
    for (size_t i = 0; i < n; i++) {
        jw_obj(&w);
        jw_kstr(&w, STR("code"), all[i].code);
        jw_kstr(&w, STR("name"), all[i].name);
        jw_obj_end(&w);
    }
    jw_arr_end(&w);
    return reply_json(r, jw_end(&w));
}

/* --- for those who only want to know what this is --- */

/* GET /.well-known/nodeinfo */
enum err api_nodeinfo_links(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct jw w = jw_on(c->arena);
    (void)q;
    jw_obj(&w);
    jw_karr(&w, STR("links"));
    jw_obj(&w);
    jw_kstr(&w, STR("rel"), STR("http://nodeinfo.diaspora.software/ns/schema/2.0"));
    jw_kstr(&w, STR("href"), place(c, "/nodeinfo/2.0"));
    jw_obj_end(&w);
    jw_arr_end(&w);
    jw_obj_end(&w);
    return reply_json(r, jw_end(&w));
}

/* GET /.well-known/host-meta (RFC 6415): clients find the host of the API by the template. WebFinger itself comes with
   federation. */
enum err api_host_meta(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct hw w = hw_xml_on(c->arena);
    (void)q;
    hw_doctype(&w);
    hw_open(&w, "XRD");
    hw_attr(&w, "xmlns", STR("http://docs.oasis-open.org/ns/xri/xrd-1.0"));
    hw_void(&w, "Link");
    hw_attr(&w, "rel", STR("lrdd"));
    hw_attr(&w, "template", place(c, "/.well-known/webfinger?resource={uri}"));
    hw_close(&w, "XRD");
    r->status = 200;
    r->type = STR("application/xrd+xml; charset=utf-8");
    r->body = hw_end(&w);
    return OK;
}

/* GET /nodeinfo/2.0 (nodeinfo.diaspora.software, schema 2.0). The schema wants one of ten protocols, and the server
   speaks none of them yet: an empty list breaks the schema, a name would be a lie to those who then try it. That it is
   no oversight, metadata.federation says, as Pleroma and Misskey do. */
enum err api_nodeinfo(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct site_counts n = { 0 };
    struct jw w = jw_on(c->arena);
    (void)q;
    site_figures(c->sites, &n);
    jw_obj(&w);
    jw_kstr(&w, STR("version"), STR("2.0"));
    jw_kobj(&w, STR("software"));
    jw_kstr(&w, STR("name"), STR("parley"));
    jw_kstr(&w, STR("version"), STR(PARLEY_VERSION));
    jw_obj_end(&w);
    jw_kraw(&w, STR("protocols"), STR("[]"));
    jw_kraw(&w, STR("services"), STR("{\"outbound\":[],\"inbound\":[]}"));
    jw_kobj(&w, STR("usage"));
    jw_kobj(&w, STR("users"));
    jw_ki64(&w, STR("total"), n.members);
    jw_ki64(&w, STR("activeMonth"), n.active_month);
    jw_ki64(&w, STR("activeHalfyear"), n.active_half_year);
    jw_obj_end(&w);
    jw_ki64(&w, STR("localPosts"), n.statuses);
    jw_obj_end(&w);
    jw_kbool(&w, STR("openRegistrations"), sign_up_is_open(c));
    jw_kobj(&w, STR("metadata"));
    jw_kstr(&w, STR("nodeName"), c->site->title);
    jw_kstr(&w, STR("nodeDescription"), c->site->description);
    jw_kraw(&w, STR("federation"), STR("{\"enabled\":false}"));
    jw_kraw(&w, STR("upstream"),
            STR("{\"name\":\"mastodon\"}")); /* whose API is spoken: some clients refuse other names */
    jw_obj_end(&w);
    jw_obj_end(&w);
    return reply_json(r, jw_end(&w));
}
