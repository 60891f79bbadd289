/* SPDX-License-Identifier: Apache-2.0 */
#include "base/child.h"
#include "base/now.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define DIRECTORIES "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

#define LOOK_EVERY 2 /* ms */
#define SAID_MOST 255

static const char *const environment[] = {"PATH=" DIRECTORIES, "LC_ALL=C", NULL};

/* Where NAME is, in ROOM if it had to be looked for; whatever our own PATH says. */
static const char *
find_program(const char *name, char room[PATH_MAX])
{
	struct str left = STR(DIRECTORIES);

	while (!strchr(name, '/') && left.len) {
		struct str directory = str_cut(&left, ':');

		snprintf(room, PATH_MAX, "%.*s/%s", STR_ARG(directory), name);
		if (access(room, X_OK) == 0)
			return room;
	}
	return name;
}

int
child_can_run(const char *program, struct err *err)
{
	char room[PATH_MAX];
	const char *path = find_program(program, room);

	if (strchr(path, '/') && access(path, X_OK) == 0)
		return 0;
	return strchr(program, '/') ? err_set(err, "%s: %s", program, strerror(errno)) :
	    err_set(err, "there is no program %s in " DIRECTORIES, program);
}

/* Both ends of what a child writes and reads. */
struct pipes {
	int input[2], output[2];
};

static void
close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static int
open_pipes(struct pipes *pipes, struct err *err)
{
	*pipes = (struct pipes){{-1, -1}, {-1, -1}};
	if (pipe2(pipes->input, O_CLOEXEC) == 0 && pipe2(pipes->output, O_CLOEXEC) == 0) {
		fcntl(pipes->input[1], F_SETFL, O_NONBLOCK);
		fcntl(pipes->output[0], F_SETFL, O_NONBLOCK);
		return 0;
	}
	err_no_descriptor(err, "for a pipe");
	close_end(&pipes->input[0]);
	close_end(&pipes->input[1]);
	return -1;
}

static int
start(const char *const *argv, const struct pipes *pipes, pid_t *ret)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	char path[PATH_MAX];
	sigset_t none, defaults;
	int result;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, pipes->input[0], STDIN_FILENO);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, pipes->output[1], STDERR_FILENO);
	posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
	posix_spawnattr_init(&attributes);
	sigemptyset(&none);
	sigfillset(&defaults);
	posix_spawnattr_setsigmask(&attributes, &none);
	/* What it starts can be ended with it; and a terminal's ^C is not for it. */
	posix_spawnattr_setpgroup(&attributes, 0);
	posix_spawnattr_setsigdefault(&attributes, &defaults);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
	    POSIX_SPAWN_SETPGROUP);
	result = posix_spawn(ret, find_program(argv[0], path), &actions, &attributes,
	    (char *const *)(uintptr_t)argv, (char *const *)(uintptr_t)environment);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	return result;
}

/* The first line of what the child says, for the error. */
struct said {
	char text[SAID_MOST];
	size_t len;
};

/* Some of INPUT goes to the child, as much as it takes; then that is all. */
static void
feed(struct pipes *pipes, struct str *input)
{
	ssize_t n = input->len ? write(pipes->input[1], input->p, input->len) : 0;

	if (n > 0)
		*input = str_from(*input, (size_t)n);
	else if (n < 0 && errno != EAGAIN && errno != EINTR)
		input->len = 0; /* it does not want to read */
	if (input->len == 0)
		close_end(&pipes->input[1]);
}

/* Some of what the child says; false when there is nothing more for now. */
static bool
hear(struct pipes *pipes, struct said *said)
{
	char buf[4096];
	ssize_t n = read(pipes->output[0], buf, sizeof(buf));

	for (ssize_t i = 0; i < n && said->len < SAID_MOST; i++)
		said->text[said->len++] = buf[i];
	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		close_end(&pipes->output[0]);
	return n > 0;
}

/* Waits until the child reads, says something or (ENDED is readable) ends, or time is up. */
static void
talk(struct pipes *pipes, int ended, int64_t left, struct str *input, struct said *said)
{
	struct pollfd fds[] = {{.fd = pipes->output[0], .events = POLLIN},
	    {.fd = pipes->input[1], .events = POLLOUT}, {.fd = ended, .events = POLLIN}};
	/* Without a pidfd it is looked after. */
	int64_t msec = left / 1000 + 1, most = ended < 0 ? LOOK_EVERY : INT_MAX;

	if (poll(fds, 3, (int)(msec < most ? msec : most)) <= 0)
		return;
	if (fds[1].revents)
		feed(pipes, input);
	if (fds[0].revents)
		hear(pipes, said);
}

/*
 * Feeds and hears the child until it has ended, which it is made to when time is up; what
 * it leaves running is not waited for. Its status.
 */
static int
converse(struct pipes *pipes, pid_t pid, struct str input, int64_t until, struct said *said,
    bool *ret_killed)
{
	int ended = pidfd_open(pid, 0), status = 0;

	while (waitpid(pid, &status, WNOHANG) == 0) {
		int64_t left = until - now_monotonic();

		if (left > 0) {
			talk(pipes, ended, left, &input, said);
			continue;
		}
		kill(-pid, SIGKILL);
		kill(pid, SIGKILL); /* it may be in another group by now */
		*ret_killed = true;
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
		break;
	}
	close_end(&ended);
	while (pipes->output[0] >= 0 && said->len < SAID_MOST && hear(pipes, said))
		;
	return status;
}

int
child_run(const char *const *argv, struct str input, int64_t timeout_usec, struct err *err)
{
	struct said said = {.len = 0};
	struct str first;
	struct pipes pipes;
	bool killed = false;
	int result, status;
	pid_t pid;

	if (open_pipes(&pipes, err) < 0)
		return -1;
	result = start(argv, &pipes, &pid);
	close_end(&pipes.input[0]);
	close_end(&pipes.output[1]);
	if (result == 0) {
		status = converse(&pipes, pid, input, now_monotonic() + timeout_usec, &said,
		    &killed);
	}
	close_end(&pipes.input[1]);
	close_end(&pipes.output[0]);
	if (result != 0)
		return child_can_run(argv[0], err) < 0 ? -1 :
		    err_set(err, "%s: %s", argv[0], strerror(result));
	if (killed)
		return err_set(err, "%s: did not end in %lld s", argv[0],
		    (long long)(timeout_usec / 1000000));
	first = str_head((struct str){said.text, said.len},
	    str_index((struct str){said.text, said.len}, '\n'));
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	return err_set(err, "%s: %s %d%s%.*s", argv[0],
	    WIFEXITED(status) ? "exit status" : "signal",
	    WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status),
	    first.len ? ": " : "", STR_ARG(first));
}
