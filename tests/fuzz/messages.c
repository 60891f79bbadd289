/* SPDX-License-Identifier: Apache-2.0
 *
 * messages: any bytes as a log, read in runs and by what was found out about the lines
 * before; line by line it must say what each line says alone.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "parse/parse.h"
#include "demand.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define LINES 256u

struct log {
	const char *text;
	uint32_t ends[LINES];
	size_t count;
	struct event events[LINES];
	struct parse_entry entries[LINES], *order[LINES + PARSE_AHEAD];
	uint8_t kinds[LINES], groups[LINES];
	uint16_t grouped[PARSE_GROUPS];
};

static size_t
line_at(const struct log *log, size_t i)
{
	return i ? log->ends[i - 1] + 1u : 0;
}

static void
begin_all(struct log *log, struct parse *parse)
{
	size_t room = parse_tags(parse) + LINES;
	uint64_t *tags = xcalloc(room, sizeof(*tags));
	struct stamp stamp;

	for (size_t i = 0; i < log->count;) {
		struct parse_run run = {.tags = tags, .groups = log->groups,
		    .grouped = log->grouped, .from = INT64_MIN, .span = UINT64_MAX,
		    .latest = INT64_MIN, .ordered = true};

		if (parse_run_stamp(parse))
			i += parse_begin_alike(parse, log->text, line_at(log, i),
			    log->ends + i, log->count - i, &run, log->entries + i);
		if (i == log->count)
			break;
		parse_begin(parse, (struct str){log->text + line_at(log, i),
		    log->ends[i] - line_at(log, i)}, &log->events[i], &stamp,
		    &log->entries[i].begun);
		i++;
	}
	free(tags);
}

/* Of the line's place and time a run says more. */
static bool
is_place(enum field field)
{
	return field == FIELD_time || field == FIELD_source || field == FIELD_lineno;
}

static void
same_events(const struct event *a, const struct event *b)
{
	demand(a->kind == b->kind && a->line == b->line && a->line_len == b->line_len);
	for (enum field field = 0; field < FIELDS; field++) {
		if (is_place(field))
			continue;
		demand(event_knows(a, field) == event_knows(b, field));
		if (!event_knows(a, field))
			continue;
		if (event_fields[field].type > TYPE_IP)
			demand(event_number(a, field) == event_number(b, field));
		else
			demand(memcmp(event_text_member(a, field),
				   event_text_member(b, field), sizeof(struct text)) == 0);
	}
}

static void
check_lines(const struct log *log, struct parse *alone)
{
	for (size_t i = 0; i < log->count; i++) {
		struct str line = {log->text + line_at(log, i),
		    log->ends[i] - line_at(log, i)};
		enum parse_result result;
		struct stamp stamp;
		struct event ev;

		memset(&ev, 0x5a, sizeof(ev));
		result = parse_line(alone, line, &ev, &stamp);
		demand(result ==
		    (log->kinds[i] == PARSE_UNSETTLED ? log->entries[i].begun.result :
								      PARSE_EVENT));
		if (result == PARSE_EVENT)
			same_events(&log->events[i], &ev);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Exactly the bytes behind the last line that parse_begin_alike() is promised. */
	char *text = xmalloc(size + PARSE_RUN_PADDING);
	struct log *log = xcalloc(1, sizeof(*log));
	struct parse *parse = parse_new(), *alone = parse_new();
	uint32_t counts[KINDS] = {0};
	struct parse_batch batch = {log->order, 0, log->kinds, counts};

	if (size)
		memcpy(text, data, size);
	memset(text + size, '9', PARSE_RUN_PADDING);
	log->text = text;
	for (size_t i = 0; i < size && log->count < LINES; i++)
		if (text[i] == '\n')
			log->ends[log->count++] = (uint32_t)i;
	for (uint32_t i = 0; i < LINES; i++) {
		log->entries[i].event = &log->events[i];
		log->entries[i].line = i;
	}
	for (uint32_t i = 0; i < LINES + PARSE_AHEAD; i++)
		log->order[i] = &log->entries[i % LINES];
	batch.count = log->count;
	/* The first time teaches what the second one is quick by. */
	for (int times = 0; times < 2; times++) {
		memset(log->events, 0x5a, sizeof(log->events));
		begin_all(log, parse);
		parse_messages(&batch);
		check_lines(log, alone);
	}
	parse_free(parse);
	parse_free(alone);
	free(log);
	free(text);
	return 0;
}
