/* SPDX-License-Identifier: Apache-2.0
 *
 * master, which runs the daemons, and the postfix command and its script:
 *
 *   daemon started -- version 3.7.11, configuration /etc/postfix
 *   terminating on signal 15
 *   warning: service "smtp" (25) has reached its process limit "100": new clients may ...
 *   warning: /usr/lib/postfix/sbin/smtpd: bad command startup -- throttling
 *   starting the Postfix mail system
 *   the Postfix mail system is not running
 */
#include "parse/postfix.h"

/* "WORD REST OF THE LINE", the word being the prefix's first. */
static enum parse_result
service(const struct postfix_row *row, struct str rest, struct event *ev)
{
	struct str line = str_range(rest.p - row->prefix.len, rest.p + rest.len);

	EVENT_SET(ev, kind, KIND_service);
	EVENT_TEXT(ev, action, str_cut(&line, ' '));
	EVENT_TEXT(ev, text, line);
	return PARSE_EVENT;
}

/* "version V, configuration D" behind "ACTION -- " */
static enum parse_result
started(const struct postfix_row *row, struct str rest, struct event *ev)
{
	EVENT_SET(ev, kind, KIND_service);
	EVENT_TEXT(ev, action,
	    str_range(rest.p - row->prefix.len, rest.p - (sizeof(" -- ") - 1)));
	EVENT_TEXT(ev, text, rest);
	return PARSE_EVENT;
}

/* "running: PID: N", "not running" */
static enum parse_result
running(const struct postfix_row *row, struct str rest, struct event *ev)
{
	struct str action = str_cut(&rest, ':');

	(void)row;
	EVENT_SET(ev, kind, KIND_service);
	EVENT_TEXT(ev, action, action);
	if (rest.len)
		EVENT_TEXT(ev, text, str_trim(rest));
	return PARSE_EVENT;
}

/* "NAME" (PORT) has reached its process limit "N": ... */
static enum parse_result
process_limit(const struct postfix_row *row, struct str rest, struct event *ev)
{
	struct str name = str_cut(&rest, '"');
	size_t at = str_find(rest, STR("process limit \""));
	int64_t n;

	(void)row;
	if (at == rest.len)
		return PARSE_UNKNOWN;
	rest = str_from(rest, at);
	EVENT_SET(ev, kind, KIND_capacity);
	EVENT_TEXT(ev, action, str_head(rest, sizeof("process limit") - 1));
	EVENT_TEXT(ev, text, name);
	str_cut(&rest, '"');
	if (str_skip_number(&rest, &n))
		EVENT_SET(ev, attempts, n);
	return PARSE_EVENT;
}

/* "PROGRAM: bad command startup -- throttling" */
static enum parse_result
throttling(const struct postfix_row *row, struct str rest, struct event *ev)
{
	size_t at = str_find(rest, STR(": bad command startup"));

	(void)row;
	if (at == rest.len || !str_ends(rest, STR("throttling")))
		return PARSE_UNKNOWN;
	EVENT_SET(ev, kind, KIND_capacity);
	EVENT_TEXT(ev, action, str_from(rest, rest.len - (sizeof("throttling") - 1)));
	EVENT_TEXT(ev, text, str_head(rest, at));
	return PARSE_EVENT;
}

static const struct postfix_row info[] = {
	{PREFIX("daemon started -- "), started, 0, 0},
	{PREFIX("reload -- "), started, 0, 0},
	{PREFIX("daemon started"), service, 0, 0},        /* until 2.0 */
	{PREFIX("reload configuration "), service, 0, 0}, /* until 2.4 */
	{PREFIX("terminating on signal "), service, 0, 0},
	{PREFIX("starting the Postfix mail system"), service, 0, 0},
	{PREFIX("stopping the Postfix mail system"), service, 0, 0},
	{PREFIX("refreshing the Postfix mail system"), service, 0, 0},
	{PREFIX("aborting the Postfix mail system"), service, 0, 0},
	{PREFIX("waiting for the Postfix mail system"), service, 0, 0},
	{PREFIX("the Postfix mail system is "), running, 0, 0},
	{PREFIX("Postfix is running with backwards-comp"), postfix_say, KIND_operational, 0},
	{PREFIX("Postfix is using backwards-compatible "), postfix_say, KIND_operational, 0},
	{PREFIX("See http"), postfix_ignore, 0, 0},
	{PREFIX("To disable backwards compatibility use "), postfix_ignore, 0, 0},
	{.read = NULL},
};

static const struct postfix_row warning[] = {
	{PREFIX("service \""), process_limit, 0, 0},
	{PREFIX(""), throttling, 0, 0},
	{PREFIX("the Postfix mail system is "), running, 0, 0},
	{.read = NULL},
};

const struct postfix_grammar postfix_master = {info, warning, POSTFIX_NO_ROWS};

static const struct postfix_grammar *const grammars[] = {&postfix_master, NULL};

static enum parse_result
read_line(struct str message, struct event *ev)
{
	return postfix_read(grammars, message, ev);
}

static const char *const daemons[] = {"master", "postfix-script", NULL};

const struct parser parser_postfix_master = {
	.name = "postfix-master",
	.daemons = daemons,
	.read = read_line,
	.grammars = grammars,
};
