/* SPDX-License-Identifier: Apache-2.0
 *
 * What must hold for any line behind any header: all text lies in the line, what
 * is called an address is one, and the same line reads the same again.
 */
#ifndef TESTS_FUZZ_LINES_H
#define TESTS_FUZZ_LINES_H

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "parse/parse.h"
#include "demand.h"

static void
check_field(const struct event *ev, enum field field)
{
	const struct event_field *about = &event_fields[field];
	const struct text *text = (const void *)((const char *)ev + about->offset);
	struct ip ip;

	if (!event_knows(ev, field))
		return;
	if (about->type == TYPE_TEXT || about->type == TYPE_IP)
		demand((uint32_t)text->off + text->len <= ev->line_len && text->id < WORDS);
	if (about->type == TYPE_IP)
		demand(ip_parse(event_str(ev, *text), &ip));
}

/* HEAD and then MESSAGE, which may hold anything but a newline. */
static void
check_line(struct parse *parse, struct str head, struct str message)
{
	size_t len = head.len + message.len;
	char *room = xmalloc(len + 16);
	struct event ev, again;
	enum parse_result result;
	struct stamp stamp;

	memcpy(room, head.p, head.len);
	if (message.len)
		memcpy(room + head.len, message.p, message.len);
	memset(room + len, '9', 16);
	memset(&ev, 0xa5, sizeof(ev));
	memset(&again, 0x5a, sizeof(again));
	result = parse_line(parse, (struct str){room, len}, &ev, &stamp);
	demand(parse_line(parse, (struct str){room, len}, &again, &stamp) == result);
	demand(ev.known[0] == again.known[0] && ev.known[1] == again.known[1]);
	demand(result != PARSE_EVENT || (ev.kind != KIND_none && ev.kind == again.kind));
	for (enum field field = 0; field < FIELDS; field++)
		check_field(&ev, field);
	free(room);
}

/* Each line of DATA behind each of the COUNT headers. */
static void
check_lines(const uint8_t *data, size_t size, const char *const *heads, size_t count)
{
	struct parse *parse = parse_new();

	for (size_t i = 0; i < count; i++) {
		struct str rest = {(const char *)data, size};

		while (rest.len)
			check_line(parse, str_of(heads[i]), str_cut(&rest, '\n'));
	}
	parse_free(parse);
}

#endif
