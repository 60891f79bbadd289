/* SPDX-License-Identifier: Apache-2.0 */
#include "base/dict.h"

#include <stdio.h>
#include <stdlib.h>

void
dict_free(struct dict *dict)
{
	region_free(&dict->bins.region);
	region_free(&dict->records);
	region_free(&dict->places);
	*dict = (struct dict){.count = 0};
}

/* The record that free places of bins lead to. */
static void
begin(struct dict *dict)
{
	region_reserve(&dict->records, sizeof(struct dict_record));
	dict_record_at(dict, 0)->len = UINT32_MAX;
	dict->used = sizeof(struct dict_record) / DICT_UNIT;
}

static void
grow(struct dict *dict)
{
	if (dict->used == 0)
		begin(dict);
	bins_double(&dict->bins);
	for (uint32_t n = dict->hidden; n < dict->count; n++) {
		const struct dict_place *place = dict_place(dict, n);

		bins_put(&dict->bins, place->hash, place->record);
	}
}

void
dict_hide(struct dict *dict)
{
	bins_clear(&dict->bins);
	dict->hidden = dict->count;
}

uint32_t
dict_add(struct dict *dict, struct str text, uint32_t hash)
{
	uint32_t number = dict->count, place;
	size_t units = (sizeof(struct dict_record) + text.len + DICT_UNIT - 1) / DICT_UNIT;
	struct dict_record *record;

	if (!bins_have_room(&dict->bins, number))
		grow(dict);
	place = dict->used;
	if (text.len >= UINT32_MAX || units > UINT32_MAX - 1 - place ||
	    number >= UINT32_MAX - 1) {
		fprintf(stderr, "postern: a dictionary passed 32 GiB\n");
		abort();
	}
	region_reserve(&dict->records, ((size_t)place + units) * DICT_UNIT);
	region_reserve(&dict->places, ((size_t)number + 1) * sizeof(struct dict_place));
	((struct dict_place *)(void *)dict->places.p)[number] =
	    (struct dict_place){place, hash};
	record = dict_record_at(dict, place);
	record->number = number;
	record->len = (uint32_t)text.len;
	if (text.len)
		memcpy(record->text, text.p, text.len);
	dict->used += (uint32_t)units;
	bins_put(&dict->bins, hash, place);
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
