/* SPDX-License-Identifier: Apache-2.0
 *
 * gzip: .gz (RFC 1952) of any number of members, through ISA-L if the build has
 * it, else zlib. What follows the last member is ignored, as gzip -d does: tapes
 * and broken tools leave zeros there.
 */
#include <inttypes.h>
#ifdef HAVE_LIBISAL
#include <isa-l/igzip_lib.h>
#else
#include <zlib.h>
#endif

#include "base/mem.h"
#include "input/room.h"

enum step { STEP_MORE, STEP_MEMBER_END, STEP_DAMAGED };

/* Both libraries call the ends of a buffer next_in, avail_in, next_out, avail_out. */
#ifdef HAVE_LIBISAL

struct inflater {
	struct inflate_state z;
};

/* Begins a member; the input that waits is kept. */
static void
inflater_start(struct inflater *inflater)
{
	uint8_t *next_in = inflater->z.next_in;
	uint32_t avail_in = inflater->z.avail_in;

	isal_inflate_reset(&inflater->z);
	inflater->z.crc_flag = ISAL_GZIP;
	inflater->z.next_in = next_in;
	inflater->z.avail_in = avail_in;
}

static void
inflater_init(struct inflater *inflater)
{
	isal_inflate_init(&inflater->z);
	inflater_start(inflater);
}

static enum step
inflater_step(struct inflater *inflater)
{
	if (isal_inflate(&inflater->z) < 0)
		return STEP_DAMAGED;
	return inflater->z.block_state == ISAL_BLOCK_FINISH ? STEP_MEMBER_END : STEP_MORE;
}

static void
inflater_done(struct inflater *inflater)
{
	(void)inflater;
}

#else

struct inflater {
	z_stream z;
};

static void
inflater_start(struct inflater *inflater)
{
	inflateReset(&inflater->z);
}

static void
inflater_init(struct inflater *inflater)
{
	inflater->z = (z_stream){0};
	if (inflateInit2(&inflater->z, 16 + MAX_WBITS) != Z_OK) {
		fprintf(stderr, "postern: out of memory (zlib)\n");
		abort();
	}
}

static enum step
inflater_step(struct inflater *inflater)
{
	switch (inflate(&inflater->z, Z_SYNC_FLUSH)) {
	case Z_OK:
	case Z_BUF_ERROR:
		return STEP_MORE;
	case Z_STREAM_END:
		return STEP_MEMBER_END;
	default:
		return STEP_DAMAGED;
	}
}

static void
inflater_done(struct inflater *inflater)
{
	inflateEnd(&inflater->z);
}

#endif

struct gzip {
	struct layer layer;
	struct layer *below;
	bool drained;  /* nothing comes from below any more */
	bool between;  /* before a member's first byte */
	bool ended;
	bool failed;   /* `fault` is to be told after the last byte */
	struct err fault;
	struct inflater inflater;
	unsigned char in[LAYER_CHUNK];
};

static struct str
gzip_waiting(const struct gzip *g)
{
	return (struct str){(const char *)g->inflater.z.next_in, g->inflater.z.avail_in};
}

/* Adds to what waits in g->in; at the end sets g->drained. */
static void
gzip_pull(struct gzip *g)
{
	struct str waiting = gzip_waiting(g);
	ssize_t n;

	if (waiting.len)
		memmove(g->in, waiting.p, waiting.len);
	n = layer_read(g->below, (char *)g->in + waiting.len, sizeof(g->in) - waiting.len,
	    &g->fault);
	g->drained = n <= 0;
	g->failed = n < 0;
	g->inflater.z.next_in = g->in;
	g->inflater.z.avail_in = (unsigned)(waiting.len + (n > 0 ? (size_t)n : 0));
}

static void
gzip_fail(struct gzip *g, const char *what)
{
	g->ended = true;
	if (g->failed) /* reading from below failed: that is the reason */
		return;
	g->failed = true;
	err_set(&g->fault, "compressed data %s byte %" PRIu64, what,
	    g->below->done - g->inflater.z.avail_in);
}

/*
 * A member's header should be in one piece: ISA-L checks the CRC of a header (RFC
 * 1952 2.3.1, FHCRC) wrongly when it comes in several. No real one is longer.
 */
#define HEADER_BYTES 4096

/* Is there another member? Anything else behind a member is the end. */
static void
gzip_next_member(struct gzip *g)
{
	while (!g->drained && gzip_waiting(g).len < HEADER_BYTES)
		gzip_pull(g);
	if (codec_gzip.recognise(gzip_waiting(g))) {
		inflater_start(&g->inflater);
		g->between = false;
	} else {
		g->ended = true;
	}
}

static void
gzip_step(struct gzip *g)
{
	unsigned room = g->inflater.z.avail_out, waiting;

	if (g->between) {
		gzip_next_member(g);
		return;
	}
	if (g->inflater.z.avail_in == 0 && !g->drained)
		gzip_pull(g);
	waiting = g->inflater.z.avail_in;
	switch (inflater_step(&g->inflater)) {
	case STEP_MORE:
		/* At the end the library may still hold output back: ask until it has none. */
		if (g->drained && g->inflater.z.avail_out == room &&
		    g->inflater.z.avail_in == waiting)
			gzip_fail(g, "ends early at");
		break;
	case STEP_MEMBER_END:
		g->between = true;
		break;
	case STEP_DAMAGED:
		gzip_fail(g, "is damaged near");
		break;
	}
}

static ssize_t
gzip_read(struct layer *layer, char *to, size_t room, struct err *err)
{
	struct gzip *g = (struct gzip *)layer;
	unsigned len = room < INT32_MAX ? (unsigned)room : INT32_MAX;

	g->inflater.z.next_out = (unsigned char *)to;
	g->inflater.z.avail_out = len;
	while (g->inflater.z.avail_out == len && !g->ended)
		gzip_step(g);
	if (g->inflater.z.avail_out < len)
		return (ssize_t)(len - g->inflater.z.avail_out);
	if (g->failed) {
		*err = g->fault;
		return -1;
	}
	return 0;
}

static void
gzip_close(struct layer *layer)
{
	struct gzip *g = (struct gzip *)layer;

	inflater_done(&g->inflater);
	layer_close(g->below);
	free(g);
}

static struct layer *
gzip_open(struct layer *below)
{
	struct gzip *g = xmalloc(sizeof(*g));

	g->layer = (struct layer){.read = gzip_read, .close = gzip_close};
	g->below = below;
	g->drained = g->ended = g->failed = false;
	g->between = true;
	inflater_init(&g->inflater);
	g->inflater.z.next_in = g->in;
	g->inflater.z.avail_in = 0;
	return &g->layer;
}

static bool
gzip_recognise(struct str head)
{
	return str_starts(head, STR("\x1f\x8b"));
}

const struct codec codec_gzip = {
	.name = "gzip",
	.recognise = gzip_recognise,
	.open = gzip_open,
};
