/* SPDX-License-Identifier: Apache-2.0
 *
 * postfix-kit: a message of one of Postfix's daemons, through the parsers' own door: what
 * it becomes, as "result|kind=...|field=..." with all fields that were set and no
 * other. Addresses and codes that an outsider put into a line (203.0.113.66 throughout)
 * must never be among them.
 */
#ifndef TESTS_UNIT_POSTFIX_KIT_H
#define TESTS_UNIT_POSTFIX_KIT_H

#include "parse/room.h"
#include "tap.h"

#define ROW(id) &parser_##id,
static const struct parser *const postfix_rows[] = {PARSERS(ROW)};
#undef ROW

struct postfix_case {
	const char *daemon, *message, *expected;
};

static inline const struct parser *
postfix_parser(const char *daemon)
{
	for (size_t i = 0; i < sizeof(postfix_rows) / sizeof(*postfix_rows); i++)
		for (const char *const *name = postfix_rows[i]->daemons; *name; name++)
			if (strcmp(*name, daemon) == 0)
				return postfix_rows[i];
	return NULL;
}

static inline void
postfix_field(struct buf *out, const struct event *ev, enum field field,
    const struct symbols *symbols)
{
	buf_printf(out, "|%s=", event_fields[field].name);
	switch (event_fields[field].type) {
	case TYPE_TEXT:
	case TYPE_IP:
		buf_str(out, event_text(ev, field, symbols));
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

/* Reads MESSAGE as DAEMON's and describes what came out. */
static inline void
postfix_say(struct buf *out, const char *daemon, struct str message,
    const struct symbols *symbols)
{
	static const char *const names[] = {
		"event", "ignored", "unknown", "malformed", "foreign"};
	const struct parser *parser = postfix_parser(daemon);
	enum parse_result result = PARSE_FOREIGN;
	struct event ev;

	/* Whatever is not set must not be looked at. */
	memset(&ev, 0x5a, sizeof(ev));
	ev.known[0] = ev.known[1] = 0;
	ev.line = message.p;
	ev.line_len = (uint32_t)message.len;
	if (parser)
		result = parser->read(message, &ev);
	buf_clear(out);
	buf_printf(out, "%s", names[result]);
	for (unsigned i = 0; result == PARSE_EVENT && i < FIELDS; i++)
		if (event_knows(&ev, (enum field)i))
			postfix_field(out, &ev, (enum field)i, symbols);
	buf_char(out, '\0');
}

/* A copy with the PARSE_PADDING behind it that parse_line() promises. */
static inline struct str
postfix_padded(const char *message)
{
	static char line[8192];
	size_t len = strlen(message);

	memset(line, ']', sizeof(line));
	memcpy(line, message, len);
	return (struct str){line, len};
}

/*
 * Cutting a line anywhere may lose fields, but never invents an address. Header
 * checks are left out: there the header stands before the client, and a cut right
 * behind a forged end cannot be seen. (What is logged of a header is too short for
 * Postfix or a syslogd to cut there.) postlog's case is no injection at all.
 */
static inline void
postfix_cut(const struct postfix_case *cases, size_t count, const struct symbols *symbols)
{
	struct buf out = BUF_INIT(65536);
	bool forged = false;

	for (size_t i = 0; i < count; i++) {
		struct str whole = postfix_padded(cases[i].message);

		if (strcmp(cases[i].daemon, "postlog") == 0 ||
		    strstr(cases[i].message, ": header "))
			continue;
		for (size_t len = 0; len < whole.len; len++) {
			postfix_say(&out, cases[i].daemon, str_head(whole, len), symbols);
			if (strstr(out.p, "|ip=203.0.113.6") || strstr(out.p, "|user=admin"))
				forged = ok(false, "cut at %zu: %s", len, cases[i].message);
		}
	}
	ok(!forged, "no cut line names a forged address or user");
	buf_done(&out);
}

/* Each case is what it should be, whole and cut. */
static inline void
postfix_run(const struct postfix_case *cases, size_t count)
{
	struct buf out = BUF_INIT(65536);
	struct symbols symbols;

	hash_init();
	symbols_init(&symbols);
	for (size_t i = 0; i < count; i++) {
		postfix_say(&out, cases[i].daemon, postfix_padded(cases[i].message), &symbols);
		is_text(out.p, out.len - 1, cases[i].expected, cases[i].message);
	}
	postfix_cut(cases, count, &symbols);
	symbols_free(&symbols);
	buf_done(&out);
}

#endif
