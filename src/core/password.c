/* SPDX-License-Identifier: Apache-2.0 */
#include "core/password.h"

#include <sodium.h>

#include "base/turns.h"

#define BUSY_RETRY_S 3

static struct turns hashing = TURNS(PASSWORD_HASHES_MAX, PASSWORD_WAITING_MAX); /* global: so is the memory */

/* What is compared when there is no account: made by crypto_pwhash_str with the same parameters. */
static const char nobodys_hash[] =
    "$argon2id$v=19$m=65536,t=2,p=1$8vOm4dFVAugUrk9SHcGD1Q$F/dIzxxRq6w3H2HwGt6DL/7HXSvl/JwjcIxaS4neNUI";

static enum err turn_take(struct ctx *c)
{
    if (turns_take(&hashing))
        return OK;
    c->retry_after_s = BUSY_RETRY_S;
    return fail(c, ERR_UNAVAILABLE, "Too many people are signing in just now. Try again in a few seconds.");
}

enum err password_hash(struct ctx *c, struct str password, struct str *out)
{
    char text[crypto_pwhash_STRBYTES] = { 0 };
    TRY(turn_take(c));
    int rc = crypto_pwhash_str(text, password.p, password.n, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                               crypto_pwhash_MEMLIMIT_INTERACTIVE);
    turns_give(&hashing);
    if (rc != 0)
        return fail_internal(c, "argon2id: out of memory");
    *out = arena_str(c->arena, str_c(text));
    return OK;
}

enum err password_check(struct ctx *c, struct str hash, struct str password, bool *right)
{
    bool known = hash.n > 0;
    const char *against = known ? arena_cstr(c->arena, hash) : nobodys_hash;
    *right = false;
    if (password.n > PASSWORD_MAX)
        password = str_head(password, PASSWORD_MAX);
    TRY(turn_take(c));
    int rc = crypto_pwhash_str_verify(against, password.p == NULL ? "" : password.p, password.n);
    turns_give(&hashing);
    *right = known && rc == 0;
    return OK;
}

static size_t characters(struct str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += ((unsigned char)s.p[i] & 0xC0U) != 0x80U;
    return n;
}

static bool is_one_character(struct str s)
{
    for (size_t i = 1; i < s.n; i++)
        if (s.p[i] != s.p[0])
            return false;
    return true;
}

/* Of eight characters and more, those at the head of every published list. */
static const char *const common[] = {
    "password",  "password1",  "password123", "12345678", "123456789", "1234567890", "11111111", "qwertyui",
    "qwerty123", "qwertyuiop", "1q2w3e4r",    "1qaz2wsx", "iloveyou",  "sunshine",   "princess", "football",
    "baseball",  "superman",   "trustno1",    "letmein1", "welcome1",  "abc12345",   "passw0rd", "starwars",
    "whatever",  "computer",   "michelle",    "jennifer", "aa123456",  "87654321",
};

enum password_fault password_judge(struct str password, struct str username, struct str email)
{
    if (password.n == 0)
        return PASSWORD_BLANK;
    if (characters(password) < PASSWORD_MIN)
        return PASSWORD_TOO_SHORT;
    if (password.n > PASSWORD_MAX)
        return PASSWORD_TOO_LONG;
    if (str_eq_nocase(password, username) || str_eq_nocase(password, email) || is_one_character(password))
        return PASSWORD_TOO_EASY;
    for (size_t i = 0; i < sizeof common / sizeof common[0]; i++)
        if (str_eq_nocase(password, str_c(common[i])))
            return PASSWORD_TOO_EASY;
    return PASSWORD_FINE;
}
