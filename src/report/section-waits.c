/* SPDX-License-Identifier: Apache-2.0
 *
 * Sections made of who came back and of who was listed: how long clients and
 * networks were kept waiting by a 450, and what each DNS list adds to the others.
 */
#include <stdlib.h>

#include "base/civil.h"
#include "report/screen.h"

static const struct query net_waits = {
	.name = "postscreen_net_waits",
	.where = "(" SCREEN_DEFERRED ") | (" SCREEN_RETURNED ")",
	.keys = {KEY_MADE("net", ip, KEY_NET)},
	.measures = SCREEN_WAITS,
	.order = QUERY_BY_KEY,
	.ascending = true,
	.skip_absent = true,
};

enum wait { WAIT_CLIENT, WAIT_NET4, WAIT_NET6, WAIT_COUNT };

struct waited {
	int64_t *delays;
	uint64_t told, returned;
};

/* Of the rows of TABLE those that are of IPv6 or not, or all. */
static struct waited
sum_waits(const struct table *table, enum wait wait)
{
	struct waited waited = {.delays = xmalloc((table->row_count + 1) * sizeof(int64_t))};

	for (size_t row = 0; row < table->row_count; row++) {
		const struct cell *cells = table_cell(table, row, 0);
		bool v6 = str_index(cells[0].text, ':') < cells[0].text.len;
		int64_t delay = screen_delay(&cells[1], &cells[2]);

		if (!cells[1].known || (wait == WAIT_NET4 && v6) || (wait == WAIT_NET6 && !v6))
			continue;
		waited.told++;
		if (delay >= 0)
			waited.delays[waited.returned++] = delay;
	}
	screen_sort(waited.delays, waited.returned);
	return waited;
}

static void
set_seconds(struct cell *cell, int64_t usec)
{
	set_real(cell, (double)usec / USEC_PER_SEC);
}

static struct table *
make_waits(const struct report *report)
{
	static const struct column columns[] = {{.name = "by"},
	    {.name = "deferred", .type = COLUMN_COUNT},
	    {.name = "returned", .type = COLUMN_COUNT},
	    {.name = "never", .type = COLUMN_COUNT},
	    {.name = "never_percent", .type = COLUMN_PERCENT},
	    {.name = "median", .type = COLUMN_SECONDS},
	    {.name = "p90", .type = COLUMN_SECONDS}};
	static const char *const names[WAIT_COUNT] = {"client", "IPv4 /24", "IPv6 /64"};
	struct table *table = MADE_TABLE("postscreen_waits", columns);

	for (unsigned w = 0; w < WAIT_COUNT; w++) {
		const struct table *from =
		    report_answer(report, w ? &net_waits : &screen_waits);
		struct waited waited = sum_waits(from, (enum wait)w);

		if (waited.told) {
			struct cell *cells = table_row(table);
			uint64_t never = waited.told - waited.returned;

			set_text(table, &cells[0], str_of(names[w]));
			set_count(&cells[1], waited.told);
			set_count(&cells[2], waited.returned);
			set_count(&cells[3], never);
			set_real(&cells[4], 100 * (double)never / (double)waited.told);
			if (waited.returned) {
				set_seconds(&cells[5],
				    screen_quantile(waited.delays, waited.returned, 0.5));
				set_seconds(&cells[6],
				    screen_quantile(waited.delays, waited.returned, 0.9));
			}
		}
		free(waited.delays);
		made_of(table, from);
	}
	return table;
}

const struct section section_postscreen_waits = {
	.name = "postscreen_waits",
	.title = "TOLD TO COME BACK",
	.of = "rows",
	.note =
	    "From the first 450 to the first pass after it; of a network, to that of any of\n"
	    "its clients. never: had not come back when the log ended.",
	.empty = "Nobody was told to come back.",
	.queries = {&screen_waits, &net_waits},
	.make = make_waits,
	.views = {{.columns = {{.name = "by", .title = "counted by"},
	    {.name = "deferred", .title = "told"}, {.name = "returned", .title = "came back"},
	    {.name = "never"}, {.name = "never_percent", .title = "%"}, {.name = "median"},
	    {.name = "p90"}}}},
};

/* Which lists named which clients. */
static const struct query listings = {
	.name = "postscreen_listings",
	.where = "kind = dnsbl_hit",
	.keys = {KEY(ip), KEY(list)},
	.measures = {COUNT("hits", NULL)},
	.order = QUERY_BY_KEY,
	.ascending = true,
	.skip_absent = true,
};

