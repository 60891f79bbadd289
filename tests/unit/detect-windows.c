/* SPDX-License-Identifier: Apache-2.0
 *
 * detect: random events are judged against a plain count over all that came before; a
 * detector that was stopped and seeded goes on as one that was not; verdicts that wait,
 * clocks that step, memory that has a cap.
 */
#include "detect-told.h"

#define EVENTS 20000

/*
 * The threshold of COUNT within so long is reached, counting everything since the last verdict
 * by hand.
 */
static void
equals_plain_count(uint32_t count, int64_t within)
{
	enum { KEYS = 5 };
	struct detect_rule rule = failures(count, within);
	struct detect *detect;
	int64_t *times = xcalloc(EVENTS, sizeof(*times)), t = 1000 * DAY, until[KEYS] = {0};
	int64_t step = within / 2 / count;
	unsigned char *keys = xcalloc(EVENTS, 1);
	int64_t from[KEYS] = {0};
	unsigned wrong = 0, verdicts = 0;

	rule.ban = (struct detect_ban){.first = within / 2, .most = within / 2, .factor = 1,
	    .remembered = DAY};
	detect = detector(&rule, 1);
	srandom(7);
	for (int i = 0; i < EVENTS; i++) {
		char ip[] = "192.0.2.0";
		unsigned k = (unsigned)random() % KEYS, in_window = 0;
		bool expected;

		t += ((random() << 31) + random()) % step;
		times[i] = t;
		keys[i] = (unsigned char)k;
		for (int j = i; j >= 0 && t - times[j] <= rule.within; j--)
			in_window += keys[j] == k && times[j] >= until[k] && j >= from[k];
		expected = t >= until[k] && in_window >= rule.count;
		ip[8] = (char)('0' + k);
		wrong += (judged(detect, attempt(t, ip, "a", OUTCOME_failure)) == 1) !=
		    expected;
		if (expected) {
			verdicts++;
			until[k] = t + rule.ban.first;
			from[k] = i + 1;
		}
	}
	ok(wrong == 0 && verdicts > 400, "%u within %llds: %u verdicts, %u wrong", count,
	    (long long)(within / SEC), verdicts, wrong);
	detect_free(detect);
	free(times);
	free(keys);
}

/* Did an earlier verdict of the same event lead to number AT? */
static bool
is_of_ban(size_t at)
{
	const struct detect_verdict *verdict = &out.verdicts[at];

	for (size_t v = 0; v < at; v++)
		if (verdict->evidence[verdict->evidence_count - 1] == out.verdicts[v].id)
			return true;
	return false;
}

static bool
same_evidence(const struct detect_verdict *a, const struct detect_verdict *b)
{
	return a->evidence_count == b->evidence_count &&
	    memcmp(a->evidence, b->evidence, a->evidence_count * sizeof(*a->evidence)) == 0;
}

/* What a detector that was stopped at STOP and seeded says, against one that was not. */
static unsigned
differences(const struct detect_rule *rules, size_t count, const struct told *events,
    size_t n, size_t stop)
{
	struct detect *whole = detector(rules, count), *second = detector(rules, count);
	struct detect_out other = {0};
	unsigned different = 0;

	for (size_t i = 0; i < stop; i++) {
		struct told told = events[i];

		judged(whole, told);
		told.ev.line = told.line;
		detect_seed(second, &told.ev, &symbols);
		for (size_t v = 0; v < out.count; v++)
			detect_banned(second, &(struct detect_earlier){
			    .rule = rules[out.verdicts[v].rule].name,
			    .key = out.verdicts[v].key, .prefix = out.verdicts[v].prefix,
			    .from = out.verdicts[v].time,
			    .until = out.verdicts[v].ban == INT64_MAX ? INT64_MAX :
			    out.verdicts[v].time + out.verdicts[v].ban,
			    .lifted = INT64_MIN, .id = out.verdicts[v].id,
			    .of_ban = is_of_ban(v)});
	}
	for (size_t i = stop; i < n; i++) {
		struct told told = events[i];

		judged(whole, told);
		told.ev.line = told.line;
		detect_event(second, &told.ev, &symbols, &other);
		different += other.count != out.count;
		for (size_t v = 0; v < out.count && v < other.count; v++)
			different += out.verdicts[v].id != other.verdicts[v].id ||
			    out.verdicts[v].ban != other.verdicts[v].ban ||
			    out.verdicts[v].counted != other.verdicts[v].counted ||
			    !same_evidence(&out.verdicts[v], &other.verdicts[v]);
	}
	detect_free(whole);
	detect_free(second);
	detect_out_free(&other);
	return different;
}

