/* SPDX-License-Identifier: Apache-2.0
 *
 * screen-text: the text that Postscreen-Stats printed in 2012, byte for byte, and
 * under it, when asked for, the sections of `report postscreen`.
 *
 * Its rows are those of the original. Its averages were quotients of Python 2: the
 * rank an integer, here rounded; the delay with 12 significant digits.
 */
#include <math.h>
#include <stdlib.h>

#include "base/civil.h"
#include "base/escape.h"
#include "base/ip.h"
#include "report/screen.h"

static void
put_actions(const struct screen_sums *sums, struct buf *out)
{
	buf_str(out, STR("\n=== unique clients/total postscreen actions ===\n"));
	for (unsigned a = 0; a < SCREEN_ACTION_COUNT; a++)
		if (screen_actions[a].original && sums->times[a])
			buf_printf(out, "%llu/%llu %s\n",
			    (unsigned long long)sums->clients[a],
			    (unsigned long long)sums->times[a], screen_actions[a].label);
}

/* As Python 2 prints a float: 12 significant digits, and never an integer. */
static void
put_float(double value, struct buf *out)
{
	size_t begin = out->len;

	buf_printf(out, "%.12g", value);
	for (size_t i = begin; i < out->len; i++)
		if (out->p[i] == '.' || out->p[i] == 'e')
			return;
	buf_str(out, STR(".0"));
}

static void
put_figures(const struct screen_sums *sums, struct buf *out)
{
	uint64_t ranks = sums->times[SCREEN_dnsbl];

	buf_str(out, STR("\n=== clients statistics ===\n"));
	if (ranks)
		buf_printf(out, "%lld avg. dnsbl rank\n",
		    llround((double)sums->ranks / (double)ranks));
	buf_printf(out, "%llu blocked clients\n", (unsigned long long)sums->failed);
	buf_printf(out, "%llu clients\n", (unsigned long long)sums->all);
	buf_printf(out, "%llu reconnections\n", (unsigned long long)sums->returned);
	if (sums->returned) {
		put_float((double)sums->delay / (double)sums->returned / USEC_PER_SEC, out);
		buf_str(out, STR(" seconds avg. reco. delay\n"));
	}
}

/* TEXT in a column of 8. */
static void
put_field(struct str text, struct buf *out)
{
	buf_str(out, text);
	put_padding(out, text.len < 8 ? (unsigned)(8 - text.len) : 0);
	buf_char(out, '|');
}

static void
put_delays(const struct screen_sums *sums, struct buf *out)
{
	uint64_t counts[SCREEN_DELAYS] = {0};
	struct buf field = BUF_INIT(64);

	for (uint64_t i = 0; i < sums->returned; i++)
		counts[screen_delay_column(sums->delays[i])]++;
	buf_str(out, STR("\n=== First reconnection delay (graylist) ===\ndelay|"));
	for (unsigned d = 0; d < SCREEN_DELAYS; d++)
		put_field(str_of(screen_delay_labels[d]), out);
	buf_str(out, STR("\ncount|"));
	for (unsigned d = 0; d < SCREEN_DELAYS; d++) {
		buf_clear(&field);
		buf_printf(&field, "%llu", (unsigned long long)counts[d]);
		put_field(buf_view(&field), out);
	}
	buf_char(out, '\n');
	if (sums->returned) {
		buf_str(out, STR("   % |"));
		for (unsigned d = 0; d < SCREEN_DELAYS; d++) {
			buf_clear(&field);
			screen_put_percent(&field, counts[d], sums->returned);
			put_field(buf_view(&field), out);
		}
		buf_char(out, '\n');
	}
	buf_done(&field);
}

#define COUNTRIES 20

/* The name of the country CODE, or the code where it is nobody's. */
static void
put_country(struct str code, struct buf *out)
{
	char text[3] = {code.p[0], code.p[1]};
	const char *name = country_name(text);

	if (name)
		buf_str(out, str_of(name));
	else
		escape_terminal(out, code);
}

static void
put_countries(const struct report *report, const struct screen_sums *sums, struct buf *out)
{
	const struct table *table = report_table(report, &section_postscreen_countries);
	struct buf percent = BUF_INIT(64);
	int width;

	buf_str(out, STR("\n=== Top 20 Countries of Blocked Clients ===\n"));
	if (table->row_count == 0) {
		buf_str(out, STR("left out: the country of no blocked client is known\n"));
		return;
	}
	width = snprintf(NULL, 0, "%lld", (long long)table_cell(table, 0, 1)->n);
	for (size_t row = 0; row < table->row_count && row < COUNTRIES; row++) {
		int64_t clients = table_cell(table, row, 1)->n;

		buf_clear(&percent);
		screen_put_percent(&percent, (uint64_t)clients, sums->failed);
		buf_char(&percent, '\0');
		buf_printf(out, " %*lld (%5.2f%%) ", width, (long long)clients,
		    strtod(percent.p, NULL));
		put_country(table_cell(table, row, 0)->text, out);
		buf_char(out, '\n');
	}
	buf_done(&percent);
}

