/* SPDX-License-Identifier: Apache-2.0
 *
 * store-kit: what the tests of the store room share: a directory of their own, events
 * with anything in any field, and whether two events say the same.
 */
#ifndef TESTS_UNIT_STORE_KIT_H
#define TESTS_UNIT_STORE_KIT_H

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/room.h"
#include "directory-kit.h"
#include "tap.h"

/* Ends the test when RESULT is a failure. */
UNUSED static void
kit_must(int result, const struct err *err, const char *what)
{
	if (result >= 0)
		return;
	printf("Bail out! %s: %s\n", what, err->text);
	kit_leave();
	exit(1);
}

UNUSED static struct store *
kit_open(const char *url)
{
	struct store_settings settings = {.url = url};
	struct store *store;
	struct err err = {""};

	kit_must(store_open(&settings, &store, &err), &err, url);
	return store;
}

UNUSED static uint32_t
kit_random(void)
{
	static uint64_t state = 88172645463325252u;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 16);
}

/* An event whose texts are in `line`, one after another. */
struct kit_event {
	struct event event;
	char line[2 * EVENT_LINE_MAX];
	size_t used;
};

UNUSED static void
kit_begin(struct kit_event *kit, uint64_t id, int64_t time, enum kind kind)
{
	memset(&kit->event, 0, sizeof(kit->event));
	kit->event.line = kit->line;
	kit->event.weight = 1;
	kit->used = 0;
	EVENT_SET(&kit->event, id, id);
	EVENT_SET(&kit->event, time, time);
	EVENT_SET(&kit->event, kind, (uint8_t)kind);
}

UNUSED static void
kit_text(struct kit_event *kit, enum field field, struct str text)
{
	if (text.len)
		memcpy(kit->line + kit->used, text.p, text.len);
	*event_text_member(&kit->event, field) = (struct text){
	    .off = (uint16_t)kit->used, .len = (uint16_t)text.len};
	kit->used += text.len;
	kit->event.line_len = (uint32_t)kit->used;
	event_mark(&kit->event, field);
}

UNUSED static const char *const kit_source_names[] = {"/var/log/mail.log", "mail.log.1"};
UNUSED static const struct event_sources kit_sources = {kit_source_names, 2};

/* Do both have the same fields, with the same values? Says where not. */
UNUSED static bool
kit_same(const struct event *a, const struct symbols *a_symbols,
    const struct event_sources *a_sources, const struct event *b,
    const struct symbols *b_symbols, const struct event_sources *b_sources)
{
	for (unsigned field = 0; field < FIELDS; field++) {
		struct value x = {0}, y = {0};
		bool has_x = event_value(a, (enum field)field, a_symbols, a_sources, &x);
		bool has_y = event_value(b, (enum field)field, b_symbols, b_sources, &y);

		if (has_x != has_y || x.type != y.type || x.number != y.number ||
		    (x.type == VALUE_TEXT && !str_eq(x.text, y.text)) ||
		    memcmp(&x.ip, &y.ip, sizeof(x.ip)) != 0) {
			printf("# differs: %s\n", event_fields[field].name);
			return false;
		}
	}
	return a->weight == b->weight;
}

UNUSED static int
kit_write(struct store *store, const struct kit_event *kit, struct err *err)
{
	return store_event(store, &kit->event, NULL, &kit_sources, err);
}

UNUSED static bool
kit_count_one(void *context, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	(void)ev, (void)symbols, (void)sources;
	++*(size_t *)context;
	return true;
}

/* How many events of STORE match WHERE; SIZE_MAX on failure, with ERR. */
UNUSED static size_t
kit_count(struct store *store, const char *where, struct err *err)
{
	size_t count = 0;

	if (store_scan(store, INT64_MIN, INT64_MAX, where, kit_count_one, &count, err) < 0)
		return SIZE_MAX;
	return count;
}

UNUSED static bool
kit_same_cell(const struct cell *a, const struct cell *b)
{
	return a->known == b->known && (!a->known || (a->n == b->n && a->real >= b->real &&
	    a->real <= b->real && str_eq(a->text, b->text)));
}

/* Are both the same, cell by cell? Says where not. */
UNUSED static bool
kit_same_table(const struct table *a, const struct table *b)
{
	bool same = a->row_count == b->row_count && a->column_count == b->column_count &&
	    a->groups == b->groups && a->exact == b->exact && strcmp(a->name, b->name) == 0;

	for (unsigned c = 0; same && c < a->column_count; c++)
		same = strcmp(a->columns[c].name, b->columns[c].name) == 0 &&
		    a->columns[c].type == b->columns[c].type &&
		    kit_same_cell(&a->total[c], &b->total[c]);
	for (size_t i = 0; same && i < a->row_count * a->column_count; i++) {
		same = kit_same_cell(&a->cells[i], &b->cells[i]);
		if (!same)
			printf("# row %zu, column %s: %jd %.*s, %jd %.*s\n",
			    i / a->column_count, a->columns[i % a->column_count].name,
			    (intmax_t)a->cells[i].n, STR_ARG(a->cells[i].text),
			    (intmax_t)b->cells[i].n, STR_ARG(b->cells[i].text));
	}
	return same;
}

/* PATH has TEXT then, and nothing more where it is new. */
UNUSED static bool
kit_write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	bool good = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return good;
}

#endif
