/* SPDX-License-Identifier: Apache-2.0
 *
 * Sections with what Postscreen-Stats reports: actions by clients, figures, delays of
 * first reconnections, countries of blocked clients, and every client by itself.
 */
#include <math.h>
#include <stdlib.h>

#include "base/civil.h"
#include "report/screen.h"

static struct table *
make_actions(const struct report *report)
{
	static const struct column columns[] = {{.name = "action"},
	    {.name = "clients", .type = COLUMN_COUNT},
	    {.name = "times", .type = COLUMN_COUNT}};
	struct table *table = MADE_TABLE("postscreen_actions", columns);
	struct screen_sums sums = screen_sum(report);

	for (unsigned a = 0; a < SCREEN_ACTION_COUNT; a++) {
		struct cell *cells;

		if (sums.times[a] == 0)
			continue;
		cells = table_row(table);
		set_text(table, &cells[0], str_of(screen_modern_label((enum screen_action)a)));
		set_count(&cells[1], sums.clients[a]);
		set_count(&cells[2], sums.times[a]);
	}
	screen_sums_done(&sums);
	made_of(table, report_answer(report, &screen_totals));
	return table;
}

const struct section section_postscreen_actions = {
	.name = "postscreen_actions",
	.title = "WHAT POSTSCREEN DID AND NOTICED",
	.of = "actions",
	.empty = "postscreen did nothing.",
	.queries = {SCREEN_SUM_QUERIES},
	.chosen_clients = true,
	.make = make_actions,
	.views = {{.columns = {{.name = "action"}, {.name = "clients"},
	    {.name = "times", .bar = true}}}},
};

/* The average rank is rounded to one decimal. */
static struct table *
make_figures(const struct report *report)
{
	static const struct column columns[] = {{.name = "clients", .type = COLUMN_COUNT},
	    {.name = "connections", .type = COLUMN_COUNT},
	    {.name = "failed", .type = COLUMN_COUNT},
	    {.name = "blocked", .type = COLUMN_COUNT},
	    {.name = "average_rank", .type = COLUMN_NUMBER},
	    {.name = "reconnections", .type = COLUMN_COUNT},
	    {.name = "average_delay", .type = COLUMN_SECONDS},
	    {.name = "median_delay", .type = COLUMN_SECONDS},
	    {.name = "p90_delay", .type = COLUMN_SECONDS}};
	struct table *table = MADE_TABLE("postscreen_figures", columns);
	struct screen_sums sums = screen_sum(report);
	struct cell *cells = table_row(table);
	uint64_t ranks = sums.times[SCREEN_dnsbl];

	set_count(&cells[0], sums.all);
	set_count(&cells[1], sums.times[SCREEN_connect]);
	set_count(&cells[2], sums.failed);
	set_count(&cells[3], sums.refused);
	if (ranks)
		set_real(&cells[4],
		    (double)llround(10 * (double)sums.ranks / (double)ranks) / 10);
	set_count(&cells[5], sums.returned);
	if (sums.returned) {
		set_real(&cells[6], (double)sums.delay / (double)sums.returned / USEC_PER_SEC);
		set_real(&cells[7], (double)screen_quantile(sums.delays, sums.returned, 0.5) /
		    USEC_PER_SEC);
		set_real(&cells[8], (double)screen_quantile(sums.delays, sums.returned, 0.9) /
		    USEC_PER_SEC);
	}
	screen_sums_done(&sums);
	made_of(table, report_answer(report, &screen_totals));
	return table;
}

const struct section section_postscreen_figures = {
	.name = "postscreen_figures",
	.title = "POSTSCREEN IN FIGURES",
	.of = "row",
	.note = "failed = clients that failed a test or met a limit; blocked = clients that\n"
		"were really turned away. Delays: from the first 450 to the first pass.",
	.empty = "No client came to postscreen.",
	.queries = {SCREEN_SUM_QUERIES, &screen_refused},
	.chosen_clients = true,
	.make = make_figures,
	.views = {{.columns = {{.name = "clients"}, {.name = "connections"},
	    {.name = "failed"}, {.name = "blocked"}, {.name = "average_rank", .title = "rank"},
	    {.name = "reconnections", .title = "came back"},
	    {.name = "average_delay", .title = "average", .over = "delay"},
	    {.name = "median_delay", .title = "median", .over = "delay"},
	    {.name = "p90_delay", .title = "p90", .over = "delay"}}}},
};

static struct table *
make_delays(const struct report *report)
{
	static const struct column columns[] = {{.name = "delay"},
	    {.name = "clients", .type = COLUMN_COUNT},
	    {.name = "percent", .type = COLUMN_PERCENT}};
	struct table *table = MADE_TABLE("postscreen_delays", columns);
	struct screen_sums sums = screen_sum(report);
	uint64_t counts[SCREEN_DELAYS] = {0};

	for (uint64_t i = 0; i < sums.returned; i++)
		counts[screen_delay_column(sums.delays[i])]++;
	for (unsigned d = 0; d < SCREEN_DELAYS; d++) {
		struct cell *cells = table_row(table);

		set_text(table, &cells[0], str_trim(str_of(screen_delay_labels[d])));
		set_count(&cells[1], counts[d]);
		if (sums.returned)
			set_real(&cells[2], 100 * (double)counts[d] / (double)sums.returned);
	}
	screen_sums_done(&sums);
	made_of(table, report_answer(report, &screen_totals));
	return table;
}

