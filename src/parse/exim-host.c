/* SPDX-License-Identifier: Apache-2.0
 *
 * Lines that begin with a host. Of a client they tell what an ACL said to it:
 *
 *   H=mx.b.test (pc) [192.0.2.1]:4711 X=TLS1.3:...:256 CV=no F=<a@b.test>
 *     rejected RCPT <c@d.test>: relay not permitted
 *   H=[192.0.2.1] temporarily rejected connection in "connect" ACL: too busy
 *   H=(pc) [192.0.2.1] F=<a@b.test> A=plain_server:joe rejected after DATA: no pills
 *   H=(pc) [192.0.2.1] sender verify fail for <a@b.test>: Unrouteable address
 *   H=(pc) [192.0.2.1] F=<a@b.test> RCPT <c@d.test>: discarded by RCPT ACL
 *   H=(pc) [192.0.2.1] Warning: ...
 *   H=(pc) [192.0.2.1] incomplete transaction (QUIT) from <a@b.test> for c@d.test
 *   H=[192.0.2.1] dropped by 'connect' ACL: why
 *   H=(pc) [192.0.2.1] c@d.test F=<a@b.test> rejected after DATA: R=r T=t H=mx.d.test ...
 *   PRDR R=<c@d.test> refusal
 * and of a next hop what it did:
 *   H=mx.d.test [192.0.2.7]:25 Connection refused
 *   H=mx.d.test [192.0.2.7]: SMTP timeout after initial connection: Connection timed out
 *
 * Which of the two it is the words right behind the host tell, never those further
 * on: they may be another server's.
 */
#include "parse/exim.h"
#include "parse/filters.h"

#include "parse/postfix.h"

static enum parse_result
policy(struct str action, struct event *ev)
{
	EVENT_SET(ev, kind, KIND_policy);
	EVENT_TEXT(ev, action, action);
	return PARSE_EVENT;
}

static void
take_why(struct str s, bool temporary, struct event *ev)
{
	if (!str_skip(&s, STR(": ")))
		s = (struct str){NULL, 0};
	else
		EVENT_TEXT(ev, text, s);
	exim_reason(s, temporary, ev);
}

/* "<a@b.test> SIZE=1", "a@b.test": what the client wrote, up to what may be the reason. */
static bool
take_argument(struct str *s, struct str *ret)
{
	bool bracketed = exim_bracketed(s, ret);
	struct str rest = *s;

	if (!bracketed && exim_address(&rest, ret) && str_ends(*ret, STR(":"))) {
		ret->len--;
		*s = str_from(*s, ret->len);
	} else if (!bracketed) {
		*ret = str_head(*s, str_find(*s, STR(": ")));
		*ret = str_head(*ret, str_index(*ret, ' '));
	}
	*s = str_from(*s, str_find(*s, STR(": ")));
	return bracketed || str_index(*ret, '@') < ret->len;
}

static void
take_recipient(struct str *s, struct event *ev)
{
	struct str address;

	if (take_argument(s, &address))
		EVENT_TEXT(ev, recipient, address);
}

static void
take_sender(struct str *s, struct event *ev)
{
	struct str address;

	if (take_argument(s, &address))
		EVENT_TEXT(ev, sender, address);
}

/* "ylmf-pc", which the host before it names only if it was not refused. */
static void
take_helo(struct str *s, struct event *ev)
{
	struct str helo = str_head(*s, str_find(*s, STR(": ")));

	if (helo.len && !event_knows(ev, FIELD_helo))
		EVENT_TEXT(ev, helo, helo);
	*s = str_from(*s, helo.len);
}

/* A command's argument: the client's own words, up to what may be the reason. */
static void
skip_argument(struct str *s, struct event *ev)
{
	(void)ev;
	*s = str_from(*s, str_find(*s, STR(": ")));
}

/*
 * What was rejected. The stage is the words themselves, or `stage` where they say
 * it in their own way; `stage_len` of them. Longest first.
 */
