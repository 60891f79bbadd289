/* SPDX-License-Identifier: Apache-2.0
 *
 * ip: one client has one form, and networks hold what they say.
 */
#include "base/ip.h"

#include <arpa/inet.h>

#include "tap.h"

static void
addresses(void)
{
	static const struct {
		const char *text, *canonical; /* NULL: no address */
	} known[] = {
	    {"192.0.2.1", "192.0.2.1"},
	    {"2001:db8::1", "2001:db8::1"},
	    {"2001:DB8:0:0:0:0:0:1", "2001:db8::1"},
	    {"::ffff:192.0.2.1", "192.0.2.1"},
	    {"::FFFF:c000:0201", "192.0.2.1"},
	    {"::1", "::1"},
	    {"::", "::"},
	    {"", NULL},
	    {"192.0.2", NULL},
	    {"192.0.2.256", NULL},
	    {"192.0.2.0", "192.0.2.0"},
	    {"255.255.255.255", "255.255.255.255"},
	    {"192.0.2.1.", NULL},
	    {"192.0.2.1.1", NULL},
	    {"192.0..1", NULL},
	    {".192.0.2.1", NULL},
	    {"192.0.2.0001", NULL},
	    {"192.0.2.00", NULL},
	    {"192.0.2.1x", NULL},
	    {"192.0.2.-1", NULL},
	    {"192.0.2.1 ", NULL},
	    {"192.0.02.1", NULL},
	    {"[2001:db8::1]", NULL},
	    {"fe80::1%eth0", NULL},
	    {"2001:db8::1::2", NULL},
	    {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
	    {"1:2:3:4:5:6:7:8::", NULL},
	    {"1:2:3:4:5:6:7:8:::::", NULL},
	    {"0000:0000:0000:0000:0000:0000:0000:0000:0000:0001", NULL},
	    {"unknown", NULL},
	};
	char out[IP_TEXT_MAX];
	struct ip ip;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		bool good = ip_parse(str_of(known[i].text), &ip);

		ok(good == (known[i].canonical != NULL), "'%s' %s", known[i].text,
		    known[i].canonical ? "is an address" : "is none");
		if (good && known[i].canonical)
			is_text(out, ip_format(&ip, out), known[i].canonical,
			    known[i].canonical);
	}
	ok(!ip_parse((struct str){"192.0.2.1\0x", 11}, &ip), "a NUL does not end an address");
}

/* IP is what TEXT is, NULL: it is none. Is what is told of the text alone right? */
static bool
is_told(const char *text, const struct ip *ip)
{
	char out[IP_TEXT_MAX], net[CIDR_TEXT_MAX], told[CIDR_TEXT_MAX];
	size_t len = ip_net_text(str_of(text), told);
	struct cidr cidr;

	if (!ip)
		return len == 0 && !ip_is_formatted(str_of(text));
	cidr = ip_net(ip);
	return str_eq((struct str){told, len}, (struct str){net, cidr_format(&cidr, net)}) &&
	    (!ip_is_formatted(str_of(text)) ||
		str_eq((struct str){out, ip_format(ip, out)}, str_of(text)));
}

/* inet_pton(3) is the judge of texts that are nearly addresses. */
static void
forms(void)
{
	static const char *const begin[] = {"2001:db8::1", "1:2:3:4:5:6:7:8",
	    "::ffff:192.0.2.1", "1:2:3:4:5:6:192.0.2.1", "192.0.2.1", "::", "1::8",
	    "abcd:EF01::", "1:2:3::5:6:7:8"};
	static const char letters[] = "0123456789abcdefABCDEF:::::....gx-/";
	unsigned wrong = 0, good = 0, told = 0, formatted = 0;
	uint64_t state = 1;

	for (unsigned n = 0; n < 300000; n++) {
		char text[40];
		uint8_t byte[16];
		struct ip ip;
		bool mine, theirs;

		snprintf(text, sizeof(text), "%s", begin[n % 9]);
		for (unsigned i = n % 4; i > 0; i--) {
			size_t len = strlen(text), at;

			state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
			at = (state >> 33) % (len + 1);
			if (state >> 40 & 1 && len + 1 < sizeof(text) - 1)
				memmove(text + at + 1, text + at, len + 1 - at);
			else if (state >> 41 & 1 && at < len)
				memmove(text + at, text + at + 1, len - at);
			if (text[at])
				text[at] = letters[(state >> 50) % (sizeof(letters) - 1)];
		}
		mine = ip_parse(str_of(text), &ip);
		theirs = inet_pton(AF_INET, text, byte) == 1 ||
		    inet_pton(AF_INET6, text, byte) == 1;
		good += theirs;
		told += is_told(text, mine ? &ip : NULL);
		formatted += ip_is_formatted(str_of(text));
		wrong += mine != theirs;
		if (mine != theirs)
			printf("# '%s': %d, should be %d\n", text, mine, theirs);
		else if (mine && ip.family == 6)
			wrong += memcmp(ip.byte, byte, sizeof(byte)) != 0;
	}
	ok(wrong == 0 && good > 1000,
	    "forms are taken that inet_pton(3) takes, as it reads them");
	ok(told == 300000 && formatted > 10000, "what texts alone tell is right: %u, of %u",
	    told, formatted);
}

