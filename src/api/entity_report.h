/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/report.h"

/* JSON of each of n reports (NULL: p == NULL), the reported accounts in one batch. */
enum err entity_reports(struct ctx *c, struct report *const *reports, int64_t n, struct str *out) NODISCARD;
