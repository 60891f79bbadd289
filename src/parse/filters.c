/* SPDX-License-Identifier: Apache-2.0
 *
 * What the parsers of spam filters, milters and fail2ban share: tables of fixed
 * beginnings, scores, domains.
 */
#include "parse/filters.h"

#include "parse/postfix.h"

enum parse_result
filters_say(struct event *ev, enum kind kind, enum severity severity, struct str text)
{
	EVENT_SET(ev, kind, (uint8_t)kind);
	if (severity != SEVERITY_none)
		EVENT_SET(ev, severity, (uint8_t)severity);
	EVENT_TEXT(ev, text, text);
	return PARSE_EVENT;
}

enum parse_result
filters_note(const struct note *notes, struct str message, struct event *ev)
{
	while (notes->prefix.len && !str_starts(message, notes->prefix))
		notes++;
	if (notes->prefix.len == 0)
		return PARSE_UNKNOWN;
	if (notes->kind == KIND_none)
		return PARSE_IGNORED;
	return filters_say(ev, notes->kind, SEVERITY_none, message);
}

/* "fork(): Resource temporarily unavailable", "DKIM-Signature header add failed" */
static bool
is_milter_trouble(struct str message)
{
	static const struct str begins[] = {
		STR("WARNING: "), STR("[parent] "), STR("[child] "), STR("maximum restart "),
		STR("socket cleanup failed: "), STR("no such "), STR("using ChangeRoot"),
		STR("KeyTable entry for "),
	};
	static const struct str within[] = {
		STR("(): "), STR("() "), STR("(LOCK_"), STR(": configuration error at line "),
		STR(": required parameter "), STR("key data is not secure: "),
		STR(" which has multiple users (e.g., "),
	};
	bool trouble = str_ends(message, STR(" failed"));

	for (size_t i = 0; i < sizeof(begins) / sizeof(*begins); i++)
		trouble |= str_starts(message, begins[i]);
	for (size_t i = 0; i < sizeof(within) / sizeof(*within); i++)
		trouble |= str_find(message, within[i]) < message.len;
	return trouble;
}

enum parse_result
filters_milter_note(const struct note *notes, struct str message, struct event *ev)
{
	enum parse_result result = filters_note(notes, message, ev);

	return result == PARSE_UNKNOWN && is_milter_trouble(message) ?
	    filters_say(ev, KIND_operational, SEVERITY_none, message) :
	    result;
}

enum word
filters_word(const struct filters_word *words, struct str text)
{
	for (; words->text.len; words++)
		if (str_eq_nocase(words->text, text))
			return words->word;
	return WORD_absent;
}

bool
filters_score(struct str *s, int64_t *ret)
{
	struct str rest = *s;
	bool minus = str_skip_char(&rest, '-');
	int64_t millionths;

	if (!minus)
		str_skip_char(&rest, '+');
	if (!postfix_seconds(&rest, &millionths))
		return false;
	*ret = minus ? -(millionths / 1000) : millionths / 1000;
	*s = rest;
	return true;
}

bool
filters_ip(struct str s, struct event *ev)
{
	struct str rest = s, ip;

	if (!postfix_ip(&rest, &ip) || rest.len)
		return false;
	EVENT_TEXT(ev, ip, ip);
	return true;
}

void
filters_domain(struct str address, struct event *ev)
{
	size_t at = str_find_last(address, STR("@"));
	struct str rest = at < address.len ? str_from(address, at + 1) : address, name;

	if (postfix_host(&rest, &name) && rest.len == 0)
		EVENT_TEXT(ev, name, name);
}
