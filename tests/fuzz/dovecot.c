/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a line of Dovecot, Cyrus, Courier, Roundcube, saslauthd, vpopmail or PAM; the
 * first byte picks the tag, or a file of Dovecot's own. Every text lies in the line, every
 * address is one, and a password is in no text but the user's, who may look like one.
 */
#include "base/mem.h"
#include "parse/parse.h"
#include "demand.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct str heads[] = {
	STR("Nov  5 09:08:07 mx dovecot: "), STR("Nov  5 09:08:07 mx dovecot: auth: "),
	STR("Nov  5 09:08:07 mx dovecot: imap-login: "), STR("2026-11-05 09:08:07 "),
	STR("Nov  5 09:08:07 "), STR("Nov  5 09:08:07 mx cyrus/imap[7]: "),
	STR("Nov  5 09:08:07 mx saslauthd[7]: "), STR("Nov  5 09:08:07 mx auth: "),
	STR("Nov  5 09:08:07 mx vpopmail[7]: vchkpw-smtp: "),
	STR("Nov  5 09:08:07 mx roundcube: <x> "),
	STR("Nov  5 09:08:07 mx courieresmtpd[7]: "), STR("Nov  5 09:08:07 mx imapd-ssl: "),
};

static void
check_text(const struct event *ev, enum field field)
{
	struct text text = *event_text_member(ev, field);
	struct str s = event_str(ev, text);
	struct ip ip;

	demand((size_t)text.off + text.len <= ev->line_len);
	if (event_fields[field].type == TYPE_IP)
		demand(ip_parse(s, &ip));
	if (field == FIELD_text && str_eq(event_word(ev, ev->daemon), STR("dovecot")))
		demand(str_find(s, STR("given password: ")) == s.len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct parse *parse;
	struct event ev;
	struct stamp stamp;
	struct str head;
	char *line;

	if (size == 0 || size > EVENT_LINE_MAX - 64)
		return 0;
	head = heads[data[0] % (sizeof(heads) / sizeof(*heads))];
	line = xmalloc(head.len + size - 1 + PARSE_PADDING);
	memcpy(line, head.p, head.len);
	memcpy(line + head.len, data + 1, size - 1);
	memset(line + head.len + size - 1, ']', PARSE_PADDING);
	memset(&ev, 0x5a, sizeof(ev));
	parse = parse_new();
	if (parse_line(parse, (struct str){line, head.len + size - 1}, &ev, &stamp) ==
	    PARSE_EVENT) {
		demand(event_knows(&ev, FIELD_kind) || ev.kind == KIND_repeat);
		for (unsigned i = 0; i < FIELDS; i++)
			if (event_knows(&ev, (enum field)i) && event_fields[i].type <= TYPE_IP)
				check_text(&ev, (enum field)i);
	}
	parse_free(parse);
	free(line);
	return 0;
}
