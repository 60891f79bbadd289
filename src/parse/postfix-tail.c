/* SPDX-License-Identifier: Apache-2.0
 *
 * The ends of smtpd's and postscreen's lines, from right to left:
 *
 *   ...; from=<a@b.test> to=<c@d.test> proto=ESMTP helo=<mx.b.test>
 *   ...; from=<a@b.test>, to=<c@d.test>, proto=ESMTP, helo=<mx.b.test>
 *   ...; from=<a@b.test> proto=ESMTP helo=<b> sasl_method=PLAIN sasl_username=joe
 *   ...; proto=SMTP
 */
#include "parse/postfix-tail.h"

#include "parse/postfix-scan.h"

/* So that the literals, and with them their lengths, are constants. */
#define INLINE static inline __attribute__((always_inline))

struct literals {
	struct str helo, proto, to, from;
	struct str helo_never; /* smtpd's neuter() has replaced these in a HELO name */
};

static const struct literals smtpd = {
	STR(" helo=<"), STR(" proto="), STR(" to=<"), STR(" from=<"), STR(" <>()\\\";@")};

static const struct literals postscreen = {
	STR(", helo=<"), STR(", proto="), STR(", to=<"), STR(" from=<"), STR(" ")};

/*
 * The quotes of an address may hold the literal: the first from the right counts
 * from which on all quotes are paired. Returns where it begins, or S.len.
 */
static size_t
quoted_address_at(struct str s, struct str literal, struct str *ret)
{
	for (size_t end = s.len, at;; end = at) {
		struct str rest, address;

		at = str_find_last(str_head(s, end), literal);
		if (at == end)
			return s.len;
		rest = str_from(s, at + literal.len);
		if (postfix_address(&rest, &address) && rest.len == 0) {
			*ret = address;
			return at;
		}
	}
}

/*
 * Takes "LITERAL ADDRESS>" off the end. Without a quote behind the last '<' no
 * other one can begin the address, for it would lie inside unquoted.
 */
static bool
take_odd_address(struct str *s, struct str literal, struct str *ret)
{
	const char *angle;
	struct str address;
	size_t at;

	angle = memrchr(s->p, '<', s->len);
	if (!angle)
		return false;
	at = (size_t)(angle - s->p) + 1;
	address = str_from(*s, at);
	address.len--;
	if (scan_angle(address) < address.len) {
		at = quoted_address_at(*s, literal, ret);
		if (at == s->len)
			return false;
		s->len = at;
		return true;
	}
	if (!str_ends(str_head(*s, at), literal))
		return false;
	*ret = address;
	s->len = at - literal.len;
	return true;
}

/* The same, quickly for nearly all: no quote follows a '<' that the literal ends in. */
INLINE bool
take_usual(struct str *s, struct str literal, struct str *ret)
{
	size_t angle = scan_last_angle(*s);

	if (angle == s->len || s->p[angle] != '<' ||
	    !str_ends((struct str){s->p, angle + 1}, literal))
		return false;
	*ret = str_range(s->p + angle + 1, s->p + s->len - 1);
	s->len = angle + 1 - literal.len;
	return true;
}

INLINE bool
take_address(struct str *s, struct str literal, struct str *ret)
{
	struct str rest;

	if (s->len == 0 || s->p[s->len - 1] != '>')
		return false;
	if (take_usual(s, literal, ret))
		return true;
	rest = *s;
	if (!take_odd_address(&rest, literal, ret))
		return false;
	*s = rest;
	return true;
}

/* Takes "LITERAL HELO>" off the end, whatever HELO is. */
static bool
take_odd_helo(struct str *s, struct str literal, struct str *ret)
{
	const char *angle = memrchr(s->p, '<', s->len);
	size_t at;

	if (!angle)
		return false;
	at = (size_t)(angle - s->p) + 1;
	if (str_ends(str_head(*s, at), literal))
		at -= literal.len;
	else if ((at = str_find_last(*s, literal)) == s->len)
		return false;
	*ret = str_range(s->p + at + literal.len, s->p + s->len - 1);
	s->len = at;
	return true;
}

INLINE bool
take_helo(struct str *s, const struct literals *form, struct str *ret)
{
	struct str rest = *s, odd, helo;

	if (s->len == 0 || s->p[s->len - 1] != '>')
		return false;
	if (!take_usual(&rest, form->helo, &helo)) {
		odd = rest;
		if (!take_odd_helo(&odd, form->helo, &helo))
			return false;
		rest = odd;
	}
	for (size_t i = scan_host(helo); i < helo.len; i++)
		if (str_index(form->helo_never, helo.p[i]) < form->helo_never.len)
			return false;
	*ret = helo;
	*s = rest;
	return true;
}

