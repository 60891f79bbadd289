/* SPDX-License-Identifier: Apache-2.0
 *
 * Amavis, by syslog or in a file of its own. Versions 2.6 to 2.13 say
 *
 *   (01626-01) Passed SPAM, LOCAL [192.0.2.1] [192.0.2.1] <s@a.test> -> <r@b.test>,
 *     Message-ID: <1@a.test>, mail_id: x, Hits: 9.1, queued_as: 4F1D2A3B4C, 667 ms
 *   (00437-02-3) Blocked BANNED (.exe,x.exe) {DiscardedInbound,Quarantined}, MYNETS
 *     [2001:db8::1]:25 <> -> <r@b.test>,<q@b.test>, quarantine: q, Queue-ID: 4F1D2A3B4C, ...
 *
 *   (01282-01) Passed, <s@a.test> -> <r@b.test>, quarantine q, Message-ID: <1@a>, Hits: 1.2
 *
 * where the last is of a template without verdicts. $log_verbose_templ has "ESMTPS/ESMTP "
 * before the sender. The names in parentheses, both addresses and the Message-ID are the
 * sender's. Entries are split at 980 bytes: the first part ends in "...", those that follow
 * begin with "(01626-01) ...", or "(01626-01) (!)..." where the first began with that mark.
 */
#include "parse/amavis.h"
#include "parse/postfix.h"

static const char *const tags[] = {
	"amavis", "amavisd", "amavisd-new", "amavis-new", "/usr/sbin/amavisd",
	"/usr/sbin/amavisd-new", "/usr/local/sbin/amavisd", "/usr/local/sbin/amavisd-new",
	"/usr/bin/amavisd", NULL,
};

/* Longer names of a family come first. */
static const struct {
	struct str prefix;
	uint8_t verdict; /* enum word */
} categories[] = {
	{STR("CLEAN"), WORD_clean},
	{STR("SPAMMY"), WORD_spammy},
	{STR("SPAM"), WORD_spam},
	{STR("BANNED"), WORD_banned},
	{STR("INFECTED"), WORD_infected},
	{STR("BAD-HEADER"), WORD_bad_header},
	{STR("UNCHECKED"), WORD_unchecked},
	{STR("MTA-BLOCKED"), WORD_mta_blocked},
	{STR("OVERSIZED"), WORD_oversized},
};

/* "(01626-01) ", "(00437-02-3) ", "(rel-x_Yz) "; *RET_ID has the parentheses. */
static bool
take_id(struct str *s, struct str *ret_id)
{
	struct str rest = *s;
	size_t n = 0, digits = 0;

	if (!str_skip_char(&rest, '('))
		return false;
	digits = str_starts(rest, STR("rel-"));
	while (n < rest.len && (char_is_alnum(rest.p[n]) || rest.p[n] == '-' ||
	    rest.p[n] == '_'))
		digits += char_is_digit(rest.p[n++]);
	rest = str_from(rest, n);
	if (digits == 0 || !str_skip(&rest, STR(") ")))
		return false;
	*ret_id = str_head(*s, n + 2);
	*s = rest;
	return true;
}

/* "CLEAN", "BAD-HEADER-7": sets category and verdict. */
static bool
take_category(struct str *s, struct event *ev)
{
	size_t n = 0;
	struct str category;
	uint8_t verdict = WORD_other;

	while (n < s->len && (char_is_alnum(s->p[n]) || s->p[n] == '-'))
		n++;
	if (n == 0)
		return false;
	category = str_head(*s, n);
	*s = str_from(*s, n);
	for (size_t i = 0; i < sizeof(categories) / sizeof(*categories); i++) {
		if (str_starts(category, categories[i].prefix)) {
			verdict = categories[i].verdict;
			break;
		}
	}
	EVENT_TEXT(ev, category, category);
	EVENT_WORD(ev, verdict, verdict);
	return true;
}

/* Could the names in parentheses end at S[at]? */
static bool
may_end_names(struct str s, size_t at)
{
	struct str behind = str_from(s, at);

	return str_starts(behind, STR("), ")) || str_starts(behind, STR(") {"));
}

/* With longer ones the line may have been cut inside them. */
#define NAMES_MAX 512

/*
 * " (NAMES)", which is text. The names are the sender's: one may look like all the
 * rest of the line. So what follows counts only if the names can end in one place,
 * and if the line is whole: a cut one might have lost the true end.
 */
