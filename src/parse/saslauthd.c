/* SPDX-License-Identifier: Apache-2.0
 *
 * What saslauthd says. It is not told the client's address; `stage` is "auth", for
 * the daemon that asked it tells of the same attempt again:
 *
 *   do_auth         : auth failure: [user=joe] [service=smtp] [realm=] [mech=pam]
 *     [reason=PAM auth error]
 *   do_request      : NULL password received
 *   detach_tty      : master pid is: 123
 *   pam_unix(smtp:auth): authentication failure; ...
 *
 * and Plesk's own, which serves SMTP alone (older ones wrote "authenticatication"):
 *
 *   No such user 'joe@h.test' in mail authorization database
 *   failed mail authentication attempt for user 'joe@h.test' (password len=6)
 *
 * The user may hold brackets: he ends where the rest can follow.
 */
#include "parse/pam.h"

/* REASONs that are not the client's fault. "Unknown" is: a database that says just no. */
static const struct str our_fault[] = {
	STR("saslauthd internal error"), STR("PAM start error"), STR("[ALERT]"),
};

static const struct {
	struct str service;
	uint8_t proto; /* enum word */
} protos[] = {
	{STR("smtp"), WORD_SMTP}, {STR("imap"), WORD_IMAP}, {STR("pop"), WORD_POP3},
	{STR("pop3"), WORD_POP3}, {STR("sieve"), WORD_SIEVE}, {STR("lmtp"), WORD_LMTP},
};

/* What functions say that is not about a login. */
static const struct {
	struct str text;
	uint8_t kind; /* enum kind; KIND_none: of no use */
} notes[] = {
	{STR("detach_tty"), KIND_service},
	{STR("server_exit"), KIND_service},
	{STR("DEBUG: "), KIND_none},
	{STR("ipc_"), KIND_none},
	{STR("main "), KIND_none},
	{STR("num_procs"), KIND_none},
	{STR("get_accept_lock"), KIND_none},
	{STR("rel_accept_lock"), KIND_none},
	{STR("have_baton"), KIND_none},
	{STR("cache_"), KIND_none},
	{STR("process_connection"), KIND_none},
	/* The methods' own words; do_auth tells what came of it. */
	{STR("Authentication failed for "), KIND_none},
	{STR("Entry not found "), KIND_none},
	{STR("Retrying authentication"), KIND_none},
	{STR("pam_"), KIND_none},
	{STR("zmauth: "), KIND_none},
	{STR("zmpost: "), KIND_none},
	{STR("set_auth_mech"), KIND_operational},
	{STR("auth_"), KIND_operational},
	{STR("ldap_"), KIND_operational},
	{STR("user ldap_"), KIND_operational},
	/* Plesk's; what failed is told next. */
	{STR("No such user '"), KIND_none},
	{STR("Invalid mail address '"), KIND_none},
	{STR("privileges set to "), KIND_none},
	{STR("select timeout, exiting"), KIND_none},
	{STR("listen="), KIND_none},
};

/* "] [NAME=VALUE" at the end of *S, which is cut off. */
static bool
take_last(struct str *s, struct str name, struct str *ret)
{
	size_t n = str_find_last(*s, name);

	if (n == s->len)
		return false;
	*ret = str_from(*s, n + name.len);
	*s = str_head(*s, n);
	return true;
}

static void
set_proto(struct event *ev, struct str name)
{
	for (size_t i = 0; i < sizeof(protos) / sizeof(*protos); i++)
		if (str_eq(name, protos[i].service))
			EVENT_WORD(ev, proto, protos[i].proto);
}

static bool
is_our_fault(struct str reason)
{
	for (size_t i = 0; i < sizeof(our_fault) / sizeof(*our_fault); i++)
		if (str_starts(reason, our_fault[i]))
			return true;
	return false;
}

/*
 * "joe] [service=smtp] [realm=] [mech=pam] [reason=PAM auth error]"; success has no reason,
 * and no method where a cache knew it.
 */
