/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/lines.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/holes.h"
#include "parse/parse.h"

#ifdef __SSE2__
#include <immintrin.h>

#define LINES_AVX2 __attribute__((target("avx2,bmi")))
#endif

#define BUFFER (256 * 1024)
#define PADDING 64 /* readable bytes behind the last line */
#define REST 4096  /* read behind a segment's end, for its last line */

_Static_assert(PADDING >= PARSE_PADDING && PADDING >= PARSE_RUN_PADDING,
    "lines are for parse_line() and parse_begin_alike()");

void
lines_init(struct lines *lines, const struct segment *segments, size_t count,
    void (*release)(void *context), void *context)
{
	*lines = (struct lines){.segments = segments, .segment_count = count,
	    .release = release, .context = context};
	lines->buf = xmalloc(BUFFER + PADDING);
	memset(lines->buf + BUFFER, 0, PADDING);
	/* Before the first segment: an empty one that is over. */
	lines->ended = true;
}

void
lines_end(struct lines *lines)
{
	if (lines->reader)
		input_reader_close(lines->reader);
	lines->reader = NULL;
	free(lines->buf);
	lines->buf = NULL;
}

void
lines_done(struct lines *lines)
{
	lines_end(lines);
	for (size_t i = 0; i < lines->error_count; i++)
		free(lines->errors[i]);
	free(lines->errors);
	free(lines->error_sources);
	free(lines->holes);
}

static void
note_error(struct lines *lines, const struct err *err)
{
	size_t room = lines->error_room;

	MEM_GROW(lines->errors, lines->error_count, lines->error_room);
	if (room != lines->error_room)
		lines->error_sources =
		    xrealloc(lines->error_sources, lines->error_room, sizeof(uint32_t));
	lines->error_sources[lines->error_count] = lines->segments[lines->segment].source_no;
	lines->errors[lines->error_count++] = xstrdup(err->text);
}

/* Up to ROOM more bytes of the segment; 0 at its end or on a fault, which is noted. */
static size_t
read_more(struct lines *lines, char *to, size_t room)
{
	const struct segment *segment = &lines->segments[lines->segment];
	uint64_t have = lines->offset + (lines->end - lines->at);
	struct err err;
	ssize_t n;

	if (lines->reader)
		n = input_reader_read(lines->reader, to, room, &err);
	else
		n = input_read_at(segment->file, to, room, have, &err);
	if (n < 0) {
		note_error(lines, &err);
		return 0;
	}
	if (lines->done)
		atomic_fetch_add_explicit(lines->done, (uint64_t)n, memory_order_relaxed);
	return (size_t)n;
}

/* A segment that begins inside a file begins behind the next newline. */
static void
skip_to_line(struct lines *lines)
{
	if (lines->offset == 0)
		return;
	lines->offset--; /* a newline just before `from` means a line begins there */
	lines->skipping = true;
}

static void
open_segment(struct lines *lines)
{
	const struct segment *segment = &lines->segments[lines->segment];
	struct err err;

	lines->at = lines->end = 0;
	lines->offset = segment->from;
	lines->lineno = 0;
	lines->ended = lines->skipping = lines->suspect = lines->torn = false;
	lines->opened = true;
	if (segment->file->seekable) {
		skip_to_line(lines);
	} else if (input_reader_open(segment->file, &lines->reader, &err) < 0) {
		note_error(lines, &err);
		lines->ended = true;
	}
}

static void
close_segment(struct lines *lines)
{
	holes_end(lines);
	if (lines->reader)
		input_reader_close(lines->reader);
	lines->reader = NULL;
	lines->opened = false;
	lines->at = lines->end = 0;
}

/* How much of ROOM to fill: little more than there is of the segment. */
static size_t
wanted(const struct lines *lines, size_t room)
{
	uint64_t have = lines->offset + (lines->end - lines->at);
	uint64_t to = lines->segments[lines->segment].to, left = to > have ? to - have : 0;

	return left < room && room - left > REST ? (size_t)left + REST : room;
}

/* Moves the unread bytes to the front and fills the buffer up. */
static void
fill(struct lines *lines)
{
	size_t n;

	if (lines->release)
		lines->release(lines->context);
	memmove(lines->buf, lines->buf + lines->at, lines->end - lines->at);
	lines->end -= lines->at;
	lines->at = 0;
	if (lines->until_pause && lines->reader && input_reader_paused(lines->reader)) {
		lines->ended = true;
		return;
	}
	n = read_more(lines, lines->buf + lines->end, wanted(lines, BUFFER - lines->end));
	holes_look(lines, lines->end, n);
	lines->end += n;
	lines->ended = n == 0;
}

