/* SPDX-License-Identifier: Apache-2.0
 *
 * bans-rows: bans as rows of a table, and the order of rows.
 */
#include <stdlib.h>

#include "base/civil.h"
#include "base/nearest.h"
#include "cmd/bans.h"

static void
set_text(struct cell *cell, struct str text)
{
	cell->text = text;
	cell->known = text.len > 0;
}

static void
set_seconds(struct cell *cell, int64_t usec)
{
	cell->real = (double)(usec / USEC_PER_SEC);
	cell->known = true;
}

/* The columns of REPORT_BANS, in their order. */
enum { ADDRESS, RULE, SINCE, UNTIL, LEFT, OFFENCE, STATE, ENDED, LASTED, COUNTED, THRESHOLD,
	PROTECTED, DRY_RUN, REASON, ID, COUNTRY, ASN, ASO };

static void
put_times(const struct bans *bans, const struct ban *ban, struct cell *row)
{
	int64_t end = bans_end(ban);
	int64_t seen = end < bans->now ? end : bans->now;

	if (ban->from != INT64_MIN)
		set_number(&row[SINCE], ban->from);
	if (ban->until != INT64_MAX)
		set_number(&row[UNTIL], ban->until);
	if (end <= bans->now)
		set_number(&row[ENDED], end);
	else if (end != INT64_MAX && !ban->dry_run)
		set_seconds(&row[LEFT], end - bans->now);
	if (ban->from != INT64_MIN && seen >= ban->from)
		set_seconds(&row[LASTED], seen - ban->from);
}

static void
put_place(struct bans *bans, const struct ban *ban, struct cell *row)
{
	struct place place;

	if (!bans_place(bans, ban, &place))
		return;
	set_text(&row[COUNTRY], arena_str(&bans->arena, str_of(place.country)));
	if (place.asn)
		set_number(&row[ASN], place.asn);
	set_text(&row[ASO], place.aso); /* lives as long as the database */
}

void
bans_rows(struct bans *bans, const struct ban_list *list, struct table *table)
{
	bool places = bans->geo != NULL;

	for (size_t i = 0; i < list->count; i++)
		places |= bans_placed(&list->bans[i]);
	/* Where no place is known there are no such columns. */
	if (!places)
		table->column_count = COUNTRY;
	for (size_t i = 0; i < list->count; i++) {
		const struct ban *ban = &list->bans[i];
		struct cell *row = table_row(table);
		char text[CIDR_TEXT_MAX];

		set_text(&row[ADDRESS], arena_str(&bans->arena, bans_address(ban, text)));
		set_text(&row[RULE], ban->rule);
		put_times(bans, ban, row);
		if (ban->offence)
			set_number(&row[OFFENCE], ban->offence);
		set_text(&row[STATE], str_of(bans_state(bans, ban)));
		if (ban->threshold) {
			set_number(&row[COUNTED], (int64_t)ban->counted);
			set_number(&row[THRESHOLD], (int64_t)ban->threshold);
		}
		set_number(&row[PROTECTED], ban->is_protected);
		set_number(&row[DRY_RUN], ban->dry_run);
		set_text(&row[REASON], ban->reason);
		set_text(&row[ID], str_of(arena_printf(&bans->arena, "%016llx",
		    (unsigned long long)ban->id)));
		put_place(bans, ban, row);
	}
}

/* What rows are ordered by, for qsort_r(). */
struct order {
	const struct column *column;
	unsigned number;
	bool reverse;
};

/* Addresses by their bytes, before what is none. */
static int
compare_texts(struct str a, struct str b)
{
	struct cidr x, y;
	bool is_x = cidr_parse(a, &x), is_y = cidr_parse(b, &y);

	if (!is_x || !is_y)
		return is_x != is_y ? is_y - is_x : str_compare(a, b);
	return cidr_compare(&x, &y);
}

/* Texts and times ascending, numbers the largest first; unknown ones last. */
static int
compare_rows(const void *a, const void *b, void *context)
{
	const struct order *order = context;
	const struct cell *x = (const struct cell *)a + order->number;
	const struct cell *y = (const struct cell *)b + order->number;
	int result = 0;

	if (!x->known || !y->known)
		return y->known - x->known;
	switch (order->column->type) {
	case COLUMN_TEXT:
		result = compare_texts(x->text, y->text);
		break;
	case COLUMN_TIME:
	case COLUMN_DAY:
		result = (x->n > y->n) - (x->n < y->n);
		break;
	case COLUMN_COUNT:
	case COLUMN_INTEGER:
	case COLUMN_BYTES:
	case COLUMN_BOOL:
		result = (x->n < y->n) - (x->n > y->n);
		break;
	case COLUMN_NUMBER:
	case COLUMN_SECONDS:
	case COLUMN_PERCENT:
		result = (x->real < y->real) - (x->real > y->real);
		break;
	}
	return order->reverse ? -result : result;
}

static int
no_such_column(const struct table *table, const char *name, struct err *err)
{
	struct buf list = BUF_INIT(1024);
	const char *names[32], *near;
	unsigned n = 0;

	for (; n < table->column_count && n < 32; n++) {
		names[n] = table->columns[n].name;
		buf_printf(&list, "%s%s", n ? ", " : "", names[n]);
	}
	near = nearest(str_of(name), names, n);
	if (near)
		err_set(err, "--sort: there is no column %s; did you mean %s?", name, near);
	else
		err_set(err, "--sort: there is no column %s, but %.*s", name,
		    STR_ARG(buf_view(&list)));
	buf_done(&list);
	return -1;
}

static int
sort_rows(struct table *table, const char *by, struct err *err)
{
	struct order order = {.reverse = *by == '-'};
	int column = table_column(table, by + order.reverse);

	if (column < 0)
		return no_such_column(table, by + order.reverse, err);
	order.number = (unsigned)column;
	order.column = &table->columns[column];
	if (table->row_count)
		qsort_r(table->cells, table->row_count,
		    table->column_count * sizeof(*table->cells), compare_rows, &order);
	return 0;
}

int
bans_print(const struct bans *bans, struct report *report, struct table *table)
{
	struct report_style style = options_style(&bans->options);
	struct buf out = BUF_INIT(BUF_UNLIMITED);
	struct err err;

	if (bans->options.sort && sort_rows(table, bans->options.sort, &err) < 0) {
		report_free(report);
		return usage_error(bans->command, &err);
	}
	report_print_given(report, &style, &out);
	report_free(report);
	return output_all(&out);
}
