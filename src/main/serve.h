/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "main/config.h"

/* Runs the server until TERM or INT. Exit status of the process. */
int serve(struct ctx *c, const struct config *config);
