/* SPDX-License-Identifier: Apache-2.0
 *
 * spread: every task is done once, by how many threads ever.
 */
#include "base/spread.h"

#include <stdatomic.h>
#include <string.h>

#include "tap.h"

#define TASKS 1000

static atomic_uint done[TASKS];

static void
task(void *context, size_t i)
{
	atomic_fetch_add(&done[i], *(const unsigned *)context);
}

static bool
all_are(size_t count, unsigned value)
{
	for (size_t i = 0; i < TASKS; i++)
		if (done[i] != (i < count ? value : 0))
			return false;
	return true;
}

static void
check(unsigned threads, size_t count)
{
	uint64_t weights[TASKS];
	unsigned once = 1;

	for (size_t i = 0; i < TASKS; i++) {
		weights[i] = i * 7 % 5;
		done[i] = 0;
	}
	spread(threads, weights, count, task, &once);
	ok(all_are(count, 1), "%zu tasks, %u threads: each once", count, threads);
}

struct noted {
	size_t order[5], count;
};

static void
note(void *context, size_t i)
{
	struct noted *noted = context;

	noted->order[noted->count++] = i;
}

static void
check_order(void)
{
	static const uint64_t weights[] = {0, 7, UINT64_MAX, 7, 9};
	static const size_t expected[] = {2, 4, 1, 3, 0};
	struct noted noted = {.count = 0};

	spread(1, weights, 5, note, &noted);
	ok(noted.count == 5 && memcmp(noted.order, expected, sizeof(expected)) == 0,
	    "the heaviest first, equal ones in order");
}

int
main(void)
{
	static const unsigned threads[] = {0, 1, 2, 3, 16};

	for (size_t t = 0; t < sizeof(threads) / sizeof(*threads); t++) {
		check(threads[t], 0);
		check(threads[t], 1);
		check(threads[t], 2);
		check(threads[t], TASKS);
	}
	check_order();
	return tap_done();
}
