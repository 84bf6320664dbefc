/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Compiler attributes, the only place that names them. */
#define NODISCARD    __attribute__((warn_unused_result))
#define PRINTF(f, a) __attribute__((format(printf, f, a)))
#define NONNULL      __attribute__((nonnull))
#define CLEANUP(fn)  __attribute__((cleanup(fn)))
#define NORETURN     __attribute__((noreturn))
