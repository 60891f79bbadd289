/* SPDX-License-Identifier: Apache-2.0
 *
 * .gz: members, truncation at every byte, damage, what stands behind the end.
 */
#include "input-kit.h"

static void
add_lines(struct buf *text, int count)
{
	for (int i = 0; i < count; i++)
		buf_printf(text, "@%d mx postfix/smtpd[%d]: connect from "
		    "unknown[192.0.2.%d]\n", i, i * 7919 % 30000, i % 250);
}

/* Decompresses GZ as PIECE says; the result is compared with WANT. */
static bool
gives(struct str gz, size_t piece, size_t room, struct str want)
{
	struct buf got = BUF_INIT(BUF_UNLIMITED);
	struct err err;
	int result = kit_drain(codec_gzip.open(kit_layer(gz, piece, false)), room, &got, &err);
	bool same = result == 0 && str_eq(buf_view(&got), want);

	buf_done(&got);
	return same;
}

static void
test_members(void)
{
	struct buf text = BUF_INIT(BUF_UNLIMITED), gz = BUF_INIT(BUF_UNLIMITED);
	bool all = true;

	for (int i = 0; i < 300; i++) {
		size_t before = text.len;

		add_lines(&text, i % 23 == 0 ? 4000 : i % 40);
		kit_gzip(&gz, str_from(buf_view(&text), before));
	}
	ok(gives(buf_view(&gz), SIZE_MAX, 65536, buf_view(&text)), "300 members, some empty");
	for (size_t piece = 1; piece < 40; piece += 6)
		all &= gives(buf_view(&gz), piece, 65536, buf_view(&text));
	ok(all, "in small pieces");
	ok(gives(buf_view(&gz), SIZE_MAX, 1, buf_view(&text)), "into small pieces");
	buf_add(&gz, "\0\0\0\0\0\0\0", 7);
	ok(gives(buf_view(&gz), 100, 65536, buf_view(&text)), "zeros behind the end");
	buf_str(&gz, STR("rubbish"));
	ok(!gives(buf_view(&gz), 100, 65536, buf_view(&text)), "rubbish behind the end");
	buf_done(&text);
	buf_done(&gz);
}

/* Whether zlib finds LEN bytes of output in the torn GZ. */
static size_t
zlib_gives(struct str gz, size_t room)
{
	z_stream z = {0};
	char *bytes = xmalloc(room);
	size_t len;

	inflateInit2(&z, 16 + MAX_WBITS);
	z.next_in = (Bytef *)(uintptr_t)gz.p;
	z.avail_in = (unsigned)gz.len;
	z.next_out = (Bytef *)bytes;
	z.avail_out = (unsigned)room;
	inflate(&z, Z_SYNC_FLUSH);
	len = z.total_out;
	inflateEnd(&z);
	free(bytes);
	return len;
}

static void
test_truncated(void)
{
	struct buf text = BUF_INIT(BUF_UNLIMITED), gz = BUF_INIT(BUF_UNLIMITED);
	bool faults = true, texts = true, offsets = true;

	add_lines(&text, 60);
	kit_gzip(&gz, buf_view(&text));
	for (size_t cut = 2; cut < gz.len; cut++) {
		struct str torn = str_head(buf_view(&gz), cut);
		struct buf got = BUF_INIT(BUF_UNLIMITED);
		char want[80];
		struct err err = {""};

		faults &= kit_drain(codec_gzip.open(kit_layer(torn, 50, false)), 512, &got,
		    &err) < 0;
		texts &= got.len >= zlib_gives(torn, text.len + 1) &&
		    str_starts(buf_view(&text), buf_view(&got));
		snprintf(want, sizeof(want), "compressed data ends early at byte %zu", cut);
		offsets &= strcmp(err.text, want) == 0;
		buf_done(&got);
	}
	ok(faults, "truncated at any byte: a fault");
	ok(texts, "after all that zlib can read, too");
	ok(offsets, "which tells the byte");
	buf_done(&text);
	buf_done(&gz);
}

