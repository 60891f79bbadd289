/* SPDX-License-Identifier: Apache-2.0
 *
 * postern scan --follow: events as the log is written, one JSON object a line, until
 * who reads them goes away or the user interrupts it.
 */
#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "cmd/room.h"

struct followed_scan {
	struct buf out;
	struct output output;
};

/* Written out before memory grows with what a reader does not take. */
#define WRITE_SIZE 65536

static bool
write_out(struct followed_scan *scan)
{
	bool more = output_write(&scan->output, buf_view(&scan->out));

	buf_clear(&scan->out);
	return more;
}

static bool
take_event(void *context, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	struct followed_scan *scan = context;

	event_json(&scan->out, ev, symbols, sources);
	buf_char(&scan->out, '\n');
	return scan->out.len < WRITE_SIZE || write_out(scan);
}

static void
take_fault(void *context, const char *text)
{
	(void)context;
	complain("%s", text);
}

/* Waits for the log, or for the reader of stdout to go away: false then. */
static bool
wait_for_log(const struct live *live)
{
	struct pollfd fds[2] = {{.fd = live_fd(live), .events = POLLIN},
	    {.fd = STDOUT_FILENO}};

	while (poll(fds, 2, -1) < 0)
		if (errno != EINTR)
			return false;
	return !(fds[1].revents & (POLLERR | POLLNVAL));
}

/* What is followed where nothing was named is known by its position. */
static const char *
first_name(struct live *live, const struct options *options)
{
	const struct follow_position *positions;

	if (options->word_count)
		return options->words[0];
	return live_positions(live, &positions) ? positions[0].name : "the system's mail log";
}

/* Once, for whoever looks at a terminal on which nothing happens. */
static void
say_waiting(struct live *live, const struct options *options)
{
	const char *name = first_name(live, options);
	struct buf others = BUF_INIT(BUF_UNLIMITED);

	if (!progress_wanted(options))
		return;
	if (options->word_count > 1)
		buf_printf(&others, " and %zu more", options->word_count - 1);
	complain("waiting for what is written to %s%.*s%s from now on; Ctrl-C ends it", name,
	    STR_ARG(buf_view(&others)),
	    options->word_count && strcmp(name, "journal") != 0 && access(name, F_OK) != 0 ?
	    ", which is not there yet," : "");
	buf_done(&others);
}

int
scan_follow(const struct options *options, const struct geo *geo)
{
	struct followed_scan scan = {.out = BUF_INIT(BUF_UNLIMITED)};
	struct live_settings settings = {.names = (const char *const *)options->words,
	    .name_count = options->word_count, .from_start = options->since != INT64_MIN,
	    .since = options->since, .year = options->year, .where = options->where,
	    .geo = geo,
	    .each = take_event, .fault = take_fault, .context = &scan};
	struct live *live;
	struct err err;

	if (live_open(&settings, &live, &err) < 0) {
		complain("%s", err.text);
		return EXIT_FAILED;
	}
	say_waiting(live, options);
	while (live_read(live) && write_out(&scan) && wait_for_log(live))
		continue;
	live_close(live);
	buf_done(&scan.out);
	return output_status(&scan.output);
}
