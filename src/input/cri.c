/* SPDX-License-Identifier: Apache-2.0
 *
 * cri: what Kubernetes' runtimes (containerd, CRI-O) and Podman's k8s-file driver write:
 *   2026-11-20T11:58:13.587668123Z stdout F Nov 20 11:58:13 mx postfix/smtpd[1]: ...
 * A line of more than 16 KiB comes as several, all but the last with P (partial) for the
 * F (full). They are joined under the first one's time: else an outsider who gets a line that
 * long logged could choose what the next line begins with. All others stay as they are.
 */
#include "base/mem.h"
#include "input/room.h"

enum { STDOUT, STDERR, STREAMS };

struct cri {
	bool passing;
	struct buf line[STREAMS]; /* begun, its F has not come yet */
};

struct piece {
	struct str time; /* with the space behind it */
	int stream;
	bool full;
	struct str text;
};

static bool
is_between(char c)
{
	return c == '-' || c == ':' || c == '.' || c == 'T' || c == 'Z' || c == '+';
}

/* "2026-11-20T11:58:13.587668123Z" */
static bool
is_time(struct str time)
{
	if (time.len < 20 || time.len > 40 || time.p[4] != '-' || time.p[10] != 'T')
		return false;
	for (size_t i = 0; i < time.len; i++)
		if (!char_is_digit(time.p[i]) && !is_between(time.p[i]))
			return false;
	return true;
}

static bool
read_piece(struct str line, struct piece *ret)
{
	size_t space = str_index(str_head(line, 42), ' ');
	struct str rest = str_from(line, space);

	if (!str_skip_char(&rest, ' '))
		return false;
	if (str_skip(&rest, STR("stdout ")))
		ret->stream = STDOUT;
	else if (str_skip(&rest, STR("stderr ")))
		ret->stream = STDERR;
	else
		return false;
	ret->full = str_starts(rest, STR("F "));
	if ((!ret->full && !str_starts(rest, STR("P "))) || !is_time(str_head(line, space)))
		return false;
	ret->time = str_head(line, space + 1);
	ret->text = str_from(rest, 2);
	return true;
}

/* The first line may be torn. */
static bool
cri_recognise(struct str head)
{
	struct str first = str_cut(&head, '\n');
	struct piece piece;

	return read_piece(first, &piece) || read_piece(str_cut(&head, '\n'), &piece);
}

static void *
cri_start(void)
{
	struct cri *cri = xcalloc(1, sizeof(*cri));

	cri->line[STDOUT].max = cri->line[STDERR].max = RECORD_JOINED_MAX;
	return cri;
}

static void
cri_done(void *state)
{
	struct cri *cri = state;

	buf_done(&cri->line[STDOUT]);
	buf_done(&cri->line[STDERR]);
	free(cri);
}

/* The line that has ended, or must end here. */
static void
flush(struct buf *line, struct buf *out)
{
	buf_str(out, buf_view(line));
	buf_char(out, '\n');
	buf_clear(line);
}

static bool
convert(void *context, struct str line, struct buf *out)
{
	struct cri *cri = context;
	struct piece piece;
	struct buf *begun;

	if (!read_piece(line, &piece))
		return false;
	begun = &cri->line[piece.stream];
	if (begun->len == 0 && piece.full)
		return false;
	if (begun->len == 0) {
		buf_str(begun, piece.time);
		buf_str(begun, piece.stream == STDOUT ? STR("stdout F ") : STR("stderr F "));
	}
	buf_str(begun, piece.text);
	if (piece.full)
		flush(begun, out);
	return true;
}

static size_t
cri_decode(void *context, struct str in, bool end, struct buf *out)
{
	struct cri *cri = context;

	for (int i = 0; in.len == 0 && end && i < STREAMS; i++)
		if (cri->line[i].len)
			flush(&cri->line[i], out);
	return record_each_line(in, end, out, &cri->passing, convert, cri);
}

const struct decoder decoder_cri = {
	.name = "cri",
	.recognise = cri_recognise,
	.start = cri_start,
	.decode = cri_decode,
	.done = cri_done,
	.by_line = true,
};
