/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "api/route.h"

/* The handlers, by file. */

/* api/empty.c: what is asked at every start and is honestly empty here */
handler_fn api_streaming_health;
handler_fn api_empty_list;
