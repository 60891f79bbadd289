/* SPDX-License-Identifier: Apache-2.0
 *
 * parse: behind a line no more than PARSE_PADDING bytes are read, and they say nothing.
 * AddressSanitizer tells of more.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "parse/parse.h"
#include "tap.h"

/* What LINE, with bytes FILL behind it, comes to. */
static enum parse_result
read_filled(struct parse *parse, struct str line, char fill)
{
	char *text = xmalloc(line.len + PARSE_PADDING);
	enum parse_result result;
	struct stamp stamp;
	struct event ev;

	memcpy(text, line.p, line.len);
	memset(text + line.len, fill, PARSE_PADDING);
	result = parse_line(parse, (struct str){text, line.len}, &ev, &stamp);
	free(text);
	return result;
}

int
main(void)
{
	static const char fills[] = "a9.:]> \n";
	static const struct str lines[] = {
	    STR("Nov 20 11:49:08 h postfix/postscreen[7]: CONNECT from [192.0.2.1]:47 to [x]"),
	    STR("Nov 20 11:49:08 h postfix/smtpd[7]: 4F1D2A3B4C: client=a.test[192.0.2.1]"),
	    STR("Nov 20 11:49:08 h postfix/smtpd[7]: NOQUEUE: reject: RCPT from a[192.0.2.1]"),
	    STR("Nov 20 11:49:08 h postfix/smtp[7]: 4F1D2A3B4C: to=<a@b.test>, relay=none, "
		"delays=0.1/0/0/1, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 4F1D)"),
	    STR("Nov 20 11:49:08 h dovecot: imap-login: Login: user=<a>, rip=192.0.2.1")};
	struct parse *parse = parse_new();

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		size_t wrong = 0;

		for (size_t len = 0; len <= lines[i].len; len++) {
			struct str line = str_head(lines[i], len);
			enum parse_result result = read_filled(parse, line, '\0');

			for (const char *fill = fills; *fill; fill++)
				wrong += read_filled(parse, line, *fill) != result;
		}
		is_number((int64_t)wrong, 0, lines[i].p);
	}
	parse_free(parse);
	return tap_done();
}
