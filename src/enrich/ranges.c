/* SPDX-License-Identifier: Apache-2.0
 *
 * ranges: a sweep from the lowest address up. A heap holds the ranges that have
 * begun, the smallest on top; one that has ended is dropped when it gets there.
 */
#include "enrich/ranges.h"

#include <stdbool.h>

#include "base/mem.h"

void
ranges_add(struct ranges *ranges, unsigned __int128 first, unsigned __int128 last,
    uint32_t value)
{
	MEM_GROW(ranges->list, ranges->count, ranges->room);
	ranges->list[ranges->count] = (struct range){first, last, value,
	    (uint32_t)ranges->count};
	ranges->count++;
}

static int
compare_first(const void *a, const void *b)
{
	const struct range *x = a, *y = b;

	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* Does A hold where both are? */
static bool
goes_before(const struct range *a, const struct range *b)
{
	unsigned __int128 x = a->last - a->first, y = b->last - b->first;

	return x != y ? x < y : a->order < b->order;
}

struct heap {
	const struct range **list;
	size_t count;
};

static void
heap_push(struct heap *heap, const struct range *range)
{
	size_t at = heap->count++;

	while (at && goes_before(range, heap->list[(at - 1) / 2])) {
		heap->list[at] = heap->list[(at - 1) / 2];
		at = (at - 1) / 2;
	}
	heap->list[at] = range;
}

static void
heap_pop(struct heap *heap)
{
	const struct range *last = heap->list[--heap->count];
	size_t at = 0, child;

	while ((child = 2 * at + 1) < heap->count) {
		if (child + 1 < heap->count &&
		    goes_before(heap->list[child + 1], heap->list[child]))
			child++;
		if (!goes_before(heap->list[child], last))
			break;
		heap->list[at] = heap->list[child];
		at = child;
	}
	heap->list[at] = last;
}

static void
add_border(struct borders *borders, unsigned __int128 at, uint32_t value)
{
	uint32_t before = borders->count ? borders->list[borders->count - 1].value : 0;

	if (value == before)
		return;
	MEM_GROW(borders->list, borders->count, borders->room);
	borders->list[borders->count++] = (struct border){at, value};
}

void
ranges_flatten(struct ranges *ranges, struct borders *ret)
{
	struct heap heap = {.list = xcalloc(ranges->count + 1, sizeof(void *))};
	const struct range *next = ranges->list, *end = next + ranges->count;
	unsigned __int128 at = 0;

	*ret = (struct borders){.list = NULL};
	if (ranges->count)
		qsort(ranges->list, ranges->count, sizeof(*ranges->list), compare_first);
	for (;;) {
		while (next < end && next->first <= at)
			heap_push(&heap, next++);
		while (heap.count && heap.list[0]->last < at)
			heap_pop(&heap);
		add_border(ret, at, heap.count ? heap.list[0]->value : 0);
		if (heap.count && (next == end || heap.list[0]->last < next->first)) {
			if (heap.list[0]->last == ~(unsigned __int128)0)
				break;
			at = heap.list[0]->last + 1;
		} else if (next < end) {
			at = next->first;
		} else {
			break;
		}
	}
	free(heap.list);
}
