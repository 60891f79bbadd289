/* SPDX-License-Identifier: Apache-2.0
 *
 * earlier: bans and the events of as long as any rule looks back, in order of time. A ban
 * is told behind the event that completed it, as it was found; one whose event is not kept
 * any more, or that was made by hand, when its time has come.
 */
#include "engine/earlier.h"

#include <stdlib.h>

#include "base/civil.h"
#include "base/mem.h"

/* Events that are told before who waits is looked after: a few milliseconds. */
#define PULSE_EVERY 1024

/* Lines are late by so much at most: those of daemons that buffer, or of other hosts. */
#define LATE_MOST (USEC_PER_HOUR)
#define LATE_COUNT (1u << 20)

/* Of a dry run whose rule is judged for real by now: nobody was banned, then or ever. */
static bool
was_never(const struct earlier *earlier, const struct ban *ban)
{
	size_t r = rules_find(earlier->rules, ban->rule);

	return ban->dry_run && !earlier->tried &&
	    (r == earlier->rules->count || !earlier->rules->plans[r].dry_run);
}

static bool
take_ban(void *context, const struct ban *ban)
{
	struct earlier *earlier = context;

	if (was_never(earlier, ban))
		return true;
	MEM_GROW(earlier->bans, earlier->count, earlier->room);
	earlier->bans[earlier->count++] =
	    (struct earlier_ban){.ban = ban_copy(ban, &earlier->arena)};
	return true;
}

/* The event or ban that completed BAN; 0: none is known. */
static uint64_t
completed_by(const struct ban *ban)
{
	return ban->evidence_count ? ban->evidence[ban->evidence_count - 1] : 0;
}

