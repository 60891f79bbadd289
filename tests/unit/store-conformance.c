/* SPDX-License-Identifier: Apache-2.0
 *
 * What every sort of store must do, over all of them: events come back as they went in,
 * whatever is in them; order, ranges, filters; transactions; bans, positions, reverse DNS;
 * forgetting.
 */
#include "store-kit.h"

#include <sys/mman.h>

#define SEC INT64_C(1000000)

static const char *const urls[] = {"sqlite:conformance.db", "memory:"};

static struct kit_event kit;

/* ---- events ---- */

/* What there is to be found, and how many came. */
struct expected {
	const struct event *event;
	const struct symbols *symbols;
	size_t seen;
	bool same;
};

static bool
compare_event(void *context, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	struct expected *expected = context;

	expected->seen++;
	expected->same = kit_same(expected->event, expected->symbols, &kit_sources, ev,
	    symbols, sources);
	return true;
}

/* Writes EVENT and reads it back, alone at its time. */
static void
round_trip(struct store *store, const struct event *event, const struct symbols *symbols,
    const char *what)
{
	struct expected expected = {.event = event, .symbols = symbols};
	struct err err = {""};

	ok(store_event(store, event, symbols, &kit_sources, &err) == 0 &&
	    store_scan(store, event->time, event->time + 1, NULL, compare_event, &expected,
		&err) == 0 && expected.seen == 1 && expected.same,
	    "%s%s%s", what, *err.text ? ": " : "", err.text);
}

/* A value for FIELD that is not any other field's. */
static void
fill_field(struct kit_event *to, enum field field)
{
	char text[64];
	int n;

	switch (event_fields[field].type) {
	case TYPE_TEXT:
		n = snprintf(text, sizeof(text), "value of %s", event_fields[field].name);
		if (field != FIELD_source)
			kit_text(to, field, (struct str){text, (size_t)n});
		break;
	case TYPE_IP:
		n = snprintf(text, sizeof(text), "192.0.2.%u", (unsigned)field);
		kit_text(to, field, (struct str){text, (size_t)n});
		break;
	case TYPE_ENUM:
		*((uint8_t *)&to->event + event_fields[field].offset) = 2;
		break;
	case TYPE_BOOL:
		*((bool *)&to->event + event_fields[field].offset) = true;
		break;
	case TYPE_INT:
	case TYPE_SIZE:
	case TYPE_DURATION:
	case TYPE_MILLI:
		memcpy((char *)&to->event + event_fields[field].offset,
		    &(int64_t){1000 + (int64_t)field}, sizeof(int64_t));
		break;
	case TYPE_TIME:
	case TYPE_ID:
		break;
	}
	event_mark(&to->event, field);
	if (field == FIELD_count)
		to->event.weight = (uint32_t)to->event.count;
}

static void
test_each_field(struct store *store)
{
	struct err err;

	for (unsigned field = 0; field < FIELDS; field++) {
		kit_begin(&kit, 1, (int64_t)field * SEC, KIND_connect);
		fill_field(&kit, (enum field)field);
		round_trip(store, &kit.event, NULL, event_fields[field].name);
	}
	kit_begin(&kit, UINT64_MAX, -SEC, KIND_repeat);
	for (unsigned field = 0; field < FIELDS; field++)
		fill_field(&kit, (enum field)field);
	kit.event.source_no = 1;
	round_trip(store, &kit.event, NULL, "all fields at once, the greatest id");
	is_number((int64_t)kit_count(store, NULL, &err), FIELDS + 1, "all are there");
}

