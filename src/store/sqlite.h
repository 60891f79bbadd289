/* SPDX-License-Identifier: Apache-2.0
 *
 * sqlite: the store in one file, for the files of this room that make it up: sqlite.c
 * opens it and says what went wrong, sqlite-schema.c makes and migrates the tables, the
 * others read and write them. Write-ahead logging, so that readers never wait; what was
 * committed survives the death of the process, not always that of the power supply.
 */
#ifndef STORE_SQLITE_H
#define STORE_SQLITE_H

#include <sqlite3.h>

#include "store/room.h"

/* Statements that are kept: S(name, text). */
#define STATEMENTS(S)                                                                       \
	S(begin, "BEGIN IMMEDIATE")                                                         \
	S(commit, "COMMIT")                                                                 \
	S(rollback, "ROLLBACK")                                                             \
	S(pages, "PRAGMA page_count")                                                       \
	S(period, "SELECT (SELECT min(time) FROM events), (SELECT max(time) FROM events)")  \
	S(forget_all, "DELETE FROM events WHERE arrival IN"                                 \
	    " (SELECT arrival FROM events WHERE time < ?1 LIMIT ?2)")                       \
	S(forget_kind, "DELETE FROM events WHERE arrival IN"                                \
	    " (SELECT arrival FROM events WHERE kind = ?3 AND time < ?1 LIMIT ?2)")         \
	S(ban, "INSERT OR REPLACE INTO bans (id, rule, key, family, prefix, prefix_last,"   \
	    " bits, \"from\", until, lifted, reason, counted, threshold, since, offence,"   \
	    " protected, dry_run, evidence, country, asn, commands) VALUES (?1, ?2, ?3, ?4," \
	    " ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,"   \
	    " ?21)")                                                                        \
	S(forget_bans, "DELETE FROM bans WHERE id IN (SELECT id FROM bans"                  \
	    " WHERE until < ?1 OR lifted < ?1 LIMIT ?2)")                                   \
	S(drop_positions, "DELETE FROM positions")                                          \
	S(position, "INSERT INTO positions (number, name, head_hash, head_len, offset,"     \
	    " replay_from, device, inode, mtime, cursor, path)"                             \
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)")                       \
	S(positions, "SELECT name, head_hash, head_len, offset, replay_from, device, inode,"\
	    " mtime, cursor, path FROM positions ORDER BY number")

enum statement {
#define S(name, text) ST_##name,
	STATEMENTS(S)
#undef S
	STATEMENT_COUNT
};

struct sqlite {
	struct store store;
	sqlite3 *db;
	char *path;
	int64_t busy_usec;
	bool full; /* it failed for want of room */
	int64_t page_bytes;
	sqlite3_stmt *statement[STATEMENT_COUNT];
	struct sqlite_inserts *inserts; /* of events */
	struct row row;
};

static inline struct sqlite *
sqlite_of(struct store *store)
{
	return (struct sqlite *)(void *)store;
}

/* Sets ERR to what the last call met with, in words for the operator; -1. */
int sqlite_failed(struct sqlite *sqlite, struct err *err);

/* The same of writing that met with the system's ERROR; 0: it did not say, want of room. */
int sqlite_failed_writing(struct sqlite *sqlite, int error, struct err *err);

/* Prepares TEXT to be kept. */
int sqlite_prepare(struct sqlite *sqlite, struct str text, sqlite3_stmt **ret,
    struct err *err);

/* The kept statement, ready for its values; NULL on failure. */
sqlite3_stmt *sqlite_statement(struct sqlite *sqlite, enum statement number,
    struct err *err);

/* Runs a statement that gives no rows, and readies it for the next time. */
int sqlite_run(struct sqlite *sqlite, sqlite3_stmt *statement, struct err *err);

/* The same for a text; several statements, without values. */
int sqlite_exec(struct sqlite *sqlite, const char *text, struct err *err);

/* The number that QUERY gives, ABSENT when it gives no row. */
int sqlite_number(struct sqlite *sqlite, const char *query, int64_t absent, int64_t *ret,
    struct err *err);

/* The bytes of a TEXT or BLOB column; they live until the next step. */
struct str sqlite_column(sqlite3_stmt *statement, int column);
void sqlite_bind_str(sqlite3_stmt *statement, int number, struct str text);

/* Makes the tables, or brings them up to date (not read_only: then checks them). */
int sqlite_schema(struct sqlite *sqlite, bool read_only, struct err *err);

/*
 * sqlite-space.c: room on the disk. Readies a file that is opened to be written: what is in
 * its WAL goes to the file.
 */
int sqlite_space_open(struct sqlite *sqlite, struct err *err);

/*
 * Before a commit: takes the room that the file needs for all that will be in the WAL then,
 * so that moving it there never needs any.
 */
int sqlite_space_take(struct sqlite *sqlite, struct err *err);

/* What is in the WAL goes to the file, and its room back to the disk; waits for nobody. */
void sqlite_space_give(struct sqlite *sqlite);

/* "name", in quotes: some fields are named as words of the language. */
void sqlite_put_name(struct buf *out, enum field field);

/* sqlite-insert.c: the statements that write events. */
int sqlite_inserts_new(struct sqlite *sqlite, struct err *err);
void sqlite_inserts_free(struct sqlite *sqlite);

/* What SCAN asks for; COLUMNS are the fields, in the order of the result's. */
void sqlite_scan_text(const struct scan *scan, struct buf *out, uint8_t columns[FIELDS],
    unsigned *ret_columns);

/* " AND (...)" for what may be in an event that is about ABOUT, which asks for something. */
void sqlite_about_text(struct buf *out, const struct store_about *about);
void sqlite_about_bind(sqlite3_stmt *statement, const struct store_about *about);

/* Before a statement with that text is prepared. */
int sqlite_about_begin(struct sqlite *sqlite, const struct store_about *about,
    struct err *err);

/* After forgetting: gives free pages back to the file system, a step of them. */
int sqlite_give_back(struct sqlite *sqlite, struct err *err);

/* The members of store_sort that are in files of their own. */
int sqlite_event(struct store *store, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources, struct err *err);
int sqlite_scan(struct store *store, const struct scan *scan, scan_each *each, void *context,
    struct err *err);
int sqlite_last_judged(struct store *store, int64_t *ret, struct err *err);
int sqlite_period(struct store *store, int64_t *ret_first, int64_t *ret_last,
    struct err *err);
int sqlite_forget_events(struct store *store, enum kind kind, int64_t before,
    uint64_t *ret_count, struct err *err);
int sqlite_ban(struct store *store, const struct ban *ban, struct err *err);
int sqlite_bans(struct store *store, const struct ban_filter *filter,
    bool (*each)(void *context, const struct ban *ban), void *context, struct err *err);
int sqlite_forget_bans(struct store *store, int64_t before, uint64_t *ret_count,
    struct err *err);
int sqlite_positions_save(struct store *store, const struct store_position *positions,
    size_t count, struct err *err);
int sqlite_positions_load(struct store *store, struct arena *arena,
    struct store_position **ret, size_t *ret_count, struct err *err);

#endif
