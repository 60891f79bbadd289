/* SPDX-License-Identifier: Apache-2.0
 *
 * TLS, as the server, the client and tlsproxy tell of it alike:
 *
 *   Anonymous TLS connection established from mx.b.test[192.0.2.1]: TLSv1.3 with cipher
 *     TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519 server-signature RSA-PSS ...
 *   Trusted TLS connection reused to mx.b.test[192.0.2.1]:25: TLSv1.2 with cipher ...
 *   SSL_accept error from mx.b.test[192.0.2.1]: lost connection
 *   SSL_connect error to mx.b.test[192.0.2.1]:25: -1
 *   warning: TLS library problem: error:0A0000C6:SSL routines::packet length too long:...
 */
#include "parse/postfix-read.h"

/* CL or PS */
READ_INLINE bool
take_either(struct str *s, struct event *ev)
{
	return s->len && *s->p == '[' ? read_screened(s, ev) : read_client(s, ev);
}

/* "from CL", "from PS" or "to RELAY". */
READ_INLINE bool
take_peer(struct str *s, struct event *ev)
{
	if (str_skip(s, STR("to ")))
		return read_relay(s, ev);
	return str_skip(s, STR("from ")) && take_either(s, ev);
}

/* "established " or "reused ", what the action is. */
READ_INLINE bool
take_action(struct str *s, struct str *ret)
{
	static const struct str established = STR("established "), reused = STR("reused ");
	size_t n = str_starts(*s, established) ? established.len :
	    str_starts(*s, reused) ? reused.len : 0;

	if (n == 0)
		return false;
	*ret = str_head(*s, n - 1);
	*s = str_from(*s, n);
	return true;
}

/* What stands before the next space, which is taken with it; all of *S if there is none. */
READ_INLINE struct str
take_word(struct str *s)
{
	struct str word = str_head(*s, scan_index(*s, ' '));

	*s = str_from(*s, word.len + (word.len < s->len));
	return word;
}

/* The word of trust in front, if any, is the status. */
enum parse_result
postfix_tls(const struct postfix_row *row, struct str rest, struct event *ev)
{
	static const struct str words = STR("TLS connection ");
	struct str trust = {rest.p - row->prefix.len, row->prefix.len - words.len};
	struct str action, name, protocol, cipher;

	if (!take_action(&rest, &action) || !take_peer(&rest, ev))
		return PARSE_MALFORMED;
	if (str_skip(&rest, STR(" to ")) && !read_host(&rest, &name))
		return PARSE_MALFORMED;
	if (!str_skip(&rest, STR(": ")))
		return PARSE_MALFORMED;
	protocol = take_word(&rest);
	if (!str_skip(&rest, STR("with cipher ")))
		return PARSE_MALFORMED;
	cipher = take_word(&rest);
	EVENT_SET(ev, kind, KIND_tls);
	EVENT_TEXT(ev, action, action);
	EVENT_TEXT(ev, tls, protocol);
	EVENT_TEXT(ev, cipher, cipher);
	if (trust.len)
		EVENT_TEXT(ev, status, str_head(trust, trust.len - 1));
	if (rest.len)
		EVENT_TEXT(ev, text, rest);
	return PARSE_EVENT;
}

/* What "PEER: " begins for those who log more of TLS than most. */
static const struct str details[] = {
	STR("subject_CN="), STR("Trusted: "), STR("Untrusted: "), STR("Verified: "),
	STR("Matched "), STR("certificate "), STR("depth="), STR("TLS cipher list "),
	STR("Issuing session ticket"), STR("Decrypting session ticket"),
	STR("save session "), STR("re-using session "), STR("looking up session "),
	STR("TLSA "),
};

/* "PEER: subject_CN=...": the connection itself is told of by another line. */
enum parse_result
postfix_tls_detail(const struct postfix_row *row, struct str rest, struct event *ev)
{
	(void)row;
	if (!take_either(&rest, ev) || !str_skip(&rest, STR(": ")))
		return PARSE_UNKNOWN;
	for (size_t i = 0; i < sizeof(details) / sizeof(*details); i++)
		if (str_starts(rest, details[i]))
			return PARSE_IGNORED;
	return PARSE_UNKNOWN;
}

/* The row's prefix ends in "from " or "to ". */
enum parse_result
postfix_tls_error(const struct postfix_row *row, struct str rest, struct event *ev)
{
	bool ours = str_ends(row->prefix, STR(" to "));
	size_t word = ours ? sizeof("to ") - 1 : sizeof("from ") - 1;
	struct str peer = str_range(rest.p - word, rest.p + rest.len);

	if (!take_peer(&peer, ev))
		return PARSE_MALFORMED;
	EVENT_SET(ev, kind, KIND_tls_failure);
	EVENT_SET(ev, reason, REASON_tls);
	str_skip_char(&peer, ':');
	EVENT_TEXT(ev, text, str_trim(peer));
	return PARSE_EVENT;
}

enum parse_result
postfix_tls_text(const struct postfix_row *row, struct str rest, struct event *ev)
{
	(void)row;
	EVENT_SET(ev, kind, KIND_tls_failure);
	EVENT_SET(ev, reason, REASON_tls);
	EVENT_TEXT(ev, text, rest);
	return PARSE_EVENT;
}

enum parse_result
postfix_tls_said(const struct postfix_row *row, struct str rest, struct event *ev)
{
	return postfix_tls_text(row,
	    str_range(rest.p - row->prefix.len, rest.p + rest.len), ev);
}

/* "NAME from PEER not matched, using default chain" */
enum parse_result
postfix_tls_unmatched(const struct postfix_row *row, struct str rest, struct event *ev)
{
	struct str name;

	if (!postfix_host(&rest, &name) || !str_skip_char(&rest, ' ') ||
	    !take_peer(&rest, ev) || !str_eq(rest, STR(" not matched, using default chain")))
		return PARSE_MALFORMED;
	return postfix_tls_text(row, name, ev);
}

/* "from PEER is invalid: NAME", "changed from PEER initially NAME, NAME after hello retry" */
enum parse_result
postfix_tls_invalid(const struct postfix_row *row, struct str rest, struct event *ev)
{
	bool changed = str_skip(&rest, STR("changed "));

	if (!take_peer(&rest, ev) ||
	    !(changed ? str_starts(rest, STR(" initially ")) :
			str_skip(&rest, STR(" is invalid: "))))
		return PARSE_MALFORMED;
	return postfix_tls_text(row, str_from(rest, changed), ev); /* without the space */
}
