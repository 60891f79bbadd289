/* SPDX-License-Identifier: Apache-2.0
 *
 * Logs that fill what tracking holds, or in which things come again after a long time, derive
 * what they derive uncut wherever they are cut. Where a bound is reached uncut it must be
 * known: then the log is tracked in the same pieces by however many threads.
 */
#include "unit/track-log.h"

struct made {
	char **lines;
	size_t count, room;
};

__attribute__((format(printf, 2, 3))) static void
say(struct made *log, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	MEM_GROW(log->lines, log->count, log->room);
	if (vasprintf(&log->lines[log->count], format, args) >= 0)
		log->count++;
	va_end(args);
}

/* LOG from line FROM up to TO as a piece. */
static void
begin(struct log_piece *piece, const struct made *log, const struct track_limits *limits,
    size_t from, size_t to)
{
	log_begin(piece, limits, from == 0);
	log_feed(piece, (const char *const *)log->lines + from, to - from);
}

/* Tracked in pieces of STEP lines but for the first, of AT, as the engine does it. */
static char *
in_pieces(const struct made *log, const struct track_limits *limits, size_t at, size_t step)
{
	struct log_piece into, next;

	begin(&into, log, limits, 0, at);
	for (size_t from = at, to; from < log->count; from = to) {
		to = log->count - from < step ? log->count : from + step;
		begin(&next, log, limits, from, to);
		if (track_continues(into.track, next.track)) {
			log_join(&into, &next);
			continue;
		}
		free(log_end(&next, 0));
		log_feed(&into, (const char *const *)log->lines + from, log->count - from);
		break;
	}
	return log_end(&into, -86400);
}

/* Is LOG with at most MOST cuts, in pieces of STEP lines behind them, what it is uncut? */
static void
cut(struct made *log, const struct track_limits *limits, size_t most, size_t step,
    const char *name)
{
	size_t every = log->count / most + 1;
	struct log_piece all;
	bool had_room, same = true;
	char *whole;

	begin(&all, log, limits, 0, log->count);
	had_room = track_had_room(all.track);
	whole = log_end(&all, -86400);
	for (size_t at = 1; had_room && same && at < log->count; at += every) {
		char *got = in_pieces(log, limits, at, step);

		same = strcmp(got, whole) == 0;
		if (!same)
			printf("# cut at %zu of %zu\n", at, log->count);
		if (!same && log->count < 100)
			printf("# uncut:\n%s# cut:\n%s", whole, got);
		free(got);
	}
	ok(same, "%s, %s", name, had_room ? "cut anywhere" : "for which there was no room");
	for (size_t i = 0; i < log->count; i++)
		free(log->lines[i]);
	free(log->lines);
	free(whole);
}

static void
cut_default(struct made *log, size_t most, const char *name)
{
	cut(log, &track_limits_default, most, SIZE_MAX, name);
}

#define SCREENED "daemon=postscreen pid=5 ip=192.0.2.%u port=%u"

/* Whether a day without a word is over does not depend on who came when. */
static void
session_forgotten(void)
{
	struct made log = {.count = 0};

	say(&log, "100 ps_connect " SCREENED " server_ip=203.0.113.1", 3u, 1000u);
	say(&log, "100 ps_connect " SCREENED " server_ip=203.0.113.1", 1u, 1000u);
	say(&log, "90000 ps_list " SCREENED " action=allow", 2u, 1000u);
	say(&log, "90010 ps_disconnect " SCREENED, 1u, 1000u);
	cut(&log, &track_limits_default, 4, 1, "a session of yesterday");
}

/* Nor what became of it then, where the period that is asked for ends before. */
static void
session_forgotten_failing(void)
{
	struct made log = {.count = 0};

	say(&log, "100 ps_connect " SCREENED " server_ip=203.0.113.1", 3u, 1000u);
	say(&log, "100 ps_connect " SCREENED " server_ip=203.0.113.1", 1u, 1000u);
	say(&log, "101 ps_pregreet " SCREENED, 1u, 1000u);
	say(&log, "90000 ps_list " SCREENED " action=allow", 2u, 1000u);
	cut(&log, &track_limits_default, 4, 1, "a failed session of yesterday");
}

