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
	const char *host, *relay, *relay_ip, *orig_qid;
};

#define ROW(sort, ...) {KIND_##sort, __VA_ARGS__, NULL, NULL, NULL, NULL}

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

#define AT(mx, sort, ...) {.kind = KIND_##sort, .host = (mx), __VA_ARGS__}

/* Two hosts use one id at the same time. */
static const struct row hosts[] = {
	AT("mx1", accept, .qid = "A1"), AT("mx2", accept, .qid = "A1"),
	AT("mx1", delivery, .qid = "A1", .recipient = "one@a.test"),
	AT("mx2", delivery, .qid = "A1", .recipient = "two@a.test"),
	AT("mx1", removed, .qid = "A1"), AT("mx2", delivery, .qid = "A1"),
	AT("mx2", message, .qid = "A1", .time = 3), AT("mx1", message, .qid = "A1", .time = 4),
	AT(NULL, accept, .qid = "A1", .recipient = "exim@a.test"),
	AT(NULL, delivery, .qid = "A1"), AT("mx2", removed, .qid = "A1"),
};

/* A filter of either host; the ids of its hops are the same. */
static const struct row filters[] = {
	AT("mx1", accept, .qid = "A1"), AT("mx2", accept, .qid = "B1"),
	AT("mx2", accept, .qid = "C1"), AT("mx1", accept, .qid = "C1"),
	AT("mx1", delivery, .qid = "A1", .next_qid = "C1", .recipient = "one@a.test",
	    .relay = "127.0.0.1", .relay_ip = "127.0.0.1"),
	AT("mx2", delivery, .qid = "B1", .next_qid = "C1", .recipient = "two@a.test",
	    .relay = "127.0.0.1", .relay_ip = "127.0.0.1"),
	AT("mx1", delivery, .qid = "C1", .recipient = "one@b.test"),
	AT("mx2", delivery, .qid = "C1", .recipient = "two@b.test"),
};

/* From host to host. The lines of one that is ahead come late. */
static const struct row relayed[] = {
	AT("mx1", accept, .qid = "A1"),
	AT("mx1", delivery, .qid = "A1", .next_qid = "B1", .recipient = "one@a.test",
	    .relay = "store2.a.test", .relay_ip = "192.0.2.2"),
	AT("store2", accept, .qid = "B1"), AT("store3", accept, .qid = "B1"),
	AT("store2", delivery, .qid = "B1", .recipient = "one@b.test"),
	AT("store3", delivery, .qid = "B1", .recipient = "two@b.test"),
	AT("mx1", accept, .qid = "D1"),
	AT("mx1", delivery, .qid = "D1", .next_qid = "E1", .recipient = "three@a.test",
	    .relay = "store.a.test", .relay_ip = "192.0.2.3"),
	AT("store3", accept, .qid = "E1"),
	AT("store3", delivery, .qid = "E1", .recipient = "four@b.test"),
};

/* What a filter says that writes another name of the host, or none. */
static const struct row verdicts[] = {
	AT("filter", spam_verdict, .qid = "A1"), AT("mx1", accept, .qid = "A1"),
	AT("mx1", delivery, .qid = "A1", .recipient = "one@a.test"),
	AT(NULL, spam_verdict, .qid = "A1"), AT("mx1", accept, .qid = "B1"),
	AT("mx2", accept, .qid = "B1"), AT("filter", spam_verdict, .qid = "B1"),
	AT("mx2", spam_verdict, .qid = "B1"),
	AT("mx2", delivery, .qid = "B1", .recipient = "two@a.test"),
};

