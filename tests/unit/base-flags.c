/* SPDX-License-Identifier: Apache-2.0
 *
 * flags: sixteen at a time they say what one by one would, and behind the last are zeros.
 */
#include "base/flags.h"

#include "tap.h"

#define ROOM 1024u

static uint8_t a[ROOM], b[ROOM], values[ROOM], got[ROOM], before[ROOM];

static void
fill(size_t n, unsigned seed)
{
	for (size_t i = 0; i < ROOM; i++) {
		seed = seed * 1103515245 + 12345;
		a[i] = i < n && seed >> 16 & 1;
		b[i] = i < n && seed >> 17 & 1;
		before[i] = i < n && seed >> 18 & 1;
		values[i] = (uint8_t)(seed >> 20) % 64;
	}
	memset(got, 1, sizeof(got));
}

/* Up to the next multiple of sixteen behind N nothing is set. */
static bool
ends(size_t n)
{
	for (size_t i = n; i % FLAGS_LANES; i++)
		if (got[i])
			return false;
	return true;
}

static bool
joins(size_t n)
{
	bool good = true;

	flags_and(got, a, b, n);
	for (size_t i = 0; i < n; i++)
		good &= got[i] == (a[i] & b[i]);
	good &= ends(n);
	for (unsigned invert = 0; invert < 2; invert++) {
		memcpy(got, before, sizeof(got));
		flags_add(got, a, b, invert, n);
		for (size_t i = 0; i < n; i++)
			good &= got[i] == (before[i] | (a[i] & (b[i] ^ invert)));
		good &= ends(n);
	}
	return good;
}

static bool
finds(size_t n)
{
	static const uint64_t sets[] = {0, 1, 6, UINT64_C(1) << 63, ~UINT64_C(0),
	    ~UINT64_C(8), UINT64_C(0xffffffff), UINT64_C(0x5555555555555555)};
	bool good = true;

	for (size_t s = 0; s < sizeof(sets) / sizeof(*sets); s++) {
		memset(got, 1, sizeof(got));
		flags_in_set(got, a, values, sets[s], n);
		for (size_t i = 0; i < n; i++)
			good &= got[i] == (a[i] & (sets[s] >> values[i] & 1));
		good &= ends(n);
	}
	return good;
}

static bool
counts(size_t n)
{
	size_t count = 0;
	bool good;

	for (size_t i = 0; i < n; i++)
		count += a[i];
	good = flags_count(a, n) == count;
	flags_begin(got, n);
	good &= flags_count(got, n) == n && ends(n);
	flags_clear(got, n);
	return good && flags_count(got, n) == 0;
}

int
main(void)
{
	static const size_t sizes[] = {0, 1, 15, 16, 17, 31, 32, 33, 100, 1000, 1023, ROOM};
	bool joined = true, found = true, counted = true;

	for (size_t s = 0; s < sizeof(sizes) / sizeof(*sizes); s++)
		for (unsigned seed = 1; seed <= 20; seed++) {
			fill(sizes[s], seed);
			joined &= joins(sizes[s]);
			found &= finds(sizes[s]);
			counted &= counts(sizes[s]);
		}
	ok(joined, "and, and or");
	ok(found, "values in a set");
	ok(counted, "counts, beginning and clearing");
	return tap_done();
}
