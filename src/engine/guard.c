/* SPDX-License-Identifier: Apache-2.0
 *
 * guard: one turn reads what was written to the logs, judges it, and commits it with the
 * position behind it. When the store fails, judging goes on and the position stands
 * still; when it is back, everything is read again from there, which leads to the same
 * verdicts with the same ids.
 */
#include "engine/guard-room.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/civil.h"
#include "engine/earlier.h"

/* Reading everything again is dear: a disk with a little room is not tried all the time. */
#define TRY_AGAIN (10 * USEC_PER_SEC)
#define TRY_AGAIN_MOST (120 * USEC_PER_SEC)
#define FORGET_EVERY (USEC_PER_HOUR)
#define SAY_EVICTED_EVERY (USEC_PER_HOUR)

void
guard_log(const struct guard *guard, enum guard_level level, const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	guard->settings.log(guard->settings.context, level, text);
}

void
guard_fall_behind(struct guard *guard, const struct err *err)
{
	if (guard->in_transaction)
		store_rollback(guard->store);
	guard->in_transaction = false;
	guard_settle_said(guard, false);
	if (!guard->behind)
		guard_log(guard, GUARD_ERROR, "%s; what is read is judged, but not "
		    "kept until it can be written to again", err->text);
	if (!guard->behind)
		guard->behind_since = now_wall();
	guard->behind = true;
	if (guard->try_after == 0)
		guard->try_after = TRY_AGAIN;
	guard->next_try = now_monotonic() + guard->try_after;
	guard_note_damage(guard);
}

void
guard_begin(struct guard *guard)
{
	struct err err;

	if (guard->behind || guard->in_transaction)
		return;
	if (store_begin(guard->store, &err) < 0)
		guard_fall_behind(guard, &err);
	else
		guard->in_transaction = true;
}

/* EV, or, far ahead of the clock, it in AHEAD, with the time as of which it is judged. */
static const struct event *
date(const struct event *ev, struct event *ahead)
{
	int64_t wall = now_wall();

	if (ev->time <= wall + EARLIER_AHEAD)
		return ev;
	*ahead = *ev;
	EVENT_SET(ahead, judged, wall);
	return ahead;
}

static bool
take_event(void *context, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	struct guard *guard = context;
	struct event ahead, judged;
	struct err err;

	guard_note_event(guard, ev, symbols, sources);
	ev = date(ev, &ahead);
	guard_begin(guard);
	guard->events++;
	guard->last_event = ev->time;
	if (ev->time > guard->newest)
		guard->newest = ev->time;
	if (!guard->behind && store_event(guard->store, ev, symbols, sources, &err) < 0)
		guard_fall_behind(guard, &err);
	detect_event(guard->detect, earlier_judged(ev, &judged), symbols, &guard->verdicts);
	if (guard->verdicts.count)
		guard_take_verdicts(guard);
	return true;
}

static void
take_fault(void *context, const char *text)
{
	guard_log(context, GUARD_ERROR, "%s", text);
}

static void
commit(struct guard *guard)
{
	const struct follow_position *positions;
	struct store_position *rows;
	size_t count;
	struct err err;

	if (!guard->in_transaction)
		return;
	count = live_positions(guard->live, &positions);
	rows = xcalloc(count + 1, sizeof(*rows));
	for (size_t i = 0; i < count; i++)
		rows[i] = (struct store_position){.name = str_of(positions[i].name),
		    .head_hash = positions[i].head_hash, .head_len = positions[i].head_len,
		    .offset = positions[i].offset, .replay_from = positions[i].offset,
		    .device = positions[i].device, .inode = positions[i].inode,
		    .mtime = positions[i].mtime,
		    .path = positions[i].path ? str_of(positions[i].path) : STR(""),
		    .cursor = positions[i].cursor ? str_of(positions[i].cursor) : STR("")};
	if (store_positions_save(guard->store, rows, count, &err) < 0 ||
	    store_commit(guard->store, &err) < 0)
		guard_fall_behind(guard, &err);
	else
		guard_settle_said(guard, true);
	guard->in_transaction = false;
	free(rows);
}

