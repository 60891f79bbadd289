/* SPDX-License-Identifier: Apache-2.0
 *
 * A log that is rotated every 100 ms while 20,000 lines a second are written to it
 * and its reader is restarted now and then, and kept from reading for some rotations, as
 * by other work. Renamed: every line once, in order.
 * Copied and truncated: every line that survives in some file once, in order, and
 * a notice wherever some do not. STORM=60: for so many seconds, not a few.
 */
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include "base/now.h"
#include "base/civil.h"
#include "input-kit.h"
#include "input/follow-room.h"

#define NAME "mail.log"
#define LINE_BYTES 100
#define LINES_AT_ONCE 20 /* every millisecond */
#define ROTATE_USEC 100000
#define RESTART_USEC 700000
#define LATE_USEC 350000 /* after every fourth restart */

static volatile sig_atomic_t reopen_wanted;

static void
want_reopen(int number)
{
	(void)number;
	reopen_wanted = 1;
}

static int
open_log(void)
{
	int fd = open(NAME, O_WRONLY | O_APPEND | O_CREAT, 0644);

	if (fd < 0)
		_exit(1);
	return fd;
}

/* Writes until USEC have passed; SIGHUP: opens the file anew, as syslogd does. */
static void
write_lines(int64_t usec)
{
	int64_t begin = now_monotonic(), now;
	unsigned number = 0;
	int fd = open_log();

	while ((now = now_monotonic() - begin) < usec) {
		while (number < (uint64_t)now * LINES_AT_ONCE / 1000) {
			char line[LINE_BYTES + 1];

			if (reopen_wanted) {
				reopen_wanted = 0;
				close(fd);
				fd = open_log();
			}
			snprintf(line, sizeof(line), "%08u %090d\n", ++number, 0);
			if (write(fd, line, LINE_BYTES) != LINE_BYTES)
				_exit(1);
		}
		usleep(1000);
	}
	_exit(0);
}

