/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Line drawings on 24 by 24, as one hidden <svg> of symbols i-NAME that every page carries. */
extern const char icons_sprite[];
