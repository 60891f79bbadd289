/* SPDX-License-Identifier: Apache-2.0 */
#include "base/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

#define WRITERS_MOST 1000 /* at once, or killed where files cannot be locked */

static bool
is_named(const char *path, int fd)
{
	struct stat named, is;

	return lstat(path, &named) == 0 && fstat(fd, &is) == 0 && S_ISREG(is.st_mode) &&
	    named.st_dev == is.st_dev && named.st_ino == is.st_ino;
}

/*
 * Whoever writes has its file locked, so one that is not was left behind. Its name is only
 * taken away by who has the lock: that it is still the file's is then sure.
 */
static bool
remove_left(const char *temp)
{
	int fd = open(temp, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	bool removed = fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0 && is_named(temp, fd) &&
	    unlink(temp) == 0;

	if (fd >= 0)
		close(fd);
	return removed;
}

/* -1 with EEXIST: TEMP is another's. Where nothing can be locked, nothing is removed. */
static int
create(const char *temp)
{
	int fd = open(temp, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		return -1;
	if ((flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) && is_named(temp, fd))
		return fd;
	close(fd); /* before it was locked, another took it for left behind */
	errno = EEXIST;
	return -1;
}

static char *
name_aside(const char *path, unsigned number)
{
	return xasprintf("%s.postern-%u", path, number);
}

/* What several that wrote at once left behind, from NUMBER on. */
static void
remove_more(const char *path, unsigned number)
{
	for (bool more = true; more; number++) {
		char *temp = name_aside(path, number);

		more = remove_left(temp);
		free(temp);
	}
}

/* A new file beside PATH, and its name; what was left behind there goes. */
static int
create_aside(const char *path, char **ret_temp)
{
	for (unsigned number = 0; number < WRITERS_MOST; number++) {
		char *temp = name_aside(path, number);
		int fd;

		remove_left(temp);
		fd = create(temp);
		if (fd >= 0) {
			remove_more(path, number + 1);
			*ret_temp = temp;
			return fd;
		}
		free(temp);
		if (errno != EEXIST)
			break;
	}
	return -1;
}

int
replace_begin(struct replacement *replacement, const char *path, struct err *err)
{
	struct stat st;
	char *temp;
	int fd;

	if (lstat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return err_set(err, "%s: is no plain file, so it is not written over", path);
	fd = create_aside(path, &temp);
	if (fd < 0)
		return err_set(err, "%s: cannot be written: %s", path, strerror(errno));
	*replacement = (struct replacement){
	    .fd = fd, .temp = temp, .path = xstrdup(path), .mode = 0644};
	return 0;
}

void
replace_keep_mode(struct replacement *replacement)
{
	struct stat st;
	mode_t mask;

	if (lstat(replacement->path, &st) == 0) {
		replacement->mode = st.st_mode & 0777;
		return;
	}
	mask = umask(0);
	umask(mask);
	replacement->mode = 0666 & ~mask;
}

static void
forget(struct replacement *replacement)
{
	close(replacement->fd);
	free(replacement->temp);
	free(replacement->path);
	*replacement = (struct replacement){.fd = -1};
}

int
replace_sync_folder(const char *path, struct err *err)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? xstrndup(path, (size_t)(slash - path) + 1) : xstrdup(".");
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), result = 0;

	if (fd >= 0 && fsync(fd) < 0 && errno != EINVAL && errno != EROFS)
		result = err_set(err, "%s: its folder is not on disk: %s", path,
		    strerror(errno));
	if (fd >= 0)
		close(fd);
	free(folder);
	return result;
}

int
replace_commit(struct replacement *replacement, struct err *err)
{
	int result;

	if (fchmod(replacement->fd, replacement->mode) < 0 || fsync(replacement->fd) < 0 ||
	    rename(replacement->temp, replacement->path) < 0) {
		err_set(err, "%s: cannot be written: %s", replacement->path, strerror(errno));
		replace_abandon(replacement);
		return -1;
	}
	result = replace_sync_folder(replacement->path, err);
	forget(replacement);
	return result;
}

void
replace_abandon(struct replacement *replacement)
{
	unlink(replacement->temp);
	forget(replacement);
}

int
replace_write(const struct replacement *replacement, struct str text, struct err *err)
{
	while (text.len) {
		ssize_t n = write(replacement->fd, text.p, text.len);

		if (n < 0 && errno != EINTR)
			return err_set(err, "%s: cannot be written: %s", replacement->path,
			    strerror(errno));
		if (n > 0)
			text = str_from(text, (size_t)n);
	}
	return 0;
}

int
replace_file(const char *path, struct str text, mode_t mode, struct err *err)
{
	struct replacement replacement = {.fd = -1};

	if (replace_begin(&replacement, path, err) < 0)
		return -1;
	replacement.mode = mode;
	if (replace_write(&replacement, text, err) < 0) {
		replace_abandon(&replacement);
		return -1;
	}
	return replace_commit(&replacement, err);
}
