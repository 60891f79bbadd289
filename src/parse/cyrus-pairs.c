/* SPDX-License-Identifier: Apache-2.0
 *
 * Cyrus' logins as pairs of key and value, from 3.13 on (loginlog.c there):
 *
 *   event=login.bad r.clienthost="mx.b.test [192.0.2.1]" u.username=joe login.mech=plaintext
 *     error="SASL(-13): authentication failure: checkpass failed"
 *   event=login.good session_id=... r.clienthost="[192.0.2.1]" u.username=joe login.mech=PLAIN
 *     login.tls=1
 *
 * A value with a space or a quote in it stands in quotes, where a backslash escapes: no
 * client's words look like another pair.
 */
#include "parse/cyrus.h"

/* What stands for a value that there is none of. */
static const struct str null = STR("~null~");

static void
take_client(struct event *ev, struct str value)
{
	cyrus_client(&value, ev);
}

static void
take_user(struct event *ev, struct str value)
{
	EVENT_TEXT(ev, user, value);
}

static void
take_mechanism(struct event *ev, struct str value)
{
	EVENT_TEXT(ev, mechanism, value);
}

static void
take_session(struct event *ev, struct str value)
{
	EVENT_TEXT(ev, session, value);
}

/* Of the field the first counts. */
static const struct {
	struct str key;
	uint8_t field; /* enum field */
	void (*take)(struct event *ev, struct str value);
} pairs[] = {
	{STR("r.clienthost"), FIELD_ip, take_client},
	{STR("u.username"), FIELD_user, take_user},
	{STR("login.mech"), FIELD_mechanism, take_mechanism},
	{STR("login.scheme"), FIELD_mechanism, take_mechanism},
	{STR("session_id"), FIELD_session, take_session},
	{STR("sessionid"), FIELD_session, take_session},
	{STR("error"), FIELD_text, cyrus_error},
};

/* Up to the next space, or inside quotes. False: it is cut off. */
static bool
take_value(struct str *s, struct str *ret)
{
	size_t n = 0;

	if (!str_skip_char(s, '"')) {
		*ret = str_cut(s, ' ');
		return true;
	}
	while (n < s->len && s->p[n] != '"')
		n += s->p[n] == '\\' ? 2 : 1;
	if (n >= s->len)
		return false;
	*ret = str_head(*s, n);
	*s = str_from(*s, n + 1);
	str_skip_char(s, ' ');
	return true;
}

static void
take_pair(struct event *ev, struct str key, struct str value)
{
	if (value.len == 0 || str_eq(value, null))
		return;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		if (!str_eq(key, pairs[i].key))
			continue;
		if (!event_knows(ev, (enum field)pairs[i].field))
			pairs[i].take(ev, value);
		return;
	}
}

enum parse_result
cyrus_pairs(struct str s, struct event *ev)
{
	struct str name = str_cut(&s, ' '), key, value;

	if (str_eq(name, STR("login.bad")))
		EVENT_SET(ev, kind, KIND_auth_failure);
	else if (str_eq(name, STR("login.good")))
		EVENT_SET(ev, kind, KIND_auth_success);
	else
		return PARSE_IGNORED;
	while (s.len) {
		key = str_cut(&s, '=');
		if (!take_value(&s, &value)) {
			EVENT_SET(ev, truncated, true);
			break;
		}
		take_pair(ev, key, value);
	}
	return PARSE_EVENT;
}
