/* SPDX-License-Identifier: Apache-2.0
 *
 * sqlite-events: events read and forgotten; sqlite-insert.c writes them. A field is a
 * column: numbers are INTEGER, closed sets TEXT (their names: the numbers may change),
 * addresses a BLOB of 16 bytes that sorts as addresses do, texts TEXT that compare as bytes.
 */
#include "store/sqlite.h"

void
sqlite_put_name(struct buf *out, enum field field)
{
	buf_printf(out, "\"%s\"", event_fields[field].name);
}

/* The number of the first parameter of what is required. */
#define FIRST_REQUIRED 3

/* Is FIELD to be a column of what SCAN gives? Of reduced events neither id nor time is one. */
static bool
wants(const struct scan *scan, enum field field)
{
	if (field == FIELD_kind)
		return true;
	if (field == FIELD_id || field == FIELD_time || field == FIELD_count)
		return !scan->reduce;
	return scan->fields[field / 64] >> (field % 64) & 1;
}

/* So many kinds are looked up by kind; more are likely to be most of what there is. */
#define KINDS_LOOKED_UP 8

/*
 * " AND kind IN (...)". The plus keeps the index of kinds from being used for more than MOST:
 * it has a wanted order for one kind only, and all that was found for more would have to be
 * sorted.
 */
static void
put_kinds(struct buf *out, const struct scan *scan, int most)
{
	uint64_t all = UINT64_MAX >> (64 - KINDS), kinds = scan->kinds & all;
	const char *before = "";

	if (kinds == all)
		return;
	buf_printf(out, " AND %skind IN (", __builtin_popcountll(kinds) > most ? "+" : "");
	for (; kinds; kinds &= kinds - 1, before = ", ")
		buf_printf(out, "%s'%s'", before, event_enum_name(FIELD_kind,
		    (unsigned)__builtin_ctzll(kinds)));
	buf_printf(out, ")");
}

/* Conditions by what is required; their values are parameters from 3 on. */
static void
put_required(struct buf *out, const struct scan *scan)
{
	int number = FIRST_REQUIRED;

	for (size_t i = 0; i < scan->required_count; i++, number += 2) {
		buf_printf(out, " AND ");
		sqlite_put_name(out, scan->required[i].field);
		if (event_fields[scan->required[i].field].type == TYPE_IP &&
		    !scan->required[i].text.p)
			buf_printf(out, " BETWEEN ?%d AND ?%d", number, number + 1);
		else
			buf_printf(out, " = ?%d", number);
	}
}

static void
bind_required(sqlite3_stmt *statement, const struct scan *scan)
{
	uint8_t first[16], last[16];
	int number = FIRST_REQUIRED;

	for (size_t i = 0; i < scan->required_count; i++, number += 2) {
		const struct filter_required *required = &scan->required[i];

		if (event_fields[required->field].type != TYPE_IP) {
			sqlite_bind_str(statement, number, required->text);
			continue;
		}
		cidr_to_keys(&required->net, first, last);
		sqlite3_bind_blob(statement, number, first, 16, SQLITE_TRANSIENT);
		if (!required->text.p)
			sqlite3_bind_blob(statement, number + 1, last, 16, SQLITE_TRANSIENT);
	}
}

/* TIME: the column that it is about. */
static void
put_conditions(struct buf *out, const struct scan *scan, const char *time, int most_kinds)
{
	buf_printf(out, " FROM events WHERE %s >= ?1 AND %s %s ?2", time, time,
	    scan->until == INT64_MAX ? "<=" : "<");
	put_kinds(out, scan, most_kinds);
	put_required(out, scan);
	if (scan->about)
		sqlite_about_text(out, scan->about);
}