const struct section section_postscreen_delays = {
	.name = "postscreen_delays",
	.title = "FIRST RECONNECTION AFTER",
	.of = "spans",
	.empty = "Nobody came back.",
	.queries = {SCREEN_SUM_QUERIES},
	.chosen_clients = true,
	.make = make_delays,
};

static int
compare_countries(const void *first, const void *second)
{
	const struct cell *a = first, *b = second;

	if (a[1].n != b[1].n)
		return a[1].n > b[1].n ? -1 : 1;
	return str_compare(a[0].text, b[0].text);
}

/* Countries of the chosen clients that failed, from two tables in the same order. */
static void
count_countries(const struct report *report, struct table *table)
{
	const struct table *clients = report_answer(report, &screen_clients);
	const struct table *places = report_answer(report, &screen_countries);
	size_t place = 0;

	for (size_t row = 0; row < clients->row_count; row++) {
		struct str ip = table_cell(clients, row, 0)->text, country;
		size_t at = 0;

		while (place < places->row_count &&
		    str_compare(table_cell(places, place, 0)->text, ip) < 0)
			place++;
		if (place == places->row_count)
			break;
		if (!str_eq(table_cell(places, place, 0)->text, ip) ||
		    !screen_number(clients, row, SCREEN_FAILED) ||
		    !screen_takes(report, clients, row))
			continue;
		country = table_cell(places, place, 1)->text;
		if (country.len != 2) /* what has none has a word: "private" */
			continue;
		while (at < table->row_count &&
		    !str_eq(table_cell(table, at, 0)->text, country))
			at++;
		if (at == table->row_count)
			set_text(table, table_row(table), country);
		set_count(&table->cells[at * table->column_count + 1],
		    (uint64_t)table_cell(table, at, 1)->n + 1);
	}
}

static struct table *
make_countries(const struct report *report)
{
	static const struct column columns[] = {{.name = "country"},
	    {.name = "clients", .type = COLUMN_COUNT},
	    {.name = "percent", .type = COLUMN_PERCENT}};
	struct table *table = MADE_TABLE("postscreen_countries", columns);
	struct screen_sums sums = screen_sum(report);

	count_countries(report, table);
	for (size_t row = 0; row < table->row_count; row++) {
		struct cell *cells = &table->cells[row * table->column_count];

		set_real(&cells[2], 100 * (double)cells[1].n / (double)sums.failed);
	}
	if (table->row_count)
		qsort(table->cells, table->row_count,
		    table->column_count * sizeof(*table->cells), compare_countries);
	screen_sums_done(&sums);
	made_of(table, report_answer(report, &screen_clients));
	return table;
}

const struct section section_postscreen_countries = {
	.name = "postscreen_countries",
	.title = "COUNTRIES OF CLIENTS THAT FAILED",
	.of = "countries",
	.empty = "The country of no client is known.",
	.queries = {SCREEN_SUM_QUERIES, &screen_clients, &screen_countries},
	.chosen_clients = true,
	.make = make_countries,
};

/* Every chosen client with its counts, all of them. */
static struct table *
make_addresses(const struct report *report)
{
	const struct table *clients = report_answer(report, &screen_clients);
	struct table *table = table_new("postscreen_addresses", 6 + SCREEN_ACTION_COUNT);
	static const struct column first[] = {{.name = "ip"},
	    {.name = "first", .type = COLUMN_TIME}, {.name = "last", .type = COLUMN_TIME},
	    {.name = "delay", .type = COLUMN_SECONDS}, {.name = "ranks", .type = COLUMN_COUNT},
	    {.name = "refused", .type = COLUMN_COUNT}};
	static const unsigned from[] = {0, 1 + SCREEN_FIRST, 1 + SCREEN_LAST, 0,
	    1 + SCREEN_RANKS, 1 + SCREEN_REFUSED};

	memcpy(table->columns, first, sizeof(first));
	for (unsigned a = 0; a < SCREEN_ACTION_COUNT; a++)
		table->columns[6 + a] = (struct column){
		    .name = screen_clients.measures[a].name, .type = COLUMN_COUNT};
	for (size_t row = 0; row < clients->row_count; row++) {
		struct cell *cells;
		int64_t delay = screen_delay(
		    table_cell(clients, row, 1 + SCREEN_FIRST_DEFERRED),
		    table_cell(clients, row, 1 + SCREEN_FIRST_RETURNED));

		if (!screen_takes(report, clients, row))
			continue;
		cells = table_row(table);
		for (unsigned c = 0; c < 6; c++)
			cells[c] = *table_cell(clients, row, from[c]);
		cells[0].text = arena_str(&table->arena, cells[0].text);
		cells[3] = (struct cell){.known = delay >= 0,
		    .real = (double)delay / USEC_PER_SEC};
		for (unsigned a = 0; a < SCREEN_ACTION_COUNT; a++)
			cells[6 + a] = *table_cell(clients, row, 1 + a);
	}
	made_of(table, clients);
	return table;
}

const struct section section_postscreen_addresses = {
	.name = "postscreen_addresses",
	.title = "POSTSCREEN, ADDRESS BY ADDRESS",
	.of = "addresses",
	.empty = "No client came to postscreen.",
	.queries = {&screen_clients},
	.chosen_clients = true,
	.make = make_addresses,
	.views = {{.columns = {{.name = "ip", .title = "address"}, {.name = "connect"},
	    {.name = "first"}, {.name = "last"}, {.name = "delay"}, {.name = "ranks"},
	    {.name = "refused"}}}},
};
