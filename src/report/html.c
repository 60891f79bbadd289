/* SPDX-License-Identifier: Apache-2.0
 *
 * html: a section with places as a page that draws a map and a table, and asks nobody
 * for anything. The page is web/'s; here the data are put into it, as JSON in a
 * script element that is no script:
 *
 *   {"title":"...","period":"...","notes":[...],"footer":[...],
 *    "counts":[{"one":"connection","many":"connections"},...],
 *    "countries":{"DE":"Germany",...},
 *    "clients":[{"ip":...,"lat":...,"lon":...,"n":[12,0,...],...},...]}
 */
#include <limits.h>

#include "base/civil.h"
#include "base/escape.h"
#include "base/json.h"
#include "report/map.h"

/* Texts of logs are cut to that many bytes: 5000 clients must fit on a page. */
#define LONGEST 100

/* TEXT for people: nothing in it steers, hides or reorders. */
static void
put_shown(struct json *json, struct str text)
{
	struct buf shown = BUF_INIT(BUF_UNLIMITED);

	escape_terminal(&shown, str_head(text, LONGEST));
	if (text.len > LONGEST)
		buf_str(&shown, STR("..."));
	json_str(json, buf_view(&shown));
	buf_done(&shown);
}

static void
put_text(struct json *json, const char *key, const struct cell *cell)
{
	if (!cell->known)
		return;
	json_key(json, key);
	put_shown(json, cell->text);
}

/* "2026-01-01 12:00:59", in the zone set. */
static void
put_stamp(struct json *json, const char *key, const struct cell *cell)
{
	char text[RFC3339_MAX];

	if (!cell->known)
		return;
	civil_rfc3339(cell->n + zone_offset(cell->n) * USEC_PER_SEC, text);
	text[10] = ' ';
	json_key(json, key);
	json_str(json, (struct str){text, 19});
}

/* To the hundredth: a kilometre, which is more than anybody knows. */
static void
put_degrees(struct json *json, const char *key, const struct cell *cell)
{
	json_key(json, key);
	if (cell->known)
		json_decimal(json,
		    (int64_t)(cell->real * 100 + (cell->real < 0 ? -.5 : .5)), 2);
	else
		json_null(json);
}

static void
put_network(struct json *json, const struct cell *asn, const struct cell *aso)
{
	struct buf text = BUF_INIT(1024);

	if (asn->known)
		buf_printf(&text, "AS%lld ", (long long)asn->n);
	if (aso->known)
		buf_str(&text, str_head(aso->text, LONGEST - text.len));
	if (text.len) {
		json_key(json, "as");
		put_shown(json, str_trim(buf_view(&text)));
	}
	buf_done(&text);
}

static void
put_client(struct json *json, const struct table *table, size_t row)
{
	const struct cell *cells = table_cell(table, row, 0);

	json_object_begin(json);
	put_text(json, "ip", &cells[MAP_IP]);
	put_text(json, "name", &cells[MAP_NAME]);
	put_text(json, "helo", &cells[MAP_HELO]);
	put_text(json, "cc", &cells[MAP_COUNTRY]);
	put_text(json, "city", &cells[MAP_CITY]);
	put_network(json, &cells[MAP_ASN], &cells[MAP_ASO]);
	put_degrees(json, "lat", &cells[MAP_LATITUDE]);
	put_degrees(json, "lon", &cells[MAP_LONGITUDE]);
	if (cells[MAP_ROUGH].known && cells[MAP_ROUGH].n) {
		json_key(json, "rough");
		json_bool(json, true);
	}
	put_stamp(json, "first", &cells[MAP_FIRST]);
	put_stamp(json, "last", &cells[MAP_LAST]);
	json_key(json, "n");
	json_array_begin(json);
	for (unsigned c = MAP_COUNTS; c < table->column_count; c++)
		json_int(json, cells[c].known ? cells[c].n : 0);
	json_array_end(json);
	json_object_end(json);
}

static void
put_countries(struct json *json, const struct table *table, size_t rows)
{
	struct buf seen = BUF_INIT(BUF_UNLIMITED);

	json_key(json, "countries");
	json_object_begin(json);
	for (size_t row = 0; row < rows; row++) {
		const struct cell *cell = table_cell(table, row, MAP_COUNTRY);
		char code[] = " ??";

		if (!cell->known || cell->text.len != 2)
			continue;
		memcpy(code + 1, cell->text.p, 2);
		if (country_name(code + 1) == NULL ||
		    str_find(buf_view(&seen), str_of(code)) < seen.len)
			continue;
		buf_str(&seen, str_of(code));
		json_key(json, code + 1);
		json_str(json, str_of(country_name(code + 1)));
	}
	json_object_end(json);
	buf_done(&seen);
}

