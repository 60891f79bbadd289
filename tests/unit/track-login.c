/* SPDX-License-Identifier: Apache-2.0
 *
 * Logins told of by several daemons: each attempt once.
 */
#include "unit/track-log.h"

#define AUTH(time, kind, rest)                                                              \
	time " " kind " daemon=dovecot stage=auth text='no' ip=192.0.2.1 " rest "\n"
#define SMTPD(time, rest) time " auth_failure daemon=smtpd pid=7 ip=192.0.2.1 " rest "\n"
#define IMAP(time, kind, rest)                                                              \
	time " " kind " daemon=imap-login ip=192.0.2.1 session=S1 " rest "\n"
#define FAILURE(time, rest) time " attempt ip=192.0.2.1" rest " outcome=failure\n"
#define BY_SMTPD(time, rest) time " attempt pid=7 ip=192.0.2.1" rest " outcome=failure\n"

static void
without_session(void)
{
	log_is(AUTH("10", "auth_failure", "user=bob") SMTPD("12", "user=bob"),
	    FAILURE("10", " user=bob"), "auth tells first, smtpd of the same");
	log_is(AUTH("10", "auth_failure", "user=bob") SMTPD("12", ""),
	    FAILURE("10", " user=bob"), "older Postfix names no user");
	log_is(SMTPD("10", "user=bob") AUTH("11", "auth_failure", "user=bob"),
	    BY_SMTPD("10", " user=bob"), "the other way round, where stamps are coarse");
	log_is(SMTPD("10", "user=bob") AUTH("20", "auth_failure", "user=bob"),
	    BY_SMTPD("10", " user=bob") FAILURE("20", " user=bob"),
	    "who asked does not tell long before");
	log_is(AUTH("10", "auth_failure", "user=a") AUTH("11", "auth_failure", "user=b")
	       SMTPD("12", "user=a") SMTPD("12", "user=b") SMTPD("12", "mechanism=XOAUTH2"),
	    FAILURE("10", " user=a") FAILURE("11", " user=b")
	    BY_SMTPD("12", " mechanism=XOAUTH2"),
	    "one line absorbs one; auth knows nothing of a wrong mechanism");
	log_is(AUTH("10", "auth_failure", "user=a")
	       SMTPD("11", "mechanism=XOAUTH2 reason=protocol") SMTPD("12", "user=a"),
	    FAILURE("10", " user=a") BY_SMTPD("11", " mechanism=XOAUTH2"),
	    "which absorbs nothing");
	log_is(AUTH("10", "auth_failure", "user=zzz...") SMTPD("12", "user=zzzzzzzz"),
	    FAILURE("10", " user=zzz..."), "a name that one of them cut");
	log_is(AUTH("10", "auth_failure", "user=a") SMTPD("4000", "user=a"),
	    FAILURE("10", " user=a") BY_SMTPD("4000", " user=a"), "too late to be the same");
	log_is(AUTH("10", "auth_failure", "user=a host=other") SMTPD("12", "user=a"),
	    FAILURE("10", " user=a"), "Dovecot is another host");
	log_is("10 auth_failure daemon=dovecot stage=auth text=no ip=192.0.2.2\n"
	       SMTPD("11", ""),
	    "10 attempt ip=192.0.2.2 outcome=failure\n" BY_SMTPD("11", ""),
	    "another client is another attempt");
	log_is(AUTH("10", "auth_failure", "user=a count=3") SMTPD("12", "user=a")
	       SMTPD("12", "user=a count=4"),
	    "10 attempt ip=192.0.2.1 user=a outcome=failure count=3\n"
	    "12 attempt pid=7 ip=192.0.2.1 user=a outcome=failure count=2\n",
	    "repeated lines tell of several");
	log_is(AUTH("10", "auth_error", "user=a") SMTPD("12", "user=a"),
	    "10 attempt ip=192.0.2.1 user=a outcome=error\n",
	    "an error of auth's, of which smtpd is told no more than of a wrong password");
	log_is(AUTH("10", "auth_error", "user=a") SMTPD("12", "user=a") SMTPD("13", "user=a"),
	    "10 attempt ip=192.0.2.1 user=a outcome=error\n" BY_SMTPD("13", " user=a"),
	    "which stands for one attempt");
	log_is(AUTH("10", "auth_failure", "user=a")
	       "12 auth_error daemon=smtpd pid=7 ip=192.0.2.1 user=a\n",
	    FAILURE("10", " user=a"), "auth went away before it told smtpd");
	log_is(AUTH("10", "auth_failure", "user=a") AUTH("10", "auth_failure", "user=a")
	       "12 auth_failure daemon=imap-login ip=192.0.2.1 attempts=3\n",
	    FAILURE("10", " user=a") FAILURE("10", " user=a") FAILURE("12", ""),
	    "old Dovecot's summary");
}

