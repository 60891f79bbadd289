/* SPDX-License-Identifier: Apache-2.0
 *
 * dict: gives each distinct text a dense number, 0, 1, 2, ..., in order of
 * first arrival, and keeps the text. A dictionary only grows.
 */
#ifndef BASE_DICT_H
#define BASE_DICT_H

#include <stdint.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/str.h"

struct dict_record {
	uint32_t text;  /* offset in `texts` */
	uint32_t len;
	uint32_t hash;
	uint32_t alias; /* the number this text counts as: usually its own */
};

struct dict {
	struct region slots;   /* of struct dict_slot, a power of two */
	struct region records; /* of struct dict_record, by number */
	struct region texts;
	uint32_t mask;  /* number of slots - 1; 0 = none yet */
	uint32_t count; /* numbers given out */
	uint32_t texts_used;
};

struct dict_slot {
	uint32_t hash;
	uint32_t number; /* number + 1; 0 = free */
};

void dict_free(struct dict *dict);

/* Adds TEXT (not yet there) with its hash. TEXT longer than 4 GiB in sum ends the program. */
uint32_t dict_add(struct dict *dict, struct str text, uint32_t hash);

static inline struct dict_record *
dict_record(const struct dict *dict, uint32_t number)
{
	return (struct dict_record *)(void *)dict->records.p + number;
}

/* The text of NUMBER; valid until the next dict_add(). */
static inline struct str
dict_text(const struct dict *dict, uint32_t number)
{
	const struct dict_record *record = dict_record(dict, number);

	return (struct str){dict->texts.p + record->text, record->len};
}

static inline uint32_t
dict_hash(struct str text)
{
	uint64_t h = hash_bytes(text.p, text.len);

	return (uint32_t)(h >> 32 ^ h);
}

static inline void
dict_prefetch(const struct dict *dict, uint32_t hash)
{
	__builtin_prefetch((const struct dict_slot *)(const void *)dict->slots.p +
	    (hash & dict->mask));
}

#define DICT_NONE UINT32_MAX

/* TEXT's own number (not its alias), or DICT_NONE. HASH is dict_hash(TEXT). */
static inline uint32_t
dict_find(const struct dict *dict, struct str text, uint32_t hash)
{
	const struct dict_slot *slots = (const struct dict_slot *)(const void *)dict->slots.p;

	if (dict->mask == 0)
		return DICT_NONE;
	for (uint32_t i = hash & dict->mask;; i = (i + 1) & dict->mask) {
		if (slots[i].number == 0)
			return DICT_NONE;
		if (slots[i].hash == hash &&
		    str_eq(dict_text(dict, slots[i].number - 1), text))
			return slots[i].number - 1;
	}
}

/* The number of TEXT, which is added when new. */
uint32_t dict_get(struct dict *dict, struct str text);

#endif
