/* SPDX-License-Identifier: Apache-2.0
 *
 * dict: gives each distinct text a dense number, 0, 1, 2, ..., in order of
 * first arrival, and keeps the text. A dictionary only grows.
 *
 * A record is followed by its text, and slots lead to records and not to numbers:
 * so a lookup waits for memory twice, for the slot and for the record.
 */
#ifndef BASE_DICT_H
#define BASE_DICT_H

#include <stdint.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/slots.h"
#include "base/str.h"

struct dict_record {
	uint32_t number;
	uint32_t alias; /* the number this text counts as: usually its own */
	uint32_t hash;
	uint32_t len;
	char text[];
};

struct dict {
	struct region slots;   /* of struct slot: hash, place + 1 */
	struct region records; /* one behind the other, in order of their numbers */
	struct region places;  /* of uint32_t: a number's record, in units of DICT_UNIT */
	uint32_t mask;  /* number of slots - 1; 0 = none yet */
	uint32_t count; /* numbers given out */
	uint32_t used;  /* of `records`, in units of DICT_UNIT */
};

/* What records begin at a multiple of. */
#define DICT_UNIT 8u

void dict_free(struct dict *dict);

/* Adds TEXT (not yet there) with its hash. More than 32 GiB of records end the program. */
uint32_t dict_add(struct dict *dict, struct str text, uint32_t hash);

static inline struct dict_record *
dict_record_at(const struct dict *dict, uint32_t place)
{
	return (struct dict_record *)(void *)(dict->records.p + (size_t)place * DICT_UNIT);
}

static inline struct dict_record *
dict_record(const struct dict *dict, uint32_t number)
{
	return dict_record_at(dict, ((const uint32_t *)(const void *)dict->places.p)[number]);
}

/* The text of NUMBER; valid until the next dict_add(). */
static inline struct str
dict_text(const struct dict *dict, uint32_t number)
{
	const struct dict_record *record = dict_record(dict, number);

	return (struct str){record->text, record->len};
}

static inline uint32_t
dict_hash(struct str text)
{
	uint64_t h = hash_bytes(text.p, text.len);

	return (uint32_t)(h >> 32 ^ h);
}

/*
 * Inlined always: a function that does nothing but prefetch is one without effect to gcc,
 * and it drops the calls of it.
 */
#define DICT_PREFETCH static inline __attribute__((always_inline))

DICT_PREFETCH void
dict_prefetch(const struct dict *dict, uint32_t hash)
{
	__builtin_prefetch(slots_in(&dict->slots) + (hash & dict->mask));
}

/* The next step, when that has come: the record of HASH. DICT is not empty. */
DICT_PREFETCH void
dict_prefetch_record(const struct dict *dict, uint32_t hash)
{
	const struct slot *slots = slots_in(&dict->slots);

	/* A unit behind its begin, where its hash and its length are. */
	__builtin_prefetch(dict_record_at(dict, slots[hash & dict->mask].number));
}

/* The record of TEXT, valid until the next dict_add(), or NULL. HASH is dict_hash(TEXT). */
static inline const struct dict_record *
dict_look(const struct dict *dict, struct str text, uint32_t hash)
{
	const struct slot *slots = slots_in(&dict->slots);

	if (dict->mask == 0)
		return NULL;
	for (uint32_t i = hash & dict->mask;; i = (i + 1) & dict->mask) {
		const struct dict_record *record;

		if (slots[i].number == 0)
			return NULL;
		if (slots[i].hash != hash)
			continue;
		record = dict_record_at(dict, slots[i].number - 1);
		if (record->len == text.len && bytes_equal(record->text, text.p, text.len))
			return record;
	}
}

#define DICT_NONE UINT32_MAX

/* TEXT's own number (not its alias), or DICT_NONE. HASH is dict_hash(TEXT). */
static inline uint32_t
dict_find(const struct dict *dict, struct str text, uint32_t hash)
{
	const struct dict_record *record = dict_look(dict, text, hash);

	return record ? record->number : DICT_NONE;
}

/* The number of TEXT, which is added when new. */
uint32_t dict_get(struct dict *dict, struct str text);

#endif
