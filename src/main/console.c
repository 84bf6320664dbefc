/* SPDX-License-Identifier: Apache-2.0 */
#include "main/console.h"

#include "api/api.h"
#include "base/clock.h"
#include "base/id.h"
#include "core/name.h"
#include "core/standing.h"
#include "main/console_rows.h"
#include "store/account.h"

struct console_row {
    const char *path; /* behind /console/: the words of the command */
    console_fn *run;
};

/* clang-format off */
static const struct console_row rows[] = {
    { "info",                  console_info },
    { "metrics",               console_metrics },
    { "version",               console_version },
    { "member/list",           console_member_list },
    { "member/show",           console_member_show },
    { "member/export",         console_member_export },
    { "member/import",         console_member_import },
    { "member/create",         console_member_create },
    { "member/role",           console_member_role },
    { "member/reset-password", console_member_reset_password },
    { "member/reset-second-factor", console_member_reset_second_factor },
    { "member/owner-link",     console_member_owner_link },
    { "member/approve",        console_member_approve },
    { "member/reject",         console_member_reject },
    { "member/delete",         console_member_delete },
    { "member/limit",          console_member_limit },
    { "member/sensitive",      console_member_sensitive },
    { "member/freeze",         console_member_freeze },
    { "member/suspend",        console_member_suspend },
    { "member/restore",        console_member_restore },
    { "status/show",           console_status_show },
    { "status/hold",           console_status_hold },
    { "status/remove",         console_status_remove },
    { "status/sensitive",      console_status_sensitive },
    { "status/restore",        console_status_restore },
    { "report/list",           console_report_list },
    { "report/show",           console_report_show },
    { "report/close",          console_report_close },
    { "invite/create",         console_invite_create },
    { "invite/list",           console_invite_list },
    { "invite/revoke",         console_invite_revoke },
    { "mode",                  console_mode },
    { "setting/list",          console_setting_list },
    { "setting/get",           console_setting_get },
    { "setting/set",           console_setting_set },
    { "rules/list",            console_rules_list },
    { "rules/set",             console_rules_set },
    { "media/usage",           console_media_usage },
    { "media/trim",            console_media_trim },
    { "media/check",           console_media_check },
    { "card/forget",           console_card_forget },
    { "announcement/add",      console_announcement_add },
    { "announcement/list",     console_announcement_list },
    { "announcement/edit",     console_announcement_edit },
    { "announcement/remove",   console_announcement_remove },
    { "emoji/add",             console_emoji_add },
    { "emoji/list",            console_emoji_list },
    { "emoji/enable",          console_emoji_enable },
    { "emoji/disable",         console_emoji_disable },
    { "emoji/remove",          console_emoji_remove },
    { "terms/list",            console_terms_list },
    { "terms/set",             console_terms_set },
    { "terms/remove",          console_terms_remove },
    { "trends/list",           console_trends_list },
    { "trends/approve",        console_trends_approve },
    { "trends/reject",         console_trends_reject },
    { "tls/show",              console_tls_show },
    { "tls/reload",            console_tls_reload },
    { "job/list",              console_job_list },
    { "job/retry",             console_job_retry },
    { "db/info",               console_db_info },
    { "db/check",              console_db_check },
    { "rebuild",               console_rebuild },
};
/* clang-format on */

struct str console_arg(const struct console *k, const char *name)
{
    struct str v = http_param(k->q, name);
    return v.p != NULL ? v : STR("");
}

enum err console_need(struct ctx *c, const struct console *k, const char *name, struct str *out)
{
    *out = console_arg(k, name);
    return str_trim(*out).n > 0 ? OK : fail(c, ERR_INVALID, "%s is missing", name);
}

enum err console_need_option(struct ctx *c, const struct console *k, const char *name, struct str *out)
{
    if (console_need(c, k, name, out) == OK)
        return OK;
    return fail(c, ERR_INVALID, "--%s is missing", name);
}

enum err console_number(struct ctx *c, const struct console *k, const char *name, int64_t lo, int64_t hi,
                        int64_t otherwise, int64_t *out)
{
    struct str v = console_arg(k, name);
    *out = otherwise;
    if (v.n > 0 && (!str_to_i64(v, out) || *out < lo || *out > hi))
        return fail(c, ERR_INVALID, "%s must be a number from %lld to %lld, not '" STR_FMT "'", name, (long long)lo,
                    (long long)hi, STR_ARG(v));
    return OK;
}

enum err console_id(struct ctx *c, const struct console *k, const char *name, int64_t *out)
{
    struct str v = console_arg(k, name);
    if (!id_parse(v, out))
        return fail(c, ERR_INVALID, "'" STR_FMT "' is no id", STR_ARG(v));
    return OK;
}

