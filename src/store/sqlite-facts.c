/* SPDX-License-Identifier: Apache-2.0
 *
 * sqlite-facts: how far inputs were read.
 */
#include "store/sqlite.h"

static int
save_position(struct sqlite *sqlite, sqlite3_stmt *statement, size_t number,
    const struct store_position *position, struct err *err)
{
	sqlite3_bind_int64(statement, 1, (int64_t)number);
	sqlite_bind_str(statement, 2, position->name);
	sqlite3_bind_int64(statement, 3, (int64_t)position->head_hash);
	sqlite3_bind_int64(statement, 4, position->head_len);
	sqlite3_bind_int64(statement, 5, (int64_t)position->offset);
	sqlite3_bind_int64(statement, 6, (int64_t)position->replay_from);
	sqlite3_bind_int64(statement, 7, (int64_t)position->device);
	sqlite3_bind_int64(statement, 8, (int64_t)position->inode);
	sqlite3_bind_int64(statement, 9, position->mtime);
	sqlite_bind_str(statement, 10, position->cursor);
	sqlite_bind_str(statement, 11, position->path);
	return sqlite_run(sqlite, statement, err);
}

int
sqlite_positions_save(struct store *store, const struct store_position *positions,
    size_t count, struct err *err)
{
	struct sqlite *sqlite = sqlite_of(store);
	sqlite3_stmt *drop = sqlite_statement(sqlite, ST_drop_positions, err);
	sqlite3_stmt *save = drop ? sqlite_statement(sqlite, ST_position, err) : NULL;

	if (!save || sqlite_run(sqlite, drop, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (save_position(sqlite, save, i, &positions[i], err) < 0)
			return -1;
	return 0;
}

int
sqlite_positions_load(struct store *store, struct arena *arena,
    struct store_position **ret, size_t *ret_count, struct err *err)
{
	struct sqlite *sqlite = sqlite_of(store);
	sqlite3_stmt *st = sqlite_statement(sqlite, ST_positions, err);
	struct store_position *list = NULL;
	size_t count = 0, room = 0;
	int code, result = 0;

	if (!st)
		return -1;
	while ((code = sqlite3_step(st)) == SQLITE_ROW) {
		MEM_GROW(list, count, room);
		list[count++] = (struct store_position){
		    .name = arena_str(arena, sqlite_column(st, 0)),
		    .head_hash = (uint64_t)sqlite3_column_int64(st, 1),
		    .head_len = (uint32_t)sqlite3_column_int64(st, 2),
		    .offset = (uint64_t)sqlite3_column_int64(st, 3),
		    .replay_from = (uint64_t)sqlite3_column_int64(st, 4),
		    .device = (uint64_t)sqlite3_column_int64(st, 5),
		    .inode = (uint64_t)sqlite3_column_int64(st, 6),
		    .mtime = sqlite3_column_int64(st, 7),
		    .cursor = arena_str(arena, sqlite_column(st, 8)),
		    .path = arena_str(arena, sqlite_column(st, 9)),
		};
	}
	if (code != SQLITE_DONE)
		result = sqlite_failed(sqlite, err);
	sqlite3_reset(st);
	if (result == 0) {
		*ret = arena_alloc(arena, (count + 1) * sizeof(*list));
		if (count)
			memcpy(*ret, list, count * sizeof(*list));
		*ret_count = count;
	}
	free(list);
	return result;
}
