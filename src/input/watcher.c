/* SPDX-License-Identifier: Apache-2.0
 *
 * watcher: wakes up when followed files may have changed. It tells only that there
 * is something to look after, never what: looking finds that out. So events may be
 * lost or too many, and where there are none a clock does as well.
 */
#include <errno.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/mem.h"
#include "input/follow-room.h"

#define FILE_EVENTS (IN_MODIFY | IN_ATTRIB | IN_MOVE_SELF | IN_DELETE_SELF)
#define DIRECTORY_EVENTS                                                                    \
	(IN_CREATE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF)

void
watcher_open(struct watcher *watcher, bool poll)
{
	watcher->inotify = poll ? -1 : inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	watcher->failing = watcher->inotify < 0;
}

void
watcher_close(struct watcher *watcher)
{
	if (watcher->inotify >= 0)
		close(watcher->inotify);
}

void
watcher_drain(struct watcher *watcher)
{
	char events[16384];

	while (watcher->inotify >= 0 &&
	    read(watcher->inotify, events, sizeof(events)) == (ssize_t)sizeof(events))
		continue;
}

/* What is not there (any more) needs no watching; anything else is inotify failing. */
static int
watch(struct watcher *watcher, const char *path, uint32_t events)
{
	int result;

	if (watcher->inotify < 0)
		return -1;
	result = inotify_add_watch(watcher->inotify, path, events);
	if (result < 0 && errno != ENOENT && errno != ENOTDIR)
		watcher->failing = true;
	return result;
}

int
watcher_file(struct watcher *watcher, int fd)
{
	/* By its name it could already be another file. */
	char *path = xasprintf("/proc/self/fd/%d", fd);
	int result = watch(watcher, path, FILE_EVENTS);

	if (result < 0)
		watcher->failing = true;
	free(path);
	return result;
}

void
watcher_path(struct watcher *watcher, const char *path)
{
	watch(watcher, path, FILE_EVENTS);
}

void
watcher_directory(struct watcher *watcher, const char *path)
{
	watch(watcher, path, DIRECTORY_EVENTS);
}

void
watcher_drop(struct watcher *watcher, int watch_number)
{
	if (watcher->inotify >= 0 && watch_number >= 0)
		inotify_rm_watch(watcher->inotify, watch_number);
}
