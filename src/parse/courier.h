/* SPDX-License-Identifier: Apache-2.0
 *
 * courier: its IMAP and POP3 servers have the names of Cyrus' under syslog, so that what
 * comes under them is told by how it begins.
 */
#ifndef PARSE_COURIER_H
#define PARSE_COURIER_H

#include "parse/room.h"

/* What Courier's imapd and pop3d say. PARSE_UNKNOWN, EV untouched: it is not Courier's. */
enum parse_result courier_login(struct str message, struct event *ev);

#endif
