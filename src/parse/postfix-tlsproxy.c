/* SPDX-License-Identifier: Apache-2.0
 *
 * tlsproxy, which speaks TLS for postscreen and for the SMTP client. It connects
 * and disconnects in postscreen's words: these are not postscreen's.
 *
 *   CONNECT from [192.0.2.1]:4711      DISCONNECT [192.0.2.1]:4711
 *   Anonymous TLS connection established from [192.0.2.1]:4711: TLSv1.3 with cipher ...
 *   TLS handshake failed for service=smtpd peer=[192.0.2.1]:4711
 */
#include "parse/postfix.h"

/* "SERVICE peer=PS" of a client, "SERVICE peer=RELAY" of a server */
static enum parse_result
handshake_failed(const struct postfix_row *row, struct str rest, struct event *ev)
{
	struct str service = str_cut(&rest, ' ');

	if (!str_skip(&rest, STR("peer=")))
		return PARSE_MALFORMED;
	if (!postfix_screened(&rest, ev) && !postfix_relay(&rest, ev))
		return PARSE_MALFORMED;
	return postfix_tls_text(row, service, ev);
}

static const struct postfix_row info[] = {
	{PREFIX("CONNECT "), postfix_ignore, 0, 0},
	{PREFIX("DISCONNECT "), postfix_ignore, 0, 0},
	{PREFIX("Anonymous TLS connection "), postfix_tls, 0, 0},
	{PREFIX("Untrusted TLS connection "), postfix_tls, 0, 0},
	{PREFIX("Trusted TLS connection "), postfix_tls, 0, 0},
	{PREFIX("Verified TLS connection "), postfix_tls, 0, 0},
	{PREFIX("TLS connection "), postfix_tls, 0, 0},
	{PREFIX("TLS handshake failed for service="), handshake_failed, 0, 0},
	{PREFIX("SSL_accept error from "), postfix_tls_error, 0, 0},
	{PREFIX("SSL_connect error to "), postfix_tls_error, 0, 0},
	{PREFIX("setting up TLS connection "), postfix_ignore, 0, 0},
	{PREFIX("certificate verification failed for "), postfix_ignore, 0, 0},
	{PREFIX("CA certificate verification failed for "), postfix_ignore, 0, 0},
	{PREFIX("TLS SNI "), postfix_tls_unmatched, 0, 0},
	{PREFIX("TLSRPT: "), postfix_ignore, 0, 0},
	{PREFIX(""), postfix_tls_detail, 0, 0},
	{.read = NULL},
};

static const struct postfix_row warning[] = {
	{PREFIX("TLS library problem: "), postfix_tls_text, 0, 0},
	{PREFIX("TLS SNI "), postfix_tls_invalid, 0, 0},
	{.read = NULL},
};

const struct postfix_grammar postfix_tlsproxy = {info, warning, POSTFIX_NO_ROWS};

static const struct postfix_grammar *const grammars[] = {&postfix_tlsproxy, NULL};

static enum parse_result
read_line(struct str message, struct event *ev)
{
	return postfix_read(grammars, message, ev);
}

static const char *const daemons[] = {"tlsproxy", NULL};

const struct parser parser_postfix_tlsproxy = {
	.name = "postfix-tlsproxy",
	.daemons = daemons,
	.read = read_line,
	.grammars = grammars,
};
