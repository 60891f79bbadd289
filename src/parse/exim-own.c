/* SPDX-License-Identifier: Apache-2.0
 *
 * What Exim says of itself, its queue and its own trouble:
 *
 *   exim 4.96 daemon started: pid=62, -q1800s, listening for SMTP on port 25
 *   Warning: No server certificate defined; will use a selfsigned one.
 *   1xUN76-0005hf-06 Completed QT=2s
 *   1xUN76-0005hf-06 Message is frozen
 *   1xUN76-0005hf-06 SMTP error from remote mail server after initial connection:
 *     host mx.d.test [192.0.2.7]: 421 ...
 *   Start queue run: pid=71      cwd=/var/www 3 args: /usr/sbin/sendmail -t -i
 */
#include "parse/exim.h"

#include "parse/postfix.h"

struct own_row {
	struct str words;
	uint8_t kind;     /* enum kind; KIND_none: of no use */
	uint8_t severity; /* enum severity */
	struct str within; /* stands somewhere behind the words; empty: nothing must */
};

/* A row's ends. */
#define USELESS KIND_none, 0, {NULL, 0}
#define SAYS(kind, severity) KIND_##kind, SEVERITY_##severity, {NULL, 0}
#define ERROR_WITH(words) KIND_operational, SEVERITY_error, STR(words)

