/* SPDX-License-Identifier: Apache-2.0
 *
 * journal-export: `journalctl -o export`, fields on lines, an empty line after
 * each record:
 *   __REALTIME_TIMESTAMP=1795175893587668
 *   MESSAGE=connect from unknown[192.0.2.1]
 * A value that is no clean text has its name alone on a line, then its length
 * (8 bytes, little endian), its bytes and a newline. Only the length says where
 * it ends: what looks like fields in there is an outsider's text.
 */
#include <endian.h>

#include "base/mem.h"
#include "input/room.h"

#define NAME_MAX_LEN 64       /* journald's own bound */
#define BINARY_MAX (1u << 30) /* a longer value is none: the stream is torn here */

enum expect { A_LINE, A_VALUE, REST_OF_LINE, A_NEWLINE };

struct journal_export {
	enum expect expect;
	uint64_t left;        /* A_VALUE: bytes of it to come */
	struct buf *into;     /* what takes the value; NULL: nothing wants it */
	bool begun;           /* a field of this record was seen */
	struct buf fields[JOURNAL_COUNT];
};

static bool
journal_export_recognise(struct str head)
{
	return record_line_with(head, STR("__CURSOR="), STR("=")) ||
	    record_line_with(head, STR("__REALTIME_TIMESTAMP="), STR("="));
}

static void *
journal_export_start(int64_t when)
{
	struct journal_export *state = xcalloc(1, sizeof(*state));

	(void)when;
	for (int i = 0; i < JOURNAL_COUNT; i++)
		state->fields[i].max = RECORD_MAX;
	return state;
}

static void
journal_export_done(void *context)
{
	struct journal_export *state = context;

	for (int i = 0; i < JOURNAL_COUNT; i++)
		buf_done(&state->fields[i]);
	free(state);
}

static void
end_record(struct journal_export *state, struct buf *out)
{
	struct str fields[JOURNAL_COUNT];

	if (!state->begun)
		return;
	for (int i = 0; i < JOURNAL_COUNT; i++) {
		fields[i] = buf_view(&state->fields[i]);
		buf_clear(&state->fields[i]);
	}
	record_line(fields, out);
	state->begun = false;
}

/* The value of field NAME begins: where does it go? The first of two counts. */
static void
begin_value(struct journal_export *state, struct str name)
{
	enum journal_field field = journal_field_find(name);

	state->begun = true;
	state->into = field < JOURNAL_COUNT && state->fields[field].len == 0 ?
	    &state->fields[field] : NULL;
}

/* Adds to the value what its bound leaves room for. */
static void
add_value(struct journal_export *state, struct str part)
{
	if (state->into)
		buf_str(state->into, str_head(part, RECORD_MAX - state->into->len));
}

static bool
is_name(struct str text)
{
	if (text.len == 0 || text.len > NAME_MAX_LEN)
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (!(text.p[i] >= 'A' && text.p[i] <= 'Z') && text.p[i] != '_' &&
		    !char_is_digit(text.p[i]))
			return false;
	return true;
}

/*
 * IN begins with a name alone on its line, of LINE bytes with the newline. Returns
 * the bytes used; 0: the length is not there yet; LINE, *RET_TORN: it is none.
 */
static size_t
begin_binary(struct journal_export *state, struct str in, size_t line, bool end,
    bool *ret_torn)
{
	uint64_t len;

	if (in.len - line < sizeof(len)) {
		*ret_torn = end;
		return end ? line : 0;
	}
	memcpy(&len, in.p + line, sizeof(len));
	len = le64toh(len);
	if (len > BINARY_MAX) {
		*ret_torn = true;
		return line;
	}
	begin_value(state, (struct str){in.p, line - 1});
	state->left = len;
	state->expect = len ? A_VALUE : A_NEWLINE;
	return line + sizeof(len);
}

static size_t
decode_line(struct journal_export *state, struct str in, bool end, struct buf *out)
{
	size_t n = str_index(in, '\n'), used;
	bool whole = n < in.len, torn = true;
	struct str line = {in.p, n}, value = line, name = str_cut(&value, '=');

	if (!whole && !end && in.len < RECORD_MAX)
		return 0;
	if (n == 0) {
		end_record(state, out);
		return 1;
	}
	used = n + whole;
	if (name.len < n && is_name(name)) {
		begin_value(state, name);
		add_value(state, value);
		if (!whole)
			state->expect = REST_OF_LINE;
		return used;
	}
	if (whole && is_name(line)) {
		torn = false;
		used = begin_binary(state, in, used, end, &torn);
	}
	if (torn) {
		buf_str(out, line);
		buf_char(out, '\n');
	}
	return used;
}

static size_t
decode_value(struct journal_export *state, struct str in)
{
	struct str part = str_head(in, state->left);

	add_value(state, part);
	state->left -= part.len;
	if (state->left == 0)
		state->expect = A_NEWLINE;
	return part.len;
}

static size_t
decode_rest(struct journal_export *state, struct str in)
{
	size_t n = str_index(in, '\n');

	add_value(state, str_head(in, n));
	if (n == in.len)
		return n;
	state->expect = A_LINE;
	return n + 1;
}

static size_t
journal_export_decode(void *context, struct str in, bool end, struct buf *out)
{
	struct journal_export *state = context;

	if (in.len == 0) {
		if (end)
			end_record(state, out);
		return 0;
	}
	switch (state->expect) {
	case A_VALUE:
		return decode_value(state, in);
	case REST_OF_LINE:
		return decode_rest(state, in);
	case A_NEWLINE:
		state->expect = A_LINE;
		if (*in.p == '\n')
			return 1;
		break;
	case A_LINE:
		break;
	}
	return decode_line(state, in, end, out);
}

const struct decoder decoder_journal_export = {
	.name = "journal-export",
	.recognise = journal_export_recognise,
	.start = journal_export_start,
	.decode = journal_export_decode,
	.done = journal_export_done,
	.instead =
	    "the journal's export format, which is read but not followed; expected that "
	    "of journalctl -o json, or 'journal' for the journal itself",
};