static void
test_values(struct store *store)
{
	static const char invalid[] = "\xff\xfe\xc0\x80 \xed\xa0\x80";
	static char longest[EVENT_LINE_MAX];
	int64_t time = 1000 * SEC;

	kit_begin(&kit, 1, time++, KIND_message);
	kit_text(&kit, FIELD_sender, STR(""));
	kit_text(&kit, FIELD_text, STR("a\0b\0"));
	kit_text(&kit, FIELD_helo, (struct str){invalid, sizeof(invalid) - 1});
	EVENT_SET(&kit.event, derived, false);
	EVENT_SET(&kit.event, outcome, OUTCOME_none);
	round_trip(store, &kit.event, NULL, "null sender, NULs, invalid UTF-8, false, none");

	kit_begin(&kit, 2, time++, KIND_attempt);
	EVENT_SET(&kit.event, size, INT64_MAX);
	EVENT_SET(&kit.event, score, INT64_MIN);
	EVENT_SET(&kit.event, delay, INT64_MIN);
	EVENT_SET(&kit.event, count, UINT32_MAX);
	kit.event.weight = UINT32_MAX;
	round_trip(store, &kit.event, NULL, "numbers at their limits");

	kit_begin(&kit, 3, time++, KIND_connect);
	kit_text(&kit, FIELD_ip, STR("2001:db8::1"));
	kit_text(&kit, FIELD_server_ip, STR("::"));
	kit_text(&kit, FIELD_relay_ip, STR("unknown"));
	round_trip(store, &kit.event, NULL, "IPv6, the unspecified one, no address");

	kit_begin(&kit, 4, time++, KIND_connect);
	kit_text(&kit, FIELD_ip, STR("::FFFF:192.0.2.1"));
	kit_text(&kit, FIELD_server_ip, STR("2001:DB8:0::1"));
	round_trip(store, &kit.event, NULL, "other spellings of addresses");

	for (size_t i = 0; i < sizeof(longest); i++)
		longest[i] = (char)i;
	kit_begin(&kit, 5, time++, KIND_connect);
	kit_text(&kit, FIELD_text, (struct str){longest, sizeof(longest)});
	kit_text(&kit, FIELD_qid, STR("A"));
	round_trip(store, &kit.event, NULL, "a text of 65535 bytes");
	for (unsigned field = 0; field < FIELDS; field++)
		if (event_fields[field].type == TYPE_TEXT && field != FIELD_source) {
			*event_text_member(&kit.event, (enum field)field) =
			    (struct text){.off = (uint16_t)field, .len = UINT16_MAX - 100};
			event_mark(&kit.event, (enum field)field);
		}
	kit.event.time = time++;
	round_trip(store, &kit.event, NULL, "long texts in every field");

	kit_begin(&kit, 6, INT64_MIN, KIND_connect);
	round_trip(store, &kit.event, NULL, "the oldest time");
}

/* Texts that are numbers: words that parsers say, derived events' texts. */
static void
test_symbols(struct store *store)
{
	struct symbols symbols;
	struct event *ev = &kit.event;

	symbols_init(&symbols);
	kit_begin(&kit, 1, 2000 * SEC, KIND_message);
	EVENT_WORD(ev, action, WORD_allow);
	EVENT_WORD(ev, sender, symbols_get(&symbols, DOMAIN_ADDRESS, STR("a@example.test")));
	EVENT_WORD(ev, recipient, symbols_get(&symbols, DOMAIN_ADDRESS, STR("")));
	EVENT_WORD(ev, ip, symbols_get(&symbols, DOMAIN_IP, STR("198.51.100.7")));
	round_trip(store, ev, &symbols, "texts that are numbers");
	symbols_free(&symbols);
}

struct order {
	uint64_t id[16];
	size_t count, stop;
};

static bool
note_id(void *context, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	struct order *order = context;

	(void)symbols, (void)sources;
	order->id[order->count++] = ev->id;
	return order->count < order->stop;
}

static void
scan_order(struct store *store, int64_t since, int64_t until, const char *where, size_t stop,
    const char *want, const char *what)
{
	struct order order = {.stop = stop};
	struct buf got = BUF_INIT(1024);
	struct err err = {""};

	kit_must(store_scan(store, since, until, where, note_id, &order, &err), &err, what);
	for (size_t i = 0; i < order.count; i++)
		buf_printf(&got, "%s%llu", i ? " " : "", (unsigned long long)order.id[i]);
	is_text(got.p ? got.p : "", got.len, want, what);
	buf_done(&got);
}