static void
drop(struct lines *lines, size_t n)
{
	lines->at += n;
	lines->offset += n;
}

#ifdef __SSE2__
/* A bit for each newline in the 16 bytes at P. */
static inline uint64_t
newline_bits_16(const char *p)
{
	__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);

	return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n')));
}

/* The same for 64 bytes; written out, for gcc does not unroll loops at -O2. */
static inline uint64_t
newline_bits(const char *p)
{
	return newline_bits_16(p) | newline_bits_16(p + 16) << 16 |
	    newline_bits_16(p + 32) << 32 | newline_bits_16(p + 48) << 48;
}

/* The same with instructions that processors have since 2013. */
LINES_AVX2 static inline uint64_t
newline_bits_avx2(const char *p)
{
	const __m256i *bytes = (const __m256i *)(const void *)p;
	__m256i newline = _mm256_set1_epi8('\n');
	__m256i low = _mm256_cmpeq_epi8(_mm256_loadu_si256(bytes), newline);
	__m256i high = _mm256_cmpeq_epi8(_mm256_loadu_si256(bytes + 1), newline);

	return (unsigned)_mm256_movemask_epi8(low) |
	    (uint64_t)(unsigned)_mm256_movemask_epi8(high) << 32;
}

/*
 * Adds what BITS, of the 64 bytes AT, have to the N newlines at TO, without a branch for the
 * first, which is at FIRST of them: whether there is one is nothing the processor can guess.
 * Two are seldom.
 */
static inline __attribute__((always_inline)) size_t
note_newlines(uint32_t *to, size_t n, size_t at, uint64_t bits, uint64_t first)
{
	to[n] = (uint32_t)(at + first);
	n += bits != 0;
	for (bits &= bits - 1; __builtin_expect(bits != 0, 0); bits &= bits - 1)
		to[n++] = (uint32_t)at + (uint32_t)__builtin_ctzll(bits);
	return n;
}

/* note_newlines() where finding the first bit needs one: the last stands in for it. */
static inline size_t
note_any(uint32_t *to, size_t n, size_t at, uint64_t bits)
{
	return note_newlines(to, n, at, bits,
	    (unsigned)__builtin_ctzll(bits | UINT64_C(1) << 63));
}

/* note_newlines() of the 64 bytes AT. */
LINES_AVX2 static inline size_t
note_avx2(uint32_t *to, size_t n, size_t at, const char *buf)
{
	uint64_t bits = newline_bits_avx2(buf + at);

	return note_newlines(to, n, at, bits, _tzcnt_u64(bits));
}

/*
 * All from *AT up to END_AT where 64 bytes are to be had; moves *AT behind them. By 256,
 * for gcc does not unroll loops at -O2.
 */
LINES_AVX2 static size_t
find_avx2(struct lines *lines, size_t *at, size_t end_at)
{
	size_t i = *at, n = 0, end = i + ((end_at - i) & ~(size_t)255);
	const char *buf = lines->buf;
	uint32_t *to = lines->newlines;

	while (i != end) {
		n = note_avx2(to, n, i, buf);
		n = note_avx2(to, n, i + 64, buf);
		n = note_avx2(to, n, i + 128, buf);
		n = note_avx2(to, n, i + 192, buf);
		i += 256;
		if (n >= LINES_AHEAD)
			break;
	}
	for (; n < LINES_AHEAD && i + 64 <= end_at; i += 64)
		n = note_avx2(to, n, i, buf);
	*at = i;
	return n;
}

static size_t
find_sse2(struct lines *lines, size_t *at, size_t end_at)
{
	size_t i = *at, n = 0;

	for (; i + 64 <= end_at && n < LINES_AHEAD; i += 64)
		n = note_any(lines->newlines, n, i, newline_bits(lines->buf + i));
	*at = i;
	return n;
}

