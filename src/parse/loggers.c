/* SPDX-License-Identifier: Apache-2.0
 *
 * What rsyslog and journald say of lines that they lost: the log is no longer the
 * whole truth. The texts (%s may hold a program's name) are
 *   imuxsock begins to drop messages from pid 1234 due to rate-limiting
 *   imuxsock lost 120 messages from pid 1234 due to rate-limiting
 *   imuxsock[pid: 51, name: /x] from <x:y>: begin to drop messages due to rate-limiting
 *   imjournal: 236 messages lost due to rate-limiting (20000 allowed within 600 seconds)
 *   Suppressed 917 messages from postfix@-.service
 *   Forwarding to syslog missed 12 messages.
 * FreeBSD's syslogd names itself where it tells of a line once more:
 *   syslogd: last message repeated 3 times
 */
#include "parse/room.h"

static const char *const tags[] = {
    "rsyslogd", "rsyslogd-2177", "syslogd", "journald", "systemd-journald", "systemd-journal", NULL,
};

/* Texts with the number of lost lines between two constants. */
static const struct {
	struct str before, behind;
} counted[] = {
    {{"imuxsock lost ", 14}, {" messages from pid ", 19}},
    {{"Suppressed ", 11}, {" messages from ", 15}},
    {{"Forwarding to syslog missed ", 28}, {" messages", 9}},
};

static enum parse_result
lost(struct event *ev, struct str message, int64_t count)
{
	EVENT_SET(ev, kind, KIND_evidence_lost);
	EVENT_TEXT(ev, text, message);
	if (count > 0)
		EVENT_SET(ev, count, count);
	return PARSE_EVENT;
}

/* "...: 236 messages lost due to rate-limiting": the number stands before AT. */
static int64_t
number_before(struct str message, size_t at)
{
	size_t begin = at;
	int64_t count;

	while (begin > 0 && char_is_digit(message.p[begin - 1]))
		begin--;
	return str_number(str_range(message.p + begin, message.p + at), &count) ? count : 0;
}

static enum parse_result
loggers_read(struct str message, struct event *ev)
{
	size_t at;

	if (str_eq(message, STR("-- MARK --")))
		return PARSE_IGNORED;
	if (repeat_read(message, ev))
		return PARSE_EVENT;
	for (size_t i = 0; i < sizeof(counted) / sizeof(counted[0]); i++) {
		struct str rest = message;
		int64_t count;

		if (str_skip(&rest, counted[i].before) && str_skip_number(&rest, &count) &&
		    str_starts(rest, counted[i].behind))
			return lost(ev, message, count);
	}
	at = str_find(message, STR(" messages lost due to rate-limiting"));
	if (at < message.len)
		return lost(ev, message, number_before(message, at));
	if (str_starts(message, STR("imuxsock begins to drop messages from pid ")))
		return lost(ev, message, 0);
	at = str_find(message, STR("begin to drop messages due to rate-limiting"));
	if (at < message.len)
		return lost(ev, message, 0);
	return PARSE_UNKNOWN;
}

const struct parser parser_loggers = {
    .name = "loggers", .tags = tags, .read = loggers_read, .foreign = true};
