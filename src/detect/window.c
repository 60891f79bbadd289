/* SPDX-License-Identifier: Apache-2.0
 *
 * window: an exact sliding window. No more marks are kept than reach the threshold, so
 * that a key's memory is bounded however much it does. Most keys have a few marks: these
 * lie packed in the table itself, whose entries have a size for each number of them; more
 * are in a block of their own. Whoever looks at marks has them unpacked.
 *
 * Packed are the time of the first, how much later each other came, their events' ids and,
 * where they are of use, their values. What does not fit that (marks more than 12 days apart;
 * all that comes eight years after a table was begun) is in a block, too.
 */
#include <endian.h>
#include <stdlib.h>

#include "base/mem.h"
#include "detect/room.h"

/* Marks that are packed at most; an entry of size 0 has none, or its block. */
#define PACKED MARKS_FEW

/* Bytes of what is packed. */
#define TIME_BYTES 6u /* since the counter's `origin`: nearly nine years */
#define LATER_BYTES 5u
#define ID_BYTES 8u
#define VALUE_BYTES 6u

/* How much earlier than the first of all something may come and still be packed. */
#define LATE_MOST (UINT64_C(365) * 24 * 3600 * 1000000)

_Static_assert(MARK_VALUE_MOST >> (8 * VALUE_BYTES) == 0, "values fit");

/* A mark is its time, its event's id and, where it is of use, its value: words. */
struct block {
	uint32_t count, room;
	uint64_t words[];
};

static unsigned
width_of(const struct counter *counter)
{
	return counter->what == COUNTS_EVENTS ? 2 : 3;
}

void
window_sizes(const struct counter *counter, size_t ret[WINDOW_SIZES])
{
	size_t mark = LATER_BYTES + ID_BYTES + (width_of(counter) > 2 ? VALUE_BYTES : 0);

	ret[0] = sizeof(struct block *);
	for (unsigned n = 1; n < WINDOW_SIZES; n++)
		ret[n] = TIME_BYTES - LATER_BYTES + n * mark;
}

static const char *
unpack_number(const char *from, unsigned bytes, uint64_t *ret)
{
	*ret = 0;
	memcpy(ret, from, bytes);
	*ret = le64toh(*ret);
	return from + bytes;
}

static char *
pack_number(char *to, unsigned bytes, uint64_t number)
{
	number = htole64(number);
	memcpy(to, &number, bytes);
	return to + bytes;
}

static uint64_t *
words_at(const struct marks *marks, uint32_t at)
{
	return marks->words + (size_t)at * marks->width;
}

static int64_t
time_at(const struct marks *marks, uint32_t at)
{
	return (int64_t)words_at(marks, at)[0];
}

static uint64_t
value_at(const struct marks *marks, uint32_t at)
{
	return words_at(marks, at)[2];
}

static size_t
mark_bytes(unsigned width, uint32_t count)
{
	return (size_t)count * width * sizeof(uint64_t);
}

static void
unpack(const struct counter *counter, const char *from, const struct marks *ret)
{
	from = unpack_number(from, TIME_BYTES, ret->words);
	*ret->words += counter->origin;
	for (uint32_t i = 1; i < ret->count; i++) {
		from = unpack_number(from, LATER_BYTES, words_at(ret, i));
		*words_at(ret, i) += *ret->words;
	}
	for (unsigned word = 1; word < ret->width; word++)
		for (uint32_t i = 0; i < ret->count; i++)
			from = unpack_number(from, word == 1 ? ID_BYTES : VALUE_BYTES,
			    words_at(ret, i) + word);
}

static void
pack(const struct counter *counter, const struct marks *marks, char *to)
{
	to = pack_number(to, TIME_BYTES, *marks->words - counter->origin);
	for (uint32_t i = 1; i < marks->count; i++)
		to = pack_number(to, LATER_BYTES, *words_at(marks, i) - *marks->words);
	for (unsigned word = 1; word < marks->width; word++)
		for (uint32_t i = 0; i < marks->count; i++)
			to = pack_number(to, word == 1 ? ID_BYTES : VALUE_BYTES,
			    words_at(marks, i)[word]);
}

