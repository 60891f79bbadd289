/* SPDX-License-Identifier: Apache-2.0
 *
 * track-log: logs for the tests of tracking, written as events:
 *
 *   "10 accept daemon=smtpd pid=7 qid=A1 ip=192.0.2.1 user=bob"
 *
 * Seconds, kind, fields; '...' quotes a value with spaces. host=mx1 instance=postfix
 * stand where nothing else does. What tracking derives is written the same way.
 */
#ifndef TESTS_UNIT_TRACK_LOG_H
#define TESTS_UNIT_TRACK_LOG_H

#include <stdlib.h>

#include "tap.h"
#include "track/track.h"

/* Are line numbers (an event's second) written, too? */
static bool log_shows_lines;

static inline bool
log_is_text(enum field field)
{
	return event_fields[field].type == TYPE_TEXT || event_fields[field].type == TYPE_IP;
}

static inline void
log_set_number(struct event *ev, enum field field, struct str value)
{
	char *member = (char *)ev + event_fields[field].offset;
	int64_t n = 0;

	if (event_fields[field].type == TYPE_ENUM)
		*(uint8_t *)member = (uint8_t)event_enum_value(field, value);
	else if (str_number(value, &n))
		*(int64_t *)(void *)member =
		    event_fields[field].type == TYPE_DURATION ? n * 1000000 : n;
	event_mark(ev, field);
}

/* Next "name=value" of *REST. */
static inline bool
log_word(struct str *rest, struct str *ret_name, struct str *ret_value)
{
	*rest = str_trim(*rest);
	if (rest->len == 0)
		return false;
	*ret_name = str_cut(rest, '=');
	*ret_value = str_cut(rest, str_skip_char(rest, '\'') ? '\'' : ' ');
	return true;
}

static inline void
log_field(struct event *ev, struct symbols *symbols, const uint64_t needs[2], const char *name,
    struct str value)
{
	enum field field = event_field_named(str_of(name));
	struct text *text;

	if (field == FIELDS) {
		printf("Bail out! no field %s\n", name);
		exit(1);
	}
	if (!log_is_text(field)) {
		log_set_number(ev, field, value);
		return;
	}
	text = event_text_member(ev, field);
	*text = event_slice(ev, value);
	event_mark(ev, field);
	/* A number that was not asked for must not matter. */
	text->id = needs[field / 64] >> field % 64 & 1 ?
	    symbols_get(symbols, event_fields[field].domain, value) : 0;
	/* Parsers may name such words by their number alone. */
	if (field == FIELD_action && value.len % 2)
		*text = (struct text){.id = symbols_get(symbols, DOMAIN_WORD, value)};
}

/* LINE as an event; its slices point into LINE. What it does not know is poison. */
static inline struct event
log_event(const char *line, struct symbols *symbols)
{
	struct str rest = str_of(line), name, value;
	uint64_t needs[2];
	struct event ev;
	char field[32];
	int64_t seconds = 0;

	memset(&ev, 0xa5, sizeof(ev));
	ev.known[0] = ev.known[1] = 0;
	ev.line = line;
	ev.line_len = (uint32_t)rest.len;
	ev.weight = 1;
	str_skip_number(&rest, &seconds);
	EVENT_SET(&ev, time, seconds * 1000000);
	EVENT_SET(&ev, lineno, seconds);
	rest = str_trim(rest);
	EVENT_SET(&ev, kind, (uint8_t)event_enum_value(FIELD_kind, str_cut(&rest, ' ')));
	track_needs(ev.kind, needs);
	ev.host.len = ev.instance.len = 0;
	ev.host.id = symbols_get(symbols, DOMAIN_WORD, STR("mx1"));
	ev.instance.id = symbols_get(symbols, DOMAIN_WORD, STR("postfix"));
	event_mark(&ev, FIELD_host);
	event_mark(&ev, FIELD_instance);
	while (log_word(&rest, &name, &value)) {
		snprintf(field, sizeof(field), "%.*s", STR_ARG(name));
		log_field(&ev, symbols, needs, field, value);
	}
	if (event_knows(&ev, FIELD_count))
		ev.weight = (uint32_t)ev.count;
	return ev;
}

static inline void
log_write_field(struct buf *out, const struct event *ev, enum field field,
    const struct symbols *symbols)
{
	uint64_t spelt[2];
	int64_t n;

	buf_printf(out, " %s=", event_fields[field].name);
	if (log_is_text(field)) {
		track_spells(spelt);
		if (event_text_member(ev, field)->len &&
		    !(spelt[field / 64] >> field % 64 & 1))
			buf_str(out, STR("(without a number)")); /* as no test expects it */
		buf_str(out, event_text(ev, field, symbols));
		return;
	}
	n = event_number(ev, field);
	if (event_fields[field].type == TYPE_ENUM)
		buf_printf(out, "%s", event_enum_name(field, (unsigned)n));
	else
		buf_printf(out, "%" PRId64,
		    event_fields[field].type == TYPE_DURATION ? n / 1000000 : n);
}

