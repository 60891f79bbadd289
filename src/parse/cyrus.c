/* SPDX-License-Identifier: Apache-2.0
 *
 * What Cyrus imapd, pop3d, lmtpd and timsieved say:
 *
 *   badlogin: mx.b.test [192.0.2.1] plaintext joe SASL(-13): authentication failure: checkpass
 *     failed
 *   badlogin: [192.0.2.1] PLAIN [SASL(-13): authentication failure: Password verification
 *     failed]
 *   badlogin: [192.0.2.1] Basic joe SASL(-13): authentication failure: checkpass failed
 *   login: mx.b.test [192.0.2.1] joe plaintext+TLS User logged in SESSIONID=<...>
 *   event=login.bad r.clienthost="mx.b.test [192.0.2.1]" ...          (cyrus-pairs.c)
 *   STARTTLS negotiation failed: [192.0.2.1]
 *   Too many open connections (3 of 10 from mx.b.test [192.0.2.1], 5 of 5 for joe)
 *   refused connection from mx.b.test                                 (TCP wrappers)
 *   IOERROR: opening /var/spool/cyrus/...: No such file or directory
 *
 * The client comes first, and its name is one that a resolver lets through. A user may
 * hold anything; he ends where the last error of the SASL library begins.
 */
#include "parse/cyrus.h"

#include "parse/courier.h"
#include "parse/pam.h"

#define NAME_MAX_LENGTH 255

struct cyrus_row {
	struct str prefix;
	uint8_t kind;     /* enum kind; KIND_none: of no use */
	uint8_t severity; /* enum severity */
};

