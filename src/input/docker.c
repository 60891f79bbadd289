/* SPDX-License-Identifier: Apache-2.0
 *
 * docker: the json-file log driver's files, one object a line:
 *   {"log":"Nov 20 11:58:13 mx postfix/smtpd[1]: connect ...\n","stream":"stdout",
 *   "time":"2026-11-20T11:58:13.587668123Z"}
 * A line of more than 16 KiB comes as several records, all but the last without
 * newline. They are joined: else an outsider who gets a line that long logged
 * could choose what the next line begins with.
 */
#include <jansson.h>

#include "input/room.h"

static bool
docker_recognise(struct str head)
{
	return record_line_with(head, STR("{\"log\":"), STR("\"time\":"));
}

static bool
is_month(struct str text)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (size_t i = 0; i + 3 < sizeof(months); i += 3)
		if (str_starts(text, (struct str){months + i, 3}))
			return true;
	return false;
}

/* Does TEXT begin as a stamp does? "Nov 20", "2026-11-20", "2026 Nov", "[20-Nov-", "<22>". */
static bool
has_stamp(struct str text)
{
	size_t digits = 0;

	if (text.len < 8)
		return false;
	if (is_month(text))
		return text.p[3] == ' ' &&
		    (char_is_digit(text.p[4]) || char_is_digit(text.p[5]));
	if (*text.p == '<')
		return char_is_digit(text.p[1]);
	if (*text.p == '[')
		return text.p[3] == '-' && is_month(str_from(text, 4));
	while (digits < 4 && char_is_digit(text.p[digits]))
		digits++;
	return digits == 4 && (text.p[4] == '-' || is_month(str_from(text, 5)));
}

/* Docker's time, cut to microseconds; false when it is no time. */
static bool
add_time(struct str time, struct buf *out)
{
	size_t dot = str_index(time, '.'), zone = dot < time.len ? dot + 1 : time.len;

	for (size_t i = 0; i < time.len; i++)
		if (!char_is_digit(time.p[i]) && str_index(STR("-:.TZ+"), time.p[i]) == 6)
			return false;
	if (time.len < 20 || time.len > 40)
		return false;
	while (zone < time.len && char_is_digit(time.p[zone]))
		zone++;
	buf_str(out, str_head(time, zone < dot + 7 ? zone : dot + 7));
	buf_str(out, str_from(time, zone));
	return true;
}

/* One record: TEXT, logged at TIME, goes on with the LINE of its stream. */
static bool
add_piece(struct str text, struct str time, struct buf *line, struct buf *out)
{
	bool ends = str_ends(text, STR("\n"));

	if (ends)
		text.len--;
	if (ends && str_ends(text, STR("\r")))
		text.len--;
	if (line->len == 0 && !has_stamp(text)) {
		if (!add_time(time, line))
			return false;
		buf_char(line, ' ');
	}
	record_escape(text, line);
	if (ends)
		joined_flush(line, out);
	return true;
}

static bool
convert(void *context, struct str line, struct buf *out)
{
	struct joined *joined = context;
	json_t *object = json_loadb(line.p ? line.p : "", line.len, JSON_ALLOW_NUL, NULL);
	const json_t *log = json_object_get(object, "log");
	const json_t *time = json_object_get(object, "time");
	const char *stream = json_string_value(json_object_get(object, "stream"));
	bool read = json_is_string(log) && json_is_string(time);

	if (read)
		read = add_piece(
		    (struct str){json_string_value(log), json_string_length(log)},
		    (struct str){json_string_value(time), json_string_length(time)},
		    &joined->line[stream && strcmp(stream, "stderr") == 0], out);
	json_decref(object);
	return read;
}

static size_t
docker_decode(void *context, struct str in, bool end, struct buf *out)
{
	return joined_decode(context, in, end, out, convert);
}

const struct decoder decoder_docker = {
	.name = "docker",
	.recognise = docker_recognise,
	.start = joined_start,
	.decode = docker_decode,
	.done = joined_done,
	.by_line = true,
};
