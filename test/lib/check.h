/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdio.h>

/* The whole unit-test library: CHECK counts and goes on, on any thread; a program ends with
   check_done(). */
static _Atomic int check_passed;
static _Atomic int check_failed;

#define CHECK(x)                                                 \
    do {                                                         \
        if (x) {                                                 \
            check_passed++;                                      \
        } else {                                                 \
            check_failed++;                                      \
            (void)printf("%s:%d: %s\n", __FILE__, __LINE__, #x); \
        }                                                        \
    } while (0)

static inline int check_done(void)
{
    (void)printf("%d passed, %d failed\n", check_passed, check_failed);
    return check_failed != 0 || check_passed == 0;
}
