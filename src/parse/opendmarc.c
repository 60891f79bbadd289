/* SPDX-License-Identifier: Apache-2.0
 *
 * OpenDMARC, as a milter:
 *
 *   4F1D2A3B4C: a.test pass
 *   4F1D2A3B4C: SPF(mailfrom): a.test fail
 *
 * The domain is that of the From: header, so the sender's text.
 */
#include "parse/filters.h"
#include "parse/postfix.h"

static const char *const tags[] = {"opendmarc", NULL};

static const struct filters_word results[] = {
	{STR("pass"), WORD_pass},
	{STR("fail"), WORD_fail},
	{STR("none"), WORD_none},
	{STR("neutral"), WORD_neutral},
	{STR("softfail"), WORD_softfail},
	{STR("temperror"), WORD_temperror},
	{STR("tempfail"), WORD_temperror},
	{STR("permerror"), WORD_permerror},
	{.text = {NULL, 0}},
};

/* Behind the queue id. */
static const struct note queued[] = {
	{STR("ignoring "), 0},
	{STR("RFC5322 "), 0}, /* a mail whose From: header is against the rules */
	{STR("unable to parse "), 0},
	{STR("unable to create "), KIND_operational},
	{STR("failed to parse "), 0},
	{STR("missing "), 0},
	{STR("rejected by DMARC policy"), 0}, /* told as the result */
	{STR("opendmarc_"), KIND_operational},
	{STR("smfi_"), KIND_operational},
	{STR("can't "), KIND_operational},
	{.prefix = {NULL, 0}},
};

/* Lines of no message. */
static const struct note life[] = {
	{STR("OpenDMARC Filter: mi_stop"), 0}, /* those with a colon are libmilter's */
	{STR("OpenDMARC Filter: Opening "), 0},
	{STR("OpenDMARC Filter: "), KIND_operational},
	{STR("OpenDMARC Filter"), 0}, /* starting, stopping, reloaded */
	{STR("implicit authentication service: "), 0},
	{STR("additional trusted authentication services: "), 0},
	{STR("trusted authentication services: "), 0},
	{STR("ignoring connection from "), 0},
	{STR("ignoring reload signal"), 0},
	{STR("ignoring Authentication-Results "), 0},
	{STR("configuration reloaded from "), 0},
	{STR("exited with status "), KIND_operational},
	{STR("terminated with signal "), KIND_operational},
	{STR("can't "), KIND_operational},
	{STR("error "), KIND_operational},
	{.prefix = {NULL, 0}},
};

/* "DOMAIN RESULT": the result is the last word, whatever the domain looks like. */
static bool
read_result(struct str s, enum word category, struct event *ev)
{
	size_t space = str_find_last(s, STR(" "));
	struct str domain = str_head(s, space);
	enum word result;

	if (space == s.len)
		return false;
	result = filters_word(results, str_from(s, space + 1));
	if (result == WORD_absent)
		return false;
	EVENT_SET(ev, kind, KIND_auth_result);
	EVENT_WORD(ev, category, category);
	EVENT_WORD(ev, action, result);
	filters_domain(domain, ev);
	if (!event_knows(ev, FIELD_name))
		EVENT_TEXT(ev, text, domain);
	return true;
}

/* "SPF(mailfrom): DOMAIN RESULT" or "DOMAIN RESULT" */
static bool
read_either(struct str s, struct event *ev)
{
	struct str spf = s;

	if ((str_skip(&spf, STR("SPF(mailfrom): ")) || str_skip(&spf, STR("SPF(helo): "))) &&
	    read_result(spf, WORD_spf, ev))
		return true;
	return read_result(s, WORD_dmarc, ev);
}

static enum parse_result
opendmarc_read(struct str message, struct event *ev)
{
	struct str s = message, qid = {NULL, 0};

	if (!str_skip(&s, STR("(unknown-jobid)")) && !postfix_qid(&s, &qid))
		return filters_milter_note(life, message, ev);
	if (!str_skip(&s, STR(": "))) /* "QID ignoring Authentication-Results at ..." */
		return str_skip_char(&s, ' ') && str_starts(s, STR("ignoring ")) ?
		    PARSE_IGNORED :
		    filters_milter_note(life, message, ev);
	if (!read_either(s, ev))
		return filters_milter_note(queued, s, ev);
	if (qid.p)
		EVENT_TEXT(ev, qid, qid);
	return PARSE_EVENT;
}

const struct parser parser_opendmarc = {
	.name = "opendmarc", .tags = tags, .read = opendmarc_read};
