/* SPDX-License-Identifier: Apache-2.0 */
#include "pages/said.h"

#include "pages/layout.h"

/* clang-format off */
static const struct {
    const char *word;
    const char *text;
} sentences[] = {
    { "welcome",  "Welcome! Your address is confirmed. Say hello, and follow some people." },
    { "owner",    "This server is yours now. What you are here to say goes below." },
    { "deleted",  "It is deleted." },
    { "blocked",  "Blocked. You see nothing of each other now." },
    { "drafted",  "Saved as a draft." },
    { "scheduled", "It is published at the time you chose." },
    { "muted",    "Muted." },
    { "saved",    "Saved." },
    { "password", "Your password is changed. Sign in with the new one." },
    { "changed",  "Your password is changed, and everybody else who was signed in as you is signed out." },
    { "mail",     "Look into your mail: the link there changes the address." },
    { "again",    "The mail is on its way again." },
    { "ended",    "That session is ended." },
    { "passkey",  "The passkey signs you in from now on." },
    { "removed",  "The passkey is removed." },
    { "off",      "Your authenticator's codes are off." },
    { "leaving",  "Your account will be deleted. Until then you can sign in and keep it." },
    { "kept",     "Your account stays. It is good to have you." },
    { "reported", "Thank you. The moderators will look at it." },
    { "closed",   "The report is closed." },
    { "done",     "Done." },
    { "role",     "Their role is changed." },
    { "cleared",  "All notices are gone." },
};
/* clang-format on */

void said_put(struct visit *v)
{
    struct str word = v->q->method == HTTP_GET ? visit_param(v, "said") : STR("");
    for (size_t i = 0; word.n > 0 && i < sizeof sentences / sizeof sentences[0]; i++)
        if (str_eq(word, str_c(sentences[i].word)))
            layout_note(v, "good", str_c(sentences[i].text));
}
