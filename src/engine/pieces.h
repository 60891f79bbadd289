/* SPDX-License-Identifier: Apache-2.0
 *
 * pieces: cuts one stream into pieces that threads work on side by side. The
 * borders depend on the input alone, so the answer does not depend on how many
 * threads there are.
 */
#ifndef ENGINE_PIECES_H
#define ENGINE_PIECES_H

#include "engine/lines.h"
#include "engine/pipeline.h"

struct piece {
	const struct segment *segments;
	size_t segment_count;
	struct clock clock;         /* guess of what the pieces before will leave */
	bool taken;                 /* somebody reads it, or has read it */
	bool open;                  /* and may go on behind it */
	/* Of the first one of a fragment: */
	struct pipeline *fragment;  /* what was read, until it is joined */
	size_t span;                /* how many pieces that is; 0 for other pieces */
	struct lines lines;         /* of all of them; keeps the errors */
	bool done;                  /* it has its end */
	bool fits;                  /* and its tables are below half of their caps */
};

struct pieces {
	struct segment *segments;
	size_t segment_count;
	struct piece *list;
	size_t count;
};

/* Cuts STREAM, whose files have the numbers from FIRST_SOURCE on, at CHUNK bytes. */
void pieces_cut(struct pieces *pieces, const struct input_stream *stream,
    uint32_t first_source, uint64_t chunk);
void pieces_free(struct pieces *pieces);

/*
 * The number of a piece that nobody has taken, to begin a fragment with. Of the largest
 * stretch of them, or of the NEAREST, it is the first; the middle one, if another thread may
 * go on into it, to whom a single one is left. PIECES->count: there is none.
 */
size_t pieces_free_one(const struct pieces *pieces, bool nearest);

/* Bytes of a piece when nothing else is asked for. */
uint64_t pieces_default_chunk(const struct input_stream *stream);

/*
 * Reads SEGMENTS from front to back just for their stamps: what CLOCK is after the
 * last line, having begun as CLOCK_BEGIN. Nothing is reported; faults end a file, and so
 * does a pause of a pipe's writer: what comes later has not been written yet.
 */
void segments_clock(const struct segment *segments, size_t count, struct clock *clock);

/* The first stamp in the first bytes of SEGMENT. */
bool segment_first_stamp(const struct segment *segment, struct stamp *ret);

/* The last stamp in the last bytes of a seekable file. */
bool segment_last_stamp(const struct segment *segment, struct stamp *ret);

#endif
