/* SPDX-License-Identifier: Apache-2.0
 *
 * filters-kit: runs a table of messages through a parser's own door. What becomes
 * of a message is told as "result|field=value|..." with all fields that were set
 * and no other. 203.0.113.66 is what an outsider forges: never an event's ip.
 */
#ifndef TESTS_FILTERS_KIT_H
#define TESTS_FILTERS_KIT_H

#include "base/mem.h"
#include "parse/room.h"
#include "tap.h"

struct filters_case {
	const char *message, *expected;
};

static struct symbols filters_symbols;

static inline void
filters_describe_field(struct buf *out, const struct event *ev, enum field field)
{
	buf_printf(out, "|%s=", event_fields[field].name);
	switch (event_fields[field].type) {
	case TYPE_TEXT:
	case TYPE_IP:
		buf_str(out, event_text(ev, field, &filters_symbols));
		break;
	case TYPE_ENUM:
		buf_printf(out, "%s",
		    event_enum_name(field, (unsigned)event_number(ev, field)));
		break;
	case TYPE_BOOL:
	case TYPE_INT:
	case TYPE_SIZE:
	case TYPE_DURATION:
	case TYPE_MILLI:
	case TYPE_TIME:
	case TYPE_ID:
		buf_printf(out, "%" PRId64, event_number(ev, field));
		break;
	}
}

/* What parse_line() promises behind a line; filled with what must not be read. */
#define FILTERS_PADDING 16

/* Reads MESSAGE, copied so that the sanitizer sees one byte too far. */
static inline void
filters_describe(struct buf *out, const struct parser *parser, struct str message)
{
	static const char *const names[] = {"event", "ignored", "unknown", "malformed"};
	char *line = xmalloc(message.len + FILTERS_PADDING);
	enum parse_result result;
	struct event ev;

	memcpy(line, message.p, message.len);
	memset(line + message.len, ']', FILTERS_PADDING);
	/* Whatever is not set must not be looked at. */
	memset(&ev, 0x5a, sizeof(ev));
	ev.known[0] = ev.known[1] = 0;
	ev.line = line;
	ev.line_len = (uint32_t)message.len;
	result = parser->read((struct str){line, message.len}, &ev);
	buf_clear(out);
	buf_printf(out, "%s", names[result]);
	for (unsigned i = 0; result == PARSE_EVENT && i < FIELDS; i++)
		if (event_knows(&ev, (enum field)i))
			filters_describe_field(out, &ev, (enum field)i);
	buf_char(out, '\0');
	free(line);
}

/* Cutting a line anywhere may lose fields, but never invents an address. */
static inline void
filters_cut(const struct parser *parser, const struct filters_case *cases, size_t count)
{
	struct buf out = BUF_INIT(65536);
	bool forged = false;

	for (size_t i = 0; i < count; i++) {
		struct str whole = str_of(cases[i].message);

		for (size_t len = 0; len <= whole.len; len++) {
			filters_describe(&out, parser, str_head(whole, len));
			if (strstr(out.p, "|ip=203.0.113.6"))
				forged = ok(false, "cut at %zu: %s", len, cases[i].message);
		}
	}
	ok(!forged, "no cut line names a forged address");
	buf_done(&out);
}

static inline void
filters_table(const struct parser *parser, const struct filters_case *cases, size_t count)
{
	struct buf out = BUF_INIT(65536);

	for (size_t i = 0; i < count; i++) {
		filters_describe(&out, parser, str_of(cases[i].message));
		is_text(out.p, out.len - 1, cases[i].expected, cases[i].message);
	}
	buf_done(&out);
}

static inline void
filters_begin(void)
{
	hash_init();
	symbols_init(&filters_symbols);
}

static inline int
filters_end(void)
{
	symbols_free(&filters_symbols);
	return tap_done();
}

#define FILTERS_TABLE(parser, cases)                                                        \
	filters_table(&(parser), (cases), sizeof(cases) / sizeof(*(cases)))
#define FILTERS_CUT(parser, cases)                                                          \
	filters_cut(&(parser), (cases), sizeof(cases) / sizeof(*(cases)))

#endif
