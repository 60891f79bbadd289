/* SPDX-License-Identifier: Apache-2.0
 *
 * spamd of SpamAssassin, by syslog or, with the level in front, in its own file:
 *
 *   spamd: result: Y 11 - GTUBE,RDNS_NONE scantime=0.4,size=387,user=filter,uid=107,
 *     required_score=5.0,rhost=localhost,raddr=127.0.0.1,rport=34704,mid=<1@a.test>,
 *     autolearn=no
 *   info: spamd: result: .  0 -  scantime=0.1,...
 *   result: Y 11 - GTUBE scantime=0.4,...                    (before 3.1)
 *
 * The result has all that "identified spam" and "clean message" say of the same mail.
 */
#include "parse/filters.h"
#include "parse/postfix.h"

static const char *const tags[] = {"spamd", NULL};

/* Behind "spamd: ". */
static const struct note own_notes[] = {
	{STR("connection from "), 0},
	{STR("processing message "), 0},
	{STR("checking message "), 0},
	{STR("identified spam ("), 0},
	{STR("clean message ("), 0},
	{STR("handled cleanup of child pid "), 0},
	{STR("server "), 0}, /* started, pid, spawned a child, killed, hit by a signal */
	{STR("respawning "), 0},
	{STR("using "), 0},
	{STR("setuid to "), 0},
	{STR("got "), 0},
	{STR("alarm "), 0},
	{STR("creating default_prefs: "), 0},
	{STR("Tell: "), 0},
	{STR("tell: "), 0},
	{STR("copying "), 0},
	{STR("restarting "), 0},
	{STR("reloading "), 0},
	{STR("child process "), KIND_operational}, /* died before it served */
	{STR("child "), 0},
	{STR("skipped "), 0},
	{STR("timed out"), KIND_operational},
	{STR("timeout: "), KIND_operational},
	{STR("bad protocol: "), KIND_operational},
	{STR("error: "), KIND_operational},
	{STR("cannot "), KIND_operational},
	{STR("could not "), KIND_operational},
	{STR("failed "), KIND_operational},
	{STR("unauthorized connection from "), KIND_operational},
	{STR("still running as root"), KIND_operational},
	{STR("handle_user "), KIND_operational},
	{STR("handle_user_"), KIND_operational},
	{STR("handle_user: "), KIND_operational},
	{STR("client "), KIND_operational},
	{STR("connect to "), KIND_operational},
	{STR("unlink of "), KIND_operational},
	{STR("accept failed"), KIND_operational},
	{STR("Still running as root"), KIND_operational},
	{STR("Cannot "), KIND_operational},
	{STR("mkdir "), KIND_operational},
	{STR("tie failed"), KIND_operational},
	{.prefix = {NULL, 0}},
};

/* SpamAssassin's other parts speak up only when something is wrong. */
static const struct note part_notes[] = {
	{STR("prefork: server reached --max-"), KIND_capacity},
	{STR("prefork: "), 0},
	{STR("logger: "), 0},
	{STR("info: "), 0},
	{STR("dbg: "), 0},
	{STR("zoom: "), 0},
	{STR("rules: "), KIND_operational},
	{STR("config: created "), 0},
	{STR("config: "), KIND_operational},
	{STR("plugin: "), KIND_operational},
	{STR("bayes: "), KIND_operational},
	{STR("auto-whitelist: "), KIND_operational},
	{STR("auto-welcomelist: "), KIND_operational},
	{STR("async: "), KIND_operational},
	{STR("dns: "), KIND_operational},
	{STR("dnseval: "), KIND_operational},
	{STR("uridnsbl: "), KIND_operational},
	{STR("netset: "), KIND_operational},
	{STR("util: "), KIND_operational},
	{STR("check: "), KIND_operational},
	{STR("spf: "), KIND_operational},
	{STR("dkim: "), KIND_operational},
	{STR("dmarc: "), KIND_operational},
	{STR("dcc: "), KIND_operational},
	{STR("razor2: "), KIND_operational},
	{STR("pyzor: "), KIND_operational},
	{STR("Did not receive a response from the pyzor server "), KIND_operational},
	{STR("Timeout: Did not receive a response from the pyzor server "), KIND_operational},
	{STR("txrep: "), KIND_operational},
	{STR("message: "), KIND_operational},
	{STR("html: "), KIND_operational},
	{STR("geodb: "), KIND_operational},
	{STR("ldap: "), KIND_operational},
	{STR("locker: "), KIND_operational},
	{STR("ignore: "), KIND_operational},
	{STR("reporter: "), KIND_operational},
	{STR("Error creating a DNS resolver socket"), KIND_operational},
	{STR("FuzzyOcr: "), 0},
	{STR("Use of uninitialized value"), KIND_operational},
	{.prefix = {NULL, 0}},
};