/* Names from the settings, as pointers that live with them. */
static int
open_live(struct guard *guard, struct err *err)
{
	const struct setting_value *files =
	    settings_get(guard->settings.settings, SETTING_input_files);
	struct live_settings live = {.each = take_event, .fault = take_fault, .context = guard,
	    .from_start = guard->settings.from_start, .since = INT64_MIN,
	    .poll = guard->settings.poll,
	    .geo = rules_ask_places(guard->settings.rules) ? guard->settings.geo : NULL};
	const char **names = xcalloc(files->list_count + 1, sizeof(*names));
	struct follow_position *from = NULL;
	struct store_position *rows;
	struct arena arena = {0};
	size_t count;
	int result = store_positions_load(guard->store, &arena, &rows, &count, err);

	for (size_t i = 0; i < files->list_count; i++)
		names[i] = arena_cstr(&arena, files->list[i]);
	if (result == 0) {
		from = xcalloc(count + 1, sizeof(*from));
		for (size_t i = 0; i < count; i++)
			from[i] = (struct follow_position){
			    .name = arena_cstr(&arena, rows[i].name),
			    .head_hash = rows[i].head_hash, .head_len = rows[i].head_len,
			    .offset = rows[i].offset, .device = rows[i].device,
			    .inode = rows[i].inode, .mtime = rows[i].mtime,
			    .path = arena_cstr(&arena, rows[i].path),
			    .cursor = rows[i].cursor.len ?
			        arena_cstr(&arena, rows[i].cursor) : NULL};
		live.names = names;
		live.name_count = files->list_count;
		live.from = from;
		live.from_count = count;
		result = live_open(&live, &guard->live, err);
	}
	free(names);
	free(from);
	arena_free(&arena);
	return result;
}

static void
close_inputs(struct guard *guard)
{
	live_close(guard->live);
	detect_free(guard->detect);
	banned_free(guard->banned);
	guard->live = NULL;
	guard->detect = NULL;
	guard->banned = NULL;
}

/* Everything that judging stands on, from the store. */
static int
open_stored(struct guard *guard, int64_t until, struct err *err)
{
	struct detect_limits limits = rules_limits(guard->settings.settings);
	struct epoll_event event = {.events = EPOLLIN};

	guard->detect = detect_new(guard->settings.rules->rules, guard->settings.rules->count,
	    &limits, guard->settings.ask, guard->settings.ask_context);
	guard->banned = banned_new();
	if (open_live(guard, err) < 0 || guard_seed(guard, until, err) < 0)
		return -1;
	if (epoll_ctl(guard->epoll, EPOLL_CTL_ADD, live_fd(guard->live), &event) < 0)
		return err_set(err, "no epoll");
	guard_say_inputs(guard);
	/* From here on a file is known again, though not a line of it was read. */
	guard_begin(guard);
	commit(guard);
	return 0;
}

/* The same; damage in the store may be found only now. */
static int
open_inputs(struct guard *guard, int64_t until, struct err *err)
{
	if (open_stored(guard, until, err) == 0)
		return 0;
	if (guard->stands_in || store_fault(guard->store) != STORE_DAMAGED)
		return -1;
	/* Who is known to be banned by now stays so. */
	guard_keep_banned(guard);
	close_inputs(guard);
	return guard_replace_store(guard, err) < 0 ? -1 : open_stored(guard, until, err);
}

void
guard_renew(struct guard *guard, int64_t until)
{
	struct err err;

	close_inputs(guard);
	if (open_inputs(guard, until, &err) == 0)
		return;
	/* Without inputs nothing is judged: who started us starts us again. */
	guard_log(guard, GUARD_ERROR, "cannot go on: %s", err.text);
	guard->failed = true;
}