static const struct cyrus_row rows[] = {
	{STR("IOERROR: "), KIND_operational, SEVERITY_error},
	{STR("DBERROR"), KIND_operational, SEVERITY_error},
	{STR("Fatal error: "), KIND_operational, SEVERITY_fatal},
	{STR("TLS server engine: "), KIND_operational, SEVERITY_error},
	{STR("TLS engine: "), KIND_operational, SEVERITY_error},
	{STR("ERROR: "), KIND_operational, SEVERITY_error},
	{STR("IDLE: error "), KIND_operational, SEVERITY_error},
	{STR("WARNING: "), KIND_operational, SEVERITY_warning},
	{STR("DENYDB_ERROR: "), KIND_operational, SEVERITY_warning},
	{STR("service "), KIND_operational, SEVERITY_warning}, /* "imap pid 7 in BUSY state" */
	{STR("Error in "), KIND_operational, SEVERITY_error},
	{STR("couldn't "), KIND_operational, SEVERITY_error},
	{STR("could not "), KIND_operational, SEVERITY_error},
	{STR("cannot "), KIND_operational, SEVERITY_error},
	{STR("can't "), KIND_operational, SEVERITY_error},
	{STR("Can not connect to "), KIND_operational, SEVERITY_error},
	{STR("accept failed: "), KIND_operational, SEVERITY_error},
	{STR("too many failures for "), KIND_operational, SEVERITY_error},
	{STR("setrlimit: "), KIND_operational, SEVERITY_error},
	{STR("incorrect version of "), KIND_operational, SEVERITY_error},
	{STR("ldap_simple_bind() failed "), KIND_operational, SEVERITY_error},
	{STR("received SIGCHLD from unknown "), KIND_operational, SEVERITY_warning},
	{STR("unknown service pid "), KIND_operational, SEVERITY_warning},
	{STR("attempting clean shutdown on "), KIND_service, SEVERITY_none},
	{STR("exiting on SIGTERM"), KIND_service, SEVERITY_none},
	{STR("ready for work"), KIND_service, SEVERITY_none},
	{STR("process "), KIND_none, SEVERITY_none},
	{STR("about to exec "), KIND_none, SEVERITY_none},
	{STR("executed"), KIND_none, SEVERITY_none},
	{STR("accepted connection"), KIND_none, SEVERITY_none},
	{STR("connection from "), KIND_none, SEVERITY_none},
	{STR("lmtp connection "), KIND_none, SEVERITY_none},
	{STR("starttls: "), KIND_none, SEVERITY_none},
	{STR("SSL_accept() "), KIND_none, SEVERITY_none}, /* incomplete, succeeded, failed */
	{STR("EOF in SSL_accept()"), KIND_none, SEVERITY_none},
	{STR("inittls: "), KIND_none, SEVERITY_none},
	{STR("mystore: "), KIND_none, SEVERITY_none},
	{STR("mydelete: "), KIND_none, SEVERITY_none},
	{STR("client id"), KIND_none, SEVERITY_none},
	{STR("USAGE "), KIND_none, SEVERITY_none},
	{STR("open: user "), KIND_none, SEVERITY_none},
	{STR("counts: "), KIND_none, SEVERITY_none},
	{STR("fetching user_deny"), KIND_none, SEVERITY_none},
	{STR("Delivered: "), KIND_none, SEVERITY_none},
	{STR("dupelim: "), KIND_none, SEVERITY_none},
	{STR("duplicate_check: "), KIND_none, SEVERITY_none},
	{STR("duplicate_mark: "), KIND_none, SEVERITY_none},
	{STR("sieve "), KIND_none, SEVERITY_none},
	{STR("auditlog: "), KIND_none, SEVERITY_none},
	{STR("seen_db: "), KIND_none, SEVERITY_none},
	{STR("skiplist: "), KIND_none, SEVERITY_none},
	{STR("twoskip: "), KIND_none, SEVERITY_none},
	{STR("cyrusdb"), KIND_none, SEVERITY_none},
	{STR("checkpointing "), KIND_none, SEVERITY_none},
	{STR("done checkpointing "), KIND_none, SEVERITY_none},
	{STR("verifying cyrus databases"), KIND_none, SEVERITY_none},
	{STR("recovering cyrus databases"), KIND_none, SEVERITY_none},
	{STR("done recovering cyrus databases"), KIND_none, SEVERITY_none},
	{STR("archiving "), KIND_none, SEVERITY_none},
	{STR("indexing mailbox "), KIND_none, SEVERITY_none},
	{STR("skipping mailbox "), KIND_none, SEVERITY_none},
	{STR("SQUAT "), KIND_none, SEVERITY_none},
	{STR("autocreateinbox: "), KIND_none, SEVERITY_none},
	{STR("append_check() of "), KIND_none, SEVERITY_none}, /* whoever delivers tells */
	{STR("do_notify using "), KIND_none, SEVERITY_none},
	{STR("duplicate_prune: "), KIND_none, SEVERITY_none},
	{STR("Expunged "), KIND_none, SEVERITY_none},
	{STR("expunged "), KIND_none, SEVERITY_none},
	{STR("Expired "), KIND_none, SEVERITY_none},
	{STR("tls_prune: "), KIND_none, SEVERITY_none},
	{STR("User logged out"), KIND_none, SEVERITY_none},
	{STR("user '"), KIND_none, SEVERITY_none}, /* "joe' denied access"; told again */
	{STR("verify_user("), KIND_none, SEVERITY_none}, /* whoever delivers tells */
	{STR("Unable to locate maildrop for "), KIND_operational, SEVERITY_error},
	{STR("unable to "), KIND_operational, SEVERITY_error},
	/*
	 * The SASL library's, in the daemon's name, mostly with "SASL " in front; "badlogin"
	 * tells of the same.
	 */
	{STR("no secret in database"), KIND_none, SEVERITY_none},
	{STR("Password verification failed"), KIND_none, SEVERITY_none},
	{STR("client response doesn't match "), KIND_none, SEVERITY_none},
	{STR("DIGEST-MD5 "), KIND_none, SEVERITY_none},
	{STR("NTLM "), KIND_none, SEVERITY_none},
	{STR("bad userid authenticated"), KIND_none, SEVERITY_none},
	{STR("sql plugin "), KIND_none, SEVERITY_none},
	{STR("GSSAPI "), KIND_operational, SEVERITY_error},
	{STR("SQL engine "), KIND_operational, SEVERITY_error},
	{STR("auxpropfunc error "), KIND_operational, SEVERITY_error},
	{STR("could not find auxprop plugin"), KIND_operational, SEVERITY_error},
	{STR("_sasl_plugin_load failed "), KIND_operational, SEVERITY_error},
	{STR("sql_select option missing"), KIND_operational, SEVERITY_error},
	{STR("ldapdb"), KIND_none, SEVERITY_none},
	{STR("OTP unavailable because "), KIND_operational, SEVERITY_error},
	{STR("idle for too long"), KIND_disconnect, SEVERITY_none},
	{STR("Connection reset by peer"), KIND_disconnect, SEVERITY_none},
};