static const struct {
	struct str words;
	uint8_t stage; /* enum word; 0: the first `stage_len` bytes of the words */
	uint8_t stage_len;
	void (*take)(struct str *s, struct event *ev);
} places[] = {
	{STR("RCPT "), 0, 4, take_recipient},
	{STR("MAIL "), 0, 4, take_sender},
	{STR("EHLO or HELO "), 0, 4, take_helo},
	{STR("EHLO "), 0, 4, take_helo},
	{STR("HELO "), 0, 4, take_helo},
	{STR("AUTH "), 0, 4, skip_argument},
	{STR("connection in \"connect\" ACL"), WORD_CONNECT, 0, NULL},
	{STR("after DATA PRDR"), 0, 10, NULL},
	{STR("after DATA"), 0, 10, NULL},
	{STR("during MIME ACL checks"), 0, 0, NULL},
	{STR("DATA"), 0, 4, NULL},
	{STR("VRFY "), 0, 4, skip_argument},
	{STR("EXPN "), 0, 4, skip_argument},
	{STR("ETRN "), 0, 4, skip_argument},
	{STR("ATRN "), 0, 4, skip_argument},
	{STR("STARTTLS "), 0, 8, skip_argument},
	{STR("MAILAUTH "), 0, 8, skip_argument},
	{STR("WELLKNOWN "), 0, 9, skip_argument},
	{STR("by non-SMTP ACL"), 0, 0, NULL},
	{STR("by local_scan()"), 0, 0, NULL},
};

bool
exim_is_verdict(struct str s)
{
	static const struct str others[] = {
		STR("dropped by '"), STR("sender verify fail for <"),
		STR("sender verify defer for <"), STR("RCPT <"), STR("Warning: "),
		STR("incomplete transaction ("), STR("tmp-reject from cutthrough "),
	};

	for (size_t i = 0; s.len && i < sizeof(others) / sizeof(*others); i++)
		if (*s.p == *others[i].p && str_starts(s, others[i]))
			return true;
	if (!str_skip(&s, STR("rejected ")))
		return false;
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		if (str_starts(s, places[i].words))
			return true;
	return false;
}

/* "rejected WHAT: WHY", behind "rejected ", which is still there before S. WHAT may be one
 * that is not in PLACES. */
static enum parse_result
reject(struct str s, bool temporary, struct event *ev)
{
	struct str action = {s.p - (sizeof("rejected ") - 1), sizeof("reject") - 1};

	policy(action, ev);
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		struct str words = s;

		if (!str_skip(&s, places[i].words))
			continue;
		if (places[i].stage)
			EVENT_WORD(ev, stage, places[i].stage);
		else if (places[i].stage_len)
			EVENT_TEXT(ev, stage, str_head(words, places[i].stage_len));
		if (places[i].take)
			places[i].take(&s, ev);
		break;
	}
	skip_argument(&s, ev);
	take_why(s, temporary, ev);
	return PARSE_EVENT;
}

/* "dropped by 'connect' ACL: WHY", where TLS came first */
static enum parse_result
drop(struct str s, struct event *ev)
{
	EVENT_SET(ev, kind, KIND_policy);
	EVENT_WORD(ev, action, WORD_reject);
	EVENT_WORD(ev, stage, WORD_CONNECT);
	skip_argument(&s, ev);
	take_why(s, false, ev);
	return PARSE_EVENT;
}

/* "sender verify fail for <a@b.test>: why"; the refusal itself is told in its own line. */
static enum parse_result
verify(struct str s, struct event *ev)
{
	struct str action = str_head(s, sizeof("sender verify") - 1), address;

	str_skip(&s, STR("sender verify "));
	if (!str_skip(&s, STR("fail for ")) && !str_skip(&s, STR("defer for ")))
		return PARSE_UNKNOWN;
	if (!exim_bracketed(&s, &address))
		return PARSE_MALFORMED;
	policy(action, ev);
	EVENT_TEXT(ev, sender, address);
	EVENT_SET(ev, reason, REASON_sender_domain);
	if (str_skip(&s, STR(": ")))
		EVENT_TEXT(ev, text, s);
	return PARSE_EVENT;
}

