/* SPDX-License-Identifier: Apache-2.0
 *
 * Lines of Postfix and what stands beside it as they are met in bug reports and tutorials,
 * of old versions, rare settings and other networks than the usual.
 */
#include "parse-kit.h"

static const struct parse_case cases[] = {
	/* A link's own addresses name it: local, as a socket is. */
	{"postfix/smtpd[7]",
		"connect from unknown[fe80::1%eth0]",
		"event|kind=connect|name=unknown"},
	{"postfix/smtpd[7]",
		"disconnect from pc.lan[fe80::a800:86ff:fee2:21a1%bge0] ehlo=1 quit=1 "
		"commands=2",
		"event|kind=disconnect|name=pc.lan|commands=ehlo=1 quit=1 commands=2"},
	{"postfix/smtpd[7]",
		"NOQUEUE: reject: RCPT from unknown[fe80::1%en0.5]: 454 4.7.1 <c@d.test>: "
		"Relay access denied; from=<a@b.test> to=<c@d.test> proto=ESMTP helo=<x>",
		"event|kind=policy|name=unknown|sender=a@b.test|recipient=c@d.test|helo=x"
		"|proto=ESMTP|action=reject|stage=RCPT|code=454|dsn=4.7.1"
		"|reason=relay_denied|text=<c@d.test>: Relay access denied"},
	{"postfix/postscreen[7]",
		"CONNECT from [fe80::1%eth0]:4711 to [2001:db8::1]:25",
		"event|kind=ps_connect|port=4711|server_ip=2001:db8::1|server_port=25"},
	{"postfix/smtpd[7]", "connect from unknown[fe80::1%]", "malformed"},
	{"postfix/smtpd[7]", "connect from unknown[fe80::1%a b]", "malformed"},
	{"postfix/smtpd[7]", "connect from unknown[192.0.2.1%eth0]", "malformed"},
};

int
main(void)
{
	struct parse_kit kit = kit_new();

	kit_run(&kit, cases, sizeof(cases) / sizeof(*cases));
	kit_run_cut(&kit, cases, sizeof(cases) / sizeof(*cases), KIT_FORGED);
	kit_free(&kit);
	return tap_done();
}
