/* SPDX-License-Identifier: Apache-2.0
 *
 * postfix-auth: logins that failed, as smtpd tells of them.
 */
#ifndef PARSE_POSTFIX_AUTH_H
#define PARSE_POSTFIX_AUTH_H

#include "parse/postfix.h"

/* What follows "CL: SASL "; the client is already set. */
enum parse_result postfix_auth(struct str rest, struct event *ev);

/* The SASL library's own trouble: no client, the text is prefix and rest. */
postfix_reader postfix_auth_trouble;

#endif
