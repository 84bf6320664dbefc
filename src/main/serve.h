/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "main/cli.h"

/* Runs the server until TERM or INT; HUP reads settings, what is logged and the certificate again. `before`: shown
   under the address, NULL: nothing. Gives the exit status of the process. */
int serve(struct cli *line, const struct config *config, const char *before);
