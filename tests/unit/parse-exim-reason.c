/* SPDX-License-Identifier: Apache-2.0
 *
 * Why Exim refused, in the words of the ACLs that control panels and distributions bring.
 */
#include "parse-kit.h"

static const struct {
	const char *why, *expected; /* the reason, and the list if one is named */
} reasons[] = {
	/* Hestia, Vesta */
	{"Helo name contains an IP address (HELO was 192.0.2.1) and is not valid", "helo"},
	{"HELO required before MAIL", "helo"},
	{"Rejected because 192.0.2.1 is in a black list at bl.test", "dnsbl|list=bl.test"},
	/* DirectAdmin */
	{"Forged HELO", "helo"},
	{"Bad HELO - Host impersonating [h.test]", "helo"},
	{"Email blocked by bl.test", "dnsbl|list=bl.test"},
	{"Email blocked by SPAMHAUS - to unblock see http://www.h.test/", "dnsbl"},
	{"authentication required", "relay_denied"},
	/* cPanel */
	{"The mail server could not deliver mail to c@d.test.  The account or domain may not "
	 "exist, they may be blacklisted, or missing the proper dns entries.", "unknown_user"},
	{"Mailbox is full / Blocks limit exceeded / Inode limit exceeded", "quota"},
	{"\"JunkMail rejected - mx.b.test [192.0.2.1]:33 is in an RBL: https://bl.test/x\"",
	    "dnsbl"},
	/* Debian, vexim and administrators' */
	{"Access denied - Invalid HELO name (See RFC2821 4.1.3)", "helo"},
	{"[SPF] 192.0.2.1 is not allowed to send mail from b.test.", "spf"},
	{"192.0.2.1 is not allowed to send mail from b.test", "spf"},
	{"No such recipient here", "unknown_user"},
	{"invalid recipient", "unknown_user"},
	{"greylisted host 192.0.2.1", "greylist"},
	{"Deferred: Greylisted", "access"},
	{"no pills", "access"},
};

int
main(void)
{
	struct parse_kit kit = kit_new();

	for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++) {
		char *text = xasprintf("H=[192.0.2.1] F=<a@b.test> rejected RCPT <c@d.test>: "
		    "%s", reasons[i].why);
		char *expected = xasprintf("event|kind=policy|ip=192.0.2.1|sender=a@b.test"
		    "|recipient=c@d.test|action=reject|stage=RCPT|reason=%s|text=%s",
		    reasons[i].expected, reasons[i].why);
		const char *said = kit_say(&kit, "exim[7]", text, SIZE_MAX);

		is_text(said, strlen(said), expected, reasons[i].why);
		free(expected);
		free(text);
	}
	kit_free(&kit);
	return tap_done();
}
