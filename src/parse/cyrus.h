/* SPDX-License-Identifier: Apache-2.0
 *
 * cyrus: what Cyrus' sentences and, from 3.13 on, its pairs have in common.
 */
#ifndef PARSE_CYRUS_H
#define PARSE_CYRUS_H

#include "parse/room.h"

/*
 * Takes a client off the front of *S, and the space behind: "mx.b.test [192.0.2.1]",
 * "mx.b.test[192.0.2.1]", "[192.0.2.1]"; sets name and ip. One on a "[unix socket]" has none.
 * False, *S untouched: there is none.
 */
bool cyrus_client(struct str *s, struct event *ev);

/*
 * "SASL(-13): authentication failure: ...": sets kind, a login's that failed, reason and text.
 */
void cyrus_error(struct event *ev, struct str s);

/* Behind "event=": "login.bad r.clienthost=... error=...". */
enum parse_result cyrus_pairs(struct str s, struct event *ev);

#endif
