/* SPDX-License-Identifier: Apache-2.0
 *
 * generation: one file of a followed log, read as it grows. Before bytes count as
 * read it is made sure that the file still begins as it did and is as long as they
 * say: between two looks it may have been truncated and written full again.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/civil.h"
#include "base/mem.h"
#include "base/now.h"
#include "base/stable-hash.h"
#include "input/follow-room.h"

/* As much of the first line as input_file.head_hash is of. */
#define HASHED_LINE 256

/* Reads of FOLLOW_LINE bytes before others have their turn. */
#define READS_AT_ONCE 4

static ssize_t
read_at(const struct generation *g, char *to, size_t room, uint64_t offset)
{
	ssize_t n;

	do {
		n = pread(g->file.private->fd, to, room, (off_t)offset);
	} while (n < 0 && errno == EINTR);
	return n;
}

/* Adds to the text that waits. */
static void
pull_packed(struct generation *g)
{
	ssize_t n = 0;

	if (!g->drained)
		n = layer_read(g->packed, g->carry + g->carry_len, FOLLOW_LINE - g->carry_len,
		    &g->fault);
	g->drained |= n <= 0;
	g->failed |= n < 0;
	g->carry_len += n > 0 ? (size_t)n : 0;
}

/* Begins the text of a compressed file. */
static void
open_packed(struct generation *g, const struct codec *codec)
{
	struct err ignored;

	g->packed = codec->open(g->file.private->open(&g->file, &ignored));
	g->carry = xmalloc(FOLLOW_LINE);
	while (!g->drained && g->carry_len < FOLLOW_HEAD)
		pull_packed(g);
	g->head_len = g->carry_len < FOLLOW_HEAD ? g->carry_len : FOLLOW_HEAD;
	memcpy(g->head, g->carry, g->head_len);
}

/* -1 where HEAD is of records that are no lines. */
static int
check_records(struct str head, struct err *err)
{
	const struct decoder *decoder = decoder_find(head);

	if (!decoder->instead || (decoder->by_line && !str_starts(head, STR("{\n"))))
		return 0;
	return err_set(err, "%s", decoder->instead);
}

int
generation_open(const char *path, struct generation **ret, struct err *err)
{
	struct generation *g = xcalloc(1, sizeof(*g));
	const struct codec *codec = &codec_plain;
	ssize_t n = 0;

	if (source_open(path, O_NONBLOCK, &g->file, err) < 0) {
		free(g);
		return -1;
	}
	g->path = realpath(path, NULL);
	g->device = g->file.private->device;
	g->inode = g->file.private->inode;
	g->mtime = g->file.mtime;
	g->grown = now_monotonic();
	g->watch = -1;
	if (g->file.private->fd < 0) {
		err_set(err, "%s: %s", path, g->file.private->journal.file ?
		    "a file of a journal, which is read but not followed; expected 'journal' "
		    "for the journal itself" :
		    "not a regular file, which alone can be followed");
		generation_close(g);
		return -1;
	}
	n = read_at(g, g->head, FOLLOW_HEAD, 0);
	if (n < 0)
		err_set(err, "%s: %s", path, strerror(errno));
	else if (codec_find((struct str){g->head, (size_t)n}, &codec, err) < 0 ||
	    check_records((struct str){g->head, (size_t)n}, err) < 0 ||
	    text_check((struct str){g->head, (size_t)n}, err) < 0) {
		err_wrap(err, "%s", path);
		n = -1;
	}
	if (n < 0) {
		generation_close(g);
		return -1;
	}
	if (codec != &codec_plain)
		open_packed(g, codec);
	else
		g->head_len = (size_t)n;
	*ret = g;
	return 0;
}

void
generation_close(struct generation *g)
{
	if (!g)
		return;
	if (g->decoder)
		g->decoder->done(g->decoder_state);
	buf_done(&g->record);
	buf_done(&g->decoded);
	layer_close(g->packed);
	free(g->carry);
	free(g->path);
	source_close(&g->file);
	free(g);
}

void
generation_identity(const struct generation *g, struct identity *ret)
{
	struct str head = {g->head, g->head_len};

	*ret = (struct identity){
		.head_hash = stable_hash(STABLE_HASH_START, head),
		.head_len = g->head_len,
		.head = g->head,
		.device = g->device,
		.inode = g->inode,
		.mtime = g->mtime,
	};
}

bool
generation_is(const struct generation *g, const struct identity *identity)
{
	struct str head = {g->head, identity->head_len};

	if (identity->head_len == 0)
		return !g->packed && g->inode == identity->inode &&
		    g->device == identity->device;
	if (g->head_len < identity->head_len)
		return identity->head && memchr(g->head, '\n', g->head_len) &&
		    memcmp(g->head, identity->head, g->head_len) == 0;
	return stable_hash(STABLE_HASH_START, head) == identity->head_hash;
}

static void
use_packed(struct generation *g, size_t used)
{
	g->carry_len -= used;
	memmove(g->carry, g->carry + used, g->carry_len);
}

