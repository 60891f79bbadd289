/* SPDX-License-Identifier: Apache-2.0
 *
 * Logins that failed:
 *
 *   warning: mx.b.test[192.0.2.1]: SASL LOGIN authentication failed: (reason unavailable),
 *     sasl_username=joe
 *   warning: mx.b.test[192.0.2.1]: SASL PLAIN authentication aborted
 *   warning: SASL authentication failure: cannot connect to saslauthd server
 *
 * The mechanism is the client's own word, logged before anybody knows whether there
 * is such a mechanism: `AUTH "X authentication failed: Temporary"` is a way to look
 * like our own fault. So it is read as smtpd's tokenizer read it.
 *
 * "(reason unavailable)" is a wrong password, for which Dovecot gives no reason; or that
 * Dovecot could not be asked, or its database could not. The line does not say which:
 * track/login.c tells by the lines around it.
 */
#include "parse/postfix-auth.h"

#include "parse/postfix-scan.h"

/* Of the mechanism and the user smtpd logs so many bytes. */
#define MECHANISM_MAX 100

/*
 * REASONs that say more than that it failed; of the server's own fault first. Cyrus SASL's are
 * those of sasl_errstring(3), which calls an unknown user a wrong password. FIRST_LETTERS has
 * what each begins with.
 */
static const struct {
	struct str text;
	uint8_t kind, reason;
} reasons[] = {
	{STR("Connection lost to authentication server"), KIND_auth_error, REASON_none},
	{STR("Can't connect to authentication server"), KIND_auth_error, REASON_none},
	{STR("Authentication backend error"), KIND_auth_error, REASON_none},
	{STR("Temporary "), KIND_auth_error, REASON_none},
	{STR("temporary "), KIND_auth_error, REASON_none},
	{STR("Internal "), KIND_auth_error, REASON_none},
	{STR("internal "), KIND_auth_error, REASON_none},
	{STR("generic failure"), KIND_auth_error, REASON_none},
	{STR("remote authentication server unavailable"), KIND_auth_error, REASON_none},
	{STR("no memory available"), KIND_auth_error, REASON_none},
	{STR("invalid parameter supplied"), KIND_auth_error, REASON_none},
	{STR("SASL library is not initialized"), KIND_auth_error, REASON_none},
	{STR("version mismatch with plug-in"), KIND_auth_error, REASON_none},
	{STR("error when parsing configuration file"), KIND_auth_error, REASON_none},
	{STR("Invalid authentication mechanism"), KIND_auth_failure, REASON_protocol},
	{STR("no mechanism available"), KIND_auth_failure, REASON_protocol},
	{STR("mechanism too weak for this user"), KIND_auth_failure, REASON_tls},
	{STR("encryption needed to use mechanism"), KIND_auth_failure, REASON_tls},
	{STR("account disabled"), KIND_auth_failure, REASON_access},
	{STR("authorization failure"), KIND_auth_failure, REASON_access},
	{STR("passphrase "), KIND_auth_failure, REASON_access}, /* expired, locked */
};

/* Of a wrong password, too, the library speaks first: the line with the client follows. */
static const struct str not_ours[] = {
	STR("Password verification failed"),
	STR("no secret in database"),
	STR("no user in db"),
	STR("All-whitespace username"),
	STR("client response doesn't match what we generated"),
	STR("incorrect digest response"),
	STR("realm changed: authentication aborted"),
	STR("bad protocol / cancel"),
	STR("client didn't issue valid NTLM response"),
	STR("unable canonify user and get auxprops"), /* there is no such user */
	STR("unable to canonify user and get auxprops"),
	STR("Couldn't find mech "),
	STR("Can only find author"),
	STR("no plaintext password"),
	STR("One time password"),
};

/*
 * Length of the token in front of S as smtpd_token(3) ends it: at a space that is
 * not quoted, where "" quote anything, <> nest, and \ quotes one byte. 0 when it does
 * not end within MECHANISM_MAX.
 */
static size_t
token_length(struct str s)
{
	size_t plain = scan_token(s.p);
	unsigned angles = 0;
	bool quoted = false;

	if (plain < 16 && plain < s.len && s.p[plain] == ' ')
		return plain;
	for (size_t n = 0; n < s.len && n <= MECHANISM_MAX; n++) {
		char c = s.p[n];

		if (c == ' ' && !quoted && angles == 0)
			return n;
		if (c == '\\')
			n++;
		else if (c == '"')
			quoted = !quoted;
		else if (c == '<' && !quoted)
			angles++;
		else if (c == '>' && !quoted && angles)
			angles--;
	}
	return 0;
}