INLINE bool
take_proto(struct str *s, const struct literals *form, struct str *ret)
{
	size_t n = str_ends(*s, STR("=ESMTP")) ? sizeof("ESMTP") - 1 : 0;

	while (n < s->len && (unsigned char)(s->p[s->len - n - 1] - 'A') < 26)
		n++;
	if (n == 0 || !str_ends(str_head(*s, s->len - n), form->proto))
		return false;
	*ret = str_from(*s, s->len - n);
	s->len -= n + form->proto.len;
	return true;
}

/* helo, proto, to, from, ';': each may be missing, but not the last. */
INLINE bool
read_envelope(struct str s, const struct literals *form, struct postfix_tail *tail)
{
	/* One by one: a copy of what was just set in halves would wait for them. */
	tail->sender = (struct str){NULL, 0};
	tail->recipient = (struct str){NULL, 0};
	tail->proto = (struct str){NULL, 0};
	tail->helo = (struct str){NULL, 0};
	take_helo(&s, form, &tail->helo);
	take_proto(&s, form, &tail->proto);
	take_address(&s, form->to, &tail->recipient);
	take_address(&s, form->from, &tail->sender);
	if (s.len == 0 || s.p[s.len - 1] != ';')
		return false;
	s.len--;
	tail->text = s;
	return true;
}

static bool
has_quotes(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] == '<' || s.p[i] == '>' || s.p[i] == '"')
			return true;
	return false;
}

/*
 * What follows helo (or proto) up to the end: the login, and pairs of a Postfix yet
 * to come. smtpd does not bracket the name, its milter lines do. Neither may hold
 * what a sender's or recipient's text would need to be mistaken for it.
 */
static bool
take_login(struct str *s, const struct literals *form, struct postfix_tail *tail)
{
	struct str rest, user = {NULL, 0}, method = {NULL, 0};
	size_t at = str_find_last(*s, form->helo);

	if (at == s->len)
		at = str_find_last(*s, form->proto);
	if (at == s->len)
		return false;
	at += 2; /* the literal's own space */
	at += str_index(str_from(*s, at), ' ');
	if (at == s->len)
		return false;
	rest = str_from(*s, at + 1);
	s->len = at - (s->p[at - 1] == ',');
	if (str_skip(&rest, STR("sasl_method=")))
		method = str_cut(&rest, ' ');
	if (str_skip(&rest, STR("sasl_username="))) {
		user = str_head(rest, str_find(rest, STR(" sasl_sender=")));
		rest = str_from(rest, user.len);
		if (user.len >= 2 && *user.p == '<' && user.p[user.len - 1] == '>')
			user = (struct str){user.p + 1, user.len - 2};
	}
	if (has_quotes(method) || has_quotes(user) || has_quotes(rest))
		return false;
	tail->mechanism = method;
	tail->user = user;
	return true;
}

INLINE bool
read_tail(struct str text, const struct literals *form, struct postfix_tail *ret)
{
	struct str rest;

	ret->mechanism = (struct str){NULL, 0};
	ret->user = (struct str){NULL, 0};
	if (read_envelope(text, form, ret))
		return true;
	rest = text;
	return take_login(&rest, form, ret) && read_envelope(rest, form, ret);
}

bool
postfix_tail_read(struct str text, enum postfix_tail_form form, struct postfix_tail *ret)
{
	return form == POSTFIX_TAIL_SMTPD ? read_tail(text, &smtpd, ret) :
					    read_tail(text, &postscreen, ret);
}

void
postfix_tail_set(const struct postfix_tail *tail, struct event *ev)
{
	if (tail->sender.p)
		EVENT_TEXT(ev, sender, tail->sender);
	if (tail->recipient.p)
		EVENT_TEXT(ev, recipient, tail->recipient);
	if (tail->proto.p)
		EVENT_TEXT(ev, proto, tail->proto);
	if (tail->helo.p)
		EVENT_TEXT(ev, helo, tail->helo);
	if (tail->mechanism.p)
		EVENT_TEXT(ev, mechanism, tail->mechanism);
	if (tail->user.len)
		EVENT_TEXT(ev, user, tail->user);
}
