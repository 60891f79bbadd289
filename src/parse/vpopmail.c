/* SPDX-License-Identifier: Apache-2.0
 *
 * What vchkpw of vpopmail says of logins, with the client's address:
 *
 *   vchkpw-smtp: password fail joe@h.test:192.0.2.1
 *   vchkpw-pop3: password fail (pass: 'x') joe@h.test:192.0.2.1
 *   vchkpw-smtp: vpopmail user not found joe@:192.0.2.1
 *   vchkpw-imap: (PLAIN) login success joe@h.test:192.0.2.1
 *   vchkpw-pop3: null password given joe:
 *
 * The name and the password, which is skipped, are the client's, and nobody escapes them;
 * but the address ends the line, and nothing follows it. An IPv6 address is told where the
 * name before it was checked to have no colon: in others there may be pieces of one.
 */
#include "parse/filters.h"
#include "parse/postfix.h"

/* A line as long as this has lost its end, and what ends it then is the client's. */
#define LINE_MAX 499u

static const struct {
	struct str words;
	uint8_t kind, reason;
	bool checked; /* a name that vchkpw took apart, or an empty one */
} answers[] = {
	{STR("password fail "), KIND_auth_failure, REASON_none, true},
	{STR("system password fail "), KIND_auth_failure, REASON_none, false},
	{STR("vpopmail user not found "), KIND_auth_failure, REASON_unknown_user, true},
	{STR("system user not found "), KIND_auth_failure, REASON_unknown_user, true},
	{STR("system user shadow entry not found "), KIND_auth_failure, REASON_unknown_user,
	    false},
	{STR("invalid user/domain characters "), KIND_auth_failure, REASON_unknown_user,
	    false},
	{STR("null user name given "), KIND_auth_failure, REASON_protocol, true},
	{STR("null password given "), KIND_auth_failure, REASON_protocol, false},
	{STR("user has no password "), KIND_auth_failure, REASON_access, true},
	{STR("pop access denied "), KIND_auth_failure, REASON_access, true},
	{STR("smtp access denied "), KIND_auth_failure, REASON_access, true},
	{STR("imap access denied "), KIND_auth_failure, REASON_access, true},
	{STR("webmail access denied "), KIND_auth_failure, REASON_access, true},
	{STR("login success "), KIND_auth_success, REASON_none, true},
	{STR("system password login success "), KIND_auth_success, REASON_none, true},
};

/* The right password, and then the server's own trouble. */
static const struct note trouble[] = {
	{STR("setgid "), KIND_operational},
	{STR("setuid "), KIND_operational},
	{STR("autocreate dir errno "), KIND_operational},
	{STR("dir auto create failed "), KIND_operational},
	{STR("chdir failed "), KIND_operational},
	{STR("putenv("), KIND_operational},
	{STR("No default vlimits "), KIND_operational},
	{STR("failed to vauth_getpw() "), KIND_operational},
	{STR("can't write MySQL logs"), KIND_operational},
	{STR("can't write SQL logs"), KIND_operational},
	{.prefix = {NULL, 0}},
};

static const struct {
	struct str service;
	uint8_t proto; /* enum word */
} protos[] = {
	{STR("smtp"), WORD_SMTP}, {STR("smtps"), WORD_SMTP}, {STR("submission"), WORD_SMTP},
	{STR("pop3"), WORD_POP3}, {STR("pop3s"), WORD_POP3},
	{STR("imap"), WORD_IMAP}, {STR("imaps"), WORD_IMAP},
};

/* "vchkpw-smtp: ", "vchkpw: " */
static bool
take_service(struct str *s, struct event *ev)
{
	struct str rest = *s, name;

	if (!str_skip(&rest, STR("vchkpw")))
		return false;
	str_skip_char(&rest, '-');
	name = str_cut(&rest, ':');
	if (!str_skip_char(&rest, ' '))
		return false;
	for (size_t i = 0; i < sizeof(protos) / sizeof(*protos); i++)
		if (str_eq(name, protos[i].service))
			EVENT_WORD(ev, proto, protos[i].proto);
	*s = rest;
	return true;
}

/* "(CRAM-MD5) ": only before a success. */
static void
take_mechanism(struct str *s, struct event *ev)
{
	struct str rest = *s, name;

	if (!str_skip_char(&rest, '('))
		return;
	name = str_cut(&rest, ')');
	if (!str_skip_char(&rest, ' ') || !str_starts(rest, STR("login success ")))
		return;
	EVENT_TEXT(ev, mechanism, name);
	*s = rest;
}

/* "(pass: 'x') ": it may look like its own end, but the name behind it has passed a check. */
static bool
skip_password(struct str *s)
{
	static const struct str end = STR("') ");
	size_t n = str_find_last(*s, end);

	if (!str_starts(*s, STR("(pass: '")))
		return true;
	if (n == s->len)
		return false;
	*s = str_from(*s, n + end.len);
	return true;
}

/* "joe@h.test:192.0.2.1", "joe@:"; "joe@h.test:2001:db8::1" where CHECKED. */
static enum parse_result
take_client(struct str s, bool checked, struct event *ev)
{
	size_t colon = str_find_last(s, STR(":"));
	struct str user = str_head(s, colon), ip;

	if (colon == s.len)
		return PARSE_MALFORMED;
	ip = str_from(s, colon + 1);
	if (ip.len && !filters_ip(ip, ev)) {
		user = str_head(user, str_index(user, ':'));
		if (checked)
			filters_ip(str_from(s, user.len + 1), ev);
	}
	if (str_ends(user, STR(":::ffff"))) /* ":" and "::ffff:192.0.2.1" */
		user.len -= sizeof(":::ffff") - 1;
	if (user.len && user.p[user.len - 1] == '@')
		user.len--;
	if (user.len)
		EVENT_TEXT(ev, user, user);
	return PARSE_EVENT;
}

static enum parse_result
vpopmail_read(struct str message, struct event *ev)
{
	struct str s = message;

	if (!take_service(&s, ev))
		return PARSE_UNKNOWN;
	take_mechanism(&s, ev);
	for (size_t i = 0; i < sizeof(answers) / sizeof(*answers); i++) {
		struct str words = s;

		if (!str_skip(&s, answers[i].words))
			continue;
		EVENT_SET(ev, kind, answers[i].kind);
		if (answers[i].reason != REASON_none)
			EVENT_SET(ev, reason, answers[i].reason);
		EVENT_TEXT(ev, text, str_head(words, answers[i].words.len - 1));
		if (message.len < LINE_MAX)
			return skip_password(&s) ? take_client(s, answers[i].checked, ev)
			    : PARSE_MALFORMED;
		EVENT_SET(ev, truncated, true);
		return PARSE_EVENT;
	}
	return filters_note(trouble, s, ev);
}

static const char *const tags[] = {"vpopmail", NULL};

const struct parser parser_vpopmail = {
	.name = "vpopmail",
	.tags = tags,
	.read = vpopmail_read,
};