static bool
copy_file(const char *from, const char *to)
{
	static char bytes[65536];
	int in = open(from, O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	ssize_t n;

	while ((n = read(in, bytes, sizeof(bytes))) > 0)
		if (write(out, bytes, (size_t)n) != n)
			n = -1;
	close(in);
	return close(out) == 0 && n == 0;
}

/* What logrotate does, with delaycompress. */
static void
rotate(unsigned count, bool copying, pid_t writer)
{
	char from[32], to[32];

	for (unsigned i = count; i > 0; i--) {
		snprintf(from, sizeof(from), NAME ".%u.gz", i);
		snprintf(to, sizeof(to), NAME ".%u.gz", i + 1);
		rename(from, to);
		snprintf(from, sizeof(from), NAME ".%u", i);
		snprintf(to, sizeof(to), NAME ".%u", i + 1);
		rename(from, to);
	}
	if (copying) {
		if (!copy_file(NAME, NAME ".1"))
			_exit(1);
		if (count % 4 != 0)
			usleep(5000); /* in which lines are written that no copy has */
		if (truncate(NAME, 0) != 0)
			_exit(1);
	} else {
		rename(NAME, NAME ".1");
		close(open_log());
		kill(writer, SIGHUP);
	}
	if (count % 3 == 0 && system("gzip -1 " NAME ".2 2>/dev/null") != 0)
		return; /* there is none */
}

static void
rotate_often(bool copying, pid_t writer)
{
	for (unsigned count = 1; kill(writer, 0) == 0; count++) {
		usleep(ROTATE_USEC);
		rotate(count, copying, writer);
	}
	_exit(0);
}

struct storm {
	struct follow *follow;
	struct follow_position saved[FOLLOW_OPEN + 1];
	size_t saved_count;
	unsigned last;       /* line */
	uint64_t lines, missing, torn, restarts, possible, lost, faults;
	/*
	 * Notices of which no gap has come yet. A reader that is late by some rotations is
	 * told of the end of a copy before its first line, so of two ends at most.
	 */
	unsigned noticed;
	bool ordered, told;  /* no line came twice; no gap without notice */
	unsigned char *seen; /* by number */
};

#define NUMBERS 100000000u

/* The number of a whole line, or 0: part of one. */
static unsigned
line_number(struct str line)
{
	int64_t number;

	return line.len == LINE_BYTES - 1 && str_number(str_head(line, 8), &number) ?
	    (unsigned)number : 0;
}

static void
take_line(void *context, const struct follow_line *line)
{
	struct storm *s = context;
	unsigned number = line_number(line->text);

	if (number == 0) {
		s->torn++;
		return;
	}
	s->ordered &= number > s->last;
	if (number != s->last + 1) {
		s->missing += number - s->last - 1;
		s->told &= s->noticed > 0;
		s->noticed -= s->noticed > 0;
	}
	s->last = number;
	s->seen[number] = 1;
	s->lines++;
}

static void
take_notice(void *context, const struct follow_notice *notice)
{
	struct storm *s = context;

	s->noticed += s->noticed < 2;
	s->possible += notice->kind == FOLLOW_LOSS_POSSIBLE;
	s->lost += notice->kind == FOLLOW_LOST;
	s->faults += notice->kind == FOLLOW_FAULT;
	if (notice->kind == FOLLOW_FAULT)
		printf("# %s\n", notice->text);
}

static void
start(struct storm *s)
{
	static const char *const names[] = {NAME};
	struct follow_settings settings = {
		.names = names,
		.count = 1,
		.from = s->saved,
		.from_count = s->saved_count,
		.from_start = true,
	};
	struct err err;

	if (follow_open(&settings, &s->follow, &err) < 0) {
		printf("Bail out! %s\n", err.text);
		exit(1);
	}
}

static void
restart(struct storm *s)
{
	const struct follow_position *positions;

	s->saved_count = follow_positions(s->follow, &positions);
	memcpy(s->saved, positions, s->saved_count * sizeof(*positions));
	for (size_t i = 0; i < s->saved_count; i++)
		s->saved[i].name = NAME, s->saved[i].path = NULL;
	follow_close(s->follow);
	s->restarts++;
	start(s);
}

/* Reads while the children live, and then what is left. */
static void
follow_storm(struct storm *s, pid_t rotator)
{
	struct follow_sink sink = {take_line, take_notice, s, NULL};
	int64_t next = now_monotonic() + RESTART_USEC;
	int idle = 0;

	while (idle < 3) {
		struct pollfd wait = {.fd = follow_fd(s->follow), .events = POLLIN};
		uint64_t before = s->lines;

		poll(&wait, 1, 200);
		follow_read(s->follow, &sink);
		if (waitpid(rotator, NULL, WNOHANG) != 0)
			idle = s->lines == before ? idle + 1 : 0;
		if (now_monotonic() > next) {
			restart(s);
			if (s->restarts % 4 == 0)
				usleep(LATE_USEC);
			next = now_monotonic() + RESTART_USEC;
		}
	}
}

static int64_t
storm_seconds(void)
{
	const char *wanted = getenv("STORM");
	int64_t seconds;

	return wanted && str_number(str_of(wanted), &seconds) ? seconds : 5;
}

static void
blow(struct storm *s, bool copying)
{
	int64_t seconds = storm_seconds();
	pid_t writer, rotator;

	*s = (struct storm){.ordered = true, .told = true};
	s->seen = xcalloc(NUMBERS, 1);
	start(s);
	fflush(stdout);
	signal(SIGHUP, want_reopen);
	signal(SIGCHLD, SIG_IGN); /* so that a writer who ended is gone */
	writer = fork();
	if (writer == 0)
		write_lines(seconds * USEC_PER_SEC);
	rotator = fork();
	if (rotator == 0)
		signal(SIGCHLD, SIG_DFL), rotate_often(copying, writer);
	follow_storm(s, rotator);
	follow_close(s->follow);
	printf("# %" PRIu64 " lines, %" PRIu64 " missing, %" PRIu64 " torn, %" PRIu64
	    " restarts; loss: %" PRIu64 " possible, %" PRIu64 " certain\n", s->lines,
	    s->missing, s->torn, s->restarts, s->possible, s->lost);
}

/* Lines in the files that are there now which were not read. */
static unsigned
unread(const struct storm *s)
{
	DIR *directory = opendir(".");
	const struct dirent *entry;
	unsigned count = 0;

	while ((entry = readdir(directory))) {
		struct buf text = BUF_INIT(BUF_UNLIMITED);
		struct input_set *set;
		struct err err;
		struct str rest;

		if (strncmp(entry->d_name, NAME, strlen(NAME)) != 0)
			continue;
		set = KIT_OPEN(&err, entry->d_name);
		if (!set || kit_text(&set->streams[0].files[0], &text, &err) < 0)
			printf("# %s: %s\n", entry->d_name, err.text);
		for (rest = buf_view(&text); rest.len;) {
			unsigned number = line_number(str_cut(&rest, '\n'));

			count += number > 0 && !s->seen[number];
		}
		input_close(set);
		buf_done(&text);
	}
	closedir(directory);
	return count;
}

static void
enter(const char *name)
{
	if (chdir(kit_directory) != 0 || mkdir(name, 0755) != 0 || chdir(name) != 0)
		exit(1);
}

int
main(void)
{
	struct storm s;

	kit_enter();
	enter("renamed");
	blow(&s, false);
	ok(s.lines == s.last && s.lines > 1000, "renamed: no line is missing");
	ok(s.ordered && s.torn == 0, "each once, in order");
	ok(s.possible + s.lost + s.faults == 0, "and nothing is said to be lost");
	free(s.seen);

	enter("copied");
	blow(&s, true);
	ok(s.ordered && s.lines > 1000, "copied and truncated: each line once, in order");
	ok(unread(&s) == 0, "every line that survives");
	ok(s.told, "where some are missing, that was said");
	ok(s.possible + s.lost > 0 && s.faults == 0, "that some could be was said");
	free(s.seen);
	kit_leave();
	return tap_done();
}
