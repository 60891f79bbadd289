/* SPDX-License-Identifier: Apache-2.0
 *
 * Failed logins to SOGo's page, of which the IMAP server hears nothing: SOGo asks its own
 * database or directory.
 *
 *   sogod [26818]: SOGoRootPage Login from '192.0.2.1' for user 'joe' might not have worked -
 *     password policy: 65535  grace: -1  expire: -1  bound: 0
 *   sogod [26818]: SOGoRootPage Login for user 'joe' might not have worked - ... bound: 1
 *   sogod [26818]: SOGoRootPage Invalid TOTP key for 'joe'
 *
 * The second is an old version's; "bound: 1" is a right password that has to be changed first.
 *
 * No client is told, and no success: SOGo writes the name as it came, line breaks too, so that
 * all of a line may be a client's words. As it is, they tell no more than what everybody can
 * do: fail with that name. And the address is X-Forwarded-For, whose front is his. In SOGo's
 * own file such a line may be any other program's, too: postern.conf(5) warns of that.
 */
#include "parse/room.h"

/* "SOGoRootPage ", "<0x55d0c8[SOGoRootPage]> ": who says it */
static bool
skip_page(struct str *s)
{
	struct str rest = *s;

	if (str_skip(s, STR("SOGoRootPage ")))
		return true;
	if (!str_skip_char(&rest, '<'))
		return false;
	while (rest.len && char_is_alnum(*rest.p))
		rest = str_from(rest, 1);
	if (!str_skip(&rest, STR("[SOGoRootPage]> ")))
		return false;
	*s = rest;
	return true;
}

/* "from '192.0.2.1' for user 'joe' might not have worked - ...", "for user 'joe' ..." */
static void
take_user(struct str s, struct event *ev)
{
	static const struct str mark = STR("for user '");
	static const struct str end = STR("' might not have worked");
	size_t at = str_find(s, mark), last = str_find_last(s, end);

	if (at < s.len && at == str_find_last(s, mark) && last > at + mark.len && last < s.len)
		EVENT_TEXT(ev, user, str_range(s.p + at + mark.len, s.p + last));
}

/* What syslog has of one that writes to its standard output: without "STAMP sogod [63]: ". */
static struct str
without_stamp(struct str s)
{
	struct str rest = s;
	struct stamp stamp;
	int64_t pid;

	return stamp_read(&rest, &stamp) != STAMP_NONE && str_skip(&rest, STR(" sogod [")) &&
	    str_skip_number(&rest, &pid) && str_skip(&rest, STR("]: ")) ? rest : s;
}

static enum parse_result
sogo_read(struct str message, struct event *ev)
{
	struct str s = message = without_stamp(message);
	size_t end;

	if (!skip_page(&s))
		return PARSE_UNKNOWN;
	if (str_skip(&s, STR("Login ")) &&
	    (str_starts(s, STR("from '")) || str_starts(s, STR("for user '")))) {
		take_user(s, ev);
		if (str_ends(s, STR("  bound: 1")))
			EVENT_SET(ev, reason, REASON_access);
	} else if (str_skip(&s, STR("Invalid TOTP key for '"))) {
		end = str_find_last(s, STR("'"));
		if (end > 0 && end < s.len)
			EVENT_TEXT(ev, user, str_head(s, end));
	} else {
		return PARSE_UNKNOWN;
	}
	EVENT_SET(ev, kind, KIND_auth_failure);
	EVENT_TEXT(ev, text, message);
	return PARSE_EVENT;
}

static const char *const tags[] = {"sogod", "sogo", NULL};

const struct parser parser_sogo = {
	.name = "sogo",
	.tags = tags,
	.read = sogo_read,
	.foreign = true,
};
