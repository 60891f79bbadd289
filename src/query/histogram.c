/* SPDX-License-Identifier: Apache-2.0
 *
 * histogram: what a table of pairs holds of some groups, and the quantiles of it.
 */
#include <float.h>
#include <stdlib.h>

#include "base/hash.h"
#include "query/room.h"

static void
swap_bars(struct bar *a, struct bar *b)
{
	struct bar old = *a;

	*a = *b;
	*b = old;
}

/*
 * Sorts BARS[from..to) as one of them divides them: those below it come first, then it,
 * then the others. Returns where it is then, and how many events the ones before it have.
 * Which one it is nobody can foresee, who may have chosen their order.
 */
static size_t
part_bars(struct bar *bars, size_t from, size_t to, uint64_t *ret_less)
{
	size_t less = from;

	swap_bars(&bars[from], &bars[from + hash_u64(to - from) % (to - from)]);
	*ret_less = 0;
	for (size_t i = from + 1; i < to; i++) {
		if (bars[i].bucket >= bars[from].bucket)
			continue;
		*ret_less += bars[i].count;
		swap_bars(&bars[++less], &bars[i]);
	}
	swap_bars(&bars[from], &bars[less]);
	return less;
}

/* Looks for it where it must be, which takes less than sorting the bars. */
int64_t
histogram_quantile(struct histogram *histogram, double quantile)
{
	/* A bit less, as 0.07 * 100 is a bit more than 7. */
	double wanted = quantile * (double)histogram->events * (1 - 4 * DBL_EPSILON);
	size_t from = 0, to = histogram->count;
	uint64_t rank = (uint64_t)wanted, less;

	rank += (double)rank < wanted || rank == 0;
	while (from < to) {
		size_t middle = part_bars(histogram->bars, from, to, &less);
		const struct bar *bar = &histogram->bars[middle];

		if (rank <= less) {
			to = middle;
		} else if (rank <= less + bar->count) {
			return bucket_value(bar->bucket);
		} else {
			rank -= less + bar->count;
			from = middle + 1;
		}
	}
	return 0;
}

/* Two passes over the pairs: how many bars each has, and then the bars. */
struct histogram *
histograms_new(const struct pairs *pairs, const uint32_t *row_of, size_t rows)
{
	struct histogram *list = xcalloc(rows + 1, sizeof(*list));
	struct bar *bars = xmalloc(pairs->count * sizeof(*bars));
	uint64_t at, key, count;
	size_t used = 0;

	/* What is for no row is counted in the one behind them. */
	for (at = 0; pairs_next(pairs, &at, &key, &count);)
		list[row_of[pair_group(key)] ? row_of[pair_group(key)] - 1 : rows].room++;
	for (size_t i = 0; i <= rows; i++) {
		list[i].bars = bars + used;
		used += list[i].room;
	}
	for (at = 0; pairs_next(pairs, &at, &key, &count);) {
		struct histogram *histogram;

		if (!row_of[pair_group(key)])
			continue;
		histogram = &list[row_of[pair_group(key)] - 1];
		histogram->bars[histogram->count++] = (struct bar){pair_code(key), count};
		histogram->events += count;
	}
	return list;
}

void
histograms_free(struct histogram *list)
{
	if (list)
		free(list->bars);
	free(list);
}