/* Where the last PHRASE begins that a mechanism in front of it allows, or S.len. */
static size_t
last_phrase(struct str s, struct str phrase)
{
	struct str reach = str_head(s, MECHANISM_MAX + phrase.len);
	size_t n = str_find_last(reach, phrase);

	return n == reach.len ? s.len : n;
}

/*
 * Takes the mechanism and the space behind it. One that was cut, or whose quotes
 * never close, reaches up to the last phrase of ours that its length allows; then
 * *RET_CERTAIN is false, for where the line itself was cut the phrase may be his.
 */
static bool
take_mechanism(struct str *s, struct str *ret, bool *ret_certain)
{
	static const struct str failed = STR(" authentication failed");
	static const struct str aborted = STR(" authentication aborted");
	size_t n = token_length(*s), other;

	*ret_certain = n && (str_starts(str_from(*s, n), failed) ||
				str_starts(str_from(*s, n), aborted));
	if (!*ret_certain) {
		n = last_phrase(*s, failed);
		other = last_phrase(*s, aborted);
		if (n == s->len || (other < s->len && other > n))
			n = other;
		if (n == s->len || n == 0)
			return false;
	}
	*ret = str_head(*s, n);
	*s = str_from(*s, n + 1);
	return true;
}

/*
 * The letters that these begin with, as bits: most reasons are "(reason unavailable)" or a
 * prompt.
 */
#define LETTER(c) (UINT32_C(1) << ((c) & 31))
#define FIRST_LETTERS                                                                       \
	(LETTER('c') | LETTER('a') | LETTER('t') | LETTER('g') | LETTER('r') | LETTER('n') | \
	 LETTER('i') | LETTER('s') | LETTER('v') | LETTER('e') | LETTER('m') | LETTER('p'))

/* The number of the one that REASON begins with, or -1. */
static int
reason_number(struct str reason)
{
	char first = reason.len ? *reason.p : '\0';

	if (!(FIRST_LETTERS & LETTER(first)))
		return -1;
	for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++)
		if (*reasons[i].text.p == first && str_starts(reason, reasons[i].text))
			return (int)i;
	return -1;
}

/* "REASON[, sasl_username=USER]": the first of these begins the user, who ends the line. */
static void
take_failure(struct str rest, bool certain, struct event *ev)
{
	static const struct str mark = STR(", sasl_username=");
	size_t n = scan_mark(rest, mark);
	struct str reason = str_head(rest, n), user;
	int number = certain ? reason_number(reason) : -1;

	EVENT_SET(ev, kind, number < 0 ? KIND_auth_failure : reasons[number].kind);
	if (reason.len)
		EVENT_TEXT(ev, text, reason);
	if (number >= 0 && reasons[number].reason != REASON_none)
		EVENT_SET(ev, reason, reasons[number].reason);
	if (n == rest.len || !certain)
		return;
	user = str_from(rest, n + mark.len);
	if (user.len && !str_eq(user, STR("(unavailable)")))
		EVENT_TEXT(ev, user, user);
}

enum parse_result
postfix_auth(struct str rest, struct event *ev)
{
	struct str mechanism;
	bool certain;

	if (!take_mechanism(&rest, &mechanism, &certain))
		return PARSE_MALFORMED;
	EVENT_TEXT(ev, mechanism, mechanism);
	if (str_skip(&rest, STR("authentication aborted"))) {
		EVENT_SET(ev, kind, KIND_auth_abort);
		return PARSE_EVENT;
	}
	if (!str_skip(&rest, STR("authentication failed")))
		return PARSE_MALFORMED;
	if (str_skip_char(&rest, ':'))
		str_skip_char(&rest, ' '); /* where it ends the line it may be gone */
	take_failure(rest, certain, ev);
	return PARSE_EVENT;
}

enum parse_result
postfix_auth_trouble(const struct postfix_row *row, struct str rest, struct event *ev)
{
	for (size_t i = 0; i < sizeof(not_ours) / sizeof(*not_ours); i++)
		if (str_starts(rest, not_ours[i]))
			return PARSE_IGNORED;
	EVENT_SET(ev, kind, KIND_auth_error);
	EVENT_TEXT(ev, text, str_range(rest.p - row->prefix.len, rest.p + rest.len));
	return PARSE_EVENT;
}