/* Names that are known at once, or after they were asked for so often. */
struct names {
	unsigned after, asked[8];
};

static void
ask_names(void *context, const struct ip *ip, struct detect_facts *ret)
{
	struct names *names = context;
	unsigned which = ip->byte[3] % 8;

	ret->waits = names->asked[which]++ < names->after * (which + 1);
	if (!ret->waits && which == 3)
		ret->name = STR("mx.example.test");
}

struct list {
	struct detect_verdict *verdicts;
	size_t count, room;
};

static void
keep_all(struct list *list)
{
	for (size_t v = 0; v < out.count; v++) {
		MEM_GROW(list->verdicts, list->count, list->room);
		list->verdicts[list->count++] = out.verdicts[v];
	}
}

static int
by_id(const void *a, const void *b)
{
	const struct detect_verdict *x = a, *y = b;

	return x->id < y->id ? -1 : x->id > y->id;
}

/* All verdicts of RULES on EVENTS, whose names are known when NAMES says. */
static struct list
all_verdicts(const struct detect_rule *rules, size_t count, const struct told *events,
    size_t n, struct names *names)
{
	struct detect *detect =
	    detect_new(rules, count, &detect_limits_default, ask_names, names);
	struct list list = {NULL, 0, 0};

	for (size_t i = 0; i < n; i++) {
		judged(detect, events[i]);
		keep_all(&list);
		detect_waiting(detect, (int64_t)i, 1000, &out);
		keep_all(&list);
	}
	ok(detect_waiting(detect, INT64_MAX / 2, 1000, &out) == 0, "nobody waits for ever");
	keep_all(&list);
	qsort(list.verdicts, list.count, sizeof(*list.verdicts), by_id);
	detect_free(detect);
	return list;
}

static void
waits_for_names(void)
{
	enum { TOLD = 4000 };
	struct detect_rule rules[] = {failures(4, 100 * SEC), failures(9, HOUR),
	    failures(3, DAY), failures(3, DAY)};
	struct told *events = xcalloc(TOLD, sizeof(*events));
	struct names at_once = {0, {0}}, late = {3, {0}};
	struct str allowed = STR("mx.example.test");
	int64_t t = 1000 * DAY;
	struct list now, then;
	unsigned different = 0;

	rules[0].allow = (struct detect_allow){.names = &allowed, .name_count = 1};
	rules[1].name = "slow";
	rules[1].allow = rules[0].allow;
	rules[2].name = "again";
	rules[2].match = filter("ban & jail!=again");
	rules[3].name = "jails"; /* whose bans come from all over */
	rules[3].match = filter("ban & jail!=jails");
	rules[3].by.field = FIELD_jail;
	srandom(13);
	for (int i = 0; i < TOLD; i++) {
		char ip[] = "192.0.2.0";

		t += random() % (5 * SEC);
		ip[8] = (char)('0' + random() % 8);
		events[i] = attempt(t, ip, "a", OUTCOME_failure);
	}
	now = all_verdicts(rules, 4, events, TOLD, &at_once);
	then = all_verdicts(rules, 4, events, TOLD, &late);
	for (size_t v = 0; v < now.count && v < then.count; v++)
		different += now.verdicts[v].id != then.verdicts[v].id ||
		    now.verdicts[v].ban != then.verdicts[v].ban ||
		    now.verdicts[v].counted != then.verdicts[v].counted ||
		    now.verdicts[v].time != then.verdicts[v].time;
	ok(now.count == then.count && now.count > 20 && different == 0,
	    "names that come late: %zu verdicts, %u of %zu differ", now.count, different,
	    then.count);
	free(now.verdicts);
	free(then.verdicts);
	free(events);
}

