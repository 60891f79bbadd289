/* SPDX-License-Identifier: Apache-2.0
 *
 * spread: every task is done once, by how many threads ever.
 */
#include "base/spread.h"

#include <stdatomic.h>

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
	unsigned once = 1;

	for (size_t i = 0; i < TASKS; i++)
		done[i] = 0;
	spread(threads, count, task, &once);
	ok(all_are(count, 1), "%zu tasks, %u threads: each once", count, threads);
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
	return tap_done();
}
