/* SPDX-License-Identifier: Apache-2.0 */
#include <jansson.h>

#include "courier/mail.h"
#include "jobs/kinds.h"

static struct str text_of(struct ctx *c, const json_t *payload, const char *key)
{
    const json_t *v = json_object_get(payload, key);
    if (!json_is_string(v))
        return STR("");
    return arena_str(c->arena, (struct str){ json_string_value(v), json_string_length(v) });
}

/* Payload {"to","subject","text"}, written by core/mail.c. A message may be sent twice when the process is killed
   between the relay's answer and the end of the job: rather that than never. */
enum err job_mail(struct ctx *c, const struct job_tools *tools, const struct job *j)
{
    json_t *payload = json_loadb(j->payload.p, j->payload.n, 0, NULL);
    struct mail m = {
        .to = text_of(c, payload, "to"),
        .subject = text_of(c, payload, "subject"),
        .text = text_of(c, payload, "text"),
    };
    json_decref(payload);
    return mail_send(c, tools->mail, &m);
}
