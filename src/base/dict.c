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
	region_free(&dict->texts);
	*dict = (struct dict){.mask = 0};
}

static void
place(struct dict_slot *slots, uint32_t mask, uint32_t hash, uint32_t number)
{
	uint32_t i = hash & mask;

	while (slots[i].number)
		i = (i + 1) & mask;
	slots[i] = (struct dict_slot){hash, number + 1};
}

/* Keeps the table at most 5/8 full. */
static void
grow_slots(struct dict *dict)
{
	uint32_t slots = dict->mask ? dict->mask + 1 : 0;
	struct region old = dict->slots;

	if (slots && dict->count < slots / 8 * 5)
		return;
	slots = slots ? slots * 2 : SLOTS_FIRST;
	dict->slots = (struct region){.p = NULL};
	region_reserve(&dict->slots, (size_t)slots * sizeof(struct dict_slot));
	dict->mask = slots - 1;
	for (uint32_t n = 0; n < dict->count; n++)
		place((struct dict_slot *)(void *)dict->slots.p, dict->mask,
		    dict_record(dict, n)->hash, n);
	region_free(&old);
}

uint32_t
dict_add(struct dict *dict, struct str text, uint32_t hash)
{
	uint32_t number = dict->count;

	if (text.len > UINT32_MAX - 1 - dict->texts_used || number >= UINT32_MAX - 1) {
		fprintf(stderr, "postern: a dictionary passed 4 GiB\n");
		abort();
	}
	grow_slots(dict);
	region_reserve(&dict->records, ((size_t)number + 1) * sizeof(struct dict_record));
	region_reserve(&dict->texts, (size_t)dict->texts_used + text.len);
	if (text.len)
		memcpy(dict->texts.p + dict->texts_used, text.p, text.len);
	*dict_record(dict, number) = (struct dict_record){
	    .text = dict->texts_used, .len = (uint32_t)text.len, .hash = hash, .alias = number};
	dict->texts_used += (uint32_t)text.len;
	place((struct dict_slot *)(void *)dict->slots.p, dict->mask, hash, number);
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
