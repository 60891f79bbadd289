/* SPDX-License-Identifier: Apache-2.0
 *
 * Lines that name no program, or have no header at all:
 *   Dec 11 09:29:32 localhost last message repeated 2 times
 *   2026-11-20 11:49:08 1xUN76-0005hf-06 Completed              (Exim's own file)
 *   [01-Jan-2024 12:00:00 UTC] mail() on [/var/www/x.php:12]: ... (PHP's)
 *   F From: <a@b.test>                                            (of the entry above)
 */
#include "parse/room.h"

/* Lines without a tag: "last message repeated 2 times", marks, and what is nobody's. */
static enum parse_result
read_syslog(struct str message, struct event *ev)
{
	struct str s = message;
	int64_t times;

	if (str_eq(message, STR("-- MARK --")))
		return PARSE_IGNORED;
	if (!str_skip(&s, STR("last message repeated ")) || !str_skip_number(&s, &times) ||
	    times < 1 || times > UINT32_MAX || (!str_eq(s, STR(" times")) &&
	    !str_eq(s, STR(" time"))))
		return message.len ? PARSE_FOREIGN : PARSE_MALFORMED;
	ev->kind = KIND_repeat;
	EVENT_SET(ev, count, times);
	ev->weight = (uint32_t)times;
	return PARSE_EVENT;
}

enum parse_result
untagged_read(enum stamp_form form, struct str message, struct event *ev)
{
	static const struct parser *const dated[] = {&parser_exim};
	enum parse_result result = PARSE_UNKNOWN;

	if (form == STAMP_BRACKET) {
		result = parser_php.read(message, ev);
		return result == PARSE_UNKNOWN ? PARSE_FOREIGN : result;
	}
	if (form != STAMP_FILE)
		return read_syslog(message, ev);
	if (message.len == 0)
		return PARSE_MALFORMED;
	for (size_t i = 0; i < sizeof(dated) / sizeof(dated[0]); i++)
		if ((result = dated[i]->read(message, ev)) != PARSE_UNKNOWN)
			break;
	return result;
}

/*
 * What follows the first line of an entry: folded headers, and those that Exim
 * writes to its rejectlog under a letter for their sort. Nothing of it is looked
 * at: it is the sender's text.
 */
static bool
is_continuation(struct str line)
{
	struct str name;

	if (line.len == 0 || *line.p == ' ' || *line.p == '\t')
		return true;
	if (str_starts(line, STR("Envelope-from: <")) ||
	    str_starts(line, STR("Envelope-to: <")) || str_starts(line, STR("-----")))
		return true;
	if (line.len < 3 || line.p[1] != ' ' ||
	    (*line.p != '*' && (*line.p < 'A' || *line.p > 'Z')))
		return false;
	name = str_from(line, 2);
	name = str_head(name, str_index(name, ':'));
	return name.len && name.len < line.len - 2 && str_index(name, ' ') == name.len;
}

/*
 * Lines without a header: what journalctl writes between the others, what belongs
 * to the line before, PHP's up to 5.3; or damage.
 */
enum parse_result
untagged_headless(struct str line, struct event *ev)
{
	static const struct str notes[] = {
	    {"-- Journal begins ", 18}, {"-- Logs begin ", 14}, {"-- Boot ", 8},
	    {"-- Reboot --", 12}, {"-- No entries --", 16}, {"-- MARK --", 10},
	};

	for (size_t i = 0; i < sizeof(notes) / sizeof(notes[0]); i++)
		if (str_starts(line, notes[i]))
			return PARSE_IGNORED;
	if (str_starts(line, STR("mail() on [")))
		return parser_php.read(line, ev);
	return is_continuation(line) ? PARSE_IGNORED : PARSE_MALFORMED;
}
