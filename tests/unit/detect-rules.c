/* SPDX-License-Identifier: Apache-2.0
 *
 * detect: what leads to a verdict and what does not, by rules and by what protects.
 */
#include "detect-told.h"

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
	ok(judged(detect, attempt(t + HOUR - 1, ip, "a", OUTCOME_failure)) == 0,
	    "banned: no more");
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
	ok(judged(detect, attempt(t, ip, "a", OUTCOME_failure)) == 0,
	    "what is too old is gone");
	detect_unbanned(detect, "failures", STR("192.0.2.1"), t);
	judged(detect, attempt(t, ip, "a", OUTCOME_failure));
	judged(detect, attempt(t, ip, "a", OUTCOME_failure));
	ok(judged(detect, attempt(t, ip, "a", OUTCOME_failure)) == 1,
	    "lifted by hand: from nothing");
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

/* Who was let in begins from nothing by every rule, also where the process began later. */
static void
lifted_for_all(void)
{
	struct detect_rule rules[] = {failures(2, HOUR), failures(4, DAY), failures(3, DAY)};
	const char *ip = "192.0.2.1";
	struct detect *detect;
	int64_t t = 1000 * DAY;

	rules[1].name = "slow";
	rules[2].name = "net";
	rules[2].by.function = DETECT_NET;
	detect = detector(rules, 2);
	judged(detect, attempt(t, ip, "a", OUTCOME_failure));
	ok(judged(detect, attempt(t + 1, ip, "a", OUTCOME_failure)) == 1 &&
	    judged(detect, attempt(t + 2, ip, "a", OUTCOME_failure)) == 0,
	    "banned by one rule, nearly by another");
	detect_unbanned(detect, "failures", STR("192.0.2.1"), t + MINUTE);
	ok(judged(detect, attempt(t + 3, ip, "a", OUTCOME_failure)) == 0,
	    "what comes late is of before");
	ok(judged(detect, attempt(t + MINUTE, ip, "a", OUTCOME_failure)) == 0,
	    "whom one rule banned and a person let in, no other one holds to what was");
	ok(judged(detect, attempt(t + MINUTE, ip, "a", OUTCOME_failure)) == 1 &&
	    out.verdicts[0].rule == 0, "he is judged again from nothing");
	detect_free(detect);
	detect = detector(rules, 3);
	was_banned(detect, "failures", ip, t, t + HOUR, t + MINUTE);
	for (int i = 0; i < 3; i++) {
		struct told told = attempt(t + 1 + i, ip, "a", OUTCOME_failure);

		told.ev.line = told.line;
		detect_seed(detect, &told.ev, &symbols);
	}
	ok(judged(detect, attempt(t + MINUTE, ip, "a", OUTCOME_failure)) == 1 &&
	    out.verdicts[0].rule == 2,
	    "nor after a restart; his network's rule goes on counting");
	detect_free(detect);
}

/* The failures of the attack on user x, from COUNT networks since FROM. */
static size_t
attacked(struct detect *detect, int64_t from, int count)
{
	size_t verdicts = 0;
	char ip[20];

	for (int i = 0; i < count; i++) {
		snprintf(ip, sizeof(ip), "198.18.%d.1", i);
		verdicts += judged(detect, attempt(from + i * SEC, ip, "x", OUTCOME_failure));
	}
	return verdicts;
}

/* Who was let in is punished for what others did since then, not for what they did before. */
static void
lifted_from_many(void)
{
	struct detect_rule rule = failures(4, HOUR);
	const char *ip = "198.18.3.1";
	struct detect *detect, *after;
	int64_t t = 1000 * DAY, lift = t + 10 * SEC;
	char net[20];

	rule.by.field = FIELD_user;
	rule.distinct = true;
	rule.of = (struct detect_key){FIELD_ip, DETECT_NET};
	rule.punish_address = true;
	rule.ban.remembered = MINUTE;
	detect = detector(&rule, 1);
	ok(attacked(detect, t, 5) == 2, "one user from many networks: those behind the third");
	detect_unbanned(detect, rule.name, STR("198.18.3.1"), lift);
	ok(judged(detect, attempt(lift + SEC, ip, "x", OUTCOME_failure)) == 0,
	    "an address that was let in is not banned for what others did before");
	ok(judged(detect, attempt(lift - SEC, ip, "x", OUTCOME_failure)) == 0,
	    "nor for what it did itself and is told late");
	ok(judged(detect, attempt(lift + SEC, "198.18.9.1", "x", OUTCOME_failure)) == 1,
	    "another one is");
	ok(judged(detect, attempt(lift + 2 * SEC, "198.18.10.1", "x", OUTCOME_failure)) == 1 &&
	    judged(detect, attempt(lift + 3 * SEC, ip, "x", OUTCOME_failure)) == 0,
	    "three networks are too few for it, as for anybody");
	judged(detect, attempt(lift + 50 * MINUTE, "198.18.11.1", "x", OUTCOME_failure));
	ok(judged(detect, attempt(lift + 50 * MINUTE, ip, "x", OUTCOME_failure)) == 1 &&
	    out.verdicts[0].since >= lift && out.verdicts[0].offence == 1,
	    "with a fourth it is one of them");
	detect_free(detect);
	after = detector(&rule, 1);
	was_banned(after, rule.name, ip, t + 3 * SEC, t + HOUR, lift);
	for (int i = 0; i < 5; i++) {
		struct told told;

		snprintf(net, sizeof(net), "198.18.%d.1", i);
		told = attempt(t + i * SEC, net, "x", OUTCOME_failure);
		told.ev.line = told.line;
		detect_seed(after, &told.ev, &symbols);
	}
	ok(judged(after, attempt(lift + SEC, ip, "x", OUTCOME_failure)) == 0 &&
	    judged(after, attempt(lift + SEC, "198.18.9.1", "x", OUTCOME_failure)) == 1,
	    "after a restart, too");
	detect_free(after);
}

