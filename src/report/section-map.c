/* SPDX-License-Identifier: Apache-2.0
 *
 * Sections of clients and where they are: all of them, and those that failed
 * postscreen's tests. The format html draws them on a map.
 */
#include <stdlib.h>

#include "report/map.h"
#include "report/screen.h"

/* M(column, label, filter): connections come first. */
#define MAP_MEASURES(M)                                                                     \
	M("connections", "connections", CONNECTED)                                          \
	M("pregreet", "talked too soon", "kind = ps_pregreet")                              \
	M("dnsbl", "on DNS lists", "kind = ps_dnsbl")                                       \
	M("denied", "on the deny list", "kind = ps_list & action = deny")                   \
	M("violations", "protocol errors and limits",                                       \
	    "kind = ps_violation | kind = ps_limit")                                        \
	M("hangups", "hung up", "kind = ps_hangup")                                         \
	M("passed", "passed postscreen", "kind = ps_pass")                                  \
	M("rejected", "rejected", REJECTED)                                                 \
	M("auth_failures", "failed logins", LOGIN_FAILED)                                   \
	M("auth_refused", "refused logins", LOGIN_REFUSED)                                  \
	M("logins", "logins", LOGIN_SUCCEEDED) M("messages", "messages", RECEIVED)

static const char *const labels[] = {
#define M(column, label, filter) label,
	MAP_MEASURES(M)
#undef M
};

#define MAP_TEXTS                                                                           \
	FIRST("first", NULL), LAST("last", NULL), LATEST("name", name, NAMED),              \
	LATEST("helo", helo, NULL)

static const struct query map_clients = {
	.name = "map",
	.where = PLACE_KINDS " | kind = ps_pregreet | kind = ps_dnsbl | kind = ps_list | "
		 "kind = ps_violation | kind = ps_limit | kind = ps_hangup | kind = ps_pass",
	.keys = {KEY(ip)},
#define M(column, label, filter) COUNT(column, filter),
	.measures = {MAP_MEASURES(M) MAP_TEXTS},
#undef M
	.skip_absent = true,
	.limit = MAP_CLIENTS,
};

/* Those with most failures, from which the most connected are taken. */
#define FAILED_CLIENTS (4 * MAP_CLIENTS)

static const struct query map_failed = {
	.name = "postscreen_map",
	.where = SCREEN_KINDS,
	.keys = {KEY(ip)},
	.measures = {SCREEN_COUNTS, MAP_TEXTS},
	.order = SCREEN_FAILED,
	.at_least = 1,
	.skip_absent = true,
	.limit = FAILED_CLIENTS,
};

/* An empty table for the COUNTS counts that FROM has behind the address. */
static struct table *
empty_map(const struct table *from, unsigned counts)
{
	static const struct column columns[] = {
#define C(id, text, kind) [MAP_##id] = {.name = text, .type = COLUMN_##kind},
		MAP_COLUMNS(C)
#undef C
	};
	struct table *table = table_new(from->name, MAP_COUNTS + counts);

	memcpy(table->columns, columns, sizeof(columns));
	memcpy(table->columns + MAP_COUNTS, from->columns + 1,
	    counts * sizeof(*table->columns));
	return table;
}

static void
set_known_text(struct table *table, struct cell *cell, struct str text)
{
	if (text.len)
		set_text(table, cell, text);
}

static void
set_place(const struct report *report, struct table *table, struct cell *cells)
{
	struct place place;
	struct ip ip;

	if (report->data->geo == NULL || !ip_parse(cells[MAP_IP].text, &ip))
		return;
	geo_find(report->data->geo, &ip, &place);
	set_text(table, &cells[MAP_COUNTRY], str_of(place_word(&place)));
	set_known_text(table, &cells[MAP_CITY], place.city);
	set_known_text(table, &cells[MAP_ASO], place.aso);
	if (place.asn)
		set_count(&cells[MAP_ASN], place.asn);
	if (!place.has_position)
		return;
	set_real(&cells[MAP_LATITUDE], place.latitude);
	set_real(&cells[MAP_LONGITUDE], place.longitude);
	set_count(&cells[MAP_ROUGH], place.position_of_country);
}