/* What no other program writes. */
static const struct own_row rows[] = {
	{STR("cwd="), USELESS},
	{STR("Start queue run: "), USELESS},
	{STR("End queue run: "), USELESS},
	{STR("Start '"), KIND_none, 0, STR("' queue run: ")},
	{STR("End '"), KIND_none, 0, STR("' queue run: ")},
	{STR("no immediate delivery: "), USELESS},
	{STR("Spool file is locked "), USELESS},
	{STR("Spool file not found"), SAYS(operational, none)},
	{STR("error ignored"), USELESS},
	{STR("* Starting MTA"), USELESS}, /* the script that starts it, as are the dots */
	{STR("...done."), USELESS},
	{STR("sender address changed to "), USELESS},
	{STR("DKIM START: "), USELESS},
	{STR("ignoring AUTH="), USELESS},
	{STR("list matching forced to fail: "), USELESS},
	{STR("ETRN "), KIND_none, 0, STR(" received from ")},
	{STR("ATRN '"), USELESS},
	{STR("DMARC using "), USELESS},
	{STR("qualify/rewrite: "), USELESS},
	{STR("IP options on incoming call:"), USELESS}, /* who was refused is told next */
	{STR("VRFY failed for "), USELESS}, /* the client's words hide who he is */
	{STR("SSL verify error: "), USELESS},
	/* cPanel's */
	{STR("Sender identification "), USELESS},
	{STR("SMTP connection identification "), USELESS},
	{STR("From: header (rewritten was: "), USELESS},
	{STR("SMTP connection outbound "), USELESS},
	{STR("queue run: process "), SAYS(operational, error)}, /* crashed, failed */
	{STR("queue run: "), USELESS},
	{STR("host name alias list "), USELESS},
	{STR("Message is frozen"), SAYS(operational, none)},
	{STR("*** Frozen"), SAYS(operational, none)},
	{STR("SMTP error from remote mail server after "), SAYS(remote_note, none)},
	{STR("Malformed SMTP reply"), SAYS(remote_note, none)},
	{STR("TLS error on connection to "), SAYS(tls_failure, none)},
	{STR("TLS error ("), SAYS(tls_failure, none)},
	{STR("TLS session failure: "), SAYS(tls_failure, none)},
	{STR("TLS send error on connection to "), SAYS(tls_failure, none)},
	{STR("TLS recv error on connection to "), SAYS(tls_failure, none)},
	{STR("TLS client disconnected cleanly "), SAYS(tls_failure, none)},
	{STR("DANE attempt failed; "), SAYS(tls_failure, none)},
	{STR("DANE error: "), SAYS(tls_failure, none)},
	{STR("exim: "), SAYS(operational, fatal)}, /* no log to write to */
	{STR("exim "), SAYS(service, none)},
	{STR("pid "), KIND_service, 0, STR(": SIGHUP received")},
	{STR("SIGHUP received: "), SAYS(service, none)},
	{STR("Warning: No server certificate defined"), SAYS(operational, warning)},
	{STR("Warning: purging the environment"), SAYS(operational, warning)},
	{STR("Exim configuration error"), SAYS(operational, fatal)},
	{STR("daemon: queue-runner "), SAYS(operational, error)},
	{STR("daemon: fdopen() "), SAYS(operational, error)},
	{STR("daemon: couldn't dup socket "), SAYS(operational, error)},
	{STR("daemon: fork of queue-runner "), SAYS(operational, error)},
	{STR("daemon: accept process fork "), SAYS(operational, error)},
	{STR("socket bind() to port "), SAYS(operational, error)},
	{STR("listen() failed on interface "), SAYS(operational, error)},
	{STR("accept() failure: "), SAYS(operational, error)},
	{STR("getsockopt() failed from "), SAYS(operational, error)},
	{STR("getsockname() failed: "), SAYS(operational, error)},
	{STR("User 0 set for "), SAYS(operational, error)},
	{STR("local_scan() function "), SAYS(operational, error)},
	{STR("spam acl condition: "), SAYS(operational, error)},
	{STR("malware acl condition: "), SAYS(operational, error)},
	{STR("regex acl condition "), SAYS(operational, warning)},
	{STR("Format error in spool file"), SAYS(operational, error)},
	{STR("Spool file "), SAYS(operational, error)},
	{STR("spool file "), SAYS(operational, error)},
	{STR("ACL for QUIT returned ERROR"), SAYS(operational, error)},
	{STR("ACL for not-QUIT returned ERROR"), SAYS(operational, error)},
	{STR("configured error code "), SAYS(operational, error)},
	{STR("expansion of tls_"), ERROR_WITH(" failed")},
	{STR("expansion of smtp_accept_max_per_host "), SAYS(operational, error)},
	{STR("Expansion of "), ERROR_WITH(" failed while rewriting: ")},
	{STR("failure to store "), ERROR_WITH(" DMARC: ")},
	{STR("failure to write to DMARC history file"), SAYS(operational, error)},
	{STR("invalid message_size_limit: "), SAYS(operational, error)},
	{STR("invalid return "), ERROR_WITH(" from local_scan()")},
	{STR("unable to expand message_size_limit: "), SAYS(operational, error)},
	{STR("cannot accept message: failed to stat "), SAYS(operational, error)},
	{STR("Failed to create IPv6 socket for wildcard listening"), SAYS(operational, error)},
	{STR("Failed to get "), ERROR_WITH(" lock for ")},
	{STR("Failed to find user "), SAYS(operational, error)},
	{STR("Failed to get user name for uid "), SAYS(operational, error)},
	{STR("Failed to find group "), SAYS(operational, error)},
	{STR("unable to open private key file "), SAYS(operational, error)},
	{STR("failed to expand "), SAYS(operational, error)},
	{STR("failed to open DB "), SAYS(operational, error)},
	{STR("failed to open database lock file "), SAYS(operational, error)},
	{STR("Cannot open "), ERROR_WITH(" log file \"")},
	{STR("unable to set gid="), ERROR_WITH(" (euid=")},
	{STR("Tainted filename for search"), SAYS(operational, error)},
	{STR("Tainted name "), ERROR_WITH(" not permitted")},
	{STR("Tainted arg "), SAYS(operational, error)},
	{STR("failed to malloc "), ERROR_WITH(": called from line ")},
	{STR("string_sprintf expansion was longer than "), SAYS(operational, error)},
	{STR("Failed to create directory \""), ERROR_WITH("/exim")},
	{STR("bounce_message_file "), SAYS(operational, error)},
	{STR("warn_message_file "), SAYS(operational, error)},
	{STR("log directory space "), SAYS(operational, error)},
	{STR("no recipients found in headers"), SAYS(operational, none)},
	{STR("bad addresses found in headers"), SAYS(operational, none)},
	{STR("timed out while reading local message"), SAYS(operational, none)},
	{STR("SIGTERM received while reading "), SAYS(operational, none)},
	{STR("SIGINT received while reading "), SAYS(operational, none)},
	{STR("lowest numbered MX record points to local host"), SAYS(operational, none)},
	{STR("remote host address is the local host"), SAYS(operational, none)},
	{STR("DNS list lookup defer"), SAYS(operational, none)},
	{STR("routing failed for "), SAYS(operational, none)},
	{STR("ACL \"warn\" statement skipped"), SAYS(operational, none)},
	{STR("ACL \"warn\" with \"message\" setting found in "), SAYS(operational, error)},
	{STR("recipient verify defer (making callout connection): "),
	    SAYS(operational, none)},
	{STR("recipient verify defer (making calloout connection): "),
	    SAYS(operational, none)}, /* as some versions spell it */
	{STR("sender verify defer (making callout connection): "), SAYS(operational, none)},
	{STR("sender verify defer (making calloout connection): "), SAYS(operational, none)},
	{STR("re-exec of exim ("), ERROR_WITH(" failed: ")},
	{STR("WARNING: deprecated Diffie-Hellman parameter '"), SAYS(operational, warning)},
	{STR("EHLO/HELO response must not contain newlines: "), SAYS(operational, error)},
	{STR("exim user lost privilege "), SAYS(operational, error)},
	{STR("**** log string overflowed log buffer ****"), SAYS(evidence_lost, none)},
};

