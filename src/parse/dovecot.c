/* SPDX-License-Identifier: Apache-2.0
 *
 * What all lines of Dovecot have in common, and what master and the small ones say:
 *
 *   PROCESS[(USER)][<PID>][<SESSION>]: [SEVERITY: ]TEXT
 *
 *   imap-login: Login: user=<joe@example.test>, method=PLAIN, rip=192.0.2.1, ...
 *   imap(joe@example.test)<368><sA5IH7Rgvy7AAAJD>: Disconnected: Logged out in=8 out=469
 *   lmtp(1234, joe@example.test): Error: sieve: ...           (2.2)
 *   Info: imap-login: Login: ...                              (1.x, in a file of its own)
 *   master: Dovecot v2.3.19.1 (9b53102964) starting up for imap
 *   master: Warning: service(imap-login): process_limit (100) reached, client ...
 */
#include "parse/dovecot.h"

#include "parse/pam.h"

#define PROCESS_MAX 32
#define SESSION_MAX 128

static dovecot_reader service, director;

static const struct {
	struct str name; /* in any case: 1.x wrote "IMAP(joe)" */
	dovecot_reader *read;
	uint8_t proto;
} processes[] = {
	{STR("imap-login"), dovecot_login, WORD_IMAP},
	{STR("pop3-login"), dovecot_login, WORD_POP3},
	{STR("managesieve-login"), dovecot_login, WORD_SIEVE},
	{STR("submission-login"), dovecot_login, WORD_SMTP},
	{STR("imap-urlauth-login"), dovecot_login, WORD_IMAP},
	{STR("auth"), dovecot_auth, WORD_absent},
	{STR("auth-worker"), dovecot_auth, WORD_absent},
	{STR("imap"), dovecot_mail, WORD_IMAP},
	{STR("pop3"), dovecot_mail, WORD_POP3},
	{STR("managesieve"), dovecot_mail, WORD_SIEVE},
	{STR("submission"), dovecot_mail, WORD_SMTP},
	{STR("imap-hibernate"), dovecot_mail, WORD_IMAP},
	{STR("imap-urlauth-worker"), dovecot_mail, WORD_IMAP},
	{STR("lmtp"), dovecot_mail, WORD_LMTP},
	{STR("lda"), dovecot_mail, WORD_absent},
	{STR("deliver"), dovecot_mail, WORD_absent},
	{STR("director"), director, WORD_absent},
};

static const struct {
	struct str word;
	uint8_t severity;
	bool debug;
} severities[] = {
	{STR("Info: "), SEVERITY_none, false},
	{STR("Warning: "), SEVERITY_warning, false},
	{STR("Error: "), SEVERITY_error, false},
	{STR("Fatal: "), SEVERITY_fatal, false},
	{STR("Panic: "), SEVERITY_panic, false},
	{STR("Debug: "), SEVERITY_none, true},
};

/* What stands before a password, in any version; so much of it may be kept. */
static const struct {
	struct str mark;
	size_t kept;
} before_password[] = {
	{STR(" (given password: "), 0},
	{STR(" (SHA1 of given password: "), 0},
	{STR("given password: "), 0},
	{STR("Invalid password '"), sizeof("Invalid password") - 1},
	{STR(", password '"), 0},
	{STR(" (pass: '"), 0}, /* vpopmail's */
	{STR("resp="), 0},
};

/* Backend trouble in the words of the processes that ask the auth process. */
static const struct dovecot_row auth_trouble[] = {
	{STR("Auth process "), KIND_auth_error, REASON_none},
	{STR("auth: connect("), KIND_auth_error, REASON_none},
	{STR("Timeout waiting for handshake from auth server"), KIND_auth_error, REASON_none},
	{STR("Disconnected from auth server"), KIND_auth_error, REASON_none},
	{STR("Authenticate "), KIND_auth_error, REASON_none},
	{STR("Internal auth failure"), KIND_auth_error, REASON_none},
	{STR("Internal login failure"), KIND_auth_error, REASON_none},
	{STR("auth-master: "), KIND_auth_error, REASON_none},
	{STR("auth-client: "), KIND_auth_error, REASON_none},
	{STR("auth worker: "), KIND_auth_error, REASON_none},
	{STR("Auth server "), KIND_auth_error, REASON_none},
	{STR("Authenticated user not found from "), KIND_auth_error, REASON_none},
	{STR("Master requested auth for nonexist"), KIND_auth_error, REASON_none},
	{STR("ldap_"), KIND_auth_error, REASON_none},
};

