/* SPDX-License-Identifier: Apache-2.0
 *
 * anvil, which counts clients:
 *
 *   statistics: max connection rate 61/60s for (smtpd:192.0.2.1) at Nov 20 12:00:00
 *   statistics: max connection count 3 for (127.0.0.1:2525:2001:db8::1) at Nov 20 12:00:00
 *   statistics: max cache size 2 at Nov 20 12:00:00
 */
#include "parse/postfix.h"

/*
 * The service in front of ":ADDRESS" is a name or a port, or has an address of its
 * own before it: "127.0.0.1:2525", "127.0.0.1:smtp", "[::1]:2525".
 */
static struct str
take_service(struct str *s)
{
	struct str rest = *s, own, service;
	int64_t port = -1;
	bool addressed = postfix_endpoint(&rest, &own, &port);

	if (!addressed) {
		addressed = postfix_ip(&rest, &own) && str_index(own, ':') == own.len;
		rest = addressed ? rest : *s;
	}
	if (port < 0) {
		if (addressed)
			str_skip_char(&rest, ':');
		rest = str_from(rest, str_index(rest, ':'));
	}
	service = str_range(s->p, rest.p);
	str_skip_char(&rest, ':');
	*s = rest;
	return service;
}

/* "/60s", "/5m": the time a rate is measured over. */
static bool
take_interval(struct str *s, int64_t *ret_usec)
{
	static const struct {
		char letter;
		int64_t seconds;
	} units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}};
	struct str rest = *s;
	int64_t n;

	if (!str_skip_char(&rest, '/') || !str_skip_number(&rest, &n) || n > INT32_MAX)
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (str_skip_char(&rest, units[i].letter)) {
			*ret_usec = n * units[i].seconds * 1000000;
			*s = rest;
			return true;
		}
	return false;
}

/* "connection rate 61/60s for (SERVICE:ADDRESS) at DATE" */
static enum parse_result
statistics(const struct postfix_row *row, struct str rest, struct event *ev)
{
	struct str action, ident, ip;
	int64_t n, usec;
	size_t words = 0;

	(void)row;
	while (words < rest.len && !char_is_digit(rest.p[words]))
		words++;
	action = str_trim(str_head(rest, words));
	rest = str_from(rest, words);
	if (action.len == 0 || !str_skip_number(&rest, &n))
		return PARSE_UNKNOWN;
	if (take_interval(&rest, &usec))
		EVENT_SET(ev, seconds, usec);
	if (str_skip(&rest, STR(" for ("))) {
		ident = str_cut(&rest, ')');
		EVENT_TEXT(ev, text, take_service(&ident));
		if (postfix_ip(&ident, &ip) && ident.len == 0)
			EVENT_TEXT(ev, ip, ip);
	} else if (!str_starts(rest, STR(" at "))) {
		return PARSE_UNKNOWN;
	}
	EVENT_SET(ev, kind, KIND_rate_stat);
	EVENT_SET(ev, attempts, n);
	EVENT_TEXT(ev, action, action);
	return PARSE_EVENT;
}

static const struct postfix_row info[] = {
	{PREFIX("statistics: max "), statistics, 0, 0},
	{.read = NULL},
};

const struct postfix_grammar postfix_anvil = {info, POSTFIX_NO_ROWS, POSTFIX_NO_ROWS};

static const struct postfix_grammar *const grammars[] = {&postfix_anvil, NULL};

static enum parse_result
read_line(struct str message, struct event *ev)
{
	return postfix_read(grammars, message, ev);
}

static const char *const daemons[] = {"anvil", NULL};

const struct parser parser_postfix_anvil = {
	.name = "postfix-anvil",
	.daemons = daemons,
	.read = read_line,
	.grammars = grammars,
};
