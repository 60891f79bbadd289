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

/* Members whose `p` is NULL were not logged. */
struct postfix_tail {
	struct str text; /* what stands before it and its ';' */
	struct str sender, recipient, proto, helo, mechanism, user;
};

/* smtpd writes "; from=<> to=<> ...", postscreen "; from=<>, to=<>, ...". */
enum postfix_tail_form { POSTFIX_TAIL_SMTPD, POSTFIX_TAIL_POSTSCREEN };

/* Finds the tail of TEXT. False, and *RET is garbage, when none reads in one way only. */
bool postfix_tail_read(struct str text, enum postfix_tail_form form,
    struct postfix_tail *ret);

/* Sets the event's fields. */
void postfix_tail_set(const struct postfix_tail *tail, struct event *ev);

#endif
