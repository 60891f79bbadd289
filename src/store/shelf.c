/* SPDX-License-Identifier: Apache-2.0 */
#include "store/shelf.h"

void *
shelf_find(const struct shelf *shelf, struct str key)
{
	uint32_t at = dict_find(&shelf->keys, key, dict_hash(key));

	return at == DICT_NONE ? NULL : shelf->item[at];
}

void
shelf_put(struct shelf *shelf, struct shelf_log *log, void *item)
{
	size_t at = dict_get(&shelf->keys, shelf->key(item));
	void *before = at < shelf->count ? shelf->item[at] : NULL;

	if (at == shelf->count) {
		MEM_GROW(shelf->item, shelf->count, shelf->room);
		shelf->count++;
	}
	shelf->item[at] = item;
	MEM_GROW(log->undo, log->count, log->room);
	log->undo[log->count++] = (struct shelf_undo){shelf, at, before};
}

void
shelf_commit(struct shelf_log *log)
{
	for (size_t i = 0; i < log->count; i++)
		if (log->undo[i].before)
			log->undo[i].shelf->free_item(log->undo[i].before);
	log->count = 0;
}

/* A dictionary forgets nothing: a new one. */
static void
number_keys(struct shelf *shelf)
{
	dict_free(&shelf->keys);
	shelf->keys = (struct dict){.count = 0};
	for (size_t i = 0; i < shelf->count; i++)
		dict_get(&shelf->keys, shelf->key(shelf->item[i]));
	shelf->stale = false;
}

void
shelf_rollback(struct shelf_log *log)
{
	for (size_t i = log->count; i-- > 0;) {
		struct shelf_undo *undo = &log->undo[i];
		struct shelf *shelf = undo->shelf;

		shelf->free_item(shelf->item[undo->at]);
		shelf->item[undo->at] = undo->before;
		shelf->count -= !undo->before;
		shelf->stale |= !undo->before;
	}
	for (size_t i = 0; i < log->count; i++)
		if (log->undo[i].shelf->stale)
			number_keys(log->undo[i].shelf);
	log->count = 0;
}

uint64_t
shelf_forget(struct shelf *shelf, bool (*old)(const void *item, void *context),
    void *context, size_t most)
{
	size_t kept = 0, gone = 0;

	for (size_t i = 0; i < shelf->count; i++)
		if (gone < most && old(shelf->item[i], context)) {
			shelf->free_item(shelf->item[i]);
			gone++;
		} else {
			shelf->item[kept++] = shelf->item[i];
		}
	shelf->count = kept;
	if (gone)
		number_keys(shelf);
	return gone;
}

void
shelf_done(struct shelf *shelf)
{
	for (size_t i = 0; i < shelf->count; i++)
		shelf->free_item(shelf->item[i]);
	free(shelf->item);
	dict_free(&shelf->keys);
}
