/* SPDX-License-Identifier: Apache-2.0
 *
 * screen-clients: the actions of postscreen counted for each client, and what
 * Postscreen-Stats computes of these counts.
 *
 * The original counts a delay only when the second connection passes. Here it is
 * from the first 450 to the first pass after it, however many tries that took.
 * A delay of 10 s, which the original has among those of more than a day, belongs
 * to the second column.
 */
#include <stdlib.h>

#include "base/civil.h"
#include "report/screen.h"

const struct screen_action_row screen_actions[SCREEN_ACTION_COUNT] = {
#define A(id, text, filter, is_original, is_failure)                                        \
	[SCREEN_##id] = {.label = text, .original = is_original, .failure = is_failure},
	SCREEN_ACTIONS(A)
#undef A
};

const char *
screen_modern_label(enum screen_action action)
{
	if (action == SCREEN_allowlisted)
		return "ALLOWLISTED";
	if (action == SCREEN_denylisted)
		return "DENYLISTED";
	return action == SCREEN_veto ? "ALLOWLIST VETO" : screen_actions[action].label;
}

#define REFUSED "kind = session & (outcome = rejected_enforce | outcome = rejected_drop)"

const struct query screen_clients = {
	.name = "postscreen_addresses",
	.where = SCREEN_KINDS " | kind = session | kind = reconnect",
	.keys = {KEY(ip)},
	.measures = {SCREEN_COUNTS, [SCREEN_REFUSED] = COUNT("refused", REFUSED),
	    [SCREEN_FIRST] = FIRST("first", NULL),
	    [SCREEN_LAST] = LAST("last", NULL),
	    [SCREEN_LAST_CONNECT] = LAST("last_connect", "kind = ps_connect"),
	    [SCREEN_FIRST_DEFERRED] = FIRST("first_deferred", SCREEN_DEFERRED),
	    [SCREEN_FIRST_RETURNED] = FIRST("first_returned", SCREEN_RETURNED)},
	.order = QUERY_BY_KEY,
	.ascending = true,
	.skip_absent = true,
};

const struct query screen_totals = {
	.name = "postscreen_totals",
	.where = SCREEN_KINDS,
	.keys = {KEY(ip)},
	.measures = {SCREEN_COUNTS},
	.order = QUERY_BY_KEY,
	.skip_absent = true,
	.no_rows = true,
};

const struct query screen_refused = {
	.name = "postscreen_refused",
	.where = REFUSED,
	.measures = {DISTINCT("addresses", ip, NULL)},
};

const struct query screen_waits = {
	.name = "postscreen_waits",
	.where = "(" SCREEN_DEFERRED ") | (" SCREEN_RETURNED ")",
	.keys = {KEY(ip)},
	.measures = SCREEN_WAITS,
	.order = QUERY_BY_KEY,
	.ascending = true,
	.skip_absent = true,
};

const struct query screen_ranks = {
	.name = "postscreen_ranks",
	.where = "kind = ps_dnsbl",
	.keys = {KEY(ip), KEY(rank), KEY(time)},
	.measures = {COUNT("times", NULL)},
	.order = QUERY_BY_KEY,
	.ascending = true,
	.skip_absent = true,
};

const struct query screen_countries = {
	.name = "postscreen_countries",
	.where = "kind = ps_connect & country",
	.keys = {KEY(ip), KEY(country)},
	.measures = {COUNT("connections", NULL)},
	.order = QUERY_BY_KEY,
	.ascending = true,
	.skip_absent = true,
};

int64_t
screen_delay(const struct cell *deferred, const struct cell *returned)
{
	return deferred->known && returned->known && returned->n >= deferred->n ?
	    returned->n - deferred->n : -1;
}

static int
compare_numbers(const void *first, const void *second)
{
	int64_t a = *(const int64_t *)first, b = *(const int64_t *)second;

	return a < b ? -1 : a > b;
}

void
screen_sort(int64_t *values, size_t n)
{
	if (n)
		qsort(values, n, sizeof(*values), compare_numbers);
}

bool
screen_takes(const struct report *report, const struct table *clients, size_t row)
{
	return report->screen == NULL ||
	    screen_chooses(report->screen->choice, clients, row);
}

static void
add_delay(struct screen_sums *sums, int64_t delay)
{
	if (delay < 0)
		return;
	sums->delays[sums->returned++] = delay;
	sums->delay += delay;
}

static void
add_client(struct screen_sums *sums, const struct table *clients, size_t row)
{
	for (unsigned a = 0; a < SCREEN_ACTION_COUNT; a++) {
		uint64_t times = (uint64_t)screen_number(clients, row, a);

		sums->times[a] += times;
		sums->clients[a] += times != 0;
	}
	sums->all++;
	sums->failed += screen_number(clients, row, SCREEN_FAILED) != 0;
	sums->refused += screen_number(clients, row, SCREEN_REFUSED) != 0;
	sums->ranks += screen_number(clients, row, SCREEN_RANKS);
	add_delay(sums, screen_delay(table_cell(clients, row, 1 + SCREEN_FIRST_DEFERRED),
	    table_cell(clients, row, 1 + SCREEN_FIRST_RETURNED)));
}

static void
add_totals(struct screen_sums *sums, const struct table *totals)
{
	for (unsigned a = 0; a < SCREEN_ACTION_COUNT; a++) {
		sums->times[a] = (uint64_t)totals->total[1 + a].n;
		sums->clients[a] = totals->spread[1 + a];
	}
	sums->all = totals->groups;
	sums->failed = totals->spread[1 + SCREEN_FAILED];
	sums->ranks = totals->total[1 + SCREEN_RANKS].n;
}

struct screen_sums
screen_sum(const struct report *report)
{
	bool chosen = report->screen && report->screen->choice;
	const struct table *clients = chosen ? report_answer(report, &screen_clients) : NULL;
	const struct table *waits = report_answer(report, &screen_waits);
	const struct table *refused = report_answer(report, &screen_refused);
	struct screen_sums sums = {
	    .delays = xmalloc((waits->row_count + 1) * sizeof(int64_t))};

	for (size_t row = 0; clients && row < clients->row_count; row++)
		if (screen_takes(report, clients, row))
			add_client(&sums, clients, row);
	if (clients == NULL)
		add_totals(&sums, report_answer(report, &screen_totals));
	if (clients == NULL && refused && refused->row_count)
		sums.refused = (uint64_t)table_cell(refused, 0, 0)->n;
	for (size_t row = 0; clients == NULL && row < waits->row_count; row++)
		add_delay(&sums, screen_delay(table_cell(waits, row, 1),
		    table_cell(waits, row, 2)));
	screen_sort(sums.delays, sums.returned);
	return sums;
}

void
screen_sums_done(struct screen_sums *sums)
{
	free(sums->delays);
}

int64_t
screen_quantile(const int64_t *values, size_t n, double quantile)
{
	double wanted = quantile * (double)n;
	size_t rank = (size_t)wanted;

	rank += (double)rank < wanted || rank == 0;
	return values[rank - 1];
}

const char *const screen_delay_labels[SCREEN_DELAYS] = {
	" <10s   ", ">10to30s", " >30to1m", " >1to5m ", " >5to30m",
	">30mto2h", " >2hto5h", ">5hto12h", ">12to24h", " >24h   ",
};

unsigned
screen_delay_column(int64_t delay)
{
	/* The largest delay of each column but the last, in seconds. */
	static const int64_t most[] = {0, 30, 60, 300, 1800, 7200, 18000, 43200, 86400};
	unsigned column = 1;

	if (delay < 10 * USEC_PER_SEC)
		return 0;
	while (column < SCREEN_DELAYS - 1 && delay > most[column] * USEC_PER_SEC)
		column++;
	return column;
}

void
screen_put_percent(struct buf *out, uint64_t part, uint64_t whole)
{
	uint64_t scaled = part * 100, quotient, rest;
	int decimals = 0;

	if (part == 0) {
		buf_char(out, '0');
		return;
	}
	for (; scaled < whole * 10; scaled *= 10)
		decimals++;
	quotient = scaled / whole;
	rest = scaled % whole;
	quotient += rest * 2 > whole || (rest * 2 == whole && quotient % 2);
	if (quotient == 100 && decimals) {
		quotient = 10;
		decimals--;
	}
	if (decimals == 0)
		buf_printf(out, "%llu", (unsigned long long)quotient);
	else if (decimals == 1)
		buf_printf(out, "%llu.%llu", (unsigned long long)quotient / 10,
		    (unsigned long long)quotient % 10);
	else
		buf_printf(out, "0.%0*llu", decimals, (unsigned long long)quotient);
}