static const struct query zone_rejects = {
	.name = "postscreen_zone_rejects",
	.where = SCREEN_REJECT " & reason = dnsbl",
	.keys = {KEY(list)},
	.measures = {COUNT("rejected", NULL)},
	.skip_absent = true,
};

/* A client that a list named; ALONE when no other list did. */
struct listing {
	struct str list;
	uint64_t hits;
	bool alone;
};

static int
compare_listings(const void *first, const void *second)
{
	return str_compare(((const struct listing *)first)->list,
	    ((const struct listing *)second)->list);
}

/* Rows of TABLE, sorted by client, as listings sorted by list. */
static struct listing *
sort_listings(const struct table *table)
{
	struct listing *list = xcalloc(table->row_count + 1, sizeof(*list));

	for (size_t from = 0, to; from < table->row_count; from = to) {
		struct str ip = table_cell(table, from, 0)->text;

		for (to = from; to < table->row_count &&
		     str_eq(table_cell(table, to, 0)->text, ip); to++)
			list[to] = (struct listing){.list = table_cell(table, to, 1)->text,
			    .hits = (uint64_t)table_cell(table, to, 2)->n};
		list[from].alone = to == from + 1;
	}
	if (table->row_count)
		qsort(list, table->row_count, sizeof(*list), compare_listings);
	return list;
}

enum zone_column { ZONE_LIST, ZONE_ADDRESSES, ZONE_ONLY, ZONE_ONLY_PERCENT, ZONE_HITS,
	ZONE_REJECTED, ZONE_COLUMNS };

static int
compare_zones(const void *first, const void *second)
{
	const struct cell *a = first, *b = second;

	if (a[ZONE_ADDRESSES].n != b[ZONE_ADDRESSES].n)
		return a[ZONE_ADDRESSES].n > b[ZONE_ADDRESSES].n ? -1 : 1;
	return str_compare(a[ZONE_LIST].text, b[ZONE_LIST].text);
}

static void
add_zone(struct table *table, const struct listing *list, size_t n,
    const struct table *rejects)
{
	struct cell *cells = table_row(table);
	uint64_t only = 0, hits = 0;

	for (size_t i = 0; i < n; i++) {
		only += list[i].alone;
		hits += list[i].hits;
	}
	set_text(table, &cells[ZONE_LIST], list->list);
	set_count(&cells[ZONE_ADDRESSES], n);
	set_count(&cells[ZONE_ONLY], only);
	set_real(&cells[ZONE_ONLY_PERCENT], 100 * (double)only / (double)n);
	set_count(&cells[ZONE_HITS], hits);
	set_count(&cells[ZONE_REJECTED], 0);
	for (size_t row = 0; row < rejects->row_count; row++)
		if (str_eq(table_cell(rejects, row, 0)->text, list->list))
			cells[ZONE_REJECTED].n = table_cell(rejects, row, 1)->n;
}

static struct table *
make_zones(const struct report *report)
{
	static const struct column columns[ZONE_COLUMNS] = {{.name = "list"},
	    {.name = "addresses", .type = COLUMN_COUNT},
	    {.name = "only", .type = COLUMN_COUNT},
	    {.name = "only_percent", .type = COLUMN_PERCENT},
	    {.name = "hits", .type = COLUMN_COUNT},
	    {.name = "rejected", .type = COLUMN_COUNT}};
	struct table *table = MADE_TABLE("postscreen_zones", columns);
	const struct table *from = report_answer(report, &listings);
	struct listing *list = sort_listings(from);

	for (size_t i = 0, n; i < from->row_count; i += n) {
		for (n = 1; i + n < from->row_count &&
		     str_eq(list[i].list, list[i + n].list); n++)
			;
		add_zone(table, &list[i], n, report_answer(report, &zone_rejects));
	}
	free(list);
	if (table->row_count)
		qsort(table->cells, table->row_count, ZONE_COLUMNS * sizeof(*table->cells),
		    compare_zones);
	made_of(table, from);
	return table;
}

const struct section section_postscreen_zones = {
	.name = "postscreen_zones",
	.title = "WHAT EACH DNS LIST ADDS TO THE OTHERS",
	.of = "lists",
	.note = "only = addresses that no other list named; an allow list is a list, too.",
	.empty = "No DNS list named a client of postscreen.",
	.queries = {&listings, &zone_rejects},
	.make = make_zones,
	.views = {{.columns = {{.name = "list"}, {.name = "addresses", .bar = true},
	    {.name = "only"}, {.name = "only_percent", .title = "%"}, {.name = "hits"},
	    {.name = "rejected"}}}},
};
