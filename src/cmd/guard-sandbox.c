/* SPDX-License-Identifier: Apache-2.0
 *
 * guard-sandbox: the files that the process which judges may still open. It reads what
 * attackers write; should they ever make it do what they want, this is all it can.
 */
#include "base/sandbox.h"
#include "cmd/guard-room.h"

#define PLACES_MAX 1100 /* a list of settings has 1000 items */

struct places {
	struct sandbox_place list[PLACES_MAX];
	size_t count;
	struct arena *arena;
};

static void
add(struct places *places, const char *path, bool write)
{
	if (places->count < PLACES_MAX)
		places->list[places->count++] = (struct sandbox_place){path, write};
}

/* The directory that the file PATH is in: files are rotated, and made anew. */
static void
add_directory(struct places *places, struct str path, bool write)
{
	const char *slash = memrchr(path.p, '/', path.len);

	if (!slash)
		add(places, ".", write);
	else if (slash == path.p)
		add(places, "/", write);
	else
		add(places, arena_cstr(places->arena, str_range(path.p, slash)), write);
}

static void
add_list(struct places *places, const struct setting_value *value, struct str prefix,
    bool write)
{
	for (size_t i = 0; i < value->list_count; i++) {
		struct str item = value->list[i];

		if (str_skip(&item, prefix) && item.len)
			add_directory(places, item, write);
	}
}

/* What there is on every system: zones, resolvers, the journal, SQLite's sorting. */
static void
add_usual(struct places *places)
{
	static const char *const readable[] = {"/etc", "/usr/share", "/var/log", "/run/log",
	    "/dev", "/run/systemd/resolve"};
	static const char *const writable[] = {"/tmp", "/var/tmp", "/var/lib/postern"};

	for (size_t i = 0; i < sizeof(readable) / sizeof(*readable); i++)
		add(places, readable[i], false);
	for (size_t i = 0; i < sizeof(writable) / sizeof(*writable); i++)
		add(places, writable[i], true);
}

int
guard_sandbox(struct guard_run *run, struct err *err)
{
	const struct settings *settings = run->settings;
	struct places *places = xcalloc(1, sizeof(*places));
	struct str url = settings_get(settings, SETTING_store_url)->text;
	char *names = dns_memory_place();
	int result;

	places->arena = &run->arena;
	add_usual(places);
	add_list(places, settings_get(settings, SETTING_input_files), STR(""), false);
	add_list(places, settings_get(settings, SETTING_geo_files), STR(""), false);
	add_list(places, settings_get(settings, SETTING_policy_listen), STR("unix:"), true);
	add_directory(places, settings_get(settings, SETTING_guard_control)->text, true);
	if (str_skip(&url, STR("sqlite:")))
		add_directory(places, url, true);
	if (names)
		add_directory(places, str_of(names), true);
	result = sandbox_enter(places->list, places->count, err);
	free(places);
	free(names);
	return result;
}
