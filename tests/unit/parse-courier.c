/* SPDX-License-Identifier: Apache-2.0
 *
 * The lines of Courier's IMAP and POP3 servers, and what of them stands under Cyrus' tags.
 */
#include "parse-kit.h"

#define FAILED "event|kind=auth_failure|ip=::ffff:192.0.2.1"
#define LOGGED_IN "event|kind=auth_success|ip=::ffff:192.0.2.1"

static const struct message_case lines[] = {
	{"LOGIN FAILED, user=joe@h.test, ip=[::ffff:192.0.2.1]", FAILED "|user=joe@h.test"},
	{"LOGIN FAILED, user=joe, ip=[2001:db8::1], port=[4711]",
	    "event|kind=auth_failure|ip=2001:db8::1|port=4711|user=joe"},
	{"LOGIN FAILED, method=PLAIN, ip=[::ffff:192.0.2.1]", FAILED "|mechanism=PLAIN"},
	{"LOGIN FAILED, user=, ip=[::ffff:192.0.2.1]", FAILED},
	{"LOGIN FAILED, ip=[::ffff:192.0.2.1]", FAILED},
	{"LOGIN, user=joe@h.test, ip=[::ffff:192.0.2.1]", LOGGED_IN "|user=joe@h.test"},
	{"LOGIN, user=joe@h.test, ip=[::ffff:192.0.2.1], protocol=IMAP",
	    LOGGED_IN "|user=joe@h.test|proto=IMAP"},
	{"LOGIN, user=joe@h.test, ip=[::ffff:192.0.2.1], port=[4711], protocol=POP3, stls=1",
	    "event|kind=auth_success|ip=::ffff:192.0.2.1|port=4711|user=joe@h.test"
	    "|proto=POP3"},
	{"INFO: LOGIN FAILED, user=joe, ip=[::ffff:192.0.2.1]", FAILED "|user=joe"},
	{"IMAP connect from @ [::ffff:192.0.2.1]INFO: LOGIN, user=joe, ip=[::ffff:192.0.2.1]",
	    LOGGED_IN "|user=joe"},
	{"IMAP connect from @ [::ffff:192.0.2.1]ERR: LOGIN FAILED, ip=[::ffff:192.0.2.1]",
	    FAILED},
	{"Maximum connection limit reached for ::ffff:192.0.2.1",
	    "event|kind=rate_limit|ip=::ffff:192.0.2.1|reason=rate|text=Maximum connection "
	    "limit reached for ::ffff:192.0.2.1"},
	{"ip=[::ffff:192.0.2.1], couriertls: accept: error:1408F10B:x",
	    "event|kind=tls_failure|ip=::ffff:192.0.2.1|text=accept: error:1408F10B:x"},
	{"couriertls: accept: error:1408F10B:x",
	    "event|kind=tls_failure|text=couriertls: accept: error:1408F10B:x"},
	{"authentication error: Input/output error",
	    "event|kind=auth_error|text=authentication error: Input/output error"},
	{"Connection, ip=[::ffff:192.0.2.1], port=[4711]", "ignored"},
	{"Disconnected, ip=[::ffff:192.0.2.1], time=0, starttls=1", "ignored"},
	{"LOGOUT, user=joe, ip=[::ffff:192.0.2.1], headers=0, body=0, rcvd=104, sent=342, "
	 "time=3", "ignored"},
	{"LOGOUT, ip=[::ffff:192.0.2.1], rcvd=12, sent=34", "ignored"},
	{"DISCONNECTED, user=joe, ip=[::ffff:192.0.2.1], headers=0", "ignored"},
	{"TIMEOUT, user=joe, ip=[::ffff:192.0.2.1], headers=0", "ignored"},
	{"Unexpected SSL connection shutdown.", "ignored"},
	{"LOGIN FAILED, user=joe", "malformed"},
	{"LOGIN FAILED, user=joe, ip=[mx.b.test]", "malformed"},
	{"LOGIN FAILED, user=joe, ip=[192.0.2.1] x", "malformed"},
	{"LOGIN FAILED, joe", "malformed"},
	{"Maximum connection limit reached for everybody", "malformed"},
	{"words nobody wrote", "unknown"},
};

/* What a client makes of it. Cut, they deceive: but no line is cut that is so short. */
static const struct message_case forged[] = {
	{"LOGIN FAILED, user=x, ip=[203.0.113.66], ip=[::ffff:192.0.2.1]",
	    FAILED "|user=x, ip=[203.0.113.66]"},
	{"LOGIN FAILED, method=X, ip=[203.0.113.66], port=[1], ip=[::ffff:192.0.2.1]",
	    FAILED "|mechanism=X, ip=[203.0.113.66], port=[1]"},
};

static const struct parse_case tags[] = {
	{"imapd", "LOGIN FAILED, user=joe, ip=[::ffff:192.0.2.1]", FAILED "|user=joe"},
	{"pop3d[7]", "LOGIN FAILED, user=joe, ip=[::ffff:192.0.2.1]", FAILED "|user=joe"},
	{"pop3d", "Disconnected, ip=[::ffff:192.0.2.1]", "ignored"},
	{"courier-imapd", "LOGIN FAILED, user=joe, ip=[::ffff:192.0.2.1]",
	    FAILED "|user=joe"},
	{"courierpop3login", "LOGIN FAILED, user=joe, ip=[::ffff:192.0.2.1]",
	    FAILED "|user=joe"},
};

/* Of a line that may have lost its end nobody is told, whatever ends it. */
static void
cut(struct parse_kit *kit)
{
	static const char end[] = ", ip=[203.0.113.66]";
	char line[600] = "LOGIN FAILED, user=";
	const char *said;

	memset(line + strlen(line), 'x', 520);
	memcpy(line + 520, end, sizeof(end));
	said = kit_say(kit, "imapd-ssl", line, SIZE_MAX);
	is_text(said, strlen(said), "event|kind=auth_failure|truncated=1",
	    "nobody is told of a line that was cut");
}

int
main(void)
{
	struct parse_kit kit = kit_new();

	KIT_MESSAGES(&kit, "imapd-ssl", lines);
	KIT_DECEPTIVE(&kit, "imapd-ssl", forged);
	kit_run(&kit, tags, sizeof(tags) / sizeof(*tags));
	cut(&kit);
	kit_free(&kit);
	return tap_done();
}
