/* SPDX-License-Identifier: Apache-2.0
 *
 * bzip2: .bz2 of any number of streams, through libbz2.
 */
#include <bzlib.h>

#include "base/mem.h"
#include "input/room.h"

struct bzip2 {
	bz_stream z;
	bool begun;
};

static void *
bzip2_start(void)
{
	return xcalloc(1, sizeof(struct bzip2));
}

static void
bzip2_restart(void *state)
{
	struct bzip2 *bzip2 = state;

	if (bzip2->begun)
		BZ2_bzDecompressEnd(&bzip2->z);
	if (BZ2_bzDecompressInit(&bzip2->z, 0, 0) != BZ_OK)
		packed_out_of_memory("libbz2");
	bzip2->begun = true;
}

static enum unpack
bzip2_step(void *state, struct unpack_ends *ends)
{
	bz_stream *z = &((struct bzip2 *)state)->z;
	unsigned in = (unsigned)ends->in_len; /* at most LAYER_CHUNK */
	unsigned out = ends->out_len < INT32_MAX ? (unsigned)ends->out_len : INT32_MAX;
	int result;

	z->next_in = (char *)ends->in;
	z->avail_in = in;
	z->next_out = (char *)ends->out;
	z->avail_out = out;
	result = BZ2_bzDecompress(z);
	ends->in += in - z->avail_in;
	ends->in_len = z->avail_in;
	ends->out += out - z->avail_out;
	ends->out_len -= out - z->avail_out;
	switch (result) {
	case BZ_OK:
		return UNPACK_MORE;
	case BZ_STREAM_END:
		return UNPACK_END;
	case BZ_MEM_ERROR:
		packed_out_of_memory("libbz2");
	default:
		return UNPACK_DAMAGED;
	}
}

static void
bzip2_done(void *state)
{
	struct bzip2 *bzip2 = state;

	if (bzip2->begun)
		BZ2_bzDecompressEnd(&bzip2->z);
	free(bzip2);
}

#define MAGIC "BZh"

static bool
bzip2_recognise(struct str head)
{
	return str_starts(head, STR(MAGIC)) && head.len > 3 && head.p[3] >= '1' &&
	    head.p[3] <= '9';
}

static const struct unpacker bzip2_unpacker = {
	.recognise = bzip2_recognise,
	.magic = {MAGIC, sizeof(MAGIC) - 1},
	.start = bzip2_start,
	.restart = bzip2_restart,
	.step = bzip2_step,
	.done = bzip2_done,
};

static struct layer *
bzip2_open(struct layer *below)
{
	return packed_open(below, &bzip2_unpacker);
}

const struct codec codec_bzip2 = {
	.name = "bzip2",
	.recognise = bzip2_recognise,
	.open = bzip2_open,
};
