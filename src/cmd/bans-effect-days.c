/* SPDX-License-Identifier: Apache-2.0
 *
 * bans-effect-days: what all clients did a minute on each day: what it was before the
 * first ban, and since.
 */
#include <stdlib.h>

#include "base/civil.h"
#include "cmd/bans-effect.h"

struct day {
	uint64_t bans, rejects, logins;
};

/* The days that the events cover: those without any tell most. */
struct days {
	struct day *list;
	size_t count;
	int64_t midnight;    /* of the first, local, as if in UTC */
	int64_t first, last; /* what is covered */
};

/* The day of TIME; NULL: nothing of it is covered. */
static struct day *
day_at(const struct days *days, int64_t time)
{
	int64_t day = (bans_day(time) - days->midnight) / USEC_PER_DAY;

	return day < 0 || (size_t)day >= days->count ? NULL : &days->list[day];
}

static bool
take_event(void *context, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	const struct days *days = context;
	struct day *day = day_at(days, ev->time);

	(void)symbols;
	(void)sources;
	if (!day || ev->time < days->first || ev->time > days->last)
		return true;
	if (ev->kind == KIND_attempt)
		day->logins += ev->weight;
	else
		day->rejects += ev->weight;
	return true;
}

static bool
take_ban(void *context, const struct ban *ban)
{
	struct day *day = day_at(context, ban->from);

	if (day)
		day->bans++;
	return true;
}

static int
count_days(struct bans *bans, struct days *days, struct err *err)
{
	struct ban_filter filter = bans_filter(bans);

	if (effect_period(bans, &days->first, &days->last, err) < 0)
		return -1;
	days->first = filter.since > days->first ? filter.since : days->first;
	days->last = filter.until < days->last ? filter.until : days->last;
	if (days->first > days->last)
		return 0;
	days->midnight = bans_day(days->first);
	days->count = (size_t)((bans_day(days->last) - days->midnight) / USEC_PER_DAY) + 1;
	days->list = xcalloc(days->count, sizeof(*days->list));
	if (store_scan(bans->store, filter.since, filter.until, effect_where, take_event, days,
		err) < 0)
		return -1;
	return bans_each(bans, &filter, take_ban, days, err);
}

int
effect_days(struct bans *bans)
{
	struct days days = {.count = 0};
	struct report *report;
	struct table *table;
	struct err err;

	if (count_days(bans, &days, &err) < 0) {
		free(days.list);
		return bans_failed(&err);
	}
	report = bans_report(bans);
	table = report_give(report, REPORT_BANS_EFFECT_BY_DAY);
	for (size_t i = 0; i < days.count; i++) {
		const struct day *day = &days.list[i];
		struct cell *row = table_row(table);
		int64_t midnight = days.midnight + (int64_t)i * USEC_PER_DAY;
		int64_t from = zone_to_utc(midnight, false, NULL);
		int64_t to = zone_to_utc(midnight + USEC_PER_DAY, false, NULL);
		int64_t usec = effect_overlap(from, to, days.first, days.last);

		row[0].known = row[1].known = true;
		row[0].n = midnight;
		row[1].n = (int64_t)day->bans;
		effect_rate(&row[2], day->rejects, usec);
		effect_rate(&row[3], day->logins, usec);
	}
	free(days.list);
	return bans_print(bans, report, table);
}