/* A row for the client of ROW in FROM, with what is known of its place. */
static void
add_client(const struct report *report, struct table *table, const struct table *from,
    size_t row)
{
	static const enum map_column same[] = {MAP_IP, MAP_NAME, MAP_HELO, MAP_FIRST,
	    MAP_LAST};
	struct cell *cells = table_row(table);

	for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++)
		cells[same[i]] = *table_named(from, row, table->columns[same[i]].name);
	for (unsigned c = MAP_COUNTS; c < table->column_count; c++)
		cells[c] = *table_cell(from, row, 1 + c - MAP_COUNTS);
	cells[MAP_IP].text = arena_str(&table->arena, cells[MAP_IP].text);
	set_known_text(table, &cells[MAP_NAME], cells[MAP_NAME].text);
	set_known_text(table, &cells[MAP_HELO], cells[MAP_HELO].text);
	set_place(report, table, cells);
}

static struct table *
make_map(const struct report *report)
{
	const struct table *from = report_answer(report, &map_clients);
	struct table *table = empty_map(from, sizeof(labels) / sizeof(*labels));

	for (size_t row = 0; row < from->row_count; row++)
		add_client(report, table, from, row);
	made_of(table, from);
	table->groups = from->groups;
	return table;
}

static int
compare_clients(const void *first, const void *second)
{
	const struct cell *a = first, *b = second;

	if (a[MAP_COUNTS].n != b[MAP_COUNTS].n)
		return a[MAP_COUNTS].n > b[MAP_COUNTS].n ? -1 : 1;
	return str_compare(a[MAP_IP].text, b[MAP_IP].text);
}

static struct table *
make_failed(const struct report *report)
{
	const struct table *from = report_answer(report, &map_failed);
	struct table *table = empty_map(from, SCREEN_FAILED);
	size_t left_out = 0;

	for (size_t row = 0; row < from->row_count; row++)
		if (screen_number(from, row, SCREEN_connect) >= report->map_least &&
		    screen_takes(report, from, row))
			add_client(report, table, from, row);
		else
			left_out++;
	if (table->row_count)
		qsort(table->cells, table->row_count,
		    table->column_count * sizeof(*table->cells), compare_clients);
	made_of(table, from);
	table->groups = from->groups - left_out;
	if (report->format->maps && table->row_count > MAP_CLIENTS)
		table->row_count = MAP_CLIENTS;
	return table;
}

const char *
map_label(const struct section *section, unsigned count)
{
	if (section == &section_map)
		return labels[count];
	if (count < SCREEN_ACTION_COUNT)
		return screen_modern_label((enum screen_action)count);
	return "sum of DNSBL ranks";
}

const struct section section_map = {
	.name = "map",
	.title = "WHERE CLIENTS ARE",
	.help = "clients on a map of the world, as a page of HTML",
	.of = "clients",
	.note = "connects = with smtpd, or ended by postscreen; failed = logins",
	.empty = "No client is known.",
	.queries = {&map_clients},
	.make = make_map,
	.rows = TOP_ROWS,
	.map = true,
	.views = {{.columns = {{.name = "ip", .title = "address"}, {.name = "name"},
	    {.name = "country"}, {.name = "city", .spare = true},
	    {.name = "connections", .title = "connects", .bar = true}, {.name = "rejected"},
	    {.name = "auth_failures", .title = "failed"}, {.name = "messages"}}}},
};

const struct section section_postscreen_map = {
	.name = "postscreen_map",
	.title = "WHERE CLIENTS ARE THAT FAILED TESTS",
	.of = "clients",
	.empty = "No client failed a test of postscreen.",
	.queries = {&map_failed},
	.chosen_clients = true,
	.make = make_failed,
	.rows = TOP_ROWS,
	.map = true,
	.views = {{.columns = {{.name = "ip", .title = "address"}, {.name = "name"},
	    {.name = "country"}, {.name = "city", .spare = true},
	    {.name = "connect", .title = "connects", .bar = true}, {.name = "pregreet"},
	    {.name = "dnsbl"}, {.name = "hangup"}}}},
};
