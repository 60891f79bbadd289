/* SPDX-License-Identifier: Apache-2.0
 *
 * replace: a file is whole or as it was, and whoever is killed while writing leaves nothing
 * that stays.
 */
#include "base/replace.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "tap.h"

static char folder[] = "/tmp/postern-replace-XXXXXX", path[64];

/* How many files are in the folder. */
static int
files(void)
{
	DIR *entries = opendir(folder);
	int count = -2; /* . and .. */

	while (entries && readdir(entries))
		count++;
	closedir(entries);
	return count;
}

/* Is TEXT all that is in NAME? */
static bool
holds(const char *name, const char *text)
{
	char got[64];
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	ssize_t n = read(fd, got, sizeof(got));

	close(fd);
	return n == (ssize_t)strlen(text) && memcmp(got, text, (size_t)n) == 0;
}

static const char *new_text = ""; /* what is to be in place when the folder goes to disk */
static int folders_synced, folder_error;

/* Seen by all that is linked here, in place of the system's. */
int
fsync(int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0 || !S_ISDIR(st.st_mode))
		return (int)syscall(SYS_fsync, fd);
	folders_synced += holds(path, new_text);
	errno = folder_error;
	return folder_error ? -1 : 0;
}

static bool
put(const char *text)
{
	struct err err;

	return replace_file(path, str_of(text), 0640, &err) == 0 && holds(path, text);
}

/* A process that begins and never ends its file, until it is killed. */
static pid_t
begin_elsewhere(void)
{
	struct replacement replacement;
	struct err err;
	char byte = 0;
	int ready[2];
	pid_t pid;

	if (pipe2(ready, O_CLOEXEC) < 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		if (replace_begin(&replacement, path, &err) == 0 &&
		    replace_write(&replacement, STR("half"), &err) == 0)
			(void)!write(ready[1], &byte, 1);
		while (true)
			pause();
	}
	close(ready[1]);
	(void)!read(ready[0], &byte, 1);
	close(ready[0]);
	return pid;
}

static void
kill_it(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void
test_killed(void)
{
	pid_t first, second;

	for (int i = 0; i < 3; i++)
		kill_it(begin_elsewhere());
	ok(files() == 2 && holds(path, "one"), "who was killed leaves one file at most");
	ok(put("two") && files() == 1, "which the next one removes");
	first = begin_elsewhere();
	second = begin_elsewhere();
	kill_it(first);
	ok(put("three") && files() == 2, "the file of one who still writes stays");
	kill_it(second);
	ok(put("four") && files() == 1, "until it ends");
}

static void
test_two(void)
{
	struct replacement a, b;
	struct err err;

	ok(replace_begin(&a, path, &err) == 0 && replace_begin(&b, path, &err) == 0 &&
	    replace_write(&a, STR("a"), &err) == 0 && replace_write(&b, STR("b"), &err) == 0 &&
	    replace_commit(&a, &err) == 0 && holds(path, "a") &&
	    replace_commit(&b, &err) == 0 && holds(path, "b"), "two at once: each is whole");
	ok(replace_begin(&a, path, &err) == 0 && replace_write(&a, STR("c"), &err) == 0,
	    "one begins");
	replace_abandon(&a);
	ok(holds(path, "b"), "and is abandoned");
}

/* What is in the way of the file aside is neither followed nor waited for. */
static void
test_in_the_way(void)
{
	struct replacement replacement;
	char *other = xasprintf("%s/other", folder), *aside, *mine;
	struct err err;
	struct stat st;

	mine = xasprintf("%s.backup", path);
	if (replace_begin(&replacement, path, &err) < 0)
		return;
	aside = xstrdup(replacement.temp);
	replace_abandon(&replacement);
	close(open(other, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	close(open(mine, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	ok(symlink(other, aside) == 0 && put("link") && holds(other, ""), "a link");
	unlink(aside);
	ok(mkfifo(aside, 0600) == 0 && put("pipe"), "a pipe");
	unlink(aside);
	ok(mkdir(aside, 0700) == 0 && put("folder"), "a folder");
	rmdir(aside);
	ok(link(other, aside) == 0 && put("second name") && holds(other, ""), "a second name");
	unlink(aside);
	ok(access(mine, F_OK) == 0, "what somebody has beside it stays");
	ok(stat(path, &st) == 0 && (st.st_mode & 07777) == 0640, "its mode is what was asked");
	unlink(mine);
	unlink(other);
	free(mine);
	free(other);
	free(aside);
}

/* A name is on disk with its folder: what is said to be written outlasts a crash. */
static void
test_folder(void)
{
	struct err err;
	int before = folders_synced;

	new_text = "kept";
	ok(put("kept") && folders_synced == before + 1,
	    "the folder goes to disk when the file has its name");
	folder_error = EIO;
	ok(replace_file(path, STR("kept"), 0640, &err) == -1 &&
	    strstr(err.text, strerror(EIO)) != NULL && holds(path, "kept") && files() == 1,
	    "a disk that fails then is told");
	folder_error = EINVAL;
	ok(put("kept"), "a file system that has no such thing is not");
	folder_error = 0;
	ok(chdir(folder) == 0 && replace_file("file", STR("kept"), 0640, &err) == 0 &&
	    folders_synced == before + 4, "nor is the current folder forgotten");
	ok(chdir("/") == 0, "back");
}

int
main(void)
{
	struct err err;

	if (!mkdtemp(folder))
		return 1;
	snprintf(path, sizeof(path), "%s/file", folder);
	ok(put("one") && files() == 1, "a file is written");
	test_killed();
	test_two();
	test_in_the_way();
	test_folder();
	ok(unlink(path) == 0 && symlink("nowhere", path) == 0 &&
	    replace_file(path, STR("x"), 0600, &err) == -1 &&
	    strstr(err.text, "is no plain file") != NULL, "a link is not written over");
	unlink(path);
	ok(files() == 0, "nothing is left");
	rmdir(folder);
	return tap_done();
}
