/* SPDX-License-Identifier: Apache-2.0
 *
 * spampd's lines.
 */
#include "parse-kit.h"

static const struct message_case cases[] = {
	{"clean message <id@a.test> (0.01/5.00) from <s@a.test> for <r@b.test> in 0.24s, "
	 "7625 bytes.",
	 "event|kind=spam_verdict|sender=s@a.test|recipient=r@b.test|size=7625"
	 "|msgid=<id@a.test>|verdict=clean|score=10|seconds=240000"},
	{"identified spam <id@a.test> (18.41/4.00) from <s@a.test> for <r@b.test> "
	 "<q@b.test> ORCPT=rfc822;q@b.test in 3.07s, 11524 bytes.",
	 "event|kind=spam_verdict|sender=s@a.test|recipient=r@b.test|size=11524"
	 "|msgid=<id@a.test>|verdict=spam|score=18410|seconds=3070000"},
	{"identified spam (unknown) (18/4) from <> for <r@b.test> in 3s, 1 bytes, with "
	 "rules A",
	 "event|kind=spam_verdict|sender=|recipient=r@b.test|size=1|verdict=spam|score=18000"
	 "|seconds=3000000"},
	{"clean message <id@a.test> (-1.9/5.00) from <s@a.test> for <r@b.test>",
	 "event|kind=spam_verdict|sender=s@a.test|recipient=r@b.test|msgid=<id@a.test>"
	 "|verdict=clean|score=-1900"},
	/* Which score is spampd's? */
	{"identified spam <id@a.test> (-9/5.00) from <x@a.test> for <y@b.test> in 1.00s, "
	 "1 bytes.> (18.41/4.00) from <s@a.test> for <r@b.test> in 3.07s, 11524 bytes.",
	 "event|kind=spam_verdict|size=11524|verdict=spam|seconds=3070000"},
	{"clean message <a b@a.test> (0.01/5.00) from <s@a.test> for <r@b.test> in 0.24s, "
	 "7625 bytes.",
	 "event|kind=spam_verdict|sender=s@a.test|recipient=r@b.test|size=7625"
	 "|msgid=<a b@a.test>|verdict=clean|score=10|seconds=240000"},
	{"clean message", "foreign"},
	{"processing message <id@a.test> for <r@b.test>", "ignored"},
	{"skipped large message (512KB)", "ignored"},
	{"WARNING!! Error in process_request eval block: /usr/sbin/spampd: socket connect "
	 "failure: 111",
	 "event|kind=operational|text=WARNING!! Error in process_request eval block: "
	 "/usr/sbin/spampd: socket connect failure: 111"},
	{"Initiated Server", "foreign"},
};

int
main(void)
{
	struct parse_kit kit = kit_new();

	KIT_MESSAGES(&kit, "spampd[7]", cases);
	kit_free(&kit);
	return tap_done();
}
