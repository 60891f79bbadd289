/* SPDX-License-Identifier: Apache-2.0
 *
 * fail2ban: the lines about one ticket, that is, one banned or found id.
 */
#ifndef PARSE_FAIL2BAN_H
#define PARSE_FAIL2BAN_H

#include "parse/filters.h"

/*
 * Reads S, what stands behind "[JAIL] ": "Ban ID", "Found ID - TIME", "ID already
 * banned". WARNS: at level WARNING.
 */
enum parse_result fail2ban_ticket(struct str s, bool warns, struct event *ev);

#endif
