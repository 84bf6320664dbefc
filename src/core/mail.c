/* SPDX-License-Identifier: Apache-2.0 */
#include "core/mail.h"

#include "base/clock.h"
#include "base/jw.h"
#include "model/site.h"
#include "store/job.h"

/* Greeting and signature around the text; into the queue. */
static enum err post(struct ctx *c, const struct account *a, struct str to, struct str subject, struct str text)
{
    struct jw w = jw_on(c->arena);
    jw_obj(&w);
    jw_kstr(&w, STR("to"), to);
    jw_kstr(&w, STR("subject"), subject);
    jw_kstr(&w, STR("text"),
            arena_strf(c->arena, "Hello @" STR_FMT ",\n\n" STR_FMT "\n\n-- \n" STR_FMT "\n" STR_FMT "\n",
                       STR_ARG(a->username), STR_ARG(text), STR_ARG(c->site->title), STR_ARG(c->site->base_url)));
    jw_obj_end(&w);
    return store_job_add(c, JOB_MAIL, a->id, jw_end(&w), c->now_ms);
}

static struct str link_to(struct ctx *c, const char *page, struct str secret)
{
    return arena_strf(c->arena, STR_FMT "/%s/" STR_FMT, STR_ARG(c->site->base_url), page, STR_ARG(secret));
}

enum err mail_confirm(struct ctx *c, const struct account *a, struct str to, struct str secret)
{
    return post(c, a, to, arena_strf(c->arena, "Confirm your e-mail address for " STR_FMT, STR_ARG(c->site->title)),
                arena_strf(c->arena,
                           "welcome to " STR_FMT
                           "! Open this link to confirm your e-mail address and begin:\n\n" STR_FMT
                           "\n\nThe link works once, for a week. If you did not sign up, ignore this mail: without the"
                           " link nothing happens.",
                           STR_ARG(c->site->title), STR_ARG(link_to(c, "confirm", secret))));
}

enum err mail_already_member(struct ctx *c, const struct account *owner, struct str to)
{
    return post(
        c, owner, to, arena_strf(c->arena, "You are a member of " STR_FMT " already", STR_ARG(c->site->title)),
        arena_strf(c->arena,
                   "somebody just tried to sign up with this e-mail address, which is yours already. If that was"
                   " you, sign in as @" STR_FMT ":\n\n" STR_FMT "/sign-in\n\nIf you forgot the password, ask for a"
                   " new one there. If it was not you, there is nothing to do: they were not told that the"
                   " address is in use, and got nothing.",
                   STR_ARG(owner->username), STR_ARG(c->site->base_url)));
}

enum err mail_waiting(struct ctx *c, const struct account *a, struct str to)
{
    return post(c, a, to, STR("Your request is with the moderators"),
                STR("thank you, your e-mail address is confirmed. New members are let in by a moderator here, who will"
                    " read why you want to join. You will get another mail when that is done."));
}

enum err mail_approved(struct ctx *c, const struct account *a, struct str to)
{
    return post(c, a, to, arena_strf(c->arena, "You are a member of " STR_FMT " now", STR_ARG(c->site->title)),
                arena_strf(c->arena, "a moderator let you in. Sign in and say hello:\n\n" STR_FMT "/sign-in",
                           STR_ARG(c->site->base_url)));
}

enum err mail_rejected(struct ctx *c, const struct account *a, struct str to)
{
    return post(c, a, to, arena_strf(c->arena, "Your request to join " STR_FMT, STR_ARG(c->site->title)),
                STR("the moderators decided not to let you in. What you told us when you signed up is deleted."));
}

enum err mail_reset(struct ctx *c, const struct account *a, struct str to, struct str secret)
{
    return post(c, a, to, STR("Choose a new password"),
                arena_strf(c->arena,
                           "somebody, hopefully you, asked for a new password. Choose it here:\n\n" STR_FMT
                           "\n\nThe link works once, for two hours. If you did not ask, ignore this mail: your password"
                           " stays as it is.",
                           STR_ARG(link_to(c, "reset", secret))));
}

