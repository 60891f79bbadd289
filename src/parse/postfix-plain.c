/* SPDX-License-Identifier: Apache-2.0
 *
 * Lines whose tag is just "postfix". The postfix command writes such, and a relay
 * that rewrites RFC 3164 as RFC 5424 ends APP-NAME at the '/':
 *
 *   <22>1 2026-10-25T01:42:08+02:00 mx1 postfix 272 - - connect from mx.b.test[192.0.2.1]
 *
 * Which daemon it was its words must tell. They do, but for tlsproxy's DISCONNECT,
 * which is taken for postscreen's.
 */
#include "parse/postfix.h"

/* "[192.0.2.1]:4711" without " to": tlsproxy. postscreen says so only in 2.8. */
static enum parse_result
tlsproxy_connect(const struct postfix_row *row, struct str rest, struct event *ev)
{
	struct str ip;
	int64_t port;

	(void)row, (void)ev;
	return postfix_endpoint(&rest, &ip, &port) && rest.len == 0 ? PARSE_IGNORED :
								      PARSE_UNKNOWN;
}

static const struct postfix_row info[] = {
	{PREFIX("CONNECT from "), tlsproxy_connect, 0, 0},
	/* Of a client it would be none. */
	{PREFIX("certificate verification failed for "), postfix_untrusted, 0, 0},
	{PREFIX("CA certificate verification failed for "), postfix_untrusted, 0, 0},
	{.read = NULL},
};

/* cleanup's or the SMTP client's, where the sender's words fill the line. */
static const struct postfix_row queued[] = {
	{PREFIX("replace: "), postfix_content_sent, 0, 0},
	{PREFIX("prepend: "), postfix_content_sent, 0, 0},
	{.read = NULL},
};

static const struct postfix_grammar ambiguous = {info, POSTFIX_NO_ROWS, queued};

static enum parse_result
read_line(struct str message, struct event *ev)
{
	static const struct postfix_grammar *const grammars[] = {
		&ambiguous, &postfix_smtpd, &postfix_postscreen, &postfix_qmgr,
		&postfix_cleanup, &postfix_delivery, &postfix_dnsblog, &postfix_bounce,
		&postfix_pickup, &postfix_anvil, &postfix_master, &postfix_tlsproxy,
		&postfix_misc, NULL,
	};

	return postfix_read(grammars, message, ev);
}

static const char *const daemons[] = {"postfix", NULL};

const struct parser parser_postfix_plain = {
	.name = "postfix-plain",
	.daemons = daemons,
	.read = read_line,
};