static void
goes_on_where_it_stopped(void)
{
	enum { TOLD = 3000 };
	struct detect_rule rules[] = {failures(4, 100 * SEC), failures(3, HOUR),
	    failures(3, DAY), failures(2, DAY), failures(5, DAY), failures(3, HOUR)};
	struct told *events = xcalloc(TOLD, sizeof(*events));
	int64_t t = 1000 * DAY;
	unsigned different = 0;

	rules[0].ban = (struct detect_ban){.first = MINUTE, .most = 4 * MINUTE, .factor = 2,
	    .jitter = 0.5, .remembered = HOUR};
	rules[2].ban.first = rules[2].ban.most = MINUTE;
	rules[0].protect = (struct detect_protect){.on = true, .multiply = 2,
	    .ban_most = MINUTE, .failing_users = 2, .messages = 5, .over = HOUR, .lasts = DAY};
	rules[1].name = "net";
	rules[1].by.function = DETECT_NET;
	rules[1].distinct = true;
	rules[1].of.field = FIELD_user;
	rules[2].name = "again";
	rules[2].match = filter("ban & jail!=again");
	rules[3].name = "often"; /* who is banned again and again, too: but once for each */
	rules[3].match = filter("ban & jail!=often");
	rules[4].name = "bans"; /* what else is known of a ban */
	rules[4].match = filter("ban & id!=0000000000000000 & seconds<3600");
	rules[4].by.field = FIELD_jail;
	rules[4].distinct = true;
	rules[4].of.field = FIELD_id;
	rules[5].name = "user"; /* somebody's login name is an address */
	rules[5].by.field = FIELD_user;
	rules[5].ban.first = rules[5].ban.most = MINUTE;
	srandom(11);
	for (int i = 0; i < TOLD; i++) {
		char ip[] = "192.0.2.0", user[] = "192.0.2.1";

		t += random() % (20 * SEC);
		ip[8] = (char)('0' + random() % 6);
		user[8] = "12abc"[random() % 5];
		events[i] = attempt(t, ip, user,
		    random() % 9 ? OUTCOME_failure : OUTCOME_success);
	}
	for (size_t stop = 0; stop < TOLD; stop += 97)
		different += differences(rules, 6, events, TOLD, stop);
	ok(different == 0, "stopped and seeded: %u verdicts differ", different);
	free(events);
}

/* A flood of N addresses that fail twice each, within the hour. */
static void
flood(struct detect *detect, int n)
{
	char ip[32];

	for (int i = 0; i < 2 * n; i++) {
		snprintf(ip, sizeof(ip), "2001:db8:%x:%x::1", i % n >> 16, i % n & 65535);
		judged(detect, attempt(1000 * DAY + i, ip, "a", OUTCOME_failure));
	}
}

/* What happens to others at a time that is wrong does not take away what was counted. */
static void
the_clock_steps(void)
{
	struct detect_rule rule = failures(3, 10 * MINUTE);
	struct detect *detect = detector(&rule, 1);
	int64_t t = 1000 * DAY + 5 * MINUTE;

	judged(detect, attempt(t, "192.0.2.1", "a", OUTCOME_failure));
	judged(detect, attempt(t, "192.0.2.1", "a", OUTCOME_failure));
	for (int i = 0; i < 2000; i++) {
		char ip[32];

		snprintf(ip, sizeof(ip), "198.18.%d.%d", i / 250, i % 250);
		judged(detect, attempt(t + HOUR + i, ip, "a", OUTCOME_failure));
	}
	ok(judged(detect, attempt(t + MINUTE, "192.0.2.1", "a", OUTCOME_failure)) == 1,
	    "a clock an hour ahead, set back: the window is there");
	for (int i = 0; i < 4000; i++) {
		char ip[32];

		snprintf(ip, sizeof(ip), "198.19.%d.%d", i / 250, i % 250);
		judged(detect, attempt(t + DAY + i, ip, "a", OUTCOME_failure));
	}
	ok(detect_stats(detect, 0).keys < 4100 && detect_stats(detect, 0).evicted_keys == 0,
	    "what is over goes: %llu keys", (unsigned long long)detect_stats(detect, 0).keys);
	detect_free(detect);
}

