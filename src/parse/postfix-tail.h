/* SPDX-License-Identifier: Apache-2.0
 *
 * postfix-tail: the end of a line about an envelope,
 *
 *   TEXT; from=<A> to=<B> proto=ESMTP helo=<C> sasl_method=M sasl_username=U
 *
 * read from the right: TEXT is what an attacker likes to fill with a tail of his
 * own, and so are A and B. Only C cannot hold what would break the frame.
 */
#ifndef PARSE_POSTFIX_TAIL_H
#define PARSE_POSTFIX_TAIL_H

#include "parse/postfix.h"

/*
 * Finds the tail of TEXT and sets what it tells; returns what stands before its ";". The `p`
 * of that is NULL, and the event untouched, when none reads in one way only. smtpd writes
 * "; from=<> to=<> ...", postscreen "; from=<>, to=<>, ...".
 */
struct str postfix_tail_smtpd(struct str text, struct event *ev);
struct str postfix_tail_postscreen(struct str text, struct event *ev);

#endif
