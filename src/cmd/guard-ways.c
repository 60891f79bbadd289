/* SPDX-License-Identifier: Apache-2.0
 *
 * guard-ways: the folders that the logs are in, which are all that who judges may open of
 * them. Where a name comes to lead elsewhere, as a link does that is put elsewhere or a folder
 * that is made anew, only another process can be let in there: as at SIGHUP, but with the
 * settings as they are.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "base/civil.h"
#include "base/now.h"
#include "cmd/guard-room.h"

#define LOOK_USEC (USEC_PER_SEC / 4)

/* The folder that NAME leads to now, as PATH; false: to none. */
static bool
folder_of(const char *name, char path[PATH_MAX], struct stat *ret)
{
	char *slash;

	if (*name != '/' || !realpath(name, path))
		return false;
	slash = strrchr(path, '/');
	slash[slash == path] = '\0';
	return stat(path, ret) == 0;
}

/* Where way number I leads; false: where it did before, or nowhere. */
static bool
leads_elsewhere(struct guard_ways *ways, size_t i, char path[PATH_MAX])
{
	struct guard_way *way = &ways->list[i];
	struct stat st;

	if (!folder_of(way->name, path, &st) ||
	    (st.st_ino == way->inode && st.st_dev == way->device))
		return false;
	way->inode = st.st_ino;
	way->device = st.st_dev;
	return true;
}

void
ways_note(struct guard_run *run, struct guard_ways *ways)
{
	const struct setting_value *files = settings_get(run->settings, SETTING_input_files);
	char path[PATH_MAX];

	*ways = (struct guard_ways){.count = files->list_count};
	ways->list = arena_alloc(&run->arena, (files->list_count + 1) * sizeof(*ways->list));
	for (size_t i = 0; i < ways->count; i++) {
		ways->list[i] = (struct guard_way){
		    .name = arena_cstr(&run->arena, files->list[i])};
		leads_elsewhere(ways, i, path);
	}
}

static bool
is_closed(const char *path)
{
	DIR *folder = opendir(path);

	if (folder)
		closedir(folder);
	return !folder && errno == EACCES;
}

bool
ways_closed(struct guard_run *run, struct guard_ways *ways)
{
	int64_t now = now_monotonic();
	char path[PATH_MAX], text[2 * PATH_MAX + 128];
	bool closed = false;

	if (now < ways->next_look)
		return false;
	ways->next_look = now + LOOK_USEC;
	for (size_t i = 0; i < ways->count; i++) {
		if (!leads_elsewhere(ways, i, path) || !is_closed(path))
			continue;
		snprintf(text, sizeof(text),
		    "%s leads out of what was opened to who judges, to "
		    "%s: begins anew, with the same settings", ways->list[i].name, path);
		guard_say(run, GUARD_NOTICE, text);
		closed = true;
	}
	return closed;
}