static void
memory_is_bounded(void)
{
	struct detect_rule rules[] = {failures(3, HOUR), failures(9, DAY), failures(9, DAY)};
	struct detect_limits limits = detect_limits_default;
	struct detect *detect;
	uint64_t keys;

	limits.keys = 1000;
	detect = detect_new(rules, 1, &limits, ask, NULL);
	flood(detect, 25000);
	ok(detect_stats(detect, 0).keys == 1000 &&
	    detect_stats(detect, 9).evicted_keys == 49000,
	    "a flood of addresses: what is dropped is counted");
	detect_free(detect);
	limits = detect_limits_default;
	limits.bytes = 1 << 20;
	rules[1].name = "slow";
	rules[2].name = "net";
	rules[2].by.function = DETECT_NET;
	detect = detect_new(rules, 3, &limits, ask, NULL);
	flood(detect, 40000);
	keys = detect_stats(detect, 9).keys;
	ok(keys > 20000 && keys < 40000 && detect_stats(detect, 9).evicted_keys > 20000 &&
	    detect_stats(detect, 0).keys == detect_stats(detect, 1).keys,
	    "all rules within one MiB: %llu keys", (unsigned long long)keys);
	detect_free(detect);
	detect = detector(rules, 3);
	flood(detect, 25000);
	ok(detect_stats(detect, 9).keys == 50000 &&
	    detect_stats(detect, 9).evicted_keys == 0 &&
	    detect_stats(detect, 9).verdicts == 0, "nothing is dropped where there is room");
	detect_free(detect);
}

/*
 * A tenth of a million addresses, two of each network, fail twice within an hour, in a tenth
 * of the memory: nothing of any is forgotten.
 */
static void
little_of_each(void)
{
	enum { CLIENTS = 100000 };
	struct detect_rule rules[] = {failures(3, HOUR), failures(25, HOUR)};
	struct detect_limits limits = detect_limits_default;
	struct detect *detect;
	unsigned judged_so = 0;
	char ip[32];

	limits.bytes /= 10;
	rules[0].protect = (struct detect_protect){.on = true, .multiply = 2, .ban_most = HOUR,
	    .failing_users = 3, .messages = 5, .over = HOUR, .lasts = DAY};
	rules[1].name = "net";
	rules[1].by.function = DETECT_NET;
	detect = detect_new(rules, 2, &limits, ask, NULL);
	for (int i = 0; i < 3 * CLIENTS; i++) {
		int n = i % CLIENTS;

		snprintf(ip, sizeof(ip), "2001:db8:%x:%x::%x", n / 2 >> 16, n / 2 & 65535,
		    n % 2 + 1);
		if (i < 2 * CLIENTS || n % 100 == 0)
			judged_so += judged(detect,
			    attempt(1000 * DAY + i * (HOUR / CLIENTS / 3), ip, NULL,
			        OUTCOME_failure)) == 1 &&
			    i >= 2 * CLIENTS && out.verdicts[0].counted == 3;
	}
	ok(detect_stats(detect, 9).evicted_keys == 0 &&
	    detect_stats(detect, 9).evicted_clients == 0,
	    "100,000 addresses: %llu keys, nothing forgotten",
	    (unsigned long long)detect_stats(detect, 9).keys);
	ok(judged_so == CLIENTS / 100, "who fails a third time is judged: %u", judged_so);
	detect_free(detect);
}

int
main(void)
{
	hash_init();
	symbols_init(&symbols);
	equals_plain_count(4, 100 * SEC);
	equals_plain_count(8, 100 * SEC);
	equals_plain_count(5, 90 * DAY);
	little_of_each();
	goes_on_where_it_stopped();
	waits_for_names();
	the_clock_steps();
	memory_is_bounded();
	for (size_t i = 0; i < made_count; i++)
		filter_free(made[i]);
	detect_out_free(&out);
	symbols_free(&symbols);
	return tap_done();
}
