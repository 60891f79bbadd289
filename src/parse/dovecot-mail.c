/* SPDX-License-Identifier: Apache-2.0
 *
 * What the processes behind the login say, for a user, and those that deliver:
 *
 *   imap(joe@example.test)<368><sA5IH7Rgvy7AAAJD>: Disconnected: Logged out in=8 out=469 ...
 *   pop3(joe)<9><id>: Disconnected: Logged out top=0/0, retr=1/230, del=0/1, size=900
 *   managesieve(joe)<9><id>: Disconnected: Logged out bytes=23/456
 *   lmtp(joe@example.test)<9><id>: msgid=<x@example.test>: saved mail to INBOX
 *   lmtp(1234): Connect from local
 *
 * A mail that was saved is no delivery event: who handed it over (Postfix's lmtp, local
 * or pipe) tells of it, and it would count twice. One that was not is operational.
 */
#include "parse/dovecot.h"

static const struct dovecot_row ends[] = {
	{STR("Disconnected"), KIND_disconnect, REASON_none},
	{STR("Disconnect from "), KIND_disconnect, REASON_none}, /* submission */
	{STR("Connection closed"), KIND_disconnect, REASON_none},
	{STR("Logged out"), KIND_disconnect, REASON_none},
	{STR("Remote closed connection"), KIND_disconnect, REASON_none},
	{STR("Client has quit the connection"), KIND_disconnect, REASON_none},
	{STR("Too many invalid "), KIND_disconnect, REASON_protocol},
	{STR("Server shutting down"), KIND_disconnect, REASON_none},
};

/* The mail_log plugin's, Sieve's and LMTP's reports of what went as it should. */
static const struct dovecot_row notes[] = {
	{STR("msgid="), KIND_none, REASON_none},
	{STR("sieve: "), KIND_none, REASON_none},
	{STR("Connect from "), KIND_none, REASON_none},
	{STR("Disconnect from "), KIND_none, REASON_none},
	{STR("delete: "), KIND_none, REASON_none},
	{STR("undelete: "), KIND_none, REASON_none},
	{STR("expunge: "), KIND_none, REASON_none},
	{STR("autoexpunge: "), KIND_none, REASON_none},
	{STR("save: "), KIND_none, REASON_none},
	{STR("copy"), KIND_none, REASON_none}, /* "copy: ", "copy from INBOX: " */
	{STR("append: "), KIND_none, REASON_none},
	{STR("flag_change: "), KIND_none, REASON_none},
	{STR("mailbox_"), KIND_none, REASON_none},
	{STR("Mailbox "), KIND_none, REASON_none},
	{STR("ID sent: "), KIND_none, REASON_none},
	{STR("quota: "), KIND_none, REASON_none},
	{STR("Indexed "), KIND_none, REASON_none},
	{STR("FTS Xapian: "), KIND_none, REASON_none},
	{STR("Fixed index file "), KIND_none, REASON_none},
	/* A Sieve script: "exec:/x/learn-spam (7): Terminated with non-zero exit code 1" */
	{STR("program exec:"), KIND_operational, REASON_none},
	{STR("program `"), KIND_operational, REASON_none}, /* 2.2's */
	/* submission's: who it was handed to tells */
	{STR("Successfully relayed message: "), KIND_none, REASON_none},
	{STR("Failed to relay message: "), KIND_none, REASON_none},
};

static bool
is_delivery(const struct dovecot_line *line)
{
	return line->proto == WORD_LMTP || line->proto == WORD_absent;
}

/* "in=8 out=469", "bytes=23/456": sets their sum. */
static void
set_bytes(struct event *ev, struct str s)
{
	struct str between = STR(" out=");
	size_t n = str_find(s, STR(" in="));
	int64_t in, out, sum;

	if (n < s.len) {
		s = str_from(s, n + sizeof(" in=") - 1);
	} else {
		between = STR("/");
		n = str_find(s, STR("bytes="));
		s = str_from(s, n < s.len ? n + sizeof("bytes=") - 1 : n);
	}
	if (str_skip_number(&s, &in) && str_skip(&s, between) && str_skip_number(&s, &out) &&
	    !__builtin_add_overflow(in, out, &sum))
		EVENT_SET(ev, bytes, sum);
}

