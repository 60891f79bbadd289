/* SPDX-License-Identifier: Apache-2.0
 *
 * A log tracked in pieces derives what it derives tracked whole, wherever it is
 * cut: made-up logs, seeded, in which everything happens side by side, also with clocks that
 * run faster than what daemons measure, where lines come late and where clocks are set back.
 * An argument says up to which number, another one from which.
 */
#include "unit/track-made.h"

static unsigned msgids; /* so many that all messages through filters share; 0: few share any */
static unsigned reused; /* so many queue ids later they begin anew */
static unsigned rate; /* seconds of the log in a second of what daemons measure */

/* A queue id: a few are in use again and again. */
static unsigned
new_id(struct made *log)
{
	return log->ids++ % reused;
}

/* Some messages are sent twice. */
static unsigned
new_msgid(const struct made *log)
{
	if (msgids)
		return 1000 + below(msgids);
	return below(4) ? log->ids : 1000 + below(12);
}

static void
deliver(struct made *log, unsigned time, unsigned id, const char *daemon, const char *rest)
{
	say(log, time, "delivery daemon=%s qid=Q%u recipient=r%u@b.example status=sent "
	    "delay=%u %s", daemon, id, below(4), below(9), rest);
}

/* The last hop: delivered, bounced or deferred and tried again for a long time. */
static unsigned
finish(struct made *log, unsigned time, unsigned id)
{
	static const char *const daemons[] = {"virtual", "smtp", "pipe", "lmtp"};

	for (unsigned n = below(3); n; n--) {
		time += below(20);
		say(log, time, "delivery daemon=smtp qid=Q%u recipient=r%u@b.example "
		    "status=%s delay=%u", id, below(4), below(4) ? "deferred" : "bounced",
		    below(99));
		time += below(400);
		say(log, time, "queued daemon=qmgr qid=Q%u sender=s@a.example size=9", id);
	}
	deliver(log, time + below(5), id, daemons[below(4)], below(4) ? "" : "next_qid=Q5");
	if (below(12) == 0)
		say(log, time + 5, "expired daemon=qmgr qid=Q%u status=expired", id);
	if (below(20))
		say(log, time + 6, "removed daemon=qmgr qid=Q%u", id);
	return time + 7;
}

static void
enqueue(struct made *log, unsigned time, unsigned id, unsigned msgid)
{
	say(log, time + below(2), "message_id daemon=cleanup qid=Q%u msgid=<m%u@a.example>",
	    id, msgid);
	say(log, time + 2, "queued daemon=qmgr qid=Q%u sender=s%u@a.example size=%u nrcpt=1",
	    id, below(3), below(999));
}

/* Puts the message in at TIME; returns its id. */
static unsigned
submit(struct made *log, unsigned time, unsigned msgid)
{
	unsigned id = new_id(log);

	if (below(5))
		say(log, time, "accept daemon=smtpd pid=%u qid=Q%u ip=%s%u%s", below(6), id,
		    below(4) ? "192.0.2." : "10.0.0.", below(5),
		    below(3) ? "" : " user=bob mechanism=PLAIN");
	else
		say(log, time, "submitted daemon=pickup qid=Q%u uid=%u sender=w@a.example", id,
		    below(2));
	enqueue(log, time + 1, id, msgid);
	return id;
}

/* What a filter that names queue ids, or one that does not, decides. */
static void
judge(struct made *log, unsigned time, unsigned msgid, unsigned id, unsigned hop)
{
	static const char *const words[] = {"clean", "spam", "infected"};
	unsigned word = below(3), score = below(9);

	if (below(2))
		say(log, time, "spam_verdict daemon=spamd msgid=<m%u@a.example> verdict=%s "
		    "score=%u", msgid, words[word], score);
	else
		say(log, time, "spam_verdict daemon=amavis qid=Q%u next_qid=Q%u msgid=<m%u@a."
		    "example> verdict=%s category=C%u score=%u", id, hop, msgid, words[word],
		    below(3), score);
}

static void
mail(struct made *log, unsigned time)
{
	unsigned msgid = log->ids, id = submit(log, time, msgid);

	if (below(4) == 0)
		say(log, time + 1 + below(20), "policy daemon=smtpd action=proxy-accept "
		    "next_qid=Q%u user=u%u", id, below(3));
	finish(log, time + 4, id);
	if (below(2))
		judge(log, time + below(30), msgid, id, 0);
}

