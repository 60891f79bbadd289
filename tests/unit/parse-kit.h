/* SPDX-License-Identifier: Apache-2.0
 *
 * parse-kit: a whole log line, and what parse_line() makes of it as text:
 * "event|kind=...|field=...", with every field that is set and no other but the
 * header's own.
 */
#ifndef TESTS_PARSE_KIT_H
#define TESTS_PARSE_KIT_H

#include "base/mem.h"
#include "parse/parse.h"
#include "tap.h"

struct parse_case {
	const char *tag; /* NULL: `text` is the whole line */
	const char *text, *expected;
};

/* The same of one tag's lines. */
struct message_case {
	const char *text, *expected;
};

struct parse_kit {
	struct parse *parse;
	struct symbols symbols;
	struct buf said;
	char *line;
};

static inline struct parse_kit
kit_new(void)
{
	struct parse_kit kit = {.said = BUF_INIT(1 << 20)};

	hash_init();
	symbols_init(&kit.symbols);
	kit.parse = parse_new();
	return kit;
}

static inline void
kit_free(struct parse_kit *kit)
{
	parse_free(kit->parse);
	symbols_free(&kit->symbols);
	buf_done(&kit->said);
	free(kit->line);
}

static inline bool
kit_is_header(enum field field)
{
	return field == FIELD_host || field == FIELD_program || field == FIELD_daemon ||
	    field == FIELD_instance || field == FIELD_pid;
}

static inline void
kit_field(struct parse_kit *kit, const struct event *ev, enum field field)
{
	buf_printf(&kit->said, "|%s=", event_fields[field].name);
	if (event_fields[field].type == TYPE_TEXT || event_fields[field].type == TYPE_IP)
		buf_str(&kit->said, event_text(ev, field, &kit->symbols));
	else if (event_fields[field].type == TYPE_ENUM)
		buf_printf(&kit->said, "%s",
		    event_enum_name(field, (unsigned)event_number(ev, field)));
	else
		buf_printf(&kit->said, "%" PRId64, event_number(ev, field));
}

/* What the first LEN bytes of the line that TAG and TEXT make are; NUL-terminated. */
static inline const char *
kit_say(struct parse_kit *kit, const char *tag, const char *text, size_t len)
{
	static const char *const results[] = {"event", "ignored", "unknown", "malformed",
	    "foreign"};
	enum parse_result result;
	struct stamp stamp;
	struct event ev;
	char *whole;

	free(kit->line);
	whole = xasprintf("%s%s%s%s", tag ? "Nov  5 09:08:07 mx " : "", tag ? tag : "",
	    tag ? ": " : "", text);
	if (strlen(whole) < len)
		len = strlen(whole);
	/* So that the sanitizer sees whoever reads more than parse_line() promises. */
	kit->line = xmalloc(len + 16);
	memcpy(kit->line, whole, len);
	free(whole);
	memset(kit->line + len, ']', 16);
	memset(&ev, 0x5a, sizeof(ev));
	result = parse_line(kit->parse, (struct str){kit->line, len}, &ev, &stamp);
	buf_clear(&kit->said);
	buf_printf(&kit->said, "%s", results[result]);
	for (unsigned i = 0; result == PARSE_EVENT && i < FIELDS; i++)
		if (event_knows(&ev, (enum field)i) && !kit_is_header((enum field)i))
			kit_field(kit, &ev, (enum field)i);
	buf_char(&kit->said, '\0');
	return kit->said.p;
}

/* Each case is what it should be. */
static inline void
kit_run(struct parse_kit *kit, const struct parse_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *said = kit_say(kit, cases[i].tag, cases[i].text, SIZE_MAX);

		is_text(said, strlen(said), cases[i].expected, cases[i].text);
	}
}

/* TAG's line of TEXT, cut anywhere, never says BAD; else tells so. */
static inline bool
kit_is_clean(struct parse_kit *kit, const char *tag, const char *text, const char *bad)
{
	size_t whole = strlen(text) + 64;

	for (size_t len = 0; len < whole; len++)
		if (strstr(kit_say(kit, tag, text, len), bad))
			return ok(false, "cut at %zu: %s", len, text);
	return true;
}

/* A line cut anywhere may lose fields, but never says BAD, which stands in no field. */
static inline void
kit_run_cut(struct parse_kit *kit, const struct parse_case *cases, size_t n, const char *bad)
{
	bool clean = true;

	for (size_t i = 0; i < n && clean; i++)
		clean = kit_is_clean(kit, cases[i].tag, cases[i].text, bad);
	if (clean)
		ok(true, "no cut line says %s", bad);
}

/* What an outsider forges in the messages: never an event's address. */
#define KIT_FORGED "|ip=203.0.113.6"

/* TAG's messages are what they should be; whole, and unless MAY_DECEIVE also when cut. */
static inline void
kit_run_messages(struct parse_kit *kit, const char *tag, const struct message_case *cases,
    size_t n, bool may_deceive)
{
	bool clean = true;

	for (size_t i = 0; i < n; i++) {
		const char *said = kit_say(kit, tag, cases[i].text, SIZE_MAX);

		is_text(said, strlen(said), cases[i].expected, cases[i].text);
	}
	for (size_t i = 0; i < n && clean && !may_deceive; i++)
		clean = kit_is_clean(kit, tag, cases[i].text, KIT_FORGED);
	if (clean && !may_deceive)
		ok(true, "no cut line names a forged address");
}

#define KIT_MESSAGES(kit, tag, cases)                                                       \
	kit_run_messages((kit), (tag), (cases), sizeof(cases) / sizeof(*(cases)), false)
#define KIT_DECEPTIVE(kit, tag, cases)                                                      \
	kit_run_messages((kit), (tag), (cases), sizeof(cases) / sizeof(*(cases)), true)

#endif
