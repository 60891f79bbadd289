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

struct literals {
	struct str helo, proto, to, from;
	const char *helo_never; /* smtpd's neuter() has replaced these in a HELO name */
};

static const struct literals literals[] = {
	[POSTFIX_TAIL_SMTPD] = {STR(" helo=<"), STR(" proto="), STR(" to=<"), STR(" from=<"),
	    " <>()\\\";@"},
	[POSTFIX_TAIL_POSTSCREEN] = {STR(", helo=<"), STR(", proto="), STR(", to=<"),
	    STR(" from=<"), " "},
};

/* Is "LITERAL ADDRESS>" what S holds from AT to its end? */
static bool
address_at(struct str s, size_t at, struct str literal, struct str *ret)
{
	struct str rest = str_from(s, at);

	return str_skip(&rest, literal) && postfix_address(&rest, ret) && rest.len == 0;
}

/*
 * Takes "LITERAL ADDRESS>" off the end. Without a quote behind the last '<' no
 * other one can begin the address, for it would lie inside unquoted. With one the
 * literal may be part of the quoted text: then the first from the right counts
 * from which on all quotes are paired.
 */
static bool
take_address(struct str *s, struct str literal, struct str *ret)
{
	const char *angle = s->len ? memrchr(s->p, '<', s->len) : NULL;
	size_t at;

	if (!angle || s->p[s->len - 1] != '>')
		return false;
	at = (size_t)(angle - s->p) + 1;
	if (!memchr(angle, '"', s->len - at)) {
		if (at < literal.len || !address_at(*s, at - literal.len, literal, ret))
			return false;
		s->len = at - literal.len;
		return true;
	}
	for (size_t end = s->len;; end = at) {
		at = str_find_last(str_head(*s, end), literal);
		if (at == end)
			return false;
		if (address_at(*s, at, literal, ret))
			break;
	}
	s->len = at;
	return true;
}

static bool
take_helo(struct str *s, const struct literals *form, struct str *ret)
{
	const char *angle = s->len ? memrchr(s->p, '<', s->len) : NULL;
	struct str helo;
	size_t at;

	if (!angle || s->p[s->len - 1] != '>')
		return false;
	at = (size_t)(angle - s->p) + 1;
	if (str_ends(str_head(*s, at), form->helo))
		at -= form->helo.len;
	else if ((at = str_find_last(*s, form->helo)) == s->len)
		return false;
	helo = str_from(*s, at + form->helo.len);
	helo.len--;
	for (const char *c = form->helo_never; *c; c++)
		if (helo.len && memchr(helo.p, *c, helo.len))
			return false;
	*ret = helo;
	s->len = at;
	return true;
}

static bool
take_proto(struct str *s, const struct literals *form, struct str *ret)
{
	size_t n = 0;

	while (n < s->len && (unsigned char)(s->p[s->len - n - 1] - 'A') < 26)
		n++;
	if (n == 0 || !str_ends(str_head(*s, s->len - n), form->proto))
		return false;
	*ret = str_from(*s, s->len - n);
	s->len -= n + form->proto.len;
	return true;
}

/* helo, proto, to, from, ';': each may be missing, but not the last. */
static bool
take_envelope(struct str *s, const struct literals *form, struct postfix_tail *tail)
{
	struct str rest = *s;
	struct postfix_tail found = *tail;

	take_helo(&rest, form, &found.helo);
	take_proto(&rest, form, &found.proto);
	take_address(&rest, form->to, &found.recipient);
	take_address(&rest, form->from, &found.sender);
	if (rest.len == 0 || rest.p[rest.len - 1] != ';')
		return false;
	rest.len--;
	*s = rest;
	*tail = found;
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

bool
postfix_tail_take(struct str *text, enum postfix_tail_form form, struct postfix_tail *ret)
{
	const struct literals *literal = &literals[form];
	struct str s = *text;
	struct postfix_tail tail = {.sender = {NULL, 0}};

	if (!take_envelope(&s, literal, &tail) &&
	    (!take_login(&s, literal, &tail) || !take_envelope(&s, literal, &tail)))
		return false;
	*text = s;
	*ret = tail;
	return true;
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
