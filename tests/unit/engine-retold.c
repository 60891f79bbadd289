/* SPDX-License-Identifier: Apache-2.0
 *
 * What several inputs tell is one event, wherever they lie; what only looks alike is two.
 * Read in one go, followed, and followed by a process that goes on with what another saw.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/civil.h"
#include "engine/engine.h"
#include "tap.h"

#define LOGS 3

static char dir[] = "/tmp/engine-retold-XXXXXX";
static char *paths[LOGS];
static struct buf logs[LOGS];

#define QID "1xUNRD-00001l-0A"
#define ARRIVED QID " <= s@a.test H=(pc) [192.0.2.1] P=smtp S=413"
#define LEFT QID " => r@b.test R=local T=maildir"
#define RCPT "H=(pc) [192.0.2.1] F=<s@a.test> rejected RCPT <r@b.test>: relay not permitted"
/* Of one connection, as it is logged with +incoming_port and +incoming_interface. */
#define RCPT_AT(client, server)                                                             \
	"H=(pc) [192.0.2.1]:" client " I=[" server "]:25 F=<s@a.test> "                     \
	"rejected RCPT <r@b.test>: relay not permitted"
#define WARNED "warning: unknown[192.0.2.1]: SASL LOGIN authentication failed: no"

static void
begin(void)
{
	for (unsigned i = 0; i < LOGS; i++)
		buf_clear(&logs[i]);
}

/* A line of Exim's own log. */
static void
own(unsigned log, int second, const char *message)
{
	buf_printf(&logs[log], "2026-11-05 00:%02d:%02d %s\n", second / 60, second % 60,
	    message);
}

/* A line as HOST's syslog writes it. */
static void
sys(unsigned log, int second, const char *host, const char *tag, const char *message)
{
	buf_printf(&logs[log], "Nov  5 00:%02d:%02d %s %s: %s\n", second / 60,
	    second % 60, host, tag, message);
}

static void
write_logs(const size_t from[LOGS], const size_t to[LOGS])
{
	for (unsigned i = 0; i < LOGS; i++) {
		FILE *file = fopen(paths[i], from[i] ? "a" : "w");

		fwrite(logs[i].p + from[i], 1, to[i] - from[i], file);
		fclose(file);
	}
}

struct told {
	char *words[65536];
	size_t count;
};

static struct told told;

static bool
tell(void *context, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	(void)context, (void)symbols, (void)sources;
	if ((kind_is_derived(ev->kind) && ev->kind != KIND_message) ||
	    told.count == sizeof(told.words) / sizeof(*told.words))
		return true;
	told.words[told.count++] = ev->weight == 1 ?
	    xstrdup(event_enum_name(FIELD_kind, ev->kind)) :
	    xasprintf("%s*%u", event_enum_name(FIELD_kind, ev->kind), ev->weight);
	return true;
}