static int
by_time_and_id(const void *a, const void *b)
{
	const struct ban *x = &((const struct earlier_ban *)a)->ban;
	const struct ban *y = &((const struct earlier_ban *)b)->ban;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

/* Did another ban, at the same time, lead to BAN? */
static bool
is_of_ban(const struct earlier *earlier, const struct ban *ban)
{
	struct earlier_ban other = {.ban.from = ban->from};

	for (uint32_t i = 0; i < ban->evidence_count; i++) {
		other.ban.id = ban->evidence[i];
		if (other.ban.id != ban->id && bsearch(&other, earlier->bans, earlier->count,
			sizeof(other), by_time_and_id))
			return true;
	}
	return false;
}

/* Those of an event stand in the order of their rules, as they were found. */
static int
by_time_and_cause(const void *a, const void *b, void *context)
{
	const struct earlier *earlier = context;
	const struct ban *x = &earlier->bans[*(const size_t *)a].ban;
	const struct ban *y = &earlier->bans[*(const size_t *)b].ban;
	uint64_t cause = completed_by(x), other = completed_by(y);
	size_t rule, other_rule;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	if (cause != other)
		return cause < other ? -1 : 1;
	rule = rules_find(earlier->rules, x->rule);
	other_rule = rules_find(earlier->rules, y->rule);
	return rule < other_rule ? -1 : rule > other_rule;
}

int
earlier_read_bans(struct earlier *earlier, struct err *err)
{
	struct ban_filter all = {.active_at = INT64_MIN, .since = INT64_MIN,
	    .until = INT64_MAX, .dry_run = true};

	if (store_bans(earlier->store, &all, take_ban, earlier, err) < 0)
		return -1;
	earlier->order = xcalloc(earlier->count + 1, sizeof(*earlier->order));
	if (earlier->count)
		qsort(earlier->bans, earlier->count, sizeof(*earlier->bans), by_time_and_id);
	for (size_t i = 0; i < earlier->count; i++) {
		earlier->order[i] = i;
		earlier->bans[i].of_ban = is_of_ban(earlier, &earlier->bans[i].ban);
	}
	qsort_r(earlier->order, earlier->count, sizeof(*earlier->order), by_time_and_cause,
	    earlier);
	return 0;
}

void
earlier_tell_ban(struct earlier *earlier, struct earlier_ban *which)
{
	const struct ban *ban = &which->ban;
	bool later = earlier->stop && ban->lifted >= earlier->time;
	char *rule = xstrndup(ban->rule.p, ban->rule.len);

	which->told = true;
	earlier->told++;
	detect_banned(earlier->detect, &(struct detect_earlier){
	    .rule = str_eq(ban->rule, STR("manual")) ? NULL : rule, .key = ban->key,
	    .prefix = ban->prefix, .from = ban->from, .until = ban->until,
	    .lifted = later ? INT64_MIN : ban->lifted, .id = ban->id,
	    .of_ban = which->of_ban});
	free(rule);
}

/* The bans that began before TIME. */
static void
tell_bans(struct earlier *earlier, int64_t time)
{
	for (; earlier->next < earlier->count; earlier->next++) {
		struct earlier_ban *which = &earlier->bans[earlier->order[earlier->next]];

		if (which->ban.from >= time)
			break;
		if (!which->told)
			earlier_tell_ban(earlier, which);
	}
}

/* The first place in `order` of what CAUSE completed at TIME, or behind it. */
static size_t
first_of(const struct earlier *earlier, int64_t time, uint64_t cause)
{
	size_t low = earlier->next, high = earlier->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct ban *ban = &earlier->bans[earlier->order[middle]].ban;

		if (ban->from < time || (ban->from == time && completed_by(ban) < cause))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The bans that CAUSE completed at TIME; those of an event may have completed some more. */
static void
tell_completed(struct earlier *earlier, int64_t time, uint64_t cause, bool is_event)
{
	for (size_t i = first_of(earlier, time, cause); i < earlier->count; i++) {
		struct earlier_ban *which = &earlier->bans[earlier->order[i]];

		if (which->ban.from != time || completed_by(&which->ban) != cause)
			return;
		if (!which->told)
			earlier_tell_ban(earlier, which);
		if (is_event)
			tell_completed(earlier, time, which->ban.id, false);
	}
}

void
earlier_step(struct earlier *earlier)
{
	if (++earlier->steps % PULSE_EVERY == 0 && earlier->pulse)
		earlier->pulse(earlier->context);
}

const struct event *
earlier_judged(const struct event *ev, struct event *ret)
{
	if (!event_knows(ev, FIELD_judged))
		return ev;
	*ret = *ev;
	ret->time = ev->judged;
	return ret;
}

static bool
take_event(void *context, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	struct earlier *earlier = context;
	struct event then;

	(void)sources;
	if (earlier->latest)
		ev = earlier_judged(ev, &then);
	if (earlier->latest && ev->time > earlier->latest + EARLIER_AHEAD) {
		then = *ev;
		then.time = earlier->latest;
		ev = &then;
	}
	if (earlier->stop && ev->id == earlier->stop)
		return false;
	tell_bans(earlier, ev->time);
	detect_seed(earlier->detect, ev, symbols);
	if (ev->id && earlier->next < earlier->count)
		tell_completed(earlier, ev->time, ev->id, true);
	if (earlier->stop && ev->time >= earlier->time - LATE_MOST &&
	    earlier->late.count < LATE_COUNT)
		dict_get(&earlier->late, (struct str){(const char *)&ev->id, sizeof(ev->id)});
	earlier->events++;
	earlier_step(earlier);
	return true;
}

static int
tell_events(struct earlier *earlier, int64_t now, int64_t until, struct err *err)
{
	char *wanted = filter_of_kinds(rules_kinds(earlier->rules));
	int result = (earlier->latest ? store_scan_judged : store_scan)(earlier->store,
	    now - detect_looks_back(earlier->detect), until, wanted, take_event, earlier, err);

	free(wanted);
	return result;
}

int
earlier_tell(struct earlier *earlier, int64_t now, int64_t until, struct err *err)
{
	if (tell_events(earlier, now, until, err) < 0)
		return -1;
	tell_bans(earlier, INT64_MAX);
	return 0;
}

int
earlier_tell_before(struct earlier *earlier, int64_t time, uint64_t id, struct err *err)
{
	earlier->time = time;
	earlier->stop = id;
	if (tell_events(earlier, time, time + 1, err) < 0)
		return -1;
	tell_bans(earlier, time);
	return 0;
}

bool
earlier_told(const struct earlier *earlier, int64_t time, uint64_t id)
{
	struct str key = {(const char *)&id, sizeof(id)};

	return time <= earlier->time && earlier->late.count &&
	    dict_find(&earlier->late, key, dict_hash(key)) != DICT_NONE;
}

void
earlier_done(struct earlier *earlier)
{
	free(earlier->bans);
	free(earlier->order);
	dict_free(&earlier->late);
	arena_free(&earlier->arena);
}
