/* SPDX-License-Identifier: Apache-2.0
 *
 * postfix_client_wide, postfix_screened_wide: what they know quickly is what the long way
 * says, also of texts that are spoiled, and of which only the beginning is the line.
 */
#include <stdlib.h>

#include "parse/postfix-read.h"
#include "tap.h"

#define SPOILED 40000u /* each text so often */

static const char *const texts[] = {
	"a[192.0.2.1]",
	"unknown[192.0.2.1]",
	"unknown[192.0.2.1]: SASL LOGIN authentication failed",
	"unknown[unknown]",
	"mail.example.test[203.0.113.255] ehlo=1 quit=1 commands=2",
	"mail-1_2.example.test[10.250.199.200]:4711",
	"mail-1_2.example.test[10.250.199.200]:unknown, x",
	"mail.example.test[2001:db8::1]: TLSv1.3 with cipher",
	"unknown[2001:db8:1:22:333:4444:5:6]",
	"unknown[2001:db8:1:22:333:4444:5:6]:65535",
	"localhost[::1]",
	"localhost[::ffff:192.0.2.1], sasl_method=PLAIN",
	"x[fe80::1%eth0]",
	"a-name-of-just-32-bytes.test.test[192.0.2.1]",
	"ec2-192-0-2-1.a-name-longer-than-that.example.test[192.0.2.1]",
	"[192.0.2.1]:4711",
	"[192.0.2.1]:65536",
	"[192.0.2.1]:123456 to [203.0.113.1]:25",
	"[198.51.100.200]:25 to [203.0.113.1]:25",
	"[198.51.100.200]: EHLO x",
	"[2001:db8::ffff:1]:4711: EHLO x",
	"[1:2:3:4:5:6:7:8]:1",
	"[::]:0",
	"[unknown]:unknown",
};

static unsigned seed = 1;

static unsigned
next(unsigned below)
{
	seed = seed * 1103515245 + 12345;
	return (seed >> 16) % below;
}

/* Some byte of TEXT, of LEN bytes, becomes another, goes, or is said twice. */
static size_t
spoil(char *text, size_t len)
{
	static const char bytes[] = "0123456789012345..::[]]af-_% Zg/";
	size_t at = next((unsigned)len);

	switch (next(4)) {
	case 0:
		memmove(text + at, text + at + 1, len - at - 1);
		return len - 1;
	case 1:
		memmove(text + at + 1, text + at, len - at);
		return len + 1;
	default:
		text[at] = bytes[next(sizeof(bytes) - 1)];
		return len;
	}
}

#ifdef __SSE2__
typedef const char *reader(const char *p, const char *end, struct event *ev);

static bool
same_text(struct text a, struct text b)
{
	return a.off == b.off && a.len == b.len;
}

static bool
is_same(reader *one, reader *other, const char *text, size_t len)
{
	struct event a = {.line = text}, b = {.line = text};
	const char *end = one(text, text + len, &a);

	return end == other(text, text + len, &b) && a.known[0] == b.known[0] &&
	    a.known[1] == b.known[1] && same_text(a.name, b.name) && same_text(a.ip, b.ip) &&
	    a.port == b.port;
}

/* Does what stands behind a line make no difference? */
static size_t
compare(const char *whole, size_t len)
{
	/* As much as may be read is there, and no more. */
	char *text = malloc(len + PARSE_PADDING);
	size_t line = next(4) ? len : next((unsigned)len + 1), wrong;

	memcpy(text, whole, len);
	memset(text + len, next(2) ? ']' : '1', PARSE_PADDING);
	wrong = !is_same(postfix_client_wide, postfix_client_any, text, line) +
	    (size_t)!is_same(postfix_screened_wide, postfix_screened_any, text, line);
	free(text);
	return wrong;
}
/* All dotted quads of such numbers. */
static size_t
quads(void)
{
	static const char *const numbers[] = {"0", "1", "9", "10", "25", "99", "100", "199",
	    "200", "249", "255", "256", "260", "300", "999", "00", "01", "012", "1000", ""};
	size_t n = sizeof(numbers) / sizeof(*numbers), wrong = 0;

	for (size_t i = 0; i < n * n * n * n; i++) {
		char text[64];
		int len = snprintf(text, sizeof(text), "unknown-name[%s.%s.%s.%s]",
		    numbers[i % n], numbers[i / n % n], numbers[i / n / n % n],
		    numbers[i / n / n / n]);

		wrong += !is_same(postfix_client_wide, postfix_client_any, text, (size_t)len);
	}
	return wrong;
}
#else
static size_t
quads(void)
{
	return 0;
}

static size_t
compare(const char *whole, size_t len)
{
	(void)whole, (void)len;
	return 0;
}
#endif

int
main(void)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		size_t wrong = 0;

		for (unsigned n = 0; n < SPOILED && header_is_wide(); n++) {
			size_t len = strlen(texts[i]);
			char room[128];

			memcpy(room, texts[i], len);
			for (unsigned times = n % 4; times > 0; times--)
				len = spoil(room, len);
			wrong += compare(room, len);
		}
		is_number((int64_t)wrong, 0, texts[i]);
	}
	is_number(header_is_wide() ? (int64_t)quads() : 0, 0, "all quads");
	return tap_done();
}
