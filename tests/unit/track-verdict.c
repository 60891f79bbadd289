/* SPDX-License-Identifier: Apache-2.0
 *
 * Verdicts of spam filters, joined to their messages.
 */
#include "unit/track-log.h"

#define OPEN(time, qid, msgid)                                                              \
	time " accept daemon=smtpd pid=7 qid=" qid " ip=192.0.2.1\n"                        \
	time " message_id daemon=cleanup qid=" qid " msgid=<" msgid ">\n"                   \
	time " queued daemon=qmgr qid=" qid " sender=s@a.example nrcpt=2\n"
#define HOP(time, qid, msgid)                                                               \
	time " accept daemon=smtpd pid=8 qid=" qid " ip=127.0.0.1\n"                        \
	time " message_id daemon=cleanup qid=" qid " msgid=<" msgid ">\n"                   \
	time " queued daemon=qmgr qid=" qid " sender=s@a.example nrcpt=2\n"
#define SENT(time, qid, rest)                                                               \
	time " delivery daemon=smtp qid=" qid " recipient=r@b.example status=sent " rest "\n" \
	time " removed daemon=qmgr qid=" qid "\n"
#define THROUGH "relay_ip=127.0.0.1 next_qid=B1"
#define AMAVIS(time, rest) time " spam_verdict daemon=amavis qid=A1 " rest "\n"
#define SPAMD(time, rest) time " spam_verdict daemon=spamd " rest "\n"
#define MESSAGE(time, qid, msgid, verdict, seconds)                                         \
	time " message ip=192.0.2.1 qid=" qid " sender=s@a.example"                \
	" recipient=r@b.example nrcpt=2 status=sent msgid=<" msgid ">" verdict              \
	" seconds=" seconds " delivered=1 deferred=0 bounced=0\n"

static void
by_queue_id(void)
{
	log_is(OPEN("10", "A1", "x") HOP("11", "B1", "x")
	       AMAVIS("12", "next_qid=B1 msgid=<x> verdict=spam category=SPAM score=9")
	       SENT("13", "A1", THROUGH) SENT("14", "B1", ""),
	    MESSAGE("14", "A1", "x", " verdict=spam score=9 category=SPAM", "4"),
	    "Amavis: one message, its client, what was decided");
	log_is(OPEN("10", "A1", "x") HOP("11", "B1", "x") SENT("13", "A1", THROUGH)
	       SENT("14", "B1", "")
	       AMAVIS("14", "next_qid=B1 host=mx1.example msgid=<x> verdict=clean score=0"),
	    MESSAGE("14", "A1", "x", " verdict=clean score=0", "4"),
	    "the filter's own log comes behind, and writes the host otherwise");
	log_is(AMAVIS("9", "next_qid=B1 msgid=<x> verdict=clean") OPEN("10", "A1", "x")
	       SENT("14", "A1", ""),
	    MESSAGE("14", "A1", "x", " verdict=clean", "4"), "it comes before");
	log_is(OPEN("10", "A1", "x") AMAVIS("12", "verdict=infected") SENT("14", "A1", ""),
	    MESSAGE("14", "A1", "x", " verdict=infected", "4"), "no Message-ID");
	log_is(OPEN("10", "A1", "x") SENT("14", "A1", "") AMAVIS("16", "verdict=spam"),
	    MESSAGE("14", "A1", "x", " verdict=spam", "4"), "... and it comes behind");
	log_is(OPEN("10", "A1", "x") SENT("14", "A1", "") AMAVIS("17", "verdict=spam"),
	    MESSAGE("14", "A1", "x", "", "4"), "... but not for long");
	log_is(OPEN("10", "A1", "x") SENT("14", "A1", "") OPEN("15", "A1", "y")
	       AMAVIS("15", "verdict=spam") SENT("16", "A1", ""),
	    MESSAGE("14", "A1", "x", "", "4") MESSAGE("16", "A1", "y", " verdict=spam", "1"),
	    "... nor when the id is used again");
	log_is(OPEN("10", "A1", "x")
	       "11 spam_verdict daemon=amavis qid=A9 msgid=<x> verdict=spam\n"
	       SENT("14", "A1", ""),
	    MESSAGE("14", "A1", "x", "", "4"),
	    "a Message-ID that was used for another queue id says nothing");
}

