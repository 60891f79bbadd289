/* SPDX-License-Identifier: Apache-2.0
 *
 * child: a program is run, fed, waited for and, when it hangs, ended.
 */
#include "base/child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/now.h"
#include "tap.h"

#define RUN(input, msec, ...)                                                               \
	child_run((const char *const[]){__VA_ARGS__, NULL}, input, (msec) * 1000, &err)

/* What one that hangs has started ends with it: nobody has the pipe open any more. */
static void
test_family(void)
{
	char folder[] = "/tmp/postern-child-XXXXXX", path[64], byte;
	struct err err;
	ssize_t n = -1;
	int fd;

	if (!mkdtemp(folder))
		return;
	snprintf(path, sizeof(path), "%s/pipe", folder);
	mkfifo(path, 0600);
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ok(RUN(STR(""), 500, "sh", "-c", "exec 9>\"$1\"; sleep 20 & wait", "sh", path) == -1,
	    "one that waits for what it started is ended");
	for (int i = 0; i < 200 && (n = read(fd, &byte, 1)) != 0; i++)
		poll(NULL, 0, 10);
	ok(n == 0, "and what it started, too");
	close(fd);
	unlink(path);
	rmdir(folder);
}

/* One that left its process group is ended all the same. */
static void
test_stray(void)
{
	int64_t began = now_monotonic();
	struct err err;

	ok(RUN(STR(""), 300, "perl", "-e", "setpgrp(0, getpgrp(getppid())); sleep 9") == -1 &&
	    strcmp(err.text, "perl: did not end in 0 s") == 0 &&
	    now_monotonic() - began < 5000000, "one in another process group is ended");
}

int
main(void)
{
	size_t big = 3 << 20;
	char *text = xmalloc(big);
	int64_t began;
	struct err err;

	signal(SIGPIPE, SIG_IGN);
	memset(text, 'x', big);
	ok(RUN(STR(""), 5000, "true") == 0, "one that succeeds");
	ok(RUN(STR(""), 5000, "false") == -1 && strcmp(err.text, "false: exit status 1") == 0,
	    "one that fails");
	ok(RUN(STR(""), 5000, "/nowhere/x") == -1 &&
	    strstr(err.text, "/nowhere/x: No such file") != NULL, "one that is not there");
	ok(RUN(STR(""), 5000, "no-such-program") == -1 &&
	    strstr(err.text, "there is no program no-such-program in /") != NULL,
	    "one that is in no folder");
	ok(RUN(STR("a\nb"), 5000, "sh", "-c", "cat >&2; exit 3") == -1 &&
	    strcmp(err.text, "sh: exit status 3: a") == 0, "the first line it says");
	ok(RUN(STR(""), 100, "sleep", "20") == -1 &&
	    strcmp(err.text, "sleep: did not end in 0 s") == 0, "one that hangs is ended");
	ok(RUN(STR(""), 5000, "sh", "-c", "kill -9 $$") == -1 &&
	    strcmp(err.text, "sh: signal 9") == 0, "one that was killed");
	ok(RUN(((struct str){text, big}), 20000, "sh", "-c",
	    "test $(wc -c) = 3145728") == 0, "3 MiB of input");
	ok(RUN(((struct str){text, big}), 5000, "true") == 0, "input nobody reads");
	ok(RUN(((struct str){text, big}), 20000, "sh", "-c",
	    "exec 2>&-; test $(wc -c) = 3145728") == 0, "or to one that says nothing");
	ok(RUN(STR(""), 5000, "sh", "-c", "exec 2>&-; sleep .2; exit 4") == -1 &&
	    strcmp(err.text, "sh: exit status 4") == 0, "whose status is waited for");
	ok(RUN(((struct str){text, big}), 100, "sh", "-c", "exec 2>&-; sleep 20") == -1 &&
	    strcmp(err.text, "sh: did not end in 0 s") == 0, "but no longer than that");
	began = now_monotonic();
	ok(RUN(STR(""), 5000, "sh", "-c", "echo a >&2; sleep 4 & exit 5") == -1 &&
	    strcmp(err.text, "sh: exit status 5: a") == 0 &&
	    now_monotonic() - began < 2000000,
	    "what it leaves behind is not waited for");
	ok(RUN(STR(""), 5000, "sh", "-c", "yes >&2 & exit 5") == -1 &&
	    now_monotonic() - began < 4000000, "nor what that says");
	ok(RUN(STR(""), 5000, "sh", "-c", "test -z \"$HOME\"") == 0, "a fixed environment");
	test_family();
	test_stray();
	free(text);
	return tap_done();
}
