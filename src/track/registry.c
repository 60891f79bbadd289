/* SPDX-License-Identifier: Apache-2.0
 *
 * registry: pools, slots and registries; see registry.h. Slots are probed one after the
 * other and kept at most a quarter full; a removal closes the gap behind it, so there
 * are no tombstones and a registry that is used for years stays as it is.
 */
#include "track/registry.h"

#include <stdlib.h>

#define SLOTS_FIRST 64u
#define USES_FIRST 256u

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

void
pool_add_chunk(struct pool *pool)
{
	pool->chunks = xrealloc(pool->chunks, pool->chunk_count + 1, sizeof(*pool->chunks));
	pool->chunks[pool->chunk_count] = xmalloc(pool->size << POOL_SHIFT);
	mem_ahead(pool->chunks[pool->chunk_count++], pool->size << POOL_SHIFT);
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

void
slots_grow(struct slots *slots)
{
	size_t had = (size_t)slots->mask + 1, size = had * sizeof(struct slot);

	slots->slot = xrealloc(slots->slot, had * 2, sizeof(struct slot));
	mem_ahead(slots->slot + had, size);
	memset(slots->slot + had, 0, size);
	slots->mask = (uint32_t)(had * 2 - 1);
	slots_spread(slots->slot, slots->mask);
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
registry_init(struct registry *registry, size_t size, entry_hash *hash)
{
	*registry = (struct registry){.hash = hash};
	pool_init(&registry->pool, size);
	slots_init(&registry->slots);
}

void
registry_free(struct registry *registry)
{
	pool_free(&registry->pool);
	slots_free(&registry->slots);
	free(registry->uses);
}

/* A use that moves goes to a lower place: none behind it is taken for that of its entry. */
void
registry_tidy_uses(struct registry *registry)
{
	uint32_t kept = 0;

	for (uint32_t use = registry->first_use; use < registry->use_count; use++) {
		struct entry *entry = registry_at(registry, registry->uses[use]);

		if (entry->use != use)
			continue;
		registry->uses[kept] = entry->number;
		entry->use = kept++;
	}
	registry->first_use = 0;
	registry->use_count = kept;
	if (kept < registry->use_room / 4)
		return;
	registry->use_room = kept ? registry->use_room * 2 : USES_FIRST;
	registry->uses = xrealloc(registry->uses, registry->use_room, sizeof(*registry->uses));
}

void *
registry_next(const struct registry *registry, uint32_t *at)
{
	if (*at < registry->first_use)
		*at = registry->first_use;
	while (*at < registry->use_count) {
		uint32_t use = (*at)++;
		struct entry *entry = registry_at(registry, registry->uses[use]);

		if (entry->use == use)
			return entry;
	}
	return NULL;
}

void *
registry_add_copy(struct registry *registry, const void *from)
{
	uint32_t number = pool_take(&registry->pool, registry->pool.size);
	struct entry *entry = registry_at(registry, number);

	memcpy(entry, from, registry->pool.size);
	registry->added++;
	entry->number = number;
	entry->filed = false;
	registry_make_newest(registry, entry);
	return entry;
}

void
registry_file(struct registry *registry, void *entry)
{
	struct entry *e = entry;

	registry_unfile(registry, e);
	e->hash = registry->hash(e);
	e->filed = true;
	slots_add(&registry->slots, e->hash, e->number);
}

void
registry_refile(struct registry *registry)
{
	struct entry *e;

	slots_clear(&registry->slots);
	for (uint32_t at = 0; (e = registry_next(registry, &at));) {
		if (!e->filed)
			continue;
		e->hash = registry->hash(e);
		slots_add(&registry->slots, e->hash, e->number);
	}
}

static struct links *
links_at(const struct registry *registry, const struct list *list, uint32_t number)
{
	return (struct links *)(void *)((char *)registry_at(registry, number) + list->links);
}

void
list_append(const struct registry *registry, struct list *list, void *entry)
{
	uint32_t number = ((struct entry *)entry)->number;

	*links_at(registry, list, number) = (struct links){.previous = list->last};
	if (list->last)
		links_at(registry, list, list->last)->next = number;
	else
		list->first = number;
	list->last = number;
	list->count++;
}

void
list_remove(const struct registry *registry, struct list *list, const void *entry)
{
	struct links links = *links_at(registry, list, ((const struct entry *)entry)->number);

	if (links.previous)
		links_at(registry, list, links.previous)->next = links.next;
	else
		list->first = links.next;
	if (links.next)
		links_at(registry, list, links.next)->previous = links.previous;
	else
		list->last = links.previous;
	list->count--;
}