/* The columns of SCAN, each before a comma but the first. */
static unsigned
put_columns(struct buf *out, const struct scan *scan, uint8_t columns[FIELDS])
{
	unsigned count = 0;

	for (unsigned field = 0; field < FIELDS; field++) {
		if (!wants(scan, (enum field)field))
			continue;
		buf_printf(out, count ? ", " : "");
		sqlite_put_name(out, (enum field)field);
		columns[count++] = (uint8_t)field;
	}
	return count;
}

/* Behind the columns: the first and last time, and the weight as row_end() has it. */
static void
put_reduced(struct buf *out, const struct scan *scan, uint8_t columns[FIELDS])
{
	buf_printf(out, ", min(time), max(time),"
	    " sum(min(max(coalesce(count, 1), 0), 4294967295))");
	put_conditions(out, scan, "time", scan->any_order ? KINDS_LOOKED_UP : 1);
	buf_printf(out, " GROUP BY ");
	put_columns(out, scan, columns);
	if (scan->by_quarter)
		buf_printf(out, ", time / %lld - (time %% %lld < 0)", (long long)QUARTER,
		    (long long)QUARTER);
}

/* Two that are in order, each by an index of its own, are put together as they are read. */
static void
put_judged(struct buf *out, const struct scan *scan, uint8_t columns[FIELDS], unsigned count)
{
	buf_printf(out, ", time, arrival");
	put_conditions(out, scan, "time", 1);
	buf_printf(out, " AND judged IS NULL UNION ALL SELECT ");
	put_columns(out, scan, columns);
	buf_printf(out, ", judged, arrival");
	put_conditions(out, scan, "judged", 0);
	buf_printf(out, " AND judged IS NOT NULL ORDER BY %u, %u", count + 1, count + 2);
}

void
sqlite_scan_text(const struct scan *scan, struct buf *out, uint8_t columns[FIELDS],
    unsigned *ret_columns)
{
	buf_printf(out, "SELECT ");
	*ret_columns = put_columns(out, scan, columns);
	if (scan->reduce) {
		put_reduced(out, scan, columns);
		return;
	}
	if (scan->as_judged) {
		put_judged(out, scan, columns, *ret_columns);
		return;
	}
	put_conditions(out, scan, "time", scan->any_order ? KINDS_LOOKED_UP : 1);
	if (!scan->any_order)
		buf_printf(out, " ORDER BY time, arrival");
}

/* A name of a later version than ours is taken for none. */
static void
read_enum(struct row *row, enum field field, struct str name)
{
	int value = event_enum_value(field, name);

	row_number(row, field, value < 0 ? 0 : value);
}

static void
read_column(struct row *row, enum field field, sqlite3_stmt *statement, int column)
{
	int type = sqlite3_column_type(statement, column);
	struct ip ip;

	if (type == SQLITE_NULL)
		return;
	if (event_fields[field].type == TYPE_ENUM) {
		read_enum(row, field, sqlite_column(statement, column));
	} else if (event_fields[field].type == TYPE_IP && type == SQLITE_BLOB &&
	    sqlite3_column_bytes(statement, column) == 16) {
		ip_of_key(sqlite3_column_blob(statement, column), &ip);
		row_address(row, field, &ip);
	} else if (event_fields[field].domain != DOMAIN_NONE) {
		row_text(row, field, sqlite_column(statement, column));
	} else {
		row_number(row, field, sqlite3_column_int64(statement, column));
	}
}

static void
read_row(struct row *row, const struct scan *scan, sqlite3_stmt *statement,
    const uint8_t columns[FIELDS], unsigned count)
{
	row_begin(row);
	for (unsigned c = 0; c < count; c++)
		read_column(row, (enum field)columns[c], statement, (int)c);
	if (scan->reduce)
		row_number(row, FIELD_time, sqlite3_column_int64(statement, (int)count));
	row_end(row);
	if (scan->reduce) {
		row->last = sqlite3_column_int64(statement, (int)count + 1);
		row->weight = (uint64_t)sqlite3_column_int64(statement, (int)count + 2);
	}
}

