/* SPDX-License-Identifier: Apache-2.0
 *
 * json: a report as one JSON object. Its form is a promise: keys may be added,
 * none is renamed; times are UTC whatever the zone shown elsewhere.
 */
#include "base/civil.h"
#include "base/json.h"
#include "report/room.h"

struct type_words {
	const char *name, *unit;
};

static const struct type_words type_words[] = {
	[COLUMN_TEXT] = {"text", ""},
	[COLUMN_COUNT] = {"count", ""},
	[COLUMN_INTEGER] = {"integer", ""},
	[COLUMN_BYTES] = {"bytes", "bytes"},
	[COLUMN_NUMBER] = {"number", ""},
	[COLUMN_SECONDS] = {"seconds", "seconds"},
	[COLUMN_PERCENT] = {"percent", "percent"},
	[COLUMN_TIME] = {"time", ""},
	[COLUMN_DAY] = {"day", ""},
	[COLUMN_BOOL] = {"bool", ""},
};

static void
put_stamp(struct json *json, int64_t usec)
{
	char text[RFC3339_MAX];

	json_str(json, (struct str){text, civil_rfc3339(usec, text)});
}

static void
put_date(struct json *json, int64_t usec)
{
	struct buf text = BUF_INIT(64);

	put_day(&text, usec);
	json_str(json, buf_view(&text));
	buf_done(&text);
}

static void
put_value(struct json *json, enum column_type type, const struct cell *cell)
{
	if (!cell->known) {
		json_null(json);
		return;
	}
	switch (type) {
	case COLUMN_TEXT:
		json_str(json, cell->text);
		break;
	case COLUMN_COUNT:
	case COLUMN_INTEGER:
	case COLUMN_BYTES:
		json_int(json, cell->n);
		break;
	case COLUMN_NUMBER:
	case COLUMN_SECONDS:
	case COLUMN_PERCENT:
		json_real(json, cell->real);
		break;
	case COLUMN_TIME:
		put_stamp(json, cell->n);
		break;
	case COLUMN_DAY:
		put_date(json, cell->n);
		break;
	case COLUMN_BOOL:
		json_bool(json, cell->n != 0);
		break;
	}
}

static void
put_columns(struct json *json, const struct table *table)
{
	json_key(json, "columns");
	json_array_begin(json);
	for (unsigned c = 0; c < table->column_count; c++) {
		const struct column *column = &table->columns[c];
		const char *unit = column->unit ? column->unit : type_words[column->type].unit;

		json_object_begin(json);
		json_key(json, "name");
		json_str(json, str_of(column->name));
		json_key(json, "type");
		json_str(json, str_of(type_words[column->type].name));
		json_key(json, "unit");
		json_str(json, str_of(unit));
		json_object_end(json);
	}
	json_array_end(json);
}

static void
put_row(struct json *json, const struct table *table, size_t row)
{
	json_object_begin(json);
	for (unsigned c = 0; c < table->column_count; c++) {
		json_key(json, table->columns[c].name);
		put_value(json, table->columns[c].type, table_cell(table, row, c));
	}
	json_object_end(json);
}

static void
put_total(struct json *json, const struct table *table)
{
	json_key(json, "total");
	json_object_begin(json);
	for (unsigned c = 0; c < table->column_count; c++)
		if (table->total[c].known) {
			json_key(json, table->columns[c].name);
			put_value(json, table->columns[c].type, &table->total[c]);
		}
	json_object_end(json);
}

static void
put_section(struct json *json, const struct report *report, const struct chosen *chosen)
{
	const struct table *table = chosen->table;
	struct rows rows = report_rows(report, chosen->section, table);

	json_key(json, chosen->section->name);
	json_object_begin(json);
	put_columns(json, table);
	json_key(json, "rows");
	json_array_begin(json);
	for (size_t i = rows.from; i < rows.to; i++)
		put_row(json, table, i);
	json_array_end(json);
	json_key(json, "groups");
	json_int(json, (int64_t)table->groups);
	put_total(json, table);
	if (!table->exact) {
		json_key(json, "exact");
		json_bool(json, false);
		json_key(json, "note");
		json_str(json, str_of(table->note ? table->note : ""));
	}
	json_object_end(json);
}

static void
put_input(struct json *json, const struct report_lines *input)
{
	const struct {
		const char *name;
		uint64_t n;
	} counts[] = {{"lines", input->lines}, {"events", input->events},
	    {"ignored", input->ignored}, {"unknown", input->unknown},
	    {"malformed", input->malformed}, {"foreign", input->foreign}};

	json_object_begin(json);
	json_key(json, "source");
	json_str(json, input->name);
	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		json_key(json, counts[i].name);
		json_int(json, (int64_t)counts[i].n);
	}
	json_key(json, "error");
	if (input->error)
		json_str(json, str_of(input->error));
	else
		json_null(json);
	json_object_end(json);
}

static void
put_period(struct json *json, const struct report_data *data)
{
	bool none = data->first > data->last;

	json_key(json, "period");
	json_object_begin(json);
	json_key(json, "first");
	if (none)
		json_null(json);
	else
		put_stamp(json, data->first);
	json_key(json, "last");
	if (none)
		json_null(json);
	else
		put_stamp(json, data->last);
	json_object_end(json);
}

static bool
all_exact(const struct report *report)
{
	for (size_t i = 0; i < report->chosen_count; i++)
		if (!report->chosen[i].table->exact)
			return false;
	return report->data->evicted == 0;
}

static void
put_sections(struct json *json, const struct report *report)
{
	json_key(json, "sections");
	json_object_begin(json);
	for (size_t i = 0; i < report->chosen_count; i++)
		put_section(json, report, &report->chosen[i]);
	json_object_end(json);
}

static void
print_json(const struct report *report, struct buf *out)
{
	struct json json = {.out = out};

	json_object_begin(&json);
	json_key(&json, "format");
	json_int(&json, 1);
	put_period(&json, report->data);
	json_key(&json, "inputs");
	json_array_begin(&json);
	for (size_t i = 0; i < report->data->input_count; i++)
		put_input(&json, &report->data->inputs[i]);
	json_array_end(&json);
	if (report->data->stored) {
		json_key(&json, "store");
		json_str(&json, str_of(report->data->stored));
	}
	json_key(&json, "coverage");
	if (report->data->stored)
		json_null(&json);
	else
		json_real(&json, report->data->coverage);
	json_key(&json, "exact");
	json_bool(&json, all_exact(report));
	if (report->data->places_asked) {
		json_key(&json, "places");
		report_json_places(&json, report->data->places, report->data->place_count,
		    report->data->now);
	}
	put_sections(&json, report);
	json_object_end(&json);
	buf_char(out, '\n');
}

static void
print_given(const struct report *report, struct buf *out)
{
	struct json json = {.out = out};

	json_object_begin(&json);
	json_key(&json, "format");
	json_int(&json, 1);
	put_sections(&json, report);
	json_object_end(&json);
	buf_char(out, '\n');
}

const struct report_format format_json = {
	.name = "json",
	.all_rows = true,
	.print = print_json,
	.print_given = print_given,
};