/* Reads and forgets text up to OFFSET; *RET_LAST: the byte before it. */
static bool
pass_packed(struct generation *g, uint64_t offset, char *ret_last)
{
	while (g->offset < offset) {
		uint64_t left = offset - g->offset;
		size_t n = left < g->carry_len ? (size_t)left : g->carry_len;

		if (n > 0) {
			*ret_last = g->carry[n - 1];
			g->offset += n;
			use_packed(g, n);
		} else if (g->drained) {
			return false;
		} else {
			pull_packed(g);
		}
	}
	return true;
}

bool
generation_seek(struct generation *g, uint64_t offset)
{
	char last = '\n';
	struct stat st;

	if (g->packed) {
		if (!pass_packed(g, offset, &last))
			return false;
	} else {
		if (fstat(g->file.private->fd, &st) != 0 || (uint64_t)st.st_size < offset) {
			generation_seek_end(g);
			return false;
		}
		if (offset > 0 && read_at(g, &last, 1, offset - 1) != 1)
			return false;
		g->offset = g->seen = offset;
	}
	g->skipping = last != '\n' && last != '\0';
	return true;
}

void
generation_seek_end(struct generation *g)
{
	char part[4096];
	struct stat st;
	uint64_t end;

	g->offset = g->seen = 0;
	g->skipping = false;
	if (fstat(g->file.private->fd, &st) != 0)
		return;
	if (g->head_len > (uint64_t)st.st_size)
		g->head_len = (size_t)st.st_size;
	for (end = (uint64_t)st.st_size; end > 0;) {
		size_t len = end < sizeof(part) ? (size_t)end : sizeof(part);
		struct str text = {part, len};

		if (read_at(g, part, len, end - len) != (ssize_t)len)
			return;
		end -= len;
		len = str_find_last(text, STR("\n"));
		if (len < text.len) {
			g->offset = g->seen = end + len + 1;
			return;
		}
	}
}

enum change { CHANGE_NONE, CHANGE_UNDECIDED, CHANGE_CUT, CHANGE_TRUNCATED };

/* Is it still the file it was, as long as it was at least? *RET_SIZE: how long, then. */
static enum change
check(struct generation *g, uint64_t *ret_size)
{
	char head[FOLLOW_HEAD];
	struct stat st;
	size_t common;
	ssize_t n;

	/* In this order: what is truncated in between shows in its head. */
	if (fstat(g->file.private->fd, &st) != 0 || (n = read_at(g, head, FOLLOW_HEAD, 0)) < 0)
		return CHANGE_UNDECIDED;
	common = (size_t)n < g->head_len ? (size_t)n : g->head_len;
	if ((n == 0 && g->head_len > 0) || memcmp(head, g->head, common) != 0)
		return CHANGE_TRUNCATED;
	if ((size_t)n < g->head_len || (uint64_t)st.st_size < g->seen) {
		/* Part of a line can be the same by chance: a date. */
		return memchr(head, '\n', common) ? CHANGE_CUT : CHANGE_UNDECIDED;
	}
	memcpy(g->head, head, (size_t)n);
	g->head_len = (size_t)n;
	g->mtime = (int64_t)st.st_mtim.tv_sec * USEC_PER_SEC + st.st_mtim.tv_nsec / 1000;
	*ret_size = (uint64_t)st.st_size;
	return CHANGE_NONE;
}

/* May TEXT, a line of G, be a record? The whole file is of them, and begins as they do. */
static bool
may_be_record(const struct generation *g, struct str text)
{
	if (g->head_len == 0 || text.len == 0)
		return false;
	if (*g->head == '{' || *g->head == '\x1e')
		return *text.p == *g->head;
	if (str_starts((struct str){g->head, g->head_len}, STR("data: {")))
		return str_starts(text, STR("data: {"));
	if (*g->head == 'm')
		return decoder_dateless.recognise(text);
	return char_is_digit(*g->head) && (g->decoder || decoder_cri.recognise(text));
}

/*
 * The line that TEXT, a record of a container's or the journal's, tells, or TEXT itself;
 * false: it is only part of a line.
 */
static bool
decode_line(struct generation *g, struct str *text)
{
	const struct decoder *decoder = g->decoder;

	if (!may_be_record(g, *text))
		return true;
	if (!decoder) {
		decoder = decoder_find(*text);
		if (!decoder->by_line)
			return true;
		g->decoder = decoder;
		g->decoder_state = decoder->start(0);
		g->record.max = g->decoded.max = BUF_UNLIMITED;
	}
	buf_clear(&g->record);
	buf_clear(&g->decoded);
	buf_str(&g->record, *text);
	buf_char(&g->record, '\n');
	decoder->decode(g->decoder_state, buf_view(&g->record), false, &g->decoded);
	*text = buf_view(&g->decoded);
	if (text->len == 0)
		return false;
	text->len -= str_ends(*text, STR("\n"));
	return true;
}

static void
tell_fault(struct generation *g, const char *text, struct outlet *outlet)
{
	if (!g->faulty)
		outlet_notice(outlet, FOLLOW_FAULT, "%s: %s", g->file.name, text);
	g->faulty = true;
}

