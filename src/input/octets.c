/* SPDX-License-Identifier: Apache-2.0
 *
 * octets: what was sent by syslog over TCP or TLS and written down as it came, each message
 * with its length in front (RFC 6587, 3.4.1), with or without a newline between:
 *   69 <22>1 2026-11-20T11:58:13Z mx postfix/smtpd 1 - - connect from ...70 <22>1 ...
 * Nothing in a message may end its line.
 */
#include "base/mem.h"
#include "input/room.h"

#define LENGTH_DIGITS 5

_Static_assert(99999 + LENGTH_DIGITS + 1 <= RECORD_MAX, "each length can be waited for");

struct octets {
	bool passing;
};

/* How many digits are in front of S, of TOO_MANY at most. */
static size_t
digits_ahead(struct str s, size_t too_many)
{
	size_t n = 0;

	while (n < s.len && n < too_many && char_is_digit(s.p[n]))
		n++;
	return n;
}

/*
 * "69 <": how long the message is, and what is in front of it; false when that is none. With
 * *RET_HEAD 0 more bytes would tell.
 */
static bool
read_length(struct str in, size_t *ret_head, size_t *ret_length)
{
	size_t digits = digits_ahead(in, LENGTH_DIGITS + 1);
	int64_t length;

	*ret_head = *ret_length = 0;
	if (digits > LENGTH_DIGITS || (digits == 0 && in.len) || (in.len && *in.p == '0'))
		return false;
	if (digits + 2 > in.len)
		return digits == in.len || in.p[digits] == ' ';
	if (!str_number(str_head(in, digits), &length) || in.p[digits] != ' ' ||
	    in.p[digits + 1] != '<')
		return false;
	*ret_head = digits + 1;
	*ret_length = (size_t)length;
	return true;
}

/* The first one is looked at closely: "<22>1 " or "<22>Nov" is in it. */
static bool
octets_recognise(struct str head)
{
	size_t ahead, length, digits;

	if (!read_length(head, &ahead, &length) || ahead == 0)
		return false;
	head = str_from(head, ahead + 1);
	digits = digits_ahead(head, 4);
	return digits > 0 && digits < 4 && digits + 1 < head.len && head.p[digits] == '>' &&
	    char_is_alnum(head.p[digits + 1]);
}

static void *
octets_start(int64_t when)
{
	(void)when;
	return xcalloc(1, sizeof(struct octets));
}

/* What is no message: as it is. */
static bool
no_message(void *state, struct str line, struct buf *out)
{
	(void)state;
	buf_str(out, line);
	buf_char(out, '\n');
	return true;
}

static size_t
octets_decode(void *context, struct str in, bool end, struct buf *out)
{
	struct octets *octets = context;
	size_t head, length;
	struct str message;

	if (in.len && !octets->passing && (*in.p == '\n' || *in.p == '\r'))
		return 1;
	if (in.len == 0 || octets->passing || !read_length(in, &head, &length) ||
	    (head == 0 && end))
		return record_each_line(in, end, out, &octets->passing, no_message, octets);
	if (head == 0 || (in.len < head + length && !end))
		return 0;
	message = str_head(str_from(in, head), length);
	head += message.len;
	while (message.len && (str_ends(message, STR("\n")) || str_ends(message, STR("\r"))))
		message.len--;
	record_escape(message, out);
	buf_char(out, '\n');
	return head;
}

const struct decoder decoder_octets = {
	.name = "octets",
	.recognise = octets_recognise,
	.start = octets_start,
	.decode = octets_decode,
	.done = free,
	.instead = "messages with their lengths in front (RFC 6587), which are read but not "
		   "followed; expected a line for each",
};
