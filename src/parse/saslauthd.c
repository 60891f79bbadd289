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

#define FUNCTION_WIDTH 16

/* What REASON begins with where it is not just a wrong password. */
static const struct {
	struct str text;
	uint8_t kind, reason;
} reasons[] = {
	{STR("saslauthd internal "), KIND_auth_error, REASON_none},
	{STR("internal mechanism failure"), KIND_auth_error, REASON_none},
	{STR("PAM start error"), KIND_auth_error, REASON_none},
	{STR("[ALERT]"), KIND_auth_error, REASON_none},
	{STR("Username lookup failure: "), KIND_auth_error, REASON_none},
	{STR("Insufficient permission "), KIND_auth_error, REASON_none},
	{STR("setpwdb() "), KIND_auth_error, REASON_none},
	{STR("Invalid username"), KIND_auth_failure, REASON_unknown_user},
	{STR("PAM acct error"), KIND_auth_failure, REASON_access},
	{STR("Account expired"), KIND_auth_failure, REASON_access},
	{STR("Password expired"), KIND_auth_failure, REASON_access},
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
	{STR("have_baby       : forked "), KIND_none},
	{STR("have_baby"), KIND_operational},
	{STR("handle_sigchld"), KIND_none},
	{STR("rx_rec"), KIND_operational},
	{STR("tx_rec"), KIND_operational},
	{STR("do_auth"), KIND_operational},
	{STR("process_connection"), KIND_none},
	/* The methods' own words; do_auth tells what came of it. */
	{STR("Authentication failed for "), KIND_none},
	{STR("Entry not found "), KIND_none},
	{STR("Domain/Realm not available"), KIND_none},
	{STR("Duplicate entries found "), KIND_none},
	/* A wrong password and an unknown principal, as MIT's library counts its errors. */
	{STR("auth_krb5: krb5_get_init_creds_password: -1765328360"), KIND_none},
	{STR("auth_krb5: krb5_get_init_creds_password: -1765328378"), KIND_none},
	{STR("Retrying authentication"), KIND_none},
	{STR("pam_"), KIND_none},
	{STR("zmauth: "), KIND_none},
	{STR("zmpost: "), KIND_none},
	{STR("set_auth_mech"), KIND_operational},
	{STR("auth_"), KIND_operational},
	{STR("ldap_"), KIND_operational},
	{STR("user ldap_"), KIND_operational},
	{STR("group ldap_"), KIND_operational},
	{STR("rimap_init"), KIND_operational},
	{STR("setpwdb: "), KIND_operational},
	{STR("lak_"), KIND_operational},
	{STR("Unable to set LDAP_OPT_"), KIND_operational},
	{STR("Failed to set LDAP_OPT_"), KIND_operational},
	{STR("start tls failed "), KIND_operational},
	{STR("PAM "), KIND_operational}, /* "unable to dlopen(...)" */
	/* Plesk's; what failed is told next. */
	{STR("No such user '"), KIND_none},
	{STR("Invalid mail address '"), KIND_none},
	{STR("privileges set to "), KIND_none},
	{STR("select timeout, exiting"), KIND_none},
	{STR("listen="), KIND_none},
};

