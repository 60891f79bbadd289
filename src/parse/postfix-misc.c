/* SPDX-License-Identifier: Apache-2.0
 *
 * Postfix's small daemons and its commands, which mostly warn:
 *
 *   postfix/postsuper:  4F1D2A3B4C: placed on hold      Deleted: 3 messages
 *   postfix/scache:     statistics: domain lookup hits=1 miss=2 success=33%
 *   postfix/verify:     cache btree:/var/lib/postfix/verify_cache full cleanup: ...
 *   postfix/trivial-rewrite: warning: do not list domain d.test in BOTH mydestination and ...
 */
#include "parse/postfix.h"

/* The administrator's hand: "WORDS" behind a queue id. */
static enum parse_result
handled(const struct postfix_row *row, struct str rest, struct event *ev)
{
	if (rest.len)
		return PARSE_UNKNOWN;
	EVENT_SET(ev, kind, KIND_service);
	EVENT_TEXT(ev, action, str_range(rest.p - row->prefix.len, rest.p));
	return PARSE_EVENT;
}

/* "N messages"; the action is the prefix before ": ". */
static enum parse_result
handled_many(const struct postfix_row *row, struct str rest, struct event *ev)
{
	struct str action = str_range(rest.p - row->prefix.len, rest.p - (sizeof(": ") - 1));
	int64_t n;

	if (!str_skip_number(&rest, &n) || !str_starts(rest, STR(" message")))
		return PARSE_UNKNOWN;
	EVENT_SET(ev, kind, KIND_service);
	EVENT_TEXT(ev, action, action);
	EVENT_SET(ev, attempts, n);
	return PARSE_EVENT;
}

static const struct postfix_row info[] = {
	{PREFIX("statistics: "), postfix_ignore, 0, 0},
	{PREFIX("Requeued: "), handled_many, 0, 0},
	{PREFIX("Deleted: "), handled_many, 0, 0},
	{PREFIX("Placed on hold: "), handled_many, 0, 0},
	{PREFIX("Released from hold: "), handled_many, 0, 0},
	{PREFIX("Force-expired: "), handled_many, 0, 0},
	{PREFIX("Renamed to match inode number: "), handled_many, 0, 0},
	{PREFIX("open smtp"), postfix_ignore, 0, 0}, /* "smtpd TLS cache": tlsmgr's -v */
	{PREFIX("open server TLS cache "), postfix_ignore, 0, 0},
	{PREFIX("open client TLS cache "), postfix_ignore, 0, 0},
	{PREFIX("put "), postfix_ignore, 0, 0},
	{PREFIX("delete "), postfix_ignore, 0, 0},
	{PREFIX("seed internal pool "), postfix_ignore, 0, 0},
	{PREFIX("exiting to reopen external entropy source "), postfix_ignore, 0, 0},
	{.read = NULL},
};

static const struct postfix_row queued[] = {
	{PREFIX("removed"), postfix_removed, 0, 0},
	{PREFIX("requeued"), handled, 0, 0},
	{PREFIX("placed on hold"), handled, 0, 0},
	{PREFIX("released from hold"), handled, 0, 0},
	{PREFIX("expired"), handled, 0, 0},
	{.read = NULL},
};

const struct postfix_grammar postfix_misc = {info, POSTFIX_NO_ROWS, queued};

static const struct postfix_grammar *const grammars[] = {&postfix_misc, NULL};

static enum parse_result
read_line(struct str message, struct event *ev)
{
	return postfix_read(grammars, message, ev);
}

static const char *const daemons[] = {"flush", "mailq", "newaliases", "post-install",
    "postalias", "postcat", "postconf", "postdrop", "postkick", "postlog", "postlogd",
    "postmap", "postmulti", "postqueue", "postsuper", "proxymap", "scache", "sendmail",
    "showq", "spawn", "tlsmgr", "trivial-rewrite", "verify", NULL};

/* It starts the others. */
static const char *const tags[] = {"postmulti", NULL};

const struct parser parser_postfix_misc = {
	.name = "postfix-misc",
	.tags = tags,
	.daemons = daemons,
	.read = read_line,
	.grammars = grammars,
};
