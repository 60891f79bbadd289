/* SPDX-License-Identifier: Apache-2.0
 *
 * How much users may send: windows that slide, messages asked about more than once,
 * clocks that are set back, more users than are remembered.
 */
#include "serve/serve.h"

#include <sys/mman.h>
#include <unistd.h>

#include "tap.h"

#define SECOND INT64_C(1000000)

static bool
over_at(struct policy_rates *rates, const char *user, const char *state,
    const char *instance, int64_t second)
{
	struct policy_request request = {.sasl_username = str_of(user),
	    .protocol_state = str_of(state), .instance = str_of(instance)};

	return policy_rates_over(rates, &request, second * SECOND);
}

/* A new message each time. */
static bool
sends(struct policy_rates *rates, const char *user, int64_t second)
{
	static unsigned message;
	char instance[32];

	snprintf(instance, sizeof(instance), "m%u", ++message);
	return over_at(rates, user, "RCPT", instance, second);
}

static void
test_window(void)
{
	struct policy_rates *rates = policy_rates_new(3, 60 * SECOND);

	ok(!sends(rates, "anna", 1000) && !sends(rates, "anna", 1010) &&
	    !sends(rates, "anna", 1020), "three may go");
	ok(sends(rates, "anna", 1030), "the fourth may not");
	ok(!sends(rates, "bert", 1030), "another user may");
	ok(sends(rates, "anna", 1059), "not before the first is out of the window");
	ok(!sends(rates, "anna", 1060), "then one may; those that did not go do not count");
	ok(sends(rates, "anna", 1061), "one only");
	ok(!sends(rates, "anna", 1500), "much later");
	policy_rates_free(rates);
}

static void
test_messages(void)
{
	struct policy_rates *rates = policy_rates_new(2, 60 * SECOND);
	bool any = false;

	for (int i = 0; i < 50; i++)
		any |= over_at(rates, "anna", "RCPT", "a", 1000 + i / 10);
	ok(!any, "50 recipients are one message");
	ok(!over_at(rates, "anna", "END-OF-MESSAGE", "a", 1010), "its end, too");
	ok(!over_at(rates, "anna", "MAIL", "b", 1010) && !over_at(rates, "anna", "CONNECT",
	    "c", 1010), "what is no message yet does not count");
	ok(!over_at(rates, "anna", "DATA", "d", 1011), "the second");
	ok(over_at(rates, "anna", "RCPT", "e", 1012), "the third is too many");
	ok(over_at(rates, "anna", "RCPT", "e", 1100), "and stays it for all its recipients");
	ok(!over_at(rates, "", "RCPT", "f", 1012), "who is not logged in has no rate");
	ok(!over_at(rates, "carl", "RCPT", "", 1012) && !over_at(rates, "carl", "RCPT", "",
	    1012) && over_at(rates, "carl", "RCPT", "", 1012),
	    "without an instance each request counts");
	policy_rates_free(rates);
}

static void
test_clock(void)
{
	struct policy_rates *rates = policy_rates_new(3, 60 * SECOND);

	ok(!sends(rates, "anna", 100000) && !sends(rates, "anna", 100001), "two, and then");
	ok(!sends(rates, "anna", 1000), "the clock is set back: the third");
	ok(sends(rates, "anna", 1001), "no fourth");
	ok(!sends(rates, "anna", 1060), "they count as of when it was set back");
	policy_rates_free(rates);
}

/* Against counting all of them. */
static void
test_exact(void)
{
	struct policy_rates *rates = policy_rates_new(37, 100 * SECOND);
	static int64_t went[20000];
	uint32_t random = 1, count = 0;
	unsigned wrong = 0;

	for (int64_t now = 0, i = 0; i < 20000; i++) {
		uint32_t in_window = 0;
		bool over;

		random = random * 1664525 + 1013904223;
		now += random >> 29;
		over = sends(rates, "anna", now);
		for (uint32_t w = count; w > 0 && went[w - 1] > now - 100; w--)
			in_window++;
		wrong += over != (in_window >= 37);
		if (!over)
			went[count++] = now;
	}
	ok(wrong == 0, "20000 messages, each judged as by counting");
	policy_rates_free(rates);
}

static void
test_many_users(void)
{
	struct policy_rates *rates = policy_rates_new(1000000, 60 * SECOND);
	char user[32];

	for (int i = 0; i < 1000; i++) {
		snprintf(user, sizeof(user), "user%d", i);
		sends(rates, user, 1000);
	}
	ok(policy_rates_forgotten(rates) == 1000 - 16, "a huge rate: 16 users are remembered");
	policy_rates_free(rates);
	rates = policy_rates_new(0, 60 * SECOND);
	ok(sends(rates, "anna", 1), "no messages at all");
	policy_rates_free(rates);
}

static void
load_all(struct policy_rates *rates, struct str records, bool *ret_good)
{
	struct str tag, record;

	*ret_good = true;
	while (state_next(&records, &tag, &record))
		*ret_good &= policy_rates_load(rates, tag, record);
}

static void
test_handed(void)
{
	struct policy_rates *rates = policy_rates_new(3, 60 * SECOND), *next, *fewer;
	int fd = memfd_create("rates", MFD_CLOEXEC);
	struct state_out out;
	struct str records;
	struct err err;
	bool good;

	sends(rates, "anna", 1000);
	sends(rates, "anna", 1010);
	sends(rates, "bert", 1020);
	over_at(rates, "anna", "RCPT", "last", 1030);
	state_begin(&out, fd);
	policy_rates_save(rates, &out);
	ok(state_end(&out, &err) == 0 && state_open(fd, &records, &err) == 0, "handed over");
	next = policy_rates_new(3, 60 * SECOND);
	load_all(next, records, &good);
	ok(good && !over_at(next, "anna", "DATA", "last", 1031),
	    "a message is still the same");
	ok(sends(next, "anna", 1059) && !sends(next, "anna", 1060), "its user has sent three");
	ok(!sends(next, "bert", 1060) && !sends(next, "bert", 1061) &&
	    sends(next, "bert", 1062), "another one");
	fewer = policy_rates_new(1, 60 * SECOND);
	load_all(fewer, records, &good);
	ok(good && sends(fewer, "anna", 1089) && !sends(fewer, "anna", 1090),
	    "of more than may be sent now the newest count");
	ok(!policy_rates_load(next, STR("user"), STR("short")) &&
	    !policy_rates_load(next, STR("said"), STR("12345678123456781234567812345678")) &&
	    policy_rates_load(next, STR("other"), STR("x")), "what is none is refused");
	state_close(records);
	close(fd);
	policy_rates_free(rates);
	policy_rates_free(next);
	policy_rates_free(fewer);
}

int
main(void)
{
	test_window();
	test_messages();
	test_clock();
	test_exact();
	test_many_users();
	test_handed();
	return tap_done();
}
