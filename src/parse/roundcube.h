/* SPDX-License-Identifier: Apache-2.0
 *
 * roundcube: its own files have the stamps of PHP's, which reads what has no tag.
 */
#ifndef PARSE_ROUNDCUBE_H
#define PARSE_ROUNDCUBE_H

#include "parse/room.h"

/* What Roundcube says of logins; PARSE_UNKNOWN: nothing about one. */
enum parse_result roundcube_read(struct str message, struct event *ev);

#endif
