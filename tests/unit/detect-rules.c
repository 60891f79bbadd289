/* SPDX-License-Identifier: Apache-2.0
 *
 * detect: what leads to a verdict and what does not. Random events are judged against
 * a plain count over all that came before; and a detector that was stopped and seeded
 * goes on as one that was not.
 */
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "detect/detect.h"
#include "tap.h"

#define SEC INT64_C(1000000)
#define MINUTE (60 * SEC)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

/* An event with texts of its own. */
struct told {
	struct event ev;
	char line[256];
};

static uint64_t next_id = 1;
static struct symbols symbols;

static void
say(struct told *told, enum field field, const char *text)
{
	size_t at = told->ev.line_len, len = strlen(text);

	memcpy(told->line + at, text, len);
	told->ev.line = told->line;
	told->ev.line_len += (uint32_t)len;
	*event_text_member(&told->ev, field) =
	    (struct text){.off = (uint16_t)at, .len = (uint16_t)len};
	event_mark(&told->ev, field);
}

static struct told
event_of(enum kind kind, int64_t time, const char *ip)
{
	struct told told = {.ev = {.weight = 1}};

	told.ev.kind = kind;
	event_mark(&told.ev, FIELD_kind);
	EVENT_SET(&told.ev, time, time);
	EVENT_SET(&told.ev, id, next_id++);
	if (ip)
		say(&told, FIELD_ip, ip);
	return told;
}

static struct told
attempt(int64_t time, const char *ip, const char *user, enum outcome outcome)
{
	struct told told = event_of(KIND_attempt, time, ip);

	EVENT_SET(&told.ev, outcome, outcome);
	if (user)
		say(&told, FIELD_user, user);
	return told;
}

static struct told
message(int64_t time, const char *ip, int64_t delivered, const char *verdict)
{
	struct told told = event_of(KIND_message, time, ip);

	EVENT_SET(&told.ev, delivered, delivered);
	if (verdict)
		say(&told, FIELD_verdict, verdict);
	return told;
}

static struct filter *made[64];
static size_t made_count;

static const struct filter *
filter(const char *text)
{
	struct filter *ret;
	struct err err;

	if (filter_compile(str_of(text), &ret, &err) < 0) {
		printf("Bail out! %s\n", err.text);
		exit(1);
	}
	made[made_count++] = ret;
	return ret;
}

static struct detect_facts known;

static void
ask(void *context, const struct ip *ip, struct detect_facts *ret)
{
	(void)context;
	(void)ip;
	*ret = known;
}

static struct detect_rule
failures(uint32_t count, int64_t within)
{
	return (struct detect_rule){.name = "failures",
	    .match = filter("attempt & outcome=failure"), .by = {.field = FIELD_ip},
	    .count = count, .within = within,
	    .ban = {.first = HOUR, .most = 8 * HOUR, .factor = 2, .remembered = 90 * DAY}};
}

static struct detect *
detector(const struct detect_rule *rules, size_t count)
{
	return detect_new(rules, count, &detect_limits_default, ask, NULL);
}

static struct detect_out out;

/* Verdicts of one event. */
static size_t
judged(struct detect *detect, struct told told)
{
	told.ev.line = told.line;
	detect_event(detect, &told.ev, &symbols, &out);
	return out.count;
}

static void
was_banned(struct detect *detect, const char *rule, const char *ip, int64_t from, int64_t until,
    int64_t lifted)
{
	struct detect_earlier earlier = {.rule = rule, .key = str_of(ip), .from = from,
	    .until = until, .lifted = lifted};

	cidr_parse(earlier.key, &earlier.prefix);
	detect_banned(detect, &earlier);
}