/* What stands before the statistics. */
static struct str
without_statistics(struct str text)
{
	static const struct str begins[] = {
		STR(" in="), STR(" bytes="), STR(" top="), STR(" rcvd="),
	};

	for (size_t i = 0; i < sizeof(begins) / sizeof(*begins); i++)
		text.len = str_find(text, begins[i]);
	return text;
}

/* What became of a mail, and whether it is none of it. */
static const struct {
	struct str words;
	bool failed;
} results[] = {
	{STR("save failed to "), true},
	{STR("failed to store into mailbox "), true},
	{STR("saved mail to "), false},
	{STR("stored mail into mailbox "), false},
	{STR("store into mailbox "), false}, /* skipped, aborted */
	{STR("left message in mailbox "), false},
	{STR("marked message to be discarded"), false},
	{STR("discarded "), false},
	{STR("discarding "), false},
	{STR("forwarded to "), false},
	{STR("rejected "), false},
	{STR("sent "), false},
	{STR("not "), false},       /* sending, forwarding */
	{STR("failed to "), false}, /* redirect, send, pipe */
};

/*
 * "msgid=<x>: save failed to INBOX: Quota exceeded", "sieve: msgid=<x>: failed to store into
 * mailbox 'INBOX': Quota exceeded". The id is the sender's, and mailboxes have any name: so it
 * failed if nothing that may be its result says otherwise.
 */
static bool
is_failed(struct str text)
{
	bool failed = false;

	str_skip(&text, STR("sieve: "));
	if (!str_starts(text, STR("msgid=")))
		return false;
	for (size_t n; (n = str_find(text, STR(": "))) < text.len;) {
		text = str_from(text, n + 2);
		for (size_t i = 0; text.len && i < sizeof(results) / sizeof(*results); i++) {
			if (*text.p != *results[i].words.p ||
			    !str_starts(text, results[i].words))
				continue;
			if (!results[i].failed)
				return false;
			failed = true;
			break;
		}
	}
	return failed;
}

/* A delivery's words behind the session, or a proxy's of what the next hop said. */
static bool
is_told_elsewhere(struct str text)
{
	static const struct str marks[] = {
		STR("msgid="), STR(": Sent message to <"),
		STR(": Failed to send message to <"),
	};

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (str_find(text, marks[i]) < text.len)
			return true;
	return str_starts(text, STR("Disconnected"));
}

/* "mkdir(/home/joe/mail) failed: Disk quota exceeded": 1.0 gave syslog no severity. */
static bool
is_call(struct str text)
{
	size_t n = 0;

	while (n < text.len && (char_is_alnum(text.p[n]) || text.p[n] == '_'))
		n++;
	return n && n < text.len && text.p[n] == '(' &&
	    str_find(text, STR(") failed: ")) < text.len;
}

enum parse_result
dovecot_mail(const struct dovecot_line *line, struct event *ev)
{
	static const struct dovecot_row failed = {.kind = KIND_operational};
	const struct dovecot_row *row = NULL;

	if (is_failed(line->text))
		row = &failed;
	else if (!is_delivery(line))
		row = DOVECOT_ROW(ends, line->text);
	if (!row && line->severity == SEVERITY_none)
		row = DOVECOT_ROW(notes, line->text);
	/* 2.2 writes the session before it: "wV+xYz: msgid=..."; who left handed mail over */
	if (!row && line->severity == SEVERITY_none && is_delivery(line) &&
	    is_told_elsewhere(line->text))
		return PARSE_IGNORED;
	if (!row && line->severity == SEVERITY_none && is_call(line->text))
		row = &failed;
	if (!row)
		return PARSE_UNKNOWN;
	if (row->kind == KIND_none)
		return PARSE_IGNORED;
	if (line->user.len)
		EVENT_TEXT(ev, user, line->user);
	if (line->session.len)
		EVENT_TEXT(ev, session, line->session);
	if (row == &failed)
		return dovecot_say(row, line->text, ev);
	set_bytes(ev, line->text);
	return dovecot_say(row, without_statistics(line->text), ev);
}
