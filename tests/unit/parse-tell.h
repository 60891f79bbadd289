/* SPDX-License-Identifier: Apache-2.0
 *
 * What a parser makes of a line, as text to compare: "accept ip=192.0.2.1 port=25".
 * The fields stand in the order of EVENT_FIELDS; those of the header and the pid are
 * left out. Words that are not in the line have a '!' behind them.
 */
#ifndef TESTS_UNIT_PARSE_TELL_H
#define TESTS_UNIT_PARSE_TELL_H

#include <stdlib.h>

#include "base/mem.h"
#include "parse/parse.h"
#include "tap.h"

struct told {
	const char *line;
	const char *want; /* "IGNORED", "UNKNOWN", ... or the event */
};

static void
tell_field(struct buf *out, const struct event *ev, enum field field)
{
	static const char *const words[] = {
#define W(name) #name,
	    EVENT_WORDS(W)
#undef W
	};
	static const char *const reasons[] = {
#define R(name) #name,
	    EVENT_REASONS(R)
#undef R
	};
	static const char *const severities[] = {
#define S(name) #name,
	    EVENT_SEVERITIES(S)
#undef S
	};
	const struct event_field *about = &event_fields[field];
	const void *at = (const char *)ev + about->offset;
	const struct text *text = at;
	char number[32];

	buf_str(out, STR(" "));
	buf_str(out, str_of(about->name));
	buf_str(out, STR("="));
	if (about->type == TYPE_TEXT || about->type == TYPE_IP) {
		bool word = text->len == 0 && text->id;

		buf_str(out, word ? str_of(words[text->id]) : event_str(ev, *text));
		buf_str(out, word ? STR("!") : STR(""));
	} else if (about->type == TYPE_ENUM) {
		buf_str(out, str_of(field == FIELD_reason ? reasons[ev->reason] :
		    severities[ev->severity]));
	} else {
		int64_t value = about->type == TYPE_BOOL ? *(const bool *)at :
		    *(const int64_t *)at;

		snprintf(number, sizeof(number), "%" PRId64, value);
		buf_str(out, str_of(number));
	}
}

/* What parse_line() makes of LINE; the event starts as garbage. */
static void
tell(struct buf *out, struct parse *parse, const char *line)
{
	static const char *const results[] = {
	    "", "IGNORED", "UNKNOWN", "MALFORMED", "FOREIGN"};
	static const char *const kinds[] = {
#define K(name) #name,
	    EVENT_KINDS(K)
#undef K
	};
	size_t len = strlen(line);
	char *room = xmalloc(len + 16);
	enum parse_result result;
	struct stamp stamp;
	struct event ev;

	memcpy(room, line, len);
	memset(room + len, '9', 16);
	memset(&ev, 0xa5, sizeof(ev));
	result = parse_line(parse, (struct str){room, len}, &ev, &stamp);
	buf_clear(out);
	buf_str(out, str_of(result == PARSE_EVENT ? kinds[ev.kind] : results[result]));
	for (enum field field = FIELD_ip; result == PARSE_EVENT && field < FIELDS; field++)
		if (event_knows(&ev, field))
			tell_field(out, &ev, field);
	free(room);
}

static void
tell_all(const struct told *told, size_t count)
{
	struct parse *parse = parse_new();
	struct buf out = BUF_INIT(BUF_UNLIMITED);

	for (size_t i = 0; i < count; i++) {
		tell(&out, parse, told[i].line);
		is_text(out.p, out.len, told[i].want, told[i].line);
	}
	buf_done(&out);
	parse_free(parse);
}

#endif
