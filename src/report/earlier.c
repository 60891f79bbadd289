/* SPDX-License-Identifier: Apache-2.0
 *
 * earlier: mail counts when it came, so a report with --since has hours before that, of
 * what had to wait. A person who asked for a time gets one row for all of them.
 */
#include <stdlib.h>

#include "base/civil.h"
#include "report/room.h"

/* How many rows of TABLE are of times that ended before SINCE; they come first. */
static size_t
count_earlier(const struct table *table, int64_t since)
{
	bool days = table->columns[0].type == COLUMN_DAY; /* local */
	int64_t ended = days ? since + zone_offset(since) * USEC_PER_SEC - USEC_PER_DAY :
			       since - USEC_PER_HOUR;
	size_t n = 0;

	while (n < table->row_count && table_cell(table, n, 0)->n <= ended)
		n++;
	return n;
}

struct table *
table_with_earlier(const struct section *section, const struct table *table, int64_t since)
{
	const struct query *query = section->make || section->given ? NULL :
	    section->queries[0];
	unsigned columns = table->column_count;
	size_t earlier;
	struct table *told;
	struct cell *row;

	if (query == NULL || !key_is_of_begin(query->keys[0].function) ||
	    !section->series || since == INT64_MIN)
		return NULL;
	earlier = count_earlier(table, since);
	if (earlier == 0)
		return NULL;
	told = made_table(table->name, table->columns, columns);
	memcpy(told->total, table->total, columns * sizeof(*told->total));
	row = table_row(told);
	for (size_t n = 0; n < earlier; n++)
		for (unsigned c = 1; c < columns; c++) {
			const struct cell *cell = table_cell(table, n, c);

			row[c].known |= cell->known;
			row[c].n += cell->n;
		}
	for (size_t n = earlier; n < table->row_count; n++)
		memcpy(table_row(told), table_cell(table, n, 0), columns * sizeof(*row));
	made_of(told, table);
	told->groups = table->groups - earlier;
	return told;
}
