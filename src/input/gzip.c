/* SPDX-License-Identifier: Apache-2.0
 *
 * gzip: .gz (RFC 1952) of any number of members, through ISA-L if the build has
 * it, else zlib.
 */
#ifdef HAVE_LIBISAL
#include <isa-l/igzip_lib.h>
#else
#include <zlib.h>
#endif

#include <stdlib.h>

#include "base/mem.h"
#include "input/room.h"

/* Both libraries call the ends of a buffer next_in, avail_in, next_out, avail_out. */
#ifdef HAVE_LIBISAL

typedef struct inflate_state gzip_state;

static void *
gzip_start(void)
{
	gzip_state *z = xmalloc(sizeof(*z));

	isal_inflate_init(z);
	return z;
}

static void
gzip_restart(void *state)
{
	gzip_state *z = state;

	isal_inflate_reset(z);
	z->crc_flag = ISAL_GZIP;
}

static enum unpack
inflate_some(gzip_state *z)
{
	int code = isal_inflate(z);

	if (code < 0)
		return code == ISAL_INCORRECT_CHECKSUM ? UNPACK_MISMATCH : UNPACK_DAMAGED;
	return z->block_state == ISAL_BLOCK_FINISH ? UNPACK_END : UNPACK_MORE;
}

static void
gzip_done(void *state)
{
	free(state);
}

#else

typedef z_stream gzip_state;

static void *
gzip_start(void)
{
	gzip_state *z = xcalloc(1, sizeof(*z));

	if (inflateInit2(z, 16 + MAX_WBITS) != Z_OK)
		packed_out_of_memory("zlib");
	return z;
}

static void
gzip_restart(void *state)
{
	inflateReset(state);
}

static enum unpack
inflate_some(gzip_state *z)
{
	switch (inflate(z, Z_SYNC_FLUSH)) {
	case Z_OK:
	case Z_BUF_ERROR:
		return UNPACK_MORE;
	case Z_STREAM_END:
		return UNPACK_END;
	default:
		/*
		 * The words alone tell it: "incorrect data check", "incorrect length check".
		 */
		return z->msg && str_ends(str_of(z->msg), STR(" check")) ? UNPACK_MISMATCH :
									   UNPACK_DAMAGED;
	}
}

static void
gzip_done(void *state)
{
	inflateEnd(state);
	free(state);
}

#endif

static enum unpack
gzip_step(void *state, struct unpack_ends *ends)
{
	gzip_state *z = state;
	unsigned in = (unsigned)ends->in_len; /* at most LAYER_CHUNK */
	unsigned out = ends->out_len < INT32_MAX ? (unsigned)ends->out_len : INT32_MAX;
	enum unpack result;

	z->next_in = ends->in;
	z->avail_in = in;
	z->next_out = ends->out;
	z->avail_out = out;
	result = inflate_some(z);
	ends->in += in - z->avail_in;
	ends->in_len = z->avail_in;
	ends->out += out - z->avail_out;
	ends->out_len -= out - z->avail_out;
	return result;
}

static bool
gzip_recognise(struct str head)
{
	return str_starts(head, STR("\x1f\x8b"));
}

static const struct unpacker gzip_unpacker = {
	.recognise = gzip_recognise,
	.magic = {"\x1f\x8b", 2},
	.start = gzip_start,
	.restart = gzip_restart,
	.step = gzip_step,
	.done = gzip_done,
};

static struct layer *
gzip_open(struct layer *below)
{
	return packed_open(below, &gzip_unpacker);
}

const struct codec codec_gzip = {
	.name = "gzip",
	.recognise = gzip_recognise,
	.open = gzip_open,
};
