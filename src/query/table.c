/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "query/query.h"

struct table *
table_new(const char *name, unsigned columns)
{
	struct table *table = xcalloc(1, sizeof(*table));

	table->name = arena_cstr(&table->arena, str_of(name));
	table->columns = arena_alloc(&table->arena, columns * sizeof(*table->columns));
	memset(table->columns, 0, columns * sizeof(*table->columns));
	table->total = arena_alloc(&table->arena, columns * sizeof(*table->total));
	memset(table->total, 0, columns * sizeof(*table->total));
	table->column_count = columns;
	table->exact = true;
	return table;
}

void
table_free(struct table *table)
{
	if (!table)
		return;
	arena_free(&table->arena);
	free(table->cells);
	free(table);
}

struct cell *
table_row(struct table *table)
{
	size_t cells = table->column_count * sizeof(*table->cells);
	struct cell *row;

	/* Doubling at powers of two keeps the row count the only counter. */
	if ((table->row_count & (table->row_count - 1)) == 0)
		table->cells = xrealloc(table->cells,
		    table->row_count ? table->row_count * 2 : 1, cells);
	row = table->cells + table->row_count * table->column_count;
	memset(row, 0, cells);
	table->row_count++;
	return row;
}

int
table_column(const struct table *table, const char *name)
{
	for (unsigned c = 0; c < table->column_count; c++)
		if (strcmp(table->columns[c].name, name) == 0)
			return (int)c;
	return -1;
}
