/* SPDX-License-Identifier: Apache-2.0
 *
 * Lines that name no program, or have no header at all:
 *   Dec 11 09:29:32 localhost last message repeated 2 times
 *   Dec 11 09:29:32 localhost ool www[12]: mail() on [...          (PHP's, under FPM)
 *   F From: <a@b.test>                     (Exim's: of the entry that began above)
 *   -- Boot 0123456789abcdef --            (journalctl's)
 */
#include "parse/room.h"

bool
repeat_read(struct str message, struct event *ev)
{
	int64_t times;

	if (!str_skip(&message, STR("last message repeated ")) ||
	    !str_skip_number(&message, &times) || times < 1 || times > UINT32_MAX ||
	    (!str_eq(message, STR(" times")) && !str_eq(message, STR(" time"))))
		return false;
	EVENT_SET(ev, kind, KIND_repeat);
	EVENT_SET(ev, count, times);
	ev->weight = (uint32_t)times;
	return true;
}

enum parse_result
untagged_read(struct str message, struct event *ev)
{
	if (str_eq(message, STR("-- MARK --")))
		return PARSE_IGNORED;
	if (repeat_read(message, ev))
		return PARSE_EVENT;
	if (str_starts(message, STR("ool ")) && parser_php.read(message, ev) == PARSE_EVENT)
		return PARSE_EVENT;
	return message.len ? PARSE_FOREIGN : PARSE_MALFORMED;
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
 * What journalctl writes between the others, what belongs to the line before or lost its
 * header; or damage.
 */
enum parse_result
untagged_headless(struct str line)
{
	static const struct str notes[] = {
	    {"-- Journal begins ", 18}, {"-- Logs begin ", 14}, {"-- Boot ", 8},
	    {"-- Reboot --", 12}, {"-- No entries --", 16}, {"-- MARK --", 10},
	    /* postgrey's, where its standard output lies between the others' lines. */
	    {"action=greylist, reason=", 24}, {"action=pass, reason=", 20},
	};

	for (size_t i = 0; i < sizeof(notes) / sizeof(notes[0]); i++)
		if (str_starts(line, notes[i]))
			return PARSE_IGNORED;
	return is_continuation(line) ? PARSE_IGNORED : PARSE_MALFORMED;
}
