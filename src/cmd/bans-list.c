/* SPDX-License-Identifier: Apache-2.0
 *
 * bans-list: who is banned, and what one address was banned for.
 */
#include <stdlib.h>

#include "cmd/bans.h"

static int
newest_first(const void *a, const void *b)
{
	const struct ban *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? 1 : -1;
	return (x->id > y->id) - (x->id < y->id);
}

/* A ban that overlaps two of the networks asked for was read twice. */
static void
sort_and_unite(struct ban_list *list)
{
	size_t kept = 0;

	if (list->count)
		qsort(list->bans, list->count, sizeof(*list->bans), newest_first);
	for (size_t i = 0; i < list->count; i++)
		if (kept == 0 || list->bans[i].id != list->bans[kept - 1].id)
			list->bans[kept++] = list->bans[i];
	list->count = kept;
}

/* -2: a word is no address. */
static int
read_wanted(struct bans *bans, struct ban_list *list, struct err *err)
{
	struct ban_filter filter = bans_filter(bans);
	size_t count = bans->options.word_count;
	struct cidr any = {.bits = 0}, *nets = xcalloc(count + 1, sizeof(*nets));
	int result = 0;

	if (!bans->options.all)
		filter.active_at = bans->now;
	for (size_t i = 0; i < count && result == 0; i++)
		result = bans_prefix(bans->options.words[i], &nets[i], err) < 0 ? -2 : 0;
	for (size_t i = 0; i < (count ? count : 1) && result == 0; i++) {
		filter.within = count ? nets[i] : any;
		result = bans_read(bans, &filter, list, err);
	}
	if (result == 0)
		bans_behind(bans, nets, count, true, list);
	sort_and_unite(list);
	free(nets);
	return result;
}

int
bans_list(struct bans *bans)
{
	struct report *report;
	struct table *table;
	struct ban_list list = {0};
	struct err err;
	int result;

	if (bans->options.by)
		return bans_list_by(bans);
	if (bans_open(bans, true, &err) < 0 || bans_geo(bans, false, &err) < 0)
		return bans_failed(&err);
	result = read_wanted(bans, &list, &err);
	if (result < 0) {
		free(list.bans);
		return result == -2 ? usage_error(bans->command, &err) : bans_failed(&err);
	}
	report = bans_report(bans);
	table = report_give(report, bans->options.all ? REPORT_BANS_ALL : REPORT_BANS);
	bans_rows(bans, &list, table);
	free(list.bans);
	return bans_print(bans, report, table);
}

int
bans_history(struct bans *bans)
{
	struct ban_filter filter = bans_filter(bans);
	const char *word = bans->options.words[0];
	struct report *report;
	struct table *table;
	struct ban_list list = {0};
	struct err err;

	filter.dry_run = true;
	if (!cidr_parse(str_of(word), &filter.within))
		filter.key = word;
	else if (bans_prefix(word, &filter.within, &err) < 0)
		return bans_failed(&err);
	if (bans_open(bans, true, &err) < 0 || bans_geo(bans, false, &err) < 0 ||
	    bans_read(bans, &filter, &list, &err) < 0) {
		free(list.bans);
		return bans_failed(&err);
	}
	report = bans_report(bans);
	table = report_give(report, REPORT_BANS_HISTORY);
	bans_rows(bans, &list, table);
	free(list.bans);
	return bans_print(bans, report, table);
}