/* What there is to do when the first line is there; there may have been none at the start. */
static void
begin_lines(struct generation *g, struct outlet *outlet)
{
	struct str head = {g->head, g->head_len};
	struct err err;

	g->line_hash = stable_hash(STABLE_HASH_START,
	    str_head(str_head(head, str_index(head, '\n')), HASHED_LINE));
	if (check_records(head, &err) < 0)
		tell_fault(g, err.text, outlet);
}

static void
give_line(struct generation *g, struct str text, uint64_t before, struct outlet *outlet)
{
	if (!g->line_hash)
		begin_lines(g, outlet);
	if (!decode_line(g, &text))
		return;
	outlet->sink->line(outlet->sink->context, &(struct follow_line){
		.source = outlet->source,
		.name = outlet->name,
		.text = text,
		.head_hash = g->line_hash,
		.offset = g->offset,
		.generation = g->number,
		.before = before,
	});
}

/* The hole, if one was being passed, is over. */
static void
end_hole(struct generation *g, struct outlet *outlet)
{
	if (g->hole >= INPUT_HOLE)
		outlet_notice(outlet, FOLLOW_HOLE, "%s: %llu NUL bytes before byte %llu left "
		    "out: " INPUT_HOLE_CAUSE, g->file.name, (unsigned long long)g->hole,
		    (unsigned long long)g->offset);
	g->hole = 0;
}

/* Gives the lines in TEXT, which begins at g->offset; returns the bytes done with. */
static size_t
give_lines(struct generation *g, struct str text, bool last, struct outlet *outlet)
{
	struct str rest = text;

	while (rest.len > 0) {
		size_t skip = g->skipping ? 0 : input_nuls(rest), n, hole;
		uint64_t before = g->offset;
		bool whole;

		g->offset += skip;
		g->hole += skip;
		rest = str_from(rest, skip);
		if (rest.len > 0 || last)
			end_hole(g, outlet);
		n = str_index(rest, '\n');
		hole = g->skipping ? n : input_hole(str_head(rest, n));
		if (hole < n) {
			give_line(g, str_head(rest, hole), before, outlet);
			g->offset += hole;
			rest = str_from(rest, hole);
			continue;
		}
		whole = n < rest.len;
		if (!whole && !last && !g->skipping && n < FOLLOW_LINE)
			break;
		if (!g->skipping && rest.len > 0)
			give_line(g, str_head(rest, n), before, outlet);
		g->skipping = !whole && !last;
		g->offset += n + whole;
		rest = str_from(rest, n + whole);
	}
	return text.len - rest.len;
}

static enum reading
read_packed(struct generation *g, struct outlet *outlet)
{
	for (int i = 0; i < READS_AT_ONCE; i++) {
		struct str waiting = {g->carry, g->carry_len};

		use_packed(g, give_lines(g, waiting, false, outlet));
		if (g->drained) {
			if (g->failed)
				tell_fault(g, g->fault.text, outlet);
			return READING_ALL;
		}
		pull_packed(g);
	}
	return READING_MORE;
}

static enum reading
read_plain(struct generation *g, char *buffer, struct outlet *outlet)
{
	uint64_t size = 0;
	enum change change = check(g, &size);

	for (int i = 0; i < READS_AT_ONCE && change == CHANGE_NONE; i++) {
		ssize_t n;

		if (size == g->seen)
			return READING_ALL;
		n = read_at(g, buffer, FOLLOW_LINE, g->offset);
		if (n < 0)
			tell_fault(g, strerror(errno), outlet);
		if (n <= 0)
			return READING_ALL;
		if (g->seen < g->offset + (uint64_t)n)
			g->seen = g->offset + (uint64_t)n;
		change = check(g, &size);
		if (change == CHANGE_NONE) {
			g->grown = now_monotonic();
			g->faulty = false;
			give_lines(g, (struct str){buffer, (size_t)n}, false, outlet);
		}
	}
	switch (change) {
	case CHANGE_NONE:
		return READING_MORE;
	case CHANGE_UNDECIDED:
		return READING_ALL;
	case CHANGE_CUT:
		return READING_CUT;
	case CHANGE_TRUNCATED:
		return READING_TRUNCATED;
	}
	return READING_ALL;
}

enum reading
generation_read(struct generation *g, char *buffer, struct outlet *outlet)
{
	return g->packed ? read_packed(g, outlet) : read_plain(g, buffer, outlet);
}

void
generation_finish(struct generation *g, char *buffer, struct outlet *outlet)
{
	enum reading reading;
	struct str rest;
	ssize_t n;

	while ((reading = generation_read(g, buffer, outlet)) == READING_MORE)
		continue;
	if (reading != READING_ALL)
		return;
	if (g->packed) {
		rest = (struct str){g->carry, g->carry_len};
	} else {
		n = read_at(g, buffer, FOLLOW_LINE, g->offset);
		rest = (struct str){buffer, n > 0 ? (size_t)n : 0};
	}
	give_lines(g, rest, true, outlet);
}