/* A session that began and ended in one piece ends the one before it with its port. */
static void
port_again(void)
{
	struct made log = {.count = 0};

	say(&log, "100 ps_pregreet " SCREENED, 1u, 1000u);
	say(&log, "101 ps_connect " SCREENED " server_ip=203.0.113.1", 1u, 1000u);
	say(&log, "102 ps_disconnect " SCREENED, 1u, 1000u);
	say(&log, "103 ps_pregreet " SCREENED, 1u, 1000u);
	say(&log, "104 ps_connect " SCREENED " server_ip=203.0.113.1", 1u, 1000u);
	say(&log, "105 ps_disconnect " SCREENED, 1u, 1000u);
	cut_default(&log, 6, "a port that is used again");
}

/* Two of one client failed tests, of one of which nobody saw the beginning; smtpd gets one. */
static void
beginning_unseen(void)
{
	struct made log = {.count = 0};

	say(&log, "80 ps_connect " SCREENED " server_ip=203.0.113.1", 1u, 900u);
	say(&log, "80 ps_disconnect " SCREENED, 1u, 900u);
	say(&log, "90 ps_connect " SCREENED " server_ip=203.0.113.1", 1u, 1000u);
	say(&log, "97 ps_pregreet " SCREENED, 1u, 2000u);
	say(&log, "98 ps_pregreet " SCREENED, 1u, 1000u);
	say(&log, "99 connect daemon=smtpd pid=7 ip=192.0.2.1");
	say(&log, "100 ps_reject " SCREENED " code=550 stage=RCPT", 1u, 2000u);
	cut_default(&log, 7, "a session that nobody saw begin");
}

/* More sessions of one client that failed tests than are looked at, which smtpd then gets. */
static void
failing_together(unsigned count)
{
	struct made log = {.count = 0};

	for (unsigned n = 0; n < count; n++) {
		say(&log, "100 ps_connect " SCREENED " server_ip=203.0.113.1", 1u, 1000 + n);
		say(&log, "101 ps_pregreet " SCREENED, 1u, 1000 + n);
	}
	for (unsigned n = 0; n < count; n++)
		say(&log, "103 connect daemon=smtpd pid=%u ip=192.0.2.1", n);
	cut_default(&log, 40, "sessions of one client that fail together");
}

#define ASKED "auth_failure daemon=dovecot stage=auth text=x ip=192.0.2.1 user=bob"

/* A session id that is used again is told of after it was summed up. */
static void
login_session_again(void)
{
	struct made log = {.count = 0};

	say(&log, "100 auth_failure daemon=imap-login ip=192.0.2.1 session=S attempts=1");
	say(&log, "300 " ASKED " session=S");
	say(&log, "500 " ASKED " session=T");
	say(&log, "510 auth_failure daemon=imap-login ip=192.0.2.1 session=S attempts=1");
	cut_default(&log, 4, "a login session that is told of again");
}

/* So many seconds with logins that only one has told of, before and behind the cut. */
static void
tellings(void)
{
	struct made log = {.count = 0};

	for (unsigned n = 0; n < 32; n++)
		say(&log, "%u " ASKED, 1000 + 2 * n + (n < 16 ? 0 : 400));
	for (unsigned n = 0; n < 40; n++)
		say(&log, "%u auth_failure daemon=smtpd pid=7 ip=192.0.2.1 user=bob",
		    1600 + n);
	cut_default(&log, 72, "logins that wait to be told of");
}

/* A fifth PASS NEW within a minute, and the first one's DISCONNECT. */
static void
passes(void)
{
	struct made log = {.count = 0};

	say(&log, "100 ps_reject " SCREENED " stage=RCPT code=450 reason=greylist", 1u, 1u);
	for (unsigned n = 0; n < 5; n++)
		say(&log, "%u ps_pass " SCREENED " action=new", 110 + n, 1u, 10 + n);
	for (unsigned n = 0; n < 5; n++)
		say(&log, "%u ps_disconnect " SCREENED, 120 + n, 1u, 10 + n);
	cut_default(&log, 20, "passes in doubt");
}

