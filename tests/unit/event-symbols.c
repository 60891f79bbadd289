/* SPDX-License-Identifier: Apache-2.0
 *
 * Numbers of texts: what counts as one value, what is absent, what is derived
 * from a value once.
 */
#include "event/event.h"
#include "tap.h"

static void
is_symbol(const struct symbols *symbols, enum domain domain, uint32_t number, const char *want,
    const char *what)
{
	struct str text = symbols_text(symbols, domain, number);

	is_text(text.p ? text.p : "", text.len, want, what);
}

static void
test_absent(struct symbols *symbols)
{
	uint32_t null_sender = symbols_get(symbols, DOMAIN_ADDRESS, STR(""));

	ok(null_sender != SYMBOL_ABSENT, "the null sender is not the absent one");
	ok(symbols_get(symbols, DOMAIN_ADDRESS, STR("")) == null_sender, "and is one value");
	ok(symbols_get(symbols, DOMAIN_ADDRESS, STR("\xff")) != SYMBOL_ABSENT,
	    "nor is a byte");
	is_symbol(symbols, DOMAIN_ADDRESS, SYMBOL_ABSENT, "", "the absent text is empty");
	for (unsigned i = 0; i < 5000; i++) {
		char text[16];

		snprintf(text, sizeof(text), "u%u", i);
		symbols_get(symbols, DOMAIN_ADDRESS, str_of(text));
	}
	ok(symbols_get(symbols, DOMAIN_ADDRESS, STR("")) == null_sender,
	    "both stay themselves when the dictionary grows");
}

static void
test_preset(struct symbols *symbols)
{
	struct symbols other;

	symbols_init(&other);
	symbols_get(symbols, DOMAIN_WORD, STR("unheard-of"));
	ok(symbols_get(symbols, DOMAIN_WORD, STR("deferred")) ==
		symbols_get(&other, DOMAIN_WORD, STR("deferred")),
	    "preset words have the same number everywhere");
	ok(symbols_get(&other, DOMAIN_WORD, STR("sent")) !=
		symbols_get(&other, DOMAIN_WORD, STR("bounced")),
	    "and different ones");
	symbols_free(&other);
}

static void
test_ip(struct symbols *symbols)
{
	uint32_t mapped = symbols_get(symbols, DOMAIN_IP, STR("::ffff:192.0.2.1"));
	uint32_t v6 = symbols_get(symbols, DOMAIN_IP, STR("2001:DB8:0:0::1"));
	uint32_t odd = symbols_get(symbols, DOMAIN_IP, STR("unknown"));

	ok(mapped == symbols_get(symbols, DOMAIN_IP, STR("192.0.2.1")), "v4-mapped is v4");
	ok(mapped == symbols_get(symbols, DOMAIN_IP, STR("::ffff:192.0.2.1")), "again");
	is_symbol(symbols, DOMAIN_IP, mapped, "192.0.2.1", "under its canonical text");
	ok(v6 == symbols_get(symbols, DOMAIN_IP, STR("2001:db8::1")), "v6 in one form");
	is_symbol(symbols, DOMAIN_IP, v6, "2001:db8::1", "RFC 5952");
	is_symbol(symbols, DOMAIN_IP, odd, "unknown", "what is no address stays as it is");
	is_symbol(symbols, DOMAIN_NET, symbols_net_of(symbols, mapped), "192.0.2.0/24",
	    "its /24");
	is_symbol(symbols, DOMAIN_NET, symbols_net_of(symbols, v6), "2001:db8::/64",
	    "its /64");
	ok(symbols_net_of(symbols, mapped) == symbols_net_of(symbols, mapped),
	    "computed once");
	ok(symbols_net_of(symbols, odd) == SYMBOL_ABSENT, "no network of no address");
	ok(symbols_net_of(symbols, SYMBOL_ABSENT) == SYMBOL_ABSENT, "none of the absent one");
}

static const struct {
	const char *address, *domain; /* NULL: absent */
} addresses[] = {
	{"user@Example.TEST", "example.test"},
	{"\"a@b\"@example.test", "example.test"},
	{"user", NULL},
	{"user@", NULL},
	{"", NULL},
	{"@example.test", "example.test"},
	{"m@\xc3\x84.example", "\xc3\x84.example"},
};

