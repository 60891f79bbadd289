/* SPDX-License-Identifier: Apache-2.0
 *
 * Which lives of which queue ids belong to a story: hops, bounces, ids used again.
 */
#include "cmd/trace.h"
#include "tap.h"

/* A log in small: time is the row's number, or else the one that is named. */
struct row {
	enum kind kind;
	const char *qid, *next_qid, *recipient;
	int64_t time;
};

#define ROW(kind, ...) {KIND_##kind, __VA_ARGS__}

static const struct row filtered[] = {
	ROW(accept, "A1", NULL, NULL, 0), ROW(accept, "B1", NULL, NULL, 0),
	ROW(delivery, "B1", NULL, "one@a.test", 0), ROW(removed, "B1", NULL, NULL, 0),
	ROW(delivery, "A1", "B1", "two@a.test", 0), ROW(delivery, "A1", "C1", "one@a.test", 0),
	ROW(accept, "C1", NULL, NULL, 0), ROW(delivery, "C1", NULL, "three@a.test", 0),
	ROW(removed, "A1", NULL, NULL, 0), ROW(removed, "C1", NULL, NULL, 0),
	ROW(accept, "X1", NULL, NULL, 0), ROW(delivery, "X1", NULL, "four@a.test", 0),
};

/* One id for three messages; the second bounces. */
static const struct row reused[] = {
	ROW(accept, "A1", NULL, NULL, 0), ROW(delivery, "A1", NULL, "one@a.test", 0),
	ROW(removed, "A1", NULL, NULL, 0),
	ROW(accept, "A1", NULL, NULL, 0), ROW(delivery, "A1", NULL, "two@a.test", 0),
	ROW(message_id, "N1", NULL, NULL, 0), ROW(bounce_link, "A1", "N1", NULL, 0),
	ROW(removed, "A1", NULL, NULL, 0), ROW(delivery, "N1", NULL, "sender@b.test", 0),
	ROW(removed, "N1", NULL, NULL, 0),
	ROW(accept, "A1", NULL, NULL, 0), ROW(delivery, "A1", NULL, "three@a.test", 0),
	ROW(removed, "A1", NULL, NULL, 0),
};

/* The same without `removed`; what is said of each message comes late. */
static const struct row taken[] = {
	ROW(accept, "A1", NULL, NULL, 0), ROW(queued, "A1", NULL, NULL, 0),
	ROW(delivery, "A1", NULL, "one@a.test", 0),
	ROW(accept, "A1", NULL, NULL, 0), ROW(delivery, "A1", NULL, "two@a.test", 0),
	ROW(message, "A1", NULL, NULL, 2), ROW(message, "A1", NULL, NULL, 4),
	ROW(submitted, "A1", NULL, NULL, 0), ROW(message, "A1", NULL, NULL, 7),
};

static size_t
put(struct buf *line, const char *text)
{
	size_t at = line->len;

	buf_add(line, text, strlen(text));
	return at;
}

/* The event of ROW, its text in LINE. */
static struct event
event_of(const struct row *row, struct buf *line)
{
	struct event ev = {.kind = (uint8_t)row->kind, .weight = 1};
	size_t qid = put(line, row->qid);
	size_t next = row->next_qid ? put(line, row->next_qid) : 0;
	size_t recipient = row->recipient ? put(line, row->recipient) : 0;

	ev.line = line->p;
	ev.line_len = (uint32_t)line->len;
	EVENT_TEXT(&ev, qid, ((struct str){line->p + qid, strlen(row->qid)}));
	if (row->next_qid)
		EVENT_TEXT(
		    &ev, next_qid, ((struct str){line->p + next, strlen(row->next_qid)}));
	if (row->recipient)
		EVENT_TEXT(&ev, recipient,
		    ((struct str){line->p + recipient, strlen(row->recipient)}));
	return ev;
}

/* One pass; WANTED gets a letter for each row: y if it belongs to the story. */
static void
pass(struct lives *lives, const struct thing *thing, const struct row *rows, size_t n,
    const struct symbols *symbols, char *wanted)
{
	lives_begin(lives);
	for (size_t i = 0; i < n; i++) {
		struct buf line = BUF_INIT(1024);
		struct event ev = event_of(&rows[i], &line);
		bool named = thing_named(thing, &ev, symbols);

		ev.time = rows[i].time ? rows[i].time : (int64_t)i;
		wanted[i] = lives_event(lives, &ev, symbols, named) != LIVES_NONE ? 'y' : '.';
		buf_done(&line);
	}
}

static void
check(const char *word, const struct row *rows, size_t n, const char *want)
{
	struct thing thing = thing_of(str_of(word));
	struct lives *lives = lives_new();
	struct symbols symbols;
	char wanted[32] = "";
	unsigned passes = 0;

	symbols_init(&symbols);
	do
		pass(lives, &thing, rows, n, &symbols, wanted);
	while (lives_unsettled(lives) && ++passes < 8);
	ok(passes < 8, "%s: settled after %u passes", word, passes);
	pass(lives, &thing, rows, n, &symbols, wanted);
	is_text(wanted, n, want, word);
	symbols_free(&symbols);
	lives_free(lives);
}

#define CHECK(word, rows, want) check((word), (rows), sizeof(rows) / sizeof(*(rows)), (want))

int
main(void)
{
	hash_init();
	CHECK("A1", filtered, "yyyyyyyyyy..");
	CHECK("C1", filtered, "yyyyyyyyyy..");
	CHECK("three@a.test", filtered, "yyyyyyyyyy..");
	CHECK("FOUR@A.test", filtered, "..........yy");
	CHECK("nobody@a.test", filtered, "............");
	CHECK("<one@a.test>", reused, "yyy..........");
	CHECK("two@a.test", reused, "...yyyyyyy...");
	CHECK("sender@b.test", reused, "...yyyyyyy...");
	CHECK("three@a.test", reused, "..........yyy");
	CHECK("A1", reused, "yyyyyyyyyyyyy");
	CHECK("one@a.test", taken, "yyy..y...");
	CHECK("two@a.test", taken, "...yy.y..");
	CHECK("A1", taken, "yyyyyyyyy");
	return tap_done();
}