/* What a function says, whichever it is; some builds write none before the colon. */
static const struct {
	struct str text;
	uint8_t kind; /* enum kind; KIND_none: of no use */
} words[] = {
	{STR("could not "), KIND_operational},
	{STR("can not "), KIND_operational},
	{STR("can't "), KIND_operational},
	{STR("failed "), KIND_operational},
	{STR("socket accept failure"), KIND_operational},
	{STR("no authentication mechanism"), KIND_operational},
	{STR("invalid number of worker "), KIND_operational},
	/* A system call, and why it failed; what it was for is told before. */
	{STR("accept: "), KIND_none},
	{STR("bind: "), KIND_none},
	{STR("chdir: "), KIND_none},
	{STR("chmod: "), KIND_none},
	{STR("fcntl: "), KIND_none},
	{STR("listen: "), KIND_none},
	{STR("open: "), KIND_none},
	{STR("socket: "), KIND_none},
	{STR("master pid is: "), KIND_service},
	{STR("master exited: "), KIND_service},
	{STR("num_procs  : "), KIND_none},
	{STR("mech_option: "), KIND_none},
	{STR("run_path   : "), KIND_none},
	{STR("auth_mech  : "), KIND_none},
	{STR("using "), KIND_none},
	{STR("listening on "), KIND_none},
	{STR("forked child: "), KIND_none},
	{STR("child exited: "), KIND_none},
	{STR("acquired accept lock"), KIND_none},
	{STR("released accept lock"), KIND_none},
	{STR("response: "), KIND_none},
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

static void
set_reason(struct event *ev, struct str reason)
{
	EVENT_SET(ev, kind, KIND_auth_failure);
	for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++) {
		if (!str_starts(reason, reasons[i].text))
			continue;
		EVENT_SET(ev, kind, reasons[i].kind);
		if (reasons[i].reason != REASON_none)
			EVENT_SET(ev, reason, reasons[i].reason);
	}
	if (reason.len)
		EVENT_TEXT(ev, text, reason);
}

/*
 * "joe] [service=smtp] [realm=] [mech=pam] [reason=PAM auth error]"; success has no reason,
 * and no method where a cache knew it. What will follow 2.1.28 writes "[remote=192.0.2.1]"
 * behind the realm; as long as the older ones, which do not, let a client name a realm of
 * "] [remote=192.0.2.1", it is nobody's address.
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
	if (success)
		EVENT_SET(ev, kind, KIND_auth_success);
	else
		set_reason(ev, reason);
	if (s.len)
		EVENT_TEXT(ev, user, s);
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

/* Is SAID what one of saslauthd's own functions, padded or without a name, says in MESSAGE? */
static bool
is_padded(struct str message, struct str said)
{
	return str_starts(message, STR(": ")) ||
	    message.len - said.len >= FUNCTION_WIDTH + sizeof(": ") - 1;
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

/* What do_request says of an attempt that it does not ask about. */
static bool
is_bad_request(struct str s)
{
	return str_eq(s, STR("NULL password received")) ||
	    str_eq(s, STR("NULL login received")) ||
	    str_starts(s, STR("login exceeded MAX_REQ_LEN: ")) ||
	    str_starts(s, STR("password exceeded MAX_REQ_LEN: ")) ||
	    str_starts(s, STR("service exceeded MAX_REQ_LEN: ")) ||
	    str_starts(s, STR("realm exceeded MAX_REQ_LEN: "));
}

static enum parse_result
say(uint8_t kind, struct str text, struct event *ev)
{
	if (kind == KIND_none)
		return PARSE_IGNORED;
	EVENT_SET(ev, kind, kind);
	EVENT_TEXT(ev, text, text);
	return PARSE_EVENT;
}

/* All that is about no login of its own. SAID is MESSAGE without the function. */
static enum parse_result
read_note(struct str message, struct str said, struct event *ev)
{
	if (is_padded(message, said))
		for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
			if (str_starts(said, words[i].text))
				return say(words[i].kind, message, ev);
	for (size_t i = 0; i < sizeof(notes) / sizeof(*notes); i++)
		if (str_starts(message, notes[i].text))
			return say(notes[i].kind, message, ev);
	return PARSE_UNKNOWN;
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
	if (is_bad_request(said)) {
		EVENT_SET(ev, kind, KIND_auth_failure);
		EVENT_SET(ev, reason, REASON_protocol);
		EVENT_TEXT(ev, text, said);
		return PARSE_EVENT;
	}
	if (str_skip(&said, STR("failed mail auth")))
		return read_plesk(said, str_range(said.p - stage.len, said.p), ev);
	if (is_zimbra_answer(message))
		return PARSE_IGNORED;
	return read_note(message, said, ev);
}

static const char *const tags[] = {"saslauthd", "plesk_saslauthd", NULL};

const struct parser parser_saslauthd = {
	.name = "saslauthd",
	.tags = tags,
	.read = read_line,
};
