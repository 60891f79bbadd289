/* SPDX-License-Identifier: Apache-2.0
 *
 * guard-handed: what a guard leaves to the one that takes its place, and how that goes on
 * with it. A store that is there has everything, and nothing is handed over.
 */
#include "engine/guard-room.h"

#include <stdlib.h>

#include "base/civil.h"

static const char stand_in[] = "memory:";

static char *
store_url(const struct guard *guard)
{
	struct str url = settings_get(guard->settings.settings, SETTING_store_url)->text;

	return xstrndup(url.p, url.len);
}

static bool
ends_with_us(const struct guard *guard)
{
	char *url = store_url(guard);
	bool ends = store_file(url) == NULL;

	free(url);
	return ends;
}

/* Bans are known though their store cannot be read: to who is told first, by hand. */
static int
put_bans(struct guard *guard, struct store *store, struct err *err)
{
	char key[CIDR_TEXT_MAX];

	for (size_t i = 0; i < banned_count(guard->banned); i++) {
		const struct banned_entry *entry = banned_at(guard->banned, i);
		struct ban ban = {.id = entry->id, .rule = STR("manual"),
		    .key = {key, prefix_format(&entry->prefix, key)},
		    .prefix = entry->prefix, .from = now_wall(), .since = now_wall(),
		    .until = entry->until, .lifted = INT64_MIN,
		    .reason = STR("handed over without its store")};

		if (store_ban(store, &ban, err) < 0)
			return -1;
	}
	return 0;
}

static int
hand_bans(struct guard *guard, struct state_out *out, struct err *err)
{
	struct store *store;
	int result;

	if (store_open(&(struct store_settings){.url = stand_in}, &store, err) < 0)
		return -1;
	result = put_bans(guard, store, err);
	if (result == 0)
		result = store_hand_over(store, INT64_MAX, out, err);
	store_close(store);
	return result;
}

int
guard_hand_over(struct guard *guard, struct state_out *out, struct err *err)
{
	int64_t back = detect_looks_back(guard->detect);

	if (ends_with_us(guard))
		return store_hand_over(guard->store, INT64_MIN, out, err);
	if (!guard->behind)
		return 0;
	back = back > USEC_PER_DAY ? back : USEC_PER_DAY;
	/* What the store tells of the same bans comes later, and is better. */
	if (hand_bans(guard, out, err) < 0)
		return -1;
	return store_hand_over(guard->store, now_wall() - back, out, err);
}

int
guard_events(struct guard *guard, int64_t since, const char *where, run_each *each,
    void *context, struct err *err)
{
	return store_scan(guard->store, since, INT64_MAX, where, each, context, err);
}

/* It was made just now: on another disk, where the old one is away. */
static bool
is_new(struct store *store)
{
	struct store_position *positions;
	struct arena arena = {0};
	struct err err;
	size_t count = 1;
	bool result = store_positions_load(store, &arena, &positions, &count, &err) == 0 &&
	    count == 0;

	arena_free(&arena);
	return result;
}

/* A store in memory with what was handed over. */
static int
open_stand_in(const struct guard *guard, struct store **ret, struct err *err)
{
	struct store *store;

	if (store_open(&(struct store_settings){.url = stand_in}, &store, err) < 0)
		return -1;
	if (store_take_over(store, guard->settings.records, err) < 0) {
		store_close(store);
		return -1;
	}
	*ret = store;
	return 0;
}

static bool
restore(void *context, const struct ban *ban)
{
	struct guard *guard = context;
	const struct banned_entry *entry;

	if (ban->prefix.base.family && !ban->dry_run)
		banned_add(guard->banned, &ban->prefix, ban->id, ban->until,
		    guard->all_actions, &entry);
	return true;
}

void
guard_restore_handed(struct guard *guard)
{
	struct ban_filter active = {.active_at = now_wall(), .since = INT64_MIN,
	    .until = INT64_MAX};
	struct store *store;
	struct err err;

	if (!guard->settings.act || !guard->stood_still ||
	    open_stand_in(guard, &store, &err) < 0)
		return;
	guard->stood_still = false;
	if (store_bans(store, &active, restore, guard, &err) < 0)
		guard_log(guard, GUARD_ERROR, "%s", err.text);
	store_close(store);
}

int
guard_open_store(struct guard *guard, struct err *err)
{
	bool handed = store_handed(guard->settings.records);
	char *url = store_url(guard);
	int result = store_open(&(struct store_settings){.url = url}, &guard->store, err);
	struct err fault;

	free(url);
	if (!handed)
		return result;
	if (result == 0 && is_new(guard->store)) {
		if (store_take_over(guard->store, guard->settings.records, &fault) < 0)
			guard_log(guard, GUARD_ERROR, "%s; begins without", fault.text);
	} else if (result == 0) {
		guard->stood_still = true;
	} else if (open_stand_in(guard, &guard->store, &fault) == 0) {
		guard_fall_behind(guard, err);
		guard->stands_in = true;
		result = 0;
	}
	return result;
}

bool
guard_real_store(struct guard *guard)
{
	char *url = store_url(guard);
	struct store *store;
	struct err err;

	if (guard->stands_in &&
	    store_open(&(struct store_settings){.url = url}, &store, &err) == 0) {
		store_close(guard->store);
		guard->store = store;
		guard->stands_in = false;
	}
	free(url);
	return !guard->stands_in;
}