static bool
take_names(struct str *s, struct event *ev)
{
	size_t found = 0, end = 0;
	struct str names = *s;

	if (!str_skip(&names, STR(" (")))
		return true;
	for (size_t i = 0; i < names.len; i++) {
		if (names.p[i] == ')' && may_end_names(names, i)) {
			found++;
			end = i;
		}
	}
	if (found != 1 || end > NAMES_MAX || !str_ends(names, STR(" ms"))) {
		EVENT_TEXT(ev, text, names);
		return false;
	}
	EVENT_TEXT(ev, text, str_head(names, end));
	*s = str_from(names, end + 1);
	return true;
}

/* " {DiscardedInbound,Quarantined}", since 2.7, and the comma. */
static bool
skip_actions(struct str *s)
{
	struct str rest = *s;

	if (str_skip(&rest, STR(" {"))) {
		while (rest.len && (char_is_alnum(*rest.p) || *rest.p == ','))
			rest = str_from(rest, 1);
		if (!str_skip_char(&rest, '}'))
			return false;
	}
	if (!str_skip(&rest, STR(", ")))
		return false;
	*s = rest;
	return true;
}

/* "[192.0.2.1]:4711 " or "[192.0.2.1] "; *RET_PORT is -1 without port. */
static bool
take_endpoint(struct str *s, struct str *ret_ip, int64_t *ret_port)
{
	struct str rest = *s, ip;
	int64_t port = -1;

	if (!str_skip_char(&rest, '['))
		return false;
	str_skip(&rest, STR("IPv6:"));
	if (!postfix_ip(&rest, &ip) || !str_skip_char(&rest, ']'))
		return false;
	if (str_skip_char(&rest, ':') && (!str_skip_number(&rest, &port) || port > 65535))
		return false;
	if (!str_skip_char(&rest, ' '))
		return false;
	*ret_ip = ip;
	*ret_port = port;
	*s = rest;
	return true;
}

/* "[198.51.100.7] ": where the mail began, if its headers are true. They may not be. */
static bool
skip_origin(struct str *s)
{
	struct str rest = *s;
	size_t n;

	if (!str_skip_char(&rest, '['))
		return false;
	n = str_index(rest, ']');
	if (n == rest.len)
		return false;
	rest = str_from(rest, n + 1);
	if (!str_skip_char(&rest, ' '))
		return false;
	*s = rest;
	return true;
}

/* "ESMTPS/ESMTP ", "/ESMTP ": how it came and went, of $log_verbose_templ. */
static void
skip_protocols(struct str *s)
{
	size_t n = 0;

	while (n < s->len && (char_is_alnum(s->p[n]) || s->p[n] == '/'))
		n++;
	if (n > 1 && str_starts(str_from(*s, n), STR(" <")))
		*s = str_from(*s, n + 1);
}

/*
 * "POLICYBANK LOCAL [CLIENT]:PORT [ORIGIN] ", each of which may be missing. A single
 * address without port may be either: then it is nobody's.
 */
static void
take_client(struct str *s, struct event *ev)
{
	bool local = false;
	struct str ip;
	int64_t port;

	while (s->len && *s->p != '[' && *s->p != '<' && str_index(*s, ' ') < s->len)
		local = str_eq(str_cut(s, ' '), STR("LOCAL"));
	if (!take_endpoint(s, &ip, &port)) {
		skip_origin(s);
		return;
	}
	if (!skip_origin(s) && port < 0 && !local)
		return;
	EVENT_TEXT(ev, ip, ip);
	if (port >= 0)
		EVENT_SET(ev, port, port);
}

/* "<s@a.test> -> <r@b.test>,<q@b.test>" */
static bool
take_envelope(struct str *s, struct event *ev)
{
	struct str rest = *s, address;
	int64_t count = 0;

	if (!str_skip_char(&rest, '<') || !postfix_address(&rest, &address))
		return false;
	EVENT_TEXT(ev, sender, address);
	*s = rest;
	if (!str_skip(&rest, STR(" -> ")))
		return false;
	do {
		if (!str_skip_char(&rest, '<') || !postfix_address(&rest, &address))
			break;
		if (count++ == 0)
			EVENT_TEXT(ev, recipient, address);
		*s = rest;
	} while (str_skip_char(&rest, ','));
	if (count == 0)
		return false;
	EVENT_SET(ev, nrcpt, count);
	return true;
}

