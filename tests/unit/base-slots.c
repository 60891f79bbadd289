/* SPDX-License-Identifier: Apache-2.0
 *
 * slots: whatever the hashes are, all that was put in is found after the table has grown
 * in place, once, and nothing else.
 */
#include "base/slots.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tap.h"

#define FIRST 16u
#define COUNT 5000u

static uint32_t
any(uint32_t number)
{
	return number * UINT32_C(2654435761);
}

/* They stand close to each other, at the end of every table and around it. */
static uint32_t
at_the_end(uint32_t number)
{
	return UINT32_MAX - number % 7;
}

/* Half of them move to the second half, next to each other. */
static uint32_t
in_a_row(uint32_t number)
{
	return number / 2;
}

static uint32_t
few(uint32_t number)
{
	return number % 3 * UINT32_C(0x10000001) + 14;
}

/* Is NUMBER found from HASH on? */
static bool
is_found(const struct slot *slots, uint32_t mask, uint32_t hash, uint32_t number)
{
	for (uint32_t i = hash & mask; slots[i].number; i = (i + 1) & mask)
		if (slots[i].number == number)
			return slots[i].hash == hash;
	return false;
}

/* How many of the first COUNT numbers are lost, or how many are there too often. */
static unsigned
wrong_of(const struct slot *slots, uint32_t mask, uint32_t (*hash)(uint32_t), uint32_t count)
{
	unsigned wrong = 0;
	uint32_t used = 0;

	for (uint32_t number = 1; number <= count; number++)
		wrong += !is_found(slots, mask, hash(number), number);
	for (uint32_t i = 0; i <= mask; i++)
		used += slots[i].number != 0;
	return wrong + (used != count);
}

static void
test_growing(const char *what, uint32_t (*hash)(uint32_t))
{
	struct slot *slots = xcalloc(FIRST, sizeof(*slots));
	uint32_t mask = FIRST - 1;
	unsigned wrong = 0;

	for (uint32_t number = 1; number <= COUNT; number++) {
		if (number > mask / 8 * 7) {
			size_t had = (size_t)mask + 1;

			slots = xrealloc(slots, had * 2, sizeof(*slots));
			memset(slots + had, 0, had * sizeof(*slots));
			mask = mask * 2 + 1;
			slots_spread(slots, mask);
			wrong += wrong_of(slots, mask, hash, number - 1);
		}
		slots_put(slots, mask, (struct slot){hash(number), number});
	}
	ok(wrong == 0 && mask == 8191, "%s: %u grow in place", what, COUNT);
	free(slots);
}

int
main(void)
{
	test_growing("hashes of all sorts", any);
	test_growing("around the end", at_the_end);
	test_growing("in a row", in_a_row);
	test_growing("of three hashes", few);
	return tap_done();
}