/* Exim's notifications name what they are about; another host has one of these ids, too. */
static const struct row notified[] = {
	AT("mx1", accept, .qid = "A1"), AT("mx2", accept, .qid = "A1"),
	AT("mx1", delivery, .qid = "A1", .recipient = "one@a.test"),
	AT("mx1", submitted, .qid = "N1", .orig_qid = "A1"),
	AT("mx2", delivery, .qid = "A1", .recipient = "two@a.test"),
	AT("mx1", delivery, .qid = "N1", .recipient = "sender@b.test"),
	AT("mx1", removed, .qid = "N1"), AT("mx1", removed, .qid = "A1"),
	AT("mx1", submitted, .qid = "N2", .orig_qid = "Z1"),
	AT("mx1", delivery, .qid = "N2", .recipient = "other@b.test"),
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
	size_t at[7], i = 0;

#define TEXTS(TEXT)                                                                         \
	TEXT(qid) TEXT(next_qid) TEXT(recipient) TEXT(host) TEXT(relay) TEXT(relay_ip)      \
	TEXT(orig_qid)
#define TEXT(member) at[i++] = row->member ? put(line, row->member) : 0;
	TEXTS(TEXT)
#undef TEXT
	i = 0;
	ev.line = line->p;
	ev.line_len = (uint32_t)line->len;
#define TEXT(member)                                                                          \
	if (row->member)                                                                    \
		EVENT_TEXT(&ev, member,                                                     \
		    ((struct str){line->p + at[i], strlen(row->member)}));                  \
	i++;
	TEXTS(TEXT)
#undef TEXT
#undef TEXTS
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

/* Things as they stand in lines, and in mailq. */
static void
test_copied(void)
{
	static const struct {
		const char *word, *text;
	} cases[] = {
		{"from=<joe@b.test>,", "joe@b.test"}, {"to=<joe@b.test>", "joe@b.test"},
		{"from=<>,", ""}, {"message-id=<1@b.test>", "1@b.test"},
		{"sasl_username=joe", "joe"}, {"user=<joe>,", "joe"},
		{"joe@b.test,", "joe@b.test"},
		{"joe,", "joe,"}, {"user=<>, rip=192.0.2.1", "user=<>, rip=192.0.2.1"},
		{"16548AE9BCC:", "16548AE9BCC"}, {"16548AE9BCC*", "16548AE9BCC"},
		{"4Xz7q12Y3Jz9sFp!", "4Xz7q12Y3Jz9sFp"}, {"Summer2025!", "Summer2025!"},
		{"*", "*"}, {",", ","}, {"from=", "from="}, {"x=<y>", "x=<y>"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		ok(str_eq(thing_of(str_of(cases[i].word)).text, str_of(cases[i].text)),
		    "'%s' is '%s'", cases[i].word, cases[i].text);
}

/* Clients as lines name them. */
static void
test_clients(void)
{
	static const struct {
		const char *word, *client; /* NULL: something else */
	} cases[] = {
		{"192.0.2.1", "192.0.2.1"}, {"192.0.2.1:4711", "192.0.2.1"},
		{"[192.0.2.1]", "192.0.2.1"}, {"[192.0.2.1]:4711", "192.0.2.1"},
		{"mx.b.test[192.0.2.1]:4711", "192.0.2.1"},
		{"unknown[2001:db8::1]", "2001:db8::1"},
		{"[2001:db8::1]:25", "2001:db8::1"}, {"2001:db8::1", "2001:db8::1"},
		{"joe@[192.0.2.1]", NULL}, {"[192.0.2.1", NULL}, {"[192.0.2.1]:", "192.0.2.1"},
		{"[192.0.2.1]:25x", NULL}, {"192.0.2.1:25:1", NULL}, {"[]", NULL}, {"[", NULL},
		{"x]", NULL}, {":25", NULL}, {"", NULL}, {"2001:db8::", "2001:db8::"},
		{"client=unknown[192.0.2.1]:4711,", "192.0.2.1"},
		{"rip=192.0.2.1,", "192.0.2.1"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct thing thing = thing_of(str_of(cases[i].word));
		const char *client = cases[i].client;
		struct ip ip;

		ok(client ? thing.is_net && ip_parse(str_of(client), &ip) &&
		    cidr_contains(&thing.net, &ip) : !thing.is_net, "'%s' is %s",
		    cases[i].word, client ? client : "no client");
	}
}

int
main(void)
{
	hash_init();
	test_clients();
	test_copied();
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
	CHECK("one@a.test", hosts, "y.y.y..y...");
	CHECK("two@a.test", hosts, ".y.y.yy...y");
	CHECK("exim@a.test", hosts, "........yy.");
	CHECK("A1", hosts, "yyyyyyyyyyy");
	CHECK("one@a.test", filters, "y..yy.y.");
	CHECK("two@b.test", filters, ".yy..y.y");
	CHECK("one@a.test", relayed, "yyy.y.....");
	CHECK("one@b.test", relayed, "yyy.y.....");
	CHECK("two@b.test", relayed, "...y.y....");
	CHECK("three@a.test", relayed, "......yyyy");
	CHECK("four@b.test", relayed, "......yyyy");
	CHECK("one@a.test", verdicts, "yyyy.....");
	CHECK("two@a.test", verdicts, ".....y.yy");
	CHECK("one@a.test", notified, "y.yy.yyy..");
	CHECK("sender@b.test", notified, "y.yy.yyy..");
	CHECK("N1", notified, "y.yy.yyy..");
	CHECK("A1", notified, "yyyyyyyy..");
	CHECK("Z1", notified, "........yy");
	return tap_done();
}