static void
test_scan(struct store *store)
{
	static const struct {
		uint64_t id;
		int64_t time;
		enum kind kind;
		const char *ip;
	} rows[] = {
		{9, 5, KIND_connect, "192.0.2.1"},
		{3, 7, KIND_delivery, "192.0.2.200"},
		{5, 5, KIND_connect, "::1"},
		{7, 6, KIND_attempt, "198.51.100.1"},
		{1, 7, KIND_connect, "2001:db8::7"},
	};
	struct err err = {""};
	size_t n = sizeof(rows) / sizeof(*rows);

	kit_must(store_begin(store, &err), &err, "begin");
	for (size_t i = 0; i < n; i++) {
		kit_begin(&kit, rows[i].id, rows[i].time, rows[i].kind);
		kit_text(&kit, FIELD_ip, str_of(rows[i].ip));
		kit_must(kit_write(store, &kit, &err), &err, "event");
		kit_must(kit_write(store, &kit, &err), &err, "event again");
	}
	kit_must(store_commit(store, &err), &err, "commit");
	scan_order(store, INT64_MIN, INT64_MAX, NULL, 16, "9 5 7 3 1", "time, then arrival; "
	    "what is there already is left");
	scan_order(store, 5, 7, NULL, 16, "9 5 7", "half-open range");
	scan_order(store, 0, 100, "connect", 16, "9 5 1", "one kind");
	scan_order(store, 0, 100, "connect | kind=delivery", 16, "9 5 3 1", "two kinds");
	scan_order(store, 0, 100, "ip in 192.0.2.0/24", 16, "9 3", "network");
	scan_order(store, 0, 100, "ip in ::/0", 16, "5 1", "IPv4 is not in an IPv6 network");
	scan_order(store, 0, 100, "ip = 192.0.2.1", 16, "9", "address");
	scan_order(store, 0, 100, "ip ~ ^2001 & time >= @0", 16, "1", "what SQL cannot do");
	scan_order(store, 0, 100, NULL, 2, "9 5", "stopped");
	scan_order(store, 8, 100, NULL, 16, "", "nothing");
	ok(kit_count(store, "nonsense ==", &err) == SIZE_MAX && *err.text,
	    "a filter that is none: %s", err.text);
}

static void
test_period(struct store *store, bool empty)
{
	int64_t first = 0, last = 0;
	struct err err = {""};

	ok(store_period(store, &first, &last, &err) == 0 &&
	    first == (empty ? INT64_MAX : 5) && last == (empty ? INT64_MIN : 7),
	    empty ? "no period" : "period");
}

/* ---- transactions ---- */

static void
test_transactions(struct store *store)
{
	struct store_position position = {.name = STR("x"), .cursor = STR("")};
	struct store_position *positions;
	struct ban_filter all = {.active_at = INT64_MIN, .since = INT64_MIN,
	    .until = INT64_MAX};
	struct ban ban = {.id = 77, .rule = STR("r"), .until = 5, .lifted = INT64_MIN};
	struct arena arena = {NULL, 0};
	struct err err = {""};
	size_t before = kit_count(store, NULL, &err), count = 9;

	(void)all;
	kit_must(store_begin(store, &err), &err, "begin");
	for (uint64_t i = 0; i < 10; i++) {
		kit_begin(&kit, i, 90 * SEC, KIND_connect);
		kit_must(kit_write(store, &kit, &err), &err, "event");
	}
	kit_must(store_ban(store, &ban, &err), &err, "ban");
	kit_must(store_positions_save(store, &position, 1, &err), &err, "positions");
	ok(store_begin(store, &err) < 0, "no transaction in a transaction: %s", err.text);
	ok(store_forget_events(store, KIND_none, 0, &(uint64_t){0}, &err) < 0,
	    "no forgetting in a transaction: %s", err.text);
	store_rollback(store);
	ok(kit_count(store, NULL, &err) == before, "rolled back: no events");
	kit_must(store_positions_load(store, &arena, &positions, &count, &err), &err, "load");
	is_number((int64_t)count, 0, "no positions");
	kit_must(store_begin(store, &err), &err, "begin again");
	kit_must(kit_write(store, &kit, &err), &err, "event");
	kit_must(store_commit(store, &err), &err, "commit");
	ok(kit_count(store, NULL, &err) == before + 1, "what was undone can be done again");
	arena_free(&arena);
}

