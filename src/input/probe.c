/* SPDX-License-Identifier: Apache-2.0
 *
 * probe: a look at the head of a file: how it is compressed, which record format
 * it has, when its first line was logged, and a hash to know it by.
 */
#include "base/mem.h"
#include "base/stable-hash.h"
#include "input/room.h"

/* Decoded text that is looked at, and how much may be read on disk to get it. */
#define PROBE_TEXT (64 * 1024)
#define PROBE_DISK (512 * 1024)

/* As much of the first line as is hashed: it stays the same while the file grows. */
#define HASHED_LINE 256

/* A directory's file with a NUL this early is no log; behind, a crash may have left some. */
#define BINARY_HEAD 512

/*
 * As layer_fill(), from SOURCE up to TOP; but where a pipe's writer pauses a line will do:
 * the next one may be long in coming.
 */
static size_t
fill_head(struct layer *top, const struct layer *source, const struct spool *spool, char *to,
    size_t room)
{
	struct err ignored; /* the reader will find out, too */
	size_t len = 0;

	while (len < room) {
		ssize_t n;

		if (spool && memchr(to, '\n', len) && spool_paused(spool, source->done))
			break;
		n = layer_read(top, to + len, room - len, &ignored);
		if (n <= 0)
			break;
		len += (size_t)n;
	}
	return len;
}

/* Reads the head as DECODER (NULL: not even decompressed) makes it. */
static int
read_head(const struct input_file *file, const struct codec *codec,
    const struct decoder *decoder, char *to, size_t room, size_t *ret, struct err *err)
{
	struct layer *source = file->private->open(file, err), *layer;

	if (!source)
		return err_wrap(err, "%s", file->name);
	layer = layer_limit(source, PROBE_DISK);
	if (codec)
		layer = codec->open(layer);
	if (decoder)
		layer = decoder_open(decoder, layer, file->mtime);
	*ret = fill_head(layer, source, file->private->spool, to, room);
	layer_close(layer);
	return 0;
}

/* Finds out what the file is, and leaves its decoded head in TEXT. */
static int
recognise(struct input_file *file, char *text, size_t *ret_len, struct err *err)
{
	struct input_private *private = file->private;
	size_t len;

	if (read_head(file, NULL, NULL, text, CODEC_HEAD, &len, err) < 0)
		return -1;
	if (codec_find((struct str){text, len}, &private->codec, err) < 0)
		return err_wrap(err, "%s", file->name);
	if (read_head(file, private->codec, NULL, text, PROBE_TEXT, &len, err) < 0)
		return -1;
	private->decoder = decoder_find((struct str){text, len});
	if (private->decoder == &decoder_text && text_check((struct str){text, len}, err) < 0)
		return err_wrap(err, "%s", file->name);
	if (private->decoder->decode &&
	    read_head(file, private->codec, private->decoder, text, PROBE_TEXT, &len, err) < 0)
		return -1;
	*ret_len = len;
	return 0;
}

int
probe_file(struct input_file *file, const struct input_settings *settings, struct err *err)
{
	struct input_private *private = file->private;
	char *text = xmalloc(PROBE_TEXT);
	struct str head = {text, 0}, line;

	if (recognise(file, text, &head.len, err) < 0) {
		free(text);
		return -1;
	}
	line = str_head(head, str_index(head, '\n'));
	file->head_hash = stable_hash(STABLE_HASH_START, str_head(line, HASHED_LINE));
	file->seekable = private->fd >= 0 && private->codec->seekable &&
	    !private->decoder->decode;
	if (!settings->probe ||
	    !settings->probe(settings->context, head, file->mtime, &file->first,
	    &private->yearless))
		file->first = INT64_MIN;
	private->empty = head.len == 0;
	private->binary = str_index(str_head(head, BINARY_HEAD), '\0') <
	    str_head(head, BINARY_HEAD).len;
	free(text);
	return 0;
}

struct layer *
probe_layers(const struct input_file *file, struct layer **ret_source, struct err *err)
{
	const struct input_private *private = file->private;
	struct layer *layer = private->open(file, err);

	if (!layer) {
		err_wrap(err, "%s", file->name);
		return NULL;
	}
	*ret_source = layer;
	layer = private->codec->open(layer);
	/* Whoever waits for a pipe could not be stopped. */
	if (private->fd >= 0 && private->codec != &codec_plain)
		layer = ahead_open(layer);
	return decoder_open(private->decoder, layer, file->mtime);
}
