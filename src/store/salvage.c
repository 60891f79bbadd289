/* SPDX-License-Identifier: Apache-2.0
 *
 * salvage: a store that is damaged is put out of the way, under a name of its own, and what
 * can be read of it goes into a new one. SQLite stops at a page that makes no sense; most
 * of what is behind that can be read, so reading goes on some time later in it.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/civil.h"
#include "base/now.h"
#include "base/replace.h"
#include "store/room.h"

/* Events of a transaction. */
#define BATCH 10000

/* No ban that matters is older. */
#define BANS_BACK (10 * 366 * USEC_PER_DAY)

/* ---- files ---- */

/* How many files are called as PATH and more; -1: it cannot be known. */
static int
count_like(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	char *folder = slash ? xstrndup(path, (size_t)(name - path)) : xstrdup(".");
	DIR *directory = opendir(folder);
	struct dirent *entry;
	int count = 0;

	free(folder);
	if (!directory)
		return -1;
	while ((entry = readdir(directory)))
		count += strncmp(entry->d_name, name, strlen(name)) == 0 &&
		    !str_ends(str_of(entry->d_name), STR("-wal"));
	closedir(directory);
	return count;
}

/*
 * The WAL goes first: a new file beside it would be taken for the one that it belongs to. The
 * one that a file is damaged without is read without.
 */
static int
rename_files(const char *path, const char *aside, struct err *err)
{
	char *shm = xasprintf("%s-shm", path), *wal = xasprintf("%s-wal", path);
	char *new_wal = xasprintf("%s-wal", aside);
	struct err unsynced;
	int result = 0;

	unlink(shm);
	if ((rename(wal, new_wal) < 0 && errno != ENOENT) || rename(path, aside) < 0)
		result = err_set(err, "%s: cannot be set aside: %s", path, strerror(errno));
	if (result < 0)
		rename(new_wal, wal);
	else /* before a new store takes the name; if it fails, both are still there */
		replace_sync_folder(path, &unsynced);
	free(shm);
	free(wal);
	free(new_wal);
	return result;
}

int
store_set_aside(const char *url, char **ret, struct err *err)
{
	char *path = store_beside(url, "damaged-"), *aside, *real;
	struct civil now = civil_of(now_wall());
	const char *why = "remove some of those that were";
	int count, result;

	if (!path)
		return err_set(err, "store %s: has no file", url);
	count = count_like(path);
	if (count < 0 || count >= STORE_ASIDE_MOST) {
		if (count < 0)
			why = "its folder cannot be read";
		err_set(err, "store %s: is damaged, and is not set aside: %s", url, why);
		free(path);
		return -1;
	}
	aside = xasprintf("%s%04d%02d%02dT%02d%02d%02dZ", path, now.year, now.month, now.day,
	    now.hour, now.minute, now.second);
	real = xstrndup(path, strlen(path) - strlen(".damaged-"));
	result = access(aside, F_OK) == 0 ? err_set(err, "%s: is there already", aside)
					  : rename_files(real, aside, err);
	if (result == 0)
		*ret = xasprintf("sqlite:%s", aside);
	free(real);
	free(aside);
	free(path);
	return result;
}

/* ---- rows ---- */

struct salvage {
	struct store *from, *into;
	void (*pulse)(void *context);
	void *context;
	struct store_salvaged *counts;
	int64_t last; /* time of what was read last */
	struct err *err;
	int result; /* of writing */
};

static bool
take_ban(void *context, const struct ban *ban)
{
	struct salvage *salvage = context;

	salvage->last = ban->from;
	salvage->counts->bans++;
	salvage->result = store_ban(salvage->into, ban, salvage->err);
	return salvage->result == 0;
}

static bool
take_event(void *context, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	struct salvage *salvage = context;

	salvage->last = ev->time;
	salvage->result = store_event(salvage->into, ev, symbols, sources, salvage->err);
	if (++salvage->counts->events % BATCH == 0 && salvage->result == 0) {
		salvage->result = store_commit(salvage->into, salvage->err);
		if (salvage->result == 0)
			salvage->result = store_begin(salvage->into, salvage->err);
		if (salvage->pulse)
			salvage->pulse(salvage->context);
	}
	return salvage->result == 0;
}

static int
read_bans(struct salvage *salvage, int64_t since, struct err *err)
{
	struct ban_filter all = {.active_at = INT64_MIN, .since = since, .until = INT64_MAX,
	    .dry_run = true};

	return store_bans(salvage->from, &all, take_ban, salvage, err);
}

static int
read_events(struct salvage *salvage, int64_t since, struct err *err)
{
	return store_scan(salvage->from, since, INT64_MAX, NULL, take_event, salvage, err);
}

/* READs from SINCE on, and behind what cannot be read, further each time. */
static int
read_past(struct salvage *salvage, int64_t since,
    int (*read)(struct salvage *salvage, int64_t since, struct err *err))
{
	int64_t now = now_wall();
	struct err ignored;

	for (int64_t gap = USEC_PER_SEC; since <= now; gap *= 2) {
		salvage->last = since;
		if (read(salvage, since, &ignored) == 0 || salvage->result < 0)
			break;
		since = (salvage->last > since ? salvage->last : since) + gap;
	}
	return salvage->result;
}

static int
read_positions(struct salvage *salvage)
{
	struct store_position *positions;
	struct arena arena = {0};
	struct err ignored;
	size_t count = 0;
	int result = 0;

	if (store_positions_load(salvage->from, &arena, &positions, &count, &ignored) == 0) {
		result = store_positions_save(salvage->into, positions, count, salvage->err);
		salvage->counts->positions = count;
	}
	arena_free(&arena);
	return result;
}

int
store_salvage(struct store *from, int64_t since, struct store *into,
    void (*pulse)(void *context), void *context, struct store_salvaged *ret, struct err *err)
{
	struct salvage salvage = {.from = from, .into = into, .pulse = pulse,
	    .context = context, .counts = ret, .err = err};

	if (store_begin(into, err) < 0)
		return -1;
	if (read_positions(&salvage) == 0 &&
	    read_past(&salvage, now_wall() - BANS_BACK, read_bans) == 0 &&
	    read_past(&salvage, since, read_events) == 0)
		return store_commit(into, err);
	store_rollback(into);
	return -1;
}
