/* SPDX-License-Identifier: Apache-2.0
 *
 * sandbox: what is named can be opened, the rest cannot, and nothing is run.
 */
#include "base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/child.h"
#include "tap.h"

static bool
can_open(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

int
main(void)
{
	char folder[] = "/tmp/postern-sandbox-XXXXXX", path[64];
	/* /proc is what a sanitizer looks at when the test ends. */
	struct sandbox_place places[] = {{NULL, true}, {"/etc/passwd", false},
	    {"/nowhere/at/all", false}, {"/proc", false}};
	const char *const program[] = {"true", NULL};
	struct err err = {""};
	int entered;

	if (!mkdtemp(folder))
		return 1;
	places[0].path = folder;
	snprintf(path, sizeof(path), "%s/file", folder);
	ok(child_run(program, STR(""), 5000000, &err) == 0, "before, a program can be run");
	entered = sandbox_enter(places, 4, &err);
	if (entered == 1) {
		ok(true, "the kernel knows no landlock # SKIP");
		rmdir(folder);
		return tap_done();
	}
	ok(entered == 0, "entered: %s", err.text);
	ok(can_open(path, O_RDWR | O_CREAT), "where it may write, it can");
	ok(can_open("/etc/passwd", O_RDONLY), "a file that was named");
	ok(!can_open("/etc/passwd", O_WRONLY), "not for writing");
	ok(!can_open("/etc/group", O_RDONLY) && errno == EACCES, "not its neighbour");
	ok(child_run(program, STR(""), 5000000, &err) == -1, "and no program");
	ok(unlink(path) == 0, "what it made it can remove");
	return tap_done();
}