/* "incomplete transaction (QUIT) from <a@b.test> for c@d.test e@d.test" */
static enum parse_result
incomplete(struct str s, struct event *ev)
{
	struct str action = str_head(s, sizeof("incomplete transaction") - 1), address;

	if (!str_skip(&s, STR("incomplete transaction (")))
		return PARSE_UNKNOWN;
	EVENT_SET(ev, kind, KIND_abort);
	EVENT_TEXT(ev, action, action);
	EVENT_TEXT(ev, text, str_head(s, str_index(s, ')')));
	s = str_from(s, str_index(s, ')'));
	if (str_skip(&s, STR(") from ")) && exim_bracketed(&s, &address))
		EVENT_TEXT(ev, sender, address);
	return PARSE_EVENT;
}

/* "RCPT <c@d.test>: discarded by RCPT ACL: why" */
static enum parse_result
discard(struct str s, struct event *ev)
{
	struct str stage = str_head(s, 4);

	if (!str_skip(&s, STR("RCPT ")))
		return PARSE_UNKNOWN;
	take_recipient(&s, ev);
	if (!str_skip(&s, STR(": discarded by ")))
		return PARSE_UNKNOWN;
	policy((struct str){s.p - (sizeof("discarded by ") - 1), sizeof("discard") - 1}, ev);
	EVENT_TEXT(ev, stage, stage);
	s = str_from(s, str_find(s, STR(" ACL")));
	str_skip(&s, STR(" ACL"));
	take_why(s, false, ev);
	return PARSE_EVENT;
}

/* "\"SpamAssassin as joe detected message as spam (12.3)\"" of cPanel; joe is ours. */
static bool
spam_warning(struct str s, struct event *ev)
{
	static const struct str marks[] = {
		STR(" detected message as "), STR(" detected OUTGOING smtp message as "),
		STR(" detected OUTGOING not smtp message as "),
	};
	enum word verdict = WORD_spam;
	size_t i = 0;
	struct str action;
	int64_t score;

	if (!str_skip(&s, STR("\"SpamAssassin as ")))
		return false;
	s = str_from(s, str_find(s, STR(" detected ")));
	while (i < sizeof(marks) / sizeof(*marks) && !str_skip(&s, marks[i]))
		i++;
	if (i == sizeof(marks) / sizeof(*marks))
		return false;
	action = s;
	if (str_skip(&s, STR("NOT ")))
		verdict = WORD_clean;
	if (!str_skip(&s, STR("spam (")) || !filters_score(&s, &score) ||
	    !str_eq(s, STR(")\"")))
		return false;
	EVENT_SET(ev, kind, KIND_spam_verdict);
	EVENT_WORD(ev, verdict, verdict);
	EVENT_SET(ev, score, score);
	EVENT_TEXT(ev, action, str_head(action, str_find(action, STR(" ("))));
	return true;
}

static enum parse_result
warn(struct str s, struct event *ev)
{
	struct str action = str_head(s, sizeof("Warning") - 1);

	str_skip(&s, STR("Warning: "));
	EVENT_TEXT(ev, text, s);
	if (!spam_warning(s, ev))
		policy(action, ev);
	return PARSE_EVENT;
}

/* What an ACL said to a client, behind the host and the space. */
static enum parse_result
read_verdict(struct str s, struct event *ev)
{
	if (str_skip(&s, STR("rejected ")))
		return reject(s, false, ev);
	if (str_skip(&s, STR("temporarily rejected ")))
		return reject(s, true, ev);
	if (str_skip(&s, STR("dropped by ")))
		return drop(s, ev);
	if (str_starts(s, STR("sender verify ")))
		return verify(s, ev);
	if (str_starts(s, STR("RCPT ")))
		return discard(s, ev);
	if (str_starts(s, STR("Warning: ")))
		return warn(s, ev);
	if (str_starts(s, STR("tmp-reject from cutthrough ")))
		return PARSE_IGNORED; /* it is kept, and "==" will tell */
	return incomplete(s, ev);
}

/* " F=<a@b.test> A=plain_server:joe": false if that cannot be told from what follows. */
static bool
take_envelope(struct str *s, struct event *ev)
{
	struct str sender;

	if (str_skip(s, STR(" F="))) {
		/* Web pages take the brackets for their own, and swallow them. */
		if (!exim_bracketed(s, &sender) &&
		    (str_starts(*s, STR("<")) || !exim_address(s, &sender)))
			return false;
		EVENT_TEXT(ev, sender, sender);
	}
	if (str_skip(s, STR(" A=")))
		exim_login(s, EXIM_VERDICT, ev);
	return true;
}

