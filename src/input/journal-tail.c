/* SPDX-License-Identifier: Apache-2.0
 *
 * journal-tail: follows the journal. Where it stopped is the cursor of an entry, by
 * which the library finds it again in whatever file it is by then.
 */
#include "base/mem.h"
#include "base/stable-hash.h"
#include "input/follow-room.h"
#include "input/journal-library.h"

/* Entries before others have their turn. */
#define ENTRIES_AT_ONCE 4096

struct journal_tail {
	struct tail tail;
	struct entries *entries;
	const struct journal_library *lib; /* of them */
	struct outlet outlet;
	char *cursor; /* of the entry given last; "": none was, it begins with the first */
	char *before; /* of the one before it */
	struct buf out;
	bool faulty;  /* a fault was told */
};

static void
take_cursor(struct journal_tail *t)
{
	char *cursor;

	if (t->lib->get_cursor(entries_journal(t->entries), &cursor) < 0)
		cursor = xstrdup(t->cursor);
	free(t->before);
	t->before = t->cursor;
	t->cursor = cursor;
}

static uint64_t
hash_of(const char *cursor)
{
	return stable_hash(STABLE_HASH_START, str_of(cursor));
}

static bool
tail_read(struct tail *tail, const struct follow_sink *sink)
{
	struct journal_tail *t = (struct journal_tail *)tail;
	int more = t->lib->process(entries_journal(t->entries));

	outlet_begin(&t->outlet, sink);
	for (int i = 0; i < ENTRIES_AT_ONCE && more >= 0; i++) {
		buf_clear(&t->out);
		more = entries_next(t->entries, &t->out);
		if (more <= 0)
			break;
		take_cursor(t);
		sink->line(sink->context, &(struct follow_line){
			.source = t->outlet.source,
			.name = t->outlet.name,
			.text = {t->out.p, t->out.len - 1}, /* without its newline */
			.head_hash = hash_of(t->cursor),
			.cursor = t->before,
		});
	}
	if (more < 0 && !t->faulty)
		outlet_notice(&t->outlet, FOLLOW_FAULT, "journal: %s", strerror(-more));
	t->faulty = more < 0;
	t->outlet.sink = NULL;
	return more > 0;
}

/* The entry at hand, if it is of before UNTIL. */
static bool
read_until(struct entries *entries, int64_t until, struct follow_line *line)
{
	const struct journal_library *lib = entries_library(entries);
	struct sd_journal *journal = entries_journal(entries);
	char *cursor;
	uint64_t usec;

	if (lib->get_realtime_usec(journal, &usec) < 0 || (int64_t)usec >= until ||
	    lib->get_cursor(journal, &cursor) < 0)
		return false;
	line->head_hash = hash_of(cursor);
	free(cursor);
	return true;
}

int
journal_between(int64_t since, int64_t until,
    bool (*each)(void *context, const struct follow_line *line), void *context,
    struct err *err)
{
	struct journal where = {.since = since};
	struct follow_line line = {.name = "journal"};
	struct buf text = BUF_INIT(BUF_UNLIMITED);
	struct entries *entries;
	int more;

	if (entries_open(&where, &entries, err) < 0)
		return err_wrap(err, "journal");
	while ((more = entries_next(entries, &text)) > 0) {
		line.text = (struct str){text.p, text.len - 1};
		if (!read_until(entries, until, &line) || !each(context, &line))
			break;
		buf_clear(&text);
	}
	entries_close(entries);
	buf_done(&text);
	return more < 0 ? err_set(err, "journal: %s", strerror(-more)) : 0;
}

static void
tail_position(const struct tail *tail, struct follow_position *ret)
{
	const struct journal_tail *t = (const struct journal_tail *)tail;

	*ret = (struct follow_position){.name = t->outlet.name, .cursor = t->cursor};
}

static void
tail_close(struct tail *tail)
{
	struct journal_tail *t = (struct journal_tail *)tail;

	entries_close(t->entries);
	outlet_done(&t->outlet);
	buf_done(&t->out);
	free(t->cursor);
	free(t->before);
	free(t);
}

/* To behind the entry at CURSOR. */
static int
seek_cursor(struct journal_tail *t, const char *cursor)
{
	sd_journal *journal = entries_journal(t->entries);
	int result = t->lib->seek_cursor(journal, cursor);

	if (result >= 0)
		result = t->lib->next(journal);
	if (result < 0)
		return result;
	free(t->cursor);
	t->cursor = xstrdup(cursor);
	if (result > 0 && t->lib->test_cursor(journal, cursor) > 0)
		return 0;
	outlet_notice(&t->outlet, FOLLOW_LOST, "journal: the entry that was read last is "
	    "gone; entries may be lost");
	return t->lib->seek_cursor(journal, cursor);
}

/* To behind the last entry there is. */
static int
seek_end(struct journal_tail *t)
{
	sd_journal *journal = entries_journal(t->entries);
	int result = t->lib->seek_tail(journal);

	if (result >= 0)
		result = t->lib->previous(journal);
	if (result > 0)
		take_cursor(t);
	return result == 0 ? t->lib->seek_head(journal) : result;
}

/* To where SETTINGS say. */
static int
seek(struct journal_tail *t, const struct follow_settings *settings)
{
	for (size_t i = 0; i < settings->from_count; i++) {
		const char *cursor = settings->from[i].cursor;

		if (cursor)
			return *cursor ? seek_cursor(t, cursor) : 0;
	}
	return settings->from_start ? 0 : seek_end(t);
}

int
tail_open(const char *directory, size_t source, const struct follow_settings *settings,
    struct tail **ret, struct err *err)
{
	struct journal where = {.directory = directory ? xstrdup(directory) : NULL,
	    .since = INT64_MIN};
	struct entries *entries;
	struct journal_tail *t;
	int result;

	result = entries_open(&where, &entries, err);
	free(where.directory);
	if (result < 0)
		return err_wrap(err, "journal");
	t = xcalloc(1, sizeof(*t));
	t->entries = entries;
	t->lib = entries_library(entries);
	t->outlet = (struct outlet){.source = source, .name = "journal"};
	t->cursor = xstrdup("");
	t->out.max = BUF_UNLIMITED;
	t->tail = (struct tail){
		.fd = t->lib->get_fd(entries_journal(entries)),
		.source = source,
		.read = tail_read,
		.position = tail_position,
		.close = tail_close,
	};
	result = t->tail.fd < 0 ? t->tail.fd : seek(t, settings);
	if (result < 0) {
		tail_close(&t->tail);
		return err_set(err, "journal: %s", strerror(-result));
	}
	*ret = &t->tail;
	return 0;
}
