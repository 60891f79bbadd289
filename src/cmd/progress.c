/* SPDX-License-Identifier: Apache-2.0
 *
 * progress: a bar on stderr for work that takes longer than half a second,
 * erased at the end. And what is waited for, where else nothing would be seen.
 *
 *    42 %  [############                ]  1.2 GB of 2.9 GB, 4s left
 *   postern: waiting for standard input: nothing has come through the pipe yet
 */
#include <poll.h>
#include <unistd.h>

#include "base/civil.h"
#include "base/now.h"
#include "cmd/room.h"

#define PATIENCE (USEC_PER_SEC / 2)
#define INTERVAL (USEC_PER_SEC / 10)
#define BAR_WIDTH 28

static void
draw(const struct progress *progress, uint64_t done, uint64_t total)
{
	struct buf line = BUF_INIT(512);
	double share = total ? (double)(done < total ? done : total) / (double)total : 0;
	double spent = (double)(progress->last - progress->begun) / USEC_PER_SEC;
	int filled = (int)(share * BAR_WIDTH);

	buf_char(&line, '\r');
	if (total) {
		buf_printf(&line, "%4d %%  [", (int)(share * 100));
		for (int i = 0; i < BAR_WIDTH; i++)
			buf_char(&line, i < filled ? '#' : ' ');
		buf_str(&line, STR("]  "));
	}
	report_put_bytes(&line, (int64_t)done);
	if (total) {
		buf_str(&line, STR(" of "));
		report_put_bytes(&line, (int64_t)total);
	}
	if (share > 0.02) {
		buf_str(&line, STR(", "));
		report_put_seconds(&line, spent / share - spent);
		buf_str(&line, STR(" left"));
	}
	buf_str(&line, STR("\033[K"));
	fwrite(line.p, 1, line.len, stderr);
	fflush(stderr);
	buf_done(&line);
}

static void
show(void *context, uint64_t done, uint64_t total)
{
	struct progress *progress = context;
	int64_t now = now_monotonic();

	if (now - progress->begun < PATIENCE || now - progress->last < INTERVAL)
		return;
	progress->last = now;
	progress->shown = true;
	draw(progress, done, total);
}

bool
progress_wanted(const struct options *options)
{
	return options->progress == WHEN_ALWAYS ||
	    (options->progress == WHEN_AUTO && isatty(STDERR_FILENO));
}

void
progress_wait(const struct options *options, const char *const *names, size_t n)
{
	struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
	bool read = false;

	for (size_t i = 0; i < n; i++)
		read |= strcmp(names[i], "-") == 0;
	if (!read || !progress_wanted(options))
		return;
	if (isatty(STDIN_FILENO))
		complain("reading the log from this terminal; Ctrl-D ends it");
	else if (poll(&input, 1, (int)(PATIENCE / 1000)) == 0)
		complain("waiting for standard input: nothing has come through the pipe yet");
}

void
progress_begin(struct progress *progress, const struct options *options,
    struct run_settings *settings)
{
	*progress = (struct progress){.begun = now_monotonic()};
	if (!progress_wanted(options))
		return;
	progress_wait(options, settings->names, settings->name_count);
	settings->progress = show;
	settings->context = progress;
}

void
progress_end(struct progress *progress)
{
	if (progress->shown) {
		fputs("\r\033[K", stderr);
		fflush(stderr);
	}
	progress->shown = false;
}