static void
put_counts(struct json *json, const struct section *section, const struct table *table)
{
	json_key(json, "counts");
	json_array_begin(json);
	for (unsigned c = MAP_COUNTS; c < table->column_count; c++) {
		bool first = c == MAP_COUNTS;
		const char *label = first ? "connections" : map_label(section, c - MAP_COUNTS);

		json_object_begin(json);
		json_key(json, "one");
		json_str(json, first ? STR("connection") : str_of(label));
		json_key(json, "many");
		json_str(json, str_of(label));
		json_object_end(json);
	}
	json_array_end(json);
}

/* Each line of TEXT as one of an array KEY; empties TEXT. */
static void
put_lines(struct json *json, const char *key, struct buf *text)
{
	struct str rest = buf_view(text);

	json_key(json, key);
	json_array_begin(json);
	while (rest.len)
		json_str(json, str_cut(&rest, '\n'));
	json_array_end(json);
	buf_clear(text);
}

static void
put_notes(const struct report *report, const struct table *table, size_t rows,
    struct buf *out)
{
	const struct report_data *data = report->data;

	if (table->groups > rows) {
		buf_str(out, STR("Of "));
		report_put_count(out, table->groups);
		buf_str(out, STR(" clients these are the "));
		report_put_count(out, rows);
		buf_str(out, STR(" with most connections.\n"));
	}
	if (report->map_least > 1) {
		buf_str(out, STR("Clients with fewer than "));
		report_put_count(out, (uint64_t)report->map_least);
		buf_str(out, STR(" connections are left out.\n"));
	}
	if (data->ranged)
		buf_str(out, STR("Only a part of the log was asked for.\n"));
	if (!table->exact && table->note)
		buf_printf(out, "%s\n", table->note);
	if (data->place_count == 0)
		buf_str(out,
		    STR("No database of places was there, so no client is on the map; "
			"postern geo update fetches one.\n"));
	for (size_t i = 0; i < data->input_count; i++)
		if (data->inputs[i].error) {
			escape_terminal(out, data->inputs[i].name);
			buf_str(out, STR(": "));
			escape_terminal(out, str_of(data->inputs[i].error));
			buf_char(out, '\n');
		}
}

static void
put_head(struct json *json, const struct report *report, const struct section *section,
    const struct table *table, size_t rows)
{
	const struct report_data *data = report->data;
	struct buf text = BUF_INIT(BUF_UNLIMITED);

	buf_str(&text, section == &section_map ? STR("Where clients are") :
	    STR("Where clients are that failed postscreen's tests"));
	if (data->host_count)
		buf_str(&text, STR(": "));
	put_hosts(report, &text);
	json_key(json, "title");
	json_str(json, buf_view(&text));
	buf_clear(&text);
	if (data->first <= data->last)
		put_time_span(data, &text);
	else
		buf_str(&text, STR("Nothing happened"));
	json_key(json, "period");
	json_str(json, buf_view(&text));
	buf_clear(&text);
	put_notes(report, table, rows, &text);
	put_lines(json, "notes", &text);
	report_put_places(&text, data->places, data->place_count, data->now, UINT_MAX);
	buf_str(&text, STR("Made by postern " POSTERN_VERSION
		". Shapes of countries: Natural Earth.\n"));
	put_lines(json, "footer", &text);
	buf_done(&text);
}

/* JSON as the text of a script element, which it must not end. */
static void
put_inert(struct buf *out, struct str json)
{
	for (size_t i = 0; i < json.len; i++) {
		char c = json.p[i];

		if (c == '<' || c == '>' || c == '&')
			buf_printf(out, "\\u%04x", (unsigned)c);
		else
			buf_char(out, c);
	}
}

static void
print_html(const struct report *report, struct buf *out)
{
	const struct section *section = report->chosen[0].section;
	const struct table *table = report->chosen[0].table;
	size_t rows = report_rows(report, section, table).to;
	struct buf text = BUF_INIT(BUF_UNLIMITED);
	struct json json = {.out = &text};
	struct str page = map_page();
	size_t place = str_find(page, STR(MAP_DATA));

	json_object_begin(&json);
	put_head(&json, report, section, table, rows);
	put_counts(&json, section, table);
	put_countries(&json, table, rows);
	json_key(&json, "clients");
	json_array_begin(&json);
	for (size_t row = 0; row < rows; row++)
		put_client(&json, table, row);
	json_array_end(&json);
	json_object_end(&json);
	buf_str(out, str_head(page, place));
	put_inert(out, buf_view(&text));
	buf_str(out, str_from(page, place + strlen(MAP_DATA)));
	buf_done(&text);
}

const struct report_format format_html = {
	.name = "html",
	.all_rows = true,
	.single = true,
	.maps = true,
	.print = print_html,
};