static enum parse_result
read_auth(struct str s, bool success, struct event *ev)
{
	struct str name = {NULL, 0}, realm, mech, reason = {NULL, 0};

	if (!success && s.len && s.p[s.len - 1] == ']')
		s.len--;
	if ((!success && !take_last(&s, STR("] [reason="), &reason)) ||
	    (!take_last(&s, STR("] [mech="), &mech) && !success) ||
	    !take_last(&s, STR("] [realm="), &realm) ||
	    !take_last(&s, STR("] [service="), &name))
		return PARSE_MALFORMED;
	EVENT_SET(ev, kind, success ? KIND_auth_success :
	    is_our_fault(reason) ? KIND_auth_error : KIND_auth_failure);
	if (s.len)
		EVENT_TEXT(ev, user, s);
	if (reason.len)
		EVENT_TEXT(ev, text, reason);
	set_proto(ev, name);
	return PARSE_EVENT;
}

/* "do_auth         : ": the function, which fills up to sixteen places, and the colon. */
static struct str
without_function(struct str s)
{
	struct str rest = s;

	while (rest.len && (char_is_alnum(*rest.p) || *rest.p == '_'))
		rest = str_from(rest, 1);
	while (str_skip_char(&rest, ' '))
		;
	return str_skip(&rest, STR(": ")) ? rest : s;
}

/*
 * "auth_zimbra: joe auth OK", "auth_zimbra: joe auth failed: authentication failed for [joe]"
 */
static bool
is_zimbra_answer(struct str s)
{
	static const struct str refused = STR(" auth failed: authentication failed for [");

	return str_skip(&s, STR("auth_zimbra: ")) &&
	    (str_ends(s, STR(" auth OK")) || str_find(s, refused) < s.len);
}

/* "entication attempt for user 'joe' (password len=6)"; STAGE is what stands before. */
static enum parse_result
read_plesk(struct str s, struct str stage, struct event *ev)
{
	struct str length;

	if ((!str_skip(&s, STR("entication")) && !str_skip(&s, STR("enticatication"))) ||
	    !str_skip(&s, STR(" attempt for user '")) ||
	    !take_last(&s, STR("' (password len="), &length))
		return PARSE_MALFORMED;
	EVENT_SET(ev, kind, KIND_auth_failure);
	EVENT_TEXT(ev, stage, stage);
	EVENT_WORD(ev, proto, WORD_SMTP);
	if (s.len)
		EVENT_TEXT(ev, user, s);
	return PARSE_EVENT;
}

static enum parse_result
read_line(struct str message, struct event *ev)
{
	struct str said = without_function(message), stage;

	if (pam_is(message))
		return pam_read(message, ev) == PARSE_EVENT ? PARSE_EVENT : PARSE_IGNORED;
	stage = str_head(said, sizeof("auth") - 1);
	if (str_skip(&said, STR("auth failure: [user="))) {
		EVENT_TEXT(ev, stage, stage);
		return read_auth(said, false, ev);
	}
	if (str_skip(&said, STR("auth success: [user=")) ||
	    str_skip(&said, STR("auth success (cached): [user="))) {
		EVENT_TEXT(ev, stage, stage);
		return read_auth(said, true, ev);
	}
	if (str_eq(said, STR("NULL password received"))) {
		EVENT_SET(ev, kind, KIND_auth_failure);
		EVENT_SET(ev, reason, REASON_protocol);
		EVENT_TEXT(ev, text, said);
		return PARSE_EVENT;
	}
	if (str_skip(&said, STR("failed mail auth")))
		return read_plesk(said, str_range(said.p - stage.len, said.p), ev);
	if (is_zimbra_answer(message))
		return PARSE_IGNORED;
	for (size_t i = 0; i < sizeof(notes) / sizeof(*notes); i++) {
		if (!str_starts(message, notes[i].text))
			continue;
		if (notes[i].kind == KIND_none)
			return PARSE_IGNORED;
		EVENT_SET(ev, kind, notes[i].kind);
		EVENT_TEXT(ev, text, message);
		return PARSE_EVENT;
	}
	return PARSE_UNKNOWN;
}

static const char *const tags[] = {"saslauthd", "plesk_saslauthd", NULL};

const struct parser parser_saslauthd = {
	.name = "saslauthd",
	.tags = tags,
	.read = read_line,
};
