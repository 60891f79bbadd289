/* SPDX-License-Identifier: Apache-2.0
 *
 * zstd: .zst (RFC 8878) of any number of frames, skippable ones with them (parallel
 * compressors begin files so), through libzstd.
 */
#include <zstd.h>
#include <zstd_errors.h>

#include "base/mem.h"
#include "input/room.h"

static void *
zstd_start(void)
{
	ZSTD_DStream *z = ZSTD_createDStream();
	int log = 0;

	if (!z)
		packed_out_of_memory("libzstd");
	while (log < 31 && (UINT64_C(1) << (log + 1)) <= UNPACK_MEMORY_MAX)
		log++;
	ZSTD_DCtx_setParameter(z, ZSTD_d_windowLogMax, log);
	return z;
}

static void
zstd_restart(void *state)
{
	ZSTD_DCtx_reset(state, ZSTD_reset_session_only);
}

static enum unpack
zstd_step(void *state, struct unpack_ends *ends)
{
	ZSTD_inBuffer in = {ends->in, ends->in_len, 0};
	ZSTD_outBuffer out = {ends->out, ends->out_len, 0};
	size_t result = ZSTD_decompressStream(state, &out, &in);

	ends->in += in.pos;
	ends->in_len -= in.pos;
	ends->out += out.pos;
	ends->out_len -= out.pos;
	if (!ZSTD_isError(result))
		return result == 0 ? UNPACK_END : UNPACK_MORE;
	switch (ZSTD_getErrorCode(result)) {
	case ZSTD_error_frameParameter_windowTooLarge:
		return UNPACK_TOO_BIG;
	case ZSTD_error_memory_allocation:
		packed_out_of_memory("libzstd");
	default:
		return UNPACK_DAMAGED;
	}
}

static void
zstd_done(void *state)
{
	ZSTD_freeDStream(state);
}

#define MAGIC "\x28\xb5\x2f\xfd"

static bool
zstd_recognise(struct str head)
{
	if (str_starts(head, STR(MAGIC)))
		return true;
	return head.len >= 4 && ((unsigned char)head.p[0] & 0xf0) == 0x50 &&
	    str_starts(str_from(head, 1), STR("\x2a\x4d\x18"));
}

static const struct unpacker zstd_unpacker = {
	.recognise = zstd_recognise,
	.magic = {MAGIC, sizeof(MAGIC) - 1},
	.start = zstd_start,
	.restart = zstd_restart,
	.step = zstd_step,
	.done = zstd_done,
};

static struct layer *
zstd_open(struct layer *below)
{
	return packed_open(below, &zstd_unpacker);
}

const struct codec codec_zstd = {
	.name = "zstd",
	.recognise = zstd_recognise,
	.open = zstd_open,
};
