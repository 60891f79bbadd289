/* SPDX-License-Identifier: Apache-2.0
 *
 * sandbox: what is named can be opened, the rest cannot, and nothing is run; system calls
 * that are not needed fail and are told of. Each part in a process of its own, as there
 * is no way back: what fails there is its exit status.
 */
#include "base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child.h"
#include "tap.h"

#define NOT_THERE 100

static char folder[] = "/tmp/postern-sandbox-XXXXXX";

static bool
can_open(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static bool
can_run(void)
{
	const char *const program[] = {"true", NULL};
	struct err err;

	return child_run(program, STR(""), 5000000, &err) == 0;
}

/* The exit status of CHECK in a process of its own. */
static int
alone(int (*check)(void))
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		_exit(check());
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
report(int status, const char *what)
{
	if (status == NOT_THERE)
		ok(true, "%s # SKIP not here", what);
	else
		ok(status == 0, "%s: %d", what, status);
}

static int
check_files(void)
{
	struct sandbox_place places[] = {{folder, true}, {"/etc/passwd", false},
	    {"/nowhere/at/all", false}};
	struct sandbox sandbox = {.places = places, .place_count = 3};
	char path[64];
	struct err err;
	int entered = sandbox_enter(&sandbox, &err);

	snprintf(path, sizeof(path), "%s/file", folder);
	if (entered)
		return entered == 1 ? NOT_THERE : 1;
	return !can_open(path, O_RDWR | O_CREAT) ? 2 :
	    !can_open("/etc/passwd", O_RDONLY) ? 3 :
	    can_open("/etc/passwd", O_WRONLY) ? 4 :
	    can_open("/etc/group", O_RDONLY) || errno != EACCES ? 5 :
	    can_run() ? 6 :
	    unlink(path) < 0 ? 7 : 0;
}

/* How many calls were told of; the first one's number in *RET. */
static int
told(int *ret)
{
	struct timespec none = {0};
	siginfo_t info;
	sigset_t set;
	int count = 0;

	sigemptyset(&set);
	sigaddset(&set, SANDBOX_REPORT);
	while (sigtimedwait(&set, &info, &none) > 0)
		if (count++ == 0)
			*ret = info.si_value.sival_int;
	return count;
}

static int
enter_calls(bool inet)
{
	struct err err;
	sigset_t set;
	int result;

	sigemptyset(&set);
	sigaddset(&set, SANDBOX_REPORT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	result = sandbox_calls(inet, &err);
	return result == 1 ? NOT_THERE : result;
}

static int
check_calls(void)
{
	char *const argv[] = {(char *)(uintptr_t)"true", NULL};
	int result = enter_calls(false), call = -1;
	char name[32];

	if (result)
		return result;
	if (!can_open("/etc/passwd", O_RDONLY) || told(&call) != 0)
		return 2;
	if (execve("/bin/true", argv, argv) == 0 || errno != EPERM)
		return 3;
	if (told(&call) != 1 || strcmp(sandbox_call_name(call, name), "execve") != 0)
		return 4;
	if (fork() >= 0 || errno != EPERM || can_run())
		return 5;
	if (socket(AF_INET, SOCK_DGRAM, 0) >= 0 || socket(AF_UNIX, SOCK_STREAM, 0) >= 0 ||
	    socket(AF_NETLINK, SOCK_RAW, 0) >= 0 || socket(AF_UNIX, SOCK_DGRAM, 0) < 0)
		return 6;
	return kill(getppid(), 0) == 0 || raise(SIGCONT) != 0 ? 7 : 0;
}

static int
check_network(void)
{
	int result = enter_calls(true);

	if (result)
		return result;
	return socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0) < 0 ||
	    socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0) < 0 ||
	    socket(AF_PACKET, SOCK_RAW, 0) >= 0 || socket(AF_INET, SOCK_RAW, 0) >= 0;
}

/* A million allocations, and a crash that is still a crash. */
static int
check_memory(void)
{
	int result = enter_calls(false), call;
	char *blocks[1000] = {0};

	for (unsigned i = 0; result == 0 && i < 1000000; i++) {
		unsigned at = i * 7919 % 1000;

		free(blocks[at]);
		blocks[at] = malloc(i % 500 == 0 ? 1 << 20 : i % 700);
		if (blocks[at])
			*(volatile char *)blocks[at] = 1;
	}
	for (unsigned i = 0; i < 1000; i++)
		free(blocks[i]);
	return result ? result : told(&call);
}

static int
check_worker(void)
{
	struct err err;
	int result = sandbox_worker(&err);

	if (result)
		return result == 1 ? NOT_THERE : 1;
	return !can_run() ? 2 : unshare(0) == 0 || errno != EPERM ? 3 : 0;
}

int
main(void)
{
	if (!mkdtemp(folder))
		return 1;
	ok(can_run(), "before, a program can be run");
	report(alone(check_files), "only files that were named, and no program");
	report(alone(check_calls), "system calls that are not needed fail and are told of");
	report(alone(check_network), "the network where it is asked for");
	report(alone(check_memory), "memory as much as it wants");
	report(alone(check_worker), "a worker runs programs, in its own namespace");
	rmdir(folder);
	return tap_done();
}