/* A derived event as a line; where it happened (host, program, ...) is left out. */
static inline void
log_write(struct buf *out, const struct event *ev, const struct symbols *symbols)
{
	buf_printf(out, "%" PRId64 " %s", ev->time / 1000000,
	    event_enum_name(FIELD_kind, ev->kind));
	for (enum field field = FIELD_pid; field < FIELD_source; field++)
		if (field != FIELD_kind && field != FIELD_derived && event_knows(ev, field))
			log_write_field(out, ev, field, symbols);
	if (log_shows_lines && event_knows(ev, FIELD_lineno))
		log_write_field(out, ev, FIELD_lineno, symbols);
	buf_char(out, '\n');
}

static inline int
log_compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The lines of TEXT in order; the caller frees the result. */
static inline char *
log_sorted(struct buf *text)
{
	const char **lines = NULL;
	size_t count = 0, room = 0;
	struct buf sorted = BUF_INIT(BUF_UNLIMITED);

	buf_char(text, '\0');
	for (char *p = text->p; *p;) {
		char *end = strchr(p, '\n');

		*end = '\0';
		MEM_GROW(lines, count, room);
		lines[count++] = p;
		p = end + 1;
	}
	if (count)
		qsort(lines, count, sizeof(*lines), log_compare);
	for (size_t i = 0; i < count; i++)
		buf_printf(&sorted, "%s\n", lines[i]);
	buf_char(&sorted, '\0');
	free(lines);
	buf_done(text);
	return sorted.p;
}

/* One piece of a log with all that a thread has for it. */
struct log_piece {
	struct symbols symbols;
	struct track *track;
	struct track_out out;
	struct buf text; /* derived events so far */
};

static inline void
log_flush(struct log_piece *piece)
{
	for (size_t i = 0; i < piece->out.count; i++)
		log_write(&piece->text, &piece->out.events[i], &piece->symbols);
	track_out_clear(&piece->out);
}

static inline void
log_begin(struct log_piece *piece, const struct track_limits *limits, bool from_start)
{
	*piece = (struct log_piece){.text = BUF_INIT(BUF_UNLIMITED)};
	symbols_init(&piece->symbols);
	piece->track = track_new(limits, from_start);
}

static inline void
log_feed(struct log_piece *piece, const char *const *lines, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		/* A copy that dies, as slices do. */
		char *line = xstrdup(lines[i]);
		struct event ev = log_event(line, &piece->symbols);

		track_event(piece->track, &ev, &piece->out);
		memset(line, '#', strlen(line));
		free(line);
		log_flush(piece);
	}
}

/* What NEXT's numbers are in INTO, as the merging of folds does it. */
static inline void
log_merge(struct symbols *into, const struct symbols *next, uint32_t *remap[DOMAINS])
{
	for (unsigned d = 0; d < DOMAINS; d++) {
		remap[d] = xcalloc(next->dict[d].count, sizeof(*remap[d]));
		for (uint32_t n = 1; n < next->dict[d].count; n++)
			remap[d][n] = symbols_get(into, d, symbols_text(next, d, n));
	}
}

static inline void
log_join(struct log_piece *into, struct log_piece *next)
{
	uint32_t *remap[DOMAINS];

	log_merge(&into->symbols, &next->symbols, remap);
	track_retire(next->track, remap);
	track_join(into->track, next->track, &into->out);
	log_flush(into);
	buf_str(&into->text, buf_view(&next->text));
	buf_done(&next->text);
	track_out_free(&next->out);
	for (unsigned d = 0; d < DOMAINS; d++)
		free(remap[d]);
	symbols_free(&next->symbols);
}

/* Ends the log a day after END seconds; returns the derived events, sorted. */
static inline char *
log_end(struct log_piece *piece, int64_t end)
{
	track_finish(piece->track, (end + 86400) * 1000000, SIZE_MAX, &piece->out);
	log_flush(piece);
	track_free(piece->track);
	track_out_free(&piece->out);
	symbols_free(&piece->symbols);
	return log_sorted(&piece->text);
}

/* The whole log at once. */
static inline char *
log_whole(const char *const *lines, size_t count, const struct track_limits *limits)
{
	struct log_piece piece;

	log_begin(&piece, limits, true);
	log_feed(&piece, lines, count);
	return log_end(&piece, count ? strtoll(lines[count - 1], NULL, 10) : 0);
}

/* Does LOG (lines parted by '\n') derive WANT (likewise, in any order)? */
static inline void
log_is(const char *log, const char *want, const char *what)
{
	char *copy = xstrdup(log), *got;
	const char **lines = NULL;
	size_t count = 0, room = 0;
	struct buf wanted = BUF_INIT(BUF_UNLIMITED);

	for (char *p = copy, *end; *p; p = end + 1) {
		end = strchr(p, '\n');
		*end = '\0';
		MEM_GROW(lines, count, room);
		lines[count++] = p;
	}
	got = log_whole(lines, count, &track_limits_default);
	buf_printf(&wanted, "%s", want);
	copy = (free(copy), log_sorted(&wanted));
	is_text(got, strlen(got), copy, what);
	free(copy);
	free(got);
	free(lines);
}

#endif
