/* SPDX-License-Identifier: Apache-2.0
 *
 * source: opens what a name means: a regular file (also as standard input), a
 * pipe or device, the journal. Says in words for a person why one cannot be opened.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <inttypes.h>
#include <pwd.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/civil.h"
#include "base/mem.h"
#include "base/now.h"
#include "input/room.h"

int
source_failed(const char *path, int error, struct err *err)
{
	struct stat st;
	struct group *group;
	struct passwd *user;

	if (error == ENXIO && stat(path, &st) == 0 && S_ISSOCK(st.st_mode))
		return err_set(err, "%s: a socket, which cannot be read; name the file that "
		    "whoever listens there writes", path);
	if (error != EACCES || geteuid() == 0)
		return err_set(err, "%s: %s", path, strerror(error));
	user = getpwuid(geteuid());
	if (stat(path, &st) != 0 || !(st.st_mode & S_IRGRP) || st.st_gid == 0 ||
	    !(group = getgrgid(st.st_gid)))
		return err_set(err,
		    "%s: %s for user %s; run it with sudo, or let that user read it",
		    path, strerror(error), user ? user->pw_name : "?");
	return err_set(err, "%s: %s for user %s; run it with sudo, or: adduser %s %s", path,
	    strerror(error), user ? user->pw_name : "?", user ? user->pw_name : "NAME",
	    group->gr_name);
}

/* A year of rotated logs can be more files than a process may have open by default. */
static bool
raise_open_files(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max)
		return false;
	limit.rlim_cur = limit.rlim_max;
	return setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

/* A descriptor for NAME ("-": a copy of standard input), or -1. */
static int
open_name(const char *name, struct err *err)
{
	bool retried = false;

	for (;;) {
		int fd = strcmp(name, "-") == 0 ?
		    fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3) :
		    open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);

		if (fd >= 0)
			return fd;
		if (errno == EINTR)
			continue;
		if (errno == EMFILE && !retried && raise_open_files()) {
			retried = true;
			continue;
		}
		return source_failed(name, errno, err);
	}
}

/* A regular file is read from where FD stands: `(read line; postern scan -) < file`. */
static void
open_regular(int fd, const struct stat *st, struct input_file *file)
{
	struct input_private *private = file->private;
	off_t at = lseek(fd, 0, SEEK_CUR);

	private->open = file_open;
	private->fd = fd;
	private->start = at > 0 ? (uint64_t)at : 0;
	private->end = st->st_size > at ? (uint64_t)st->st_size : private->start;
	file->size = private->end - private->start;
	file->mtime = (int64_t)st->st_mtim.tv_sec * USEC_PER_SEC + st->st_mtim.tv_nsec / 1000;
}

static void
private_new(const char *name, struct input_file *file)
{
	struct input_private *private = xcalloc(1, sizeof(*private));

	private->name = xstrdup(name);
	private->fd = -1;
	*file = (struct input_file){
		.name = private->name,
		.mtime = now_wall(),
		.first = INT64_MIN,
		.private = private,
	};
}

/* Is it a file of a journal? See the format's description by systemd. */
static bool
is_journal(int fd)
{
	static const char magic[] = {'L', 'P', 'K', 'S', 'H', 'H', 'R', 'H'};
	char head[sizeof(magic)];

	return pread(fd, head, sizeof(head), 0) == (ssize_t)sizeof(head) &&
	    memcmp(head, magic, sizeof(head)) == 0;
}

/* A file of a journal is read by its name; its size says nothing about its lines. */
static int
open_journal_file(const char *name, struct input_file *file, struct err *err)
{
	struct input_private *private = file->private;

	if (strcmp(name, "-") == 0)
		return err_set(err, "standard input: a file of a journal; it must be named");
	close(private->fd);
	private->fd = -1;
	private->open = journal_open;
	private->journal = (struct journal){.file = xstrdup(name), .since = INT64_MIN};
	file->size = 0;
	return 0;
}

int
source_open(const char *name, struct input_file *ret, struct err *err)
{
	struct stat st;
	int fd = open_name(name, err);

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) != 0) {
		err_set(err, "%s: %s", name, strerror(errno));
		close(fd);
		return -1;
	}
	if (S_ISDIR(st.st_mode)) {
		close(fd);
		return err_set(err, "%s: %s", name, strerror(EISDIR));
	}
	private_new(name, ret);
	ret->private->device = st.st_dev;
	ret->private->inode = st.st_ino;
	if (S_ISREG(st.st_mode)) {
		open_regular(fd, &st, ret);
		if (is_journal(fd) && open_journal_file(name, ret, err) < 0) {
			source_close(ret);
			return -1;
		}
	} else {
		ret->private->open = spool_open;
		ret->private->spool = spool_new(fd);
	}
	return 0;
}

void
source_journal(const char *directory, int64_t since, struct input_file *ret)
{
	private_new("journal", ret);
	ret->private->open = journal_open;
	ret->private->journal = (struct journal){
		.directory = directory ? xstrdup(directory) : NULL,
		.since = since,
	};
}

void
source_close(struct input_file *file)
{
	struct input_private *private = file->private;

	if (!private)
		return;
	if (private->fd >= 0)
		close(private->fd);
	spool_free(private->spool);
	free(private->journal.directory);
	free(private->journal.file);
	free(private->directory);
	free(private->base);
	free(private->name);
	free(private);
	file->private = NULL;
}

static ssize_t
file_at(const struct input_private *private, char *to, size_t room, uint64_t offset,
    struct err *err)
{
	uint64_t length = private->end - private->start;
	ssize_t n;

	if (offset >= length)
		return 0;
	if (room > length - offset)
		room = length - offset;
	do {
		n = pread(private->fd, to, room, (off_t)(private->start + offset));
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return err_set(err, "%s at byte %" PRIu64, strerror(errno), offset);
	if (n == 0)
		return err_set(err, "ends at byte %" PRIu64 ", it was %" PRIu64
		    " bytes long when it was opened", offset, length);
	return n;
}

ssize_t
input_read_at(const struct input_file *file, char *to, size_t room, uint64_t offset,
    struct err *err)
{
	ssize_t n = file_at(file->private, to, room, offset, err);

	return n < 0 ? err_wrap(err, "%s", file->name) : n;
}

struct file_layer {
	struct layer layer;
	const struct input_private *private;
};

static ssize_t
file_read(struct layer *layer, char *to, size_t room, struct err *err)
{
	const struct input_private *private = ((struct file_layer *)layer)->private;

	return file_at(private, to, room, layer->done, err);
}

static void
file_close(struct layer *layer)
{
	free(layer);
}

struct layer *
file_open(const struct input_file *file, struct err *err)
{
	struct file_layer *f = xcalloc(1, sizeof(*f));

	(void)err;
	f->layer = (struct layer){.read = file_read, .close = file_close};
	f->private = file->private;
	return &f->layer;
}
