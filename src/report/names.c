/* SPDX-License-Identifier: Apache-2.0
 *
 * names: which rows that will be printed are those of an address, and where its name
 * stands. What the names are is for the caller to say.
 */
#include "report/room.h"

int
query_address_column(const struct query *query)
{
	for (unsigned k = 0; k < query->key_count; k++)
		if (query->keys[k].field == FIELD_ip && query->keys[k].function == KEY_FIELD)
			return (int)k;
	return -1;
}

int
query_name_column(const struct query *query)
{
	for (unsigned m = 0; m < query->measure_count; m++)
		if (query->measures[m].op == MEASURE_LATEST &&
		    query->measures[m].field == FIELD_name)
			return (int)(query->key_count + m);
	return -1;
}

/* Those of one section. */
static void
section_names(const struct report *report, const struct section *section,
    const struct asked *asked, struct table *table, report_each_name *each, void *context)
{
	int address = query_address_column(&asked->query);
	int name = query_name_column(&asked->query);
	struct rows rows = report_rows(report, section, table);

	if (address < 0 || name < 0)
		return;
	for (size_t row = rows.from; row < rows.to; row++) {
		struct cell *cells = table->cells + row * table->column_count;

		if (cells[address].known)
			each(context, cells[address].text, &cells[name]);
	}
}

void
report_names(struct report *report, const struct report_data *data, report_each_name *each,
    void *context)
{
	for (size_t i = 0; report->names && i < report->chosen_count; i++) {
		const struct section *section = report->chosen[i].section;

		/* A map's rows are those of its answer, in the same order. */
		for (size_t q = 0; (!section->make || section == &section_map) &&
		    q < report->asked_count; q++)
			if (report->asked[q].origin == section->queries[0])
				section_names(report, section, &report->asked[q],
				    data->tables[q], each, context);
	}
}