static void
counts_and_begins_anew(void)
{
	struct detect_rule rule = failures(3, 10 * MINUTE);
	struct detect *detect = detector(&rule, 1);
	const char *ip = "::ffff:192.0.2.1";
	int64_t t = 1000 * DAY;

	ok(judged(detect, attempt(t, ip, "a", OUTCOME_failure)) == 0 &&
	    judged(detect, attempt(t + 1, ip, "a", OUTCOME_error)) == 0 &&
	    judged(detect, attempt(t + 2, "192.0.2.2", "a", OUTCOME_failure)) == 0 &&
	    judged(detect, attempt(t + 10 * MINUTE, ip, "b", OUTCOME_failure)) == 0,
	    "less than the threshold is nothing; an error never counts");
	ok(judged(detect, attempt(t + 10 * MINUTE, "192.0.2.1", "a", OUTCOME_failure)) == 1,
	    "both ends belong to the window");
	ok(str_eq(out.verdicts[0].key, STR("192.0.2.1")) && out.verdicts[0].prefix.bits == 32,
	    "an address has one form");
	ok(out.verdicts[0].counted == 3 && out.verdicts[0].since == t &&
	    out.verdicts[0].evidence_count == 3 && out.verdicts[0].ban == HOUR &&
	    out.verdicts[0].offence == 1, "the verdict says what it stands on");
	t += 10 * MINUTE;
	ok(judged(detect, attempt(t + HOUR - 1, ip, "a", OUTCOME_failure)) == 0, "banned: no more");
	t += HOUR;
	judged(detect, attempt(t, ip, "a", OUTCOME_failure));
	ok(judged(detect, attempt(t, ip, "a", OUTCOME_failure)) == 0,
	    "afterwards it begins anew");
	ok(judged(detect, attempt(t, ip, "a", OUTCOME_failure)) == 1 &&
	    out.verdicts[0].ban == 2 * HOUR && out.verdicts[0].offence == 2,
	    "and the next ban is longer");
	for (int i = 0; i < 12; i++) {
		t += 10 * HOUR;
		for (int n = 0; n < 3; n++)
			judged(detect, attempt(t, ip, "a", OUTCOME_failure));
	}
	ok(out.verdicts[0].ban == 8 * HOUR, "but not longer than the longest");
	t += DAY;
	judged(detect, attempt(t, ip, "a", OUTCOME_failure));
	t += 10 * MINUTE + 1;
	judged(detect, attempt(t, ip, "a", OUTCOME_failure));
	ok(judged(detect, attempt(t, ip, "a", OUTCOME_failure)) == 0, "what is too old is gone");
	detect_unbanned(detect, "failures", STR("192.0.2.1"), t);
	judged(detect, attempt(t, ip, "a", OUTCOME_failure));
	judged(detect, attempt(t, ip, "a", OUTCOME_failure));
	ok(judged(detect, attempt(t, ip, "a", OUTCOME_failure)) == 1, "lifted by hand: from nothing");
	detect_free(detect);
}

/* What was lifted was no ban: not for the next one's length, and not for who counts bans. */
static void
lifted(void)
{
	struct detect_rule rules[] = {failures(1, HOUR), failures(3, DAY)};
	struct detect *detect;
	int64_t t = 1000 * DAY;
	size_t verdicts = 0;

	rules[1].name = "again";
	rules[1].match = filter("ban & jail!=again");
	detect = detector(rules, 2);
	for (int i = 0; i < 3; i++) {
		verdicts += judged(detect, attempt(t, "192.0.2.1", "a", OUTCOME_failure));
		detect_unbanned(detect, rules[0].name, STR("192.0.2.1"), t + 1);
		t += MINUTE;
	}
	ok(verdicts == 3 && out.verdicts[0].offence == 1 && out.verdicts[0].ban == HOUR,
	    "bans that were lifted make none longer, and do not add up");
	detect_free(detect);
	detect = detector(rules, 2);
	was_banned(detect, rules[0].name, "192.0.2.1", t - 3 * HOUR, t - 2 * HOUR, INT64_MIN);
	was_banned(detect, rules[0].name, "192.0.2.1", t - HOUR, t + HOUR, t - MINUTE);
	ok(judged(detect, attempt(t, "192.0.2.1", "a", OUTCOME_failure)) == 1 &&
	    out.verdicts[0].offence == 2, "one that was not is told of still");
	detect_free(detect);
}