/* Finds the next newlines before END. */
static void
find_newlines(struct lines *lines, size_t end)
{
	size_t at = lines->at, behind;
	bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi");
	size_t n = avx2 ? find_avx2(lines, &at, end) : find_sse2(lines, &at, end);

	behind = end - at;
	/* What stands behind the last bytes is none. */
	if (n < LINES_AHEAD && behind)
		n = note_any(lines->newlines, n, at,
		    newline_bits(lines->buf + at) & ((UINT64_C(1) << behind) - 1));
	lines->next = 0;
	lines->found = (uint32_t)n;
}
#else
static void
find_newlines(struct lines *lines, size_t end)
{
	struct str rest = {lines->buf + lines->at, end - lines->at};
	uint32_t n = 0;

	for (size_t at; n < LINES_AHEAD && (at = str_index(rest, '\n')) < rest.len;) {
		rest = str_from(rest, at);
		lines->newlines[n++] = (uint32_t)(rest.p - lines->buf);
		rest = str_from(rest, 1);
	}
	lines->next = 0;
	lines->found = n;
}
#endif

/* As far as lines of the segment begin in the buffer. */
static size_t
segment_end(const struct lines *lines)
{
	uint64_t to = lines->segments[lines->segment].to, left = 0;

	if (to > lines->offset)
		left = to - lines->offset;
	return left < lines->end - lines->at ? lines->at + (size_t)left : lines->end;
}

/* Drops the rest of a cut line; true once it is gone. */
static bool
skip_rest(struct lines *lines)
{
	const char *start = lines->buf + lines->at;
	const char *newline = memchr(start, '\n', lines->end - lines->at);

	drop(lines, newline ? (size_t)(newline - start) + 1 : lines->end - lines->at);
	lines->skipping = !newline && !lines->ended;
	lines->torn = false;
	return newline != NULL;
}

/* The unread bytes as one line: the last one, torn, or one that fills the buffer. */
static bool
give_rest(struct lines *lines, struct line *ret)
{
	size_t len = lines->end - lines->at;

	*ret = (struct line){{lines->buf + lines->at, len}, lines->offset, ++lines->lineno,
	    lines->segments[lines->segment].source_no};
	drop(lines, len);
	lines->skipping = !lines->ended;
	return true;
}

/*
 * Finds the next newlines of the segment, up to a hole; the last one may be behind the
 * segment's end.
 */
static void
look_ahead(struct lines *lines, size_t hole)
{
	size_t end = segment_end(lines);

	find_newlines(lines, end);
	if (lines->found == 0 && end < lines->end) {
		find_newlines(lines, lines->end);
		lines->found = lines->found != 0;
	}
	while (lines->found && lines->newlines[lines->found - 1] > hole)
		lines->found--;
}

/* No more lines begin in the segment, though it may be in the midst of its file. */
static bool
is_over(const struct lines *lines)
{
	return (lines->torn ? lines->begun : lines->offset) >=
	    lines->segments[lines->segment].to;
}

/* Is the next segment behind this one in its file? */
static bool
goes_on(const struct lines *lines)
{
	const struct segment *segment = &lines->segments[lines->segment];

	return segment[1].file == segment->file && segment[1].from == segment->to;
}

bool
lines_refill(struct lines *lines, struct line *ret)
{
	size_t hole;

	lines->torn &= lines->found == 0;
	lines->next = lines->found = 0;
	for (;;) {
		if (!lines->opened) {
			if (lines->segment == lines->segment_count)
				return false;
			open_segment(lines);
		}
		if (lines->skipping && lines->at < lines->end && skip_rest(lines))
			continue;
		/*
		 * What is skipped may be long, but no line behind it is of the segment any
		 * more.
		 */
		if (is_over(lines)) {
			if (lines->segment + 1 == lines->segment_count)
				return false;
			if (goes_on(lines)) {
				lines->segment++;
				continue;
			}
			lines->ended = true;
			lines->skipping = false;
			lines->at = lines->end;
		}
		if (!lines->skipping) {
			hole = lines_have_hole(lines) ? holes_pass(lines) : lines->end;
			look_ahead(lines, hole);
			if (lines->found)
				return lines_next(lines, ret);
			if (hole < lines->end) {
				holes_give_torn(lines, hole, ret);
				return true;
			}
		}
		if (lines->ended) {
			if (lines->at < lines->end)
				return give_rest(lines, ret);
			if (lines->release)
				lines->release(lines->context);
			close_segment(lines);
			if (++lines->segment == lines->segment_count)
				return false;
			continue;
		}
		if (lines->at == 0 && lines->end == BUFFER)
			return give_rest(lines, ret);
		fill(lines);
	}
}
