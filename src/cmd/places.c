/* SPDX-License-Identifier: Apache-2.0
 *
 * places: which databases of places a command asks: the ones named with --geo or by the
 * settings, else what is installed, else none.
 */
#include "cmd/room.h"

/* Of the COUNT paths in LIST those that can be read, to its front. */
static size_t
only_readable(char **list, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		const char *path = list[i];
		struct err err;
		struct geo *geo = geo_open(&path, 1, &err);

		if (geo == NULL) {
			complain("warning: %s", err.text);
			free(list[i]);
			continue;
		}
		geo_free(geo);
		list[kept++] = list[i];
	}
	return kept;
}

bool
places_installed(void)
{
	char **list;
	size_t count = geo_installed(&list);

	for (size_t i = 0; i < count; i++)
		free(list[i]);
	free(list);
	return count > 0;
}

int
options_geo(const struct options *options, struct geo **ret, struct err *err)
{
	char **list;
	size_t count;

	*ret = NULL;
	if (options->no_geo)
		return 0;
	if (options->geo.count) {
		*ret = geo_open(options->geo.values, options->geo.count, err);
		return *ret ? 0 : -1;
	}
	count = geo_installed(&list);
	count = only_readable(list, count);
	if (count == 0)
		complain("no database of places is installed; postern geo update fetches one, "
		    "postern geo build makes one of CSV files");
	*ret = geo_open((const char *const *)list, count, err);
	for (size_t i = 0; i < count; i++)
		free(list[i]);
	free(list);
	return *ret ? 0 : -1;
}

int
settings_geo(const struct settings *settings, const struct options *options,
    struct geo **ret, struct err *err)
{
	const struct setting_value *files = settings_get(settings, SETTING_geo_files);
	struct arena arena = {0};
	const char **paths;

	if (options->no_geo || options->geo.count || files->list_count == 0)
		return options_geo(options, ret, err);
	paths = arena_alloc(&arena, files->list_count * sizeof(*paths));
	for (size_t i = 0; i < files->list_count; i++)
		paths[i] = arena_cstr(&arena, files->list[i]);
	*ret = geo_open(paths, files->list_count, err);
	arena_free(&arena);
	return *ret ? 0 : -1;
}
