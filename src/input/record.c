/* SPDX-License-Identifier: Apache-2.0
 *
 * record: writes what a journal knows of a line as syslog would have:
 *   2026-11-20T11:58:13.587668+00:00 mx postfix/smtpd[123]: connect from ...
 * Every local program chooses its own identifier and message, so nothing in them
 * may end the line or move the header's borders.
 */
#include <inttypes.h>

#include "base/civil.h"
#include "input/room.h"

/* 9999-12-31: what comes later is no time of a log. */
#define TIME_MAX (INT64_C(253402300799) * USEC_PER_SEC)

const char *const journal_field_names[JOURNAL_COUNT] = {
#define F(name) #name,
	JOURNAL_FIELDS(F)
#undef F
};

enum journal_field
journal_field_find(struct str name)
{
	enum journal_field field = 0;

	while (field < JOURNAL_COUNT && !str_eq(name, str_of(journal_field_names[field])))
		field++;
	return field;
}

/* Microseconds as journald writes them. */
static bool
read_time(struct str text, int64_t *ret)
{
	return str_number(text, ret) && *ret <= TIME_MAX;
}

bool
record_has_time(const struct str fields[JOURNAL_COUNT])
{
	int64_t usec;

	return read_time(fields[JOURNAL___REALTIME_TIMESTAMP], &usec);
}

void
record_escape(struct str text, struct buf *out)
{
	while (text.len) {
		size_t n = 0;

		while (n < text.len && (unsigned char)text.p[n] >= 0x20)
			n++;
		buf_str(out, str_head(text, n));
		text = str_from(text, n);
		if (text.len) {
			buf_printf(out, "#%03o", (unsigned char)*text.p);
			text = str_from(text, 1);
		}
	}
}

/* A word of the header: the first of A, B, OTHERWISE that is not empty. */
static void
add_word(struct str a, struct str b, struct str otherwise, struct buf *out)
{
	struct str word = a.len ? a : b.len ? b : otherwise;

	for (size_t i = 0; i < word.len; i++) {
		unsigned char c = (unsigned char)word.p[i];

		buf_char(out, c <= ' ' || c == 0x7f ? '_' : (char)c);
	}
}

static void
add_time(struct str text, struct buf *out)
{
	char stamp[RFC3339_MAX];
	int64_t usec;
	size_t len;

	if (!read_time(text, &usec)) {
		buf_char(out, '-');
		return;
	}
	len = civil_rfc3339(usec, stamp);
	buf_add(out, stamp, len - 1); /* without its Z */
	buf_str(out, STR("+00:00"));
}

void
record_line(const struct str fields[JOURNAL_COUNT], struct buf *out)
{
	int64_t pid;

	add_time(fields[JOURNAL___REALTIME_TIMESTAMP], out);
	buf_char(out, ' ');
	add_word(fields[JOURNAL__HOSTNAME], (struct str){NULL, 0}, STR("-"), out);
	buf_char(out, ' ');
	add_word(fields[JOURNAL_SYSLOG_IDENTIFIER], fields[JOURNAL__COMM], STR("unknown"),
	    out);
	if (str_number(fields[JOURNAL_SYSLOG_PID], &pid) ||
	    str_number(fields[JOURNAL__PID], &pid))
		buf_printf(out, "[%" PRId64 "]", pid);
	buf_str(out, STR(": "));
	record_escape(fields[JOURNAL_MESSAGE], out);
	buf_char(out, '\n');
}
