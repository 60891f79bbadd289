/* SPDX-License-Identifier: Apache-2.0
 *
 * What auth and auth-worker say with auth_verbose; `stage` is "auth", for the login
 * process and Postfix tell of the same attempt again:
 *
 *   auth: passwd-file(joe,192.0.2.1,<JRhCH7RgY0XGEnGo>): unknown user
 *   auth: plain(?,192.0.2.1): Username character disallowed by auth_username_chars:
 *     0x20 (username: x y)
 *   auth-worker(7): conn unix:auth-worker (pid=6,uid=97): auth-worker<3>: sql(joe,192.0.2.1):
 *     Password mismatch (given password: secret) - trying the next passdb
 *   auth(joe,192.0.2.1,sasl:plain)<JRhCH7RgY0XGEnGo>: sql: Password mismatch   (2.4)
 *
 * The user stands before the address, the password behind; both are the client's. With
 * the default auth_username_chars neither comma nor parenthesis is let through. Where
 * they are, Dovecot cuts the user at 64 bytes: the last address that his place has
 * room for is the real one, unless a password began before it.
 */
#include "parse/dovecot.h"

#define USER_MAX 67 /* with the dots of an older str_sanitize() */

/* "(joe,192.0.2.1,sasl:plain,master,<session>)<7><session>: " */
struct request {
	struct str user, ip, mechanism, session;
	struct str text; /* what is said about it */
	struct str said; /* the same behind severity and name of the mechanism */
	bool relayed;    /* another IMAP server said it */
};