static void
test_domain(struct symbols *symbols)
{
	for (size_t i = 0; i < sizeof(addresses) / sizeof(*addresses); i++) {
		uint32_t address =
		    symbols_get(symbols, DOMAIN_ADDRESS, str_of(addresses[i].address));

		for (unsigned again = 0; again < 2; again++) {
			uint32_t domain = symbols_domain_of(symbols, address);

			if (addresses[i].domain)
				is_symbol(symbols, DOMAIN_NAME, domain, addresses[i].domain,
				    addresses[i].address);
			else
				ok(domain == SYMBOL_ABSENT, "no domain: \"%s\"",
				    addresses[i].address);
		}
	}
	ok(symbols_domain_of(symbols, SYMBOL_ABSENT) == SYMBOL_ABSENT,
	    "none of the absent one");
}

/* Many at once, most of them new, each twice; one in seven is not asked for. */
static void
test_domains(struct symbols *symbols)
{
	uint32_t numbers[200], domains[200];
	uint8_t flags[200];
	unsigned right = 0;

	for (unsigned i = 0; i < 200; i++) {
		char text[40];

		snprintf(text, sizeof(text), i % 9 ? "u%u@%c%u.test" : "u%u", i % 100,
		    i % 2 ? 'd' : 'D', i % 100 / 3);
		numbers[i] = symbols_get(symbols, DOMAIN_ADDRESS, str_of(text));
		flags[i] = i % 7 != 0;
	}
	symbols_domain_of(symbols, numbers[50]);
	symbols_domains_of(symbols, numbers, flags, 200, domains);
	for (unsigned i = 0; i < 200; i++)
		right += domains[i] ==
		    (flags[i] ? symbols_domain_of(symbols, numbers[i]) : SYMBOL_ABSENT);
	is_number(right, 200, "domains of many addresses are those of each");
	is_symbol(symbols, DOMAIN_NAME, domains[50], "d16.test", "and in lower case");
}

/* symbols_recall() of TEXT, if that is short. */
static bool
recalls(const struct symbols *symbols, enum domain domain, struct str text, uint32_t *ret)
{
	struct symbols_recent wanted;

	if (!symbols_is_short(text))
		return false;
	wanted = symbols_short(domain, text, 0);
	return symbols_recall(symbols, &wanted, symbols_recent_home(&wanted), ret);
}

static void
test_recent(struct symbols *symbols)
{
	static const struct {
		const char *text;
		bool kept;
	} texts[] = {{"1.2.3.4", false}, {"192.0.2.1", true}, {"abcdefgh", true},
	    {"abcdefghabcdefgh", true}, {"2001:db8:0:0::12", true},
	    {"2001:db8:0:0::123", false}};
	unsigned right = 0;
	uint32_t number;

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct str text = str_of(texts[i].text);

		ok(!recalls(symbols, DOMAIN_IP, text, &number), "not yet: %s",
		    texts[i].text);
		symbols_remember(symbols, DOMAIN_IP, text, 100 + (uint32_t)i);
		ok(recalls(symbols, DOMAIN_IP, text, &number) == texts[i].kept &&
			(!texts[i].kept || number == 100 + i),
		    "%s: %s", texts[i].kept ? "kept" : "too short or long", texts[i].text);
		ok(!recalls(symbols, DOMAIN_NAME, text, &number),
		    "of one domain alone: %s", texts[i].text);
	}
	for (unsigned i = 0; i < 20000; i++) {
		char text[20];

		snprintf(text, sizeof(text), "198.18.%u.%u", i / 250, i % 250);
		symbols_remember(symbols, DOMAIN_IP, str_of(text), i);
	}
	for (unsigned i = 0; i < 20000; i++) {
		char text[20];

		snprintf(text, sizeof(text), "198.18.%u.%u", i / 250, i % 250);
		right += !recalls(symbols, DOMAIN_IP, str_of(text), &number) ||
		    number == i;
	}
	ok(right == 20000, "what fell out is not known, the rest is right");
}

int
main(void)
{
	struct symbols symbols;

	hash_init();
	symbols_init(&symbols);
	test_absent(&symbols);
	test_preset(&symbols);
	test_ip(&symbols);
	test_domain(&symbols);
	test_domains(&symbols);
	test_recent(&symbols);
	symbols_free(&symbols);
	return tap_done();
}
