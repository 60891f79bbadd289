/* SPDX-License-Identifier: Apache-2.0
 *
 * joined: lines of which container runtimes' records hold pieces, for each of two streams.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "input/room.h"

void *
joined_start(int64_t when)
{
	struct joined *joined = xcalloc(1, sizeof(*joined));

	(void)when;
	for (int i = 0; i < JOINED_STREAMS; i++)
		joined->line[i].max = RECORD_JOINED_MAX;
	return joined;
}

void
joined_done(void *state)
{
	struct joined *joined = state;

	for (int i = 0; i < JOINED_STREAMS; i++)
		buf_done(&joined->line[i]);
	free(joined);
}

void
joined_flush(struct buf *line, struct buf *out)
{
	buf_str(out, buf_view(line));
	buf_char(out, '\n');
	buf_clear(line);
}

size_t
joined_decode(struct joined *joined, struct str in, bool end, struct buf *out,
    record_convert *convert)
{
	for (int i = 0; in.len == 0 && end && i < JOINED_STREAMS; i++)
		if (joined->line[i].len)
			joined_flush(&joined->line[i], out);
	return record_each_line(in, end, out, &joined->passing, convert, joined);
}