/* "2011-10-22 09:37:54" in the zone set. */
static void
put_time(int64_t usec, struct buf *out)
{
	struct civil at = civil_of(usec + zone_offset(usec) * USEC_PER_SEC);

	buf_printf(out, "%04d-%02d-%02d %02d:%02d:%02d", at.year, at.month, at.day, at.hour,
	    at.minute, at.second);
}

/* One client's ranks in the order of time. */
struct rank {
	int64_t time, rank, times;
};

static int
compare_ranks(const void *first, const void *second)
{
	const struct rank *a = first, *b = second;

	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	return a->rank < b->rank ? -1 : a->rank > b->rank;
}

/* The ranks of rows FROM to TO of screen_ranks' answer. */
static void
put_ranks(const struct table *ranks, size_t from, size_t to, struct buf *out)
{
	struct rank *list = xcalloc(to - from + 1, sizeof(*list));
	const char *between = "";

	for (size_t row = from; row < to; row++)
		list[row - from] = (struct rank){table_cell(ranks, row, 2)->n,
		    table_cell(ranks, row, 1)->n, table_cell(ranks, row, 3)->n};
	qsort(list, to - from, sizeof(*list), compare_ranks);
	buf_str(out, STR("    DNSBL ranks: ["));
	for (size_t i = 0; i < to - from; i++)
		for (int64_t n = 0; n < list[i].times; n++) {
			buf_printf(out, "%s'%lld'", between, (long long)list[i].rank);
			between = ", ";
		}
	buf_str(out, STR("]\n"));
	free(list);
}

/* The first row of RANKS that is not before IP, in the order of texts. */
static size_t
first_rank(const struct table *ranks, struct str ip)
{
	size_t from = 0, to = ranks->row_count;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (str_compare(table_cell(ranks, middle, 0)->text, ip) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

static void
put_client(const struct table *clients, size_t row, const struct table *ranks,
    struct buf *out)
{
	struct str ip = table_cell(clients, row, 0)->text;
	int64_t last = screen_number(clients, row, SCREEN_LAST_CONNECT);
	size_t begin = first_rank(ranks, ip), end = begin;

	while (end < ranks->row_count && str_eq(table_cell(ranks, end, 0)->text, ip))
		end++;
	buf_str(out, ip);
	buf_printf(out, "\n    connections count: %lld\n    first seen on ",
	    (long long)screen_number(clients, row, SCREEN_connect));
	put_time(screen_number(clients, row, SCREEN_FIRST), out);
	buf_str(out, STR("\n    last seen on "));
	put_time(last ? last : screen_number(clients, row, SCREEN_LAST), out);
	buf_char(out, '\n');
	for (unsigned a = SCREEN_connect + 1; a < SCREEN_ACTION_COUNT; a++) {
		int64_t times = screen_number(clients, row, a);

		if (!screen_actions[a].original || times == 0)
			continue;
		buf_printf(out, "    %s count: %lld\n", screen_actions[a].label,
		    (long long)times);
		if (a == SCREEN_dnsbl)
			put_ranks(ranks, begin, end, out);
	}
	buf_char(out, '\n');
}

struct address {
	struct ip ip;
	size_t row;
};

static int
compare_addresses(const void *first, const void *second)
{
	const struct address *a = first, *b = second;

	if (a->ip.family != b->ip.family)
		return a->ip.family < b->ip.family ? -1 : 1;
	return memcmp(a->ip.byte, b->ip.byte, sizeof(a->ip.byte));
}

/* By number: the original's order was that of a hash. */
static void
put_addresses(const struct report *report, struct buf *out)
{
	const struct table *clients = report_answer(report, &screen_clients);
	struct address *list = xcalloc(clients->row_count + 1, sizeof(*list));
	size_t count = 0;

	for (size_t row = 0; row < clients->row_count; row++) {
		if (!screen_takes(report, clients, row))
			continue;
		ip_parse(table_cell(clients, row, 0)->text, &list[count].ip);
		list[count++].row = row;
	}
	qsort(list, count, sizeof(*list), compare_addresses);
	for (size_t i = 0; i < count; i++)
		put_client(clients, list[i].row, report_answer(report, &screen_ranks), out);
	free(list);
}

static void
print_screen(const struct report *report, struct buf *out)
{
	const struct report_screen *wanted = &report->screen->options;
	const struct table *totals = report_answer(report, &screen_totals);

	if (wanted->banner)
		buf_printf(out, "Filtering results to match: %s\n", wanted->banner);
	if (wanted->addresses)
		put_addresses(report, out);
	if (wanted->summary) {
		struct screen_sums sums = screen_sum(report);

		put_actions(&sums, out);
		put_figures(&sums, out);
		put_delays(&sums, out);
		if (wanted->countries)
			put_countries(report, &sums, out);
		screen_sums_done(&sums);
	}
	if (wanted->summary && !totals->exact && totals->note)
		buf_printf(out, "\n%s\n", totals->note);
	if (wanted->modern)
		text_section(report, &section_postscreen, out);
	if (wanted->summary || wanted->addresses || wanted->modern)
		text_places(report, out);
}

const struct report_format format_screen = {
	.name = "text",
	.print = print_screen,
};
