/* SPDX-License-Identifier: Apache-2.0
 *
 * The SPF policy services, policyd-spf (Python) and policy-spf (Perl), and pyspf-milter:
 *
 *   prepend Received-SPF: Pass (mailfrom) identity=mailfrom; client-ip=192.0.2.1;
 *     helo=mx.a.test; envelope-from=s@a.test; receiver=<UNKNOWN>
 *   : prepend Authentication-Results: mx.b.test; spf=pass (sender SPF authorized)
 *     smtp.mailfrom=a.test (client-ip=192.0.2.1; helo=mx.a.test; ...)
 *   Pass; identity=mailfrom; client-ip=192.0.2.1; helo=mx.a.test; envelope-from=...
 *   550 5.7.23 Message rejected due to: SPF fail - not authorized. Please see ...
 *   defer_if_permit 4.7.24 Message deferred due to: ...
 *   Policy action=PREPEND Received-SPF: pass (a.test: 192.0.2.1 is authorized to use ...
 *
 * Names and addresses are the sender's; the comment in parentheses may quote them. Of a
 * failure it may be the domain's own explanation (RFC 7208, 6.2), any text, and look like
 * all the rest of the line: nothing behind it is gone into.
 */
#include "parse/filters.h"
#include "parse/postfix-scan.h"
#include "parse/postfix.h"

static const char *const tags[] = {
	"policyd-spf", "policy-spf", "policyd-spf-perl", "postfix/policy-spf",
	"postfix/policyd-spf", "pyspf-milter", NULL,
};

static const struct filters_word results[] = {
	{STR("pass"), WORD_pass},
	{STR("fail"), WORD_fail},
	{STR("softfail"), WORD_softfail},
	{STR("neutral"), WORD_neutral},
	{STR("none"), WORD_none},
	{STR("temperror"), WORD_temperror},
	{STR("permerror"), WORD_permerror},
	{.text = {NULL, 0}},
};

/* What the same mail's other line tells, debugging, trouble. */
static const struct note notes[] = {
	{STR("X-Comment: "), 0}, /* SPF skipped for local and listed clients */
	{STR("Authentication-Results: "), 0},
	{STR("Header text "), 0},
	{STR("result_only "), 0},
	{STR("connect from "), 0},
	{STR("mail from: "), 0},
	{STR("Per user configuration "), 0},
	{STR("None"), 0},
	{STR("pyspf-milter started:"), KIND_service},
	{STR("Action: "), 0},
	{STR("DUNNO"), 0},
	{STR("dunno"), 0},
	{STR("handler "), 0},
	{STR("testing: "), 0},
	{STR("SPF "), 0},
	{STR("spfcheck: "), 0},
	{STR("Spfcheck: "), 0},
	{STR("Attempting "), 0},
	{STR("Not using "), 0},
	{STR("Starting"), 0},
	{STR("Normal exit"), 0},
	{STR("Config: "), 0},
	{STR("Cached data "), 0},
	{STR("skip_addresses "), 0},
	{STR("Whitelist"), 0},
	{STR("Domain_Whitelist"), 0},
	{STR("HELO_Whitelist"), 0},
	{STR("Domain Whitelist "), 0},
	{STR("PTR Domain Whitelist "), 0},
	{STR("HELO Domain Whitelist "), 0},
	{STR("Scope "), 0},
	{STR("helo policy "), 0},
	{STR("mfrom policy "), 0},
	{STR("not peruser"), 0},
	{STR("Pyspf Cached "), 0},
	{STR("Skip"), 0},
	{STR("Read line: "), 0},
	{STR("Found the end of entry"), 0},
	{STR("Got "), 0},
	{STR("_get_resultcodes"), 0},
	{STR("_spfcheck"), 0},
	{STR("Defer message"), 0},
	{STR("Ouch, caught exc: "), KIND_operational},
	{STR("Authserv_Id not set "), KIND_operational},
	{STR("Header_Type includes "), KIND_operational},
	{STR("Configuration File parsing error"), KIND_operational},
	{STR("Traceback "), KIND_operational},
	{STR("File \""), 0}, /* what follows it */
	{STR("ERROR"), KIND_operational},
	{STR("Error"), KIND_operational},
	{STR("warning: "), KIND_operational},
	{STR("WARNING: "), KIND_operational},
	{.prefix = {NULL, 0}},
};

static void
set_result(enum word result, struct event *ev)
{
	EVENT_SET(ev, kind, KIND_auth_result);
	EVENT_WORD(ev, category, WORD_spf);
	EVENT_WORD(ev, action, result);
}

