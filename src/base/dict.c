/* SPDX-License-Identifier: Apache-2.0 */
#include "base/dict.h"

#include <stdio.h>
#include <stdlib.h>

#define SLOTS_FIRST 64u

void
dict_free(struct dict *dict)
{
	region_free(&dict->slots);
	region_free(&dict->records);
	region_free(&dict->places);
	*dict = (struct dict){.mask = 0};
}

/* Keeps the table at most 5/8 full. */
static void
grow_slots(struct dict *dict)
{
	if (dict->mask == 0 || dict->count >= (dict->mask + 1) / 8 * 5)
		slots_double(&dict->slots, &dict->mask, SLOTS_FIRST);
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
	slots_put(slots_in(&dict->slots), dict->mask, (struct slot){hash, place + 1});
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