/* What processes without clients say, and any that are told to end. */
static const struct dovecot_row service_rows[] = {
	{STR("Dovecot v"), KIND_service, REASON_none}, /* "... starting up" */
	{STR("Killed with signal "), KIND_service, REASON_none},
	{STR("SIGHUP received"), KIND_service, REASON_none},
	{STR("child "), KIND_operational, REASON_none}, /* 1.x: "7 returned error 89" */
	{STR("Generating Diffie-Hellman parameters"), KIND_none, REASON_none},
	{STR("Generating SSL parameters"), KIND_none, REASON_none},
	{STR("SSL parameters regeneration completed"), KIND_none, REASON_none},
	{STR("Indexed "), KIND_none, REASON_none},
	{STR("FTS Xapian: "), KIND_none, REASON_none}, /* with verbose=1 */
	{STR("Caught up "), KIND_none, REASON_none},
};

const struct dovecot_row *
dovecot_row(const struct dovecot_row *rows, size_t n, struct str text)
{
	for (size_t i = 0; i < n; i++)
		if (text.len && *text.p == *rows[i].prefix.p &&
		    str_starts(text, rows[i].prefix))
			return &rows[i];
	return NULL;
}

struct str
dovecot_without_password(struct str text)
{
	/* Nearly all lines end here. */
	if (str_find(text, STR("pass")) == text.len &&
	    str_find(text, STR("resp=")) == text.len)
		return text;
	for (size_t i = 0; i < sizeof(before_password) / sizeof(*before_password); i++) {
		size_t n = str_find(text, before_password[i].mark);

		if (n < text.len)
			text = str_head(text, n + before_password[i].kept);
	}
	return text;
}

enum parse_result
dovecot_say(const struct dovecot_row *row, struct str text, struct event *ev)
{
	if (row->kind == KIND_none)
		return PARSE_IGNORED;
	EVENT_SET(ev, kind, row->kind);
	if (row->reason != REASON_none)
		EVENT_SET(ev, reason, row->reason);
	text = dovecot_without_password(text);
	if (text.len)
		EVENT_TEXT(ev, text, text);
	return PARSE_EVENT;
}

enum parse_result
dovecot_complain(const struct dovecot_line *line, struct event *ev)
{
	struct dovecot_row row = {.kind = KIND_operational};

	if (DOVECOT_ROW(auth_trouble, line->text))
		row.kind = KIND_auth_error;
	if (line->user.len)
		EVENT_TEXT(ev, user, line->user);
	if (line->session.len)
		EVENT_TEXT(ev, session, line->session);
	return dovecot_say(&row, line->text, ev);
}

static bool
is_escape(struct str s)
{
	return s.len >= 4 && *s.p == '#' && s.p[1] >= '0' && s.p[1] <= '3' && s.p[2] >= '0' &&
	    s.p[2] <= '7' && s.p[3] >= '0' && s.p[3] <= '7';
}

size_t
dovecot_reach(struct str s, size_t bytes)
{
	size_t n = 0;

	if (s.len == 0 || !memchr(s.p, '#', bytes < s.len ? bytes : s.len))
		return bytes < s.len ? bytes : s.len;
	for (; bytes && n < s.len; bytes--)
		n += is_escape(str_from(s, n)) ? 4 : 1;
	return n;
}

/* Dovecot's own are base64; proxies may pass on others. */
static bool
is_session_char(char c)
{
	return char_is_alnum(c) || (c && strchr("+/=-_.:,", c));
}

bool
dovecot_session(struct str *s, struct str *ret)
{
	struct str rest = *s, id;
	size_t n = 0;

	if (!str_skip_char(&rest, '<'))
		return false;
	while (n < rest.len && n < SESSION_MAX && is_session_char(rest.p[n]))
		n++;
	id = str_head(rest, n);
	rest = str_from(rest, n);
	if (!str_skip_char(&rest, '>'))
		return false;
	*ret = id.len ? id : (struct str){NULL, 0};
	*s = rest;
	return true;
}

