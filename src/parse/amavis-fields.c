/* SPDX-License-Identifier: Apache-2.0
 *
 * The fields behind the recipients of Amavis' lines, each "key: value":
 *
 *   , quarantine: x/spam-x.gz, Queue-ID: 4F1D2A3B4C, Message-ID: <1@a.test>, mail_id: x,
 *     Hits: 9.1, size: 408, pt: 1, queued_as: 4F1D2A3B4D, dkim_sd=sel:a.test, 667 ms
 *
 * Only the Message-IDs are the sender's. Amavis leaves no '>' in them but one in
 * quotes and behind a backslash.
 */
#include "parse/amavis.h"
#include "parse/postfix.h"

typedef void field_reader(struct str *s, struct event *ev);

static void
skip_field(struct str *s, struct event *ev)
{
	(void)s, (void)ev;
}

static void
read_qid(struct str *s, struct event *ev)
{
	struct str qid;

	if (postfix_qid(s, &qid))
		EVENT_TEXT(ev, qid, qid);
}

/* "4F1D2A3B4C/4F1D2A3B4D" when it was split. */
static void
read_next_qid(struct str *s, struct event *ev)
{
	struct str qid;

	if (postfix_qid(s, &qid))
		EVENT_TEXT(ev, next_qid, qid);
}

/* Length of a message id in front of S, or 0: a quoted part may hold "\>". */
static size_t
msgid_length(struct str s)
{
	bool quoted = false;

	if (s.len == 0 || *s.p != '<')
		return 0;
	for (size_t i = 1; i < s.len; i++) {
		if (quoted && s.p[i] == '\\')
			i++;
		else if (s.p[i] == '"')
			quoted = !quoted;
		else if (s.p[i] == '>')
			return i + 1;
	}
	return 0;
}

static void
read_msgid(struct str *s, struct event *ev)
{
	size_t n = msgid_length(*s);

	if (n == 0)
		return;
	EVENT_TEXT(ev, msgid, str_head(*s, n));
	*s = str_from(*s, n);
}

static void
read_resent_id(struct str *s, struct event *ev)
{
	(void)ev;
	*s = str_from(*s, msgid_length(*s));
}

/* "-" where nothing was counted; "2.5+1" with what the recipient adds. */
static void
read_hits(struct str *s, struct event *ev)
{
	int64_t score, more;

	if (!filters_score(s, &score))
		return;
	while (s->len && (*s->p == '+' || *s->p == '-') && filters_score(s, &more))
		if (__builtin_add_overflow(score, more, &score))
			return;
	EVENT_SET(ev, score, score);
}

static void
read_size(struct str *s, struct event *ev)
{
	int64_t size;

	if (str_skip_number(s, &size))
		EVENT_SET(ev, size, size);
}

static const struct {
	struct str key;
	field_reader *read;
} fields[] = {
	{STR("tls: "), skip_field}, /* a cipher's name */
	{STR("quarantine: "), skip_field},
	{STR("quarantine "), skip_field},
	{STR("Queue-ID: "), read_qid},
	{STR("Message-ID: "), read_msgid},
	{STR("Resent-Message-ID: "), read_resent_id},
	{STR("mail_id: "), skip_field},
	{STR("b: "), skip_field},
	{STR("Hits: "), read_hits},
	{STR("size: "), read_size},
	{STR("pt: "), skip_field},
	{STR("queued_as: "), read_next_qid},
};

/* "156 ms" */
static bool
read_duration(struct str s, struct event *ev)
{
	int64_t ms, usec;

	if (!str_skip_number(&s, &ms) || !str_eq(s, STR(" ms")) ||
	    __builtin_mul_overflow(ms, INT64_C(1000), &usec))
		return false;
	EVENT_SET(ev, seconds, usec);
	return true;
}

/* One "key: value" behind ", "; false at the first that is not ours. */
static bool
read_field(struct str *s, struct event *ev)
{
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		if (str_skip(s, fields[i].key)) {
			fields[i].read(s, ev);
			*s = str_from(*s, str_find(*s, STR(", ")));
			return true;
		}
	}
	return false;
}

/*
 * ", (ESMTPS://[192.0.2.1]:2 < ESMTP://198.51.100.7)": the way that the headers tell, of
 * $log_verbose_templ. No comma or parenthesis is part of it: where one may be, before the
 * subject, nobody can tell where it ends, and nothing behind it is gone into.
 */
static void
skip_way(struct str *s)
{
	static const struct str marks = STR(" :/<>[].-+_?");
	struct str rest = *s, own;

	if (!str_skip(&rest, STR(", (")))
		return;
	while (rest.len && (char_is_alnum(*rest.p) || str_index(marks, *rest.p) < marks.len))
		rest = str_from(rest, 1);
	own = str_head(rest, str_find(rest, STR(", Subject: ")));
	if (str_skip_char(&rest, ')') && str_find(str_from(own, 1), STR("), ")) == own.len - 1)
		*s = rest;
}

/*
 * All fields behind the recipients. Templates may add more, such as the subject:
 * behind the first of those only the end of the line is amavis' own.
 */
void
amavis_fields(struct str s, struct event *ev)
{
	size_t last = str_find_last(s, STR(", "));

	if (last == s.len)
		return;
	if (postfix_is_cut(ev))
		s = str_head(s, last);
	else
		read_duration(str_from(s, last + 2), ev);
	skip_way(&s);
	while (str_skip(&s, STR(", ")) && read_field(&s, ev))
		;
}