static int
by_word(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* What was told since last time, in the order of the alphabet. */
static void
check_told(const char *want, const char *what)
{
	struct buf text = BUF_INIT(BUF_UNLIMITED);

	qsort(told.words, told.count, sizeof(*told.words), by_word);
	for (size_t i = 0; i < told.count; i++) {
		buf_printf(&text, "%s ", told.words[i]);
		free(told.words[i]);
	}
	told.count = 0;
	is_text(text.len ? text.p : "", text.len, want, what);
	buf_done(&text);
}

static void
scan(run_each *each, void *context, bool turned)
{
	const char *names[LOGS];
	struct run_settings settings = {.names = names, .name_count = LOGS,
	    .since = INT64_MIN, .until = INT64_MAX, .year = 2026};
	struct run_result *result;
	struct err err;

	for (unsigned i = 0; i < LOGS; i++)
		names[i] = paths[turned ? LOGS - 1 - i : i];
	if (run_scan(&settings, each, context, &result, &err) < 0)
		ok(false, "%s", err.text);
	else
		run_result_free(result);
}

static void
check_scan(const char *want, const char *what)
{
	static const size_t start[LOGS];
	size_t ends[LOGS];

	for (unsigned i = 0; i < LOGS; i++)
		ends[i] = logs[i].len;
	write_logs(start, ends);
	scan(tell, NULL, false);
	check_told(want, what);
	scan(tell, NULL, true);
	check_told(want, what);
}

static struct live *
follow(struct live *before)
{
	struct live_settings settings = {.names = (const char *const *)paths,
	    .name_count = LOGS, .from_start = true, .year = 2026, .since = INT64_MIN,
	    .each = tell};
	struct live *live;
	struct err err;

	if (before)
		settings.from_count = live_positions(before, &settings.from);
	if (live_open(&settings, &live, &err) < 0) {
		printf("Bail out! %s\n", err.text);
		exit(1);
	}
	live_close(before);
	return live;
}

static bool
seed(void *context, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	if (!kind_is_derived(ev->kind))
		live_seed(context, ev, symbols, sources);
	return true;
}

/*
 * Followed: the logs grow by turns, a line each. With ANEW another process goes on with them
 * after each line, from what the one before had told.
 */
static void
check_follow(const char *want, bool anew, const char *what)
{
	size_t from[LOGS] = {0}, to[LOGS] = {0};
	struct live *live;
	bool more = true;

	write_logs(from, to);
	live = follow(NULL);
	while (more) {
		more = false;
		for (unsigned i = 0; i < LOGS; i++) {
			struct str rest = str_from(buf_view(&logs[i]), to[i]);

			str_cut(&rest, '\n');
			to[i] = logs[i].len - rest.len;
			more |= rest.len > 0;
			write_logs(from, to);
			from[i] = to[i];
			live_read(live);
			if (!anew)
				continue;
			live = follow(live);
			scan(seed, live, false);
		}
	}
	live_close(live);
	check_told(want, what);
}

static void
test_syslog(void)
{
	begin();
	sys(0, 1, "mx", "postfix/smtpd[7]", "connect from unknown[192.0.2.1]");
	sys(0, 1, "mx", "postfix/smtpd[7]", WARNED);
	sys(1, 1, "mx", "postfix/smtpd[7]", WARNED);
	sys(0, 1, "mx", "postfix/smtpd[7]", WARNED);
	sys(1, 1, "mx", "postfix/smtpd[7]", WARNED);
	sys(2, 2, "mx", "postfix/smtpd[7]", WARNED);
	check_scan("auth_failure auth_failure connect ",
	    "mail.log, mail.warn, and the journal's");

	begin();
	sys(0, 1, "mx", "postfix/smtpd[7]", WARNED);
	sys(1, 1, "my", "postfix/smtpd[7]", WARNED);
	sys(2, 1, "mx", "postfix/smtpd[8]", WARNED);
	sys(1, 4, "mx", "postfix/smtpd[7]", WARNED);
	check_scan("auth_failure auth_failure auth_failure auth_failure ",
	    "another host, another process, another time");

	begin();
	sys(0, 1, "mx", "postfix/smtpd[7]", WARNED);
	sys(0, 1, "mx", "postfix/smtpd[7]", WARNED);
	sys(0, 1, "mx", "postfix/smtpd[7]", WARNED);
	sys(1, 1, "mx", "postfix/smtpd[7]", WARNED);
	sys(1, 5, "mx", "postfix/smtpd[7]", "message repeated 3 times: [ " WARNED "]");
	check_scan("auth_failure auth_failure auth_failure auth_failure ",
	    "a repeat of which some were told");
}

static void
test_exim(void)
{
	begin();
	own(0, 1, RCPT);
	own(0, 1, RCPT);
	own(0, 2, ARRIVED);
	own(0, 3, LEFT);
	own(0, 3, QID " Completed");
	own(0, 4, RCPT);
	sys(1, 1, "mx", "exim[3]", RCPT);
	sys(1, 1, "mx", "exim[3]", RCPT); /* of the reject log */
	sys(1, 1, "mx", "exim[4]", RCPT);
	sys(1, 1, "mx", "exim[4]", RCPT);
	sys(1, 2, "mx", "exim[3]", ARRIVED);
	sys(1, 4, "mx", "exim[3]", LEFT);
	sys(1, 4, "mx", "exim[3]", QID " Completed");
	sys(1, 4, "mx", "exim[3]", RCPT);
	check_scan("accept delivery message policy policy policy removed ",
	    "Exim's main log and its syslog copy");

	begin();
	own(0, 1, RCPT);
	sys(1, 1, "mx", "exim[3]", RCPT);
	own(2, 1, RCPT);
	own(2, 2, LEFT);
	check_scan("delivery message policy policy policy ",
	    "nothing says that they are of one server");

	begin();
	own(0, 1, ARRIVED);
	own(0, 2, RCPT);
	own(1, 2, RCPT);
	sys(2, 1, "mx", "exim[3]", ARRIVED);
	sys(2, 2, "mx", "exim[3]", RCPT);
	sys(2, 2, "my", "exim[3]", RCPT);
	check_scan("accept message policy policy policy ",
	    "a central log, one host's own, another's own");

	begin();
	own(0, 1, ARRIVED);
	own(1, 1, ARRIVED);
	own(0, 2, RCPT);
	own(1, 2, RCPT);
	check_scan("accept message policy ", "a copy of a part of a main log");
}

/* Logs of refusals alone, without ids: both ends of a connection are one server's. */
static void
test_connections(void)
{
	begin();
	own(0, 1, RCPT_AT("4711", "192.0.2.9"));
	own(0, 1, RCPT);
	own(0, 2, RCPT_AT("4712", "192.0.2.9"));
	sys(1, 1, "mx", "exim[3]", RCPT_AT("4711", "192.0.2.9"));
	sys(1, 1, "mx", "exim[3]", RCPT);
	sys(1, 2, "mx", "exim[4]", RCPT_AT("4712", "192.0.2.9"));
	own(2, 1, RCPT_AT("4711", "192.0.2.9"));
	own(2, 1, RCPT);
	own(2, 3, RCPT_AT("4713", "192.0.2.9"));
	check_scan("policy policy policy policy ", "refusals of one server's connections");

	begin();
	own(0, 1, RCPT_AT("4711", "10.0.0.9"));
	own(1, 1, RCPT_AT("4711", "10.0.0.9"));
	own(1, 2, RCPT_AT("4712", "10.0.0.9"));
	own(2, 1, RCPT_AT("4711", "192.0.2.9"));
	check_scan("policy policy policy policy ",
	    "of servers whose addresses others may have, too");

	begin();
	own(0, 1, RCPT_AT("4711", "192.0.2.9"));
	own(0, 2, RCPT);
	sys(1, 1, "mx", "exim[3]", RCPT_AT("4711", "192.0.2.9"));
	sys(1, 2, "mx", "exim[3]", RCPT);
	sys(1, 5, "mx", "exim[4]", RCPT);
	check_follow("policy policy policy ", false, "refusals, followed");
	check_follow("policy policy policy ", true, "refusals, followed on by others");
}

static void
test_follow(void)
{
	begin();
	own(0, 2, ARRIVED);
	own(0, 3, LEFT);
	own(0, 3, QID " Completed");
	own(0, 4, RCPT);
	own(0, 4, RCPT);
	sys(1, 2, "mx", "exim[3]", ARRIVED);
	sys(1, 4, "mx", "exim[3]", LEFT);
	sys(1, 4, "mx", "exim[3]", QID " Completed");
	sys(1, 4, "mx", "exim[3]", RCPT);
	sys(1, 4, "mx", "exim[4]", RCPT);
	sys(1, 5, "mx", "exim[4]", RCPT);
	check_follow("accept delivery policy policy removed ", false, "followed");
	check_follow("accept delivery policy policy removed ", true,
	    "followed on by others");
}

/* What outsiders can make alike without end costs no more for it. */
static void
test_flood(void)
{
	struct buf want = BUF_INIT(BUF_UNLIMITED);

	begin();
	for (int i = 0; i < 20000; i++) {
		char tag[32];

		snprintf(tag, sizeof(tag), "postfix/smtpd[%d]", 100 + i % 200);
		sys(0, 1 + i / 5000, "mx", tag, WARNED);
		sys(1, 1 + i / 5000, "mx", tag, WARNED);
		buf_printf(&want, "auth_failure ");
	}
	buf_char(&want, '\0');
	check_scan(want.p, "thousands alike");
	buf_done(&want);
}

int
main(void)
{
	static const char *const names[LOGS] = {"a/mainlog", "b/mail.log", "c/other.log"};
	struct err err;

	zone_set("UTC", &err);
	if (!mkdtemp(dir))
		return 1;
	for (unsigned i = 0; i < LOGS; i++) {
		char *folder = xasprintf("%s/%c", dir, names[i][0]);

		mkdir(folder, 0700);
		free(folder);
		paths[i] = xasprintf("%s/%s", dir, names[i]);
		logs[i] = (struct buf)BUF_INIT(BUF_UNLIMITED);
	}
	test_syslog();
	test_exim();
	test_connections();
	test_follow();
	test_flood();
	for (unsigned i = 0; i < LOGS; i++) {
		unlink(paths[i]);
		*strrchr(paths[i], '/') = '\0';
		rmdir(paths[i]);
		free(paths[i]);
		buf_done(&logs[i]);
	}
	rmdir(dir);
	return tap_done();
}
