/* SPDX-License-Identifier: Apache-2.0
 *
 * input-kit: what the tests of the input room share: a directory of their own,
 * gzip members, a layer that hands out bytes in pieces, whole texts of files.
 */
#ifndef TESTS_UNIT_INPUT_KIT_H
#define TESTS_UNIT_INPUT_KIT_H

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include "base/mem.h"
#include "input/room.h"
#include "directory-kit.h"
#include "tap.h"

UNUSED static void
kit_write(const char *name, struct str bytes)
{
	FILE *file = fopen(name, "w");

	if (!file || fwrite(bytes.p ? bytes.p : "", 1, bytes.len, file) != bytes.len ||
	    fclose(file) != 0) {
		perror(name);
		exit(1);
	}
}

/* Appends TEXT as one gzip member. */
UNUSED static void
kit_gzip(struct buf *out, struct str text)
{
	z_stream z = {0};
	size_t room = text.len + text.len / 8 + 64;
	char *bytes = xmalloc(room);

	deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
	z.next_in = (Bytef *)(uintptr_t)text.p;
	z.avail_in = (unsigned)text.len;
	z.next_out = (Bytef *)bytes;
	z.avail_out = (unsigned)room;
	deflate(&z, Z_FINISH);
	buf_add(out, bytes, z.total_out);
	deflateEnd(&z);
	free(bytes);
}

/* TEXT as it lies in memory, at most PIECE bytes a read; a fault at its end if FAILS. */
struct kit_layer {
	struct layer layer;
	struct str text;
	size_t piece;
	bool fails;
};

UNUSED static ssize_t
kit_read(struct layer *layer, char *to, size_t room, struct err *err)
{
	struct kit_layer *kit = (struct kit_layer *)layer;
	struct str part = str_head(kit->text, kit->piece < room ? kit->piece : room);

	if (part.len == 0)
		return kit->fails ? err_set(err, "fault below") : 0;
	memcpy(to, part.p, part.len);
	kit->text = str_from(kit->text, part.len);
	return (ssize_t)part.len;
}

UNUSED static void
kit_close(struct layer *layer)
{
	free(layer);
}

UNUSED static struct layer *
kit_layer(struct str text, size_t piece, bool fails)
{
	struct kit_layer *kit = xcalloc(1, sizeof(*kit));

	kit->layer = (struct layer){.read = kit_read, .close = kit_close};
	kit->text = text;
	kit->piece = piece;
	kit->fails = fails;
	return &kit->layer;
}

/* Everything LAYER gives, ROOM bytes a read, into OUT; closes it. -1: a fault ended it. */
UNUSED static int
kit_drain(struct layer *layer, size_t room, struct buf *out, struct err *err)
{
	char *bytes = xmalloc(room);
	ssize_t n;

	while ((n = layer_read(layer, bytes, room, err)) > 0)
		buf_add(out, bytes, (size_t)n);
	layer_close(layer);
	free(bytes);
	return (int)n;
}

/* The text of FILE by its reader into OUT. */
UNUSED static int
kit_text(const struct input_file *file, struct buf *out, struct err *err)
{
	struct input_reader *reader;
	char bytes[4096];
	ssize_t n;

	buf_clear(out);
	if (input_reader_open(file, &reader, err) < 0)
		return -1;
	while ((n = input_reader_read(reader, bytes, sizeof(bytes), err)) > 0)
		buf_add(out, bytes, (size_t)n);
	input_reader_close(reader);
	return (int)n;
}

/* Lines of these tests begin "@123 ": that is their time. */
UNUSED static bool
kit_probe(void *context, struct str head, int64_t mtime, int64_t *ret, bool *ret_yearless)
{
	(void)context, (void)mtime, (void)ret_yearless;
	while (head.len) {
		struct str line = str_cut(&head, '\n');

		if (str_skip_char(&line, '@') && str_skip_number(&line, ret))
			return true;
	}
	return false;
}

/* input_open_below() the directory "root" for NAMES, a list that NULL ends. */
UNUSED static struct input_set *
kit_open(const char *const *names, int64_t since, struct err *err)
{
	struct input_settings settings = {
		.names = names,
		.since = since,
		.probe = kit_probe,
	};
	struct input_set *set = NULL;

	while (names[settings.count])
		settings.count++;
	return input_open_below("root", &settings, &set, err) < 0 ? NULL : set;
}

#define KIT_OPEN(err, ...) kit_open((const char *const[]){__VA_ARGS__, NULL}, INT64_MIN, err)

/* "a b | c": the names of a set's files, streams parted by "|". */
UNUSED static void
kit_is_set(const struct input_set *set, const char *want, const char *what)
{
	struct buf text = BUF_INIT(4096);

	for (size_t i = 0; set && i < set->count; i++) {
		if (i)
			buf_str(&text, STR(" | "));
		for (size_t j = 0; j < set->streams[i].count; j++)
			buf_printf(&text, "%s%s", j ? " " : "",
			    set->streams[i].files[j].name);
	}
	is_text(text.p ? text.p : "", text.len, want, what);
	buf_done(&text);
}

#endif
