/* SPDX-License-Identifier: Apache-2.0
 *
 * guard-store: what a guard keeps, for those who were given no log, or go on from it.
 */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/civil.h"
#include "cmd/room.h"
#include "serve/serve.h"

#define GUARD_USEC (USEC_PER_SEC / 2)

const char *
guard_store(const struct options *options, struct arena *arena, struct settings **ret)
{
	struct buf answer = BUF_INIT(65536);
	const char *store = NULL;
	struct err err;
	int failed = settings_read(options->config, settings_ignore_fault, NULL, ret, &err);

	if (failed && options->config)
		complain("%s", err.text);
	if (failed == 0 &&
	    control_call(arena_cstr(arena, settings_get(*ret, SETTING_guard_control)->text),
		STR("{\"op\":\"status\"}"), GUARD_USEC, &answer, &err) == 0)
		store = arena_cstr(arena, settings_get(*ret, SETTING_store_url)->text);
	buf_done(&answer);
	return store;
}

void
put_kept_for_less(const struct keeping *keeping, int64_t age, uint64_t kinds, bool times,
    struct buf *out)
{
	char text[32];

	for (unsigned kind = 1; kind < KINDS; kind++) {
		if (!(kinds >> kind & 1) || keeping->usec[kind] >= age ||
		    keeping->usec[kind] >= keeping->usual_usec)
			continue;
		buf_printf(out, "%s%s", out->len ? ", " : "",
		    event_enum_name(FIELD_kind, kind));
		if (times)
			buf_printf(out, " %s",
			    setting_duration_text(keeping->usec[kind], text));
	}
}

/* Who may read PATH: its owner and its group, by their names. */
static int
not_allowed(const char *path, struct err *err)
{
	const struct passwd *user = NULL;
	const struct group *group = NULL;
	struct stat status;

	if (stat(path, &status) == 0) {
		user = status.st_uid ? getpwuid(status.st_uid) : NULL;
		group = status.st_mode & S_IRGRP ? getgrgid(status.st_gid) : NULL;
	}
	return err_set(err, "%s: not allowed: must be root%s%s%s%s", path,
	    user ? " or user " : "", user ? user->pw_name : "",
	    group ? " or in group " : "", group ? group->gr_name : "");
}

static int
check_file(const char *url, bool read_only, struct err *err)
{
	const char *path = store_file(url);

	if (!path)
		return err_set(err, "[store] url is %s: what a guard knows only itself "
		    "cannot be asked for", url);
	if (access(path, F_OK) < 0 && errno == ENOENT)
		return err_set(err, "there is no store at %s: postern guard makes it, as in "
		    "systemctl start postern; --config names other settings", path);
	if (access(path, read_only ? R_OK : R_OK | W_OK) < 0 && errno == EACCES)
		return not_allowed(path, err);
	return 0;
}

/*
 * SQLite reads through files beside the store, which a guard that runs keeps there; who
 * cannot make them must wait for one.
 */
static void
hint_at_owner(const char *path, struct err *err)
{
	char *beside = xasprintf("%s-shm", path), *directory = xstrdup(path);
	char *slash = strrchr(directory, '/');
	struct err before = *err;

	if (slash)
		*slash = '\0';
	if (access(beside, F_OK) < 0 && access(slash ? directory : ".", W_OK) < 0)
		err_set(err, "%s; while no guard runs, only root and the guard's user can "
		    "read it", before.text);
	free(beside);
	free(directory);
}

int
open_store(const struct settings *settings, bool read_only, struct store **ret,
    struct err *err)
{
	struct str text = settings_get(settings, SETTING_store_url)->text;
	char *url = xstrndup(text.p, text.len);
	struct store_settings wanted = {.url = url, .read_only = read_only};
	int result = check_file(url, read_only, err);

	if (result == 0) {
		result = store_open(&wanted, ret, err);
		if (result < 0)
			hint_at_owner(store_file(url), err);
	}
	free(url);
	return result;
}
