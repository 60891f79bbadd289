/* SPDX-License-Identifier: Apache-2.0
 *
 * journal-json: `journalctl -o json`, one object a line:
 *   {"__REALTIME_TIMESTAMP":"1795175893587668","_HOSTNAME":"mx","SYSLOG_IDENTIFIER":
 *   "postfix/smtpd","SYSLOG_PID":"123","MESSAGE":"connect from unknown[192.0.2.1]"}
 * A value is a string; an array of byte numbers when it is no clean UTF-8; null
 * when journalctl found it too long; an array of values when the field was set twice.
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
	return record_line_with(head, STR("{"), STR("\"__REALTIME_TIMESTAMP\""));
}

static void *
journal_json_start(void)
{
	struct journal_json *state = xcalloc(1, sizeof(*state));

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
	json_t *object = json_loadb(line.p ? line.p : "", line.len, JSON_ALLOW_NUL, NULL);
	struct str fields[JOURNAL_COUNT];
	bool read;

	buf_clear(&state->bytes);
	read = json_is_object(object) && read_object(object, &state->bytes, fields);
	if (read)
		record_line(fields, out);
	json_decref(object);
	return read;
}

static size_t
journal_json_decode(void *context, struct str in, bool end, struct buf *out)
{
	struct journal_json *state = context;

	return record_each_line(in, end, out, &state->passing, convert, state);
}

const struct decoder decoder_journal_json = {
	.name = "journal-json",
	.recognise = journal_json_recognise,
	.start = journal_json_start,
	.decode = journal_json_decode,
	.done = journal_json_done,
};