/* What is said about a request. */
static const struct dovecot_row verdicts[] = {
	{STR("unknown user"), KIND_auth_failure, REASON_unknown_user},
	{STR("Password mismatch"), KIND_auth_failure, REASON_none},
	{STR("pam_authenticate() failed: User n"), KIND_auth_failure, REASON_unknown_user},
	{STR("pam_authenticate() failed: Authentication service"), KIND_auth_error,
	    REASON_none},
	{STR("pam_authenticate() failed: System error"), KIND_auth_error, REASON_none},
	{STR("pam_authenticate() failed: Module is "), KIND_auth_error, REASON_none},
	{STR("pam_authenticate() failed: Critical error"), KIND_auth_error, REASON_none},
	{STR("pam_authenticate() failed: Memory buffer"), KIND_auth_error, REASON_none},
	{STR("pam_authenticate() failed: "), KIND_auth_failure, REASON_none},
	{STR("pam_acct_mgmt() failed: "), KIND_auth_failure, REASON_access},
	{STR("pam_setcred() failed: "), KIND_auth_failure, REASON_none},
	{STR("pam_"), KIND_auth_error, REASON_none}, /* start, open_session, get_item */
	{STR("invalid credentials"), KIND_auth_failure, REASON_none},
	{STR("Login failed (status="), KIND_auth_failure, REASON_none}, /* checkpassword */
	/* One a domain; of 1.x, and later. */
	{STR("no passwd file: "), KIND_auth_failure, REASON_unknown_user},
	{STR("missing passwd file: "), KIND_auth_failure, REASON_unknown_user},
	{STR("password mismatch"), KIND_auth_failure, REASON_none},
	{STR("User unknown"), KIND_auth_failure, REASON_unknown_user},
	{STR("Unknown user"), KIND_auth_failure, REASON_unknown_user},
	{STR("User not found"), KIND_auth_failure, REASON_unknown_user},
	{STR("Username not known"), KIND_auth_failure, REASON_unknown_user},
	{STR("username not known"), KIND_auth_failure, REASON_unknown_user},
	{STR("Login attempt with empty password"), KIND_auth_failure, REASON_none},
	{STR("Password query returned no password"), KIND_auth_failure, REASON_access},
	{STR("No password returned"), KIND_auth_failure, REASON_access},
	{STR("Empty password returned"), KIND_auth_failure, REASON_access},
	{STR("Account is disabled"), KIND_auth_failure, REASON_access},
	{STR("invalid password field"), KIND_auth_failure, REASON_access},
	{STR("POP3 disabled"), KIND_auth_failure, REASON_access},
	{STR("IMAP disabled"), KIND_auth_failure, REASON_access},
	{STR("parse_email() failed"), KIND_auth_failure, REASON_protocol},
	/* Mechanisms, of what they were sent. A user name's character, contains, or token. */
	{STR("Username "), KIND_auth_failure, REASON_protocol},
	{STR("username changed "), KIND_none, REASON_none}, /* 1.x, debugging */
	{STR("username "), KIND_auth_failure, REASON_protocol},
	{STR("login user: "), KIND_auth_failure, REASON_protocol},
	{STR("Missing "), KIND_auth_failure, REASON_protocol},
	{STR("missing "), KIND_auth_failure, REASON_protocol},
	{STR("Empty "), KIND_auth_failure, REASON_protocol},
	{STR("empty "), KIND_auth_failure, REASON_protocol},
	{STR("Invalid token"), KIND_auth_failure, REASON_none},
	{STR("Invalid "), KIND_auth_failure, REASON_protocol},
	{STR("invalid "), KIND_auth_failure, REASON_protocol},
	{STR("malformed "), KIND_auth_failure, REASON_protocol},
	{STR("Wrong nonce"), KIND_auth_failure, REASON_protocol},
	{STR("wrong "), KIND_auth_failure, REASON_protocol},
	{STR("Client sent no input"), KIND_auth_failure, REASON_protocol},
	{STR("Client requested "), KIND_auth_failure, REASON_protocol},
	{STR("Client didn't present valid SSL"), KIND_auth_failure, REASON_tls},
	{STR("NULs in response"), KIND_auth_failure, REASON_protocol},
	{STR("Response payload is missing"), KIND_auth_failure, REASON_protocol},
	{STR("Unexpected continuation"), KIND_auth_failure, REASON_protocol},
	{STR("Channel binding not supported"), KIND_auth_failure, REASON_protocol},
	{STR("Mandatory extension"), KIND_auth_failure, REASON_protocol},
	{STR("Only utf-8 charset"), KIND_auth_failure, REASON_protocol},
	{STR("authzid "), KIND_auth_failure, REASON_protocol},
	{STR("maxbuf "), KIND_auth_failure, REASON_protocol},
	{STR("re-auth not supported"), KIND_auth_failure, REASON_protocol},
	{STR("cnonce "), KIND_auth_failure, REASON_protocol},
	{STR("nonce-count "), KIND_auth_failure, REASON_protocol},
	{STR("Unknown QoP value"), KIND_auth_failure, REASON_protocol},
	{STR("Nonallowed QoP"), KIND_auth_failure, REASON_protocol},
	{STR("unsupported response type"), KIND_auth_failure, REASON_protocol},
	/* Kerberos, three generations of it; the service's own principal and key are ours. */
	{STR("While acquiring "), KIND_auth_error, REASON_none},
	{STR("While importing "), KIND_auth_error, REASON_none},
	{STR("While "), KIND_auth_failure, REASON_none},
	{STR("while acquiring "), KIND_auth_error, REASON_none},
	{STR("while importing "), KIND_auth_error, REASON_none},
	{STR("while "), KIND_auth_failure, REASON_none},
	{STR("acquiring service credentials: "), KIND_auth_error, REASON_none},
	{STR("importing principal name: "), KIND_auth_error, REASON_none},
	{STR("processing incoming data: "), KIND_auth_failure, REASON_none},
	{STR("sending security layer "), KIND_auth_failure, REASON_none},
	{STR("final negotiation: "), KIND_auth_failure, REASON_none},
	{STR("GSSAPI mechanism not "), KIND_auth_failure, REASON_protocol},
	{STR("OID not kerberos "), KIND_auth_failure, REASON_protocol},
	{STR("krb5_parse_name() failed"), KIND_auth_failure, REASON_protocol},
	{STR("no authz_name"), KIND_auth_failure, REASON_protocol},
	{STR("Obtaining credentials for "), KIND_none, REASON_none},
	{STR("Using all keytab entries"), KIND_none, REASON_none},
	{STR("authn_name "), KIND_auth_failure, REASON_access},
	{STR("authz_name "), KIND_auth_failure, REASON_access},
	{STR("security context state completed"), KIND_none, REASON_none},
	{STR("Processed incoming packet correctly"), KIND_none, REASON_none},
	{STR("Negotiated security layer"), KIND_none, REASON_none},
	{STR("anonymous login"), KIND_none, REASON_none},
	{STR("Attempted login with password having"), KIND_auth_failure, REASON_protocol},
	{STR("Attempted master login"), KIND_auth_failure, REASON_access},
	{STR("Master user login attempted"), KIND_auth_failure, REASON_access},
	{STR("Request "), KIND_auth_abort, REASON_none}, /* timed out, timeouted */
	{STR("User found from deny passdb"), KIND_auth_failure, REASON_access},
	{STR("Authentication failure due to policy"), KIND_auth_failure, REASON_access},
	{STR("allow_nets check failed"), KIND_auth_failure, REASON_access},
	{STR("allow_real_nets check failed"), KIND_auth_failure, REASON_access},
	{STR("Password expired"), KIND_auth_failure, REASON_access},
	{STR("User is disabled"), KIND_auth_failure, REASON_access},
	{STR("nopassword set but password is"), KIND_auth_failure, REASON_none},
	{STR("oauth2 failed"), KIND_auth_failure, REASON_none},
	{STR("oauth2: "), KIND_auth_failure, REASON_none},
	{STR("Local validation failed"), KIND_auth_failure, REASON_none},
	{STR("Token validation failed"), KIND_auth_failure, REASON_none},
	{STR("Token is "), KIND_auth_failure, REASON_none},
	{STR("User account is not active"), KIND_auth_failure, REASON_access},
	{STR("user not authenticated"), KIND_auth_failure, REASON_none},
	{STR("SSL certificate didn't contain"), KIND_auth_failure, REASON_protocol},
	{STR("All password databases were skipped"), KIND_auth_error, REASON_none},
	/* "CRAM-MD5 scheme, but we have only MD5" */
	{STR("Requested "), KIND_auth_error, REASON_none},
	{STR("User not authorized to log in as "), KIND_auth_failure, REASON_access},
	{STR("authentication failed"), KIND_auth_failure, REASON_none},
	{STR("no initial response"), KIND_auth_failure, REASON_protocol},
	{STR("db-lua: "), KIND_none, REASON_none}, /* the administrator's */
	{STR("allow_nets: Invalid network"), KIND_operational, REASON_none},
	{STR("allow_real_nets: Invalid network"), KIND_operational, REASON_none},
	{STR("Master user logging in as "), KIND_none, REASON_none},
	{STR("Cached NULL password access"), KIND_none, REASON_none},
	{STR("Falling back to expired data"), KIND_operational, REASON_none},
	{STR("user not found from"), KIND_operational, REASON_none},
	/* Debugging, which 1.x did not call so. */
	{STR("lookup"), KIND_none, REASON_none},
	{STR("query: "), KIND_none, REASON_none},
	{STR("cache "), KIND_none, REASON_none},
};

