/* SPDX-License-Identifier: Apache-2.0
 *
 * What somebody or something is in: every store hands on all of it, in order, and nothing
 * that was written after it was held.
 */
#include "store-kit.h"

#define EVENTS 2000

/* One in seven names Alice, in letters of any case; queue ids run from Q0 to Q99. */
static void
fill(struct store *store)
{
	static struct kit_event kit;
	static const char *const names[] = {"Alice@Example.test", "alice@example.test",
	    "bob@example.test", "alice@example.test.", "\303\244lice@example.test", "", "Q7"};
	struct err err;
	char text[IP_TEXT_MAX];

	kit_must(store_begin(store, &err), &err, "begin");
	for (unsigned i = 0; i < EVENTS; i++) {
		struct ip ip = {.family = 4, .byte = {192, 0, 2, (uint8_t)(i % 250)}};

		kit_begin(&kit, i + 1, (int64_t)(i / 3) * 1000000, KIND_delivery);
		snprintf(text, sizeof(text), "Q%u", i % 100);
		if (i % 2)
			kit_text(&kit, FIELD_qid, str_of(text));
		if (i % 5 == 0)
			kit_text(&kit, i % 10 ? FIELD_next_qid : FIELD_orig_qid, str_of(text));
		kit_text(&kit, i % 3 ? FIELD_sender : FIELD_user, str_of(names[i % 7]));
		ip_format(&ip, text);
		if (i % 4)
			kit_text(&kit, FIELD_ip, str_of(text));
		kit_must(kit_write(store, &kit, &err), &err, "write");
	}
	kit_must(store_commit(store, &err), &err, "commit");
}

struct finding {
	const struct store_about *about;
	size_t about_it;
	int64_t last;
	uint64_t last_id;
	bool in_order;
};

static bool
is_about(const struct store_about *about, const struct event *ev,
    const struct symbols *symbols)
{
	struct ip ip;

	for (size_t i = 0; i < about->text_count; i++)
		if (event_knows(ev, about->texts[i].field) &&
		    str_eq_nocase(event_text(ev, about->texts[i].field, symbols),
			about->texts[i].text))
			return true;
	for (size_t i = 0; i < about->qid_count; i++)
		if ((event_knows(ev, FIELD_qid) &&
			str_eq(event_text(ev, FIELD_qid, symbols), about->qids[i])) ||
		    (event_knows(ev, FIELD_next_qid) &&
			str_eq(event_text(ev, FIELD_next_qid, symbols), about->qids[i])) ||
		    (event_knows(ev, FIELD_orig_qid) &&
			str_eq(event_text(ev, FIELD_orig_qid, symbols), about->qids[i])))
			return true;
	return about->net.base.family && event_knows(ev, FIELD_ip) &&
	    ip_parse(event_text(ev, FIELD_ip, symbols), &ip) &&
	    cidr_contains(&about->net, &ip);
}

static bool
find(void *context, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	struct finding *finding = context;

	(void)sources;
	if (!is_about(finding->about, ev, symbols))
		return true;
	finding->in_order &= ev->time > finding->last ||
	    (ev->time == finding->last && ev->id > finding->last_id);
	finding->last = ev->time;
	finding->last_id = ev->id;
	finding->about_it++;
	return true;
}

static void
check(struct store *store, const struct store_about *about, int64_t until, const char *what)
{
	struct finding all = {.about = about, .last = INT64_MIN}, some = all;
	struct err err = {""};

	all.in_order = some.in_order = true;
	kit_must(store_scan(store, 0, until, NULL, find, &all, &err), &err, "scan");
	kit_must(store_scan_about(store, 0, until, about, find, &some, &err), &err, what);
	ok(all.about_it > 0 && all.about_it == some.about_it && some.in_order,
	    "%s: %s: all %zu, in order", store->url, what, all.about_it);
}

static void
test_store(const char *url)
{
	static const struct store_text texts[] = {{FIELD_sender, {"ALICE@example.test", 18}},
	    {FIELD_user, {"ALICE@example.test", 18}}};
	struct str qids[150];
	struct store_about about = {.texts = texts, .text_count = 2};
	struct store *store = kit_open(url);
	char room[150][8];

	fill(store);
	for (unsigned i = 0; i < 150; i++) {
		snprintf(room[i], sizeof(room[i]), "Q%u", i / 2);
		qids[i] = str_of(room[i]);
	}
	check(store, &about, INT64_MAX, "texts");
	about.qids = qids;
	about.qid_count = 3;
	check(store, &about, INT64_MAX, "texts or queue ids");
	about.text_count = 0;
	check(store, &about, 300000000, "queue ids, until then");
	about.qid_count = 150;
	check(store, &about, INT64_MAX, "many, each twice");
	cidr_parse(STR("192.0.2.128/25"), &about.net);
	check(store, &about, INT64_MAX, "or a network");
	about.qid_count = 0;
	check(store, &about, INT64_MAX, "a network alone");
	store_close(store);
}

static void
test_hold(void)
{
	struct store_settings settings = {.url = "sqlite:about.db", .read_only = true};
	struct store *writer = kit_open("sqlite:about.db"), *reader;
	static struct kit_event kit;
	int64_t first, last, before;
	struct err err = {""};

	kit_must(store_open(&settings, &reader, &err), &err, "open");
	kit_must(store_hold(reader, &err), &err, "hold");
	kit_must(store_period(reader, &first, &before, &err), &err, "period");
	kit_begin(&kit, 99999, before + 1, KIND_delivery);
	kit_must(kit_write(writer, &kit, &err), &err, "write");
	kit_must(store_period(reader, &first, &last, &err), &err, "period");
	ok(last == before, "what is held is read as it was");
	kit_must(store_period(writer, &first, &last, &err), &err, "period");
	ok(last == before + 1, "and is written to all the same");
	store_close(reader);
	store_close(writer);
}

int
main(void)
{
	hash_init();
	kit_enter();
	test_store("sqlite:about.db");
	test_store("memory:");
	test_hold();
	kit_leave();
	return tap_done();
}