/* How others' lines begin, too: of a message, or where Exim's pid or tag stands before it. */
static const struct own_row common[] = {
	{STR("removed by "), USELESS}, /* Completed follows */
	{STR("original recipient"), USELESS},
	{STR("DKIM: signing failed: "), SAYS(operational, error)},
	{STR("DKIM: "), USELESS},
	{STR("PDKIM: "), USELESS},
	{STR("Discarded by "), USELESS},
	{STR("DMARC results: "), USELESS},
	{STR("ARC: "), USELESS},
	{STR("retry time not reached"), USELESS},
	{STR("Frozen"), SAYS(operational, none)},
	{STR("frozen"), SAYS(operational, none)},
	{STR("Unfrozen"), SAYS(operational, none)},
	{STR("unfrozen"), SAYS(operational, none)},
	{STR("cancelled by "), SAYS(operational, none)},
	{STR("Message abandoned"), SAYS(operational, error)},
	{STR("SMTP timeout "), SAYS(remote_note, none)},
	{STR("Remote host "), SAYS(remote_note, none)},
	{STR("TLS error "), SAYS(tls_failure, none)},
	{STR("TLS session: "), SAYS(tls_failure, none)},
	{STR("pid "), SAYS(service, none)},
	{STR("Warning: "), SAYS(operational, warning)},
	{STR("warning: "), SAYS(operational, warning)},
	{STR("ALERT: "), SAYS(operational, error)},
	{STR("daemon: "), SAYS(operational, error)},
	{STR("socket bind() "), SAYS(operational, error)},
	{STR("listen() "), SAYS(operational, error)},
	{STR("accept() "), SAYS(operational, error)},
	{STR("getsockopt() "), SAYS(operational, error)},
	{STR("getsockname() "), SAYS(operational, error)},
	{STR("internal problem in "), SAYS(operational, error)},
	{STR("Spool "), SAYS(operational, error)},
	{STR("spool "), SAYS(operational, error)},
	{STR("ACL for "), SAYS(operational, error)},
	{STR("DMARC failure "), SAYS(operational, error)},
	{STR("expansion of "), SAYS(operational, error)},
	{STR("Expansion of "), SAYS(operational, error)},
	{STR("failure to "), SAYS(operational, error)},
	{STR("invalid "), SAYS(operational, error)},
	{STR("Failed "), SAYS(operational, error)},
	{STR("failed "), SAYS(operational, error)},
	{STR("Cannot "), SAYS(operational, error)},
	{STR("cannot "), SAYS(operational, error)},
	{STR("unable to "), SAYS(operational, error)},
	{STR("Unable to "), SAYS(operational, error)},
	{STR("host lookup "), SAYS(operational, none)},
	{STR("DNS list lookup "), SAYS(operational, none)},
	{STR("Tainted "), SAYS(operational, error)},
	{STR("tainted "), SAYS(operational, error)},
	{STR("retry database "), SAYS(operational, error)},
};

