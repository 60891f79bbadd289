/* SPDX-License-Identifier: Apache-2.0
 *
 * Login attempts: every one told once, whatever tells of it.
 */
#include "unit/track-log.h"

#define CONNECT "10 connect daemon=smtpd pid=7 ip=192.0.2.1 name=a.example\n"
#define TELL(kind, rest) "11 " kind " daemon=smtpd pid=7 ip=192.0.2.1 " rest "\n"
#define DISCONNECT(commands)                                                                \
	"20 disconnect daemon=smtpd pid=7 ip=192.0.2.1 name=a.example " commands "\n"

static void
told(void)
{
	log_is(CONNECT TELL("auth_failure", "mechanism=LOGIN user=bob port=4711")
	       DISCONNECT("commands='ehlo=1 auth=0/1 quit=1 commands=2/3'"),
	    "11 attempt pid=7 ip=192.0.2.1 port=4711 user=bob mechanism=LOGIN "
	    "outcome=failure\n",
	    "a failure is told once, at its line");
	log_is(CONNECT TELL("auth_abort", "mechanism=LOGIN")
	       DISCONNECT("commands='auth=0/1 commands=0/1'"),
	    "11 attempt pid=7 ip=192.0.2.1 mechanism=LOGIN outcome=aborted\n", "an abort");
	log_is(CONNECT TELL("auth_error", "mechanism=LOGIN")
	       "11 auth_error daemon=smtpd pid=7\n"
	       DISCONNECT("commands='auth=0/1 commands=0/1'"),
	    "11 attempt pid=7 ip=192.0.2.1 mechanism=LOGIN outcome=error\n",
	    "an error of ours; the library's line without a client is not another");
	log_is(CONNECT "11 auth_error daemon=smtpd pid=7"
	       " text='SASL: Connect to private/auth failed'\n"
	       TELL("auth_failure", "mechanism=PLAIN text='(reason unavailable)'")
	       TELL("auth_failure", "mechanism=PLAIN text='(reason unavailable)'")
	       DISCONNECT("commands='auth=0/2 commands=0/2'"),
	    "11 attempt pid=7 ip=192.0.2.1 mechanism=PLAIN outcome=error\n"
	    "11 attempt pid=7 ip=192.0.2.1 mechanism=PLAIN outcome=failure\n",
	    "who could not ask knows of no wrong password, that time");
	log_is(CONNECT "11 auth_error daemon=smtpd pid=7 reason=temp"
	       " text='SASL authentication problem: sql plugin'\n"
	       TELL("auth_failure", "mechanism=PLAIN text='authentication failure'")
	       TELL("auth_failure", "mechanism=PLAIN text='authentication failure'"),
	    "11 attempt pid=7 ip=192.0.2.1 mechanism=PLAIN outcome=error\n"
	    "11 attempt pid=7 ip=192.0.2.1 mechanism=PLAIN outcome=failure\n",
	    "nor does Cyrus without its database");
	log_is(CONNECT "11 auth_error daemon=smtpd pid=8"
	       " text='SASL: Connect to private/auth failed'\n"
	       "11 auth_error daemon=smtpd pid=7 text='SASL authentication failure: x'\n"
	       TELL("auth_failure", "mechanism=PLAIN text='(reason unavailable)'"),
	    "11 attempt pid=7 ip=192.0.2.1 mechanism=PLAIN outcome=failure\n",
	    "another process could not, and what Cyrus says of wrong passwords, too");
	log_is(CONNECT TELL("accept", "qid=A1 user=bob mechanism=PLAIN")
	       TELL("accept", "qid=A2 user=bob mechanism=PLAIN")
	       DISCONNECT("commands='auth=1 mail=2 commands=3'"),
	    "11 attempt pid=7 ip=192.0.2.1 user=bob mechanism=PLAIN outcome=success\n",
	    "one login, two mails");
	log_is("5 auth_failure daemon=imap-login pid=9 ip=192.0.2.1 user=bob attempts=3\n"
	       "6 auth_success daemon=imap-login pid=9 ip=192.0.2.1 user=bob\n",
	    "5 attempt pid=9 ip=192.0.2.1 user=bob outcome=failure count=3\n"
	    "6 attempt pid=9 ip=192.0.2.1 user=bob outcome=success\n",
	    "other daemons know no connection");
	log_is(TELL("auth_failure", "count=4"),
	    "11 attempt pid=7 ip=192.0.2.1 outcome=failure count=4\n",
	    "outside a known connection, and repeated");
}

