/* SPDX-License-Identifier: Apache-2.0
 *
 * packed: the layer of every compression: members (gzip), streams (xz, bzip2) or
 * frames (zstd) one after another, through the library that a codec names. All that
 * can be read comes first, then the fault.
 */
#include <inttypes.h>

#include "base/mem.h"
#include "input/room.h"

struct packed {
	struct layer layer;
	struct layer *below;
	const struct unpacker *unpacker;
	void *state;
	struct unpack_ends ends; /* .in: what waits in `in` */
	uint64_t member; /* where the member at hand begins */
	bool drained;  /* nothing comes from below any more */
	bool between;  /* before a member's first byte */
	bool ended;
	bool failed;   /* `fault` is to be told after the last byte */
	struct err fault;
	unsigned char in[LAYER_CHUNK];
};

/* Adds to what waits in p->in; at the end sets p->drained. */
static void
packed_pull(struct packed *p)
{
	ssize_t n;

	if (p->ends.in_len)
		memmove(p->in, p->ends.in, p->ends.in_len);
	n = layer_read(p->below, (char *)p->in + p->ends.in_len,
	    sizeof(p->in) - p->ends.in_len, &p->fault);
	p->drained = n <= 0;
	p->failed = n < 0;
	p->ends.in = p->in;
	p->ends.in_len += n > 0 ? (size_t)n : 0;
}

static void
packed_fail(struct packed *p, const char *what)
{
	p->ended = true;
	if (p->failed) /* reading from below failed: that is the reason */
		return;
	p->failed = true;
	err_set(&p->fault, "compressed data %s byte %" PRIu64, what,
	    p->below->done - p->ends.in_len);
}

/* Nearly all bytes mean something: damage is found behind what came of it, by a checksum. */
static void
packed_damaged(struct packed *p, const char *what)
{
	bool told = p->failed;

	packed_fail(p, what);
	if (!told)
		err_wrap(&p->fault, "what was read may be wrong");
}

/* Its bytes, read as they are, say something else. */
static void
packed_mismatch(struct packed *p)
{
	char what[80];

	snprintf(what, sizeof(what), "is damaged somewhere between byte %" PRIu64 " and",
	    p->member);
	packed_damaged(p, what);
}

/*
 * A member's header should be in one piece: ISA-L checks the CRC of a gzip header (RFC
 * 1952 2.3.1, FHCRC) wrongly when it comes in several. No real one is longer.
 */
#define MEMBER_HEAD 4096

/* Passes the zeros that pad a member. Then enough waits to recognise another, or all. */
static void
packed_skip_padding(struct packed *p)
{
	do {
		while (!p->drained && p->ends.in_len < MEMBER_HEAD)
			packed_pull(p);
		while (p->ends.in_len > 0 && *p->ends.in == 0) {
			p->ends.in++;
			p->ends.in_len--;
		}
	} while (!p->drained && p->ends.in_len < MEMBER_HEAD);
}

/* Is there another member? */
static void
packed_next_member(struct packed *p)
{
	struct str waiting;

	packed_skip_padding(p);
	waiting = (struct str){(const char *)p->ends.in, p->ends.in_len};
	if (p->unpacker->recognise(waiting)) {
		p->unpacker->restart(p->state);
		p->member = p->below->done - p->ends.in_len;
		p->between = false;
	} else if (waiting.len > 0 && str_starts(p->unpacker->magic, waiting)) {
		p->ends.in_len = 0;
		packed_fail(p, "ends early at");
	} else if (waiting.len == 0) {
		p->ended = true;
	} else {
		/* Rubbish, or a member whose first bytes are damaged. */
		packed_fail(p, "is followed by something else, which was not read, at");
	}
}

static void
packed_step(struct packed *p)
{
	struct unpack_ends before;

	if (p->between) {
		packed_next_member(p);
		return;
	}
	if (p->ends.in_len == 0 && !p->drained)
		packed_pull(p);
	before = p->ends;
	switch (p->unpacker->step(p->state, &p->ends)) {
	case UNPACK_MORE:
		/* At the end the library may still hold output back: ask until it has none. */
		if (p->ends.out_len == before.out_len && p->ends.in_len == before.in_len &&
		    (p->drained || before.in_len > 0))
			p->drained ? packed_fail(p, "ends early at") :
				     packed_damaged(p, "is damaged near");
		break;
	case UNPACK_END:
		p->between = true;
		break;
	case UNPACK_DAMAGED:
		packed_damaged(p, "is damaged near");
		break;
	case UNPACK_MISMATCH:
		packed_mismatch(p);
		break;
	case UNPACK_TOO_BIG:
		packed_fail(p, "wants more memory than it gets, at");
		break;
	}
}

static ssize_t
packed_read(struct layer *layer, char *to, size_t room, struct err *err)
{
	struct packed *p = (struct packed *)layer;

	p->ends.out = (unsigned char *)to;
	p->ends.out_len = room;
	while (p->ends.out_len == room && !p->ended)
		packed_step(p);
	if (p->ends.out_len < room)
		return (ssize_t)(room - p->ends.out_len);
	if (p->failed) {
		*err = p->fault;
		return -1;
	}
	return 0;
}

static void
packed_close(struct layer *layer)
{
	struct packed *p = (struct packed *)layer;

	p->unpacker->done(p->state);
	layer_close(p->below);
	free(p);
}

struct layer *
packed_open(struct layer *below, const struct unpacker *unpacker)
{
	struct packed *p = xmalloc(sizeof(*p));

	p->layer = (struct layer){.read = packed_read, .close = packed_close};
	p->below = below;
	p->unpacker = unpacker;
	p->state = unpacker->start();
	p->ends = (struct unpack_ends){.in = p->in};
	p->drained = p->ended = p->failed = false;
	p->between = true;
	return &p->layer;
}

void
packed_out_of_memory(const char *library)
{
	fprintf(stderr, "postern: out of memory (%s)\n", library);
	abort();
}
