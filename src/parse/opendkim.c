/* SPDX-License-Identifier: Apache-2.0
 *
 * OpenDKIM, as a milter:
 *
 *   4F1D2A3B4C: DKIM verification successful
 *   4F1D2A3B4C: bad signature data
 *   4F1D2A3B4C: no signature data
 *   4F1D2A3B4C: key retrieval failed (s=sel, d=a.test): 'sel._domainkey.a.test' ...
 *   4F1D2A3B4C: s=sel d=a.test a=rsa-sha256 SSL error:04091068:rsa routines::bad signature
 *
 * The last is of one signature; a message may have several, so it is not counted as
 * the message's result. Selector and domain are the sender's.
 */
#include "parse/filters.h"
#include "parse/postfix.h"

static const char *const tags[] = {"opendkim", NULL};

/* Behind the queue id: the message's result. */
static const struct {
	struct str prefix;
	uint8_t action; /* enum word */
} results[] = {
	{STR("DKIM verification successful"), WORD_pass},
	{STR("no signature data"), WORD_none},
	{STR("bad signature data"), WORD_fail},
	{STR("key retrieval failed"), WORD_temperror},
	{STR("signature verification failed: "), WORD_fail},
	{STR("syntax error: "), WORD_permerror},
};

/* Behind the queue id: of no use, or trouble. */
static const struct note queued[] = {
	{STR("DKIM-Signature header add failed"), KIND_operational},
	{STR("DKIM-Signature "), 0}, /* field added: a mail of ours was signed */
	{STR("not authenticated"), 0},
	{STR("external host "), 0},
	{STR("no signing "), 0},
	{STR("no MTA name match"), 0},
	{STR("signing with "), 0},
	{STR("message has signatures from "), 0},
	{STR("removed "), 0},
	{STR("can't "), 0},
	{STR("failed to parse "), 0},
	{STR("bad signature key"), 0},
	{STR("SSL "), 0},
	{STR("sender "), 0},
	{STR("ADSP "), 0},
	{STR("ATPS "), 0},
	{STR("signature="), 0}, /* LogResults: each signature's, told above */
	{STR("RFC5322 header requirement error"), 0}, /* the mail's From: and so on */
	{STR("skipping signing "), 0},
	{STR("domain '"), 0}, /* exempted */
	{STR("BodyLengthDB "), 0},
	{STR("allowed by reputation "), 0},
	{STR("no reputation data "), 0},
	{STR("blocked by reputation "), KIND_operational},
	{STR("would be blocked by reputation "), KIND_operational},
	{STR("reputation query "), KIND_operational},
	{STR("rate limit for "), KIND_operational},
	{STR("failed to add "), KIND_operational},
	{STR("signing table "), KIND_operational},
	{STR("internal error "), KIND_operational},
	{STR("error "), KIND_operational},
	{STR("smfi_"), KIND_operational},
	{STR("dkim_"), KIND_operational},
	{.prefix = {NULL, 0}},
};

/* Lines of no message. */
static const struct note life[] = {
	{STR("OpenDKIM Filter: mi_stop"), 0}, /* those with a colon are libmilter's */
	{STR("OpenDKIM Filter: Opening "), 0},
	{STR("OpenDKIM Filter: "), KIND_operational},
	{STR("OpenDKIM Filter"), 0}, /* starting, stopping, reloaded */
	{STR("OpenDKIM Library"), 0},
	{STR("cache: "), 0},
	{STR("configuration reloaded from "), 0},
	{STR("additional trusted "), 0},
	{STR("ignoring header field "), 0},
	{STR("terminating "), 0},
	{STR("exited with status "), KIND_operational},
	{STR("terminated with signal "), KIND_operational},
	{STR("key data is not secure"), KIND_operational},
	{STR("error "), KIND_operational},
	{STR("can't "), KIND_operational},
	{STR("failed "), KIND_operational},
	{.prefix = {NULL, 0}},
};

/* " (s=SELECTOR, d=DOMAIN)" */
static void
read_key(struct str s, struct event *ev)
{
	struct str selector, domain;

	if (!str_skip(&s, STR(" (s=")))
		return;
	selector = str_cut(&s, ',');
	if (selector.len && str_skip(&s, STR(" d=")) && postfix_host(&s, &domain) &&
	    str_skip_char(&s, ')'))
		EVENT_TEXT(ev, name, domain);
}

static bool
read_result(struct str s, struct event *ev)
{
	for (size_t i = 0; i < sizeof(results) / sizeof(*results); i++) {
		if (!str_starts(s, results[i].prefix))
			continue;
		EVENT_SET(ev, kind, KIND_auth_result);
		EVENT_WORD(ev, category, WORD_dkim);
		EVENT_WORD(ev, action, results[i].action);
		s = str_from(s, results[i].prefix.len);
		read_key(s, ev);
		if (s.len)
			EVENT_TEXT(ev, text, s);
		return true;
	}
	return false;
}

/* "s=sel d=a.test a=rsa-sha256 SSL ERROR"; without an error it may have been good. */
static bool
read_signature(struct str s, struct event *ev)
{
	struct str selector, domain, name, algorithm;

	if (!str_skip(&s, STR("s=")))
		return false;
	selector = str_cut(&s, ' ');
	if (selector.len == 0 || !str_skip(&s, STR("d=")))
		return false;
	name = str_cut(&s, ' ');
	if (name.len == 0)
		return false;
	if (str_skip(&s, STR("a="))) {
		algorithm = str_cut(&s, ' ');
		if (algorithm.len == 0)
			return false;
	}
	if (!str_skip(&s, STR("SSL")))
		return false;
	s = str_trim(s);
	EVENT_SET(ev, kind, KIND_auth_result);
	EVENT_WORD(ev, category, WORD_dkim_signature);
	if (postfix_host(&name, &domain) && name.len == 0)
		EVENT_TEXT(ev, name, domain);
	if (s.len) {
		EVENT_WORD(ev, action, WORD_fail);
		EVENT_TEXT(ev, text, s);
	}
	return true;
}

static enum parse_result
opendkim_read(struct str message, struct event *ev)
{
	struct str s = message, qid = {NULL, 0};

	/* "opendkim: /etc/opendkim.conf: ...": of its settings; the name is no id */
	if (str_starts(message, STR("opendkim: ")))
		return filters_say(ev, KIND_operational, SEVERITY_error, message);
	if (!str_skip(&s, STR("(unknown-jobid)")) && !postfix_qid(&s, &qid))
		return filters_milter_note(life, message, ev);
	if (!str_skip(&s, STR(": ")))
		return filters_milter_note(life, message, ev);
	if (read_result(s, ev) || read_signature(s, ev)) {
		if (qid.p)
			EVENT_TEXT(ev, qid, qid);
		return PARSE_EVENT;
	}
	if (str_ends(s, STR(" not internal")))
		return PARSE_IGNORED;
	return filters_milter_note(queued, s, ev);
}

const struct parser parser_opendkim = {
	.name = "opendkim", .tags = tags, .read = opendkim_read};
