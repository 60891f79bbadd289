/* SPDX-License-Identifier: Apache-2.0
 *
 * xz: .xz of any number of streams, through liblzma.
 */
#include <lzma.h>

#include "base/mem.h"
#include "input/room.h"

static void *
xz_start(void)
{
	lzma_stream *z = xmalloc(sizeof(*z));

	*z = (lzma_stream)LZMA_STREAM_INIT;
	return z;
}

static void
xz_restart(void *state)
{
	if (lzma_stream_decoder(state, UNPACK_MEMORY_MAX, 0) != LZMA_OK)
		packed_out_of_memory("liblzma");
}

static enum unpack
xz_step(void *state, struct unpack_ends *ends)
{
	lzma_stream *z = state;
	lzma_ret result;

	z->next_in = ends->in;
	z->avail_in = ends->in_len;
	z->next_out = ends->out;
	z->avail_out = ends->out_len;
	result = lzma_code(z, LZMA_RUN);
	ends->in += ends->in_len - z->avail_in;
	ends->in_len = z->avail_in;
	ends->out = z->next_out;
	ends->out_len = z->avail_out;
	switch (result) {
	case LZMA_OK:
	case LZMA_BUF_ERROR: /* no progress was possible */
		return UNPACK_MORE;
	case LZMA_STREAM_END:
		return UNPACK_END;
	case LZMA_MEMLIMIT_ERROR:
		return UNPACK_TOO_BIG;
	case LZMA_MEM_ERROR:
		packed_out_of_memory("liblzma");
	default:
		return UNPACK_DAMAGED;
	}
}

static void
xz_done(void *state)
{
	lzma_end(state);
	free(state);
}

#define MAGIC "\xfd" "7zXZ\0"

static bool
xz_recognise(struct str head)
{
	return str_starts(head, STR(MAGIC));
}

static const struct unpacker xz_unpacker = {
	.recognise = xz_recognise,
	.magic = {MAGIC, sizeof(MAGIC) - 1},
	.start = xz_start,
	.restart = xz_restart,
	.step = xz_step,
	.done = xz_done,
};

static struct layer *
xz_open(struct layer *below)
{
	return packed_open(below, &xz_unpacker);
}

const struct codec codec_xz = {
	.name = "xz",
	.recognise = xz_recognise,
	.open = xz_open,
};
