/* SPDX-License-Identifier: Apache-2.0
 *
 * Headers of arbitrary lines: the shortcut over the line before reads each as the
 * long way does, everything found lies in the line, and shapes are clean.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "parse/room.h"
#include "demand.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
inside(struct str part, struct str line)
{
	demand(part.len == 0 || (part.p >= line.p && part.p + part.len <= line.p + line.len));
}

static void
same(struct str a, struct str b)
{
	demand(a.len == b.len && (a.len == 0 || a.p == b.p));
}

static void
check_line(struct header_memo *memo, struct str line, struct buf *shape)
{
	struct header plain, quick;
	bool found = header_read(line, &plain);

	demand(header_read_memo(memo, line, &quick) == found);
	demand(plain.stamp.local == quick.stamp.local &&
	    plain.stamp.offset == quick.stamp.offset &&
	    plain.stamp.known == quick.stamp.known &&
	    plain.stamp.has_year == quick.stamp.has_year &&
	    plain.stamp.has_zone == quick.stamp.has_zone && plain.form == quick.form);
	same(plain.host, quick.host);
	same(plain.tag, quick.tag);
	same(plain.pid, quick.pid);
	same(plain.message, quick.message);
	inside(plain.host, line);
	inside(plain.tag, line);
	inside(plain.pid, line);
	inside(plain.message, line);
	demand(plain.host.len <= HEADER_HOST_MAX && plain.tag.len <= HEADER_TAG_MAX);
	buf_clear(shape);
	parse_shape(plain.message, shape);
	demand(shape->len <= 200);
	for (size_t i = 0; i < shape->len; i++)
		demand(shape->p[i] >= ' ' && shape->p[i] < 0x7f);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Exactly the bytes behind the last line that parse_line() promises. */
	char *text = xmalloc(size + 16);
	struct header_memo memo = {.form = STAMP_NONE};
	struct buf shape = BUF_INIT(BUF_UNLIMITED);
	struct str rest = {text, size};

	if (size)
		memcpy(text, data, size);
	memset(text + size, '9', 16);
	while (rest.len)
		check_line(&memo, str_cut(&rest, '\n'), &shape);
	buf_done(&shape);
	free(text);
	return 0;
}
