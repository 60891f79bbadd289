/* SPDX-License-Identifier: Apache-2.0
 *
 * journal-json: `journalctl -o json`, one object a line:
 *   {"__REALTIME_TIMESTAMP":"1795175893587668","_HOSTNAME":"mx","SYSLOG_IDENTIFIER":
 *   "postfix/smtpd","SYSLOG_PID":"123","MESSAGE":"connect from unknown[192.0.2.1]"}
 * A value is a string; an array of byte numbers when it is no clean UTF-8; null
 * when journalctl found it too long; an array of values when the field was set twice.
 * -o json-seq and -o json-sse have something in front, -o json-pretty an object on many
 * lines, the first "{" and the last "}".
 */
#include <jansson.h>

#include "base/mem.h"
#include "input/room.h"

struct journal_json {
	bool passing;
	struct buf bytes; /* of a value that came as numbers */
};

static bool
journal_json_recognise(struct str head)
{
	static const struct str time = STR("\"__REALTIME_TIMESTAMP\"");

	return record_line_with(head, STR("{"), time) ||
	    record_line_with(head, STR("\x1e{"), time) ||
	    record_line_with(head, STR("data: {"), time) ||
	    (str_starts(head, STR("{\n")) && str_find(head, time) < head.len);
}

static void *
journal_json_start(int64_t when)
{
	struct journal_json *state = xcalloc(1, sizeof(*state));

	(void)when;
	state->bytes.max = RECORD_MAX;
	return state;
}

static void
journal_json_done(void *state)
{
	buf_done(&((struct journal_json *)state)->bytes);
	free(state);
}

/* The bytes of an array of numbers into BYTES; false when it is something else. */
static bool
array_bytes(const json_t *array, struct buf *bytes)
{
	for (size_t i = 0; i < json_array_size(array); i++) {
		const json_t *number = json_array_get(array, i);
		json_int_t byte = json_integer_value(number);

		if (!json_is_integer(number) || byte < 0 || byte > 255)
			return false;
		buf_char(bytes, (char)byte);
	}
	return true;
}

/*
 * The field NAME into *RET, empty when absent or null; false when it is none of
 * what journalctl writes. Only one field a record may come as numbers: BYTES, or NULL.
 */
static bool
get_field(const json_t *object, const char *name, struct buf *bytes, struct str *ret)
{
	const json_t *value = json_object_get(object, name);

	if (json_is_array(value) && !json_is_integer(json_array_get(value, 0)))
		value = json_array_get(value, 0);
	if (json_is_string(value)) {
		*ret = (struct str){json_string_value(value), json_string_length(value)};
		return true;
	}
	*ret = (struct str){NULL, 0};
	if (!value || json_is_null(value))
		return true;
	if (!bytes || !json_is_array(value) || !array_bytes(value, bytes))
		return false;
	*ret = buf_view(bytes);
	return true;
}

static bool
read_object(const json_t *object, struct buf *bytes, struct str fields[JOURNAL_COUNT])
{
	for (enum journal_field i = 0; i < JOURNAL_COUNT; i++)
		if (!get_field(object, journal_field_names[i],
		    i == JOURNAL_MESSAGE ? bytes : NULL, &fields[i]))
			return false;
	return record_has_time(fields);
}

static bool
convert(void *context, struct str line, struct buf *out)
{
	struct journal_json *state = context;
	struct str fields[JOURNAL_COUNT];
	json_t *object;
	bool read;

	if (!str_skip_char(&line, '\x1e'))
		str_skip(&line, STR("data: "));
	object = json_loadb(line.p ? line.p : "", line.len, JSON_ALLOW_NUL, NULL);
	buf_clear(&state->bytes);
	read = json_is_object(object) && read_object(object, &state->bytes, fields);
	if (read)
		record_line(fields, out);
	json_decref(object);
	return read;
}

/* An object on many lines in front of IN, with its newline: how long; 0: none, or not all. */
static size_t
pretty_length(struct str in, bool end)
{
	size_t n;

	if (!str_starts(in, STR("{\n")))
		return 0;
	n = str_find(in, STR("\n}\n"));
	if (n < in.len)
		return n + 3;
	return end && str_ends(in, STR("\n}")) ? in.len : 0;
}

static size_t
journal_json_decode(void *context, struct str in, bool end, struct buf *out)
{
	struct journal_json *state = context;
	size_t pretty = state->passing ? 0 : pretty_length(in, end);

	if (pretty && convert(state, str_head(in, pretty), out))
		return pretty;
	if (!pretty && !state->passing && !end && in.len < RECORD_MAX &&
	    (str_starts(in, STR("{\n")) || str_eq(in, STR("{"))))
		return 0;
	return record_each_line(in, end, out, &state->passing, convert, state);
}

const struct decoder decoder_journal_json = {
	.name = "journal-json",
	.recognise = journal_json_recognise,
	.start = journal_json_start,
	.decode = journal_json_decode,
	.done = journal_json_done,
	.by_line = true,
	.instead = "objects of several lines, which are read but not followed; expected those "
		   "of journalctl -o json, or 'journal' for the journal itself",
};