/* What may stand before "TLS negotiation failed: CLIENT". */
static const struct str tls_failures[] = {
	STR("STARTTLS negotiation failed: "), STR("TLS negotiation failed: "),
	STR("https TLS negotiation failed: "), STR("imaps TLS negotiation failed: "),
	STR("pop3s TLS negotiation failed: "), STR("pop3s failed: "), STR("nntps failed: "),
	STR("imaps failed: "), STR("https failed: "),
	STR("STARTTLS failed: "),
};

/* sasl.h */
static const struct {
	int64_t code;
	uint8_t kind, reason;
} codes[] = {
	{13, KIND_auth_failure, REASON_none},
	{20, KIND_auth_failure, REASON_unknown_user},
	{14, KIND_auth_failure, REASON_access},       /* authorisation */
	{17, KIND_auth_failure, REASON_access},       /* password expired */
	{18, KIND_auth_failure, REASON_access},       /* account disabled */
	{26, KIND_auth_failure, REASON_access},       /* mechanism too weak for this user */
	{15, KIND_auth_failure, REASON_tls},          /* mechanism too weak */
	{16, KIND_auth_failure, REASON_tls},          /* encryption needed */
	{4, KIND_auth_failure, REASON_protocol},      /* mechanism not supported */
	{5, KIND_auth_abort, REASON_none},            /* bad protocol, cancelled */
	{1, KIND_auth_error, REASON_none},            /* generic failure */
	{2, KIND_auth_error, REASON_none},            /* out of memory */
	{24, KIND_auth_error, REASON_none},           /* remote authentication unavailable */
};

bool
cyrus_client(struct str *s, struct event *ev)
{
	struct str rest = *s, name, address;
	struct ip ip;
	size_t n = 0;

	if (str_skip(s, STR("[unix socket] ")))
		return true;
	while (n < rest.len && n < NAME_MAX_LENGTH && (char_is_alnum(rest.p[n]) ||
	    rest.p[n] == '.' || rest.p[n] == '-' || rest.p[n] == '_'))
		n++;
	name = str_head(rest, n);
	rest = str_from(rest, n);
	if (n)
		str_skip_char(&rest, ' ');
	if (!str_skip_char(&rest, '['))
		return false;
	n = str_index(rest, ']');
	address = str_head(rest, n);
	rest = str_from(rest, n);
	if (!ip_parse(address, &ip) || !str_skip_char(&rest, ']') ||
	    (rest.len && !str_skip_char(&rest, ' ')))
		return false;
	if (name.len)
		EVENT_TEXT(ev, name, name);
	EVENT_TEXT(ev, ip, address);
	*s = rest;
	return true;
}

void
cyrus_error(struct event *ev, struct str s)
{
	int64_t code;

	EVENT_SET(ev, kind, KIND_auth_failure);
	if (s.len)
		EVENT_TEXT(ev, text, s);
	if (str_eq(s, STR("invalid user")))
		EVENT_SET(ev, reason, REASON_unknown_user);
	if (!str_skip(&s, STR("SASL(-")) || !str_skip_number(&s, &code))
		return;
	if (str_starts(s, STR("): user not found")))
		EVENT_SET(ev, reason, REASON_unknown_user);
	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++) {
		if (codes[i].code != code)
			continue;
		EVENT_SET(ev, kind, codes[i].kind);
		if (codes[i].reason != REASON_none)
			EVENT_SET(ev, reason, codes[i].reason);
	}
}

static const struct str invalid = STR(" invalid user");
static const struct str proxied = STR(" proxy authz attempted on non-Murder backend");

