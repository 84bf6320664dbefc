/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "pages/visit.h"

/* The files of src/pages/assets in the program. Their address holds a hash of the content, so they are kept for good.
 */
struct str asset_href(struct arena *a, const char *name); /* /assets/style.3f2a….css */
page_fn page_asset;                                       /* /assets/:file */
page_fn page_favicon;                                     /* /favicon.svg, /favicon.ico */
page_fn page_robots;
