/* SPDX-License-Identifier: Apache-2.0
 *
 * The lines of postgrey, sqlgrey and milter-greylist, and those of policy servers that stand
 * under Postfix' name.
 */
#include "parse-kit.h"

#define CLIENT "client_name=mx.b.test, client_address=192.0.2.1"
#define ENVELOPE ", sender=a@b.test, recipient=c@d.test"
#define GREYLIST "event|kind=policy|ip=192.0.2.1|name=mx.b.test"
#define PASS GREYLIST "|sender=a@b.test|recipient=c@d.test|action=pass"

static const struct message_case lines[] = {
	{"action=greylist, reason=new, " CLIENT ENVELOPE,
	    GREYLIST "|sender=a@b.test|recipient=c@d.test|action=greylist|reason=greylist"
	    "|text=new"},
	{"action=greylist, reason=early-retry (173s missing), " CLIENT "/32" ENVELOPE,
	    GREYLIST "|sender=a@b.test|recipient=c@d.test|action=greylist|reason=greylist"
	    "|text=early-retry (173s missing)"},
	{"action=pass, reason=triplet found, delay=302, " CLIENT ENVELOPE,
	    PASS "|text=triplet found|seconds=302000000"},
	{"action=pass, reason=client AWL, " CLIENT ENVELOPE, PASS "|text=client AWL"},
	{"4F1D2A3B4C: action=pass, reason=client whitelist, " CLIENT ENVELOPE,
	    GREYLIST "|qid=4F1D2A3B4C|sender=a@b.test|recipient=c@d.test|action=pass"
	    "|text=client whitelist"},
	/* The null sender is left out. */
	{"action=greylist, reason=new, client_name=unknown, client_address=2001:db8::1/64, "
	 "recipient=c@d.test",
	    "event|kind=policy|ip=2001:db8::1|name=unknown|recipient=c@d.test"
	    "|action=greylist|reason=greylist|text=new"},
	{"cleaning up old logs...", "ignored"},
	{"cleaning main database finished. before: 1423, after: 1316", "ignored"},
	{"Process Backgrounded", "ignored"},
	{"2026/09/24-02:18:10 postgrey (type Net::Server::Multiplex) starting! pid(31)",
	    "ignored"},
	{"Binding to TCP port 10023 on host 127.0.0.1 with IPv4", "ignored"},
	{"action=pass, reason=x", "malformed"},
	{"action=pass, reason=x, client_name=mx.b.test, client_address=x", "malformed"},
	{"words nobody wrote", "unknown"},
};

/* A sender that looks like what follows it: which is the recipient nobody can tell. */
static const struct message_case forged[] = {
	{"action=greylist, reason=new, " CLIENT ", sender=x, recipient=y@d.test, "
	 "client_address=203.0.113.66, recipient=c@d.test",
	    GREYLIST "|action=greylist|reason=greylist|text=new"},
};

static const struct parse_case tags[] = {
	{"postfix/postgrey[7]", "action=pass, reason=client AWL, " CLIENT ENVELOPE,
	    PASS "|text=client AWL"},
	{"postfix/policyd-weight[7]", "decided action=550 Mail appeared to be SPAM",
	    "foreign"},
	/* Where a container writes its standard output between Postfix' lines. */
	{NULL, "action=pass, reason=client AWL, " CLIENT ENVELOPE, "ignored"},
	{NULL, "action=words", "malformed"},
};

#define SQLGREY "event|kind=policy|ip=192.0.2.1"

static const struct message_case sqlgrey[] = {
	{"grey: new: 192.0.2.1(192.0.2.1), a@b.test -> c@d.test",
	    SQLGREY "|sender=a@b.test|recipient=c@d.test|action=greylist|reason=greylist"
	    "|text=new"},
	{"grey: new: 192.0.2(192.0.2.1), -undef- -> c@d.test",
	    SQLGREY "|sender=|recipient=c@d.test|action=greylist|reason=greylist|text=new"},
	{"grey: reconnect ok: 192.0.2.1(192.0.2.1), a@b.test -> c@d.test (00:05:12)",
	    SQLGREY "|sender=a@b.test|recipient=c@d.test|action=pass|text=reconnect ok"
	    "|seconds=312000000"},
	{"grey: reconnect ok: 192.0.2.1(192.0.2.1), a@b.test -> c@d.test (00:05:1x)",
	    SQLGREY "|sender=a@b.test|recipient=c@d.test (00:05:1x)|action=pass"
	    "|text=reconnect ok"},
	{"grey: domain awl: 192.0.2.1, b.test added", "ignored"},
	{"grey: new: 192.0.2.1(x), a -> b", "malformed"},
	{"grey: new: ", "malformed"},
	{"grey: words nobody wrote", "unknown"},
	{"words nobody wrote", "unknown"},
};