/* Through a filter that says what it made of the message, maybe twice. */
static void
filtered(struct made *log, unsigned time)
{
	unsigned msgid = new_msgid(log), id = submit(log, time, msgid), hop;

	for (unsigned hops = 1 + below(2); hops; hops--, id = hop) {
		char next[64];

		time += 5 + below(30);
		hop = new_id(log);
		say(log, time, "accept daemon=smtpd pid=9 qid=Q%u ip=127.0.0.1", hop);
		enqueue(log, time, hop, msgid);
		if (below(3))
			judge(log, time - 6 + below(20), msgid, id, hop);
		snprintf(next, sizeof(next), "relay_ip=127.0.0.1 next_qid=Q%u", hop);
		deliver(log, time + 1 + below(6), id, "smtp", next);
		say(log, time + 8, "removed daemon=qmgr qid=Q%u", id);
	}
	finish(log, time + below(10), id);
}

/* Through a filter that calls sendmail. */
static void
piped(struct made *log, unsigned time)
{
	unsigned msgid = new_msgid(log), id = submit(log, time, msgid), hop;

	for (unsigned hops = 1 + below(2); hops; hops--, id = hop) {
		time += 5 + below(200);
		hop = new_id(log);
		say(log, time, "submitted daemon=pickup qid=Q%u uid=%u sender=w@a.example",
		    hop, 500 + hops);
		deliver(log, time, id, "pipe", "");
		say(log, time + 1, "removed daemon=qmgr qid=Q%u", id);
		enqueue(log, time + below(4), hop, msgid);
		if (below(3))
			judge(log, time - 6 + below(700), msgid, id, hop);
	}
	finish(log, time + 6, id);
}

/*
 * Through a filter on another host that names the id; some only look like that: not of one's
 * own network, with another Message-ID, or without any. Each end may come first.
 */
static void
filtered_afar(struct made *log, unsigned time)
{
	unsigned msgid = new_msgid(log), id = submit(log, time, msgid), hop;

	for (unsigned hops = 1 + below(2); hops; hops--, id = hop) {
		char next[64];
		unsigned end;

		time += 5 + below(30);
		hop = new_id(log);
		say(log, time, "accept daemon=smtpd pid=9 qid=Q%u ip=%s", hop,
		    below(8) ? "10.0.0.5" : "192.0.2.3");
		if (below(12))
			enqueue(log, time, hop, below(8) ? msgid : new_msgid(log));
		if (below(3))
			judge(log, time - 6 + below(20), msgid, id, hop);
		snprintf(next, sizeof(next), "relay_ip=%s next_qid=Q%u",
		    below(8) ? below(8) ? "10.0.0.5" : "127.0.0.1" : "203.0.113.5", hop);
		end = time + 1 + below(below(8) ? 60 : 900);
		deliver(log, end, id, "smtp", next);
		say(log, end + below(8), "removed daemon=qmgr qid=Q%u", id);
	}
	finish(log, time + below(10), id);
}

/* Forwarded by local, or bounced: nothing but cleanup opens the new message. */
static void
forwarded(struct made *log, unsigned time)
{
	unsigned id = submit(log, time, log->ids), hop = new_id(log);
	char next[64];

	enqueue(log, time + 9, hop, log->ids);
	snprintf(next, sizeof(next), "next_qid=Q%u", hop);
	deliver(log, time + 10 + below(4), id, below(2) ? "local" : "smtp", next);
	say(log, time + 15, "removed daemon=qmgr qid=Q%u", id);
	finish(log, time + 11 + below(9), hop);
}

static void
login(struct made *log, unsigned time)
{
	unsigned pid = below(6), ip = below(5), total = below(5);

	say(log, time, "connect daemon=smtpd pid=%u ip=192.0.2.%u", pid, ip);
	for (unsigned n = below(3); n; n--)
		say(log, time + below(9), "%s daemon=smtpd pid=%u ip=192.0.2.%u user=u%u",
		    below(2) ? "auth_failure" : "auth_abort", pid, ip, below(3));
	if (below(3) == 0)
		say(log, time + 9, "abort daemon=smtpd pid=%u stage=AUTH", pid);
	if (below(4))
		say(log, time + 10,
		    "disconnect daemon=smtpd pid=%u ip=192.0.2.%u commands='auth=%u/%u'", pid,
		    ip, below(total + 1), total);
	if (below(3) == 0)
		say(log, time + below(20),
		    "auth_failure daemon=imap-login pid=80 ip=192.0.2.%u", ip);
}

#define AUTH "auth_failure daemon=dovecot stage=auth text=x ip=192.0.2.%u user=u%u "

