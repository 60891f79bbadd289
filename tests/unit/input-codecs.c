/* SPDX-License-Identifier: Apache-2.0
 *
 * .xz, .zst and .bz2, as the .gz in input-gzip.c: members one after another,
 * truncation at every byte, damage, what stands behind the end. A codec that the
 * build lacks must be refused by name.
 */
#ifdef HAVE_BZIP2
#include <bzlib.h>
#endif
#ifdef HAVE_LIBLZMA
#include <lzma.h>
#endif
#ifdef HAVE_LIBZSTD
#include <zstd.h>
#endif

#include "input-kit.h"

static size_t
pack_gzip(struct str text, char *to, size_t room)
{
	struct buf gz = BUF_INIT(room);
	size_t len;

	kit_gzip(&gz, text);
	len = gz.len;
	memcpy(to, gz.p, len);
	buf_done(&gz);
	return len;
}

#ifdef HAVE_LIBLZMA
static size_t
pack_xz(struct str text, char *to, size_t room)
{
	size_t len = 0;

	if (lzma_easy_buffer_encode(0, LZMA_CHECK_CRC64, NULL, (const uint8_t *)text.p,
		text.len, (uint8_t *)to, &len, room) != LZMA_OK)
		abort();
	return len;
}
#endif

#ifdef HAVE_LIBZSTD
/* With a checksum, as the command makes it. */
static size_t
pack_zstd(struct str text, char *to, size_t room)
{
	ZSTD_CCtx *z = ZSTD_createCCtx();
	size_t len;

	ZSTD_CCtx_setParameter(z, ZSTD_c_checksumFlag, 1);
	len = ZSTD_compress2(z, to, room, text.p, text.len);
	ZSTD_freeCCtx(z);
	if (ZSTD_isError(len))
		abort();
	return len;
}
#endif

#ifdef HAVE_BZIP2
static size_t
pack_bzip2(struct str text, char *to, size_t room)
{
	unsigned len = (unsigned)room;
	char none[1] = "";

	if (BZ2_bzBuffToBuffCompress(to, &len, text.p ? (char *)(uintptr_t)text.p : none,
		(unsigned)text.len, 1, 0, 0) != BZ_OK)
		abort();
	return len;
}
#endif

struct row {
	const struct codec *codec;
	size_t (*pack)(struct str text, char *to, size_t room);
};

static const struct row rows[] = {
	{&codec_gzip, pack_gzip},
#ifdef HAVE_LIBLZMA
	{&codec_xz, pack_xz},
#endif
#ifdef HAVE_LIBZSTD
	{&codec_zstd, pack_zstd},
#endif
#ifdef HAVE_BZIP2
	{&codec_bzip2, pack_bzip2},
#endif
};

/* A text, packed in members, and where each of them ends. */
struct sample {
	struct buf text, packed;
	size_t text_ends[300], packed_ends[300], count;
};

static void
add_member(struct sample *sample, const struct row *row, int lines)
{
	size_t before = sample->text.len, room;
	char *bytes;

	for (int i = 0; i < lines; i++)
		buf_printf(&sample->text, "@%d mx postfix/smtpd[%d]: connect from "
		    "unknown[192.0.2.%d]\n", i, i * 7919 % 30000, i % 250);
	room = (sample->text.len - before) * 2 + 4096;
	bytes = xmalloc(room);
	buf_add(&sample->packed, bytes, row->pack(str_from(buf_view(&sample->text), before),
	    bytes, room));
	free(bytes);
	sample->text_ends[sample->count] = sample->text.len;
	sample->packed_ends[sample->count++] = sample->packed.len;
}

static void
sample_init(struct sample *sample)
{
	*sample = (struct sample){.text = BUF_INIT(BUF_UNLIMITED),
	    .packed = BUF_INIT(BUF_UNLIMITED)};
}

static void
sample_done(struct sample *sample)
{
	buf_done(&sample->text);
	buf_done(&sample->packed);
}

static bool
gives(const struct row *row, struct str packed, size_t piece, size_t room, struct str want)
{
	struct buf got = BUF_INIT(BUF_UNLIMITED);
	struct err err = {""};
	int result = kit_drain(row->codec->open(kit_layer(packed, piece, false)), room, &got,
	    &err);
	bool same = result == 0 && str_eq(buf_view(&got), want);

	if (!same)
		printf("# %d, %zu of %zu bytes, %s\n", result, got.len, want.len, err.text);
	buf_done(&got);
	return same;
}

