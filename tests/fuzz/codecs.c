/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz/codecs: what a compressed file gives does not depend on how it is cut apart
 * nor on being read ahead, ends with a fault or not, and for .gz agrees with zlib
 * where zlib finds no fault. First byte of the input: size of the pieces; the rest
 * is a file, whose magic chooses the codec.
 */
#include <zlib.h>

#include "base/mem.h"
#include "input/room.h"

#define OUT_MAX (4 * 1024 * 1024) /* a small bomb is as good as a big one */

struct pieces {
	struct layer layer;
	struct str text;
	size_t piece;
};

static ssize_t
pieces_read(struct layer *layer, char *to, size_t room, struct err *err)
{
	struct pieces *p = (struct pieces *)layer;
	struct str part = str_head(p->text, p->piece < room ? p->piece : room);

	(void)err;
	if (part.len == 0)
		return 0;
	memcpy(to, part.p, part.len);
	p->text = str_from(p->text, part.len);
	return (ssize_t)part.len;
}

static void
pieces_close(struct layer *layer)
{
	free(layer);
}

/* 0: to the end; -1: a fault; 1: more than OUT_MAX. */
static int
read_all(const struct codec *codec, struct str packed, size_t piece, size_t room,
    struct buf *out)
{
	struct pieces *pieces = xcalloc(1, sizeof(*pieces));
	struct layer *layer;
	struct err err;
	ssize_t n = 1;
	char bytes[4096];

	pieces->layer = (struct layer){.read = pieces_read, .close = pieces_close};
	pieces->text = packed;
	pieces->piece = piece;
	layer = ahead_open(codec->open(&pieces->layer));
	while (out->len < OUT_MAX && (n = layer_read(layer, bytes, room, &err)) > 0)
		buf_add(out, bytes, (size_t)n);
	layer_close(layer);
	return (int)(n < 0 ? -1 : n > 0);
}

/* The first member by zlib; false on any fault. */
static bool
by_zlib(struct str gz, struct buf *out)
{
	z_stream z = {0};
	int result;

	if (inflateInit2(&z, 16 + MAX_WBITS) != Z_OK)
		abort();
	z.next_in = (Bytef *)(uintptr_t)gz.p;
	z.avail_in = (unsigned)gz.len;
	do {
		char bytes[4096];

		z.next_out = (Bytef *)bytes;
		z.avail_out = sizeof(bytes);
		result = inflate(&z, Z_NO_FLUSH);
		buf_add(out, bytes, sizeof(bytes) - z.avail_out);
	} while (result == Z_OK && out->len < OUT_MAX);
	inflateEnd(&z);
	return result == Z_STREAM_END;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf whole = BUF_INIT(BUF_UNLIMITED), cut = BUF_INIT(BUF_UNLIMITED);
	struct buf reference = BUF_INIT(BUF_UNLIMITED);
	const struct codec *codec;
	struct str packed;
	struct err err;
	int result;

	if (size < 3)
		return 0;
	packed = (struct str){(const char *)data + 1, size - 1};
	if (codec_find(str_head(packed, CODEC_HEAD), &codec, &err) < 0)
		return 0;
	result = read_all(codec, packed, SIZE_MAX, 4096, &whole);
	if (result <= 0) {
		if (read_all(codec, packed, data[0] % 64u + 1, data[0] % 7u * 500 + 1,
			&cut) != result)
			abort();
		if (result == 0 && !str_eq(buf_view(&cut), buf_view(&whole)))
			abort();
	}
	if (result == 0 && codec == &codec_gzip && by_zlib(packed, &reference) &&
	    !str_starts(buf_view(&whole), buf_view(&reference)))
		abort();
	buf_done(&whole);
	buf_done(&cut);
	buf_done(&reference);
	return 0;
}
