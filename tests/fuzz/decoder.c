/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz/decoder: records become the same lines however they are cut apart; a
 * header's fields hold no blanks. First byte of the input: the decoder and the
 * size of the pieces.
 */
#include "base/mem.h"
#include "input/room.h"

static const struct decoder *const decoders[] = {
    &decoder_journal_json, &decoder_journal_export, &decoder_docker,
    &decoder_octets, &decoder_cri};

/* Decodes IN, of which PIECE bytes more are shown each time that more are wanted. */
static void
decode(const struct decoder *decoder, struct str in, size_t piece, struct buf *out)
{
	void *state = decoder->start(1);
	size_t shown = 0;

	for (;;) {
		bool end = shown == in.len;
		size_t used = decoder->decode(state, str_head(in, shown), end, out);

		if (used > shown)
			abort();
		in = str_from(in, used);
		shown -= used;
		if (used > 0)
			continue;
		if (end)
			break;
		shown += piece < in.len - shown ? piece : in.len - shown;
	}
	if (in.len)
		abort(); /* lost */
	decoder->done(state);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf whole = BUF_INIT(BUF_UNLIMITED), cut = BUF_INIT(BUF_UNLIMITED);
	const struct decoder *decoder;
	struct str in;

	if (size < 2)
		return 0;
	decoder = data[0] == 0xff ? &decoder_dateless : decoders[data[0] % 5];
	in = (struct str){(const char *)data + 1, size - 1};
	decode(decoder, in, in.len, &whole);
	decode(decoder, in, data[0] / 5 + 1u, &cut);
	if (!str_eq(buf_view(&whole), buf_view(&cut)))
		abort();
	decoder_find(in);
	buf_done(&whole);
	buf_done(&cut);
	return 0;
}
