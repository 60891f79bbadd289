/* SPDX-License-Identifier: Apache-2.0
 *
 * clamav-milter, with LogInfected and LogClean:
 *
 *   Clean message from <s@a.test> to <r@b.test>
 *   Message from <s@a.test> to <r@b.test> infected by Eicar-Signature
 *   Message 4F1D2A3B4C from <s@a.test> to <r@b.test> with subject 'x' message-id '<id@a.test>'
 *     date 'x' infected by Eicar-Signature
 *
 * Subject and Message-ID are the sender's: the virus stands behind them, at the end.
 */
#include "parse/filters.h"
#include "parse/postfix.h"

static const char *const tags[] = {"clamav-milter", NULL};

/* Mail that nobody could look at: clamd is away, or has too much to do. */
static const struct note notes[] = {
	{STR("No reply from clamd"), KIND_operational},
	{STR("Unknown reply from clamd"), KIND_operational},
	{STR("No clamd server appears to be available"), KIND_operational},
	{STR("No sockets are alive"), KIND_operational},
	{STR("Failed to "), KIND_operational},
	{STR("Streaming failed"), KIND_operational},
	{STR("FD send failed"), KIND_operational},
	{STR("VirusEvent: "), KIND_operational},
	{STR("ClamAV: Unable to "), KIND_operational}, /* libmilter's */
	{STR("Can't "), KIND_operational},
	{STR("Out of memory "), KIND_operational},
	{.prefix = {NULL, 0}},
};

/* "[QID ]from <s@a.test> to <r@b.test>" */
static void
take_mail(struct str s, struct event *ev)
{
	struct str rest = s, qid, address;

	if (postfix_qid(&rest, &qid) && str_skip(&rest, STR(" from "))) {
		EVENT_TEXT(ev, qid, qid);
		s = rest;
	} else if (!str_skip(&s, STR("from "))) {
		return;
	}
	if (!str_skip_char(&s, '<') || !postfix_address(&s, &address))
		return;
	EVENT_TEXT(ev, sender, address);
	if (str_skip(&s, STR(" to <")) && postfix_address(&s, &address))
		EVENT_TEXT(ev, recipient, address);
}

static enum parse_result
read_note(struct str message, struct event *ev)
{
	enum severity severity = str_skip(&message, STR("ERROR: ")) ? SEVERITY_error :
	    str_skip(&message, STR("WARNING: "))                    ? SEVERITY_warning :
								      SEVERITY_none;
	enum parse_result result = filters_note(notes, message, ev);

	if (result == PARSE_EVENT && severity != SEVERITY_none)
		EVENT_SET(ev, severity, (uint8_t)severity);
	return result;
}

static enum parse_result
clamav_milter_read(struct str message, struct event *ev)
{
	static const struct str mark = STR(" infected by ");
	struct str s = message;
	size_t at;

	/* It may be spam: whoever else looks at it has the last word. */
	if (str_starts(message, STR("Clean message ")))
		return PARSE_IGNORED;
	if (!str_skip(&s, STR("Message ")))
		return read_note(message, ev);
	at = str_find_last(s, mark);
	if (at == s.len)
		return PARSE_UNKNOWN;
	EVENT_SET(ev, kind, KIND_spam_verdict);
	EVENT_WORD(ev, verdict, WORD_infected);
	EVENT_TEXT(ev, text, str_from(s, at + mark.len));
	take_mail(str_head(s, at), ev);
	return PARSE_EVENT;
}

const struct parser parser_clamav_milter = {
	.name = "clamav-milter", .tags = tags, .read = clamav_milter_read, .foreign = true};