/* What a guard read when it was far ahead of the clock stands where it was judged. */
static void
test_judged(struct store *store)
{
	static const struct {
		uint64_t id;
		int64_t time, judged;
	} events[] = {{701, 900, 0}, {702, 5000, 902}, {703, 901, 0}, {704, 903, 0},
	    {705, 4000, 901}, {706, 902, 0}, {707, 9000, 2000}, {708, 4001, 899}};
	struct order order = {.stop = 16};
	struct buf got = BUF_INIT(1024);
	struct err err = {""};
	int64_t last = 0;

	for (size_t i = 0; i < sizeof(events) / sizeof(*events); i++) {
		kit_begin(&kit, events[i].id, events[i].time * SEC, KIND_connect);
		if (events[i].judged)
			EVENT_SET(&kit.event, judged, events[i].judged * SEC);
		kit_must(kit_write(store, &kit, &err), &err, "an event");
	}
	kit_must(store_scan_judged(store, 900 * SEC, 1000 * SEC, "connect", note_id, &order,
	    &err), &err, "as judged");
	for (size_t i = 0; i < order.count; i++)
		buf_printf(&got, "%s%llu", i ? " " : "", (unsigned long long)order.id[i]);
	is_text(got.p, got.len, "701 703 705 702 706 704", "in the order of judging");
	kit_must(store_last_judged(store, &last, &err), &err, "the last");
	is_number(last / SEC, 2000, "judged last");
	buf_done(&got);
}

/* ---- bans ---- */

struct ban_list {
	uint64_t id[16];
	size_t count;
	struct ban last;
	struct arena arena;
};

static bool
note_ban(void *context, const struct ban *ban)
{
	struct ban_list *list = context;

	list->id[list->count++] = ban->id;
	list->last = *ban;
	list->last.rule = arena_str(&list->arena, ban->rule);
	list->last.key = arena_str(&list->arena, ban->key);
	list->last.reason = arena_str(&list->arena, ban->reason);
	if (ban->commands.p)
		list->last.commands = arena_str(&list->arena, ban->commands);
	return true;
}

static void
bans_are(struct store *store, struct ban_filter filter, const char *want, const char *what)
{
	struct ban_list list = {.count = 0};
	struct buf got = BUF_INIT(1024);
	struct err err = {""};

	if (filter.until == 0)
		filter.until = INT64_MAX;
	kit_must(store_bans(store, &filter, note_ban, &list, &err), &err, what);
	for (size_t i = 0; i < list.count; i++)
		buf_printf(&got, "%s%llu", i ? " " : "", (unsigned long long)list.id[i]);
	is_text(got.p ? got.p : "", got.len, want, what);
	buf_done(&got);
	arena_free(&list.arena);
}

static struct ban
make_ban(uint64_t id, const char *rule, const char *prefix, int64_t from, int64_t until)
{
	struct ban ban = {.id = id, .rule = str_of(rule), .key = str_of(prefix),
	    .from = from, .until = until, .lifted = INT64_MIN};

	cidr_parse(str_of(prefix), &ban.prefix);
	return ban;
}

static bool
same_ban(const struct ban *a, const struct ban *b)
{
	return a->id == b->id && str_eq(a->rule, b->rule) && str_eq(a->key, b->key) &&
	    memcmp(&a->prefix, &b->prefix, sizeof(a->prefix)) == 0 && a->from == b->from &&
	    a->until == b->until && a->lifted == b->lifted && str_eq(a->reason, b->reason) &&
	    a->counted == b->counted && a->threshold == b->threshold &&
	    a->since == b->since && a->offence == b->offence &&
	    a->is_protected == b->is_protected && a->dry_run == b->dry_run &&
	    a->evidence_count == b->evidence_count &&
	    memcmp(a->evidence, b->evidence, sizeof(a->evidence)) == 0 &&
	    strcmp(a->country, b->country) == 0 && a->asn == b->asn &&
	    !a->commands.p == !b->commands.p && str_eq(a->commands, b->commands);
}

