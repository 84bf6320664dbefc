/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "pages/visit.h"

/* The row of links above every page of the settings. */
void settings_tabs(struct visit *v, const char *at);
