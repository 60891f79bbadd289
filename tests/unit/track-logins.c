/* SPDX-License-Identifier: Apache-2.0
 *
 * Login attempts that several lines tell of, however many of these there are and wherever the
 * log is cut: few clients, seconds about the windows in which one line absorbs another, and
 * lines and sums that stand in the log twice.
 * An argument says up to which number, another one from which.
 */
#include "unit/track-made.h"

/* Seconds later: at once, about the window of who asks, or of who was asked. */
static unsigned
later(void)
{
	static const unsigned windows[] = {0, 2, 3598};

	return windows[below(8) ? below(2) : 2] + below(4);
}

#define WHO "ip=192.0.2.%u user=u%u"

static void
service(struct made *log, unsigned time, unsigned ip)
{
	static const char *const kinds[] = {"auth_failure", "auth_failure", "auth_error",
	    "auth_abort"};

	say(log, time, "%s daemon=dovecot stage=auth text=x " WHO " count=%u",
	    kinds[below(4)], ip, below(2), 1 + (below(4) ? 0 : below(3)));
}

static void
smtpd(struct made *log, unsigned time, unsigned ip)
{
	static const char *const kinds[] = {"auth_failure", "auth_failure", "auth_error",
	    "auth_abort"};
	unsigned pid = below(3);

	if (below(6) == 0)
		say(log, time, "auth_error daemon=smtpd pid=%u text='SASL: x'", pid);
	say(log, time, "%s daemon=smtpd pid=%u " WHO, kinds[below(4)], pid, ip, below(2));
}

/* Attempts that one tells of, or both, in any order. */
static void
asked(struct made *log, unsigned time)
{
	unsigned ip = below(2), tellers = 1 + below(3);

	for (unsigned n = 1 + below(3); n; n--, time += later()) {
		unsigned first = time, second = time + later();

		if (tellers & 1)
			service(log, below(6) ? first : second, ip);
		if (tellers & 2)
			smtpd(log, below(6) ? second : first, ip);
	}
}

/* A connection with its sum, which may tell of more than its lines. */
static void
summed(struct made *log, unsigned time)
{
	unsigned pid = below(3), ip = below(2), tries = below(4);

	say(log, time, "connect daemon=smtpd pid=%u ip=192.0.2.%u", pid, ip);
	for (unsigned n = 0; n < tries; n++, time += later()) {
		if (below(3) == 0)
			service(log, time, ip);
		if (below(3))
			say(log, time + below(4), "auth_failure daemon=smtpd pid=%u " WHO, pid,
			    ip, below(2));
	}
	if (below(6) == 0)
		say(log, time, "abort daemon=smtpd pid=%u stage=AUTH", pid);
	say(log, time + 4, "disconnect daemon=smtpd pid=%u ip=192.0.2.%u "
	    "commands='auth=0/%u'", pid, ip, tries);
}

/* A session of an IMAP login process, told of before its sum or just after it. */
static void
session(struct made *log, unsigned time)
{
	unsigned ip = below(2), id = below(3), tries = 1 + below(3);

	for (unsigned n = tries; n; n--, time += below(3))
		if (below(4))
			say(log, time + later(), "auth_failure daemon=dovecot stage=auth "
			    "text=x " WHO " session=S%u", ip, below(2), id);
	say(log, time + 1, "%s daemon=imap-login ip=192.0.2.%u session=S%u attempts=%u",
	    below(4) ? "auth_failure" : "auth_abort", ip, id, tries);
}

/* Every RATE-th line stands there twice, some later. */
static void
double_lines(struct made *log, unsigned one_of)
{
	for (size_t i = 0, count = log->count; i < count && log->count < LINES_MAX; i++)
		if (below(one_of) == 0)
			say(log, (unsigned)strtoul(log->lines[i], NULL, 10) +
			    (below(3) ? 0 : later()), "%s", log->lines[i] + 7);
}

static void
late_and_set(struct made *log)
{
	disorder(log);
	set_clocks(log);
}

static void
made_up(unsigned number)
{
	static void (*const kinds[])(struct made *, unsigned) = {asked, summed, session};
	static void (*const changes[])(struct made *) = {NULL, disorder, set_clocks,
	    late_and_set};
	struct track_limits all = made_limits;
	struct made log = {.count = 0};
	unsigned span, from, count;
	char name[64];

	seed = number;
	from = below(3);
	count = 1 + below(3 - from);
	span = 4u << below(12);
	for (unsigned flows = 2 + below(12); flows; flows--)
		kinds[from + below(count)](&log, 100 + below(span));
	if (below(4) == 0)
		made_limits.connections = 1 + below(6);
	if (below(2))
		double_lines(&log, 1 + below(4));
	qsort(log.lines, log.count, sizeof(*log.lines), by_time);
	if (changes[number % 4])
		changes[number % 4](&log);
	snprintf(name, sizeof(name), "log %u", number);
	cut_everywhere(&log, name);
	made_limits = all;
}

int
main(int argc, char **argv)
{
	unsigned last = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 200;
	unsigned first = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 1;

	log_shows_lines = true;
	for (unsigned number = first; number <= last; number++)
		made_up(number);
	ok(joins[0] > joins[1], "%u joined pieces go on, %u do not", joins[0], joins[1]);
	return tap_done();
}
