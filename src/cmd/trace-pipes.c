/* SPDX-License-Identifier: Apache-2.0
 *
 * trace-pipes: what comes through a pipe is kept in a file without a name, for a trace reads
 * its inputs more than once.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/unnamed.h"
#include "cmd/trace.h"

#define BLOCK_SIZE 65536

/* As read(2), but waits for what FD is slow to give: whoever shares it may not. */
static ssize_t
read_some(int fd, char *to, size_t room)
{
	struct pollfd wait = {.fd = fd, .events = POLLIN};
	ssize_t n;

	while ((n = read(fd, to, room)) < 0 && (errno == EINTR || errno == EAGAIN))
		if (errno == EAGAIN)
			poll(&wait, 1, -1);
	return n;
}

static int
write_all(int fd, const char *from, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, from, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		from += n;
		len -= (size_t)n;
	}
	return 0;
}

/* All that FROM gives, into TO. */
static int
copy(int from, int to)
{
	char *block = xmalloc(BLOCK_SIZE);
	ssize_t n;

	while ((n = read_some(from, block, BLOCK_SIZE)) > 0 &&
	    write_all(to, block, (size_t)n) == 0)
		continue;
	free(block);
	return n == 0 ? 0 : -1;
}

/* Copies what comes from FD into a file; returns its descriptor. */
static int
keep_pipe(int fd, struct err *err)
{
	int kept = unnamed_file();

	if (kept >= 0 && copy(fd, kept) == 0)
		return kept;
	err_set(err, "keeping a copy of the pipe, which trace reads more than once: %m");
	if (kept >= 0)
		close(kept);
	return -1;
}

/* What is kept of standard input takes its place, so that it is still called "-". */
static int
keep_stdin(struct err *err)
{
	struct stat info;
	int fd;

	if (fstat(STDIN_FILENO, &info) == 0 && S_ISREG(info.st_mode))
		return 0;
	fd = keep_pipe(STDIN_FILENO, err);
	if (fd < 0)
		return -1;
	if (lseek(fd, 0, SEEK_SET) < 0 || dup2(fd, STDIN_FILENO) < 0)
		return err_set(err, "-: %m");
	close(fd);
	return 0;
}

int
trace_keep_pipes(struct options *options, struct arena *arena, struct err *err)
{
	for (size_t i = 1; i < options->word_count; i++) {
		char **word = &options->words[i];
		struct stat info;
		int fd, kept;

		if (strcmp(*word, "-") == 0) {
			if (keep_stdin(err) < 0)
				return -1;
			continue;
		}
		if (stat(*word, &info) < 0 || !S_ISFIFO(info.st_mode))
			continue;
		fd = open(*word, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			return err_set(err, "%s: %m", *word);
		kept = keep_pipe(fd, err);
		close(fd);
		if (kept < 0)
			return -1;
		*word = arena_printf(arena, "/dev/fd/%d", kept);
	}
	return 0;
}
