/* SPDX-License-Identifier: Apache-2.0
 *
 * made: tables that a section makes itself, of several answers or of what was
 * learned beside them.
 */
#include "report/room.h"

struct table *
made_table(const char *name, const struct column *columns, unsigned count)
{
	struct table *table = table_new(name, count);

	memcpy(table->columns, columns, count * sizeof(*columns));
	return table;
}

void
set_count(struct cell *cell, uint64_t n)
{
	cell->known = true;
	cell->n = (int64_t)n;
}

void
set_real(struct cell *cell, double value)
{
	cell->known = true;
	cell->real = value;
}

void
set_text(struct table *table, struct cell *cell, struct str text)
{
	cell->known = true;
	cell->text = arena_str(&table->arena, text);
}

void
made_of(struct table *table, const struct table *from)
{
	table->exact = table->exact && from->exact;
	if (from->note && table->note == NULL)
		table->note = arena_cstr(&table->arena, str_of(from->note));
	table->groups = table->row_count;
}