/* A piece cannot know that nobody waits for clients that pass: they make none forgotten. */
static void
passes_of_many(unsigned count)
{
	static const struct track_limits small = {99, 99, 99, 6};
	struct made log = {.count = 0};

	for (unsigned n = 0; n < 3; n++)
		say(&log, "100 ps_reject " SCREENED " stage=RCPT code=450 reason=greylist", n,
		    1u);
	for (unsigned n = 0; n < count; n++) {
		say(&log, "%u ps_connect " SCREENED " server_ip=203.0.113.1", 300 + n, 10 + n,
		    1u);
		say(&log, "%u ps_pass " SCREENED " action=new", 300 + n, 10 + n, 1u);
	}
	for (unsigned n = 0; n < 3; n++)
		say(&log, "%u ps_pass " SCREENED " action=old", 800 + n, n, 2u);
	cut(&log, &small, 40, SIZE_MAX, "clients that pass");
}

static void
submit(struct made *log, unsigned time, unsigned id, unsigned msgid)
{
	say(log, "%u submitted daemon=pickup qid=Q%u uid=%u sender=w@a.example", time, id, id);
	say(log, "%u message_id daemon=cleanup qid=Q%u msgid=<m%u@a.example>", time, id,
	    msgid);
	say(log, "%u queued daemon=qmgr qid=Q%u sender=w@a.example size=9 nrcpt=1", time, id);
}

static void
deliver(struct made *log, unsigned time, unsigned id, const char *how)
{
	say(log, "%u delivery qid=Q%u recipient=r@b.example status=sent %s", time, id, how);
	say(log, "%u removed daemon=qmgr qid=Q%u", time, id);
}

/* More messages wait for a hop than there was once room for; then the first hop is named. */
static void
lingering(void)
{
	struct made log = {.count = 0};

	submit(&log, 100, 1, 1);
	for (unsigned id = 2; id < 6000; id++) {
		submit(&log, 101 + id / 20, id, id);
		deliver(&log, 101 + id / 20, id, "daemon=local");
	}
	say(&log, "500 delivery daemon=smtp qid=Q1 recipient=r@b.example status=sent "
	    "relay_ip=127.0.0.1 next_qid=Q2");
	say(&log, "500 removed daemon=qmgr qid=Q1");
	cut_default(&log, 8, "messages that wait for their hops");
}

/*
 * Mail that programs hand in waits for the join of the pieces: the older ones may have sent it
 * to a filter. In all there are COUNT, of which within ten minutes there are but 600 / STEP.
 */
static void
undecided(unsigned count, unsigned step, const struct track_limits *limits)
{
	struct made log = {.count = 0};

	say(&log, "100 accept daemon=smtpd qid=Q1 ip=192.0.2.1");
	say(&log, "100 message_id daemon=cleanup qid=Q1 msgid=<m2@a.example>");
	say(&log, "100 queued daemon=qmgr qid=Q1 sender=w@a.example size=9 nrcpt=1");
	deliver(&log, 101, 1, "daemon=pipe");
	for (unsigned n = 0; n < count; n++) {
		submit(&log, 102 + n * step / 10, n + 2, n + 2);
		deliver(&log, 102 + n * step / 10, n + 2, "daemon=smtp");
	}
	cut(&log, limits, 8, SIZE_MAX, "messages that wait for the pieces before");
}

int
main(void)
{
	static const struct track_limits small = {100, 99, 99, 99};

	session_forgotten();
	session_forgotten_failing();
	port_again();
	beginning_unseen();
	failing_together(12);
	failing_together(40);
	login_session_again();
	tellings();
	passes();
	passes_of_many(4);
	passes_of_many(20);
	lingering();
	undecided(9000, 2, &track_limits_default);
	undecided(200, 100, &small);
	return tap_done();
}
