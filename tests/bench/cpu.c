/* SPDX-License-Identifier: Apache-2.0
 *
 * cpu: runs a command with its output thrown away and says what it cost, as one
 * line: CPU milliseconds (user + system), wall milliseconds, and the most
 * anonymous memory in KiB. The last is read from /proc every 5 ms, and only with
 * --memory, because that takes time from the command.
 *
 *   cpu [--memory] COMMAND [ARGUMENT...]
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double
milliseconds(struct timeval t)
{
	return (double)t.tv_sec * 1e3 + (double)t.tv_usec * 1e-3;
}

static double
clock_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

/* RssAnon of a process in KiB; 0 when it is gone. */
static long
anonymous(pid_t pid)
{
	char path[64], text[128];
	long kib = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	file = fopen(path, "r");
	if (!file)
		return 0;
	while (fgets(text, sizeof(text), file))
		if (strncmp(text, "RssAnon:", 8) == 0)
			kib = strtol(text + 8, NULL, 10);
	fclose(file);
	return kib;
}

static _Noreturn void
run(char **command)
{
	int null = open("/dev/null", O_WRONLY);

	if (null >= 0 && dup2(null, STDOUT_FILENO) >= 0)
		execvp(command[0], command);
	perror(command[0]);
	_exit(127);
}

static long
watch(pid_t child)
{
	static const struct timespec pause = {.tv_nsec = 5000000};
	long most = 0;
	siginfo_t info = {0};

	while (waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	    info.si_pid == 0) {
		long now = anonymous(child);

		most = now > most ? now : most;
		nanosleep(&pause, NULL);
	}
	return most;
}

int
main(int argc, char **argv)
{
	bool memory = argc > 1 && strcmp(argv[1], "--memory") == 0;
	char **command = argv + 1 + memory;
	struct rusage usage;
	double start = clock_now();
	long most = 0;
	int status;
	pid_t child;

	if (argc < 2 + memory) {
		fprintf(stderr, "usage: cpu [--memory] COMMAND [ARGUMENT...]\n");
		return 2;
	}
	child = fork();
	if (child == 0)
		run(command);
	if (child > 0 && memory)
		most = watch(child);
	if (child < 0 || wait4(child, &status, 0, &usage) < 0) {
		perror("cpu");
		return 1;
	}
	printf("%.2f %.2f %ld\n", milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime),
	    clock_now() - start, most);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
