/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"

/* An S3-compatible object store, as the configuration names it (s3_endpoint, s3_bucket, s3_region, s3_access_key,
   s3_secret_key): path style, AWS Signature Version 4 by libcurl. Network; ERR_UNAVAILABLE with what the store said. */
enum err s3_put(struct ctx *c, struct str key, struct str type, struct str bytes) NODISCARD;
enum err s3_get(struct ctx *c, struct str key, struct str *bytes) NODISCARD; /* p == NULL: not there */
enum err s3_delete(struct ctx *c, struct str key) NODISCARD;