static void
test_members(const struct row *row)
{
	const char *name = row->codec->name;
	struct buf got = BUF_INIT(BUF_UNLIMITED);
	struct err err = {""};
	struct sample sample;
	struct str packed, text;

	sample_init(&sample);
	for (int i = 0; i < 40; i++)
		add_member(&sample, row, i % 13 == 0 ? 9000 : i % 5);
	packed = buf_view(&sample.packed);
	text = buf_view(&sample.text);
	ok(row->codec->recognise(str_head(packed, CODEC_HEAD)), "%s is recognised", name);
	ok(gives(row, packed, SIZE_MAX, 65536, text), "%s: 40 members, some empty", name);
	ok(gives(row, packed, 1, 65536, text), "%s: byte by byte", name);
	ok(gives(row, packed, 1000, 1, text), "%s: into single bytes", name);
	buf_add(&sample.packed, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20);
	ok(gives(row, buf_view(&sample.packed), 7, 65536, text), "%s: zeros behind it", name);
	add_member(&sample, row, 3);
	ok(gives(row, buf_view(&sample.packed), 7, 65536, buf_view(&sample.text)),
	    "%s: a member behind zeros", name);
	buf_str(&sample.packed, STR("rubbish behind the end"));
	ok(kit_drain(row->codec->open(kit_layer(buf_view(&sample.packed), 100, false)),
	    65536, &got, &err) < 0, "%s: rubbish behind it is told of", name);
	ok(str_eq(buf_view(&got), buf_view(&sample.text)) &&
	    strstr(err.text, "something else"),
	    "%s: ... and said behind what was there: %s", name, err.text);
	buf_done(&got);
	sample_done(&sample);
}

/* What the whole members before CUT hold; *RET_WHOLE: no member is cut apart. */
static size_t
least(const struct sample *sample, size_t cut, bool *ret_whole)
{
	size_t len = 0;

	*ret_whole = false;
	for (size_t i = 0; i < sample->count && sample->packed_ends[i] <= cut; i++) {
		len = sample->text_ends[i];
		*ret_whole = sample->packed_ends[i] == cut;
	}
	return len;
}

static void
test_truncated(const struct row *row)
{
	const char *name = row->codec->name;
	struct sample sample;
	bool results = true, texts = true, offsets = true;

	sample_init(&sample);
	for (int i = 0; i < 4; i++)
		add_member(&sample, row, 10 + i);
	for (size_t cut = CODEC_HEAD; cut < sample.packed.len; cut++) {
		struct str torn = str_head(buf_view(&sample.packed), cut);
		struct buf got = BUF_INIT(BUF_UNLIMITED);
		struct err err = {""};
		char want[80];
		bool whole;
		size_t len = least(&sample, cut, &whole);
		int result = kit_drain(row->codec->open(kit_layer(torn, 50, false)), 512,
		    &got, &err);

		results &= whole ? result == 0 : result < 0;
		texts &= got.len >= len && str_starts(buf_view(&sample.text), buf_view(&got));
		snprintf(want, sizeof(want), "compressed data ends early at byte %zu", cut);
		offsets &= whole || strcmp(err.text, want) == 0;
		buf_done(&got);
	}
	ok(results, "%s: truncated at any byte: a fault", name);
	ok(texts, "%s: after all members before it", name);
	ok(offsets, "%s: which tells the byte", name);
	sample_done(&sample);
}

static void
test_damaged(const struct row *row)
{
	const char *name = row->codec->name;
	struct sample sample;
	bool caught = true, texts = true;

	sample_init(&sample);
	add_member(&sample, row, 30);
	add_member(&sample, row, 200);
	for (size_t at = sample.packed_ends[0] + 12; at < sample.packed.len; at += 3) {
		struct buf got = BUF_INIT(BUF_UNLIMITED);
		struct err err = {""};

		sample.packed.p[at] ^= 0x10;
		/* What a damaged block gave before its checksum is no prefix. */
		caught &= kit_drain(row->codec->open(kit_layer(buf_view(&sample.packed), 100,
		    false)), 512, &got, &err) < 0 &&
		    strstr(err.text, "compressed data ") != NULL &&
		    (!strstr(err.text, "damaged") || strstr(err.text, "may be wrong: "));
		texts &= got.len >= sample.text_ends[0] &&
		    memcmp(got.p, sample.text.p, sample.text_ends[0]) == 0;
		sample.packed.p[at] ^= 0x10;
		buf_done(&got);
	}
	ok(caught, "%s: any flipped bit is a fault", name);
	ok(texts, "%s: after the members before it", name);
	sample_done(&sample);
}