static void
lengths(void)
{
	struct detect_rule rule = failures(1, MINUTE);
	struct detect *detect;
	int64_t t = 1000 * DAY, length = 0;
	bool within = true, grows = true;

	rule.ban = (struct detect_ban){.first = MINUTE, .most = 400 * DAY, .factor = 1.5,
	    .remembered = 4000 * DAY};
	detect = detector(&rule, 1);
	for (int i = 0; i < 30; i++) {
		grows &= judged(detect, attempt(t, "192.0.2.1", "a", OUTCOME_failure)) == 1 &&
		    out.verdicts[0].ban > length && out.verdicts[0].offence == (uint32_t)i + 1;
		length = out.verdicts[0].ban;
		t += length;
	}
	ok(grows, "thirty bans, each longer");
	detect_free(detect);
	rule.ban.most = 4 * MINUTE;
	rule.ban.jitter = 0.5;
	detect = detector(&rule, 1);
	for (int i = 0; i < 30; i++) {
		judged(detect, attempt(t, "192.0.2.1", "a", OUTCOME_failure));
		within &= out.verdicts[0].ban <= rule.ban.most;
		t += DAY;
	}
	ok(within, "with jitter, too, none is longer than the longest");
	detect_free(detect);
}

static void
other_ways_to_count(void)
{
	struct detect_score scores[] = {{filter("outcome=failure"), 1},
	    {filter("user=root"), 10}};
	struct detect_rule rules[] = {failures(3, HOUR), failures(3, HOUR), failures(11, HOUR)};
	struct detect *detect;
	int64_t t = 1000 * DAY;
	struct told heavy;

	rules[0].name = "net";
	rules[0].by.function = DETECT_NET;
	rules[0].distinct = true;
	rules[0].of.field = FIELD_user;
	rules[1].name = "user";
	rules[1].by.field = FIELD_user;
	rules[1].distinct = true;
	rules[1].of = (struct detect_key){FIELD_ip, DETECT_NET};
	rules[1].punish_address = true;
	rules[2].name = "points";
	rules[2].scores = scores;
	rules[2].score_count = 2;
	detect = detector(rules, 3);
	judged(detect, attempt(t, "2001:db8::1", "a", OUTCOME_failure));
	judged(detect, attempt(t, "2001:db8::2", "a", OUTCOME_failure));
	judged(detect, attempt(t, "2001:db8::3", "b", OUTCOME_failure));
	ok(judged(detect, attempt(t, "2001:db8::4", "c", OUTCOME_failure)) == 1 &&
	    out.verdicts[0].rule == 0 && out.verdicts[0].prefix.bits == 64 &&
	    str_eq(out.verdicts[0].key, STR("2001:db8::/64")),
	    "different users of one network");
	judged(detect, attempt(t, "192.0.2.1", "x", OUTCOME_failure));
	judged(detect, attempt(t, "192.0.2.2", "x", OUTCOME_failure));
	judged(detect, attempt(t, "198.51.100.1", "x", OUTCOME_failure));
	ok(judged(detect, attempt(t, "203.0.113.1", "x", OUTCOME_failure)) == 1 &&
	    out.verdicts[0].rule == 1 && str_eq(out.verdicts[0].key, STR("203.0.113.1")),
	    "one user from different networks: the address is banned");
	ok(judged(detect, attempt(t, "203.0.113.1", "x", OUTCOME_failure)) == 0 &&
	    judged(detect, attempt(t, "203.0.113.2", "x", OUTCOME_failure)) == 1,
	    "each further address, once");
	ok(judged(detect, attempt(t, "198.18.0.1", "root", OUTCOME_failure)) == 1 &&
	    out.verdicts[0].counted == 11, "points");
	heavy = attempt(t, "198.18.0.2", "q", OUTCOME_failure);
	heavy.ev.weight = 11;
	ok(judged(detect, heavy) == 1, "a repeated line counts as often as it was");
	detect_free(detect);
}

