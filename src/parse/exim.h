/* SPDX-License-Identifier: Apache-2.0
 *
 * exim: the pieces that Exim's lines are made of, and the sorts of lines.
 *
 * In the comments HOST is a client as Exim writes it (host_and_ident() there):
 *   [192.0.2.1]   (helo) [192.0.2.1]:4711
 *   mx.b.test (helo) [192.0.2.1]:4711 I=[192.0.2.9]:25 Ci=15057 U=ident
 * each but the address may be missing.
 */
#ifndef PARSE_EXIM_H
#define PARSE_EXIM_H

#include "parse/room.h"

/* Of a client's words before its address: with more, syslog may have cut the line in them. */
#define EXIM_WORDS_MAX 640

/* Each member's `p` is NULL, each port -1, if it was not logged. */
struct exim_host {
	struct str name, helo, ip, server_ip, ident;
	int64_t port, server_port;
	/* It stands there again: where it ends, and what is behind, is not sure. */
	bool repeated;
};

/*
 * Pieces of a line. Each consumes what it reads from the front of *S and returns
 * false, *S untouched, when it is not there.
 */

/* HOST. */
bool exim_host(struct str *s, struct exim_host *ret);

/* Is it a HELO's words in S that keep exim_host() from telling the client? */
bool exim_host_hides(struct str s);

/* HOST that is not repeated, "H=" before it or not, straight into the event's client: name,
 * helo, ip, port, server_ip, server_port. */
bool exim_client(struct str *s, struct event *ev);
void exim_set_client(const struct exim_host *host, struct event *ev);

/* "mx.b.test [192.0.2.7]:25": where we deliver to; sets relay, relay_ip, relay_port. */
bool exim_relay(struct str *s, struct event *ev);

/* A mail address without brackets around it; it ends at a space or the line's end, but those
 * in quotes and behind a backslash are its own. */
bool exim_address(struct str *s, struct str *ret);

/* An address in brackets, "<a@b.test>"; the null sender is "". */
bool exim_bracketed(struct str *s, struct str *ret);

/* A message's id, 6-6-2 or (4.97 and later) 6-11-4 characters, and the space behind. */
bool exim_id(struct str *s, struct str *ret);

/* The value behind "KEY=" up to the next space; a colon before that is left. */
struct str exim_value(struct str *s);

/* "5s", "0.058s", "2d3h4m": as microseconds. The whole of S. */
bool exim_duration(struct str s, int64_t *ret);

/* "TLS1.3:TLS_AES_256_GCM_SHA384:256": sets tls and cipher. */
void exim_cipher(struct str value, struct event *ev);

/* " X=... CV=no DN="..." SNI=...", each if it is there. False: its end cannot be told. */
bool exim_skip_tls(struct str *s, struct event *ev);

/* A sort of line by what follows A=. */
enum exim_line {
	EXIM_ARRIVAL, /* fields and the size */
	EXIM_SESSION, /* fields and the commands */
	EXIM_VERDICT, /* "rejected RCPT ..." */
};

/*
 * "plain_server:joe", the value of A=: sets mechanism and user. In the user's name spaces
 * may stand (Exim escapes only what is not printable): it reaches up to what may follow.
 * Neither is set if that is not all Exim's, or if the line ends in a name with spaces.
 */
void exim_login(struct str *s, enum exim_line line, struct event *ev);

/* Does S begin with the words of a verdict on a client: "rejected RCPT ", "Warning: "? */
bool exim_is_verdict(struct str s);

/* Why: the reason class of a refusal or failure told in TEXT; sets reason and list. */
void exim_reason(struct str text, bool temporary, struct event *ev);

/*
 * Sorts of lines. MESSAGE is what follows the stamp (and the id). PARSE_UNKNOWN:
 * it is of another sort, and no field was set.
 */

/* Behind "<= " or "(= ": a message came. */
enum parse_result exim_arrival(struct str message, struct event *ev);

/* "=> ...", "-> ...", "** ...", "== ...": where a message went. */
enum parse_result exim_delivery(struct str message, struct event *ev);

/* "H=HOST ...": of a client what was refused, of a next hop what it said. */
enum parse_result exim_about_host(struct str message, struct event *ev);

/* "mx.d.test [192.0.2.7] Connection refused". */
enum parse_result exim_next_hop(struct str message, struct event *ev);

/* What begins with words of its own about a client. */
enum parse_result exim_session(struct str message, struct event *ev);

/* "plain_server authenticator failed for HOST: ..." */
enum parse_result exim_auth(struct str message, struct event *ev);

/* "rejected EHLO from HOST: ...": outside of any ACL. */
enum parse_result exim_rejected(struct str message, struct event *ev);

/* "SMTP syntax error in ..." and the like. */
enum parse_result exim_violation(struct str message, struct event *ev);

/* "SA: Action: ...": what SA-Exim did with a message. */
enum parse_result exim_spam(struct str message, struct event *ev);

/* The daemon, the queue, the server's own trouble. */
enum parse_result exim_own(struct str message, struct event *ev);

#endif