/*
 * "joe SASL(-13): authentication failure: checkpass failed", "joe invalid user": no error of
 * the library ends so, and what stands before is all his.
 */
static void
read_plaintext(struct event *ev, struct str s)
{
	size_t n = str_find_last(s, STR(" SASL("));
	struct str error = {NULL, 0};

	if (str_ends(s, invalid))
		n = s.len - invalid.len;
	else if (n < s.len)
		error = str_from(s, n + 1);
	if (n)
		EVENT_TEXT(ev, user, str_head(s, n));
	cyrus_error(ev, error);
	if (!error.len && n < s.len)
		EVENT_SET(ev, reason, REASON_unknown_user);
}

/* What stands before the error: "joe", "(joe)"; APOP's challenge, in parentheses, is ours. */
static void
set_user(struct event *ev, struct str s)
{
	if (str_eq(event_word(ev, ev->mechanism), STR("APOP")))
		return;
	if (s.len > 1 && *s.p == '(' && s.p[s.len - 1] == ')')
		s = str_range(s.p + 1, s.p + s.len - 1);
	if (s.len)
		EVENT_TEXT(ev, user, s);
}

/* "[SASL(-13): ...]", "(joe) [SASL(-13): ...]", "SASL(-13): ...", "joe SASL(-13): ..." */
static void
read_mechanism(struct event *ev, struct str s)
{
	bool error = str_starts(s, STR("[")) && str_ends(s, STR("]")); /* and nothing else */
	size_t n = error ? s.len : str_find_last(s, STR(" [SASL("));

	if (str_ends(s, proxied)) {
		n = s.len - proxied.len;
		EVENT_SET(ev, reason, REASON_access);
	}
	/* One error may quote another. */
	if (n == s.len && !str_starts(s, STR("[")) && !str_starts(s, STR("SASL(")))
		n = str_find_last(s, STR(" SASL("));
	if (n < s.len) {
		set_user(ev, str_head(s, n));
		s = str_from(s, n + 1);
	}
	if (str_skip_char(&s, '[') && s.len && s.p[s.len - 1] == ']')
		s.len--;
	cyrus_error(ev, s);
}

/* What follows "badlogin: ". */
static enum parse_result
read_failure(struct str s, struct event *ev)
{
	struct str rest, mechanism;

	EVENT_SET(ev, kind, KIND_auth_failure);
	if (!cyrus_client(&s, ev))
		return PARSE_MALFORMED;
	if (str_eq(s, STR("anonymous login refused"))) {
		EVENT_SET(ev, reason, REASON_access);
		EVENT_TEXT(ev, text, s);
		return PARSE_EVENT;
	}
	rest = s;
	if (str_skip(&rest, STR("wrong password for "))) {
		EVENT_TEXT(ev, user, rest);
		return PARSE_EVENT;
	}
	if (str_skip(&rest, STR("bad userid "))) {
		EVENT_SET(ev, reason, REASON_unknown_user);
		EVENT_TEXT(ev, user, rest);
		return PARSE_EVENT;
	}
	mechanism = str_cut(&s, ' ');
	if (mechanism.len)
		EVENT_TEXT(ev, mechanism, mechanism);
	/* Of these two the user always comes first, whatever he looks like. */
	if (str_eq(mechanism, STR("plaintext")) ||
	    (str_eq(mechanism, STR("Basic")) && !str_ends(s, proxied)))
		read_plaintext(ev, s);
	else
		read_mechanism(ev, s);
	return PARSE_EVENT;
}

/* mupdate's "joe from mx.b.test [192.0.2.1]" */
static enum parse_result
read_mupdate(struct str s, struct event *ev)
{
	struct str user = str_cut(&s, ' ');

	EVENT_SET(ev, kind, KIND_auth_success);
	if (!str_skip(&s, STR("from ")) || !cyrus_client(&s, ev) || s.len)
		return PARSE_MALFORMED;
	if (user.len)
		EVENT_TEXT(ev, user, user);
	return PARSE_EVENT;
}

