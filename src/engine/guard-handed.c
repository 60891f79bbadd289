/* SPDX-License-Identifier: Apache-2.0
 *
 * guard-handed: what a guard leaves to the one that takes its place, and how that goes on
 * with it. A store that is there has everything, and nothing is handed over.
 *
 * Of one that cannot be written to, the bans that are in force go apart from its rows: the
 * verdicts that led to them come again when it can, and must not find themselves.
 */
#include "engine/guard-room.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/civil.h"

static const char stand_in[] = "memory:";

/*
 * Who else writes is waited for so long: Postfix, who is told to wait 2 s for us, waits, too.
 */
#define BUSY_USEC USEC_PER_SEC

#define TAG "banned" /* of a record: prefix, id, end, then the names of actions */
#define HANDED_MAX 2000000

char *
guard_store_url(const struct guard *guard)
{
	struct str url = settings_get(guard->settings.settings, SETTING_store_url)->text;

	return xstrndup(url.p, url.len);
}

static bool
ends_with_us(const struct guard *guard)
{
	char *url = guard_store_url(guard);
	bool ends = store_file(url) == NULL;

	free(url);
	return ends;
}

/* The settings of the next process may have actions in another order. */
static void
put_actions(const struct guard *guard, uint64_t actions, struct buf *record)
{
	for (size_t a = 0; a < 64 && (guard->all_actions >> a & 1); a++)
		if (actions >> a & 1)
			state_put_text(record, str_of(settings_section(
			    guard->settings.settings, "action", a)->name));
}

static uint64_t
read_actions(const struct guard *guard, struct str record)
{
	uint64_t actions = 0;
	struct str name;

	while (state_text(&record, &name))
		for (size_t a = 0; a < 64 && (guard->all_actions >> a & 1); a++)
			if (str_eq(name, str_of(settings_section(guard->settings.settings,
			    "action", a)->name)))
				actions |= UINT64_C(1) << a;
	return actions;
}

static void
hand_banned(const struct guard *guard, struct state_out *out)
{
	struct buf record = BUF_INIT(256);
	char prefix[CIDR_TEXT_MAX];

	for (size_t i = 0; i < banned_count(guard->banned); i++) {
		const struct banned_entry *entry = banned_at(guard->banned, i);
		struct banned_part part;

		for (size_t p = 0; banned_part(entry, p, &part); p++) {
			buf_clear(&record);
			state_put_text(&record, (struct str){prefix,
			    cidr_format(&entry->prefix, prefix)});
			state_put_number(&record, (int64_t)part.id);
			state_put_number(&record, part.until);
			put_actions(guard, part.actions, &record);
			state_record(out, STR(TAG), &record);
		}
	}
	buf_done(&record);
}

/* What DETECT judges by now is in events since then, and what tracking has open. */
static int64_t
stands_on(const struct detect *detect)
{
	int64_t back = detect_looks_back(detect);

	return now_wall() - (back > USEC_PER_DAY ? back : USEC_PER_DAY);
}

int
guard_hand_over(struct guard *guard, struct state_out *out, struct err *err)
{
	if (ends_with_us(guard))
		return store_hand_over(guard->store, INT64_MIN, out, err);
	guard_hand_said(guard, out);
	if (!guard->behind)
		return 0;
	hand_banned(guard, out);
	guard_hand_lifts(guard, out);
	return store_hand_over(guard->store, stands_on(guard->detect), out, err);
}

static void
keep_banned(struct guard *guard, const struct guard_handed *handed)
{
	if (guard->handed_count == HANDED_MAX)
		return;
	MEM_GROW(guard->handed, guard->handed_count, guard->handed_room);
	guard->handed[guard->handed_count++] = *handed;
}

void
guard_keep_banned(struct guard *guard)
{
	for (size_t i = 0; i < banned_count(guard->banned); i++) {
		const struct banned_entry *entry = banned_at(guard->banned, i);
		struct banned_part part;

		for (size_t p = 0; banned_part(entry, p, &part); p++)
			keep_banned(guard, &(struct guard_handed){entry->prefix, part.id,
			    part.until, part.actions});
	}
}

static void
take_banned(struct guard *guard, struct str record)
{
	struct str prefix;
	int64_t id, until;
	struct cidr cidr;

	if (!state_text(&record, &prefix) || !state_number(&record, &id) ||
	    !state_number(&record, &until) || !cidr_parse(prefix, &cidr))
		return;
	keep_banned(guard, &(struct guard_handed){cidr, (uint64_t)id, until,
	    read_actions(guard, record)});
}

void
guard_take_banned(struct guard *guard, struct str records)
{
	struct str what, record;

	while (state_next(&records, &what, &record))
		if (str_eq(what, STR(TAG)))
			take_banned(guard, record);
}

