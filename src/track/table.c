/* SPDX-License-Identifier: Apache-2.0
 *
 * table: pools, slots and tables; see table.h. Slots are probed one after the
 * other and kept at most half full; a removal closes the gap behind it, so there
 * are no tombstones and a table that is used for years stays as it is.
 */
#include "track/table.h"

#include <stdlib.h>

#define SLOTS_FIRST 64u

void
pool_init(struct pool *pool, size_t size)
{
	*pool = (struct pool){.next = 1, .size = size};
}

void
pool_free(struct pool *pool)
{
	for (uint32_t i = 0; i < pool->chunk_count; i++)
		free(pool->chunks[i]);
	free(pool->chunks);
}

uint32_t
pool_take(struct pool *pool)
{
	uint32_t number = pool->free;

	if (number) {
		memcpy(&pool->free, pool_at(pool, number), sizeof(pool->free));
	} else {
		number = pool->next++;
		if (number >> POOL_SHIFT >= pool->chunk_count) {
			pool->chunks = xrealloc(pool->chunks, pool->chunk_count + 1,
			    sizeof(*pool->chunks));
			pool->chunks[pool->chunk_count++] = xmalloc(pool->size << POOL_SHIFT);
		}
	}
	memset(pool_at(pool, number), 0, pool->size);
	pool->live++;
	return number;
}

void
pool_give(struct pool *pool, uint32_t number)
{
	memcpy(pool_at(pool, number), &pool->free, sizeof(pool->free));
	pool->free = number;
	pool->live--;
}

void
slots_init(struct slots *slots)
{
	*slots = (struct slots){
	    .slot = xcalloc(SLOTS_FIRST, sizeof(struct slot)), .mask = SLOTS_FIRST - 1};
}

void
slots_free(struct slots *slots)
{
	free(slots->slot);
}

void
slots_clear(struct slots *slots)
{
	memset(slots->slot, 0, ((size_t)slots->mask + 1) * sizeof(struct slot));
	slots->used = 0;
}

static void
place(struct slots *slots, uint32_t hash, uint32_t number)
{
	uint32_t at = hash & slots->mask;

	while (slots->slot[at].number)
		at = (at + 1) & slots->mask;
	slots->slot[at] = (struct slot){hash, number};
	slots->used++;
}

static void
grow(struct slots *slots)
{
	struct slots old = *slots;
	size_t room = ((size_t)old.mask + 1) * 2;

	*slots = (struct slots){
	    .slot = xcalloc(room, sizeof(struct slot)), .mask = (uint32_t)(room - 1)};
	for (size_t i = 0; i <= old.mask; i++)
		if (old.slot[i].number)
			place(slots, old.slot[i].hash, old.slot[i].number);
	free(old.slot);
}

void
slots_add(struct slots *slots, uint32_t hash, uint32_t number)
{
	if (slots->used >= slots->mask / 2)
		grow(slots);
	place(slots, hash, number);
}

/* Closes the gap at GAP: whoever was pushed past it by probing moves up. */
static void
close_gap(struct slots *slots, uint32_t gap)
{
	uint32_t at = gap;

	for (;;) {
		uint32_t home;

		at = (at + 1) & slots->mask;
		if (slots->slot[at].number == 0)
			break;
		home = slots->slot[at].hash & slots->mask;
		if (((at - home) & slots->mask) < ((at - gap) & slots->mask))
			continue;
		slots->slot[gap] = slots->slot[at];
		gap = at;
	}
	slots->slot[gap].number = 0;
}

void
slots_remove(struct slots *slots, uint32_t hash, uint32_t number)
{
	uint32_t at = hash & slots->mask;

	while (slots->slot[at].number != number) {
		if (slots->slot[at].number == 0)
			return;
		at = (at + 1) & slots->mask;
	}
	close_gap(slots, at);
	slots->used--;
}

void
table_init(struct table *table, size_t size, size_t key_size)
{
	*table = (struct table){.key_size = key_size};
	pool_init(&table->pool, size);
	slots_init(&table->slots);
}

