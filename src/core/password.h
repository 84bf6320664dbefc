/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>

#include "base/ctx.h"

/* Passwords as argon2id (RFC 9106) by libsodium's INTERACTIVE parameters: 64 MiB and about 70 ms each. Runs on: worker.
   At most PASSWORD_HASHES_MAX run at a time in the process and PASSWORD_WAITING_MAX wait for their turn; who comes
   after them is answered ERR_UNAVAILABLE, so that a burst of sign-ins takes neither the memory nor all the workers. */
#define PASSWORD_MIN         8    /* characters */
#define PASSWORD_MAX         1024 /* bytes */
#define PASSWORD_HASHES_MAX  2
#define PASSWORD_WAITING_MAX 16

/* Encoded with its parameters and salt. */
enum err password_hash(struct ctx *c, struct str password, struct str *out) NODISCARD;
/* hash.n == 0 (nobody has this name) takes the same time and is false. */
enum err password_check(struct ctx *c, struct str hash, struct str password, bool *right) NODISCARD;

enum password_fault { PASSWORD_FINE, PASSWORD_BLANK, PASSWORD_TOO_SHORT, PASSWORD_TOO_LONG, PASSWORD_TOO_EASY };
/* Too easy: the user name, the e-mail address, one character repeated, or one of the most used passwords. */
enum password_fault password_judge(struct str password, struct str username, struct str email);
