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
};

static const struct own_row rows[] = {
	{STR("cwd="), KIND_none, 0},
	{STR("Start queue run: "), KIND_none, 0},
	{STR("End queue run: "), KIND_none, 0},
	{STR("Start '"), KIND_none, 0}, /* a named queue's */
	{STR("End '"), KIND_none, 0},
	{STR("no immediate delivery: "), KIND_none, 0},
	{STR("Spool file is locked "), KIND_none, 0},
	{STR("Spool file not found"), KIND_operational, 0},
	{STR("error ignored"), KIND_none, 0},
	{STR("removed by "), KIND_none, 0}, /* Completed follows */
	{STR("original recipient"), KIND_none, 0},
	{STR("sender address changed to "), KIND_none, 0},
	{STR("DKIM: "), KIND_none, 0},
	{STR("PDKIM: "), KIND_none, 0},
	{STR("DKIM START: "), KIND_none, 0},
	{STR("ignoring AUTH="), KIND_none, 0},
	{STR("Discarded by "), KIND_none, 0},
	{STR("DMARC results: "), KIND_none, 0},
	{STR("list matching forced to fail: "), KIND_none, 0},
	{STR("ETRN "), KIND_none, 0},
	{STR("ATRN '"), KIND_none, 0},
	{STR("ARC: "), KIND_none, 0},
	{STR("DMARC using "), KIND_none, 0},
	{STR("IP options on incoming call:"), KIND_none, 0}, /* who was refused is told next */
	{STR("VRFY failed for "), KIND_none, 0}, /* the client's words hide who he is */
	{STR("SSL verify error: "), KIND_none, 0},
	/* cPanel's */
	{STR("Sender identification "), KIND_none, 0},
	{STR("SMTP connection identification "), KIND_none, 0},
	{STR("From: header (rewritten was: "), KIND_none, 0},
	{STR("SMTP connection outbound "), KIND_none, 0},
	{STR("queue run: process "), KIND_operational, SEVERITY_error}, /* crashed, failed */
	{STR("queue run: "), KIND_none, 0},
	{STR("host name alias list "), KIND_none, 0},
	{STR("retry time not reached"), KIND_none, 0},
	{STR("Message is frozen"), KIND_operational, 0},
	{STR("*** Frozen"), KIND_operational, 0},
	{STR("Frozen"), KIND_operational, 0},
	{STR("frozen"), KIND_operational, 0},
	{STR("Unfrozen"), KIND_operational, 0},
	{STR("unfrozen"), KIND_operational, 0},
	{STR("cancelled by "), KIND_operational, 0},
	{STR("Message abandoned"), KIND_operational, SEVERITY_error},
	{STR("SMTP error from remote mail server after "), KIND_remote_note, 0},
	{STR("SMTP timeout "), KIND_remote_note, 0},
	{STR("Remote host "), KIND_remote_note, 0},
	{STR("Malformed SMTP reply"), KIND_remote_note, 0},
	{STR("TLS error on connection to "), KIND_tls_failure, 0},
	{STR("TLS error "), KIND_tls_failure, 0},
	{STR("TLS session: "), KIND_tls_failure, 0},
	{STR("TLS session failure: "), KIND_tls_failure, 0},
	{STR("TLS send error on connection to "), KIND_tls_failure, 0},
	{STR("TLS recv error on connection to "), KIND_tls_failure, 0},
	{STR("TLS client disconnected cleanly "), KIND_tls_failure, 0},
	{STR("DANE attempt failed; "), KIND_tls_failure, 0},
	{STR("DANE error: "), KIND_tls_failure, 0},
	{STR("exim: "), KIND_operational, SEVERITY_fatal}, /* no log to write to */
	{STR("exim "), KIND_service, 0},
	{STR("pid "), KIND_service, 0},
	{STR("SIGHUP received"), KIND_service, 0},
	{STR("Warning: "), KIND_operational, SEVERITY_warning},
	{STR("warning: "), KIND_operational, SEVERITY_warning},
	{STR("ALERT: "), KIND_operational, SEVERITY_error},
	{STR("Exim configuration error"), KIND_operational, SEVERITY_fatal},
	{STR("daemon: "), KIND_operational, SEVERITY_error},
	{STR("socket bind() "), KIND_operational, SEVERITY_error},
	{STR("listen() "), KIND_operational, SEVERITY_error},
	{STR("accept() "), KIND_operational, SEVERITY_error},
	{STR("getsockopt() "), KIND_operational, SEVERITY_error},
	{STR("getsockname() "), KIND_operational, SEVERITY_error},
	{STR("User 0 set for "), KIND_operational, SEVERITY_error},
	{STR("internal problem in "), KIND_operational, SEVERITY_error},
	{STR("local_scan() function "), KIND_operational, SEVERITY_error},
	{STR("spam acl condition: "), KIND_operational, SEVERITY_error},
	{STR("malware acl condition: "), KIND_operational, SEVERITY_error},
	{STR("Spool "), KIND_operational, SEVERITY_error},
	{STR("spool "), KIND_operational, SEVERITY_error},
	{STR("Format error in spool file"), KIND_operational, SEVERITY_error},
	{STR("regex acl condition "), KIND_operational, SEVERITY_warning},
	{STR("ACL for "), KIND_operational, SEVERITY_error},
	{STR("DMARC failure "), KIND_operational, SEVERITY_error},
	{STR("configured error code "), KIND_operational, SEVERITY_error},
	{STR("expansion of "), KIND_operational, SEVERITY_error},
	{STR("Expansion of "), KIND_operational, SEVERITY_error},
	{STR("failure to "), KIND_operational, SEVERITY_error},
	{STR("invalid "), KIND_operational, SEVERITY_error},
	{STR("log directory space "), KIND_operational, SEVERITY_error},
	{STR("no recipients found in headers"), KIND_operational, 0},
	{STR("bad addresses found in headers"), KIND_operational, 0},
	{STR("timed out while reading local message"), KIND_operational, 0},
	{STR("SIGTERM received while reading "), KIND_operational, 0},
	{STR("SIGINT received while reading "), KIND_operational, 0},
	{STR("Failed "), KIND_operational, SEVERITY_error},
	{STR("failed "), KIND_operational, SEVERITY_error},
	{STR("Cannot "), KIND_operational, SEVERITY_error},
	{STR("cannot "), KIND_operational, SEVERITY_error},
	{STR("unable to "), KIND_operational, SEVERITY_error},
	{STR("Unable to "), KIND_operational, SEVERITY_error},
	{STR("lowest numbered MX record points to local host"), KIND_operational, 0},
	{STR("remote host address is the local host"), KIND_operational, 0},
	{STR("routing failed for "), KIND_operational, 0},
	{STR("host lookup "), KIND_operational, 0},
	{STR("DNS list lookup "), KIND_operational, 0},
	{STR("ACL \"warn\" statement skipped"), KIND_operational, 0},
	{STR("Tainted "), KIND_operational, SEVERITY_error},
	{STR("tainted "), KIND_operational, SEVERITY_error},
	{STR("retry database "), KIND_operational, SEVERITY_error},
	{STR("exim user lost privilege "), KIND_operational, SEVERITY_error},
	{STR("**** log string overflowed log buffer ****"), KIND_evidence_lost, 0},
};

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

enum parse_result
exim_own(struct str message, struct event *ev)
{
	struct str s, again;

	exim_id(&message, &again); /* "no recipients found" says it itself, too */
	s = message;
	if (str_skip(&s, STR("Completed")) && (s.len == 0 || *s.p == ' '))
		return completed(s, ev);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (message.len == 0 || *message.p != *rows[i].words.p ||
		    !str_starts(message, rows[i].words))
			continue;
		if (rows[i].kind == KIND_none)
			return PARSE_IGNORED;
		EVENT_SET(ev, kind, rows[i].kind);
		if (rows[i].severity)
			EVENT_SET(ev, severity, rows[i].severity);
		if (rows[i].kind == KIND_tls_failure)
			EVENT_SET(ev, reason, REASON_tls);
		EVENT_TEXT(ev, text, message);
		take_host(message, ev);
		return PARSE_EVENT;
	}
	return message.len && is_useless(message) ? PARSE_IGNORED : PARSE_UNKNOWN;
}
