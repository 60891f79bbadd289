/* SPDX-License-Identifier: Apache-2.0
 *
 * Roundcube's lines that tests/corpus/samples/roundcube.log has not: cut ones, and those
 * whose client, or what a client says, is not what it looks like.
 */
#include "parse-kit.h"

#define ASKED "<s1> IMAP Error: Login failed for joe against h.test from 192.0.2.1"

static const struct message_case logins[] = {
	{ASKED " in session s1", "event|kind=auth_failure|ip=192.0.2.1|user=joe|stage=auth"},
	{ASKED "(X-Forwarded-For: y",
	    "event|kind=auth_failure|ip=192.0.2.1|user=joe|stage=auth"},
	/* A server that fails is told before the request, which is the client's. */
	{ASKED "(X-Forwarded-For: y). Could not connect to h.test:143 in /x.php on line 2 "
	    "(POST /)",
	    "event|kind=auth_error|ip=192.0.2.1|user=joe|stage=auth"
	    "|text=Could not connect to h.test:143"},
	{ASKED "(X-Forwarded-For: y). Authentication failed. in /x.php on line 2 (POST /). "
	    "Could not connect to z)",
	    "event|kind=auth_failure|ip=192.0.2.1|user=joe|stage=auth"
	    "|text=Authentication failed."},
	{ASKED "(X-Forwarded-For: y). Authentication failed. in /x.php on line 2 (POST /). "
	    "Could not connect to z in /)",
	    "event|kind=auth_failure|ip=192.0.2.1|user=joe|stage=auth"
	    "|text=Could not connect to z"},
	/* Clients of another form are clients, too. */
	{"<s1> Failed login for x from 203.0.113.66 in session y from fe80::1%eth0 in "
	    "session s1 (error: 0)",
	    "event|kind=auth_failure|text=x from 203.0.113.66 in session y from "
	    "fe80::1%eth0 in session s1 (error: 0)"},
	{"<s1> Failed login for x from 203.0.113.66 in session y from  in session s1 "
	    "(error: 0)",
	    "event|kind=auth_failure|text=x from 203.0.113.66 in session y from  in "
	    "session s1 (error: 0)"},
	{"<s1> Failed login for x from  in session s1 (error: 0)",
	    "event|kind=auth_failure|text=x from  in session s1 (error: 0)"},
	{"<s1> Failed login for x from fe80::1%eth0 in session s1 (error: 0)",
	    "event|kind=auth_failure|ip=fe80::1|user=x"},
};

/* Before 1.0 Roundcube names no session: only its own files, with a colon, are its. */
static const struct parse_case files[] = {
	{NULL, "[22-Nov-2026 21:28:21 +0000]: FAILED login for joe from 192.0.2.1",
	    "event|kind=auth_failure|ip=192.0.2.1|user=joe"},
	{NULL, "[22-Nov-2026 21:28:21 UTC] FAILED login for joe from 203.0.113.66", "foreign"},
	{NULL, "[22-Nov-2026 21:28:21 UTC] Successful login for joe", "foreign"},
	{NULL, "[22-Nov-2026 21:28:21 UTC] x]: Successful login for joe", "foreign"},
	{"php", "Successful login for joe", "foreign"},
	{"php[7]", "FAILED login for joe from 203.0.113.66", "foreign"},
	{"php[7]", "[22-Nov-2026 21:28:21 UTC] FAILED login for joe from 203.0.113.66",
	    "foreign"},
};

/* Nothing of the line that follows in memory is read. */
static void
next_line(struct parse_kit *kit)
{
	static const char two[] = "Nov  5 09:08:07 mx roundcube: " ASKED " in session s1\n"
	    ". of the next line";
	struct str line = str_head(str_of(two), str_index(str_of(two), '\n'));
	struct stamp stamp;
	struct event ev;

	is_number(parse_line(kit->parse, line, &ev, &stamp), PARSE_EVENT, "a login");
	ok(!event_knows(&ev, FIELD_text), "no text of the next line");
}

int
main(void)
{
	struct parse_kit kit = kit_new();

	KIT_DECEPTIVE(&kit, "roundcube", logins);
	kit_run(&kit, files, sizeof(files) / sizeof(*files));
	next_line(&kit);
	kit_free(&kit);
	return tap_done();
}