/* An attempt that auth and smtpd tell of, one of them, or more than one. */
static void
asked(struct made *log, unsigned time)
{
	unsigned ip = below(3), user = below(2), tellers = 1 + below(3);

	for (unsigned n = 1 + below(3); n; n--, time += below(9)) {
		unsigned pid = below(6), later = below(3) ? 2 : below(4000);

		if (tellers & 1)
			say(log, time + below(2), "%s daemon=dovecot stage=auth text=x "
			    "ip=192.0.2.%u user=u%u count=%u",
			    below(3) ? "auth_failure" : "auth_error", ip, user, 1 + below(2));
		if (tellers & 2 && below(3) == 0)
			say(log, time + later,
			    "auth_error daemon=smtpd pid=%u %s", pid,
			    below(2) ? "text='SASL: x'" : "reason=temp text=x");
		if (tellers & 2)
			say(log, time + later, "%s daemon=smtpd pid=%u ip=192.0.2.%u user=u%u",
			    below(4) ? "auth_failure" : "auth_error", pid, ip, user);
	}
}

/* A session of an IMAP login process, with its end or without. */
static void
imap(struct made *log, unsigned time)
{
	unsigned ip = below(5), session = log->ids++, start = time, tries = below(5);

	for (unsigned n = tries; n; n--, time += below(200))
		if (below(4))
			say(log, time + below(8), AUTH "session=S%u", ip, below(3), session);
	if (below(3))
		say(log, time + 1, "%s daemon=imap-login ip=192.0.2.%u session=S%u attempts=%u"
		    " seconds=%u", below(3) ? "auth_failure" : "auth_abort", ip, session,
		    tries, (time + 1 - start) / rate);
	else
		say(log, time + 1, "%s daemon=imap-login ip=192.0.2.%u session=S%u",
		    below(3) ? "auth_failure" : "auth_success", ip, session);
}

#define SCREENED "daemon=postscreen pid=5 ip=192.0.2.%u port=%u"

static void
greylisted(struct made *log, unsigned time, unsigned ip, unsigned port)
{
	for (unsigned n = 1 + below(2); n; n--)
		say(log, time + below(3), "ps_reject " SCREENED " stage=RCPT code=450 "
		    "reason=greylist", ip, port);
	if (below(2))
		say(log, time + 4, "ps_pass " SCREENED " action=new", ip, port);
	say(log, time + 5, "ps_disconnect " SCREENED, ip, port);
}

static void
screened(struct made *log, unsigned time)
{
	static const char *const tests[] = {
		"ps_pregreet", "ps_dnsbl", "ps_violation", "ps_hangup", "ps_limit"};
	static const char *const ends[] = {
		"ps_pass", "ps_pass", "ps_list", "ps_disconnect", "connect"};
	unsigned ip = below(7), port = 1000 + below(400), which = below(5);

	say(log, time, "ps_connect " SCREENED " server_ip=203.0.113.1", ip, port);
	time += below(8);
	if (below(3) == 0) {
		greylisted(log, time, ip, port);
		return;
	}
	if (below(2))
		say(log, time, "%s " SCREENED " action=pipelining", tests[below(5)], ip, port);
	time += 1 + below(8);
	if (which == 4)
		say(log, time, "connect daemon=smtpd pid=%u ip=192.0.2.%u", below(6), ip);
	else
		say(log, time, "%s " SCREENED " action=%s", ends[which], ip, port,
		    which == 2 ? "allow" : which ? "old" : "new");
}

/* Seconds in six digits, and lines in an order that is stable by what they hold. */
static void
make_log(struct made *log, unsigned flows, unsigned span)
{
	static void (*const kinds[])(struct made *, unsigned) = {
		mail, mail, filtered, filtered_afar, piped, piped, forwarded, login, asked,
		imap, screened, screened, screened};
	unsigned from = 0, count = sizeof(kinds) / sizeof(*kinds);

	/* Where there are few, they are of few kinds: so they meet. */
	if (flows < 20) {
		from = below(count);
		count = 1 + below(count - from);
	}
	*log = (struct made){.count = 0};
	for (unsigned i = 0; i < flows; i++)
		kinds[from + below(count)](log, 100 + below(span));
	/* glibc's qsort of pointers merges: lines of one second stay in order. */
	qsort(log->lines, log->count, sizeof(*log->lines), by_time);
}

static void
late_and_set(struct made *log)
{
	disorder(log);
	set_clocks(log);
}

