/* SPDX-License-Identifier: Apache-2.0 */
#include "base/unnamed.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"

/* A file in DIRECTORY that has no name (or none any more), or -1. */
static int
file_in(const char *directory)
{
	int fd = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	char *name;

	if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
		return fd;
	name = xasprintf("%s/postern-XXXXXX", directory);
	fd = mkostemp(name, O_CLOEXEC);
	if (fd >= 0)
		unlink(name);
	free(name);
	return fd;
}

int
unnamed_file(void)
{
	const char *places[] = {secure_getenv("TMPDIR"), "/var/tmp", "/tmp"};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		int fd = places[i] && *places[i] ? file_in(places[i]) : -1;

		if (fd >= 0)
			return fd;
	}
	return -1;
}
