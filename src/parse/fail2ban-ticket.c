/* SPDX-License-Identifier: Apache-2.0
 *
 * One line of fail2ban's about one ticket, read from both ends: the verb from the
 * front, what fail2ban adds from the back. What is left is the id, which may be any
 * text:
 *
 *   Increase Ban 192.0.2.1 (3 # 1 day, 0:00:00 -> 2026-11-22 12:00:00)
 *   Found 192.0.2.1, bad - 2026-11-20 12:00:00, 2 # -> 3.0, Ban
 */
#include "parse/fail2ban.h"

#include "parse/postfix.h"

#define DAY INT64_C(86400)

/* Takes SUFFIX off the end of *S. */
static bool
drop(struct str *s, struct str suffix)
{
	if (!str_ends(*s, suffix))
		return false;
	s->len -= suffix.len;
	return true;
}

/* Takes " - 2026-11-20 12:00:00" off the end of *S. */
static bool
drop_time(struct str *s)
{
	static const char shape[] = " - 0000-00-00 00:00:00";
	size_t len = sizeof(shape) - 1;
	const char *end;

	if (s->len < len)
		return false;
	end = s->p + s->len - len;
	for (size_t i = 0; i < len; i++)
		if (shape[i] == '0' ? !char_is_digit(end[i]) : end[i] != shape[i])
			return false;
	s->len -= len;
	return true;
}

/* Sets ip, or text where the id is none. A network counts as an address. */
static enum parse_result
set_id(struct str id, enum kind kind, struct event *ev)
{
	struct cidr net;

	if (id.len == 0)
		return PARSE_MALFORMED;
	EVENT_SET(ev, kind, (uint8_t)kind);
	if (cidr_parse(id, &net))
		EVENT_TEXT(ev, ip, id);
	else
		EVENT_TEXT(ev, text, id);
	return PARSE_EVENT;
}

static enum parse_result
read_plain(struct str id, enum kind kind, struct event *ev)
{
	return set_id(id, kind, ev);
}

/* "192.0.2.1, action 'nftables'" */
static enum parse_result
read_reban(struct str id, enum kind kind, struct event *ev)
{
	if (str_ends(id, STR("'")))
		id = str_head(id, str_find_last(id, STR(", action '")));
	return set_id(id, kind, ev);
}

/* "2d 7h 15m", rounded to three units. */
static bool
take_units(struct str s, int64_t *ret)
{
	static const struct {
		char letter;
		int64_t seconds;
	} units[] = {
		{'y', 365 * DAY}, {'w', 7 * DAY}, {'d', DAY}, {'h', 3600}, {'m', 60}, {'s', 1},
	};
	int64_t sum = 0, n, seconds;

	do {
		struct str part = str_cut(&s, ' ');
		size_t i = 0;

		if (!str_skip_number(&part, &n) || part.len != 1)
			return false;
		while (i < sizeof(units) / sizeof(*units) && units[i].letter != *part.p)
			i++;
		if (i == sizeof(units) / sizeof(*units) ||
		    __builtin_mul_overflow(n, units[i].seconds, &seconds) ||
		    __builtin_add_overflow(sum, seconds, &sum))
			return false;
	} while (s.len);
	*ret = sum;
	return true;
}

/* "2:00:00", "1 day, 0:00:00", "10 days, 1:00:00": Python's timedelta. */
static bool
take_timedelta(struct str s, int64_t *ret)
{
	struct str rest = s;
	int64_t days = 0, hours, minutes, seconds;

	if (str_skip_number(&rest, &days) &&
	    (str_skip(&rest, STR(" days, ")) || str_skip(&rest, STR(" day, "))))
		s = rest;
	else
		days = 0;
	if (!str_skip_number(&s, &hours) || !str_skip_char(&s, ':') ||
	    !str_skip_number(&s, &minutes) || !str_skip_char(&s, ':') ||
	    !str_skip_number(&s, &seconds) || s.len)
		return false;
	if (days > INT32_MAX || hours > 23 || minutes > 59 || seconds > 59)
		return false;
	*ret = days * DAY + hours * 3600 + minutes * 60 + seconds;
	return true;
}