static void
own_users(void)
{
	struct detect_rule rule = failures(3, HOUR), many;
	struct detect *detect, *punishing;
	const char *ip = "192.0.2.1";
	char net[20];
	int64_t t = 1000 * DAY;
	size_t verdicts = 0;

	rule.protect = (struct detect_protect){.on = true, .multiply = 2, .ban_most = MINUTE,
	    .failing_users = 1, .messages = 2, .over = DAY, .lasts = 30 * DAY};
	detect = detector(&rule, 1);
	judged(detect, attempt(t, ip, "me", OUTCOME_success));
	for (int i = 0; i < 5; i++)
		verdicts += judged(detect, attempt(t + i, ip, "me", OUTCOME_failure));
	ok(verdicts == 0, "a login protects who mistypes");
	ok(judged(detect, attempt(t + 5, ip, "me", OUTCOME_failure)) == 1 &&
	    out.verdicts[0].is_protected && out.verdicts[0].threshold == 6 &&
	    out.verdicts[0].ban == MINUTE, "not for ever, and the ban is short");
	ip = "192.0.2.2";
	judged(detect, attempt(t, ip, "stolen", OUTCOME_success));
	judged(detect, attempt(t, ip, "a", OUTCOME_failure));
	judged(detect, attempt(t, ip, "b", OUTCOME_failure));
	ok(judged(detect, attempt(t, ip, "c", OUTCOME_failure)) == 1 &&
	    !out.verdicts[0].is_protected, "a stolen account does not protect who tries more");
	ip = "192.0.2.12";
	judged(detect, attempt(t, ip, "stolen", OUTCOME_success));
	judged(detect, attempt(t, ip, NULL, OUTCOME_failure));
	judged(detect, attempt(t + 1, ip, NULL, OUTCOME_failure));
	ok(judged(detect, attempt(t + 2, ip, NULL, OUTCOME_failure)) == 1 &&
	    !out.verdicts[0].is_protected, "nor who tries users that the log does not name");
	many = rule;
	many.by.field = FIELD_user;
	many.distinct = true;
	many.of = (struct detect_key){FIELD_ip, DETECT_NET};
	many.punish_address = true;
	punishing = detector(&many, 1);
	judged(punishing, attempt(t, "192.0.2.1", "me", OUTCOME_success));
	for (int i = 0; i < 30; i++) {
		snprintf(net, sizeof(net), "198.18.%d.1", i);
		judged(punishing, attempt(t, net, "me", OUTCOME_failure));
	}
	ok(out.count == 1 && judged(punishing, attempt(t, "192.0.2.1", "me", OUTCOME_failure)) == 0,
	    "attacked by many: who mistypes is not one of them");
	detect_free(punishing);
	ip = "192.0.2.3";
	judged(detect, message(t, ip, 1, NULL));
	judged(detect, message(t + HOUR, ip, 1, NULL));
	judged(detect, attempt(t + HOUR, ip, "a", OUTCOME_failure));
	judged(detect, attempt(t + HOUR, ip, "b", OUTCOME_failure));
	ok(judged(detect, attempt(t + HOUR, ip, "c", OUTCOME_failure)) == 1,
	    "two messages in an hour do not protect");
	ip = "192.0.2.4";
	judged(detect, message(t, ip, 1, "clean"));
	judged(detect, message(t + DAY, ip, 1, "clean"));
	for (int i = 0; i < 3; i++)
		verdicts += judged(detect, attempt(t + DAY, ip, "a", OUTCOME_failure));
	ok(verdicts == 0, "two over a day do");
	judged(detect, message(t + DAY, ip, 1, "spam"));
	ok(judged(detect, attempt(t + DAY, ip, "a", OUTCOME_failure)) == 1,
	    "until there is spam among them");
	ok(detect_stats(detect, 0).spared == 3 + 1, "what it put off is counted");
	detect_free(detect);
}

