/* SPDX-License-Identifier: Apache-2.0
 *
 * sqlite-schema: the tables, and how an older file gets them. `meta` has the version. A
 * field that EVENT_FIELDS has gained is a column that is added, and needs no version of
 * its own: who does not know a column does not ask for it.
 */
#include "store/sqlite.h"

#define SCHEMA_VERSION 3

/*
 * Space that was freed goes back to the file system in steps, see forgetting. Said of a new
 * file alone: it is written down each time, which waits for who else writes.
 */
static const char settings_of_new[] = "PRAGMA auto_vacuum = INCREMENTAL;";

/*
 * Without an fsync at each commit the last transactions can be lost with the power, whole
 * ones, and the positions with them: then their lines are read again.
 */
static const char settings_of_writer[] =
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = NORMAL;"
    "PRAGMA wal_autocheckpoint = 1000;"
    "PRAGMA journal_size_limit = 16777216;"
    "PRAGMA cache_size = -4096;";

/*
 * Steps[N] makes version N + 1 of version N; 0 is an empty file too. An event's place is
 * its arrival: a log's order is more than its times, of which many lines have the same.
 */
static const char *const steps[SCHEMA_VERSION] = {
    "CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value ANY) STRICT;"
    "CREATE TABLE IF NOT EXISTS events (arrival INTEGER PRIMARY KEY, id INTEGER NOT NULL,"
    " time INTEGER NOT NULL, kind TEXT NOT NULL) STRICT;"
    "CREATE UNIQUE INDEX IF NOT EXISTS events_time ON events (time, id);"
    "CREATE INDEX IF NOT EXISTS events_kind ON events (kind, time);"
    "CREATE TABLE IF NOT EXISTS bans (id INTEGER PRIMARY KEY, rule TEXT NOT NULL,"
    " key TEXT NOT NULL, family INTEGER NOT NULL, prefix BLOB, prefix_last BLOB,"
    " bits INTEGER NOT NULL, \"from\" INTEGER NOT NULL, until INTEGER, lifted INTEGER,"
    " reason TEXT NOT NULL, counted INTEGER NOT NULL, threshold INTEGER NOT NULL,"
    " since INTEGER NOT NULL, offence INTEGER NOT NULL, protected INTEGER NOT NULL,"
    " dry_run INTEGER NOT NULL, evidence TEXT NOT NULL, country TEXT NOT NULL,"
    " asn INTEGER NOT NULL) STRICT;"
    "CREATE INDEX IF NOT EXISTS bans_from ON bans (\"from\");"
    "CREATE INDEX IF NOT EXISTS bans_prefix ON bans (prefix);"
    "CREATE TABLE IF NOT EXISTS positions (number INTEGER PRIMARY KEY, name TEXT NOT NULL,"
    " head_hash INTEGER NOT NULL, head_len INTEGER NOT NULL, offset INTEGER NOT NULL,"
    " replay_from INTEGER NOT NULL, device INTEGER NOT NULL, inode INTEGER NOT NULL,"
    " mtime INTEGER NOT NULL, cursor TEXT NOT NULL) STRICT;",
    "ALTER TABLE bans ADD COLUMN commands TEXT;",
    "ALTER TABLE positions ADD COLUMN path TEXT NOT NULL DEFAULT '';",
};

/* What needs all columns of events. */
static const char on_columns[] =
    "CREATE INDEX IF NOT EXISTS events_ip ON events (ip, time) WHERE ip IS NOT NULL;"
    "CREATE INDEX IF NOT EXISTS events_judged ON events (judged) WHERE judged IS NOT NULL;";

static const char *const types[] = {
    [TYPE_TEXT] = "TEXT",
    [TYPE_IP] = "ANY", /* an address is a BLOB of 16 bytes, what is none a TEXT */
    [TYPE_ENUM] = "TEXT",
    [TYPE_BOOL] = "INTEGER",
    [TYPE_INT] = "INTEGER",
    [TYPE_SIZE] = "INTEGER",
    [TYPE_DURATION] = "INTEGER",
    [TYPE_MILLI] = "INTEGER",
    [TYPE_TIME] = "INTEGER",
    [TYPE_ID] = "INTEGER",
};

int
sqlite_number(struct sqlite *sqlite, const char *query, int64_t absent, int64_t *ret,
    struct err *err)
{
	sqlite3_stmt *statement;
	int code;

	if (sqlite_prepare(sqlite, str_of(query), &statement, err) < 0)
		return -1;
	code = sqlite3_step(statement);
	*ret = code == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : absent;
	if (code != SQLITE_ROW && code != SQLITE_DONE)
		sqlite_failed(sqlite, err);
	sqlite3_finalize(statement);
	return code == SQLITE_ROW || code == SQLITE_DONE ? 0 : -1;
}