int
sqlite_scan(struct store *store, const struct scan *scan, scan_each *each, void *context,
    struct err *err)
{
	struct sqlite *sqlite = sqlite_of(store);
	struct buf text = BUF_INIT(65536);
	struct row *row = &sqlite->row;
	uint8_t columns[FIELDS];
	sqlite3_stmt *statement;
	unsigned count;
	int code, result;

	sqlite_scan_text(scan, &text, columns, &count);
	result = scan->about ? sqlite_about_begin(sqlite, scan->about, err) : 0;
	if (result == 0)
		result = sqlite_prepare(sqlite, buf_view(&text), &statement, err);
	buf_done(&text);
	if (result < 0)
		return -1;
	sqlite3_bind_int64(statement, 1, scan->since);
	sqlite3_bind_int64(statement, 2, scan->until);
	bind_required(statement, scan);
	if (scan->about)
		sqlite_about_bind(statement, scan->about);
	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		read_row(row, scan, statement, columns, count);
		if (row->event.kind != KIND_none && !each(context, row))
			break;
	}
	if (code != SQLITE_DONE && code != SQLITE_ROW)
		result = sqlite_failed(sqlite, err);
	sqlite3_finalize(statement);
	return result;
}

int
sqlite_period(struct store *store, int64_t *ret_first, int64_t *ret_last, struct err *err)
{
	struct sqlite *sqlite = sqlite_of(store);
	sqlite3_stmt *statement = sqlite_statement(sqlite, ST_period, err);
	bool any;

	if (!statement)
		return -1;
	if (sqlite3_step(statement) != SQLITE_ROW) {
		sqlite_failed(sqlite, err);
		sqlite3_reset(statement);
		return -1;
	}
	any = sqlite3_column_type(statement, 0) != SQLITE_NULL;
	*ret_first = any ? sqlite3_column_int64(statement, 0) : INT64_MAX;
	*ret_last = any ? sqlite3_column_int64(statement, 1) : INT64_MIN;
	sqlite3_reset(statement);
	return 0;
}

int
sqlite_last_judged(struct store *store, int64_t *ret, struct err *err)
{
	return sqlite_number(sqlite_of(store), "SELECT max(time) FROM ("
	    "SELECT * FROM (SELECT time FROM events WHERE judged IS NULL"
	    " ORDER BY time DESC LIMIT 1)"
	    " UNION ALL "
	    "SELECT max(judged) FROM events WHERE judged IS NOT NULL)"
	    " HAVING max(time) IS NOT NULL",
	    INT64_MIN, ret, err);
}

/* Comings and goings may leave a quarter of the file unused; more is given back. */
int
sqlite_give_back(struct sqlite *sqlite, struct err *err)
{
	int64_t pages, free_pages;

	if (sqlite_number(sqlite, "PRAGMA page_count", 0, &pages, err) < 0 ||
	    sqlite_number(sqlite, "PRAGMA freelist_count", 0, &free_pages, err) < 0)
		return -1;
	if (free_pages <= pages / 4)
		return 0;
	return sqlite_exec(sqlite, "PRAGMA incremental_vacuum(1000)", err);
}

int
sqlite_forget_events(struct store *store, enum kind kind, int64_t before,
    uint64_t *ret_count, struct err *err)
{
	struct sqlite *sqlite = sqlite_of(store);
	sqlite3_stmt *statement = sqlite_statement(sqlite,
	    kind == KIND_none ? ST_forget_all : ST_forget_kind, err);

	if (!statement)
		return -1;
	sqlite3_bind_int64(statement, 1, before);
	sqlite3_bind_int64(statement, 2, STORE_FORGET_STEP);
	if (kind != KIND_none)
		sqlite_bind_str(statement, 3, str_of(event_enum_name(FIELD_kind, kind)));
	if (sqlite_run(sqlite, statement, err) < 0)
		return -1;
	*ret_count = (uint64_t)sqlite3_changes64(sqlite->db);
	return sqlite_give_back(sqlite, err);
}