/* Is the line NAME's, whatever stands before that in its tag? */
static bool
is_daemon(const struct event *ev, struct str name)
{
	return event_knows(ev, FIELD_daemon) && str_ends(event_word(ev, ev->daemon), name);
}

/* What follows "login: ". What follows "anonymous" was given as the password. */
static enum parse_result
read_success(struct str s, struct event *ev)
{
	static const struct str mark = STR("SESSIONID=<");
	struct str user, mechanism;
	size_t n;

	if (is_daemon(ev, STR("mupdate")))
		return read_mupdate(s, ev);
	EVENT_SET(ev, kind, KIND_auth_success);
	if (!cyrus_client(&s, ev))
		return PARSE_MALFORMED;
	user = str_cut(&s, ' ');
	if (user.len)
		EVENT_TEXT(ev, user, user);
	if (str_eq(user, STR("anonymous")))
		return PARSE_EVENT;
	mechanism = str_cut(&s, ' ');
	mechanism = str_head(mechanism, str_index(mechanism, '+'));
	if (mechanism.len)
		EVENT_TEXT(ev, mechanism, mechanism);
	n = str_find(s, mark);
	if (n < s.len) {
		s = str_from(s, n + mark.len);
		if (str_index(s, '>') < s.len)
			EVENT_TEXT(ev, session, str_head(s, str_index(s, '>')));
	}
	return PARSE_EVENT;
}

/* "(3 of 10 from [192.0.2.1], 5 of 5 for joe)", or one of the two. */
static enum parse_result
read_limit(struct str message, struct str s, struct event *ev)
{
	int64_t number;

	EVENT_SET(ev, kind, KIND_rate_limit);
	EVENT_SET(ev, reason, REASON_rate);
	EVENT_TEXT(ev, text, message);
	while (str_skip_number(&s, &number)) {
		struct str client;
		size_t n;

		if (!str_skip(&s, STR(" of ")) || !str_skip_number(&s, &number))
			break;
		if (str_skip(&s, STR(" for ")) && s.len > 1 && s.p[s.len - 1] == ')') {
			EVENT_TEXT(ev, user, str_head(s, s.len - 1));
			return PARSE_EVENT;
		}
		if (!str_skip(&s, STR(" from ")))
			break;
		n = str_index(s, ']');
		if (n == s.len)
			break;
		client = str_head(s, n + 1);
		if (!cyrus_client(&client, ev))
			break;
		s = str_from(s, n + 1);
		if (str_eq(s, STR(")")))
			return PARSE_EVENT;
		if (!str_skip(&s, STR(", ")))
			break;
	}
	return PARSE_MALFORMED;
}

/* "mx.b.test", "192.0.2.1", "joe@192.0.2.1", where joe is what the client's own ident says. */
static enum parse_result
read_refused(struct str message, struct str s, struct event *ev)
{
	size_t n = str_find_last(s, STR("@"));
	struct ip ip;

	if (n < s.len)
		s = str_from(s, n + 1);
	EVENT_SET(ev, kind, KIND_policy);
	EVENT_WORD(ev, action, WORD_reject);
	EVENT_WORD(ev, stage, WORD_CONNECT);
	EVENT_SET(ev, reason, REASON_access);
	if (ip_parse(s, &ip))
		EVENT_TEXT(ev, ip, s);
	else if (s.len)
		EVENT_TEXT(ev, name, s);
	EVENT_TEXT(ev, text, message);
	return PARSE_EVENT;
}

static enum parse_result
say(const struct cyrus_row *row, struct str message, struct event *ev)
{
	if (row->kind == KIND_none)
		return PARSE_IGNORED;
	EVENT_SET(ev, kind, row->kind);
	if (row->severity != SEVERITY_none)
		EVENT_SET(ev, severity, row->severity);
	EVENT_TEXT(ev, text, message);
	return PARSE_EVENT;
}

/* "process 7 exited, signaled to death by 11"; of processes that end otherwise nothing. */
static bool
is_crash(struct str s)
{
	return str_starts(s, STR("process ")) &&
	    str_find(s, STR("signaled to death by ")) < s.len;
}

