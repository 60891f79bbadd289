/* SPDX-License-Identifier: Apache-2.0
 *
 * postfix: any bytes as a message of one of Postfix's daemons; the first byte
 * picks the parser. Every text must lie in the line and every address be one.
 */
#include "parse/room.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ROW(id) &parser_##id,
static const struct parser *const rows[] = {PARSERS(ROW)};
#undef ROW

/* What parse_line() promises behind a line. */
#define PADDING 16

static void
check_text(const struct event *ev, enum field field)
{
	struct text text = *event_text_member(ev, field);
	struct cidr net; /* fail2ban bans networks, too */

	if ((size_t)text.off + text.len > ev->line_len)
		abort();
	if (event_fields[field].type == TYPE_IP && !cidr_parse(event_str(ev, text), &net))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct event ev;
	char *line;

	if (size == 0 || size - 1 > EVENT_LINE_MAX)
		return 0;
	line = malloc(size - 1 + PADDING);
	if (!line)
		return 0;
	memcpy(line, data + 1, size - 1);
	memset(line + size - 1, ']', PADDING);
	memset(&ev, 0x5a, sizeof(ev));
	ev.known[0] = ev.known[1] = 0;
	ev.line = line;
	ev.line_len = (uint32_t)(size - 1);
	if (rows[data[0] % (sizeof(rows) / sizeof(*rows))]->read(
		(struct str){line, size - 1}, &ev) == PARSE_EVENT) {
		if (!event_knows(&ev, FIELD_kind))
			abort();
		for (unsigned i = 0; i < FIELDS; i++)
			if (event_knows(&ev, (enum field)i) &&
			    event_fields[i].type <= TYPE_IP)
				check_text(&ev, (enum field)i);
	}
	free(line);
	return 0;
}