/* "(mailfrom) ", "(sender SPF authorized) "; false if it might be or quote somebody's. */
static bool
skip_comment(struct str *s, enum word result)
{
	struct str rest = *s;

	if (str_skip(s, STR("(SPF Temporary Error: DNS Timeout) ")))
		return true;
	if (result == WORD_fail || !str_skip_char(&rest, '('))
		return false;
	while (rest.len && (char_is_alnum(*rest.p) || *rest.p == ' '))
		rest = str_from(rest, 1);
	if (!str_skip(&rest, STR(") ")))
		return false;
	*s = rest;
	return true;
}

/* What is longer may have been cut. */
#define CUT_MIN 600u

/* Does WORDS stand in S more than once? Then one of them is the client's. */
static bool
is_doubtful(struct str s, struct str words)
{
	return str_find(s, words) != str_find_last(s, words);
}

/* What is checked, the domain whose record it is of: the sender's, or the client's name. */
enum identity { IDENTITY_none, IDENTITY_sender, IDENTITY_helo };

/* "s@a.test; receiver=mx.b.test": what stands before the last may hold such words. */
static bool
read_sender(struct str s, struct event *ev, struct str *ret)
{
	static const struct str behind = STR("; receiver=");
	struct str sender = str_head(s, str_find(s, behind));

	if (is_doubtful(s, behind) ||
	    (sender.len == s.len && str_index(s, ';') < s.len))
		return false;
	if (str_eq(sender, STR("<>")) || str_eq(sender, STR("<UNKNOWN>")))
		sender.len = 0;
	EVENT_TEXT(ev, sender, sender);
	*ret = sender;
	return true;
}

/* "client-ip=192.0.2.1; helo=NAME; envelope-from=ADDRESS; receiver=..." */
static void
read_pairs(struct str s, enum identity identity, struct event *ev)
{
	static const struct str from = STR("; envelope-from=");
	struct str ip, helo, sender;

	if (!str_skip(&s, STR("client-ip=")) || !postfix_ip(&s, &ip) ||
	    !str_skip(&s, STR("; ")))
		return;
	EVENT_TEXT(ev, ip, ip);
	/* A HELO, too, may hold such words. */
	if (!str_skip(&s, STR("helo=")) || is_doubtful(s, from) || s.len > CUT_MIN)
		return;
	helo = str_cut(&s, ';');
	EVENT_TEXT(ev, helo, helo);
	if (!str_skip(&s, STR(" envelope-from=")) || !read_sender(s, ev, &sender))
		return;
	if (identity == IDENTITY_sender)
		filters_domain(sender.len ? sender : helo, ev);
	else if (identity == IDENTITY_helo)
		filters_domain(helo, ev);
}

/* "identity=mailfrom; "; of a domain without a record the reason stands in its place. */
static enum identity
take_identity(struct str *s)
{
	if (str_skip(s, STR("identity=mailfrom; ")) ||
	    str_skip(s, STR("identity=no SPF record; ")))
		return IDENTITY_sender;
	return str_skip(s, STR("identity=helo; ")) ? IDENTITY_helo : IDENTITY_none;
}

/* Behind "Received-SPF: ". */
static bool
read_received(struct str s, struct event *ev)
{
	enum word result = filters_word(results, str_cut(&s, ' '));
	enum identity identity;

	if (result == WORD_absent)
		return false;
	set_result(result, ev);
	EVENT_TEXT(ev, text, s);
	if (skip_comment(&s, result) && (identity = take_identity(&s)))
		read_pairs(s, identity, ev);
	return true;
}

/* "HOST; spf=pass (...) smtp.mailfrom=a.test (client-ip=..." of Authentication-Results */
static enum parse_result
read_results(struct str s, struct event *ev)
{
	static const struct str mark = STR(" (client-ip=");
	struct str host, domain;
	enum word result;

	if (!postfix_host(&s, &host))
		return PARSE_MALFORMED;
	if (str_starts(s, STR("; none"))) /* not asked for this client */
		return PARSE_IGNORED;
	if (!str_skip(&s, STR("; spf=")))
		return PARSE_MALFORMED;
	result = filters_word(results, str_cut(&s, ' '));
	if (result == WORD_absent)
		return PARSE_MALFORMED;
	set_result(result, ev);
	EVENT_TEXT(ev, text, s);
	if (!skip_comment(&s, result) || (!str_skip(&s, STR("smtp.mailfrom=")) &&
				     !str_skip(&s, STR("smtp.helo="))))
		return PARSE_EVENT;
	/* The domain or name is the client's, and may hold such words. */
	if (s.len > CUT_MIN || is_doubtful(s, mark))
		return PARSE_EVENT;
	domain = str_head(s, str_find(s, mark));
	s = str_from(s, domain.len);
	if (str_skip(&s, STR(" (")))
		read_pairs(s, IDENTITY_none, ev);
	filters_domain(domain, ev);
	return PARSE_EVENT;
}

