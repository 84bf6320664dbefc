/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>
#include <stddef.h>

/* Overwrites in place every box that can say something beside pictures and sound (udta, meta, uuid and all that is not
   known) by `free` and zeros, so that no offset moves. False: not a whole file of boxes. ISO/IEC 14496-12 4.2. */
bool mp4_strip(char *bytes, size_t n);
