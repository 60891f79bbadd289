/* SPDX-License-Identifier: Apache-2.0
 *
 * spampd, a proxy that asks SpamAssassin, as Mail-in-a-Box has it:
 *
 *   clean message <id@a.test> (0.01/5.00) from <s@a.test> for <r@b.test> in 0.24s, 7625 bytes.
 *   identified spam (unknown) (18.41/4.00) from <s@a.test> for <r@b.test> in 3.07s, 1 bytes.
 *
 * The Message-ID and the sender are an outsider's, who could write a score of his own: it is
 * only taken where there is one place that it can have.
 */
#include "parse/filters.h"
#include "parse/postfix.h"

static const char *const tags[] = {"spampd", NULL};

static const struct note notes[] = {
	{STR("processing message "), 0},
	{STR("skipped large message "), 0},
	{STR("rules hit for "), 0},
	{STR("WARNING!! "), KIND_operational},
	{.prefix = {NULL, 0}},
};

/* " in 3.07s, 11524 bytes" at the end of S; what stands before it. */
static struct str
take_end(struct str s, struct event *ev)
{
	static const struct str mark = STR(" in ");
	size_t at = str_find_last(s, mark);
	struct str rest = at < s.len ? str_from(s, at + mark.len) : STR("");
	int64_t seconds, size;

	if (!postfix_seconds(&rest, &seconds) || !str_skip(&rest, STR("s, ")) ||
	    !str_skip_number(&rest, &size) || !str_skip(&rest, STR(" bytes")))
		return s;
	EVENT_SET(ev, seconds, seconds);
	EVENT_SET(ev, size, size);
	return str_head(s, at);
}

/* "<id@a.test> (18.41/4.00) from <s@a.test> for <r@b.test>" */
static void
take_mail(struct str s, struct event *ev)
{
	static const struct str mark = STR(") from <");
	size_t at = str_find(s, mark);
	struct str id = str_head(s, at), scores, address, rest;
	int64_t score, least;

	if (at == s.len || str_find_last(s, mark) != at)
		return;
	scores = str_from(id, str_find_last(id, STR(" (")));
	id.len -= scores.len;
	if (!str_skip(&scores, STR(" (")) || !filters_score(&scores, &score) ||
	    !str_skip_char(&scores, '/') || !filters_score(&scores, &least) || scores.len)
		return;
	EVENT_SET(ev, score, score);
	if (id.len && *id.p == '<')
		EVENT_TEXT(ev, msgid, id);
	rest = str_from(s, at + mark.len);
	if (!postfix_address(&rest, &address))
		return;
	EVENT_TEXT(ev, sender, address);
	if (str_skip(&rest, STR(" for <")) && postfix_address(&rest, &address))
		EVENT_TEXT(ev, recipient, address);
}

static enum parse_result
spampd_read(struct str message, struct event *ev)
{
	struct str s = message;
	bool clean = str_skip(&s, STR("clean message "));

	if (!clean && !str_skip(&s, STR("identified spam ")))
		return filters_note(notes, message, ev);
	EVENT_SET(ev, kind, KIND_spam_verdict);
	EVENT_WORD(ev, verdict, clean ? WORD_clean : WORD_spam);
	take_mail(take_end(s, ev), ev);
	return PARSE_EVENT;
}

const struct parser parser_spampd = {
	.name = "spampd", .tags = tags, .read = spampd_read, .foreign = true};
