/* SPDX-License-Identifier: Apache-2.0
 *
 * csv: one section as CSV (RFC 4180, lines end with LF): a row of column names,
 * then the rows. Numbers are plain, times RFC 3339 in UTC, unknown is empty.
 */
#include "base/civil.h"
#include "base/escape.h"
#include "report/room.h"

static void
put_value(struct buf *out, enum column_type type, const struct cell *cell)
{
	char stamp[RFC3339_MAX];

	if (!cell->known)
		return;
	switch (type) {
	case COLUMN_TEXT:
		escape_csv(out, cell->text);
		break;
	case COLUMN_COUNT:
	case COLUMN_INTEGER:
	case COLUMN_BYTES:
		buf_printf(out, "%lld", (long long)cell->n);
		break;
	case COLUMN_NUMBER:
	case COLUMN_SECONDS:
	case COLUMN_PERCENT:
		buf_printf(out, "%.15g", cell->real);
		break;
	case COLUMN_TIME:
		buf_add(out, stamp, civil_rfc3339(cell->n, stamp));
		break;
	case COLUMN_DAY:
		put_day(out, cell->n);
		break;
	case COLUMN_BOOL:
		buf_str(out, cell->n ? STR("true") : STR("false"));
		break;
	}
}

static void
print_csv(const struct report *report, struct buf *out)
{
	const struct chosen *chosen = report->chosen;
	const struct table *table = chosen->table;
	struct rows rows = report_rows(report, chosen->section, table);

	for (unsigned c = 0; c < table->column_count; c++) {
		if (c)
			buf_char(out, ',');
		escape_csv(out, str_of(table->columns[c].name));
	}
	buf_char(out, '\n');
	for (size_t row = rows.from; row < rows.to; row++) {
		for (unsigned c = 0; c < table->column_count; c++) {
			if (c)
				buf_char(out, ',');
			put_value(out, table->columns[c].type, table_cell(table, row, c));
		}
		buf_char(out, '\n');
	}
}

const struct report_format format_csv = {
	.name = "csv",
	.all_rows = true,
	.single = true,
	.print = print_csv,
	.print_given = print_csv,
};