enum err mail_password_changed(struct ctx *c, const struct account *a, struct str to, int64_t passkeys)
{
    struct str still = STR("");
    if (passkeys > 0)
        still = arena_strf(c->arena,
                           "\n\nPasskeys go on signing you in, %lld of them. Look whether all are yours:\n\n" STR_FMT
                           "/settings/two_factor",
                           (long long)passkeys, STR_ARG(c->site->base_url));
    return post(c, a, to, STR("Your password was changed"),
                arena_strf(c->arena,
                           "your password was just changed, and all other devices and apps were signed out.\n\nIf that"
                           " was not you, take your account back at once:\n\n" STR_FMT "/reset" STR_FMT,
                           STR_ARG(c->site->base_url), STR_ARG(still)));
}

enum err mail_email_change(struct ctx *c, const struct account *a, struct str to, struct str secret)
{
    return post(c, a, to, STR("Confirm your new e-mail address"),
                arena_strf(c->arena,
                           "open this link to use this e-mail address for your account:\n\n" STR_FMT
                           "\n\nThe link works once, for a day. If you did not ask for it, ignore this mail.",
                           STR_ARG(link_to(c, "email", secret))));
}

enum err mail_email_changed(struct ctx *c, const struct account *a, struct str to, struct str now)
{
    return post(c, a, to, STR("Your e-mail address was changed"),
                arena_strf(c->arena,
                           "your account now uses the address " STR_FMT
                           ", and mails no longer come here.\n\nIf that was not you, write to the people who run this"
                           " place: " STR_FMT,
                           STR_ARG(now),
                           STR_ARG(c->site->contact_email.n > 0 ? c->site->contact_email : c->site->base_url)));
}

/* What changed about signing in, and what to do if it was somebody else. */
static enum err factor_changed(struct ctx *c, const struct account *a, struct str to, struct str subject,
                               struct str what)
{
    return post(c, a, to, subject,
                arena_strf(c->arena,
                           STR_FMT "\n\nIf that was not you, change your password at once:\n\n" STR_FMT "/reset",
                           STR_ARG(what), STR_ARG(c->site->base_url)));
}

enum err mail_totp_changed(struct ctx *c, const struct account *a, struct str to, bool enabled, bool others)
{
    if (enabled)
        return factor_changed(c, a, to, STR("Two-factor sign-in is on"),
                              STR("from now on signing in asks for a code from your authenticator."));
    if (others)
        return factor_changed(c, a, to, STR("Codes from your authenticator are off"),
                              STR("signing in no longer takes a code from your authenticator. Your passkeys stay."));
    return factor_changed(c, a, to, STR("Two-factor sign-in is off"), STR("signing in no longer asks for a code."));
}

enum err mail_passkey_added(struct ctx *c, const struct account *a, struct str to, struct str name)
{
    return factor_changed(c, a, to, STR("A passkey was added to your account"),
                          arena_strf(c->arena,
                                     "the passkey \"" STR_FMT "\" signs you in from now on. With the password alone"
                                     " nobody gets in any more: it asks for a passkey, too, or for a code.",
                                     STR_ARG(name)));
}

enum err mail_passkey_removed(struct ctx *c, const struct account *a, struct str to, struct str name, bool alone)
{
    return factor_changed(c, a, to, STR("A passkey was removed from your account"),
                          arena_strf(c->arena, "the passkey \"" STR_FMT "\" no longer signs you in.%s", STR_ARG(name),
                                     alone ? " It was the last one: your password signs you in alone now." : ""));
}

enum err mail_factors_reset(struct ctx *c, const struct account *a, struct str to, bool alone)
{
    return factor_changed(c, a, to, STR("Your second factor was removed"),
                          arena_strf(c->arena,
                                     "the people who run this server removed your passkeys or your"
                                     " authenticator, as somebody asks who lost them.%s Set them up again under"
                                     " Settings, Security.",
                                     alone ? " Your password signs you in alone now." : ""));
}

enum err mail_deletion_asked(struct ctx *c, const struct account *a, struct str to)
{
    return post(c, a, to, STR("Your account will be deleted"),
                arena_strf(c->arena,
                           "you asked for your account to be deleted. It is hidden from now on, and everything of it is"
                           " deleted for good on " STR_FMT
                           ".\n\nUntil then you can change your mind: sign in and keep it.\n\n" STR_FMT "/sign-in",
                           STR_ARG(clock_date(c->arena, a->deletion_ms)), STR_ARG(c->site->base_url)));
}