/* sync_client's "MESSAGE received NO response: ...", "do_folders(): update failed: ..." */
static bool
is_sync_trouble(struct str s, const struct event *ev)
{
	size_t n = str_find(s, STR(" received "));

	if (!is_daemon(ev, STR("sync_client")))
		return false;
	return str_starts(s, STR("do_")) ||
	    str_find(str_from(s, n), STR(" response:")) < s.len - n;
}

static enum parse_result
read_row(struct str message, struct event *ev)
{
	static const struct cyrus_row crash = {
	    .kind = KIND_operational, .severity = SEVERITY_error};

	for (size_t i = 0; i < sizeof(tls_failures) / sizeof(*tls_failures); i++) {
		struct str rest = message;

		if (!str_skip(&rest, tls_failures[i]))
			continue;
		EVENT_SET(ev, kind, KIND_tls_failure);
		return cyrus_client(&rest, ev) ? PARSE_EVENT : PARSE_MALFORMED;
	}
	if (is_crash(message) || is_sync_trouble(message, ev))
		return say(&crash, message, ev);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (str_starts(message, rows[i].prefix))
			return say(&rows[i], message, ev);
	return PARSE_UNKNOWN;
}

/*
 * httpd's requests: "mx.b.test [192.0.2.1] as \"joe\"; \"GET / HTTP/1.1\" => ...", where
 * "with" instead of "as" has the browser's name, or there is neither. Logins have told who.
 */
static bool
is_request(struct str s, const struct event *ev)
{
	struct ip ip;
	size_t n = 0;

	if (!is_daemon(ev, STR("http")) && !is_daemon(ev, STR("https")) &&
	    !is_daemon(ev, STR("httpd")))
		return false;
	while (n < s.len && (char_is_alnum(s.p[n]) || s.p[n] == '.' || s.p[n] == '-'))
		n++;
	s = str_from(s, n);
	if (n)
		str_skip_char(&s, ' ');
	if (!str_skip_char(&s, '[') || !ip_parse(str_cut(&s, ']'), &ip))
		return false;
	return str_starts(s, STR(" as \"")) || str_starts(s, STR(" with \"")) ||
	    str_starts(s, STR("; \""));
}

static enum parse_result
read_line(struct str message, struct event *ev)
{
	enum parse_result result;
	struct str rest = message;

	if (str_skip(&message, STR("badlogin: ")))
		return read_failure(message, ev);
	if (str_skip(&message, STR("login: ")))
		return read_success(message, ev);
	if (str_skip(&message, STR("event=")))
		return cyrus_pairs(message, ev);
	if (pam_is(message))
		return pam_read(message, ev) == PARSE_EVENT ? PARSE_EVENT : PARSE_IGNORED;
	str_skip(&message, STR("SASL "));
	if (str_skip(&rest, STR("Too many open connections (")))
		return read_limit(message, rest, ev);
	if (str_skip(&rest, STR("refused connection from ")))
		return read_refused(message, rest, ev);
	result = read_row(message, ev);
	if (result == PARSE_UNKNOWN && is_request(message, ev))
		return PARSE_IGNORED;
	return result == PARSE_UNKNOWN ? courier_login(message, ev) : result;
}

/*
 * Alone, where two are namesakes of Courier's, or behind "cyrus/", where three are of
 * Postfix's.
 */
static const char *const names[] = {
	"cyrus", "cyrus/master", "cyrus/lmtp", "cyrus/notify", "imap", "imaps", "imapd",
	"pop3", "pop3s", "pop3d", "lmtpd", "lmtpunix", "sieve", "timsieved", "nntp", "nntps",
	"http", "https", "cyrus/httpd", "notifyd", "idled", "ctl_cyrusdb", "ctl_deliver",
	"ctl_mboxlist", "cyr_expire", "delprune", "tls_prune", "squatter", "reconstruct",
	"mupdate", "sync_client", "sync_server", "syncserver", "cvt_cyrusdb", NULL,
};

const struct parser parser_cyrus = {
	.name = "cyrus",
	.tags = names,
	.daemons = names,
	.read = read_line,
};
