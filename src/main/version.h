/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What the client API is told: the Mastodon release whose API is spoken, then us as semver build metadata, which
   clients' version comparisons read (docs/API.md). PARLEY_VERSION comes from meson.build. */
#ifndef PARLEY_VERSION
#error "PARLEY_VERSION is set by meson.build"
#endif
