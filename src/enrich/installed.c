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

size_t
geo_installed(char ***ret)
{
	char **list = NULL;
	size_t count = 0, room = 0;

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		DIR *directory = opendir(places[i].directory);
		size_t from = count;
		struct dirent *entry;

		if (directory == NULL)
			continue;
		while ((entry = readdir(directory)))
			if (is_database_name(entry->d_name, places[i].ends)) {
				MEM_GROW(list, count, room);
				list[count++] = xasprintf("%s/%s", places[i].directory,
				    entry->d_name);
			}
		closedir(directory);
		if (count > from)
			qsort(list + from, count - from, sizeof(*list), compare_paths);
	}
	*ret = list;
	return count;
}