/* What is said about no request. */
static const struct dovecot_row notes[] = {
	{STR("new auth connection"), KIND_none, REASON_none},
	{STR("client "), KIND_none, REASON_none}, /* "in: AUTH ...", "out: OK ..." */
	{STR("master "), KIND_none, REASON_none},
	{STR("Read auth token secret"), KIND_none, REASON_none},
	{STR("passwd-file "), KIND_none, REASON_none}, /* "/etc/x: Read 3 users" */
	{STR("Loading "), KIND_none, REASON_none},
	{STR("Module loaded: "), KIND_none, REASON_none},
	{STR("Master user logging in as "), KIND_none, REASON_none}, /* some of 2.3 */
	/* mailcow's script; what came of it is told next. */
	{STR("HTTP request failed with "), KIND_none, REASON_none},
	{STR("PAM unable to "), KIND_operational, REASON_none},
	{STR("PAM adding faulty module"), KIND_operational, REASON_none},
};

/* In their parentheses stands a host: "mysql(localhost): Connected to database mail". */
static const struct str databases[] = {
	STR("mysql"), STR("pgsql"), STR("sqlite"), STR("cassandra"), STR("LDAP"), STR("imapc"),
};

static size_t
word_length(struct str s)
{
	size_t n = 0;

	while (n < s.len && (char_is_alnum(s.p[n]) || s.p[n] == '-' || s.p[n] == '_'))
		n++;
	return n;
}

/* Up to the next comma or parenthesis. */
static struct str
take_part(struct str *s)
{
	size_t n = 0;
	struct str part;

	while (n < s->len && s->p[n] != ',' && s->p[n] != ')')
		n++;
	part = str_head(*s, n);
	*s = str_from(*s, n);
	return part;
}

/* Address, mechanism, "master", session, and some to come. */
#define PARTS_MAX 8

