/* SPDX-License-Identifier: Apache-2.0
 *
 * dnsblog, which asks DNS lists for postscreen, allow lists too: being listed is
 * not being blocked.
 *
 *   addr 192.0.2.1 listed by domain bl.test as 127.0.0.2
 *   warning: dnsblog_query: lookup error for DNS query 1.2.0.192.bl.test: Host or domain ...
 */
#include "parse/postfix.h"

static enum parse_result
listed(const struct postfix_row *row, struct str rest, struct event *ev)
{
	struct str ip, zone;

	(void)row;
	if (!postfix_ip(&rest, &ip) || !str_skip(&rest, STR(" listed by domain ")) ||
	    !postfix_host(&rest, &zone) || !str_skip(&rest, STR(" as ")))
		return PARSE_MALFORMED;
	EVENT_SET(ev, kind, KIND_dnsbl_hit);
	EVENT_TEXT(ev, ip, ip);
	EVENT_TEXT(ev, list, zone);
	EVENT_TEXT(ev, text, rest);
	return PARSE_EVENT;
}

static const struct postfix_row info[] = {
	{PREFIX("addr "), listed, POSTFIX_SURE, 0},
	{.read = NULL},
};

const struct postfix_grammar postfix_dnsblog = {info, POSTFIX_NO_ROWS, POSTFIX_NO_ROWS};

static const struct postfix_grammar *const grammars[] = {&postfix_dnsblog, NULL};

static enum parse_result
read_line(struct str message, struct event *ev)
{
	return postfix_read(grammars, message, ev);
}

static const char *const daemons[] = {"dnsblog", NULL};

const struct parser parser_postfix_dnsblog = {
	.name = "postfix-dnsblog",
	.daemons = daemons,
	.read = read_line,
	.grammars = grammars,
};
