/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "pages/visit.h"

/* The pages, by file. */

/* pages/landing.c */
page_fn page_landing;
/* pages/about.c */
page_fn page_about;
page_fn page_rules;
page_fn page_privacy;
