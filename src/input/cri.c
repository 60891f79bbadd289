/* SPDX-License-Identifier: Apache-2.0
 *
 * cri: what Kubernetes' runtimes (containerd, CRI-O) and Podman's k8s-file driver write:
 *   2026-11-20T11:58:13.587668123Z stdout F Nov 20 11:58:13 mx postfix/smtpd[1]: ...
 * A line of more than 16 KiB comes as several, all but the last with P (partial) for the
 * F (full). They are joined under the first one's time: else an outsider who gets a line that
 * long logged could choose what the next line begins with. All others stay as they are.
 */
#include "input/room.h"

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
		ret->stream = JOINED_OUT;
	else if (str_skip(&rest, STR("stderr ")))
		ret->stream = JOINED_ERR;
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

static bool
convert(void *context, struct str line, struct buf *out)
{
	struct joined *joined = context;
	struct piece piece;
	struct buf *begun;

	if (!read_piece(line, &piece))
		return false;
	begun = &joined->line[piece.stream];
	if (begun->len == 0 && piece.full)
		return false;
	if (begun->len == 0) {
		buf_str(begun, piece.time);
		buf_str(begun, piece.stream == JOINED_OUT ? STR("stdout F ")
							  : STR("stderr F "));
	}
	buf_str(begun, piece.text);
	if (piece.full)
		joined_flush(begun, out);
	return true;
}

static size_t
cri_decode(void *context, struct str in, bool end, struct buf *out)
{
	return joined_decode(context, in, end, out, convert);
}

const struct decoder decoder_cri = {
	.name = "cri",
	.recognise = cri_recognise,
	.start = joined_start,
	.decode = cri_decode,
	.done = joined_done,
	.by_line = true,
};