static bool
can_pack(const struct counter *counter, const struct marks *marks)
{
	uint64_t first = *marks->words, last = *words_at(marks, marks->count - 1);

	return marks->count <= PACKED &&
	    (first - counter->origin) >> (8 * TIME_BYTES) == 0 &&
	    (last - first) >> (8 * LATER_BYTES) == 0;
}

static struct block *
block_of(const void *window)
{
	struct block *block;

	memcpy(&block, window, sizeof(block));
	return block;
}

static void
marks_of(const struct counter *counter, const void *window, struct marks *ret)
{
	ret->count = lru_size(counter->windows, window);
	ret->words = ret->few;
	ret->room = PACKED + 1;
	ret->width = width_of(counter);
	ret->block = ret->count ? NULL : block_of(window);
	if (ret->count)
		unpack(counter, window, ret);
	if (!ret->block)
		return;
	ret->words = ret->block->words;
	ret->count = ret->block->count;
	ret->room = ret->block->room;
}

/* What a block of ROOM takes, with what its allocation needs. */
static size_t
block_bytes(const struct counter *counter, uint32_t room)
{
	return sizeof(struct block) + mark_bytes(width_of(counter), room) + 16;
}

/* Moves MARKS to a block where there is room for ROOM of them. */
static void
make_room(struct counter *counter, struct marks *marks, uint32_t room)
{
	struct block *block = xrealloc(marks->block, 1,
	    sizeof(*block) + mark_bytes(marks->width, room));

	if (marks->block)
		counter->owned -= block_bytes(counter, marks->room);
	else
		memcpy(block->words, marks->few, mark_bytes(marks->width, marks->count));
	counter->owned += block_bytes(counter, room);
	block->room = room;
	marks->block = block;
	marks->words = block->words;
	marks->room = room;
}

static void
free_block(struct counter *counter, struct block *block)
{
	counter->owned -= block_bytes(counter, block->room);
	free(block);
}

/* The window at hand has MARKS. */
static void
keep(struct counter *counter, struct marks *marks)
{
	bool packed = can_pack(counter, marks);

	if (!packed && !marks->block)
		make_room(counter, marks, marks->count + marks->count / 3);
	counter->window =
	    lru_resize(counter->windows, counter->window, packed ? marks->count : 0);
	if (!packed) {
		marks->block->count = marks->count;
		memcpy(counter->window, &marks->block, sizeof(marks->block));
		return;
	}
	if (marks->block) {
		memcpy(marks->few, marks->words, mark_bytes(marks->width, marks->count));
		marks->words = marks->few;
		free_block(counter, marks->block);
		marks->block = NULL;
	}
	pack(counter, marks, counter->window);
}

static void
move(struct marks *marks, uint32_t to, uint32_t from)
{
	memmove(words_at(marks, to), words_at(marks, from),
	    mark_bytes(marks->width, marks->count - from));
}

/* Removes the mark with MARK's value when that is older; false: it is newer. */
static bool
renew_value(struct marks *marks, const struct mark *mark)
{
	for (uint32_t i = 0; i < marks->count; i++) {
		if (value_at(marks, i) != mark->value)
			continue;
		if (time_at(marks, i) > mark->time)
			return false;
		move(marks, i, i + 1);
		marks->count--;
		return true;
	}
	return true;
}

/* N of MARK, behind those of the same time. */
static void
insert(struct counter *counter, struct marks *marks, const struct mark *mark, uint32_t n)
{
	uint32_t at = marks->count, more = marks->count + n;

	if (more > marks->room)
		make_room(counter, marks, more + more / 3);
	while (at > 0 && time_at(marks, at - 1) > mark->time)
		at--;
	if (at < marks->count)
		move(marks, at + n, at);
	for (uint32_t i = at; i < at + n; i++) {
		uint64_t *words = words_at(marks, i);

		words[0] = (uint64_t)mark->time;
		words[1] = mark->id;
		if (marks->width > 2)
			words[2] = mark->value;
	}
	marks->count = more;
}

