/* SPDX-License-Identifier: Apache-2.0
 *
 * window: an exact sliding window. No more marks are kept than reach the threshold, so
 * that a key's memory is bounded however much it does. Most keys have one mark or two:
 * these lie in the table itself, more of them in a block of their own.
 *
 * A mark is its time, its event's id and, where it is of use, its value: words. Times are
 * kept so that a word of 0 says that there is no mark, and one of all ones a block.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "detect/room.h"

#define INLINE 2u
#define IS_BLOCK UINT64_MAX /* INT64_MAX: no event's time */

struct block {
	uint32_t count, room;
	uint64_t words[];
};

/* The marks of a window, wherever they lie. */
struct marks {
	uint64_t *words;
	uint32_t count, room;
	unsigned width; /* words of a mark */
};

static unsigned
width_of(const struct counter *counter)
{
	return counter->what == COUNTS_EVENTS ? 2 : 3;
}

size_t
window_size(const struct counter *counter)
{
	return INLINE * width_of(counter) * sizeof(uint64_t);
}

static uint64_t
time_word(int64_t time)
{
	return (uint64_t)time ^ (UINT64_C(1) << 63);
}

static int64_t
word_time(uint64_t word)
{
	return (int64_t)(word ^ (UINT64_C(1) << 63));
}

static struct block *
block_of(const uint64_t *window)
{
	return (struct block *)(uintptr_t)window[1];
}

static struct marks
marks_of(const struct counter *counter, uint64_t *window)
{
	struct marks marks = {.words = window, .room = INLINE, .width = width_of(counter)};

	if (window[0] == IS_BLOCK) {
		struct block *block = block_of(window);

		marks.words = block->words;
		marks.count = block->count;
		marks.room = block->room;
	} else {
		while (marks.count < INLINE && window[marks.count * marks.width])
			marks.count++;
	}
	return marks;
}

static struct mark
mark_at(const struct marks *marks, uint32_t at)
{
	const uint64_t *words = marks->words + (size_t)at * marks->width;

	return (struct mark){.time = word_time(words[0]), .id = words[1],
	    .value = marks->width > 2 ? words[2] : 0};
}

static size_t
mark_bytes(const struct marks *marks, uint32_t count)
{
	return (size_t)count * marks->width * sizeof(uint64_t);
}

/* What a block of ROOM takes, with what its allocation needs. */
static size_t
block_bytes(const struct marks *marks, uint32_t room)
{
	return sizeof(struct block) + mark_bytes(marks, room) + 16;
}

/* Moves the marks of WINDOW to where there is room for ROOM of them. */
static void
make_room(struct counter *counter, uint64_t *window, struct marks *marks, uint32_t room)
{
	bool is_block = window[0] == IS_BLOCK;
	uint32_t words = room * marks->width;
	struct block *block = xrealloc(is_block ? block_of(window) : NULL, 1,
	    sizeof(*block) + words * sizeof(uint64_t));

	if (is_block)
		counter->owned -= block_bytes(marks, marks->room);
	else
		memcpy(block->words, window, mark_bytes(marks, marks->count));
	counter->owned += block_bytes(marks, room);
	block->count = marks->count;
	block->room = room;
	window[0] = IS_BLOCK;
	window[1] = (uint64_t)(uintptr_t)block;
	marks->words = block->words;
	marks->room = room;
}

static void
free_block(struct counter *counter, uint64_t *window)
{
	struct marks marks = marks_of(counter, window);

	counter->owned -= block_bytes(&marks, marks.room);
	free(block_of(window));
	window[0] = 0;
}

/* WINDOW has the first COUNT of MARKS. */
static void
set_count(struct counter *counter, uint64_t *window, struct marks *marks, uint32_t count)
{
	uint64_t few[INLINE * 3];

	marks->count = count;
	if (window[0] == IS_BLOCK && count > INLINE) {
		block_of(window)->count = count;
		return;
	}
	memcpy(few, marks->words, mark_bytes(marks, count));
	if (window[0] == IS_BLOCK)
		free_block(counter, window);
	memset(window, 0, mark_bytes(marks, INLINE));
	memcpy(window, few, mark_bytes(marks, count));
	marks->words = window;
	marks->room = INLINE;
}

static void
move(struct marks *marks, uint32_t to, uint32_t from)
{
	memmove(marks->words + (size_t)to * marks->width,
	    marks->words + (size_t)from * marks->width,
	    mark_bytes(marks, marks->count - from));
}

