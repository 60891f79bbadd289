/* SPDX-License-Identifier: Apache-2.0
 *
 * report-tables: invented answers to any queries, so that reports can be printed
 * without a log. Numbers grow with SCALE; texts are as long and hostile as asked.
 */
#ifndef TESTS_REPORT_TABLES_H
#define TESTS_REPORT_TABLES_H

#include "report/report.h"

struct invented {
	const char *name;    /* for mail addresses, names, texts */
	const char *ip, *net;
	int64_t scale;
	size_t rows;
	bool exact;
};

static inline enum column_type
invented_type(const struct query_measure *measure)
{
	if (measure->op == MEASURE_FIRST || measure->op == MEASURE_LAST)
		return COLUMN_TIME;
	if (measure->op == MEASURE_LATEST)
		return COLUMN_TEXT;
	if (measure->op == MEASURE_COUNT || measure->op == MEASURE_DISTINCT)
		return COLUMN_COUNT;
	if (event_fields[measure->field].type == TYPE_DURATION)
		return COLUMN_SECONDS;
	return event_fields[measure->field].type == TYPE_SIZE ? COLUMN_BYTES : COLUMN_COUNT;
}

static inline void
invented_key(struct cell *cell, struct column *column, const struct query_key *key,
    const struct invented *how, struct arena *arena, size_t row)
{
	bool is_ip = event_fields[key->field].type == TYPE_IP;

	cell->known = true;
	column->type = COLUMN_TEXT;
	if (key->function == KEY_HOUR || key->function == KEY_DAY) {
		column->type = key->function == KEY_DAY ? COLUMN_DAY : COLUMN_TIME;
		cell->n = INT64_C(1767225600000000) + (int64_t)row * INT64_C(3600000000);
	} else if (key->function == KEY_NET) {
		cell->text = str_of(how->net);
	} else if (is_ip) {
		cell->text = str_of(how->ip);
	} else if (key->field == FIELD_country) {
		cell->text = STR("BE");
	} else {
		/* A session's action names the tests it failed. */
		cell->text = str_of(arena_printf(arena, "%s%zu%s", how->name, row,
		    key->field == FIELD_action ? "+pregreet" : ""));
	}
}

static inline struct table *
invented_table(const struct query *query, const struct invented *how)
{
	struct table *table = table_new(query->name, query->key_count + query->measure_count);
	size_t rows = query->key_count ? how->rows : 1;

	table->spread = arena_alloc(&table->arena, table->column_count * sizeof(uint64_t));
	for (unsigned c = 0; c < table->column_count; c++)
		table->spread[c] = rows;
	for (size_t row = 0; row < rows; row++) {
		struct cell *cells = table_row(table);

		for (unsigned k = 0; k < query->key_count; k++) {
			table->columns[k].name = query->keys[k].name;
			invented_key(&cells[k], &table->columns[k], &query->keys[k], how,
			    &table->arena, row);
		}
		for (unsigned m = 0; m < query->measure_count; m++) {
			struct column *column = &table->columns[query->key_count + m];
			struct cell *cell = &cells[query->key_count + m];

			column->name = query->measures[m].name;
			column->type = invented_type(&query->measures[m]);
			*cell = (struct cell){.known = true,
			    .n = how->scale / (int64_t)(row + 1) + m,
			    .real = (double)how->scale / (double)(row + 1) / 1000};
			if (column->type == COLUMN_TEXT)
				cell->text = str_of(how->name);
			if (column->type == COLUMN_TIME)
				cell->n = INT64_C(1767225600000000) + (int64_t)m * 1000000;
			if (column->type == COLUMN_COUNT) {
				struct cell *total = &table->total[query->key_count + m];

				total->known = true;
				total->n += cell->n;
			}
		}
	}
	table->groups = rows * (query->key_count ? 31 : 1);
	table->exact = how->exact;
	table->note = how->exact ? NULL : "counts may be 3 low";
	return table;
}

/* REPORT's text with all its queries answered by invention. */
static inline void
invented_report(struct report *report, const struct invented *how, unsigned width,
    struct buf *out)
{
	static struct report_lines inputs[1], programs[2];
	static const struct str hosts[] = {{"mx1", 3}};
	struct report_style style = {.width = width, .utf8 = true};
	struct report_data data = {.first = INT64_C(1767225600000000),
	    .last = INT64_C(1767312000000000), .inputs = inputs, .input_count = 1,
	    .programs = programs, .program_count = 2, .hosts = hosts, .host_count = 1,
	    .lines = 1000, .coverage = 0.9999};
	const struct query *const *queries;
	struct table **tables;
	struct err err;
	size_t count;

	inputs[0] = (struct report_lines){.name = STR("mail.log"), .lines = 1000,
	    .events = 900};
	programs[0] = (struct report_lines){.name = str_of(how->name), .lines = 990,
	    .events = 900, .unknown = 3};
	programs[1] = (struct report_lines){.name = STR("cron"), .lines = 10, .foreign = 10};
	if (report_queries(report, &queries, &count, &err) < 0)
		return;
	tables = xcalloc(count + 1, sizeof(struct table *));
	for (size_t i = 0; i < count; i++)
		tables[i] = invented_table(queries[i], how);
	data.tables = tables;
	report_print(report, &data, &style, out);
	for (size_t i = 0; i < count; i++)
		table_free(tables[i]);
	free(tables);
}

#endif
