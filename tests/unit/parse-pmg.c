/* SPDX-License-Identifier: Apache-2.0
 *
 * Lines of Proxmox Mail Gateway's filter.
 */
#include "parse-kit.h"

static const struct message_case cases[] = {
	{"2C225C6817C7EEE1481: SA score=0/5 time=2.975 bayes=undefined autolearn=no "
	 "hits=DKIM_INVALID(0.1),DKIM_SIGNED(0.1)",
	 "event|kind=spam_verdict|text=DKIM_INVALID(0.1),DKIM_SIGNED(0.1)|verdict=clean"
	 "|score=0|seconds=2975000"},
	{"2C225C6817C7EEE1481: SA score=18/5 time=0.500 bayes=0.99 hits=",
	 "event|kind=spam_verdict|verdict=spam|score=18000|seconds=500000"},
	{"2C225C6817C7EEE1481: SA score=-2/5",
	 "event|kind=spam_verdict|verdict=clean|score=-2000"},
	{"2C225C6817C7EEE1481: virus detected: Eicar-Signature (clamav)",
	 "event|kind=spam_verdict|text=Eicar-Signature (clamav)|verdict=infected"},
	{"2C225C6817C7EEE1481: SA score=x/5", "malformed"},
	/* What the rules made of it is the rules' affair; the Message-ID is the sender's. */
	{"2C225C6817C7EEE1481: block mail to <r@b.test> (rule: Block Viruses)", "ignored"},
	{"2C225C6817C7EEE1481: moved mail for <r@b.test> to spam quarantine - B2B2B2B202 "
	 "(rule: Quarantine/Mark Spam (Level 3))", "ignored"},
	{"2C225C6817C7EEE1481: accept mail to <r@b.test> (B2B2B2B203) (rule: default-accept)",
	 "ignored"},
	{"2C225C6817C7EEE1481: new mail message-id=<SA score=99/5>#012", "ignored"},
	{"2C225C6817C7EEE1481: processing time: 3.2 seconds (2.975, 0.1, 0)", "ignored"},
	{"new mail: SA score=99/5", "foreign"},
	{"starting database maintainance", "foreign"},
};

int
main(void)
{
	struct parse_kit kit = kit_new();

	KIT_MESSAGES(&kit, "pmg-smtp-filter[7]", cases);
	kit_free(&kit);
	return tap_done();
}
