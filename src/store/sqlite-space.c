/* SPDX-License-Identifier: Apache-2.0
 *
 * sqlite-space: room on the disk for the file and its WAL. A commit goes to the WAL, and the
 * file grows when that is moved there: on a disk that the WAL has filled this fails for good,
 * if nobody else gives up room. So the file has its room first. Where data is never written
 * in place (btrfs, ZFS) that helps little.
 */
#include "store/sqlite.h"

/* The file grows by so much at a time. */
#define STEP_BYTES 65536

int
sqlite_space_take(struct sqlite *sqlite, struct err *err)
{
	sqlite3_stmt *statement = sqlite_statement(sqlite, ST_pages, err);
	sqlite3_int64 bytes = 0;
	int error = 0;

	if (!statement)
		return -1;
	if (sqlite3_step(statement) == SQLITE_ROW)
		bytes = sqlite3_column_int64(statement, 0) * sqlite->page_bytes;
	if (sqlite3_reset(statement) != SQLITE_OK)
		return sqlite_failed(sqlite, err);
	if (sqlite3_file_control(sqlite->db, "main", SQLITE_FCNTL_SIZE_HINT, &bytes) ==
	    SQLITE_OK)
		return 0;
	sqlite3_file_control(sqlite->db, "main", SQLITE_FCNTL_LAST_ERRNO, &error);
	return sqlite_failed_writing(sqlite, error, err);
}

void
sqlite_space_give(struct sqlite *sqlite)
{
	sqlite3_busy_timeout(sqlite->db, 0);
	sqlite3_wal_checkpoint_v2(sqlite->db, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	sqlite3_busy_timeout(sqlite->db, (int)(sqlite->busy_usec / 1000));
}

int
sqlite_space_open(struct sqlite *sqlite, struct err *err)
{
	int step = STEP_BYTES;

	sqlite3_file_control(sqlite->db, "main", SQLITE_FCNTL_CHUNK_SIZE, &step);
	if (sqlite_number(sqlite, "PRAGMA page_size", 0, &sqlite->page_bytes, err) < 0)
		return -1;
	sqlite_space_give(sqlite);
	return 0;
}