static void
test_below(const struct row *row)
{
	struct sample sample;
	struct buf got = BUF_INIT(BUF_UNLIMITED);
	struct err err = {""};

	sample_init(&sample);
	add_member(&sample, row, 2000);
	ok(kit_drain(row->codec->open(kit_layer(str_head(buf_view(&sample.packed), 300), 100,
	    true)), 512, &got, &err) < 0 && strcmp(err.text, "fault below") == 0,
	    "%s: a fault of the disk is told as such", row->codec->name);
	buf_done(&got);
	sample_done(&sample);
}

/* Each magic is read or refused, never taken for text. */
static void
test_named(void)
{
	static const struct {
		const char *name;
		struct str head;
	} heads[] = {
		{"gzip", {"\x1f\x8b\x08\0", 4}},
		{"xz", {"\xfd" "7zXZ\0", 6}},
		{"zstd", {"\x28\xb5\x2f\xfd", 4}},
		{"bzip2", {"BZh9", 4}},
		{"lz4", {"\x04\x22\x4d\x18", 4}},
		{"compress", {"\x1f\x9d\x90", 3}},
		{"zip", {"PK\3\4", 4}},
		{"lzma", {"\x5d\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff\0", 14}},
	};

	static const struct str texts[] = {STR("] x"), STR("]\0"), STR("]]]"), STR("")};

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		const struct codec *codec = &codec_plain;
		struct err err = {""};
		bool read = codec_find(heads[i].head, &codec, &err) == 0;
		char want[64];

		snprintf(want, sizeof(want), "compressed with %s,", heads[i].name);
		ok(read ? strcmp(codec->name, heads[i].name) == 0 :
		    strstr(err.text, want) != NULL, "%s is %s by name", heads[i].name,
		    read ? "read" : "refused");
	}
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const struct codec *codec = NULL;
		struct err err = {""};

		ok(codec_find(texts[i], &codec, &err) == 0 && codec == &codec_plain,
		    "text %zu is none: %s", i, err.text);
	}
}

static void
test_file(const struct row *row)
{
	struct sample sample;
	struct buf got = BUF_INIT(BUF_UNLIMITED);
	struct input_set *set;
	struct err err = {""};

	sample_init(&sample);
	for (int i = 0; i < 3; i++)
		add_member(&sample, row, 20000);
	kit_write("mail.log.1", buf_view(&sample.packed));
	set = KIT_OPEN(&err, "mail.log.1");
	ok(set && kit_text(&set->streams[0].files[0], &got, &err) == 0 &&
	    str_eq(buf_view(&got), buf_view(&sample.text)), "%s: a file", row->codec->name);
	input_close(set);
	kit_write("mail.log.1", str_head(buf_view(&sample.packed), sample.packed.len - 1));
	set = KIT_OPEN(&err, "mail.log.1");
	ok(set && kit_text(&set->streams[0].files[0], &got, &err) < 0 &&
	    str_starts(STR("mail.log.1: compressed data ends early at byte"),
		str_head(str_of(err.text), 46)), "%s: a torn file: %s", row->codec->name,
	    err.text);
	input_close(set);
	buf_done(&got);
	sample_done(&sample);
}

/* Read ahead or not: the same, also when the reader gives up in between. */
static void
test_ahead(void)
{
	struct buf text = BUF_INIT(BUF_UNLIMITED), got = BUF_INIT(BUF_UNLIMITED);
	static char bytes[300000];
	struct err err = {""};
	bool all = true;

	for (int i = 0; i < 400000; i++)
		buf_printf(&text, "line %d\n", i);
	for (size_t len = 262143; len < text.len; len = len * 2 + 1) {
		struct str part = str_head(buf_view(&text), len);

		buf_clear(&got);
		all &= kit_drain(ahead_open(kit_layer(part, 60000, false)), 100000, &got,
		    &err) == 0 && str_eq(buf_view(&got), part);
		buf_clear(&got);
		all &= kit_drain(ahead_open(kit_layer(part, 60000, true)), 100000, &got,
		    &err) < 0 && str_eq(buf_view(&got), part) &&
		    strcmp(err.text, "fault below") == 0;
	}
	ok(all, "read ahead: the same bytes, then the end or the fault");
	for (int reads = 0; reads < 12; reads++) {
		struct layer *layer = ahead_open(kit_layer(buf_view(&text), 5000, false));

		for (int i = 0; i < reads; i++)
			all &= layer_read(layer, bytes, sizeof(bytes), &err) > 0;
		layer_close(layer);
	}
	ok(all, "closed early");
	buf_done(&text);
	buf_done(&got);
}

int
main(void)
{
	kit_enter();
	test_named();
	test_ahead();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		test_members(&rows[i]);
		test_truncated(&rows[i]);
		test_damaged(&rows[i]);
		test_below(&rows[i]);
		test_file(&rows[i]);
	}
	kit_leave();
	return tap_done();
}