static void
test_second_member_torn(void)
{
	struct buf text = BUF_INIT(BUF_UNLIMITED), gz = BUF_INIT(BUF_UNLIMITED);
	struct buf got = BUF_INIT(BUF_UNLIMITED);
	struct err err;

	add_lines(&text, 10);
	kit_gzip(&gz, buf_view(&text));
	buf_str(&gz, STR("\x1f\x8b\x08"));
	ok(kit_drain(codec_gzip.open(kit_layer(buf_view(&gz), 9, false)), 512, &got, &err) < 0,
	    "a second member that is only begun is a fault");
	ok(str_eq(buf_view(&got), buf_view(&text)), "the first is complete");
	buf_done(&text);
	buf_done(&gz);
	buf_done(&got);
}

static void
test_damaged(void)
{
	struct buf text = BUF_INIT(BUF_UNLIMITED), gz = BUF_INIT(BUF_UNLIMITED);
	struct buf got = BUF_INIT(BUF_UNLIMITED);
	bool caught = true;
	struct err err = {""};
	char want[128];

	add_lines(&text, 200);
	kit_gzip(&gz, buf_view(&text));
	gz.p[gz.len - 6] ^= 1;
	ok(kit_drain(codec_gzip.open(kit_layer(buf_view(&gz), 4096, false)), 512, &got,
	    &err) < 0 && str_eq(buf_view(&got), buf_view(&text)),
	    "a wrong CRC is told after the text");
	snprintf(want, sizeof(want), "is damaged somewhere between byte 0 and byte %zu",
	    gz.len);
	ok(strstr(err.text, want) != NULL, "and that it may be anywhere: %s", err.text);
	gz.p[gz.len - 6] ^= 1;
	for (size_t at = 10; at < gz.len; at += 3) {
		gz.p[at] ^= 0x10;
		buf_clear(&got);
		caught &= kit_drain(codec_gzip.open(kit_layer(buf_view(&gz), 100, false)),
		    512, &got, &err) < 0;
		gz.p[at] ^= 0x10;
	}
	ok(caught, "any flipped bit is a fault");
	buf_clear(&got);
	ok(kit_drain(codec_gzip.open(kit_layer(str_head(buf_view(&gz), 200), 100, true)), 512,
	    &got, &err) < 0 && strcmp(err.text, "fault below") == 0,
	    "a fault of the disk is told as such");
	buf_done(&text);
	buf_done(&gz);
	buf_done(&got);
}

static void
test_file(void)
{
	struct buf text = BUF_INIT(BUF_UNLIMITED), gz = BUF_INIT(BUF_UNLIMITED);
	struct buf got = BUF_INIT(BUF_UNLIMITED);
	struct input_set *set;
	struct err err = {""};

	add_lines(&text, 3000);
	kit_gzip(&gz, buf_view(&text));
	kit_write("mail.log.2.gz", str_head(buf_view(&gz), 5000));
	kit_write("empty.log", STR(""));
	kit_write("mail.log.3.lz4", STR("\x04\x22\x4d\x18rest"));
	set = KIT_OPEN(&err, "mail.log.2.gz", "empty.log", "mail.log.3.lz4");
	kit_is_set(set, "mail.log.2.gz | empty.log", "two files can be opened");
	ok(set->fault_count == 1 && strstr(set->faults[0].text, "mail.log.3.lz4: "
	    "compressed with lz4"), "lz4 is refused by name");
	ok(kit_text(&set->streams[0].files[0], &got, &err) < 0 &&
	    strcmp(err.text, "mail.log.2.gz: compressed data ends early at byte 5000") == 0,
	    "the fault names the file");
	ok(got.len > 0 && str_starts(buf_view(&text), buf_view(&got)), "after the text");
	ok(!set->streams[0].files[0].seekable && set->streams[0].files[0].size == 5000,
	    "a .gz is not seekable; its size is the disk's");
	ok(kit_text(&set->streams[1].files[0], &got, &err) == 0 && got.len == 0,
	    "an empty file is fine");
	input_close(set);
	buf_done(&text);
	buf_done(&gz);
	buf_done(&got);
}

int
main(void)
{
	kit_enter();
	test_members();
	test_truncated();
	test_second_member_torn();
	test_damaged();
	test_file();
	kit_leave();
	return tap_done();
}