/* Nobody is banned with his neighbours who would not be banned alone. */
static void
nets_with_others(void)
{
	struct detect_rule rule = failures(3, HOUR);
	struct detect *detect;
	struct cidr allowed[2];
	int64_t t = 1000 * DAY;

	cidr_parse(STR("192.0.2.10"), &allowed[0]);
	cidr_parse(STR("2001:db8:1::10"), &allowed[1]);
	rule.by.function = DETECT_NET;
	rule.allow.nets = allowed;
	rule.allow.net_count = 2;
	rule.protect = (struct detect_protect){.on = true, .multiply = 2, .ban_most = MINUTE,
	    .failing_users = 1, .messages = 2, .over = DAY, .lasts = 30 * DAY};
	detect = detector(&rule, 1);
	for (int i = 0; i < 20; i++)
		if (judged(detect, attempt(t, "192.0.2.1", "a", OUTCOME_failure)) ||
		    judged(detect, attempt(t, "2001:db8:1::1", "a", OUTCOME_failure)))
			break;
	ok(out.count == 0, "a network with an allowed address is not banned");
	ok(detect_stats(detect, 0).allowed > 0, "which is counted");
	judged(detect, attempt(t, "198.51.100.200", "me", OUTCOME_success));
	judged(detect, attempt(t, "203.0.113.200", "stolen", OUTCOME_success));
	judged(detect, attempt(t, "203.0.113.200", "a", OUTCOME_failure));
	judged(detect, attempt(t, "203.0.113.200", "b", OUTCOME_failure));
	ok(judged(detect, attempt(t, "203.0.113.1", "b", OUTCOME_failure)) == 1 &&
	    !out.verdicts[0].is_protected, "a stolen account protects no network");
	for (int i = 0; i < 5; i++)
		judged(detect, attempt(t, "198.51.100.1", "a", OUTCOME_failure));
	ok(out.count == 0, "a neighbour's login protects the network");
	ok(judged(detect, attempt(t, "198.51.100.2", "a", OUTCOME_failure)) == 1 &&
	    out.verdicts[0].is_protected && out.verdicts[0].ban == MINUTE,
	    "as it would protect an address");
	detect_free(detect);
}

/* Mail that came too rarely does not protect; how rarely does not depend on restarts. */
static void
wanted_mail_is_bounded(void)
{
	struct detect_rule rule = failures(4, 10 * MINUTE);
	unsigned different = 0, bans = 0;

	rule.protect = (struct detect_protect){.on = true, .multiply = 2, .ban_most = MINUTE,
	    .failing_users = 0, .messages = 10, .over = 3 * DAY, .lasts = 30 * DAY};
	for (int64_t every = 2 * DAY; every < 8 * DAY; every += 9 * HOUR) {
		struct detect *whole = detector(&rule, 1), *second = detector(&rule, 1);
		int64_t end = 1000 * DAY, t = end - 200 * DAY;
		size_t verdicts = 0, others = 0;

		for (; t < end; t += every) {
			struct told told = message(t, "192.0.2.1", 1, NULL);

			judged(whole, told);
			told.ev.line = told.line;
			if (t >= end - detect_looks_back(second))
				detect_seed(second, &told.ev, &symbols);
		}
		for (int i = 0; i < 4; i++) {
			struct told told = attempt(end, "192.0.2.1", "a", OUTCOME_failure);

			verdicts += judged(whole, told);
			others += judged(second, told);
		}
		different += verdicts != others;
		bans += verdicts > 0;
		detect_free(whole);
		detect_free(second);
	}
	ok(different == 0, "mail of long ago: %u differ", different);
	ok(bans > 3 && bans < 13, "of 16, some come too rarely: %u", bans);
}

