/* SPDX-License-Identifier: Apache-2.0 */
#include "base/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

int
replace_begin(struct replacement *replacement, const char *path, struct err *err)
{
	struct stat st;
	char *temp;
	int fd;

	if (lstat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return err_set(err, "%s: is no plain file, so it is not written over", path);
	temp = xasprintf("%s.XXXXXX", path);
	fd = mkostemp(temp, O_CLOEXEC);
	if (fd < 0) {
		err_set(err, "%s: cannot be written: %s", path, strerror(errno));
		free(temp);
		return -1;
	}
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
replace_commit(struct replacement *replacement, struct err *err)
{
	if (fchmod(replacement->fd, replacement->mode) < 0 || fsync(replacement->fd) < 0 ||
	    rename(replacement->temp, replacement->path) < 0) {
		err_set(err, "%s: cannot be written: %s", replacement->path, strerror(errno));
		replace_abandon(replacement);
		return -1;
	}
	forget(replacement);
	return 0;
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
