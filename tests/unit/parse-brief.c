/* SPDX-License-Identifier: Apache-2.0
 *
 * parse_wants: a line read without the fields that nobody wants says the same as else, but
 * for these: also one that is spoiled, of which only the result is left.
 */
#include "parse-kit.h"

#define SPOILED 20000u /* each line so often */

static const char *const lines[] = {
	"Nov  5 09:08:07 mx postfix/smtp[12]: 4F1D2A3B4C: to=<c@d.test>, relay=mx.d.test"
	"[192.0.2.1]:25, delay=1.2, delays=0.1/0/0.5/0.6, dsn=2.0.0, status=sent (250 "
	"2.0.0 Ok)",
	"Nov  5 09:08:07 mx postfix/local[12]: 4F1D2A3B4C: to=<c@d.test>, relay=local, "
	"delay=1, delays=1234567/0.05/12.5/3, dsn=5.1.1, status=bounced (unknown user)",
	"Nov  5 09:08:07 mx postfix/pipe[12]: 4F1D2A3B4C: to=<c@d.test>, relay=dovecot, "
	"delay=1, delays=123456789012/0/0/0, dsn=4.2.0, status=deferred (busy)",
	"Nov  5 09:08:07 mx postfix/pipe[12]: 4F1D2A3B4C: to=<c@d.test>, relay=dovecot, "
	"delay=1, delays=1234567890123/0/0/0, dsn=4.2.0, status=deferred (busy)",
	"Nov  5 09:08:07 mx postfix/smtp[12]: connect to mx.d.test[192.0.2.1]:25: timed out",
	"Nov  5 09:08:07 mx postfix/postscreen[12]: CONNECT from [192.0.2.7]:4711 to "
	"[203.0.113.1]:25",
	"Nov  5 09:08:07 mx postfix/postscreen[12]: PASS OLD [192.0.2.7]:4711",
	"Nov  5 09:08:07 mx postfix/postscreen[12]: CONNECT from [2001:db8::7]:4711",
};

static const enum field spared[] = {FIELD_server_ip, FIELD_server_port, FIELD_delay_before,
    FIELD_delay_queue, FIELD_delay_connect, FIELD_delay_transmit};

static enum parse_result
read_line(struct parse *parse, const char *line, size_t len, struct event *ev)
{
	struct stamp stamp;
	enum parse_result result = parse_line(parse, (struct str){line, len}, ev, &stamp);

	for (size_t i = 0; i < sizeof(spared) / sizeof(*spared); i++)
		event_forget(ev, spared[i]);
	return result;
}

/* Does BRIEF say of a line what KIT says? */
static bool
is_same(struct parse_kit *kit, struct parse *brief, const char *line, size_t len)
{
	struct event whole, part;
	enum parse_result result = read_line(kit->parse, line, len, &whole);
	size_t said;

	if (read_line(brief, line, len, &part) != result)
		return false;
	if (result != PARSE_EVENT)
		return true;
	if (memcmp(whole.known, part.known, sizeof(whole.known)) != 0)
		return false;
	buf_clear(&kit->said);
	for (unsigned i = 0; i < FIELDS; i++)
		if (event_knows(&whole, (enum field)i))
			kit_field(kit, &whole, (enum field)i);
	said = kit->said.len;
	for (unsigned i = 0; i < FIELDS; i++)
		if (event_knows(&part, (enum field)i))
			kit_field(kit, &part, (enum field)i);
	return kit->said.len == 2 * said &&
	    memcmp(kit->said.p, kit->said.p + said, said) == 0;
}

/* Some byte of LINE, of LEN bytes, behind its header becomes another, or goes. */
static size_t
spoil(char *line, size_t len, unsigned *seed)
{
	static const char bytes[] = "0123456789../,, []";
	size_t from = sizeof("Nov  5 09:08:07 mx postfix/smtp[12]: ") - 1, at;

	*seed = *seed * 1103515245 + 12345;
	at = from + (*seed >> 16) % (len - from);
	*seed = *seed * 1103515245 + 12345;
	if (*seed >> 16 & 1) {
		line[at] = bytes[(*seed >> 17) % (sizeof(bytes) - 1)];
		return len;
	}
	memmove(line + at, line + at + 1, len - at - 1);
	return len - 1;
}

/* Does PARSE tell FIELD of LINE? */
static bool
knows(struct parse *parse, const char *line, enum field field)
{
	char room[512] = {0}; /* with PARSE_PADDING */
	struct event ev;

	memcpy(room, line, strlen(line));
	parse_line(parse, (struct str){room, strlen(line)}, &ev, &(struct stamp){0});
	return event_knows(&ev, field);
}

int
main(void)
{
	static const uint64_t nothing[2];
	struct parse_kit kit = kit_new();
	struct parse *brief = parse_new();
	unsigned seed = 1;

	parse_wants(brief, nothing);
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		size_t len = strlen(lines[i]), wrong = 0;
		char room[512] = {0};

		for (unsigned n = 0; n < SPOILED; n++) {
			size_t left = len;

			memcpy(room, lines[i], len);
			for (unsigned times = n % 4; times > 0; times--)
				left = spoil(room, left, &seed);
			wrong += !is_same(&kit, brief, room, left);
		}
		is_number((int64_t)wrong, 0, lines[i]);
	}
	ok(!knows(brief, lines[0], FIELD_delay_queue), "delays are left out");
	ok(!knows(brief, lines[5], FIELD_server_ip), "our own address, too");
	parse_free(brief);
	kit_free(&kit);
	return tap_done();
}
