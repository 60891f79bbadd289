/* SPDX-License-Identifier: Apache-2.0
 *
 * A message came, from a client or from a program of this host:
 *
 *   <= a@b.test H=mx.b.test (pc) [192.0.2.1]:4711 I=[192.0.2.9]:25 P=esmtpsa L
 *     X=TLS1.3:...:256 CV=no SNI=x A=plain_server:joe PRDR K S=1200 M8S=8 DKIM=b.test
 *     RT=0.1s id=1@b.test T="subject" from <a@b.test> for c@d.test
 *   <= www@h.test U=www P=local S=326 for c@d.test
 *   <= <> R=1xUN76-0005hn-0n U=Debian-exim P=local S=1494
 *
 * The fields stand in this order, so that what outsiders write comes last: the
 * Message-ID (an address: only its quotes hold spaces), the subject (Exim escapes
 * its quotes), the envelope. Two may stand before Exim's own: the client's ident
 * and the subject of its certificate; see below and exim_skip_tls().
 */
#include "parse/exim.h"

#include "parse/postfix.h"

/* "T="...": behind the closing quote, or nowhere. */
static void
skip_subject(struct str *s)
{
	size_t n = 0;

	while (n < s->len && s->p[n] != '"')
		n += s->p[n] == '\\' ? 2 : 1;
	*s = str_from(*s, n < s->len ? n + 1 : s->len);
}

/* "a@b.test c@d.test", the end of the line. */
static void
count_recipients(struct str s, struct event *ev)
{
	struct str address;
	int64_t count = 0;

	while (exim_address(&s, &address)) {
		count++;
		str_skip_char(&s, ' ');
	}
	EVENT_SET(ev, nrcpt, count);
}

/* What outsiders write, from the Message-ID on. */
static void
take_envelope(struct str s, struct event *ev)
{
	struct str text;

	/* "id*=": Exim made it. */
	if (str_skip(&s, STR(" id=")) || str_skip(&s, STR(" id*="))) {
		if (!exim_address(&s, &text))
			return;
		EVENT_TEXT(ev, msgid, text);
	}
	if (str_skip(&s, STR(" T=\"")))
		skip_subject(&s);
	if (str_skip(&s, STR(" from ")) && !exim_bracketed(&s, &text))
		return;
	if (str_skip(&s, STR(" for ")))
		count_recipients(s, ev);
}

static bool
is_envelope(struct str s)
{
	return str_starts(s, STR(" id=")) || str_starts(s, STR(" id*=")) ||
	    str_starts(s, STR(" T=\"")) || str_starts(s, STR(" from <")) ||
	    str_starts(s, STR(" for "));
}

static void
take_size(struct str *s, struct event *ev)
{
	int64_t size;

	if (str_number(exim_value(s), &size))
		EVENT_SET(ev, size, size);
}

/* The first: a second one is of the user's name. */
static void
take_proto(struct str *s, struct event *ev)
{
	struct str value = exim_value(s);

	if (!event_knows(ev, FIELD_proto))
		EVENT_TEXT(ev, proto, value);
}

static void
take_time(struct str *s, struct event *ev)
{
	int64_t usec;

	if (exim_duration(exim_value(s), &usec))
		EVENT_SET(ev, seconds, usec);
}

static void
take_login(struct str *s, struct event *ev)
{
	exim_login(s, EXIM_ARRIVAL, ev);
}

static const struct {
	struct str key;
	void (*take)(struct str *s, struct event *ev);
} fields[] = {
	{STR("S="), take_size},
	{STR("P="), take_proto},
	{STR("A="), take_login},
	{STR("RT="), take_time},
};

/* One of Exim's own fields; those we do not know are skipped. */
static void
take_field(struct str *s, struct event *ev)
{
	*s = str_from(*s, 1);
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		if (str_skip(s, fields[i].key)) {
			fields[i].take(s, ev);
			return;
		}
	*s = str_from(*s, str_index(*s, ' '));
}

/* Everything behind the client. */
static void
take_fields(struct str s, struct event *ev)
{
	while (s.len && *s.p == ' ' && !is_envelope(s)) {
		struct str before = s;

		if (!exim_skip_tls(&s, ev))
			return;
		if (s.p == before.p)
			take_field(&s, ev);
	}
	take_envelope(s, ev);
}

/*
 * An ident server may say anything, also " P=esmtpsa A=plain_server:boss". Exim's
 * own P= follows: with a second one nobody can tell which it is.
 */
static bool
is_ident_plain(const struct exim_host *host, struct str rest)
{
	static const struct str key = STR(" P=");

	return !host->ident.p || str_find(rest, key) == str_find_last(rest, key);
}

static enum parse_result
from_client(struct str rest, struct event *ev)
{
	struct exim_host host = {.ip = {NULL, 0}};

	if (!exim_host(&rest, &host) && !exim_host_hides(rest))
		return PARSE_MALFORMED;
	EVENT_SET(ev, kind, KIND_accept);
	if (!host.ip.p)
		return PARSE_EVENT;
	exim_set_client(&host, ev);
	if (!host.repeated && is_ident_plain(&host, rest))
		take_fields(rest, ev);
	return PARSE_EVENT;
}

/* The message that a notification is about: what -E says need not be an id. */
static void
take_reference(struct str *s, struct event *ev)
{
	struct str value = exim_value(s), qid;

	if (exim_id(&value, &qid) && value.len == 0)
		EVENT_TEXT(ev, orig_qid, qid);
}

enum parse_result
exim_arrival(struct str message, struct event *ev)
{
	struct str sender;
	bool own; /* Exim's notification about a message: no user's, though it says its own */

	if (!exim_address(&message, &sender))
		return PARSE_MALFORMED;
	EVENT_TEXT(ev, sender, sender);
	if (str_skip(&message, STR(" R=")))
		take_reference(&message, ev);
	own = sender.len == 0 && event_knows(ev, FIELD_orig_qid);
	str_skip(&message, STR(" DS"));
	if (str_skip(&message, STR(" H=")))
		return from_client(message, ev);
	EVENT_SET(ev, kind, KIND_submitted);
	if (str_skip(&message, STR(" U="))) {
		struct str user = exim_value(&message);

		if (!own)
			EVENT_TEXT(ev, user, user);
	}
	take_fields(message, ev);
	return PARSE_EVENT;
}
