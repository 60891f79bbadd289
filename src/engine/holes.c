/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/holes.h"

#include "base/mem.h"

/* So that no hole is missed it is enough to look at one byte of as many as it has at least. */
static bool
may_have_hole(const char *p, size_t size)
{
	for (size_t i = 0; i < size; i += INPUT_HOLE)
		if (p[i] == '\0')
			return true;
	return size && p[size - 1] == '\0';
}

void
holes_look(struct lines *lines, size_t at, size_t size)
{
	/* What it had before may be gone by now. */
	lines->suspect = (lines->suspect && may_have_hole(lines->buf, at)) ||
	    may_have_hole(lines->buf + at, size);
}

static struct str
unread(const struct lines *lines)
{
	return (struct str){lines->buf + lines->at, lines->end - lines->at};
}

/*
 * The line that the next byte is in goes on behind a hole; that it began here tells whose it
 * is.
 */
static void
tear(struct lines *lines)
{
	if (!lines->torn)
		lines->begun = lines->offset;
	lines->torn = true;
}

size_t
holes_pass(struct lines *lines)
{
	size_t nuls = input_nuls(unread(lines));

	if (nuls >= INPUT_HOLE || lines->passed) {
		tear(lines);
		lines->passed += nuls;
		lines->offset += nuls;
		lines->at += nuls;
		if (lines->at < lines->end)
			holes_end(lines);
	}
	return lines->at + input_hole(unread(lines));
}

void
holes_give_torn(struct lines *lines, size_t at, struct line *ret)
{
	*ret = (struct line){{lines->buf + lines->at, at - lines->at}, lines->offset,
	    lines->lineno + 1, lines->segments[lines->segment].source_no};
	tear(lines);
	lines->offset += at - lines->at;
	lines->at = at;
}

void
holes_end(struct lines *lines)
{
	uint32_t source_no = lines->segments[lines->segment].source_no;
	struct hole *last = lines->hole_count ? &lines->holes[lines->hole_count - 1] : NULL;

	if (!lines->passed)
		return;
	if (!last || last->source_no != source_no) {
		MEM_GROW(lines->holes, lines->hole_count, lines->hole_room);
		last = &lines->holes[lines->hole_count++];
		*last = (struct hole){.source_no = source_no,
		    .lineno = lines->segments[lines->segment].from ? 0 : lines->lineno + 1,
		    .offset = lines->offset - lines->passed};
	}
	last->bytes += lines->passed;
	last->count++;
	lines->passed = 0;
}
