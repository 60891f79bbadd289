/* SPDX-License-Identifier: Apache-2.0
 *
 * slots: a table that leads from hashes to numbers, by open addressing; one hash may
 * lead to several. It grows in place: no second table is made beside it, and half
 * of its pages are there already.
 */
#ifndef BASE_SLOTS_H
#define BASE_SLOTS_H

#include <stdint.h>

struct slot {
	uint32_t hash;
	uint32_t number; /* 0: free */
};

/* Puts SLOT into the table at SLOTS, which is of MASK + 1, a power of two, and not full. */
static inline void
slots_put(struct slot *slots, uint32_t mask, struct slot slot)
{
	uint32_t i = slot.hash & mask;

	while (slots[i].number)
		i = (i + 1) & mask;
	slots[i] = slot;
}

/*
 * SLOTS were half of MASK + 1 and are that many now, of which the second half is free:
 * moves each to where it is found.
 */
void slots_spread(struct slot *slots, uint32_t mask);

#endif
