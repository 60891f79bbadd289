/* SPDX-License-Identifier: Apache-2.0
 *
 * shelf: things of one sort that are kept in memory and found by key, with a list of
 * what to put back when a transaction is undone.
 */
#ifndef STORE_SHELF_H
#define STORE_SHELF_H

#include "base/dict.h"
#include "base/mem.h"

struct shelf {
	void **item;
	size_t count, room;
	struct dict keys; /* an item's key has its place for a number */
	bool stale;       /* `keys` has some that were undone */
	struct str (*key)(const void *item);
	void (*free_item)(void *item);
};

/* ITEM was put at AT of SHELF in place of BEFORE (NULL: nothing was there). */
struct shelf_undo {
	struct shelf *shelf;
	size_t at;
	void *before;
};

struct shelf_log {
	struct shelf_undo *undo;
	size_t count, room;
};

/* The item with KEY, or NULL. */
void *shelf_find(const struct shelf *shelf, struct str key);

/* Puts ITEM, which SHELF then owns, in the place of the one with its key, or behind all. */
void shelf_put(struct shelf *shelf, struct shelf_log *log, void *item);

/* What LOG has is kept for good, or was never there. */
void shelf_commit(struct shelf_log *log);
void shelf_rollback(struct shelf_log *log);

/* Drops items that are OLD, MOST at most; nothing may be in the log. Returns how many. */
uint64_t shelf_forget(struct shelf *shelf, bool (*old)(const void *item, void *context),
    void *context, size_t most);

void shelf_done(struct shelf *shelf);

#endif
