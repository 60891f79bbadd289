/* SPDX-License-Identifier: Apache-2.0
 *
 * journalctl: the journal where the build has no libsystemd: what journalctl prints
 * in its export format, which a decoder turns into lines. Enough to read it, not to
 * follow it.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/civil.h"
#include "base/mem.h"
#include "input/follow-room.h"

struct journal_layer {
	struct layer layer;
	pid_t child; /* 0: its end was seen */
	int from;
};

/* Waits for the child; returns its status. */
static int
reap(struct journal_layer *j)
{
	int status = 0;

	while (j->child && waitpid(j->child, &status, 0) < 0 && errno == EINTR)
		continue;
	j->child = 0;
	return status;
}

static ssize_t
journal_read(struct layer *layer, char *to, size_t room, struct err *err)
{
	struct journal_layer *j = (struct journal_layer *)layer;
	int status;
	ssize_t n;

	do {
		n = read(j->from, to, room);
	} while (n < 0 && errno == EINTR);
	if (n != 0)
		return n < 0 ? err_set(err, "%s", strerror(errno)) : n;
	status = reap(j);
	if (WIFSIGNALED(status))
		return err_set(err, "journalctl was ended by signal %d", WTERMSIG(status));
	return status == 0 ? 0 : err_set(err, "journalctl ended with status %d",
	    WEXITSTATUS(status));
}

static void
journal_close(struct layer *layer)
{
	struct journal_layer *j = (struct journal_layer *)layer;

	close(j->from);
	reap(j);
	free(j);
}

/* journalctl's arguments: the options, then its matches. */
static char **
arguments(const struct journal *where)
{
	static const char *const always[] = {"journalctl", "-q", "-o", "export", "--no-pager"};
	size_t count = 0, matches = 0;
	char **list;

	while (journal_mail_matches[matches])
		matches++;
	list = xcalloc(sizeof(always) / sizeof(always[0]) + 4 + matches, sizeof(*list));

	for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++)
		list[count++] = xstrdup(always[i]);
	if (where->directory)
		list[count++] = xasprintf("--directory=%s", where->directory);
	if (where->file)
		list[count++] = xasprintf("--file=%s", where->file);
	if (where->since > 0)
		list[count++] = xasprintf("--since=@%" PRId64, where->since / USEC_PER_SEC);
	for (size_t i = 0; i < matches; i++)
		list[count++] = xstrdup(journal_mail_matches[i]);
	return list;
}

/* Starts journalctl with its output going TO; an errno. */
static int
start_journalctl(const struct journal *where, int to, pid_t *ret)
{
	posix_spawn_file_actions_t actions;
	char **list = arguments(where);
	int result;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, to, STDOUT_FILENO);
	result = posix_spawnp(ret, list[0], &actions, NULL, list, environ);
	posix_spawn_file_actions_destroy(&actions);
	for (size_t i = 0; list[i]; i++)
		free(list[i]);
	free(list);
	return result;
}

struct layer *
journal_open(const struct input_file *file, struct err *err)
{
	struct journal_layer *j;
	pid_t child;
	int pipes[2], result;

	if (pipe2(pipes, O_CLOEXEC) != 0) {
		err_no_descriptor(err, "for journalctl");
		return NULL;
	}
	result = start_journalctl(&file->private->journal, pipes[1], &child);
	close(pipes[1]);
	if (result != 0) {
		err_set(err, "journalctl: %s", strerror(result));
		close(pipes[0]);
		return NULL;
	}
	j = xcalloc(1, sizeof(*j));
	j->layer = (struct layer){.read = journal_read, .close = journal_close};
	j->child = child;
	j->from = pipes[0];
	return &j->layer;
}

int
journal_between(int64_t since, int64_t until,
    bool (*each)(void *context, const struct follow_line *line), void *context,
    struct err *err)
{
	(void)since, (void)until, (void)each, (void)context;
	return err_set(err, "journal: this build has no libsystemd");
}

int
tail_open(const char *directory, size_t source, const struct follow_settings *settings,
    struct tail **ret, struct err *err)
{
	(void)directory, (void)source, (void)settings, (void)ret;
	return err_set(err, "journal: this build has no libsystemd and cannot follow it");
}
