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

static const struct str nothing = {NULL, 0};

/*
 * The quotes of an address may hold the literal: the first from the right counts
 * from which on all quotes are paired.
 */
static struct str
quoted_address(struct str s, struct str literal)
{
	for (size_t end = s.len, at;; end = at) {
		struct str rest, address;

		at = str_find_last(str_head(s, end), literal);
		if (at == end)
			return nothing;
		rest = str_from(s, at + literal.len);
		if (postfix_address(&rest, &address) && rest.len == 0)
			return address;
	}
}

/*
 * The address of "LITERAL ADDRESS>" at the end of S, whose last byte is a '>', or nothing.
 * Without a quote behind the last '<' no other one can begin the address, for it would lie
 * inside unquoted.
 */
static struct str
odd_address(struct str s, struct str literal)
{
	const char *angle = memrchr(s.p, '<', s.len);
	struct str address;
	size_t at;

	if (!angle)
		return nothing;
	at = (size_t)(angle - s.p) + 1;
	address = str_from(s, at);
	address.len--;
	if (scan_angle(address) < address.len)
		return quoted_address(s, literal);
	return str_ends(str_head(s, at), literal) ? address : nothing;
}

/* The same, quickly for nearly all: no quote follows a '<' that the literal ends in. */
INLINE struct str
usual_address(struct str s, struct str literal)
{
	size_t angle = scan_last_angle(s);

	if (angle == s.len || s.p[angle] != '<' ||
	    !str_ends((struct str){s.p, angle + 1}, literal))
		return nothing;
	return str_range(s.p + angle + 1, s.p + s.len - 1);
}

/* Takes what FOUND, which stands behind LITERAL, ends off *S; if it is there. */
INLINE struct str
take(struct str *s, struct str literal, struct str found)
{
	if (found.p)
		s->len = (size_t)(found.p - s->p) - literal.len;
	return found;
}

INLINE struct str
take_address(struct str *s, struct str literal)
{
	struct str address;

	if (s->len == 0 || s->p[s->len - 1] != '>')
		return nothing;
	address = usual_address(*s, literal);
	return take(s, literal, address.p ? address : odd_address(*s, literal));
}

/* The HELO of "LITERAL HELO>" at the end of S, whatever it is, or nothing. */
static struct str
odd_helo(struct str s, struct str literal)
{
	const char *angle = memrchr(s.p, '<', s.len);
	size_t at;

	if (!angle)
		return nothing;
	at = (size_t)(angle - s.p) + 1;
	if (!str_ends(str_head(s, at), literal)) {
		at = str_find_last(s, literal);
		if (at == s.len)
			return nothing;
		at += literal.len;
	}
	return str_range(s.p + at, s.p + s.len - 1);
}

static bool
has_any(struct str s, struct str bytes)
{
	for (size_t i = 0; i < s.len; i++)
		if (str_index(bytes, s.p[i]) < bytes.len)
			return true;
	return false;
}

INLINE struct str
take_helo(struct str *s, const struct literals *form)
{
	struct str helo;

	if (s->len == 0 || s->p[s->len - 1] != '>')
		return nothing;
	helo = usual_address(*s, form->helo);
	if (!helo.p)
		helo = odd_helo(*s, form->helo);
	if (!helo.p || (scan_host(helo) < helo.len && has_any(helo, form->helo_never)))
		return nothing;
	return take(s, form->helo, helo);
}

INLINE struct str
take_proto(struct str *s, const struct literals *form)
{
	size_t n = str_ends(*s, STR("=ESMTP")) ? sizeof("ESMTP") - 1 : 0;

	while (n < s->len && (unsigned char)(s->p[s->len - n - 1] - 'A') < 26)
		n++;
	if (n == 0 || !str_ends(str_head(*s, s->len - n), form->proto))
		return nothing;
	return take(s, form->proto, str_from(*s, s->len - n));
}

#define SET_IF_THERE(ev, field, slice)                                                      \
	do {                                                                                \
		struct str there = (slice);                                                 \
                                                                                            \
		if (there.p)                                                                \
			EVENT_TEXT(ev, field, there);                                       \
	} while (0)

/* helo, proto, to, from, ';': each may be missing, but not the last. What is before that. */
INLINE struct str
read_envelope(struct str s, const struct literals *form, struct event *ev)
{
	SET_IF_THERE(ev, helo, take_helo(&s, form));
	SET_IF_THERE(ev, proto, take_proto(&s, form));
	SET_IF_THERE(ev, recipient, take_address(&s, form->to));
	SET_IF_THERE(ev, sender, take_address(&s, form->from));
	if (s.len == 0 || s.p[s.len - 1] != ';')
		return nothing;
	return str_head(s, s.len - 1);
}

static void
forget_envelope(struct event *ev)
{
	event_forget(ev, FIELD_helo);
	event_forget(ev, FIELD_proto);
	event_forget(ev, FIELD_recipient);
	event_forget(ev, FIELD_sender);
}

static bool
has_quotes(struct str s)
{
	return has_any(s, STR("<>\""));
}

/*
 * What follows helo (or proto) up to the end: the login, and pairs of a Postfix yet
 * to come. smtpd does not bracket the name, its milter lines do. Neither may hold
 * what a sender's or recipient's text would need to be mistaken for it.
 */
static bool
take_login(struct str *s, const struct literals *form, struct str *ret_method,
    struct str *ret_user)
{
	struct str rest, user = nothing, method = nothing;
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
	*ret_method = method;
	*ret_user = user;
	return true;
}

/* With a login behind it. */
static PARSE_RARE struct str
read_login_tail(struct str text, const struct literals *form, struct event *ev)
{
	struct str method, user;

	forget_envelope(ev);
	if (!take_login(&text, form, &method, &user))
		return nothing;
	text = read_envelope(text, form, ev);
	if (!text.p) {
		forget_envelope(ev);
		return nothing;
	}
	SET_IF_THERE(ev, mechanism, method);
	if (user.len)
		EVENT_TEXT(ev, user, user);
	return text;
}

INLINE struct str
read_tail(struct str text, const struct literals *form, struct event *ev)
{
	struct str before = read_envelope(text, form, ev);

	return before.p ? before : read_login_tail(text, form, ev);
}

struct str
postfix_tail_smtpd(struct str text, struct event *ev)
{
	return read_tail(text, &smtpd, ev);
}

struct str
postfix_tail_postscreen(struct str text, struct event *ev)
{
	return read_tail(text, &postscreen, ev);
}
