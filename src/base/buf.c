/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Room for LEN bytes more and printf's NUL, or false with the overflow noted. */
static bool
buf_room(struct buf *buf, size_t len)
{
	if (len <= buf->room - buf->len)
		return true;
	if (len > buf->max - buf->len) {
		buf->overflow = true;
		return false;
	}
	buf->room = buf->room ? buf->room : 256;
	while (buf->room - buf->len < len)
		buf->room *= 2;
	if (buf->room > buf->max)
		buf->room = buf->max;
	buf->p = xrealloc(buf->p, buf->room + 1, 1);
	return true;
}

void
buf_add(struct buf *buf, const void *bytes, size_t len)
{
	if (len == 0 || !buf_room(buf, len))
		return;
	memcpy(buf->p + buf->len, bytes, len);
	buf->len += len;
}

void
buf_char(struct buf *buf, char c)
{
	if (!buf_room(buf, 1))
		return;
	buf->p[buf->len++] = c;
}

void
buf_printf(struct buf *buf, const char *format, ...)
{
	va_list args, again;
	int n;

	va_start(args, format);
	va_copy(again, args);
	n = vsnprintf(NULL, 0, format, args);
	if (n > 0 && buf_room(buf, (size_t)n)) {
		vsnprintf(buf->p + buf->len, (size_t)n + 1, format, again);
		buf->len += (size_t)n;
	}
	va_end(again);
	va_end(args);
}

void
buf_done(struct buf *buf)
{
	free(buf->p);
	*buf = (struct buf){.max = buf->max};
}
