/* SPDX-License-Identifier: Apache-2.0
 *
 * clamav-milter's lines.
 */
#include "parse-kit.h"

static const struct message_case cases[] = {
	{"Clean message from <s@a.test> to <r@b.test>", "ignored"},
	{"Message from <s@a.test> to <r@b.test> infected by Eicar-Signature",
	 "event|kind=spam_verdict|sender=s@a.test|recipient=r@b.test|text=Eicar-Signature"
	 "|verdict=infected"},
	{"Message 4F1D2A3B4C from <> to <r@b.test> with subject 'x infected by nothing' "
	 "message-id '<id@a.test>' date 'x' infected by Win.Test.EICAR_HDB-1",
	 "event|kind=spam_verdict|qid=4F1D2A3B4C|sender=|recipient=r@b.test"
	 "|text=Win.Test.EICAR_HDB-1|verdict=infected"},
	{"No reply from clamd", "event|kind=operational|text=No reply from clamd"},
	{"No clamd server appears to be available, trying again in 5 minutes.",
	 "event|kind=operational|text=No clamd server appears to be available, trying again in"
	 " 5 minutes."},
	{"ERROR: Failed to initiate streaming/fdpassing",
	 "event|kind=operational|text=Failed to initiate streaming/fdpassing|severity=error"},
	{"WARNING: No sockets are alive. Probe forced...",
	 "event|kind=operational|text=No sockets are alive. Probe forced...|severity=warning"},
	{"Message from <s@a.test", "foreign"},
	{"ClamAV: Probe for slot 1 returned: success", "foreign"},
};

int
main(void)
{
	struct parse_kit kit = kit_new();

	KIT_MESSAGES(&kit, "clamav-milter[7]", cases);
	kit_free(&kit);
	return tap_done();
}