/* "192.0.2.1 (3 # 8h -> 2026-11-20 20:00:00)", "... (9 # permanent -> infinite)" */
static enum parse_result
read_increase(struct str id, enum kind kind, struct event *ev)
{
	size_t paren = str_find_last(id, STR(" ("));
	struct str rest = str_from(id, paren), duration;
	int64_t count, seconds, usec;
	size_t arrow;

	if (!str_skip(&rest, STR(" (")) || !str_skip_number(&rest, &count) ||
	    !str_skip(&rest, STR(" # ")))
		return PARSE_MALFORMED;
	arrow = str_find(rest, STR(" -> "));
	duration = str_head(rest, arrow);
	if (arrow == rest.len || !str_ends(rest, STR(")")))
		return PARSE_MALFORMED;
	EVENT_SET(ev, attempts, count);
	if ((take_units(duration, &seconds) || take_timedelta(duration, &seconds)) &&
	    !__builtin_mul_overflow(seconds, INT64_C(1000000), &usec))
		EVENT_SET(ev, seconds, usec);
	return set_id(str_head(id, paren), kind, ev);
}

/* ", 2 # -> 3.0[, Ban]" at the end of *ID: failures counted with those of old bans. */
static bool
drop_bad(struct str *id, int64_t *ret_failures)
{
	struct str s = *id, rest;
	size_t comma;
	int64_t bans, failures;

	drop(&s, STR(", Ban"));
	comma = str_find_last(s, STR(", "));
	rest = str_from(s, comma);
	if (!str_skip(&rest, STR(", ")) || !str_skip_number(&rest, &bans) ||
	    !str_skip(&rest, STR(" # -> ")) || !postfix_seconds(&rest, &failures) || rest.len)
		return false;
	s = str_head(s, comma);
	if (!drop_time(&s) || !drop(&s, STR(", bad")))
		return false;
	*ret_failures = failures / 1000000;
	*id = s;
	return true;
}

/* "192.0.2.1", "192.0.2.1 - TIME", "192.0.2.1, bad - TIME, 2 # -> 3.0, Ban" */
static enum parse_result
read_found(struct str id, enum kind kind, struct event *ev)
{
	int64_t failures;

	if (drop_bad(&id, &failures))
		EVENT_SET(ev, attempts, failures);
	else
		drop_time(&id);
	return set_id(id, kind, ev);
}

/* "ticket(s) with iptables-multiport": all bans of a jail end; nobody is named. */
static enum parse_result
read_flush(struct str rest, enum kind kind, struct event *ev)
{
	EVENT_SET(ev, kind, (uint8_t)kind);
	if (str_skip(&rest, STR("ticket(s) with ")) && rest.len)
		EVENT_TEXT(ev, text, rest);
	return PARSE_EVENT;
}

/* The verb is the event's action; the longest comes first. */
static const struct {
	struct str verb;
	enum parse_result (*read)(struct str rest, enum kind kind, struct event *ev);
	uint8_t kind;
} verbs[] = {
	{STR("Ban"), read_plain, KIND_ban},
	{STR("Unban"), read_plain, KIND_unban},
	{STR("Found"), read_found, KIND_found},
	{STR("Restore Ban"), read_plain, KIND_ban_restored},
	{STR("Reban"), read_reban, KIND_ban_restored},
	{STR("Increase Ban"), read_increase, KIND_ban_longer},
	{STR("Repeal Ban"), read_plain, KIND_unban},
	{STR("Flush"), read_flush, KIND_flush},
	{STR("Attempt"), read_found, KIND_found},
};

enum parse_result
fail2ban_ticket(struct str s, bool warns, struct event *ev)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++) {
		struct str rest = s;

		if (!str_skip(&rest, verbs[i].verb) || !str_skip_char(&rest, ' '))
			continue;
		EVENT_TEXT(ev, action, str_head(s, verbs[i].verb.len));
		return verbs[i].read(rest, verbs[i].kind, ev);
	}
	if (!drop(&s, STR(" already banned")))
		return PARSE_UNKNOWN;
	if (!warns)
		return PARSE_IGNORED;
	/* The ban does not keep them out. */
	EVENT_WORD(ev, action, WORD_banned);
	return set_id(s, KIND_operational, ev);
}
