/* SPDX-License-Identifier: Apache-2.0
 *
 * lock: one guard for a store. The lock is on a file beside the database, as SQLite has
 * locks of its own on that one; the kernel takes it away when its process ends, however.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/room.h"

static int
lock_file(int fd, struct err *err)
{
	struct flock wanted = {.l_type = F_WRLCK, .l_whence = SEEK_SET}, held = wanted;

	if (fcntl(fd, F_SETLK, &wanted) == 0)
		return 0;
	if (errno != EACCES && errno != EAGAIN)
		return err_set(err, "cannot be locked: %s", strerror(errno));
	if (fcntl(fd, F_GETLK, &held) == 0 && held.l_type != F_UNLCK && held.l_pid > 0)
		return err_set(err, "another guard has it: process %d", (int)held.l_pid);
	return err_set(err, "another guard has it");
}

char *
store_beside(const char *url, const char *what)
{
	const char *file = store_file(url);
	char *real = file ? realpath(file, NULL) : NULL;
	char *path = file ? xasprintf("%s.%s", real ? real : file, what) : NULL;

	free(real);
	return path;
}

int
store_lock(const char *url, int *ret, struct err *err)
{
	char *path = store_beside(url, "lock");

	*ret = -1;
	if (!path)
		return 0;
	*ret = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
	free(path);
	/* A store that cannot be written is told of when it is opened. */
	if (*ret < 0 || lock_file(*ret, err) == 0)
		return 0;
	close(*ret);
	*ret = -1;
	return err_wrap(err, "store %s", url);
}