static void
counted_under(void)
{
	static const char *const known[][2] = {{"192.0.2.7", "192.0.2.0/24"},
	    {"198.51.100.0", "198.51.100.0/24"}, {"0.0.0.255", "0.0.0.0/24"},
	    {"2001:db8::1", "2001:db8::/64"}, {"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"},
	    {"::ffff:192.0.2.7", "192.0.2.0/24"},
	    {"64:ff9b::192.0.2.7", "64:ff9b::c000:200/120"},
	    {"64:ff9b::1:c000:207", "64:ff9b::/64"},
	    {"192.0.2", ""}, {"", ""}, {"unknown", ""}};
	char out[CIDR_TEXT_MAX] = "";

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		size_t len = ip_net_text(str_of(known[i][0]), out);

		is_text(out, len, known[i][1], known[i][0]);
	}
}

/* In order, and what is written so that cidr_parse() would write it otherwise. */
static void
orders(void)
{
	static const char *const sorted[] = {"192.0.2.0/24", "192.0.2.0/25", "192.0.2.0/32",
	    "192.0.2.128/25", "::/0", "2001:db8::/32", "2001:db8::/64"};
	struct cidr a, b, odd[] = {{{{192, 0, 2, 1}, 4}, 24}, {{{0x20, 1, 1}, 6}, 16},
	    {{{[10] = 0xff, 0xff, 192, 0, 2, 1}, 6}, 128}};
	bool good = true;

	for (size_t i = 1; i < sizeof(sorted) / sizeof(*sorted); i++) {
		good &= cidr_parse(str_of(sorted[i - 1]), &a) &&
		    cidr_parse(str_of(sorted[i]), &b) && cidr_compare(&a, &b) < 0 &&
		    cidr_compare(&b, &a) > 0 && cidr_compare(&a, &a) == 0 &&
		    cidr_is_canonical(&a) && cidr_is_canonical(&b);
	}
	ok(good, "networks have an order");
	for (size_t i = 0; i < sizeof(odd) / sizeof(*odd); i++)
		ok(!cidr_is_canonical(&odd[i]), "what cidr_parse() never makes");
}

static void
networks(void)
{
	static const struct {
		const char *network, *address;
		bool inside;
	} known[] = {
	    {"192.0.2.0/24", "192.0.2.255", true},
	    {"192.0.2.0/24", "192.0.3.0", false},
	    {"192.0.2.77/25", "192.0.2.1", true},
	    {"192.0.2.77/25", "192.0.2.128", false},
	    {"192.0.2.7", "192.0.2.7", true},
	    {"0.0.0.0/0", "203.0.113.9", true},
	    {"0.0.0.0/0", "2001:db8::1", false},
	    {"::/0", "192.0.2.1", false},
	    {"2001:db8::/33", "2001:db8:7fff::1", true},
	    {"2001:db8::/33", "2001:db8:8000::1", false},
	    {"::ffff:192.0.2.0/120", "192.0.2.9", true},
	};
	static const char *const bad[] = {"192.0.2.0/33", "192.0.2.0/", "192.0.2.0/-1",
	    "2001:db8::/129", "/24", "192.0.2.0/24/8", "::ffff:192.0.2.0/24"};
	char out[CIDR_TEXT_MAX];
	struct cidr cidr;
	struct ip ip;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		bool parsed = cidr_parse(str_of(known[i].network), &cidr) &&
		    ip_parse(str_of(known[i].address), &ip);

		ok(parsed && cidr_contains(&cidr, &ip) == known[i].inside, "%s %s %s",
		    known[i].address, known[i].inside ? "in" : "not in", known[i].network);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(!cidr_parse(str_of(bad[i]), &cidr), "'%s' is no network", bad[i]);
	ip_parse(STR("192.0.2.77"), &ip);
	cidr = ip_net(&ip);
	is_text(out, cidr_format(&cidr, out), "192.0.2.0/24", "the network of IPv4");
	ip_parse(STR("2001:db8:1:2:3:4:5:6"), &ip);
	cidr = ip_net(&ip);
	is_text(out, cidr_format(&cidr, out), "2001:db8:1:2::/64", "and of IPv6");
	is_text(out, prefix_format(&cidr, out), "2001:db8:1:2::/64", "a network has a length");
	cidr = ip_prefix(&ip, 128);
	is_text(out, prefix_format(&cidr, out), "2001:db8:1:2:3:4:5:6", "an address has none");
}

static void
private_ones(void)
{
	static const struct {
		const char *address;
		bool is_private;
	} known[] = {
	    {"10.255.0.1", true}, {"11.0.0.1", false}, {"172.16.0.1", true},
	    {"172.32.0.1", false}, {"192.168.0.1", true}, {"192.169.0.1", false},
	    {"169.254.0.1", true}, {"100.64.0.1", true}, {"100.128.0.1", false},
	    {"127.1.2.3", true}, {"::1", true}, {"::2", false}, {"fd00::1", true},
	    {"fe80::1", true}, {"fec0::1", false}, {"2001:db8::1", false},
	    {"::ffff:10.0.0.1", true}, {"::ffff:192.0.2.1", false},
	};
	struct ip ip;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		ok(ip_parse(str_of(known[i].address), &ip) &&
		    ip_is_private(&ip) == known[i].is_private, "%s is %s",
		    known[i].address, known[i].is_private ? "private" : "not");
}

int
main(void)
{
	addresses();
	forms();
	counted_under();
	orders();
	networks();
	private_ones();
	return tap_done();
}
