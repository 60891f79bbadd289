/* SPDX-License-Identifier: Apache-2.0
 *
 * buf: bytes that grow, up to a maximum named at the start. Appending beyond
 * the maximum drops the bytes and sets `overflow`: whoever reads the result
 * asks for it once, instead of checking every append.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct buf {
	char *p;
	size_t len, room, max;
	bool overflow;
};

#define BUF_UNLIMITED ((size_t)-1 / 2)

/* An empty buffer: struct buf b = BUF_INIT(max bytes). */
#define BUF_INIT(limit) {.max = (limit)}

void buf_add(struct buf *buf, const void *bytes, size_t len);
void buf_char(struct buf *buf, char c);
void buf_printf(struct buf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void buf_done(struct buf *buf);

static inline void
buf_str(struct buf *buf, struct str s)
{
	buf_add(buf, s.p, s.len);
}

static inline void
buf_clear(struct buf *buf)
{
	buf->len = 0;
	buf->overflow = false;
}

static inline struct str
buf_view(const struct buf *buf)
{
	return (struct str){buf->p, buf->len};
}

#endif
