/* SPDX-License-Identifier: Apache-2.0
 *
 * guard-damaged: a store that is damaged does not end what protects a mail server. It is set
 * aside, for who wants to look at it, and a new one begins with what can be read of it.
 */
#include "engine/guard-room.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/civil.h"

#define TAG "damaged" /* of a record without parts */

void
guard_hand_damage(struct state_out *out)
{
	struct buf nothing = BUF_INIT(16);

	state_record(out, STR(TAG), &nothing);
	buf_done(&nothing);
}

bool
guard_was_damaged(const struct guard *guard, int result, enum store_fault why)
{
	struct str records = guard->settings.records, what, record;

	if (result < 0 && why == STORE_DAMAGED)
		return true;
	while (result == 0 && state_next(&records, &what, &record))
		if (str_eq(what, STR(TAG)))
			return true;
	return false;
}

void
guard_note_damage(struct guard *guard)
{
	if (guard->stands_in || guard->lost_store ||
	    store_fault(guard->store) != STORE_DAMAGED)
		return;
	/* What it had cannot be relied on: as of one that is gone. */
	guard->damaged = guard->lost_store = guard->behind = true;
}

/* A file that the settings name by mistake, as a log, is left alone. */
static bool
was_ours(const char *url)
{
	char *lifts = store_beside(url, "lifts");
	bool ours = lifts && access(lifts, F_OK) == 0;

	free(lifts);
	return ours;
}

static void
say_salvaged(const struct guard *guard, const struct store_salvaged *salvaged)
{
	guard_log(guard, GUARD_ERROR, "store: begins anew with what could be read of it: "
	    "%llu ban%s, and of what rules look back on %llu event%s; logs are read from %s",
	    (unsigned long long)salvaged->bans, plural_s(salvaged->bans),
	    (unsigned long long)salvaged->events, plural_s(salvaged->events),
	    salvaged->positions ? "where they were" :
	    guard->settings.from_start ? "their start" : "their end");
}

int
guard_salvage(struct guard *guard, struct store *into, struct err *err)
{
	struct store_settings settings = {.url = guard->aside, .alone = true};
	struct store_salvaged salvaged = {0};
	struct store *damaged;
	struct err ignored;
	int result = 0;

	/* One that cannot even be opened has nothing. */
	if (store_open(&settings, &damaged, &ignored) == 0) {
		result = store_salvage(damaged, guard_will_stand_on(guard), into, guard_pulse,
		    guard, &salvaged, err);
		store_close(damaged);
	}
	say_salvaged(guard, &salvaged);
	free(guard->aside);
	guard->aside = NULL;
	return result;
}

int
guard_begin_anew(struct guard *guard, const char *url, enum store_fault *why, struct err *err)
{
	struct err fault;

	store_close(guard->store);
	guard->store = NULL;
	*why = was_ours(url) ? STORE_DAMAGED : STORE_OTHER;
	if (*why == STORE_OTHER)
		return -1;
	if (store_set_aside(url, &guard->aside, &fault) < 0) {
		guard_log(guard, GUARD_ERROR, "%s", fault.text);
		return -1;
	}
	guard_log(guard, GUARD_ERROR, "%s; it is set aside as %s", err->text,
	    store_file(guard->aside));
	if (guard_open_url(guard, url, why, err) < 0)
		return -1;
	if (guard_salvage(guard, guard->store, &fault) < 0)
		guard_log(guard, GUARD_ERROR, "%s", fault.text);
	return 0;
}