/* What a line in a file of its own begins with. */
static const struct {
	struct str prefix;
	uint8_t severity;
	bool debug;
} levels[] = {
	{STR("info: "), SEVERITY_none, false},
	{STR("notice: "), SEVERITY_none, false},
	{STR("warn: "), SEVERITY_warning, false},
	{STR("error: "), SEVERITY_error, false},
	{STR("dbg: "), SEVERITY_none, true},
};

static void
read_seconds(struct str s, struct event *ev)
{
	int64_t usec;

	if (postfix_seconds(&s, &usec) && s.len == 0)
		EVENT_SET(ev, seconds, usec);
}

static void
read_size(struct str s, struct event *ev)
{
	int64_t size;

	if (str_number(s, &size))
		EVENT_SET(ev, size, size);
}

static void
read_msgid(struct str s, struct event *ev)
{
	if (s.len && *s.p == '<')
		EVENT_TEXT(ev, msgid, s);
}

/* rhost, raddr and rport are spamc's, user its caller: nothing of the mail's client. */
static const struct {
	struct str key;
	void (*read)(struct str s, struct event *ev);
	uint8_t field; /* the first of a key counts */
} values[] = {
	{STR("scantime="), read_seconds, FIELD_seconds},
	{STR("size="), read_size, FIELD_size},
	{STR("mid="), read_msgid, FIELD_msgid},
};

/* "scantime=0.4,size=387,...": spamd makes commas and spaces in values to '_'. */
static void
read_values(struct str s, struct event *ev)
{
	while (s.len) {
		struct str value = str_cut(&s, ',');

		for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++)
			if (!event_knows(ev, values[i].field) &&
			    str_skip(&value, values[i].key))
				values[i].read(value, ev);
	}
}

/* Behind "result: ": "Y 11 - TESTS VALUES"; the score is padded to two places. */
static enum parse_result
read_result(struct str s, struct event *ev)
{
	enum word verdict = WORD_spam;
	struct str tests;
	int64_t score;

	if (!str_skip(&s, STR("Y "))) {
		if (!str_skip(&s, STR(". ")))
			return PARSE_MALFORMED;
		verdict = WORD_clean;
	}
	str_skip_char(&s, ' ');
	if (!filters_score(&s, &score) || !str_skip(&s, STR(" - ")))
		return PARSE_MALFORMED;
	EVENT_SET(ev, kind, KIND_spam_verdict);
	EVENT_WORD(ev, verdict, verdict);
	EVENT_SET(ev, score, score);
	tests = str_starts(s, STR("scantime=")) ? str_head(s, 0) : str_cut(&s, ' ');
	if (tests.len)
		EVENT_TEXT(ev, text, tests);
	read_values(s, ev);
	return PARSE_EVENT;
}

/* Before 3.1 spamd's own words stood alone. */
static enum parse_result
read_text(struct str s, struct event *ev)
{
	enum parse_result result;

	if (!str_skip(&s, STR("spamd: ")) &&
	    (result = filters_note(part_notes, s, ev)) != PARSE_UNKNOWN)
		return result;
	return str_skip(&s, STR("result: ")) ? read_result(s, ev) :
					       filters_note(own_notes, s, ev);
}

/* What the journal has of one that writes to its standard error: without "STAMP [12] ". */
static struct str
without_stamp(struct str s)
{
	struct str rest = s;
	struct stamp stamp;
	int64_t pid;

	return stamp_read(&rest, &stamp) == STAMP_CTIME && str_skip(&rest, STR(" [")) &&
	    str_skip_number(&rest, &pid) && str_skip(&rest, STR("] ")) ? rest : s;
}

static enum parse_result
spamd_read(struct str message, struct event *ev)
{
	enum parse_result result;

	message = without_stamp(message);
	for (size_t i = 0; i < sizeof(levels) / sizeof(*levels); i++) {
		if (!str_skip(&message, levels[i].prefix))
			continue;
		if (levels[i].debug)
			return PARSE_IGNORED;
		result = read_text(message, ev);
		if (levels[i].severity == SEVERITY_none)
			return result;
		if (result == PARSE_UNKNOWN)
			return filters_say(ev, KIND_operational, levels[i].severity, message);
		if (result == PARSE_EVENT && ev->kind == KIND_operational)
			EVENT_SET(ev, severity, levels[i].severity);
		return result;
	}
	return read_text(message, ev);
}

const struct parser parser_spamd = {
	.name = "spamd",
	.tags = tags,
	.form = STAMP_CTIME,
	.program = WORD_spamd,
	.read = spamd_read,
};
