/* SPDX-License-Identifier: Apache-2.0
 *
 * rows: any bytes as a message of one of several parsers, which the first byte picks. Every
 * text must lie in the line, and every address be one.
 */
#ifndef TESTS_FUZZ_ROWS_H
#define TESTS_FUZZ_ROWS_H

#include <stdlib.h>

#include "parse/room.h"
#include "demand.h"

static void
check_field(const struct event *ev, enum field field)
{
	struct str text;
	struct cidr net; /* fail2ban bans networks, too */

	if (event_fields[field].type != TYPE_TEXT && event_fields[field].type != TYPE_IP)
		return;
	text = event_str(ev, *event_text_member(ev, field));
	demand(text.p >= ev->line && text.p + text.len <= ev->line + ev->line_len);
	demand(event_fields[field].type != TYPE_IP || cidr_parse(text, &net));
}

static int
read_message(const struct parser *const *rows, size_t count, const uint8_t *data, size_t size)
{
	struct event ev;
	char *line;

	if (size == 0 || size - 1 > EVENT_LINE_MAX)
		return 0;
	line = malloc(size - 1 + PARSE_PADDING);
	if (!line)
		return 0;
	memcpy(line, data + 1, size - 1);
	memset(line + size - 1, ']', PARSE_PADDING);
	memset(&ev, 0x5a, sizeof(ev));
	ev.known[0] = ev.known[1] = 0;
	ev.line = line;
	ev.line_len = (uint32_t)(size - 1);
	if (rows[data[0] % count]->read((struct str){line, size - 1}, &ev) == PARSE_EVENT) {
		demand(event_knows(&ev, FIELD_kind) && ev.kind != KIND_none);
		for (unsigned i = 0; i < FIELDS; i++)
			if (event_knows(&ev, (enum field)i))
				check_field(&ev, (enum field)i);
	}
	free(line);
	return 0;
}

#endif