static void
made_up(unsigned number, unsigned flows, unsigned span, unsigned ids)
{
	static const struct {
		const char *name;
		unsigned rate;
		void (*change)(struct made *log);
	} clocks[] = {{"log", 1, NULL}, {"fast log", 60, NULL}, {"late log", 1, disorder},
	    {"log with its clock set", 30, set_clocks},
	    {"late log with its clock set", 30, late_and_set}};
	struct made log;
	char name[64];

	for (unsigned i = 0; i < sizeof(clocks) / sizeof(*clocks); i++) {
		seed = number;
		rate = clocks[i].rate;
		reused = ids;
		make_log(&log, flows, span);
		if (log.count == 0)
			continue;
		if (clocks[i].change)
			clocks[i].change(&log);
		snprintf(name, sizeof(name), "%s %u", clocks[i].name, number);
		cut_everywhere(&log, name);
	}
}

/* What guesses may be wrong about: nothing else depends on where they are cut. */
static void
copies(unsigned number)
{
	static void (*const kinds[])(struct made *, unsigned) = {
		piped, filtered, mail, forwarded, filtered_afar, login, screened};
	struct made log = {.count = 0};
	char name[64];

	seed = number;
	rate = 1;
	reused = 900;
	msgids = 1 + below(3);
	guesses = true;
	for (unsigned flows = 4 + below(16), span = 20u << below(8); flows; flows--)
		kinds[below(2) ? 0 : below(7)](&log, 100 + below(span));
	qsort(log.lines, log.count, sizeof(*log.lines), by_time);
	snprintf(name, sizeof(name), "beside copies, log %u", number);
	cut_everywhere(&log, name);
	msgids = 0;
	guesses = false;
}

/* A 450 a minute after a PASS NEW takes it back, and its own DISCONNECT does not. */
static void
pass_in_doubt(void)
{
	struct made log = {.count = 0};

	say(&log, 336, "ps_reject " SCREENED " stage=RCPT code=450 reason=greylist", 6u,
	    1253u);
	say(&log, 340, "ps_disconnect " SCREENED, 6u, 1253u);
	say(&log, 549, "ps_pass " SCREENED " action=new", 6u, 1379u);
	say(&log, 594, "ps_connect " SCREENED " server_ip=203.0.113.1", 7u, 1000u);
	say(&log, 609, "ps_reject " SCREENED " stage=RCPT code=450 reason=greylist", 6u,
	    1111u);
	say(&log, 611, "ps_pass " SCREENED " action=new", 6u, 1111u);
	say(&log, 612, "ps_disconnect " SCREENED, 6u, 1111u);
	say(&log, 759, "ps_list " SCREENED " action=allow", 6u, 1393u);
	cut_everywhere(&log, "a pass in doubt");
}

/* A line that is absorbed takes what its process said before, and the next one does not. */
static void
unasked_once(void)
{
	struct made log = {.count = 0};

	say(&log, 608, AUTH "count=2", 0u, 1u);
	say(&log, 612, "auth_error daemon=smtpd pid=0 text='SASL: x'");
	say(&log, 612, "auth_failure daemon=smtpd pid=0 ip=192.0.2.0 user=u1");
	say(&log, 612, "auth_failure daemon=smtpd pid=0 ip=192.0.2.1 user=u0");
	cut_everywhere(&log, "one who was not asked");
}

/* A pass that was written down late is behind the 450 in the log, by pieces, too. */
static void
late_pass(void)
{
	struct made log = {.count = 0};

	say(&log, 134, "ps_reject " SCREENED " stage=RCPT code=450 reason=greylist", 2u,
	    1282u);
	say(&log, 130, "ps_pass " SCREENED " action=old", 2u, 1158u);
	say(&log, 150, "ps_reject " SCREENED " stage=RCPT code=450 reason=greylist", 2u,
	    1283u);
	cut_everywhere(&log, "a late pass");
}

/* A verdict on a message whose id is used again, and which a later piece has closed. */
static void
verdict_behind(void)
{
	struct made log = {.count = 0};

	say(&log, 504, "accept daemon=smtpd pid=3 qid=Q0 ip=192.0.2.2");
	say(&log, 505, "message_id daemon=cleanup qid=Q0 msgid=<m3@a.example>");
	say(&log, 514, "delivery daemon=pipe qid=Q0 recipient=r0@b.example status=sent");
	say(&log, 704, "accept daemon=smtpd pid=1 qid=Q0 ip=192.0.2.0");
	say(&log, 741, "spam_verdict daemon=amavis qid=Q0 next_qid=Q1 msgid=<m3@a.example> "
	    "verdict=infected score=3");
	cut_everywhere(&log, "a verdict behind");
}