/*
 * " c@d.test <list@d.test>" before " F=": a message that went on while it came in, and what
 * the next hop said of it.
 */
static void
take_cutthrough(struct str *s, struct event *ev)
{
	struct str rest = *s, address, original;

	if (!str_skip_char(&rest, ' ') || !exim_address(&rest, &address) ||
	    str_index(address, '@') == address.len)
		return;
	if (str_starts(rest, STR(" <"))) {
		rest = str_from(rest, 1);
		if (!exim_bracketed(&rest, &original))
			return;
	}
	if (!str_starts(rest, STR(" F=<")))
		return;
	EVENT_TEXT(ev, recipient, address);
	*s = rest;
}

/* "L-": the client was offered pipelining, and did not use it. */
static bool
is_pipelining(struct str word)
{
	return str_skip_char(&word, 'L') && (word.len == 0 || (word.len <= 2 &&
	    (*word.p == '-' || *word.p == '*' || *word.p == '.')));
}

/* What SPF=, DMARC=, P= and L add before the verdict. */
static void
skip_unknown(struct str *s)
{
	while (s->len > 1 && *s->p == ' ') {
		struct str word = str_from(*s, 1);

		word = str_head(word, str_index(word, ' '));
		if ((str_index(word, '=') == word.len || *word.p == '"') &&
		    !is_pipelining(word))
			return;
		*s = str_from(*s, 1 + word.len);
	}
}

/* How a next hop's line goes on behind the host. */
static const struct str remote[] = {
	STR("SMTP error from remote mail server after "), STR("SMTP timeout after "),
	STR("Remote host closed connection"), STR("Malformed SMTP reply"),
	STR("Connection refused"), STR("Connection timed out"),
	STR("Connection reset by peer"), STR("Operation timed out"), STR("No route to host"),
	STR("Network is unreachable"),
	STR("Broken pipe"), STR("Permission denied"), STR("Cannot assign requested address"),
	STR("TLS session: "), STR("a TLS session is required"), STR("TLS error on connection"),
	STR("delivering unencrypted to "), STR("Host is unreachable"),
	STR("LMTP error after "), STR("DANE attempt failed; "),
};

/* ": WHAT", " WHAT", " DT=3s WHAT" */
static enum parse_result
read_remote(const struct exim_host *host, struct str s, struct event *ev)
{
	bool tls;

	str_skip_char(&s, ':');
	if (str_skip(&s, STR(" DT=")))
		exim_value(&s);
	if (!str_skip_char(&s, ' '))
		return PARSE_UNKNOWN;
	tls = str_starts(s, STR("TLS ")) || str_starts(s, STR("delivering unencrypted ")) ||
	    str_starts(s, STR("DANE "));

	for (size_t i = 0; i < sizeof(remote) / sizeof(*remote); i++) {
		if (!str_starts(s, remote[i]))
			continue;
		EVENT_SET(ev, kind, tls ? KIND_tls_failure : KIND_remote_note);
		if (tls)
			EVENT_SET(ev, reason, REASON_tls);
		if (host->name.p)
			EVENT_TEXT(ev, relay, host->name);
		EVENT_TEXT(ev, relay_ip, host->ip);
		if (host->port >= 0)
			EVENT_SET(ev, relay_port, host->port);
		EVENT_TEXT(ev, text, s);
		return PARSE_EVENT;
	}
	return PARSE_UNKNOWN;
}

/* Behind the client. */
static enum parse_result
read_client(const struct exim_host *host, struct str s, struct event *ev)
{
	enum parse_result result;

	if (!exim_skip_tls(&s, ev))
		return PARSE_MALFORMED;
	take_cutthrough(&s, ev);
	if (!take_envelope(&s, ev))
		return PARSE_MALFORMED;
	if (host->repeated) { /* no login is believed then */
		event_forget(ev, FIELD_user);
		event_forget(ev, FIELD_mechanism);
	}
	skip_unknown(&s);
	if (!str_skip_char(&s, ' '))
		return s.len ? PARSE_UNKNOWN : PARSE_MALFORMED;
	result = read_verdict(s, ev);
	if (result == PARSE_EVENT)
		exim_set_client(host, ev);
	return result;
}

