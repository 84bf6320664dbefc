/* SPDX-License-Identifier: Apache-2.0 */
#include "core/refuse.h"

#include "base/buf.h"

#define L(text)                   \
    {                             \
        "" text, sizeof(text) - 1 \
    }

/* What a field is called in a sentence; others by their own name. */
static const struct {
    struct str field;
    struct str label;
} labels[] = {
    { L("username"), L("Username") },
    { L("email"), L("E-mail address") },
    { L("password"), L("Password") },
    { L("agreement"), L("Service agreement") },
    { L("reason"), L("Reason") },
    { L("date_of_birth"), L("Date of birth") },
    { L("invite"), L("Invitation") },
    { L("display_name"), L("Display name") },
    { L("note"), L("Bio") },
    { L("fields"), L("Profile fields") },
    { L("avatar"), L("Avatar") },
    { L("header"), L("Header") },
    { L("name"), L("Application name") },
    { L("redirect_uri"), L("Redirect URI") },
    { L("scopes"), L("Scopes") },
    { L("website"), L("Application website") },
    { L("language"), L("Language") },
};

static struct str label_of(struct str field)
{
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++)
        if (str_eq(labels[i].field, field))
            return labels[i].label;
    return field;
}

void refuse(struct ctx *c, struct str field, struct str code, struct str description)
{
    fail_field(c, field, code, description);
}

enum err refused(struct ctx *c)
{
    if (c->fields == NULL)
        return OK;
    struct buf b = buf_on(c->arena);
    for (const struct field_errors *f = c->fields; f != NULL; f = f->next) {
        if (b.n > 0)
            buf_put(&b, STR(", "));
        buf_put(&b, label_of(f->field));
        buf_putc(&b, ' ');
        buf_put(&b, f->description);
    }
    return fail(c, ERR_INVALID, "Validation failed: " STR_FMT, STR_ARG(buf_str(&b)));
}