static void
untold(void)
{
	log_is(CONNECT DISCONNECT("commands='ehlo=1 auth=0/3 commands=1/4'"),
	    "20 attempt pid=7 ip=192.0.2.1 name=a.example outcome=refused count=3\n",
	    "what no line told of");
	log_is(CONNECT TELL("auth_failure", "") TELL("rate_limit", "action=auth")
	       DISCONNECT("commands='auth=0/3 commands=0/3'"),
	    "11 attempt pid=7 ip=192.0.2.1 outcome=failure\n"
	    "20 attempt pid=7 ip=192.0.2.1 name=a.example outcome=refused\n",
	    "told and rate-limited ones are taken off");
	log_is(CONNECT TELL("abort", "stage=AUTH")
	       DISCONNECT("commands='auth=0/2 commands=0/2'"),
	    "20 attempt pid=7 ip=192.0.2.1 name=a.example outcome=aborted\n"
	    "20 attempt pid=7 ip=192.0.2.1 name=a.example outcome=refused\n",
	    "a hang-up in AUTH is one of them");
	log_is(CONNECT TELL("accept", "qid=A1 user=bob")
	       DISCONNECT("commands='auth=2 quit=1 commands=3'"),
	    "11 attempt pid=7 ip=192.0.2.1 user=bob outcome=success\n"
	    "20 attempt pid=7 ip=192.0.2.1 name=a.example outcome=success\n",
	    "an OK without mail is a success without a name");
	log_is(CONNECT TELL("abort", "stage=AUTH") DISCONNECT(""),
	    "20 attempt pid=7 ip=192.0.2.1 name=a.example outcome=aborted\n",
	    "old Postfix: no statistics");
	log_is(CONNECT TELL("abort", "stage=AUTH") TELL("auth_failure", "") DISCONNECT(""),
	    "11 attempt pid=7 ip=192.0.2.1 outcome=failure\n",
	    "old Postfix: the failure was told");
	log_is(CONNECT TELL("auth_failure", "") TELL("auth_failure", "")
	       DISCONNECT("commands='auth=0/1 commands=0/1'"),
	    "11 attempt pid=7 ip=192.0.2.1 outcome=failure\n"
	    "11 attempt pid=7 ip=192.0.2.1 outcome=failure\n",
	    "more told than counted");
	log_is(CONNECT DISCONNECT("commands='unauth=0/9 auth=x auth=5/2'")
	       CONNECT DISCONNECT("commands='auth=99999999999999999999'"),
	    "", "statistics that make no sense");
}

/* The process takes the next connection: nothing of the one before is left. */
static void
next_connection(void)
{
	log_is(CONNECT TELL("auth_failure", "") TELL("abort", "stage=AUTH") CONNECT
	       DISCONNECT("commands='auth=0/1 commands=0/1'")
	       TELL("accept", "user=bob") TELL("accept", "user=bob"),
	    "11 attempt pid=7 ip=192.0.2.1 outcome=failure\n"
	    "11 attempt pid=7 ip=192.0.2.1 user=bob outcome=success\n"
	    "20 attempt pid=7 ip=192.0.2.1 name=a.example outcome=refused\n",
	    "connect begins anew, disconnect ends");
	log_is(CONNECT "12 auth_failure daemon=smtpd pid=8 ip=192.0.2.2\n"
	       DISCONNECT("commands='auth=0/1 commands=0/1'"),
	    "12 attempt pid=8 ip=192.0.2.2 outcome=failure\n"
	    "20 attempt pid=7 ip=192.0.2.1 name=a.example outcome=refused\n",
	    "another process is another connection");
}

#define SAID(t, kind, pid) t " " kind " daemon=smtpd pid=" pid " ip=192.0.2.1 "

/* Processes whose ids end alike; the one heard of least is between the others. */
static void
room_made(void)
{
	static const char *const lines[] = {SAID("10", "connect", "100"),
		SAID("11", "connect", "4196"), SAID("12", "connect", "8292"),
		SAID("13", "auth_failure", "100"), SAID("14", "connect", "7"),
		SAID("15", "disconnect", "100") "commands='auth=0/1 commands=0/1'"};
	static const char want[] = "13 attempt pid=100 ip=192.0.2.1 outcome=failure\n";
	const struct track_limits small = {3, 3, 3, 3};
	char *got = log_whole(lines, sizeof(lines) / sizeof(*lines), &small);

	is_text(got, strlen(got), want, "one makes room, and the others are still found");
	free(got);
}

int
main(void)
{
	told();
	untold();
	next_connection();
	room_made();
	return tap_done();
}