/*
 * "F=<a@b.test> rejected by non-SMTP ACL: why", "F=a@b.test H=HOST P=esmtp rejected
 * by local_scan(): why": here the sender comes first, and there may be no client.
 */
static enum parse_result
about_sender(struct str s, struct event *ev)
{
	struct exim_host host = {.ip = {NULL, 0}};
	enum parse_result result;
	struct str sender;

	if (!exim_bracketed(&s, &sender) && !exim_address(&s, &sender))
		return PARSE_UNKNOWN;
	if (str_skip(&s, STR(" H=")) && !exim_host(&s, &host))
		return PARSE_MALFORMED;
	skip_unknown(&s);
	if (!str_skip_char(&s, ' '))
		return PARSE_UNKNOWN;
	result = read_verdict(s, ev);
	if (result != PARSE_EVENT)
		return result;
	if (host.ip.p)
		exim_set_client(&host, ev);
	EVENT_TEXT(ev, sender, sender);
	return PARSE_EVENT;
}

/* A client's words hide where he ends, and with him what was done. */
static enum parse_result
hidden(struct str s, struct event *ev)
{
	if (!exim_host_hides(s) || str_find(s, STR(" incomplete transaction (")) < s.len)
		return PARSE_MALFORMED;
	EVENT_SET(ev, kind, KIND_policy);
	EVENT_TEXT(ev, text, s);
	return PARSE_EVENT;
}

/* "U=www F=<a@b.test> rejected RCPT ...": a program of this host that speaks SMTP to stdin. */
static enum parse_result
about_user(struct str s, struct event *ev)
{
	struct str user = exim_value(&s);
	enum parse_result result;

	if (!take_envelope(&s, ev) || !str_skip_char(&s, ' '))
		return PARSE_UNKNOWN;
	result = read_verdict(s, ev);
	if (result == PARSE_EVENT)
		EVENT_TEXT(ev, user, user);
	return result;
}

/* "R=<c@d.test> temporary refusal": of a message with several recipients what one was told. */
static enum parse_result
about_recipient(struct str s, struct event *ev)
{
	struct str recipient;
	bool temporary;

	if (!str_skip(&s, STR("R=")) || !exim_bracketed(&s, &recipient) ||
	    !str_skip_char(&s, ' '))
		return PARSE_IGNORED; /* in the administrator's words */
	temporary = str_eq(s, STR("temporary refusal"));
	if (!temporary && !str_eq(s, STR("refusal")))
		return PARSE_IGNORED;
	EVENT_SET(ev, kind, KIND_policy);
	EVENT_WORD(ev, action, WORD_reject);
	EVENT_SET(ev, reason, temporary ? REASON_temp : REASON_access);
	EVENT_TEXT(ev, recipient, recipient);
	EVENT_TEXT(ev, text, s);
	return PARSE_EVENT;
}

/* "mx.d.test [192.0.2.7] Connection refused", as before 4.86: a next hop without "H=". Only
 * of a message: other programs write so, too. */
enum parse_result
exim_next_hop(struct str message, struct event *ev)
{
	struct exim_host host;

	if (!event_knows(ev, FIELD_qid) || !exim_host(&message, &host) || !host.name.p ||
	    host.helo.p)
		return PARSE_UNKNOWN;
	return read_remote(&host, message, ev);
}

enum parse_result
exim_about_host(struct str message, struct event *ev)
{
	struct exim_host host;
	enum parse_result result;
	struct str rest;

	if (str_skip(&message, STR("F=")))
		return about_sender(message, ev);
	if (str_skip(&message, STR("U=")))
		return about_user(message, ev);
	if (str_skip(&message, STR("PRDR ")))
		return about_recipient(message, ev);
	rest = message;
	str_skip_char(&rest, ' ');
	if (str_skip(&rest, STR("DS"))) { /* the name was found with DNSSEC */
		str_skip_char(&rest, ' ');
		message = rest;
	}
	if (!str_skip(&message, STR("H=")))
		return PARSE_UNKNOWN;
	if (!exim_host(&message, &host))
		return hidden(message, ev);
	result = read_remote(&host, message, ev);
	return result == PARSE_UNKNOWN ? read_client(&host, message, ev) : result;
}
