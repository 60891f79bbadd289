/* SPDX-License-Identifier: Apache-2.0
 *
 * detect: who is banned and comes again is turned away by the list of the banned, which
 * leads to no other ban.
 */
#include "detect-told.h"

static struct detect_rule rules[3];

static void
make_rules(void)
{
	rules[0] = failures(1, HOUR);
	rules[1] = failures(2, HOUR);
	rules[1].name = "listed";
	rules[1].match = filter("ps_list | ps_dnsbl | (policy & reason=dnsbl)");
	rules[2] = failures(2, HOUR);
	rules[2].name = "net";
	rules[2].by.function = DETECT_NET;
	rules[2].match = filter("ps_pregreet");
}

/* Verdicts when IP is turned away five times from TIME on. */
static size_t
turned_away(struct detect *detect, enum kind kind, int64_t time, const char *ip)
{
	size_t verdicts = 0;

	for (int i = 0; i < 5; i++) {
		struct told told = event_of(kind, time + i * SEC, ip);

		if (kind == KIND_policy)
			EVENT_SET(&told.ev, reason, REASON_dnsbl);
		verdicts += judged(detect, told);
	}
	return verdicts;
}

static void
of_banned(void)
{
	static const enum kind kinds[] = {KIND_ps_list, KIND_ps_dnsbl, KIND_policy};
	int64_t t = 1000 * DAY;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		struct detect *detect = detector(rules, 3);

		ok(turned_away(detect, kinds[i], t, "192.0.2.9") == 1,
		    "who is not banned: counts");
		judged(detect, attempt(t, "192.0.2.1", "a", OUTCOME_failure));
		ok(turned_away(detect, kinds[i], t + 1, "192.0.2.1") == 0,
		    "who is banned by another rule: %zu does not", i);
		ok(turned_away(detect, kinds[i], t + HOUR, "192.0.2.1") == 1,
		    "when the ban is over it does");
		detect_free(detect);
	}
}

static void
with_others(void)
{
	struct detect *detect = detector(rules, 3);
	int64_t t = 1000 * DAY;

	judged(detect, event_of(KIND_ps_pregreet, t, "192.0.2.1"));
	ok(judged(detect, event_of(KIND_ps_pregreet, t, "192.0.2.2")) == 1 &&
	    turned_away(detect, KIND_ps_list, t + 1, "192.0.2.3") == 0 &&
	    turned_away(detect, KIND_ps_list, t + 1, "192.0.3.3") == 1,
	    "who is in a network that is banned: nor that");
	was_banned(detect, NULL, "192.0.4.1", t, t + HOUR, INT64_MIN);
	was_banned(detect, NULL, "192.0.5.0/24", t, t + HOUR, INT64_MIN);
	ok(turned_away(detect, KIND_ps_list, t + 1, "192.0.4.1") == 0 &&
	    turned_away(detect, KIND_ps_list, t + 1, "192.0.5.5") == 0, "nor who is by hand");
	detect_unbanned(detect, NULL, STR("192.0.4.1"), t + MINUTE);
	ok(turned_away(detect, KIND_ps_list, t + MINUTE, "192.0.4.1") == 1,
	    "until that is lifted");
	detect_free(detect);
	rules[0].dry_run = true;
	detect = detector(rules, 3);
	judged(detect, attempt(t, "192.0.2.1", "a", OUTCOME_failure));
	ok(turned_away(detect, KIND_ps_list, t + 1, "192.0.2.1") == 1,
	    "whom a rule in dry run would ban is in no list of ours");
	detect_free(detect);
}

/* A person may ban any network. */
static void
of_any_length(void)
{
	static const struct {
		const char *net, *in, *out;
	} rows[] = {{"192.0.2.16/28", "192.0.2.17", "192.0.2.32"},
	    {"198.51.0.0/16", "198.51.100.7", "198.52.0.1"},
	    {"203.0.113.4/31", "203.0.113.5", "203.0.113.6"},
	    {"192.0.2.0/23", "192.0.3.1", "192.0.4.1"},
	    {"2001:db8:1:100::/56", "2001:db8:1:1ff::1", "2001:db8:1:200::1"},
	    {"2001:db8::/32", "2001:db8:ffff::1", "2001:db9::1"},
	    {"2001:db8:1::8/125", "2001:db8:1::f", "2001:db8:1::10"}};
	int64_t t = 1000 * DAY;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct detect *detect = detector(rules, 3);

		was_banned(detect, NULL, rows[i].net, t, t + HOUR, INT64_MIN);
		ok(turned_away(detect, KIND_ps_list, t + 1, rows[i].in) == 0,
		    "%s, who is in it", rows[i].net);
		ok(turned_away(detect, KIND_ps_list, t + 1, rows[i].out) == 1,
		    "%s, who is not", rows[i].net);
		detect_unbanned(detect, NULL, str_of(rows[i].net), t + MINUTE);
		ok(turned_away(detect, KIND_ps_list, t + MINUTE, rows[i].in) == 1,
		    "%s, lifted", rows[i].net);
		detect_free(detect);
	}
}

int
main(void)
{
	hash_init();
	symbols_init(&symbols);
	make_rules();
	of_banned();
	with_others();
	rules[0].dry_run = false;
	of_any_length();
	for (size_t i = 0; i < made_count; i++)
		filter_free(made[i]);
	detect_out_free(&out);
	symbols_free(&symbols);
	return tap_done();
}