/* The first mark since FROM. */
static uint32_t
first_since(const struct marks *marks, int64_t from)
{
	uint32_t low = 0, high = marks->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (time_at(marks, middle) < from)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static uint64_t
sum_from(const struct counter *counter, const struct marks *marks, uint32_t at)
{
	uint64_t sum = 0;

	if (counter->what != COUNTS_POINTS)
		return marks->count - at;
	for (; at < marks->count; at++)
		sum += value_at(marks, at);
	return sum;
}

/* How many of the oldest marks are not needed to reach what is counted to. */
static uint32_t
not_needed(const struct counter *counter, const struct marks *marks, uint32_t at)
{
	uint64_t sum;

	if (counter->what != COUNTS_POINTS)
		return marks->count - at > counter->need ?
		    (uint32_t)(marks->count - counter->need) : at;
	sum = sum_from(counter, marks, at);
	while (at + 1 < marks->count && sum - value_at(marks, at) >= counter->need)
		sum -= value_at(marks, at++);
	return at;
}

static int64_t
earliest(int64_t latest, int64_t within)
{
	return latest < INT64_MIN + within ? INT64_MIN : latest - within;
}

void *
window_of(struct counter *counter, int64_t time)
{
	/* What is packed is later than `origin`; some lines come late. */
	if (lru_count(counter->windows) == 0)
		counter->origin = (uint64_t)time - LATE_MOST;
	return lru_get(counter->windows, counter->key.hash);
}

void
window_add(struct counter *counter, const struct mark *mark, uint32_t weight)
{
	struct marks *marks = &counter->marks;
	int64_t latest;
	uint32_t old;

	marks_of(counter, counter->window, marks);
	latest = marks->count ? time_at(marks, marks->count - 1) : mark->time;
	latest = mark->time > latest ? mark->time : latest;
	if (mark->time < earliest(latest, counter->within) ||
	    (counter->what == COUNTS_VALUES && !renew_value(marks, mark)))
		return;
	if (counter->what != COUNTS_EVENTS)
		weight = 1;
	else if (weight > counter->need)
		weight = (uint32_t)counter->need;
	insert(counter, marks, mark, weight);
	old = not_needed(counter, marks,
	    first_since(marks, earliest(latest, counter->within)));
	if (old) {
		move(marks, 0, old);
		marks->count -= old;
	}
	keep(counter, marks);
}

struct standing
window_standing(const struct counter *counter, int64_t within, int64_t from)
{
	const struct marks *marks = &counter->marks;
	struct standing standing = {.end = marks->count, .since = INT64_MAX};
	int64_t first;

	if (marks->count == 0)
		return standing;
	first = earliest(time_at(marks, marks->count - 1), within);
	standing.first = first_since(marks, first > from ? first : from);
	standing.sum = sum_from(counter, marks, standing.first);
	if (standing.first < standing.end)
		standing.since = time_at(marks, standing.first);
	return standing;
}

uint32_t
window_evidence(const struct counter *counter, const struct standing *standing,
    uint64_t ret[DETECT_EVIDENCE])
{
	uint64_t ids[DETECT_EVIDENCE];
	uint32_t count = 0;

	/* An event that counts for several is one. */
	for (uint32_t i = standing->end; i > standing->first && count < DETECT_EVIDENCE; i--) {
		uint64_t id = words_at(&counter->marks, i - 1)[1];

		if (count == 0 || ids[count - 1] != id)
			ids[count++] = id;
	}
	for (uint32_t i = 0; i < count; i++)
		ret[i] = ids[count - 1 - i];
	return count;
}

void
window_drop(void *context, void *window)
{
	struct counter *counter = context;
	struct block *block = lru_size(counter->windows, window) ? NULL : block_of(window);

	if (block)
		free_block(counter, block);
}

/* The time of the last mark of WINDOW; INT64_MIN: it has none. */
static int64_t
last_time(const struct counter *counter, const char *window)
{
	unsigned count = lru_size(counter->windows, window);
	const struct block *block = count ? NULL : block_of(window);
	uint64_t first, later = 0;

	if (block)
		return (int64_t)block->words[(block->count - 1) * width_of(counter)];
	if (count == 0)
		return INT64_MIN;
	window = unpack_number(window, TIME_BYTES, &first);
	if (count > 1)
		unpack_number(window + (count - 2) * LATER_BYTES, LATER_BYTES, &later);
	return (int64_t)(counter->origin + first + later);
}

bool
window_is_over(void *context, const void *window)
{
	const struct counter *counter = context;

	return last_time(counter, window) <
	    earliest(*counter->now, counter->within + DETECT_SLACK);
}