/* A hop that was named, by a message from before, and was removed before it was queued. */
static void
hop_in_vain(void)
{
	struct made log = {.count = 0};

	say(&log, 109, "queued daemon=qmgr qid=Q0 sender=s2@a.example size=121 nrcpt=1");
	say(&log, 115, "accept daemon=smtpd pid=9 qid=Q1 ip=127.0.0.1");
	deliver(&log, 119, 0, "smtp", "relay_ip=127.0.0.1 next_qid=Q1");
	say(&log, 127, "removed daemon=qmgr qid=Q1");
	cut_everywhere(&log, "a hop in vain");
}

/* Back from a filter at RELAY with MSGID, and out again long before the filter answers. */
static void
answered_late(const char *relay, unsigned msgid)
{
	struct made log = {.count = 0};
	char next[64];

	say(&log, 100, "accept daemon=smtpd qid=Q1 ip=192.0.2.1");
	enqueue(&log, 100, 1, 7);
	for (unsigned id = 2; id < 7; id++) {
		/* Long after the piece began, so that it does not wait for verdicts there. */
		say(&log, 100 * id - 80, "accept daemon=smtpd qid=Q%u ip=%s", id,
		    id == 4 ? "10.0.0.5" : "192.0.2.2");
		if (id == 4)
			enqueue(&log, 320, id, msgid);
		say(&log, 100 * id - 70, "removed daemon=qmgr qid=Q%u", id);
	}
	snprintf(next, sizeof(next), "relay_ip=%s next_qid=Q4", relay);
	deliver(&log, 700, 1, "smtp", next);
	say(&log, 701, "removed daemon=qmgr qid=Q1");
	cut_everywhere(&log, "a filter that answers late");
}

/*
 * Of two messages with one Message-ID the older one's filter, on another host, names what it
 * put back; the younger one's calls sendmail.
 */
static void
named_meanwhile(void)
{
	struct made log = {.count = 0};

	say(&log, 100, "accept daemon=smtpd qid=Q1 ip=192.0.2.1");
	enqueue(&log, 100, 1, 7);
	say(&log, 110, "accept daemon=smtpd qid=Q2 ip=192.0.2.2");
	enqueue(&log, 110, 2, 7);
	say(&log, 120, "accept daemon=smtpd qid=Q3 ip=10.0.0.5");
	enqueue(&log, 120, 3, 7);
	deliver(&log, 130, 1, "smtp", "relay_ip=10.0.0.5 next_qid=Q3");
	say(&log, 131, "removed daemon=qmgr qid=Q1");
	deliver(&log, 140, 2, "pipe", "");
	say(&log, 141, "removed daemon=qmgr qid=Q2");
	say(&log, 142, "submitted daemon=pickup qid=Q4 uid=500 sender=w@a.example");
	enqueue(&log, 142, 4, 7);
	finish(&log, 150, 3);
	finish(&log, 160, 4);
	cut_everywhere(&log, "a hop named meanwhile");
}

/* Tables that hold a few: some of these logs fill them, in pieces or as a whole. */
static void
in_little_room(unsigned number)
{
	struct track_limits all = made_limits;
	struct made log;
	char name[64];

	seed = number;
	rate = 1;
	reused = 97;
	make_log(&log, 2 + below(30), 20u << below(10));
	made_limits = (struct track_limits){3 + below(20), 3 + below(20), 3 + below(20),
	    3 + below(20)};
	if (below(3) == 0 && log.count)
		set_clocks(&log);
	snprintf(name, sizeof(name), "in little room, log %u", number);
	guesses = true;
	if (log.count)
		cut_everywhere(&log, name);
	guesses = false;
	made_limits = all;
}

int
main(int argc, char **argv)
{
	log_shows_lines = true;
	unsigned last = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 6;
	unsigned first = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 1;

	for (unsigned number = first; number <= last; number++) {
		made_up(number, number % 2 ? 30 : 60, number % 3 ? 900 : 5000, 97);
		made_up(number, 2 + number % 9, 20u << number % 7, 3 + number % 11);
	}
	ok(joins[0] > joins[1], "%u joined pieces go on, %u do not", joins[0], joins[1]);
	for (unsigned number = first; number <= last; number++) {
		copies(number);
		for (unsigned i = 0; i < 20; i++)
			in_little_room(20 * number + i);
	}
	pass_in_doubt();
	unasked_once();
	late_pass();
	verdict_behind();
	hop_in_vain();
	answered_late("10.0.0.5", 7);
	answered_late("127.0.0.1", 7);
	answered_late("10.0.0.5", 8);
	answered_late("127.0.0.1", 8);
	named_meanwhile();
	return tap_done();
}