/* Can it be written to again? What it has as positions is written once more. */
static bool
store_is_back(struct guard *guard)
{
	struct store_position *rows;
	struct arena arena = {0};
	struct err err;
	size_t count;
	bool back = false;

	if (store_begin(guard->store, &err) == 0) {
		back = store_positions_load(guard->store, &arena, &rows, &count, &err) == 0 &&
		    store_positions_save(guard->store, rows, count, &err) == 0 &&
		    store_commit(guard->store, &err) == 0;
		if (!back)
			store_rollback(guard->store);
	}
	arena_free(&arena);
	return back;
}

/* The store is back: everything is read again from where the position stood still. */
static void
catch_up(struct guard *guard)
{
	struct err err;

	guard->next_try = now_monotonic() + guard->try_after;
	if (!guard_real_store(guard) || !store_is_back(guard) ||
	    guard_write_lifts(guard, &err) < 0)
		return;
	guard->behind = false;
	guard->try_after *= 2;
	if (guard->try_after > TRY_AGAIN_MOST)
		guard->try_after = TRY_AGAIN_MOST;
	guard_keep_banned(guard);
	guard->next_forget = now_monotonic() + FORGET_EVERY;
	guard_renew(guard, INT64_MAX);
	if (!guard->failed)
		guard_log(guard, GUARD_NOTICE,
		    "store: written to again; reads on from where it stood");
}

/* Forgets one step of what is too old; false when nothing is left of it. */
static bool
forget_step(struct guard *guard, enum kind kind, int64_t before)
{
	uint64_t count = 0;
	struct err err;

	if (store_forget_events(guard->store, kind, before, &count, &err) < 0) {
		guard_log(guard, GUARD_WARNING, "%s", err.text);
		guard_note_damage(guard);
		return false;
	}
	return count >= STORE_FORGET_STEP;
}

static bool
forget_bans(struct guard *guard, int64_t now)
{
	int64_t keep = settings_get(guard->settings.settings, SETTING_store_keep_bans)->number;
	uint64_t count = 0;
	struct err err;

	if (store_forget_bans(guard->store, now - keep, &count, &err) < 0) {
		guard_log(guard, GUARD_WARNING, "%s", err.text);
		return false;
	}
	return count >= STORE_FORGET_STEP;
}

static bool
keeps_longer(const struct keeping *keeping)
{
	for (unsigned kind = 1; kind < KINDS; kind++)
		if (keeping->usec[kind] > keeping->usual_usec)
			return true;
	return false;
}

/* Now and then, in steps, so that judging does not wait for it. */
static void
forget(struct guard *guard)
{
	const struct keeping *keeping = &guard->keeping;
	int64_t now = now_wall();
	bool more = false;

	if (now_monotonic() < guard->next_forget || guard->behind)
		return;
	guard_forget_said(guard);
	guard_forget_lifts(guard);
	reserve_clear(&guard->reserve);
	for (unsigned kind = 1; kind < KINDS; kind++)
		if (keeping->usec[kind] != keeping->usual_usec)
			more |= forget_step(guard, kind, now - keeping->usec[kind]);
	/* All at once, if no kind is kept for longer. */
	if (!keeps_longer(keeping))
		more |= forget_step(guard, KIND_none, now - keeping->usual_usec);
	else
		for (unsigned kind = 1; kind < KINDS; kind++)
			if (keeping->usec[kind] == keeping->usual_usec)
				more |= forget_step(guard, kind, now - keeping->usual_usec);
	more |= forget_bans(guard, now);
	guard->next_forget = now_monotonic() + (more ? 0 : FORGET_EVERY);
}

/* What guard_fd() waits for; the inputs come later. */
static int
open_epoll(struct guard *guard, struct err *err)
{
	const struct guard_settings *settings = &guard->settings;
	struct epoll_event event = {.events = EPOLLIN};
	int fds[] = {settings->act ? act_fd(settings->act) : -1,
	    settings->asked ? settings->asked_fd : -1};

	guard->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (guard->epoll < 0)
		return err_no_descriptor(err, "to wait for logs, actions and names");
	for (size_t i = 0; i < sizeof(fds) / sizeof(*fds); i++)
		if (fds[i] >= 0 && epoll_ctl(guard->epoll, EPOLL_CTL_ADD, fds[i], &event) < 0)
			return err_set(err, "no waiting for actions and names: %s",
			    strerror(errno));
	return 0;
}