static void
by_message_id(void)
{
	log_is(OPEN("10", "A1", "x") SPAMD("12", "msgid=<x> verdict=spam score=2")
	       SENT("14", "A1", ""),
	    MESSAGE("14", "A1", "x", " verdict=spam score=2", "4"), "spamd");
	log_is(OPEN("10", "A1", "x") OPEN("11", "A2", "y")
	       SPAMD("12", "msgid=<x> verdict=spam") SENT("14", "A1", "")
	       SENT("15", "A2", ""),
	    MESSAGE("14", "A1", "x", " verdict=spam", "4") MESSAGE("15", "A2", "y", "", "4"),
	    "another message");
	log_is(OPEN("10", "A1", "x") SPAMD("12", "host=other msgid=<x> verdict=spam")
	       SENT("14", "A1", ""),
	    MESSAGE("14", "A1", "x", "", "4"), "the next host's opinion is its own");
	log_is(OPEN("10", "A1", "x") SENT("14", "A1", "")
	       SPAMD("17", "msgid=<x> verdict=spam") OPEN("30", "A2", "x")
	       SENT("31", "A2", ""),
	    MESSAGE("14", "A1", "x", "", "4") MESSAGE("31", "A2", "x", "", "1"),
	    "too late for one, too early for the other");
}

/* Exim tells an arrival when its ACLs have asked, and writes the Message-ID without <>. */
#define EXIM(time, rest)                                                                    \
	time " accept daemon=exim qid=E1 ip=192.0.2.1 sender=s@a.example size=900 " rest "\n" \
	time " delivery daemon=exim qid=E1 recipient=r@b.example status=sent\n"              \
	time " removed daemon=exim qid=E1\n"

#define ARRIVED(msgid, verdict)                                                             \
	"13 message ip=192.0.2.1 qid=E1 sender=s@a.example recipient=r@b.example size=900"  \
	" nrcpt=1 status=sent msgid=" msgid verdict                                         \
	" seconds=0 delivered=1 deferred=0 bounced=0\n"

static void
before_arrival(void)
{
	log_is(SPAMD("12", "msgid=<x> verdict=spam score=2") EXIM("13", "msgid=x"),
	    ARRIVED("x", " verdict=spam score=2"), "spamd, then Exim");
	log_is("12 spam_verdict daemon=rspamd qid=E1 msgid=<x> verdict=spam\n"
	       EXIM("13", "msgid=x"),
	    ARRIVED("x", " verdict=spam"), "rspamd by both ids");
	log_is(SPAMD("12", "msgid=<y> verdict=spam") EXIM("13", "msgid=x"),
	    ARRIVED("x", ""), "another message");
}

static void
worst(void)
{
	log_is(OPEN("10", "A1", "x")
	       SPAMD("11", "msgid=<x> verdict=clean score=1")
	       AMAVIS("12", "verdict=infected category=INFECTED")
	       SPAMD("13", "msgid=<x> verdict=spam score=99") SENT("14", "A1", ""),
	    MESSAGE("14", "A1", "x", " verdict=infected category=INFECTED", "4"),
	    "the worst stands");
	log_is(OPEN("10", "A1", "x") AMAVIS("11", "verdict=mta_blocked category=MTA-BLOCKED")
	       AMAVIS("12", "verdict=clean score=3 category=CLEAN")
	       AMAVIS("13", "verdict=clean score=2 category=OTHER") SENT("14", "A1", ""),
	    MESSAGE("14", "A1", "x", " verdict=clean score=3 category=CLEAN", "4"),
	    "a try that failed is no opinion");
}

/* Verdicts on nothing are forgotten. */
static void
many(void)
{
	static char lines[5000][96];
	const char *all[5000];
	char *got;

	for (unsigned i = 0; i < 5000; i++) {
		snprintf(lines[i], sizeof(lines[i]), "1 spam_verdict daemon=spamd "
		    "verdict=spam msgid=<%u@a.example>", i % 4000);
		all[i] = lines[i];
	}
	got = log_whole(all, 5000, &track_limits_default);
	is_text(got, strlen(got), "", "five thousand in one second");
	free(got);
}

int
main(void)
{
	by_queue_id();
	by_message_id();
	before_arrival();
	worst();
	many();
	return tap_done();
}