/* ",192.0.2.1,sasl:plain,master,<session>)", each part but the parenthesis optional. */
static bool
take_parts(struct str *s, struct request *request)
{
	struct ip ip;

	for (unsigned parts = 0; str_skip_char(s, ','); parts++) {
		struct str part;

		if (parts == PARTS_MAX)
			return false;
		if (s->len && *s->p == '<') {
			if (!dovecot_session(s, &request->session))
				return false;
			continue;
		}
		part = take_part(s);
		if (str_skip(&part, STR("sasl:")))
			request->mechanism = part;
		else if (parts == 0 && ip_parse(part, &ip))
			request->ip = part;
		else if (part.len && !str_eq(part, STR("master")))
			return false;
	}
	return str_skip_char(s, ')');
}

/* "sasl(plain): ", who speaks in 2.4. */
static void
skip_mechanism(struct str *s)
{
	struct str rest = *s;

	if (!str_skip(&rest, STR("sasl(")))
		return;
	rest = str_from(rest, word_length(rest));
	if (str_skip(&rest, STR("): ")))
		*s = rest;
}

/* Everything behind the user; sets all of REQUEST but him. */
static bool
read_tail(struct str s, struct request *request)
{
	struct dovecot_line severity = {.process = {NULL, 0}};
	struct str id;
	int64_t number;

	*request = (struct request){.user = {NULL, 0}};
	if (!take_parts(&s, request))
		return false;
	while (dovecot_session(&s, &id))
		if (!str_number(id, &number))
			request->session = id;
	if (str_skip(&s, STR(": request [")) &&
	    (!str_skip_number(&s, &number) || !str_skip_char(&s, ']')))
		return false;
	if (!str_skip(&s, STR(": ")))
		return false;
	request->text = s;
	dovecot_severity(&s, &severity);
	skip_mechanism(&s);
	request->said = s;
	return true;
}

/* S is what follows the parenthesis before the user. */
static bool
read_request(struct str s, struct request *ret)
{
	size_t n = dovecot_reach(s, USER_MAX + 1);
	struct request request;
	bool found = false;

	for (size_t i = 0; i < n; i++) {
		if ((s.p[i] != ',' && s.p[i] != ')') || !read_tail(str_from(s, i), &request))
			continue;
		if (found && dovecot_without_password(ret->text).len < ret->text.len) {
			ret->user = ret->ip = ret->session = (struct str){NULL, 0};
			return true;
		}
		*ret = request;
		ret->user = str_head(s, i);
		found = true;
		i = (size_t)(request.said.p - s.p) - 1;
	}
	return found;
}

/* "(username: x y)": who could not be the request's user. */
static struct str
refused_user(struct str *text)
{
	static const struct str mark = STR(" (username: ");
	size_t n = str_find(*text, mark);
	struct str user = {NULL, 0};

	if (n < text->len && text->p[text->len - 1] == ')')
		user = str_range(text->p + n + mark.len, text->p + text->len - 1);
	*text = str_head(*text, n);
	return user;
}

static void
set_request(struct event *ev, const struct request *request)
{
	if (request->user.len && !str_eq(request->user, STR("?")))
		EVENT_TEXT(ev, user, request->user);
	if (request->ip.len)
		EVENT_TEXT(ev, ip, request->ip);
	if (request->mechanism.len)
		EVENT_TEXT(ev, mechanism, request->mechanism);
	if (request->session.len)
		EVENT_TEXT(ev, session, request->session);
}

/*
 * One database of several has no answer: the last one's counts; "login" of who is anonymous,
 * which the login process tells.
 */
static bool
is_told_again(struct str text)
{
	return str_eq(text, STR("login")) ||
	    str_ends(text, STR(" - trying the next passdb")) ||
	    str_ends(text, STR(" - trying the next userdb"));
}

/*
 * What another IMAP server said no to, "[UNAVAILABLE] Temporary authentication failure": of
 * the response codes but these Dovecot makes an error, too (passdb-imap.c).
 */
static const struct dovecot_row *
judge_relayed(struct str text)
{
	static const struct dovecot_row failed = {.kind = KIND_auth_failure};
	static const struct dovecot_row expired = {.kind = KIND_auth_failure,
	    .reason = REASON_access};
	static const struct dovecot_row unasked = {.kind = KIND_auth_error,
	    .reason = REASON_temp};
	struct str code = str_head(text, str_index(text, ']'));

	if (code.len == text.len || !str_skip_char(&code, '[') ||
	    str_eq_nocase(code, STR("AUTHENTICATIONFAILED")) ||
	    str_eq_nocase(code, STR("AUTHORIZATIONFAILED")))
		return &failed;
	return str_eq_nocase(code, STR("EXPIRED")) ? &expired : &unasked;
}