/* By whatever address a rule counts: who is allowed is not banned. */
static void
other_addresses(void)
{
	struct cidr nets[2];
	struct detect_rule rule = failures(1, HOUR);
	struct detect *detect;
	int64_t t = 1000 * DAY;
	struct told told;
	size_t verdicts = 0;

	cidr_parse(STR("127.0.0.0/8"), &nets[0]);
	cidr_parse(STR("192.0.2.9"), &nets[1]);
	rule.match = filter("delivery");
	rule.by.field = FIELD_relay_ip;
	rule.allow = (struct detect_allow){.nets = nets, .net_count = 2};
	detect = detector(&rule, 1);
	for (size_t i = 0; i < 3; i++) {
		static const char *const relays[] = {"127.0.0.1", "192.0.2.9", "192.0.2.8"};

		told = event_of(KIND_delivery, t, NULL);
		say(&told, FIELD_relay_ip, relays[i]);
		verdicts += judged(detect, told);
	}
	ok(verdicts == 1 && str_eq(out.verdicts[0].key, STR("192.0.2.8")),
	    "by an address that is no client's: but not those that are allowed");
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
	struct detect_rule rules[] = {failures(3, HOUR), failures(3, HOUR),
	    failures(11, HOUR)};
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

/* Which verdicts of filters on the second of two messages leave their client protected? */
static void
protecting_mail(void)
{
	static const struct {
		const char *verdict;
		size_t bans;
	} rows[] = {{"clean", 0}, {"oversized", 0}, {"bad_header", 0}, {"unchecked", 0},
	    {"spam", 1}, {"spammy", 1}, {"banned", 1}, {"infected", 1}};
	struct detect_rule rule = failures(3, HOUR);
	int64_t t = 1000 * DAY;

	rule.protect = (struct detect_protect){true, 4, 10 * MINUTE, 3, 2, DAY, 30 * DAY};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct detect *detect = detector(&rule, 1);
		size_t bans = 0;

		judged(detect, message(t, "192.0.2.5", 1, NULL));
		judged(detect, message(t + DAY, "192.0.2.5", 1, NULL));
		judged(detect, message(t + DAY, "192.0.2.5", 1, rows[i].verdict));
		for (int n = 0; n < 3; n++)
			bans += judged(detect,
			    attempt(t + DAY, "192.0.2.5", "a", OUTCOME_failure));
		ok(bans == rows[i].bans, "%s mail: %s", rows[i].verdict,
		    bans ? "protects no more" : "protects");
		detect_free(detect);
	}
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
	ok(out.count == 1 &&
	    judged(punishing, attempt(t, "192.0.2.1", "me", OUTCOME_failure)) == 0,
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
	protecting_mail();
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
	ok(judged(detect, attempt(t, "198.51.100.1", "probe", OUTCOME_failure)) == 0,
	    "a user");
	known = (struct detect_facts){.name = STR("a.near.test")};
	ok(judged(detect, attempt(t, "198.51.100.2", "a", OUTCOME_failure)) == 0, "a name");
	known = (struct detect_facts){.name = STR("evilnear.test")};
	ok(judged(detect, attempt(t, "198.51.100.3", "a", OUTCOME_failure)) == 1,
	    "not one that only ends alike");
	known = (struct detect_facts){.country = "DE"};
	ok(judged(detect, attempt(t, "198.51.100.4", "a", OUTCOME_failure)) == 0, "a country");
	known = (struct detect_facts){.asn = 64496};
	ok(judged(detect, attempt(t, "198.51.100.5", "a", OUTCOME_failure)) == 0,
	    "a network's number");
	known = (struct detect_facts){0};
	ok(judged(detect, attempt(t, "198.51.100.6", "a", OUTCOME_failure)) == 1,
	    "others are");
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
		ok(judged(detect, attempt(t, "192.0.2.1", "a", OUTCOME_failure)) ==
		    (size_t)all + 1,
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
		ok(judged(detect, attempt(t, "192.0.2.1", "a", OUTCOME_failure)) ==
		    (dry ? 1 : 2),
		    dry ? "nor one that is told of the past" :
		    "one that was told of the past counts");
		detect_free(detect);
	}
}

int
main(void)
{
	hash_init();
	symbols_init(&symbols);
	counts_and_begins_anew();
	lifted();
	lifted_for_all();
	lifted_from_many();
	other_addresses();
	lengths();
	other_ways_to_count();
	own_users();
	nets_with_others();
	wanted_mail_is_bounded();
	never_judged();
	banned_again();
	dry_runs();
	for (size_t i = 0; i < made_count; i++)
		filter_free(made[i]);
	detect_out_free(&out);
	symbols_free(&symbols);
	return tap_done();
}
