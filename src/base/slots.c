/* SPDX-License-Identifier: Apache-2.0
 *
 * A slot that moves goes to its home in the first half or to that in the second, and
 * from there to the next free place. Taken in order from behind a free place on, all
 * that stood between a home and a slot have moved before it: so in the first half it comes
 * to stand where it was or before, in the second that far from its home at most, and none
 * that moved is ever cut off from its home.
 */
#include "base/slots.h"

void
slots_spread(struct slot *slots, uint32_t mask)
{
	uint32_t half = mask / 2, free = 0;

	while (slots[free].number)
		free++;
	for (uint32_t n = 1; n <= half; n++) {
		struct slot *slot = &slots[(free + n) & half], moved = *slot;

		if (moved.number == 0)
			continue;
		slot->number = 0;
		slots_put(slots, mask, moved);
	}
}