/* Removes the mark with MARK's value when that is older; false: it is newer. */
static bool
renew_value(struct counter *counter, uint64_t *window, struct marks *marks,
    const struct mark *mark)
{
	for (uint32_t i = 0; i < marks->count; i++) {
		struct mark other = mark_at(marks, i);

		if (other.value != mark->value)
			continue;
		if (other.time > mark->time)
			return false;
		move(marks, i, i + 1);
		set_count(counter, window, marks, marks->count - 1);
		return true;
	}
	return true;
}

/* N of MARK, behind those of the same time. */
static void
insert(struct counter *counter, uint64_t *window, struct marks *marks,
    const struct mark *mark, uint32_t n)
{
	uint32_t at = marks->count, more = marks->count + n;

	if (more > marks->room)
		make_room(counter, window, marks, more <= 4 ? 4 : more + more / 3);
	while (at > 0 && mark_at(marks, at - 1).time > mark->time)
		at--;
	move(marks, at + n, at);
	for (uint32_t i = at; i < at + n; i++) {
		uint64_t *words = marks->words + (size_t)i * marks->width;

		words[0] = time_word(mark->time);
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

		if (mark_at(marks, middle).time < from)
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
		sum += mark_at(marks, at).value;
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
	while (at + 1 < marks->count && sum - mark_at(marks, at).value >= counter->need)
		sum -= mark_at(marks, at++).value;
	return at;
}

static int64_t
earliest(int64_t latest, int64_t within)
{
	return latest < INT64_MIN + within ? INT64_MIN : latest - within;
}

void
window_add(struct counter *counter, uint64_t *window, const struct mark *mark, uint32_t weight)
{
	struct marks marks = marks_of(counter, window);
	int64_t latest = marks.count ? mark_at(&marks, marks.count - 1).time : mark->time;
	uint32_t old;

	latest = mark->time > latest ? mark->time : latest;
	if (mark->time < earliest(latest, counter->within) ||
	    (counter->what == COUNTS_VALUES && !renew_value(counter, window, &marks, mark)))
		return;
	if (counter->what != COUNTS_EVENTS)
		weight = 1;
	else if (weight > counter->need)
		weight = (uint32_t)counter->need;
	insert(counter, window, &marks, mark, weight);
	old = not_needed(counter, &marks,
	    first_since(&marks, earliest(latest, counter->within)));
	move(&marks, 0, old);
	set_count(counter, window, &marks, marks.count - old);
}

struct standing
window_standing(const struct counter *counter, uint64_t *window, int64_t within, int64_t from)
{
	struct marks marks = marks_of(counter, window);
	struct standing standing = {.end = marks.count, .since = INT64_MAX};
	int64_t first;

	if (marks.count == 0)
		return standing;
	first = earliest(mark_at(&marks, marks.count - 1).time, within);
	standing.first = first_since(&marks, first > from ? first : from);
	standing.sum = sum_from(counter, &marks, standing.first);
	if (standing.first < standing.end)
		standing.since = mark_at(&marks, standing.first).time;
	return standing;
}

uint32_t
window_evidence(const struct counter *counter, uint64_t *window,
    const struct standing *standing, uint64_t ret[DETECT_EVIDENCE])
{
	struct marks marks = marks_of(counter, window);
	uint64_t ids[DETECT_EVIDENCE];
	uint32_t count = 0;

	/* An event that counts for several is one. */
	for (uint32_t i = standing->end; i > standing->first && count < DETECT_EVIDENCE; i--) {
		uint64_t id = mark_at(&marks, i - 1).id;

		if (count == 0 || ids[count - 1] != id)
			ids[count++] = id;
	}
	for (uint32_t i = 0; i < count; i++)
		ret[i] = ids[count - 1 - i];
	return count;
}

void
window_drop(void *counter, void *window)
{
	if (*(uint64_t *)window == IS_BLOCK)
		free_block(counter, window);
}

bool
window_is_over(void *context, const void *window)
{
	const struct counter *counter = context;
	struct marks marks = marks_of(counter, (uint64_t *)(uintptr_t)window);

	return marks.count == 0 || mark_at(&marks, marks.count - 1).time <
	    earliest(*counter->now, counter->within + DETECT_SLACK);
}
