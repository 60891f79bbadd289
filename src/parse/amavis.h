/* SPDX-License-Identifier: Apache-2.0
 *
 * amavis: what its parser consists of.
 */
#ifndef PARSE_AMAVIS_H
#define PARSE_AMAVIS_H

#include "parse/filters.h"

extern const struct note amavis_chatter[]; /* said before there is a message */
extern const struct note amavis_steps[];   /* said of a message on its way, behind its id */

/* Reads ", key: value, ..., 667 ms" behind the recipients. */
void amavis_fields(struct str s, struct event *ev);

#endif