/* "90m" in milliseconds; 0: it is no length of time. */
static int64_t parse_length(struct str v)
{
    static const struct {
        char unit;
        int64_t ms;
    } units[] = { { 's', SECOND_MS }, { 'm', MINUTE_MS }, { 'h', HOUR_MS }, { 'd', DAY_MS } };
    int64_t n = 0;
    if (v.n < 2 || !str_to_i64(str_head(v, v.n - 1), &n) || n <= 0 || n > 1000000)
        return 0;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (v.p[v.n - 1] == units[i].unit)
            return n * units[i].ms;
    return 0;
}

enum err console_when(struct ctx *c, const struct console *k, const char *name, int64_t *out)
{
    struct str v = console_arg(k, name);
    *out = 0;
    if (v.n == 0)
        return OK;
    int64_t length = parse_length(v);
    if (length > 0)
        *out = c->now_ms + length;
    else if (!clock_parse(v, out))
        return fail(c, ERR_INVALID, "%s must be like 30m, 12h, 7d or 2027-01-31T12:00:00Z, not '" STR_FMT "'", name,
                    STR_ARG(v));
    if (*out <= c->now_ms)
        return fail(c, ERR_INVALID, "%s is in the past", name);
    return OK;
}

enum err console_member(struct ctx *c, struct str who, struct account **out)
{
    int64_t id = 0;
    struct str name = str_trim(who);
    if (name.n > 0 && name.p[0] == '@')
        name = str_skip(name, 1);
    TRY(store_account_find_name(c, name_canonical(c->arena, name), out));
    if (*out == NULL && id_parse(name, &id))
        TRY(store_account_find(c, id, out));
    if (*out == NULL || (*out)->domain.p != NULL)
        return fail(c, ERR_NOT_FOUND, "There is no member '" STR_FMT "'", STR_ARG(who));
    return OK;
}

void console_put_standing(struct jw *w, const struct standing *s)
{
    jw_kobj(w, STR("standing"));
    jw_kstr(w, STR("kind"), standing_word(s->kind));
    jw_knull_str(w, STR("reason"), s->reason.n > 0 ? s->reason : (struct str){ 0 });
    jw_kid(w, STR("by"), s->by);
    jw_ktime(w, STR("since"), s->since_ms);
    jw_ktime(w, STR("until"), s->until_ms);
    jw_obj_end(w);
}

static enum err run(struct ctx *c, struct console *k)
{
    struct str path = str_skip(k->q->path, sizeof "/console/" - 1);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (k->q->method == HTTP_POST && str_eq(path, str_c(rows[i].path)))
            return rows[i].run(c, k);
    return fail(c, ERR_NOT_FOUND, "The running server does not know this command; is it older than the program?");
}

/* The API says "Record not found" of any id; whoever typed one is told which. */
static struct str names_missing(struct ctx *c, const struct console *k)
{
    struct str noun = str_skip(k->q->path, sizeof "/console/" - 1);
    struct str kind = { 0 };
    struct str id = console_arg(k, "id");
    if (id.n == 0)
        id = console_arg(k, "date");
    if (id.n == 0 || !str_eq(c->says, STR("Record not found")))
        return c->says;
    (void)str_cut(&noun, '/', &kind);
    return arena_strf(c->arena, "Not found: " STR_FMT " '" STR_FMT "'", STR_ARG(kind), STR_ARG(id));
}

/* The refused fields, for whoever typed them: "username is reserved; password is too short". */
static struct str says_of(struct ctx *c, const struct console *k)
{
    struct buf b = buf_on(c->arena);
    for (const struct field_errors *f = c->fields; f != NULL; f = f->next) {
        if (b.n > 0)
            buf_put(&b, STR("; "));
        buf_put(&b, f->field);
        buf_putc(&b, ' ');
        buf_put(&b, f->description);
    }
    return b.n > 0 ? buf_str(&b) : names_missing(c, k);
}

void console_dispatch(struct ctx *c, struct server *s, const struct http_req *q, struct http_res *r)
{
    struct console k = { .server = s, .q = q, .w = jw_on(c->arena) };
    jw_obj(&k.w);
    enum err e = run(c, &k);
    if (e != OK) {
        k.w = jw_on(c->arena);
        jw_obj(&k.w);
        jw_kstr(&k.w, STR("error"),
                e == ERR_INTERNAL ? STR("Something broke; the server's log tells what.") : says_of(c, &k));
    }
    jw_obj_end(&k.w);
    r->status = http_status_of(e);
    r->body = jw_end(&k.w);
}
