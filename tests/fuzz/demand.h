/* SPDX-License-Identifier: Apache-2.0
 *
 * demand: what must hold whatever the bytes are; where it does not, the harness crashes.
 */
#ifndef TESTS_FUZZ_DEMAND_H
#define TESTS_FUZZ_DEMAND_H

#include <stdbool.h>
#include <stdlib.h>

static inline void
demand(bool condition)
{
	if (!condition)
		abort();
}

#endif
