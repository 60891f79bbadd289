/* SPDX-License-Identifier: Apache-2.0 */
#include "base/nearest.h"

#define WORD_MAX 40

static char
lower(char c)
{
	return (unsigned char)(c - 'A') < 26 ? (char)(c | 0x20) : c;
}

static unsigned
least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/*
 * Slips between A and B, both at most WORD_MAX long: letters put in, left out,
 * replaced, or two neighbours swapped (optimal string alignment).
 */
static unsigned
distance(struct str a, struct str b)
{
	unsigned row[3][WORD_MAX + 1]; /* of the table, by i modulo 3 */

	for (unsigned j = 0; j <= b.len; j++)
		row[0][j] = j;
	for (unsigned i = 1; i <= a.len; i++) {
		unsigned *now = row[i % 3], *before = row[(i - 1) % 3];

		now[0] = i;
		for (unsigned j = 1; j <= b.len; j++) {
			char x = lower(a.p[i - 1]), y = lower(b.p[j - 1]);

			now[j] = 1 + least(before[j], now[j - 1]);
			now[j] = least(now[j], before[j - 1] + (x != y));
			if (i > 1 && j > 1 && x == lower(b.p[j - 2]) && y == lower(a.p[i - 2]))
				now[j] = least(now[j], row[(i - 2) % 3][j - 2] + 1);
		}
	}
	return row[a.len % 3][b.len];
}

const char *
nearest(struct str word, const char *const *candidates, size_t n)
{
	unsigned best = word.len < 3 ? 1 : (unsigned)(word.len + 2) / 3;
	const char *found = NULL;

	if (word.len == 0 || word.len > WORD_MAX)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		struct str candidate = str_of(candidates[i]);
		unsigned slips;

		if (candidate.len > WORD_MAX)
			continue;
		/* As many slips at least as the one is longer than the other. */
		if (candidate.len >= word.len + best + !found ||
		    word.len >= candidate.len + best + !found)
			continue;
		slips = distance(word, candidate);
		if (slips < best + !found) {
			best = slips;
			found = candidates[i];
		}
	}
	for (size_t i = 0; i < n && !found && word.len >= 3; i++)
		if (str_eq_nocase(str_head(str_of(candidates[i]), word.len), word))
			found = candidates[i];
	return found;
}
