/* SPDX-License-Identifier: Apache-2.0
 *
 * siblings: the files of one rotated set as they lie in their directory: mail.log
 * mail.log.1 mail.log.2.gz. While logrotate renames them one after another a single
 * look could see a file twice or not at all, so it looks until nothing moves.
 */
#include <dirent.h>
#include <unistd.h>

#include "base/civil.h"
#include "base/mem.h"
#include "input/follow-room.h"

/* A chain of renames takes far less. */
#define LOOKS_MAX 20
#define LOOK_PAUSE_USEC 1000

static void
add_sibling(struct siblings *siblings, const char *directory, const char *name,
    const char *base)
{
	int64_t order;
	char *path, *own = rotated_base(name, &order);
	bool newest = strcmp(name, base) == 0, is_one = newest || strcmp(own, base) == 0;
	struct stat st;

	free(own);
	if (!is_one)
		return;
	path = xasprintf("%s/%s", directory, name);
	if (stat(path, &st) != 0 || !S_ISREG(st.st_mode)) {
		free(path);
		return;
	}
	MEM_GROW(siblings->list, siblings->count, siblings->room);
	siblings->list[siblings->count++] = (struct sibling){
		.path = path,
		.device = st.st_dev,
		.inode = st.st_ino,
		.size = (uint64_t)st.st_size,
		.mtime = (int64_t)st.st_mtim.tv_sec * USEC_PER_SEC + st.st_mtim.tv_nsec / 1000,
		/* mail.log.gz is older than mail.log, too. */
		.order = newest ? INT64_MAX : order == INT64_MAX ? order - 1 : order,
		.newest = newest,
	};
}

static int
by_order(const void *a, const void *b)
{
	const struct sibling *x = a, *y = b;

	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	return strcmp(x->path, y->path);
}

static void
look_once(struct siblings *siblings, const char *directory, const char *base)
{
	DIR *entries = opendir(directory);
	const struct dirent *entry;

	*siblings = (struct siblings){0};
	if (!entries) {
		/* Without a listing the log itself may still be readable. */
		add_sibling(siblings, directory, base, base);
		return;
	}
	while ((entry = readdir(entries)))
		add_sibling(siblings, directory, entry->d_name, base);
	closedir(entries);
	if (siblings->count)
		qsort(siblings->list, siblings->count, sizeof(*siblings->list), by_order);
}

static bool
same(const struct siblings *a, const struct siblings *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (a->list[i].inode != b->list[i].inode ||
		    a->list[i].device != b->list[i].device ||
		    strcmp(a->list[i].path, b->list[i].path) != 0)
			return false;
	return true;
}

void
siblings_look(struct siblings *ret, const char *directory, const char *base)
{
	struct siblings before;

	look_once(ret, directory, base);
	for (int i = 0; i < LOOKS_MAX; i++) {
		bool quiet;

		before = *ret;
		look_once(ret, directory, base);
		quiet = same(&before, ret);
		siblings_done(&before);
		if (quiet)
			break;
		usleep(LOOK_PAUSE_USEC);
	}
}

void
siblings_done(struct siblings *siblings)
{
	for (size_t i = 0; i < siblings->count; i++)
		free(siblings->list[i].path);
	free(siblings->list);
	*siblings = (struct siblings){0};
}