static void
never_judged(void)
{
	struct detect_rule rule = failures(1, HOUR);
	struct cidr net;
	struct str user = STR("probe"), names[] = {STR("mx.example.test"), STR(".near.test")};
	struct detect *detect;
	int64_t t = 1000 * DAY;
	uint32_t asn = 64496;

	cidr_parse(STR("192.0.2.0/24"), &net);
	rule.allow = (struct detect_allow){.nets = &net, .net_count = 1, .users = &user,
	    .user_count = 1, .names = names, .name_count = 2, .countries = &(char[3]){"DE"},
	    .country_count = 1, .asns = &asn, .asn_count = 1};
	detect = detector(&rule, 1);
	ok(judged(detect, attempt(t, "192.0.2.9", "a", OUTCOME_failure)) == 0, "a network");
	ok(judged(detect, attempt(t, "198.51.100.1", "probe", OUTCOME_failure)) == 0, "a user");
	known = (struct detect_facts){.name = STR("a.near.test")};
	ok(judged(detect, attempt(t, "198.51.100.2", "a", OUTCOME_failure)) == 0, "a name");
	known = (struct detect_facts){.name = STR("evilnear.test")};
	ok(judged(detect, attempt(t, "198.51.100.3", "a", OUTCOME_failure)) == 1,
	    "not one that only ends alike");
	known = (struct detect_facts){.country = "DE"};
	ok(judged(detect, attempt(t, "198.51.100.4", "a", OUTCOME_failure)) == 0, "a country");
	known = (struct detect_facts){.asn = 64496};
	ok(judged(detect, attempt(t, "198.51.100.5", "a", OUTCOME_failure)) == 0, "a network's number");
	known = (struct detect_facts){0};
	ok(judged(detect, attempt(t, "198.51.100.6", "a", OUTCOME_failure)) == 1, "others are");
	detect_free(detect);
}

static void
banned_again(void)
{
	struct detect_rule rules[] = {failures(1, HOUR), failures(2, DAY)};
	struct detect *detect;
	int64_t t = 1000 * DAY;

	rules[1].name = "again";
	rules[1].match = filter("ban & jail!=again");
	detect = detector(rules, 2);
	ok(judged(detect, attempt(t, "192.0.2.1", "a", OUTCOME_failure)) == 1, "a first ban");
	ok(judged(detect, attempt(t + 2 * HOUR, "192.0.2.1", "a", OUTCOME_failure)) == 2 &&
	    out.verdicts[1].rule == 1 && str_eq(out.verdicts[1].key, STR("192.0.2.1")),
	    "a second one is judged, too");
	detect_free(detect);
}

/* Nobody is banned because of a rule that only says what it would do. */
static void
dry_runs(void)
{
	struct detect_rule rules[] = {failures(1, HOUR), failures(1, DAY)};
	int64_t t = 1000 * DAY;

	rules[0].dry_run = true;
	rules[1].name = "again";
	rules[1].match = filter("ban & jail!=again");
	for (int all = 0; all < 2; all++) {
		struct detect *detect;

		rules[1].dry_run = all;
		detect = detector(rules, 2);
		was_banned(detect, rules[0].name, "192.0.2.2", t - HOUR, t - 1, INT64_MIN);
		ok(judged(detect, attempt(t, "192.0.2.1", "a", OUTCOME_failure)) == (size_t)all + 1,
		    all ? "all in a dry run" : "a dry run's ban is none for others");
		detect_free(detect);
	}
	rules[0].dry_run = false;
	rules[1].count = 2;
	for (int dry = 0; dry < 2; dry++) {
		struct detect *detect;

		rules[0].dry_run = rules[1].dry_run = false;
		detect = detector(rules, 2);
		rules[0].dry_run = dry;
		was_banned(detect, rules[0].name, "192.0.2.1", t - HOUR, t - 1, INT64_MIN);
		rules[0].dry_run = false;
		ok(judged(detect, attempt(t, "192.0.2.1", "a", OUTCOME_failure)) == (dry ? 1 : 2),
		    dry ? "nor one that is told of the past" : "one that was told of the past counts");
		detect_free(detect);
	}
}