static const struct message_case sqlgrey_forged[] = {
	{"grey: new: 192.0.2.1(192.0.2.1), x -> y(203.0.113.66), z -> c@d.test",
	    SQLGREY "|action=greylist|reason=greylist|text=new"},
};

#define MILTER "event|kind=policy|ip=192.0.2.1|name=mx.b.test|qid=4F1D2A3B4C"

static const struct message_case milter[] = {
	{"4F1D2A3B4C: addr mx.b.test[192.0.2.1] from <a@b.test> to <c@d.test> delayed for "
	 "00:05:00 (ACL 112)",
	    MILTER "|sender=a@b.test|recipient=c@d.test|action=greylist|reason=greylist"
	    "|text=for 00:05:00 (ACL 112)"},
	{"4F1D2A3B4C: addr mx.b.test[192.0.2.1] from <> to <c@d.test>: autowhitelisted for "
	 "another 24:00:00",
	    MILTER "|sender=|recipient=c@d.test|action=pass|text=another 24:00:00"},
	{"4F1D2A3B4C: addr 192.0.2.1 from <a@b.test> rcpt <c@d.test>: autowhitelisted for "
	 "another 24:00:00",
	    "event|kind=policy|ip=192.0.2.1|qid=4F1D2A3B4C|sender=a@b.test|recipient=c@d.test"
	    "|action=pass|text=another 24:00:00"},
	{"(unknown id): addr [192.0.2.1][192.0.2.1] from <a@b.test> to <c@d.test> delayed for "
	 "00:05:00",
	    "event|kind=policy|ip=192.0.2.1|sender=a@b.test|recipient=c@d.test"
	    "|action=greylist|reason=greylist|text=for 00:05:00"},
	{"4F1D2A3B4C: addr mx.b.test from <a@b.test>", "malformed"},
	{"4F1D2A3B4C: addr mx.b.test[192.0.2.1] from <a@b.test> to <c@d.test> words",
	    "malformed"},
	{"Final database dump: no change to dump", "ignored"},
	{"4F1D2A3B4C: words nobody wrote", "unknown"},
};

static const struct message_case milter_forged[] = {
	/* A name that no DNS gives Postfix, but maybe who hands it to the milter. */
	{"4F1D2A3B4C: addr 203.0.113.66 from <x> to <y> delayed for 1[192.0.2.1] from "
	 "<a@b.test> to <c@d.test> delayed for 00:05:00",
	    "malformed"},
	{"4F1D2A3B4C: addr mx.b.test[192.0.2.1] from <\"[203.0.113.66] from <x> to <y> "
	 "delayed for \"@b.test> to <c@d.test> delayed for 00:05:00",
	    MILTER "|sender=\"[203.0.113.66] from <x> to <y> delayed for \"@b.test"
	    "|recipient=c@d.test|action=greylist|reason=greylist|text=for 00:05:00"},
};

int
main(void)
{
	struct parse_kit kit = kit_new();

	KIT_MESSAGES(&kit, "postgrey[7]", lines);
	KIT_DECEPTIVE(&kit, "postgrey[7]", forged);
	KIT_MESSAGES(&kit, "sqlgrey", sqlgrey);
	KIT_DECEPTIVE(&kit, "sqlgrey", sqlgrey_forged);
	KIT_MESSAGES(&kit, "milter-greylist", milter);
	KIT_DECEPTIVE(&kit, "milter-greylist", milter_forged);
	kit_run(&kit, tags, sizeof(tags) / sizeof(*tags));
	kit_free(&kit);
	return tap_done();
}