void
table_free(struct table *table)
{
	pool_free(&table->pool);
	slots_free(&table->slots);
}

static void
link_newest(struct table *table, struct entry *entry)
{
	entry->newer = 0;
	entry->older = table->newest;
	if (table->newest)
		((struct entry *)table_at(table, table->newest))->newer = entry->number;
	else
		table->oldest = entry->number;
	table->newest = entry->number;
}

static void
unlink_entry(struct table *table, const struct entry *entry)
{
	if (entry->newer)
		((struct entry *)table_at(table, entry->newer))->older = entry->older;
	else
		table->newest = entry->older;
	if (entry->older)
		((struct entry *)table_at(table, entry->older))->newer = entry->newer;
	else
		table->oldest = entry->newer;
}

void
table_touch_slowly(struct table *table, struct entry *entry)
{
	unlink_entry(table, entry);
	link_newest(table, entry);
}

void *
table_add(struct table *table, const void *key, uint32_t hash)
{
	uint32_t number = pool_take(&table->pool);
	struct entry *entry = table_at(table, number);

	entry->number = number;
	entry->hash = hash;
	entry->filed = true;
	memcpy(entry_key(entry), key, table->key_size);
	link_newest(table, entry);
	slots_add(&table->slots, hash, number);
	return entry;
}

void *
table_add_copy(struct table *table, const void *from)
{
	uint32_t number = pool_take(&table->pool);
	struct entry *entry = table_at(table, number);

	memcpy(entry, from, table->pool.size);
	entry->number = number;
	entry->filed = false;
	link_newest(table, entry);
	return entry;
}

void
table_file(struct table *table, void *entry)
{
	struct entry *e = entry;

	table_unfile(table, e);
	e->hash = key_hash(entry_key(e), table->key_size);
	e->filed = true;
	slots_add(&table->slots, e->hash, e->number);
}

void
table_unfile(struct table *table, void *entry)
{
	struct entry *e = entry;

	if (!e->filed)
		return;
	slots_remove(&table->slots, e->hash, e->number);
	e->filed = false;
}

void
table_drop(struct table *table, void *entry)
{
	struct entry *e = entry;

	table_unfile(table, e);
	unlink_entry(table, e);
	pool_give(&table->pool, e->number);
}

void
table_refile(struct table *table)
{
	struct entry *e;

	slots_clear(&table->slots);
	for (uint32_t n = table->oldest; n; n = e->newer) {
		e = table_at(table, n);
		if (!e->filed)
			continue;
		e->hash = key_hash(entry_key(e), table->key_size);
		slots_add(&table->slots, e->hash, n);
	}
}

static struct links *
links_at(const struct table *table, const struct list *list, uint32_t number)
{
	return (struct links *)(void *)((char *)table_at(table, number) + list->links);
}

void
list_append(const struct table *table, struct list *list, void *entry)
{
	uint32_t number = ((struct entry *)entry)->number;

	*links_at(table, list, number) = (struct links){.previous = list->last};
	if (list->last)
		links_at(table, list, list->last)->next = number;
	else
		list->first = number;
	list->last = number;
	list->count++;
}

void
list_prepend(const struct table *table, struct list *list, void *entry)
{
	uint32_t number = ((struct entry *)entry)->number;

	*links_at(table, list, number) = (struct links){.next = list->first};
	if (list->first)
		links_at(table, list, list->first)->previous = number;
	else
		list->last = number;
	list->first = number;
	list->count++;
}

void
list_remove(const struct table *table, struct list *list, const void *entry)
{
	struct links links = *links_at(table, list, ((const struct entry *)entry)->number);

	if (links.previous)
		links_at(table, list, links.previous)->next = links.next;
	else
		list->first = links.next;
	if (links.next)
		links_at(table, list, links.next)->previous = links.previous;
	else
		list->last = links.previous;
	list->count--;
}
