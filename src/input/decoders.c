/* SPDX-License-Identifier: Apache-2.0
 *
 * decoders: the table of record formats, and the layer that turns records into
 * lines: it gathers bytes until a decoder can use some, whatever the reads from
 * below cut apart.
 */
#include "base/mem.h"
#include "input/room.h"

static const struct decoder *const decoders[] = {
#define ROW(id) &decoder_##id,
	DECODERS(ROW)
#undef ROW
};

/* How many lines of the head are searched: the first may be torn. */
#define HEAD_LINES 4

const struct decoder *
decoder_find(struct str head)
{
	for (size_t i = 0; i < sizeof(decoders) / sizeof(decoders[0]); i++)
		if (decoders[i]->recognise(head))
			return decoders[i];
	return &decoder_text;
}

struct decoding {
	struct layer layer;
	struct layer *below;
	const struct decoder *decoder;
	void *state;
	bool drained; /* nothing comes from below any more */
	bool ended;
	bool failed;  /* `fault` is to be told after the last line */
	struct err fault;
	struct buf out;
	size_t given; /* of `out` */
	size_t at, len; /* what waits in `in` */
	char in[RECORD_MAX + LAYER_CHUNK];
};

/* Adds to what waits; at the end sets d->drained. */
static void
decoding_pull(struct decoding *d)
{
	ssize_t n;

	if (d->at)
		memmove(d->in, d->in + d->at, d->len);
	d->at = 0;
	n = layer_read(d->below, d->in + d->len, sizeof(d->in) - d->len < LAYER_CHUNK ?
	    sizeof(d->in) - d->len : LAYER_CHUNK, &d->fault);
	d->drained = n <= 0;
	d->failed = n < 0;
	d->len += n > 0 ? (size_t)n : 0;
}

static void
decoding_step(struct decoding *d)
{
	size_t used = d->decoder->decode(d->state, (struct str){d->in + d->at, d->len},
	    d->drained, &d->out);

	d->at += used;
	d->len -= used;
	if (used > 0)
		return;
	if (d->drained)
		d->ended = true;
	else
		decoding_pull(d);
}

static ssize_t
decoding_read(struct layer *layer, char *to, size_t room, struct err *err)
{
	struct decoding *d = (struct decoding *)layer;

	if (d->given == d->out.len) {
		buf_clear(&d->out);
		d->given = 0;
		while (d->out.len < LAYER_CHUNK && !d->ended)
			decoding_step(d);
	}
	if (d->given == d->out.len) {
		if (!d->failed)
			return 0;
		*err = d->fault;
		return -1;
	}
	if (room > d->out.len - d->given)
		room = d->out.len - d->given;
	memcpy(to, d->out.p + d->given, room);
	d->given += room;
	return (ssize_t)room;
}

static void
decoding_close(struct layer *layer)
{
	struct decoding *d = (struct decoding *)layer;

	d->decoder->done(d->state);
	layer_close(d->below);
	buf_done(&d->out);
	free(d);
}

struct layer *
decoder_open(const struct decoder *decoder, struct layer *below, int64_t when)
{
	struct decoding *d;

	if (!decoder->decode)
		return below;
	d = xmalloc(sizeof(*d));
	d->layer = (struct layer){.read = decoding_read, .close = decoding_close};
	d->below = below;
	d->decoder = decoder;
	d->state = decoder->start(when);
	d->drained = d->ended = d->failed = false;
	d->out = (struct buf)BUF_INIT(BUF_UNLIMITED);
	d->given = d->at = d->len = 0;
	return &d->layer;
}

size_t
input_nuls(struct str text)
{
	size_t n = 0;

	while (n < text.len && text.p[n] == '\0')
		n++;
	return n;
}

size_t
input_hole(struct str text)
{
	size_t at = 0;

	while (at < text.len) {
		size_t nul = at + str_index(str_from(text, at), '\0');
		size_t nuls = input_nuls(str_from(text, nul));

		if (nuls >= INPUT_HOLE)
			return nul;
		at = nul + nuls;
	}
	return text.len;
}

/*
 * How much of IN is NULs in front of LINE, its first one, or what a hole tore of that; or 0.
 */
static size_t
beside_hole(struct str in, struct str line)
{
	size_t n = input_nuls(in);

	if (n == 0 && (n = input_hole(line)) == line.len)
		n = 0;
	return n;
}

size_t
record_each_line(struct str in, bool end, struct buf *out, bool *passing,
    record_convert *convert, void *state)
{
	size_t n = str_index(in, '\n'), beside = 0;
	bool whole = n < in.len;

	if (!*passing)
		beside = beside_hole(in, str_head(in, n));
	if (beside) {
		buf_str(out, str_head(in, beside));
		return beside;
	}
	if (in.len == 0 || (!whole && !end && !*passing && in.len < RECORD_MAX))
		return 0;
	if (!*passing && (whole || end) && convert(state, str_head(in, n), out))
		return n + whole;
	buf_str(out, str_head(in, n + whole));
	*passing = !whole;
	return n + whole;
}

bool
record_line_with(struct str head, struct str begin, struct str word)
{
	for (int i = 0; i < HEAD_LINES && head.len; i++) {
		struct str line = str_cut(&head, '\n');

		if (str_starts(line, begin) && str_find(line, word) < line.len)
			return true;
	}
	return false;
}
