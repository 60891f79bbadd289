/* SPDX-License-Identifier: Apache-2.0
 *
 * lines: the lines of some pieces of files, one after another, from one buffer.
 * A line longer than the buffer is given once, cut; memory stays the same.
 */
#ifndef ENGINE_LINES_H
#define ENGINE_LINES_H

#include <stdatomic.h>

#include "engine/engine.h"

/* Lines that begin in [from, to) of a file; to = UINT64_MAX: to its end. */
struct segment {
	const struct input_file *file;
	uint32_t source_no;
	uint64_t from, to;
};

struct line {
	struct str text;
	uint64_t offset;
	int64_t lineno; /* counts from 1 where the segment begins at the file's start */
	uint32_t source_no;
};

/* The holes of a file (engine/holes.h), and where the first one is. */
struct hole {
	uint32_t source_no;
	unsigned count;
	uint64_t bytes;  /* of all of them */
	uint64_t offset;
	int64_t lineno;  /* of the line behind it; 0: nobody counted */
};

/* Newlines that are found at a time, and no more than 255 beyond. */
#define LINES_AHEAD 1024u

struct lines {
	const struct segment *segments;
	size_t segment_count, segment; /* the one being read */
	struct input_reader *reader;   /* of a file that is not seekable */
	char *buf;
	size_t at, end;                /* unread bytes of buf */
	uint64_t offset;               /* of buf[at] in the file */
	int64_t lineno;                /* of the last line given */
	bool opened, ended;            /* segment: is open; all its bytes are in buf */
	bool until_pause;              /* where a pipe's writer pauses is the end */
	bool skipping;                 /* in the rest of a line that was cut */
	bool suspect;                  /* buf may have a hole */
	bool torn;                     /* what is at buf[at] is of a line that began at: */
	uint64_t begun;                /* for there is a hole in it */
	uint64_t passed;               /* bytes of the hole that ends at buf[at], so far */
	uint32_t next, found;          /* of `newlines`: the next one, and how many */
	uint32_t newlines[LINES_AHEAD + 256]; /* where they stand in buf, from `at` on */
	void (*release)(void *context); /* called before bytes of old lines go */
	void *context;
	_Atomic uint64_t *done;        /* bytes read so far, for the progress bar; or NULL */
	struct hole *holes;            /* one for each file that has any */
	size_t hole_count, hole_room;
	char **errors;                 /* of files that could not be read to their end */
	uint32_t *error_sources;
	size_t error_count, error_room;
};

void lines_init(struct lines *lines, const struct segment *segments, size_t count,
    void (*release)(void *context), void *context);

/* No more lines; only errors and holes are kept. */
void lines_end(struct lines *lines);
void lines_done(struct lines *lines);

/* Slow path of lines_next(): more newlines, more bytes, the next segment, or a cut line. */
bool lines_refill(struct lines *lines, struct line *ret);

/*
 * The next line; false at the end of everything. Where that is within a file, segment_count
 * may be raised for segments that stand behind the last one: so their lines are to be had.
 */
static inline bool
lines_next(struct lines *lines, struct line *ret)
{
	size_t len;

	if (__builtin_expect(lines->next == lines->found, 0))
		return lines_refill(lines, ret);
	len = lines->newlines[lines->next++] - lines->at;
	*ret = (struct line){{lines->buf + lines->at, len}, lines->offset, ++lines->lineno,
	    lines->segments[lines->segment].source_no};
	lines->at += len + 1;
	lines->offset += len + 1;
	return true;
}

/* What getting the next COUNT > 0 lines does, the ends of which `newlines` has. */
static inline void
lines_skip(struct lines *lines, size_t count)
{
	size_t at = lines->newlines[lines->next + count - 1] + UINT64_C(1);

	lines->next += (uint32_t)count;
	lines->lineno += (int64_t)count;
	lines->offset += at - lines->at;
	lines->at = at;
}

#endif
