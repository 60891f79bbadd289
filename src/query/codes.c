/* SPDX-License-Identifier: Apache-2.0
 *
 * codes: what queries group by and count different values of, as 32-bit codes: numbers
 * of a dictionary, or other values in a form of their own.
 */
#include "base/civil.h"
#include "query/room.h"

/* Offset of local time in the hour of TIME, in microseconds. */
static int64_t
local_offset(struct fold *fold, int64_t time)
{
	int64_t hour = time / USEC_PER_HOUR - (time % USEC_PER_HOUR < 0);

	if (hour != fold->hour) {
		fold->hour = hour;
		fold->hour_offset = zone_offset(time) * USEC_PER_SEC;
	}
	return fold->hour_offset;
}

static uint32_t
number_code(struct fold *fold, int64_t value)
{
	char text[24];
	int n;

	if (value >= 0 && value < CODE_INTERNED - 1)
		return (uint32_t)value + 1;
	n = snprintf(text, sizeof(text), "%lld", (long long)value);
	return CODE_INTERNED | symbols_get(fold->symbols, DOMAIN_TEXT,
	    (struct str){text, (size_t)n});
}

static uint32_t
bucket_code(const struct query_key *key, int64_t value)
{
	uint32_t bucket = 0;

	while (bucket < key->edge_count && value >= key->edges[bucket])
		bucket++;
	return bucket + 1;
}

/* What codes of times count from: the year 1, as 0 is absent and clocks can be wrong. */
#define CODES_BEGIN (INT64_C(-719162) * USEC_PER_DAY)

/* Is it a code of days? Else of hours, in minutes: zones differ by less than an hour. */
static bool
is_day(enum key_function function)
{
	return function == KEY_DAY || function == KEY_DAY_BEGUN;
}

static int64_t
code_unit(enum key_function function)
{
	return is_day(function) ? USEC_PER_DAY : 60 * USEC_PER_SEC;
}

/* Start of the local hour or day of TIME. */
static uint32_t
time_code(struct fold *fold, enum key_function function, int64_t time)
{
	int64_t offset = local_offset(fold, time), since = time + offset - CODES_BEGIN, code;

	if (!is_day(function))
		since = since - since % USEC_PER_HOUR - offset;
	code = since / code_unit(function);
	return code < 1 ? 1 : code > UINT32_MAX ? UINT32_MAX : (uint32_t)code;
}

int64_t
code_time(uint32_t code, enum key_function function)
{
	return code * code_unit(function) + CODES_BEGIN;
}

/* The code of KEY in EV, which knows the field, that no dictionary numbers. */
static uint32_t
value_code(struct fold *fold, const struct query_key *key, const struct event *ev)
{
	int64_t value = event_number(ev, key->field);

	switch (key->function) {
	case KEY_HOUR_BEGUN:
	case KEY_DAY_BEGUN:
		if (kind_is_derived(ev->kind) && event_knows(ev, FIELD_seconds))
			value -= ev->seconds;
		return time_code(fold, key->function, value);
	case KEY_HOUR:
	case KEY_DAY:
		return time_code(fold, key->function, value);
	case KEY_BUCKET:
		return bucket_code(key, value);
	case KEY_FIELD:
	case KEY_NET:
	case KEY_DOMAIN:
		break;
	}
	return number_code(fold, value);
}

/* The number of KEY that NUMBER of its field has; found out once for each number. */
static inline uint32_t
number_of(struct symbols *symbols, enum key_function function, uint32_t number)
{
	if (function == KEY_NET)
		return symbols_net_of(symbols, number);
	if (function == KEY_DOMAIN)
		return symbols_domain_of(symbols, number);
	return number;
}

const uint32_t *
fold_numbers(struct fold *fold, const struct query_key *key, const struct taken *taken)
{
	const uint32_t *numbers = event_numbers(fold->batch, key->field);
	enum key_function function = key->function;

	if (function == KEY_FIELD)
		return numbers;
	if (function == KEY_DOMAIN)
		symbols_domains_of(fold->symbols, numbers, taken->flags, fold->batch->n,
		    fold->group);
	else
		symbols_nets_of(fold->symbols, numbers, taken->flags, fold->batch->n,
		    fold->group);
	return fold->group;
}

/* number_of() for who may number nothing: one that was dropped is among all that were. */
static uint32_t
given_number(const struct symbols *symbols, const struct plan_query *query, uint32_t number)
{
	const struct dict *dict = &symbols->dict[query->domain];
	enum key_function function = query->query->keys[0].function;

	if (function == KEY_NET)
		number = symbols_given_net(symbols, number);
	if (function == KEY_DOMAIN)
		number = symbols_given_domain(symbols, number);
	if (number == DICT_NONE)
		number = dict_find(dict, DROPPED_TEXT, dict_hash(DROPPED_TEXT));
	return number == DICT_NONE ? SYMBOL_ABSENT : number;
}

uint32_t
fold_pair_group(const struct fold *fold, const struct plan_query *query,
    const struct plan_measure *measure, uint64_t key)
{
	if (query->grouping == GROUP_NUMBER && fold->pairs[measure->pairs].bitmap)
		return given_number(fold->symbols, query, pair_code(key));
	return pair_group(key);
}

void
fold_codes(struct fold *fold, const struct query_key *key, const uint16_t *at, size_t n,
    uint32_t *ret)
{
	const struct event_batch *batch = fold->batch;
	enum field field = key->field;

	if (event_fields[field].domain != DOMAIN_NONE) {
		const uint32_t *numbers = event_numbers(fold->batch, field);

		for (size_t i = 0; i < n; i++)
			ret[i] = number_of(fold->symbols, key->function, numbers[at[i]]);
	} else if (event_fields[field].type == TYPE_ENUM && key->function == KEY_FIELD) {
		const uint8_t *bytes = event_bytes(fold->batch, field);

		for (size_t i = 0; i < n; i++)
			ret[i] = event_knows(batch->event[at[i]], field)
			    ? bytes[at[i]] + 1u : 0;
	} else {
		for (size_t i = 0; i < n; i++) {
			const struct event *ev = batch->event[at[i]];

			ret[i] = event_knows(ev, field) ? value_code(fold, key, ev) : 0;
		}
	}
}

void
fold_buckets(const struct fold *fold, enum field field, const uint16_t *at, size_t n,
    uint32_t *ret)
{
	size_t offset = event_fields[field].offset;
	int64_t value;

	if (event_fields[field].type == TYPE_BOOL) {
		for (size_t i = 0; i < n; i++)
			ret[i] = bucket_of(event_bytes(fold->batch, field)[at[i]]);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		memcpy(&value, (const char *)fold->batch->event[at[i]] + offset,
		    sizeof(value));
		ret[i] = bucket_of(value);
	}
}
