/* SPDX-License-Identifier: Apache-2.0
 *
 * Replies of name servers, well and ill formed, and what counts as a host name.
 */
#include <stdlib.h>

#include "enrich/dns-reply.h"
#include "tap.h"

#define HEAD "\0\1\x81\x80\0\1\0"
#define TAIL "\0\0\0\0"
#define QUESTION "\1" "7\1" "0\2" "18\3" "198\7" "in-addr\4arpa\0\0\x0c\0\1"
#define PTR(ttl, len) "\xc0\x0c\0\x0c\0\1\0\0" ttl "\0" len
#define MESSAGE(count, records) HEAD count TAIL QUESTION records

static const struct {
	const char *what, *message;
	size_t len;
	int failed;
	unsigned count, bad;
	const char *name;
} replies[] = {
#define REPLY(what, text, failed, count, bad, name)                                         \
	{what, text, sizeof(text) - 1, failed, count, bad, name},
	REPLY("a name", MESSAGE("\1", PTR("\0\x3c", "\x0b") "\4Mail\4TEST\0"), 0, 1, 0,
	    "mail.test")
	REPLY("none", MESSAGE("\0", ""), 0, 0, 0, NULL)
	REPLY("a pointer in the data",
	    MESSAGE("\1", PTR("\0\x3c", "\7") "\4mail\xc0\x1f"), 0, 1, 0, "mail.arpa")
	REPLY("the same name twice", MESSAGE("\2", PTR("\0\x3c", "\6") "\1a\2io\0"
	    PTR("\0\x3c", "\6") "\1A\2IO\0"), 0, 1, 0, "a.io")
	REPLY("of another owner",
	    MESSAGE("\1", "\1x\0\0\x0c\0\1\0\0\0\x3c\0\6\1a\2io\0"), 0, 0, 0, NULL)
	REPLY("an escape sequence",
	    MESSAGE("\1", PTR("\0\x3c", "\x0b") "\4\x1b[2J\4test\0"), 0, 0, 1, NULL)
	REPLY("a dot in a label", MESSAGE("\1", PTR("\0\x3c", "\x0b") "\4a.bc\4test\0"),
	    0, 0, 1, NULL)
	REPLY("an address as a name",
	    MESSAGE("\1", PTR("\0\x3c", "\x0b") "\3" "192\1" "0\1" "2\1"
	    "1\0"), 0, 0, 1, NULL)
	REPLY("the root", MESSAGE("\1", PTR("\0\x3c", "\1") "\0"), 0, 0, 1, NULL)
	REPLY("a pointer to itself", MESSAGE("\1", PTR("\0\x3c", "\2") "\xc0\x35"), -1, 0,
	    0, NULL)
	REPLY("a pointer forwards", MESSAGE("\1", PTR("\0\x3c", "\2") "\xc0\x40"), -1, 0,
	    0, NULL)
	REPLY("a name beyond its data",
	    MESSAGE("\1", PTR("\0\x3c", "\3") "\4mail\4test\0"), -1, 0, 0, NULL)
	REPLY("data beyond the end", MESSAGE("\1", PTR("\0\x3c", "\x0c") "\4mail\4test\0"),
	    -1, 0, 0, NULL)
	REPLY("fewer records than said", MESSAGE("\2", PTR("\0\x3c", "\x0b") "\4mail\4test\0"),
	    -1, 0, 0, NULL)
	REPLY("an alias of itself",
	    MESSAGE("\1", "\xc0\x0c\0\5\0\1\0\0\0\x3c\0\2\xc0\x0c"), 0, 0, 0, NULL)
	REPLY("a header that breaks off", "\0\1\x81\x80\0\1\0", -1, 0, 0, NULL)
	REPLY("no question", "\0\1\x81\x80\0\0\0\0\0\0\0\0", -1, 0, 0, NULL)
};

static void
test_replies(void)
{
	for (size_t i = 0; i < sizeof(replies) / sizeof(*replies); i++) {
		/* On the heap and no longer than it is, for the sanitizer. */
		unsigned char *copy = malloc(replies[i].len);
		struct dns_names names = {0};
		int failed;

		memcpy(copy, replies[i].message, replies[i].len);
		failed = dns_reply_names(copy, replies[i].len, &names);
		ok(failed == replies[i].failed &&
		    (failed || (names.count == replies[i].count &&
		    names.bad == replies[i].bad && (!names.count ||
		    strcmp(names.names[0], replies[i].name) == 0))), "%s", replies[i].what);
		free(copy);
	}
}

static void
test_host_names(void)
{
	static const char *const good[] = {"mail.shop.example", "A.test.", "_dmarc.x.test",
	    "host-1-2", "1.2.3.4.dyn.test", "xn--bcher-kva.test", "7x"};
	static const char *const bad[] = {"", ".", "a..b", ".a", "a..", "192.0.2.1", "a.1",
	    "a b.test", "a/b.test", "caf\xc3\xa9.test", "<b>.test", "a,b.test",
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.test"};
	char name[DNS_NAME_MAX + 1], text[DNS_NAME_MAX + 3];

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		ok(dns_host_name(str_of(good[i]), name), "a host name: %s", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		ok(!dns_host_name(str_of(bad[i]), name), "no host name: number %zu", i);
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = i % 50 == 49 ? '.' : 'x';
	ok(dns_host_name((struct str){text, DNS_NAME_MAX}, name), "253 bytes");
	ok(!dns_host_name((struct str){text, DNS_NAME_MAX + 1}, name), "254 bytes");
}

static void
test_reverse(void)
{
	char name[DNS_REVERSE_MAX];
	struct ip ip;

	ip_parse(STR("198.18.0.7"), &ip);
	dns_reverse_name(&ip, name);
	is_text(name, strlen(name), "7.0.18.198.in-addr.arpa", "IPv4");
	ip_parse(STR("2001:db8::a7"), &ip);
	dns_reverse_name(&ip, name);
	is_text(name, strlen(name),
	    "7.a.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0."
	    "2.ip6.arpa", "IPv6");
}

int
main(void)
{
	test_replies();
	test_host_names();
	test_reverse();
	return tap_done();
}