static const struct own_row *
find_row(const struct own_row *row, size_t n, struct str message)
{
	for (; n; row++, n--)
		if (message.len && *message.p == *row->words.p &&
		    str_starts(message, row->words) &&
		    (row->within.len == 0 || str_find(message, row->within) < message.len))
			return row;
	return NULL;
}

/* Is MESSAGE all that stands behind the stamp of a file's line? It may be any program's. */
static bool
is_bare(struct str message, const struct event *ev)
{
	struct str line = str_range(ev->line, message.p);
	struct stamp stamp;

	return !event_knows(ev, FIELD_qid) && stamp_read(&line, &stamp) == STAMP_FILE &&
	    str_trim(line).len == 0;
}

/* "Completed QT=2s": the end of a message. */
static enum parse_result
completed(struct str s, struct event *ev)
{
	int64_t usec;

	EVENT_SET(ev, kind, KIND_removed);
	if (str_skip(&s, STR(" QT=")) && exim_duration(exim_value(&s), &usec))
		EVENT_SET(ev, delay, usec);
	return PARSE_EVENT;
}

/* "host mx.d.test [192.0.2.7]: " behind the command of "SMTP error ... after COMMAND: " */
static void
take_host(struct str s, struct event *ev)
{
	if (!str_skip(&s, STR("SMTP error from remote mail server after ")))
		return;
	s = str_from(s, str_find(s, STR(": ")));
	if (str_skip(&s, STR(": host ")))
		exim_relay(&s, ev);
}

/*
 * "[192.0.2.1] SSL verify error: ..." of either side's certificate, "x@y.test: error ignored",
 * "<joe@h.test>: address_pipe transport output: ...", "\"a@b.test\" from env-from rewritten as
 * ..."
 */
static bool
is_useless(struct str s)
{
	struct str rest = str_from(s, str_index(s, ']'));

	return str_ends(s, STR(": error ignored")) ||
	    (*s.p == '<' && str_find(s, STR(" transport output: ")) < s.len) ||
	    (*s.p == '"' && str_find(s, STR(" rewritten as \"")) < s.len) ||
	    (*s.p == '[' && str_starts(rest, STR("] SSL verify error: ")));
}

static enum parse_result
say(const struct own_row *row, struct str message, struct event *ev)
{
	if (row->kind == KIND_none)
		return PARSE_IGNORED;
	EVENT_SET(ev, kind, row->kind);
	if (row->severity)
		EVENT_SET(ev, severity, row->severity);
	if (row->kind == KIND_tls_failure)
		EVENT_SET(ev, reason, REASON_tls);
	EVENT_TEXT(ev, text, message);
	take_host(message, ev);
	return PARSE_EVENT;
}

enum parse_result
exim_own(struct str message, struct event *ev)
{
	const struct own_row *row;
	struct str s, again;

	exim_id(&message, &again); /* "no recipients found" says it itself, too */
	s = message;
	if (event_knows(ev, FIELD_qid) && str_skip(&s, STR("Completed")) &&
	    (s.len == 0 || *s.p == ' '))
		return completed(s, ev);
	row = find_row(rows, sizeof(rows) / sizeof(*rows), message);
	if (!row && !is_bare(message, ev))
		row = find_row(common, sizeof(common) / sizeof(*common), message);
	if (row)
		return say(row, message, ev);
	return message.len && is_useless(message) ? PARSE_IGNORED : PARSE_UNKNOWN;
}
