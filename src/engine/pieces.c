/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/pieces.h"

#include <stdlib.h>

#include "base/mem.h"

#define CHUNK_MIN (UINT64_C(4) << 20)
#define CHUNK_MAX (UINT64_C(80) << 20)
#define PIECES_LEAST 64u
/* A stamp is looked for in so many bytes. */
#define LOOK_BYTES 16384

/* Small enough for threads to end together, large enough that it matters who does them. */
uint64_t
pieces_default_chunk(const struct input_stream *stream)
{
	uint64_t total = 0, chunk;

	for (size_t i = 0; i < stream->count; i++)
		total += stream->files[i].size;
	chunk = total / PIECES_LEAST + 1;
	return chunk < CHUNK_MIN ? CHUNK_MIN : chunk > CHUNK_MAX ? CHUNK_MAX : chunk;
}

/* Small files share a piece; a large one that can be read anywhere is cut. */
void
pieces_cut(struct pieces *pieces, const struct input_stream *stream, uint32_t first_source,
    uint64_t chunk)
{
	size_t segment_room = 0, piece_room = 0;
	const struct segment *next;
	uint64_t filled = 0;

	*pieces = (struct pieces){.count = 0};
	for (size_t f = 0; f < stream->count; f++) {
		const struct input_file *file = &stream->files[f];
		uint64_t size = file->size ? file->size : 1, from = 0;

		do {
			uint64_t len = file->seekable && size - from > chunk
			    ? chunk : size - from;

			if (pieces->count == 0 || filled + len > chunk) {
				MEM_GROW(pieces->list, pieces->count, piece_room);
				pieces->list[pieces->count++] = (struct piece){.done = false};
				filled = 0;
			}
			filled += len;
			MEM_GROW(pieces->segments, pieces->segment_count, segment_room);
			pieces->segments[pieces->segment_count++] = (struct segment){file,
			    first_source + (uint32_t)f, from,
			    from + len >= size ? UINT64_MAX : from + len};
			pieces->list[pieces->count - 1].segment_count++;
			from += len;
		} while (from < size);
	}
	next = pieces->segments; /* which moves no more */
	for (size_t p = 0; p < pieces->count; p++) {
		pieces->list[p].segments = next;
		next += pieces->list[p].segment_count;
	}
}

void
pieces_free(struct pieces *pieces)
{
	for (size_t p = 0; p < pieces->count; p++) {
		if (pieces->list[p].span)
			lines_done(&pieces->list[p].lines);
		pipeline_free(pieces->list[p].fragment);
	}
	free(pieces->segments);
	free(pieces->list);
}

size_t
pieces_free_one(const struct pieces *pieces, bool nearest)
{
	size_t best = pieces->count, most = 0, to;

	for (size_t from = 0; from < pieces->count && !(nearest && most); from = to + 1) {
		bool open = from && pieces->list[from - 1].open;

		for (to = from; to < pieces->count && !pieces->list[to].taken; to++)
			;
		if (to - from <= most || to - from <= (size_t)open)
			continue;
		most = to - from;
		best = open ? from + most / 2 : from;
	}
	return best;
}

void
segments_clock(const struct segment *segments, size_t count, struct clock *clock)
{
	struct lines lines;
	struct stamp stamp;
	struct line line;
	bool inferred;

	lines_init(&lines, segments, count, NULL, NULL);
	lines.until_pause = true;
	while (lines_next(&lines, &line))
		if (parse_stamp(str_head(line.text, 256), &stamp))
			clock_resolve(clock, &stamp, &inferred);
	lines_done(&lines);
}

bool
segment_first_stamp(const struct segment *segment, struct stamp *ret)
{
	struct segment head = *segment;
	struct lines lines;
	struct line line;
	bool found = false;

	if (head.to > head.from + LOOK_BYTES)
		head.to = head.from + LOOK_BYTES;
	lines_init(&lines, &head, 1, NULL, NULL);
	while (!found && lines_next(&lines, &line))
		found = parse_stamp(str_head(line.text, 256), ret);
	lines_done(&lines);
	return found;
}

bool
segment_last_stamp(const struct segment *segment, struct stamp *ret)
{
	struct segment tail = *segment;
	struct lines lines;
	struct line line;
	bool found = false;

	if (!segment->file->seekable)
		return false;
	if (segment->file->size > LOOK_BYTES)
		tail.from = segment->file->size - LOOK_BYTES;
	tail.to = UINT64_MAX;
	lines_init(&lines, &tail, 1, NULL, NULL);
	while (lines_next(&lines, &line))
		found |= parse_stamp(str_head(line.text, 256), ret);
	lines_done(&lines);
	return found;
}