int
guard_open(const struct guard_settings *settings, struct guard **ret, struct err *err)
{
	struct guard *guard = xcalloc(1, sizeof(*guard));
	size_t actions = settings_count(settings->settings, "action");

	guard->settings = *settings;
	guard->reserve.fd = -1;
	guard->evicted = xcalloc(settings->rules->count + 1, sizeof(*guard->evicted));
	keeping_make(settings->settings, settings_ignore_fault, NULL, &guard->keeping);
	if (settings->act) {
		guard->all_actions = (UINT64_C(1) << actions) - 1;
		guard_find_commands(guard);
	}
	guard->clock = now_wall() - now_monotonic();
	if (open_epoll(guard, err) < 0 || guard_open_store(guard, err) < 0 ||
	    open_inputs(guard, INT64_MAX, err) < 0) {
		guard_close(guard);
		return -1;
	}
	guard->settings.records = STR("");
	if (guard->lift_count || guard->said.count)
		guard->next_forget = now_monotonic() + FORGET_EVERY;
	*ret = guard;
	return 0;
}

void
guard_close(struct guard *guard)
{
	if (!guard)
		return;
	guard_say_untold(guard, true);
	close_inputs(guard);
	store_close(guard->store);
	detect_out_free(&guard->verdicts);
	guard_forget_said(guard);
	guard_forget_lifts(guard);
	guard_forget_handed(guard);
	guard_forget_inputs(guard);
	reserve_close(&guard->reserve);
	free(guard->evicted);
	free(guard->aside);
	free(guard->just_said);
	if (guard->epoll >= 0)
		close(guard->epoll);
	free(guard);
}

int
guard_fd(const struct guard *guard)
{
	return guard->epoll;
}

struct guard_stats
guard_stats(const struct guard *guard)
{
	return (struct guard_stats){.events = guard->events, .verdicts = guard->verdict_count,
	    .banned = banned_count(guard->banned),
	    .detect = detect_stats(guard->detect, UINT32_MAX), .store_behind = guard->behind,
	    .behind_since = guard->behind_since,
	    .last_event = guard->last_event};
}

struct detect_stats
guard_rule_stats(const struct guard *guard, size_t rule)
{
	return detect_stats(guard->detect, (uint32_t)rule);
}

/* A rule that forgets bans nobody for what it forgot: that it begins to, or goes on. */
static void
say_evicted(struct guard *guard)
{
	int64_t now = now_monotonic();
	bool said = false;

	if (now < guard->next_evicted)
		return;
	for (size_t r = 0; r < guard->settings.rules->count; r++) {
		uint64_t evicted = guard_rule_stats(guard, r).evicted_keys;

		if (evicted > guard->evicted[r]) {
			guard_log(guard, GUARD_WARNING, "rule %s forgets who was not seen for "
			    "longest, %llu by now: there are more than [guard] keys or memory "
			    "allow", guard->settings.rules->rules[r].name,
			    (unsigned long long)evicted);
			said = true;
		}
		guard->evicted[r] = evicted;
	}
	guard->next_evicted = now + (said ? SAY_EVICTED_EVERY : USEC_PER_SEC);
}

int64_t
guard_process(struct guard *guard)
{
	int64_t wait, names;

	if (guard->behind && now_monotonic() >= guard->next_try)
		catch_up(guard);
	if (guard->failed)
		return -1;
	live_read(guard->live);
	names = guard_take_waiting(guard);
	guard_keep_commands(guard);
	commit(guard);
	if (!guard->behind)
		guard->try_after = 0;
	guard_watch_clock(guard);
	guard_watch_store(guard);
	guard_watch_inputs(guard);
	if (guard->failed)
		return -1;
	forget(guard);
	say_evicted(guard);
	guard_say_untold(guard, false);
	wait = guard_act(guard);
	wait = names < wait ? names : wait;
	return wait < USEC_PER_SEC ? wait : USEC_PER_SEC;
}
