/* SPDX-License-Identifier: Apache-2.0
 *
 * The filter of Proxmox Mail Gateway, behind its own id of the mail:
 *
 *   2C225C6817C7EEE1481: SA score=8/5 time=2.975 bayes=undefined ... hits=A(0.1),B(8)
 *   2C225C6817C7EEE1481: virus detected: Eicar-Signature (clamav)
 *
 * Of a mail that was found infected SpamAssassin is not asked: one of the two is there.
 */
#include "parse/filters.h"
#include "parse/postfix.h"

static const char *const tags[] = {"pmg-smtp-filter", NULL};

/* What its rules did, for each recipient. */
static const struct note notes[] = {
	{STR("new mail message-id="), 0},
	{STR("accept mail to "), 0},
	{STR("block mail to "), 0},
	{STR("moved mail for "), 0},
	{STR("sent "), 0},
	{STR("removed attachment "), 0},
	{STR("modified "), 0},
	{STR("processing time: "), 0},
	{.prefix = {NULL, 0}},
};

static void
set_verdict(enum word verdict, struct str text, struct event *ev)
{
	EVENT_SET(ev, kind, KIND_spam_verdict);
	EVENT_WORD(ev, verdict, verdict);
	if (text.len)
		EVENT_TEXT(ev, text, text);
}

/* "8/5 time=2.975 ... hits=A(0.1),B(8)" */
static enum parse_result
read_score(struct str s, struct event *ev)
{
	static const struct str mark = STR(" hits=");
	int64_t score, least, seconds;
	struct str hits;

	if (!filters_score(&s, &score) || !str_skip_char(&s, '/') ||
	    !filters_score(&s, &least))
		return PARSE_MALFORMED;
	hits = str_from(s, str_find(s, mark));
	str_skip(&hits, mark);
	set_verdict(score >= least ? WORD_spam : WORD_clean, hits, ev);
	EVENT_SET(ev, score, score);
	if (str_skip(&s, STR(" time=")) && postfix_seconds(&s, &seconds))
		EVENT_SET(ev, seconds, seconds);
	return PARSE_EVENT;
}

static enum parse_result
pmg_read(struct str message, struct event *ev)
{
	struct str s = message, id = str_cut(&s, ':');

	for (size_t i = 0; i < id.len; i++)
		if (!char_is_digit(id.p[i]) && (id.p[i] < 'A' || id.p[i] > 'F'))
			return PARSE_UNKNOWN;
	if (id.len < 8 || !str_skip_char(&s, ' '))
		return PARSE_UNKNOWN;
	if (str_skip(&s, STR("SA score=")))
		return read_score(s, ev);
	if (!str_skip(&s, STR("virus detected: ")))
		return filters_note(notes, s, ev);
	set_verdict(WORD_infected, s, ev);
	return PARSE_EVENT;
}

const struct parser parser_pmg = {
	.name = "pmg", .tags = tags, .read = pmg_read, .foreign = true};
