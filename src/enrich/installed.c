/* SPDX-License-Identifier: Apache-2.0
 *
 * installed: the databases that are on this machine already.
 */
#include <dirent.h>

#include "enrich/room.h"

static const struct {
	const char *directory;
	const char *ends[4]; /* of the names of databases */
} places[] = {
	{GEO_DIRECTORY, {".pgeo", ".mmdb", ".dat"}},
	{"/usr/share/GeoIP", {".mmdb", ".dat"}},
	{"/var/lib/GeoIP", {".mmdb", ".dat"}},
};

static int
compare_paths(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool
is_database_name(const char *name, const char *const ends[4])
{
	for (unsigned i = 0; i < 4 && ends[i]; i++)
		if (*name != '.' && str_ends(str_of(name), str_of(ends[i])))
			return true;
	return false;
}

struct paths {
	char **list;
	size_t count, room;
};

/* Adds the databases of one folder, sorted. */
static void
add_directory(struct paths *paths, const char *directory, const char *const ends[4])
{
	DIR *open = opendir(directory);
	size_t from = paths->count;
	struct dirent *entry;

	if (open == NULL)
		return;
	while ((entry = readdir(open)))
		if (is_database_name(entry->d_name, ends)) {
			MEM_GROW(paths->list, paths->count, paths->room);
			paths->list[paths->count++] = xasprintf("%s/%s", directory,
			    entry->d_name);
		}
	closedir(open);
	if (paths->count > from)
		qsort(paths->list + from, paths->count - from, sizeof(*paths->list),
		    compare_paths);
}

size_t
geo_installed(char ***ret)
{
	struct paths paths = {.list = NULL};

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		add_directory(&paths, places[i].directory, places[i].ends);
	*ret = paths.list;
	return paths.count;
}