bool
dovecot_severity(struct str *s, struct dovecot_line *line)
{
	for (size_t i = 0; i < sizeof(severities) / sizeof(*severities); i++) {
		if (str_skip(s, severities[i].word)) {
			line->severity = severities[i].severity;
			line->debug |= severities[i].debug;
			return true;
		}
	}
	return false;
}

static size_t
process_length(struct str s)
{
	size_t n = 0;

	while (n < s.len && n <= PROCESS_MAX && (char_is_alnum(s.p[n]) || s.p[n] == '-'))
		n++;
	return n <= PROCESS_MAX ? n : 0;
}

static bool
is_number(struct str s)
{
	int64_t number;

	return str_number(s, &number);
}

/* "<368><sA5IH7Rgvy7AAAJD>" */
static void
take_sessions(struct str *s, struct dovecot_line *line)
{
	struct str id;

	while (dovecot_session(s, &id))
		if (!is_number(id))
			line->session = id;
}

/* Is S what may follow a user: "<368><sA5IH7Rgvy7AAAJD>: "? */
static bool
is_behind_user(struct str s)
{
	struct dovecot_line line;

	if (s.len && *s.p == '<')
		take_sessions(&s, &line);
	return str_starts(s, STR(": "));
}

/*
 * "(joe)", "(1234)", "(1234, joe)": what is up to the first parenthesis that ends
 * it. Users here have logged in or have a mailbox: the names are our own.
 */
static bool
take_user(struct str *s, struct dovecot_line *line)
{
	struct str user, pid, client;
	struct ip ip;
	size_t n = 1;

	while (n < s->len && (s->p[n] != ')' || !is_behind_user(str_from(*s, n + 1))))
		n++;
	if (n == s->len)
		return false;
	user = str_range(s->p + 1, s->p + n);
	*s = str_from(*s, n + 1);
	/* Only where no <PID> follows can this be the pid. */
	if (*s->p != '<') {
		pid = str_head(user, str_index(user, ','));
		if (is_number(pid)) {
			user = str_from(user, pid.len);
			if (!str_skip(&user, STR(", ")))
				user.len = 0;
		}
	}
	/* doveadm's client, who is no user: "(192.0.2.1)", "(192.0.2.1,joe)". */
	client = user;
	if (ip_parse(str_cut(&client, ','), &ip))
		user = client;
	line->user = user.len ? user : (struct str){NULL, 0};
	return true;
}

/* In "auth(joe,192.0.2.1,sasl:plain)<session>: " the name is not yet anybody's. */
static bool
is_request(struct str process, struct str rest)
{
	struct str inside;

	if (!str_starts(process, STR("auth")) || rest.len == 0 || *rest.p != '(')
		return false;
	inside = str_from(rest, 1);
	inside = str_head(inside, str_index(inside, ')'));
	return !is_number(inside) && !str_eq(inside, STR("default"));
}

/*
 * "service=imap, user=joe, ip=[192.0.2.1]. ": the mail_log_prefix of Plesk. The address is
 * the client's of his own, logged in; other lines have told of it.
 */
static bool
take_plesk(struct str *s, struct dovecot_line *line)
{
	struct str rest = *s, process, user, address;
	struct ip ip;

	if (!str_skip(&rest, STR("service=")))
		return false;
	process = str_head(rest, process_length(rest));
	rest = str_from(rest, process.len);
	if (!str_skip(&rest, STR(", user=")))
		return false;
	user = str_head(rest, str_find(rest, STR(", ip=[")));
	rest = str_from(rest, user.len);
	if (!str_skip(&rest, STR(", ip=[")))
		return false;
	address = str_head(rest, str_index(rest, ']'));
	rest = str_from(rest, address.len);
	if ((address.len && !ip_parse(address, &ip)) || !str_skip(&rest, STR("]. ")))
		return false;
	line->process = process;
	if (user.len)
		line->user = user;
	dovecot_severity(&rest, line);
	line->text = rest;
	return true;
}