int
guard_events(struct guard *guard, int64_t since, const char *where, run_each *each,
    void *context, struct err *err)
{
	return store_scan_judged(guard->store, since, INT64_MAX, where, each, context, err);
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

/* The same before there is a detector. */
static int64_t
will_stand_on(const struct guard *guard)
{
	struct detect_limits limits = rules_limits(guard->settings.settings);
	struct detect *detect = detect_new(guard->settings.rules->rules,
	    guard->settings.rules->count, &limits, NULL, NULL);
	int64_t since = stands_on(detect);

	detect_free(detect);
	return since;
}

/* What the store has that has no room; one that nothing was written into yet has nothing. */
static int
copy_real(const struct guard *guard, const char *url, struct store *into, struct err *err)
{
	const char *file = store_file(url);
	struct store *real;
	struct stat status;
	int result;

	if (file && (stat(file, &status) < 0 || status.st_size == 0))
		return 0;
	if (store_open(&(struct store_settings){.url = url, .alone = true}, &real, err) < 0)
		return -1;
	result = store_copy(real, will_stand_on(guard), into, err);
	store_close(real);
	return result;
}

/* A store in memory with what was handed over, or else what is in the one at URL. */
static int
open_stand_in(const struct guard *guard, const char *url, struct store **ret, struct err *err)
{
	struct str records = guard->settings.records;
	struct store *store;
	int result;

	if (store_open(&(struct store_settings){.url = stand_in}, &store, err) < 0)
		return -1;
	result = store_handed(records) ? store_take_over(store, records, err) :
	    copy_real(guard, url, store, err);
	if (result < 0)
		store_close(store);
	else
		*ret = store;
	return result;
}

void
guard_restore_handed(struct guard *guard)
{
	int64_t now = now_wall();

	for (size_t i = 0; guard->settings.act && i < guard->handed_count; i++)
		if (guard->handed[i].until > now)
			banned_add(guard->banned, &guard->handed[i].prefix,
			    &(struct banned_part){guard->handed[i].id, guard->handed[i].until,
			        guard->handed[i].actions});
	guard_forget_handed(guard);
}

void
guard_forget_handed(struct guard *guard)
{
	free(guard->handed);
	guard->handed = NULL;
	guard->handed_count = guard->handed_room = 0;
}

/* Judging goes on, though the store at URL cannot be opened because of FAULT. */
static int
stand_in_for(struct guard *guard, const char *url, const struct err *fault)
{
	struct err err;

	if (open_stand_in(guard, url, &guard->store, &err) < 0)
		return -1;
	guard_fall_behind(guard, fault);
	guard->stands_in = true;
	return 0;
}

int
guard_open_store(struct guard *guard, struct err *err)
{
	bool handed = store_handed(guard->settings.records), full = false;
	char *url = guard_store_url(guard);
	int result = store_open(&(struct store_settings){.url = url, .ret_full = &full,
	    .busy_usec = BUSY_USEC}, &guard->store, err);
	struct err fault;

	guard_take_said(guard, guard->settings.records);
	guard_take_lifts(guard, guard->settings.records);
	guard_take_banned(guard, guard->settings.records);
	if (result == 0 && handed && is_new(guard->store) &&
	    store_take_over(guard->store, guard->settings.records, &fault) < 0)
		guard_log(guard, GUARD_ERROR, "%s; begins without", fault.text);
	if (result == 0)
		guard_open_lifts(guard);
	if (result == 0 && guard_write_lifts(guard, &fault) < 0)
		guard_fall_behind(guard, &fault);
	if (result < 0 && full && !handed)
		guard_open_lifts(guard);
	if (result < 0 && (handed || full))
		result = stand_in_for(guard, url, err);
	/* Where files have other numbers by name than when they are open, none is missed. */
	guard->watches_store = result == 0 && !store_is_gone(guard->store);
	free(url);
	return result;
}

void
guard_watch_store(struct guard *guard)
{
	int64_t now = now_monotonic();
	char *url;

	if (!guard->watches_store || guard->lost_store || now < guard->next_watch)
		return;
	guard->next_watch = now + USEC_PER_SEC;
	if (!store_is_gone(guard->store))
		return;
	url = guard_store_url(guard);
	guard_log(guard, GUARD_ERROR,
	    "%s has been removed, or another file is in its place: begins "
	    "anew, with what was known", store_file(url));
	free(url);
	guard->lost_store = true;
	/* What it had is handed over, as of one that cannot be written to. */
	guard->behind = true;
}

bool
guard_lost_store(const struct guard *guard)
{
	return guard->lost_store;
}

bool
guard_real_store(struct guard *guard)
{
	char *url = guard_store_url(guard);
	struct store *store;
	struct err err;

	if (guard->stands_in &&
	    store_open(&(struct store_settings){.url = url, .busy_usec = BUSY_USEC}, &store,
		&err) == 0) {
		if (is_new(store) &&
		    store_copy(guard->store, stands_on(guard->detect), store, &err) < 0) {
			store_close(store);
			free(url);
			return false;
		}
		store_close(guard->store);
		guard->store = store;
		guard->stands_in = false;
		if (guard->reserve.fd < 0)
			guard_open_lifts(guard);
	}
	free(url);
	return !guard->stands_in;
}