static void
with_session(void)
{
	log_is(AUTH("10", "auth_failure", "user=a session=S1")
	       AUTH("12", "auth_failure", "user=b session=S1")
	       IMAP("15", "auth_failure", "user=b attempts=3"),
	    FAILURE("10", " user=a") FAILURE("12", " user=b") FAILURE("15", " user=b"),
	    "of three summed up, two were told of");
	log_is(AUTH("10", "auth_failure", "user=a session=S1")
	       AUTH("12", "auth_failure", "user=b session=S1")
	       IMAP("15", "auth_failure", "user=b attempts=1"),
	    FAILURE("10", " user=a") FAILURE("12", " user=b"), "more told than summed up");
	log_is(AUTH("10", "auth_failure", "user=a session=S1")
	       IMAP("15", "auth_failure", "user=b attempts=2")
	       AUTH("15", "auth_failure", "user=b session=S1"),
	    FAILURE("10", " user=a") FAILURE("15", " user=b"),
	    "summed up before the last was told of, as Dovecot 2.4 does");
	log_is(IMAP("15", "auth_failure", "user=b attempts=2")
	       AUTH("15", "auth_failure", "user=a session=S1")
	       AUTH("16", "auth_failure", "user=b session=S1")
	       AUTH("16", "auth_failure", "user=c session=S1"),
	    "15 attempt ip=192.0.2.1 user=b outcome=failure count=2\n"
	    FAILURE("16", " user=c"),
	    "before all of them, and one more");
	log_is(IMAP("15", "auth_failure", "user=b attempts=1")
	       AUTH("19", "auth_failure", "user=b session=S1"),
	    FAILURE("15", " user=b") FAILURE("19", " user=b"), "too late to be summed up");
	log_is(IMAP("15", "auth_failure", "user=b attempts=2"),
	    "15 attempt ip=192.0.2.1 user=b outcome=failure count=2\n", "auth was silent");
	log_is(IMAP("15", "auth_failure", "user=b count=0"), "",
	    "a sum of none, of nobody known");
	log_is(AUTH("10", "auth_failure", "user=a session=S2") SMTPD("11", "user=a")
	       IMAP("15", "auth_failure", "user=a attempts=1"),
	    FAILURE("10", " user=a") BY_SMTPD("11", " user=a") FAILURE("15", " user=a"),
	    "another session, and Postfix's is none");
	log_is(AUTH("10", "auth_failure", "user=a session=S1")
	       IMAP("15", "auth_abort", "user=a"),
	    FAILURE("10", " user=a") "15 attempt ip=192.0.2.1 user=a outcome=aborted\n",
	    "one failed, one broken off");
	log_is(AUTH("10", "auth_failure", "user=a session=S1")
	       IMAP("15", "auth_success", "user=a"),
	    FAILURE("10", " user=a") "15 attempt ip=192.0.2.1 user=a outcome=success\n",
	    "one failed, one succeeded");
}

static void
no_attempts(void)
{
	log_is("10 auth_failure daemon=saslauthd stage=auth user=bob text=x\n"
	       "10 auth_success daemon=saslauthd stage=auth user=bob\n" SMTPD("12", ""),
	    BY_SMTPD("12", ""), "saslauthd knows no client: smtpd tells of it");
	log_is("10 auth_failure daemon=auth stage=auth user=bob ip=192.0.2.1\n"
	       AUTH("10", "auth_failure", "user=bob session=S1")
	       IMAP("15", "auth_failure", "user=b attempts=1"),
	    FAILURE("10", " user=bob"), "PAM's line is a third");
	log_is("10 auth_failure daemon=smtpd pid=7 user=bob\n",
	    "10 attempt pid=7 user=bob outcome=failure\n", "unknown[unknown]");
}

/* Whatever is told, it is bounded. */
static void
many(void)
{
	struct track_limits limits = {1, 1, 2, 1};
	static char lines[4][400][96];
	const char *all[1600];
	size_t count = 0;
	char *got;

	for (unsigned i = 0; i < 400; i++) {
		const char *kind = i & 1 ? "stage=auth text=x" : "";

		snprintf(lines[0][i], 96, "%u auth_failure ip=192.0.2.%u %s", i, i % 200,
		    kind);
		snprintf(lines[1][i], 96, "%u auth_failure ip=192.0.2.%u session=S%u %s", i,
		    i % 200, i, kind);
		snprintf(lines[2][i], 96, "%u auth_failure ip=192.0.2.9 %s "
		    "attempts=4000000000", i * 9, i % 7 ? "stage=auth text=x" : "");
		snprintf(lines[3][i], 96, "%u auth_failure ip=192.0.2.9 count=4000000000 %s",
		    i * 9, kind);
	}
	for (unsigned set = 0; set < 4; set++)
		for (unsigned i = 0; i < 400; i++)
			all[count++] = lines[set][i];
	got = log_whole(all, count, &limits);
	ok(strlen(got) > 0, "numbers beyond all reason, and no room");
	free(got);
}

int
main(void)
{
	without_session();
	with_session();
	no_attempts();
	many();
	return tap_done();
}