/* What all lines begin with; one that does not is all text. */
static void
take_apart(struct str s, struct dovecot_line *line)
{
	struct dovecot_line found;
	size_t n;

	dovecot_severity(&s, line);
	line->text = s;
	if (take_plesk(&s, line))
		return;
	found = *line;
	n = process_length(s);
	found.process = str_head(s, n);
	s = str_from(s, n);
	if (n == 0)
		return;
	if (!is_request(found.process, s)) {
		if (s.len && *s.p == '(' && !take_user(&s, &found))
			return;
		take_sessions(&s, &found);
		if (!str_skip(&s, STR(": ")))
			return;
		dovecot_severity(&s, &found);
	}
	found.text = s;
	*line = found;
}

/* "service(imap-login): process_limit (100) reached, ..." */
static bool
is_limit(struct str text)
{
	size_t n = str_find(text, STR("): "));

	if (!str_starts(text, STR("service(")) || n == text.len)
		return false;
	text = str_from(text, n + 3);
	return str_starts(text, STR("process_limit (")) ||
	    str_starts(text, STR("client_limit (")) ||
	    str_starts(text, STR("command startup failed, throttling"));
}

/* master, anvil, config, log, indexer-worker, doveadm and whatever else there is. */
static enum parse_result
service(const struct dovecot_line *line, struct event *ev)
{
	static const struct dovecot_row limit = {.kind = KIND_capacity};
	const struct dovecot_row *row;

	if (is_limit(line->text))
		return dovecot_say(&limit, line->text, ev);
	row = DOVECOT_ROW(service_rows, line->text);
	if (row && row->kind == KIND_none && line->severity != SEVERITY_none)
		row = NULL;
	return row ? dovecot_say(row, line->text, ev) : PARSE_UNKNOWN;
}

/* One tells of the others and of the backends, until 2.3; what is wrong has a severity. */
static enum parse_result
director(const struct dovecot_line *line, struct event *ev)
{
	enum parse_result result = service(line, ev);

	return result == PARSE_UNKNOWN && line->severity == SEVERITY_none ? PARSE_IGNORED :
									    result;
}

static enum parse_result
read_line(struct str message, struct event *ev)
{
	struct dovecot_line line = {.process = {NULL, 0}};
	dovecot_reader *read = service;
	enum parse_result result;

	take_apart(message, &line);
	if (line.debug)
		return PARSE_IGNORED;
	if (pam_is(line.text))
		return pam_read(line.text, ev);
	for (size_t i = 0; i < sizeof(processes) / sizeof(*processes); i++) {
		if (str_eq_nocase(line.process, processes[i].name)) {
			read = processes[i].read;
			line.proto = processes[i].proto;
		}
	}
	if (line.severity != SEVERITY_none)
		EVENT_SET(ev, severity, line.severity);
	if (line.proto != WORD_absent)
		EVENT_WORD(ev, proto, line.proto);
	result = read(&line, ev);
	if (result == PARSE_UNKNOWN && read != service)
		result = service(&line, ev);
	if (result == PARSE_UNKNOWN && line.severity != SEVERITY_none)
		return dovecot_complain(&line, ev);
	return result;
}

static const char *const tags[] = {"dovecot", NULL};

static const char *const in_file[] = {
	/* 1.x */
	"Info", "Warning", "Error", "Fatal", "Panic", "Debug", "IMAP", "POP3", "ssl-params",
	/* with clients */
	"auth", "auth-worker", "imap-login", "pop3-login", "managesieve-login",
	"submission-login", "imap-urlauth-login", "imap", "pop3", "managesieve", "submission",
	"imap-hibernate", "imap-urlauth", "imap-urlauth-worker", "lmtp", "lda", "deliver",
	/* the others */
	"master", "anvil", "log", "config", "stats", "old-stats", "dict", "dict-async",
	"director", "doveadm", "doveadm-server", "dsync-server", "dns-client", "indexer",
	"indexer-worker", "ipc", "replicator", "aggregator", "script", "quota-status",
	"health-check", NULL,
};

const struct parser parser_dovecot = {
	.name = "dovecot",
	.tags = tags,
	.processes = in_file,
	.program = WORD_dovecot,
	.read = read_line,
};
