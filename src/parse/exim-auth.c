/* SPDX-License-Identifier: Apache-2.0
 *
 * Logins that failed. The name before it is the administrator's for the mechanism;
 * since 4.99 "H=" stands before the client:
 *
 *   plain_server authenticator failed for (pc) [192.0.2.1]:4711:
 *     535 Incorrect authentication data (set_id=joe)
 *   dovecot_login authenticator failed for H=(pc) [192.0.2.1] I=[192.0.2.9]:465:
 *     535 Incorrect authentication data
 *   login_server authenticator failed for [192.0.2.1]:
 *     435 Unable to authenticate at present (set_id=joe): cannot connect to ...
 *   plain_server authenticator failed for [192.0.2.1]: 501 Authentication cancelled
 *
 * and that of ours, where we deliver to:
 *   plain_client authenticator failed H=mx.d.test [192.0.2.7] 535 no
 *   plain_client authenticator cancelled authentication H=mx.d.test [192.0.2.7] why
 *
 * The user is the client's own text. It ends the line (535), or our own side's
 * trouble stands behind it (435).
 */
#include "parse/exim.h"

#include "parse/postfix.h"

#define AUTHENTICATOR_MAX 64

/* Takes " (set_id=USER)" off *S, which goes on behind it. */
static void
take_user(struct str *s, bool ours, struct event *ev)
{
	struct str user = *s;

	if (!str_skip(&user, STR(" (set_id=")))
		return;
	*s = (struct str){NULL, 0};
	if (ours && str_find(user, STR("): ")) < user.len) {
		*s = str_from(user, str_find(user, STR("): ")) + 1);
		user = str_head(user, str_find(user, STR("): ")));
	} else if (user.len && user.p[user.len - 1] == ')') {
		user.len--;
	} else {
		EVENT_SET(ev, truncated, true);
	}
	if (user.len)
		EVENT_TEXT(ev, user, user);
}

/* ": 535 Incorrect authentication data (set_id=joe)" */
static enum parse_result
take_failure(struct str s, struct event *ev)
{
	struct str text;
	bool ours;

	if (!str_skip(&s, STR(": ")))
		return PARSE_MALFORMED;
	postfix_reply(&s, ev);
	if (!event_knows(ev, FIELD_code))
		return PARSE_MALFORMED;
	ours = ev->code / 100 == 4;
	text = str_head(s, str_find(s, STR(" (set_id=")));
	s = str_from(s, text.len);
	take_user(&s, ours, ev);
	if (ours && str_skip(&s, STR(": ")))
		text = s;
	EVENT_TEXT(ev, text, text);
	EVENT_SET(ev, kind, ours ? KIND_auth_error :
	    ev->code == 501 && str_starts(text, STR("Authentication cancelled")) ?
	    KIND_auth_abort : KIND_auth_failure);
	return PARSE_EVENT;
}

/* "mx.d.test [192.0.2.7]:587 535 no" */
static enum parse_result
refused_us(struct str s, struct event *ev)
{
	if (!exim_relay(&s, ev))
		return PARSE_MALFORMED;
	EVENT_SET(ev, kind, KIND_remote_note);
	EVENT_TEXT(ev, text, str_trim(s));
	return PARSE_EVENT;
}

enum parse_result
exim_auth(struct str message, struct event *ev)
{
	struct str head = str_head(message, AUTHENTICATOR_MAX);
	struct str name = str_cut(&head, ' '), s = str_from(message, name.len);

	while (str_skip_char(&s, ' ') || str_skip_char(&s, '\t'))
		;
	if (name.len == 0)
		return PARSE_UNKNOWN;
	if (str_skip(&s, STR("authenticator cancelled authentication H=")))
		return refused_us(s, ev);
	if (!str_skip(&s, STR("authenticator failed ")))
		return PARSE_UNKNOWN;
	if (str_skip(&s, STR("H=")))
		return refused_us(s, ev);
	if (!str_skip(&s, STR("for ")))
		return PARSE_UNKNOWN;
	EVENT_TEXT(ev, mechanism, name);
	str_skip(&s, STR("H="));
	if (exim_host_hides(s)) { /* a HELO that ends like a client, or a user who begins so */
		struct exim_host host;
		struct str rest = s;

		if (exim_host(&rest, &host))
			exim_set_client(&host, ev);
		EVENT_SET(ev, kind, KIND_auth_failure);
		EVENT_TEXT(ev, text, s);
		return PARSE_EVENT;
	}
	if (!exim_client(&s, ev))
		return PARSE_MALFORMED;
	return take_failure(s, ev);
}
