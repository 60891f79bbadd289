/* SPDX-License-Identifier: Apache-2.0
 *
 * dict: gives each distinct text a dense number, 0, 1, 2, ..., in order of
 * first arrival, and keeps the text. A dictionary only grows.
 *
 * A record is followed by its text, and bins lead to records and not to numbers:
 * so a lookup waits for memory twice, for the bin and for the record.
 */
#ifndef BASE_DICT_H
#define BASE_DICT_H

#include <stdint.h>

#include "base/bins.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/str.h"

struct dict_record {
	uint32_t number; /* what the text counts as: its own, unless the owner sets another */
	uint32_t len;
	char text[];
};

struct dict_place {
	uint32_t record; /* in units of DICT_UNIT */
	uint32_t hash;
};

struct dict {
	struct bins bins; /* of records, in units of DICT_UNIT */
	/* One behind the other, in order of their numbers; the very first is no text's. */
	struct region records;
	struct region places;   /* of struct dict_place: by number */
	uint32_t count;  /* numbers given out */
	uint32_t used;   /* of `records`, in units of DICT_UNIT */
	uint32_t hidden; /* so many, the first ones, no lookup finds */
};

/* What records begin at a multiple of. */
#define DICT_UNIT 8u

void dict_free(struct dict *dict);

/* Adds TEXT (not yet there) with its hash. More than 32 GiB of records end the program. */
uint32_t dict_add(struct dict *dict, struct str text, uint32_t hash);

/* What DICT holds so far keeps its number, but no lookup finds it. */
void dict_hide(struct dict *dict);

static inline struct dict_record *
dict_record_at(const struct dict *dict, uint32_t place)
{
	return (struct dict_record *)(void *)(dict->records.p + (size_t)place * DICT_UNIT);
}

static inline const struct dict_place *
dict_place(const struct dict *dict, uint32_t number)
{
	return (const struct dict_place *)(const void *)dict->places.p + number;
}

static inline struct dict_record *
dict_record(const struct dict *dict, uint32_t number)
{
	return dict_record_at(dict, dict_place(dict, number)->record);
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
	__builtin_prefetch(bin_of(&dict->bins, hash));
}

/*
 * The next step, when that has come: which record is most likely that of HASH, which is then
 * on its way. For dict_is().
 */
DICT_PREFETCH uint32_t
dict_likely(const struct dict *dict, uint32_t hash)
{
	uint32_t place = dict->bins.mask ? bin_likely(bin_of(&dict->bins, hash), hash) : 0;
	const struct dict_record *record = dict_record_at(dict, place);

	__builtin_prefetch(record);
	__builtin_prefetch((const char *)record + 32); /* maybe the next line */
	return place;
}

/* Is TEXT that of RECORD? */
static inline bool
dict_is(const struct dict_record *record, struct str text)
{
	return record->len == text.len && bytes_equal(record->text, text.p, text.len);
}

/* The record of TEXT, valid until the next dict_add(), or NULL. HASH is dict_hash(TEXT). */
static inline const struct dict_record *
dict_look(const struct dict *dict, struct str text, uint32_t hash)
{
	if (dict->bins.mask == 0)
		return NULL;
	for (uint32_t at = hash;; at++) {
		const struct bin *bin = bin_of(&dict->bins, at);

		for (uint32_t found = bin_find(bin, hash); found; found &= found - 1) {
			const struct dict_record *record =
			    dict_record_at(dict, bin->number[__builtin_ctz(found)]);

			if (dict_is(record, text))
				return record;
		}
		if (!bin_is_full(bin))
			return NULL;
	}
}

#define DICT_NONE UINT32_MAX

/* The number TEXT counts as, or DICT_NONE. HASH is dict_hash(TEXT). */
static inline uint32_t
dict_find(const struct dict *dict, struct str text, uint32_t hash)
{
	const struct dict_record *record = dict_look(dict, text, hash);

	return record ? record->number : DICT_NONE;
}

/* The number of TEXT, which is added when new. */
uint32_t dict_get(struct dict *dict, struct str text);

#endif