/* -1 for a file without tables. */
static int
read_version(struct sqlite *sqlite, int64_t *ret, struct err *err)
{
	int64_t tables, metas;

	if (sqlite_number(sqlite, "SELECT count(*) FROM sqlite_schema", 0, &tables, err) < 0 ||
	    sqlite_number(sqlite, "SELECT count(*) FROM sqlite_schema WHERE name = 'meta'", 0,
		&metas, err) < 0)
		return -1;
	*ret = -1;
	if (tables == 0)
		return 0;
	if (metas == 0)
		return err_set(err, "is a database of another program");
	if (sqlite_number(sqlite, "SELECT value FROM meta WHERE key = 'schema'", -1, ret,
		err) < 0)
		return -1;
	if (*ret < 0)
		return err_set(err, "is a database of another program");
	if (*ret > SCHEMA_VERSION)
		return err_set(err, "was written by a newer postern: its schema is version "
		    "%lld, this one knows %d", (long long)*ret, SCHEMA_VERSION);
	return 0;
}

/* The fields that are columns already. */
static int
read_columns(struct sqlite *sqlite, uint64_t ret[2], struct err *err)
{
	sqlite3_stmt *statement;
	int code;

	ret[0] = ret[1] = 0;
	if (sqlite_prepare(sqlite, STR("SELECT name FROM pragma_table_info('events')"),
		&statement, err) < 0)
		return -1;
	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		enum field field = event_field_named(sqlite_column(statement, 0));

		if (field != FIELDS)
			ret[field / 64] |= UINT64_C(1) << (field % 64);
	}
	if (code != SQLITE_DONE)
		sqlite_failed(sqlite, err);
	sqlite3_finalize(statement);
	return code == SQLITE_DONE ? 0 : -1;
}

static bool
has_all_columns(const uint64_t columns[2])
{
	for (unsigned field = 0; field < FIELDS; field++)
		if (!(columns[field / 64] >> (field % 64) & 1))
			return false;
	return true;
}

static int
add_columns(struct sqlite *sqlite, struct err *err)
{
	struct buf text = BUF_INIT(65536);
	uint64_t columns[2];
	int result;

	if (read_columns(sqlite, columns, err) < 0)
		return -1;
	for (unsigned field = 0; field < FIELDS; field++) {
		if (columns[field / 64] >> (field % 64) & 1)
			continue;
		buf_printf(&text, "ALTER TABLE events ADD COLUMN ");
		sqlite_put_name(&text, (enum field)field);
		buf_printf(&text, " %s;", types[event_fields[field].type]);
	}
	buf_add(&text, on_columns, sizeof(on_columns));
	result = sqlite_exec(sqlite, text.p, err);
	buf_done(&text);
	return result;
}

/* In one transaction: half a schema is never seen. */
static int
migrate(struct sqlite *sqlite, struct err *err)
{
	char *version = xasprintf("INSERT OR REPLACE INTO meta (key, value)"
				  " VALUES ('schema', %d)", SCHEMA_VERSION);
	int64_t from = -1;
	int result = read_version(sqlite, &from, err);

	for (int64_t step = from < 0 ? 0 : from; result == 0 && step < SCHEMA_VERSION; step++)
		result = sqlite_exec(sqlite, steps[step], err);
	if (result == 0)
		result = add_columns(sqlite, err);
	if (result == 0)
		result = sqlite_exec(sqlite, version, err);
	free(version);
	return result;
}

int
sqlite_schema(struct sqlite *sqlite, bool read_only, struct err *err)
{
	uint64_t columns[2];
	struct err ignored;
	int64_t version;

	if (read_version(sqlite, &version, err) < 0 ||
	    (!read_only && version < 0 && sqlite_exec(sqlite, settings_of_new, err) < 0) ||
	    (!read_only && (sqlite_exec(sqlite, settings_of_writer, err) < 0 ||
		sqlite_space_open(sqlite, err) < 0)) ||
	    read_columns(sqlite, columns, err) < 0)
		return -1;
	if (version == SCHEMA_VERSION && has_all_columns(columns))
		return 0;
	if (read_only && version < 0)
		return err_set(err, "is empty: nothing was stored yet");
	if (read_only)
		return err_set(err,
		    "was written by an older postern: start the guard anew, as "
		    "in systemctl restart postern, which brings it up to date");
	if (sqlite_exec(sqlite, "BEGIN IMMEDIATE", err) < 0)
		return -1;
	if (migrate(sqlite, err) == 0 && sqlite_space_take(sqlite, err) == 0 &&
	    sqlite_exec(sqlite, "COMMIT", err) == 0)
		return 0;
	if (!sqlite3_get_autocommit(sqlite->db))
		sqlite_exec(sqlite, "ROLLBACK", &ignored);
	return -1;
}