/* "Pass; identity=mailfrom; client-ip=..." of version 1. */
static bool
read_short(struct str s, struct event *ev)
{
	enum word result = filters_word(results, str_cut(&s, ';'));
	enum identity identity;

	if (result == WORD_absent || !str_skip_char(&s, ' ') ||
	    !(identity = take_identity(&s)))
		return false;
	set_result(result, ev);
	EVENT_TEXT(ev, text, s);
	read_pairs(s, identity, ev);
	return true;
}

/*
 * "550 5.7.23 Message rejected due to: SPF fail - not authorized. Please see
 * http://www.openspf.net/Why?s=mfrom;id=s@a.test;ip=192.0.2.1;r=mx.b.test": the
 * address stands behind the sender's, so it is left in the text.
 */
static bool
read_refusal(struct str s, struct event *ev)
{
	bool deferred = str_skip(&s, STR("defer_if_permit ")), is_broken;

	if (str_skip(&s, STR("DEFER_IF_PERMIT SPF-Result="))) /* policy-spf */
		deferred = true;
	str_skip(&s, STR("Reject "));
	postfix_reply(&s, ev);
	is_broken = event_knows(ev, FIELD_dsn) &&
	    str_eq(event_word(ev, ev->dsn), STR("5.7.24")); /* RFC 7372: validation error */
	if (event_knows(ev, FIELD_code))
		deferred |= ev->code < 500;
	else if (event_knows(ev, FIELD_dsn))
		deferred |= *event_word(ev, ev->dsn).p == '4';
	else if (!deferred && !str_starts(s, STR("Message rejected due to: ")))
		return false;
	set_result(deferred ? WORD_temperror : is_broken ? WORD_permerror : WORD_fail, ev);
	EVENT_SET(ev, reason, REASON_spf);
	EVENT_TEXT(ev, text, s);
	return true;
}

/* "4F1D2A3B4C: ", or ": " where there is no id yet. */
static void
take_qid(struct str *s, struct event *ev)
{
	struct str rest = *s, qid;

	if (str_skip(s, STR(": ")) || !postfix_qid(&rest, &qid) ||
	    scan_digit(qid) == qid.len || !str_skip(&rest, STR(": ")))
		return;
	EVENT_TEXT(ev, qid, qid);
	*s = rest;
}

/* "prepend ", "Header field not prepended: ": a header's line follows. */
static bool
skip_prepend(struct str *s)
{
	return str_skip(s, STR("prepend ")) || str_skip(s, STR("PREPEND ")) ||
	    str_skip(s, STR("Header field not prepended: "));
}

/* "UnicodeDecodeError: 'utf-8' codec ...": how a traceback ends. */
static bool
is_exception(struct str s)
{
	struct str name = str_head(s, str_find(s, STR(": ")));

	for (size_t i = 0; i < name.len; i++)
		if (!char_is_alnum(name.p[i]) && name.p[i] != '.' && name.p[i] != '_')
			return false;
	return name.len < s.len && (str_ends(name, STR("Error")) ||
	    str_ends(name, STR("Exception")));
}

static enum parse_result
policyd_spf_read(struct str message, struct event *ev)
{
	struct str s = message;

	take_qid(&s, ev);
	str_skip(&s, STR("Policy action="));
	str_skip_char(&s, ' '); /* before it the milter has no status to tell */
	if (skip_prepend(&s)) {
		if (str_skip(&s, STR("Received-SPF: ")))
			return read_received(s, ev) ? PARSE_EVENT : PARSE_MALFORMED;
		if (str_skip(&s, STR("Authentication-Results: ")))
			return read_results(s, ev);
	} else if (read_short(s, ev) || read_refusal(s, ev)) {
		return PARSE_EVENT;
	}
	if (is_exception(s))
		return filters_say(ev, KIND_operational, SEVERITY_none, s);
	return filters_note(notes, s, ev);
}

const struct parser parser_policyd_spf = {
	.name = "policyd-spf", .tags = tags, .read = policyd_spf_read};