static void
test_ban_members(struct store *store)
{
	struct ban_filter only = {.id = UINT64_MAX, .active_at = INT64_MIN,
	    .since = INT64_MIN, .until = INT64_MAX, .dry_run = true};
	struct ban ban = make_ban(UINT64_MAX, "smtp auth", "2001:db8::/64", -5, INT64_MAX);
	struct ban_list list = {.count = 0};
	struct err err = {""};

	ban.lifted = 12;
	ban.reason = STR("by hand\n\xff");
	ban.counted = 6;
	ban.threshold = 5;
	ban.since = -100;
	ban.offence = 3;
	ban.is_protected = ban.dry_run = true;
	ban.evidence_count = 16;
	for (unsigned i = 0; i < 16; i++)
		ban.evidence[i] = UINT64_MAX / (i + 1);
	memcpy(ban.country, "DE", 3);
	ban.asn = UINT32_MAX;
	ban.commands = STR("own, other");
	kit_must(store_ban(store, &ban, &err), &err, "ban");
	kit_must(store_bans(store, &only, note_ban, &list, &err), &err, "bans");
	ok(list.count == 1 && same_ban(&list.last, &ban), "a ban with all its members");
	ban.lifted = INT64_MIN;
	ban.evidence_count = 0;
	memset(ban.evidence, 0, sizeof(ban.evidence));
	ban.key = ban.commands = STR("");
	memset(&ban.prefix, 0, sizeof(ban.prefix));
	kit_must(store_ban(store, &ban, &err), &err, "ban again");
	kit_must(store_bans(store, &only, note_ban, &list, &err), &err, "bans");
	ok(list.count == 2 && same_ban(&list.last, &ban), "is replaced");
	ban.commands = (struct str){NULL, 0};
	kit_must(store_ban(store, &ban, &err), &err, "ban, with commands that are not known");
	kit_must(store_bans(store, &only, note_ban, &list, &err), &err, "bans");
	ok(same_ban(&list.last, &ban), "none is not the same as not known");
	arena_free(&list.arena);
}

static void
test_bans(struct store *store)
{
	struct ban bans[] = {
		make_ban(4, "auth", "192.0.2.7", 10, 20),
		make_ban(2, "auth", "192.0.2.0/24", 10, INT64_MAX),
		make_ban(3, "scan", "2001:db8::/32", 5, 30),
		make_ban(1, "manual", "", 12, 30),
		make_ban(6, "auth", "198.51.100.1", 11, 30),
		make_ban(5, "dry", "192.0.2.9", 13, 30),
	};
	struct ban_filter any = {.active_at = INT64_MIN, .since = INT64_MIN}, filter;
	struct err err = {""};

	bans[4].lifted = 15;
	bans[5].dry_run = true;
	for (size_t i = 0; i < sizeof(bans) / sizeof(*bans); i++)
		kit_must(store_ban(store, &bans[i], &err), &err, "ban");
	bans_are(store, any, "3 2 4 6 1", "by from, then id");
	filter = any, filter.dry_run = true;
	bans_are(store, filter, "3 2 4 6 1 5", "dry ones, too");
	filter = any, filter.rule = "auth";
	bans_are(store, filter, "2 4 6", "of a rule");
	filter = any, filter.key = "192.0.2.7";
	bans_are(store, filter, "4", "of a key");
	filter = any, filter.id = 3;
	bans_are(store, filter, "3", "by id");
	filter = any, filter.active_at = 16;
	bans_are(store, filter, "3 2 4 1", "active: lifted is not");
	filter.active_at = 20;
	bans_are(store, filter, "3 2 1", "active: over is not");
	filter.active_at = 9;
	bans_are(store, filter, "3 2 4 6 1", "active: before it begins, too");
	filter = any, filter.since = 10, filter.until = 12;
	bans_are(store, filter, "2 4 6", "begun in a range");
	filter = any;
	cidr_parse(STR("192.0.2.7"), &filter.within);
	bans_are(store, filter, "2 4", "that cover an address");
	cidr_parse(STR("192.0.0.0/16"), &filter.within);
	bans_are(store, filter, "2 4", "in a network");
	cidr_parse(STR("::/0"), &filter.within);
	bans_are(store, filter, "3", "in all of IPv6");
	cidr_parse(STR("203.0.113.0/24"), &filter.within);
	bans_are(store, filter, "", "nowhere");
	test_ban_members(store);
}

/* ---- positions, reverse DNS ---- */

