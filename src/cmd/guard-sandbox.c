/* SPDX-License-Identifier: Apache-2.0
 *
 * guard-sandbox: the files that the process which judges may still open, and what else it
 * may ask of the kernel. It reads what attackers write; should they ever make it do what
 * they want, this is all it can.
 */
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/sandbox.h"
#include "cmd/guard-room.h"

#define PLACES_MAX 4096 /* a list of settings has 1000 items, and each may be a link */

#define LINKS_MAX 40 /* as many as the kernel follows */

struct places {
	struct sandbox_place list[PLACES_MAX];
	size_t count;
	struct arena *arena;
};

static void
add(struct places *places, const char *path, bool write)
{
	for (size_t i = 0; i < places->count; i++)
		if (places->list[i].write == write && strcmp(places->list[i].path, path) == 0)
			return;
	if (places->count < PLACES_MAX)
		places->list[places->count++] = (struct sandbox_place){path, write};
}

/* The directory that the file PATH is in: files are rotated, and made anew. */
static void
add_folder(struct places *places, struct str path, bool write)
{
	const char *slash = memrchr(path.p, '/', path.len);

	if (!slash)
		add(places, ".", write);
	else if (slash == path.p)
		add(places, "/", write);
	else
		add(places, arena_cstr(places->arena, str_range(path.p, slash)), write);
}

/* PATH without the first link on the way, last name included. False: there is none. */
static bool
follow_link(struct places *places, struct str *path)
{
	char target[PATH_MAX];

	for (size_t end = 1; end <= path->len; end++) {
		struct str link = str_head(*path, end);
		ssize_t len;
		size_t in;

		if (end < path->len && path->p[end] != '/')
			continue;
		len = readlink(arena_cstr(places->arena, link), target, sizeof(target));
		if (len <= 0 || (size_t)len == sizeof(target))
			continue;
		in = *target == '/' ? 0 : str_find_last(link, STR("/")) + 1;
		if (in > link.len)
			in = 0; /* no slash: beside us */
		*path = str_of(arena_printf(places->arena, "%.*s%.*s%.*s",
		    STR_ARG(str_head(link, in)), (int)len, target,
		    STR_ARG(str_from(*path, end))));
		return true;
	}
	return false;
}

/* Where PATH is, and where each link on the way to it goes: the kernel looks at the end. */
static void
add_directory(struct places *places, struct str path, bool write)
{
	add_folder(places, path, write);
	for (int i = 0; i < LINKS_MAX && follow_link(places, &path); i++)
		add_folder(places, path, write);
}

/* AWAY: the directory will be there again, as another one or mounted: so what it is in. */
static void
add_store(struct places *places, struct str path, bool away)
{
	const char *slash = memrchr(path.p, '/', path.len);

	add_directory(places, path, true);
	if (slash && away)
		add_directory(places, str_range(path.p, slash), true);
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

/* What there is on every system: zones, resolvers, the journal and what it loads to
 * decompress, SQLite's sorting. */
static void
add_usual(struct places *places)
{
	static const char *const readable[] = {"/etc", "/usr/share", "/usr/lib", "/lib",
	    "/lib64", "/var/log", "/run/log", "/dev", "/run/systemd/resolve"};
	static const char *const writable[] = {"/tmp", "/var/tmp", "/var/lib/postern"};

	for (size_t i = 0; i < sizeof(readable) / sizeof(*readable); i++)
		add(places, readable[i], false);
	for (size_t i = 0; i < sizeof(writable) / sizeof(*writable); i++)
		add(places, writable[i], true);
}

/* The ports of name servers: those of [dns] servers, and the usual one. */
static size_t
add_ports(const struct setting_value *servers, uint16_t *ports)
{
	size_t count = 0;

	ports[count++] = 53;
	for (size_t i = 0; i < servers->list_count && count < PLACES_MAX; i++) {
		uint16_t port = dns_server_port(servers->list[i]);

		if (port)
			ports[count++] = port;
	}
	return count;
}

static void
add_places(struct places *places, const struct settings *settings, bool away)
{
	struct str url = settings_get(settings, SETTING_store_url)->text;

	add_usual(places);
	add_list(places, settings_get(settings, SETTING_input_files), STR(""), false);
	add_list(places, settings_get(settings, SETTING_geo_files), STR(""), false);
	add_list(places, settings_get(settings, SETTING_policy_listen), STR("unix:"), true);
	add_directory(places, settings_get(settings, SETTING_guard_control)->text, true);
	if (str_skip(&url, STR("sqlite:")))
		add_store(places, url, away);
}

static void
say_lack(struct guard_run *run, int result, const struct err *err, const char *lack)
{
	if (result != 0)
		guard_say(run, GUARD_WARNING, result < 0 ? err->text : lack);
}

void
guard_sandbox(struct guard_run *run, bool asks_names, bool store_away)
{
	struct places *places = xcalloc(1, sizeof(*places));
	uint16_t *ports = xcalloc(PLACES_MAX, sizeof(*ports));
	const char *notify = getenv("NOTIFY_SOCKET");
	struct sandbox sandbox = {.places = places->list, .ports = ports,
	    .abstract = notify && *notify == '@'};
	struct err err;

	places->arena = &run->arena;
	add_places(places, run->settings, store_away);
	sandbox.place_count = places->count;
	if (asks_names)
		sandbox.port_count = add_ports(settings_get(run->settings,
		    SETTING_dns_servers), ports);
	say_lack(run, sandbox_enter(&sandbox, &err), &err,
	    "this kernel has no landlock: files are not closed to who judges");
	say_lack(run, sandbox_calls(asks_names, &err), &err, "system calls of who judges are "
	    "not filtered: the kernel has no seccomp, or postern was built without "
	    "libseccomp");
	free(places);
	free(ports);
}