/* The threshold is reached, counting everything since the last verdict by hand. */
static void
equals_plain_count(void)
{
	enum { EVENTS = 20000, KEYS = 5 };
	struct detect_rule rule = failures(4, 100 * SEC);
	struct detect *detect;
	int64_t *times = xcalloc(EVENTS, sizeof(*times)), t = 1000 * DAY, until[KEYS] = {0};
	unsigned char *keys = xcalloc(EVENTS, 1);
	int64_t from[KEYS] = {0};
	unsigned wrong = 0, verdicts = 0;

	rule.ban = (struct detect_ban){.first = 50 * SEC, .most = 50 * SEC, .factor = 1,
	    .remembered = DAY};
	detect = detector(&rule, 1);
	srandom(7);
	for (int i = 0; i < EVENTS; i++) {
		char ip[] = "192.0.2.0";
		unsigned k = (unsigned)random() % KEYS, in_window = 0;
		bool expected;

		t += random() % (12 * SEC);
		times[i] = t;
		keys[i] = (unsigned char)k;
		for (int j = i; j >= 0 && t - times[j] <= rule.within; j--)
			in_window += keys[j] == k && times[j] >= until[k] && j >= from[k];
		expected = t >= until[k] && in_window >= rule.count;
		ip[8] = (char)('0' + k);
		wrong += (judged(detect, attempt(t, ip, "a", OUTCOME_failure)) == 1) != expected;
		if (expected) {
			verdicts++;
			until[k] = t + rule.ban.first;
			from[k] = i + 1;
		}
	}
	ok(wrong == 0 && verdicts > 500, "%u verdicts, %u wrong", verdicts, wrong);
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
all_verdicts(const struct detect_rule *rules, size_t count, const struct told *events, size_t n,
    struct names *names)
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
	enum { EVENTS = 4000 };
	struct detect_rule rules[] = {failures(4, 100 * SEC), failures(9, HOUR), failures(3, DAY),
	    failures(3, DAY)};
	struct told *events = xcalloc(EVENTS, sizeof(*events));
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
	for (int i = 0; i < EVENTS; i++) {
		char ip[] = "192.0.2.0";

		t += random() % (5 * SEC);
		ip[8] = (char)('0' + random() % 8);
		events[i] = attempt(t, ip, "a", OUTCOME_failure);
	}
	now = all_verdicts(rules, 4, events, EVENTS, &at_once);
	then = all_verdicts(rules, 4, events, EVENTS, &late);
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
	enum { EVENTS = 3000 };
	struct detect_rule rules[] = {failures(4, 100 * SEC), failures(3, HOUR), failures(3, DAY),
	    failures(2, DAY), failures(5, DAY), failures(3, HOUR)};
	struct told *events = xcalloc(EVENTS, sizeof(*events));
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
	for (int i = 0; i < EVENTS; i++) {
		char ip[] = "192.0.2.0", user[] = "192.0.2.1";

		t += random() % (20 * SEC);
		ip[8] = (char)('0' + random() % 6);
		user[8] = "12abc"[random() % 5];
		events[i] = attempt(t, ip, user,
		    random() % 9 ? OUTCOME_failure : OUTCOME_success);
	}
	for (size_t stop = 0; stop < EVENTS; stop += 97)
		different += differences(rules, 6, events, EVENTS, stop);
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
	ok(detect_stats(detect, 0).keys == 1000 && detect_stats(detect, 9).evicted_keys == 49000,
	    "a flood of addresses: what is dropped is counted");
	detect_free(detect);
	limits = detect_limits_default;
	limits.bytes = 1 << 20;
	rules[1].name = "slow";
	rules[2].name = "net";
	rules[2].by.function = DETECT_NET;
	detect = detect_new(rules, 3, &limits, ask, NULL);
	flood(detect, 25000);
	keys = detect_stats(detect, 9).keys;
	ok(keys > 10000 && keys < 24000 && detect_stats(detect, 9).evicted_keys > 20000 &&
	    detect_stats(detect, 0).keys == detect_stats(detect, 1).keys,
	    "all rules within one MiB: %llu keys", (unsigned long long)keys);
	detect_free(detect);
	detect = detector(rules, 3);
	flood(detect, 25000);
	ok(detect_stats(detect, 9).keys == 50000 && detect_stats(detect, 9).evicted_keys == 0 &&
	    detect_stats(detect, 9).verdicts == 0, "nothing is dropped where there is room");
	detect_free(detect);
}

int
main(void)
{
	hash_init();
	symbols_init(&symbols);
	counts_and_begins_anew();
	lifted();
	lengths();
	other_ways_to_count();
	own_users();
	nets_with_others();
	wanted_mail_is_bounded();
	never_judged();
	banned_again();
	dry_runs();
	equals_plain_count();
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