static void
test_positions(struct store *store)
{
	struct store_position some[] = {
		{STR("z.log"), UINT64_MAX, UINT32_MAX, 7, 5, 1, UINT64_MAX, INT64_MIN,
		    STR(""), STR("/srv/z.log.1")},
		{STR("a.log"), 3, 4, UINT64_MAX, 0, 2, 3, INT64_MAX, STR("s=1;i=2\xff"),
		    STR("")},
		{STR("a.log"), 0, 0, 0, 0, 0, 0, 0, STR(""), STR("")},
	};
	struct store_position *got;
	struct arena arena = {NULL, 0};
	struct err err = {""};
	bool same = true;
	size_t count;

	kit_must(store_positions_save(store, some, 3, &err), &err, "save");
	kit_must(store_positions_load(store, &arena, &got, &count, &err), &err, "load");
	for (size_t i = 0; i < count && i < 3; i++)
		same = same && str_eq(got[i].name, some[i].name) &&
		    got[i].head_hash == some[i].head_hash &&
		    got[i].head_len == some[i].head_len && got[i].offset == some[i].offset &&
		    got[i].replay_from == some[i].replay_from &&
		    got[i].device == some[i].device && got[i].inode == some[i].inode &&
		    got[i].mtime == some[i].mtime && str_eq(got[i].cursor, some[i].cursor) &&
		    str_eq(got[i].path, some[i].path);
	ok(count == 3 && same, "positions, in their order");
	kit_must(store_positions_save(store, some + 1, 1, &err), &err, "save");
	kit_must(store_positions_load(store, &arena, &got, &count, &err), &err, "load");
	ok(count == 1 && got[0].offset == UINT64_MAX, "are replaced, all of them");
	kit_must(store_positions_save(store, NULL, 0, &err), &err, "save");
	kit_must(store_positions_load(store, &arena, &got, &count, &err), &err, "load");
	is_number((int64_t)count, 0, "by none, too");
	arena_free(&arena);
}

/* ---- forgetting ---- */

static void
test_forget(struct store *store)
{
	const size_t many = STORE_FORGET_STEP + 500;
	uint64_t count = 0;
	struct err err = {""};

	kit_must(store_begin(store, &err), &err, "begin");
	for (uint64_t i = 0; i < many; i++) {
		kit_begin(&kit, i, (int64_t)i, i % 2 ? KIND_connect : KIND_delivery);
		kit_must(kit_write(store, &kit, &err), &err, "event");
	}
	kit_must(store_commit(store, &err), &err, "commit");
	kit_must(store_forget_events(store, KIND_connect, 101, &count, &err), &err, "forget");
	is_number((int64_t)count, 50, "events of a kind");
	ok(kit_count(store, "connect", &err) == many / 2 - 50 &&
	    kit_count(store, "kind=delivery", &err) == many / 2, "and of no other");
	kit_must(store_forget_events(store, KIND_none, INT64_MAX, &count, &err), &err, "all");
	is_number((int64_t)count, STORE_FORGET_STEP, "no more than a step");
	kit_must(store_forget_events(store, KIND_none, INT64_MAX, &count, &err), &err, "rest");
	is_number((int64_t)count, (int64_t)many - 50 - STORE_FORGET_STEP, "then the rest");
	is_number((int64_t)kit_count(store, NULL, &err), 0, "nothing is left");
	kit_begin(&kit, 1, 1, KIND_connect);
	kit_must(kit_write(store, &kit, &err), &err, "event");
	is_number((int64_t)kit_count(store, NULL, &err), 1, "one that was forgotten may come");
	kit_must(store_forget_bans(store, 25, &count, &err), &err, "forget bans");
	is_number((int64_t)count, 2, "bans that are over, or were lifted");
	bans_are(store, (struct ban_filter){.active_at = INT64_MIN, .since = INT64_MIN,
	    .dry_run = true}, "18446744073709551615 3 2 1 5", "the others stay");
}

static void
test_store(const char *url, void (*test)(struct store *store))
{
	struct store *store;

	unlink("conformance.db");
	unlink("conformance.db-wal");
	unlink("conformance.db-shm");
	store = kit_open(url);
	test(store);
	store_close(store);
}

static void
test_whole(struct store *store)
{
	test_period(store, true);
	test_scan(store);
	test_period(store, false);
	test_transactions(store);
	test_judged(store);
	test_bans(store);
	test_positions(store);
}

static void
test_forgetting(struct store *store)
{
	test_bans(store);
	test_forget(store);
}