static enum parse_result
judge(const struct dovecot_line *line, const struct request *request, struct event *ev)
{
	static const struct dovecot_row error = {.kind = KIND_auth_error};
	static const struct dovecot_row trouble = {.kind = KIND_operational};
	static const struct dovecot_row refused = {.kind = KIND_auth_failure};
	static const struct dovecot_row disabled = {.kind = KIND_auth_failure,
	    .reason = REASON_access};
	const struct dovecot_row *row = DOVECOT_ROW(verdicts, request->text);
	struct str text = request->text, answer = text, user;

	if (is_told_again(text))
		return PARSE_IGNORED;
	if (request->relayed && !(row && row->reason == REASON_access))
		row = judge_relayed(text);
	else if (str_ends(text, STR(" disabled in vpopmail for this user")))
		row = &disabled;
	/* Only login failures tell passwords, whatever else they say. */
	if (!row && dovecot_without_password(text).len < text.len)
		row = &refused;
	/* passdb-imap makes another server's no an error. */
	if (request->relayed && str_skip(&answer, STR("Authentication failed: ")))
		row = judge_relayed(answer);
	else if (line->severity >= SEVERITY_error)
		row = &error;
	else if (line->severity == SEVERITY_warning)
		row = &trouble;
	if (!row)
		return PARSE_UNKNOWN;
	set_request(ev, request);
	user = refused_user(&text);
	if (user.len && !event_knows(ev, FIELD_user))
		EVENT_TEXT(ev, user, user);
	if (row->kind != KIND_operational)
		EVENT_TEXT(ev, stage, str_head(line->process, sizeof("auth") - 1));
	return dovecot_say(row, text, ev);
}

/* "conn unix:auth-worker (pid=6,uid=97): auth-worker<3>: " */
static void
skip_worker(struct str *s)
{
	struct str rest = *s;

	if (str_skip(&rest, STR("conn unix:"))) {
		size_t n = str_find(rest, STR("): "));

		if (n < rest.len)
			*s = rest = str_from(rest, n + 3);
	}
	if (str_skip(&rest, STR("auth-worker<"))) {
		str_cut(&rest, '>');
		if (str_skip(&rest, STR(": ")))
			*s = rest;
	}
}

static bool
is_database(struct str text)
{
	struct str name = str_head(text, word_length(text));

	for (size_t i = 0; i < sizeof(databases) / sizeof(*databases); i++)
		if (str_eq(name, databases[i]))
			return true;
	return false;
}

/* The name of the database or mechanism, with its parenthesis in 2.3, alone in 2.4. */
static bool
skip_database(struct str *s, char behind)
{
	struct str rest = *s;
	size_t n = word_length(rest);

	rest = str_from(rest, n);
	if (n == 0 || !str_skip_char(&rest, behind))
		return false;
	*s = rest;
	return true;
}

/* What is about no request. */
static enum parse_result
read_note(const struct dovecot_line *line, struct event *ev)
{
	static const struct dovecot_row error = {.kind = KIND_auth_error};
	static const struct dovecot_row connected = {.kind = KIND_none};
	const struct dovecot_row *row = DOVECOT_ROW(notes, line->text);

	/* A wrong password is told again with the request. */
	if (is_database(line->text))
		row = line->severity == SEVERITY_none || str_find(line->text,
		    STR("): Authentication failed: ")) < line->text.len ? &connected : &error;
	else if (line->severity != SEVERITY_none)
		return PARSE_UNKNOWN;
	return row ? dovecot_say(row, line->text, ev) : PARSE_UNKNOWN;
}

enum parse_result
dovecot_auth(const struct dovecot_line *line, struct event *ev)
{
	struct dovecot_line said = *line;
	struct request request;
	bool new_form = line->text.len && *line->text.p == '(', relayed;

	skip_worker(&said.text);
	relayed = str_starts(said.text, STR("imap("));
	if (!is_database(said.text) &&
	    (new_form ? str_skip_char(&said.text, '(') : skip_database(&said.text, '(')) &&
	    read_request(said.text, &request)) {
		dovecot_severity(&request.text, &said);
		request.text = request.said;
		request.relayed = relayed ||
		    (new_form && str_starts(request.text, STR("imap: ")));
		if (new_form && skip_database(&request.text, ':'))
			str_skip_char(&request.text, ' ');
		if (said.debug)
			return PARSE_IGNORED;
		if (said.severity != SEVERITY_none)
			EVENT_SET(ev, severity, said.severity);
		return judge(&said, &request, ev);
	}
	return read_note(line, ev);
}
