/* SPDX-License-Identifier: Apache-2.0
 *
 * bans-effect-days: what all clients did a minute on each day: what it was before the
 * first ban, and since.
 */
#include <stdlib.h>

#include "base/civil.h"
#include "cmd/bans-effect.h"

struct day {
	int64_t midnight; /* local, as if in UTC */
	uint64_t bans, rejects, logins;
};

struct days {
	struct day *list; /* in order */
	size_t count, room;
};

/* The day of TIME, which is not before the last one's. */
static struct day *
day_at(struct days *days, int64_t time)
{
	int64_t midnight = bans_day(time);

	if (days->count == 0 || days->list[days->count - 1].midnight < midnight) {
		MEM_GROW(days->list, days->count, days->room);
		days->list[days->count++] = (struct day){.midnight = midnight};
	}
	return &days->list[days->count - 1];
}

static bool
take_event(void *context, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	struct day *day = day_at(context, ev->time);

	(void)symbols;
	(void)sources;
	if (ev->kind == KIND_attempt)
		day->logins += ev->weight;
	else
		day->rejects += ev->weight;
	return true;
}

static bool
take_ban(void *context, const struct ban *ban)
{
	struct days *days = context;
	int64_t midnight = bans_day(ban->from);

	for (size_t i = days->count; i-- > 0;)
		if (days->list[i].midnight <= midnight) {
			days->list[i].bans += days->list[i].midnight == midnight;
			break;
		}
	return true;
}

static int
count_days(struct bans *bans, struct days *days, int64_t *ret_first, int64_t *ret_last,
    struct err *err)
{
	struct ban_filter filter = bans_filter(bans);

	if (effect_period(bans, ret_first, ret_last, err) < 0 ||
	    store_scan(bans->store, filter.since, filter.until, effect_where, take_event, days,
		err) < 0)
		return -1;
	*ret_first = filter.since > *ret_first ? filter.since : *ret_first;
	*ret_last = filter.until < *ret_last ? filter.until : *ret_last;
	return bans_each(bans, &filter, take_ban, days, err);
}

int
effect_days(struct bans *bans)
{
	struct days days = {.count = 0};
	struct report *report;
	struct table *table;
	struct err err;
	int64_t first, last;

	if (count_days(bans, &days, &first, &last, &err) < 0) {
		free(days.list);
		return bans_failed(&err);
	}
	report = bans_report(bans);
	table = report_give(report, REPORT_BANS_EFFECT_BY_DAY);
	for (size_t i = 0; i < days.count; i++) {
		const struct day *day = &days.list[i];
		struct cell *row = table_row(table);
		int64_t from = zone_to_utc(day->midnight, false, NULL);
		int64_t to = zone_to_utc(day->midnight + USEC_PER_DAY, false, NULL);
		int64_t usec = effect_overlap(from, to, first, last);

		row[0].known = row[1].known = true;
		row[0].n = day->midnight;
		row[1].n = (int64_t)day->bans;
		effect_rate(&row[2], day->rejects, usec);
		effect_rate(&row[3], day->logins, usec);
	}
	free(days.list);
	return bans_print(bans, report, table);
}