/* Behind "Passed " or "Blocked ". */
static enum parse_result
read_verdict(struct str s, enum word action, struct event *ev)
{
	if (!take_category(&s, ev))
		return PARSE_MALFORMED;
	EVENT_SET(ev, kind, KIND_spam_verdict);
	EVENT_WORD(ev, action, action);
	if (!take_names(&s, ev))
		return PARSE_EVENT;
	if (!skip_actions(&s))
		return postfix_is_cut(ev) ? PARSE_EVENT : PARSE_MALFORMED;
	take_client(&s, ev);
	skip_protocols(&s);
	if (!take_envelope(&s, ev)) {
		if (s.len && !event_knows(ev, FIELD_text))
			EVENT_TEXT(ev, text, s);
		return PARSE_EVENT;
	}
	amavis_fields(s, ev);
	return PARSE_EVENT;
}

static bool
is_verdict(struct str s)
{
	return str_starts(s, STR("Passed ")) || str_starts(s, STR("Blocked "));
}

/* ", <s@a.test> -> <r@b.test>, ...": no verdict is told. */
static enum parse_result
read_bare(struct str s, enum word action, struct event *ev)
{
	if (!str_skip(&s, STR(", ")))
		return PARSE_UNKNOWN;
	EVENT_SET(ev, kind, KIND_spam_verdict);
	EVENT_WORD(ev, action, action);
	take_client(&s, ev);
	if (take_envelope(&s, ev))
		amavis_fields(s, ev);
	return PARSE_EVENT;
}

/* "S68df6LqJbl7 FWD from <s@a.test> -> ...": the mail's id may stand before a step. */
static struct str
without_mail_id(struct str s)
{
	struct str rest = s;

	str_cut(&rest, ' ');
	return str_starts(rest, STR("FWD ")) || str_starts(rest, STR("SEND ")) ? rest : s;
}

/*
 * Is S, behind ID and mark, one part of an entry? Of those that are of no use to begin
 * with, the first is not, and nobody waits for the others.
 */
static bool
read_part(struct str id, struct str s, struct event *ev)
{
	bool goes_on = str_skip(&s, STR("...")), more = str_ends(s, STR("..."));

	if ((!goes_on && !more) || postfix_is_cut(ev))
		return false;
	EVENT_SET(ev, kind, KIND_part);
	EVENT_TEXT(ev, session, id);
	if (more)
		EVENT_SET(ev, truncated, true);
	if (goes_on)
		EVENT_TEXT(ev, text, str_head(s, more ? s.len - STR("...").len : s.len));
	return true;
}

static enum parse_result
amavis_read(struct str message, struct event *ev)
{
	enum severity severity = SEVERITY_none;
	struct str s = message, id = {NULL, 0};
	bool has_id = take_id(&s, &id), passed;

	str_skip(&s, STR("() ")); /* there is no mail yet */
	if (str_skip(&s, STR("(!!)")))
		severity = SEVERITY_error;
	else if (str_skip(&s, STR("(!)")))
		severity = SEVERITY_warning;
	if (has_id && (severity || is_verdict(s) || str_starts(s, STR("..."))) &&
	    read_part(id, s, ev))
		return PARSE_EVENT;
	if (has_id && str_starts(s, STR("...")))
		return PARSE_IGNORED;
	if (severity) {
		str_skip_char(&s, ' '); /* older versions */
		return filters_say(ev, KIND_operational, severity, s);
	}
	if (!has_id)
		return filters_note(amavis_chatter, message, ev);
	passed = str_skip(&s, STR("Passed "));
	if (passed || str_skip(&s, STR("Blocked ")))
		return read_verdict(s, passed ? WORD_passed : WORD_blocked, ev);
	if (str_skip(&s, STR("Passed")))
		return read_bare(s, WORD_passed, ev);
	if (str_skip(&s, STR("Blocked")) || str_skip(&s, STR("Not-Delivered")))
		return read_bare(s, WORD_blocked, ev);
	return filters_note(amavis_steps, without_mail_id(s), ev);
}

const struct parser parser_amavis = {
	.name = "amavis", .tags = tags, .read = amavis_read};
