/* SPDX-License-Identifier: Apache-2.0
 *
 * ranges: ranges of addresses that may overlap, made into a list of where each
 * value begins. An address is a number here, of either family.
 */
#ifndef ENRICH_RANGES_H
#define ENRICH_RANGES_H

#include <stddef.h>
#include <stdint.h>

struct range {
	unsigned __int128 first, last; /* both inside */
	uint32_t value;                /* 0: nothing is known there */
	uint32_t order;                /* of arrival */
};

struct ranges {
	struct range *list;
	size_t count, room;
};

void ranges_add(struct ranges *ranges, unsigned __int128 first, unsigned __int128 last,
    uint32_t value);

/* VALUE holds from AT up to the next border. */
struct border {
	unsigned __int128 at;
	uint32_t value;
};

struct borders {
	struct border *list;
	size_t count, room;
};

/*
 * The borders of RANGES, which get sorted. Where ranges overlap the smallest one's
 * value holds, of equally small ones the first that was added. Before the first border
 * the value is 0. The caller frees RET->list.
 */
void ranges_flatten(struct ranges *ranges, struct borders *ret);

#endif
