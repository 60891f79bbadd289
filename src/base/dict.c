/* SPDX-License-Identifier: Apache-2.0 */
#include "base/dict.h"

#include <stdio.h>
#include <stdlib.h>

#define SLOTS_FIRST 1024u

void
dict_free(struct dict *dict)
{
	region_free(&dict->slots);
	region_free(&dict->records);
	region_free(&dict->places);
	*dict = (struct dict){.mask = 0};
}

static void
put(struct dict_slot *slots, uint32_t mask, struct dict_slot slot)
{
	uint32_t i = slot.hash & mask;

	while (slots[i].place)
		i = (i + 1) & mask;
	slots[i] = slot;
}

/* Keeps the table at most 5/8 full. */
static void
grow_slots(struct dict *dict)
{
	uint32_t slots = dict->mask ? dict->mask + 1 : 0;
	struct region old = dict->slots;
	const struct dict_slot *from = (const struct dict_slot *)(const void *)old.p;

	if (slots && dict->count < slots / 8 * 5)
		return;
	dict->mask = slots ? slots * 2 - 1 : SLOTS_FIRST - 1;
	dict->slots = (struct region){.p = NULL};
	region_reserve(&dict->slots, ((size_t)dict->mask + 1) * sizeof(struct dict_slot));
	for (uint32_t i = 0; i < slots; i++)
		if (from[i].place)
			put((struct dict_slot *)(void *)dict->slots.p, dict->mask, from[i]);
	region_free(&old);
}

uint32_t
dict_add(struct dict *dict, struct str text, uint32_t hash)
{
	uint32_t number = dict->count, place = dict->used;
	size_t units = (sizeof(struct dict_record) + text.len + DICT_UNIT - 1) / DICT_UNIT;
	struct dict_record *record;

	if (text.len > UINT32_MAX || units > UINT32_MAX - 1 - place ||
	    number >= UINT32_MAX - 1) {
		fprintf(stderr, "postern: a dictionary passed 32 GiB\n");
		abort();
	}
	grow_slots(dict);
	region_reserve(&dict->records, ((size_t)place + units) * DICT_UNIT);
	region_reserve(&dict->places, ((size_t)number + 1) * sizeof(uint32_t));
	((uint32_t *)(void *)dict->places.p)[number] = place;
	record = dict_record_at(dict, place);
	record->number = record->alias = number;
	record->hash = hash;
	record->len = (uint32_t)text.len;
	if (text.len)
		memcpy(record->text, text.p, text.len);
	dict->used += (uint32_t)units;
	put((struct dict_slot *)(void *)dict->slots.p, dict->mask,
	    (struct dict_slot){hash, place + 1});
	dict->count++;
	return number;
}

uint32_t
dict_get(struct dict *dict, struct str text)
{
	uint32_t hash = dict_hash(text);
	uint32_t number = dict_find(dict, text, hash);

	return number != DICT_NONE ? number : dict_add(dict, text, hash);
}