/* What STORE hands over, in memory that the caller frees. */
static struct str
handed_by(struct store *store)
{
	int fd = memfd_create("handed", MFD_CLOEXEC);
	struct state_out out;
	struct str bytes;
	struct err err;
	char *p;

	state_begin(&out, fd);
	kit_must(store_hand_over(store, INT64_MIN, &out, &err), &err, "handing over");
	kit_must(state_end(&out, &err), &err, "handing over");
	bytes.len = (size_t)lseek(fd, 0, SEEK_END);
	p = xmalloc(bytes.len);
	kit_must(pread(fd, p, bytes.len, 0) == (ssize_t)bytes.len ? 0 : -1, &err,
	    "reading it");
	close(fd);
	bytes.p = p;
	return bytes;
}

static void
fill_for_handing(struct store *store)
{
	const struct store_position positions[] = {
	    {.name = STR("/var/log/mail.log"), .head_hash = UINT64_MAX, .head_len = 4096,
	        .offset = 77, .replay_from = 7, .device = 1, .inode = 2, .mtime = -3,
	        .path = STR("/srv/log/mail.log")},
	    {.name = STR("journal"), .cursor = STR("s=1;i=2")}};
	struct ban bans[] = {make_ban(4, "auth", "192.0.2.7", 10, 20),
	    make_ban(UINT64_MAX, "net", "2001:db8::/64", -5, INT64_MAX),
	    make_ban(6, "user", "anna", 12, 30)};
	struct err err;

	for (unsigned field = 0; field < FIELDS; field++) {
		kit_begin(&kit, field, (int64_t)field * SEC, KIND_connect);
		fill_field(&kit, (enum field)field);
		kit_must(kit_write(store, &kit, &err), &err, "an event");
	}
	bans[1].evidence_count = 16;
	bans[1].evidence[15] = UINT64_MAX;
	bans[1].is_protected = bans[1].dry_run = true;
	bans[1].reason = STR("who knows");
	bans[1].commands = STR("");
	bans[2].commands = STR("own");
	for (size_t i = 0; i < 3; i++)
		kit_must(store_ban(store, &bans[i], &err), &err, "a ban");
	kit_must(store_positions_save(store, positions, 2, &err), &err, "positions");
}

/* Bytes changed after the hash was made: whatever is taken, nothing breaks. */
static void
take_damaged(struct str records)
{
	char *bytes = xstrndup(records.p, records.len);
	unsigned refused = 0;
	struct err err;

	for (unsigned i = 0; i < 500; i++) {
		struct store *to = kit_open("memory:");
		size_t at = kit_random() % records.len;
		char before = bytes[at];

		bytes[at] = (char)kit_random();
		refused += store_take_over(to, (struct str){bytes, records.len}, &err) < 0;
		kit_count(to, NULL, &err);
		bytes[at] = before;
		store_close(to);
	}
	ok(refused > 0, "damaged: %u of 500 are refused", refused);
	free(bytes);
}

static void
test_handed(struct store *store)
{
	struct store *to = kit_open("memory:");
	struct str bytes, records, again;
	struct err err = {""};

	fill_for_handing(store);
	bytes = handed_by(store);
	ok(state_check(bytes, &records, &err) == 0 && store_handed(records), "handed over");
	ok(store_take_over(to, records, &err) == 0, "and taken: %s", err.text);
	again = handed_by(to);
	ok(str_eq(bytes, again), "as it was: %zu bytes, %zu", bytes.len, again.len);
	ok(kit_count(to, NULL, &err) == FIELDS, "every field");
	ok(!store_handed(STR("")), "nothing handed over is nothing");
	take_damaged(records);
	store_close(to);
	free((void *)(uintptr_t)bytes.p);
	free((void *)(uintptr_t)again.p);
}

static void
test_urls(void)
{
	static const char *const bad[] = {"", "sqlite", "sqlite:", "memory:x", "oracle:x",
	    "sqlite:/nonexistent/x.db"};
	struct store *store;
	struct err err;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct store_settings settings = {.url = bad[i]};

		ok(store_open(&settings, &store, &err) < 0, "\"%s\": %s", bad[i], err.text);
	}
}

int
main(void)
{
	kit_enter();
	test_urls();
	for (size_t i = 0; i < sizeof(urls) / sizeof(*urls); i++) {
		printf("# %s\n", urls[i]);
		test_store(urls[i], test_each_field);
		test_store(urls[i], test_values);
		test_store(urls[i], test_symbols);
		test_store(urls[i], test_whole);
		test_store(urls[i], test_forgetting);
		test_store(urls[i], test_handed);
	}
	kit_leave();
	return tap_done();
}
